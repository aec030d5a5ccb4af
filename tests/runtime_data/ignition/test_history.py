"""The past by the routes and by system.tag.queryTagHistory: wide and tall, as logged and as aggregates, in both spellings."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime_data.history.history import History
from runtime_data.history.model import Series
from runtime_data.ignition import times
from runtime_data.rules import Rule
from runtime_data.runtime import Runtime
from runtime_data.values import now
from tests.runtime_data.ignition.plant import Plant, make_key, plant_in, scripts_in

MINUTE = 60 * 10**6
HOUR = 60 * MINUTE
LEVELS = [10, 20, 30, 60, 50, 40]
"""One value every ten minutes of the hour."""
LEVEL, PUMP = "[memory]Tank/level", "[memory]Tank/pump"
HANDLER = """
def doGet(request, session):
    params = request["params"]
    table = system.tag.queryTagHistory(
        ["[memory]Tank/level"], params["from"], params["to"], returnSize=2, aggregationMode="Maximum", columnNames=["level"]
    )
    rows = [[str(row[0]), row[1]] for row in table]
    same = table.getValueAt(1, "Level") == table.getValueAt(1, 1)
    return {"json": {"columns": table.getColumnNames(), "rows": rows, "same": same, "count": table.getRowCount()}}
"""


class Past:
    """A plant with an hour of the past."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.begin = (now() - 3 * HOUR) // HOUR * HOUR
        self.moments = [self.begin + number * 10 * MINUTE for number in range(len(LEVELS))]
        _ = plant.memory(Tank__level="Int", Tank__pump="Bool")
        history = plant.service.part(History)
        for tag in ("memory:Tank.level", "memory:Tank.pump"):
            plant.do(history.define, Series(tag))
        plant.do(history.insert, "memory:Tank.level", list(zip(self.moments, LEVELS, strict=True)))
        plant.do(history.insert, "memory:Tank.pump", [(self.moments[0], False), (self.moments[3], True)])
        self.span = {"startDate": times.written(self.begin), "endDate": times.written(self.begin + HOUR)}

    def rows(self, **query: Any) -> list[dict[str, Any]]:
        """What the route answers for the hour."""
        found: list[dict[str, Any]] = self.plant.get("/api/history", **(self.span | query))
        return found


@pytest.fixture
def past(tmp_path: Path) -> Iterator[Past]:
    with plant_in(tmp_path, ignition_handlers=scripts_in(tmp_path, maxima=HANDLER)) as plant:
        yield Past(plant)


def test_values_as_they_were_logged(past: Past) -> None:
    tall = past.rows(path=LEVEL, returnFormat="tall")
    assert [each["value"] for each in tall] == LEVELS
    assert tall[0] == {
        "path": LEVEL,
        "value": 10,
        "quality": "Good_Provisional",
        "timestamp": times.written(past.moments[0]),
    }
    wide = past.rows(path=[LEVEL, PUMP])
    assert [each["t_stamp"] for each in wide] == [times.written(each) for each in past.moments]
    assert [each[PUMP] for each in wide] == [False, False, False, True, True, True]
    alone = past.rows(path=[LEVEL, PUMP], noInterpolation="true", columnNames=["level", "pump"])
    assert [each["pump"] for each in alone] == [False, None, None, True, None, None]
    assert [each["level"] for each in alone] == LEVELS


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("Average", statistics.mean(LEVELS)),
        ("SimpleAverage", statistics.mean(LEVELS)),
        ("average", statistics.mean(LEVELS)),
        ("min", min(LEVELS)),
        ("Maximum", max(LEVELS)),
        ("Count", len(LEVELS)),
        ("LastValue", LEVELS[-1]),
        ("Sum", sum(LEVELS)),
        ("Range", max(LEVELS) - min(LEVELS)),
        ("StdDev", statistics.pstdev(LEVELS)),
        ("Pct Good", 100),
    ],
)
def test_aggregates_of_the_hour(past: Past, mode: str, expected: float) -> None:
    (row,) = past.rows(path=LEVEL, aggregationMode=mode)
    assert row["t_stamp"] == times.written(past.begin)
    assert row[LEVEL] == pytest.approx(expected)


def test_both_ends_of_a_stretch(past: Past) -> None:
    found = past.rows(path=LEVEL, aggregationMode="MinMax", returnSize=2)
    assert [each[LEVEL] for each in found] == [10, 30, 40, 60]
    assert len({each["t_stamp"] for each in found}) == 2


