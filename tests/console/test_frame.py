"""The frame of the console: login, rail, search, language, colours, messages, the stream of events."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.console.console import Console, needs_axe
from tests.support.service import KEY

VIEWER = {"name": "reader", "right": "viewer", "expiresInDays": 1}


def test_a_key_logs_in_and_a_wrong_one_is_refused_with_its_code(console: Console) -> None:
    page = console.page
    page.goto(f"{console.service.address}/console")
    expect(page).to_have_url(re.compile("/console/$"))
    page.get_by_role("textbox", name="API key").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("auth.key")
    page.get_by_role("textbox", name="API key").fill(KEY)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Status")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def test_a_login_that_is_kept_outlives_a_reload_and_ends_with_the_logout(console: Console) -> None:
    page = console.page
    page.goto(f"{console.service.address}/console/")
    page.get_by_role("textbox", name="API key").fill(KEY)
    page.get_by_label("Stay logged in").check()
    page.get_by_role("button", name="Log in").click()
    page.locator("nav.rail").wait_for()
    page.reload()
    page.locator("nav.rail").wait_for()
    page.get_by_role("button", name="Log out").click()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def test_a_user_logs_in_with_a_password_and_the_login_is_renewed(console: Console) -> None:
    words = {"userName": "eva", "password": "correct horse battery staple"}
    console.service.send("POST", "users", {**words, "right": "engineer"})
    page = console.page
    page.goto(f"{console.service.address}/console/")
    page.get_by_label("Password").check()
    page.get_by_label("User name").fill(words["userName"])
    page.get_by_role("textbox", name="Password").fill(words["password"])
    page.get_by_label("Stay logged in").check()
    page.get_by_role("button", name="Log in").click()
    expect(page.locator(".user")).to_have_text("user:eva · engineer")
    with page.expect_request("**/auth/refresh"):
        page.reload()
    expect(page.locator(".user")).to_have_text("user:eva · engineer")


def test_the_rail_shows_only_pages_that_the_caller_may_use(console: Console) -> None:
    key = console.service.send("POST", "api-keys", VIEWER)["apiKey"]
    page = console.open(key=key)
    expect(page.locator(".user")).to_contain_text("viewer")
    expect(page.locator("nav.rail").get_by_role("link", name="Jobs")).to_be_visible()
    expect(page.locator("nav.rail").get_by_role("link", name="Access")).to_have_count(0)


def test_the_search_leads_to_a_page_by_keys_alone(console: Console) -> None:
    page = console.open()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search").fill("job")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jobs")
    page.locator("body").press("g")
    page.locator("body").press("s")
    expect(page.get_by_role("heading", level=1)).to_have_text("Status")


def test_language_and_colours_are_chosen_and_kept(console: Console) -> None:
    page = console.open()
    page.get_by_label("Language").select_option("de")
    expect(page.locator("nav.rail").get_by_role("link", name="Aufträge")).to_be_visible()
    page.get_by_label("Farben").select_option("dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_an_address_that_names_no_view_leads_back(console: Console) -> None:
    page = console.open("nosuch/view")
    page.get_by_role("main").get_by_role("link", name="Status").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Status")


def test_a_job_appears_by_itself_and_is_a_timeline(console: Console) -> None:
    console.service.create_project()
    page = console.open("jobs")
    expect(page.locator(".lamp")).to_have_text("Connected")
    console.service.http.post("/api/v2/projects/actions/save", json={}, headers={"X-API-Key": KEY})
    row = console.table("Jobs").get_by_role("row", name="projects.save").first
    expect(row).to_contain_text("completed")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Job")
    expect(page.locator(".timeline")).to_contain_text("The job ended.")
    expect(page.locator("pre")).to_contain_text("Conveyor")


def test_the_stream_comes_back_after_the_connection_was_cut(console: Console) -> None:
    page = console.open("api")
    page.get_by_role("link", name="Jobs").click()
    expect(page.locator(".lamp")).to_have_attribute("data-state", "live")
    console.context.set_offline(True)
    page.get_by_role("link", name="API", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    expect(page.get_by_text("may be old")).to_be_visible()
    console.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("table", name="API")).to_be_visible()
    expect(page.get_by_text("may be old")).to_have_count(0)
    console.faults = [each for each in console.faults if "ERR_INTERNET_DISCONNECTED" not in each]


@pytest.mark.slow
@needs_axe
@pytest.mark.parametrize("view", ["", "jobs", "api", "nosuch"])
def test_axe_finds_nothing(console: Console, view: str) -> None:
    console.open(view)
    console.page.wait_for_timeout(300)
    assert console.violations() == []
