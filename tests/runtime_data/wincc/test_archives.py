"""Archived values at both families, compared with what was put into the history."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
import pytest

from runtime_data.history.history import History
from runtime_data.history.model import SECOND, Series
from runtime_data.rules import Rule
from runtime_data.values import moment, now
from tests.runtime_data.wincc.kit import WORD, Wincc
from tests.support.service import KEY

BASE = "/WinCCRestService/tagLogging"
TAG = "memory:Temperature_Sensor_1"
COUNT = 10


def text(when: int) -> str:
    return moment(when).isoformat()


@pytest.fixture
def begin(plant: Wincc) -> int:
    """The first of COUNT seconds with the values 0.0, 1.0 and so on; the user of the requests is olga."""
    first = now() // SECOND * SECOND - 3600 * SECOND
    history = plant.service.part(History)
    portal = plant.http.portal

    async def log() -> None:
        for tag in (TAG, "Speed"):
            await history.define(Series(tag, period=60.0))
            await history.insert(tag, [(first + number * SECOND, float(number)) for number in range(COUNT)])
        await history.flush()

    with portal() as loop:
        loop.call(log)
    plant.http.headers["X-API-Key"] = KEY
    return first


def values(plant: Wincc, path: str, **query: Any) -> list[Any]:
    return [each["value"] for each in plant.ask("GET", path, params=query)]


def test_raw_values(plant: Wincc, begin: int) -> None:
    path = f"/api/v1/archives/{TAG}/values"
    found = plant.ask("GET", path, params={"from": text(begin), "to": text(begin + COUNT * SECOND)})
    assert [each["value"] for each in found] == [float(number) for number in range(COUNT)]
    assert found[3] == {
        "name": TAG,
        "value": 3.0,
        "quality": "Good",
        "timestamp": moment(begin + 3 * SECOND).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }
    assert values(plant, path, **{"from": text(begin + 2 * SECOND), "to": text(begin + 5 * SECOND)}) == [2.0, 3.0, 4.0]
    assert values(plant, path, **{"from": text(begin), "limit": "4"}) == [0.0, 1.0, 2.0, 3.0]
    assert values(plant, "/api/v1/archives/speed/values", **{"from": text(begin), "limit": "1"}) == [0.0]


def test_times_without_a_zone_are_of_the_servers_zone(plant: Wincc, begin: int) -> None:
    local = dt.datetime.fromtimestamp(begin / 1e6).replace(microsecond=0).isoformat()  # noqa: DTZ006 - that is the point
    query = {"from": local, "to": text(begin + SECOND)}
    assert values(plant, f"/api/v1/archives/{TAG}/values", **query) == [0.0]
    other = moment(begin).astimezone(dt.timezone(dt.timedelta(hours=5))).isoformat()
    assert values(plant, f"/api/v1/archives/{TAG}/values", **(query | {"from": other})) == [0.0]


def test_aggregates(plant: Wincc, begin: int) -> None:
    path = f"/api/v1/archives/{TAG}/values"
    query = {"from": text(begin), "to": text(begin + COUNT * SECOND)}
    kept = [float(number) for number in range(COUNT)]
    for mode, expected in {"min": min(kept), "MAX": max(kept), "count": COUNT, "avg": sum(kept) / COUNT}.items():
        assert values(plant, path, **query, aggregate=mode) == [expected]
    by_two = [max(kept[start : start + 2]) for start in range(0, COUNT, 2)]
    for interval in ("2", "2s", "2000ms"):
        assert values(plant, path, **query, aggregate="max", interval=interval) == by_two
    for wrong in ({"aggregate": "worst"}, {"aggregate": "max", "interval": "0"}, {"aggregate": "max", "interval": "x"}):
        assert plant.ask("GET", path, params=query | wrong, status=400)["code"] == "wincc.request"


def test_what_cannot_be_answered_is_refused(plant: Wincc, begin: int) -> None:
    path = f"/api/v1/archives/{TAG}/values"
    assert plant.ask("GET", "/api/v1/archives/Level/values", status=404)["code"] == "series.not_found"
    assert plant.ask("GET", path, params={"from": "yesterday"}, status=400)["code"] == "wincc.request"
    late = {"from": text(begin + SECOND), "to": text(begin)}
    assert plant.ask("GET", path, params=late, status=400)["code"] == "runtime.history_range"
    assert plant.ask("GET", path, params={"from": "0001-01-01T00:00:00+14:00"}, status=400)["status"] == 400


def test_rules_keep_archives_as_they_keep_tags(plant: Wincc, begin: int) -> None:
    plant.runtime.rules.replace([Rule(TAG, read=["administrator"])])
    del plant.http.headers["X-API-Key"]
    plant.http.auth = httpx.BasicAuth("olga", WORD)
    assert plant.ask("GET", f"{BASE}/Variables") == [{"variableName": "Speed", "archiveName": "PLC_1"}]
    assert plant.ask("GET", f"{BASE}/Archives") == [{"archiveName": "PLC_1"}]
    assert plant.ask("GET", f"{BASE}/Archive/memory/Value/Temperature_Sensor_1", status=403)["error"]
    (found,) = plant.ask("POST", f"{BASE}/Values", {"variableNames": [TAG]})
    assert set(found) == {"variableName", "error"}


def test_siemens_archives_are_sources(plant: Wincc, begin: int) -> None:
    variable = {"variableName": "Temperature_Sensor_1", "archiveName": "memory"}
    assert plant.ask("GET", f"{BASE}/Archives") == [{"archiveName": "PLC_1"}, {"archiveName": "memory"}]
    assert plant.ask("GET", f"{BASE}/Archive/MEMORY") == {"archiveName": "memory"}
    assert plant.ask("GET", f"{BASE}/Archive/none", status=404)["code"] == "wincc.archive"
    assert plant.ask("GET", f"{BASE}/Archive/memory/Variables") == [variable]
    assert plant.ask("GET", f"{BASE}/Archive/memory/Variable/Temperature_Sensor_1") == variable
    assert plant.ask("GET", f"{BASE}/Archive/memory/Variable/Nope", status=404)["error"]
    for name in ("memory%5CTemperature_Sensor_1", "memory:Temperature_Sensor_1"):
        assert plant.ask("GET", f"{BASE}/Variable/{name}") == variable
    assert plant.ask("GET", f"{BASE}/Timers") == []
    assert plant.ask("GET", f"{BASE}/Timer/1%20s", status=404)["code"] == "wincc.not_found"


def test_siemens_values(plant: Wincc, begin: int) -> None:
    local = dt.datetime.fromtimestamp(begin / 1e6).isoformat()[:19]  # noqa: DTZ006 - as clients send it
    query = {"begin": local, "end": text(begin + COUNT * SECOND), "maxValues": 3}
    body = {"variableNames": ["Temperature_Sensor_1", "Nope"]}
    first, second = plant.ask("POST", f"{BASE}/Archive/memory/Values", body, params=query)
    assert first["variableName"] == "Temperature_Sensor_1"
    assert [each["value"] for each in first["values"]] == [0.0, 1.0, 2.0]
    assert first["values"][1]["timestamp"] == moment(begin + SECOND).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert first["values"][1]["qualitycode"] >= 0x80
    assert set(second) == {"variableName", "error"}
    wanted = {"name": "Temperature_Sensor_1", "timeFrom": text(begin), "timeTo": text(begin + 2 * SECOND)}
    by_range = {"name": "Temperature_Sensor_1", "range": 5}
    by_archive = {"archives": [{"name": "memory", "variables": [wanted, wanted | {"maxValues": 1}, by_range]}]}
    found = plant.ask("POST", f"{BASE}/values", by_archive)
    assert [len(each.get("values", ())) for each in found] == [2, 1, 0]
    assert "range" in found[2]["error"]
    others: list[Any] = [{}, {"archives": 1}, {"archives": [{"name": "memory"}]}, {"archives": [{"variables": [{}]}]}]
    for wrong in others:
        assert plant.ask("POST", f"{BASE}/Values", wrong, 400)["code"] == "wincc.request"


def test_siemens_newest_value(plant: Wincc, begin: int) -> None:
    found = plant.ask("GET", f"{BASE}/Archive/memory/Value/Temperature_Sensor_1")
    assert (found["variableName"], "value" in found, "timestamp" in found) == ("Temperature_Sensor_1", True, True)
