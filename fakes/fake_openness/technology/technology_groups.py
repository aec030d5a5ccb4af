"""The groups of technology objects, and the making and importing of objects in them.

Facts: docs/facts/technology-objects.md#object-model, docs/facts/technology-objects.md#files.
"""

from __future__ import annotations

from typing import Any, ClassVar

from fake_dotnet.lists import NetList
from fake_dotnet.system import FileInfo, Version, require_type
from fake_openness.blocks import block_import, block_rules
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import require_name
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import ImportOptions
from fake_openness.core.upward import UpwardCall
from fake_openness.program import importing
from fake_openness.program.elements import _Element
from fake_openness.program.groups import _Group, _UserGroup, _UserGroups
from fake_openness.program.plc import _Plc
from fake_openness.program.program_object import _ProgramComposition
from fake_openness.program.state import TECHNOLOGY_KIND, _State
from fake_openness.technology import technology_objects
from fake_openness.technology.parameter_values import DATA, empty_data, forget_data, interface_of
from fake_openness.technology.technology_objects import OUTPUT_CAMS, TechnologicalInstanceDB
from fake_openness.technology.type_rules import (
    ELEMENT,
    ROOT,
    VERSION,
    refusal,
    require_possible,
    require_transfer,
    type_of,
)
from simatic_xml.model import Block
from simatic_xml.program.types.technology import numbers, technology_members, technology_type

_LANGUAGE = "Motion_DB"
_KEPT_FROM = (3,)
"""From this version on an import takes all parameters."""

create_technology_object: UpwardCall[
    [TechnologicalInstanceDBComposition, EngineeringObject, Any], TechnologicalInstanceDB
]
create_technology_object = UpwardCall()
"""Makes a technology object from a master copy."""


