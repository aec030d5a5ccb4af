"""What generated functions call by name: checks that fail, numbers that do not fit, time and budget.

`for_cpu` returns them: everything in `__all__`, and what needs the CPU.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from simatic_xml.program.types.types import DataType
from virtual_plc.cpu.services import Services
from virtual_plc.faults import Fault, IndexReadFault, IndexWriteFault, ReferenceFault
from virtual_plc.instructions.calculation.numbers import real_quotient
from virtual_plc.instructions.registry import KEEP
from virtual_plc.memory.codecs import codec
from virtual_plc.memory.starting_values import Slot
from virtual_plc.memory.storage import copy_into

__all__ = [
    "KEEP",
    "SINGLE",
    "Slot",
    "copy_into",
    "inf",
    "nan",
    "overlay_read",
    "overlay_write",
    "real_quotient",
]

inf, nan = math.inf, math.nan
SINGLE = array("f", [0.0])
"""A cell of 32 bits: a value stored and loaded again is rounded to REAL, or infinite if too large."""

TURNS = 1000
"""How many turns of loops a function makes between two checks of the budget."""


def overlay_read(base: Any, data_type: DataType, byte: int, bit: int) -> Any:
    """Return what is at a byte inside of data with standard access."""
    data, offset = _bytes_of(base)
    return codec(data_type).read(data, offset + byte, bit)


def overlay_write(base: Any, data_type: DataType, byte: int, bit: int, value: Any) -> None:
    """Write what is at a byte inside of data with standard access."""
    data, offset = _bytes_of(base)
    codec(data_type).write(data, offset + byte, bit, value)


def _bytes_of(base: Any) -> tuple[bytearray, int]:
    """Return the bytes of a view, and where in them it begins."""
    if hasattr(base, "buffer"):
        return base.buffer, base.offset
    return base._buffer, base._offset


def for_cpu(services: Services, locate: Callable[[Fault], Fault]) -> dict[str, Any]:
    """Return the helpers for a CPU, by name.

    Args:
        services: the CPU.
        locate: puts the place of the running line into a fault.
    """

    def spend(left: int) -> int:
        """Take the used turns from the budget; return how many are left now."""
        services.budget -= TURNS - left
        if services.budget < 0:
            services.overrun()
        return TURNS

    def no_value(default: Any, *indices: int) -> Any:
        """Report an element that is read and does not exist; return what the program continues with."""
        services.fault(locate(IndexReadFault(_outside(indices))))
        return default

    def not_written(*indices: int) -> None:
        """Report an element that is written and does not exist."""
        services.fault(locate(IndexWriteFault(_outside(indices))))

    def no_target(default: Any = None) -> Any:
        """Report a reference that is followed and points to nothing."""
        services.fault(locate(ReferenceFault("A reference points to nothing.")))
        return default

    def count_turns(turns: range) -> Iterator[int]:
        """Yield the turns of a long loop, counting them in portions."""
        for index, turn in enumerate(turns):
            if index % TURNS == 0:
                spend(0)
            yield turn

    helpers = (spend, count_turns, no_value, not_written, no_target)
    found = {name: globals()[name] for name in __all__} | {each.__name__: each for each in helpers}
    return found | {"cpu": services, "locate": locate, "Fault": Fault}


def _outside(indices: Sequence[int]) -> str:
    """Report which index is outside of its limits; they come as index, lowest, highest of each dimension."""
    groups = zip(indices[::3], indices[1::3], indices[2::3], strict=True)
    index, low, high = next(each for each in groups if not each[1] <= each[0] <= each[2])
    return f"The index {index} is outside of {low}..{high}."
