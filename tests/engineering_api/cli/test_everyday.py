"""The commands for every day, with their exit codes and files, against a server."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook

from engineering_api.cli import outcome
from engineering_api.cli.serve import listening_socket
from engineering_api.client import Client
from fake_openness.hosting.command import NOTED
from openness_bridge.errors import Kind, Problem
from tests import ROOT
from tests.engineering_api.cli.kit import Tia

MOTOR = 'FUNCTION_BLOCK "Motor"\nVAR_INPUT run : Bool; END_VAR\nVAR_OUTPUT q : Bool; END_VAR\nBEGIN\n  #q := #run;\nEND_FUNCTION_BLOCK\n'
BAD = MOTOR.replace("#q := #run;", "#q := #rum;")
LINE = 'DATA_BLOCK "Line"\nVAR m : "Motor"; s : "Speeds"; END_VAR\nBEGIN\nEND_DATA_BLOCK\n'
SPEEDS = 'TYPE "Speeds"\nSTRUCT slow : Int; END_STRUCT;\nEND_TYPE\n'


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Files whose order of names is not that of their dependencies."""
    (tmp_path / "a_line.db").write_text(LINE)
    (tmp_path / "motor.scl").write_text(MOTOR)
    (tmp_path / "zz.udt").write_text(SPEEDS)
    (tmp_path / "tags.csv").write_text("Name;Path;Data Type;Logical Address;Comment\nStart;Buttons;Bool;%I0.0;\n")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "PLC Tags"
    sheet.append(["Name", "Path", "Data Type", "Logical Address", "Comment"])
    sheet.append(["Stop", "Buttons", "Bool", "%I0.1", ""])
    book.save(tmp_path / "more.xlsx")
    return tmp_path


def test_files_of_all_kinds_are_imported_in_the_order_of_their_dependencies(
    tia: Tia, plant: Client, sources: Path
) -> None:
    done = json.loads(tia("import", str(sources), "--json").stdout)
    assert {row["status"] for row in done} == {"created"}
    assert {row["object"] for row in done} >= {"Motor", "Line", "Start", "Stop"}
    assert {block.name for block in plant.blocks.list_(device_name="PLC_1")} >= {"Motor", "Line"}
    assert {tag.name for tag in plant.tags.list_(device_name="PLC_1", table_name="Buttons")} == {"Start", "Stop"}
    assert plant.files.list_(path="transfer/cli").entries == [], "the files on their way are removed"


def test_compile_ends_with_1_and_names_the_place(tia: Tia, plant: Client, tmp_path: Path) -> None:
    del plant
    (tmp_path / "motor.scl").write_text(MOTOR)
    tia("import", "motor.scl")
    tia("compile")
    (tmp_path / "motor.scl").write_text(BAD)
    tia("import", "motor.scl", "--overwrite")
    for command in (
        ["compile"],
        ["compile", "PLC_1"],
        ["devices", "compile"],
        ["devices", "compile", "--device-name", "PLC_1"],
    ):
        found = tia(*command, code=outcome.FOUND).stdout
        assert re.search(r"^error: (motor\.scl:5:\d+|Motor, line \d+): '#rum' is not declared", found, re.MULTILINE)
    assert json.loads(tia("compile", "--json", code=1).stdout)["result"]["errorCount"] == 1
    assert "rum" in tia("compile", "--block", "Motor", "-q", code=1).stdout


