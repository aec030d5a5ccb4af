"""Operands of the typed program as places in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.types import CHAR, WCHAR, Array, DataType, Special, Text, Variable
from tests.oracle.tree_walker import expressions, stl_operands
from tests.oracle.tree_walker.activation import Activation, home, is_handed_over
from tests.oracle.tree_walker.places import Character, Location, Part, Twice, Whole, at
from virtual_plc.code.naming import attribute
from virtual_plc.faults import Fault, IndexReadFault, IndexWriteFault, MissingBlockFault, ReferenceFault
from virtual_plc.memory.codecs import Bytes
from virtual_plc.memory.operand_text import parse_operand
from virtual_plc.memory.rows import Row
from virtual_plc.memory.shapes import is_plain
from virtual_plc.memory.starting_values import Slot, default
from virtual_plc.memory.views import buffer_of

OPERANDS = (
    n.Local
    | n.TagOperand
    | n.DataBlock
    | n.Absolute
    | n.Field
    | n.Element
    | n.Slice
    | n.Dereference
    | n.Overlay
    | n.Indirect
    | n.Wire
    | n.Eno
    | n.Outcome
)
_CHARACTERS = {"String": CHAR, "WString": WCHAR}


class Missing(Exception):
    """An operand does not exist; the CPU was told, and the program goes on."""


def locate(activation: Activation, operand: n.Expression, *, writing: bool = False) -> Location:
    """Return the place of an operand.

    Args:
        activation: the running block.
        operand: an expression that is a place in memory.
        writing: whether it is going to be written.

    Raises:
        Missing: it does not exist, and the program handles that by itself.
        Fault: it does not exist, and nothing handles that.
    """
    if isinstance(operand, n.Element):
        return _element(activation, operand, writing=writing)
    if isinstance(operand, n.Field):
        return _field(activation, operand, writing=writing)
    if isinstance(operand, n.Slice):
        base = locate(activation, operand.base, writing=writing)
        return Part(base, operand.bits, operand.number, operand.type)
    find = _FOUND.get(type(operand))
    return Whole(expressions.evaluate(activation, operand), operand.type) if find is None else find(activation, operand)


def missing(activation: Activation, fault: Fault) -> Missing:
    """Tell the CPU that something is missing; return what ends the access when the program goes on."""
    activation.machine.services.fault(fault)
    return Missing()


def of_variable(activation: Activation, variable: Variable) -> Location:
    """Return the place of a variable of the running block."""
    holder, _ = home(activation, variable)
    name = attribute(variable.name)
    if not is_handed_over(activation, variable):
        return Slot(holder, name, variable.type)
    if isinstance(variable.type, Special) or is_plain(variable.type):
        return Slot(holder, name, variable.type)
    data_type = activation.arrays.get(variable.name.casefold(), variable.type)
    return Whole(getattr(holder, name), data_type, holder, name)


def _element(activation: Activation, operand: n.Element, *, writing: bool) -> Location:
    base = locate(activation, operand.base, writing=writing)
    indices = [expressions.evaluate(activation, each) for each in operand.indices]
    kind = IndexWriteFault if writing else IndexReadFault
    if isinstance(base.type, Text):
        return Character(base, indices[0], activation.report, _CHARACTERS[base.type.name])
    assert isinstance(base.type, Array)
    number = 0
    for index, bound in zip(indices, base.type.bounds, strict=False):
        assert bound is not None
        if not bound[0] <= index <= bound[1]:
            message = f"The index {index} is outside of {bound[0]}..{bound[1]}."
            raise missing(activation, kind(message, operand.place))
        number = number * (bound[1] - bound[0] + 1) + index - bound[0]
    if operand.is_row:
        assert isinstance(operand.type, Array)
        return Whole(Row(base.get(), number, operand.type), operand.type)
    return Slot(base.get(), number, base.type.element)


def _field(activation: Activation, operand: n.Field, *, writing: bool) -> Location:
    holder = locate(activation, operand.base, writing=writing).get()
    if holder is None:
        raise missing(activation, ReferenceFault("A parameter refers to nothing.", operand.place))
    return Slot(holder, attribute(operand.member.name), operand.member.type)


def _wire(activation: Activation, wire: n.Wire) -> Location:
    activation.wires.setdefault(wire.number, default(wire.type))
    return Slot(activation.wires, wire.number, wire.type)


def _overlay(activation: Activation, operand: n.Overlay) -> Location:
    data, offset = bytes_of(activation, locate(activation, operand.base).get(), operand.place)
    return at(data, offset + operand.byte, operand.bit, operand.type)


def _followed(activation: Activation, operand: n.Dereference) -> Location:
    found = expressions.evaluate(activation, operand.base)
    if found is None:
        raise missing(activation, ReferenceFault("A reference that is NULL is followed.", operand.place))
    place: Location = found
    return place


# Addresses -----------------------------------------------------------------------------------------------------------


def _tag(activation: Activation, tag: n.TagOperand) -> Location:
    operand = parse_operand(tag.address)
    if operand is None:
        raise missing(activation, ReferenceFault(f"The tag '{tag.name}' has no address.", tag.place))
    area = operand.area
    peripheral = tag.peripheral or operand.peripheral
    return address(activation, area, operand.byte, operand.bit, tag.type, peripheral=peripheral)


def _absolute(activation: Activation, operand: n.Absolute) -> Location:
    data_type = operand.type
    if operand.area not in ("DB", "DI", "L"):
        return address(activation, operand.area, operand.byte, operand.bit, data_type, peripheral=operand.peripheral)
    data = block_data(activation, operand.area, operand.block, operand.place)
    found, offset = bytes_of(activation, data, operand.place)
    return at(found, offset + operand.byte, operand.bit, data_type)


def address(
    activation: Activation, area: str, byte: int, bit: int, data_type: DataType, *, peripheral: bool = False
) -> Location:
    """Return what lies at an address of inputs, outputs, markers, timers or counters."""
    memory = activation.machine.memory
    if area in ("T", "C"):
        return Slot(memory.timers if area == "T" else memory.counters, byte, data_type)
    if area == "M":
        return at(memory.markers, byte, bit, data_type)
    if area == "I":
        return at(memory.peripheral_inputs if peripheral else memory.inputs, byte, bit, data_type)
    image = at(memory.outputs, byte, bit, data_type)
    return Twice(at(memory.peripheral_outputs, byte, bit, data_type), image) if peripheral else image


def block_data(activation: Activation, area: str, number: int | None, place: Place) -> Any:
    """Return the data that an address of DB, DI or L counts in: a numbered block, an opened one, or temporary data."""
    if area == "L":
        return activation.frame
    if number is not None:
        found = activation.machine.memory.by_number.get(number)
        if found is None:
            raise missing(activation, MissingBlockFault(f"There is no data block {number}.", place))
        return found
    opened = activation.registers.data_blocks[area == "DI"]
    if opened is None and area == "DI" and activation.instance is not None:
        return activation.instance
    if opened is None:
        raise missing(activation, MissingBlockFault("No data block is open.", place))
    return opened[1]


def bytes_of(activation: Activation, data: Any, place: Place) -> tuple[Bytes, int]:
    """Return the bytes of data with standard access, and where in them the data begin."""
    found = buffer_of(data)
    if found is None:
        raise missing(activation, MissingBlockFault("Data with optimized access have no addresses.", place))
    return found, data.offset if hasattr(data, "offset") else data._offset


def _data_block(activation: Activation, operand: n.DataBlock) -> Any:
    found = activation.machine.memory.data_blocks.get(operand.name.casefold())
    if found is None:
        raise missing(activation, MissingBlockFault(f"There is no data block '{operand.name}'.", operand.place))
    return found


_FOUND: dict[type[n.Expression], Callable[[Activation, Any], Location]] = {
    n.Local: lambda activation, operand: of_variable(activation, operand.variable),
    n.TagOperand: _tag,
    n.Absolute: _absolute,
    n.DataBlock: lambda activation, operand: Whole(_data_block(activation, operand), operand.type),
    n.Dereference: _followed,
    n.Overlay: _overlay,
    n.Wire: _wire,
    n.Eno: lambda activation, operand: Slot(activation, "eno", operand.type),
    n.Outcome: lambda activation, operand: Slot(activation, "outcome", operand.type),
    n.Indirect: stl_operands.indirect,
}
