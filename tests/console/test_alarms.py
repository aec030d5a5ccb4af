"""The page Alarms: what is active, acknowledging and shelving with a note, journal, statistics, links, new ones aloud."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.console.console import Console, Service, needs_axe

HIGH = {
    "name": "Tank high",
    "tag": "memory:Level",
    "trigger": "greater",
    "limit": 90,
    "priority": 800,
    "area": "Line 1",
    "texts": {"en-US": "Level is {value}", "de-DE": "Füllstand ist {value}"},
}
HOT = {"name": "Tank hot", "tag": "PLC_1:Tank.hot", "trigger": "bit", "priority": 300, "texts": {"en-US": "Too hot"}}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def alarmed(plant: Service) -> Service:
    """The plant with two alarms."""
    plant.send("PUT", "runtime/tags/memory:Level", {"dataType": "Real", "initialValue": 0})
    plant.send("PUT", "runtime/tags/memory:Level/value", {"value": 0})
    for each in (HIGH, HOT):
        plant.send("POST", "runtime/alarm-definitions", each)
    return plant


def fill(service: Service, level: float) -> None:
    service.send("PUT", "runtime/tags/memory:Level/value", {"value": level})


@pytest.fixture(autouse=True)
def calm(alarmed: Service) -> None:
    """Each test begins without an alarm."""
    fill(alarmed, 0)
    alarmed.send("PUT", "runtime/tags/PLC_1:Tank.hot/value", {"value": False})
    names = [HIGH["name"], HOT["name"]]
    for action in ("unshelve", "place-in-service", "acknowledge"):
        alarmed.send("POST", f"runtime/alarms/actions/{action}", {"ids": names})


def row_of(console: Console, text: str) -> Locator:
    return console.table("Active").get_by_role("row").filter(has_text=text)


def test_an_alarm_appears_by_itself_with_its_shape_and_is_said_once(console: Console, alarmed: Service) -> None:
    page = console.open("alarms")
    expect(page.get_by_text("No alarm is active.")).to_be_visible()
    fill(alarmed, 95)
    row = row_of(console, "Level is 95")
    expect(row).to_contain_text("◆ urgent 800")
    expect(row).to_contain_text("active, not acknowledged")
    expect(page.locator("[aria-live=assertive]")).to_have_text("New alarm: Level is 95.0")
    expect(page.locator("[aria-live=assertive]")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 not acknowledged")


def test_alarms_are_sorted_by_priority(console: Console, alarmed: Service) -> None:
    alarmed.send("PUT", "runtime/tags/PLC_1:Tank.hot/value", {"value": True})
    console.open("alarms")
    expect(row_of(console, "Too hot")).to_contain_text("■ medium 300")
    fill(alarmed, 99)
    rows = console.table("Active").get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("Level is 99")


def test_an_alarm_is_acknowledged_with_a_note_and_goes_when_it_clears(console: Console, alarmed: Service) -> None:
    fill(alarmed, 96)
    page = console.open("alarms")
    row_of(console, "Level is 96").get_by_role("button", name="Acknowledge").click()
    page.get_by_label("Note for the journal").fill("I look after it")
    page.get_by_role("dialog").get_by_role("button", name="Acknowledge").click()
    expect(row_of(console, "Level is 96")).to_contain_text("active, acknowledged")
    expect(row_of(console, "Level is 96")).to_contain_text("I look after it")
    fill(alarmed, 10)
    expect(page.get_by_text("No alarm is active.")).to_be_visible()
    page.get_by_role("tab", name="Journal").click()
    lines = console.table("Journal").get_by_role("row").filter(has_text="Level is")
    expect(lines.nth(0)).to_contain_text("cleared")
    expect(lines.nth(1)).to_contain_text("acknowledged")
    expect(lines.nth(1)).to_contain_text("I look after it")
    expect(lines.nth(2)).to_contain_text("raised")


def test_chosen_alarms_are_acknowledged_together(console: Console, alarmed: Service) -> None:
    alarmed.send("PUT", "runtime/tags/PLC_1:Tank.hot/value", {"value": True})
    fill(alarmed, 97)
    page = console.open("alarms")
    expect(console.table("Active").get_by_role("row")).to_have_count(3)
    page.get_by_role("button", name="Choose all or none").click()
    page.get_by_role("group", name="Chosen alarms").get_by_role("button", name="Acknowledge").click()
    page.get_by_role("dialog").get_by_role("button", name="Acknowledge").click()
    expect(console.table("Active").get_by_text("active, acknowledged")).to_have_count(2)


def test_an_alarm_is_shelved_for_a_time_and_comes_back(console: Console, alarmed: Service) -> None:
    fill(alarmed, 98)
    page = console.open("alarms")
    row_of(console, "Level is 98").get_by_role("button", name="Shelve").click()
    page.get_by_label("For how long").select_option("600")
    page.get_by_label("Note for the journal").fill("Sensor is replaced")
    page.get_by_role("dialog").get_by_role("button", name="Shelve").click()
    expect(page.get_by_text("No alarm is active.")).to_be_visible()
    (shelved,) = alarmed.send("GET", "runtime/alarms", hidden="only")
    assert shelved["shelvedUntil"]
    page.get_by_role("tab", name="Hidden (1)").click()
    expect(row_of(console, "Level is 98")).to_contain_text("shelved until")
    row_of(console, "Level is 98").get_by_role("button", name="End shelving").click()
    page.get_by_role("dialog").get_by_role("button", name="End shelving").click()
    page.get_by_role("tab", name="Active (1)").click()
    expect(row_of(console, "Level is 98")).to_be_visible()


def test_an_alarm_is_taken_out_of_service(console: Console, alarmed: Service) -> None:
    fill(alarmed, 93)
    page = console.open("alarms")
    row_of(console, "Level is 93").get_by_role("button", name="Take out of service").click()
    page.get_by_role("dialog").get_by_role("button", name="Take out of service").click()
    page.get_by_role("tab", name="Hidden (1)").click()
    expect(row_of(console, "Level is 93")).to_contain_text("out of service")


def test_an_alarm_leads_to_its_tag_its_trend_and_its_block(console: Console, alarmed: Service) -> None:
    alarmed.send("PUT", "runtime/tags/PLC_1:Tank.hot/value", {"value": True})
    page = console.open("alarms")
    row = row_of(console, "Too hot")
    expect(row.get_by_role("link", name="Block")).to_have_attribute("href", "#/p/Conveyor/PLC_1/blocks/Tank")
    expect(row.get_by_role("link", name="Tag")).to_have_attribute("href", re.compile("runtime.source=PLC_1&path=Tank"))
    row.get_by_role("link", name="Trends").click()
    expect(console.table("Values of the trend").get_by_role("row", name="PLC_1:Tank.hot")).to_be_visible()
    expect(page.get_by_text("alarms were raised in this range")).to_be_visible()


def test_the_journal_follows_the_range(console: Console, alarmed: Service) -> None:
    fill(alarmed, 94)
    page = console.open("alarms?tab=journal&from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z")
    expect(page.get_by_text("Nothing happened in this range.")).to_be_visible()
    page.get_by_role("button", name="Live").click()
    expect(console.table("Journal").get_by_role("row", name="Level is 94").first).to_be_visible()
    expect(page).to_have_url(re.compile("last=900"))


def test_statistics_count_what_was_raised(console: Console, alarmed: Service) -> None:
    for level in (95, 0, 95, 0, 95):
        fill(alarmed, level)
    console.open("alarms?tab=statistics")
    raised = alarmed.send("GET", "runtime/alarms/statistics")["summary"]["top"]
    wanted = next(each["count"] for each in raised if each["name"] == HIGH["name"])
    row = console.table("Raised most often").get_by_role("row", name="Tank high")
    expect(row.get_by_role("cell").nth(1)).to_have_text(str(wanted))


def test_a_viewer_sees_alarms_and_acknowledges_none(console: Console, alarmed: Service) -> None:
    fill(alarmed, 91)
    key = alarmed.send("POST", "api-keys", {"name": "guest", "right": "viewer", "expiresInDays": 1})["apiKey"]
    console.open("alarms", key=key)
    expect(row_of(console, "Level is 91").get_by_role("button", name="Acknowledge")).to_be_disabled()
    body = {"ids": [HIGH["name"]]}
    refused = alarmed.http.post("/api/v2/runtime/alarms/actions/acknowledge", json=body, headers={"X-API-Key": key})
    assert refused.status_code == 403


def test_german(console: Console, alarmed: Service) -> None:
    fill(alarmed, 92)
    page = console.open("alarms", language="de")
    expect(page.get_by_text("Füllstand ist 92")).to_be_visible()
    expect(page.get_by_role("button", name="Quittieren").last).to_be_visible()


@needs_axe
@pytest.mark.parametrize("tab", ["active", "journal", "statistics"])
def test_axe_finds_nothing(console: Console, alarmed: Service, tab: str) -> None:
    fill(alarmed, 95)
    page = console.open(f"alarms?tab={tab}")
    expect(page.get_by_role("table").first).to_be_visible()
    assert console.violations() == []
