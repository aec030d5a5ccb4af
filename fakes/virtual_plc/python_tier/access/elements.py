"""Elements and rows of arrays and characters of strings: their places in the flat list, and the indices to check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.types.ranges import limits
from simatic_xml.program.types.types import Array, DataType, Elementary
from simatic_xml.program.types.types import Text as TextType
from virtual_plc.code.python_text import Range, Text, expression, join_pieces, literal
from virtual_plc.memory.rows import Row
from virtual_plc.memory.shapes import is_plain
from virtual_plc.memory.storage import new
from virtual_plc.python_tier.block_code import BlockCode, require
from virtual_plc.python_tier.evaluation import in_order, value
from virtual_plc.python_tier.signatures import bounds_name, is_open

_LONGEST = {"String": 254, "WString": 16382}


@dataclass(slots=True)
class Checks:
    """What has to hold before an operand may be accessed.

    Attributes:
        tests: conditions.
        reports: for each index that is tested the arguments that name it in a fault: index, lowest, highest.
    """

    tests: list[Text] = field(default_factory=list)
    reports: list[Text] = field(default_factory=list)

    def condition(self) -> Text:
        """Return all conditions as one."""
        return join_pieces("{} and {}", self.tests)

    def limit(self, index: Text, low: Text, high: Text, tested: Text | None = None) -> None:
        """Note that an index has to be inside of limits; `tested` is the index where it is first."""
        self.tests.append(expression("{} <= {} <= {}", low, tested or index, high))
        self.reports += [index, low, high]


def range_of(data_type: DataType) -> Range | None:
    """Return the limits of a type of whole numbers."""
    return limits(data_type) if isinstance(data_type, Elementary) else None


def longest_of(data_type: TextType) -> int:
    """Return how many characters a text of a type has at most."""
    return _LONGEST[data_type.name] if data_type.length is None else data_type.length


def default(code: BlockCode, data_type: DataType) -> Text:
    """Return what an operand gives that does not exist."""
    if not is_plain(data_type):
        return expression("{}({})", code.bind("new", new), code.bind("type", data_type))
    found = new(data_type)
    if found is None or isinstance(found, bool | int | float):
        return literal(found)
    return expression("{}", code.bind("default", found), steady=True)


def element(code: BlockCode, node: n.Element) -> Text:
    """Return an element that is read; one that does not exist is reported and has the default of its type."""
    if isinstance(node.base.type, TextType):
        return _character(code, node)
    base, *indices = in_order(code, [node.base, *node.indices])
    base = code.hoist_array(node.base, base)
    checks = Checks()
    place = position(code, node.base, indices, checks)
    text = select(code, node, base, place, checks)
    if not checks.tests:
        return replace(text, range=range_of(node.type), safe=base.safe and place.safe)
    failing = expression("no_value({}, {})", default(code, node.type), checks.reports)
    return expression("{} if {} else {}", text, checks.condition(), failing, range=range_of(node.type), safe=False)


def select(code: BlockCode, node: n.Element, array: Text, place: Text, checks: Checks) -> Text:
    """Return the element of an array at a place; of a row the place is its number."""
    if node.is_row:
        return expression(
            "{}({}, {}, {})", code.bind("row", Row), array, place, code.bind("type", node.type), safe=False
        )
    found = expression("{}[{}]", array, place, range=range_of(node.type))
    known = array.steady and place.steady and not place.constant and not checks.tests
    return code.keep_element(found) if known and not is_plain(node.type) else found


def position(code: BlockCode, array: n.Expression, indices: Sequence[Text], checks: Checks) -> Text:
    """Return the place of an element in the flat list of an array, or the number of a row.

    Args:
        code: the block.
        array: the array.
        indices: one index for each dimension, for a row those of its first dimensions.
        checks: receives what has to hold.
    """
    bounds = require(array.type, Array, array.place).bounds
    if None in bounds:
        if len(indices) < len(bounds):
            raise code.refuse("A row of an array of open length is not executed.", array.place)
        return _open_position(code, array, indices, checks)
    place = literal(0)
    known = [each for each in bounds if each is not None]
    for number, (index, bound) in enumerate(zip(indices, known, strict=False)):
        checked = _from_zero(_check_index(code, index, bound, checks, kept=len(indices) > 1), bound[0])
        place = _sum(_times(place, bound[1] - bound[0] + 1), checked) if number else checked
    return place


def _check_index(code: BlockCode, index: Text, bound: Range, checks: Checks, *, kept: bool) -> Text:
    """Return an index; one that may be outside of its limits has to be checked."""
    low, high = bound
    known = index.range
    if known is not None and low <= known[0] and known[1] <= high:
        return index
    name, tested = index, None
    if not (index.steady or index.is_name):
        name = code.temp()
        if kept:
            code.writer.line("{} = {}", name, index)
        else:
            tested = expression("({} := {})", name, index)
    checks.limit(name, literal(low), literal(high), tested)
    return replace(name, range=(low, high), steady=True)


def _from_zero(index: Text, low: int) -> Text:
    if low == 0:
        return index
    if index.constant and index.range is not None:
        return literal(index.range[0] - low)
    limits_ = None if index.range is None else (index.range[0] - low, index.range[1] - low)
    template = "{} - {}" if low > 0 else "{} + {}"
    return expression(template, index, abs(low), range=limits_, steady=index.steady, safe=index.safe)


def _times(place: Text, size: int) -> Text:
    if place.constant and place.range is not None:
        return literal(place.range[0] * size)
    return expression("{} * {}", place, size, steady=place.steady, safe=place.safe)


def _sum(place: Text, index: Text) -> Text:
    if place.constant and index.constant and place.range and index.range:
        return literal(place.range[0] + index.range[0])
    steady = place.steady and index.steady
    return expression("{} + {}", place, index, steady=steady, safe=place.safe and index.safe)


def _open_position(code: BlockCode, array: n.Expression, indices: Sequence[Text], checks: Checks) -> Text:
    """Return the place of an element of an array whose limits the caller knows."""
    bounds = open_bounds(code, array)
    place = literal(0)
    for number, index in enumerate(indices):
        name = code.keep_value(index)
        low, high = expression("{}[{}][0]", bounds, number), expression("{}[{}][1]", bounds, number)
        checks.limit(name, low, high)
        if number == 0:
            place = expression("{} - {}", name, low, safe=False)
        else:
            place = expression("{} * ({} - {} + 1) + {} - {}", place, high, low, name, low, safe=False)
    return place


def open_bounds(code: BlockCode, array: n.Expression) -> Text:
    """Return the bounds of an array: known ones, or those that came with the parameter."""
    bounds = require(array.type, Array, array.place).bounds
    if None not in bounds:
        return expression("{},", [expression("{}, {}", *each) for each in bounds if each is not None])
    if isinstance(array, n.Local) and is_open(array.variable):
        return expression("{}", bounds_name(array.variable))
    raise code.refuse("The limits of this array are not known.", array.place)


def _character(code: BlockCode, node: n.Element) -> Text:
    """Return a character of a string; outside of it there is the one with the number 0."""
    place = character_place(code, node)
    text = code.keep_value(value(code, node.base))
    found = expression("{}[{} - 1]", text, place)
    return if_inside(code, place, expression("len({})", text), found, expression(r"'\0'"))


def character_place(code: BlockCode, node: n.Element) -> Text:
    """Return the number of a character, from 1."""
    return code.keep_value(value(code, node.indices[0]))


def if_inside(code: BlockCode, place: Text, last: Text, found: Text, otherwise: Text) -> Text:
    """Return a value where a character may be accessed, and another one with ENO 0 where not; the CPU does not stop."""
    if code.reports:
        otherwise = expression("((eno := False), {})[1]", otherwise)
    template = (
        "{1} if {0} <= {2} else {3}" if place.range and place.range[0] >= 1 else "{1} if 1 <= {0} <= {2} else {3}"
    )
    return expression(template, place, found, last, otherwise, safe=False)


READERS: dict[type, Callable[[BlockCode, Any], Text]] = {n.Element: element}
