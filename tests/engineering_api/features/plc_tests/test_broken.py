"""Reports are always written: what cannot be read, compiled or run is an error in each of them, and the other tests run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from engineering_api.cli.commands import main
from tests.engineering_api.features.plc_tests import programs

BROKEN = {
    "bad_key.plctest.yaml": ("tests:\n- {name: a, stepz: []}\n- {name: b, steps: []}\n", 2),
    "not_yaml.plctest.yaml": ("tests: [\n", 2),
    "unknown.plctest.yaml": ("block: Nothing\ntests: [{name: x, steps: [{}]}]\n", 2),
}
"""Test files that cannot be used, with the line of their first mistake."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    programs.put(tmp_path)
    return tmp_path


def tia(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["test", *arguments])


ALL = ("--json", "r.json", "--sarif", "r.sarif", "--junit", "r.xml", "--gitlab", "r.gitlab", "-o", "out")


def errors() -> list[tuple[str, int]]:
    """Return file and line of each error; they are the same in all reports."""
    document = etree.parse("r.xml").getroot()
    cases = [case for case in document.iter("testcase") if case.find("error") is not None]
    assert document.get("errors") == str(len(cases))
    found = [(case.get("file", ""), int(case.get("line", "0"))) for case in cases]
    plain: list[dict[str, Any]] = json.loads(Path("r.json").read_text())["broken"]
    assert sorted((each["file"], each["line"]) for each in plain) == sorted(found)
    (run,) = json.loads(Path("r.sarif").read_text())["runs"]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert all(rule["shortDescription"]["text"] != rule["id"] for rule in run["tool"]["driver"]["rules"])
    assert len(run["results"]) == len(json.loads(Path("r.gitlab").read_text())) == len(found)
    written = etree.parse("out/report.xml").getroot()
    assert written.get("errors") == str(len(cases))
    assert Path("out/report.html").is_file() and Path("out/report.json").is_file()
    return found


@pytest.mark.parametrize("name", BROKEN)
def test_a_test_file_that_cannot_be_used_is_an_error_and_the_others_run(here: Path, name: str) -> None:
    text, line = BROKEN[name]
    (here / name).write_text(text)
    done = tia(".", "-k", "*", *ALL)
    assert done.exit_code == 3
    assert "5 passed, " in done.output and f"{name}:" in done.output
    found = errors()
    assert {file for file, _ in found} == {name} and found[0][1] == line
    assert etree.parse("r.xml").getroot().get("tests") == str(5 + len(found))


def test_each_compile_error_is_an_error_with_its_place(here: Path) -> None:
    text = programs.MOTOR.replace("#starts + 1", "#strats + 1").replace("BEGIN\n", "BEGIN\n   #nothing := 1;\n")
    (here / "b_motor.scl").write_text(text + programs.SCALE)
    done = tia(".", *ALL)
    assert done.exit_code == 3
    lines = [number for number, line in enumerate(text.splitlines(), 1) if "#strats" in line or "#nothing" in line]
    assert sorted(errors()) == [("b_motor.scl", line) for line in lines]
    skipped = [case for case in etree.parse("r.xml").getroot().iter("testcase") if case.find("skipped") is not None]
    assert len(skipped) == 5
    assert all(f"b_motor.scl:{line}:" in done.output for line in lines) and "#strats" in done.output


@pytest.mark.parametrize(
    "arguments",
    [("missing",), (".", "--sources", "missing"), (".", "--project", "missing.ap20"), (".", "-k", "nothing")],
)
def test_what_is_not_there_is_an_error_in_the_reports(here: Path, arguments: tuple[str, ...]) -> None:
    assert tia(*arguments, *ALL).exit_code == 3
    assert len(errors()) == 1


@pytest.mark.parametrize("form", ["text", "json", "junit", "sarif", "gitlab"])
def test_the_output_has_each_form_next_to_the_files(here: Path, form: str) -> None:
    done = tia(".", "-k", "scale", "--format", form, "--junit", "r.xml")
    assert done.exit_code == 0 and done.output.strip()
    assert etree.parse("r.xml").getroot().get("failures") == "0"


def test_a_failed_test_is_a_result_at_its_line(here: Path) -> None:
    (here / "x.plctest.yaml").write_text("tests:\n- {name: x, block: Scale, steps: [{expect: {Ret_Val: 7}}]}\n")
    assert tia("x.plctest.yaml", "--sarif", "r.sarif").exit_code == 1
    (result,) = json.loads(Path("r.sarif").read_text())["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (result["ruleId"], place["artifactLocation"]["uri"]) == ("plc_test.failed", "x.plctest.yaml")
    assert place["region"]["startLine"] == 2
