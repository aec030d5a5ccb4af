"""How many requests may wait for TIA Portal at the same time, at the limit and one beyond."""

from __future__ import annotations

from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any, cast

import pytest

from engineering_api.execution.admission import MOST_JOBS, Admission, require_room_for_job
from engineering_api.operations.terms import Lock
from openness_bridge.errors import Problem

CONTEXT = cast(Any, SimpleNamespace(instance=1, progress=SimpleNamespace(begun=False)))


def operation(lock: Lock) -> Any:
    return SimpleNamespace(name="a.b", lock=lock)


def admitted(limit: int, count: int, *, lock: Lock = Lock.PROJECT, waited_for: bool = True) -> int:
    """Return how many of some requests at the same time are admitted; afterwards all places are free again."""
    admission, found = Admission(limit), 0
    with ExitStack() as under_way:
        for _ in range(count):
            try:
                under_way.enter_context(admission.enter(operation(lock), CONTEXT, waited_for=waited_for))
            except Problem as refused:
                assert refused.code == "server.busy"
                assert f"{limit} requests are under way" in refused.message
                continue
            found += 1
        assert len(admission.turns) == found
    assert (admission.inside, admission.turns) == (0, [])
    return found


def test_a_queue_takes_as_many_as_its_limit() -> None:
    assert [admitted(limit, 3) for limit in (1, 2, 3, 4)] == [1, 2, 3, 3]
    assert admitted(0, 3) == 3


def test_jobs_and_operations_without_a_portal_do_not_count() -> None:
    assert admitted(1, 3, waited_for=False) == admitted(1, 3, lock=Lock.NONE) == 3


def test_the_last_place_of_a_job_is_below_the_limit() -> None:
    require_room_for_job(MOST_JOBS - 1)
    with pytest.raises(Problem, match=f"{MOST_JOBS} jobs wait already"):
        require_room_for_job(MOST_JOBS)