def test_intervals_and_an_aggregate_for_each_path(past: Past) -> None:
    body = past.span | {
        "paths": [LEVEL, PUMP],
        "aggregationModes": ["Maximum", "DurationOn"],
        "intervalMinutes": 30,
        "columnNames": ["level", "on"],
    }
    found = past.plant.post("/api/history", body)
    assert [(each["level"], each["on"]) for each in found] == [(30, 0.0), (60, 1800.0)]


def test_the_spelling_of_version_8_3(past: Past) -> None:
    body = {
        "paths": [LEVEL],
        "startTime": past.begin // 1000,
        "endTime": (past.begin + HOUR) // 1000,
        "aggregates": ["Minimum"],
        "fillModes": ["PREVIOUS"],
        "returnFormat": "TALL",
        "returnSize": 3,
        "includeBounds": False,
        "excludeObservations": False,
    }
    found = past.plant.post("/api/history", body)
    assert [each["value"] for each in found] == [10, 30, 40]


def test_ranges_with_one_end_or_none(past: Past) -> None:
    end = {"endDate": past.span["endDate"], "rangeMinutes": "-30"}
    assert [each[LEVEL] for each in past.plant.get("/api/history", path=LEVEL, **end)] == LEVELS[3:]
    begin = {"startDate": past.span["startDate"], "rangeMinutes": "30"}
    assert [each[LEVEL] for each in past.plant.get("/api/history", path=LEVEL, **begin)] == LEVELS[:3]
    assert [each[LEVEL] for each in past.plant.get("/api/history", path=LEVEL, rangeHours="-9")][:6] == LEVELS


def test_bounding_values(past: Past) -> None:
    inside = {"startDate": times.written(past.moments[1] + 1), "endDate": times.written(past.moments[3])}
    found = past.plant.get("/api/history", path=LEVEL, includeBoundingValues="true", **inside)
    assert [each[LEVEL] for each in found] == [20, 30, 60]


def test_tags_without_a_path_are_those_that_are_logged(past: Past) -> None:
    assert set(past.plant.get("/api/tags")) == {"level", "pump"}


def test_a_handler_asks_for_history(past: Past) -> None:
    found = past.plant.get("/maxima", **{"from": past.span["startDate"], "to": past.span["endDate"]})
    halves = [[times.written(past.begin), 30], [times.written(past.begin + HOUR // 2), 60]]
    assert found == {"columns": ["t_stamp", "level"], "rows": halves, "same": True, "count": 2}


@pytest.mark.parametrize(
    ("status", "query"),
    [
        (400, {"path": LEVEL, "startDate": "yesterday"}),
        (400, {"path": LEVEL, "startDate": "2026-11-02T00:00:00Z", "endDate": "2026-11-01T00:00:00Z"}),
        (400, {"path": LEVEL}),
        (400, {"rangeHours": "1"}),
        (400, {"path": LEVEL, "rangeHours": "1", "aggregationMode": "Median"}),
        (400, {"path": LEVEL, "rangeHours": "1", "returnFormat": "Deep"}),
        (400, {"path": LEVEL, "rangeHours": "1", "columnNames": ["a", "b"]}),
        (400, {"path": [LEVEL, LEVEL], "rangeHours": "1"}),
        (400, {"path": LEVEL, "rangeHours": "1", "fillModes": "INTERPOLATED"}),
        (400, {"path": LEVEL, "rangeHours": "1", "nonsense": "1"}),
        (400, {"path": LEVEL, "rangeHours": "many"}),
        (400, {"path": [LEVEL] * 101, "rangeHours": "1"}),
        (404, {"path": "[memory]never", "rangeHours": "1"}),
        (413, {"path": LEVEL, "rangeHours": "1", "returnSize": "20000"}),
    ],
)
def test_questions_that_are_refused(past: Past, status: int, query: dict[str, Any]) -> None:
    assert past.plant.refused(status, "GET", "/api/history", **query)


def test_a_rule_keeps_the_past_from_a_caller(past: Past) -> None:
    past.plant.service.part(Runtime).rules.replace([Rule("memory:Tank.*", ["administrator"])])
    past.plant.headers = {"X-API-Key": make_key(past.plant, "viewer")}
    assert past.plant.refused(403, "GET", "/api/history", **(past.span | {"path": LEVEL}))
