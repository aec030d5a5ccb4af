"""The first start: from an empty server to the cause of a failed test, by the buttons that a visitor sees."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.console.console import Console, needs_axe

MINUTE = 60_000
pytestmark = pytest.mark.slow


def test_the_demo_project_runs_within_a_minute(console: Console) -> None:
    page = console.open()
    expect(page.get_by_text("No project is open.").first).to_be_visible()
    begun = time.monotonic()
    page.get_by_role("button", name="Create the demo project").click()
    expect(page.get_by_role("link", name="Conveyor", exact=True).first).to_be_visible(timeout=MINUTE)
    plcs = page.locator("section", has_text="Simulated PLCs")
    expect(plcs).to_contain_text("RUN", timeout=MINUTE)
    assert time.monotonic() - begun < 60
    sources = console.table("Sources of values").get_by_role("row", name="Conveyor")
    expect(sources).to_contain_text("100 %", timeout=MINUTE)
    alarms = page.locator("section", has_text="Alarms").filter(has_text="Priority 700")
    expect(alarms).to_be_visible(timeout=MINUTE)


def test_the_key_of_the_command_logs_in_and_leaves_the_address(console: Console) -> None:
    key = console.service.send("POST", "api-keys", {"name": "console", "right": "administrator", "expiresInDays": 1})
    page = console.page
    page.goto(f"{console.service.address}/console/#login={key['apiKey']}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Status")
    assert "login" not in page.url
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Status")


def test_a_red_run_opens_at_the_failing_step_and_leads_to_the_writer(console: Console) -> None:
    page = console.open("tests")
    page.get_by_role("button", name="Run all tests").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Run of tests", timeout=MINUTE)
    expect(page.get_by_role("main")).to_contain_text("4 of 5 passed")
    failed = page.locator(".steps li[data-failed]")
    expect(failed).to_contain_text("The lamp is off")
    row = failed.get_by_role("row", name="Run_Lamp")
    expect(row.get_by_role("cell").nth(1)).to_have_text("FALSE")
    expect(row.get_by_role("cell").nth(2)).to_have_text("TRUE")
    values = console.table("Values at the cursor")
    expect(values.get_by_role("row", name="Belt_Motor")).to_contain_text("FALSE")
    # the first operand of the cause is one click away
    page.get_by_label("Show the other operands").check()
    expect(values.get_by_role("row", name="Hopper_Filled")).to_contain_text("TRUE")
    writer = values.get_by_role("row", name="Run_Lamp").get_by_role("link")
    expect(writer).to_have_text("BeltControl, network 4")
    expect(writer).to_have_attribute(
        "href",
        re.compile(r"#/p/Conveyor/PLC_1/blocks/BeltControl\?net=4&run=[^&]+&test=4&at=\d+&instance=BeltControl_DB"),
    )


def test_the_writer_shows_the_current_of_the_moment_of_the_failure(console: Console) -> None:
    run = console.service.send("GET", "plc-tests/runs")[0]["id"]
    page = console.open(f"tests/{run}")
    console.table("Values at the cursor").get_by_role("row", name="Run_Lamp").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("BeltControl")
    note = page.get_by_role("note")
    expect(note).to_contain_text("The run lamp is off while the belt does not run")
    network = page.locator("#net-4")
    states = network.locator(".paper [data-operand]")
    # the belt's contact is off, the hopper's contact is on, and so is the lamp
    expect(states.filter(has_text="Hopper_Filled").first).to_be_visible(timeout=MINUTE)
    on = network.locator('.paper [data-on="yes"]')
    off = network.locator('.paper [data-on="no"]')
    expect(on.first).to_be_attached(timeout=MINUTE)
    expect(off.first).to_be_attached()
    page.mouse.wheel(0, 100_000)
    expect(page.get_by_role("heading", level=1)).not_to_be_in_viewport()
    expect(note).to_be_in_viewport()
    note.get_by_role("link", name="Back to the test").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Run of tests")


def test_the_cursor_moves_by_keys_and_by_mouse(console: Console) -> None:
    run = console.service.send("GET", "plc-tests/runs")[0]["id"]
    page = console.open(f"tests/{run}?test=4")
    cursor = page.get_by_role("slider", name="Cursor")
    values = console.table("Values at the cursor")
    cursor.focus()
    page.keyboard.press("Home")
    expect(page.locator("output")).to_have_text("Values at 0 ms")
    signal = next(
        each
        for each in console.service.send("GET", f"plc-tests/runs/{run}")["diagrams"][4]["signals"]
        if each["name"] == "Belt_Motor"
    )
    rise = next(each["ms"] for each in signal["changes"] if each["value"] is True)
    expect(values.get_by_role("row", name="Belt_Motor")).to_contain_text("FALSE")
    for _ in range(40):
        if float(page.locator("output").inner_text().split()[2].replace(",", "")) >= rise:
            break
        page.keyboard.press("ArrowRight")
    expect(values.get_by_role("row", name="Belt_Motor")).to_contain_text("TRUE")
    page.get_by_role("button", name="Go to the failure").click()
    expect(values.get_by_role("row", name="Belt_Motor")).to_contain_text("FALSE")
    box = page.locator(".drawing svg").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.21, box["y"] + box["height"] / 2)
    expect(values.get_by_role("row", name="Belt_Motor")).to_contain_text("FALSE")
    expect(page.locator("output")).not_to_have_text("Values at 0 ms")
    assert "at=" in page.url


def test_a_green_run_of_one_test(console: Console) -> None:
    page = console.open("tests")
    page.get_by_role("button", name="Run The stop button stops the belt").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Run of tests", timeout=MINUTE)
    expect(page.get_by_role("main")).to_contain_text("1 of 1 passed")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download JUnit").click()
    assert '<testsuites name="PLC tests" tests="1"' in download.value.path().read_text("utf-8")


@needs_axe
@pytest.mark.parametrize(
    ("view", "shown"), [("", ".card"), ("tests", "td .state"), ("tests/{run}", ".drawing"), ("p/Conveyor", ".tree")]
)
def test_axe_finds_nothing(console: Console, view: str, shown: str) -> None:
    failed = next(each["id"] for each in console.service.send("GET", "plc-tests/runs") if each["failed"])
    page = console.open(view.format(run=failed))
    page.locator(shown).first.wait_for()
    assert console.violations() == []
