"""Whole runs: sources and projects to reports, on the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result
from lxml import etree

from engineering_api.cli.commands import main
from engineering_api.features.plc_tests.benches.workbench import Subject, workbench
from openness_bridge.portal.loader import load
from openness_bridge.project import projects
from tests import ROOT
from tests.engineering_api.features.plc_tests import programs

EXAMPLES = ROOT / "examples" / "conveyor"


def tia(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["test", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result


def test_sources_beside_the_tests_are_tested(tmp_path: Path) -> None:
    output = tia(programs.put(tmp_path)).output
    assert output.splitlines()[-1].startswith("5 passed in ")
    assert "ok    Motor counts speed [speed=-1, total=-10]  (90 ms virtual)" in output
    assert "ok    Plant starts" in output


def test_results_come_in_the_order_of_the_tests(tmp_path: Path) -> None:
    document = json.loads(tia(programs.put(tmp_path), "--format", "json").output)
    assert [each["testName"] for each in document["results"]] == [
        "Motor starts after a second",
        "Motor counts speed [speed=5, total=50]",
        "Motor counts speed [speed=-1, total=-10]",
        "Scale halves",
        "Plant starts",
    ]
    assert (document["total"], document["passed"], document["failed"]) == (5, 5, 0)


def test_reports_among_the_sources_are_no_sources(tmp_path: Path) -> None:
    programs.put(tmp_path)
    tia(tmp_path, "-k", "scale", "-o", tmp_path / "out")
    tia(tmp_path, "-k", "scale")
    assert "is not a source" in tia(tmp_path, "--sources", tmp_path / "out" / "report.xml", code=3).output


def test_simatic_ml_files_are_sources(tmp_path: Path) -> None:
    (tmp_path / "LevelScaling.xml").write_bytes((EXAMPLES / "LevelScaling.xml").read_bytes())
    text = "tests:\n- {name: x, block: LevelScaling, steps: [{write: {raw: 27648}, expect: {percent: 100}}]}\n"
    (tmp_path / "x.plctest.yaml").write_text(text)
    assert "1 passed" in tia(tmp_path).output


def test_only_some_tests(tmp_path: Path) -> None:
    programs.put(tmp_path)
    assert "1 passed" in tia(tmp_path, "-k", "scale").output
    assert "2 passed" in tia(tmp_path, "-k", "motor counts*").output
    assert "No test has 'nothing'" in tia(tmp_path, "-k", "nothing", code=3).output


def test_failures_have_file_line_and_step(tmp_path: Path) -> None:
    programs.put(tmp_path, tests=False)
    file = tmp_path / "x.plctest.yaml"
    file.write_text("block: Scale\ntests:\n- name: wrong\n  steps:\n  - {write: {raw: 2}, expect: {Ret_Val: 2}}\n")
    output = tia(file, code=1).output
    assert f"FAIL  wrong  (0 s virtual)\n      {file}:3: Step 1: Ret_Val is 1.0, expected 2.0." in output
    assert "0 passed, 1 failed" in output
    document = etree.fromstring(tia(file, "--format", "junit", code=1).output.encode())
    assert dict(document.attrib)["failures"] == "1"
    failure = document.find(".//failure")
    assert failure is not None and "FAIL Ret_Val is 1.0, expected 2.0." in (failure.text or "")


def test_coverage_counts_what_tests_of_the_program_and_of_blocks_reach(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    programs.put(tmp_path)
    output = tia(tmp_path, "--coverage", "-o", folder).output
    assert "Main              2/2 100.0%" in output
    assert "PlcTests" not in output
    totals = json.loads((folder / "report.json").read_text())["coverage"]
    blocks = {each["block"]: each["statements"] for each in totals["blocks"]}
    assert blocks["Motor"] == {"total": 6, "reached": 6, "percent": 100.0}
    listing = (folder / "coverage.txt").read_text()
    assert "Motor (FB1)\n  Network 1 (SCL)\n" in listing
    page = (folder / "coverage.html").read_text()
    assert page.startswith("<!doctype html>") and 'id="Motor"' in page
    names = sorted(each.name for each in folder.iterdir())
    assert names == [
        "001-Motor-starts-after-a-second.csv",
        "001-Motor-starts-after-a-second.svg",
        "002-Motor-counts-speed-speed-5-total-50.csv",
        "002-Motor-counts-speed-speed-5-total-50.svg",
        "003-Motor-counts-speed-speed--1-total--10.csv",
        "003-Motor-counts-speed-speed--1-total--10.svg",
        "004-Scale-halves.csv",
        "004-Scale-halves.svg",
        "005-Plant-starts.csv",
        "005-Plant-starts.svg",
        "coverage.html",
        "coverage.txt",
        "report.html",
        "report.json",
        "report.xml",
    ]
    for each in folder.glob("*.svg"):
        etree.fromstring(each.read_bytes())


def test_too_little_coverage_fails(tmp_path: Path) -> None:
    programs.put(tmp_path)
    assert "95% are required" in tia(tmp_path, "-k", "scale", "--fail-under", "95", code=1).output
    tia(tmp_path, "--fail-under", "95")


def test_branches_that_were_never_taken_are_marked(tmp_path: Path) -> None:
    programs.put(tmp_path)
    tia(tmp_path, "-k", "counts", "--coverage", "-o", tmp_path / "out")
    listing = (tmp_path / "out" / "coverage.txt").read_text()
    assert "~     20x    3     IF #delay.Q AND NOT #run THEN    <- never TRUE" in listing
    assert "!      0x    4        #starts := #starts + 1;" in listing


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--sources", "missing"], "There is no file"),
        (["--sources", "x.txt"], "is not a source"),
        (["--sources", "empty"], "There is no source in"),
        (["--project", "missing.ap20"], "There is no project"),
        (["--project", "x.txt"], "project file"),
        (["--cpu", "6ES7 000-0AA00-0AA0"], "6ES7 000-0AA00-0AA0"),
        (["--backend", "openness"], "needs Windows"),
    ],
)
def test_what_cannot_be_tested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], part: str
) -> None:
    programs.put(tmp_path)
    (tmp_path / "x.txt").write_text("")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    assert part in tia(tmp_path, *arguments, code=3).output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_program_with_errors_is_not_tested(tmp_path: Path, encoding: str) -> None:
    """The error has the line and column of the file, in any encoding and with any line ends."""
    programs.put(tmp_path)
    text = "// Für Förderbänder\n\n" + programs.MOTOR.replace("#starts + 1", "#strats + 1") + programs.SCALE
    (tmp_path / "b_motor.scl").write_bytes(text.replace("\n", "\r\n").encode(encoding))
    at = text.find("#strats")
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    assert f"b_motor.scl:{line}:{column}: " in tia(tmp_path, code=3).output


CRASH = """// The index is outside of the array.

