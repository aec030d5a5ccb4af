"""Constructs of real programs that TIA Portal compiles, executed on each tier and compared with Python's own results."""

from __future__ import annotations

from typing import Any

import pytest

from simatic_xml.flgnet import from_json
from simatic_xml.model import Block, Member, Network, Section, UserConstant
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.agreement import TIERS, Run, program
from tests.fakes.virtual_plc.oracle.kit import scl, wrapped
from virtual_plc.memory.program import program_of

CALL = """
DATA_BLOCK "D" "Fb" BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN "D"(); END_ORGANIZATION_BLOCK
"""
tiers = pytest.mark.parametrize("tier", TIERS)


def after(tier: str, static: str, body: str, family: str = "S7-1500") -> dict[str, Any]:
    """Return the data of a function block after one scan."""
    source = f'FUNCTION_BLOCK "Fb" VAR {static} END_VAR BEGIN {body} END_FUNCTION_BLOCK {CALL}'
    run = Run(program(source, cpu=Cpu(family=family)), TIERS[tier])
    assert run.scan() == ""
    found = run.memory.read('"D"')
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("tier", TIERS)
def test_logic_of_integers_works_on_their_bits(tier: str) -> None:
    values = (0, 1, -1, 0x5555, -0x8000, 0x7FFF, 1234, -1234)
    pairs = [(a, b) for a in values for b in values]
    columns = {"a": ("Int", [a for a, _ in pairs]), "b": ("Int", [b for _, b in pairs])}
    found = scl(tier, columns, {"x": ("Int", "{a} OR {b}"), "y": ("Int", "{a} AND {b}"), "z": ("Int", "{a} XOR {b}")})
    assert found["x"] == [a | b for a, b in pairs]
    assert found["y"] == [a & b for a, b in pairs]
    assert found["z"] == [a ^ b for a, b in pairs]


@pytest.mark.parametrize("tier", TIERS)
def test_literals_in_logic_of_integers_are_patterns(tier: str) -> None:
    values = [0, 1, -1, 0x12345678, -0x80000000, 0x7FFFFFFF, -1234]
    columns = {"a": ("DInt", values)}
    results = {
        "high": ("DInt", "{a} AND 16#FFFF_0000"),
        "even": ("DInt", "{a} AND -2"),
        "set": ("DInt", "{a} OR 16#8000_0000"),
        "other": ("DInt", "{a} XOR 5"),
    }
    found = scl(tier, columns, results)
    assert found["high"] == [a & ~0xFFFF for a in values]
    assert found["even"] == [a & -2 for a in values]
    assert found["set"] == [a | -0x80000000 for a in values]
    assert found["other"] == [a ^ 5 for a in values]


@pytest.mark.parametrize("tier", TIERS)
def test_logic_of_positive_integers_of_two_widths(tier: str) -> None:
    pairs = [(a, b) for a in (0, 1, 0x5555, 0x7FFF) for b in (0, 3, 0x12345678, -1)]
    columns = {"a": ("Int", [a for a, _ in pairs]), "b": ("DInt", [b for _, b in pairs])}
    found = scl(tier, columns, {"x": ("DInt", "{a} OR {b}"), "y": ("DInt", "{a} AND {b}")})
    assert found["x"] == [a | b for a, b in pairs]
    assert found["y"] == [a & b for a, b in pairs]


@tiers
def test_a_shift_of_an_s7_300_takes_an_int(tier: str) -> None:
    static = "w : Word := 16#8001; x : Word; y : DWord; i : Int; n : Int := 3; m : Word := 4;"
    body = "#x := SHL_WORD(IN := #w, N := #n); #y := ROR(IN := DWORD#16#1, N := #m); #i := SHR(IN := 100, N := 2);"
    found = after(tier, static, body, "S7-300")
    assert found["x"] == wrapped(0x8001 << 3, 16, signed=False)
    assert found["y"] == 1 << 28
    assert found["i"] == 100 >> 2


