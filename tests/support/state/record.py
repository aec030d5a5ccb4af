"""Records what the examples are answered, for the pages: `python -m tests.support.state.record [--stale | OPERATION ...]`.

Then `python3 dev.py generate` writes the pages.
What differs from one run to the next (moments, ids, durations, folders) is replaced, and what is long is cut, so that a new
recording differs only where an answer does.
"""

from __future__ import annotations

import platform
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import msgspec

from engineering_api.documentation.calls import Call, call, select_routes
from engineering_api.operations.declaration import Operation
from engineering_api.web.openapi.samples import FILE, samples
from tests import ROOT
from tests.support.state.api import CATALOGUE, ended, send
from tests.support.state.needs import filled, first_of, need
from tests.support.state.stage import Stage, stage

ENTRIES, LETTERS, FIELDS = 2, 240, 40
"""What is left of a list, of a text, and of an object by name."""
HERE = {
    sys.prefix: "/opt/python",
    str(ROOT): "/opt/engineering-api",
    platform.release(): "6.1",
    platform.python_version(): "3.12.1",
}
"""What the computer is called here, and there."""
SCHEMAS = {"design_spec.get_schema", "plc_tests.get_schema"}
"""Operations whose answer is a document of its own."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:Z|[+-]\d\d:\d\d)?")
_REPLACED = (
    (_MOMENT, "2026-01-31T08:00:00Z"),
    (re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"), "784f4bc8-332e-4c26-a366-10db37298890"),
    (re.compile(r"\b[0-9a-f]{40}\b"), "5d3d830c1f0e2a4b6c8d9e0f1a2b3c4d5e6f7a8b"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    (re.compile(r"\b\d{8}T\d{9}-[0-9a-f]{8}\b"), "20261125T004011123-5f0c2a9e"),
    (re.compile(r"^[0-9a-f]{7}$"), "5d3d830"),
    (re.compile(r"\btia_[0-9a-f]{12}_[\w-]{43}"), "tia_5d0c1f2a9b3e_..."),
    (re.compile(r"^[0-9a-f]{12}$"), "5d0c1f2a9b3e"),
    (re.compile(r"\b[0-9a-f]{24}_[\w-]{43}"), "6c1f0e5d2b7a4938a1b2c3d4_..."),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+"), "eyJhbGciOiJIUzI1NiJ9..."),
    (re.compile(r"(/source-control/\w+)-[0-9a-f]{10}"), r"\1-0a1b2c3d4e"),
    (re.compile(r"/tmp/plcsim-\w+"), "/data/plcsim"),
    (re.compile(r"http://127\.0\.0\.1:\d+"), "http://localhost:9000"),
)
UNSTABLE = re.compile(
    r"(?i)(milliseconds|durationMs|realTimeMs|elapsed|uptime|memory|processId|^pid$|^port$|cpuPercent|threads)"
)
"""Numbers that say how long something took, or how the machine is."""


def main(names: list[str]) -> None:
    """Record the answers of some operations, of those whose answers are stale, or of all."""
    kept = samples() if names else {}
    names = stale() if names == ["--stale"] else names
    with TemporaryDirectory() as folder, stage(Path(folder)) as server:
        new = {op.name: answer(op, server) for op in CATALOGUE if is_recorded(op) and (not kept or op.name in names)}
    known = {op.name: (kept | new)[op.name] for op in CATALOGUE if op.name in kept | new and is_recorded(op)}
    FILE.write_bytes(msgspec.json.format(msgspec.json.encode(known), indent=1) + b"\n")
    sys.stdout.write(f"{len(new)} recorded, {len(known)} answers, {FILE.stat().st_size} bytes\n")


def stale() -> list[str]:
    """The operations that have no answer on the pages, or one that is none of their type."""
    return [op.name for op in CATALOGUE if is_recorded(op) and not _fits(op)]


def _fits(op: Operation) -> bool:
    try:
        msgspec.json.decode(msgspec.json.encode(samples()[op.name]), type=op.answer)
    except (KeyError, msgspec.ValidationError):
        return False
    return True


def is_recorded(op: Operation) -> bool:
    """Whether the pages show what an operation answers."""
    return not need(op.name).refused and op.name not in SCHEMAS


def answer(op: Operation, server: Stage) -> Any:
    """What the example of an operation is answered, as it may stand on a page.

    Raises:
        AssertionError: It was refused.
    """
    asked = need(op.name)
    server.restore()
    values = first_of(asked, server.http)
    made = call(select_routes(op)[0], op.example)
    data = _data(server.http, Call(made.method, filled(made.target, values), filled(made.body, values)))
    told = {value: text for text, value in values.items()}
    return steady(data, {**told, **HERE, str(server.data): "/data", str(server.remotes): "/srv/git"})


def _data(http: httpx.Client, asked: Call) -> Any:
    reply = send(http, asked)
    assert reply.status_code in {200, 202}, f"{asked}: {reply.text}"
    data = reply.json()["data"]
    return ended(http, data["jobId"])["result"] if reply.status_code == 202 else data


def steady(data: Any, replaced: dict[str, str], name: str = "") -> Any:
    """An answer without what differs from run to run, and cut."""
    match data:
        case dict():
            return {key: steady(value, replaced, key) for key, value in list(data.items())[:FIELDS]}
        case list():
            return [steady(each, replaced, name) for each in data[:ENTRIES]]
        case str():
            for found, other in replaced.items():
                data = data.replace(found, other)
            for pattern, other in _REPLACED:
                data = pattern.sub(other, data)
            return data if len(data) <= LETTERS else f"{data[:LETTERS].rstrip()} …"
        case bool() | None:
            return data
        case int() if name == "size":
            return round(data, -3) or data
        case int() | float() if UNSTABLE.search(name):
            return type(data)(1)
    return data


if __name__ == "__main__":
    main(sys.argv[1:])
