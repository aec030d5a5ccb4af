"""Optimized data as plain Python objects: one class for each structure, with an attribute for each member.

Numbers, truth values and strings are Python's own; an array is a flat list (row-major, lower bounds subtracted); a
structure is an object of its class. Objects and lists are never replaced by others once they exist: whole structures
and arrays are copied with `copy_into`, so that code that holds one keeps seeing it.

What is under an AT overlay has a fixed layout even here: both variables are views of the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

from simatic_xml.program.types.layout import element_count, size_bits
from simatic_xml.program.types.types import Array, DataType, Structure, Variable
from virtual_plc.code.naming import attribute
from virtual_plc.memory.codecs import Bytes, codec
from virtual_plc.memory.shapes import (
    STATE,
    by_reference,
    copy_into,
    empty,
    has_state,
    is_opaque,
    is_plain,
    plain,
    shape_of,
    start_array,
)
from virtual_plc.memory.starting_values import default, value_of
from virtual_plc.memory.views import opaque_property, view

__all__ = ["STATE", "attribute", "class_of", "copy_into", "new", "new_temporary", "plain"]


@lru_cache(maxsize=4096)
def class_of(structure: Structure) -> type[Any]:
    """Return the class of a structure's objects; without arguments it makes one with its start values.

    Start values that name a constant are not known here: `memory.Memory` puts them in.
    """
    shared = _find_overlays(structure)
    own = [member for member in structure.members if member.name.casefold() not in shared]
    slots = [attribute(member.name) for member in own]
    body: dict[str, Any] = {}
    for member in structure.members:
        under = shared.get(member.name.casefold())
        if under is not None and is_plain(member.type):
            body[attribute(member.name)] = _overlaid(member.type, under)
        elif under is not None:
            slots.append(attribute(member.name))
    raw = [_raw(name) for name in dict.fromkeys(shared.values())]
    extra = [STATE] if has_state(structure) else []
    body["__slots__"] = (*slots, *raw, *extra, *(["__dict__"] if structure.open else []))
    body["__init__"] = _initializer(structure, shared)
    return type(structure.name or "Struct", (shape_of(structure),), body)


def new(data_type: DataType, start: str = "") -> Any:
    """Return a new value of a type: its start value, else the default of the type.

    Args:
        data_type: any type; a reference or pointer is None.
        start: a literal.
    """
    if is_plain(data_type):
        given = value_of(start, data_type) if start else None
        return default(data_type) if given is None else given
    made = _maker(data_type)()
    if isinstance(data_type, Array):
        start_array(made, data_type)
    else:
        made._start()
    return made


def new_temporary(data_type: DataType) -> Any:
    """Return a new value of a type that is not plain, as a temporary variable starts: `shapes.empty`."""
    made = new(data_type)
    empty(made, data_type)
    return made


def _find_overlays(structure: Structure) -> dict[str, str]:
    """Return the members that overlay each other, each with the name of the lowest, all casefolded."""
    under: dict[str, str] = {}
    for member in structure.members:
        if member.overlays:
            below = member.overlays.casefold()
            under[member.name.casefold()] = under[below] = under.get(below, below)
    return under


def _raw(name: str) -> str:
    """Return the attribute of the bytes under a variable; no member has it."""
    return f"_raw_{attribute(name)}"


def _overlaid(data_type: DataType, under: str) -> property:
    raw = _raw(under)
    if is_opaque(data_type):
        return opaque_property(lambda self: (getattr(self, raw), 0), size_bits(data_type) // 8)
    how = codec(data_type)
    return property(
        lambda self: how.read(getattr(self, raw), 0, 0),
        lambda self, value: how.write(getattr(self, raw), 0, 0, value),
    )


def _initializer(structure: Structure, shared: dict[str, str]) -> Callable[..., None]:
    sizes: dict[str, int] = {}
    for member in structure.members:
        if under := shared.get(member.name.casefold()):
            sizes[under] = max(sizes.get(under, 0), (size_bits(member.type) + 7) // 8)
    inner = [
        (attribute(member.name), _maker(member.type))
        for member in structure.members
        if _is_held(structure, member) and member.name.casefold() not in shared
    ]
    views = [
        (attribute(member.name), member.type, _raw(shared[member.name.casefold()]))
        for member in structure.members
        if not is_plain(member.type) and member.name.casefold() in shared
    ]

    def initialize(self: Any, start: bool = True) -> None:
        for name, make in inner:
            setattr(self, name, make())
        for under, size in sizes.items():
            setattr(self, _raw(under), Bytes(size))
        for name, data_type, raw in views:
            setattr(self, name, view(data_type, getattr(self, raw), 0))
        if start:
            self._start()

    return initialize


def _is_held(structure: Structure, member: Variable) -> bool:
    return not is_plain(member.type) and not by_reference(structure, member)


def _maker(data_type: DataType) -> Callable[[], Any]:
    """Return what makes the data of a structure or array, without start values."""
    if isinstance(data_type, Structure):
        made = class_of(data_type)
        return lambda: made(False)
    array = cast("Array", data_type)
    count, element = element_count(array), array.element
    if is_plain(element):
        value = default(element)
        return lambda: [value] * count
    make = _maker(element)
    return lambda: [make() for _ in range(count)]
