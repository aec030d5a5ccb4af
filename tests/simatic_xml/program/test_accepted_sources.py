"""Constructs of real programs that TIA Portal compiles: the check of a whole program finds no error in them."""

from __future__ import annotations

from typing import Any

import pytest

from simatic_xml.flgnet import from_json
from simatic_xml.model import Block, Member, Network, Section, Tag, UserConstant
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from tests.simatic_xml.program.program_of import findings, typed_body

AROUND = """
DATA_BLOCK "Data" { S7_Optimized_Access := 'FALSE' }
VAR x : Int; END_VAR
BEGIN END_DATA_BLOCK
FUNCTION "Drive" : Void
VAR_INPUT axis : TO_SpeedAxis; END_VAR
VAR_IN_OUT other : TO_PositioningAxis; END_VAR
BEGIN END_FUNCTION
"""


def errors(workspace: Workspace) -> list[str]:
    return [each.code for each in workspace.check() if each.severity is Severity.ERROR]


def checked(declarations: str, body: str, family: str = "S7-1500") -> list[str]:
    """Return the errors of a function block; its source must be read without one."""
    workspace = Workspace(Cpu(family=family))
    around = AROUND if family == "S7-1500" else ""
    source = f'{around}FUNCTION_BLOCK "Test"\nVAR {declarations} END_VAR\nBEGIN\n{body}\nEND_FUNCTION_BLOCK\n'
    assert [str(each) for each in workspace.put_source(source) if each.severity is Severity.ERROR] == []
    return errors(workspace)


ROWS = "a : Array[1..2, 0..2] of Int; b : Array[5..7] of Int; i : Int; x : Int;"
MOMENTS = "a : Date_And_Time; b : Date_And_Time; t : Time; d : Date; lt : LTime;"
NUMBERS = "i : Int; j : Int; d : DInt; u : UInt; w : Word; dw : DWord;"


@pytest.mark.parametrize(
    ("declarations", "body", "family"),
    [
        (MOMENTS, "#t := #a - #b; #a := #a + #t;", "S7-1500"),
        (
            "w : WRREC; d : Array[0..9] of Byte;",
            "#w(REQ := TRUE, LEN := 10, RECORD := #d); #w(REQ := FALSE);",
            "S7-1500",
        ),
        (
            "r : RDREC; d : Array[0..9] of Byte;",
            "#r(REQ := TRUE, MLEN := 10, RECORD := #d); #r(REQ := FALSE);",
            "S7-1200",
        ),
        (
            "i : Int; n : UInt; d : Array[0..9] of Byte;",
            "#i := GET_DIAG(MODE := 1, LADDR := 64, CNT_DIAG => #n, DIAG := #d);",
            "S7-1500",
        ),
        ("c : TCON_IP_v4 := (64, 16#1, (), TRUE, ([()]), (), 2000);", ";", "S7-1500"),
        ("c : TCON_IP_v4 := (ID := (), RemoteAddress := (ADDR := [192, (), 0, 1]));", ";", "S7-1500"),
        (
            "a : Array[0..1, 0..1] of Int := [(), [1, ()]]; s : Struct t : Array[0..1] of Time := (); END_STRUCT;",
            ";",
            "S7-1500",
        ),
        (
            "m : MC_SETAXISSTW; g : MC_GROUPSTOP; x : TO_SpeedAxis;",
            "#m(STW1 := 16#100); #g(Execute := #m.Done);",
            "S7-1500",
        ),
        ("a : Date_And_Time; t : Time; d : Date;", "#t := #a - #a; #t := #d - #d;", "S7-300"),
        ("a : Date_And_Time := DT#12-7-12-12:30:00;", "#a := DATE_AND_TIME#95-12-31-23:59:59.999;", "S7-1500"),
        (
            NUMBERS,
            "#i := #i OR #j; #d := #i AND #d; #u := #u XOR #i; IF (#i AND 1) = 1 THEN #i := #i AND #j; END_IF;",
            "S7-1500",
        ),
        (ROWS, "#b := #a[1]; #a[#i] := #b; #a[1] := #a[2];", "S7-1500"),
        ("db : DB_ANY; u : UInt;", "#u := DB_ANY_TO_UINT(#db); #db := UINT_TO_DB_ANY(#u);", "S7-1500"),
        ("db : DB_ANY;", 'IF TypeOfDB(#db) = TO_SpeedAxis THEN "Drive"(axis := #db, other := #db); END_IF;', "S7-1500"),
        ("b : Byte;", '#b := PEEK(AREA := 16#84, DBNUMBER := "Data", BYTEOFFSET := 0);', "S7-1500"),
        ("w : Word; dw : DWord; i : Int; n : Word;", "#w := SHL_WORD(IN := #w, N := #i);", "S7-300"),
        (
            "w : Word; dw : DWord; i : Int; n : Word;",
            "#dw := ROR(IN := #dw, N := #n); #i := SHR(IN := #i, N := 3);",
            "S7-400",
        ),
        ("r : Int; l : Array[0..7] of Byte;", "#r := DPRD_DAT(LADDR := W#16#100, RECORD => #l);", "S7-300"),
        ("d : DInt; w : Word;", "#d := #d AND 16#FFFF_0000; #d := #d OR -2; #w := #w AND -2;", "S7-1500"),
        ("x : Bool; s : S5Time;", "#s := S_ODT(T_NO := T5, S := #x, TV := T#5s, R := FALSE); #s := T#1h;", "S7-300"),
        ("r : Int;", "#r := BLKMOV(SRCBLK := P#M0.0 BYTE 2, DSTBLK => P#M10.0 BYTE 2);", "S7-1500"),
        ("x : Int; s : WString;", "#s := GetSymbolName(variable := #x, size := 20);", "S7-1500"),
        ("s : WString;", "#s := GetInstancePath(size := 0); #s := GetInstanceName(size := 0);", "S7-1500"),
        (
            "x : Int; l : Array[0..9] of Byte; p : DInt; r : Int;",
            "#r := Serialize(SRC_VARIABLE := #x, DEST_ARRAY => #l, POS := #p); "
            "#r := Deserialize(SRC_ARRAY := #l, DEST_VARIABLE => #x, POS := #p);",
            "S7-1500",
        ),
    ],
)
def test_a_statement_of_real_programs_has_no_error(declarations: str, body: str, family: str) -> None:
    assert checked(declarations, body, family) == []


