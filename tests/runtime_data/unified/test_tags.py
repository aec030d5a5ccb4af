"""Tags and logged values by GraphQL, compared with what the tests put into `memory` and into the history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLEnumType

from runtime_data.history.history import History
from runtime_data.history.model import SECOND, Series
from runtime_data.quality import STATUSES
from runtime_data.rules import Rule
from runtime_data.runtime import Runtime
from runtime_data.values import moment, now
from tests.runtime_data.unified.kit import Unified, run

READ = """query($names: [String!]!) { tagValues(names: $names) {
  name value { value timestamp quality { quality subStatus } } error { code description } } }"""
WRITE = "mutation($w: [TagValueInput]!) { writeTagValues(input: $w) { name error { code description } } }"
COUNT = 10


def test_read_in_order_with_what_cannot_be_read(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        await client.login("victor")
        names = ["memory:Count", "memory:Missing", "MEMORY:Level", "memory:Name", "nowhere:x", "memory:Count"]
        found = (await client.ask(READ, names=names))["tagValues"]
        assert [each["name"] for each in found] == names
        assert [each["value"]["value"] for each in found] == [7, None, 20.5, "Tank", None, 7]
        assert [each["error"]["code"] for each in found] == ["0", "2", "0", "0", "2", "0"]
        assert found[1]["value"]["quality"] == {"quality": "BAD", "subStatus": "CONFIGURATION_ERROR"}
        assert found[1]["error"]["description"]

    run(tmp_path, scenario)


def test_write_as_the_rules_allow(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        await client.login("olga")
        writes = [
            {"name": "memory:Level", "value": 3.25},
            {"name": "memory:Count", "value": "no number"},
            {"name": "memory:Missing", "value": 1},
            {"name": "memory:Name", "value": "x", "timestamp": "2026-01-01T00:00:00Z"},
            {"name": "memory:Count", "value": {"a": 1}},
        ]
        found = (await client.ask(WRITE, w=writes))["writeTagValues"]
        assert [each["name"] for each in found] == [each["name"] for each in writes]
        assert [each["error"]["code"] == "0" for each in found] == [True, False, False, False, False]
        (level, count, name) = (await client.ask(READ, names=["memory:Level", "memory:Count", "memory:Name"]))[
            "tagValues"
        ]
        assert (level["value"]["value"], count["value"]["value"], name["value"]["value"]) == (3.25, 7, "Tank")
        await client.login("victor")
        answer = await client.send(WRITE, w=[{"name": "memory:Level", "value": 1.0}])
        assert answer["errors"][0]["extensions"]["code"] == "auth.right"
        entries = (await client.server.http.get("/api/audit", params={"operation": "wincc.write"})).json()["data"]
        assert "wincc.write" in str(entries)

    run(tmp_path, scenario)


def test_rules_hide_tags(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        rules = client.server.service.part(Runtime).rules
        rules.replace([Rule("memory:Name", read=["olga"])])
        await client.login("victor")
        (name,) = (await client.ask(READ, names=["memory:Name"]))["tagValues"]
        assert name["value"]["value"] is None
        assert name["error"]["code"] != "0"
        listed = (await client.ask("{ browse { name } }"))["browse"]
        assert "memory:Name" not in {each["name"] for each in listed}
        await client.login("olga")
        (name,) = (await client.ask(READ, names=["memory:Name"]))["tagValues"]
        assert name["value"]["value"] == "Tank"

    run(tmp_path, scenario)


def test_browse(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        await client.login("victor")
        query = """query($n: [String], $k: [ObjectTypesEnum], $b: [String]) {
          browse(nameFilters: $n, objectTypeFilters: $k, baseTypeFilters: $b) { name objectType dataType } }"""

        async def names(**given: Any) -> set[str]:
            return {each["name"] for each in (await client.ask(query, **given))["browse"]}

        assert await names() == {"memory:Level", "memory:Count", "memory:Name", "memory:Big"}
        assert await names(n=["*:C*", "memory:big"]) == {"memory:Count", "memory:Big"}
        assert await names(b=["Real"]) == {"memory:Level"}
        assert await names(k=["ALARM"]) == set()
        await client.server.service.part(History).define(Series("memory:Level", period=60.0))
        assert await names(k=["LOGGINGTAG"]) == {"memory:Level"}

    run(tmp_path, scenario)


LOGGED = """query($b: Timestamp, $e: Timestamp, $m: Int, $s: LoggedTagValuesSortingModeEnum,
  $o: LoggedTagValuesBoundingModeEnum) { loggedTagValues(names: ["memory:Level", "memory:Name"], startTime: $b, endTime: $e,
  maxNumberOfValues: $m, sortingMode: $s, boundingValuesMode: $o) {
  loggingTagName error { code } values { value { value timestamp } flags } } }"""


def text(when: int) -> str:
    return moment(when).isoformat()


async def logged(client: Unified) -> int:
    first = now() // SECOND * SECOND - 3600 * SECOND
    history = client.server.service.part(History)
    await history.define(Series("memory:Level", period=60.0))
    await history.insert("memory:Level", [(first + number * SECOND, float(number)) for number in range(COUNT)])
    await history.flush()
    return first


def test_logged_values(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        first = await logged(client)
        await client.login("victor")

        async def values(**given: Any) -> list[float]:
            level, name = (await client.ask(LOGGED, **given))["loggedTagValues"]
            assert (level["error"]["code"], name["error"]["code"]) == ("0", "2")
            return [each["value"]["value"] for each in level["values"]]

        whole = {"b": text(first), "e": text(first + 9 * SECOND)}
        assert await values(**whole) == [float(each) for each in range(10)]
        assert await values(**whole, s="TIME_DESC") == [float(each) for each in reversed(range(10))]
        assert await values(b=text(first + 4 * SECOND), m=3) == [4.0, 5.0, 6.0]
        assert await values(e=text(first + 4 * SECOND), m=2) == [4.0, 3.0]
        inner = {"b": text(first + 2 * SECOND + 1), "e": text(first + 4 * SECOND - 1)}
        assert await values(**inner) == [3.0]
        assert await values(**inner, o="LEFT_BOUNDING_VALUES") == [2.0, 3.0]
        assert await values(**inner, o="RIGHT_BOUNDING_VALUES") == [3.0, 4.0]
        assert await values(**inner, o="LEFTRIGHT_BOUNDING_VALUES") == [2.0, 3.0, 4.0]

    run(tmp_path, scenario)


REFUSED = [
    ({}, "unified.period"),
    ({"b": "2026-01-01T00:00:00Z"}, "unified.period"),
    ({"b": "2026-01-02T00:00:00Z", "e": "2026-01-01T00:00:00Z"}, "unified.period"),
    ({"b": "yesterday", "m": 1}, "unified.time"),
    ({"b": "2026-01-01T00:00:00Z", "m": 10_001}, "unified.too_many"),
]


def test_refused_stretches(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        await client.login("victor")
        for given, code in REFUSED:
            answer = await client.send(LOGGED, **given)
            assert answer["errors"][0]["extensions"]["code"] == code, given

    run(tmp_path, scenario)


@pytest.mark.parametrize("status", [None, *STATUSES])
def test_each_status_has_a_quality_of_the_schema(status: int | None) -> None:
    from runtime_data.unified.qualities import UNIFIED, show_quality
    from runtime_data.unified.schema import unified_schema

    shown = show_quality(0x80B00000 if status is None else status)
    for name, field in (("MainQuality", "quality"), ("QualitySubStatus", "subStatus")):
        kind = unified_schema().type_map[name]
        assert isinstance(kind, GraphQLEnumType)
        assert shown[field] in kind.values
    assert set(UNIFIED) == set(STATUSES)
