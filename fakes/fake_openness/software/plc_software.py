"""PlcSoftware: the program of one PLC, from its blocks to its watch tables.

Facts: docs/facts/openness-program.md#plc-software; docs/facts/tia-rules.md#names,
docs/facts/tia-rules.md#default-names.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from fake_dotnet.system import require_type
from fake_openness.blocks import block_import
from fake_openness.blocks.block_groups import PlcBlockSystemGroup
from fake_openness.blocks.plc_types import PlcTypeSystemGroup
from fake_openness.blocks.sources import PlcExternalSourceSystemGroup
from fake_openness.compiler import compile_run
from fake_openness.compiler.program_view import _ProgramView
from fake_openness.core.compile_messages import CompilerResult, _Finding
from fake_openness.core.compiling import ICompilable
from fake_openness.core.objects import EngineeringObject
from fake_openness.hardware import device_items
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.online import compare, program_store, station_image
from fake_openness.online.compare import CompareResult
from fake_openness.online.connection import ConnectionConfiguration
from fake_openness.program.elements import _Element
from fake_openness.program.groups import BLOCKS, TECHNOLOGY, TYPES, _Group
from fake_openness.program.plc import IUpdateProjectScope, _Plc
from fake_openness.software.starting import main_block
from fake_openness.tags.tag_names import _TagNames
from fake_openness.tags.tag_tables import PlcTagTableSystemGroup
from fake_openness.tags.watch import PlcWatchAndForceTableSystemGroup
from fake_openness.technology.technology_groups import TechnologicalInstanceDBSystemGroup


class PlcSoftware(_Plc, IUpdateProjectScope):
    """The software of a PLC."""

    def __init__(self, parent: EngineeringObject, name: str, folder: str) -> None:
        """Represent the program in a folder of the project; without files it gets the content of a new PLC.

        Args:
            parent: The device item of the CPU.
            name: The PLC's name.
            folder: Where the program's files are kept in the project's store; never changes.
        """
        super().__init__(parent, name, folder)
        self._tag_names = _TagNames(self)
        self._block_group = PlcBlockSystemGroup(self, self, BLOCKS, f"{folder}/blocks")
        self._type_group = PlcTypeSystemGroup(self, self, TYPES, f"{folder}/types")
        self._tag_group = PlcTagTableSystemGroup(self, self, "PLC tags", f"{folder}/tags")
        self._source_group = PlcExternalSourceSystemGroup(self, self, "External source files", f"{folder}/sources")
        self._watch_group = PlcWatchAndForceTableSystemGroup(self, self, "Watch and force tables", f"{folder}/watch")
        self._technology_group = TechnologicalInstanceDBSystemGroup(self, self, TECHNOLOGY, f"{folder}/technology")
        if not program_store.exists(self):
            self._fill()

    @property
    def Name(self) -> str:
        """The PLC's name."""
        return self._name

    @property
    def BlockGroup(self) -> PlcBlockSystemGroup:
        """The program blocks."""
        return self._block_group

    @property
    def ExternalSourceGroup(self) -> PlcExternalSourceSystemGroup:
        """The external source files."""
        return self._source_group

    @property
    def TagTableGroup(self) -> PlcTagTableSystemGroup:
        """The tag tables."""
        return self._tag_group

    @property
    def TypeGroup(self) -> PlcTypeSystemGroup:
        """The PLC data types."""
        return self._type_group

    @property
    def WatchAndForceTableGroup(self) -> PlcWatchAndForceTableSystemGroup:
        """The watch tables and the force table."""
        return self._watch_group

    @property
    def TechnologicalObjectGroup(self) -> TechnologicalInstanceDBSystemGroup:
        """The technology objects."""
        return self._technology_group

    def CompareToOnline(self) -> CompareResult:
        """Compare the program with what the CPU holds.

        Raises:
            EngineeringTargetInvocationException: No connection is configured, the CPU does not answer, or its program
                did not come from a project.
        """
        self._context.refuse_in_transaction("Comparing")
        cpu = self._parent
        assert isinstance(cpu, DeviceItem)  # noqa: S101 - a program is on a CPU item
        return compare.with_online(self, ConnectionConfiguration(self, cpu)._require_applied())

    def CompareTo(self, compareTarget: PlcSoftware) -> CompareResult:
        """Compare the program with another one of the project."""
        other = require_type(compareTarget, PlcSoftware, "compareTarget")
        mine, others = (station_image.objects(each, compiled=False) for each in (self, other))
        return compare.compare_programs(self._name, mine, other._name, others)

    def _services(self) -> dict[type, Any]:
        return {ICompilable: lambda: ICompilable(self, lambda: compile_run.compile_program(self))}

    @cached_property
    def _view(self) -> _ProgramView:
        """The program as the typed form sees it, read on demand."""
        return _ProgramView(self)

    def _compile(self, elements: list[_Element]) -> CompilerResult:
        return compile_run.compile_elements(self, elements)

    def _findings(self) -> list[_Finding]:
        return compile_run.program_messages(self)

    def _fill(self) -> None:
        """Make what a new PLC has."""
        self._tag_group._make_default()
        self._watch_group._make_force_table()
        block_import.put_block(self._block_group._blocks, main_block(self))

    # -- files ------------------------------------------------------------------------

    def _load(self) -> None:
        """Read the program of the folder."""
        program_store.load(self)

    def _save(self) -> None:
        """Write the changes."""
        program_store.save(self)

    def _delete_files(self) -> None:
        """Delete the program's files; undone with the transaction."""
        program_store.delete(self)

    def _trees(self) -> dict[str, _Group]:
        """Return the six trees by the names that the files use."""
        return {
            "blocks": self._block_group,
            "types": self._type_group,
            "tags": self._tag_group,
            "sources": self._source_group,
            "watch": self._watch_group,
            "technology": self._technology_group,
        }

    def _children(self) -> list[EngineeringObject]:
        return list(self._trees().values())


device_items.make_program.defined_by(PlcSoftware)
