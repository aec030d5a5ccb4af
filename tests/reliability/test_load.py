"""Many clients at once: none loses an edit, a full queue is refused with when to come again, nobody can make memory grow."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from litestar.testing import TestClient

from benchmarks.reports import load, soak
from engineering_api.app import create_app
from engineering_api.execution import admission
from engineering_api.execution.execution import WORKERS
from engineering_api.execution.runner import Runner
from engineering_api.operations import jobs
from engineering_api.operations.events import Hub
from engineering_api.security.rate_limit import RateLimit, TooMany
from openness_bridge.errors import Problem
from tests.reliability.forge import Forge
from tests.support.service import Client, settings

GROWTH = 64 << 20
"""Bytes that a server may take for some hundred clients and what they edit."""
LISTED = 128 << 10
"""Bytes that one more tag may take in the lists that a hundred clients read at once; a fast server has more tags in the end."""


def test_twenty_clients_lose_nothing(forge: Forge, tmp_path: Path) -> None:
    course = load.run(forge, tmp_path, 20, 2)
    assert course.lost == []
    assert course.edits
    assert course.events
    assert course.memory[1] - course.memory[0] < GROWTH


@pytest.mark.slow
def test_two_hundred_clients_lose_nothing(forge: Forge, tmp_path: Path) -> None:
    course = load.run(forge, tmp_path, 200, 20)
    assert course.lost == []
    assert sum(course.counts.values()) > 0
    assert course.memory[1] - course.memory[0] < GROWTH + LISTED * len(course.edits)


@pytest.mark.slow
def test_clients_who_are_told_to_come_again_lose_nothing(forge: Forge, tmp_path: Path) -> None:
    course = load.run(forge, tmp_path, 20, 2, queue_limit=2)
    assert course.lost == []
    assert {each for each in course.statuses if each[1] == 503} >= {("read", 503, "server.busy")}


@pytest.mark.slow
def test_nothing_grows_while_a_server_works_on(forge: Forge, tmp_path: Path) -> None:
    figures = soak.run(forge, tmp_path, seconds=15, warm=8)
    assert figures.faults == []
    assert figures.growth("threads") <= WORKERS
    assert figures.growth("descriptors") <= soak.CLIENTS
    assert figures.growth("listeners") <= soak.CLIENTS
    assert figures.growth("memory") < GROWTH / 4


def test_a_full_queue_is_refused_with_when_to_come_again(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, queue_limit=3))) as http, ThreadPoolExecutor(3) as pool:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
        service = http.app.state.service
        hold, begun = threading.Event(), threading.Event()

        def busy() -> None:
            begun.set()
            hold.wait()

        held = service.portals.session().apartment.submit(busy)
        try:
            begun.wait(60)
            waiting = [pool.submit(http.get, "/api/projects") for _ in range(3)]
            while service.part(Runner).execution.admission.inside < 3:
                threading.Event().wait(0.01)
            answer = http.post("/api/projects/actions/save-sync")
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "server.busy")
            assert int(answer.headers["Retry-After"]) == admission.LATER
            assert http.get("/api/jobs").status_code == 200
            job = http.post("/api/projects/actions/save").json()["data"]["jobId"]
        finally:
            hold.set()
        held.result(60)
        assert {each.result().status_code for each in waiting} == {200}
        assert client.ended(job)["status"] == "Completed"
        client.ok("POST", "/api/projects/actions/save-sync")
        assert service.part(Runner).execution.admission.inside == 0


def test_too_many_jobs_are_refused() -> None:
    admission.require_room_for_job(admission.MOST_JOBS - 1)
    with pytest.raises(Problem) as refused:
        admission.require_room_for_job(admission.MOST_JOBS)
    assert (refused.value.code, refused.value.retry_after) == ("server.busy", admission.LATER)


def test_a_listener_that_takes_nothing_is_cut_off() -> None:
    hub = Hub(remembered=10, backlog=20)
    listener = hub.subscribe()
    for number in range(1000):
        hub.publish("job.progress", "x", progress=number)
    assert listener.queue.qsize() == 21
    assert listener not in hub._listeners


def test_jobs_keep_their_order_when_the_clock_is_put_back(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(range(10_000))

    def now(_: float | None = None) -> str:
        moment = dt.datetime(2026, 10, 25, 12, tzinfo=dt.UTC) - dt.timedelta(hours=next(moments))
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
    monkeypatch.setattr(jobs, "now", now)
    submitted = [client.job("POST", "/api/projects/actions/save")["jobId"] for _ in range(4)]
    assert [each["jobId"] for each in client.ok("GET", "/api/jobs")] == submitted[::-1]
    assert {each["status"] for each in client.ok("GET", "/api/jobs")} == {"Completed"}


@pytest.mark.parametrize("jump", [-7200.0, 7200.0, -60.0])
def test_a_clock_that_jumps_locks_nobody_out(jump: float) -> None:
    now = [1_000_000.0]
    limit = RateLimit(3, clock=lambda: now[0])
    for _ in range(3):
        limit.take("a")
    with pytest.raises(TooMany):
        limit.take("a")
    now[0] += jump
    for _ in range(3):
        limit.take("a")
    with pytest.raises(TooMany):
        limit.take("a")
