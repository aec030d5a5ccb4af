"""The command line for SCL: what it prints, which files it writes, its exit codes."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from lxml import etree

from engineering_api.cli.commands import main as tia
from simatic_xml import load
from simatic_xml.scl_cli import main
from tests import ROOT
from tests.simatic_xml.corpus import fixture

FINE, FOUND, USAGE, UNREADABLE = range(4)
CLEAN = 'FUNCTION "Double" : Int\nVAR_INPUT\n    x : Int;\nEND_VAR\nBEGIN\n    #Double := 2 * #x;\nEND_FUNCTION\n'
WRONG = 'FUNCTION "Wrong" : Void\nBEGIN\n    #a := 1;\nEND_FUNCTION\n'
BROKEN = 'FUNCTION "Broken" : Void\nBEGIN\n    #a := ;\nEND_FUNCTION\n'
CASE = 'FUNCTION "Case" : Void\nBEGIN\n    CASE 1 OF\n        1:\n            "F"();\n    END_CASE;\nEND_FUNCTION\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str | bytes) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return name


def standard_input(monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode("utf-8"))))


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    main([*arguments, "--format", "json"])
    return json.loads(capsys.readouterr().out)["findings"]


def test_check_ends_by_what_it_finds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", write("clean.scl", CLEAN)]) == FINE
    assert capsys.readouterr() == ("", "nothing found in 1 file\n")
    assert main(["check", write("wrong.scl", WRONG)]) == FOUND
    assert capsys.readouterr().out.startswith("wrong.scl:3:5: error name.undefined: '#a' is not declared")
    assert main(["check", write("broken.scl", BROKEN)]) == FOUND
    assert "broken.scl:3:11: error syntax.operand-missing" in capsys.readouterr().out
    assert main(["check", "nowhere.scl", "wrong.scl"]) == UNREADABLE
    assert main(["check"]) == USAGE
    assert main(["check", "--cpu", "S5", "clean.scl"]) == USAGE


def test_all_files_are_one_program(capsys: pytest.CaptureFixture[str]) -> None:
    caller = write("a/call.scl", 'FUNCTION "Call" : Int\nBEGIN\n    #Call := "Double"(x := 3);\nEND_FUNCTION\n')
    write("b/double.scl", CLEAN)
    assert [each["code"] for each in report(capsys, "check", caller)] == ["name.undefined"]
    assert report(capsys, "check", "a", "b") == []
    assert report(capsys, "check", caller, "--with", "b/double.scl") == []
    assert report(capsys, "check", caller, "--project", "b") == []
    assert report(capsys, "check", caller, "--project", ".") == []


def test_around_may_be_simatic_ml_and_is_not_reported_on(capsys: pytest.CaptureFixture[str]) -> None:
    tags = write("tags.xml", fixture("tags_v19.xml"))
    name = next(each.name for each in load(fixture("tags_v19.xml")).objects[0].tags)
    caller = write(
        "call.scl", f'FUNCTION "Call" : Void\nVAR_TEMP\nx : Variant;\nEND_VAR\nBEGIN\n"{name}";\nEND_FUNCTION\n'
    )
    source = caller and Path(caller).read_text(encoding="utf-8").replace(f'"{name}";', f'"F"(x := "{name}");')
    write("call.scl", source)
    write("other.scl", WRONG)
    found = report(capsys, "check", "call.scl", "--with", tags, "other.scl")
    assert all(each["file"] == "call.scl" and name not in each["message"] for each in found)


def test_a_source_wins_over_the_program_around_it(capsys: pytest.CaptureFixture[str]) -> None:
    write("double.scl", CLEAN)
    main(["to-xml", "double.scl", "-o", "project"])
    write("project/old.scl", CLEAN.replace("x", "y"))
    capsys.readouterr()
    call = 'FUNCTION "Call" : Int\nBEGIN\n    #Call := "Double"(x := 3, z := 4);\nEND_FUNCTION\n'
    write("double.scl", CLEAN.replace("x : Int;", "x : Int;\n    z : Int;").replace("2 *", "#z *") + call)
    assert report(capsys, "check", "double.scl", "--project", "project") == []


def test_a_name_that_is_there_twice(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.scl", WRONG)
    write("b.scl", WRONG.replace("#a", "#b"))
    found = report(capsys, "check", "a.scl", "b.scl")
    assert [(each["file"], each["code"]) for each in found] == [
        ("a.scl", "name.undefined"),
        ("b.scl", "name.duplicate"),
    ]


def test_unknown_global_names_are_no_errors_of_an_open_program(capsys: pytest.CaptureFixture[str]) -> None:
    text = WRONG.replace("#a := 1;", '"Horn" := #a;\n    "Db".x := 1;\n    "Start"();')
    text = text.replace("BEGIN", 'VAR_TEMP\n    m : "typeMotor";\nEND_VAR\nBEGIN')
    write("wrong.scl", text)
    assert len([each for each in report(capsys, "check", "wrong.scl") if each["level"] == "error"]) == 5
    [left] = [each for each in report(capsys, "check", "wrong.scl", "--open") if each["level"] == "error"]
    assert "'#a'" in left["message"]


def test_the_least_level_that_fails(capsys: pytest.CaptureFixture[str]) -> None:
    write("case.scl", CASE)
    assert main(["lint", "case.scl"]) == FOUND
    assert main(["lint", "case.scl", "--fail-on", "error"]) == FINE
    assert main(["lint", "case.scl", "--only", "L402", "header"]) == FINE
    assert main(["lint", "case.scl", "--only", "L405", "--fail-on", "note"]) == FINE
    assert main(["lint", "case.scl", "--only", "header", "--fail-on", "note"]) == FOUND
    assert main(["lint", "case.scl", "--only", "no-such-rule"]) == USAGE
    assert "no-such-rule" in capsys.readouterr().err


def test_lint_asks_the_types_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    declarations = 'DATA_BLOCK "Plant"\nSTRUCT\n    level : Real;\nEND_STRUCT;\nBEGIN\nEND_DATA_BLOCK\n'
    write("plant.db", declarations)
    text = 'FUNCTION "Full" : Bool\nBEGIN\n    #Full := "Plant".level = 1.0;\nEND_FUNCTION\n'
    write("full.scl", text)
    assert report(capsys, "lint", "full.scl", "--only", "real-equality") == []
    [found] = report(capsys, "lint", "full.scl", "--only", "real-equality", "--with", "plant.db")
    assert (found["line"], found["column"], found["name"]) == (3, 14, "real-equality")


def test_lint_reports_syntax_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", write("broken.scl", BROKEN)]) == FOUND
    assert "syntax.operand-missing" in capsys.readouterr().out


def test_lint_finds_its_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    write("src/case.scl", CASE)
    write(".tia-lint.toml", 'disable = ["all"]\n')
    assert report(capsys, "lint", "src") == []
    write("src/.tia-lint.toml", 'disable = ["all"]\nenable = ["L301"]\n')
    assert [each["code"] for each in report(capsys, "lint", "src")] == []
    write("other.toml", '[severity]\nL301 = "error"\n')
    levels = {each["code"]: each["level"] for each in report(capsys, "lint", "src", "--config", "other.toml")}
    assert levels["L301"] == "error"
    write(".tia-lint.toml", 'disable = ["L999"]\n')
    write("case.scl", CASE)
    assert main(["lint", "case.scl"]) == USAGE
    assert "'L999'" in capsys.readouterr().err
    assert main(["lint", "case.scl", "--config", "nowhere.toml"]) == UNREADABLE


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8-sig", b""), ("utf-16", b""), ("cp1252", b""), ("utf-16-be", b"\xfe\xff")],
)
def test_lint_mends_files_in_their_encoding(encoding: str, mark: bytes) -> None:
    text = 'FUNCTION "Höhe" : Bool\r\nBEGIN\r\n    #Höhe := (#Höhe);   \r\nEND_FUNCTION\r\n'
    write("h.scl", mark + text.encode(encoding))
    main(["lint", "--fix", "h.scl"])
    corrected = text.replace("(#Höhe);   ", "#Höhe;")
    assert Path("h.scl").read_bytes() == mark + corrected.encode(encoding)


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    standard_input(monkeypatch, WRONG)
    assert main(["check", "-"]) == FOUND
    assert capsys.readouterr().out.startswith("-:3:5: error name.undefined")
    standard_input(monkeypatch, "IF (#a) THEN\n    #b := 1;\nEND_IF;\n")
    assert main(["lint", "--fix", "-"]) == FINE
    assert capsys.readouterr().out == "IF #a THEN\n    #b := 1;\nEND_IF;\n"
    standard_input(monkeypatch, "if #a then\n#b := 1;\nend_if;\n")
    assert main(["format", "-"]) == FINE
    assert capsys.readouterr().out == "IF #a THEN\n    #b := 1;\nEND_IF;\n"


def test_format(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.scl", "#a:=1;\r\n")
    write("b.scl", "#a := 1;\n")
    assert main(["format", "--check", "a.scl", "b.scl"]) == FOUND
    assert capsys.readouterr().out == "a.scl\n"
    assert main(["format", "a.scl", "b.scl"]) == USAGE
    assert main(["format", "--diff", "a.scl"]) == FOUND
    assert "-#a:=1;\n+#a := 1;\n" in capsys.readouterr().out
    assert main(["format", "--write", "a.scl", "b.scl"]) == FINE
    assert Path("a.scl").read_bytes() == b"#a := 1;\r\n"
    assert main(["format", "--check", "."]) == FINE
    assert main(["format", write("broken.scl", BROKEN)]) == UNREADABLE


def test_other_files_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", write("x.awl", STL)]) == UNREADABLE
    assert "not read: x.awl: `tia scl lint` reads the declarations in it" in capsys.readouterr().err
    assert main(["check", write("x.txt", "")]) == UNREADABLE


def test_patterns(capsys: pytest.CaptureFixture[str]) -> None:
    write("src/deep/wrong.scl", WRONG)
    write("src/clean.scl", CLEAN)
    assert [each["file"] for each in report(capsys, "check", "src/**/*.scl")] == ["src/deep/wrong.scl"]
    assert main(["check", "src/*.nothing"]) == UNREADABLE


def test_there_and_back(capsys: pytest.CaptureFixture[str]) -> None:
    write("double.scl", CLEAN)
    assert main(["to-xml", "double.scl", "-o", "xml", "--to", "V17"]) == FINE
    assert load(Path("xml/Double.xml").read_bytes()).engineering == "V17"
    assert main(["from-xml", "xml", "-o", "back"]) == FINE
    assert main(["to-xml", "back/Double.scl", "-o", "again", "--to", "V17"]) == FINE
    assert Path("again/Double.xml").read_bytes() == Path("xml/Double.xml").read_bytes()
    capsys.readouterr()
    assert main(["to-xml", "double.scl"]) == FINE
    assert load(capsys.readouterr().out.encode("utf-8")).objects[0].name == "Double"
    assert main(["to-xml", write("two.scl", CLEAN + CLEAN.replace("Double", "Twice"))]) == USAGE
    assert main(["to-xml", write("broken.scl", BROKEN)]) == FOUND


def test_conversion_knows_the_other_files() -> None:
    write("pump.scl", 'FUNCTION_BLOCK "Pump"\nVAR_INPUT\n    on : Bool;\nEND_VAR\nBEGIN\nEND_FUNCTION_BLOCK\n')
    write("db.db", 'DATA_BLOCK "Pump_1"\n"Pump"\nBEGIN\nEND_DATA_BLOCK\n')
    write("call.scl", 'FUNCTION "Call" : Void\nBEGIN\n    "Pump_1"(on := TRUE);\nEND_FUNCTION\n')
    main(["to-xml", "call.scl", "-o", "xml", "--with", "pump.scl", "db.db"])
    assert b'Name="Pump" BlockType="FB"' in Path("xml/Call.xml").read_bytes()
    main(["to-xml", "pump.scl", "db.db", "-o", "xml"])
    main(["to-xml", "call.scl", "-o", "other", "--with", "xml/Pump.xml", "xml/Pump_1.xml"])
    assert Path("other/Call.xml").read_bytes() == Path("xml/Call.xml").read_bytes()


STL = (
    'FUNCTION "Copy" : VOID\nVAR_INPUT\n  a : BOOL;\nEND_VAR\nBEGIN\nNETWORK\n      A #a;\n      = #b;\nEND_FUNCTION\n'
)


def test_other_forms_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    write("copy.awl", STL)
    found = report(capsys, "check", "copy.awl", "--open")
    fields = ("file", "code", "place", "line", "column")
    assert [tuple(each[key] for key in fields) for each in found if each["level"] == "error"] == [
        ("copy.awl", "name.undefined", "Copy / Network 1", 8, STL.splitlines()[7].find("#b") + 1)
    ]
    main(["check", "copy.awl"])
    assert capsys.readouterr().out.startswith("copy.awl:8:9: Copy / Network 1: error name.undefined: '#b'")
    main(["to-xml", write("clean.scl", CLEAN), "-o", "xml"])
    assert main(["from-xml", "xml/Double.xml", "--form", "s7dcl", "-o", "sd"]) == FINE
    capsys.readouterr()
    assert report(capsys, "check", "sd/Double.s7dcl") == report(capsys, "check", "xml/Double.xml") == []
    write("broken.awl", STL.replace("A #a", "A #"))
    assert [each["line"] for each in report(capsys, "check", "broken.awl") if each["code"].startswith("syntax.")] == [7]


def test_other_forms_are_converted(capsys: pytest.CaptureFixture[str]) -> None:
    write("copy.awl", STL.replace("= #b", "BE"))
    assert main(["to-xml", "copy.awl", "-o", "xml"]) == FINE
    assert b"StatementList" in Path("xml/Copy.xml").read_bytes()
    capsys.readouterr()
    assert main(["from-xml", "xml/Copy.xml", "--form", "awl"]) == FINE
    assert "A     #a;" in capsys.readouterr().out
    assert main(["from-xml", "xml/Copy.xml"]) == UNREADABLE
    main(["to-xml", write("clean.scl", CLEAN), "-o", "xml"])
    assert main(["from-xml", "xml/Double.xml", "--form", "s7dcl", "-o", "sd"]) == FINE
    assert main(["to-xml", "sd/Double.s7dcl", "-o", "again"]) == FINE
    assert load(Path("again/Double.xml").read_bytes()).objects[0].name == "Double"


def test_symbols_of_a_type(capsys: pytest.CaptureFixture[str]) -> None:
    write(
        "t.udt",
        'TYPE "typeA"\nSTRUCT\n    s : Struct\n        x : Array[0..3] of Int := [4(1)]; // why\n'
        "    END_STRUCT;\nEND_STRUCT;\nEND_TYPE\n",
    )
    assert main(["symbols", "t.udt"]) == FINE
    [node] = json.loads(capsys.readouterr().out)["files"][0]["objects"]
    [outer] = node["variables"]
    [inner] = outer["members"]
    assert (node["kind"], outer["section"], inner["type"]) == ("TYPE", "None", "Array[0..3] of Int")
    assert (inner["start"], inner["comment"], inner["line"]) == ("[4(1)]", "why", 4)
    assert main(["symbols", write("broken.scl", BROKEN)]) == FOUND


def test_listing_the_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--rules"]) == FINE
    lines = capsys.readouterr().out.splitlines()
    assert "L301 case-else (warning): Every CASE has an ELSE. [Style guide DA017]" in lines
    assert main(["lint"]) == USAGE


def test_tia_scl_is_the_same() -> None:
    write("wrong.scl", WRONG)
    result = CliRunner().invoke(tia, ["scl", "check", "wrong.scl"])
    assert (result.exit_code, "name.undefined" in result.output) == (FOUND, True)
    assert "lint" in CliRunner().invoke(tia, ["scl"]).output


def test_a_closed_output(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Closed())
    assert main(["lint", write("case.scl", CASE)]) == UNREADABLE


def test_as_a_module() -> None:
    root = ROOT
    command = [sys.executable, "-m", "simatic_xml.scl_cli", "lint", write("case.scl", CASE)]
    ended = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(root)})
    assert ended.returncode == FOUND
    assert "case.scl:3:5: warning L301 case-else" in ended.stdout
    assert ended.stderr == "2 notes, 1 warning in 1 file\n"


def test_junit(capsys: pytest.CaptureFixture[str]) -> None:
    write("wrong.scl", WRONG.replace("#a", '#"a\x01 <&>"'))
    write("clean.scl", CLEAN)
    assert main(["check", "wrong.scl", "clean.scl", "--format", "junit", "-o", "report.xml"]) == FOUND
    assert capsys.readouterr().out == ""
    suites = etree.parse("report.xml").getroot()
    assert [(suite.get("name"), suite.get("failures")) for suite in suites][1] == ("clean.scl", "0")
    for suite in suites:
        assert int(suite.get("tests", "")) == len(suite)
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))


def code_quality(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    main([*arguments, "--format", "gitlab"])
    entries: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return entries


def test_code_quality_has_what_gitlab_requires(capsys: pytest.CaptureFixture[str]) -> None:
    """The members and severities are those of "Code Quality report format" in GitLab's documentation."""
    write("src/wrong.scl", WRONG.replace("#a := 1;", "#a := 1; #a := 1; #b := 1;"))
    write("src/case.scl", CASE)
    for arguments, severities in ((["check", "src"], {"critical"}), (["lint", "src/case.scl"], {"major", "info"})):
        entries = code_quality(capsys, *arguments)
        assert {each["severity"] for each in entries} == severities
        assert len({each["fingerprint"] for each in entries}) == len(entries) > 2
        for each in entries:
            assert set(each) == {"description", "check_name", "fingerprint", "severity", "location"}
            assert each["location"]["path"] in {"src/wrong.scl", "src/case.scl"}
            assert each["location"]["lines"]["begin"] >= 1
    assert code_quality(capsys, "check", write("clean.scl", CLEAN)) == []


