"""Operands that are written: found first, with what has to be checked on the way, then written by lines.

A target that does not exist stays unwritten: the code reports it to the CPU, which decides whether the program
continues.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import Array, DataType, Elementary, Structure
from simatic_xml.program.types.types import Text as TextType
from virtual_plc.code.naming import Name, mangle
from virtual_plc.code.python_text import Text, expression
from virtual_plc.instructions.control.timers import refreshes
from virtual_plc.memory.shapes import is_opaque, is_plain
from virtual_plc.memory.storage import copy_into
from virtual_plc.python_tier.access import memory_text
from virtual_plc.python_tier.access.elements import (
    Checks,
    character_place,
    default,
    if_inside,
    longest_of,
    position,
    range_of,
    select,
)
from virtual_plc.python_tier.access.operands import bytes_of, data_block, part, tag_place, wire_name
from virtual_plc.python_tier.block_code import BlockCode, require
from virtual_plc.python_tier.evaluation import value
from virtual_plc.python_tier.stl import dynamic

_NOT_WRITTEN, _NO_TARGET, _NO_VALUE = Name("not_written"), Name("no_target"), Name("no_value")


@dataclass(slots=True)
class Target:
    """A place that is going to be written, and may be read before.

    Attributes:
        type: type of what is there.
        read: returns what is there.
        write: writes the lines that put a value there.
        checks: what has to hold; the access is in order only then.
        failing: function that reports it when it does not.
    """

    type: DataType
    read: Callable[[], Text]
    write: Callable[[Text], None]
    checks: Checks = field(default_factory=Checks)
    failing: Name = _NOT_WRITTEN


def store(code: BlockCode, target: n.Expression, given: Text, source: DataType) -> None:
    """Write the lines that put a value into an operand.

    Args:
        code: the block.
        target: the operand.
        given: the value, of the operand's type.
        source: type of the expression that the value comes from.
    """
    mark, effects = code.writer.mark(), code.writer.effects
    found = find(code, target)
    if code.writer.effects != effects and not given.steady:
        given = code.keep_at(mark, given)
    put(code, found, given, source)


def put(code: BlockCode, target: Target, given: Text, source: DataType) -> None:
    """Write the lines that put a value into a target that was found."""
    if not target.checks.tests:
        _put(code, target, given, source)
        return
    if not given.safe:
        given = code.keep_value(given)
    code.writer.line("if {}:", target.checks.condition())
    with code.writer.deeper():
        _put(code, target, given, source)
    code.writer.line("else:")
    with code.writer.deeper():
        code.writer.line("{}({})", target.failing, target.checks.reports)


def _put(code: BlockCode, target: Target, given: Text, source: DataType) -> None:
    if not is_plain(target.type) and not is_opaque(target.type):
        _copy(code, target, given)
    else:
        target.write(shorten(given, target.type, source))


def _copy(code: BlockCode, target: Target, given: Text) -> None:
    into = target.read()
    array = target.type
    if isinstance(array, Array) and is_plain(array.element) and None not in array.bounds:
        code.writer.effect("{}[:] = {}", into, given)
    else:
        code.writer.effect("{}({}, {})", code.bind("copy_into", copy_into), into, given)


def shorten(given: Text, target: DataType, source: DataType) -> Text:
    """Return a string cut to what a variable of a type holds."""
    if not isinstance(target, TextType):
        return given
    most = longest_of(target)
    longest = source.length if given.longest is None and isinstance(source, TextType) else given.longest
    if longest is not None and longest <= most:
        return replace(given, longest=longest)
    return expression("{}[:{}]", given, most, safe=given.safe, longest=most)


def find(code: BlockCode, node: n.Expression, *, lasting: bool = False) -> Target:
    """Return the target that an operand is; its indices are evaluated.

    Args:
        code: the block.
        node: the operand.
        lasting: whether calls are between, so that even variables in indices have to be kept.
    """
    finder = _FINDERS.get(type(node))
    if finder is None:
        raise code.refuse("This operand cannot be written.", node.place)
    return finder(code, node, lasting)


def _target_name(code: BlockCode, node: n.Expression, text: Text, checks: Checks | None = None) -> Target:
    def write(given: Text) -> None:
        code.writer.effect("{} = {}", text, given)

    return Target(node.type, lambda: text, write, checks or Checks())


def _simple(code: BlockCode, node: Any, _: bool) -> Target:
    return _target_name(code, node, value(code, node))


def _wire(code: BlockCode, node: n.Wire, _: bool) -> Target:
    text = wire_name(node)

    def write(given: Text) -> None:
        code.writer.line("{} = {}", text, given)
        code.written.add(node.number)

    return Target(node.type, lambda: value(code, node), write)


def _own(code: BlockCode, node: Any, _: bool) -> Target:
    """Return ENO or an outcome, which no call changes."""
    text = value(code, node)
    return Target(node.type, lambda: text, lambda given: code.writer.line("{} = {}", text, given))


def _whole_block(code: BlockCode, node: n.DataBlock, _: bool) -> Target:
    return _target_name(code, node, data_block(code, node))


def _field(code: BlockCode, node: n.Field, lasting: bool) -> Target:
    base = find_base(code, node.base, lasting)
    if refreshes(node.base.type):
        code.fresh.discard(base.read().text)
    text = expression("{}.{}", base.read(), mangle(node.member.name), range=range_of(node.type))
    found = _target_name(code, node, text, base.checks)
    found.failing = base.failing
    return found


def find_base(code: BlockCode, node: n.Expression, lasting: bool) -> Target:
    """Return what a target is a part of: another target, or an object that some expression gives."""
    if type(node) in _FINDERS:
        return find(code, node, lasting=lasting)
    text = code.keep_value(value(code, node))
    return Target(node.type, lambda: text, lambda _: None)


def _element(code: BlockCode, node: n.Element, lasting: bool) -> Target:
    if isinstance(node.base.type, TextType):
        return _character(code, node, lasting)
    base = find_base(code, node.base, lasting)
    indices = [_index(code, each, lasting) for each in node.indices]
    checks = base.checks
    place = position(code, node.base, indices, checks)
    array = code.hoist_array(node.base, base.read())
    found = _target_name(code, node, select(code, node, array, place, checks), checks)
    found.failing = base.failing
    return found


def _index(code: BlockCode, node: n.Expression, lasting: bool) -> Text:
    text = value(code, node)
    return text if text.is_name and not lasting else code.keep_value(text)


def _character(code: BlockCode, node: n.Element, lasting: bool) -> Target:
    """Return a character inside of a string, or the one directly behind it, which lengthens it."""
    base = find_base(code, node.base, lasting)
    place = character_place(code, node)
    most = longest_of(require(node.base.type, TextType, node.place))

    def write(given: Text) -> None:
        given = given if given.safe else code.keep_value(given)
        old = code.keep_value(base.read())
        new = expression("{0}[:{1} - 1] + {2} + {0}[{1}:]", old, place, given)
        fits = place.range is not None and place.range[1] <= most
        last = expression("len({}) + 1", old) if fits else expression("min(len({}) + 1, {})", old, most)
        base.write(new if fits and place.range == (1, 1) else if_inside(code, place, last, new, old))

    return Target(node.type, lambda: value(code, node), write, base.checks)


def _slice(code: BlockCode, node: n.Slice, lasting: bool) -> Target:
    base = find_base(code, node.base, lasting)
    owner = require(base.type, Elementary, node.place)
    shift, mask = node.bits * node.number, (1 << node.bits) - 1
    kept = ((1 << owner.bits) - 1) ^ (mask << shift)

    def write(given: Text) -> None:
        given = code.keep_value(given)
        old = code.keep_value(base.read())
        if node.bits == 1:
            new = expression("{0} | {1} if {2} else {0} & {3}", old, 1 << shift, given, kept)
        else:
            new = expression("{} & {} | {} << {}", old, kept, given, shift)
        if owner.signed:
            half = 1 << owner.bits - 1
            new = expression("({0} & {1} ^ {2}) - {2}", new, (1 << owner.bits) - 1, half)
        base.write(new)

    return Target(node.type, lambda: part(base.read(), node), write, base.checks)


def _tag(code: BlockCode, node: n.TagOperand, _: bool) -> Target:
    letter, byte, bit = tag_place(code, node)
    if letter in ("T", "C") or isinstance(node.type, Structure | Array):
        return _target_name(code, node, value(code, node))
    sides = [True, False] if node.peripheral else [False]
    areas: list[Name | Text] = [memory_text.area(code, letter, peripheral=each) for each in sides]
    return _in_bytes(code, node, areas, byte, bit)


def _dynamic(code: BlockCode, node: Any, _: bool) -> Target:
    place = dynamic.place_of(code, node)

    def write(given: Text) -> None:
        code.writer.effect("{}.set({})", place, given)

    return Target(node.type, lambda: expression("{}.get()", place, range=range_of(node.type)), write)


def _absolute(code: BlockCode, node: n.Absolute, _: bool) -> Target:
    if dynamic.is_dynamic(node):
        return _dynamic(code, node, False)
    if node.area in ("T", "C"):
        return _target_name(code, node, value(code, node))
    data, offset = bytes_of(code, node)
    areas: list[Name | Text] = [data]
    if node.peripheral:
        areas.append(memory_text.area(code, node.area, peripheral=False))
    return _in_bytes(code, node, areas, offset + node.byte, node.bit)


def _in_bytes(code: BlockCode, node: n.Expression, areas: list[Name | Text], byte: int, bit: int) -> Target:
    def read() -> Text:
        return memory_text.read(code, areas[0], node.type, byte, bit, node.place)

    def write(given: Text) -> None:
        given = code.keep_value(given) if len(areas) > 1 else given
        for area in areas:
            memory_text.write(code, area, node.type, byte, bit, given)

    return Target(node.type, read, write)


def _overlay(code: BlockCode, node: n.Overlay, lasting: bool) -> Target:
    base = find_base(code, node.base, lasting)
    data_type = code.bind(f"type_{node.bits}", node.type)
    where: tuple[Text, Name, int, int] = (base.read(), data_type, node.byte, node.bit)

    def write(given: Text) -> None:
        code.writer.effect("overlay_write({}, {}, {}, {}, {})", *where, given)

    return Target(node.type, lambda: expression("overlay_read({}, {}, {}, {})", *where, safe=False), write, base.checks)


def _dereference(code: BlockCode, node: n.Dereference, _: bool) -> Target:
    base = code.keep_value(value(code, node.base))

    def write(given: Text) -> None:
        code.writer.effect("{}.set({})", base, given)

    text = expression("{}.get()", base, range=range_of(node.type), safe=False)
    return Target(node.type, lambda: text, write, Checks([expression("{} is not None", base)]), _NO_TARGET)


_FINDERS: dict[type, Callable[[BlockCode, Any, bool], Target]] = {
    n.Local: _simple,
    n.TagOperand: _tag,
    n.Absolute: _absolute,
    n.Indirect: _dynamic,
    n.DataBlock: _whole_block,
    n.Field: _field,
    n.Element: _element,
    n.Slice: _slice,
    n.Overlay: _overlay,
    n.Dereference: _dereference,
    n.Wire: _wire,
    n.Eno: _own,
    n.Outcome: _own,
}


def read_checked(code: BlockCode, target: Target) -> Text:
    """Return what is at a target that may not exist, the default of its type where it does not."""
    if not target.checks.tests:
        return target.read()
    failing = _NO_VALUE if target.failing == _NOT_WRITTEN else target.failing
    missing = expression("{}({})", failing, [default(code, target.type), *target.checks.reports])
    text, limits = target.read(), range_of(target.type)
    return expression("{} if {} else {}", text, target.checks.condition(), missing, range=limits, safe=False)
