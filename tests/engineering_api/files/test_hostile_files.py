"""Files and bodies that are made to take all memory or all time, and those that ask for other files, are refused."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.service import Client


def _laugh(number: int) -> str:
    more = f"&l{number - 1};" * 10
    return f'<!ENTITY l{number} "{more}">'


LAUGHS = '<!DOCTYPE a [<!ENTITY l0 "lol">' + "".join(map(_laugh, range(1, 10))) + "]>"
ROOTS = {"simaticml": "Document", "tagtable": "Tagtable", "aml": "CAEXFile"}
BOOK = "/api/devices/PLC_1/tag-tables/Sensors/actions"


def laughs(root: str) -> str:
    return f"{LAUGHS}<{root}>&l9;</{root}>"


def laughs_in_an_attribute(root: str) -> str:
    return f'{LAUGHS}<{root} name="&l9;"/>'


def asks_for_a_file(root: str) -> str:
    return f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><{root}>&x;</{root}>'


def asks_for_an_address(root: str) -> str:
    return f'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><{root}/>'


def is_deep(root: str) -> str:
    return f"<{root}>{'<a>' * 100_000}{'</a>' * 100_000}</{root}>"


def has_many_attributes(root: str) -> str:
    attributes = " ".join(f'a{n}="1"' for n in range(1_000_000))
    return f"<{root} {attributes}/>"


def has_a_huge_text(root: str) -> str:
    return f"<{root}>{'x' * 12_000_000}</{root}>"


XML = (
    laughs,
    laughs_in_an_attribute,
    asks_for_a_file,
    asks_for_an_address,
    is_deep,
    has_many_attributes,
    has_a_huge_text,
)


def taken(client: Client, kind: str, name: str) -> tuple[int, str]:
    """What a client is told who imports a file of the workspace."""
    routes = {
        "simaticml": ("/api/devices/PLC_1/tag-tables/actions/import-xml-sync", {"importFilePath": name}),
        "tagtable": (f"{BOOK}/import-csv-sync", {"filePath": name}),
        "aml": ("/api/projects/devices/actions/import-hardware-sync", {"importFilePath": name}),
        "json": ("/api/devices/PLC_1/tags/actions/import-sync", {"tableName": "Sensors", "filePath": name}),
        "xlsx": (f"{BOOK}/import-xlsx-sync", {"filePath": name}),
        "yaml": ("/api/plc-tests/actions/run-sync", {"testPaths": [name]}),
    }
    path, body = routes[kind]
    answer = client.http.post(path, json=body)
    document = answer.json()
    assert "passwd" not in answer.text and "root:" not in answer.text
    return answer.status_code, (document.get("error") or {}).get("code", "")


@pytest.fixture
def table(plc: Client) -> Client:
    plc.ok("POST", "/api/devices/PLC_1/tag-tables", {"name": "Sensors"})
    return plc


@pytest.mark.slow
def test_hostile_xml_is_refused(table: Client, workspace: Path) -> None:
    for kind, root in ROOTS.items():
        for make in XML:
            name = f"{make.__name__}.{'aml' if kind == 'aml' else 'xml'}"
            (workspace / name).write_text(make(root))
            status, code = taken(table, kind, name)
            assert (400 <= status < 500, bool(code), code != "internal") == (True, True, True), (
                kind,
                name,
                status,
                code,
            )


def bomb(parts: dict[str, bytes]) -> bytes:
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return file.getvalue()


def test_a_workbook_that_unpacks_to_too_much_is_refused(table: Client, workspace: Path) -> None:
    sheet = b'<worksheet><sheetData><row r="1"><c r="A1"/></row><row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'
    packed = bytearray(bomb({"xl/worksheets/sheet1.xml": bytes(1000), "xl/workbook.xml": b"<workbook/>"}))
    size = packed.index(b"PK\x01\x02") + 24
    packed[size : size + 4] = struct.pack("<I", (1 << 30) + 1)
    books = {
        "packed.xlsx": bytes(packed),
        "far.xlsx": bomb({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": sheet}),
    }
    for name, content in books.items():
        (workspace / name).write_bytes(content)
        status, code = taken(table, "xlsx", name)
        assert (status, code) == (422, "tag_file.too_large"), (name, status, code)


HOSTILE_YAML: dict[str, Callable[[], str]] = {
    "aliases of aliases": lambda: "\n".join(
        ["tests:", "a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    ),
    "an alias of itself": lambda: "tests: &a [*a]",
    "depth": lambda: "[" * 5_000,
    "an object": lambda: "tests: !!python/object/apply:os.system [id]",
}


@pytest.mark.slow
def test_hostile_yaml_is_refused(client: Client, workspace: Path) -> None:
    for what, make in HOSTILE_YAML.items():
        (workspace / "x.plctest.yaml").write_text(make())
        status, code = taken(client, "yaml", "x.plctest.yaml")
        assert 400 <= status < 500 and code != "internal", (what, status, code)


def test_deep_and_huge_json_is_refused(table: Client, workspace: Path) -> None:
    for number, text in enumerate(("[" * 500_000, '{"tags":' * 500_000, '{"tags": [' + "9" * 5000 + "]}")):
        (workspace / f"{number}.json").write_text(text)
        status, code = taken(table, "json", f"{number}.json")
        assert 400 <= status < 500 and code != "internal", (number, status, code)


def test_a_body_that_is_deep_or_wide_is_refused(client: Client) -> None:
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    wide = '{"name":"x",' + '"a":1,' * 100_000 + '"b":1}'
    for path in ("/api/projects/actions/create-sync", "/api/jobs/execute-sync", "/api/pipelines", "/mcp"):
        for body in ("[" * 500_000, '{"name":' * 500_000, wide):
            answer = client.http.post(path, content=body, headers=headers)
            assert 400 <= answer.status_code < 500, (path, answer.text[:300])
