"""Where webhooks may be sent: nowhere inside unless it is named."""

import asyncio
from pathlib import Path

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.security.targets import Targets
from engineering_api.settings import from_environment
from openness_bridge.errors import Problem
from tests.engineering_api.features.webhooks.receiver import receiving
from tests.support.service import Client, settings

INSIDE = (
    "http://127.0.0.1/",
    "http://localhost/",
    "http://10.0.0.1/",
    "http://192.168.1.9:8080/x",
    "http://172.16.0.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://0.0.0.0/",
    "http://[fd00::1]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://224.0.0.1/",
    "http://100.64.0.1/",
)


def address(allowed: list[str], url: str) -> str:
    return asyncio.run(Targets(allowed).addresses(url))[0]


@pytest.mark.parametrize("url", INSIDE)
def test_by_default_nothing_is_sent_inside(url: str) -> None:
    with pytest.raises(Problem) as refused:
        address([], url)
    assert refused.value.code == "webhook.target_refused"


def test_by_default_public_addresses_are_allowed() -> None:
    assert address([], "https://8.8.8.8/hook") == "8.8.8.8"
    assert address([], "https://[2606:4700::1]:8443/") == "2606:4700::1"


def test_what_is_named_is_allowed_and_nothing_else() -> None:
    assert address(["127.0.0.0/8"], "http://127.0.0.1:8080/") == "127.0.0.1"
    assert address(["10.1.2.3"], "http://10.1.2.3/") == "10.1.2.3"
    assert address(["LOCALHOST"], "http://localhost/") in {"127.0.0.1", "::1"}
    assert address(["*.host", "local*"], "http://localhost/") in {"127.0.0.1", "::1"}
    for url in ("http://10.1.2.4/", "https://8.8.8.8/", "http://localhost/"):
        with pytest.raises(Problem):
            address(["10.1.2.3", "ci.plant"], url)


def test_a_name_without_address_may_get_one_later() -> None:
    asyncio.run(Targets([]).require("http://no-such-host.invalid/"))
    asyncio.run(Targets(["*.invalid"]).require("http://no-such-host.invalid/"))
    with pytest.raises(Problem):
        asyncio.run(Targets(["ci.plant"]).require("http://no-such-host.invalid/"))


def test_the_setting_comes_from_the_environment(tmp_path: Path) -> None:
    found = from_environment({"TIA_WEBHOOK_HOSTS": "ci.plant, 10.0.0.0/8", "TIA_DATA_DIR": str(tmp_path)})
    assert found.webhook_hosts == ["ci.plant", "10.0.0.0/8"]


def test_a_receiver_inside_is_refused_by_a_service_that_does_not_name_it(tmp_path: Path) -> None:
    with receiving() as receiver:
        body = {"url": receiver.url, "events": ["*"], "secret": "a-long-secret-of-both"}
        with TestClient(create_app(settings(tmp_path))) as http:
            error = Client(http).refused(403, "webhook.target_refused", "POST", "/api/webhooks", body)
            assert error["place"] == {"pointer": "/url"}
        with TestClient(create_app(settings(tmp_path, webhook_hosts=["127.0.0.1"]))) as http:
            webhook = Client(http).ok("POST", "/api/webhooks", body)["id"]
        with TestClient(create_app(settings(tmp_path))) as http:
            pinged = Client(http).ok("POST", f"/api/webhooks/{webhook}/actions/ping")
            assert pinged["status"] == "Failed"
            assert "TIA_WEBHOOK_HOSTS" in pinged["attempts"][0]["error"]
        assert receiver.received == []


def test_the_next_address_is_tried_where_nobody_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def two(_: Targets, _url: str) -> list[str]:
        return ["127.0.0.9", "127.0.0.1"]

    monkeypatch.setattr(Targets, "addresses", two)
    with receiving() as receiver, TestClient(create_app(settings(tmp_path))) as http:
        client = Client(http)
        body = {"url": receiver.url, "events": ["*"], "secret": "a-long-secret-of-both"}
        webhook = client.ok("POST", "/api/webhooks", body)["id"]
        assert client.ok("POST", f"/api/webhooks/{webhook}/actions/ping")["status"] == "Delivered"
