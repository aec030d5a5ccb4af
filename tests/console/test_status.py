"""The start page: what it shows agrees with the service, and its buttons do what they say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.console.console import Console, needs_axe
from tests.support.service import KEY

VIEWER = {"name": "status reader", "right": "viewer", "expiresInDays": 1}
LONG = 60_000


@pytest.fixture(autouse=True)
def nothing_open(console: Console) -> Iterator[None]:
    """Each test begins without an open project."""
    if console.service.send("GET", "status/summary")["projects"]:
        console.service.send("POST", "projects/actions/close-sync", {"discard": True})
    yield


def test_an_empty_service_says_what_to_do(console: Console) -> None:
    page = console.open()
    main = page.get_by_role("main")
    expect(main).to_contain_text("simulated TIA Portal V20")
    expect(main.get_by_role("button", name="Create the demo project")).to_be_enabled()
    expect(main).to_contain_text("No tests have run yet.")
    expect(main).to_contain_text("No alarm is active.")


def test_a_project_is_opened_from_the_list(console: Console) -> None:
    console.service.create_project("Opened")
    console.service.send("POST", "projects/actions/save-sync", {})
    console.service.send("POST", "projects/actions/close-sync", {})
    page = console.open()
    page.get_by_role("button", name="Open a project").click()
    row = page.get_by_role("dialog").get_by_role("row", name="Opened.ap20")
    row.get_by_role("button", name="Open").click()
    expect(page.get_by_role("main").get_by_role("link", name="Opened", exact=True)).to_be_visible(timeout=LONG)
    expect(page.locator("header")).to_contain_text("Opened")
    expect(page.get_by_role("button", name="Create the demo project")).to_have_count(0)


def test_the_page_follows_the_service_by_itself(console: Console) -> None:
    page = console.open()
    sources = console.table("Sources of values").get_by_role("row", name="memory")
    expect(sources).to_contain_text("0")
    console.service.send("PUT", "runtime/tags/memory:status", {"dataType": "Int"})
    console.service.send("PUT", "runtime/tags/memory:status/value", {"value": 3})
    console.service.send("POST", "runtime/values/actions/read", {"tags": ["memory:status"]})
    expect(sources).to_contain_text("100 %", timeout=LONG)
    expect(page.get_by_role("heading", level=1)).to_have_text("Status")


def test_a_failed_job_leads_to_its_timeline(console: Console) -> None:
    http = console.service.http
    answer = http.post("/api/v2/projects/actions/open", json={"path": "none.ap20"}, headers={"X-API-Key": KEY})
    assert answer.status_code == 202
    page = console.open()
    row = console.table("Failed jobs").get_by_role("row", name="projects.open").first
    expect(row).to_contain_text("none.ap20")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Job")
    expect(page.get_by_role("alert")).to_contain_text("file.not_found")


def test_a_viewer_sees_the_state_but_not_the_changes(console: Console) -> None:
    key = console.service.send("POST", "api-keys", VIEWER)["apiKey"]
    page = console.open(key=key)
    expect(page.get_by_role("heading", name="Disk")).to_be_visible()
    expect(page.get_by_role("heading", name="Last changes")).to_have_count(0)
    expect(page.get_by_role("button", name="Create the demo project")).to_be_disabled()
    expect(page.get_by_role("button", name="Open a project")).to_have_count(0)


def test_the_page_speaks_german(console: Console) -> None:
    page = console.open(language="de")
    main = page.get_by_role("main")
    expect(main).to_contain_text("simuliertes TIA Portal V20")
    expect(main.get_by_role("button", name="Demoprojekt erstellen")).to_be_visible()
    expect(main).not_to_contain_text("status.")


@needs_axe
def test_axe_finds_nothing(console: Console) -> None:
    console.open().locator(".card").first.wait_for()
    assert console.violations() == []
