"""Checks of values while a step runs: each gets the value at the end of every cycle, and reports the outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engineering_api.features.plc_tests.benches.controller import Controller
from engineering_api.features.plc_tests.files import durations
from engineering_api.features.plc_tests.files.model import Check, Step
from engineering_api.features.plc_tests.reports.shown import format_value
from engineering_api.features.plc_tests.results import Assertion
from openness_bridge.plcsim.tag_list import Tag
from openness_bridge.plcsim.values import Scalar


@dataclass(slots=True)
class Watch:
    """A check of one value under way.

    Attributes:
        name: as the test names it.
        tag: what is watched.
        check: what it has to be; its values are of the type of the tag.
        within: nanoseconds of the step in which it has to be so, None for no such limit.
        outcome: what became of it, None as long as that is open.
    """

    name: str
    tag: Tag
    check: Check
    within: int | None
    outcome: Assertion | None = None
    last: Scalar | None = None

    @property
    def is_cyclic(self) -> bool:
        """Whether it has to see each cycle."""
        check = self.check
        return self.within is not None or check.at_cycle is not None or check.always or check.never is not None

    @property
    def is_waiting(self) -> bool:
        """Whether the step has to continue for it."""
        return self.outcome is None and (self.within is not None or self.check.at_cycle is not None)

    def sample(self, cycle: int, elapsed: int, value: Scalar) -> None:
        """Take the value at the end of a cycle, counted from 1, that long after the step began."""
        self.last = value
        if self.outcome is not None:
            return
        check, holds = self.check, _holds(self.check, value)
        when = f"at the end of cycle {cycle} ({durations.text(elapsed)})"
        if check.never is not None and value == check.never:
            self._decide(False, value, f"was {self._text(value)} {when}, which it must never be")
        elif check.always and not holds:
            self._decide(False, value, f"was {self._text(value)} {when}, expected always {self.wanted}")
        elif check.at_cycle == cycle:
            verb = "was" if holds else f"was {self._text(value)}, not"
            self._decide(holds, value, f"{verb} {self.wanted} at the end of cycle {cycle}")
        elif self.within is not None and elapsed > self.within:
            self._decide(
                False, value, f"was not {self.wanted} within {durations.text(self.within)}; it is {self._text(value)}"
            )
        elif self.within is not None and holds:
            self._decide(True, value, f"was {self.wanted} after {durations.text(elapsed)}")

    def end(self, value: Scalar) -> Assertion:
        """Take the value at the end of the step; what is still open is decided."""
        if self.outcome is None:
            check, text = self.check, self._text(value)
            if check.at_cycle is not None:
                self._decide(False, value, f"was not seen: the step ended before cycle {check.at_cycle}")
            elif self.within is not None:
                limit = durations.text(self.within)
                self._decide(False, value, f"was not {self.wanted} within {limit}; it is {text}")
            elif _judges(check) and not check.always:
                holds = _holds(check, value)
                self._decide(holds, value, f"is {text}" if holds else f"is {text}, expected {self.wanted}")
            else:
                self._decide(
                    True,
                    value,
                    f"was never {self._text(check.never)}" if check.never is not None else f"was always {self.wanted}",
                )
        assert self.outcome is not None  # noqa: S101 - decided above
        return self.outcome

    def _decide(self, passed: bool, value: Scalar, sentence: str) -> None:
        self.outcome = Assertion(
            tag_name=self.name,
            passed=passed,
            message=f"{self.name} {sentence}.",
            actual_value=self._text(value),
            expected_value=self.wanted,
        )

    @property
    def wanted(self) -> str:
        """What it has to be, in words."""
        check = self.check
        parts = []
        if check.expected is not None:
            around = f" ± {check.tolerance:g}" if check.tolerance is not None else ""
            parts.append(self._text(check.expected) + around)
        if check.min is not None:
            parts.append(f"≥ {self._text(check.min)}")
        if check.max is not None:
            parts.append(f"≤ {self._text(check.max)}")
        if check.not_equal is not None:
            parts.append(f"other than {self._text(check.not_equal)}")
        if not parts and check.never is not None:
            parts.append(f"never {self._text(check.never)}")
        return " and ".join(parts)

    def _text(self, value: Any) -> str:
        return format_value(self.tag.data_type, value)


def watches(controller: Controller, step: Step) -> Iterator[Watch]:
    """Yield the checks of a step, one for each single value.

    Raises:
        Problem: there is no such tag, or a value is none of its type.
    """
    for name, given in step.expect.items():
        check = given if isinstance(given, Check) else Check(expected=given)
        if isinstance(check.expected, list):
            for leaf, value in controller.leaves(name, check.expected):
                yield _watch(controller, leaf, _with_expected(check, value))
        else:
            yield _watch(controller, name, check)


def _watch(controller: Controller, name: str, check: Check) -> Watch:
    tag = controller.value_tag(name)
    fields = {"expected", "min", "max", "not_equal", "never"}
    typed = {field: getattr(check, field) for field in check.__struct_fields__}
    for field in fields:
        if typed[field] is not None:
            typed[field] = controller.as_value(tag, typed[field])
    within = None if check.within is None else durations.nanoseconds(check.within)
    return Watch(name, tag, Check(**typed), within)


def _with_expected(check: Check, value: Any) -> Check:
    return Check(**{field: getattr(check, field) for field in check.__struct_fields__} | {"expected": value})


def _judges(check: Check) -> bool:
    return any(each is not None for each in (check.expected, check.min, check.max, check.not_equal))


def _holds(check: Check, value: Any) -> bool:
    """Return whether a value is what it has to be, apart from when."""
    if check.expected is not None and not _equal(value, check.expected, check.tolerance):
        return False
    if check.not_equal is not None and value == check.not_equal:
        return False
    if check.min is not None and not value >= check.min:
        return False
    return check.max is None or value <= check.max


def _equal(value: Any, expected: Any, tolerance: float | None) -> bool:
    return bool(value == expected) if tolerance is None else bool(abs(value - expected) <= tolerance)
