"""Each surface imports each form of program file; the list of changes matches the project and names what was left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from click.testing import CliRunner
from openpyxl import Workbook

import simatic_xml
from engineering_api.cli.commands import main
from engineering_api.client import Client
from tests.engineering_api.features.mcp.mcp_kit import HEADERS, Served, ok, served
from tests.support.service import CPU, FIRMWARE, KEY

SOURCE = "BEGIN\n    ;\nEND_"
LAD = {
    "kind": "FB",
    "name": "Lamp",
    "language": "LAD",
    "interface": {"Input": [{"name": "on", "type": "Bool"}], "Output": [{"name": "q", "type": "Bool"}]},
    "networks": [{"source": {"rungs": [[{"contact": "#on"}, {"coil": "#q"}]]}}],
}
TEXTS = {
    "Mix.scl": f'FUNCTION_BLOCK "Mix"\n{SOURCE}FUNCTION_BLOCK\n',
    "Pair.udt": 'TYPE "Pair"\nSTRUCT\n    a : Int;\nEND_STRUCT;\nEND_TYPE\n',
    "Data.db": 'DATA_BLOCK "Data"\nSTRUCT\n    a : Int;\nEND_STRUCT;\nBEGIN\nEND_DATA_BLOCK\n',
    "Old.awl": 'FUNCTION "Old" : Void\nBEGIN\nNETWORK\nTITLE =\n    NOP 0;\nEND_FUNCTION\n',
    "Relay.json": json.dumps(LAD | {"name": "Relay"}),
    "list.csv": "Name;Path;Data Type;Logical Address\nFromCsv;Line;Bool;%I0.0\n",
}
FORMS = {
    "Mix.scl": ("Mix", "FB"),
    "Pair.udt": ("Pair", "UDT"),
    "Data.db": ("Data", "GlobalDB"),
    "Old.awl": ("Old", "FC"),
    "Lamp.xml": ("Lamp", "FB"),
    "Doc.s7dcl": ("Doc", "FB"),
    "Relay.json": ("Relay", "FB"),
    "list.csv": ("FromCsv", "Tag"),
    "list.xlsx": ("FromBook", "Tag"),
}
"""What is in a file of each form: its object or tag."""
LEFT_OUT = "Values.nvt"
"""Named values, a form that no import takes: it is in the list as refused."""
WANTED = {file: (*each, "created") for file, each in FORMS.items()} | {LEFT_OUT: ("", "", "refused")}
Send = Callable[[Served, dict[str, Any]], tuple[dict[str, Any], bool]]
"""Imports files; returns the answer, and whether the surface reports that something was left out."""


def over_http(server: Served, given: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    path = f"{server.url}/api/devices/PLC_1/program-files/actions/import-sync"
    body = {name: value for name, value in given.items() if name != "deviceName"}
    answer = httpx.post(path, json=body, headers=HEADERS, timeout=60).json()
    assert answer["success"], answer
    return answer["data"], answer["data"]["refused"] > 0


def by_command(server: Served, given: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    words = ["program-files", "import", "--device-name", given["deviceName"], "--json"]
    words += [word for file in given["files"] for word in ("--path", f"server:{file}")]
    words += [f"--{'dry-run' if name == 'dryRun' else name}" for name in ("partial", "dryRun") if given.get(name)]
    done = CliRunner(env={"TIA_URL": server.url, "TIA_API_KEY": KEY}).invoke(main, words, prog_name="tia")
    return json.loads(done.stdout), done.exit_code == 1


def by_tool(server: Served, given: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    async def call() -> dict[str, Any]:
        planned = {"tool": "program_files_import", "arguments": {**given, "dryRun": False}}
        async with server.streamable() as client:
            preview = await ok(client, "preview_change", **planned)
            if given.get("dryRun"):
                found: dict[str, Any] = preview["result"]["answer"]
            else:
                done = await ok(client, "apply_change", **planned, token=preview["token"], compile=False)
                found = done["result"]
            return found

    answer = anyio.run(call)
    return answer, answer["refused"] > 0


def by_client(server: Served, given: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    names = {"deviceName": "device_name", "dryRun": "dry_run"}
    with Client(server.url, KEY) as client:
        answer = client.program_files.import_(**{names.get(name, name): value for name, value in given.items()})
    changes = [{name: getattr(each, name) for name in ("object", "kind", "status", "file")} for each in answer.changes]
    return {"changes": changes}, answer.refused > 0


SURFACES = {"http": over_http, "command": by_command, "tool": by_tool, "client": by_client}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose workspace has a file of each form."""
    folder = tmp_path_factory.mktemp("forms")
    with served(folder, mcp_write=True) as made:
        workspace = folder / "workspace"
        for name, text in TEXTS.items():
            (workspace / name).write_text(text, encoding="utf-8")
        (workspace / LEFT_OUT).write_text("TYPE\nEND_TYPE\n")
        (workspace / "Lamp.xml").write_bytes(simatic_xml.dump(simatic_xml.from_json({"engineering": "V20"} | LAD)))
        write_workbook(workspace / "list.xlsx")
        with Client(made.url, KEY) as client:
            make_project(client, "First")
            client.program_files.import_(device_name="PLC_1", files=["Lamp.xml"])
            client.blocks.rename(device_name="PLC_1", block_name="Lamp", new_name="Doc")
            client.devices.compile_(device_name="PLC_1", scope="software")
            client.blocks.export(device_name="PLC_1", block_name="Doc", export_path="Doc.s7dcl")
            client.projects.close(discard=True)
        yield made


def write_workbook(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "PLC Tags"
    sheet.append(["Name", "Path", "Data Type", "Logical Address"])
    sheet.append(["FromBook", "Line", "Bool", "%I0.1"])
    book.save(path)


def make_project(client: Client, name: str) -> None:
    client.projects.create(name=name)
    client.devices.add(order_number=CPU, version=FIRMWARE, name="PLC_1")


def present(client: Client) -> set[str]:
    """The names of all blocks, data types and tags of the project."""
    blocks = {each.name for each in client.blocks.list_(device_name="PLC_1")}
    types = {each.name for each in client.udts.list_(device_name="PLC_1")}
    return blocks | types | {each.name for each in client.tags.list_all(device_name="PLC_1")}


def listed(answer: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    """What the list has of each file; an object that is in it twice fails."""
    found = [each for each in answer["changes"] if each["status"] != "skipped"]
    assert len({each["file"] for each in found}) == len(found), found
    return {each["file"]: (each["object"], each["kind"], each["status"]) for each in found}


@pytest.mark.parametrize("surface", SURFACES)
def test_the_list_has_what_the_project_then_has(server: Served, surface: str) -> None:
    send = SURFACES[surface]
    given = {"deviceName": "PLC_1", "files": list(WANTED), "partial": True}
    with Client(server.url, KEY) as client:
        make_project(client, f"By {surface}")
        try:
            before = present(client)
            plan, is_partial = send(server, given | {"dryRun": True})
            assert is_partial
            assert present(client) == before
            done, is_partial = send(server, given)
            assert is_partial
            assert listed(plan) == listed(done) == WANTED
            assert present(client) - before == {name for name, _, status in WANTED.values() if status == "created"}
            again, is_partial = send(server, given | {"files": list(FORMS)})
            assert not is_partial
            assert {status for _, _, status in listed(again).values()} == {"unchanged"}
        finally:
            client.projects.close(discard=True)
