"""Live means live, and of this program: age, the program in the CPU, keys, writers, links of other projects, commands."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.console.cable import cable
from tests.console.console import Console, Service

pytestmark = pytest.mark.slow

BLOCKS = "p/Conveyor/PLC_1/blocks"
MOTOR: dict[str, Any] = {
    "kind": "FC",
    "name": "Motor",
    "language": "LAD",
    "networks": [
        {"source": {"rungs": [[{"contact": '"Enable"', "negated": True}, {"coil": '"Lamp"'}]]}},
        {"source": {"rungs": [[{"contact": '"Anlage".on'}, {"coil": '"Anlage".valve_on'}]]}},
    ],
}
CHANGED = {"networks": [{"source": {"rungs": [[{"contact": '"Enable"'}, {"coil": '"Lamp"'}]]}}, MOTOR["networks"][1]]}
PROGRAM = """DATA_BLOCK "Anlage"
VAR on : Bool; valve_on : Bool; END_VAR
BEGIN
END_DATA_BLOCK
FUNCTION "One" : Void
BEGIN
    "Anlage".on := "Enable";
END_FUNCTION
FUNCTION "Two" : Void
BEGIN
    IF "Enable" THEN "Anlage".on := TRUE; END_IF;
END_FUNCTION
"""
CYCLE = """ORGANIZATION_BLOCK "Cycle"
BEGIN
    "One"();
    "Two"();
    "Motor"();
