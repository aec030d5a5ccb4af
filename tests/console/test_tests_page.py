"""The page of tests: suites, runs with progress and cancel, errors in files, and a program that writes by other languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.console.console import Console, needs_axe

LONG = 60_000
SCL = """
FUNCTION_BLOCK "Half"
VAR_INPUT
   raw : Int;
END_VAR
VAR_OUTPUT
   value : Real;
END_VAR
BEGIN
   #value := INT_TO_REAL(#raw) / 2.0;
END_FUNCTION_BLOCK
"""
GOOD = """
tests:
- name: Half of ten
  block: Half
  steps:
  - {description: Ten, write: {raw: 10}, expect: {value: 5.0}}
- name: Half of eleven
  block: Half
  steps:
  - {description: Eleven, write: {raw: 11}, expect: {value: 5.0}}
"""
SLOW = """
tests:
- name: A long time
  block: Half
  steps:
  - {description: Wait, write: {raw: 10}, wait: 5h}
"""


def folder_of_tests(console: Console) -> Path:
    folder = console.service.folder / "data" / "workspace" / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    return folder


@pytest.fixture
def suite(console: Console) -> Path:
    """A saved project with a block, and a test file with a green and a red test."""
    if not console.service.send("GET", "status/summary")["projects"]:
        console.service.create_project("Halves")
        console.service.generate(SCL)
        console.service.send("POST", "projects/actions/save-sync", {})
    folder = folder_of_tests(console)
    (folder / "half.plctest.yaml").write_text(GOOD, "utf-8")
    return folder


def test_without_test_files_the_page_says_where_they_belong(console: Console) -> None:
    folder_of_tests(console)
    page = console.open("tests")
    expect(page.locator(".empty").first).to_contain_text("*.plctest.yaml")
    expect(page.get_by_role("button", name="Run all tests")).to_be_disabled()


@pytest.mark.slow
def test_a_run_of_all_opens_at_the_failure_and_the_results_stay_in_the_list(console: Console, suite: Path) -> None:
    page = console.open("tests")
    page.get_by_role("button", name="Run all tests").click()
    expect(page.get_by_role("main")).to_contain_text("1 of 2 passed", timeout=LONG)
    failed = page.locator(".steps li[data-failed] tbody tr")
    expect(failed.get_by_role("cell").nth(1)).to_have_text("5.0")
    expect(failed.get_by_role("cell").nth(2)).to_have_text("5.5")
    values = console.table("Values at the cursor")
    expect(values.locator("tbody tr", has_text="value")).to_contain_text("Half, network 1")
    expect(console.table("Coverage").get_by_role("row", name="Half")).to_contain_text("100 % (1/1)")
    page.get_by_role("main").get_by_role("link", name="Tests", exact=True).click()
    rows = console.table("half.plctest.yaml")
    expect(rows.get_by_role("row", name="Half of ten")).to_contain_text("passed")
    expect(rows.get_by_role("row", name="Half of eleven")).to_contain_text("failed")
    expect(console.table("Coverage").get_by_role("row", name="All blocks")).to_contain_text("100 % (1/1)")


@pytest.mark.slow
def test_one_test_runs_alone(console: Console, suite: Path) -> None:
    page = console.open("tests")
    page.get_by_role("button", name="Run Half of ten").click()
    expect(page.get_by_role("main")).to_contain_text("1 of 1 passed", timeout=LONG)
    runs = console.service.send("GET", "plc-tests/runs")
    assert (runs[0]["total"], runs[0]["passed"]) == (1, 1)


@pytest.mark.slow
def test_a_run_is_cancelled_and_nothing_is_kept_of_it(console: Console, suite: Path) -> None:
    (suite / "half.plctest.yaml").write_text(SLOW, "utf-8")
    before = console.service.send("GET", "plc-tests/runs")
    page = console.open("tests")
    page.get_by_role("button", name="Run all tests").click()
    expect(page.get_by_role("group", name="Progress")).to_contain_text("A long time", timeout=LONG)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The job was cancelled.")).to_be_visible(timeout=LONG)
    assert console.service.send("GET", "plc-tests/runs") == before
    page.get_by_text("Close").click()
    expect(page.get_by_role("button", name="Run all tests")).to_be_enabled()


def test_a_file_with_an_error_shows_its_place(console: Console, suite: Path) -> None:
    (suite / "bad.plctest.yaml").write_text("tests:\n- nam: x\n", "utf-8")
    page = console.open("tests")
    expect(page.get_by_role("alert")).to_contain_text("bad.plctest.yaml:2")
    expect(console.table("half.plctest.yaml")).to_be_visible()


@pytest.mark.slow
def test_changes_that_are_not_saved_are_refused_with_the_way_on(console: Console, suite: Path) -> None:
    console.service.send("POST", "devices/PLC_1/watch-tables", {"name": "New"})
    page = console.open("tests")
    page.get_by_role("button", name="Run all tests").click()
    expect(page.get_by_role("alert")).to_contain_text("project.not_saved", timeout=LONG)
    console.service.send("POST", "projects/actions/save-sync", {})


def test_an_unknown_run_is_named(console: Console) -> None:
    page = console.open("tests/20261125T004011123-5f0c2a9e")
    expect(page.get_by_role("alert")).to_contain_text("test_run.not_found")


def test_the_page_speaks_german(console: Console, suite: Path) -> None:
    page = console.open("tests", language="de")
    expect(page.get_by_role("button", name="Alle Tests ausführen")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("tests.")


@needs_axe
def test_axe_finds_nothing(console: Console, suite: Path) -> None:
    console.open("tests").locator("td").first.wait_for()
    assert console.violations() == []
