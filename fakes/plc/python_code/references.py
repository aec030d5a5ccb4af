"""Operands that are handed over as themselves: for VARIANT, REF_TO, and parameters of instructions.

A reference has `container`, `key`, `type`, `get()` and `set(value)`. A local variable without parts has no place in
memory: a list of one element stands for it during the call.
"""

from __future__ import annotations

from typing import Any

from fakes.plc.codecs import Bytes, codec
from fakes.plc.naming import attribute
from fakes.plc.python_code import dynamic, memory_text, operands
from fakes.plc.python_code.block_code import BlockCode
from fakes.plc.python_code.elements import Checks, default, position
from fakes.plc.python_code.evaluation import in_order, value
from fakes.plc.python_code.text import Level, Text
from fakes.plc.shapes import copy_into, is_opaque, is_plain
from simatic_xml.program import nodes as n
from simatic_xml.program.conversions import same
from simatic_xml.program.types import DataType, Reference, Special, type_name

_BLOCKS = ("block_", "void")


class Place:
    """A value without parts among bytes, as a reference."""

    __slots__ = ("_bit", "_codec", "container", "key", "type")

    def __init__(self, container: Bytes, key: int, bit: int, data_type: DataType) -> None:
        """Keep where it lies."""
        self.container, self.key, self.type = container, key, data_type
        self._bit, self._codec = bit, codec(data_type)

    def get(self) -> Any:
        """Return the value."""
        return self._codec.read(self.container, self.key, self._bit)

    def set(self, value: Any) -> None:
        """Write the value."""
        self._codec.write(self.container, self.key, self._bit, value)


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


def is_reference(data_type: DataType) -> bool:
    """Tell whether a parameter of a type takes an operand as itself."""
    return is_opaque(data_type)


def reference(code: BlockCode, node: n.Expression, after: list[str] | None = None) -> Text:
    """Return a reference to an operand, or one that the operand holds already.

    Args:
        code: the block.
        node: the operand.
        after: receives the line that writes a local variable back once the call is over; without it the reference is
            one to the value.
    """
    if isinstance(node.type, Reference | Special):
        return value(code, node)
    if dynamic.is_dynamic(node) and isinstance(node, n.Indirect | n.Absolute):
        return dynamic.place_of(code, node)
    data_type = code.bind(type_name(node.type), node.type)
    match node:
        case n.Local() if not is_plain(node.type):
            return Text(f"{code.bind('Whole', Whole)}({value(code, node)}, {data_type})")
        case n.Local() if code.is_local(node.variable):
            return _boxed(code, node, data_type, after)
        case n.Local():
            owner, _, name = code.path(node.variable).rpartition(".")
            return Text(f"Slot({owner}, {name!r}, {data_type})")
        case n.Field():
            base = value(code, node.base)
            return Text(f"Slot({base}, {attribute(node.member.name)!r}, {data_type})", safe=base.safe)
        case n.Element() if not is_plain(node.base.type):
            return _of_element(code, node, data_type)
        case n.TagOperand() | n.Absolute() if is_plain(node.type):
            return _in_bytes(code, node, data_type)
        case n.Dereference():
            return value(code, node.base)
    if not is_plain(node.type):
        return Text(f"{code.bind('Whole', Whole)}({value(code, node)}, {data_type})")
    return _boxed(code, node, data_type, after)


def _of_element(code: BlockCode, node: n.Element, data_type: str) -> Text:
    base, *indices = in_order(code, [node.base, *node.indices])
    checks = Checks()
    place = position(code, node.base, indices, checks)
    text = f"Slot({base}, {place}, {data_type})"
    if not checks.tests:
        return Text(text)
    nothing = f"Slot([{default(code, node.type)}], 0, {data_type})"
    return Text(f"{text} if {checks.condition()} else no_value({nothing}, {', '.join(checks.reports)})", Level.CHOICE)


def _boxed(code: BlockCode, node: n.Expression, data_type: str, after: list[str] | None) -> Text:
    name = code.temp()
    code.writer.line(f"{name} = Slot([{value(code, node)}], 0, {data_type})")
    if isinstance(node, n.Local | n.Wire) and after is not None:
        after.append(f"{value(code, node)} = {name}.container[0]")
    return Text(name, steady=True)


def _in_bytes(code: BlockCode, node: n.TagOperand | n.Absolute, data_type: str) -> Text:
    place = code.bind("Place", Place)
    if isinstance(node, n.Absolute):
        if node.area in ("T", "C"):
            return _numbered(code, node.area, node.byte, data_type)
        data, offset = operands.bytes_of(code, node)
        return Text(f"{place}({data}, {offset + node.byte}, {node.bit}, {data_type})")
    letter, byte, bit = operands.tag_place(code, node)
    if letter in ("T", "C"):
        return _numbered(code, letter, byte, data_type)
    data = memory_text.area(code, letter, peripheral=node.peripheral)
    return Text(f"{place}({data}, {byte}, {bit}, {data_type})")


def _numbered(code: BlockCode, letter: str, number: int, data_type: str) -> Text:
    name = "timers" if letter == "T" else "counters"
    return Text(f"Slot({code.bind(name, getattr(code.context.memory, name))}, {number}, {data_type})")


def refers_to(given: Any, wanted: DataType) -> bool:
    """Tell whether a reference is one to a type (`REF_TO x` names its target)."""
    if given is None:
        return False
    if isinstance(wanted, Reference):
        return type_name(given.type).casefold().strip('"') == wanted.target.casefold().strip('"')
    return same(given.type, wanted)


def attempt(given: Any, wanted: DataType) -> Any:
    """Return what `?=` assigns: the reference if it is one to the type, else none."""
    return given if refers_to(given, wanted) else None
