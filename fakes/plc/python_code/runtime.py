"""What generated functions call by name: checks that fail, numbers that do not fit, time and budget.

Everything in `__all__` is a global name of generated code. What needs the CPU is made for it by `for_cpu`.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from fakes.plc.codecs import codec
from fakes.plc.faults import IndexReadFault, IndexWriteFault
from fakes.plc.instructions.numbers import real_quotient
from fakes.plc.instructions.registry import KEEP
from fakes.plc.services import Services
from fakes.plc.starting_values import Slot
from fakes.plc.storage import copy_into
from simatic_xml.program.types import DataType

__all__ = [
    "KEEP",
    "SINGLE",
    "Slot",
    "bad_index",
    "copy_into",
    "inf",
    "nan",
    "no_element",
    "overlay_read",
    "overlay_write",
    "position_of",
    "put_character",
    "real_quotient",
]

inf, nan = math.inf, math.nan
SINGLE = array("f", [0.0])
"""A cell of 32 bits: what is stored and loaded again is rounded to REAL, or infinite where it is too large."""

TURNS = 1000
"""How many turns of loops a function makes between two looks at the budget."""


def bad_index(index: int) -> NoReturn:
    """Report an element that is read and does not exist."""
    message = f"An array or string is read at the index {index}, which it does not have."
    raise IndexReadFault(message)


def no_element(index: int) -> NoReturn:
    """Report an element that is written and does not exist."""
    message = f"An array or string is written at the index {index}, which it does not have."
    raise IndexWriteFault(message)


def position_of(bounds: tuple[tuple[int, int], ...], indices: tuple[int, ...], failing: Callable[[int], int]) -> int:
    """Return the place of an element in the flat list of an array whose bounds are known only now."""
    place = 0
    for index, (low, high) in zip(indices, bounds, strict=True):
        if not low <= index <= high:
            failing(index)
        place = place * (high - low + 1) + index - low
    return place


def put_character(text: str, place: int, character: str) -> str:
    """Return a string with one character replaced; behind its end nothing changes."""
    return text[: place - 1] + character + text[place:] if place <= len(text) else text


def overlay_read(base: Any, data_type: DataType, byte: int, bit: int) -> Any:
    """Return what lies at a byte inside of data with standard access."""
    data, offset = _bytes_of(base)
    return codec(data_type).read(data, offset + byte, bit)


def overlay_write(base: Any, data_type: DataType, byte: int, bit: int, value: Any) -> None:
    """Write what lies at a byte inside of data with standard access."""
    data, offset = _bytes_of(base)
    codec(data_type).write(data, offset + byte, bit, value)


def _bytes_of(base: Any) -> tuple[bytearray, int]:
    """Return the bytes of a view, and where in them it begins."""
    if hasattr(base, "buffer"):
        return base.buffer, base.offset
    return base._buffer, base._offset


def for_cpu(services: Services) -> dict[str, Any]:
    """Return the helpers that count what a scan does."""

    def spend(left: int) -> int:
        """Take what was used of the turns from the budget; return how many are left now."""
        services.budget -= TURNS - left
        if services.budget < 0:
            services.overrun()
        return TURNS

    def counted(turns: range) -> Iterator[int]:
        """Yield the turns of a long loop, counting them in portions."""
        for index, turn in enumerate(turns):
            if index % TURNS == 0:
                spend(0)
            yield turn

    return {"cpu": services, "spend": spend, "counted": counted}
