"""T-IA Connect's extension for VS Code works: it can read the answer of each call, or the refusal has a reason."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests import ROOT
from tests.engineering_api.features.hmi.hmi_kit import CLASSIC, add_panels, put
from tests.fakes.fake_openness.hmi_kit import connection, document, screen, table, tag
from tests.journeys.clients.extension_calls import CHAPTERS, PIPELINE, TEST, TOOLS, Call
from tests.support.service import CPU, FIRMWARE, Client, settings

HEADERS = {"X-Client-Id": "vscode/1.0.3", "Content-Type": "application/json", "Accept": "application/json"}
CALLS = [call for chapter in CHAPTERS.values() for call in chapter]
LOOP = 'ORGANIZATION_BLOCK "Cycle"\nBEGIN\n"Lamp" := "Switch";\nEND_ORGANIZATION_BLOCK\n'


class Extension:
    """Sends calls as the extension does, and reads the answers as it does."""

    def __init__(self, client: Client, **values: str) -> None:
        self.client = client
        self.values = values

    def run(self, call: Call) -> None:
        """Send a call. The extension must be able to read its answer, and a job that it starts must succeed."""
        answer = self.client.http.request(call.method, self._path(call), content=self._body(call), headers=HEADERS)
        root = capitalised(answer.json())
        if call.refused:
            assert (answer.is_success, root["Error"]["Code"]) == (False, call.refused), (call, root)
            return
        read = root.get("Response", root)
        assert answer.is_success and read["Success"] is True, (call, root)
        self._read(call, read["Data"])
        if call.reads == "JobId":
            job = self.client.ended(read["Data"]["JobId"])
            assert job["status"] == "Completed", (call, job)

    def _path(self, call: Call) -> str:
        return Template(call.path).substitute({name: quote(value, safe="") for name, value in self.values.items()})

    def _body(self, call: Call) -> str | None:
        written = {name: json.dumps(value)[1:-1] for name, value in self.values.items()}
        return None if call.body is None else Template(json.dumps(call.body)).substitute(written)

    def _read(self, call: Call, data: Any) -> None:
        first = data[0] if isinstance(data, list) and call.reads else data
        for field in call.reads.split():
            value = first
            for name in field.split("."):
                assert name in value, (call, field, value)
                value = value[name]
        if call.keeps:
            self.values[call.keeps] = next(first[key] for key in ("Id", "Sha", "JobId") if key in first)


def capitalised(value: Any) -> Any:
    """A document whose keys begin with capitals, as the extension makes it."""
    if isinstance(value, list):
        return [capitalised(each) for each in value]
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: capitalised(each) for name, each in value.items()}
    return value


@pytest.fixture
def remotes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose repositories may be remotes."""
    return tmp_path_factory.mktemp("remotes")


@pytest.fixture
def client(tmp_path: Path, remotes: Path) -> Iterator[Client]:
    with TestClient(create_app(settings(tmp_path, git_folders=[remotes]))) as http:
        yield Client(http)


@pytest.fixture
def extension(client: Client, workspace: Path, remotes: Path) -> Extension:
    """An extension, and what it cannot make: a project with a panel, its archive, a simulator, an empty repository."""
    made = client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1", "deviceName": "PLC_1"}
    client.ok("POST", "/api/projects/devices/actions/add-sync", body)
    add_panels(client)
    put(client, workspace, f"{CLASSIC}/connections", document(connection()))
    put(client, workspace, f"{CLASSIC}/screens", document(screen("Start")))
    put(client, workspace, f"{CLASSIC}/tags", document(table("Tank", tag("Level"))))
    plc = "/api/devices/PLC_1"
    client.ok("POST", f"{plc}/tag-tables", {"name": "Motors"})
    for name, address in (("Switch", "%I0.0"), ("Lamp", "%Q0.0")):
        client.ok("POST", f"{plc}/tag-tables/Motors/tags", {"name": name, "dataType": "Bool", "address": address})
    client.ok("POST", f"{plc}/udts", {"name": "Recipe", "members": [{"name": "speed", "dataType": "Int"}]})
    client.ok("POST", f"{plc}/watch-tables", {"name": "Overview"})
    client.ok("POST", f"{plc}/watch-tables/Overview/entries", {"entries": [{"name": "Switch"}]})
    client.ok("POST", f"{plc}/external-sources/import-and-generate", {"sclContent": LOOP})
    client.ok("POST", "/api/simulation/instances/create", {"name": "PLC_1", "powerOn": True})
    client.ok("POST", f"{plc}/actions/download-sync")
    client.ok("POST", "/api/simulation/connect")
    client.ok("POST", "/api/projects/actions/archive-sync", {"path": "Line.zap20", "save": True})
    repository = str(remotes / "line.git")
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", repository], check=True)
    return Extension(
        client, device="PLC_1", panel="HMI_1", workspace=str(workspace), remotes=str(remotes), project=made["path"]
    )


