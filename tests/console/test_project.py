"""The project tree: keys, letters, the filter, badges, links, and ten thousand blocks."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.console.console import Console, needs_axe

LONG = 60_000
SCL = "\n".join(
    f'FUNCTION "{name}" : Void\nVAR_TEMP\n   i : Int;\nEND_VAR\nBEGIN\n   #i := {number};\nEND_FUNCTION\n'
    for number, name in enumerate(("Alpha", "Beta", "Betamax", "Gamma"))
)


@pytest.fixture(autouse=True)
def project(console: Console) -> None:
    """A project with four blocks."""
    if not console.service.send("GET", "status/summary")["projects"]:
        console.service.create_project("Trees")
        console.service.generate(SCL)
        console.service.send("POST", "devices/PLC_1/watch-tables", {"name": "Moves"})
        console.service.send("POST", "projects/actions/save-sync", {})


def present(page: Page) -> Locator:
    """The chosen item."""
    return page.get_by_role("treeitem", selected=True)


def open_blocks(console: Console) -> Page:
    page = console.open("p/Trees")
    tree = page.get_by_role("tree", name="Project")
    tree.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("treeitem", name="Gamma")).to_be_visible(timeout=LONG)
    return page


def test_the_tree_is_walked_by_keys_alone(console: Console) -> None:
    page = open_blocks(console)
    expect(present(page)).to_contain_text("Program blocks")
    expect(present(page)).to_have_attribute("aria-level", "2")
    expect(present(page)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowRight")
    expect(present(page)).to_contain_text("Alpha")
    expect(present(page)).to_have_attribute("aria-posinset", "1")
    page.keyboard.press("ArrowLeft")
    expect(present(page)).to_contain_text("Program blocks")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("treeitem", name="Gamma")).to_have_count(0)
    page.keyboard.press("End")
    expect(present(page)).to_contain_text("Libraries")
    page.keyboard.press("Home")
    expect(present(page)).to_have_attribute("aria-level", "1")
    chosen = page.get_by_role("tree").get_attribute("aria-activedescendant")
    assert chosen == present(page).get_attribute("id")


def test_letters_lead_to_the_next_name_that_begins_with_them(console: Console) -> None:
    page = open_blocks(console)
    page.keyboard.type("bet")
    expect(present(page)).to_contain_text("Beta")
    page.keyboard.type("amax")
    expect(present(page)).to_contain_text("Betamax")


def test_enter_opens_the_page_of_a_block(console: Console) -> None:
    page = open_blocks(console)
    page.keyboard.type("gam")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#/p/Trees/PLC_1/blocks/Gamma$"))


def test_the_filter_shows_matches_with_the_way_to_them(console: Console) -> None:
    page = console.open("p/Trees")
    page.get_by_role("searchbox", name="Filter").fill("beta")
    expect(page.get_by_role("treeitem", name="Betamax")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("treeitem", name="Program blocks")).to_be_visible()
    expect(page.get_by_role("treeitem", name="Alpha")).to_have_count(0)
    page.get_by_role("searchbox", name="Filter").fill("nothing has this")
    expect(page.locator(".empty")).to_have_text("Nothing has this in its name.")


def test_an_inconsistent_block_has_a_badge_until_it_is_compiled(console: Console) -> None:
    page = open_blocks(console)
    expect(page.get_by_role("treeitem", name="Alpha")).to_contain_text("inconsistent")
    console.service.send("POST", "devices/PLC_1/actions/compile-sync", {})
    page = open_blocks(console)
    expect(page.get_by_role("treeitem", name="Alpha")).not_to_contain_text("inconsistent")


def test_watch_tables_and_tags_have_their_places(console: Console) -> None:
    page = console.open("p/Trees")
    page.get_by_role("treeitem", name="Watch and force tables").click()
    expect(page.get_by_role("treeitem", name="Moves")).to_be_visible(timeout=LONG)
    page.get_by_role("treeitem", name="PLC tags").click()
    expect(page.get_by_role("treeitem", name="Default tag table")).to_be_visible(timeout=LONG)


def test_ten_thousand_blocks_stay_fast(console: Console) -> None:
    """The route's answer is replaced: making so many blocks takes longer than all other tests of the page."""

    def answer(route: Route) -> None:
        document = route.fetch().json()
        model = next(each for each in document["children"] if not each["isFolder"])
        document["children"] = [
            {**model, "name": (name := f"Block_{number:05}"), "blockInfo": {**model["blockInfo"], "name": name}}
            for number in range(10_000)
        ]
        route.fulfill(body=json.dumps(document), content_type="application/json")

    console.page.route("**/blocks/tree", answer)
    page = console.open("p/Trees")
    page.get_by_role("tree").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("treeitem", name="Block_00000")).to_be_visible(timeout=LONG)
    assert page.get_by_role("treeitem").count() < 100
    page.keyboard.press("End")
    page.keyboard.type("block_07")
    expect(present(page)).to_contain_text("Block_07000")
    page.get_by_role("searchbox", name="Filter").fill("k_04321")
    expect(page.get_by_role("treeitem", name="Block_04321")).to_be_visible()
    assert page.get_by_role("treeitem").count() == 3


def test_the_page_speaks_german(console: Console) -> None:
    page = console.open("p/Trees", language="de")
    expect(page.get_by_role("treeitem", name="Programmbausteine")).to_be_visible()


@needs_axe
def test_axe_finds_nothing(console: Console) -> None:
    console.open("p/Trees").locator(".tree").wait_for()
    assert console.violations() == []
