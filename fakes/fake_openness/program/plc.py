"""The program of one PLC as its elements see it: names, numbers, surroundings, files.

`software.plc_software` makes the object that a caller sees of it.
Facts: docs/facts/openness-program.md#plc-software; docs/facts/tia-rules.md#names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from fake_dotnet.objects import NetObject
from fake_openness.core.compile_messages import CompilerResult
from fake_openness.core.compiling import ICompilable
from fake_openness.core.names import already_exists
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.switches import _Switches
from fake_openness.core.texts import LanguageSettings
from fake_openness.hardware.articles import PREFIX, Article, find_article
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.hardware.devices import Device
from fake_openness.hardware.item_parts import _Software
from fake_openness.program.families import _Family, family_of
from fake_openness.program.program import _Program
from simatic_xml.model import Tag, UserConstant
from simatic_xml.program.analysis.reference_tree import Source
from simatic_xml.program.analysis.use_index import UseIndex
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace

if TYPE_CHECKING:
    from fake_openness.program.elements import _Element
    from fake_openness.program.groups import _Group

Row = Tag | UserConstant
Services = dict[type, Callable[[], Any]]


class _NamesOfTags(Protocol):
    """The tags and constants of a PLC, over all tag tables."""

    def find(self, name: str) -> Row | None:
        """Return the tag or user constant of a name."""

    def constants(self) -> frozenset[str]:
        """Return the names of the user constants, without regard to case."""

    def rows(self) -> dict[str, Row]:
        """Return every tag, user constant and system constant by its name, without regard to case."""

    def add_missing(self, data_types: Mapping[str, str]) -> None:
        """Make a tag in the default table for each address that has none."""


class _View(Protocol):
    """The program as the typed form sees it."""

    def workspace(self) -> Workspace:
        """Return the program as it is now; a block is typed when it is asked for."""

    def index(self) -> UseIndex:
        """Return the program as it is now, and who uses what in it."""

    def keep(self) -> None:
        """Keep the program and the code generated from it for the next process, where much of it is new."""

    def cross_references(self, names: list[str], which: str) -> list[Source]:
        """Return what uses the objects of these names and what they use, by the name of a filter."""

    def find(self, name: str) -> EngineeringObject | None:
        """Return the block, data type, tag or user constant of a name."""


class IUpdateProjectScope(NetObject):
    """A part of the project that an update of library types can be limited to: a PLC's program."""


class _Plc(_Software):
    """The program of a PLC."""

    _tag_names: _NamesOfTags

    def __init__(self, parent: EngineeringObject, name: str, folder: str) -> None:
        """Start empty.

        Args:
            parent: The device item of the CPU.
            name: The PLC's name.
            folder: Where the program's files are kept in the project's store; never changes.
        """
        super().__init__(parent)
        self._name, self._folder = name, folder
        self._program = _Program(self._note_change)
        self._switches = _Switches()

    @property
    def _view(self) -> _View:
        """The program as the typed form sees it, read on demand."""
        raise NotImplementedError

    def _trees(self) -> dict[str, _Group]:
        """Return the six trees by the names that the files use."""
        raise NotImplementedError

    def _compile(self, elements: list[_Element]) -> CompilerResult:
        """Compile the inconsistent ones of some elements, and what they use."""
        raise NotImplementedError

    def _compile_service(self, part: EngineeringObject, elements: Callable[[], list[_Element]]) -> Services:
        """Return the service of a part of the program: blocks, data types or their groups."""
        return {ICompilable: lambda: ICompilable(part, lambda: self._compile(elements()))}

    # -- surroundings -----------------------------------------------------------------

    @property
    def _article(self) -> Article | None:
        """The CPU in the catalogue."""
        return find_article(self._identifier, self._context.version)

    @property
    def _data_kb(self) -> int:
        """The CPU's work memory for data in KB; 0 where it is not known."""
        article = self._article
        return 0 if article is None or article.data_kb is None else article.data_kb

    @property
    def _identifier(self) -> str:
        """The CPU's order number and firmware, as OrderNumber:6ES7 511-1AK02-0AB0/V2.9; empty where there is none."""
        return self._parent._type_identifier if isinstance(self._parent, DeviceItem) else ""

    @property
    def _family(self) -> _Family:
        """The family of the CPU."""
        return family_of(self._identifier)

    @property
    def _cpu(self) -> Cpu:
        """The CPU as the compiler needs it: its family, its firmware, its work memory for data, and whether it is fail-safe."""
        (number, _, firmware), article = self._identifier.removeprefix(PREFIX).partition("/"), self._article
        failsafe = None if article is None else article.failsafe
        return Cpu(self._family.value, firmware, data_kb=self._data_kb, failsafe=failsafe, order_number=number)

    def _ancestors(self) -> Iterator[EngineeringObject]:
        above = self._parent
        while above is not None:
            yield above
            above = above._parent

    def _device_name(self) -> str:
        """Return the name under which the context knows whether the PLC is online."""
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
        """Return the active languages of the project."""
        return [item._culture for item in self._language_settings().ActiveLanguages]

    def _require_free_name(self, name: str, what: str, itself: object = None) -> None:
        """Refuse a name that a block, data type, tag or constant of this PLC has.

        Raises:
            EngineeringTargetInvocationException: The name is taken.
        """
        found = self._program.find(name) or self._tag_names.find(name)
        if found is not None and found is not itself:
            raise already_exists(name, what)


def program_of(item: DeviceItem) -> _Plc | None:
    """Return the program of a CPU item; None for every other item."""
    software = None if item._software is None else item._software._software
    return software if isinstance(software, _Plc) else None


def programs_of(devices: Iterable[Device]) -> Iterator[_Plc]:
    """Yield the programs of some devices."""
    for device in devices:
        for item in device._all_items():
            program = program_of(item)
            if program is not None:
                yield program