LADDER = """<Document><Engineering version="V20" /><SW.Blocks.FC ID="0"><AttributeList><Interface>
<Sections xmlns="http://www.siemens.com/automation/Openness/SW/Interface/v5"><Section Name="Output">
<Member Name="q" Datatype="Bool" /></Section><Section Name="Return"><Member Name="Ret_Val" Datatype="Void" /></Section></Sections>
</Interface><Name>{name}</Name><ProgrammingLanguage>LAD</ProgrammingLanguage></AttributeList><ObjectList>
<SW.Blocks.CompileUnit ID="1" CompositionName="CompileUnits"><AttributeList><NetworkSource>
<FlgNet xmlns="http://www.siemens.com/automation/Openness/SW/NetworkSource/FlgNet/v4"><Parts>
<Access Scope="LocalVariable" UId="21"><Symbol><Component Name="gone" /></Symbol></Access>
<Access Scope="LocalVariable" UId="22"><Symbol><Component Name="q" /></Symbol></Access>
<Part Name="Contact" UId="23" /><Part Name="Coil" UId="24" /></Parts>
<Wires><Wire UId="25"><Powerrail /><NameCon UId="23" Name="in" /></Wire>
<Wire UId="26"><IdentCon UId="21" /><NameCon UId="23" Name="operand" /></Wire>
<Wire UId="27"><NameCon UId="23" Name="out" /><NameCon UId="24" Name="in" /></Wire>
<Wire UId="28"><IdentCon UId="22" /><NameCon UId="24" Name="operand" /></Wire></Wires></FlgNet></NetworkSource>
<ProgrammingLanguage>LAD</ProgrammingLanguage></AttributeList></SW.Blocks.CompileUnit></ObjectList></SW.Blocks.FC></Document>"""
RUNG = {"source": {"rungs": [[{"contact": "#gone"}, {"coil": "#q"}]]}}
IN_JSON = {
    "kind": "FC",
    "language": "LAD",
    "interface": {"Output": [{"name": "q", "type": "Bool"}]},
    "networks": [RUNG],
}
WRONG = {
    "lib/ladder.xml": (["import"], LADDER.format(name="A1"), "lib/ladder.xml:7:"),
    "{here}/full.xml": (["import"], LADDER.format(name="A2"), "{here}/full.xml:7:"),
    "code.scl": (["import"], 'FUNCTION "A3" : Void\nBEGIN\n  #gone := 1;\nEND_FUNCTION\n', "code.scl:3:3"),
    "code.awl": (["import"], 'FUNCTION "A4" : Void\nBEGIN\nNETWORK\n  L #gone;\nEND_FUNCTION\n', "code.awl:4:5"),
    "type.udt": (["import"], 'TYPE "A5"\nSTRUCT\n  a : "Gone";\nEND_STRUCT;\nEND_TYPE\n', "type.udt:3:"),
    "form.json": (["import"], json.dumps(IN_JSON | {"name": "A6"}), "form.json#/networks/0/source/rungs/0/0/contact"),
    "a:b%41.xml": (["blocks", "import", "--path"], LADDER.format(name="A7"), "a:b%41.xml:7:"),
    "../up.xml": (["block-generation", "bulk-import", "--path"], LADDER.format(name="A8"), "../up.xml:7:"),
}
"""Local files of each form, how they are imported, and the place that the compiler's message has."""


def test_messages_name_files_as_the_user_named_them(tia: Tia, plant: Client, tmp_path: Path) -> None:
    del plant
    (tmp_path / "lib").mkdir()
    wanted = []
    for name, (command, content, place) in WRONG.items():
        file = name.format(here=tmp_path)
        Path(file).write_text(content)
        tia(*command, file)
        wanted.append(place.format(here=tmp_path))
    lines = tia("compile", code=outcome.FOUND).stdout.splitlines()
    Path("lib/notes.txt").write_text("hello")
    assert (
        "'lib/notes.txt' must end with" in tia("udts", "import", "--path", "lib/notes.txt", code=outcome.USAGE).stderr
    )
    missing = [each for each in wanted if not any(line.startswith(f"error: {each}") for line in lines)]
    assert not missing, "\n".join([*missing, *lines])


def test_a_refused_import_names_the_file_and_leaves_the_rest(tia: Tia, plant: Client, tmp_path: Path) -> None:
    (tmp_path / "motor.scl").write_text(MOTOR.replace(";\nEND_FUNCTION_BLOCK", "\nEND_FUNCTION_BLOCK"))
    refused = tia("import", "motor.scl", code=outcome.FOUND)
    assert re.search(r"^motor\.scl:6:1 +Motor +FB +refused ", refused.stdout, re.MULTILINE)
    assert [block.name for block in plant.blocks.list_(device_name="PLC_1")] == ["Main"]
    (tmp_path / "notes.txt").write_text("hello")
    assert "cannot be imported" in tia("import", "notes.txt", code=outcome.USAGE).stderr


def test_a_refused_import_of_several_files_names_those_that_are_wrong(tia: Tia, plant: Client, tmp_path: Path) -> None:
    tia("compile")
    tia("export", "Main", "-o", "Main.xml")
    (tmp_path / "again.xml").write_bytes((tmp_path / "Main.xml").read_bytes())
    refused = tia("import", "Main.xml", "again.xml", "--overwrite", code=outcome.FOUND).stdout
    assert re.search(r"^again\.xml +Main +OB +refused +'Main' is in 'Main.xml', too", refused, re.MULTILINE)
    assert [block.name for block in plant.blocks.list_(device_name="PLC_1")] == ["Main"]


