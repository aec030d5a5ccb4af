"""Values as columns of a CSV file: how data logs and recipes write them, and how a recipe reads them.

Facts: docs/facts/communication.md#csv-files.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from typing import Any

from simatic_xml.program.types.ranges import fits
from simatic_xml.program.types.types import Array, DataType, Elementary, Kind, Structure, Text
from virtual_plc.code.naming import attribute
from virtual_plc.instructions.calculation.numbers import single
from virtual_plc.memory.starting_values import dtl

_WHOLE = (Kind.INTEGER, Kind.BITS, Kind.DURATION, Kind.DATE, Kind.TIME_OF_DAY)
_REAL_BITS = 32


def is_column(data_type: DataType) -> bool:
    """Return whether a value of this type is one column."""
    if isinstance(data_type, Text):
        return True
    if isinstance(data_type, Structure):
        return data_type.name == "DTL" and data_type.origin == "system"
    return isinstance(data_type, Elementary) and data_type.kind in (Kind.BOOL, Kind.REAL, Kind.CHARACTER, *_WHOLE)


def columns(value: Any, data_type: DataType) -> list[tuple[Any, DataType]] | None:
    """Return the columns of a record: a structure or array of one level, or a single value; None for other data."""
    if is_column(data_type):
        return [(value, data_type)]
    if isinstance(data_type, Array):
        parts = [(each, data_type.element) for each in value]
    elif isinstance(data_type, Structure):
        parts = [(getattr(value, attribute(each.name)), each.type) for each in data_type.members]
    else:
        return None
    return parts if all(is_column(each) for _, each in parts) else None


def text_of(value: Any, data_type: DataType) -> str:
    """Return a value as the text of its column."""
    if isinstance(data_type, Structure):
        date = f"{value.YEAR:04}-{value.MONTH:02}-{value.DAY:02}"
        return f"{date} {value.HOUR:02}:{value.MINUTE:02}:{value.SECOND:02}.{value.NANOSECOND:09}"
    if isinstance(data_type, Elementary) and data_type.kind is Kind.REAL:
        return f"{value:.6E}" if data_type.bits == _REAL_BITS else f"{value:.14E}"
    return str(int(value)) if isinstance(value, bool | int) else str(value)


def value_of_text(text: str, data_type: DataType) -> Any:
    """Return the value of the text of a column.

    Raises:
        ValueError: it is no value of the type.
    """
    if isinstance(data_type, Text):
        if data_type.length is not None and len(text) > data_type.length:
            raise ValueError(text)
        return text
    if not isinstance(data_type, Elementary):
        raise ValueError(text)
    found: Any = text
    if data_type.kind is Kind.REAL:
        found = float(text)
        found = single(found) if data_type.bits == _REAL_BITS else found
        if not math.isfinite(found):
            raise ValueError(text)
    elif data_type.kind is Kind.BOOL:
        found = {"0": False, "1": True, "FALSE": False, "TRUE": True}.get(text.strip().upper())
    elif data_type.kind is not Kind.CHARACTER:
        found = int(text)
    if found is None or (data_type.kind is Kind.CHARACTER and len(text) != 1) or not fits(found, data_type):
        raise ValueError(text)
    return found


def csv_line(cells: Iterable[str]) -> str:
    """Return one line of a file, with its end."""
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerow(list(cells))
    return made.getvalue()


def lines(content: bytes) -> list[list[str]]:
    """Return the lines of a file as cells."""
    return list(csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")))


def moment(nanoseconds: int) -> tuple[str, str]:
    """Return date and time of a moment, as a data log writes them."""
    parts = dtl(nanoseconds)
    return (
        f"{parts['MONTH']}/{parts['DAY']}/{parts['YEAR']}",
        f"{parts['HOUR']:02}:{parts['MINUTE']:02}:{parts['SECOND']:02}.{parts['NANOSECOND'] // 1_000_000:03}",
    )
