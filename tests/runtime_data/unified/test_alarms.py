"""Alarms by GraphQL: raised by a tag, listed, acknowledged, shelved, filtered, logged and subscribed to."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_bridge.errors import Problem
from runtime_data.unified.filters import parse_filter
from tests.runtime_data.unified.kit import Unified, run

ACKNOWLEDGE = """mutation($a: [AlarmIdentifierInput]!) {
  acknowledgeAlarms(input: $a) { alarmName alarmInstanceID error { code description } } }"""


def test_an_alarm_from_its_raise_to_its_end(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        await client.login("olga")
        await client.server.put(Level=60.0)
        (alarm,) = await client.alarms_until(bool)
        assert alarm["name"] == "Tank hot"
        assert (alarm["state"], alarm["priority"], alarm["value"]) == ("RAISED", 800, 60.0)
        assert alarm["eventText"] == ["60.0 is too hot"]
        assert alarm["userResponse"] == "ACKNOWLEDGEMENT"
        german = await client.ask('{ activeAlarms(languages: ["de-DE", "en-US"]) { eventText languages } }')
        assert german["activeAlarms"][0]["eventText"] == ["60.0 ist zu heiß", "60.0 is too hot"]

        over = {"name": "Tank hot", "instanceID": alarm["instanceID"] ^ 1}
        missing = {"name": "None", "instanceID": 0}
        now = {"name": "Tank hot", "instanceID": alarm["instanceID"]}
        done = (await client.ask(ACKNOWLEDGE, a=[over, missing, now]))["acknowledgeAlarms"]
        assert [each["error"]["code"] for each in done] == ["2", "2", "0"]
        again = (await client.ask(ACKNOWLEDGE, a=[now]))["acknowledgeAlarms"]
        assert again[0]["error"]["code"] == "304"
        assert (await client.alarms_until(bool))[0]["state"] == "RAISED_ACKNOWLEDGED"
        await client.server.put(Level=1.0)
        assert await client.alarms_until(lambda found: not found) == []
        logged = (await client.ask("{ loggedAlarms { state changeReason userName } }"))["loggedAlarms"]
        assert [each["changeReason"][0].removeprefix("ALARM_STATE_CHANGED_") for each in logged] == [
            "CLEAR_EVENT",
            "ACKNOWLEDGE_EVENT",
            "RAISE_EVENT",
        ]
        assert [each["state"] for each in logged] == ["NORMAL", "RAISED_ACKNOWLEDGED", "RAISED"]
        assert logged[1]["userName"] == "user:olga"

    run(tmp_path, scenario)


def test_shelve_disable_and_the_right_for_it(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        await client.login("olga")
        await client.server.put(Level=60.0)
        await client.alarms_until(bool)
        shelve = 'mutation { shelveAlarms(names: ["Tank hot"], shelveTimeout: 36000000000) { error { code } } }'
        assert (await client.ask(shelve))["shelveAlarms"] == [{"error": {"code": "0"}}]
        assert await client.alarms_until(lambda found: not found) == []
        assert await client.ask('mutation { unshelveAlarms(names: ["Tank hot"]) { error { code } } }')
        assert len(await client.alarms_until(bool)) == 1
        assert await client.ask('mutation { disableAlarms(names: ["Tank hot"]) { error { code } } }')
        assert await client.alarms_until(lambda found: not found) == []
        assert await client.ask('mutation { enableAlarms(names: ["Tank hot"]) { error { code } } }')
        long = "mutation { shelveAlarms(names: [], shelveTimeout: 99999999999999999) { error { code } } }"
        assert (await client.send(long))["errors"][0]["extensions"]["code"] == "unified.span"
        await client.login("victor")
        answer = await client.send(ACKNOWLEDGE, a=[{"name": "Tank hot"}])
        assert answer["errors"][0]["extensions"]["code"] == "auth.right"

    run(tmp_path, scenario)


def test_filters_of_the_route(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        await client.login("victor")
        await client.server.put(Level=60.0)
        await client.alarms_until(bool)
        query = "query($f: String) { activeAlarms(filterString: $f) { name } }"
        for text, count in (
            ("AlarmClassName = 'Errors' AND Priority >= 500", 1),
            ("priority > 800", 0),
            ("Name LIKE 'tank%'", 1),
            ("Area <> 'Plant/Tank'", 0),
            ("", 1),
        ):
            assert len((await client.ask(query, f=text))["activeAlarms"]) == count, text
        answer = await client.send(query, f="Priority > 1 OR Priority < 2")
        assert answer["errors"][0]["extensions"] == {"code": "unified.filter", "unifiedCode": "301"}

    run(tmp_path, scenario)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "Nothing = 'a'",
        "Name = 5",
        "Priority = 'a'",
        "Priority LIKE 'a'",
        "Name < 'a'",
        "Name = 'a' AND",
        "Name = 'a",
        " " * 1001 + "x",
    ],
)
def test_what_is_no_filter(text: str) -> None:
    with pytest.raises(Problem, match=r"unified\.filter|The filter is none"):
        parse_filter(text)


@given(st.text(max_size=40), st.integers(0, 1000))
def test_a_quoted_text_is_found_again(name: str, priority: int) -> None:
    takes = parse_filter("Name = '{}' AND Priority = {}".format(name.replace("'", "''"), priority))
    assert takes({"name": name, "priority": priority})
    assert not takes({"name": name + "x", "priority": priority})
    assert not takes({"name": name, "priority": priority + 1})


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_refused(text: str) -> None:
    try:
        parse_filter(text)
    except Problem as problem:
        assert problem.code == "unified.filter"
