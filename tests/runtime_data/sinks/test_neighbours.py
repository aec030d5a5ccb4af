"""Alarms that fire, and the history in a body, with the real parts of the service."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from runtime_data.history.history import History
from runtime_data.runtime import Runtime, Write
from runtime_data.sources.memory import MemorySource, MemoryTag
from runtime_data.values import now
from tests.engineering_api.features.webhooks.receiver import receiving
from tests.support.service import Client, settings

ADMINISTRATOR = Caller("ada", Right.ADMINISTER)


def wait_for_samples(http: TestClient[Any], history: History) -> None:
    """Wait until a good value of the tag is in the history."""
    end = time.monotonic() + 60
    while True:
        moment = now()
        with http.portal() as portal:
            found = portal.call(history.query, "memory:Heat", moment - 3600 * 10**6, moment)
        if any(each.is_good for each in found):
            return
        assert time.monotonic() < end, "nothing was logged"
        time.sleep(0.05)


def test_an_alarm_fires_and_the_history_is_in_the_body(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path, sink_hosts=["127.0.0.1"]))
    runtime = app.state["service"].part(Runtime)
    with receiving() as receiver, TestClient(app) as http:
        client = Client(http)
        memory = runtime.sources.find("memory")
        assert isinstance(memory, MemorySource)
        memory.define(MemoryTag("Heat", "Int", value=20))

        def write(value: int) -> None:
            with http.portal() as portal:
                (done,) = portal.call(runtime.write, ADMINISTRATOR, [Write("memory:Heat", value)])
            assert done.error is None

        client.ok("POST", "/api/runtime/logging", {"tag": "memory:Heat"})
        write(30)
        wait_for_samples(http, app.state["service"].part(History))
        hot = {
            "name": "too hot",
            "tag": "memory:Heat",
            "trigger": "greater",
            "limit": 90,
            "priority": 700,
        }
        client.ok("POST", "/api/runtime/alarm-definitions", hot)
        sink: dict[str, Any] = {
            "name": "Alarms",
            "when": [{"alarm": {"priority": 500, "event": "raised", "name": "too*"}}],
            "send": {
                "url": receiver.url,
                "body": {
                    "template": {
                        "name": "{alarm:name}",
                        "event": "{alarm:event}",
                        "priority": "{alarm:priority}",
                        "most": "{history:memory:Heat,maximum,1h}",
                    }
                },
            },
        }
        client.ok("POST", "/api/runtime/sinks", sink)
        write(95)
        (came,) = receiver.until(1)
    assert came.payload["name"] == "too hot"
    assert (came.payload["event"], came.payload["priority"]) == ("raised", 700)
    assert came.payload["most"] in {30, 95}
