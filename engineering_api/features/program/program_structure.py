"""Views of a whole program as clients read them: calls, dependencies, order, assignment of addresses, unused objects.

They are worked out from the program that `openness_bridge.program.program_reading` keeps; each answer says what could not be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from openness_bridge.enumerations import UseFilter, one_of, values_of
from openness_bridge.portal.portal import Session

if TYPE_CHECKING:
    from openness_bridge.program.program_reading import ProgramReading, Report
    from simatic_xml.program.analysis.call_structure import Call, Dependency


CallKind = Annotated[str, one_of("CallKind", "", "OB", "FB", "FC")]
UsedObjectKind = Annotated[
    str,
    one_of(
        "UsedObjectKind",
        *("OB", "FB", "FC", "GlobalDB", "InstanceDB", "ArrayDB", "TechnologicalInstanceDB"),
        *("UDT", "Tag", "Constant"),
    ),
]


class UnreadObject(msgspec.Struct, rename="camel", frozen=True):
    """An object that could not be exported, and why; what is said about it may be out of date or missing."""

    name: str
    reason: str


class CallNode(msgspec.Struct, rename="camel", frozen=True):
    """A block in the call structure.

    Attributes:
        kind: OB, FB or FC; empty for a block that the program does not have.
        instance: Operand that holds its data at this call, such as "Motor_DB" or #motor.
        count: How often the block above calls it with this instance.
        recursive: Whether the call leads back to a block above it.
        repeated: Whether its calls stand where it comes first and are left out here.
    """

    name: str
    kind: CallKind
    number: int | None
    instance: str
    count: int
    recursive: bool
    repeated: bool
    calls: list[CallNode]


class CallStructure(msgspec.Struct, rename="camel", frozen=True):
    """The calls below each organization block, then below each block that nothing calls."""

    device: str
    calls: list[CallNode]
    unread: list[UnreadObject]


class UserCount(msgspec.Struct, rename="camel", frozen=True):
    """An object that uses another one, and how often."""

    name: str
    count: int


class ObjectUse(msgspec.Struct, rename="camel", frozen=True):
    """An object and how it is used.

    Attributes:
        kind: OB, FB, FC, GlobalDB, InstanceDB, ArrayDB, UDT, Tag or Constant.
        path: The PLC and the folders or tag table that it is in.
        use_count: How often others use it.
        users: Those others.
    """

    name: str
    kind: UsedObjectKind
    number: int | None
    path: str
    use_count: int
    users: list[UserCount]


class ProgramObjects(msgspec.Struct, rename="camel", frozen=True):
    """Objects of a program."""

    device: str
    filter: str
    count: int
    objects: list[ObjectUse]
    unread: list[UnreadObject]


class DependencyOrder(msgspec.Struct, rename="camel", frozen=True):
    """Blocks and data types, each behind what it uses.

    Attributes:
        circles: Objects that use each other, so that no order is right for them.
    """

    device: str
    names: list[str]
    circles: list[list[str]]
    unread: list[UnreadObject]


class AssignedOperand(msgspec.Struct, rename="camel", frozen=True):
    """A tag, or an address that the program uses without one.

    Attributes:
        use_count: How often the program uses it by this name.
    """

    name: str
    address: str
    symbolic: bool
    use_count: int
    blocks: list[str]


class AssignedByte(msgspec.Struct, rename="camel", frozen=True):
    """A byte of an area.

    Attributes:
        bits: For bit 0 to 7: tag, used (without a tag), or empty where it is free.
        operands: Operands in it, the widest first.
        overlapping: Names of operands that share bits with another one of which neither contains the other.
    """

    area: str
    byte: int
    bits: list[str]
    operands: list[AssignedOperand]
    overlapping: list[str]


class AssignmentList(msgspec.Struct, rename="camel", frozen=True):
    """The bytes of I, Q and M that anything uses."""

    device: str
    bytes: list[AssignedByte]
    unread: list[UnreadObject]


FILTERS = values_of(UseFilter)


def call_structure(session: Session, device: str, report: Report) -> CallStructure:
    """Return what calls what. On the portal's thread."""
    from simatic_xml.program.analysis.call_structure import call_structure as structure

    reading = _read(session, device, report)
    return CallStructure(reading.name, [_call(each) for each in structure(reading.index)], _unread(reading))


def objects(session: Session, device: str, which: str, report: Report) -> ProgramObjects:
    """Return the objects of a program with those that use them, as far as a filter takes them. On the portal's thread.

    Args:
        session: The portal.
        device: The PLC.
        which: One of FILTERS; "unused" is what nothing uses, "unreachable" what no organization block reaches.
        report: Gets how far the reading is.
    """
    from simatic_xml.program.analysis.call_structure import dependency_structure, find_unused

    reading = _read(session, device, report)
    unreachable = {item.name for item in find_unused(reading.index)} if which == "unreachable" else set()
    found = [
        ObjectUse(
            each.name,
            each.kind,
            each.number,
            reading.path_of(each.name),
            sum(count for _, count in each.users),
            [UserCount(*user) for user in each.users],
        )
        for each in dependency_structure(reading.index)
        if reading.path_of(each.name) and _is_selected(each, which, unreachable)
    ]
    return ProgramObjects(reading.name, which, len(found), found, _unread(reading))


def _is_selected(each: Dependency, which: str, unreachable: set[str]) -> bool:
    if which == "unreachable":
        return each.name in unreachable
    if which == "unused":
        return not each.users and each.kind != "OB"
    return which == "all" or bool(each.users)


def dependency_order(session: Session, device: str, report: Report) -> DependencyOrder:
    """Return the order in which blocks and data types need each other. On the portal's thread."""
    from simatic_xml.program.analysis.call_structure import dependency_order as order

    reading = _read(session, device, report)
    found = order(reading.index)
    return DependencyOrder(reading.name, found.names, found.circles, _unread(reading))


def assignment_list(session: Session, device: str, area: str, report: Report) -> AssignmentList:
    """Return which bits of inputs, outputs and bit memory are used. On the portal's thread.

    Args:
        session: The portal.
        device: The PLC.
        area: I, Q or M; empty for all.
        report: Gets how far the reading is.
    """
    from simatic_xml.program.analysis.assignment_list import assignment_list as listed

    reading = _read(session, device, report)
    shown = [_byte(each) for each in listed(reading.index) if not area or each.area == area]
    return AssignmentList(reading.name, shown, _unread(reading))


def _read(session: Session, device: str, report: Report) -> ProgramReading:
    from openness_bridge.program import program_reading

    return program_reading.read(session, device, report)


def _unread(reading: ProgramReading) -> list[UnreadObject]:
    return [UnreadObject(each.name, each.reason) for each in reading.unread]


def _call(call: Call) -> CallNode:
    below = [_call(each) for each in call.calls]
    return CallNode(call.name, call.kind, call.number, call.instance, call.count, call.recursive, call.repeated, below)


def _byte(found: Any) -> AssignedByte:
    operands = [
        AssignedOperand(each.name, each.address, each.symbolic, each.uses, list(each.blocks)) for each in found.entries
    ]
    return AssignedByte(found.area, found.number, list(found.bits), operands, list(found.overlapping))
