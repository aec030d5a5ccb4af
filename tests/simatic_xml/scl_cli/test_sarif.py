"""The SARIF log has the form of the specification, says what the text report says, and its fixes do what --fix does."""

import json
from pathlib import Path
from typing import Any

import pytest

from simatic_xml import lint
from simatic_xml.scl_cli import main

SOURCE = """FUNCTION "Motor 1" : Void
BEGIN
    IF (#start) = TRUE THEN   
        #on := NOT (#a = #b); #c := (1);
    END_IF;
    #d := %I0.0;
END_FUNCTION
"""  # noqa: W291 - blanks at the end of a line are what is looked for

REQUIRED = {
    "log": {"version", "runs"},
    "run": {"tool"},
    "driver": {"name"},
    "rule": {"id"},
    "result": {"message"},
    "fix": {"artifactChanges"},
    "change": {"artifactLocation", "replacements"},
    "replacement": {"deletedRegion"},
}
ALLOWED = {
    "log": {"$schema", "version", "runs"},
    "run": {"tool", "columnKind", "invocations", "results"},
    "driver": {"name", "rules"},
    "rule": {"id", "name", "shortDescription", "help", "defaultConfiguration"},
    "result": {"ruleId", "ruleIndex", "level", "message", "locations", "fixes"},
    "fix": {"description", "artifactChanges"},
    "change": {"artifactLocation", "replacements"},
    "replacement": {"deletedRegion", "insertedContent"},
}
"""Properties of the specification 2.1.0 (sections 3.13, 3.14, 3.19, 3.49, 3.27, 3.55 to 3.57) that are written here."""


def requires(kind: str, data: dict[str, Any]) -> None:
    assert REQUIRED[kind] <= set(data) <= ALLOWED[kind]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.chdir(tmp_path)
    Path("motor 1.scl").write_text(SOURCE, encoding="utf-8", newline="\n")
    main(["lint", "motor 1.scl", "--format", "sarif"])
    return json.loads(capsys.readouterr().out)


def test_form(log: Any) -> None:
    requires("log", log)
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    requires("run", run)
    driver = run["tool"]["driver"]
    requires("driver", driver)
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        requires("rule", rule)
        assert rule["help"]["text"] and rule["shortDescription"]["text"].endswith(".")
    for result in run["results"]:
        requires("result", result)
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note") and result["message"]["text"]
        for fix in result.get("fixes", []):
            requires("fix", fix)
            for change in fix["artifactChanges"]:
                requires("change", change)
                assert change["replacements"]
                for replacement in change["replacements"]:
                    requires("replacement", replacement)


def test_places(log: Any) -> None:
    lines = SOURCE.split("\n")
    found = {}
    for result in log["runs"][0]["results"]:
        [location] = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == "motor%201.scl"
        region = location["physicalLocation"]["region"]
        assert region["startLine"] == region["endLine"]
        line = lines[region["startLine"] - 1]
        found[result["ruleId"]] = line[region["startColumn"] - 1 : region["endColumn"] - 1]
    assert found["L106"] == '"Motor 1"'
    assert found["L501"] == "%I0.0"
    assert found["L405"] == "NOT (#a = #b)"


def test_fixes_are_those_of_fix(log: Any) -> None:
    """Applied together, backwards, they give what one pass of --fix gives."""
    lines = [f"{line}\n" for line in SOURCE.split("\n")]
    starts = [sum(map(len, lines[:index])) for index in range(len(lines))]
    edits = set()
    for result in log["runs"][0]["results"]:
        for replacement in (r for f in result.get("fixes", []) for r in f["artifactChanges"][0]["replacements"]):
            region = replacement["deletedRegion"]
            start = starts[region["startLine"] - 1] + region["startColumn"] - 1
            stop = starts[region["endLine"] - 1] + region["endColumn"] - 1
            edits.add((start, stop, replacement["insertedContent"]["text"]))
    text = SOURCE
    for start, stop, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[stop:]
    assert lint.fix(text) == lint.fix(SOURCE)
    assert text != SOURCE


def test_findings_of_the_compiler(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "belt.scl"
    path.write_text(SOURCE, encoding="utf-8")
    main(["check", str(path), "--format", "sarif"])
    [run] = json.loads(capsys.readouterr().out)["runs"]
    assert "name.undefined" in [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    locations = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]]
    assert set(locations) == {path.as_uri()}


def test_nothing_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.scl"
    path.write_text("", encoding="utf-8")
    assert main(["lint", str(path), "--format", "sarif"]) == 0
    [run] = json.loads(capsys.readouterr().out)["runs"]
    assert run["results"] == []
