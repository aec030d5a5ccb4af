"""Checks over time, beside a plain reading of what they say."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engineering_api.features.plc_tests.checks import Watch
from engineering_api.features.plc_tests.files.model import Check
from openness_bridge.plcsim.tag_list import Tag

CYCLE = 10_000_000
TAG = Tag("Level", "Marker", "Int", "Int16", 2, 0, 0, 1, 0, [])
SMALL = st.integers(0, 4)
JUDGING = st.fixed_dictionaries(
    {},
    optional={
        "expected": SMALL,
        "min": SMALL,
        "max": SMALL,
        "not_equal": SMALL,
        "tolerance": st.sampled_from([0.5, 1.0]),
    },
).filter(
    lambda each: (
        each.keys() & {"expected", "min", "max", "not_equal"} and ("tolerance" not in each or "expected" in each)
    )
)
TIMES = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"within": st.integers(0, 8)}),
    st.fixed_dictionaries({"at_cycle": st.integers(1, 8)}),
    st.just({"always": True}),
    st.fixed_dictionaries({"never": SMALL}),
)
VALUES = st.lists(SMALL, min_size=1, max_size=8)


def holds(judging: dict[str, Any], value: int) -> bool:
    return all(
        (
            "expected" not in judging or abs(value - judging["expected"]) <= judging.get("tolerance", 0),
            "min" not in judging or value >= judging["min"],
            "max" not in judging or value <= judging["max"],
            "not_equal" not in judging or value != judging["not_equal"],
        )
    )


def expected(judging: dict[str, Any], time: dict[str, Any], values: list[int]) -> bool:
    """What a check says, read plainly over all values of a step."""
    seen = [holds(judging, each) for each in values]
    if "within" in time:
        return any(seen[: time["within"]])
    if "at_cycle" in time:
        return time["at_cycle"] <= len(seen) and seen[time["at_cycle"] - 1]
    if "always" in time:
        return all(seen)
    return ("never" not in time or time["never"] not in values) and seen[-1]


@given(JUDGING, TIMES, VALUES)
def test_a_check_says_what_a_plain_reading_says(
    judging: dict[str, Any], time: dict[str, Any], values: list[int]
) -> None:
    limit = time["within"] * CYCLE if "within" in time else None
    given_times = {key: value for key, value in time.items() if key != "within"}
    watch = Watch("Level", TAG, Check(**judging, **given_times, within="1s" if limit is not None else None), limit)
    for number, value in enumerate(values, 1):
        watch.sample(number, number * CYCLE, value)
    outcome = watch.end(values[-1])
    assert outcome.passed is expected(judging, time, values), outcome.message
    assert outcome.message.startswith("Level ") and outcome.message.endswith(".")
