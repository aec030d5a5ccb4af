"""Supervises operands of function blocks after each scan: steps of GRAPH, supervisions of ProDiag.

The executing tier knows nothing of it. Decisions: docs/conformance-plc/alarms.md#supervisions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from simatic_xml.program.diagnostics import Diagnostic, Place, Severity
from simatic_xml.program.types.types import Elementary, Kind
from virtual_plc.cpu.clock import Clock
from virtual_plc.memory.alarm_sources import AlarmSource
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.path_values import PathError
from virtual_plc.surroundings.alarms import Alarms, Origin


@dataclass(slots=True)
class _Watched:
    """An operand that is supervised.

    Attributes:
        source: its alarm.
        conditions: each returns whether one of the conditions is fulfilled.
        delay: returns nanoseconds for which they have to be so.
        values: each returns an associated value.
        since: virtual time since which they are so, None where they are not.
    """

    source: AlarmSource
    conditions: tuple[Callable[[], bool], ...]
    delay: Callable[[], int]
    values: tuple[Callable[[], Any], ...]
    since: int | None = None


class Supervisions:
    """The operands that a program supervises.

    Attributes:
        warnings: why supervisions of the program have no alarm.
    """

    def __init__(self, alarms: Alarms, clock: Clock) -> None:
        """Begin with none."""
        self._alarms, self._clock = alarms, clock
        self._watched: list[_Watched] = []
        self.warnings: list[Diagnostic] = []

    def load(self, sources: Iterable[AlarmSource], memory: Memory) -> None:
        """Supervise the operands of another program; a supervision with an operand that does not exist has no alarm."""
        given = [each for each in sources if each.supervision is not None]
        self.warnings = list(check(given, memory))
        broken = {each.place.member for each in self.warnings}
        self._watched = [_watch(each, memory) for each in given if each.name not in broken]

    def restart(self) -> None:
        """Begin to count delays again."""
        for each in self._watched:
            each.since = None

    def look(self) -> None:
        """Let alarms come and go, at the end of a scan."""
        pending, now = self._alarms.pending, self._clock.now
        for each in self._watched:
            name = each.source.name
            if not all(holds() for holds in each.conditions):
                each.since = None
                if name in pending:
                    self._alarms.clear(name, self._clock.wall, [get() for get in each.values])
            elif name not in pending:
                each.since = now if each.since is None else each.since
                if now - each.since >= each.delay():
                    self._raise(each)

    def _raise(self, watched: _Watched) -> None:
        """Let an alarm come; without room it comes as soon as there is some."""
        assert watched.source.supervision is not None  # noqa: S101 - only such ones are watched
        origin, values = Origin(watched.source.supervision.origin), [get() for get in watched.values]
        self._alarms.raise_(watched.source.name, self._clock.wall, values, texts=watched.source.texts, origin=origin)


def check(sources: Iterable[AlarmSource], memory: Memory) -> Iterator[Diagnostic]:
    """Yield which supervised operands of a program are not there, or have another type."""
    for source in sources:
        found = source.supervision
        if found is None:
            continue
        wanted = [(each.operand, (Kind.BOOL,)) for each in found.conditions]
        wanted += [(found.delay, (Kind.DURATION,))] if found.delay else []
        for operand, kinds in wanted:
            if not _fits(memory, source.instance + operand, kinds):
                kind = "Bool" if Kind.BOOL in kinds else "Time or LTime"
                message = (
                    f"The supervision needs a {kind} '{source.instance}{operand}' and has no alarm: "
                    "correct its operand in the block."
                )
                yield Diagnostic(Severity.WARNING, "supervision.operand", message, Place("", member=source.name))
        for operand in found.values:
            if not _fits(memory, source.instance + operand, tuple(Kind)):
                message = (
                    f"The alarm is never raised, because its operand '{source.instance}{operand}' does not exist: "
                    "correct the supervision."
                )
                yield Diagnostic(Severity.WARNING, "supervision.operand", message, Place("", member=source.name))


def _fits(memory: Memory, path: str, kinds: tuple[Kind, ...]) -> bool:
    try:
        of = memory.accessor(path).type
    except PathError:
        return False
    return isinstance(of, Elementary) and of.kind in kinds


def _watch(source: AlarmSource, memory: Memory) -> _Watched:
    found = source.supervision
    assert found is not None  # noqa: S101 - only such ones are watched
    conditions = tuple(_holds(memory, source.instance + each.operand, value=each.value) for each in found.conditions)
    values = tuple(memory.accessor(source.instance + each).get for each in found.values)
    return _Watched(source, conditions, _delay(memory, source.instance, found.delay), values)


def _holds(memory: Memory, path: str, *, value: bool) -> Callable[[], bool]:
    get = memory.accessor(path).get
    return get if value else lambda: not get()


def _delay(memory: Memory, instance: str, operand: str) -> Callable[[], int]:
    if not operand:
        return lambda: 0
    accessor = memory.accessor(instance + operand)
    unit = accessor.type.unit if isinstance(accessor.type, Elementary) else 1
    return lambda: int(accessor.get()) * unit
