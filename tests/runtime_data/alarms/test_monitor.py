"""What values and delays do to an alarm, compared with a slow and plain calculation."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_bridge.errors import Problem
from runtime_data.alarms.changes import Changes
from runtime_data.alarms.definition import AlarmDefinition, Trigger, check
from runtime_data.alarms.monitor import holds
from runtime_data.quality import NO_COMMUNICATION, NOT_A_NUMBER, RANGE
from runtime_data.values import Value

SECOND = 1_000_000


def defined(trigger: Trigger, **more: Any) -> AlarmDefinition:
    made = AlarmDefinition(name="A", tag="memory:a", trigger=trigger, **more)
    check(made)
    return made


@given(value=st.integers(-(2**63), 2**64 - 1), bit=st.integers(0, 63), inverted=st.booleans())
def test_a_bit_of_a_word(value: int, bit: int, inverted: bool) -> None:
    expected = (value // 2**bit) % 2 == (0 if inverted else 1)
    assert holds(defined("bit", bit=bit, inverted=inverted), Value("memory:a", value), active=False) is expected


@pytest.mark.parametrize(
    ("trigger", "inactive", "active"),
    [
        ("greater", [11, 12], [9, 10, 11, 12]),
        ("greaterOrEqual", [10, 11, 12], [8, 9, 10, 11, 12]),
        ("less", [8, 9], [8, 9, 10, 11]),
        ("lessOrEqual", [8, 9, 10], [8, 9, 10, 11, 12]),
        ("equal", [10], [8, 9, 10, 11, 12]),
    ],
)
def test_the_deadband_keeps_an_alarm_active(trigger: Trigger, inactive: list[int], active: list[int]) -> None:
    definition = defined(trigger, limit=10, deadband=2)
    for is_active, expected in ((False, inactive), (True, active)):
        found = [n for n in range(8, 13) if holds(definition, Value("memory:a", n), active=is_active)]
        assert found == expected, (trigger, is_active)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Value("memory:a", 11, status=RANGE.code), True),
        (Value("memory:a", 11, status=NO_COMMUNICATION.code), None),
        (Value("memory:a", None, status=NOT_A_NUMBER.code, text="NaN"), None),
        (Value("memory:a", "11"), None),
        (Value("memory:a", [11]), None),
    ],
)
def test_values_that_cannot_be_used_say_nothing(value: Value, expected: bool | None) -> None:
    assert holds(defined("greater", limit=10), value, active=False) is expected


def test_texts_are_compared() -> None:
    definition = defined("notEqual", limit="RUN")
    assert [holds(definition, Value("memory:a", text), active=False) for text in ("RUN", "STOP")] == [False, True]


def slow(delay_on: int, delay_off: int, values: list[tuple[int, bool]], end: int) -> list[tuple[str, int]]:
    """Look at each second: an alarm changes when its condition has been other than the alarm for the whole delay."""
    active, wrong_since, found = False, None, list[tuple[str, int]]()
    known = dict(values)
    now = False
    for second in range(end + 1):
        if wrong_since is not None and second - wrong_since >= (delay_off if active else delay_on):
            active, wrong_since = not active, None
            found.append(("raised" if active else "cleared", second))
        now = known.get(second, now)
        if now is active:
            wrong_since = None
        elif wrong_since is None:
            wrong_since = second
        if wrong_since is not None and (delay_off if active else delay_on) == 0:
            active, wrong_since = now, None
            found.append(("raised" if active else "cleared", second))
    return found


@given(
    delay_on=st.integers(0, 5),
    delay_off=st.integers(0, 5),
    values=st.dictionaries(st.integers(1, 60), st.booleans(), max_size=25),
)
def test_delays(delay_on: int, delay_off: int, values: dict[int, bool]) -> None:
    definition = defined("bit", delay_on=delay_on, delay_off=delay_off, needs_acknowledge=False)
    changes = Changes({}, {})
    for second, value in sorted(values.items()):
        changes.elapse(definition, second * SECOND)
        changes.take(definition, Value("memory:a", value), second * SECOND)
    changes.elapse(definition, 100 * SECOND)
    found = [(each.kind.value, each.time / SECOND) for each in changes.events]
    assert found == slow(delay_on, delay_off, sorted(values.items()), 100)


@given(values=st.lists(st.sampled_from([0, 1, 7, None]), max_size=20), rising=st.booleans())
def test_edges(values: list[int | None], rising: bool) -> None:
    definition = defined("rising" if rising else "falling", needs_acknowledge=False)
    changes = Changes({}, {})
    for time, value in enumerate(values, 1):
        status = NO_COMMUNICATION.code if value is None else 0
        changes.take(definition, Value("memory:a", value, status=status), time)
    usable = [bool(value) for value in values if value is not None]
    edges = sum(before is not rising and after is rising for before, after in pairwise(usable))
    assert [each.kind.value for each in changes.events] == ["raised", "cleared"] * edges


def test_a_bad_value_begins_a_delay_again() -> None:
    definition = defined("greater", limit=10, delay_on=5)
    changes = Changes({}, {})
    changes.take(definition, Value("memory:a", 11), 1 * SECOND)
    changes.take(definition, Value("memory:a", None, status=NO_COMMUNICATION.code), 3 * SECOND)
    changes.elapse(definition, 7 * SECOND)
    assert changes.events == []
    changes.take(definition, Value("memory:a", 11), 8 * SECOND)
    changes.elapse(definition, 20 * SECOND)
    assert [(each.kind.value, each.time) for each in changes.events] == [("raised", 13 * SECOND)]


@pytest.mark.parametrize(
    "more",
    [
        {"trigger": "greater"},
        {"trigger": "greater", "limit": "10"},
        {"trigger": "greater", "limit": True},
        {"trigger": "greater", "limit": float("nan")},
        {"trigger": "greater", "limit": 10**400},
        {"trigger": "equal", "limit": float("inf")},
        {"trigger": "bit", "limit": 1},
        {"trigger": "bit", "bit": 64},
        {"trigger": "equal", "limit": 1, "bit": 2},
        {"trigger": "equal", "limit": "a", "deadband": 1.0},
        {"trigger": "rising", "delay_on": 1.0},
        {"trigger": "greater", "limit": 1, "delay_on": -1.0},
        {"trigger": "greater", "limit": 1, "delay_off": float("inf")},
        {"trigger": "greater", "limit": 1, "deadband": float("nan")},
        {"trigger": "greater", "limit": 1, "priority": 1001},
        {"trigger": "greater", "limit": 1, "name": " "},
        {"trigger": "greater", "limit": 1, "texts": {"en-US": "x" * 1001}},
    ],
)
def test_definitions_that_cannot_work_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(Problem) as refused:
        check(AlarmDefinition(**({"name": "A", "tag": "memory:a"} | more)))
    assert refused.value.code == "runtime.alarm_definition"
