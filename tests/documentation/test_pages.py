"""The pages about the routes: they are what the catalogue says, and their examples are one request in each language."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.cli.commands import main
from engineering_api.documentation import files, languages, shapes, way_back
from engineering_api.documentation.calls import Call, call, select_routes
from engineering_api.documentation.pages import api_pages, pages, render_all, slug
from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import Mode, Route, Undo
from engineering_api.web.openapi.samples import samples
from tests import ROOT
from tests.documentation.reading import examples, sent_by_curl, sent_by_powershell
from tests.support.state.api import CATALOGUE
from tests.support.state.record import is_recorded, stale

UNDO = ROOT / "docs" / "undo.md"
URL, KEY = "http://127.0.0.1:9000", "a-key"
PAGES = {page.title: page for page in api_pages(CATALOGUE)}


def test_the_page_says_exactly_what_can_be_taken_back() -> None:
    section = UNDO.read_text(encoding="utf-8")
    rows = [line for line in section.splitlines() if line.startswith("| ") and "`undo_change`" not in line]
    assert "\n".join(rows) == way_back.list_undoable(CATALOGUE)
    kept = {op.name for op in CATALOGUE if op.undo is Undo.KEPT}
    assert set(re.findall(r"`([a-z_]+\.[a-z_]+)`", section)) == kept


def test_the_table_of_changes_has_each_change_once_in_its_column() -> None:
    rows = [line.split(" | ") for line in way_back.table(CATALOGUE).splitlines() if line.count(" | ") == 3][1:]
    for column, undo in enumerate(Undo, start=1):
        found = [name for row in rows for name in re.findall(r"`([^`]+)`", row[column])]
        assert found == [op.name for op in CATALOGUE if op.changes and op.undo is undo and op.name in found]
        assert set(found) == {op.name for op in CATALOGUE if op.changes and op.undo is undo}


@pytest.mark.slow
def test_a_folder_is_brought_up_to_date(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text("a section that was", encoding="utf-8")
    written = files.write(CATALOGUE, tmp_path)
    assert {"README.md", "gone.md", "blocks.md"} <= set(written)
    assert files.stale(CATALOGUE, tmp_path) == []
    (tmp_path / "blocks.md").write_text("changed", encoding="utf-8")
    assert files.write(CATALOGUE, tmp_path) == ["blocks.md"]


def test_the_text_that_is_served_is_that_of_the_files() -> None:
    served = {f"{page.name}.md": page.content.rstrip() for page in pages(CATALOGUE) if page.kind == "api"}
    made = {name: text for name, text in files.contents(CATALOGUE).items() if name != "README.md"}
    assert all(text.startswith(files.UNSEARCHED) for text in made.values())
    written = {name: text.removeprefix(files.UNSEARCHED).rstrip() for name, text in made.items()}
    assert served == written
    assert all(text in render_all(CATALOGUE) for text in written.values())


@pytest.mark.parametrize("title", PAGES)
def test_a_page_has_every_route_field_and_structure_of_its_section(title: str) -> None:
    content = PAGES[title].content
    for op in CATALOGUE:
        if op.section != title:
            continue
        assert f"Operation `{op.name}`; right {op.right.word};" in content
        for route in op.routes:
            assert f"\n- `{route}`" in content
        for field in msgspec.structs.fields(op.request):
            assert f"\n| `{field.encode_name}` | " in content
    prose = re.sub(r"^```.*?^```$", "", content, flags=re.MULTILINE | re.DOTALL)
    headings = {shapes.anchor(found) for found in re.findall(r"^#{1,3} (.+)$", prose, re.MULTILINE)}
    linked = set(re.findall(r"\]\(#([^)]+)\)", prose))
    assert linked <= headings
    rows = [line for line in content.splitlines() if line.startswith("| ")]
    assert all(
        re.fullmatch(r"\|(?:[^|\\]|\\.)*\|(?:[^|\\]|\\.)*\|(?:[^|\\]|\\.)*\|(?:(?:[^|\\]|\\.)*\|)?", row)
        for row in rows
    )


FOLDED = re.compile(r"^<details .*?^</details>$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("title", PAGES)
def test_a_reader_sees_an_operation_at_one_glance(title: str) -> None:
    """2500 characters outside folded parts are at most 1500 px of the site at a width of 1280 px."""
    content = PAGES[title].content
    parts = FOLDED.sub("", content).split("\n## ")[1:]
    assert parts and max(map(len, parts)) < 2500
    assert content.count("<details ") == content.count("</details>") == len(FOLDED.findall(content))


@pytest.mark.parametrize("op", CATALOGUE.operations, ids=lambda op: op.name)
def test_the_shells_send_the_request_of_the_example(op: Operation) -> None:
    found = [each for each in examples(PAGES[op.section].content) if each.operation == op.name]
    meant = [call(route, op.example) for route in select_routes(op)]
    assert [sent_by_curl(each.code, URL, KEY) for each in found if each.language == "sh"] == meant
    assert [sent_by_powershell(each.code, URL) for each in found if each.language == "powershell"] == meant
    modes = {route.mode for route in select_routes(op)}
    assert len([each for each in found if each.language == "python"]) == len(modes)


def test_routes_that_are_printed_have_an_example_and_every_operation_has_one() -> None:
    for op in CATALOGUE:
        assert all(route in select_routes(op) for route in op.routes if not route.alias)
        assert select_routes(op)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
)


@given(st.dictionaries(texts, values, min_size=1, max_size=4))
def test_whatever_a_body_holds_arrives(body: dict[str, object]) -> None:
    sent = Call("POST", "/api/tags", msgspec.json.encode(body).decode())
    assert sent_by_curl(languages.curl(sent), URL, KEY) == sent
    assert sent_by_powershell(languages.powershell(sent), URL) == sent


@given(texts.filter(bool), st.sampled_from(["GET", "DELETE", "POST"]))
def test_whatever_a_name_holds_stays_one_segment(name: str, method: str) -> None:
    route = Route(method, "/api/devices/{deviceName}/tags/{tagName}", Mode.WAIT)
    sent = call(route, {"deviceName": name, "tagName": name, "more": name})
    assert sent.target.partition("?")[0].count("/") == 5
    assert sent_by_curl(languages.curl(sent), URL, KEY).target == sent.target
    assert sent_by_powershell(languages.powershell(sent), URL).target == sent.target


def test_a_reader_sees_that_an_example_is_broken() -> None:
    with pytest.raises(AssertionError):
        sent_by_powershell('Invoke-RestMethod -Method Get -Uri "$Url/api -Headers $Headers', URL)
    with pytest.raises(ValueError, match="No closing quotation"):
        sent_by_curl('curl "$URL/api\' -H "X-API-Key: $KEY"', URL, KEY)


def test_every_answer_on_the_pages_is_one_of_its_operation() -> None:
    assert stale() == [], "record them again: python -m tests.support.state.record --stale"
    assert set(samples()) <= {op.name for op in CATALOGUE if is_recorded(op)}


@pytest.mark.slow
def test_the_command_writes_and_checks(tmp_path: Path) -> None:
    run = CliRunner()
    assert run.invoke(main, ["docs", "--check", str(tmp_path)]).exit_code == 1
    assert not list(tmp_path.iterdir())
    assert "written: blocks.md" in run.invoke(main, ["docs", str(tmp_path)]).output
    done = run.invoke(main, ["docs", "--check", str(tmp_path)])
    assert (done.exit_code, done.output) == (0, "")


def test_names_of_pages_are_told_apart() -> None:
    names = [page.name for page in pages(CATALOGUE)]
    assert len(set(names)) == len(names)
    assert slug("Data Types (UDT)") == "data-types-udt"