@pytest.mark.slow
def test_the_calls_of_a_working_day(extension: Extension) -> None:
    extension.client.ok("POST", "/api/projects/actions/close-sync")
    extension.client.http.app.state.service.stop = lambda: None
    for call in CALLS:
        extension.run(call)


@pytest.mark.slow
def test_each_tool_for_language_models(extension: Extension) -> None:
    for path, body in (("source-control/init", None), ("testharness/tests", TEST), ("pipelines", PIPELINE)):
        extension.run(Call("POST", f"/api/{path}", body))
    for call in TOOLS.values():
        extension.run(call)


def test_the_tree_of_the_extension_shows_what_there_is(client: Client) -> None:
    client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
    client.ok(
        "POST", "/api/projects/devices/actions/add-sync", {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
    )
    add_panels(client)
    plc = "/api/devices/PLC_1"
    tags = f"{plc}/tag-tables/Default%20tag%20table/tags"
    client.ok("POST", tags, {"name": "Level", "dataType": "Word", "logicalAddress": "%MW10"})
    client.ok("POST", f"{plc}/udts", {"name": "Recipe", "members": [{"name": "speed", "dataType": "Int"}]})
    client.ok("POST", f"{plc}/watch-tables", {"name": "Overview"})
    client.ok("POST", f"{plc}/watch-tables/Overview/entries", {"entries": [{"name": "Level"}]})
    client.ok("POST", f"{plc}/blocks", {"kind": "FB", "name": "Motor", "language": "SCL"})
    for name, more in (("Data", {}), ("Motor_DB", {"instanceOf": "Motor"})):
        client.ok("POST", f"{plc}/blocks", {"kind": "InstanceDB" if more else "GlobalDB", "name": name} | more)
    client.http.headers.update(HEADERS)
    leaves = client.ok("GET", f"{plc}/blocks/tree")["children"]
    shown = {each["name"]: each["blockInfo"]["type"] for each in leaves}
    assert (shown["Data"], shown["Motor_DB"], shown["Motor"]) == ("DB", "DB", "FB")
    assert ["number" in each for each in client.ok("GET", f"{plc}/udts")] == [False]
    (entry,) = client.ok("GET", f"{plc}/watch-tables/Overview")["entries"]
    assert (entry["address"], entry["displayFormat"]) == ("%MW10", "Hex")
    for kind in ("tag-tables", "udts", "watch-tables"):
        assert client.ok("GET", f"/api/devices/HMI_1/{kind}") == [], kind
    assert client.ok("GET", "/api/devices/HMI_1/blocks/tree")["children"] == []


def test_the_page_has_the_figures_of_these_tests() -> None:
    page = (ROOT / "docs" / "other-clients.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if "tia-connect-vscode" in line)
    refused = sum(bool(call.refused) for call in CALLS)
    assert re.findall(r"\d+ (?:calls|tools|refused)", row) == [
        f"{len(CALLS)} calls",
        f"{len(TOOLS)} tools",
        f"{refused} refused",
    ]


def test_the_page_names_tests_that_there_are() -> None:
    page = (ROOT / "docs" / "other-clients.md").read_text(encoding="utf-8")
    files = list((ROOT / "tests").rglob("test_*.py"))
    known = {path.name for path in files}
    for path in files:
        known |= set(re.findall(r"^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`(test_\w+(?:\.py)?)`", page))
    assert len(named) > 20 and named <= known
