"""Operands as Python text where they are read: variables, tags, members, slices, references."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import DataType, Elementary, Kind
from virtual_plc.code.naming import Name, attribute, mangle
from virtual_plc.code.python_text import Text, expression, steady_name
from virtual_plc.instructions.control.timers import refresh, refreshes
from virtual_plc.memory.shapes import is_plain
from virtual_plc.memory.views import buffer_of
from virtual_plc.python_tier.access import memory_text
from virtual_plc.python_tier.access.elements import default, range_of
from virtual_plc.python_tier.block_code import BlockCode
from virtual_plc.python_tier.evaluation import value
from virtual_plc.python_tier.stl import dynamic


def is_bool(data_type: DataType) -> bool:
    """Return whether a type is Bool."""
    return isinstance(data_type, Elementary) and data_type.kind is Kind.BOOL


def _local(code: BlockCode, node: n.Local) -> Text:
    variable = node.variable
    steady = id(variable) in code.loop_variables or (code.is_local(variable) and not is_plain(variable.type))
    known = code.ranges.get(id(variable))
    return replace(code.path(variable), range=known or range_of(variable.type), steady=steady)


def _tag(code: BlockCode, node: n.TagOperand) -> Text:
    letter, byte, bit = tag_place(code, node)
    if letter in ("T", "C"):
        return memory_text.index_word(code, letter, byte)
    data = memory_text.area(code, letter, peripheral=node.peripheral)
    return memory_text.read(code, data, node.type, byte, bit, node.place)


def tag_place(code: BlockCode, node: n.TagOperand) -> tuple[str, int, int]:
    """Return area, byte and bit of a tag."""
    found = memory_text.place_of(node.address)
    if found is None:
        raise code.refuse(f"The tag '{node.name}' has the address '{node.address}', which cannot be used.", node.place)
    return found


def _absolute(code: BlockCode, node: n.Absolute) -> Text:
    if dynamic.is_dynamic(node):
        return expression("{}.get()", dynamic.place_of(code, node), range=range_of(node.type), safe=False)
    if node.area in ("T", "C"):
        return memory_text.index_word(code, node.area, node.byte)
    data, offset = bytes_of(code, node)
    return memory_text.read(code, data, node.type, offset + node.byte, node.bit, node.place)


def bytes_of(code: BlockCode, node: n.Absolute) -> tuple[Name | Text, int]:
    """Return the bytes that an absolute operand is in, and where its area begins in them."""
    if node.area in memory_text.AREAS:
        return memory_text.area(code, node.area, peripheral=node.peripheral), 0
    if node.area == "DB" and node.block is not None:
        data = code.draft.lookups.data_numbered(node.block)
        buffer = None if data is None else buffer_of(data)
        if buffer is not None and data is not None:
            offset = data.offset if hasattr(data, "offset") else data._offset
            return code.bind(f"bytes_of_DB{node.block}", buffer), offset
    if node.area == "L" and code.layout.frame_bytes:
        return code.layout.frame_bytes, 0
    raise code.refuse(f"Absolute access to {node.area} is not possible here.", node.place)


def data_block(code: BlockCode, node: n.DataBlock) -> Text:
    """Return the data of a data block."""
    found = code.draft.lookups.data(node.name)
    if found is None:
        raise code.refuse(f"There is no data block '{node.name}'.", node.place)
    return expression("{}", code.bind(f"DB_{attribute(node.name)}", found), steady=True)


def _field(code: BlockCode, node: n.Field) -> Text:
    base = value(code, node.base)
    if node.member.name.upper() in ("Q", "ET") and refreshes(node.base.type):
        base = _up_to_date(code, base)
    steady = base.steady and not is_plain(node.type)
    name = mangle(node.member.name)
    return expression("{}.{}", base, name, range=range_of(node.type), steady=steady, safe=base.safe)


def _up_to_date(code: BlockCode, timer: Text) -> Text:
    """Bring a timer up to date before Q or ET is read, unless it is already."""
    if timer.text in code.fresh:
        return timer
    if timer.steady or timer.is_path:
        code.fresh.add(timer.text)
    else:
        timer = code.keep_value(timer)
    code.writer.line("if {}._state is not None:", timer)
    with code.writer.deeper():
        code.writer.line("{}({}, cpu.now)", code.bind("refresh", refresh), timer)
    return timer


def _slice(code: BlockCode, node: n.Slice) -> Text:
    return part(value(code, node.base), node)


def part(base: Text, node: n.Slice) -> Text:
    """Return a slice of a value."""
    shift = node.bits * node.number
    if node.bits == 1:
        return expression("{} & {} != 0", base, 1 << shift, safe=base.safe)
    mask = (1 << node.bits) - 1
    shifted = expression("{} >> {}", base, shift) if shift else base
    return expression("{} & {}", shifted, mask, range=(0, mask), safe=base.safe)


def _overlay(code: BlockCode, node: n.Overlay) -> Text:
    base = value(code, node.base)
    data_type = code.bind(f"type_{node.bits}", node.type)
    return expression("overlay_read({}, {}, {}, {})", base, data_type, node.byte, node.bit, safe=False)


def _dereference(code: BlockCode, node: n.Dereference) -> Text:
    base = code.keep_value(value(code, node.base))
    failing = expression("no_target({})", default(code, node.type))
    return expression("{0}.get() if {0} is not None else {1}", base, failing, range=range_of(node.type), safe=False)


def _wire(code: BlockCode, node: n.Wire) -> Text:
    if node.number not in code.written:
        code.wires.setdefault(node.number, default(code, node.type))
    return wire_name(node)


def wire_name(node: n.Wire) -> Text:
    """Return the name of a wire."""
    return steady_name("w", node.number).with_range(range_of(node.type))


def _eno(_: BlockCode, __: n.Eno) -> Text:
    return expression("eno")


def _outcome(_: BlockCode, __: n.Outcome) -> Text:
    return expression("outcome")


def _read_returned(code: BlockCode, node: n.Returned) -> Text:
    if code.returned is None:
        raise code.refuse("A returned value is used outside of a call.", node.place)
    return code.returned


READERS: dict[type, Callable[[BlockCode, Any], Text]] = {
    n.Local: _local,
    n.TagOperand: _tag,
    n.Absolute: _absolute,
    n.DataBlock: data_block,
    n.Field: _field,
    n.Slice: _slice,
    n.Overlay: _overlay,
    n.Dereference: _dereference,
    n.Wire: _wire,
    n.Eno: _eno,
    n.Outcome: _outcome,
    n.Returned: _read_returned,
}