@pytest.mark.parametrize(
    ("declarations", "body", "family", "code"),
    [
        (MOMENTS, "#t := #a + #b;", "S7-1500", "type.operands"),
        ("a : Date_And_Time; c : DTL;", "#a := #a - #c;", "S7-1500", "type.operands"),
        (ROWS, "#x := #a[1];", "S7-1500", "type.implicit"),
        (ROWS, "#b := #a[3];", "S7-1500", "index.range"),
        (ROWS, "#x := #a[1][2];", "S7-1500", "index.count"),
        (ROWS, "#x := #b[5, 6];", "S7-1500", "index.count"),
        ("s : S5Time;", "#s := T#3h;", "S7-300", "type.implicit"),
        ("s : S5Time; t : Time;", "#s := #t;", "S7-300", "type.implicit"),
        ("s : S5Time;", "#s := T#1h;", "S7-1500", "type.implicit"),
        ("w : Word;", "#w := -32769;", "S7-1500", "value.range"),
        ("b : Bool; i : Int;", "#i := #b AND #i;", "S7-1500", "type.operands"),
        ("i : Int; d : DInt;", "#d := #i AND #d;", "S7-300", "type.operands"),
        ("db : DB_ANY;", "#db := STRING_TO_DB_ANY('5');", "S7-1500", "call.unknown"),
        ("u : UInt;", '"Drive"(axis := #u, other := #u);', "S7-1500", "type.implicit"),
        ("w : Word; r : Real;", "#w := SHL(IN := #w, N := #r);", "S7-300", "type.implicit"),
        (
            "x : Int; l : Array[0..9] of Byte; p : DInt; r : Int;",
            "#r := Serialize(SRC_VARIABLE => #x, DEST_ARRAY := #l, POS := #p);",
            "S7-1500",
            "call.direction",
        ),
        (
            "x : Int; l : Array[0..9] of Byte; p : DInt; r : Int;",
            "#r := Serialize(SRC_VARIABLE := #x, DEST_ARRAY := #l, POS => #p);",
            "S7-1500",
            "call.direction",
        ),
    ],
)
def test_what_resembles_it_stays_an_error(declarations: str, body: str, family: str, code: str) -> None:
    assert code in checked(declarations, body, family)


@pytest.mark.parametrize("iec_check", [False, True])
def test_integers_are_joined_by_logic_only_without_the_iec_check(iec_check: bool) -> None:
    _, scope = typed_body("#i := #i OR #j;", "VAR i : Int; j : Int; END_VAR", iec_check=iec_check)
    assert findings(scope) == (["1:7 type.operands"] if iec_check else [])


