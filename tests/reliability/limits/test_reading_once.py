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

import simatic_xml
from engineering_api.operations.declaration import Operation
from simatic_xml import limits
from tests import ROOT
from tests.fakes.fake_openness import hmi_kit
from tests.reliability.limits.test_reading_before_lock import CATALOGUE, READING
from tests.support.service import Client

SIZES = {name for name in limits.LIMITS if name.endswith(("_bytes", "_values", "_tokens", "_record"))}
FAKES = str(ROOT / "fakes")
PANEL = {"orderNumber": "6AV2 124-0GC01-0AX0", "version": "15.1.0.0", "name": "HMI_1"}
SOURCE = 'FUNCTION "{}" : Void\nBEGIN\nEND_FUNCTION\n'


def _simatic_ml(**form: Any) -> bytes:
    return simatic_xml.dump(simatic_xml.from_json({"engineering": "V20"} | form))


def _type(name: str) -> bytes:
    return _simatic_ml(kind="UDT", name=name, members=[{"name": "x", "type": "Int"}])


def _block(name: str) -> bytes:
    return _simatic_ml(kind="FC", name=name, language="LAD")


def _table(name: str) -> bytes:
    return _simatic_ml(kind="TagTable", name=name, tags=[{"name": f"{name}1", "type": "Bool", "address": "%M1.0"}])


def _watch(name: str) -> bytes:
    return _simatic_ml(kind="WatchTable", name=name, entries=[{"address": "%M1.0"}])


def _panel(*objects: str) -> bytes:
    return hmi_kit.document(*objects).encode()


Given = tuple[str, bytes, dict[str, Any]]
"""A file, its content, and what its request has in addition to the example."""
PANEL_FILES = {"deviceName": "HMI_1"}
IMPORTS: dict[str, list[Given]] = {
    "technology.import_": [("technology/Pump.xml", b"", {"override": True})],
    "blocks.import_": [("F.xml", _block("F"), {"folder": ""}), ("S.s7dcl", b'FUNCTION "S" : Void\nEND_FUNCTION\n', {})],
    "udts.import_": [("T.xml", _type("T"), {"folder": ""})],
    "tag_tables.import_xml": [("Tags.xml", _table("Tags"), {})],
    "watch_tables.import_": [("Watch.xml", _watch("Watch"), {})],
    "sources.from_file": [("G.scl", SOURCE.format("G").encode(), {}), ("A.awl", SOURCE.format("A").encode(), {})],
    "block_generation.import_only": [("H.xml", _block("H"), {})],
    "block_generation.bulk_import_": [("I.xml", _block("I"), {}), ("U.xml", _type("U"), {})],
    "program_files.import_": [
        ("J.xml", _block("J"), {"dryRun": False}),
        ("K.json", b'{"kind": "FC", "name": "K"}', {"dryRun": False}),
        ("L.scl", SOURCE.format("L").encode(), {"dryRun": False}),
        ("M.csv", b"Name;Data Type;Logical Address\nM;Bool;%M2.0\n", {"dryRun": False}),
        ("N.xml", _table("N"), {"dryRun": False}),
    ],
    **{
        name: [("", b"", {})]
        for name in (
            "block_generation.generate_and_import",
            "block_generation.generate_from_design",
            "block_generation.generate_graph",
            "sources.from_text",
            "sources.generate",
            "sources.import_and_generate",
            "sources.write",
            "tag_transfer.import_json",
        )
    },
    "blocks.create": [("", b"", {"name": "Created"})],
    "block_generation.instantiate": [("", b"", {"parameters": {"blockName": "Valve", "instanceName": "Valve_1"}})],
    "blocks.put_content": [("", b"", {"blockName": "F", "sourceText": SOURCE.format("F"), "networks": None})],
    "hardware.import_hardware": [("hardware/PLC_1.aml", b"", {})],
    "tag_transfer.import_csv": [("O.csv", b"Name;Data Type;Logical Address\nO;Bool;%M3.0\n", {"createTable": True})],
    "hmi.import_screens": [("Start.xml", _panel(hmi_kit.screen()), PANEL_FILES)],
    "hmi_tags.import_tags": [("Motors.xml", _panel(hmi_kit.table("Motors")), PANEL_FILES)],
    "hmi_tags.import_connections": [("Connections.xml", _panel(hmi_kit.connection()), PANEL_FILES)],
    "hmi_lists.import_scripts": [("Count.xml", _panel(hmi_kit.script()), PANEL_FILES)],
    "hmi_lists.import_text_lists": [("States.xml", _panel(hmi_kit.text_list("States", "Off")), PANEL_FILES)],
    "hmi_lists.import_graphic_lists": [
        ("Symbols.xml", _panel(hmi_kit.simple("Hmi.TextGraphicList.GraphicList", "Symbols")), PANEL_FILES)
    ],
}
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