def test_files_of_other_kinds_come_back_as_they_went(tia: Tia, plant: Client, tmp_path: Path) -> None:
    (tmp_path / "motor.scl").write_text(MOTOR)
    tia("import", "motor.scl")
    tia("compile")
    tia("export", "Motor", "--format", "sd", "-o", "sd")
    plant.blocks.delete(device_name="PLC_1", block_name="Motor")
    tia("import", "sd")
    plant.watch_tables.create(device_name="PLC_1", name="Values")
    tia("watch-tables", "export-watch", "Values", "-o", "Values.xml")
    plant.watch_tables.delete(device_name="PLC_1", table_name="Values")
    tia("import", "Values.xml")
    assert [table.name for table in plant.watch_tables.list_watch(device_name="PLC_1")] == ["Values"]
    assert "Motor" in {block.name for block in plant.blocks.list_(device_name="PLC_1")}


PLAIN_TYPE = """TYPE "Label"
VERSION : 0.1
   STRUCT
      name : String[30] := 'pump';   // label
      limits : Array[0..1] of LReal := [0.5, 1.0];
      inner : Struct
         a { ExternalWritable := 'False'} : Bool;
      END_STRUCT;
   END_STRUCT;

END_TYPE

"""


def test_a_data_type_comes_back_from_its_source(tia: Tia, plant: Client, tmp_path: Path) -> None:
    (tmp_path / "label.udt").write_text(PLAIN_TYPE)
    tia("import", "label.udt")
    tia("export", "Label", "--format", "source", "-o", "out")
    first = (tmp_path / "out" / "Label.udt").read_bytes()
    assert first.decode("utf-8-sig").split() == PLAIN_TYPE.split()
    plant.udts.delete(device_name="PLC_1", udt_name="Label")
    tia("import", "out/Label.udt")
    assert tia("export", "Label", "--format", "source").stdout.split() == PLAIN_TYPE.split()


def test_an_archive_goes_to_the_server_and_comes_back(tia: Tia, plant: Client, tmp_path: Path) -> None:
    plant.projects.save()
    tia("projects", "archive", "-o", "plant.zap20")
    assert (tmp_path / "plant.zap20").stat().st_size > 1000
    name = plant.projects.list_()[0].name
    plant.projects.close()
    tia("open", "plant.zap20", "--directory", f"projects/{name} again")
    assert plant.projects.list_()[0].name == name
    assert "on this computer" in tia("open", "missing.zap20", code=outcome.USAGE).stderr


def test_a_dry_run_changes_nothing(tia: Tia, plant: Client, tmp_path: Path) -> None:
    (tmp_path / "motor.scl").write_text(MOTOR)
    assert "created" in tia("import", "motor.scl", "--dry-run").stdout
    assert [block.name for block in plant.blocks.list_(device_name="PLC_1")] == ["Main"]


