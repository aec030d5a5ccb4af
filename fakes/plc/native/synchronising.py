"""Copying data between the memory of the CPU and native memory, by functions that are generated for each structure.

Both ways are Python text, because they run before and after each scan: all numbers of a structure are packed at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from struct import Struct
from typing import Any

from fakes.plc.naming import attribute
from fakes.plc.native.forms import TIMERS, Form, Record
from fakes.plc.shapes import STATE
from simatic_xml.program.types import Array, DataType, Elementary, Kind, Variable

Copy = Callable[[Any, Any, int], None]
"""Takes the data, the native memory and where in it the data lie."""
Member = tuple[Variable, Form, int]

_STATE = Struct("=qqqbb6x")
_KIND = 24
"""Where in a state its kind stands; 0 says that the timer is at rest."""
_NO_STATE = (0, 0, 0, 0, 0)
_POINTER = Struct("=Q")
_KINDS = ("", *TIMERS)


def state_in(state: tuple[str, int | None, int, int]) -> tuple[int, int, int, int, int]:
    """Return the state of a timer as native code keeps it: start, before, unit, kind, held."""
    kind, start, before, unit = state
    return start or 0, before, unit, _KINDS.index(kind), start is None


def state_out(start: int, before: int, unit: int, kind: int, held: int) -> tuple[str, int | None, int, int]:
    """Return the state of a timer as instructions keep it (`instructions.timers`)."""
    return _KINDS[kind], None if held else start, before, unit


class Synchronising:
    """The functions that copy data in and out.

    Attributes:
        follow: returns the data at an address in native memory, for what an in/out points to; takes the address, the type
            and what the in/out held before.
    """

    def __init__(self) -> None:
        """Begin with no functions."""
        self.follow: Callable[[int, DataType, Any], Any] = lambda _, __, held: held
        self._values: dict[str, Any] = {
            "STATE": _STATE,
            "NO_STATE": _NO_STATE,
            "state_in": state_in,
            "state_out": state_out,
        }
        self._values |= {"POINTER": _POINTER, "follow": lambda *given: self.follow(*given)}

    def pair(self, form: Form, data_type: DataType) -> tuple[Copy, Copy]:
        """Return what copies a structure or array into native memory, and what copies it back."""
        if form.record is not None and not form.count:
            return self._functions(form.record)
        name = f"array{len(self._values)}"
        return self._define(name, self._member_lines(name, "held", form, data_type, 0))

    def _functions(self, record: Record) -> tuple[Copy, Copy]:
        if f"in_{record.name}" not in self._values:
            self._define(record.name, self._lines(record))
        return self._values[f"in_{record.name}"], self._values[f"out_{record.name}"]

    def _define(self, name: str, lines: Iterator[tuple[str, str]]) -> tuple[Copy, Copy]:
        pairs = [*lines, ("pass", "pass")]
        for way, at in (("in", 0), ("out", 1)):
            text = "\n    ".join((f"def {way}_{name}(held, memory, at):", *(pair[at] for pair in pairs)))
            exec(compile(text, f"<{way} {name}>", "exec"), self._values)  # noqa: S102 - our own text
        return self._values[f"in_{name}"], self._values[f"out_{name}"]

    def _lines(self, record: Record) -> Iterator[tuple[str, str]]:
        """Yield the lines of both functions of a structure."""
        if record.state is not None:
            here = f"at + {record.state}"
            yield (
                f"s = held.{STATE}; STATE.pack_into(memory, {here}, *NO_STATE if s is None else state_in(s))",
                f"held.{STATE} = state_out(*STATE.unpack_from(memory, {here})) if memory[{here} + {_KIND}] else None",
            )
        for member, _, offset in record.pointers:
            name, here = f"{record.name}_{len(self._values)}", f"held.{attribute(member.name)}"
            self._values[name] = member.type
            found = f"POINTER.unpack_from(memory, at + {offset})[0]"
            yield f"POINTER.pack_into(memory, at + {offset}, 0)", f"{here} = follow({found}, {name}, {here})"
        for run in _side_by_side(record.members):
            member, form, offset = run[0]
            if form.count or form.record:
                name = f"{record.name}_{len(self._values)}"
                yield from self._member_lines(name, f"held.{attribute(member.name)}", form, member.type, offset)
            else:
                yield self._numbers(f"{record.name}_{len(self._values)}", run)

    def _numbers(self, name: str, run: list[Member]) -> tuple[str, str]:
        """Return the lines for numbers that lie side by side."""
        self._values[name] = Struct("=" + "".join(form.letter for _, form, _ in run))
        names = [f"held.{attribute(member.name)}" for member, _, _ in run]
        letters = [_is_character(member.type) for member, _, _ in run]
        given = ", ".join(f"ord({each})" if char else each for each, char in zip(names, letters, strict=True))
        taken = f"{name}.unpack_from(memory, at + {run[0][2]})"
        out = f"{', '.join(names)}, = {taken}"
        if any(letters):
            values = ", ".join(f"chr(v[{at}])" if char else f"v[{at}]" for at, char in enumerate(letters))
            out = f"v = {taken}; {', '.join(names)}, = {values},"
        return f"{name}.pack_into(memory, at + {run[0][2]}, {given})", out

    def _member_lines(
        self, name: str, held: str, form: Form, data_type: DataType, offset: int
    ) -> Iterator[tuple[str, str]]:
        """Yield the lines for a structure or array."""
        if form.record is None:
            yield self._elements(name, held, form, data_type, offset)
            return
        self._functions(form.record)
        inner = form.record.name
        if not form.count:
            yield tuple(f"{way}_{inner}({held}, memory, at + {offset})" for way in ("in", "out"))  # type: ignore[misc]
            return
        size = form.record.size
        loop = f"for number, each in enumerate({held}): {{}}_{inner}(each, memory, at + {offset} + number * {size})"
        yield loop.format("in"), loop.format("out")

    def _elements(self, name: str, held: str, form: Form, data_type: DataType, offset: int) -> tuple[str, str]:
        self._values[name] = Struct(f"={form.count}{form.letter}")
        packed = f"{name}.pack_into(memory, at + {offset}, *{{}})"
        unpacked = f"{name}.unpack_from(memory, at + {offset})"
        if isinstance(data_type, Array) and _is_character(data_type.element):
            return packed.format(f"map(ord, {held})"), f"{held}[:] = list(map(chr, {unpacked}))"
        return packed.format(held), f"{held}[:] = {unpacked}"


def _side_by_side(members: list[Member]) -> Iterator[list[Member]]:
    """Yield numbers that lie without gaps together, everything else alone."""
    run: list[Member] = []
    for each in members:
        _, form, offset = each
        if run and (form.count or form.record or run[-1][1].count or run[-1][1].record or _end(run[-1]) != offset):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _end(member: Member) -> int:
    return member[2] + member[1].size


def _is_character(data_type: DataType) -> bool:
    return isinstance(data_type, Elementary) and data_type.kind is Kind.CHARACTER
