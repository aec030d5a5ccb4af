"""Every field of every operation that names a file of this machine: it is marked, and nothing hostile gets past it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from litestar.testing import TestClient

from engineering_api.app import catalogue, create_app
from engineering_api.operations.combinations import rules_of
from engineering_api.operations.declaration import Operation, module_name
from engineering_api.operations.fields import metas
from engineering_api.operations.path_fields import is_path
from tests.support.service import Client, settings

SOUNDS_LIKE_ONE = re.compile(r"(path|file|folder|directory)s?$", re.IGNORECASE)
NO_FILES = {
    "assistant project_key": "what conversations are kept by",
    "block_generation folder": "a folder of the project",
    "blocks folder": "a folder of the project",
    "devices folder": "a folder of the project",
    "devices group": "a folder of the project",
    "hmi folder": "a folder of the project",
    "runtime_alarm_definitions area": "a part of the plant",
    "runtime_tags path": "a path in the tree of tags",
    "hmi_lists type_name": "a type of a library",
    "hmi_tags folder": "a folder of the project",
    "libraries folder": "a folder of a library or of the project",
    "libraries name": "a master copy of a library",
    "libraries_global folder": "a folder of a library or of the project",
    "libraries_global name": "a master copy of a library",
    "libraries_global paths": "what is done with folders of the project",
    "libraries_global type_name": "a type of a library",
    "libraries_types folder": "a folder of a library or of the project",
    "libraries_types paths": "what is done with folders of the project",
    "libraries_types type_name": "a type of a library",
    "program_files folder": "a folder of the project",
    "program_files folders": "folders of the project",
    "projects path": "an entry of the list of recent projects",
    "source_control file_path": "a file of a repository's commits, see test_source_control_restore.py",
    "sources folder": "a folder of the project",
    "tag_sheets path": "a tag table of the project",
    "tag_tables folder": "a folder of the project",
    "udt_content path": "an element of an array",
    "udts folder": "a folder of the project",
    "udts folder_path": "a folder of the project",
    "technology folder": "a folder of the project",
    "watch_tables folder": "a folder of the project",
}
"""Fields that sound like files, and what they are."""
INSIDE = {
    ("block_generation.bulk_import_", "path"): lambda text: {"deviceName": "PLC_1", "items": [{"path": text}]},
    ("simulation_profiles.save", "storage_path"): lambda text: {
        "name": "P",
        "instances": [{"name": "A", "storagePath": text}],
    },
}
"""Requests whose path stands in one of their parts."""
HOSTILE = ("../outside.zap20", "/etc/passwd", "C:\\x.zap20", "//server/share/x", "a.xml:b", "sub/CON.xml", "a\0b")
"""Of each kind one: tests/engineering_api/files/test_path_rules.py has all."""


def structs(kind: Any, seen: dict[type[msgspec.Struct], None]) -> dict[type[msgspec.Struct], None]:
    """The structs that a type consists of."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in seen:
        seen[kind] = None
        for field in msgspec.structs.fields(kind):
            structs(field.type, seen)
    for part in get_args(kind):
        structs(part, seen)
    return seen


def path_fields() -> Iterator[tuple[Operation, msgspec.structs.FieldInfo, bool]]:
    """Each path that an operation takes, and whether it stands in the request itself."""
    for op in catalogue():
        for struct in structs(op.request, {}):
            for field in msgspec.structs.fields(struct):
                if is_path(field.type):
                    yield op, field, struct is op.request


def test_what_sounds_like_a_file_is_marked_or_said_to_be_none() -> None:
    found = set[str]()
    for struct in structs(tuple[tuple(op.request for op in catalogue())], {}):
        for field in msgspec.structs.fields(struct):
            names = [field.name, *(name for meta in metas(field.type) for name in (meta.extra or {}).get("also", ()))]
            if (
                re.search(r"\bstr\b", str(field.type))
                and any(map(SOUNDS_LIKE_ONE.search, names))
                and not is_path(field.type)
            ):
                found.add(f"{module_name(struct.__module__)} {field.name}")
    assert found == set(NO_FILES)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Path]]:
    folder = tmp_path_factory.mktemp("machine")
    with TestClient(create_app(settings(folder / "data"))) as http:
        yield Client(http), folder


CASES = [(op.name, field.name, own) for op, field, own in path_fields()]


def test_every_kind_of_path_is_tried() -> None:
    assert len(CASES) > 50
    assert {(op, name) for op, name, own in CASES if not own} == set(INSIDE)


@pytest.mark.parametrize(("name", "field", "own"), CASES, ids=lambda each: str(each))
def test_no_operation_takes_a_path_that_leads_elsewhere(
    guarded: tuple[Client, Path], name: str, field: str, own: bool
) -> None:
    client, folder = guarded
    op = catalogue().named(name)
    assert op is not None
    before = listed(folder)
    for text in HOSTILE:
        arguments = hostile(op, field, text, own=own)
        answer = client.http.post("/api/jobs/execute-sync", json={"operation": name, "arguments": arguments})
        assert answer.status_code in {400, 403}, (text, answer.text)
        assert answer.json()["error"]["code"] in {"path.invalid", "path.outside_roots"}, (text, answer.text)
    assert listed(folder) == before


def listed(folder: Path) -> set[Path]:
    """All files that are there, but those that the service writes for itself."""
    return {path for path in folder.rglob("*") if "service.db" not in path.name}


def alternatives(op: Operation, field: str) -> set[str]:
    """The fields that may not be given with a field, by their wire names."""
    names = {each.name: each.encode_name for each in msgspec.structs.fields(op.request)}
    rules = [rule for rule in rules_of(op.request) if rule.most == 1 and any(field in group for group in rule.groups)]
    return {names[each] for rule in rules for group in rule.groups if field not in group for each in group}


def hostile(op: Operation, field: str, text: str, *, own: bool) -> dict[str, Any]:
    """A request that is good but for one path."""
    if not own:
        return INSIDE[op.name, field](text)
    info = next(each for each in msgspec.structs.fields(op.request) if each.name == field)
    value = [text] if "list" in str(info.type) or "tuple" in str(info.type) else text
    required = {each.encode_name: "x" for each in msgspec.structs.fields(op.request) if each.required}
    aliases = {
        info.name,
        info.encode_name,
        *(n for meta in metas(info.type) for n in (meta.extra or {}).get("also", ())),
    }
    instead = alternatives(op, field)
    example = {key: given for key, given in op.example.items() if key not in aliases | instead}
    return required | example | {info.encode_name: value}
