"""Every example of the pages, executed: it does what its operation does, or is refused as TIA Portal would refuse it."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from typing import Any

import httpx
import pytest

from engineering_api.client import Client, Job, Problem
from engineering_api.documentation.pages import api_pages, introduction
from engineering_api.operations.declaration import Operation
from tests.documentation.reading import Example, examples, sent_by_powershell
from tests.support.state.api import CATALOGUE, ended, send
from tests.support.state.needs import NEEDS, Need, filled, first_of, need
from tests.support.state.stage import KEY, Stage

UNREAD = {"Async Jobs"}
"""Sections whose operations change something though they declare no change: they run others."""
WRITING = {"blocks.export_source"}
"""Reads that write a file where their example says so."""


def test_the_streams_that_the_introduction_names_are_served(shared: Stage) -> None:
    paths = re.findall(r"`GET (/api/[^`]+)`", introduction(CATALOGUE))
    ways = [route for each in CATALOGUE.endpoints for route in each.routes if route.path.startswith("/api/")]
    assert set(paths) == {route.path for route in ways if route.method == "GET"} | {"/api/jobs/{jobId}"}
    for path in paths:
        assert httpx.get(shared.url + re.sub(r"\{\w+\}", "PLC_1", path)).status_code == 401, path


@cache
def found() -> dict[str, tuple[Example, ...]]:
    """The examples of each operation."""
    made: dict[str, list[Example]] = {op.name: [] for op in CATALOGUE}
    for page in api_pages(CATALOGUE):
        for each in examples(page.content):
            made[each.operation].append(each)
    return {name: tuple(each) for name, each in made.items()}


def test_every_need_is_of_an_operation_or_a_resource() -> None:
    names = {op.name for op in CATALOGUE} | {op.name.partition(".")[0] for op in CATALOGUE}
    assert set(NEEDS) <= names
    assert all(bool(each.refused) == bool(each.why) for each in NEEDS.values())


@pytest.mark.parametrize("op", CATALOGUE.operations, ids=lambda op: op.name)
def test_the_examples_work(op: Operation, fresh: Stage, shared: Stage) -> None:
    """As requests; that the languages send the same is shown in test_pages.py and in the tests of the client."""
    for example in found()[op.name]:
        if example.language == "powershell":
            stage, known = prepared(op, fresh, shared)
            assert powershell(filled(example.code, known), stage) == need(op.name).refused, example.code


@pytest.mark.parametrize("name", ["tags.list_all", "tags.add"])
def test_an_example_works_in_its_language(name: str, fresh: Stage, shared: Stage) -> None:
    """As it stands: a call of curl, and Python."""
    (op,) = (each for each in CATALOGUE if each.name == name)
    for language, run in (("sh", shell), ("python", python)):
        example = next(each for each in found()[name] if each.language == language)
        stage, known = prepared(op, fresh, shared)
        assert run(filled(example.code, known), stage) == need(name).refused, example.code


def prepared(op: Operation, fresh: Stage, shared: Stage) -> tuple[Stage, dict[str, str]]:
    """The server for an example, with what it needs, and what the server knows."""
    asked = need(op.name)
    if not op.changes and asked == Need() and op.section not in UNREAD and op.name not in WRITING:
        return shared, {}
    fresh.restore()
    return fresh, first_of(asked, fresh.http)


def shell(code: str, stage: Stage) -> str:
    """The code of the refusal with which a script for sh ends; nothing when it succeeds."""
    environment = {"URL": stage.url, "KEY": KEY, "PATH": "/usr/bin:/bin", "NO_PROXY": "*"}
    script = code.replace("curl ", "curl -sS -w '\\n%{http_code}' ", 1)
    done = subprocess.run(["sh", "-euc", script], env=environment, capture_output=True, check=True, timeout=60)
    body, _, status = done.stdout.rpartition(b"\n")
    return outcome(httpx.Response(int(status), content=body), stage)


def powershell(code: str, stage: Stage) -> str:
    """The same for PowerShell, of which the one call is parsed and sent."""
    return outcome(send(stage.http, sent_by_powershell(code, stage.url)), stage)


def python(code: str, stage: Stage) -> str:
    """The same for Python, executed as it stands."""
    with Client(stage.url, KEY) as client:
        names: dict[str, Any] = {"client": client}
        try:
            exec(code, names)  # noqa: S102 - the examples of this project
            job = names.get("job")
            if isinstance(job, Job):
                job.result()
        except Problem as problem:
            return problem.code
    return ""


def outcome(answer: httpx.Response, stage: Stage) -> str:
    """The code of a refusal, at once or of the job that was answered; nothing for a success."""
    document = answer.json()
    if answer.status_code == 202:
        job = ended(stage.http, document["data"]["jobId"])
        assert (job["status"] == "Completed") == (job["problem"] is None), job
        return "" if job["problem"] is None else str(job["problem"]["code"])
    assert (answer.status_code == 200) is document["success"], document
    return "" if document["success"] else str(document["error"]["code"])
