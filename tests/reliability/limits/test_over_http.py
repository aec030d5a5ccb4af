"""Each limit of engineering data over HTTP: every format on every way into the service, with an input just above the limit.

`test_table.py` tests the readers themselves. Here a client sends what they refuse; a limit is made small for its input.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from simatic_xml import limits
from simatic_xml.limits import LIMITS
from tests.reliability.limits.imports import CATALOGUE, IMPORTS, PANEL
from tests.reliability.limits.programs import FINDINGS
from tests.support.service import Client

UNIFIED = {"orderNumber": "6AV2 128-3GB06-0AXx", "version": "19.0.0.0", "name": "HMI_2"}
FUNCTION = 'FUNCTION "X" : Void\nVAR_TEMP\n    a : Int;\nEND_VAR\nBEGIN\n{}\nEND_FUNCTION\n'
DATA = 'DATA_BLOCK "X"\nVAR\n{}\nEND_VAR\nBEGIN\nEND_DATA_BLOCK\n'
TITLE = "Name;Data Type;Logical Address\n"


class Way(NamedTuple):
    """A way into the service: an operation, and the field of its request that has the input."""

    operation: str
    field: str
    more: dict[str, Any] = {}

    def send(self, client: Client, given: Any) -> Any:
        """Send an input; returns the document of the answer."""
        op = CATALOGUE.named(self.operation)
        assert op is not None, self.operation
        arguments = op.example | {self.field: given} | self.more
        body = {"operation": self.operation, "arguments": {k: v for k, v in arguments.items() if v is not None}}
        return client.http.request("POST", "/api/jobs/execute-sync", json=body).json()


def _imports(suffix: str) -> list[Way]:
    """Return the operations that import files with an extension, as the test of their reading has them."""
    found = []
    for name, files in IMPORTS.items():
        more = next((more for path, _, more in files if path.endswith(suffix)), None)
        operation = CATALOGUE.named(name)
        assert operation is not None
        example = operation.example
        field = next((each for each in ("importFilePath", "filePath", "path", "files") if each in example), "")
        if more is not None and field:
            found.append(Way(name, field, more))
    return found


TEXTS = [
    Way("sources.from_text", "content"),
    Way("sources.import_and_generate", "sclContent"),
    Way("sources.write", "scl"),
    Way("blocks.put_content", "sourceText", {"blockName": "Main", "networks": None}),
]
DOCUMENTS = [
    Way("blocks.import_", "importFilePath"),
    Way("udts.import_", "importFilePath"),
    Way("program_files.import_", "files"),
]
TABLES = [Way("tag_transfer.import_csv", "filePath", {"createTable": True}), Way("program_files.import_", "files")]
ARCHIVES = [
    Way("projects.create_from_archive", "archivePath"),
    Way("libraries_global.retrieve", "archivePath"),
    Way("files.unpack", "archivePath"),
]
YAML: dict[str, tuple[int, bytes]] = {
    "yaml_bytes": (50, b"a: 1".ljust(51)),
    "yaml_values": (20, b"a: [" + b"1, " * 20 + b"1]"),
    "yaml_nesting": (10, b"a: " + b"[" * 11 + b"]" * 11),
}


def _xml(content: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?>\n<Document>{content}</Document>'.encode()


def _zip(*files: bytes, name: str = "{}") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(files):
            archive.writestr(name.format(number), content)
    return file.getvalue()


def _sheet(cell: str, text: str = "") -> bytes:
    sheet = f'<worksheet><sheetData><row r="1"><c r="{cell}"><v>1</v></c></row></sheetData></worksheet>'
    texts = f"<sst><si><t>{text}</t></si></sst>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        archive.writestr("xl/sharedStrings.xml", texts)
    return file.getvalue()


class Form(NamedTuple):
    """A format: the extension of its files, the ways in, and for each limit its small value and an input above that."""

    suffix: str
    ways: list[Way]
    above: dict[str, tuple[int, bytes]]


XML: dict[str, tuple[int, bytes]] = {
    "xml_bytes": (200, _xml(" " * 200)),
    "xml_elements": (20, _xml("<a/>" * 20)),
    "xml_attributes": (20, _xml("<a b='c'/>" * 20)),
    "xml_tag": (100, _xml(f"<{'a' * 100}/>")),
}
SCL: dict[str, tuple[int, bytes]] = {
    "source_bytes": (100, b" " * 101),
    "source_tokens": (100, FUNCTION.format(";" * 100).encode()),
    "source_objects": (2, FUNCTION.format("").encode() * 3),
    "block_tokens": (50, FUNCTION.format(";" * 50).encode()),
}
TABLE: dict[str, tuple[int, bytes]] = {
    "table_bytes": (100, TITLE.encode().ljust(101, b"\n")),
    "table_rows": (3, (TITLE + "".join(f"T{i};Bool;%M{i}.0\n" for i in range(3))).encode()),
    "table_cells": (5, (TITLE + "A;Bool;%M1.0\n").encode()),
    "table_record": (60, (TITLE + "x" * 61 + "\n").encode()),
}
FORMS: dict[str, Form] = {
    "SimaticML": Form(".xml", _imports(".xml"), XML),
    "AutomationML": Form(".aml", [Way("hardware.import_hardware", "importFilePath")], XML),
    "SCL": Form(".scl", [Way("sources.from_file", "path"), Way("program_files.import_", "files")], SCL),
    "SCL in a request": Form("", TEXTS, SCL),
    "STL": Form(
        ".awl",
        [Way("sources.from_file", "path"), Way("program_files.import_", "files")],
        {"source_bytes": SCL["source_bytes"]},
    ),
    "SIMATIC SD": Form(".s7dcl", DOCUMENTS, {name: SCL[name] for name in ("source_bytes", "source_tokens")}),
    "JSON": Form(
        ".json",
        [Way("program_files.import_", "files")],
        {
            "source_bytes": (100, b'{"kind": "FC", "name": "X"}'.ljust(101)),
            "json_values": (20, b'{"kind": "FC", "name": "X", "cultures": [' + b"1, " * 20 + b"1]}"),
        },
    ),
    "CSV": Form(".csv", TABLES, TABLE),
    "workbook": Form(
        ".xlsx",
        [Way("tag_transfer.import_xlsx", "filePath", {"createTable": True}), Way("program_files.import_", "files")],
        {
            "table_columns": (20, _sheet("Z1")),
            "workbook_cells": (26 * 100_000, _sheet("A100001")),
            "workbook_bytes": (100, _sheet("A1")),
            "workbook_text": (100, _sheet("A1", "x" * 100)),
        },
    ),
    "Unified panel": Form(
        ".hmi.yml",
        [Way("hmi_tags.import_tags", "importFilePath", {"deviceName": "HMI_2"})],
        YAML,
    ),
    "PLC test": Form(
        "",
        [Way("plc_tests.run", "tests", {"coverage": None})],
        YAML
        | {
            "test_cycles": (10, b"tests:\n- name: T\n  steps:\n  - run: 11\n"),
            "test_days": (10, b"tests:\n- name: T\n  cycle: 11d\n  steps:\n  - run: 1\n"),
        },
    ),
    "folder": Form("", [Way("blocks.create_folder", "folder")], {"folder_levels": (3, b"a/b/c/d")}),
    "archive": Form(
        ".zap20",
        ARCHIVES,
        {
            "archive_entries": (3, _zip(*[b"x"] * 4)),
            "archive_bytes": (100, _zip(b"x" * 101)),
            "archive_file_bytes": (100, _zip(b"x" * 101)),
            "archive_levels": (5, _zip(b"x", name="d/d/d/d/d/{}")),
        },
    ),
}


LISTED: dict[str, tuple[Way, int, str]] = {
    **{name: (Way("editing.check_scl", "text"), most, sample(most + 1)) for name, (most, sample) in FINDINGS.items()},
    "operator_chain": (Way("editing.check_scl", "text"), 20, FUNCTION.format("#a := 1" + " + 1" * 21 + ";")),
    "start_values": (Way("sources.write", "scl"), 10, DATA.format("a : Array[0..99] of Int := [11(1)];")),
    "block_start_values": (
        Way("sources.write", "scl"),
        10,
        DATA.format("".join(f"a{i} : Array[0..9] of Int := [1];" for i in range(11))),
    ),
}
"""Limits that are a mistake of a program: the code is among the findings or reasons of the answer."""
NAMES: dict[str, tuple[Way, str]] = {
    "block_name": (Way("blocks.rename", "newName", {"blockName": "Main"}), "block.rename_refused"),
    "tag_name": (Way("tags.add", "name", {"tableName": None}), "tag_name.too_long"),
    "folder_name": (Way("blocks.create_folder", "folder"), "folder.refused"),
}
"""Limits of names, which TIA Portal refuses; the code is that of the operation."""
UNREACHED = {
    "json_nesting": "a body is refused before, above the same limit (`TIA_MAX_JSON_DEPTH`)",
    "trace_bytes": "a test names its trace relative to its own file: `tia test` reads it, not the service",
    "trace_columns": "as trace_bytes",
    "cpu_values": "a program of a virtual CPU has to be downloaded first: tests/fakes/virtual_plc",
    "archive_ratio": "it counts from 256 MB unpacked: test_table.py packs them",
    "graph_steps": "a sequence is checked when it is compiled: test_table.py",
    "block_networks": "the simulated TIA Portal refuses it: test_table.py",
    "network_parts": "LAD and FBD of a network are read in one place: test_table.py",
}
"""Limits that no request here exceeds, and why."""


def _rows() -> Iterator[tuple[str, str, Way, Callable[[Path], Any], int]]:
    """Yield each limit with a format, a way in, what makes the input, and the small limit."""
    for form, (suffix, ways, above) in FORMS.items():
        for name, (most, content) in above.items():
            for way in ways:
                yield form, name, way, _maker(f"above{suffix}" if suffix else "", way, content), most


def _maker(file: str, way: Way, content: bytes) -> Callable[[Path], Any]:
    def make(workspace: Path) -> Any:
        if not file:
            return content.decode()
        (workspace / file).write_bytes(content)
        return [file] if way.field == "files" else file

    return make


def test_what_is_above_a_limit_is_refused_on_every_way_in(plc: Client, workspace: Path) -> None:
    for panel in (PANEL, UNIFIED):
        assert plc.http.request(
            "POST", "/api/jobs/execute-sync", json={"operation": "devices.add", "arguments": panel}
        ).json()["success"]
    wrong = {}
    for form, name, way, make, most in _rows():
        given = make(workspace)
        with limits.override(**{name: most}):
            error = way.send(plc, given)["error"] or {}
        if (error.get("code"), error.get("limit")) != (LIMITS[name].code, most):
            wrong[f"{name} · {form} · {way.operation}"] = error
    assert wrong == {}


def test_what_is_above_a_limit_is_listed(plc: Client) -> None:
    wrong = {}
    for name, (way, most, given) in LISTED.items():
        with limits.override(**{name: most}):
            answer = json.dumps(way.send(plc, given))
        if LIMITS[name].code not in answer:
            wrong[name] = answer
    assert wrong == {}


def test_a_longer_name_is_refused(plc: Client) -> None:
    found = {}
    for name, (way, _) in NAMES.items():
        with limits.override(**{name: 5}):
            found[name] = way.send(plc, "XXXXXX")["error"]["code"]
    assert found == {name: code for name, (_, code) in NAMES.items()}


def test_every_limit_is_here() -> None:
    sent = {name for form in FORMS.values() for name in form.above} | set(LISTED) | set(NAMES)
    assert set(LIMITS) == sent | set(UNREACHED)
    assert not sent & set(UNREACHED)
