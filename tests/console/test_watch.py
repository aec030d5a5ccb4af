"""The page Watch: tables of a PLC with live values, display formats, writing, adding, and values that are old."""

from __future__ import annotations

import dataclasses
import re

import pytest
from playwright.sync_api import expect

from tests.console.cable import cable
from tests.console.console import Console, Service, needs_axe
from tests.console.plant import add_table

ROWS = [
    {"name": "Switch", "modifyValue": "true", "modifyIntention": True},
    {"name": "Tank.count"},
    {"name": "Speed", "displayFormat": "Hex"},
    {"address": "%MW10"},
]
VIEW = "p/Conveyor/PLC_1/watch?table=Motor"
COUNT = '.live[data-tag="PLC_1:Tank.count"]'
SWITCH = '.live[data-tag="PLC_1:Switch"]'
VIEWER = {"name": "watcher", "right": "viewer", "expiresInDays": 1}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def watched(plant: Service) -> Service:
    """The plant with a watch table."""
    add_table(plant, "Motor", ROWS)
    return plant


def test_values_change_by_themselves(console: Console, watched: Service) -> None:
    page = console.open(VIEW)
    count = page.locator(COUNT)
    expect(count).to_have_text(re.compile(r"^\d+$"))
    first = int(count.inner_text())
    page.wait_for_function(f"first => Number(document.querySelector('{COUNT}').textContent) > first", arg=first)
    expect(count).not_to_have_attribute("data-stale", "yes")
    watched.send("PUT", "runtime/tags/PLC_1:Switch/value", {"value": True})
    expect(page.locator(SWITCH)).to_have_text("TRUE")
    watched.send("PUT", "runtime/tags/PLC_1:Switch/value", {"value": False})
    expect(page.locator(SWITCH)).to_have_text("FALSE")


def test_a_stop_of_the_cpu_makes_values_old_until_it_runs_again(console: Console, watched: Service) -> None:
    page = console.open(VIEW)
    expect(page.locator(COUNT)).to_have_text(re.compile(r"^\d+$"))
    watched.send("POST", "simulation/instances/PLC_1/stop")
    expect(page.locator(COUNT)).to_have_attribute("data-stale", "yes")
    expect(page.locator(COUNT)).to_contain_text("old")
    watched.send("POST", "simulation/instances/PLC_1/run")
    expect(page.locator(COUNT)).not_to_have_attribute("data-stale", "yes")


def test_a_cut_stream_makes_values_old_and_comes_back(console: Console, watched: Service) -> None:
    with cable(watched.address) as laid:
        console.service = dataclasses.replace(watched, address=laid.address)
        page = console.open(VIEW)
        expect(page.locator(COUNT)).to_have_text(re.compile(r"^\d+$"))
        laid.cut()
        expect(page.locator(COUNT)).to_have_attribute("data-stale", "yes")
        expect(page.get_by_text("grey values are old")).to_be_visible()
        laid.join()
        expect(page.locator(COUNT)).not_to_have_attribute("data-stale", "yes", timeout=30_000)
    console.faults = [each for each in console.faults if "net::ERR_" not in each]


def test_a_row_that_has_only_an_address_is_stale_by_the_same_rule(console: Console, watched: Service) -> None:
    with cable(watched.address) as laid:
        console.service = dataclasses.replace(watched, address=laid.address)
        page = console.open(VIEW)
        read = page.get_by_role("row").filter(has_text="%MW10").locator("span:has(small)")
        expect(read).not_to_have_attribute("data-stale", "yes")
        laid.freeze()
        expect(read).to_have_attribute("data-stale", "yes")
        laid.join()
        expect(read).not_to_have_attribute("data-stale", "yes", timeout=30_000)


