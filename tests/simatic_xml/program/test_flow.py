"""What following the statements of a block finds, and what it must not find."""

import pytest

from simatic_xml.program.workspace import Workspace


def codes(body: str, declarations: str = "", kind: str = "FUNCTION", result: str = ": Int") -> list[str]:
    """Return the codes found in a block F."""
    result = result if kind == "FUNCTION" else ""
    workspace = Workspace()
    assert not workspace.put_source(f'{kind} "F" {result}\n{declarations}\nBEGIN\n{body}\nEND_{kind}')
    return [found.code for found in workspace.findings("F") if found.code.startswith("flow.")]


TEMP = "VAR_INPUT a : Bool; n : Int; END_VAR VAR_TEMP t : Int; END_VAR"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("#F := #t;", ["flow.uninitialised"]),
        ("#t := 1; #F := #t + #n;", []),
        ("IF #a THEN #t := 1; END_IF; #F := #t;", ["flow.uninitialised"]),
        ("IF #a THEN #t := 1; ELSE #t := 2; END_IF; #F := #t;", []),
        ("FOR #t := 1 TO 3 DO #F := #t; END_FOR;", ["flow.unassigned"]),
        ("REPEAT #t := 1; UNTIL #a END_REPEAT; #F := #t;", []),
        ("WHILE #a DO #t := 1; END_WHILE; #F := #t;", ["flow.uninitialised"]),
        ("WHILE TRUE DO #t := 1; IF #a THEN EXIT; END_IF; END_WHILE; #F := #t;", []),
        ("REPEAT #t := 1; EXIT; UNTIL #a END_REPEAT; #F := #t;", []),
        ("CASE #n OF 1: #t := 1; ELSE #t := 2; END_CASE; #F := #t;", []),
        ("CASE #n OF 1: #t := 1; END_CASE; #F := #t;", ["flow.uninitialised"]),
        ("#F := 1; #t := 1; RETURN; #F := 2;", ["flow.unreachable"]),
        ("#t := 1; IF #a THEN RETURN; END_IF; #F := #t;", ["flow.unassigned"]),
        ("#F := 1; #t := 1; WHILE TRUE DO #t := 2; END_WHILE;", ["flow.endless"]),
        ("#F := 1; #t := 1; WHILE TRUE DO #t := 2; RETURN; END_WHILE;", []),
        ("#F := #t; #F := #t;", ["flow.uninitialised"]),
    ],
)
def test_reads_and_ways(body: str, expected: list[str]) -> None:
    """Every way through a block is followed, each finding said once."""
    assert [code for code in codes(body, TEMP) if code != "flow.unused"] == expected


def test_a_block_that_jumps_is_not_judged_wrongly() -> None:
    """With GOTO a label may be reached from anywhere, so nothing is said about values."""
    body = "GOTO there; #F := 1; there: #F := #t; #t := 1;"
    assert set(codes(body, TEMP)) <= {"flow.unreachable", "flow.unused"}


def test_unused_variables_are_named() -> None:
    """A variable that is never mentioned is reported with its name; outputs of an FB belong to its instance."""
    workspace = Workspace()
    workspace.put_source(
        'FUNCTION_BLOCK "F"\nVAR_INPUT used : Int; idle : Int; END_VAR\nVAR s : Int; END_VAR\n'
        "VAR CONSTANT N : Int := 3; M : Int := 4; END_VAR\nVAR_TEMP list : Array[0..#N] of Int; END_VAR\n"
        "BEGIN #s := #used; #list[0] := #s; END_FUNCTION_BLOCK"
    )
    found = [each for each in workspace.findings("F") if each.code == "flow.unused"]
    assert [each.place.member for each in found] == ["idle", "M"]


def test_an_organization_block_has_its_inputs_from_the_system() -> None:
    """Start information of an OB that nobody reads is no finding."""
    assert codes("#t := 1;", "VAR_TEMP t : Int; END_VAR", "ORGANIZATION_BLOCK") == []
