from __future__ import annotations

import pytest

from simatic_xml.program.folding import fold
from simatic_xml.program.listing import listing
from simatic_xml.program.nodes import Assign, Binary
from simatic_xml.program.types.types import type_name
from simatic_xml.program.walking import expressions
from tests.simatic_xml.program.program_of import findings, typed_body

DECLARATIONS = """
VAR
  b : Bool; by : Byte; w : Word; dw : DWord; i : Int; di : DInt; u : UInt; r : Real; lr : LReal; t : Time;
  tod : Time_Of_Day; s : String; s2 : String; m : "Motor"; m2 : "Motor"; c : Char; v : Variant; a : ARRAY[0..9] OF Int;
END_VAR
"""
AROUND = """
TYPE "Motor" STRUCT speed : Int; END_STRUCT; END_TYPE
FUNCTION "Nothing" : Void
VAR_INPUT x : Int; END_VAR
BEGIN END_FUNCTION
"""


def body(text: str, declarations: str = DECLARATIONS, **options):
    return typed_body(text, declarations, around=AROUND, **options)


TYPED_CONSTANTS = {
    "INT#1 + 50000": -15535,
    "50000 + INT#1": -15535,
    "SINT#1 + 200": -55,
    "200 - SINT#1": -57,
    "INT#1 + 32767 + 1": -32767,
    "USINT#0 + 256": 0,
    "INT#1 + 32000": 32001,
    "1 + 50000": 50001,
    "INT#1 + DINT#50000": 50001,
}


def test_a_typed_constant_decides_on_either_side() -> None:
    """TIA Portal's help: "Calculating with constants in SCL"."""
    found = {}
    for written in TYPED_CONSTANTS:
        ((assignment,), _) = body(f"#di := {written};")
        assert isinstance(assignment, Assign)
        folded = fold(assignment.value)
        found[written] = folded and folded.value
    assert found == TYPED_CONSTANTS


TYPED = {
    "#r := #i;": "#r := Real(#i)",
    "#di := #i + #di;": "#di := DInt(#i) + #di",
    "#di := #di + #i;": "#di := #di + DInt(#i)",
    "#r := #r + 1;": "#r := #r + 1.0",
    "#r := 1 + #r;": "#r := 1.0 + #r",
    "#lr := #i * 0.1;": "#lr := LReal(#i) * LReal#0.1",
    "#lr := 0.1 * #i;": "#lr := LReal#0.1 * LReal(#i)",
    "#b := #i > 5 AND NOT #b;": "#b := (#i > 5) AND NOT #b",
    "#b := 5 < #i AND NOT #b;": "#b := (5 < #i) AND NOT #b",
    "#w := #w AND 16#00FF;": "#w := #w AND Word#255",
    "#w := 16#00FF AND #w;": "#w := Word#255 AND #w",
    "#t := #t + T#5s;": "#t := #t + Time#5000",
    "#t := T#5s + #t;": "#t := Time#5000 + #t",
    "#i := 2 + 3 * 4;": "#i := 14",
    "#i := -32768;": "#i := -32768",
    "#i := -#i;": "#i := -#i",
    "#b := #s = #s2;": "#b := #s = #s2",
    "#r := #i / 2;": "#r := Real(#i / 2)",
    "#r := 2 / #i;": "#r := Real(2 / #i)",
    "#r := #i * -1;": "#r := Real(#i * -1)",
    "#r := -1 * #i;": "#r := Real(-1 * #i)",
    "#di := 30000 + 30000;": "#di := DInt#60000",
    "#b := #b = 1;": "#b := #b = TRUE",
    "#b := 1 = #b;": "#b := TRUE = #b",
    "#b := (#i AND 4) <> 0;": "#b := (Word(#i) AND Word#4) <> Word#0",
    "#b := 0 <> (4 AND #i);": "#b := Word#0 <> (Word#4 AND Word(#i))",
    "#b := #t < 0;": "#b := DInt(#t) < DInt#0",
    "#b := 0 < #t;": "#b := Time(DInt#0) < #t",
    "#b := #i + 1 > 3;": "#b := (#i + 1) > 3",
    "#b := 3 > 1 + #i;": "#b := 3 > (1 + #i)",
    "#b := #i * 0 - 1 = 1 OR #b;": "#b := (((#i * 0) - 1) = 1) OR #b",
    "#r := #i ** 2;": "#r := Real(#i) ** 2.0",
    "#r := 2 ** #i;": "#r := 2.0 ** Real(#i)",
    "#i := #i DIV 2;": "#i := #i / 2",
    "#i := 2 DIV #i;": "#i := 2 / #i",
    "#b := #c = #s;": "#b := String[254](#c) = #s",
    "#b := #s = #c;": "#b := #s = String[254](#c)",
    "#b := #i < 40000;": "#b := DInt(#i) < DInt#40000",
    "#b := 40000 < #i;": "#b := DInt#40000 < DInt(#i)",
    "#b := #b & #b;": "#b := #b AND #b",
    "#m := #m2;": "#m := #m2",
    "#r := INT_TO_REAL(#i);": "#r := INT_TO_REAL<Real>(#i)",
}


