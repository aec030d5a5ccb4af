"""`tia check`: a folder of files against what TIA Portal would say of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest
from lxml import etree

import simatic_xml
from benchmarks.reports import fidelity
from engineering_api.features.program.other_forms import look_in
from engineering_api.features.program_check.check import Options, PlcReport, check_folder
from engineering_api.features.program_check.command import check
from engineering_api.features.program_check.compiling import guess_family
from engineering_api.features.program_check.program import Content
from engineering_api.features.program_check.report_forms import as_form
from openness_bridge.errors import Problem
from simatic_xml.model import Document, Member, PlcType
from simatic_xml.scl_cli.inputs import Input
from tests import ROOT

UDT = 'TYPE "UDT_Drive"\nVERSION : 0.1\n   STRUCT\n      speed : Int;\n   END_STRUCT;\nEND_TYPE\n'
MOTOR = """FUNCTION_BLOCK "Motor"
VERSION : 0.1
   VAR_INPUT
      start : Bool;
   END_VAR
   VAR
      drive : "UDT_Drive";
   END_VAR
BEGIN
   IF #start THEN
      #drive.speed := 5;
   END_IF;
END_FUNCTION_BLOCK
"""
RUNG = {"source": {"rungs": [[{"contact": '"Start"'}, {"coil": '"Run"'}]]}}


def xml(kind: str, name: str, version: str = "V18", **more: Any) -> bytes:
    return simatic_xml.dump(simatic_xml.from_json({"engineering": version, "kind": kind, "name": name} | more))


def put(folder: Path, **files: str | bytes) -> Path:
    """Write files; `__` in a keyword is a folder, the last `_` the dot of the suffix."""
    for name, content in files.items():
        stem, _, suffix = name.replace("__", "/").rpartition("_")
        path = folder / f"{stem}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def only(folder: Path, **options: str) -> PlcReport:
    (report,) = check_folder(folder, Options(**options))
    return report


def codes(report: PlcReport, level: str = "error") -> list[str]:
    return [each.code for each in report.findings if each.level == level]


def test_a_sound_folder_has_no_findings(tmp_path: Path) -> None:
    """A type, a block that needs it and a caller in any order of names."""
    caller = 'FUNCTION "A" : Void\nVERSION : 0.1\nBEGIN\n   "Motor_DB"(start := TRUE);\nEND_FUNCTION\n'
    instance = 'DATA_BLOCK "Motor_DB"\nVERSION : 0.1\n"Motor"\nBEGIN\nEND_DATA_BLOCK\n'
    report = only(put(tmp_path, Z_udt=UDT, Motor_scl=MOTOR, A_scl=caller, B_db=instance))
    assert (report.findings, report.missing, report.unchecked) == ([], [], [])
    assert report.objects == 4


NAMED = "NAMESPACE Demo TYPE Speed : INT ( SLOW := 5 ); END_TYPE END_NAMESPACE"


def test_named_value_data_types_belong_to_the_program(tmp_path: Path) -> None:
    motor = MOTOR.replace(":= 5;", ":= Demo.Speed#SLOW;")
    udt = UDT.replace("Int;", "Demo.Speed;")
    report = only(put(tmp_path, UDT_udt=udt, Motor_scl=motor, speeds_nvt=NAMED))
    assert (report.findings, report.missing, report.objects) == ([], [], 3)
    assert report.cpu_reason == "it has named value data types"


def test_named_value_data_types_outside_of_a_plc_are_found(tmp_path: Path) -> None:
    put(tmp_path / "PLC_1" / "Program blocks", UDT_udt=UDT, Motor_scl=MOTOR.replace(":= 5;", ":= Speed#SLOW;"))
    put(tmp_path / "src", speeds_nvt=NAMED)
    assert [each.findings for each in check_folder(tmp_path, Options())] == [[], []]


def test_a_mistake_in_a_named_value_data_type_has_its_place(tmp_path: Path) -> None:
    report = only(put(tmp_path, speeds_nvt=NAMED.replace("5", "70000"), more_nvt=NAMED, again_nvt=f"{NAMED}\n"))
    found = [(each.file, each.code, each.line, each.column) for each in report.findings]
    assert found == [("more.nvt", "name.twice", 1, 1), ("speeds.nvt", "syntax.nvt.value", 1, 43)]


def test_names_of_other_namespaces_are_no_doubles_but_are_not_checked(tmp_path: Path) -> None:
    """The first file is the one that counts; the note names the other."""
    types = [PlcType("Kind", [Member("x", "Int")], attributes={"Namespace": each}) for each in ("A", "B")]
    files = [simatic_xml.dump(Document(objects=[each])) for each in types]
    report = only(put(tmp_path, A_xml=files[0], B_xml=files[1]))
    assert [(each.file, each.level, each.code) for each in report.findings] == [("B.xml", "note", "name.namespace")]


def test_what_is_missing_is_named_once_with_its_users(tmp_path: Path) -> None:
    line = MOTOR.replace('"Motor"', '"Line"')
    report = only(put(tmp_path, Motor_scl=MOTOR, Line_scl=line))
    (missing,) = report.missing
    assert missing.name == "UDT_Drive"
    assert [(use.object, use.file) for use in missing.used_by] == [("Line", "Line.scl"), ("Motor", "Motor.scl")]
    assert codes(report) == []


def test_missing_tags_of_a_network_are_names_too(tmp_path: Path) -> None:
    report = only(put(tmp_path, Main_xml=xml("FC", "Run it", networks=[RUNG])))
    assert [each.name for each in report.missing] == ["Run", "Start"]


def test_an_error_has_its_file_network_and_line(tmp_path: Path) -> None:
    wrong = MOTOR.replace("#drive.speed := 5;", "#drive.speed := 'text';")
    network = {"language": "SCL", "source": {"scl": ["#a := 1;", "#b := TRUE;"]}}
    interface = {"Temp": [{"name": "a", "type": "Int"}, {"name": "b", "type": "Int"}]}
    block = xml("FC", "Mix", language="SCL", interface=interface, networks=[network])
    report = only(put(tmp_path, UDT_udt=UDT, Motor_scl=wrong, Mix_xml=block))
    places = {each.file: (each.line, each.place) for each in report.findings if each.level == "error"}
    assert places["Motor.scl"] == (11, "")
    text = block.decode("utf-8-sig")
    statement = text.rfind("<Access", 0, text.find('<Component Name="b"'))
    assert places["Mix.xml"] == (text.count("\n", 0, statement) + 1, "Mix / Network 1")


def test_a_file_that_cannot_be_read_is_a_finding_of_that_file(tmp_path: Path) -> None:
    report = only(put(tmp_path, Good_udt=UDT, Bad_xml=b"<Document>\n<SW.Blocks.FC>\n</Document>"))
    (found,) = report.findings
    assert (found.file, found.level, found.line) == ("Bad.xml", "error", 3)
    assert found.code.startswith("file.")


def test_a_file_that_cannot_be_read_is_no_obstacle_for_texts_beside_it(tmp_path: Path) -> None:
    """The declarations of all files matter to an instruction list; those of a broken file are not known."""
    stl = 'FUNCTION "Set" : Void\nVERSION : 0.1\nBEGIN\nNETWORK\n      SET;\nEND_FUNCTION\n'
    report = only(put(tmp_path, Set_awl=stl, Bad_xml=b"<Document>\n<SW.Blocks.FC>\n</Document>"))
    assert [each.file for each in report.findings] == ["Bad.xml"]


def test_panels_are_not_checked(tmp_path: Path) -> None:
    screen = b'<?xml version="1.0"?><Document><Engineering version="V18"/><Hmi.Screen.Screen ID="0"/></Document>'
    report = only(put(tmp_path, Good_udt=UDT, Screen_xml=screen, Other_xml=b"<Report/>"))
    other, screen = look_in(tmp_path).left_out
    assert (other.path.name, screen.path.name) == ("Other.xml", "Screen.xml")
    assert "Hmi.Screen.Screen" in screen.reason
    assert (report.findings, report.unchecked) == ([], [])


def test_two_forms_of_a_block_are_noted_and_two_blocks_of_a_name_are_an_error(tmp_path: Path) -> None:
    fc = 'FUNCTION "Mix" : Void\nVERSION : 0.1\nBEGIN\n   ;\nEND_FUNCTION\n'
    other = fc.replace("   ;", "   ; // other")
    assert codes(only(put(tmp_path / "a", Mix_xml=xml("FC", "Mix"), Mix_scl=fc)), "note") == ["name.twice"]
    assert codes(only(put(tmp_path / "b", One_scl=fc, Two_scl=other))) == ["name.twice"]


def motor_db(**interface: list[tuple[str, str]]) -> bytes:
    sections = {name: [{"name": member, "type": of} for member, of in each] for name, each in interface.items()}
    return xml("InstanceDB", "Motor_DB", instanceOf="Motor", instanceOfType="FB", interface=sections)


@pytest.mark.parametrize(
    ("exported", "differing"),
    [
        ([("speed", "Int"), ("times", "Array[0..3] of Time")], ""),
        ([("SPEED", "int"), ("times", "Array[0..3] of Time")], ""),
        ([("speed", "Int")], "'times'"),
        ([("speed", "Real"), ("times", "Array[0..3] of Time")], "'speed'"),
        ([("speed", "Int"), ("times", "Array[0..4] of Time"), ("old", "Bool")], "'old', 'times'"),
        ([(f"old_{number}", "Bool") for number in range(4)], "'old_0', 'old_1', 'old_2' and 3 more"),
    ],
)
def test_an_instance_that_does_not_fit_its_function_block_is_noted(
    tmp_path: Path, exported: list[tuple[str, str]], differing: str
) -> None:
    """Constants in bounds are values in a data block, and overlays have no members there."""
    static = "   speed : Int;\n   times : Array[0..#MOST] of Time;\n   word : Word;\n   bits AT word : Array[0..15] of Bool;\n"
    block = MOTOR.replace('   drive : "UDT_Drive";\n', static).replace("#drive.speed", "#speed")
    block = block.replace("   VAR\n", "   VAR CONSTANT\n   MOST : Int := 3;\n   END_VAR\n   VAR\n")
    block = block.replace("VERSION", "{ S7_Optimized_Access := 'FALSE' }\nVERSION", 1)
    db = motor_db(Input=[("start", "Bool")], Static=[*exported, ("word", "Word")])
    report = only(put(tmp_path, Motor_scl=block, Motor_DB_xml=db))
    assert codes(report) == []
    messages = [(each.file, each.message) for each in report.findings if each.code == "instance.outdated"]
    assert [file for file, _ in messages] == (["Motor_DB.xml"] if differing else [])
    assert all(f"'Motor': {differing}." in message for _, message in messages)


def test_code_that_uses_a_lost_member_of_an_instance_is_an_error(tmp_path: Path) -> None:
    db = motor_db(Static=[("old", "Bool")])
    user = 'FUNCTION "A" : Void\nVERSION : 0.1\nBEGIN\n   "Motor_DB".old := "Motor_DB".start;\nEND_FUNCTION\n'
    report = only(put(tmp_path, U_udt=UDT, Motor_scl=MOTOR, Motor_DB_xml=db, A_scl=user))
    assert codes(report, "note") == ["instance.outdated"]
    assert [(each.file, each.code) for each in report.findings if each.level == "error"] == [
        ("A.scl", "name.member_undefined")
    ]


def test_texts_in_any_language_are_no_finding(tmp_path: Path) -> None:
    german = xml("FC", "Mix", title="Drive").replace(b"en-US", b"de-DE")
    assert b"de-DE" in german
    assert only(put(tmp_path, Mix_xml=german)).findings == []


def test_what_tia_portal_refuses_to_import_is_a_finding(tmp_path: Path) -> None:
    """An instruction list has no place in a function block of an S7-1200: the import, not the compiler, refuses it."""
    block = xml("FB", "List", language="STL", networks=[{"language": "STL", "source": {"stl": ["SET", "CLR"]}}])
    report = only(put(tmp_path, List_xml=block), cpu="6ES7 215-1AG40-0XB0")
    assert "block.import_refused" in codes(report)


@pytest.mark.parametrize(
    ("declared", "body", "family"),
    [
        ("tick : TON;", "#tick(IN := TRUE, PT := T#1s);", "S7-1500"),
        ("pulse : CTRL_PWM;", "#pulse(PWM := 265, ENABLE := TRUE);", "S7-1200"),
        ("day : Int; now : Date_And_Time;", "#day := DT_DAY(#now);", "S7-300"),
    ],
)
def test_the_program_chooses_the_family(tmp_path: Path, declared: str, body: str, family: str) -> None:
    source = f'FUNCTION_BLOCK "F"\nVERSION : 0.1\nVAR\n {declared}\nEND_VAR\nBEGIN\n {body}\nEND_FUNCTION_BLOCK\n'
    assert only(put(tmp_path, F_scl=source)).cpu == family


def test_the_firmware_that_the_user_names_counts(tmp_path: Path) -> None:
    report = only(put(tmp_path, Motor_scl=MOTOR, U_udt=UDT), cpu="6ES7 511-1AK02-0AB0/V2.8")
    assert report.cpu == "S7-1500 V2.8"


@pytest.mark.parametrize(
    "folders",
    [("blocks/{0}", "udts/{0}"), ("{0}/Program blocks", "{0}/PLC data types"), ("{0}/Programmbausteine", "{0}/x")],
)
def test_each_plc_of_a_folder_is_a_program(tmp_path: Path, folders: tuple[str, str]) -> None:
    """Layouts of source control of this service, of version control, and of a German export."""
    (tmp_path / "tags").mkdir()
    for plc in ("PLC_1", "PLC_2"):
        blocks, types = (tmp_path / each.format(plc) for each in folders)
        put(blocks, Motor_xml=xml("FB", "Motor", interface={"Static": [{"name": "drive", "type": '"UDT_Drive"'}]}))
        if plc == "PLC_1":
            put(types, UDT_xml=xml("UDT", "UDT_Drive", members=[{"name": "speed", "type": "Int"}]))
    reports = {each.name: each for each in check_folder(tmp_path, Options())}
    assert {name: len(each.missing) for name, each in reports.items()} == {"PLC_1": 0, "PLC_2": 1}
    (second,) = check_folder(tmp_path, Options(plc="plc_2"))
    assert second.name == "PLC_2"


def test_plcs_find_the_types_beside_them(tmp_path: Path) -> None:
    put(tmp_path / "PLC_1" / "Program blocks", Motor_scl=MOTOR)
    put(tmp_path / "Library", UDT_udt=UDT)
    plc, library = check_folder(tmp_path, Options())
    assert (plc.missing, plc.findings) == ([], [])
    assert library.files == ["Library/UDT.udt"]


def test_a_plc_takes_from_beside_it_only_what_it_needs(tmp_path: Path) -> None:
    """What it needs may need more; the rest neither clashes with the PLC, nor chooses its CPU, nor lacks anything there."""
    call = 'FUNCTION "A" : Void\nVERSION : 0.1\nVAR_TEMP\n x : "UDT_Line";\nEND_VAR\nBEGIN\n   #x.drive.speed := %DB7.DBW0;\nEND_FUNCTION\n'
    line = UDT.replace("UDT_Drive", "UDT_Line").replace("speed : Int", 'drive : "UDT_Drive"')
    data = xml(
        "GlobalDB", "Data", number=7, memoryLayout="Standard", interface={"Static": [{"name": "a", "type": "Int"}]}
    )
    put(tmp_path / "PLC_1" / "Program blocks", A_scl=call, Lowest_xml=xml("FB", "Lowest", number=1))
    put(tmp_path / "Library", A_udt=line, B_udt=UDT, Data_xml=data, First_xml=xml("FB", "First", number=1))
    motor = MOTOR.replace("UDT_Drive", "UDT_Gone").replace("   drive :", "   pulse : CTRL_PWM;\n   drive :")
    put(tmp_path / "Library", Motor_scl=motor.replace("BEGIN", "BEGIN\n   #pulse(PWM := 265, ENABLE := TRUE);"))
    plc, library = check_folder(tmp_path, Options())
    assert (plc.missing, codes(plc), plc.cpu) == ([], [], "S7-1500")
    assert ([each.name for each in library.missing], library.cpu) == (["UDT_Gone"], "S7-1200")


def test_nothing_to_check_is_refused(tmp_path: Path) -> None:
    (tmp_path / "readme.md").write_text("x")
    with pytest.raises(Problem, match="holds no blocks"):
        check_folder(tmp_path, Options())
    with pytest.raises(Problem, match="no file or folder"):
        check_folder(tmp_path / "gone", Options())


def test_the_forms_agree(tmp_path: Path) -> None:
    wrong = MOTOR.replace("#drive.speed := 5;", "#drive.speed := 'text';")
    reports = check_folder(put(tmp_path, Motor_scl=wrong, Line_scl=MOTOR.replace('"Motor"', '"Line"')), Options())
    (plain,) = json.loads(as_form(reports, "json"))["plcs"]
    assert [each["name"] for each in plain["missing"]] == ["UDT_Drive"]
    (run,) = json.loads(as_form(reports, "sarif"))["runs"]
    assert run["tool"]["driver"]["name"] == "tia check"
    failures = etree.fromstring(as_form(reports, "junit").encode()).findall(".//failure")
    assert len(run["results"]) == len(failures) == len(plain["findings"]) + 2
    quality = json.loads(as_form(reports, "gitlab"))
    assert len(quality) == len(failures)
    text = as_form(reports, "text")
    assert "missing: 'UDT_Drive', used by Line (Line.scl:7:7), Motor (Motor.scl:7:7)" in text


def test_reports_for_build_servers_name_files_as_the_repository_does(tmp_path: Path) -> None:
    put(tmp_path / "plc" / "src", Motor_scl=MOTOR)
    reports = check_folder(tmp_path / "plc", Options())
    (run,) = json.loads(as_form(reports, "sarif", Path("plc")))["runs"]
    (result,) = run["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "plc/src/Motor.scl"
    (entry,) = json.loads(as_form(reports, "gitlab", Path("./plc")))
    assert entry["location"]["path"] == "plc/src/Motor.scl"
    (entry,) = json.loads(as_form(reports, "gitlab", PureWindowsPath("plc\\line")))
    assert entry["location"]["path"].startswith("plc/line/")


def test_the_command_works_offline_and_ends_with_what_it_found(tmp_path: Path) -> None:
    put(tmp_path, Motor_scl=MOTOR)

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "engineering_api", "check", str(tmp_path), *more]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    found = run()
    assert found.returncode == 1
    assert "missing: 'UDT_Drive'" in found.stdout
    assert found.stderr.strip() == "1 file: 0 errors, 0 warnings, 1 name missing, 0 files not checked"
    assert run("--allow-missing").returncode == 0
    put(tmp_path, UDT_udt=UDT)
    assert run().returncode == 0
    assert run("--plc", "Other").returncode == 3
    assert run("--format", "none").returncode == 2


PARALLEL = """
import os
from engineering_api.features.program_check.parallel import run_later, run_parallel
from openness_bridge.errors import Problem
from simatic_xml.scl_cli.inputs import Input