def test_a_stream_without_a_sign_of_life_is_opened_again(console: Console, watched: Service) -> None:
    opened: list[str] = []
    console.page.on("request", lambda request: opened.append(request.url) if "values/stream" in request.url else None)
    watched.send("POST", "simulation/instances/PLC_1/actions/freeze")
    console.page.clock.install()
    page = console.open(VIEW)
    expect(page.locator(COUNT)).to_have_text(re.compile(r"^\d+$"))
    assert len(opened) == 1
    page.clock.fast_forward(4_000)
    expect(page.get_by_text("grey values are old")).to_be_visible()
    page.clock.run_for(2_000)
    expect(page.locator(COUNT)).not_to_have_attribute("data-stale", "yes")
    assert len(opened) == 2
    watched.send("POST", "simulation/instances/PLC_1/actions/resume")


def test_one_stream_brings_all_values(console: Console, watched: Service) -> None:
    opened: list[str] = []
    console.page.on("request", lambda request: opened.append(request.url) if "values/stream" in request.url else None)
    page = console.open(VIEW)
    expect(page.locator(COUNT)).to_have_text(re.compile(r"^\d+$"))
    expect(page.locator(SWITCH)).to_have_text("FALSE")
    (stream,) = opened
    assert stream.count("tag=") == 3
    assert "X-API-Key" not in stream


def test_a_value_is_shown_in_the_chosen_format(console: Console, watched: Service) -> None:
    watched.send("PUT", "runtime/tags/PLC_1:Speed/value", {"value": 165})
    page = console.open(VIEW)
    speed = page.locator('.live[data-tag="PLC_1:Speed"]')
    expect(speed).to_have_text("16#00A5")
    page.get_by_label('Display format "Speed"').select_option("Bin")
    expect(speed).to_have_text("2#0000000010100101")
    row = console.table("Rows of Motor").get_by_role("row", name="%MW10")
    expect(row).to_contain_text("16#A5")


def test_a_value_is_written_after_a_question(console: Console, watched: Service) -> None:
    page = console.open(VIEW)
    page.get_by_role("button", name="Write PLC_1:Speed").click()
    page.get_by_label("New value").fill("16#1234")
    page.get_by_role("dialog").get_by_role("button", name="Write", exact=True).click()
    expect(page.get_by_text("Write 16#1234 to PLC_1:Speed.")).to_be_visible()
    page.get_by_role("dialog", name="Please confirm").get_by_role("button", name="Write", exact=True).click()
    expect(page.locator(".toasts")).to_contain_text("PLC_1:Speed has the value 16#1234.")
    expect(page.locator('.live[data-tag="PLC_1:Speed"]').first).to_have_text("16#1234")
    assert watched.send("GET", "runtime/tags/PLC_1:Speed/value")["value"] == 0x1234


def test_a_value_that_the_type_does_not_take_is_refused_with_its_code(console: Console, watched: Service) -> None:
    page = console.open(VIEW)
    page.get_by_role("button", name="Write PLC_1:Tank.count").click()
    page.get_by_label("New value").fill("many")
    page.get_by_role("dialog").get_by_role("button", name="Write", exact=True).click()
    page.get_by_role("dialog", name="Please confirm").get_by_role("button", name="Write", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"plcsim\.value|runtime\.value"))


def test_an_output_says_why_it_is_not_written(console: Console, watched: Service) -> None:
    page = console.open("runtime?source=PLC_1")
    page.get_by_role("button", name="Write PLC_1:Lamp").click()
    expect(page.get_by_role("alert")).to_contain_text("runtime.output")


def test_marked_rows_are_modified(console: Console, watched: Service) -> None:
    page = console.open(VIEW)
    page.get_by_role("button", name="Modify marked rows").click()
    expect(page.get_by_role("dialog")).to_contain_text('"Switch" := true')
    page.get_by_role("dialog").get_by_role("button", name="Modify marked rows").click()
    expect(page.locator(SWITCH)).to_have_text("TRUE")
    watched.send("PUT", "runtime/tags/PLC_1:Switch/value", {"value": False})


