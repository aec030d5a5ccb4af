"""What a client sent is read before the project's lock is taken: a long import keeps no other client waiting.

The reader of each operation is held up here until another client has changed a tag; if it held the lock, or ran on the thread
of TIA Portal, that change could not end.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engineering_api.execution import execution
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import marked
from engineering_api.operations.terms import Mode
from simatic_xml import limits
from simatic_xml.limits import LIMITS
from tests.reliability.limits.imports import CATALOGUE, READING
from tests.support.service import Client

LATEST = 60.0
"""Seconds after which a test fails that would otherwise wait forever."""
TAG = {"tableName": "Default tag table", "name": "Other", "dataType": "Bool"}


@contextmanager
def held(op: Operation) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Hold up the reader of an operation: yields when it has begun, and what lets it continue."""
    begun, released = threading.Event(), threading.Event()

    before, check = op.reads, execution.check_files

    def reads(*given: Any) -> Any:
        begun.set()
        assert released.wait(LATEST)
        return (before or check)(*given)

    if before is None:
        execution.check_files = reads
    else:
        object.__setattr__(op, "reads", reads)
    try:
        yield begun, released
    finally:
        released.set()
        object.__setattr__(op, "reads", before)
        execution.check_files = check


def call_of(op: Operation) -> tuple[str, str, dict[str, Any]]:
    """A call of the operation's example: method, path and body."""
    route = next(each for each in op.routes if each.mode is Mode.WAIT)
    names = {field.encode_name for field in msgspec.structs.fields(op.request)}
    values = {name: value for name, value in op.example.items() if name in names}
    path = route.path
    for name in [name for name in values if f"{{{name}}}" in path]:
        path = path.replace(f"{{{name}}}", str(values.pop(name)))
    return route.method, path, values


@pytest.mark.parametrize("op", READING, ids=lambda op: op.name)
def test_others_change_the_project_while_a_file_is_read(plc: Client, op: Operation) -> None:
    answers: list[Any] = []
    method, path, body = call_of(op)
    with held(op) as (begun, released):
        reading = threading.Thread(target=lambda: answers.append(plc.http.request(method, path, json=body)))
        reading.start()
        assert begun.wait(LATEST), answers and answers[0].text
        plc.ok("POST", "/api/devices/PLC_1/tags", TAG)
        assert not answers, "the import had ended before the tag was changed"
        released.set()
        reading.join(LATEST)
    assert answers


@pytest.mark.parametrize("op", READING, ids=lambda op: op.name)
def test_a_dry_run_reads_before_the_lock_too(plc: Client, op: Operation) -> None:
    answers: list[Any] = []
    method, path, body = call_of(op)
    with held(op) as (begun, released):
        reading = threading.Thread(
            target=lambda: answers.append(plc.http.request(method, path, json=body, params={"dryRun": "true"}))
        )
        reading.start()
        assert begun.wait(LATEST), answers and answers[0].text
        plc.ok("POST", "/api/devices/PLC_1/tags", TAG)
        assert not answers
        released.set()
        reading.join(LATEST)
    assert answers


ABOVE = {
    "udts.import_": ("types/T.xml", b"<Document>" + b"<a/>" * 30 + b"</Document>", {"xml_elements": 20}),
    "hardware.import_hardware": ("a.aml", b"<CAEXFile>" + b"<a/>" * 30 + b"</CAEXFile>", {"xml_elements": 20}),
    "sources.from_file": ("a.scl", b";" * 100, {"source_tokens": 20}),
}


@pytest.mark.parametrize("name", ABOVE)
def test_a_file_above_a_limit_is_refused_without_the_lock(
    plc: Client, workspace: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async def never(*_: Any) -> None:
        raise AssertionError("the lock was taken")

    file, content, small = ABOVE[name]
    (workspace / file).parent.mkdir(parents=True, exist_ok=True)
    (workspace / file).write_bytes(content)
    op = CATALOGUE.named(name)
    assert op is not None
    method, path, body = call_of(op)
    (field,) = (each.encode_name for each in marked(op.request, "path"))
    monkeypatch.setattr(execution.Execution, "lock_of", never)
    with limits.override(**small):
        answer = plc.http.request(method, path, json=body | {field: file})
    assert answer.json()["error"]["code"] == LIMITS[next(iter(small))].code
