"""A service that is killed while it pushes: nothing that fired is lost, and nothing comes twice with another key."""

from __future__ import annotations

import random
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.engineering_api.features.webhooks.receiver import Answer, cut, receiving
from tests.reliability.forge import KEY, Forge
from tests.reliability.wire import Wire

SINKS = "/api/runtime/sinks"
KILLS = 3


@pytest.mark.slow
def test_a_kill_loses_nothing_and_sends_nothing_twice_with_another_key(tmp_path: Path) -> None:
    chance = random.Random(19)  # noqa: S311
    forge = Forge(tmp_path / "log")
    seen: dict[str, str] = {}
    with receiving() as receiver:
        planned: list[Answer] = [200, 200, 200, cut]
        receiver.planned += chance.choices(planned, k=10_000)
        sink = {
            "name": "Ticks",
            "when": [{"every": "100ms"}],
            "send": {"url": receiver.url, "body": {"template": {"key": "{key}", "at": "{now}"}}},
        }
        try:
            pid, port = forge.start(tmp_path / "data", sink_hosts=["127.0.0.1"])
            with Wire(port, KEY) as wire:
                wire.send("POST", SINKS, sink)
            for _ in range(KILLS):
                with Wire(port, KEY) as wire:
                    seen |= _grown(wire, len(seen) + chance.randrange(3, 10))
                forge.kill(pid)
                pid, port = forge.start(tmp_path / "data", sink_hosts=["127.0.0.1"])
            receiver.planned.clear()
            with Wire(port, KEY) as wire:
                wire.send("PATCH", f"{SINKS}/Ticks", {"when": [{"every": "1h"}]})
                log = _all_delivered(wire)
        finally:
            forge.kill(pid)
            forge.close()
    assert seen.items() <= {each["key"]: each["time"] for each in log}.items()
    assert len({each["time"] for each in log}) == len(log)
    came: dict[str, bytes] = {}
    for each in receiver.received:
        key = each.headers["Idempotency-Key"]
        assert each.payload["key"] == key
        assert came.setdefault(key, each.body) == each.body
    assert set(came) == {each["key"] for each in log}
    firsts = [each.payload["at"] for each in receiver.received]
    assert all(before <= after for before, after in pairwise(firsts))


def _grown(wire: Wire, count: int) -> dict[str, str]:
    """The keys and times of all pushes, once there are so many."""
    end = time.monotonic() + 60
    while len(found := _log(wire)) < count:
        assert time.monotonic() < end, f"{len(found)} of {count} pushes"
        wire.send("POST", f"{SINKS}/Ticks/actions/flush")
        time.sleep(0.05)
    return {each["key"]: each["time"] for each in found}


def _all_delivered(wire: Wire) -> Any:
    end = time.monotonic() + 60
    while True:
        wire.send("POST", f"{SINKS}/Ticks/actions/flush")
        log = _log(wire)
        if all(each["status"] == "Delivered" for each in log):
            return log
        assert time.monotonic() < end, log
        time.sleep(0.05)


def _log(wire: Wire) -> Any:
    return wire.send("GET", f"{SINKS}/Ticks/deliveries?limit=1000")
