"""Copy data between the memory of the CPU and native memory, by functions that are generated for each structure.

Both ways are Python text, because they run before and after each scan: all numbers of a structure are packed together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from struct import Struct
from typing import Any

from simatic_xml.program.types.types import Array, DataType, Elementary, Kind, Variable
from virtual_plc.code.naming import Name, mangle
from virtual_plc.code.python_text import Line, Statement, Text, compile_lines, execute, expression, statement
from virtual_plc.native_tier.forms import TIMERS, Form, Record

Copy = Callable[[Any, Any, int], None]
"""Takes the data, the native memory and where in it the data are."""
Member = tuple[Variable, Form, int]
Pair = tuple[Statement, Statement]
"""A line of the function that copies in, and one of that which copies out."""

_NOTHING = statement("pass")

_STATE = Struct("=qqqbb6x")
_KIND = 24
"""Where in a state its kind is; 0 says that the timer is at rest."""
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
        follow: returns the data at an address in native memory, for what an in/out points to; takes the address, the
            type and what the in/out held before.
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
        name = Name("array", len(self._values))
        return self._define(name, self._member_lines(name, expression("held"), form, data_type, 0))

    def _functions(self, record: Record) -> tuple[Copy, Copy]:
        if f"in_{record.name}" not in self._values:
            self._define(record.name, self._lines(record))
        return self._values[f"in_{record.name}"], self._values[f"out_{record.name}"]

    def _define(self, name: Name, lines: Iterator[Pair]) -> tuple[Copy, Copy]:
        pairs = [*lines, (_NOTHING, _NOTHING)]
        for way, at in (("in_", 0), ("out_", 1)):
            function = Name(way, name)
            head = Line(0, statement("def {}(held, memory, at):", function))
            execute(compile_lines([head, *(Line(1, pair[at]) for pair in pairs)], function), self._values)
        return self._values[f"in_{name}"], self._values[f"out_{name}"]

    def _bind(self, name: Name, value: Any) -> None:
        self._values[name.text] = value

    def _lines(self, record: Record) -> Iterator[Pair]:
        """Yield the lines of both functions of a structure."""
        if record.state is not None:
            here = expression("at + {}", record.state)
            yield (
                statement(
                    "s = held._state; STATE.pack_into(memory, {}, *NO_STATE if s is None else state_in(s))", here
                ),
                statement(
                    "held._state = state_out(*STATE.unpack_from(memory, {0})) if memory[{0} + {1}] else None",
                    here,
                    _KIND,
                ),
            )
        for member, _, offset in record.pointers:
            name, here = self._name_in(record), _access_member(member)
            self._bind(name, member.type)
            found = expression("POINTER.unpack_from(memory, at + {})[0]", offset)
            put = statement("POINTER.pack_into(memory, at + {}, 0)", offset)
            yield put, statement("{0} = follow({1}, {2}, {0})", here, found, name)
        for run in _side_by_side(record.members):
            member, form, offset = run[0]
            if form.count or form.record:
                yield from self._member_lines(self._name_in(record), _access_member(member), form, member.type, offset)
            else:
                yield self._numbers(self._name_in(record), run)

    def _name_in(self, record: Record) -> Name:
        return Name(record.name, "_", len(self._values))

    def _numbers(self, name: Name, run: list[Member]) -> Pair:
        """Return the lines for numbers that are side by side."""
        self._bind(name, Struct("=" + "".join(form.letter for _, form, _ in run)))
        names = [_access_member(member) for member, _, _ in run]
        letters = [_is_character(member.type) for member, _, _ in run]
        given = [expression("ord({})", each) if char else each for each, char in zip(names, letters, strict=True)]
        taken = expression("{}.unpack_from(memory, at + {})", name, run[0][2])
        out = statement("{}, = {}", names, taken)
        if any(letters):
            values = [expression("chr(v[{}])" if char else "v[{}]", at) for at, char in enumerate(letters)]
            out = statement("v = {}; {}, = {},", taken, names, values)
        return statement("{}.pack_into(memory, at + {}, {})", name, run[0][2], given), out

    def _member_lines(self, name: Name, held: Text, form: Form, data_type: DataType, offset: int) -> Iterator[Pair]:
        """Yield the lines for a structure or array."""
        if form.record is None:
            yield self._elements(name, held, form, data_type, offset)
            return
        self._functions(form.record)
        into, out_of, size = Name("in_", form.record.name), Name("out_", form.record.name), form.record.size
        if not form.count:
            where = expression("at + {}", offset)
            yield _write_call(into, held, where), _write_call(out_of, held, where)
            return
        yield _write_loop(into, held, offset, size), _write_loop(out_of, held, offset, size)

    def _elements(self, name: Name, held: Text, form: Form, data_type: DataType, offset: int) -> Pair:
        self._bind(name, Struct(f"={form.count}{form.letter}"))
        unpacked = expression("{}.unpack_from(memory, at + {})", name, offset)
        packed, given = held, unpacked
        if isinstance(data_type, Array) and _is_character(data_type.element):
            packed, given = expression("map(ord, {})", held), expression("list(map(chr, {}))", unpacked)
        put = statement("{}.pack_into(memory, at + {}, *{})", name, offset, packed)
        return put, statement("{}[:] = {}", held, given)


def _write_call(function: Name, held: Text, where: Text) -> Statement:
    return statement("{}({}, memory, {})", function, held, where)


def _write_loop(function: Name, held: Text, offset: int, size: int) -> Statement:
    return statement(
        "for number, each in enumerate({}): {}(each, memory, at + {} + number * {})", held, function, offset, size
    )


def _access_member(member: Variable) -> Text:
    """Return a member of the data that are copied."""
    return expression("held.{}", mangle(member.name))


def _side_by_side(members: list[Member]) -> Iterator[list[Member]]:
    """Yield numbers without gaps between them together, everything else alone."""
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