@pytest.mark.parametrize(("size", "found"), [(32766, []), (32767, ["block.size"])])
def test_a_standard_block_has_65534_bytes_of_data(size: int, found: list[str]) -> None:
    """The Int elements 0 to 32766 take 65,534 bytes."""
    workspace = Workspace()
    source = f"DATA_BLOCK \"Big\" {{ S7_Optimized_Access := 'FALSE' }}\nVAR a : Array[0..{size}] of Int; END_VAR\nBEGIN END_DATA_BLOCK"
    assert workspace.put_source(source) == []
    assert errors(workspace) == found


# LAD and FBD ---------------------------------------------------------------------------------------------------------

POINTERS = """
FUNCTION "Copy" : Void
VAR_INPUT a : Any; b : Variant; END_VAR
VAR_IN_OUT c : Any; d : Variant; END_VAR
BEGIN END_FUNCTION
"""


def drawn(language: str, data: dict[str, Any], *constants: UserConstant) -> list[str]:
    """Return the errors of a function block with one network."""
    static = [Member("a", "Bool"), Member("o", "Bool"), Member("l", "Array[0..9] of Int"), Member("x", "Int")]
    sections = [Section("Input"), Section("Output"), Section("InOut"), Section("Static", static), Section("Temp")]
    network = Network(language, source=from_json(data))
    workspace = Workspace()
    assert [str(each) for each in workspace.put_source(POINTERS) if each.severity is Severity.ERROR] == []
    for each in constants:
        workspace.put(each)
    workspace.put(Block("FB", "Test", 7, language=language, interface=sections, networks=[network]))
    return errors(workspace)


@pytest.mark.parametrize("gate", ["A", "O", "X"])
def test_a_gate_with_one_input_passes_it(gate: str) -> None:
    assert drawn("FBD", {"fbd": [[{"box": gate, "card": 1, "in": {"in1": "#a"}}, {"coil": "#o"}]]}) == []
    assert drawn("FBD", {"fbd": [[{"box": gate, "card": 2, "in": {"in1": "#a"}}, {"coil": "#o"}]]}) == [
        "network.operand_missing"
    ]


def test_a_pointer_constant_goes_to_parameters_of_any_type() -> None:
    pointers = {"a": "Any#P#DB1.DBX0.0 BYTE 10", "b": "P#M0.0 BYTE 2"}
    passed = {"c": "Any#P#M0.0 BYTE 2", "d": "Any#P#DB2.DBX0.0 WORD 2"}
    types = {"a": "Any", "b": "Variant", "c": "Any", "d": "Variant"}
    call = {"call": "Copy", "kind": "FC", "types": types, "in": pointers, "inout": passed}
    assert drawn("LAD", {"rungs": [[call]]}) == []
    call["inout"] = passed | {"c": "5"}
    assert drawn("LAD", {"rungs": [[call]]}) == ["call.in_out_operand"]


def test_a_user_constant_is_an_index() -> None:
    move = {"rungs": [[{"move": '#l[const "MAX"]', "to": "#x"}]]}
    assert drawn("LAD", move, UserConstant("MAX", "Int", "9")) == []
    assert drawn("LAD", move, UserConstant("MAX", "Int", "10")) == ["index.range"]
    assert drawn("LAD", move) == ["name.undefined"]


BYTE_TEXTS = [
    ("Array[1..8] of Byte", "48656C6C6F210000", []),
    ("Array[0..1, 0..1] of Byte", "0a0B0c0D", []),
    ("Array[1..8] of Byte", "48656C6C6F2100", ["value.invalid"]),
    ("Array[1..4] of Word", "48656C6C", ["value.invalid"]),
    ("Array[1..2] of Byte", "12, 34", []),
]


def test_a_byte_array_has_its_bytes_as_hexadecimal_text() -> None:
    for data_type, text, expected in BYTE_TEXTS:
        workspace = Workspace(Cpu())
        member = Member("content", data_type, start_value=text)
        workspace.put(Block("GlobalDB", "Web", 333, language="DB", interface=[Section("Static", [member])]))
        assert errors(workspace) == expected, (data_type, text)
        if not expected:
            starts = dict(workspace.symbols.lookup("Web").starts)
            assert len(starts) == text.count(",") + 1 if "," in text else len(text) // 2


@pytest.mark.parametrize(
    ("name", "expected"), [("PD_TEL3_IN", []), ("PD_TEL105_OUT", []), ("PD_OTHER", ["type.unknown"])]
)
def test_a_tag_has_the_type_of_a_telegram_in_quotes(name: str, expected: list[str]) -> None:
    workspace = Workspace(Cpu())
    workspace.put(Tag("Drive", f'"{name}"', "%I256.0"))
    workspace.put_source('FUNCTION "Ready" : Bool\nBEGIN\n#Ready := "Drive".ZSW1.ReadyToOperate;\nEND_FUNCTION\n')
    assert sorted(set(errors(workspace))) == expected
