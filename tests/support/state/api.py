"""Runs operations over HTTP by their names, and waits for jobs."""

from __future__ import annotations

import time
from typing import Any

import httpx

from engineering_api.app import catalogue
from engineering_api.documentation.calls import Call, call
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.terms import Mode

Step = tuple[str, dict[str, Any]]
"""An operation by its name, with its arguments."""
PATIENCE = 60.0
"""Seconds that a job may take."""
CATALOGUE: Catalogue = catalogue()


def run(http: httpx.Client, name: str, arguments: dict[str, Any]) -> Any:
    """The data that an operation answers; its first route that waits is taken.

    A name with a blank is method and path of what is no operation.

    Raises:
        AssertionError: It was refused.
    """
    if " " in name:
        method, _, path = name.partition(" ")
        answer = http.request(method, path, json=arguments, headers={"Accept": "application/json, text/event-stream"})
        assert answer.status_code == 200, f"{name}: {answer.text}"
        return answer.text
    op = CATALOGUE.named(name)
    assert op is not None, name
    route = next(each for each in op.routes if each.mode is Mode.WAIT)
    answer = send(http, call(route, arguments))
    assert answer.status_code == 200, f"{name} {arguments}: {answer.text}"
    return answer.json()["data"]


def send(http: httpx.Client, asked: Call) -> httpx.Response:
    """The answer to a request."""
    headers = {"Content-Type": "application/json"} if asked.body else {}
    return http.request(asked.method, asked.target, content=asked.body or None, headers=headers)


def ended(http: httpx.Client, job_id: str) -> dict[str, Any]:
    """A job, once it has ended."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        job: dict[str, Any] = run(http, "jobs.get", {"jobId": job_id})
        if job["completedAt"]:
            return job
        time.sleep(0.01)
    raise AssertionError(f"job {job_id} did not end in {PATIENCE} s")
