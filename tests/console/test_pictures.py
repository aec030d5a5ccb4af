"""The pictures of the documentation: made of the demo project, by the pages that a visitor sees.

    TIA_WRITE_PICTURES=1 pytest -m '' tests/console/test_pictures.py

writes them to docs/pictures. Otherwise the tests only show that each can still be made, and that a page of the documentation has it.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import ROOT
from tests.console.console import Console, Service
from tests.support.service import KEY

pytestmark = pytest.mark.slow
PICTURES = ROOT / "docs" / "pictures"
SIZE = {"width": 1200, "height": 760}
SECONDS = 60


@pytest.fixture(scope="module")
def demo(service: Service) -> Service:
    """The demo project, whose conveyor has run for some seconds."""
    service.send("POST", "projects/actions/create-demo", {})
    end = time.monotonic() + SECONDS
    while service.send("GET", "runtime/tags/Conveyor:Belt_Motor/value")["value"] is not True and time.monotonic() < end:
        time.sleep(0.5)
    return service


@pytest.fixture
def shown(console: Console, demo: Service) -> Console:
    console.page.set_viewport_size({"width": SIZE["width"], "height": SIZE["height"]})
    return console


def picture(page: Page, name: str, folder: Path) -> None:
    """Take a picture, and keep it where pictures are to be written."""
    write = os.environ.get("TIA_WRITE_PICTURES")
    file = (PICTURES if write else folder) / f"console-{name}.png"
    page.screenshot(path=file, animations="disabled")
    assert file.stat().st_size > 10_000
    assert (PICTURES / file.name).is_file(), "write it: TIA_WRITE_PICTURES=1"
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    assert any(file.name in each.read_text("utf-8") for each in pages), "no page shows it"


def test_the_start_page(shown: Console, tmp_path: Path) -> None:
    page = shown.open()
    expect(page.locator("section", has_text="Simulated PLCs").first).to_contain_text("RUN")
    picture(page, "status", tmp_path)


def test_the_living_ladder(shown: Console, tmp_path: Path) -> None:
    page = shown.open("p/Conveyor/PLC_1/blocks/BeltControl")
    page.locator("[data-on=yes]").first.wait_for(state="attached")
    picture(page, "ladder", tmp_path)


def test_a_failed_test(shown: Console, tmp_path: Path) -> None:
    headers = {"X-API-Key": KEY, "Prefer": "wait=60"}
    runs = shown.service.send("GET", "plc-tests/runs")
    if not runs:
        page = shown.open("tests")
        page.get_by_role("button", name="Run all tests").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Run of tests", timeout=SECONDS * 1000)
        runs = shown.service.http.get("/api/v2/plc-tests/runs", headers=headers).json()
    page = shown.open(f"tests/{runs[0]['id']}?test=4")
    page.get_by_role("slider", name="Cursor").scroll_into_view_if_needed()
    picture(page, "test", tmp_path)


def test_a_trend(shown: Console, tmp_path: Path) -> None:
    page = shown.open("trends?tag=Conveyor:Level_Percent&tag=Conveyor:Belt_Motor&last=60")
    page.locator(".chart canvas").first.wait_for()
    page.wait_for_timeout(2000)
    picture(page, "trend", tmp_path)


def test_the_alarms(shown: Console, tmp_path: Path) -> None:
    page = shown.open("alarms")
    expect(shown.page.get_by_text("The hopper is").first).to_be_visible(timeout=SECONDS * 1000)
    picture(page, "alarms", tmp_path)
