"""The runtime: sources, tags that the service keeps, values of the simulated PLC, and rules."""

from __future__ import annotations

from typing import Any

from tests.journeys.walk.walk import Walk, names

ERP = {"source": "ERP"}
ORDER = {"tag": "ERP:Order"}


def value(found: dict[str, Any]) -> Any:
    return found["value"]


def sources_are_defined(w: Walk) -> None:
    made = w.changes(
        "runtime_sources.create", {"name": "ERP", "kind": "memory"}, seen="runtime_sources.list_", look=names
    )
    assert made.appeared == ["ERP"]
    assert {"PLC_1", "memory", "ERP"} <= set(names(w.read("runtime_sources.list_")))
    w.changes(
        "runtime_sources.update",
        ERP | {"default": True},
        seen="runtime_sources.get",
        by=ERP,
        look=lambda source: source["default"],
    )
    assert w.read("runtime_sources.get", ERP)["default"] is True
    assert w.read("runtime_sources.status", ERP)["state"] == "connected"
    assert w.read("runtime_sources.test", {"source": "PLC_1"})["tags"] > 2


def tags_have_values(w: Walk) -> None:
    defined = w.changes(
        "runtime_tags.define",
        ORDER | {"dataType": "Int", "maximum": 9},
        seen="runtime_tags.list_",
        by=ERP,
        look=lambda tags: [each["tag"] for each in tags],
    )
    assert defined.appeared == ["ERP:Order"]
    assert w.read("runtime_tags.get", ORDER)["maximum"] == 9
    assert {"Start", "Count"} <= set(names(w.read("runtime_tags.browse", {"source": "PLC_1"})))
    w.changes("runtime_values.put", ORDER | {"value": 7}, seen="runtime_values.get", by=ORDER, look=value)
    assert w.read("runtime_values.get", ORDER)["value"] == 7
    w.changes(
        "runtime_values.write",
        {"writes": [ORDER | {"value": 8}]},
        seen="runtime_values.read",
        by={"tags": ["ERP:Order", "PLC_1:Start"]},
        look=lambda values: values[0]["value"],
    )
    assert [each["value"] for each in w.read("runtime_values.read", {"tags": ["Order", "ERP:Order"]})] == [8, 8]
    assert [each["tag"] for each in w.read("runtime_tags.list_", ERP)] == ["ERP:Order"]
    w.refuses("runtime_values.put", ORDER | {"value": 10}, 422, "runtime.range")


def rules_hold(w: Walk) -> None:
    rules = [{"tag": "ERP:*", "read": ["administrator"]}]
    w.changes("runtime_rules.replace", {"rules": rules}, seen="runtime_rules.get")
    assert w.read("runtime_rules.get")["rules"] == rules
    w.refuses("runtime_values.put", ORDER | {"value": 1}, 403, "runtime.write_denied")
    w.peek("runtime_rules.replace", {"rules": []})


def nothing_is_left(w: Walk) -> None:
    w.changes("runtime_tags.delete", ORDER, seen="runtime_tags.list_", by=ERP, look=len)
    gone = w.changes("runtime_sources.delete", ERP, seen="runtime_sources.list_", look=names)
    assert gone.gone == ["ERP"]


CHAPTERS = (sources_are_defined, tags_have_values, rules_hold, nothing_is_left)
