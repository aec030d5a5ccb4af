"""What writes a file needs the right to write files: it follows from the field of the request that names the file."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engineering_api import app as wiring
from engineering_api.files.roots import Roots, writing
from engineering_api.operations.binding import bind_document
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import metas
from engineering_api.operations.terms import Right
from engineering_api.security.roles import RIGHTS, ROLES
from tests.engineering_api.security.stored_work import Noting, bench

OPERATIONS = [*wiring.catalogue()]


def fields_of(op: Operation, mark: str) -> list[str]:
    return [
        field.name
        for field in msgspec.structs.fields(op.request)
        if any((meta.extra or {}).get(mark) for meta in metas(field.type))
    ]


def test_every_field_that_is_named_like_one_that_writes_declares_it() -> None:
    """Written next to the declarations, so that a forgotten mark is found without running anything."""
    named = {
        (op.name, field)
        for op in OPERATIONS
        for field in fields_of(op, "path")
        if field in {"export_path", "output_path", "target_directory", "directory"}
        or (field == "path" and any(word in op.name for word in ("export", ".archive", "backup", ".delete")))
    }
    declared = {(op.name, field) for op in OPERATIONS for field in fields_of(op, "writes")}
    assert named
    assert named - declared == set()


def test_no_operation_that_writes_files_is_open_to_a_viewer(tmp_path: Path) -> None:
    """Every operation with a field that is written, for every right, with the file and, where it can be left out, without."""
    wrong = []
    with bench(tmp_path) as server:
        for op in OPERATIONS:
            fields = fields_of(op, "writes")
            if not fields:
                continue
            given = dict.fromkeys(fields, "a/file.xml")
            wire = dict(zip(op.request.__struct_fields__, op.request.__struct_encode_fields__, strict=True))
            with_file = op.example | {wire[name]: value for name, value in given.items()}
            without = {name: value for name, value in op.example.items() if name not in {wire[each] for each in fields}}
            for arguments, needed in ((with_file, max(op.right, Right.ENGINEER)), (without, op.right)):
                try:
                    bind_document(op.request, arguments)
                except Exception:  # noqa: BLE001 - the file cannot be left out, or its name is refused: it is not a request
                    assert arguments is without or fields, op.name
                    continue
                for right in RIGHTS.values():
                    headers = {"X-API-Key": server.keys[right]["apiKey"]}
                    del Noting.done[:]
                    route = op.routes[0]
                    path = route.path
                    for name in op.request.__struct_encode_fields__:
                        path = path.replace(f"{{{name}}}", str(arguments.get(name, "x")).replace("/", "%2F"))
                    answer = server.client.http.request(
                        route.method,
                        path,
                        headers=headers,
                        **({"params": arguments} if route.method == "GET" else {"json": arguments}),
                    )
                    refused = answer.status_code == 403 and answer.json()["error"]["code"] == "auth.right"
                    if refused != (right < needed) or (refused and (op.name, right) in Noting.done):
                        wrong.append((op.name, ROLES[right], answer.status_code, arguments is with_file))
    assert wrong == []


def test_an_operation_that_does_not_declare_it_writes_no_file(tmp_path: Path) -> None:
    """A forgotten mark is a failure of the service, not a file: whatever the caller's right."""
    roots = Roots(tmp_path, [])
    with writing(declared=False), pytest.raises(RuntimeError, match="writes=True"):
        roots.new("a.xml")
    with writing(declared=True):
        assert roots.new("a.xml") == tmp_path.resolve() / "a.xml"
