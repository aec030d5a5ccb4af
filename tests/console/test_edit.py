"""The editor in a browser: findings while typing, the way of a text into the project, three versions after a conflict."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from simatic_xml.scl.lexer import KEYWORDS
from tests import ROOT
from tests.console.console import Console, needs_axe

SCL = """FUNCTION_BLOCK "Motor"
{ S7_Optimized_Access := 'TRUE' }
VAR_INPUT
    start : Bool;
END_VAR
VAR_OUTPUT
    run : Bool;
END_VAR
BEGIN
    #run := #start;
END_FUNCTION_BLOCK
"""
VIEW = "p/Conveyor/PLC_1/blocks/Motor?tab=code"
CONTENT = "devices/PLC_1/blocks/Motor/content"


@pytest.fixture
def block(console: Console) -> Console:
    """A console whose project has one compiled SCL block."""
    if not console.service.send("GET", "projects"):
        console.service.create_project()
    console.service.send("POST", "devices/PLC_1/external-sources/import-and-generate", {"sclContent": SCL})
    console.service.send("POST", "devices/PLC_1/actions/compile-sync", {})
    return console


def editor(page: Page) -> Locator:
    found = page.get_by_role("textbox", name="Code of Motor")
    expect(found).to_contain_text("FUNCTION_BLOCK")
    return found


def replace_text(page: Page, old: str, new: str) -> None:
    """Put the whole text with a change into the editor, as a paste does."""
    text = source(page)
    assert old in text
    field = editor(page)
    field.focus()
    page.keyboard.press("Control+a")
    page.evaluate("text => navigator.clipboard.writeText(text)", text.replace(old, new))
    page.keyboard.press("Control+v")


def source(page: Page) -> str:
    return "\n".join(editor(page).locator(".cm-line").all_inner_texts()).replace("\n\n", "\n")


def in_project(console: Console) -> str:
    return str(console.service.send("GET", CONTENT)["sourceText"])


def change_elsewhere(console: Console, old: str, new: str) -> None:
    text = in_project(console)
    assert old in text
    console.service.send("PUT", CONTENT, {"sourceText": text.replace(old, new)})


def test_the_editor_knows_the_keywords_of_the_lexer() -> None:
    text = (ROOT / "console" / "scl.js").read_text("utf-8")
    (words,) = re.findall(r"KEYWORDS = `([^`]+)`", text)
    assert set(words.split()) == KEYWORDS
    assert len(words.split()) == len(KEYWORDS)


def test_an_error_is_shown_while_typing_and_leads_to_its_page(block: Console) -> None:
    page = block.open(VIEW)
    findings = page.get_by_role("region", name="Findings")
    expect(findings).to_contain_text("0 errors")
    replace_text(page, "#run := #start;", "#run := #nothing;")
    expect(findings).to_contain_text("1 errors")
    link = findings.get_by_role("link", name="name.undefined")
    assert link.get_attribute("href") == f"{block.service.address}/docs/diagnostics/scl.html"
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    findings.get_by_role("button", name="Line").first.click()
    assert page.evaluate("document.activeElement.className") == "editor"
    replace_text(page, "#nothing", "#start")
    expect(findings).to_contain_text("0 errors")


@pytest.mark.slow
def test_a_text_is_saved_after_its_difference_was_shown_and_compiled(block: Console) -> None:
    page = block.open(VIEW)
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    replace_text(page, "#run := #start;", "#run := NOT #start;")
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("line changed")
    assert "NOT" not in in_project(block)
    dialog.get_by_role("button", name="Import and compile").click()
    expect(page.get_by_text("Motor is saved and compiled.")).to_be_visible()
    content = block.service.send("GET", CONTENT)
    assert "#run := NOT #start;" in content["sourceText"]
    assert content["needsCompilation"] is False
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()


@pytest.mark.slow
def test_a_text_with_errors_is_refused_with_its_place_and_one_that_does_not_compile_says_so(block: Console) -> None:
    page = block.open(VIEW)
    replace_text(page, "#run := #start;", "#run := ;")
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("source.errors")
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    assert "#run := #start;" in in_project(block)
    replace_text(page, "#run := ;", "#run := #nothing;")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("cannot be compiled: 1")
    expect(dialog.get_by_role("alert")).to_contain_text("nothing")
    dialog.get_by_role("button", name="Import and compile").click()
    expect(dialog).to_contain_text("The compilation has 1 errors")


@pytest.mark.slow
def test_a_conflict_shows_three_versions_and_overwrites_nothing_unseen(block: Console) -> None:
    page = block.open(VIEW)
    replace_text(page, "#run := #start;", "#run := NOT #start;")
    change_elsewhere(block, "VAR_INPUT \n", "VAR_INPUT \n      stop : Bool;\n")
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog", name="Somebody has changed Motor meanwhile")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("textbox", name="Theirs")).to_contain_text("stop : Bool;")
    expect(dialog.get_by_role("textbox", name="Mine")).to_contain_text("NOT #start")
    dialog.get_by_label("what they changed").check()
    expect(dialog.get_by_role("textbox", name="At the beginning")).to_be_visible()
    expect(dialog.get_by_role("textbox", name="Mine")).to_have_count(0)
    assert "stop" in in_project(block)
    assert "NOT" not in in_project(block)
    dialog.get_by_label("theirs and mine").check()
    dialog.get_by_role("button", name="Take this difference to the right").first.click()
    dialog.get_by_role("button", name="Continue with mine").click()
    page.get_by_role("dialog").get_by_role("button", name="Import and compile").click()
    expect(page.get_by_text("Motor is saved and compiled.")).to_be_visible()
    merged = in_project(block)
    assert ("stop" in merged, "NOT #start" in merged) == (True, True)


@pytest.mark.slow
def test_a_text_that_is_not_saved_is_there_after_another_page(block: Console) -> None:
    page = block.open(VIEW)
    replace_text(page, "#run := #start;", "#run := NOT #start;")
    expect(page.locator("main .badge", has_text="not saved")).to_be_visible()
    page.evaluate("location.hash = '#/jobs'")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jobs")
    page.evaluate("view => (location.hash = `#/${view}`)", VIEW)
    expect(editor(page)).to_contain_text("NOT #start")
    page.get_by_role("button", name="Discard my changes").click()
    expect(page.locator("main .badge", has_text="not saved")).to_have_count(0)
    expect(editor(page)).not_to_contain_text("NOT #start")


@pytest.mark.slow
def test_the_keyboard_enters_and_leaves_the_editor(block: Console) -> None:
    page = block.open(VIEW)
    field = editor(page)
    field.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Tab")
    assert source(page).startswith("  FUNCTION_BLOCK")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()


@pytest.mark.slow
def test_a_ladder_block_is_shown_as_text(block: Console) -> None:
    document: dict[str, Any] = {
        "kind": "FC",
        "name": "Lamp",
        "language": "LAD",
        "interface": {"Input": [{"name": "on", "type": "Bool"}], "Output": [{"name": "lamp", "type": "Bool"}]},
        "networks": [{"source": {"rungs": [[{"contact": "#on"}, {"coil": "#lamp"}]]}}],
    }
    block.service.send("POST", "devices/PLC_1/blocks", {"document": document})
    page = block.open("p/Conveyor/PLC_1/blocks/Lamp?tab=code")
    expect(page.locator("pre")).to_contain_text("contact #on")


@pytest.mark.slow
def test_a_viewer_reads_and_does_not_save(block: Console) -> None:
    key = block.service.send("POST", "api-keys", {"name": "reader", "right": "viewer", "expiresInDays": 1})["apiKey"]
    page = block.open(VIEW, key=key)
    replace_text(page, "#run := #start;", "#run := NOT #start;")
    expect(page.locator("main .badge", has_text="not saved")).to_be_visible()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Discard my changes").click()


@pytest.mark.slow
def test_the_editor_speaks_german(block: Console) -> None:
    page = block.open(VIEW, language="de")
    expect(page.get_by_role("region", name="Befunde")).to_contain_text("0 Fehler")
    expect(page.get_by_role("textbox", name="Code von Motor")).to_be_visible()


@needs_axe
@pytest.mark.slow
def test_axe_finds_nothing(block: Console) -> None:
    page = block.open(VIEW)
    replace_text(page, "#run := #start;", "#run := NOT #nothing; // comment")
    expect(page.get_by_role("region", name="Findings")).to_contain_text("1 errors")
    assert block.violations() == []
    replace_text(page, "#nothing", "#start")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Import and compile")).to_be_visible()
    assert block.violations() == []


@pytest.mark.slow
def test_the_page_of_a_block_has_the_editor_as_a_tab(block: Console) -> None:
    page = block.open("p/Conveyor/PLC_1/blocks/Motor?tab=code")
    replace_text(page, "#run := #start;", "#run := #nothing;")
    expect(page.get_by_role("region", name="Findings")).to_contain_text("1 errors")
