"""Values of the service's own tags under kills: what was acknowledged is there, and each change is pushed under one key."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engineering_api.features.webhooks.receiver import receiving
from tests.reliability.forge import KEY, Forge
from tests.reliability.wire import Lost, Wire

WRITERS = 4
KILLS = 5
PATIENCE = 90


def _rest(tag: str, value: int) -> tuple[str, str, Any]:
    return "PUT", f"/api/runtime/tags/memory:{tag}/value", {"value": value}


def _rest_many(tag: str, value: int) -> tuple[str, str, Any]:
    return "POST", "/api/runtime/values/actions/write", {"writes": [{"tag": f"memory:{tag}", "value": value}]}


WAYS: list[Callable[[str, int], tuple[str, str, Any]]] = [_rest, _rest_many]


class Writer(threading.Thread):
    """Counts a tag up as fast as it is acknowledged, until the server is gone."""

    def __init__(self, port: int, number: int, first: int) -> None:
        super().__init__()
        self._port, self._way, self.tag = port, WAYS[number % len(WAYS)], f"count{number}"
        self.sent = self.acknowledged = first

    def run(self) -> None:
        with Wire(self._port, KEY) as wire:
            try:
                while True:
                    self.sent += 1
                    wire.send(*self._way(self.tag, self.sent))
                    self.acknowledged = self.sent
            except Lost:
                return


@pytest.mark.slow
def test_a_kill_takes_no_acknowledged_value_back_and_pushes_no_change_under_two_keys(tmp_path: Path) -> None:
    chance = random.Random(8)  # noqa: S311
    forge = Forge(tmp_path / "log")
    reached = dict.fromkeys(range(WRITERS), 0)
    with receiving() as receiver:
        try:
            pid, port = forge.start(tmp_path / "data", sink_hosts=["127.0.0.1"])
            with Wire(port, KEY) as wire:
                for number in range(WRITERS):
                    wire.send("PUT", f"/api/runtime/tags/memory:count{number}", {"dataType": "DInt", "initialValue": 0})
                    template = {"tag": f"count{number}", "value": f"{{tag:memory:count{number}}}", "key": "{key}"}
                    sink = {
                        "name": f"Count {number}",
                        "when": [{"change": f"memory:count{number}"}],
                        "send": {"url": receiver.url, "body": {"template": template}},
                    }
                    wire.send("POST", "/api/runtime/sinks", sink)
            for _ in range(KILLS):
                writers = [Writer(port, *each) for each in reached.items()]
                for each in writers:
                    each.start()
                _until(lambda writers=writers: min(w.acknowledged - reached[n] for n, w in enumerate(writers)) > 10)
                time.sleep(chance.random() / 4)  # time: a kill at any moment
                forge.kill(pid)
                for each in writers:
                    each.join(PATIENCE)
                pid, port = forge.start(tmp_path / "data", sink_hosts=["127.0.0.1"])
                with Wire(port, KEY) as wire:
                    for number, each in enumerate(writers):
                        found = wire.send("GET", f"/api/runtime/tags/memory:count{number}/value")
                        assert found["quality"] == "Good"
                        assert each.acknowledged <= found["value"] <= each.sent
                        reached[number] = found["value"]
            with Wire(port, KEY) as wire:
                _until(lambda: all(_waiting(wire, number) == 0 for number in range(WRITERS)))
        finally:
            forge.kill(pid)
            forge.close()
    keys: dict[tuple[str, int], set[str]] = defaultdict(set)
    for request in receiver.received:
        keys[request.payload["tag"], request.payload["value"]].add(request.headers["Idempotency-Key"])
    assert {event: found for event, found in keys.items() if len(found) > 1} == {}
    assert {(f"count{number}", value) for number, value in reached.items()} <= keys.keys()
    for number in range(WRITERS):
        values = [each.payload["value"] for each in receiver.received if each.payload["tag"] == f"count{number}"]
        assert values == sorted(values)


def _waiting(wire: Wire, number: int) -> int:
    return int(wire.send("GET", f"/api/runtime/sinks/Count%20{number}")["pending"])


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
