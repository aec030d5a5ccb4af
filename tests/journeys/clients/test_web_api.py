"""The vendor's own client of the Web API (npm @siemens/simatic-s7-webserver-api, MIT) runs against the server."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.clients.tools import NODE, run
from tests.runtime_data.webapi.cpu import wait_for
from tests.runtime_data.webapi.test_server import PASSWORD, serve, start_cpu
from tests.support.service import Client

needs_client = pytest.mark.skipif(
    shutil.which("node") is None or not (NODE / "@siemens" / "simatic-s7-webserver-api").is_dir(),
    reason="THE VENDOR'S WEB API CLIENT WAS NOT RUN: install node, then run python3 dev.py clients",
)


@pytest.mark.slow
@needs_client
def test_the_vendors_client_understands_every_answer(client: Client, tmp_path: Path) -> None:
    start_cpu(client)
    client.ok("POST", "/api/users", {"name": "olga", "password": PASSWORD, "role": "operator"})
    alarm = {
        "name": "Low",
        "tag": "PLC_1:Data.motor.speed",
        "trigger": "less",
        "limit": 100,
        "texts": {"en-US": "Too slow"},
    }
    client.ok("POST", "/api/runtime/alarm-definitions", alarm)
    endpoint = serve(client)
    _wait_for_the_alarm(client)
    found = _calls(tmp_path, endpoint.removeprefix("https://").partition("/")[0])
    assert {"PlcProgram.Read", "Alarms.Acknowledge"} <= set(map(str, found["methods"]))
    assert found["permissions"] == [], "the client asks for them without its token"
    assert found["limits"]["webapi_max_http_request_body_size"] == 131_072
    assert (found["version"], len(found["ping"]) > 0) == (4, True)
    top = {each["name"]: each for each in found["top"]}
    assert (top["Data"]["datatype"], top["Data"]["has_children"], top["Flag"]["area"]) == ("datablock", True, "M")
    assert {each["name"]: each["datatype"] for each in found["below"]}["exact"] == "lreal"
    assert found["list"][0]["array_dimensions"] == [{"start_index": -1, "count": 3}]
    assert [found[each] for each in ("flag", "write", "wide", "flagAfter", "wideAfter")] == [
        False,
        True,
        True,
        [1],
        "18446744073709551615",
    ]
    assert "missing" not in found or found["missing"] is None
    assert found["bulk"] == [1.5, 2000, 200]
    assert [found[each] for each in ("mode", "stop", "modeAfter")] == ["run", True, "stop"]
    assert found["time"][:2] == "20"
    assert len(found["buffer"]["entries"]) == 2 and "STOP" in found["buffer"]["entries"][0]["short_text"]
    assert found["buffer"]["entries"][0]["event"]["text_id"] > 0
    (shown,) = [each for each in found["alarms"]["entries"] if each["producer"] == "program_alarm"]
    others = {(each["producer"], each["alarm_text"]) for each in found["alarms"]["entries"] if each is not shown}
    assert others <= {("system_diagnostics", "STOP was requested from outside.")}, (
        "the alarm of the stop may come later"
    )
    assert (shown["alarm_text"], shown["status"], shown["acknowledgement"]["state"]) == (
        "Too slow",
        "incoming",
        "not_acknowledged",
    )
    assert found["acknowledge"] is True
    assert found["alarmsAfter"]["entries"][0]["acknowledgement"]["state"] == "acknowledged"
    assert found["logout"] is True and found.get("afterwards") is None
    (alarm,) = [each for each in client.ok("GET", "/api/runtime/alarms") if each["tag"] == alarm["tag"]]
    assert alarm["user"] == "user:olga"


def _calls(folder: Path, address: str) -> dict[str, Any]:
    shutil.copy(Path(__file__).with_name("web_api_calls.cjs"), folder)
    (folder / "node_modules").symlink_to(NODE)
    done = run("node", "web_api_calls.cjs", folder=folder, ADDRESS=address, WEB_USER="olga", WEB_PASSWORD=PASSWORD)
    line = next(each for each in done.stdout.splitlines() if each.startswith("FOUND "))
    found: dict[str, Any] = json.loads(line.removeprefix("FOUND "))
    return found


def _wait_for_the_alarm(client: Client) -> None:
    wait_for(lambda: len(client.ok("GET", "/api/runtime/alarms")) == 1)
