"""Indirect STL operands: the address comes from a register or from memory when the operation is executed."""

from __future__ import annotations

from simatic_xml.program import nodes as n
from tests.oracle.tree_walker import expressions, operands
from tests.oracle.tree_walker.activation import Activation
from tests.oracle.tree_walker.places import Location, Whole, at
from virtual_plc.faults import AccessFault

_AREAS = {0x80: "P", 0x81: "I", 0x82: "Q", 0x83: "M", 0x84: "DB", 0x85: "DI", 0x86: "L", 0x87: "L"}
_OFFSET = (1 << 24) - 1


def indirect(activation: Activation, operand: n.Indirect) -> Location:
    """Return the place that an indirect operand addresses just now.

    Raises:
        Fault: the address leads nowhere.
    """
    if operand.pointer is not None and (operand.bits == 0 or operand.area in ("T", "C")):
        return _numbered(activation, operand)
    if operand.register:
        pointer = activation.registers.addresses[operand.register == "AR2"]
        pointer = (pointer & ~_OFFSET) | (pointer + operand.offset & _OFFSET)
    else:
        pointer = expressions.evaluate(activation, operand.pointer) if operand.pointer is not None else 0
    area = operand.area or _AREAS.get(pointer >> 24 & 0xFF, "")
    byte, bit = divmod(pointer & _OFFSET, 8)
    if not area or (bit and operand.bits > 1):
        message = f"The pointer 16#{pointer & 0xFFFFFFFF:08X} is none that this operation can use."
        raise operands.missing(activation, AccessFault(message, operand.place))
    return _addressed(activation, area, byte, bit, operand)


def _addressed(activation: Activation, area: str, byte: int, bit: int, operand: n.Indirect) -> Location:
    if area == "P":
        return operands.address(activation, "I", byte, bit, operand.type, peripheral=True)
    if area not in ("DB", "DI", "L"):
        return operands.address(activation, area, byte, bit, operand.type)
    data = operands.block_data(activation, area, None, operand.place)
    found, offset = operands.bytes_of(activation, data, operand.place)
    return at(found, offset + byte, bit, operand.type)


def _numbered(activation: Activation, operand: n.Indirect) -> Location:
    """Return the timer, counter or data block whose number stands in memory."""
    number = expressions.evaluate(activation, operand.pointer) if operand.pointer is not None else 0
    if operand.area in ("T", "C"):
        return operands.address(activation, operand.area, number, 0, operand.type)
    return Whole(operands.block_data(activation, "DB", number, operand.place), operand.type)
