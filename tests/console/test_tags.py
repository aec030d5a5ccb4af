"""Tags and types in a browser: a long table, a filter, an edit with a preview, rows of a spreadsheet, a file, data types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.console.console import Console, needs_axe

pytestmark = pytest.mark.slow
VIEW = "p/Tagged/PLC_1/tags"
MANY = 20_000
TYPE = 'TYPE "Drive"\nSTRUCT\n    speed : Real := 1.5; // rpm\n    limits : STRUCT\n        low : Int;\n    END_STRUCT;\nEND_STRUCT\nEND_TYPE\n'


@pytest.fixture
def tagged(console: Console) -> Console:
    """A project with many tags and a data type."""
    service = console.service
    if not service.send("GET", "projects"):
        service.create_project("Tagged")
        tags = [
            {
                "name": f"Signal{number:05}",
                "dataType": "Bool",
                "logicalAddress": f"%M{number // 8}.{number % 8}",
                "path": "Many",
            }
            for number in range(MANY)
        ]
        service.send("POST", "devices/PLC_1/tags/actions/import-sync", {"tags": tags})
        service.send("POST", "devices/PLC_1/external-sources/import-and-generate", {"sclContent": TYPE})
        service.send("POST", "devices/PLC_1/actions/compile-sync", {})
    return console


def tag(console: Console, name: str) -> dict[str, Any]:
    (found,) = console.service.send("GET", "devices/PLC_1/tags/all", filter=f"name={name}")
    return dict(found)


def paste(console: Console, text: str) -> None:
    console.page.get_by_role("button", name="Paste rows").click()
    dialog = console.page.get_by_role("dialog")
    dialog.get_by_label("Rows").fill(text)
    dialog.get_by_role("button", name="Preview").click()


def test_a_long_table_has_only_its_visible_rows_in_the_page(tagged: Console) -> None:
    page = tagged.open(VIEW)
    table = tagged.table("Tags")
    expect(page.get_by_text("20,000 tags").first).to_be_visible()
    expect(table).to_have_attribute("aria-rowcount", str(MANY + 1))
    assert table.get_by_role("row").count() < 60
    expect(table).to_contain_text("Signal00003")
    page.get_by_role("region", name="Tags").evaluate("box => (box.scrollTop = 32 * 15000)")
    expect(table).to_contain_text("Signal15003")
    assert table.get_by_role("row").count() < 60
    page.get_by_role("region", name="Tags").evaluate("box => (box.scrollTop = box.scrollHeight)")
    expect(table).to_contain_text(f"Signal{MANY - 1}")


def test_columns_are_filtered_and_sorted_by_the_service(tagged: Console) -> None:
    page = tagged.open(VIEW)
    page.get_by_role("searchbox", name="Name").fill("l0012")
    page.get_by_role("searchbox", name="Address").fill("M15.")
    expect(page.get_by_text("8 tags").first).to_be_visible()
    expect(tagged.table("Tags").get_by_role("row")).to_have_count(9)
    page.get_by_label("Sort by").select_option("logicalAddress")
    expect(tagged.table("Tags").get_by_role("row").nth(1)).to_contain_text("%M15.0")


def test_a_cell_is_changed_after_its_preview(tagged: Console) -> None:
    page = tagged.open(VIEW)
    page.get_by_role("searchbox", name="Name").fill("Signal00007")
    page.get_by_role("button", name="Comment of Signal00007").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Comment").fill("Lamp of the gate")
    dialog.get_by_role("button", name="Preview").click()
    expect(dialog.locator("ins")).to_have_text("Lamp of the gate")
    assert tag(tagged, "Signal00007")["comment"] == ""
    dialog.get_by_role("button", name="Save").click()
    expect(tagged.table("Tags")).to_contain_text("Lamp of the gate")
    assert tag(tagged, "Signal00007")["comment"] == "Lamp of the gate"


def test_a_wrong_value_is_refused_by_the_preview_and_a_tag_that_changed_is_not_overwritten(tagged: Console) -> None:
    page = tagged.open(VIEW)
    page.get_by_role("searchbox", name="Name").fill("Signal00009")
    page.get_by_role("button", name="Address of Signal00009").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Address").fill("%Z1")
    dialog.get_by_role("button", name="Preview").click()
    expect(dialog.get_by_role("alert")).to_contain_text("tag_address.width")
    tagged.service.send("PUT", "devices/PLC_1/tag-tables/Many/tags/Signal00009", {"comment": "theirs"})
    dialog.get_by_label("Address").fill("%M9000.1")
    dialog.get_by_role("button", name="Preview").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Somebody has changed this tag")
    assert tag(tagged, "Signal00009")["logicalAddress"] == "%M1.1"


def test_rows_of_a_spreadsheet_are_previewed_with_all_errors_and_imported(tagged: Console) -> None:
    page = tagged.open(VIEW)
    rows = "Name\tData Type\tAddress\tComment\tTable\nPump\tBool\t%I10.0\tFirst\tPumps\nValve\tBoool\t%I10.1\t\tPumps\nTank\tInt\t%Z4\t\tPumps\n"
    paste(tagged, rows)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("2 errors")).to_be_visible()
    errors = dialog.get_by_role("table", name="Rows with errors").get_by_role("row")
    expect(errors).to_have_count(3)
    expect(errors.nth(1)).to_contain_text("3")
    expect(errors.nth(2)).to_contain_text("4")
    expect(dialog.get_by_role("button", name="Import", exact=True)).to_be_disabled()
    dialog.get_by_role("button", name="Cancel").click()
    paste(tagged, rows.replace("Boool", "Bool").replace("%Z4", "%IW20"))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("New tag tables: Pumps")).to_be_visible()
    dialog.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("3 tags are new")).to_be_visible()
    assert (tag(tagged, "Tank")["logicalAddress"], tag(tagged, "Pump")["comment"]) == ("%IW20", "First")


def test_a_file_is_imported_and_its_rows_with_errors_are_listed(tagged: Console, tmp_path: Path) -> None:
    file = tmp_path / "signals.csv"
    file.write_text("Name;Data Type;Logical Address\nFan;Bool;%I11.0\nHeater;Bool;%I11.99\n", encoding="utf-8")
    page = tagged.open(VIEW)
    page.locator("input[type=file]").set_input_files(file)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("table", name="Rows with errors")).to_contain_text("3")
    dialog.get_by_role("button", name="Cancel").click()
    file.write_text("Name;Data Type;Logical Address\nFan;Bool;%I11.0\n", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(file)
    dialog.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("1 tags are new")).to_be_visible()
    assert tag(tagged, "Fan")["logicalAddress"] == "%I11.0"


def test_a_paste_anywhere_on_the_page_is_previewed(tagged: Console) -> None:
    page = tagged.open(VIEW)
    expect(page.get_by_text("tags").first).to_be_visible()
    page.evaluate("navigator.clipboard.writeText('Extra\\tBool\\t%I12.0')")
    page.locator("h1").click()
    page.keyboard.press("Control+v")
    expect(page.get_by_role("dialog").get_by_text("1 new, 0 changed")).to_be_visible()


def test_types_are_listed_with_their_members(tagged: Console) -> None:
    page = tagged.open(f"{VIEW}?tab=types")
    tagged.table("Data types").get_by_role("button", name="Drive").click()
    members = tagged.table("Members of Drive")
    expect(members.get_by_role("row")).to_have_count(4)
    expect(members).to_contain_text("limits.low")
    expect(members.get_by_role("row").nth(1)).to_contain_text("1.5")
    assert page.url.endswith("tab=types")


def test_the_page_speaks_german(tagged: Console) -> None:
    page = tagged.open(VIEW, language="de")
    expect(page.get_by_text("Variablen").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Variablen und Datentypen")


@needs_axe
def test_axe_finds_nothing(tagged: Console) -> None:
    page = tagged.open(VIEW)
    expect(tagged.table("Tags")).to_contain_text("Signal00003")
    assert tagged.violations() == []
    paste(tagged, "Wrong\tBoool\t%Z1")
    expect(page.get_by_role("table", name="Rows with errors")).to_be_visible()
    assert tagged.violations() == []
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Data types").click()
    tagged.table("Data types").get_by_role("button", name="Drive").click()
    expect(tagged.table("Members of Drive")).to_be_visible()
    assert tagged.violations() == []
