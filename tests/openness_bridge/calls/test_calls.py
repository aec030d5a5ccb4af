"""No operation takes more calls into the object model than limits.csv states, in a project of 300 blocks."""

from __future__ import annotations

import pytest

from tests.openness_bridge.calls.groups import Group, groups
from tests.openness_bridge.calls.limits import FEW, MANY, Limit, limits
from tests.openness_bridge.calls.stage import Stage

READS, *OTHERS = groups()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("large"))


def above(stage: Stage, group: Group) -> list[str]:
    """A line for each operation of a group that takes more calls than it may."""
    table = limits()
    lines = []
    for name, calls in stage.counts(group).items():
        limit = table.get(name, Limit(name, FEW))
        if calls.total() > limit.calls:
            worst = ", ".join(f"{kind}.{member} {number}" for (kind, member), number in calls.most_common(4))
            lines.append(f"{name}: {calls.total()} calls, {limit.calls} are allowed ({worst})")
    return lines


@pytest.mark.slow
def test_reads_stay_below_their_limits(large: Stage) -> None:
    assert above(large, READS) == []


@pytest.mark.slow
@pytest.mark.parametrize("group", OTHERS, ids=lambda group: group.name)
def test_changes_stay_below_their_limits(large: Stage, group: Group) -> None:
    assert above(large, group) == []


def test_each_row_is_of_an_operation_that_is_measured() -> None:
    assert limits().keys() <= {op.name for group in groups() for op in group.operations}


def test_many_calls_have_a_reason() -> None:
    assert [name for name, limit in limits().items() if limit.calls > MANY and not limit.why] == []