END_ORGANIZATION_BLOCK
"""


@pytest.fixture(scope="module")
def plant(service: Service) -> Service:
    """A project whose program runs on the virtual CPU PLC_1."""
    service.create_project()
    for name, address in (("Enable", "%I0.0"), ("Lamp", "%Q0.0")):
        tag = {"name": name, "dataType": "Bool", "address": address}
        service.send("POST", "devices/PLC_1/tag-tables/Default%20tag%20table/tags", tag)
    service.generate(PROGRAM, name="program.scl")
    service.send("POST", "devices/PLC_1/blocks", MOTOR)
    service.generate(CYCLE, name="cycle.scl")
    service.send("POST", "simulation/instances/create", {"name": "PLC_1", "powerOn": True})
    service.send("POST", "devices/PLC_1/actions/download-sync")
    service.send("POST", "devices/PLC_1/cpu/actions/start")
    return service


@pytest.fixture
def offline(console: Console, plant: Service) -> Iterator[Console]:
    """A console whose requests may fail while the cable is cut: the browser notes that."""
    yield console
    console.faults = [each for each in console.faults if "net::ERR_" not in each]


def states(page: Page) -> set[str]:
    marks: list[str] = page.locator("#net-1 line[data-on]").evaluate_all("all => all.map(e => e.dataset.on)")
    return set(marks)


def test_a_changed_block_has_no_current_until_it_is_downloaded(console: Console, plant: Service) -> None:
    """Row B2, and B4: the bar shows the plan of the download, and saves."""
    page = console.open(f"{BLOCKS}/Motor")
    page.locator("#net-1 line[data-on=yes]").first.wait_for(state="attached")
    plant.send("PUT", "devices/PLC_1/blocks/Motor/content", CHANGED)
    plant.send("POST", "devices/PLC_1/actions/compile-sync")
    warning = page.locator("[data-online=differs]")
    expect(warning).to_contain_text("Download to see it live")
    expect(page.locator("#net-1 line[data-on=yes]")).to_have_count(0)
    page.reload()
    warning.wait_for()
    page.locator("#net-1 line[data-on=unknown]").first.wait_for(state="attached")
    assert states(page) == {"unknown"}
    expect(page.locator(".age")).to_contain_text("of another program")
    expect(page.locator(".age")).not_to_contain_text("live")
    warning.get_by_role("button", name="Download to CPU").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("listitem")).to_contain_text("Motor")
    expect(dialog).to_contain_text("goes to STOP")
    dialog.get_by_role("button", name="Download to CPU").click()
    expect(warning).to_have_count(0)
    page.locator("#net-1 line[data-on=no]").first.wait_for(state="attached")
    commands = page.get_by_role("group", name="Commands for PLC_1")
    commands.get_by_role("button", name="Compare with CPU").click()
    expect(page.get_by_role("dialog")).to_contain_text("have the same program")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save project").click()
    page.get_by_role("dialog").get_by_role("button", name="Save project").click()
    expect(page.get_by_text("not saved")).to_have_count(0)
    for name in ("Compile PLC", "Start CPU"):
        commands.get_by_role("button", name=name, exact=True).click()
        confirm = page.get_by_role("dialog").get_by_role("button", name=name, exact=True)
        expect(confirm).to_be_enabled()
        confirm.click()
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_server_that_hangs_is_not_live(offline: Console, plant: Service) -> None:
    """Row B3: after three seconds without a beat nothing looks live, and ages count up."""
    with cable(plant.address) as laid:
        offline.service = dataclasses.replace(plant, address=laid.address)
        page = offline.open(f"{BLOCKS}/Motor")
        expect(page.locator(".age")).to_have_attribute("data-live", "yes")
        laid.freeze()
        expect(page.locator(".age")).to_have_attribute("data-live", "no")
        expect(page.locator("main")).to_have_attribute("data-cut", "yes")
        expect(page.locator(".lamp")).not_to_have_text("Connected")
        expect(page.get_by_text("Stale since")).to_be_visible()
        first = page.locator(".age").inner_text()
        expect(page.locator(".age")).not_to_have_text(first)
        assert states(page) <= {"unknown"}
        laid.join()
        expect(page.locator(".age")).to_have_attribute("data-live", "yes", timeout=30_000)
        expect(page.locator(".lamp")).to_have_text("Connected", timeout=30_000)


def test_an_outage_is_recovered_from(offline: Console, plant: Service) -> None:
    """Row H3: a page that could not be loaded, and what was read before, come back with the connection."""
    with cable(plant.address) as laid:
        offline.service = dataclasses.replace(plant, address=laid.address)
        page = offline.open("jobs")
        laid.cut()
        expect(page.locator("main")).to_have_attribute("data-cut", "yes")
        page.evaluate("location.hash = '#/runtime'")
        expect(page.get_by_role("alert").first).to_be_visible()
        laid.join()
        expect(page.locator("main")).not_to_have_attribute("data-cut", "yes", timeout=40_000)
        expect(page.get_by_role("heading", name="Runtime")).to_be_visible(timeout=30_000)
    offline.faults = [each for each in offline.faults if "dynamically imported" not in each]


def test_typing_is_never_a_shortcut(console: Console, plant: Service) -> None:
    """Row B1: the editor is in a shadow root."""
    page = console.open(f"{BLOCKS}/One?tab=code")
    editor = page.locator(".cm-content")
    editor.click()
    before = page.evaluate("location.hash")
    page.keyboard.type("// flags, length: gs gt ? Regler f")
    expect(editor).to_contain_text("Regler f")
    assert page.evaluate("location.hash") == before
    assert page.get_by_role("dialog").count() == 0
    page.evaluate("document.activeElement.blur()")
    page.locator("h1").click()
    page.keyboard.type("gj")
    expect(page.get_by_role("heading", name="Jobs")).to_be_visible()


def test_all_writers_of_an_operand_are_named(console: Console, plant: Service) -> None:
    """Row H1: the cross references, not the end of a name, say who writes it."""
    page = console.open(f"{BLOCKS}/Motor")
    page.locator("#net-2 [data-operand='\"Anlage\".on']").first.click()
    page.keyboard.press("f")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link")).to_have_text(["One", "Two"])
    dialog.get_by_role("link", name="Two").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two")


def test_a_link_of_another_project_shows_nothing_of_this_one(console: Console, plant: Service) -> None:
    """Row H2."""
    page = console.open("p/Other/PLC_1/blocks/Motor")
    expect(page.get_by_role("alert")).to_contain_text("Other")
    expect(page.get_by_role("alert")).to_contain_text("Conveyor")
    expect(page.get_by_role("button", name="Open a project")).to_be_visible()
    assert page.locator(".networks, .editor").count() == 0


def test_a_project_that_is_replaced_is_named_at_once(offline: Console, plant: Service) -> None:
    """Row H3: the name of the project is that of the service after an outage. It is the last test of the module."""
    with cable(plant.address) as laid:
        offline.service = dataclasses.replace(plant, address=laid.address)
        page = offline.open("jobs")
        expect(page.locator(".where strong")).to_have_text("Conveyor")
        laid.cut()
        expect(page.locator("main")).to_have_attribute("data-cut", "yes")
        plant.create_project("Press")
        laid.join()
        expect(page.locator(".where strong")).to_have_text(re.compile("Press"), timeout=40_000)
