"""Elements of arrays and characters of strings: where they are in the flat list, and which indices have to be checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fakes.plc.python_code.block_code import BlockCode
from fakes.plc.python_code.evaluation import in_order, value
from fakes.plc.python_code.signatures import bounds_name, is_open
from fakes.plc.python_code.text import Level, Range, Text, whole
from fakes.plc.shapes import is_plain
from fakes.plc.storage import new
from simatic_xml.program import nodes as n
from simatic_xml.program.ranges import limits
from simatic_xml.program.types import Array, DataType, Elementary
from simatic_xml.program.types import Text as TextType

LONGEST = {"String": 254, "WString": 16382}


@dataclass(slots=True)
class Checks:
    """What has to hold before an operand may be accessed.

    Attributes:
        tests: conditions.
        reports: for each index that is tested the arguments that name it in a fault: index, lowest, highest.
    """

    tests: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)

    def condition(self) -> str:
        """Return all conditions as one."""
        return " and ".join(self.tests)


def range_of(data_type: DataType) -> Range | None:
    """Return the limits of a type of whole numbers."""
    return limits(data_type) if isinstance(data_type, Elementary) else None


def default(code: BlockCode, data_type: DataType) -> str:
    """Return the text of what an operand gives that does not exist."""
    if not is_plain(data_type):
        return f"{code.bind('new', new)}({code.bind('type', data_type)})"
    found = new(data_type)
    if found is None or isinstance(found, bool | int | float | str):
        return repr(found)
    return code.bind("default", found)


def element(code: BlockCode, node: n.Element) -> Text:
    """Return an element that is read; one that does not exist is reported and has the default of its type."""
    if isinstance(node.base.type, TextType):
        return _character(code, node)
    base, *indices = in_order(code, [node.base, *node.indices])
    base = code.hoisted_array(node.base, base)
    checks = Checks()
    place = position(code, node.base, indices, checks)
    text = f"{base}[{place}]"
    if not checks.tests:
        return Text(text, range=range_of(node.type), safe=base.safe and place.safe)
    failing = f"no_value({default(code, node.type)}, {', '.join(checks.reports)})"
    return Text(f"{text} if {checks.condition()} else {failing}", Level.CHOICE, range_of(node.type), safe=False)


def position(code: BlockCode, array: n.Expression, indices: Sequence[Text], checks: Checks) -> Text:
    """Return the place of an element in the flat list of an array.

    Args:
        code: the block.
        array: the array.
        indices: one index for each dimension.
        checks: receives what has to hold.
    """
    assert isinstance(array.type, Array)  # noqa: S101 (the compiler has seen to it)
    if None in array.type.bounds:
        return _open_position(code, array, indices, checks)
    place: Text | None = None
    several = len(indices) > 1
    for index, bound in zip(indices, array.type.bounds, strict=True):
        assert bound is not None  # noqa: S101 (open ones are handled above)
        checked = _from_zero(_checked(code, index, bound, checks, kept=several), bound[0])
        place = checked if place is None else _sum(_times(place, bound[1] - bound[0] + 1), checked)
    assert place is not None  # noqa: S101 (an array has a dimension)
    return place


def _checked(code: BlockCode, index: Text, bound: Range, checks: Checks, *, kept: bool) -> Text:
    """Return an index; one that may be outside of its limits has to be checked."""
    low, high = bound
    known = index.range
    if known is not None and low <= known[0] and known[1] <= high:
        return index
    name = tested = index.text
    if not (index.steady or name.isidentifier()):
        name = code.temp()
        tested = name if kept else f"({name} := {index})"
        if kept:
            code.writer.line(f"{name} = {index}")
    checks.tests.append(f"{low} <= {tested} <= {high}")
    checks.reports.append(f"{name}, {low}, {high}")
    return Text(name, range=(low, high), steady=True)


def _from_zero(index: Text, low: int) -> Text:
    if low == 0:
        return index
    if index.constant and index.range is not None:
        return whole(index.range[0] - low)
    limits_ = None if index.range is None else (index.range[0] - low, index.range[1] - low)
    sign, amount = ("-", low) if low > 0 else ("+", -low)
    return Text(f"{index.within(Level.SUM)} {sign} {amount}", Level.SUM, limits_, safe=index.safe)


def _times(place: Text, size: int) -> Text:
    if place.constant and place.range is not None:
        return whole(place.range[0] * size)
    return Text(f"{place.within(Level.PRODUCT)} * {size}", Level.PRODUCT, safe=place.safe)


def _sum(place: Text, index: Text) -> Text:
    if place.constant and index.constant and place.range and index.range:
        return whole(place.range[0] + index.range[0])
    return Text(f"{place.within(Level.SUM)} + {index.within(Level.PRODUCT)}", Level.SUM, safe=place.safe and index.safe)


def _open_position(code: BlockCode, array: n.Expression, indices: Sequence[Text], checks: Checks) -> Text:
    """Return the place of an element of an array whose limits the caller knows."""
    bounds = open_bounds(code, array)
    place: str | None = None
    for number, index in enumerate(indices):
        name = code.kept(index).text
        low, high = f"{bounds}[{number}][0]", f"{bounds}[{number}][1]"
        checks.tests.append(f"{low} <= {name} <= {high}")
        checks.reports.append(f"{name}, {low}, {high}")
        place = f"{name} - {low}" if place is None else f"({place}) * ({high} - {low} + 1) + {name} - {low}"
    return Text(place or "0", Level.SUM, safe=False)


def open_bounds(code: BlockCode, array: n.Expression) -> str:
    """Return the text of the bounds of an array: known ones, or those that came with the parameter."""
    assert isinstance(array.type, Array)  # noqa: S101 (the compiler has seen to it)
    if None not in array.type.bounds:
        return repr(tuple(array.type.bounds))
    if isinstance(array, n.Local) and is_open(array.variable):
        return bounds_name(array.variable)
    raise code.refuse("The limits of this array are not known here.", array.place)


def _character(code: BlockCode, node: n.Element) -> Text:
    """Return a character of a string; behind its end it is the one with the number 0."""
    checks = Checks()
    place = character_place(code, node, checks)
    text = code.kept(value(code, node.base))
    found = f"({text}[{place} - 1] if {place} <= len({text}) else '\\0')"
    if not checks.tests:
        return Text(found, safe=False)
    return Text(f"{found} if {checks.condition()} else no_value('\\0', {checks.reports[0]})", Level.CHOICE, safe=False)


def character_place(code: BlockCode, node: n.Element, checks: Checks) -> Text:
    """Return the number of a character, from 1."""
    index = code.kept(value(code, node.indices[0]))
    assert isinstance(node.base.type, TextType)  # noqa: S101 (the compiler has seen to it)
    length = node.base.type.length
    bound = (1, LONGEST[node.base.type.name] if length is None else length)
    return _checked(code, index, bound, checks, kept=True)


READERS: dict[type, Callable[[BlockCode, Any], Text]] = {n.Element: element}
