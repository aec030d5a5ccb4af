"""Check and write values that people give: each must fit the type of its target."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from operator import setitem
from typing import Any, cast

from simatic_xml.program.types.ranges import fits, number_limits, real32
from simatic_xml.program.types.types import Array, DataType, Elementary, Kind, Structure, Text, type_name
from virtual_plc.code.naming import attribute
from virtual_plc.memory.shapes import STATE, by_reference, is_plain
from virtual_plc.memory.starting_values import FIRST_DATE_AND_TIME, LAST_DATE_AND_TIME, value_of


class PathError(Exception):
    """A path or a value that cannot be used.

    Attributes:
        code: stable name: `path.form`, `path.unknown`, `path.member`, `path.index`, `path.part`, `path.range`,
            `path.reference`, `path.optimized`, `value.type`, `value.range`.
        path: the requested path.
        message: what is wrong and what to do.
    """

    def __init__(self, code: str, path: str, message: str) -> None:
        """Keep what is wrong."""
        super().__init__(f"{path}: {message}")
        self.code = code
        self.path = path
        self.message = message


_SPECIAL_NUMBERS = {"nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"}
Writing = tuple[Callable[[Any], None], Any]


def check_value(value: Any, data_type: DataType, path: str) -> Any:
    """Return a value as data of a type without parts hold it.

    Args:
        value: a number, truth value or string, or the text of a literal of the type.
        data_type: type of what is written.
        path: what is written, for the error.

    Raises:
        PathError: it does not fit the type.
    """
    if isinstance(data_type, Text):
        return _check_text(value, data_type, path)
    return _check_elementary(value, cast("Elementary", data_type), path)


def _check_elementary(value: Any, data_type: Elementary, path: str) -> Any:
    if isinstance(value, str) and not (data_type.kind is Kind.CHARACTER and len(value) == 1):
        value = _read(value, data_type, path)
    if data_type.kind is Kind.BOOL:
        value = bool(value) if isinstance(value, int) and value in (0, 1) else value
    elif data_type.kind is Kind.REAL and isinstance(value, int | float) and not isinstance(value, bool):
        return _check_real(value, data_type, path)
    if not isinstance(value, _PYTHON.get(data_type.kind, int)) or (
        isinstance(value, bool) and data_type.kind is not Kind.BOOL
    ):
        raise PathError("value.type", path, f"{value!r} is not a value of {type_name(data_type)}.")
    if not _fits(cast("int", value), data_type):
        raise PathError("value.range", path, f"{value!r} is outside of the values of {type_name(data_type)}.")
    return value


_PYTHON: dict[Kind, type] = {Kind.BOOL: bool, Kind.REAL: float, Kind.CHARACTER: str}


def _fits(value: int, data_type: Elementary) -> bool:
    if data_type.kind in (Kind.TIMER, Kind.COUNTER):
        low, high = number_limits(data_type)
        return low <= value <= high
    if data_type.kind is Kind.DATE_AND_TIME and not data_type.unit:
        return FIRST_DATE_AND_TIME <= value <= LAST_DATE_AND_TIME
    return fits(value, data_type)


def _read(text: str, data_type: Elementary, path: str) -> Any:
    """Return the value of a literal; NaN and infinity have no literal, but a word."""
    if data_type.kind is Kind.REAL and text.strip().casefold() in _SPECIAL_NUMBERS:
        return float(text)
    value = value_of(text, data_type)
    if value is None:
        message = f"'{text}' is not a literal of {type_name(data_type)} within its range."
        raise PathError("value.type", path, message)
    return value


def _check_real(value: float, data_type: Elementary, path: str) -> float:
    if not fits(value, data_type) and value == value:
        raise PathError("value.range", path, f"{value!r} is outside of the values of {type_name(data_type)}.")
    return real32(float(value)) if data_type.bits == 32 else float(value)


def _check_text(value: Any, data_type: Text, path: str) -> str:
    if not isinstance(value, str):
        raise PathError("value.type", path, f"{value!r} is not a text.")
    if not fits(value, data_type):
        message = f"The text has {len(value)} characters; {type_name(data_type)} holds {data_type.length}."
        raise PathError("value.range", path, message)
    if data_type.name == "String" and any(ord(char) > 0xFF for char in value):
        raise PathError("value.range", path, "A String holds characters of 8 bits only; use a WString.")
    return value


def fill(target: Any, data_type: DataType, value: Any, path: str) -> None:
    """Write a structure from a dictionary of some of its members, or an array from a list of all its elements.

    Nothing is written when any part of it is wrong.

    Raises:
        PathError: a part is wrong.
    """
    for write, each in list(_writings(target, data_type, value, path)):
        write(each)


def _writings(target: Any, data_type: DataType, value: Any, path: str) -> Iterator[Writing]:
    if isinstance(data_type, Structure):
        yield from _member_writings(target, data_type, value, path)
        return
    array = cast("Array", data_type)
    if not isinstance(value, list | tuple) or len(value) != len(target):
        raise PathError("value.type", path, f"{type_name(array)} needs a list of {len(target)} values.")
    for index, each in enumerate(value):
        if is_plain(array.element):
            yield partial(setitem, target, index), check_value(each, array.element, path)
        else:
            yield from _writings(target[index], array.element, each, path)


_AS_READ = (None, "reference")
"""How data passed by reference are read; they stay as they are when they come back."""


def _member_writings(target: Any, structure: Structure, value: Any, path: str) -> Iterator[Writing]:
    if isinstance(value, str) and structure.name == "DTL":
        value = value_of(value, structure)
    if not isinstance(value, dict):
        raise PathError("value.type", path, f"{type_name(structure)} needs a dictionary of its members.")
    for name, each in value.items():
        member = structure.member(name)
        if name == STATE or (member and by_reference(structure, member) and each in _AS_READ):
            continue
        if member is None:
            raise PathError("path.member", path, f"{type_name(structure)} has no member '{name}'.")
        here = f"{path}.{member.name}"
        if by_reference(structure, member):
            raise PathError(
                "path.reference", here, "This parameter is passed by reference: write the data that it refers to."
            )
        if is_plain(member.type):
            yield partial(setattr, target, attribute(member.name)), check_value(each, member.type, here)
        else:
            yield from _writings(getattr(target, attribute(member.name)), member.type, each, here)
