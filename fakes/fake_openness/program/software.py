"""PlcSoftware: the program of one PLC, from its blocks to its watch tables.

Facts: docs/facts/openness-program.md#plc-software; docs/facts/tia-rules.md#names,
docs/facts/tia-rules.md#default-names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fake_dotnet.system import declared
from fake_openness.blocks.block_groups import PlcBlockSystemGroup
from fake_openness.blocks.plc_types import PlcTypeSystemGroup
from fake_openness.blocks.sources import PlcExternalSourceSystemGroup
from fake_openness.compiler import compiler
from fake_openness.core.compile_messages import CompilerResult
from fake_openness.core.names import already_exists
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.store import Store
from fake_openness.core.switches import _Switches
from fake_openness.core.texts import LanguageSettings
from fake_openness.hardware.articles import Article, find_article
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.hardware.families import _Family, family_of
from fake_openness.library.kinds import IUpdateProjectScope
from fake_openness.online import compare, station_image
from fake_openness.online.compare import CompareResult
from fake_openness.online.connection import ConnectionConfiguration
from fake_openness.program import program_store, starting
from fake_openness.program.elements import _Element
from fake_openness.program.groups import _Group
from fake_openness.program.program import _Program
from fake_openness.tags.addresses import Reach
from fake_openness.tags.tag_names import _TagNames
from fake_openness.tags.tag_tables import PlcTagTableSystemGroup
from fake_openness.tags.watch import PlcWatchAndForceTableSystemGroup

if TYPE_CHECKING:
    from fake_openness.program.program_view import _ProgramView


class PlcSoftware(EngineeringObject, IUpdateProjectScope):
    """The software of a PLC."""

    def __init__(self, parent: EngineeringObject, name: str, folder: str) -> None:
        """Stand for the program in a folder of the project; one without a program gets what a new PLC has.

        Args:
            parent: The device item of the CPU.
            name: The PLC's name.
            folder: Where the program's files are kept in the project's store; never changes.
        """
        super().__init__(parent)
        self._name, self._folder = name, folder
        self._program = _Program(self._changed)
        self._tag_names = _TagNames(self)
        self._switches = _Switches()
        self._block_group = PlcBlockSystemGroup(self, self, "Program blocks", f"{folder}/blocks")
        self._type_group = PlcTypeSystemGroup(self, self, "PLC data types", f"{folder}/types")
        self._tag_group = PlcTagTableSystemGroup(self, self, "PLC tags", f"{folder}/tags")
        self._source_group = PlcExternalSourceSystemGroup(self, self, "External source files", f"{folder}/sources")
        self._watch_group = PlcWatchAndForceTableSystemGroup(self, self, "Watch and force tables", f"{folder}/watch")
        if not program_store.exists(self):
            starting.fill(self)

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

    def CompareToOnline(self) -> CompareResult:
        """Compare the program with what the CPU holds.

        Raises:
            EngineeringTargetInvocationException: No connection is configured, the CPU does not answer, or what it holds
                did not come from a project.
        """
        self._context.refuse_in_transaction("Comparing")
        cpu = self._parent
        assert isinstance(cpu, DeviceItem)  # noqa: S101 - a program is on a CPU item
        return compare.with_online(self, ConnectionConfiguration(self, cpu)._require_applied())

    def CompareTo(self, compareTarget: PlcSoftware) -> CompareResult:
        """Compare the program with another one of the project."""
        other = declared(compareTarget, PlcSoftware, "compareTarget")
        return compare.compared(self._name, station_image.objects(self), other._name, station_image.objects(other))

    def _services(self) -> dict[type, Any]:
        return {compiler.ICompilable: lambda: compiler.ICompilable(self, lambda: compiler.compile_software(self))}

    @cached_property
    def _view(self) -> _ProgramView:
        """The program as the typed form sees it, read when somebody asks."""
        from fake_openness.program.program_view import _ProgramView

        return _ProgramView(self)

    def _elements(self) -> list[_Element]:
        return list(self._program)

    def _compile(self) -> CompilerResult:
        """Compile the whole program, as the compilation of a device does."""
        return compiler.compile_software(self)

    # -- files ------------------------------------------------------------------------

    @property
    def _files(self) -> Store:
        assert self._context.store is not None  # noqa: S101 - a project has one
        return self._context.store

    def _load(self) -> None:
        """Read the program of the folder."""
        program_store.load(self)

    def _save(self) -> None:
        """Write what changed."""
        program_store.save(self)

    def _delete_files(self) -> None:
        """Delete the program's files; undone with the transaction."""
        program_store.delete(self)

    # -- surroundings -----------------------------------------------------------------

    @property
    def _reach(self) -> Reach:
        """How far the CPU's addresses go."""
        article, usual = self._article, self._family.reach
        return usual if article is None or article.memory is None else replace(usual, memory=article.memory)

    @property
    def _article(self) -> Article | None:
        """The CPU in the catalogue."""
        cpu = self._parent._type_identifier if isinstance(self._parent, DeviceItem) else ""
        return find_article(cpu, self._context.version)

    @property
    def _data_kb(self) -> int:
        """The CPU's work memory for data in KB; 0 where it is not known."""
        article = self._article
        return 0 if article is None or article.data_kb is None else article.data_kb

    @property
    def _family(self) -> _Family:
        """The family of the CPU."""
        return family_of(self._parent._type_identifier if isinstance(self._parent, DeviceItem) else "")

    def _trees(self) -> dict[str, _Group]:
        """The five trees by the names that the files use."""
        return {
            "blocks": self._block_group,
            "types": self._type_group,
            "tags": self._tag_group,
            "sources": self._source_group,
            "watch": self._watch_group,
        }

    def _children(self) -> list[EngineeringObject]:
        return list(self._trees().values())

    def _ancestors(self) -> Iterator[EngineeringObject]:
        above = self._parent
        while above is not None:
            yield above
            above = above._parent

    def _device_name(self) -> str:
        """The name under which the context knows whether the PLC is online."""
        return self._parent._device._name if isinstance(self._parent, DeviceItem) else self._name

    def _require_offline(self, action: str) -> None:
        self._context.require_offline(self._device_name(), action)

    def _language_settings(self) -> LanguageSettings:
        for each in self._ancestors():
            settings = getattr(each, "_language_settings", None)
            if isinstance(settings, LanguageSettings):
                return settings
        msg = f"The PLC software '{self._name}' is not part of a project."
        raise LookupError(msg)

    def _cultures(self) -> list[str]:
        """The active languages of the project."""
        return [item._culture for item in self._language_settings().ActiveLanguages]

    def _require_free_name(self, name: str, what: str, itself: object = None) -> None:
        """Refuse a name that a block, data type, tag or constant of this PLC has.

        Raises:
            EngineeringTargetInvocationException: The name is taken.
        """
        found = self._program.find(name) or self._tag_names.find(name)
        if found is not None and found is not itself:
            raise already_exists(name, what)
