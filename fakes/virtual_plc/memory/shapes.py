"""What objects and views of a structure have in common: they start, copy and become plain data alike.

The methods are generated as Python text for each structure, because they run for each call and after each scan. They
use attributes only, so that one text serves both kinds of data.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from types import CodeType
from typing import Any

from simatic_xml.program.types.layout import element_count
from simatic_xml.program.types.technology_objects import is_object, is_part
from simatic_xml.program.types.types import (
    Array,
    DataType,
    Elementary,
    Kind,
    Reference,
    Special,
    Structure,
    Unknown,
    Variable,
)
from simatic_xml.program.types.types import Text as TextType
from virtual_plc.code.naming import Name, attribute, mangle
from virtual_plc.code.python_text import Line, Statement, Text, compile_lines, execute, expression, statement
from virtual_plc.memory.starting_values import default, dtl, put, slot, value_of

_START, _TAKE = statement("def _start(self):"), statement("def _take(self, source):")
_PLAIN, _RETURN = statement("def _plain(self):"), statement("return")
_METHODS = ("_start", "_take", "_plain")
_WRITTEN = "the code of its methods"
STATE = "_state"
"""Attribute of an instruction's instance for state that no member shows. Its value is replaced, never changed
in place; it is None before the first call."""


def is_opaque(data_type: DataType) -> bool:
    """Return whether a value is a Python object of the executing tier: a reference, VARIANT, pointer."""
    return isinstance(data_type, Reference | Special | Unknown)


def by_reference(structure: Structure, member: Variable) -> bool:
    """Return whether a member refers to other data: an in/out parameter of an FB with parts, or an axis."""
    passed = structure.origin == "fb" and member.section == "InOut" and isinstance(member.type, Structure | Array)
    passed = passed and not member.overlays
    return passed or is_opaque(member.type) or (structure.origin == "fb" and is_object(member.type))


def has_state(structure: Structure) -> bool:
    """Return whether instances have the attribute `_state`."""
    own = bool(structure.instruction) or (structure.open and not is_part(structure))
    return structure.origin == "system" and own


def is_plain(data_type: DataType) -> bool:
    """Return whether a value is a number, truth value or string."""
    return not isinstance(data_type, Structure | Array)


class Data:
    """Base of all storage objects and views of structures."""

    __slots__ = ()
    _structure: Structure
    _names: tuple[str, ...]

    def _start(self) -> None:
        """Write the start values of the type."""

    def _take(self, source: Any) -> None:
        """Copy all members of an object whose members have the same names."""

    def _plain(self) -> dict[str, Any]:
        """Return the members as plain data, NaN as text."""
        return {}


@lru_cache(maxsize=4096)
def shape_of(structure: Structure) -> type[Data]:
    """Return the base class of the objects and views of a structure."""
    written = structure.derived.get(_WRITTEN)
    if written is None:
        written = structure.derived[_WRITTEN] = _write(structure)
    codes, names = written
    names = dict(names)
    for code in codes:
        execute(code, names)
    body = {
        "__slots__": (),
        "_structure": structure,
        "_names": tuple(attribute(member.name) for member in _own_members(structure)),
        "__doc__": f"Data of {structure.name or 'Struct'}.",
    }
    body |= {name: names[name] for name in _METHODS}
    return type("Shape", (Data,), body)


def _write(structure: Structure) -> tuple[list[CodeType], dict[str, Any]]:
    """Return the code of the methods of a structure, and the global names of that code."""
    own = _own_members(structure)
    values: dict[str, Any] = {"copy_into": copy_into, "plain": plain, "put": put, "slot": slot, "opaque": _opaque}
    bodies = {
        "_start": [Line(0, _START), *_lines(_write_start(structure, own, values))],
        "_take": [Line(0, _TAKE), *_lines(_write_copy(structure, own))],
        "_plain": [Line(0, _PLAIN), *_lines(_write_values(structure, own, values))],
    }
    function = attribute(structure.name or "Struct")
    return [compile_lines(lines, Name(name, "_of_", function)) for name, lines in bodies.items()], values


def _own_members(structure: Structure) -> list[Variable]:
    return [member for member in structure.members if not member.overlays]


def _lines(statements: Iterator[Statement]) -> list[Line]:
    return [*(Line(1, each) for each in statements), Line(1, _RETURN)]


def _own(member: Variable) -> Text:
    return expression("self.{}", mangle(member.name))


def _write_start(structure: Structure, own: list[Variable], values: dict[str, Any]) -> Iterator[Statement]:
    if structure.name == "DTL" and structure.origin == "system":
        yield from (statement("self.{} = {}", mangle(name), value) for name, value in dtl(0).items())
        return
    for number, member in enumerate(own):
        yield from _start_of(structure, member, _own(member), Name("v", number), values)
        texts = [*([("", member.start)] if member.start and not is_plain(member.type) else []), *member.starts]
        if texts and not by_reference(structure, member):
            name = Name("m", number)
            values[name.text] = partial(put_starts, member=member, texts=tuple(texts))
            yield statement("{}(self)", name)
        if member.section == "Temp" and not is_plain(member.type) and not by_reference(structure, member):
            yield from _write_emptied(member, Name("t", number), values)
    if has_state(structure):
        yield statement("self._state = None")


def _start_of(
    structure: Structure, member: Variable, here: Text, name: Name, values: dict[str, Any]
) -> Iterator[Statement]:
    data_type = member.type
    if by_reference(structure, member):
        yield statement("{} = None", here)
    elif isinstance(data_type, Structure):
        yield statement("{}._start()", here)
    elif not isinstance(data_type, Array):
        given = value_of(member.start, data_type) if member.start else None
        values[name.text] = default(data_type) if given is None else given
        yield statement("{} = {}", here, name)
    elif is_plain(data_type.element):
        values[name.text] = (default(data_type.element),) * element_count(data_type)
        yield statement("{}[:] = {}", here, name)
    else:
        values[name.text], values["start_array"] = data_type, start_array
        yield statement("start_array({}, {})", here, name)


def _write_emptied(member: Variable, name: Name, values: dict[str, Any]) -> Iterator[Statement]:
    if starts_emptied(member.type):
        values[name.text], values["empty"] = member.type, empty
        yield statement("empty({}, {})", _own(member), name)


def starts_emptied(data_type: DataType) -> bool:
    """Return whether temporary data of a type start otherwise than its start values say: `empty`."""
    match data_type:
        case Array():
            return _has_starts(data_type.element)
        case Structure(origin="struct" | "udt"):
            declared = [
                each
                for each in data_type.members
                if (each.start or each.starts) and not isinstance(each.type, Elementary)
            ]
            return bool(declared) or any(starts_emptied(each.type) for each in data_type.members)
    return False


def _has_starts(data_type: DataType) -> bool:
    match data_type:
        case Array():
            return _has_starts(data_type.element)
        case Structure(origin="struct" | "udt"):
            return any(each.start or each.starts or _has_starts(each.type) for each in data_type.members)
    return False


def empty(target: Any, data_type: DataType) -> None:
    """Empty the texts and arrays of temporary data, which other members of a PLC data type are not.

    Source: help of TIA Portal, Programming basics, "Temporary local data (Temp)", of blocks with optimized access. That
    elements of arrays that are structures lose their start values too is taken from the same words (U).

    Args:
        target: storage object, list, or view of either, with its start values.
        data_type: its type.
    """
    if isinstance(data_type, Array):
        _clear(target, data_type)
    elif isinstance(data_type, Structure) and data_type.origin in ("struct", "udt"):
        for member in _own_members(data_type):
            if isinstance(member.type, TextType):
                setattr(target, attribute(member.name), "")
            elif not is_plain(member.type):
                empty(getattr(target, attribute(member.name)), member.type)


def _clear(target: Any, data_type: DataType) -> None:
    """Give all parts the defaults of their types."""
    if isinstance(data_type, Array):
        start_array(target, data_type)
        for each in target if _has_starts(data_type) else ():
            _clear(each, data_type.element)
    elif isinstance(data_type, Structure) and data_type.origin in ("struct", "udt"):
        for member in _own_members(data_type):
            if is_plain(member.type):
                setattr(target, attribute(member.name), default(member.type))
            else:
                _clear(getattr(target, attribute(member.name)), member.type)


def start_array(target: Any, array: Array) -> None:
    """Write the start values of its type into each element of an array."""
    if is_plain(array.element):
        target[:] = (default(array.element),) * element_count(array)
        return
    for each in target:
        if isinstance(array.element, Array):
            start_array(each, array.element)
        else:
            each._start()


def put_starts(holder: Any, member: Variable, texts: tuple[tuple[str, str], ...]) -> None:
    """Write the start values that a declaration gives to inner members and elements, without names of constants."""
    root = getattr(holder, attribute(member.name))
    for path, text in texts:
        target = slot(root, member.type, path)
        if target is not None:
            put(target, text)


def _write_copy(structure: Structure, own: list[Variable]) -> Iterator[Statement]:
    for member in own:
        name = mangle(member.name)
        if by_reference(structure, member) or is_plain(member.type):
            yield statement("self.{0} = source.{0}", name)
        elif isinstance(member.type, Array) and is_plain(member.type.element):
            yield statement("self.{0}[:] = source.{0}", name)
        else:
            yield statement("copy_into(self.{0}, source.{0})", name)
    if has_state(structure):
        yield statement("self._state = source._state")
    if structure.open:
        yield statement("more = dict(vars(source)); vars(self).clear(); vars(self).update(more)")


def _write_values(structure: Structure, own: list[Variable], values: dict[str, Any]) -> Iterator[Statement]:
    shown = [_render_value(structure, member, _own(member)) for member in own]
    keys = [member.name for member in own]
    if has_state(structure):
        shown.append(expression("self._state"))
        keys.append(STATE)
    values["keys"] = tuple(keys)
    yield statement("found = dict(zip(keys, [{}]))", shown)
    if structure.open:
        yield statement("found.update((name, opaque(value)) for name, value in vars(self).items())")
    yield statement("return found")


def _render_value(structure: Structure, member: Variable, here: Text) -> Text:
    if by_reference(structure, member):
        return expression("opaque({})", here)
    match member.type:
        case Elementary(kind=Kind.REAL):
            return expression("value if (value := {}) == value else 'NaN'", here)
        case Structure():
            return expression("{}._plain()", here)
        case Array(element=element) if is_plain(element) and not _is_real(element):
            return expression("{}[:]", here)
        case Array():
            return expression("plain({})", here)
    return here


def _is_real(data_type: DataType) -> bool:
    return isinstance(data_type, Elementary) and data_type.kind is Kind.REAL


def _opaque(value: Any) -> Any:
    """Return a value of a tier's own as far as two tiers can be compared by it."""
    return value if value is None or isinstance(value, bool | int | float | str | bytes) else "reference"


