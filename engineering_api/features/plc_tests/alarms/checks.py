"""Checks of alarms while a step runs: whether an alarm is raised, cleared or acknowledged, with its text and its values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engineering_api.features.plc_tests.alarms.readings import AlarmNow
from engineering_api.features.plc_tests.benches.controller import Controller
from engineering_api.features.plc_tests.files import durations
from engineering_api.features.plc_tests.files.model import AlarmCheck, AlarmState, Step
from engineering_api.features.plc_tests.results import Assertion

PRECISION = 1e-6
"""Two real numbers are the same value where they differ by less than this part: a Real has seven digits."""
WORDS = {
    AlarmState.RAISED: "raised",
    AlarmState.CLEARED: "cleared",
    AlarmState.ACKNOWLEDGED: "acknowledged",
    AlarmState.UNACKNOWLEDGED: "unacknowledged",
    AlarmState.ABSENT: "not raised in this test",
}


@dataclass(slots=True)
class AlarmWatch:
    """A check of one alarm under way.

    Attributes:
        name: as the test names it.
        path: of the alarm, casefolded.
        check: what it has to be.
        within: nanoseconds of the step in which it has to be so, None for its end.
        outcome: what became of it, None as long as that is open.
    """

    name: str
    path: str
    check: AlarmCheck
    within: int | None
    outcome: Assertion | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether the step has to continue for it."""
        return self.outcome is None and self.within is not None

    def sample(self, elapsed: int, alarms: Mapping[str, AlarmNow]) -> None:
        """Take the alarms at the end of a cycle, that long after the step began."""
        if self.within is None or self.outcome is not None or elapsed > self.within:
            return
        if not _faults(self.check, alarms.get(self.path)):
            self._decide(f"was {self.wanted} after {durations.text(elapsed)}", alarms, passed=True)

    def end(self, alarms: Mapping[str, AlarmNow]) -> Assertion:
        """Take the alarms at the end of the step; what is still open is decided."""
        if self.outcome is None:
            faults = _faults(self.check, alarms.get(self.path))
            limit = "" if self.within is None else f" within {durations.text(self.within)}"
            passed = not faults and self.within is None
            sentence = f"is {self.wanted}" if passed else f"was not {self.wanted}{limit}; it {_found(faults)}"
            self._decide(sentence if passed or limit else " and ".join(faults), alarms, passed=passed)
        assert self.outcome is not None  # noqa: S101 - decided above
        return self.outcome

    @property
    def wanted(self) -> str:
        """What it has to be, in words."""
        check = self.check
        parts = [WORDS[check.state]] if check.state is not None else []
        parts += [f"with the text '{check.text}'"] if check.text is not None else []
        parts += [f"with the values {_listed(check.values)}"] if check.values is not None else []
        return " ".join(parts)

    def _decide(self, sentence: str, alarms: Mapping[str, AlarmNow], *, passed: bool) -> None:
        found = alarms.get(self.path)
        self.outcome = Assertion(
            tag_name=self.name,
            passed=passed,
            message=f"Alarm {self.name} {sentence}.",
            actual_value=_state(found),
            expected_value=self.wanted,
        )


def alarm_watches(controller: Controller, step: Step) -> Iterator[AlarmWatch]:
    """Yield the checks of the alarms of a step.

    Raises:
        Problem: there is no such alarm, or the instance reports none.
    """
    for name, given in step.alarm.items():
        check = given if isinstance(given, AlarmCheck) else AlarmCheck(state=given)
        within = None if check.within is None else durations.nanoseconds(check.within)
        path = controller.alarms.path(name)
        if check.state is not None or check.text is not None or check.values is not None:
            yield AlarmWatch(name, path, check, within)


def acknowledged_names(step: Step) -> list[str]:
    """Return the alarms that a step acknowledges before its first cycle."""
    return [name for name, each in step.alarm.items() if isinstance(each, AlarmCheck) and each.acknowledge]


def _faults(check: AlarmCheck, alarm: AlarmNow | None) -> list[str]:
    """Return what is not as it has to be; each continues a sentence that begins with the alarm."""
    found = []
    if check.state is not None and not _is(check.state, alarm):
        found.append(f"is {_state(alarm)}, expected {WORDS[check.state]}")
    if check.text is not None and check.text not in (texts := list(alarm.texts.values()) if alarm else []):
        shown = " or ".join(f"'{each}'" for each in texts) or "no text"
        found.append(f"has {shown}, expected '{check.text}'")
    if check.values is not None and not _same(check.values, alarm.values if alarm else []):
        found.append(f"has the values {_listed(alarm.values if alarm else [])}, expected {_listed(check.values)}")
    return found


def _found(faults: list[str]) -> str:
    """Return how an alarm is, without what is expected of it."""
    return " and ".join(each.rpartition(", expected ")[0] for each in faults)


def _is(state: AlarmState, alarm: AlarmNow | None) -> bool:
    if alarm is None:
        return state is AlarmState.ABSENT
    match state:
        case AlarmState.RAISED:
            return alarm.pending
        case AlarmState.CLEARED:
            return not alarm.pending
        case AlarmState.ACKNOWLEDGED:
            return alarm.acknowledged
        case AlarmState.UNACKNOWLEDGED:
            return not alarm.acknowledged
        case AlarmState.ABSENT:
            return False


def _state(alarm: AlarmNow | None) -> str:
    if alarm is None:
        return WORDS[AlarmState.ABSENT]
    state = "raised" if alarm.pending else "cleared"
    return f"{state} and {'acknowledged' if alarm.acknowledged else 'not acknowledged'}"


def _same(wanted: list[Any], found: list[Any]) -> bool:
    """Return whether the first values are those that are wanted."""
    return len(found) >= len(wanted) and all(map(_equal, wanted, found))


def _equal(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, float) or isinstance(found, float):
        numbers = all(isinstance(each, int | float) for each in (wanted, found))
        return numbers and math.isclose(wanted, found, rel_tol=PRECISION)
    return bool(wanted == found) and isinstance(wanted, bool) is isinstance(found, bool)


def _listed(values: list[Any]) -> str:
    while values and values[-1] is None:
        values = values[:-1]
    return f"[{', '.join(map(str, values))}]"
