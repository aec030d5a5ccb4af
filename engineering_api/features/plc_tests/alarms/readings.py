"""The alarms of the CPU under test, since the test began."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from openness_bridge.errors import Kind, Place, Problem, not_found
from openness_bridge.plcsim import alarms as plcsim_alarms
from openness_bridge.plcsim.runtime import Handle

_MESSAGE = re.compile(r"message\.\d+\.\d+")


@dataclass(slots=True)
class AlarmNow:
    """An alarm that was raised in this test.

    Attributes:
        texts: its text by language, with its values.
        values: the associated values with which it was raised last.
        pending: whether it has not gone yet.
        acknowledged: whether nobody has to acknowledge it.
    """

    texts: dict[str, str] = field(default_factory=dict)
    values: list[Any] = field(default_factory=list)
    pending: bool = True
    acknowledged: bool = False


class CpuAlarms:
    """The alarms of an instance; see `plcsim.alarms`."""

    def __init__(self, handle: Handle, full: Callable[[str], str], short: Callable[[str], str]) -> None:
        """Read those of an instance; `full` returns the path for a name in the tested block, `short` the name for a path."""
        self._handle, self._full, self._short = handle, full, short
        self._begin = 0

    def restart(self) -> None:
        """Forget all that happened before this moment."""
        if plcsim_alarms.reports_alarms(self._handle):
            self._begin, _ = plcsim_alarms.read_alarms(self._handle)

    def path(self, name: str) -> str:
        """Return the casefolded path of an alarm.

        Raises:
            Problem: the program has no such alarm; candidates are named. A real instance reports none.
        """
        self._require()
        path = plcsim_alarms.path_of(self._full(name))
        known = plcsim_alarms.read_alarm_names(self._handle)
        if path.casefold() not in {each.casefold() for each in known} and not _MESSAGE.fullmatch(path.casefold()):
            raise not_found("alarm", name, [self._short(each) for each in known])
        return path.casefold()

    def now(self) -> dict[str, AlarmNow]:
        """Return the alarms that were raised since the test began, by casefolded path.

        Raises:
            Problem: there were more events than the CPU keeps.
        """
        self._require()
        events = plcsim_alarms.read_alarm_events(self._handle, self._begin)
        if events is None:
            msg = "The test has more changes of alarms than the CPU keeps: divide it, or let alarms change less often."
            raise Problem("plc_test.alarms_lost", msg, kind=Kind.CONFLICT)
        found: dict[str, AlarmNow] = {}
        for event in events:
            path = event.path.casefold()
            if event.change == "raised":
                found[path] = AlarmNow(dict(event.texts), event.values, acknowledged=not event.needs_acknowledge)
            elif path in found and event.change == "cleared":
                found[path].pending = False
            elif path in found:
                found[path].acknowledged = True
        return found

    def acknowledge(self, names: Sequence[str]) -> None:
        """Acknowledge alarms between two cycles.

        Raises:
            Problem: one of them does not wait for it.
        """
        paths = {self.path(name): name for name in names}
        done = {each.casefold() for each in plcsim_alarms.acknowledge_alarms(self._handle, paths)} if paths else set()
        for path, name in paths.items():
            if path not in done:
                msg = f"Alarm {name} cannot be acknowledged: it does not wait for that."
                raise Problem("plc_test.acknowledge", msg, kind=Kind.CONFLICT, place=Place(object=name))

    def _require(self) -> None:
        if not plcsim_alarms.reports_alarms(self._handle):
            msg = "A real PLCSIM Advanced reports no alarms: run tests of alarms on the simulated one."
            raise Problem("plc_test.alarms", msg, kind=Kind.UNSUPPORTED)