def plain(value: Any) -> Any:
    """Return data as plain dictionaries, lists, numbers and strings that can be compared; NaN as text."""
    if isinstance(value, Data):
        return value._plain()
    if isinstance(value, float):
        return value if value == value else "NaN"
    if isinstance(value, bool | int | str | bytes) or value is None:
        return value
    return [plain(each) for each in value]


def copy_into(target: Any, source: Any) -> None:
    """Copy a structure or array into another one of the same shape; the target stays the same object.

    Args:
        target: storage object, list, or view of either.
        source: the same kind of data; its members may have other names.
    """
    if isinstance(target, Data):
        if target._names == source._names:
            target._take(source)
        else:
            _take_in_order(target, source)
        return
    if len(target) and (isinstance(target[0], Data) or not is_scalar(target[0])):
        for mine, other in zip(target, source, strict=False):
            copy_into(mine, other)
    else:
        target[:] = source


def is_scalar(value: Any) -> bool:
    """Return whether a stored value has no parts."""
    return value is None or isinstance(value, bool | int | float | str | bytes)


def _take_in_order(target: Data, source: Data) -> None:
    for mine, other in zip(target._names, source._names, strict=True):
        value = getattr(target, mine)
        if isinstance(value, Data) or not is_scalar(value):
            copy_into(value, getattr(source, other))
        else:
            setattr(target, mine, getattr(source, other))
