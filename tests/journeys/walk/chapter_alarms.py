"""Alarms: defined, raised by a tag of the service, handled by an operator, and found in the journal."""

from __future__ import annotations

import time
from typing import Any

from runtime_data.runtime import Runtime
from runtime_data.sources.memory import MemorySource, MemoryTag
from tests.journeys.walk.walk import Walk, names

LEVEL = {"name": "Level", "tag": "memory:Walk.level", "trigger": "greater", "limit": 90, "needsReset": True}
ON = {"ids": ["Level"]}
HIDDEN = {"hidden": "with"}


def write(w: Walk, level: float) -> None:
    """Write the tag of the alarm."""
    memory = w.http.app.state["service"].part(Runtime).sources.find("memory")
    assert isinstance(memory, MemorySource)
    memory.define(MemoryTag("Walk.level", "Real", level))


def until(w: Walk, state: str) -> None:
    """Wait until the alarm of the tag is in a state; the CPU of the chapters before has alarms as well."""
    deadline = time.monotonic() + 60
    found: list[dict[str, Any]] = []
    while [each["state"] for each in found] != [state]:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
        found = w.read("runtime_alarms.list_", {"name": "Level"})


def alarms_are_handled(w: Walk) -> None:
    write(w, 95)
    w.changes("runtime_alarm_definitions.create", LEVEL, seen="runtime_alarm_definitions.list_", look=names)
    until(w, "ActiveUnacknowledged")
    w.changes("runtime_alarms.acknowledge", ON, seen="runtime_alarms.list_")
    write(w, 10)
    until(w, "Latched")
    w.changes("runtime_alarms.reset", ON, seen="runtime_alarms.list_")
    for action in ("suppress", "unsuppress", "remove_from_service", "place_in_service"):
        w.changes(f"runtime_alarms.{action}", ON, seen="runtime_alarms.list_", by=HIDDEN)
    w.changes("runtime_alarms.shelve", ON | {"seconds": 60}, seen="runtime_alarms.list_", by=HIDDEN)
    w.changes("runtime_alarms.unshelve", ON, seen="runtime_alarms.list_", by=HIDDEN)
    events = [
        each["event"] for each in w.read("runtime_alarms.journal", {"order": "oldest", "name": "Level"})["events"]
    ]
    assert events[:4] == ["raised", "acknowledged", "cleared", "reset"] and len(events) == 10
    assert "Level" in {each["name"] for each in w.read("runtime_alarms.statistics")["summary"]["top"]}


def alarms_are_changed_and_removed(w: Walk) -> None:
    name = {"name": "Level"}
    w.changes("runtime_alarm_definitions.update", LEVEL | {"limit": 80}, seen="runtime_alarm_definitions.get", by=name)
    assert w.read("runtime_alarm_definitions.get", name)["limit"] == 80
    rows = {"rows": [{"Name": "Door", "Trigger tag": "Walk.door"}], "source": "memory"}
    imported = w.changes("runtime_alarm_definitions.import_", rows, seen="runtime_alarm_definitions.list_", look=names)
    assert imported.appeared == ["Door"]
    for each in ("Level", "Door"):
        w.changes(
            "runtime_alarm_definitions.delete", {"name": each}, seen="runtime_alarm_definitions.list_", look=names
        )
    assert w.read("runtime_alarm_definitions.list_") == []


CHAPTERS = (alarms_are_handled, alarms_are_changed_and_removed)