here = os.getpid()

def work(fails=False, dies=False):
    yield os.getpid() != here
    if dies and os.getpid() != here:
        os._exit(1)
    if fails:
        raise Problem("check.test", "It fails.")
    yield "last"

print(list(run_later(work)), list(run_parallel(work)), list(run_parallel(lambda: work(dies=True))))
results = run_parallel(lambda: work(fails=True))
print(next(results))
try:
    next(results)
except Problem as problem:
    print(problem.code, problem.message)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_a_second_process_gives_its_results_one_by_one(tmp_path: Path) -> None:
    """Where it ends early, the rest is done here; a refusal arrives as one. Alone, because a process with threads must not fork."""
    script = tmp_path / "parallel.py"
    script.write_text(PARALLEL)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "[False, 'last'] [True, 'last'] [True, 'last']",
        "True",
        "check.test It fails.",
    ]


def test_the_page_shows_what_the_command_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    shown = page.partition("$ tia check plc\n")[2].partition("```")[0]
    line = "FUNCTION \"Line\" : Void\nVERSION : 0.1\nVAR_TEMP\n   a : Int;\nEND_VAR\nBEGIN #a := 'x';\nEND_FUNCTION\n"
    motor = MOTOR.replace("   IF #start THEN\n", "").replace("   END_IF;\n", "")
    put(tmp_path / "plc", Motor_scl=motor, Line_scl=line)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        check.main(["plc"])
    printed = capsys.readouterr()
    assert (printed.out + printed.err, end.value.code) == (shown, 1)
    options = {option for parameter in check.params for option in parameter.opts}
    assert {each for each in options if f"`{each}" not in page} == {"folder", "--output"}


