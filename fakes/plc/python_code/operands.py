"""Operands as Python text: how a variable, tag, member, element or slice is read, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakes.plc.instructions.timers import refresh as timers_refresh
from fakes.plc.instructions.timers import refreshes
from fakes.plc.naming import attribute
from fakes.plc.python_code import memory_text
from fakes.plc.python_code.block_code import BlockCode
from fakes.plc.python_code.evaluation import Given, in_order, value
from fakes.plc.python_code.signatures import bounds_name, is_open
from fakes.plc.python_code.text import Level, Range, Text, whole
from fakes.plc.shapes import is_opaque, is_plain
from fakes.plc.storage import copy_into
from simatic_xml.program import nodes as n
from simatic_xml.program.layout import element_count
from simatic_xml.program.ranges import limits
from simatic_xml.program.types import Array, DataType, Elementary, Kind, Structure
from simatic_xml.program.types import Text as TextType


def range_of(data_type: DataType) -> Range | None:
    """Return the limits of a type of whole numbers."""
    return limits(data_type) if isinstance(data_type, Elementary) else None


# Reading -------------------------------------------------------------------------------------------------------------


def _local(code: BlockCode, node: n.Local) -> Text:
    variable = node.variable
    steady = code.is_local(variable) and not is_plain(variable.type)
    known = code.ranges.get(id(variable))
    return Text(code.path(variable), range=known or range_of(variable.type), steady=steady)


def _tag(code: BlockCode, node: n.TagOperand) -> Text:
    found = memory_text.place_of(node.address)
    if found is None:
        raise code.refuse(f"The tag '{node.name}' has the address '{node.address}', which cannot be used.", node.place)
    letter, byte, bit = found
    if letter in ("T", "C"):
        return memory_text.numbered(code, letter, byte)
    data = memory_text.area(code, letter, peripheral=node.peripheral)
    return memory_text.read(code, data, node.type, byte, bit, node.place)


def _absolute(code: BlockCode, node: n.Absolute) -> Text:
    if node.area in ("T", "C"):
        return memory_text.numbered(code, node.area, node.byte)
    return memory_text.read(code, bytes_of(code, node), node.type, node.byte, node.bit, node.place)


def bytes_of(code: BlockCode, node: n.Absolute) -> str:
    """Return the text of the bytes that an absolute operand lies in."""
    if node.area in memory_text.AREAS:
        return memory_text.area(code, node.area, peripheral=node.peripheral)
    if node.area == "DB" and node.block is not None:
        data = code.context.memory.by_number.get(node.block)
        if hasattr(data, "_buffer"):
            return code.bind(f"bytes_of_DB{node.block}", data._buffer)
    raise code.refuse(f"Absolute access to {node.area} does not work here.", node.place)


def data_block(code: BlockCode, node: n.DataBlock) -> Text:
    """Return the data of a data block."""
    found = code.context.memory.data_blocks.get(node.name.casefold())
    if found is None:
        raise code.refuse(f"There is no data block '{node.name}'.", node.place)
    return Text(code.bind(f"DB_{attribute(node.name)}", found), steady=True)


def _field(code: BlockCode, node: n.Field) -> Text:
    base = value(code, node.base)
    if node.member.name.upper() in ("Q", "ET") and refreshes(node.base.type):
        base = _up_to_date(code, base)
    steady = base.steady and not is_plain(node.type)
    return Text(f"{base}.{attribute(node.member.name)}", range=range_of(node.type), steady=steady, safe=base.safe)


def _up_to_date(code: BlockCode, timer: Text) -> Text:
    """Bring a timer up to date before Q or ET is read, unless it is already."""
    if timer.text in code.fresh:
        return timer
    if "[" in timer.text:
        timer = code.kept(timer)
    else:
        code.fresh.add(timer.text)
    refresh = code.bind("refresh", timers_refresh)
    code.writer.line(f"if {timer}._state is not None:")
    with code.writer.deeper():
        code.writer.line(f"{refresh}({timer}, cpu.now)")
    return timer


def _element(code: BlockCode, node: n.Element) -> Text:
    if isinstance(node.base.type, TextType):
        return _character(code, node)
    base, index = element_place(code, node, "bad_index")
    return Text(f"{base}[{index}]", range=range_of(node.type), safe=base.safe and index.safe)


def element_place(code: BlockCode, node: n.Element, failing: str) -> tuple[Text, Text]:
    """Return an array and the place of an element in its flat list."""
    *indices, base = in_order(code, [*node.indices, node.base])
    array = node.base.type
    assert isinstance(array, Array)
    if None in array.bounds:
        return base, _open_place(code, node.base, indices, failing)
    return base, flat_place(code, indices, [bound for bound in array.bounds if bound], failing)


def flat_place(code: BlockCode, indices: list[Text], bounds: list[Range], failing: str) -> Text:
    """Return the place of an element in a flat list, checked where it is not certain.

    Args:
        code: the block.
        indices: one index for each dimension.
        bounds: limits of each dimension.
        failing: name of the function that reports a wrong index.
    """
    place: Text | None = None
    for index, bound in zip(indices, bounds, strict=True):
        checked = _checked(code, index, bound, failing)
        size = bound[1] - bound[0] + 1
        place = checked if place is None else _sum(_times(place, size), checked)
    assert place is not None
    return place


def _checked(code: BlockCode, index: Text, bound: Range, failing: str) -> Text:
    """Return an index counted from zero; one that may be outside of its limits is checked."""
    low, high = bound
    known = index.range
    if known is not None and low <= known[0] and known[1] <= high:
        return _minus(index, low)
    name = index.text
    first = name
    if not (index.steady or name.isidentifier()):
        name = code.temp()
        first = f"({name} := {index})"
    taken = _minus(Text(name, range=(low, high)), low)
    text = f"{taken} if {low} <= {first} <= {high} else {failing}({name})"
    return Text(text, Level.CHOICE, (0, high - low), safe=False)


def _minus(index: Text, low: int) -> Text:
    if low == 0:
        return index
    limits_ = None if index.range is None else (index.range[0] - low, index.range[1] - low)
    if index.constant and index.range is not None:
        return whole(index.range[0] - low)
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


def _open_place(code: BlockCode, root: n.Expression, indices: list[Text], failing: str) -> Text:
    """Return the place of an element of an array whose limits the caller knows."""
    name = open_bounds(code, root)
    taken = ", ".join(map(str, indices))
    return Text(f"position_of({name}, ({taken},), {failing})", safe=False)


def open_bounds(code: BlockCode, root: n.Expression) -> str:
    """Return the text of the bounds of an array: known ones, or those that came with the parameter."""
    array = root.type
    assert isinstance(array, Array)
    if None not in array.bounds:
        return repr(tuple(array.bounds))
    if isinstance(root, n.Local) and is_open(root.variable):
        return bounds_name(root.variable)
    raise code.refuse("The limits of this array are not known here.", root.place)


def _character(code: BlockCode, node: n.Element) -> Text:
    """Return a character of a string; behind its end it is the character 0."""
    place = _checked_character(code, node, "bad_index")
    text = code.kept(value(code, node.base))
    return Text(f"{text}[{place} - 1] if {place} <= len({text}) else '\\0'", Level.CHOICE, safe=False)


def _checked_character(code: BlockCode, node: n.Element, failing: str) -> Text:
    """Return the checked number of a character, from 1, in a name."""
    index = code.kept(value(code, node.indices[0]))
    assert isinstance(node.base.type, TextType)
    longest = 254 if node.base.type.length is None else node.base.type.length
    return code.kept(Text(f"{index} if 1 <= {index} <= {longest} else {failing}({index})", Level.CHOICE))


def _slice(code: BlockCode, node: n.Slice) -> Text:
    base = value(code, node.base)
    shift = node.bits * node.number
    if node.bits == 1:
        return Text(f"{base.within(Level.SHIFT)} & {1 << shift} != 0", Level.COMPARE, safe=base.safe)
    mask = (1 << node.bits) - 1
    shifted = f"{base.within(Level.SHIFT)} >> {shift}" if shift else base.within(Level.BIT_AND)
    return Text(f"{shifted} & {mask}", Level.BIT_AND, (0, mask), safe=base.safe)


def _overlay(code: BlockCode, node: n.Overlay) -> Text:
    base = value(code, node.base)
    data_type = code.bind(f"type_{node.bits}", node.type)
    return Text(f"overlay_read({base}, {data_type}, {node.byte}, {node.bit})", safe=False)


def _dereference(code: BlockCode, node: n.Dereference) -> Text:
    return Text(f"{value(code, node.base).within(Level.ATOM)}.get()", range=range_of(node.type), safe=False)


def _wire(_: BlockCode, node: n.Wire) -> Text:
    return Text(f"w{node.number}", range=range_of(node.type), steady=True)


def _eno(_: BlockCode, __: n.Eno) -> Text:
    return Text("eno")


def _outcome(_: BlockCode, __: n.Outcome) -> Text:
    return Text("outcome")


def _returned(code: BlockCode, node: n.Returned) -> Text:
    if code.returned is None:
        raise code.refuse("A returned value stands outside of a call.", node.place)
    return code.returned


READERS: dict[type, Callable[[BlockCode, Any], Text]] = {
    n.Local: _local,
    n.TagOperand: _tag,
    n.Absolute: _absolute,
    n.DataBlock: data_block,
    n.Field: _field,
    n.Element: _element,
    n.Slice: _slice,
    n.Overlay: _overlay,
    n.Dereference: _dereference,
    n.Wire: _wire,
    n.Eno: _eno,
    n.Outcome: _outcome,
    n.Returned: _returned,
}


# Writing -------------------------------------------------------------------------------------------------------------


def store(code: BlockCode, target: n.Expression, given: Text, source: DataType) -> None:
    """Write the lines that put a value into an operand.

    Args:
        code: the block.
        target: the operand.
        given: the value, already of the operand's type.
        source: type of the expression that the value comes from.
    """
    if isinstance(target.type, Structure | Array) and not is_opaque(target.type):
        _copy(code, target, given)
        return
    given = shortened(given, target.type, source)
    writer = _WRITERS.get(type(target))
    if writer is None:
        raise code.refuse("This cannot be written.", target.place)
    code.fresh -= {text for text in code.fresh if isinstance(target, n.Field) and refreshes(target.base.type)}
    writer(code, target, given)


def _copy(code: BlockCode, target: n.Expression, given: Text) -> None:
    into = value(code, target)
    if isinstance(target.type, Array) and is_plain(target.type.element) and None not in target.type.bounds:
        code.writer.effect(f"{into}[:] = {given}")
    else:
        code.writer.effect(f"{code.bind('copy_into', copy_into)}({into}, {given})")


def shortened(given: Text, target: DataType, source: DataType) -> Text:
    """Return a string cut to what a variable of a type holds."""
    if not isinstance(target, TextType):
        return given
    longest = 254 if target.length is None else target.length
    if isinstance(source, TextType) and source.length is not None and source.length <= longest:
        return given
    return Text(f"{given.within(Level.ATOM)}[:{longest}]")


def _store_name(code: BlockCode, target: Any, given: Text) -> None:
    code.writer.effect(f"{value(code, target)} = {given}")


def _store_wire(code: BlockCode, target: Any, given: Text) -> None:
    code.writer.line(f"{value(code, target)} = {given}")


def _store_field(code: BlockCode, target: n.Field, given: Text) -> None:
    ((given, base)) = _keeping(code, given, target.base)
    code.writer.effect(f"{base}.{attribute(target.member.name)} = {given}")


def _keeping(code: BlockCode, given: Text, base: n.Expression) -> tuple[Text, Text]:
    """Return a value and the base of its target; the value is kept where evaluating the base could change it."""
    mark, effects = code.writer.mark(), code.writer.effects
    found = value(code, base)
    if code.writer.effects != effects and not given.steady:
        given = code.kept_at(mark, given)
    return given, found


def _store_tag(code: BlockCode, target: n.TagOperand, given: Text) -> None:
    found = memory_text.place_of(target.address)
    if found is None or found[0] in ("T", "C"):
        code.writer.effect(f"{value(code, target)} = {given}")
        return
    letter, byte, bit = found
    for peripheral in {target.peripheral, False}:
        data = memory_text.area(code, letter, peripheral=peripheral)
        memory_text.write(code, data, target.type, byte, bit, given)


def _store_absolute(code: BlockCode, target: n.Absolute, given: Text) -> None:
    if target.area in ("T", "C"):
        code.writer.effect(f"{value(code, target)} = {given}")
        return
    if target.peripheral:
        given = code.kept(given)
        memory_text.write(code, bytes_of(code, target), target.type, target.byte, target.bit, given)
        target = n.Absolute(target.area, target.bits, target.byte, target.bit, target.type, target.place, target.block)
    memory_text.write(code, bytes_of(code, target), target.type, target.byte, target.bit, given)


def _store_element(code: BlockCode, target: n.Element, given: Text) -> None:
    mark, effects = code.writer.mark(), code.writer.effects
    if isinstance(target.base.type, TextType):
        place = _checked_character(code, target, "no_element")
        text = value(code, target.base)
        store(code, target.base, Text(f"put_character({text}, {place}, {given})"), target.base.type)
        return
    base, index = element_place(code, target, "no_element")
    if code.writer.effects != effects and not given.steady:
        given = code.kept_at(mark, given)
    code.writer.effect(f"{base}[{index}] = {given}")


def _store_slice(code: BlockCode, target: n.Slice, given: Text) -> None:
    data_type = target.base.type
    assert isinstance(data_type, Elementary)
    shift, mask = target.bits * target.number, (1 << target.bits) - 1
    given = code.kept(given)
    base = steady_target(code, target.base)
    old = value(code, base)
    rest = f"{old.within(Level.SHIFT)} & {((1 << data_type.bits) - 1) ^ (mask << shift)}"
    if target.bits == 1:
        new = f"{old.within(Level.BIT_XOR)} | {1 << shift} if {given} else {rest}"
        level = Level.CHOICE
    else:
        new, level = f"{rest} | {given} << {shift}", Level.BIT_OR
    found = Text(new, level)
    if data_type.signed:
        half = 1 << data_type.bits - 1
        found = Text(f"(({found}) & {(1 << data_type.bits) - 1} ^ {half}) - {half}", Level.SUM)
    store(code, base, found, data_type)


def steady_target(code: BlockCode, target: n.Expression) -> n.Expression:
    """Return an operand whose indices are evaluated, so that it may be read and written in turn."""
    match target:
        case n.Field():
            return n.Field(steady_target(code, target.base), target.member, target.place)
        case n.Slice():
            return n.Slice(steady_target(code, target.base), target.bits, target.number, target.type, target.place)
        case n.Element():
            indices = tuple(_steady_index(code, each) for each in target.indices)
            return n.Element(steady_target(code, target.base), indices, target.type, target.place)
    return target


def _steady_index(code: BlockCode, index: n.Expression) -> n.Expression:
    if isinstance(index, n.Constant):
        return index
    kept = code.kept(value(code, index))
    return Given(kept, index.type, index.place)


def _store_overlay(code: BlockCode, target: n.Overlay, given: Text) -> None:
    base = value(code, target.base)
    data_type = code.bind(f"type_{target.bits}", target.type)
    code.writer.effect(f"overlay_write({base}, {data_type}, {target.byte}, {target.bit}, {given})")


def _store_dereference(code: BlockCode, target: n.Dereference, given: Text) -> None:
    code.writer.effect(f"{value(code, target.base).within(Level.ATOM)}.set({given})")


_WRITERS: dict[type, Callable[[BlockCode, Any, Text], None]] = {
    n.Local: _store_name,
    n.TagOperand: _store_tag,
    n.Absolute: _store_absolute,
    n.Field: _store_field,
    n.Element: _store_element,
    n.Slice: _store_slice,
    n.Overlay: _store_overlay,
    n.Dereference: _store_dereference,
    n.Wire: _store_wire,
    n.Eno: _store_wire,
    n.Outcome: _store_wire,
}


def length_of(array: Array) -> int:
    """Return how many elements an array has."""
    return element_count(array)


def is_bool(data_type: DataType) -> bool:
    """Tell whether a type is Bool."""
    return isinstance(data_type, Elementary) and data_type.kind is Kind.BOOL
