"""Kinds of sinks of plugins: chosen by name, their secrets sealed; one whose plugin is gone leaves the others alone."""

from __future__ import annotations

import hmac
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from runtime_data.sinks import transport
from simatic_xml.lazy.plugins import Table
from tests.support.plugins import Declare, Install
from tests.support.service import Client, settings

SINKS = "/api/runtime/sinks"
TOKEN = "a-token-that-nobody-sees"  # noqa: S105
FORM = """
from typing import Annotated
import msgspec
from engineering_api.operations.fields import secret
from runtime_data.sinks.transport import TransportKind
class Part(msgspec.Struct):
    token: Annotated[str, secret('x')]
class Form(msgspec.Struct):
    {}
PLUGIN = TransportKind('mine', Form, lambda _: 1 / 0, lambda _, __: None)
"""


@pytest.fixture(autouse=True)
def path(plugins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the plugins of the test, and no others."""
    monkeypatch.syspath_prepend(str(plugins))
    find_again(monkeypatch)


def find_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find plugins as after a start."""
    monkeypatch.setattr(transport, "KINDS", Table("sinks", transport.OWN, transport._accept))
    for module in ("datagram_sink", "broken"):
        sys.modules.pop(module, None)


def _service(folder: Path) -> TestClient[Any]:
    return TestClient(create_app(settings(folder, sink_hosts=["127.0.0.1"])))


def test_the_example_is_installed_sends_and_outlives_its_plugin(
    install: Install, tmp_path: Path, plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("sink")
    data = tmp_path / "data"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(10)
        send = {"kind": "datagram", "host": "127.0.0.1", "port": receiver.getsockname()[1], "token": TOKEN}
        sink = {"name": "Line", "when": [{"every": "1h"}], "send": send | {"body": {"template": {"a": 1}}}}
        with _service(data) as http:
            client = Client(http)
            short = sink | {"send": send | {"token": "short"}}
            assert client.refused(400, "sink.invalid", "POST", SINKS, short)["place"] == {"pointer": "/send/token"}
            refused = sink | {"send": send | {"host": "10.0.0.1"}}
            client.refused(403, "sink.target_refused", "POST", SINKS, refused)
            assert client.ok("POST", SINKS, sink)["send"]["token"] == ""
            assert client.ok("POST", f"{SINKS}/Line/actions/test")["arrived"] is True
            signature, _, body = receiver.recv(1000).partition(b" ")
            assert body == b'{"a":1}' and signature.decode() == hmac.new(TOKEN.encode(), body, "sha256").hexdigest()
            elsewhere = {"send": send | {"host": "localhost", "token": ""}}
            error = client.refused(400, "sink.invalid", "PATCH", f"{SINKS}/Line", elsewhere)
            assert error["place"] == {"pointer": "/send/token"}
            client.ok("POST", SINKS, {"name": "Web", "when": [{"every": "1h"}], "send": {"url": "http://127.0.0.1:9/"}})
    assert not [file for file in data.rglob("*") if file.is_file() and TOKEN.encode() in file.read_bytes()]
    for each in plugins.glob("*.dist-info/entry_points.txt"):
        each.unlink()
    find_again(monkeypatch)
    with _service(data) as http:
        client = Client(http)
        line, web = sorted(client.ok("GET", SINKS), key=lambda each: str(each["name"]))
        assert "'datagram' is not a kind of transport: write http, line, mqtt, sparkplug." in line["message"]
        assert line["send"] == {"kind": "datagram", "body": {"template": {"a": 1}}} and web["message"] == ""
        client.refused(400, "sink.kind", "POST", f"{SINKS}/Line/actions/test")
        assert client.ok("DELETE", f"{SINKS}/Line")["name"] == "Line"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("PLUGIN = 1", "plugin.not_used"),
        (FORM.format("token: Annotated[str, secret('x')] = ''"), "plugin.failed"),
        (FORM.format("key: Annotated[str, secret('x')]"), "plugin.not_used"),
        (FORM.format("parts: list[Part] = []"), "plugin.not_used"),
        ("import a_module_that_nobody_has", "plugin.not_used"),
    ],
)
def test_a_kind_that_cannot_be_used_is_refused_with_its_package(
    declare: Declare, client: Client, code: str, expected: str
) -> None:
    declare("broken", "sinks", "mine", code)
    sink = {"name": "Mine", "when": [{"every": "1h"}], "send": {"kind": "mine"}}
    status = 500 if expected == "plugin.failed" else 422
    error = client.refused(status, expected, "POST", SINKS, sink)
    assert "of the package broken" in error["message"]
