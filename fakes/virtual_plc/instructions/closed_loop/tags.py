"""The data of a controller's instance by path, and the parameters that its function takes.

The tables of `simatic_xml.instructions.instances` give names and start values, so that they are declared once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

from simatic_xml.instructions.instances import rows
from simatic_xml.program.types.system_types import parse_type
from virtual_plc.memory.starting_values import value_of

_FULL_SCALE = 27648


@cache
def parameters(instruction: str) -> tuple[str, ...]:
    """Return the inputs and in/outs of an instruction, in their order."""
    return tuple(row.path for row in rows(instruction) if row.section in ("Input", "InOut"))


def takes(instruction: str) -> str:
    """Return what the function of an instruction takes (see `register_maker`): an in/out as a reference."""
    marks = {"Input": "", "InOut": "&"}
    taken = (f"{marks[row.section]}{row.path}" for row in rows(instruction) if row.section in marks)
    return " ".join(("instance", *taken))


@cache
def _starts(instruction: str) -> dict[str, Any]:
    return {row.path: value_of(row.start, parse_type(row.type)) for row in rows(instruction)}


@cache
def _steps(path: str) -> tuple[tuple[str, ...], str]:
    *outer, last = path.split(".")
    return tuple(outer), last


class Tags:
    """The tags of one instance, by path.

    A data block of another version may lack one: it then has its start value, and writing it changes nothing.
    """

    __slots__ = ("_instance", "_references", "_starts")

    def __init__(self, instruction: str, instance: Any, given: Sequence[Any]) -> None:
        """Write the given parameters into the instance.

        Args:
            instruction: name in the catalogue.
            instance: its data.
            given: a value or reference for each of `parameters`, None for one that the call and the instance lack.
        """
        self._instance, self._starts = instance, _starts(instruction)
        self._references: dict[str, Any] = {}
        for name, value in zip(parameters(instruction), given, strict=True):
            if hasattr(value, "set"):
                self._references[name] = value
                setattr(instance, name, value.get())
            elif value is not None:
                setattr(instance, name, value)

    def __getitem__(self, path: str) -> Any:
        """Return the value of a tag."""
        holder, last = self._locate(path)
        found = getattr(holder, last, None)
        return self._starts[path] if found is None else found

    def __setitem__(self, path: str, value: Any) -> None:
        """Write a tag, and the operand of an in/out."""
        holder, last = self._locate(path)
        if hasattr(holder, last):
            setattr(holder, last, value)
        if path in self._references:
            self._references[path].set(value)

    def finite(self, path: str) -> float:
        """Return a number, the start value of the tag where its value is none or infinite."""
        value = float(self[path])
        return value if math.isfinite(value) else float(self._starts[path])

    def _locate(self, path: str) -> tuple[Any, str]:
        outer, last = _steps(path)
        holder = self._instance
        for name in outer:
            holder = getattr(holder, name, None)
        return holder, last


def clamp(value: float, low: float, high: float) -> float:
    """Return a value within limits; the high one counts where they contradict each other."""
    return min(max(value, low), high)


def analog(percent: float, low: int = -32768, high: int = 32767) -> int:
    """Return a percentage as the value of an analog output, 27648 for 100.0; what is no number is 0."""
    counts = percent * _FULL_SCALE / 100.0
    return 0 if counts != counts else round(clamp(counts, low, high))


def from_analog(word: int) -> float:
    """Return the value of an analog input, a Word or Int, as a percentage."""
    return ((word + 0x8000) % 0x10000 - 0x8000) * 100.0 / _FULL_SCALE
