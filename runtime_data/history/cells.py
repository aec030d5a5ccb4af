"""A value as three cells of a database row, without loss: an integer, a float, or bytes of which the first names the kind."""

from __future__ import annotations

import math
from typing import Any

import msgspec

Cells = tuple[int | None, float | None, bytes | None]
_TRUE, _FALSE, _NAN, _INTEGER, _TEXT, _JSON = b"1", b"0", b"n", b"i", b"s", b"j"
_FIXED = {_TRUE: True, _FALSE: False, _NAN: math.nan}
_SMALLEST, _LARGEST = -(1 << 63), (1 << 63) - 1


def to_cells(value: Any) -> Cells:
    """Return the cells of a value: integer, float, bytes; all None for None."""
    if value is None:
        return None, None, None
    if isinstance(value, bool):
        return None, None, _TRUE if value else _FALSE
    if isinstance(value, int):
        return (value, None, None) if _SMALLEST <= value <= _LARGEST else (None, None, _INTEGER + b"%d" % value)
    if isinstance(value, float):
        return (None, None, _NAN) if math.isnan(value) else (None, value, None)
    if isinstance(value, str):
        return None, None, _TEXT + value.encode("utf-8", "surrogatepass")
    return None, None, _JSON + msgspec.json.encode(value)


def from_cells(integer: int | None, real: float | None, content: bytes | None) -> Any:
    """Return the value of cells."""
    if content is None:
        return integer if integer is not None else real
    kind, rest = content[:1], content[1:]
    if kind == _TEXT:
        return rest.decode("utf-8", "surrogatepass")
    if kind == _INTEGER:
        return int(rest)
    return msgspec.json.decode(rest) if kind == _JSON else _FIXED[kind]


def to_cell(value: Any) -> int | float | bytes | None:
    """Return the only cell of a value, for a database whose columns take any type."""
    if type(value) is float and not math.isnan(value):  # most values are, so this is quicker
        return value
    integer, real, content = to_cells(value)
    return content if content is not None else real if integer is None else integer


def from_cell(cell: int | float | bytes | None) -> Any:
    """Return the value of one cell."""
    return from_cells(None, None, cell) if isinstance(cell, bytes) else cell