def test_an_address_adds_a_tag_and_a_row_is_removed(console: Console, watched: Service) -> None:
    add_table(watched, "Later", [{"name": "Switch"}])
    page = console.open("p/Conveyor/PLC_1/watch?table=Later&add=Tank.hot")
    expect(page.get_by_text("now: FALSE")).to_be_visible()
    page.get_by_role("button", name="Add a tag").click()
    rows = console.table("Rows of Later").get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.nth(2)).to_contain_text('"Tank".hot')
    expect(page).not_to_have_url(re.compile("add="))
    rows.nth(2).get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(rows).to_have_count(2)


def test_a_table_is_created(console: Console, watched: Service) -> None:
    page = console.open("p/Conveyor/PLC_1/watch")
    page.get_by_label("New watch table").fill("Fresh")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("The table has no rows")).to_be_visible()
    assert "Fresh" in [each["name"] for each in watched.send("GET", "devices/PLC_1/watch-tables")]


def test_a_table_leads_to_its_trend(console: Console, watched: Service) -> None:
    page = console.open(VIEW)
    page.get_by_role("link", name="Record to a trend").click()
    expect(console.table("Values of the trend").get_by_role("row", name="PLC_1:Tank.count")).to_be_visible()


def test_a_viewer_sees_values_and_writes_none(console: Console, watched: Service) -> None:
    key = watched.send("POST", "api-keys", VIEWER)["apiKey"]
    page = console.open(VIEW, key=key)
    expect(page.locator(COUNT)).to_have_text(re.compile(r"^\d+$"))
    buttons = page.get_by_role("button", name="Write")
    expect(buttons.first).to_be_disabled()
    expect(buttons.first).to_have_attribute("title", "Needs the right operator.")
    refused = watched.http.put(
        "/api/v2/runtime/tags/PLC_1:Switch/value", json={"value": True}, headers={"X-API-Key": key}
    )
    assert refused.status_code == 403


def test_a_tag_of_no_source_does_not_keep_others_from_their_values(console: Console, watched: Service) -> None:
    page = console.open("trends?tag=Nowhere:Tank.count&tag=PLC_1:Tank.count")
    expect(page.locator(COUNT)).to_have_text(re.compile(r"^\d+$"))
    expect(page.locator('.live[data-tag="Nowhere:Tank.count"]')).to_contain_text("Nowhere")


def test_german(console: Console, watched: Service) -> None:
    page = console.open(VIEW, language="de")
    expect(page.get_by_role("heading", level=1)).to_have_text("Beobachten")
    watched.send("POST", "simulation/instances/PLC_1/stop")
    expect(page.locator(COUNT)).to_contain_text("alt")
    watched.send("POST", "simulation/instances/PLC_1/run")


FORMATS = """async cases => {
  const { written } = await import("./parts/values/formats.js");
  return cases.map(([value, dataType, format]) => written({ value, dataType }, format));
}"""


def test_display_formats(console: Console, watched: Service) -> None:
    cases = {
        (-1, "Int", "Hex"): "16#FFFF",
        (-1, "Int", "DEC_unsigned"): "65535",
        (65535, "Word", "DEC_signed"): "-1",
        (5, "Byte", "Bin"): "2#00000101",
        (255, "Byte", "Octal"): "8#377",
        ("9223372036854775807", "LInt", "Hex"): "16#7FFFFFFFFFFFFFFF",
        (1.5, "Real", "Hex"): "16#3FC00000",
        (1, "DInt", "Bool"): "TRUE",
        (65, "Byte", "Character"): "'A'",
        (True, "Bool", ""): "TRUE",
        (10, "Word", ""): "16#000A",
        ("text", "String", "Hex"): "text",
    }
    page = console.open("api")
    assert page.evaluate(FORMATS, [list(each) for each in cases]) == list(cases.values())


@needs_axe
def test_axe_finds_nothing(console: Console, watched: Service) -> None:
    page = console.open(VIEW)
    expect(page.locator(COUNT)).to_have_text(re.compile(r"^\d+$"))
    assert console.violations() == []
