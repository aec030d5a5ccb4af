"""The tree of a list of cross references: objects, their members, what is at the other end, and filters on it.

Facts: docs/facts/openness-program.md#cross-references; the members of a data block below it, and the permanent entry
for the type of an instance, as seen on V20 and V21.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

from simatic_xml.program.types.types import Array, DataType, Structure, Variable, type_name

_CONSTANT_INDEX = re.compile(r"\[-?\d+(,-?\d+)*\]")
_PLAIN = re.compile(r"[^\W\d]\w*")
_USED = ("UsedBy", "TypeInstance", "OverlapsWith")


class Filter(Enum):
    """Which objects the list contains, named as in Openness."""

    ALL = "AllObjects"
    WITH = "ObjectsWithReferences"
    WITHOUT = "ObjectsWithoutReferences"
    UNUSED = "UnusedObjects"


@dataclass(frozen=True, slots=True)
class Thing:
    r"""An object in a list of cross references.

    Attributes:
        name: as listed: `FB_Motor`, `"Data".motor.speed`, `#timer`.
        type_name: `LAD-Function block`, `Bool`, `Instruction`.
        address: `%FB1`, `%I0.0`, or empty.
        path: where it is, from the PLC: `PLC_1\Program blocks`.
        object: name of the block, data type, tag or constant that it is; empty for a member or instruction.
    """

    name: str
    type_name: str
    address: str = ""
    path: str = ""
    object: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """One place where one object uses another.

    Attributes:
        text: `@Main ▶ NW1 (Start)`.
        reference_type: `Uses`, `UsedBy`, `TypeInstance`, `InstanceType`, `OverlapsWith`.
        access: `Read`, `Write`, `RW`, `Call`, `InstanceDB`, `Multiinstance`, `Declaration`...
        name: the operand at this place where it is part of the object: `"Data".motor.speed`.
    """

    text: str
    reference_type: str
    access: str
    name: str = ""


@dataclass(slots=True)
class Reference:
    """An object at the other end, and the places."""

    thing: Thing
    locations: list[Location] = field(default_factory=list)


@dataclass(slots=True)
class Source:
    """A requested object; the members of a data block are below it."""

    thing: Thing
    references: list[Reference] = field(default_factory=list)
    children: list[Source] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """One entry: the object at the other end, the place, and the member of the requested object that it concerns."""

    thing: Thing
    location: Location
    members: tuple[str, ...] = ()


def group(found: Iterable[ReferenceEntry]) -> list[Reference]:
    """Return one reference for each object at the other end, in the order in which they come."""
    references: dict[Thing, Reference] = {}
    for each in found:
        references.setdefault(each.thing, Reference(each.thing)).locations.append(each.location)
    return list(references.values())


def with_members(thing: Thing, data_type: DataType | None, found: Iterable[ReferenceEntry]) -> Source:
    """Return a data block with its members, each with its own references.

    Elements of an array are listed where they are used with a constant index; other accesses are those of the array.
    """
    root = _Branch()
    for each in found:
        root.at(each.members).found.append(each)
    return _source(thing, f'"{thing.name}"', data_type, root)


def apply_filter(source: Source, which: Filter, *, always_used: bool = False) -> Source | None:
    """Return the part of an object that a filter keeps: its members, and what contains them; None for nothing.

    Args:
        source: the object.
        which: the filter.
        always_used: whether it is used without being called, as organization blocks are.
    """
    if which is Filter.ALL:
        return source
    children = [kept for child in source.children if (kept := apply_filter(child, which)) is not None]
    if children or (_matches(source, which) and not (always_used and which is Filter.UNUSED)):
        return replace(source, children=children)
    return None


def _matches(source: Source, which: Filter) -> bool:
    if which is Filter.WITH:
        return bool(source.references)
    if which is Filter.WITHOUT:
        return not source.references
    used = any(location.reference_type in _USED for each in source.references for location in each.locations)
    return not used and not source.children


@dataclass(slots=True)
class _Branch:
    """Entries by the path of the member that they concern."""

    found: list[ReferenceEntry] = field(default_factory=list)
    below: dict[str, _Branch] = field(default_factory=dict)

    def at(self, members: tuple[str, ...]) -> _Branch:
        """Return the branch of a path, as far as it is constant."""
        branch = self
        for member in members:
            if member[:1] in "[%^" and not _CONSTANT_INDEX.fullmatch(member):
                break
            branch = branch.below.setdefault(member.casefold(), _Branch())
        return branch

    def all(self) -> list[ReferenceEntry]:
        """Return the entries of this branch and those below it."""
        return [*self.found, *(each for branch in self.below.values() for each in branch.all())]


def _source(thing: Thing, path: str, data_type: DataType | None, branch: _Branch) -> Source:
    parts = _parts(path, data_type, branch)
    known = {key for key, _, _ in parts}
    rest = [each for key, below in branch.below.items() if key not in known for each in below.all()]
    source = Source(thing, group([*branch.found, *rest]))
    for key, name, below in parts:
        child = replace(thing, name=name, type_name=type_name(below), address="", object="")
        source.children.append(_source(child, name, below, branch.below.get(key, _Branch())))
    return source


def _parts(path: str, data_type: DataType | None, branch: _Branch) -> list[tuple[str, str, DataType]]:
    """Return the parts directly in a member: the key of its branch, its whole name, its type."""
    match data_type:
        case Structure():
            return [(each.name.casefold(), f"{path}.{_name(each)}", each.type) for each in data_type.members]
        case Array():
            used = sorted(key for key in branch.below if key.startswith("["))
            return [(key, path + key, data_type.element) for key in used]
    return []


def _name(variable: Variable) -> str:
    return variable.name if _PLAIN.fullmatch(variable.name) else f'"{variable.name}"'
