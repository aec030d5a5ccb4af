"""The page about webhooks tells the truth."""

import re
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from engineering_api.app import catalogue, create_app
from engineering_api.features.webhooks import engine
from tests import ROOT
from tests.engineering_api.features.webhooks.receiver import receiving
from tests.support.pages import Page
from tests.support.service import Client, settings

PAGE = Page("webhooks.md")
ROOT = ROOT / "engineering_api"


def test_the_requests_do_what_the_page_shows_and_the_receiver_of_the_page_knows_the_sender(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102
    made: dict[str, str] = {}
    with receiving() as receiver, TestClient(create_app(settings(tmp_path, webhook_hosts=["127.0.0.1"]))) as http:
        client = Client(http)

        def send(method: str, path: str, body: Any) -> Any:
            if body:
                body |= {"url": receiver.url}
                made["secret"] = body["secret"]
            data = client.ok(method, path.replace("{webhookId}", made.get("id", "")), body)
            made.setdefault("id", data["id"] if isinstance(data, dict) else "")
            return data

        assert PAGE.play(send) == 3
        (came,) = receiver.received
    assert names["genuine"](came.headers, came.body, made["secret"])
    assert not names["genuine"](came.headers, came.body + b" ", made["secret"])
    assert not names["genuine"](came.headers, came.body, "another-long-secret")
    assert not names["genuine"](came.headers, came.body, made["secret"], age=-1)
    assert PAGE.table("header") == {name for name in came.headers if name.startswith("X-")}


def test_the_page_names_every_event() -> None:
    packages = (ROOT, ROOT.parent / "runtime_data")
    sources = [path.read_text() for package in packages for path in package.rglob("*.py")]
    published = {kind for text in sources for kind in re.findall(r'(?:publish|_told)[,(]\s*"([a-z]+\.[a-z]+)"', text)}
    declared = {op.event for op in catalogue() if op.event}
    assert PAGE.table("event") == published | declared | {"operation.failed", engine.PING}


def test_the_page_names_every_code_and_delay() -> None:
    files = (*(ROOT / "features" / "webhooks").glob("*.py"), ROOT / "security" / "targets.py")
    sources = [path.read_text() for path in files]
    used = {code for text in sources for code in re.findall(r'"(webhook\.\w+)"', text)} - {engine.PING}
    assert PAGE.table("code") == used | {"webhook.not_found", "delivery.not_found"}
    shown = re.search(r"again ([\d, ]+) and (\d+) seconds later", " ".join(PAGE.text.split()))
    assert shown is not None
    assert [int(each) for each in (*shown[1].split(", "), shown[2])] == list(engine.DELAYS)