def test_types_and_conversions() -> None:
    for written, typed in TYPED.items():
        statements, scope = body(written)
        assert (listing(statements), findings(scope)) == (typed, []), written


WRONG = {
    "#b := #i;": "1:7 type.implicit",
    "#b := #b + #b;": "1:7 type.operands",
    "#b := #b + 5;": "1:7 type.operands",
    "#b := 5 + #b;": "1:7 type.operands",
    "#b := #s < 5;": "1:7 type.operands",
    "#b := 5 < #s;": "1:7 type.operands",
    "#b := #m < #m2;": "1:7 type.operands",
    "#r := NOT #r;": "1:7 type.operand",
    "#u := -#u;": "1:7 type.operand",
    '#i := "Nothing"(x := 1);': "1:7 call.no_result",
    "#i := #i / 0;": "w 1:7 value.division_by_zero",
    "#i := #i MOD 0;": "w 1:7 value.division_by_zero",
    '#b := "Lamp":P;': "1:7 address.peripheral_read",
    "#i := ABS(EN := #b, IN := #i);": "1:7 call.enable",
    "#i := 40000;": "1:7 value.range",
    "#i := INT#30000 + INT#30000;": "w 1:7 value.overflow",
    "#di := INT#1 + 50000;": "w 1:16 value.overflow",
    "#di := 50000 + INT#1;": "w 1:8 value.overflow",
    "#i := T#nonsense;": "1:7 value.literal",
}


def test_what_is_wrong_with_an_expression() -> None:
    found = {written: findings(body(written, tags={"Lamp": "Bool %Q0.0"})[1]) for written in WRONG}
    assert found == {written: [expected] for written, expected in WRONG.items()}


STRICT = {
    "#di := #i;": "",
    "#b := #u = #i;": "",
    "#w := #i;": "1:7 type.implicit",
    "#by := #w;": "1:8 type.implicit",
    "#r := #di;": "1:7 type.implicit",
    "#b := #w > #i;": "1:7 type.operands",
    "#b := #i > #w;": "1:7 type.operands",
    "#t := #t + T#1s;": "1:7 type.operands",
    "#t := T#1s + #t;": "1:7 type.operands",
    "#i := #w + 1;": "1:7 type.operands",
    "#i := 1 + #w;": "1:7 type.operands",
    "#di := #u + #i;": "1:8 type.operands",
    "#di := #i + #u;": "1:8 type.operands",
}


def test_the_iec_check_is_strict() -> None:
    found = {written: findings(body(written, iec_check=True)[1]) for written in STRICT}
    assert found == {written: [expected] * (expected != "") for written, expected in STRICT.items()}
    assert all(each.startswith("w ") for written in STRICT for each in findings(body(written)[1]))


@pytest.mark.parametrize("part", ["#di", "1", "(#di + 1)"])
def test_a_long_chain_does_not_exhaust_the_stack(part):
    statements, scope = body("#di := #di + " + " + ".join([part] * 10_000) + ";")
    assert findings(scope) == []
    (assign,) = statements
    assert isinstance(assign, Assign)
    assert sum(isinstance(each, Binary) for each in expressions(assign.value)) >= 10_000


def test_the_type_of_a_variant_is_compared():
    statements, scope = body(
        '#b := TypeOf(#v) = "Motor" OR TypeOf(#v) = Int;', "VAR b : Bool; END_VAR VAR_INPUT v : Variant; END_VAR"
    )
    assert findings(scope) == []
    assert type_name(statements[0].value.type) == "Bool"


def test_nothing_follows_from_what_is_unknown():
    _, scope = body('#i := "Nowhere".x + #b * (3 - "Nowhere".y[4]) ** 2;')
    assert set(findings(scope)) == {"1:7 name.undefined", "1:31 name.undefined"}