def test_code_quality_recognises_a_finding_that_moved(capsys: pytest.CaptureFixture[str]) -> None:
    (before,) = code_quality(capsys, "check", write("wrong.scl", WRONG))
    write("wrong.scl", f"// a comment\n\n{WRONG}")
    (after,) = code_quality(capsys, "check", str(Path("wrong.scl").resolve()))
    assert after["fingerprint"] == before["fingerprint"]
    assert after["location"] == {"path": "wrong.scl", "lines": {"begin": before["location"]["lines"]["begin"] + 2}}


DOCUMENT = """{ S7_Optimized := "FALSE"; S7_EditorMode := "SCL" }
FUNCTION "Two" : Void
    VAR_INPUT
        { S7_Visibility := "Hidden := External" }
        Bad_Name : Int;
    END_VAR

    { S7_Language := "SCL" }
    NETWORK
        CASE #Bad_Name OF 1: ; END_CASE;
    END_NETWORK
END_FUNCTION
"""


def test_lint_takes_simatic_sd(capsys: pytest.CaptureFixture[str]) -> None:
    name = write("Two.s7dcl", b"\xef\xbb\xbf" + DOCUMENT.encode())
    found = {each["code"]: (each["line"], each["column"]) for each in report(capsys, "lint", name)}
    assert found["L102"] == (5, 9)
    assert found["L301"] == (10, 9)
    assert found["L601"] == (2, 10)
    assert not found.keys() & {"L001", "L002", "L003", "L004", "L005", "L201", "L202"}
    before = Path(name).read_bytes()
    assert all(each["changes"] == [] for each in report(capsys, "lint", name, "--fix") if "changes" in each)
    assert Path(name).read_bytes() == before
    write("Two.s7dcl", DOCUMENT.replace("1: ;", "1 ;"))
    assert {each["code"].partition(".")[0] for each in report(capsys, "lint", name)} == {"syntax"}


def test_named_values_are_checked_with_the_source_beside_them(capsys: pytest.CaptureFixture[str]) -> None:
    source = write("u.scl", CLEAN.replace("2 *", "Demo.N#TWO *"))
    assert [each["code"] for each in report(capsys, "check", source)] == ["value.literal"]
    types = write("n.nvt", "NAMESPACE Demo TYPE N : INT ( TWO := 2 ); END_TYPE END_NAMESPACE")
    assert report(capsys, "check", source) == []
    assert report(capsys, "check", types) == []
    write("n.nvt", "TYPE N : INT ( TWO := 99999 ); END_TYPE")
    assert [(each["file"], each["code"]) for each in report(capsys, "check", types)] == [("n.nvt", "syntax.nvt.value")]
