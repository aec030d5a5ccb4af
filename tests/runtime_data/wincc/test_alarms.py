"""Alarms at both families: raised by tags that the tests write, seen by clients of WinCC."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest

from runtime_data.alarms.definition import AlarmDefinition
from runtime_data.alarms.engine import Alarms
from runtime_data.rules import Rule
from runtime_data.values import microseconds, moment, now
from runtime_data.wincc import names
from tests.runtime_data.wincc.kit import WORD, Wincc

BASE = "/WinCCRestService/alarmLogging"
HOT = AlarmDefinition(
    name="Tank hot",
    tag="memory:Setpoint",
    trigger="greater",
    limit=50.0,
    number=7,
    priority=800,
    area="Plant/Tank",
    texts={"en-US": "{value} is too hot", "de-DE": "{value} ist zu heiß"},
)
ON = AlarmDefinition(
    name="Motor on", tag="PLC_1:Flag", trigger="equal", limit=True, alarm_class="Warnings", priority=200
)


class Operator:
    """Somebody who raises alarms and does something about them."""

    def __init__(self, plant: Wincc) -> None:
        self.plant = plant
        self.alarms = plant.service.part(Alarms)

    def do(self, function: Callable[..., Any], *given: Any) -> Any:
        """Call a function of the alarms on the event loop."""
        with self.plant.http.portal() as loop:
            return loop.call(function, *given)

    def write(self, tag: str, value: Any) -> None:
        self.plant.ask("PUT", "/WinCCRestService/tagManagement/Values", [{"variableName": tag, "value": value}])

    def until(self, path: str, good: Callable[[Any], bool]) -> Any:
        """The first answer of a route that is as wanted."""
        deadline = time.monotonic() + 60
        while not good(found := self.plant.ask("GET", path)):
            assert time.monotonic() < deadline, found
            time.sleep(0.02)
        return found


@pytest.fixture
def operator(plant: Wincc) -> Operator:
    found = Operator(plant)
    found.do(found.alarms.define, HOT, ON)
    token = plant.ask("POST", "/api/v1/auth/login", {"username": "olga", "password": WORD})["token"]
    plant.http.headers["Authorization"] = f"Bearer {token}"
    return found


def test_current_alarms_and_their_archive(operator: Operator) -> None:
    plant, begun = operator.plant, now()
    assert plant.ask("GET", "/api/v1/alarms/current") == []
    operator.write("memory:Setpoint", 60)
    (found,) = operator.until("/api/v1/alarms/current", bool)
    assert {key: found[key] for key in ("name", "number", "class", "priority", "area", "state", "text", "tag")} == {
        "name": "Tank hot",
        "number": 7,
        "class": "Errors",
        "priority": 800,
        "area": "Plant/Tank",
        "state": "ActiveUnacknowledged",
        "text": "60.0 is too hot",
        "tag": "memory:Setpoint",
    }
    assert (found["value"], found["limit"], found["clearedAt"]) == (60.0, 50.0, None)
    operator.write("memory:Setpoint", 10)
    operator.until("/api/v1/alarms/current", lambda listed: listed[0]["state"] == "ClearedUnacknowledged")
    operator.do(operator.alarms.acknowledge, [found["id"]], "olga", "seen")
    assert plant.ask("GET", "/api/v1/alarms/current") == []
    archived = plant.ask("GET", "/api/v1/alarms/archive", params={"from": moment(begun).isoformat()})
    assert [each["event"] for each in archived] == ["acknowledged", "cleared", "raised"]
    assert (archived[0]["user"], archived[0]["comment"]) == ("olga", "seen")
    assert plant.ask("GET", "/api/v1/alarms/archive", params={"limit": 1}) == archived[:1]
    assert plant.ask("GET", "/api/v1/alarms/archive", params={"to": moment(begun).isoformat()}) == []


def test_filters_languages_and_order(operator: Operator) -> None:
    plant, path = operator.plant, "/api/v1/alarms/current"
    operator.write("Flag", True)
    operator.write("memory:Setpoint", 60)
    both = operator.until(path, lambda listed: len(listed) == 2)
    assert [each["name"] for each in both] == ["Tank hot", "Motor on"]
    for query in (
        {"class": "warnings"},
        {"tag": "PLC_1:F*"},
        {"tag": "flag"},
        {"text": "MOTOR"},
    ):
        assert [each["name"] for each in plant.ask("GET", path, params=query)] == ["Motor on"], query
    for query in ({"priority": "201"}, {"area": "plant/*"}, {"limit": "1"}):
        assert [each["name"] for each in plant.ask("GET", path, params=query)] == ["Tank hot"], query
    for language, text in (
        ("de", "60.0 ist zu heiß"),
        ("fr;q=0.5, de-DE;q=0.9", "60.0 ist zu heiß"),
        ("*", "60.0 is too hot"),
    ):
        assert plant.ask("GET", path, headers={"Accept-Language": language})[0]["text"] == text
    assert plant.ask("GET", path, params={"priority": "1001"}, status=400)["code"] == "wincc.request"


def test_rules_keep_alarms_of_tags_that_a_caller_may_not_read(operator: Operator) -> None:
    operator.write("memory:Setpoint", 60)
    operator.until("/api/v1/alarms/current", bool)
    operator.plant.runtime.rules.replace([Rule("memory:Setpoint", read=["administrator"])])
    for path in ("/api/v1/alarms/current", "/api/v1/alarms/archive", f"{BASE}/MessageList/All"):
        assert operator.plant.ask("GET", path) == []
    assert [each["messageName"] for each in operator.plant.ask("GET", f"{BASE}/Messages")] == ["Motor on"]


def test_siemens_configuration(operator: Operator) -> None:
    ask = operator.plant.ask
    hot = ask("GET", f"{BASE}/Message/7")
    assert (hot["messageName"], hot["messageText"], hot["messageClass"]) == ("Tank hot", "{value} is too hot", "Errors")
    assert hot in ask("GET", f"{BASE}/Messages")
    assert ask("GET", f"{BASE}/Message/0", status=404)["code"] == "wincc.not_found"  # an alarm without a number
    classes = [{"messageClass": "Warnings"}, {"messageClass": "Errors"}]
    assert sorted(ask("GET", f"{BASE}/MessageClasses"), key=str) == sorted(classes, key=str)
    assert ask("GET", f"{BASE}/MessageClass/errors") == {"messageClass": "Errors"}
    assert ask("GET", f"{BASE}/MessageClass/Nope", status=404)["error"]
    limit = {"variableName": "memory:Setpoint", "limits": [{"messageNumber": 7, "trigger": "greater", "limit": 50.0}]}
    assert ask("GET", f"{BASE}/LimitValues") == [limit]
    assert ask("GET", f"{BASE}/LimitValue/memory:Setpoint") == limit
    assert {each["filterName"] for each in ask("GET", f"{BASE}/RestFilters")} == {"All", "Errors", "Warnings"}
    assert ask("GET", f"{BASE}/RestFilter/all") == {"filterName": "All"}
    for kind in ("MessageType", "MessageBlock", "MessageGroup"):
        assert ask("GET", f"{BASE}/{kind}s") == []
        assert ask("GET", f"{BASE}/{kind}/x", status=404)["code"] == "wincc.not_found"


def test_siemens_lists(operator: Operator) -> None:
    ask = operator.plant.ask
    operator.write("memory:Setpoint", 60)
    (found,) = operator.until(f"{BASE}/MessageList/All", bool)
    assert (found["messageNumber"], found["state"], found["value"]) == (7, names.CAME, 60.0)
    raised = found["timestamp"]
    assert abs(microseconds(dt.datetime.fromisoformat(raised)) - now()) < 600 * 10**6
    assert ask("GET", f"{BASE}/messagelist/errors") == [found]
    assert ask("GET", f"{BASE}/MessageList/Warnings") == []
    assert ask("GET", f"{BASE}/MessageList/Nope", status=404)["code"] == "wincc.not_found"
    operator.write("memory:Setpoint", 0)
    operator.until(f"{BASE}/MessageList/All", lambda listed: listed[0]["state"] == names.WENT)
    for kind in ("ShortTermArchive", "LongTermArchive"):
        assert [each["state"] for each in ask("GET", f"{BASE}/{kind}/All")] == [names.WENT, names.CAME]
        assert len(ask("GET", f"{BASE}/{kind}/All", params={"maxValues": 1})) == 1
    assert ask("GET", f"{BASE}/HitList/All") == [{"messageNumber": 7, "messageName": "Tank hot", "count": 1}]


def test_siemens_locked_and_hidden_messages(operator: Operator) -> None:
    ask = operator.plant.ask
    operator.write("memory:Setpoint", 60)
    operator.write("Flag", True)
    operator.until(f"{BASE}/MessageList/All", lambda listed: len(listed) == 2)
    operator.do(operator.alarms.shelve, ["Tank hot"], 3600.0, "olga")
    operator.do(operator.alarms.remove_from_service, ["Motor on"], "olga")
    assert ask("GET", f"{BASE}/MessageList/All") == []
    for kind in ("Hidelist", "HiddenMessageList"):
        assert [each["messageName"] for each in ask("GET", f"{BASE}/{kind}/All")] == ["Tank hot"]
    assert [each["messageName"] for each in ask("GET", f"{BASE}/LockList/All")] == ["Motor on"]