class TechnologicalInstanceDBComposition(_ProgramComposition[TechnologicalInstanceDB]):
    """The technology objects of one group, or those that belong to an axis."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"Import": "16"}

    def __init__(self, parent: EngineeringObject, group: _Group, place: str = ROOT) -> None:
        """Start empty.

        Args:
            parent: The group, or the axis that the objects belong to.
            group: The group whose folder has the files.
            place: Which objects belong here: `root`, `OutputCams` or `MeasuringInputs`.
        """
        super().__init__(parent, group._plc)
        self._group, self._place = group, place

    def Create(self, name: str, ofSystemLibElement: str, ofSystemLibVersion: Version) -> TechnologicalInstanceDB:
        """Make a technology object.

        Args:
            name: Its name.
            ofSystemLibElement: Its type, such as PID_Compact.
            ofSystemLibVersion: Its version.

        Raises:
            EngineeringTargetInvocationException: The name is not possible, or the CPU has no such type in this version.
        """
        self._plc._require_offline("Creating a technology object")
        require_name(require_type(name, str, "name"), "technology object")
        self._plc._require_free_name(name, "technology object")
        kind = require_type(ofSystemLibElement, str, "ofSystemLibElement")
        version = require_type(ofSystemLibVersion, Version, "ofSystemLibVersion").ToString()
        found = require_possible(self._plc, name, kind, version, self._place)
        block = Block(
            TECHNOLOGY_KIND,
            name,
            auto_number=True,
            language=_LANGUAGE,
            interface=interface_of(found.name, version, self._plc._family.value),
            attributes={ELEMENT: found.name, VERSION: version},
            parts={DATA: empty_data()},
            instance_of=found.name,
        )
        return self._put(block)

    def Import(self, path: FileInfo, importOptions: ImportOptions) -> NetList[TechnologicalInstanceDB]:
        """Import the technology objects of a SimaticML file, all or none.

        Raises:
            EngineeringTargetInvocationException: A rule is broken; nothing was changed.
        """
        return NetList(self._take(importing.read(self, path, importOptions, Block), importOptions))

    def CreateFrom(self, sourceMasterCopy: EngineeringObject, copyMode: Any = None) -> TechnologicalInstanceDB:
        """Make a technology object from a master copy.

        Raises:
            EngineeringTargetInvocationException: Another kind of content, or a rule is broken; nothing was changed.
        """
        return create_technology_object(self, sourceMasterCopy, copyMode)

    def _take(self, blocks: list[Block], options: ImportOptions) -> list[TechnologicalInstanceDB]:
        """Take in objects, all or none."""
        names = {block.name.casefold() for block in blocks}
        if len(names) < len(blocks):
            raise EngineeringTargetInvocationException(
                "Two objects of the file have the same name.", code="import.twice"
            )
        for block in blocks:
            self._check(block, options)
        for block in blocks:
            _settle(block, self._plc._family.value)
        return [self._put(block) for block in blocks]

    def _check(self, block: Block, options: ImportOptions) -> None:
        if block.kind != TECHNOLOGY_KIND:
            msg = f"A {block.kind} cannot be imported as a technology object."
            raise refusal(block.name, "import.wrong_kind", msg)
        require_name(block.name, "technology object")
        kind, version = type_of(block)
        if not kind or not version:
            raise refusal(
                block.name, "technology.type", "The file does not name the type and the version of the object."
            )
        require_possible(self._plc, block.name, kind, version, self._place)
        require_transfer(self._plc, block.name, kind, version)
        block_rules.check_number(self._plc, block)
        block_import.check_place(self, block.name, options)

    def _put(self, block: Block) -> TechnologicalInstanceDB:
        """Put an object in the place of one of the same name; what belongs to an axis stays."""
        old = self._plc._program.find(block.name)
        attached = _detach(old) if isinstance(old, TechnologicalInstanceDB) else []
        made = block_import.put_block(self, block)
        assert isinstance(made, TechnologicalInstanceDB)  # noqa: S101 - by kind
        for each, place in attached:
            target = made._cams if place == OUTPUT_CAMS else made._inputs
            if target is None:
                each._delete()
            else:
                each._assign("_parent", target)
                target._add(each)
        return made

    def _element(self, name: str, state: _State) -> TechnologicalInstanceDB:
        return TechnologicalInstanceDB(self, self._plc, self._group, name, state)


def _detach(axis: TechnologicalInstanceDB) -> list[tuple[TechnologicalInstanceDB, str]]:
    """Take what belongs to an axis out of it; returns each object with its place."""
    found = [(each, part._place) for part in (axis._cams, axis._inputs) if part is not None for each in part._items]
    for each, _ in found:
        each._composition()._remove(each)
    return found


def _settle(block: Block, family: str) -> None:
    """Complete an imported object, and reset the parameters that an import does not take to their start values."""
    kind, version = type_of(block)
    block.language = block.language or _LANGUAGE
    block.attributes[ELEMENT], block.instance_of = kind, block.instance_of or kind
    block.interface = block.interface or interface_of(kind, version, family)
    known = technology_type(kind, family)
    if known is None or numbers(version) >= _KEPT_FROM:
        return
    starts = {each.path: each.start for each in technology_members(kind, family)}
    for name in known.fixed_at_import:
        forget_data(block, name)
        for _, member in block.members():
            if member.name == name:
                member.start_value = starts.get(name) or None


def make_attached(axis: TechnologicalInstanceDB, group: _Group, place: str) -> TechnologicalInstanceDBComposition:
    """Return an empty collection for what belongs to an axis."""
    return TechnologicalInstanceDBComposition(axis, group, place)


technology_objects.make_composition.defined_by(make_attached)


class TechnologicalInstanceDBGroup(_Group):
    """A folder of technology objects."""

    _EXISTS_FROM: ClassVar[dict[str, str]] = {"Groups": "21"}

    def __init__(self, parent: EngineeringObject, plc: _Plc, name: str, folder: str) -> None:
        """Start empty."""
        super().__init__(parent, plc, name, folder)
        self._objects = TechnologicalInstanceDBComposition(self, self)

    @property
    def TechnologicalObjects(self) -> TechnologicalInstanceDBComposition:
        """The objects directly in this folder, without those that belong to an axis."""
        return self._objects

    def _contents(self) -> list[_ProgramComposition[Any]]:
        parts = [part for axis in self._objects._items for part in (axis._cams, axis._inputs) if part is not None]
        return [self._objects, *parts]

    def _services(self) -> dict[type, Any]:
        return self._plc._compile_service(self, self._elements)

    def _elements(self) -> list[_Element]:
        return [item for group in self._walk() for item in group._items_here()]

    def _restore(self, name: str, record: dict[str, Any]) -> None:
        """Take in an object of a saved project; what belongs to an axis comes after it."""
        target, owner, place = self._objects, record.pop("axis", ""), record.pop("place", "")
        if owner:
            axis = self._objects._find_by_name(owner)
            assert axis is not None  # noqa: S101 - saved before what belongs to it
            target = axis._cams if place == OUTPUT_CAMS else axis._inputs
        self._plc._program.link(target._add(target._element(name, _State.from_json(record))))


class TechnologicalInstanceDBSystemGroup(TechnologicalInstanceDBGroup):
    """The root folder "Technology objects"."""


class TechnologicalInstanceDBUserGroup(TechnologicalInstanceDBGroup, _UserGroup):
    """A folder of technology objects that a user made (from V21 on)."""

    _SINCE = "21"

    def _empty(self) -> None:
        for group in list(self._groups._items):
            group._empty()
        for item in list(self._objects._items):
            item._delete()


class TechnologicalInstanceDBUserGroupComposition(_UserGroups[TechnologicalInstanceDBUserGroup]):
    """The folders in a folder of technology objects (from V21 on)."""

    _SINCE = "21"
    _KIND = TechnologicalInstanceDBUserGroup


TechnologicalInstanceDBGroup._GROUPS = TechnologicalInstanceDBUserGroupComposition