ORGANIZATION_BLOCK "Main"
VERSION : 0.1
   VAR_TEMP
      i : Int;
      list : Array[0..3] of Int;
   END_VAR
BEGIN
{0}// Count
{0}#i := 100;
{0}
{0}IF #i > 3 THEN
{0}   #list[#i] := 1;
{0}END_IF;
END_ORGANIZATION_BLOCK
"""


@pytest.mark.parametrize("indent", ["", "   ", "\t"])
def test_a_stop_of_the_cpu_leads_to_the_source(tmp_path: Path, indent: str) -> None:
    text = CRASH.format(indent)
    (tmp_path / "main.scl").write_text(text)
    (tmp_path / "x.plctest.yaml").write_text("tests:\n- {name: x, steps: [{run: 2}]}\n")
    at = text.find("#list[#i]")
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    output = tia(tmp_path, code=1).output
    assert f"main.scl:{line}:{column}: Main" in output, output
    assert "Line " not in output


def test_a_source_that_is_none_is_named(tmp_path: Path) -> None:
    programs.put(tmp_path)
    (tmp_path / "b_motor.scl").write_text("FUNCTION_BLOCK oops")
    output = tia(tmp_path, code=3).output
    assert "b_motor.scl" in output


def test_a_block_that_is_not_there_is_named(tmp_path: Path) -> None:
    programs.put(tmp_path, tests=False)
    (tmp_path / "x.plctest.yaml").write_text("block: Nothing\ntests: [{name: x, steps: [{}]}]\n")
    assert "There is no FB or FC 'Nothing'" in tia(tmp_path, code=3).output


def test_a_test_file_with_errors_names_them(tmp_path: Path) -> None:
    programs.put(tmp_path, tests=False)
    (tmp_path / "x.plctest.yaml").write_text("tests:\n- {name: a, stepz: []}\n- {name: b, steps: []}\n")
    output = tia(tmp_path, code=3).output
    assert "x.plctest.yaml:2" in output and "'stepz' is not known here" in output


def test_usage(tmp_path: Path) -> None:
    tia(code=0)
    tia("--nothing", code=2)
    tia(tmp_path, "--fail-under", "200", code=2)


def test_a_project_and_its_archive_are_tested_and_stay_as_they_are(tmp_path: Path) -> None:
    programs.put(tmp_path)
    model = load("fake")
    with workbench(model, Subject(sources=(tmp_path,))) as work:
        work.program()
        archive = work.session.call(lambda: projects.archive(work.session, tmp_path / "Plant.zap20", save_first=True))
        path = Path(work.session.call(lambda: projects.open_projects(work.session))[0].path)
        shutil.copytree(path.parent, tmp_path / "project", ignore=shutil.ignore_patterns("*.lock"))
    project = tmp_path / "project" / path.name
    before = {each: each.read_bytes() for each in project.parent.rglob("*") if each.is_file()}
    assert "5 passed" in tia(tmp_path, "--project", project).output
    assert {each: each.read_bytes() for each in project.parent.rglob("*") if each.is_file()} == before
    assert "5 passed" in tia(tmp_path, "--project", archive.path).output
    assert "Name the PLC" not in tia(tmp_path, "--project", project, "--device", "PLC_1").output
    assert "There is no device" in tia(tmp_path, "--project", project, "--device", "PLC_9", code=3).output


def test_a_report_is_read_back(tmp_path: Path) -> None:
    from engineering_api.features.plc_tests.results import Report

    tia(programs.put(tmp_path), "-o", tmp_path / "out")
    report = msgspec.json.decode((tmp_path / "out" / "report.json").read_bytes(), type=Report)
    assert report.passed == 5 and len(report.files) == 13
