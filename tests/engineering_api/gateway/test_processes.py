"""Real processes on real servers: a worker, the gateway and the queue server are killed at work.

Nothing that changes something is done twice, nothing is reported that is not so, and everything ends.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from engineering_api import processes
from engineering_api.execution.ending import FORCED
from tests.engineering_api.gateway import trial
from tests.engineering_api.gateway.plant import KINDS, SECRET, Plant, until
from tests.engineering_api.gateway.servers import Server
from tests.support.service import KEY

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
EACH = pytest.mark.parametrize("server", KINDS[1:], indirect=True)
"""On both queue servers: what else ends or is killed here has nothing to do with the queue's kind."""
LEASE = 3.0
JOBS = 40


class Process:
    """A gateway or a worker."""

    def __init__(self, folder: Path, url: str, *arguments: str) -> None:
        environment = os.environ | {
            "TIA_QUEUE": url,
            "TIA_GATEWAY_SECRET": SECRET,
            "TIA_DATA_DIR": str(folder),
            "TIA_API_KEY": KEY,
            "TIA_BACKEND": "fake",
            "TIA_HEADLESS": "1",
            "TIA_WORKER_LEASE": str(LEASE),
            "PYTHONUNBUFFERED": "1",
            "TIA_INSTANCES_FILE": str(folder / "instances.json"),
        }
        command = [sys.executable, "-m", "tests.engineering_api.gateway.trial", *arguments]
        self.process = processes.start(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(iter(self.process.stdout.readline, ""))

    def said(self, pattern: str) -> str:
        def found() -> Any:
            assert self.process.poll() is None, "".join(self.lines)
            return next((match for line in list(self.lines) if (match := re.search(pattern, line))), None)

        return str(until(found, 60).group(1))

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(60)
        self.reader.join(10)
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.stdout is not None
        self.process.stdout.close()


class Site:
    """A gateway and two workers as processes."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder, self.url = folder, server.fresh(server.url)
        self.running: dict[str, Process] = {}
        self.clients: list[httpx.Client] = []

    def gateway(self) -> Plant:
        process = self._start("gateway", "gateway", "--port", "0")
        address = process.said(r"Listening on (\S+)")
        self.clients.append(httpx.Client(base_url=address, timeout=60, trust_env=False))
        return Plant(self.clients[-1])

    def worker(self, name: str, version: str) -> None:
        self._start(name, "worker", "--name", name, "--tia-version", version).said(r"(takes) requests")

    def kill(self, name: str) -> None:
        self.running.pop(name).end(signal.SIGKILL)

    def _start(self, name: str, *arguments: str) -> Process:
        process = self.running[name] = Process(self.folder / name, self.url, *arguments)
        return process

    def close(self) -> None:
        for client in self.clients:
            client.close()
        for process in self.running.values():
            process.end()


@pytest.fixture
def site(tmp_path: Path, server: Server) -> Iterator[Site]:
    site = Site(tmp_path, server)
    try:
        yield site
    finally:
        site.close()


@EACH
def test_a_worker_is_killed_under_load(site: Site, trials: Path) -> None:
    """Each job ends; what was completed was done exactly once, what is told to be lost at most once; reads go elsewhere."""
    plant = site.gateway()
    site.worker("PC17", "17")
    site.worker("PC20", "20")
    until(lambda: {each["status"] for each in plant.workers().values()} == {"ready"} and len(plant.workers()) == 2)
    at = plant.at("PC17")
    read = plant.submitted("/trial/read", {"name": "R"})
    until(lambda: trial.runs() == ["R V17"])
    jobs = {at.submitted("/trial/count-job", {"name": f"J{n}"}): f"J{n}" for n in range(JOBS)}
    until(lambda: len(trial.runs()) > JOBS // 3)
    site.kill("PC17")
    ended = {name: plant.ended(job, 60) for job, name in jobs.items()}
    states = Counter((job["status"], (job["problem"] or {}).get("code")) for job in ended.values())
    assert set(states) <= {("Completed", None), ("Failed", "worker.lost"), ("Failed", "worker.unreachable")}, states
    assert states["Completed", None] > 0
    assert states["Failed", "worker.lost"] > 0
    done = Counter(line for line in trial.runs() if line.startswith("J"))
    assert max(done.values()) == 1
    for name, job in ended.items():
        if job["status"] == "Completed":
            assert done[name] == 1
        if (job["problem"] or {}).get("code") == "worker.unreachable":
            assert done[name] == 0
    (trials / "go-R").touch()
    assert plant.ended(read, 60)["status"] == "Completed"
    assert [line for line in trial.runs() if line.startswith("R ")] == ["R V17", "R V20"]
    at.refused(503, "worker.unreachable", "POST", "/trial/quick", {})
    site.worker("PC17", "17")
    until(lambda: plant.workers()["PC17"]["status"] == "ready")
    assert at.ok("POST", "/trial/quick", {})["where"] == "V17"
    assert max(Counter(line for line in trial.runs() if line.startswith("J")).values()) == 1


def test_the_gateway_is_killed_while_workers_work(site: Site, trials: Path) -> None:
    """What runs at workers goes on; the next gateway has the answers, also those that came while there was none."""
    plant = site.gateway()
    site.worker("PC17", "17")
    site.worker("PC20", "20")
    until(lambda: len(plant.workers()) == 2)
    long = plant.at("PC17").submitted("/trial/hold", {"name": "L"})
    short = plant.at("PC20").submitted("/trial/hold", {"name": "S"})
    until(lambda: len(trial.runs()) == 2)
    site.kill("gateway")
    (trials / "go-S").touch()
    time.sleep(LEASE * 1.5)  # time: the lease has to end
    plant = site.gateway()
    assert plant.ended(short, 60)["result"] == {"name": "S", "where": "V20"}
    assert plant.ok("GET", f"/api/jobs/{long}")["status"] == "Running"
    cancelled = plant.at("PC20").submitted("/trial/hold", {"name": "C"})
    until(lambda: len(trial.runs()) == 3)
    plant.ok("POST", f"/api/jobs/{cancelled}/actions/cancel")
    assert plant.ended(cancelled, 60)["status"] == "Cancelled"
    (trials / "go-L").touch()
    assert plant.ended(long, 60)["result"] == {"name": "L", "where": "V17"}
    assert sorted(trial.runs()) == ["C V20", "L V17", "S V20"]


@EACH
def test_the_queue_server_is_restarted(site: Site, server: Server, trials: Path) -> None:
    """Who waits for a read is told so; jobs go on, and are answered once the server is back."""
    plant = site.gateway()
    site.worker("PC20", "20")
    until(lambda: len(plant.workers()) == 1)
    job = plant.submitted("/trial/hold", {"name": "J"})
    until(trial.runs)
    server.stop(signal.SIGKILL if "redis" in server.url else signal.SIGQUIT)
    try:
        plant.refused(503, "queue.unreachable", "POST", "/trial/quick", {})
        (trials / "go-J").touch()
        time.sleep(LEASE)  # time: the lease has to end
    finally:
        server.start()
    assert plant.ended(job, 60)["status"] == "Completed"
    until(lambda: plant.workers()["PC20"]["status"] == "ready")
    until(lambda: plant.http.post("/trial/quick", json={}).status_code == 200)
    assert trial.runs() == ["J V20"]


def test_a_worker_ends_though_an_operation_hangs(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIA_SHUTDOWN_LIMIT", "1")
    plant = site.gateway()
    site.worker("PC20", "20")
    until(lambda: len(plant.workers()) == 1)
    plant.submitted("/trial/hang", {"name": "H"})
    until(trial.runs)
    worker = site.running.pop("PC20")
    worker.end()
    assert worker.process.returncode == FORCED


def test_an_ordinary_end_leaves_nothing_behind(site: Site, trials: Path) -> None:
    """A worker that is asked to end finishes what runs, and the gateway knows at once that it is gone."""
    plant = site.gateway()
    site.worker("PC20", "20")
    until(lambda: len(plant.workers()) == 1)
    job = plant.submitted("/trial/hold", {"name": "J"})
    until(trial.runs)
    site.running["PC20"].process.send_signal(signal.SIGTERM)
    time.sleep(0.3)  # time: the signal arrives while the job runs
    (trials / "go-J").touch()
    assert plant.ended(job, 60)["status"] == "Completed"
    site.running.pop("PC20").end()
    until(lambda: plant.workers()["PC20"]["status"] == "unreachable", LEASE)