def test_documents_of_one_program_know_each_other(tmp_path: Path) -> None:
    """An SD document calls an instance that another one declares, whatever the order of the names."""
    caller = (
        'ORGANIZATION_BLOCK "Main"\n    { S7_Language := "LAD" }\n    NETWORK\n        RUNG wire#powerrail\n'
        '            "Z_Instance"( start := TRUE )\n        END_RUNG\n    END_NETWORK\nEND_ORGANIZATION_BLOCK\n'
    )
    block = 'FUNCTION_BLOCK "Y_Motor"\n    VAR_INPUT\n        start : Bool;\n    END_VAR\nEND_FUNCTION_BLOCK\n'
    instance = "DATA_BLOCK Z_Instance : Y_Motor\nEND_DATA_BLOCK\n"
    report = only(put(tmp_path, A_s7dcl=caller, Y_s7dcl=block, Z_s7dcl=instance))
    assert [(each.code, each.message) for each in report.findings] == []
    assert report.missing == []


def test_the_benchmark_counts_what_compiles_and_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of three blocks one lacks a type, one has an error, one runs."""
    start = 'FUNCTION_BLOCK "{0}"\nVERSION : 0.1\nVAR\n x : {1};\nEND_VAR\nBEGIN\n   {2}\nEND_FUNCTION_BLOCK\n'
    put(
        tmp_path,
        Lacks_scl=start.format("Lacks", '"Unknown"', ";"),
        Wrong_scl=start.format("Wrong", "Int", "#x := 'text';"),
        Runs_scl=start.format("Runs", "Int", "#x := #x + 1;"),
    )
    fidelity.main([str(tmp_path)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("3 files, 0 refused, 1 names missing")
    assert lines[1:3] == [
        "  errors: 1 (1 type.implicit)",
        "  blocks: 3, 1 compile, 1 ran 100 scans (none)",
    ]


def test_technology_objects_belong_to_the_program(tmp_path: Path) -> None:
    axis = (ROOT / "tests" / "simatic_xml" / "fixtures" / "axis_v18.xml").read_bytes()
    (name,) = [each.name for each in simatic_xml.load(axis).objects]
    user = f'FUNCTION "Use" : Void\nVERSION : 0.1\nVAR_TEMP\n x : LReal;\nEND_VAR\nBEGIN\n   #x := "{name}".Velocity;\nEND_FUNCTION\n'
    report = only(put(tmp_path, Axis_xml=axis, Use_scl=user), cpu="6ES7 511-1TK01-0AB0")
    assert (report.missing, report.unchecked, codes(report)) == ([], [], [])
    wrong = user.replace("LReal", "Bool")
    assert codes(only(put(tmp_path, Use_scl=wrong), cpu="6ES7 511-1TK01-0AB0")) == ["type.implicit"]


def exported(name: str, layout: str, data_type: str = "Int") -> Content:
    interface = [
        simatic_xml.Section("Static", [simatic_xml.Member("s", "Struct", members=[simatic_xml.Member("a", data_type)])])
    ]
    block = simatic_xml.Block("FB", name, memory_layout=layout, interface=interface)
    return Content(Input(f"{name}.xml", b""), documents=[simatic_xml.Document("V17", [block])])


GUESSES = [
    ([exported("A", "Standard")], "S7-300", "standard access"),
    ([exported("A", "Standard"), exported("B", "Optimized")], "S7-1500", ""),
    ([exported("A", "Standard"), exported("B", "Standard", "Array[0..3] of UInt")], "S7-1500", "UInt"),
    ([exported("A", "Standard", "DTL")], "S7-1500", "DTL"),
    ([exported("A", "Standard", '"UInt"')], "S7-300", "standard access"),
    ([exported("A", "Standard", "HW_IO")], "S7-1500", "HW_IO"),
    ([exported("A", "Standard"), Content(Input("B.s7dcl", b""))], "S7-1500", "SIMATIC SD"),
    ([], "S7-1500", ""),
]


def test_the_family_is_chosen_by_evidence_and_with_its_reason(tmp_path: Path) -> None:
    for contents, family, reason in GUESSES:
        found = guess_family(contents)
        assert (found.family, bool(found.reason)) == (family, bool(reason))
        assert reason in found.reason
    (tmp_path / "Drive.s7dcl").write_text(
        '{ S7_Optimized := "FALSE" }\nFUNCTION_BLOCK "Drive"\n    VAR DB_SPECIFIC\n        a : Bool;\n    END_VAR\nEND_FUNCTION_BLOCK\n'
    )
    (report,) = check_folder(tmp_path, Options())
    assert (report.cpu, report.cpu_reason, report.findings) == ("S7-1500", "the files are SIMATIC SD", [])
    (report,) = check_folder(tmp_path, Options(cpu="6ES7 518-4AP00-0AB0"))
    assert (report.cpu_reason, report.findings) == ("", [])


FOREIGN = {
    "app.db": b"SQLite format 3\0rest",
    "Thumbs.db": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest",
    "pack.scl": b"PK\x03\x04rest",
}


def test_files_of_other_programs_are_left_out_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "type.udt").write_text(UDT)
    for name, content in FOREIGN.items():
        (tmp_path / name).write_bytes(content)
    folder = look_in(tmp_path)
    assert [each.path.name for each in folder.files] == ["type.udt"]
    reasons = {each.path.name: each.reason for each in folder.left_out}
    assert reasons.keys() == FOREIGN.keys()
    assert "SQLite database" in reasons["app.db"]
