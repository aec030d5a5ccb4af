"""Operands that are passed as themselves: for VARIANT, REF_TO, and parameters of instructions.

A reference has `container`, `key`, `type`, `get()` and `set(value)`. A local variable without parts has no place in
memory: a list of one element replaces it during the call.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.types.conversions import same
from simatic_xml.program.types.types import Array, DataType, Elementary, Reference, Special, referenced
from virtual_plc.code.naming import Name, attribute
from virtual_plc.code.python_text import Text, expression
from virtual_plc.faults import AccessFault
from virtual_plc.instructions.data.variants import named_type
from virtual_plc.memory.codecs import Bytes
from virtual_plc.memory.shapes import copy_into, is_plain, plain
from virtual_plc.memory.starting_values import Slot
from virtual_plc.memory.views import array_view
from virtual_plc.python_tier.access import memory_text, operands
from virtual_plc.python_tier.access.elements import Checks, default, open_bounds, position
from virtual_plc.python_tier.block_code import BlockCode
from virtual_plc.python_tier.evaluation import After, in_order, value
from virtual_plc.python_tier.stl import dynamic


class Whole:
    """Data with parts that are no member of anything, as a reference."""

    __slots__ = ("container", "key", "type")

    def __init__(self, data: Any, data_type: DataType) -> None:
        """Keep the data."""
        self.container, self.key, self.type = [data], 0, data_type

    def get(self) -> Any:
        """Return the data."""
        return self.container[0]

    def set(self, value: Any) -> None:
        """Copy other data into these."""
        copy_into(self.container[0], value)


def reference(code: BlockCode, node: n.Expression, after: list[After] | None = None) -> Text:
    """Return a reference to an operand, or one that the operand holds already.

    Args:
        code: the block.
        node: the operand.
        after: receives what writes a local variable back once the call is over; without it the reference is
            one to the value.
    """
    if isinstance(node.type, Reference | Special):
        return value(code, node)
    if isinstance(node, n.Indirect | n.Absolute) and dynamic.is_dynamic(node):
        return dynamic.place_of(code, node)
    data_type = code.bind("type", node.type)
    maker = None if isinstance(node, n.Local) else _MAKERS.get(type(node))
    if isinstance(node, n.Local) and is_plain(node.type):
        return _of_local(code, node, data_type, after)
    part = isinstance(node, n.Field) or (isinstance(node, n.Element) and not node.is_row)
    if maker is not None and (is_plain(node.type) or part):
        return maker(code, node, data_type)
    if not is_plain(node.type):
        whole = code.bind("Whole", Whole)
        return expression("{}({}, {})", whole, value(code, node), _whole_type(code, node, data_type))
    return _box(code, node, data_type, after)


def _whole_type(code: BlockCode, node: n.Expression, data_type: Name) -> Text | Name:
    """Return the type of data with parts; an array of open length gets the bounds that came with it."""
    if isinstance(node.type, Array) and None in node.type.bounds:
        return expression("{}({}, {})", code.bind("with_bounds", with_bounds), data_type, open_bounds(code, node))
    return data_type


@cache
def with_bounds(array: Array, bounds: tuple[tuple[int, int], ...]) -> Array:
    """Return an array of open length with its bounds."""
    return Array(array.element, bounds)


def _of_local(code: BlockCode, node: n.Local, data_type: Name, after: list[After] | None) -> Text:
    if code.is_local(node.variable):
        return _box(code, node, data_type, after)
    owner, member = code.layout.owner(node.variable)
    return expression("Slot({}, {}, {})", owner, code.bind("member", member), data_type)


def _of_field(code: BlockCode, node: n.Field, data_type: Name) -> Text:
    base = value(code, node.base)
    member = code.bind("member", attribute(node.member.name))
    return expression("Slot({}, {}, {})", base, member, data_type, safe=base.safe)


def _of_element(code: BlockCode, node: n.Element, data_type: Name) -> Text:
    if is_plain(node.base.type):
        return _box(code, node, data_type, None)
    base, *indices = in_order(code, [node.base, *node.indices])
    checks = Checks()
    place = position(code, node.base, indices, checks)
    text = expression("Slot({}, {}, {})", base, place, data_type)
    if not checks.tests:
        return text
    nothing = expression("Slot([{}], 0, {})", default(code, node.type), data_type)
    return expression("{} if {} else no_value({}, {})", text, checks.condition(), nothing, checks.reports)


def _box(code: BlockCode, node: n.Expression, data_type: Name, after: list[After] | None) -> Text:
    name = code.temp()
    code.writer.line("{} = Slot([{}], 0, {})", name, value(code, node), data_type)
    if isinstance(node, n.Local | n.Wire) and after is not None:
        target = value(code, node)
        after.append(lambda: code.writer.effect("{} = {}.container[0]", target, name))
    return name


def _of_tag(code: BlockCode, node: n.TagOperand, _: Name) -> Text:
    letter, byte, bit = operands.tag_place(code, node)
    if letter in ("T", "C"):
        return _refer_to_number(code, letter, byte, node.type)
    area = memory_text.area_of(code, letter, peripheral=node.peripheral)
    return expression("{}", code.bind("place", at(area, byte, bit, node.type)), steady=True)


def _of_absolute(code: BlockCode, node: n.Absolute, data_type: Name) -> Text:
    if node.area in ("T", "C"):
        return _refer_to_number(code, node.area, node.byte, node.type)
    data, offset = operands.bytes_of(code, node)
    return expression("{}({}, {}, {}, {})", code.bind("at", at), data, offset + node.byte, node.bit, data_type)


def at(area: Bytes, byte: int, bit: int, data_type: DataType) -> Slot:
    """Return the reference to a value without parts among bytes.

    Raises:
        AccessFault: the area ends before it.
    """
    size = (data_type.bits + 7) // 8 if isinstance(data_type, Elementary) else 1
    if not 0 <= byte <= len(area) - size:
        raise AccessFault(f"Byte {byte} is after the end of the area, which has {len(area)} bytes.")
    bits = isinstance(data_type, Elementary) and data_type.bits == 1
    count = (len(area) - byte) * 8 if bits else 1
    return Slot(array_view(Array(data_type, ((0, count - 1),)), area, byte), bit, data_type)


def _refer_to_number(code: BlockCode, letter: str, number: int, data_type: DataType) -> Text:
    words = code.context.memory.timers if letter == "T" else code.context.memory.counters
    return expression(
        "{}", code.bind("timer" if letter == "T" else "counter", Slot(words, number, data_type)), steady=True
    )


def _follow(code: BlockCode, node: n.Dereference, _: Name) -> Text:
    return value(code, node.base)


_MAKERS: dict[type, Callable[[BlockCode, Any, Name], Text]] = {
    n.Field: _of_field,
    n.Element: _of_element,
    n.TagOperand: _of_tag,
    n.Absolute: _of_absolute,
    n.Dereference: _follow,
}


def refers_to(given: Any, wanted: DataType) -> bool:
    """Return whether a reference is one to a type (`REF_TO x` names its target)."""
    if given is None:
        return False
    if isinstance(wanted, Reference):
        return referenced(given.type).casefold().strip('"') == wanted.target.casefold().strip('"')
    return same(given.type, wanted)


def agree(one: Any, other: Any) -> bool:
    """Return whether two references point to data of one type with equal values, or both to nothing.

    TIA Portal: help, "Creating SCL programs", heading "Comparison of structures".
    """
    if one is None or other is None:
        return one is other
    return named_type(one.type) == named_type(other.type) and bool(plain(one.get()) == plain(other.get()))


def attempt(given: Any, wanted: DataType) -> Any:
    """Return what `?=` assigns: the reference if it is one to the type, else none."""
    return given if refers_to(given, wanted) else None