@tiers
def test_a_constant_time_is_an_s5time_on_an_s7_300(tier: str) -> None:
    """The word has the time base 10 ms and 500 of it, 100 ms and 999 of it."""
    found = after(tier, "a : S5Time; b : Word;", "#a := T#5s; #b := S5T#99s900ms; #a := T#5s;", "S7-300")
    assert found["a"] == 0x0500
    assert found["b"] == 0x1999


@tiers
def test_numbers_become_bcd_on_an_s7_300(tier: str) -> None:
    static = "a : Word; b : Word; c : DWord; d : DWord; i : Int := 987; n : DInt := 7654321; back : DInt;"
    body = (
        "#a := INT_TO_BCD(#i); #b := INT_TO_BCD_WORD(#i); #c := DINT_TO_BCD(#n); #d := DINT_TO_BCD_DWORD(#n);"
        "#back := DWORD_BCD_TO_DINT(#d);"
    )
    found = after(tier, static, body, "S7-300")
    assert (found["a"], found["b"]) == (0x987, 0x987)
    assert (found["c"], found["d"]) == (0x7654321, 0x7654321)
    assert found["back"] == 7654321


@tiers
def test_a_data_block_number_is_a_uint(tier: str) -> None:
    found = after(
        tier, "db : DB_ANY; u : UInt; v : UInt := 7;", "#db := UINT_TO_DB_ANY(#v); #u := DB_ANY_TO_UINT(#db);"
    )
    assert (found["db"], found["u"]) == (7, 7)


@tiers
def test_serialized_data_are_the_same_with_both_signs(tier: str) -> None:
    static = "x : DInt := 16#01020304; y : DInt; a : Array[0..3] of Byte; b : Array[0..3] of Byte; p : DInt; r : Int;"
    body = (
        "#p := 0; #r := Serialize(SRC_VARIABLE := #x, DEST_ARRAY => #a, POS := #p);"
        "#p := 0; #r := Serialize(SRC_VARIABLE := #x, DEST_ARRAY := #b, POS := #p);"
        "#p := 0; #r := Deserialize(SRC_ARRAY := #a, DEST_VARIABLE => #y, POS := #p);"
    )
    found = after(tier, static, body)
    assert list(found["a"]) == list(found["b"]) == [1, 2, 3, 4]
    assert found["y"] == 0x01020304


COPY = """
FUNCTION "Copy" : Void
VAR_INPUT from : Any; END_VAR
VAR_IN_OUT to : Any; END_VAR
BEGIN BLKMOV(SRCBLK := #from, DSTBLK => #to); END_FUNCTION
"""


