"""Operands of STL whose place is found while the program runs: indirect ones, and those in an opened data block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simatic_xml.program import nodes as n
from virtual_plc.code.python_text import Text, expression, literal
from virtual_plc.python_tier.access.elements import range_of
from virtual_plc.python_tier.block_code import BlockCode
from virtual_plc.python_tier.evaluation import value
from virtual_plc.python_tier.stl import network
from virtual_plc.python_tier.stl.runtime import OFFSET


def is_dynamic(node: n.Expression) -> bool:
    """Return whether the place of an operand is known only at run time."""
    return isinstance(node, n.Indirect) or (
        isinstance(node, n.Absolute) and node.area in ("DB", "DI") and node.block is None
    )


def place_of(code: BlockCode, node: n.Indirect | n.Absolute) -> Text:
    """Return the place of an operand, in a name."""
    data_type = code.bind("type", node.type)
    instance = expression("self") if code.block.kind == "FB" else None
    frame = expression("frame") if code.layout.frame_bytes else None
    registers = expression("Registers(db, di, {}, {})", instance, frame)
    area = code.bind("area", node.area)
    if isinstance(node, n.Absolute):
        found = expression("addressing.direct({}, {}, {}, {}, {})", area, node.byte, node.bit, data_type, registers)
    elif node.pointer is not None and (node.bits == 0 or node.area in ("T", "C")):
        found = expression("addressing.find_by_number({}, {}, {})", area, value(code, node.pointer), data_type)
    else:
        found = expression("addressing.indirect({}, {}, {}, {})", area, _pointer(code, node), data_type, registers)
    return code.keep_value(found)


def _pointer(code: BlockCode, node: n.Indirect) -> Text:
    if not node.register:
        return value(code, node.pointer) if node.pointer is not None else literal(0)
    register = network.REGISTERS[node.register]
    if not node.offset:
        return register
    return expression("{0} & {1} | {0} + {2} & {3}", register, 0xFF00_0000, node.offset, OFFSET)


def read(code: BlockCode, node: n.Indirect) -> Text:
    """Return what an indirect operand holds."""
    return expression("{}.get()", place_of(code, node), range=range_of(node.type), safe=False)


def status(_: BlockCode, node: n.StatusBit) -> Text:
    """Return a bit of the status word, or all of it."""
    if node.name == "STW":
        return network.STATUS_WORD
    return network.condition(node.name)


READERS: dict[type, Callable[[BlockCode, Any], Text]] = {n.Indirect: read, n.StatusBit: status}
