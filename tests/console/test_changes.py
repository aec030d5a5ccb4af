"""Changes in a browser: what is not committed, commits, restore, snapshots; a ladder side by side, code in a merge view."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.console.console import Console, needs_axe

pytestmark = pytest.mark.slow
VIEW = "p/Versioned/PLC_1/changes"
SCL = (
    'FUNCTION "Sum" : Int\nVAR_INPUT\n    a : Int;\n    b : Int;\nEND_VAR\nBEGIN\n    #Sum := #a + #b;\nEND_FUNCTION\n'
)
RUN = [{"contact": "#start"}, {"contact": "#stop"}, {"coil": "#run"}]
INVERTED = [{"contact": "#start"}, {"contact": "#stop", "negated": True}, {"coil": "#run"}]


def motor(rung: list[Any]) -> dict[str, Any]:
    inside = {"Input": [{"name": "start", "type": "Bool"}, {"name": "stop", "type": "Bool"}]}
    return {
        "kind": "FC",
        "name": "Motor",
        "language": "LAD",
        "interface": inside | {"Output": [{"name": "run", "type": "Bool"}]},
        "networks": [{"title": "Run", "source": {"rungs": [rung]}}],
    }


def write(console: Console, sign: str, rung: list[Any]) -> None:
    """Write both blocks as they are to be, and compile them."""
    service = console.service
    text = {"sclContent": SCL.replace("#a + #b", f"#a {sign} #b")}
    service.send("POST", "devices/PLC_1/external-sources/import-and-generate", text)
    service.send("POST", "devices/PLC_1/blocks", {"document": motor(rung), "override": True})
    service.send("POST", "devices/PLC_1/actions/compile-sync", {})


@pytest.fixture
def line(console: Console) -> Console:
    """A project with an SCL and a LAD block, committed as they were and changed since."""
    service = console.service
    if not service.send("GET", "projects"):
        service.create_project("Versioned")
        write(console, "+", RUN)
        service.send("POST", "source-control/init", {})
        service.send("POST", "source-control/commit-sync", {"message": "As delivered"})
    write(console, "-", INVERTED)
    return console


def test_without_a_repository_the_page_offers_to_create_one(console: Console) -> None:
    console.service.create_project("Bare")
    page = console.open("p/Bare/PLC_1/changes")
    page.get_by_role("button", name="Create the repository").click()
    expect(page.get_by_role("tab", name="Commits")).to_be_visible()
    console.service.send("POST", "projects/actions/close-sync", {"discard": True})


def test_a_ladder_is_compared_side_by_side_and_its_changes_are_marked(line: Console) -> None:
    page = line.open(VIEW)
    page.get_by_role("button", name="Read the project").click()
    table = line.table("Not committed")
    table.get_by_role("row", name="Motor").get_by_role("link", name="Compare").click()
    expect(page.get_by_text("contact inverted: normally open -> normally closed")).to_be_visible()
    pair = page.get_by_role("region", name="Network 1: Run", exact=True)
    marked = pair.locator("svg [data-change=changed]")
    assert {each.get_attribute("data-part") for each in marked.all()} != set()
    for drawing in pair.locator("svg").all():
        expect(drawing.locator("[data-change=changed]").first).to_be_visible()
        expect(drawing).to_contain_text("stop")


def test_code_is_compared_in_a_merge_view(line: Console) -> None:
    page = line.open(f"{VIEW}?block=Sum&left=commit:HEAD&right=project")
    expect(page.get_by_text("#Sum := #a + #b; -> #Sum := #a - #b;")).to_be_visible()
    expect(page.get_by_role("textbox", name="Commit HEAD")).to_contain_text("#a + #b")
    expect(page.get_by_role("textbox", name="In the project")).to_contain_text("#a - #b")


def test_a_file_is_restored_after_a_dry_run(line: Console) -> None:
    page = line.open(VIEW)
    page.get_by_role("button", name="Read the project").click()
    row = line.table("Not committed").get_by_role("row", name="Sum")
    row.get_by_role("button", name="Restore").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("blocks/PLC_1/Sum.xml gets the state of commit HEAD")
    expect(dialog.locator("p")).to_have_count(3)
    assert "#a - #b" in line.service.send("GET", "devices/PLC_1/blocks/Sum/content")["sourceText"]
    dialog.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("blocks/PLC_1/Sum.xml is restored.")).to_be_visible()
    line.service.send("POST", "devices/PLC_1/actions/compile-sync", {})
    assert "#a + #b" in line.service.send("GET", "devices/PLC_1/blocks/Sum/content")["sourceText"]


def test_a_snapshot_is_compared_and_restored(line: Console) -> None:
    line.service.send("POST", "history/blocks/PLC_1/Sum/actions/snapshot", {"note": "before the sign"})
    write(line, "*", INVERTED)
    page = line.open(f"{VIEW}?tab=snapshots")
    row = line.table("Snapshots").get_by_role("row", name="before the sign").first
    row.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("#a - #b; -> #Sum := #a * #b;")).to_be_visible()
    page.go_back()
    row.get_by_role("button", name="Restore").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Its present state is replaced")
    dialog.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Sum is restored.")).to_be_visible()
    line.service.send("POST", "devices/PLC_1/actions/compile-sync", {})
    assert "#a - #b" in line.service.send("GET", "devices/PLC_1/blocks/Sum/content")["sourceText"]


def test_a_commit_is_made_and_shows_what_it_changed_in_words(line: Console) -> None:
    page = line.open(VIEW)
    expect(page.get_by_role("button", name="Commit", exact=True)).to_be_disabled()
    page.get_by_label("Message").fill("Invert the stop")
    page.get_by_role("button", name="Commit", exact=True).click()
    expect(page.get_by_text("Committed.").first).to_be_visible()
    page.get_by_role("tab", name="Commits").click()
    row = line.table("Commits").get_by_role("row", name="Invert the stop")
    row.get_by_role("button").click()
    expect(page.get_by_text("contact inverted").first).to_be_visible()
    page.get_by_role("tab", name="Branches").click()
    page.get_by_label("New branch").fill("line-2")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(line.table("Branches").get_by_role("row", name="line-2")).to_be_visible()


def test_the_page_speaks_german(line: Console) -> None:
    page = line.open(f"{VIEW}?block=Sum&left=commit:HEAD&right=project", language="de")
    expect(page.get_by_role("heading", level=1)).to_have_text("Änderungen von Sum")


@needs_axe
@pytest.mark.parametrize(
    "view",
    [
        "",
        "?tab=log",
        "?tab=branches",
        "?tab=snapshots",
        "?block=Motor&left=commit:HEAD~1",
        "?block=Sum&left=commit:HEAD~1",
    ],
)
def test_axe_finds_nothing(line: Console, view: str) -> None:
    page = line.open(f"{VIEW}{view}")
    expect(page.get_by_text("Loading")).to_have_count(0)
    page.wait_for_timeout(500)
    assert line.violations() == []