def drawn(tier: str, language: str, data: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Return the data of a function block of one network after one scan."""
    run = scanned(tier, language, data, {f'"D".{name}': value for name, value in values.items()})
    found = run.memory.read('"D"')
    assert isinstance(found, dict)
    return found


def scanned(tier: str, language: str, data: dict[str, Any], writes: dict[str, Any]) -> Run:
    """Return a program with a function block of one network after one scan."""
    types = {"a": "Bool", "o": "Bool", "l": "Array[0..9] of Int", "x": "Int"}
    static = [Member(name, data_type) for name, data_type in types.items()]
    sections = [Section("Input"), Section("Output"), Section("InOut"), Section("Static", static), Section("Temp")]
    workspace = Workspace()
    workspace.put(UserConstant("MAX", "Int", "9"))
    workspace.put(
        Block(
            "FB", "Fb", 7, language=language, interface=sections, networks=[Network(language, source=from_json(data))]
        )
    )
    assert workspace.put_source(CALL + COPY) == []
    assert [str(each) for each in workspace.check() if each.severity is Severity.ERROR] == []
    run = Run(program_of(workspace), TIERS[tier])
    assert run.scan(writes) == ""
    return run


@tiers
def test_pointer_constants_of_a_network_are_operands(tier: str) -> None:
    pointers = {"in": {"from": "Any#P#M10.0 BYTE 4"}, "inout": {"to": "Any#P#M20.0 BYTE 4"}}
    call = {"call": "Copy", "kind": "FC", "types": {"from": "Any", "to": "Any"}, **pointers}
    run = scanned(tier, "LAD", {"rungs": [[call]]}, {f"%MB{10 + at}": at + 1 for at in range(5)})
    assert [run.memory.read(f"%MB{20 + at}") for at in range(5)] == [1, 2, 3, 4, 0]


@tiers
@pytest.mark.parametrize("gate", ["A", "O", "X"])
@pytest.mark.parametrize("value", [False, True])
def test_a_gate_with_one_input_passes_it(tier: str, gate: str, value: bool) -> None:
    data = {"fbd": [[{"box": gate, "card": 1, "in": {"in1": "#a"}}, {"coil": "#o"}]]}
    assert drawn(tier, "FBD", data, a=value)["o"] is value


@tiers
def test_a_user_constant_is_an_index(tier: str) -> None:
    data = {"rungs": [[{"move": '#l[const "MAX"]', "to": "#x"}]]}
    assert drawn(tier, "LAD", data, l=[0] * 9 + [42])["x"] == 42


ROWS = """
a : Array[1..2, 0..2] of Int; b : Array[5..7] of Int; c : Array[0..2] of Int; i : Int := 2; first : Int; sum : Int;
m : Array[0..1, 0..1, 0..1] of Real; p : Array[0..1, 0..1] of Real; q : Array[0..1] of Real;
"""
SUM = """
FUNCTION "Sum" : Int
VAR_INPUT values : Array[*] of Int; END_VAR
VAR_IN_OUT row : Array[0..2] of Int; END_VAR
VAR_TEMP n : DInt; END_VAR
BEGIN
  FOR #n := LOWER_BOUND(ARR := #values, DIM := 1) TO UPPER_BOUND(ARR := #values, DIM := 1) DO
    #Sum := #Sum + #values[#n];
  END_FOR;
  #row[0] := 99;
END_FUNCTION
"""


@tiers
@pytest.mark.parametrize("access", ["TRUE", "FALSE"])
def test_fewer_indices_than_dimensions_are_a_row(tier: str, access: str) -> None:
    body = """
    #a[1, 0] := 1; #a[1, 1] := 2; #a[1, 2] := 3;
    #a[#i] := #a[1]; #b := #a[2]; #c[0] := 7; #c[1] := 8; #c[2] := 9;
    #a[1] := #c; #first := #a[2, 0];
    #sum := "Sum"(values := #a[1], row := #a[#i]);
    #m[1, 0, 0] := 1.5; #m[1, 1, 1] := 2.5; #p := #m[1]; #m[0, 1] := #p[0]; #q := #m[0, 1];
    """
    source = f"""{SUM}
    FUNCTION_BLOCK "Fb" {{ S7_Optimized_Access := '{access}' }} VAR {ROWS} END_VAR BEGIN {body} END_FUNCTION_BLOCK {CALL}"""
    run = Run(program(source), TIERS[tier])
    assert run.scan() == ""
    found = run.memory.read('"D"')
    assert isinstance(found, dict)
    assert list(found["a"]) == [7, 8, 9, 99, 2, 3]
    assert list(found["b"]) == [1, 2, 3]
    assert (found["first"], found["sum"]) == (1, 24)
    assert list(found["m"]) == [0, 0, 1.5, 0, 1.5, 0, 0, 2.5]
    assert list(found["p"]) == [1.5, 0, 0, 2.5]
    assert list(found["q"]) == [1.5, 0]


@tiers
def test_a_row_that_does_not_exist_is_a_fault(tier: str) -> None:
    source = f'FUNCTION_BLOCK "Fb" VAR {ROWS} END_VAR BEGIN #b := #a[#i]; END_FUNCTION_BLOCK {CALL}'
    run = Run(program(source), TIERS[tier])
    assert run.scan({'"D".i': 3}) == "IndexReadFault"
    source = f'FUNCTION_BLOCK "Fb" VAR {ROWS} END_VAR BEGIN #a[#i] := #b; END_FUNCTION_BLOCK {CALL}'
    run = Run(program(source), TIERS[tier])
    assert run.scan({'"D".i': 0}) == "IndexWriteFault"
    assert list(run.memory.read('"D".a')) == [0] * 6


@tiers
def test_a_data_block_gives_its_number_to_a_variable_of_the_type_db_any(tier: str) -> None:
    """As a parameter it did, in an assignment the variable held the data block itself."""
    source = """
DATA_BLOCK "First" VAR x : Int; END_VAR BEGIN END_DATA_BLOCK
DATA_BLOCK "Second" VAR x : Int; END_VAR BEGIN END_DATA_BLOCK
FUNCTION_BLOCK "Fb" VAR held : DB_ANY; number : UInt; END_VAR
BEGIN #held := "Second"; #number := DB_ANY_TO_UINT(#held); END_FUNCTION_BLOCK
"""
    made = program(source + CALL)
    run = Run(made, TIERS[tier])
    assert run.scan() == ""
    found = run.memory.read('"D"')
    number = made.data_blocks["second"].number
    assert number != made.data_blocks["first"].number
    assert (found["held"], found["number"]) == (number, number)


VALVE = """
FUNCTION_BLOCK "Valve" VAR_INPUT open : Bool; END_VAR VAR_OUTPUT count : Int; END_VAR
BEGIN IF #open THEN #count := #count + 1; END_IF; END_FUNCTION_BLOCK
DATA_BLOCK "Valve_1" "Valve" BEGIN END_DATA_BLOCK
DATA_BLOCK "Valve_2" "Valve" BEGIN END_DATA_BLOCK
DATA_BLOCK "Store" VAR all : Array[0..2] of DB_ANY; END_VAR BEGIN END_DATA_BLOCK
FUNCTION "RunValve" : Int VAR_IN_OUT inst : "Valve"; END_VAR
BEGIN #inst(open := TRUE); #RunValve := #inst.count; END_FUNCTION
FUNCTION_BLOCK "RunFb" VAR_IN_OUT inst : "Valve"; END_VAR BEGIN #inst(open := TRUE); END_FUNCTION_BLOCK
FUNCTION_BLOCK "Fb" VAR i, n, last : Int; nested : "RunFb"; END_VAR BEGIN
    "Store".all[0] := "Valve_1";
    "Store".all[1] := "Valve_2";
    FOR #i := 0 TO 2 DO
        IF TypeOfDB("Store".all[#i]) = "Valve" THEN
            #last := "RunValve"(inst := "Store".all[#i]);
            #nested(inst := "Store".all[#i]);
            #n += 1;
        END_IF;
    END_FOR;
    {}
END_FUNCTION_BLOCK
"""


@tiers
def test_a_parameter_instance_is_the_one_that_a_db_any_names(tier: str) -> None:
    run = Run(program(VALVE.replace("{}", "") + CALL), TIERS[tier])
    assert [run.scan(), run.scan()] == ["", ""]
    counts = [run.memory.read(f'"Valve_{number}".count') for number in (1, 2)]
    assert (counts, run.memory.read('"D".n'), run.memory.read('"D".last')) == ([4, 4], 4, 3)


@tiers
@pytest.mark.parametrize("wrong", ['"Store".all[2]', '"Other"'])
def test_a_parameter_instance_of_another_block_is_a_fault(tier: str, wrong: str) -> None:
    """A DB_ANY without a block, and one that names another data block."""
    other = 'DATA_BLOCK "Other" VAR x : Int; END_VAR BEGIN END_DATA_BLOCK'
    given = f'"Store".all[2] := {wrong}; "RunValve"(inst := "Store".all[2]);'
    run = Run(program(other + VALVE.replace("{}", given) + CALL), TIERS[tier])
    assert run.scan() == "MissingBlockFault"


PAIRS = {
    "same": ("#a", "#b", True),
    "changed": ("#a", "#c", False),
    "other type": ("#a", "#other", False),
    "number": ("#i", "#j", True),
    "another number": ("#i", "#k", False),
    "another width": ("#i", "#d", False),
    "text": ("#s", "#t", True),
    "rows": ("#rows", "#rows", True),
}


@tiers
@pytest.mark.parametrize(("one", "other", "equal"), PAIRS.values(), ids=PAIRS)
def test_a_variant_is_compared_by_what_it_points_to(tier: str, one: str, other: str, equal: bool) -> None:
    """On the left, on the right, and on both sides; TRUE needs the same type and equal values."""
    types = "".join(
        f'TYPE "{name}" STRUCT flag : Bool; num : Int; END_STRUCT; END_TYPE\n' for name in ("U_Cmp", "U_Other")
    )
    static = (
        'a, b, c : "U_Cmp"; other : "U_Other"; i, j, k : Int; d : DInt; s : String[5]; t : String[9]; '
        "rows : Array[0..2] of Int; left, right, both, differs : Bool;"
    )
    kind = {"#a": '"U_Cmp"', "#i": "Int", "#s": "String", "#rows": "Array[0..2] of Int"}[one]
    source = f"""{types}
FUNCTION "Left" : Bool VAR_INPUT v : Variant; END_VAR VAR_IN_OUT x : {kind}; END_VAR BEGIN #Left := #v = #x; END_FUNCTION
FUNCTION "Right" : Bool VAR_INPUT v : Variant; END_VAR VAR_IN_OUT x : {kind}; END_VAR BEGIN #Right := #x = #v; END_FUNCTION
FUNCTION "Both" : Bool VAR_INPUT v, w : Variant; END_VAR BEGIN #Both := #v = #w; END_FUNCTION
FUNCTION "Differ" : Bool VAR_INPUT v : Variant; END_VAR VAR_IN_OUT x : {kind}; END_VAR BEGIN #Differ := #x <> #v; END_FUNCTION
FUNCTION_BLOCK "Fb" VAR {static} END_VAR BEGIN
    #a.num := #b.num := #other.num := 5; #c.num := 6; #i := #j := 7; #k := 8; #d := 7; #s := #t := 'abc';
    #left := "Left"(v := {other}, x := {one});
    #right := "Right"(v := {other}, x := {one});
    #both := "Both"(v := {one}, w := {other});
    #differs := "Differ"(v := {other}, x := {one});
END_FUNCTION_BLOCK {CALL}"""
    run = Run(program(source), TIERS[tier])
    assert run.scan() == ""
    found = run.memory.read('"D"')
    assert [found[name] for name in ("left", "right", "both", "differs")] == [equal, equal, equal, not equal]


@tiers
def test_a_data_block_gives_its_number_to_a_parameter_of_the_type_uint(tier: str) -> None:
    """DB_ANY is based on UInt; other numbers do not take the name of a data block."""
    source = """
DATA_BLOCK "Second" VAR x : Int; END_VAR BEGIN END_DATA_BLOCK
FUNCTION "Pass" : UInt VAR_INPUT db : UInt; END_VAR BEGIN #Pass := #db; END_FUNCTION
FUNCTION_BLOCK "Fb" VAR number : UInt; END_VAR BEGIN #number := "Pass"("Second"); END_FUNCTION_BLOCK
"""
    made = program(source + CALL)
    run = Run(made, TIERS[tier])
    assert run.scan() == ""
    assert run.memory.read('"D".number') == made.data_blocks["second"].number
    workspace = Workspace()
    workspace.put_source(source.replace("db : UInt", "db : DInt"))
    assert "type.implicit" in {each.code for each in workspace.check()}
