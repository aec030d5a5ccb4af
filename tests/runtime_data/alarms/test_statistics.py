"""What statistics say of raised alarms, compared with counting them plainly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runtime_data.alarms.alarm import Alarm
from runtime_data.alarms.state import State
from runtime_data.alarms.statistics import standing, summarise

SECOND = 1_000_000
DAY = 86_400 * SECOND
RAISES = st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(0, 3000)), max_size=60)


@given(RAISES)
def test_raises(found: list[tuple[str, int]]) -> None:
    raises = sorted(found, key=lambda each: each[1])
    summary = summarise([(name, second * SECOND) for name, second in raises])
    names = [name for name, _ in raises]
    assert (summary.raised, summary.names) == (len(names), len(set(names)))
    assert {each.name: each.count for each in summary.top} == {name: names.count(name) for name in names}
    assert [each.count for each in summary.top] == sorted((each.count for each in summary.top), reverse=True)
    tens = [second // 600 for _, second in raises]
    assert summary.peak == max((tens.count(ten) for ten in tens), default=0)
    fastest = {
        name: max(sum(n == name and end - 60 < t <= end for n, t in raises) for m, end in raises if m == name)
        for name in set(names)
    }
    assert {each.name: each.most for each in summary.chattering} == {
        n: most for n, most in fastest.items() if most >= 3
    }


def test_only_twenty_are_at_the_top() -> None:
    summary = summarise((f"A{number:02}", second) for second, number in enumerate(range(30)))
    assert [each.name for each in summary.top] == [f"A{number:02}" for number in range(20)]
    assert summary.top[0].share == 1 / 30


def test_standing_alarms() -> None:
    def alarm(name: str, state: State, raised_at: int) -> Alarm:
        return Alarm(id=name, name=name, tag="memory:a", state=state, raised_at=raised_at)

    alarms = [
        alarm("young", State.ACTIVE_ACKNOWLEDGED, 2 * DAY + 1),
        alarm("cleared", State.CLEARED_UNACKNOWLEDGED, DAY),
        alarm("old", State.ACTIVE_ACKNOWLEDGED, 2 * DAY),
        alarm("oldest", State.ACTIVE_UNACKNOWLEDGED, DAY),
    ]
    assert [each.name for each in standing(alarms, 3 * DAY)] == ["oldest", "old"]
