"""Operands of STL whose place is found while the program runs: indirect ones, and those in an opened data block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakes.plc.python_code import stl
from fakes.plc.python_code.block_code import BlockCode
from fakes.plc.python_code.elements import range_of
from fakes.plc.python_code.evaluation import value
from fakes.plc.python_code.stl_runtime import OFFSET
from fakes.plc.python_code.text import Text
from simatic_xml.program import nodes as n
from simatic_xml.program.types import type_name


def is_dynamic(node: n.Expression) -> bool:
    """Tell whether the place of an operand is known only at run time."""
    return isinstance(node, n.Indirect) or (
        isinstance(node, n.Absolute) and node.area in ("DB", "DI") and node.block is None
    )


def place_of(code: BlockCode, node: n.Indirect | n.Absolute) -> Text:
    """Return the place of an operand, in a name."""
    data_type = code.bind(type_name(node.type), node.type)
    instance = "self" if code.block.kind == "FB" else "None"
    registers = f"Registers(db, di, {instance}, {'frame' if code.frame_bytes else 'None'})"
    if isinstance(node, n.Absolute):
        found = f"addressing.direct({node.area!r}, {node.byte}, {node.bit}, {data_type}, {registers})"
    elif node.pointer is not None and (node.bits == 0 or node.area in ("T", "C")):
        found = f"addressing.numbered({node.area!r}, {value(code, node.pointer)}, {data_type})"
    else:
        found = f"addressing.indirect({node.area!r}, {_pointer(code, node)}, {data_type}, {registers})"
    return code.kept(Text(found, safe=False))


def _pointer(code: BlockCode, node: n.Indirect) -> str:
    if not node.register:
        return str(value(code, node.pointer)) if node.pointer is not None else "0"
    register = node.register.lower()
    return f"{register} & {0xFF00_0000} | {register} + {node.offset} & {OFFSET}" if node.offset else register


def read(code: BlockCode, node: n.Indirect) -> Text:
    """Return what an indirect operand holds."""
    return Text(f"{place_of(code, node)}.get()", range=range_of(node.type), safe=False)


def status(_: BlockCode, node: n.StatusBit) -> Text:
    """Return a bit of the status word, or all of it."""
    if node.name == "STW":
        return Text(f"({stl.STATUS_WORD})")
    return Text(f"({stl.condition(node.name)})")


READERS: dict[type, Callable[[BlockCode, Any], Text]] = {n.Indirect: read, n.StatusBit: status}
