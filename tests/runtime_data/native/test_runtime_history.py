"""Logging and history over HTTP."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sys
import time
from typing import Any

import pyarrow.parquet as parquet
import pytest

from runtime_data.rules import Rule
from runtime_data.runtime import Runtime
from runtime_data.sources.memory import MemorySource, MemoryTag
from tests.support.service import Client

DAY = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0) - dt.timedelta(days=1)
"""Yesterday."""
LOGGING, HISTORY = "/api/runtime/logging", "/api/runtime/history"


def at(second: float, day: dt.datetime = DAY) -> str:
    return (day + dt.timedelta(seconds=second)).isoformat(timespec="microseconds").replace("+00:00", "Z")


def runtime_of(client: Client) -> Runtime:
    found: Runtime = client.http.app.state["service"].part(Runtime)
    return found


@pytest.fixture
def tank(client: Client) -> Client:
    """The level of a tank is logged, and has values of yesterday."""
    memory = runtime_of(client).sources.find("memory")
    assert isinstance(memory, MemorySource)
    memory.define(MemoryTag("level", "LReal"))
    client.ok("POST", LOGGING, {"tag": "memory:level", "unit": "m", "period": 0.05})
    enter(client, "memory:level", [(0, 1.0), (10, 2.5), (20, 4.0)])
    return client


def enter(client: Client, tag: str, values: list[tuple[float, Any]]) -> Any:
    rows = [{"time": at(second), "value": value} for second, value in values]
    return client.ok("POST", f"{HISTORY}/actions/insert", {"tag": tag, "values": rows})


def values(answer: Any) -> list[Any]:
    return [each["value"] for each in answer["values"]]


def test_a_series_is_defined_changed_and_removed(client: Client) -> None:
    made = client.ok("POST", LOGGING, {"tag": "MEMORY:level", "deadband": 0.5, "unit": "m"})
    assert made == {"tag": "memory:level", "mode": "change", "period": 0.5, "deadband": 0.5, "keep": 365, "unit": "m"}
    client.refused(409, "runtime.series_exists", "POST", LOGGING, {"tag": "memory:level"})
    changed = client.ok("PATCH", f"{LOGGING}/memory%3Alevel", {"mode": "cycle", "period": 60, "keep": 7})
    assert changed == made | {"mode": "cycle", "period": 60.0, "keep": 7}
    listed = client.ok("GET", LOGGING)
    assert listed["series"] == [changed]
    assert (listed["status"]["series"], listed["status"]["lost"], listed["status"]["error"]) == (1, 0, "")
    client.ok("DELETE", f"{LOGGING}/memory%3Alevel")
    assert client.ok("GET", LOGGING)["series"] == []
    client.refused(404, "series.not_found", "DELETE", f"{LOGGING}/memory%3Alevel")
    client.refused(404, "source.not_found", "POST", LOGGING, {"tag": "nowhere:level"})


def test_written_values_are_logged(tank: Client) -> None:
    memory = runtime_of(tank).sources.find("memory")
    begin = dt.datetime.now(dt.UTC).isoformat()
    assert memory.write([("level", 7.25)], {}, atomic=False) == [None]
    deadline = time.monotonic() + 60
    while not (found := tank.ok("GET", HISTORY, tag="memory:level", **{"from": begin}))["values"]:
        assert time.monotonic() < deadline
    (value,) = found["values"]
    assert (value["value"], value["quality"], value["statusCode"]) == (7.25, "Good", 0)
    assert (found["tag"], found["unit"], found["aggregate"]) == ("memory:level", "m", None)


def test_values_are_read_in_pages_both_ways(tank: Client) -> None:
    ask = {"tag": "memory:level", "from": at(0), "to": at(20.000001), "limit": 2}
    first = tank.ok("GET", HISTORY, **ask)
    assert values(first) == [1.0, 2.5] and first["nextPage"] == at(10.000001)
    second = tank.ok("GET", HISTORY, **ask | {"from": first["nextPage"]})
    assert values(second) == [4.0] and second["nextPage"] is None
    last = tank.ok("GET", HISTORY, **ask, order="descending")
    assert values(last) == [4.0, 2.5] and last["nextPage"] == at(10)
    assert values(tank.ok("GET", HISTORY, **ask | {"to": last["nextPage"]}, order="descending")) == [1.0]
    around = tank.ok("GET", HISTORY, **ask | {"from": at(5), "to": at(15)}, bounds=True)
    assert values(around) == [1.0, 2.5, 4.0]
    assert {each["statusCode"] for each in around["values"]} == {0x00960000}


def test_aggregates(tank: Client) -> None:
    ask = {"tag": "memory:level", "from": at(0), "to": at(30), "aggregate": "Average", "interval": 15}
    found = tank.ok("GET", HISTORY, **ask)
    assert [(each["time"], each["end"]) for each in found["values"]] == [(at(0), at(15)), (at(15), at(30))]
    assert values(found) == pytest.approx([1.5, 3.5])
    even = tank.ok("GET", HISTORY, **ask | {"to": at(20)}, interpolate=True)
    assert values(even) == pytest.approx([(1.0 + 3.25) / 2, (3.25 + 4.0) / 2])
    assert values(tank.ok("GET", HISTORY, **ask | {"aggregate": "MinMax", "interval": 0})) == [[1.0, 4.0]]
    empty = tank.ok("GET", HISTORY, **ask | {"from": at(-60), "to": at(-30), "interval": 0})
    assert [(each["value"], each["quality"]) for each in empty["values"]] == [(None, "Bad")]


def test_many_tags_are_one_table(tank: Client) -> None:
    tank.ok("POST", LOGGING, {"tag": "memory:on"})
    enter(tank, "memory:on", [(10, True), (25, False)])
    ask = {"tags": ["memory:level", "memory:on"], "from": at(0), "to": at(30)}
    wide = tank.ok("POST", f"{HISTORY}/actions/query", ask | {"layout": "wide"})
    assert wide["tags"] == ask["tags"] and wide["complete"]
    assert [(each["time"], each["values"]) for each in wide["wide"]] == [
        (at(0), [1.0, None]),
        (at(10), [2.5, True]),
        (at(20), [4.0, None]),
        (at(25), [None, False]),
    ]
    tall = tank.ok("POST", f"{HISTORY}/actions/query", ask | {"order": "descending", "aggregate": "LastValue"})
    assert [(each["tag"], each["value"]) for each in tall["rows"]] == [("memory:level", 4.0), ("memory:on", False)]
    part = tank.ok("POST", f"{HISTORY}/actions/query", ask | {"limit": 2})
    assert len(part["rows"]) == 2 and not part["complete"]


def test_values_that_json_cannot_say(tank: Client) -> None:
    tank.ok("POST", LOGGING, {"tag": "memory:large"})
    enter(tank, "memory:large", [(0, (1 << 63) + 1), (1, -(1 << 62) - 1), (2, "text"), (3, 0.1), (4, 12)])
    ask = {"tag": "memory:large", "from": at(0), "to": at(9)}
    assert values(tank.ok("GET", HISTORY, **ask)) == [(1 << 63) + 1, -(1 << 62) - 1, "text", 0.1, 12]
    texts = values(tank.ok("GET", HISTORY, **ask, int64="string"))
    assert texts == [str((1 << 63) + 1), str(-(1 << 62) - 1), "text", 0.1, 12]
    assert [type(each) for each in texts] == [str, str, str, float, int]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"from": "yesterday"}, "request.wrong_type"),
        ({"from": at(9), "to": at(9)}, "runtime.history_range"),
        ({"from": "1980-01-01"}, "runtime.history_range"),
        ({"from": at(0), "aggregate": "Median"}, "request.wrong_type"),
        ({"from": at(0), "limit": 100_001}, "request.wrong_type"),
    ],
)
def test_questions_that_are_none(tank: Client, query: dict[str, Any], code: str) -> None:
    tank.refused(400, code, "GET", HISTORY, tag="memory:level", **query)


def test_questions_that_are_too_large(tank: Client) -> None:
    ask = {"tag": "memory:level", "from": at(0), "to": at(20_000), "aggregate": "Count", "interval": 1}
    error = tank.refused(413, "runtime.history_limit", "GET", HISTORY, **ask)
    assert error["limit"] == 10_000 and error["value"] == 20_000


def test_rules_keep_the_past_of_a_tag_too(tank: Client) -> None:
    made = tank.ok("POST", "/api/api-keys", {"name": "display", "right": "viewer"})
    runtime_of(tank).rules.replace([Rule("memory:level", read=["engineer"])])
    tank.ok("GET", HISTORY, tag="memory:level", **{"from": at(0)})
    tank.http.headers["X-API-Key"] = made["apiKey"]
    ask = {"from": at(0), "to": at(30)}
    tank.refused(403, "runtime.read_denied", "GET", HISTORY, tag="memory:level", **ask)
    tank.refused(403, "runtime.read_denied", "POST", f"{HISTORY}/actions/query", ask | {"tags": ["MEMORY:Level"]})
    tank.refused(403, "runtime.read_denied", "GET", f"{HISTORY}/export", tag="memory:level", **ask)
    tank.refused(403, "auth.right", "POST", LOGGING, {"tag": "memory:other"})


def test_exports_are_read_back(tank: Client) -> None:
    tank.ok("POST", LOGGING, {"tag": "memory:note"})
    notes = ["=1+1", 'quoted "text", with a comma\r\nand a line', "'", 12, True]
    enter(tank, "memory:note", list(enumerate(notes)))
    ask = {"tag": ["memory:level", "memory:note"], "from": at(0), "to": at(30)}
    lines = tank.http.get(f"{HISTORY}/export", params=ask)
    assert lines.headers["content-type"].startswith("application/x-ndjson")
    rows = [json.loads(line) for line in lines.text.splitlines()]
    assert [each["value"] for each in rows] == [1.0, 2.5, 4.0, *notes]
    assert rows[1] == {
        "tag": "memory:level",
        "time": at(10),
        "value": 2.5,
        "quality": "Good",
        "statusCode": 0x00960000,
    }
    table = tank.http.get(f"{HISTORY}/export", params=ask | {"format": "csv"})
    assert table.headers["content-type"].startswith("text/csv")
    cells = list(csv.DictReader(io.StringIO(table.text, newline="")))
    assert [each["value"] for each in cells[:3]] == ["1.0", "2.5", "4.0"]
    assert [each["value"] for each in cells[3:]] == ["'=1+1", notes[1], "'", "12", "true"]
    assert [each["time"] for each in cells[:3]] == [at(0), at(10), at(20)]


def test_an_export_has_all_pages(tank: Client) -> None:
    tank.ok("POST", LOGGING, {"tag": "memory:many"})
    for first in (0, 10_000, 20_000):
        enter(tank, "memory:many", [(second, second) for second in range(first, first + 10_000)])
    lines = tank.http.get(
        f"{HISTORY}/export", params={"tag": "memory:many", "from": at(0), "to": at(30_000)}
    ).text.splitlines()
    assert [json.loads(line)["value"] for line in lines] == list(range(30_000))


def test_parquet_is_read_back(tank: Client) -> None:
    ask = {"tag": "memory:level", "from": at(0), "to": at(30), "format": "parquet"}
    rows = parquet.read_table(io.BytesIO(tank.http.get(f"{HISTORY}/export", params=ask).content)).to_pylist()
    assert [(each["tag"], each["number"], each["time"].isoformat()[:19]) for each in rows] == [
        ("memory:level", value, at(second)[:19]) for second, value in ((0, 1.0), (10, 2.5), (20, 4.0))
    ]


def test_parquet_without_its_extra_is_refused(tank: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ask = {"tag": "memory:level", "from": at(0), "format": "parquet"}
    tank.refused(501, "package.extra_missing", "GET", f"{HISTORY}/export", **ask)
