"""Paths that are allowed, but lead to something else than an operation needs: a refusal, never an error of the service.

A file where a folder is needed, a folder where a file is, a path below a file, a missing folder, a name that is too long,
and what is there already.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from engineering_api.documentation.calls import call
from engineering_api.operations.fields import metas
from engineering_api.operations.path_fields import is_path
from engineering_api.operations.terms import Mode
from tests.support.state.api import CATALOGUE, send
from tests.support.state.needs import filled, first_of, need
from tests.support.state.stage import Stage

NAMED = [
    (op.name, field.encode_name)
    for op in CATALOGUE
    for field in msgspec.structs.fields(op.request)
    if is_path(field.type)
]
TARGETS: dict[str, Callable[[str], str]] = {
    "a folder with something in it": lambda suffix: f"folder{suffix}",
    "an empty folder": lambda suffix: f"empty{suffix}",
    "a file": lambda suffix: f"file{suffix}",
    "below a file": lambda suffix: f"file{suffix}/below{suffix}",
    "far below a file": lambda suffix: f"file{suffix}/a/b/below{suffix}",
    "a folder that is not there": lambda suffix: f"missing/deeper/new{suffix}",
    "a name that is too long": lambda suffix: f"{'x' * 250}{suffix}",
    "a path that is too long": lambda suffix: f"{'/'.join(['y' * 200] * 18)}/new{suffix}",
    "the workspace": lambda _: ".",
}
INTERNAL = {"internal", "tia.failed", "tia.runtime"}


def prepared(workspace: Path, suffix: str, names: list[str]) -> None:
    """Make what the targets lead to; a file of each name lies in the folder, too."""
    for folder in ("folder", "empty"):
        (workspace / f"{folder}{suffix}").mkdir(exist_ok=True)
    (workspace / f"file{suffix}").write_text("something else")
    for name in ["something", *names]:
        (workspace / f"folder{suffix}" / name).write_text("something else")


def asked(http: httpx.Client, name: str, arguments: dict[str, Any]) -> httpx.Response:
    op = CATALOGUE.named(name)
    assert op is not None
    return send(http, call(next(each for each in op.routes if each.mode is Mode.WAIT), arguments))


def require_answer(answer: httpx.Response, what: object) -> None:
    body = answer.json()
    assert answer.status_code < 500 or answer.status_code == 501, (what, body)
    assert body["success"] or body["error"]["code"] not in INTERNAL, (what, body)


@pytest.mark.parametrize(("name", "field"), NAMED, ids=lambda each: str(each))
def test_a_path_to_something_else_is_refused(played: Stage, name: str, field: str) -> None:
    op = CATALOGUE.named(name)
    assert op is not None
    info = next(each for each in msgspec.structs.fields(op.request) if each.encode_name == field)
    spellings = {field, *(also for meta in metas(info.type) for also in (meta.extra or {}).get("also", ()))}
    needed = need(name)
    played.restore()
    known = first_of(needed, played.http)
    example = msgspec.json.decode(filled(msgspec.json.encode(op.example or {}).decode(), known))
    given = next((example[each] for each in spellings if each in example), "")
    suffix = Path(given[0] if isinstance(given, list) else given).suffix if given else ""
    rest = {key: value for key, value in example.items() if key not in spellings}
    names = [value for value in rest.values() if isinstance(value, str) and value.isidentifier()]
    prepared(played.data / "workspace", suffix, names)
    for what, path in TARGETS.items():
        text = path(suffix)
        answer = asked(played.http, name, rest | {field: [text] if isinstance(given, list) else text})
        require_answer(answer, what)


@pytest.mark.parametrize("name", sorted({name for name, _ in NAMED}))
def test_what_is_there_already_is_no_error_of_the_service(played: Stage, name: str) -> None:
    op = CATALOGUE.named(name)
    assert op is not None
    needed = need(name)
    played.restore()
    known = first_of(needed, played.http)
    example = msgspec.json.decode(filled(msgspec.json.encode(op.example or {}).decode(), known))
    for again in ("once", "twice"):
        require_answer(asked(played.http, name, example), again)
