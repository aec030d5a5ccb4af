"""No request on a project of 1,000 blocks takes more calls into the object model than limits.csv states."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.calls.stage import Limit, Stage, limits, stage


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("large")) as made:
        yield made


@pytest.mark.parametrize("limit", limits(), ids=lambda limit: f"{limit.method} {limit.path}")
def test_a_request_stays_below_its_limit(large: Stage, limit: Limit) -> None:
    counted = large.calls(limit)
    worst = ", ".join(f"{kind}.{member} {number}" for (kind, member), number in counted.most_common(5))
    assert counted.total() <= limit.calls, worst


def test_each_operation_of_the_table_is_one_of_the_service(large: Stage) -> None:
    known = {each["name"] for each in large.send("GET", "/api/command/list")}
    assert {limit.operation for limit in limits()} <= known