def test_export_writes_files_and_diff_compares_them(tia: Tia, plant: Client, tmp_path: Path) -> None:
    del plant
    (tmp_path / "motor.scl").write_text(MOTOR)
    tia("import", "motor.scl")
    tia("compile")
    tia("export", "-o", "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"Motor.xml", "Main.xml", "Default tag table.xml"}
    assert "exists" in tia("export", "Motor", "-o", "out", code=2).stderr
    assert "SW.Blocks.FB" in tia("export", "motor").stdout
    source = tia("export", "Motor", "--format", "source").stdout
    assert source.startswith('FUNCTION_BLOCK "Motor"')
    assert "No differences." in tia("diff", "out/Motor.xml").stdout
    assert "No differences." in tia("diff", "motor.scl").stdout
    (tmp_path / "other.scl").write_text(MOTOR.replace("#run;", "NOT #run;"))
    assert "NOT #run" in tia("diff", "other.scl", code=outcome.FOUND).stdout
    assert json.loads(tia("diff", "motor.scl", "other.scl", "--json", code=1).stdout)[0]["file"] == "other.scl"
    assert "Did you mean 'Motor'" in tia("export", "Moter", code=2).stderr
    tia("export", "Default tag table", "--format", "xlsx", "-o", "tags.xlsx")
    assert (tmp_path / "tags.xlsx").read_bytes().startswith(b"PK")


def test_open_finds_projects_by_name(tia: Tia, plant: Client) -> None:
    name = plant.projects.list_()[0].name
    plant.projects.save()
    plant.projects.close()
    try:
        assert "Did you mean" in tia("open", f"{name}x", code=2).stderr
    finally:
        tia("open", name.upper())
    assert plant.projects.list_()[0].name == name


def test_download_needs_a_confirmation(tia: Tia, plant: Client) -> None:
    del plant
    assert "--yes" in tia("download", code=outcome.USAGE).stderr
    assert "QUESTION=ANSWER" in tia("download", "--yes", "--answer", "x", code=outcome.USAGE).stderr


def test_several_plcs_must_be_named(tia: Tia, plant: Client) -> None:
    from tests.support.service import CPU, FIRMWARE

    plant.devices.add(order_number=CPU, version=FIRMWARE, name="PLC_2")
    found = tia("compile", code=outcome.USAGE).stderr
    assert "PLC_1, PLC_2" in found
    assert "--device-name: PLC_1, PLC_2" in tia("blocks", "list", code=outcome.USAGE).stderr
    tia("blocks", "list", "--device-name", "PLC_2")
    unknown = tia("compile", "PLC_9", code=outcome.USAGE).stderr
    assert all(f"'{name}'" in unknown.partition("Did you mean")[2] for name in ("PLC_1", "PLC_2"))


def test_the_exit_codes_of_the_page_are_those_of_the_code() -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    listed = [
        int(row.split("|")[1])
        for row in page.partition("## Exit codes")[2].partition("\n## ")[0].splitlines()
        if row.startswith("| ") and row.split("|")[1].strip().isdigit()
    ]
    codes = [outcome.GOOD, outcome.FOUND, outcome.USAGE, outcome.UNREACHABLE, outcome.REFUSED]
    assert listed == [*codes, NOTED, outcome.INTERRUPTED]


def test_a_port_that_is_in_use_is_wrong_usage(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = used.getsockname()[1]
        options = ["--backend", "fake", "--port", str(port), "--data-dir", str(tmp_path)]
        command = [sys.executable, "-m", "engineering_api", "serve", *options]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == outcome.USAGE
    assert f"Port {port} is in use on 127.0.0.1" in found.stderr


def test_an_address_of_another_computer_is_wrong_usage() -> None:
    with pytest.raises(Problem, match="is not an address of this computer") as refused:
        listening_socket("192.0.2.1", 9000)
    assert outcome.code_of(refused.value) == outcome.USAGE


@pytest.mark.parametrize(
    ("kind", "code", "wanted"),
    [
        (Kind.INVALID, "request.wrong_type", outcome.USAGE),
        (Kind.UNAVAILABLE, "portal.none", outcome.UNREACHABLE),
        (Kind.TIMED_OUT, "tia.hangs", outcome.UNREACHABLE),
        (Kind.MISSING, "block.not_found", outcome.REFUSED),
        (Kind.CONFLICT, "job.cancelled", outcome.INTERRUPTED),
        (Kind.CONFLICT, "project.already_open", outcome.REFUSED),
        (Kind.UNIDENTIFIED, "auth.key", outcome.REFUSED),
        (Kind.REFUSED, "import.refused", outcome.FOUND),
        (Kind.REFUSED, "block.import_refused", outcome.FOUND),
        (Kind.CONFLICT, "source_control.restore_refused", outcome.FOUND),
        (Kind.INVALID, "tag_import.rows", outcome.FOUND),
        (Kind.REFUSED, "block.export_refused", outcome.REFUSED),
    ],
)
def test_the_exit_code_of_a_problem(kind: Kind, code: str, wanted: int) -> None:
    assert outcome.code_of(Problem(code, "It failed.", kind=kind)) == wanted


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"result": {"errorCount": 1}, "diagnostics": []}, True),
        ({"result": {"errorCount": 0, "warningCount": 3}, "diagnostics": []}, False),
        ({"imported": 1, "failed": 1}, True),
        ({"compilation": {"result": {"errorCount": 2}}}, True),
        ({"identical": False}, True),
        ({"status": "Failed"}, True),
        ({"status": "Completed", "errors": []}, False),
        ([{"errorCount": 1}], False),
        ("text", False),
    ],
)
def test_what_counts_as_a_finding(answer: object, found: bool) -> None:
    assert outcome.has_findings(answer) is found
