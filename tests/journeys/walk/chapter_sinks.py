"""The runtime's past and its pushes: a tag of the service is logged, corrected by hand, and sent to a receiver."""

from __future__ import annotations

import datetime as dt
import time

from tests.engineering_api.features.webhooks.receiver import receiving
from tests.journeys.walk.walk import Walk, names

COUNT = {"tag": "memory:Walk.count"}
SERIES = {"series": "memory:Walk.count"}
SINK = {"sink": "Walk"}


def tag_is_logged(w: Walk) -> None:
    w.peek("runtime_tags.define", COUNT | {"dataType": "DInt", "initialValue": 1})
    begun = w.peek("runtime_values.get", COUNT)["serverTime"]
    logged = w.changes("runtime_logging.create", COUNT | {"period": 0.1}, seen="runtime_logging.list_")
    assert [each["tag"] for each in logged.after["series"]] == [COUNT["tag"]]
    assert w.read("runtime_logging.list_")["status"]["lost"] == 0
    w.changes("runtime_logging.update", SERIES | {"keep": 9}, seen="runtime_logging.list_")
    w.peek("runtime_values.put", COUNT | {"value": 2})
    deadline = time.monotonic() + 60
    while [each["value"] for each in w.read("runtime_history.query", COUNT | {"from": begun})["values"]][-1:] != [2]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def past_is_corrected(w: Walk) -> None:
    moment = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    hour = {
        "from": (moment - dt.timedelta(minutes=1)).isoformat(),
        "to": (moment + dt.timedelta(minutes=1)).isoformat(),
    }
    entered = {"values": [{"time": moment.isoformat(), "value": 40}]}
    made = w.changes("runtime_history.insert", COUNT | entered, seen="runtime_history.query", by=COUNT | hour)
    assert [each["value"] for each in made.after["values"]] == [40]
    table = w.read("runtime_history.query_many", {"tags": [COUNT["tag"]], "aggregate": "Maximum"} | hour)
    assert table["tags"] == [COUNT["tag"]]
    gone = w.changes("runtime_logging.delete", SERIES, seen="runtime_logging.list_")
    assert gone.after["series"] == []


def value_is_pushed(w: Walk) -> None:
    with receiving() as erp:
        erp.planned.append(500)
        send = {"url": erp.url, "body": {"template": {"count": "{tag:memory:Walk.count}"}}}
        when = [{"change": COUNT["tag"], "period": "100ms"}]
        made = w.changes(
            "runtime_sinks.create", {"name": "Walk", "when": when, "send": send}, seen="runtime_sinks.list_", look=names
        )
        assert made.appeared == ["Walk"]
        w.peek("runtime_values.put", COUNT | {"value": 3})
        erp.until(1)
        assert w.between("runtime_sinks.flush", SINK, lambda: None).answer["pushes"] in {0, 1}
        assert [each.payload for each in erp.until(2)] == [{"count": 3}] * 2
        w.between("runtime_sinks.test", SINK, lambda: None)
        assert len(erp.until(3)) == 3
        deadline = time.monotonic() + 60
        while (push := w.read("runtime_sinks.deliveries", SINK)[0])["status"] != "Delivered":
            assert time.monotonic() < deadline, push
            time.sleep(0.05)
        w.between("runtime_sinks.redeliver", SINK | {"key": push["key"]}, lambda: None)
        assert len(erp.until(4)) == 4


def sink_is_changed_and_removed(w: Walk) -> None:
    w.changes("runtime_sinks.update", SINK | {"enabled": False}, seen="runtime_sinks.get", by=SINK)
    assert w.read("runtime_sinks.get", SINK)["enabled"] is False
    assert [each["pending"] for each in w.read("runtime_sinks.list_")] == [0]
    assert w.changes("runtime_sinks.delete", SINK, seen="runtime_sinks.list_", look=names).gone == ["Walk"]
    w.peek("runtime_tags.delete", COUNT)


CHAPTERS = (tag_is_logged, past_is_corrected, value_is_pushed, sink_is_changed_and_removed)
