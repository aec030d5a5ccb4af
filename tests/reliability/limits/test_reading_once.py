"""Under the project's lock an import reads nothing again that its client sent: the service has read it before.

Each reader of clients' data asks `limits.require` for the size of its input first. Here this refuses while an import works,
except for the simulated TIA Portal, whose own reading is the work of the import.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from engineering_api.operations.declaration import Operation
from simatic_xml import limits
from tests import ROOT
from tests.reliability.limits.imports import CATALOGUE, IMPORTS, PANEL, READING
from tests.support.service import Client

SIZES = {name for name in limits.LIMITS if name.endswith(("_bytes", "_values", "_tokens", "_record"))}
FAKES = str(ROOT / "fakes")
NOT_READ = {
    **dict.fromkeys(("projects.create", "projects.save", "projects.archive", "online.download_to_folder"), "it writes"),
    **dict.fromkeys(("libraries_global.create", "libraries_global.save", "libraries_global.archive"), "it writes"),
    **dict.fromkeys(("projects.open_", "libraries_global.open_"), "a folder of TIA Portal, which no one else reads"),
    **dict.fromkeys(
        ("projects.create_from_archive", "libraries_global.retrieve"), "an archive: its directory is checked"
    ),
    "hmi_lists.import_graphics": "it names a picture next to it, which only TIA Portal reads",
    "tag_transfer.import_xlsx": "as import_csv, by another reader",
}
"""Operations that take paths, and why they are not in the table."""
BEFORE: list[tuple[str, dict[str, Any]]] = [
    ("devices.add", PANEL),
    ("technology.create", {"deviceName": "PLC_1", "name": "Pump", "type": "PID_Compact", "version": "2.3"}),
    ("devices.compile_", {"deviceName": "PLC_1", "scope": "all"}),
    ("technology.export", {"deviceName": "PLC_1", "objectName": "Pump", "exportPath": "technology/Pump.xml"}),
    ("technology.delete", {"deviceName": "PLC_1", "objectName": "Pump"}),
    ("hardware.export_hardware", {"deviceName": "PLC_1", "exportPath": "hardware/PLC_1.aml"}),
]


def test_every_operation_that_takes_files_is_here() -> None:
    assert {op.name for op in READING} == set(IMPORTS) | set(NOT_READ)
    assert not set(IMPORTS) & set(NOT_READ)


@contextmanager
def _guarded(op: Operation, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note what asks for a size while an operation works; the reading before the lock is not part of that."""
    found: list[str] = []
    work, require = op.run, limits.require
    working = False

    def run(*given: Any) -> Any:
        nonlocal working
        working = True
        try:
            return work(*given)
        finally:
            working = False

    def noted(name: str, *given: Any, **more: Any) -> None:
        if working and name in SIZES and not _is_portal(reader := _callers()):
            found.append(f"{name}: {' < '.join(reader[:8])}")
        require(name, *given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(limits, "require", noted)
        object.__setattr__(op, "run", run)
        try:
            yield found
        finally:
            object.__setattr__(op, "run", work)


def _callers() -> list[str]:
    """Return the functions that are being called, from the inside out."""
    frame, found = sys._getframe(2), []
    while frame.f_back is not None:
        found.append(f"{frame.f_code.co_filename}:{frame.f_code.co_name}")
        frame = frame.f_back
    return found


def _is_portal(callers: list[str]) -> bool:
    return any(each.startswith(FAKES) for each in callers)


def _execute(client: Client, name: str, arguments: dict[str, Any]) -> Any:
    return client.http.request(
        "POST", "/api/jobs/execute-sync", json={"operation": name, "arguments": arguments}
    ).json()


def _arguments(op: Operation, path: str, more: dict[str, Any]) -> dict[str, Any]:
    field = next((each for each in ("importFilePath", "filePath", "path", "files") if each in op.example), "")
    file = {field: [path] if field == "files" else path} if path and field else {}
    return op.example | file | more


def test_an_import_reads_nothing_again(plc: Client, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, request in BEFORE:
        assert _execute(plc, name, request)["success"]
    wrong: dict[str, Any] = {}
    for name, files in IMPORTS.items():
        op = CATALOGUE.named(name)
        assert op is not None
        for path, content, more in files:
            if content:
                (workspace / path).write_bytes(content)
            with _guarded(op, monkeypatch) as found:
                answer = _execute(plc, name, _arguments(op, path, more))
            if found or not answer["success"]:
                wrong[f"{name} {path}"] = found or answer
    assert wrong == {}
