"""Operands of the typed program as people write them: `"DB".motor[#i].speed`, `#x.%X3`, `%DB1.DBW2`.

Cross references, messages and lists name an operand by this text; it is SCL's notation for every language.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from simatic_xml.program import nodes as n

_PLAIN = re.compile(r"[^\W\d]\w*")
_WIDTHS = {1: "X", 8: "B", 16: "W", 32: "D", 64: "L"}
_NUMBERED = ("T", "C")


def text(expression: n.Expression) -> str:
    """Return an expression as SCL writes it; conversions that the compiler inserted stay invisible.

    An operand without a name (a wire, a broken operand) is empty.
    """
    write = _WRITERS.get(type(expression))
    return "" if write is None else write(expression)


def _convert(expression: n.Convert) -> str:
    inner = text(expression.operand)
    return f"{expression.function}({inner})" if expression.function else inner


def _unary(expression: n.Unary) -> str:
    return f"{expression.operator} {text(expression.operand)}".replace("- ", "-")


def _block_call(call: n.BlockCall) -> str:
    return (f'"{call.callee}"' if call.instance is None else text(call.instance)) + "(…)"


def _overlay(expression: n.Overlay) -> str:
    bit = f".{expression.bit}" if expression.bits == 1 else ""
    return f"{text(expression.base)}.%DB{_WIDTHS[expression.bits]}{expression.byte}{bit}"


def address(operand: n.Absolute) -> str:
    """Return an absolute operand as TIA Portal writes it: `%I0.0:P`, `%MW10`, `%DB1.DBX0.0`, `%T5`."""
    if operand.area in _NUMBERED:
        return f"%{operand.area}{operand.byte}"
    bit = f".{operand.bit}" if operand.bits == 1 else ""
    peripheral = ":P" if operand.peripheral else ""
    if operand.area in ("DB", "DI"):
        block = "" if operand.block is None else f"DB{operand.block}."
        return f"%{block}{operand.area}{_WIDTHS[operand.bits]}{operand.byte}{bit}"
    width = "" if operand.bits == 1 else _WIDTHS[operand.bits]
    return f"%{operand.area}{width}{operand.byte}{bit}{peripheral}"


def _constant(constant: n.Constant) -> str:
    if constant.symbol:
        name = constant.symbol
        return f"#{_name(name)}" if constant.scope == "local" else f'"{name}"'
    value = constant.value
    if isinstance(value, bool):
        return str(value).upper()
    return f"'{value}'" if isinstance(value, str) else str(value)


def _indirect(operand: n.Indirect) -> str:
    bare = operand.bits == 0 or (operand.bits == 1 and operand.area not in ("DB", "DI"))
    width = "" if bare else _WIDTHS[operand.bits]
    where = f"{operand.area or ''}{width}"
    if operand.register:
        return f"{where}[{operand.register}, P#{operand.offset // 8}.{operand.offset % 8}]"
    return f"{where}[{text(operand.pointer)}]" if operand.pointer is not None else where


def _name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else f'"{name}"'


_WRITERS: dict[type, Callable[[Any], str]] = {
    n.Constant: _constant,
    n.Local: lambda local: f"#{_name(local.variable.name)}",
    n.TagOperand: lambda tag: f'"{tag.name}"' + (":P" if tag.peripheral else ""),
    n.DataBlock: lambda block: f'"{block.name}"',
    n.Absolute: address,
    n.Indirect: _indirect,
    n.StatusBit: lambda bit: bit.name,
    n.Field: lambda field: f"{text(field.base)}.{_name(field.member.name)}",
    n.Element: lambda element: f"{text(element.base)}[{', '.join(map(text, element.indices))}]",
    n.Slice: lambda part: f"{text(part.base)}.%{_WIDTHS[part.bits]}{part.number}",
    n.Overlay: _overlay,
    n.Dereference: lambda reference: f"{text(reference.base)}^",
    n.Convert: _convert,
    n.Unary: _unary,
    n.Binary: lambda both: f"{text(both.left)} {both.operator} {text(both.right)}",
    n.BlockCall: _block_call,
    n.InstructionCall: lambda call: f"{call.name}(…)",
    n.Eno: lambda _: "ENO",
}
