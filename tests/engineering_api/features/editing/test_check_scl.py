"""Findings about a text while somebody writes it: the same as of `tia scl check` and `tia scl lint` on files."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from simatic_xml import lint
from simatic_xml.scl_cli.findings import check, style
from simatic_xml.scl_cli.inputs import Input
from tests import ROOT
from tests.support.service import Client

CHECK = "/api/check/scl"
PROGRAM = """TYPE "Drive"
STRUCT
    speed : Real;
END_STRUCT
END_TYPE

FUNCTION_BLOCK "Motor"
{ S7_Optimized_Access := 'TRUE' }
VAR_INPUT
    start : Bool;
END_VAR
VAR_OUTPUT
    run : Bool;
END_VAR
VAR
    drive : "Drive";
END_VAR
BEGIN
    #run := #start;
END_FUNCTION_BLOCK

DATA_BLOCK "Motor_1"
"Motor"
BEGIN
END_DATA_BLOCK
"""
LINE = """FUNCTION_BLOCK "Line"
{ S7_Optimized_Access := 'TRUE' }
VAR_INPUT
    on : Bool;
END_VAR
VAR
    motor : "Motor";
    count : Int;
END_VAR
BEGIN
    #motor(start := #on);
    "Motor_1"(start := #motor.run);
    #count := #count + 1;
END_FUNCTION_BLOCK
"""
WRONG = {
    "#count := #count + 1;": "#count := #counter + 1;",
    "#motor(start := #on);": "#motor(stop := #on);",
    "#motor.run": "#motor.drive.speed",
    "count : Int;": 'count : "Nothing";',
    '"Motor_1"(': '"Motor_2"(',
    "count + 1;": "count + ;",
    "END_FUNCTION_BLOCK": "",
    "    #count :=": "    IF #on THEN #count :=",
}


@pytest.fixture
def program(plc: Client) -> Client:
    """A client with a compiled program."""
    write(plc, PROGRAM)
    assert plc.ok("POST", "/api/devices/PLC_1/actions/compile-sync")["result"]["errorCount"] == 0
    return plc


def write(client: Client, text: str) -> None:
    client.ok("POST", "/api/devices/PLC_1/external-sources/import-and-generate", {"sclContent": text})


def found(client: Client, text: str, **more: Any) -> list[dict[str, Any]]:
    answer = client.ok("POST", CHECK, {"deviceName": "PLC_1", "text": text, **more})
    assert (answer["leftOut"], answer["unread"]) == (0, [])
    return list(answer["findings"])


def codes(client: Client, text: str, **more: Any) -> list[str]:
    """The errors in a text."""
    return [each["code"] for each in found(client, text, **more) if each["severity"] == "error"]


def on_files(text: str) -> set[tuple[Any, ...]]:
    """What the command line finds in the same text with the same program as a file."""
    given, around = Input("line.scl", text.encode()), [Input("program.scl", PROGRAM.encode())]
    styled = style([given], around, {"line.scl": lint.Settings()})
    everything = [*check([given], around), *(each for each in styled if not each.code.startswith("syntax."))]
    return {(each.level, each.code, each.message, each.line, each.column) for each in everything}


@pytest.mark.parametrize("old", ["", *WRONG])
def test_the_findings_are_those_of_the_command_line(program: Client, old: str) -> None:
    text = LINE.replace(old, WRONG[old]) if old else LINE
    answers = {
        (each["severity"], each["code"], each["message"], each["line"], each["column"]) for each in found(program, text)
    }
    assert answers == on_files(text)
    assert bool(old) == any(level == "error" for level, *_ in answers)


def test_the_range_of_a_finding_is_the_text_that_it_is_about(program: Client) -> None:
    text = LINE.replace("#count + 1;", "#counter + 1;")
    (error,) = (each for each in found(program, text) if each["severity"] == "error")
    line = text.split("\n")[error["line"] - 1]
    assert error["line"] == error["endLine"]
    assert line[error["column"] - 1 : error["endColumn"] - 1] == "#counter"


def test_each_finding_leads_to_the_page_that_explains_it(program: Client) -> None:
    text = LINE.replace("#count + 1;", "#counter + ;").replace('"Motor_1"', '"Motor_2"')
    pages = {each["code"]: each["page"] for each in found(program, text) + found(program, LINE)}
    assert {"L201"} < set(pages)
    for code, page in pages.items():
        file, _, _ = page.partition("#")
        explained = (ROOT / "docs" / file).with_suffix(".md").read_text(encoding="utf-8")
        assert ("syntax.*" if code.startswith("syntax.") else code) in explained


def test_a_correction_of_a_rule_can_be_applied(program: Client) -> None:
    text = LINE.replace("#motor(start := #on);", "#motor(start := #on);   ")
    (blanks,) = (each for each in found(program, text) if each["code"] == "L001")
    (change,) = blanks["changes"]
    lines = text.split("\n")
    line = lines[change["line"] - 1]
    lines[change["line"] - 1] = line[: change["column"] - 1] + change["text"] + line[change["endColumn"] - 1 :]
    assert "\n".join(lines) == LINE


def test_a_text_replaces_the_blocks_of_its_names_and_the_one_that_it_was(program: Client) -> None:
    write(program, LINE)
    assert codes(program, LINE) == []
    renamed = LINE.replace('FUNCTION_BLOCK "Line"', 'FUNCTION_BLOCK "Row"')
    assert codes(program, renamed, blockName="Line") == []
    uses_itself = renamed.replace('motor : "Motor";', 'motor : "Line";')
    assert "name.undefined" not in codes(program, uses_itself)
    assert "type.unknown" in codes(program, uses_itself, blockName="Line")


def test_a_change_of_the_program_counts_at_once(program: Client) -> None:
    text = LINE.replace("#count + 1;", '#count + "Step";')
    assert codes(program, text) == ["name.undefined"]
    program.ok("POST", "/api/devices/PLC_1/tag-tables/actions/create-sync", {"name": "Tags"})
    tag = {"tableName": "Tags", "name": "Step", "dataType": "Int", "logicalAddress": "%MW0"}
    program.ok("POST", "/api/devices/PLC_1/tags", tag)
    assert codes(program, text) == []
    program.ok("DELETE", "/api/devices/PLC_1/tag-tables/Tags/tags/Step")
    assert codes(program, text) == ["name.undefined"]


def test_an_inconsistent_block_counts_with_the_text_that_was_imported(program: Client) -> None:
    write(program, PROGRAM.replace("start : Bool;", "start : Bool;\n    speed : Int;"))
    assert program.ok("GET", "/api/devices/PLC_1/blocks/Motor/content")["needsCompilation"]
    assert codes(program, LINE.replace("start := #on", "speed := #count")) == []
    assert codes(program, LINE.replace("start := #on", "speed := #on")) == ["type.implicit"]


def test_the_answer_names_the_objects_whose_declarations_are_not_known(program: Client) -> None:
    awl = (
        'FUNCTION "Sum" : Int\nVAR_INPUT\n    a : Int;\nEND_VAR\nBEGIN\nNETWORK\n    L #a;\n    T #Sum;\nEND_FUNCTION\n'
    )
    write(program, awl)
    answer = program.ok("POST", CHECK, {"deviceName": "PLC_1", "text": LINE})
    assert [each["name"] for each in answer["unread"]] == ["Sum"]


def test_a_check_does_not_wait_for_the_portal(program: Client) -> None:
    """The portal's thread may be busy with another client's work while somebody types."""
    assert codes(program, LINE) == []
    session = program.http.app.state.service.portals.current
    busy, done = threading.Event(), threading.Event()

    def work() -> None:
        busy.set()
        done.wait(60)

    worker = threading.Thread(target=session.call, args=(work,))
    worker.start()
    try:
        assert busy.wait(60)
        assert codes(program, LINE.replace("#count + 1", "#counter + 1")) == ["name.undefined"]
    finally:
        done.set()
        worker.join()


def test_many_findings_are_limited_and_long_texts_refused(program: Client) -> None:
    lines = "".join(f"    #unknown{number} := 1;\n" for number in range(600))
    answer = program.ok("POST", CHECK, {"deviceName": "PLC_1", "text": LINE.replace("BEGIN\n", f"BEGIN\n{lines}")})
    assert (len(answer["findings"]), answer["leftOut"] >= 100) == (500, True)
    program.refused(400, "request.wrong_type", "POST", CHECK, {"deviceName": "PLC_1", "text": " " * 500_001})
    program.refused(404, "device.not_found", "POST", CHECK, {"deviceName": "Other", "text": LINE})
