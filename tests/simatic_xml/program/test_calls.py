from __future__ import annotations

import pytest

from simatic_xml.program.listing import listing
from simatic_xml.program.symbols import Cpu
from tests.simatic_xml.program.program_of import findings, typed_body

AROUND = """
TYPE "Motor" STRUCT speed : Int; END_STRUCT; END_TYPE
FUNCTION "Scale" : Real
VAR_INPUT raw : Int; gain : Real; END_VAR
VAR_OUTPUT valid : Bool; END_VAR
VAR_IN_OUT last : Int; END_VAR
BEGIN #Scale := #raw; END_FUNCTION
FUNCTION "Single" : Int
VAR_INPUT x : Int; END_VAR
BEGIN #Single := #x; END_FUNCTION
FUNCTION "Total" : Int
VAR_INPUT values : ARRAY[*] OF Int; END_VAR
BEGIN #Total := 0; END_FUNCTION
FUNCTION_BLOCK "Pump"
VAR_INPUT run : Bool; speed : Int; END_VAR
VAR_OUTPUT busy : Bool; END_VAR
VAR_IN_OUT motor : "Motor"; total : DInt; END_VAR
BEGIN END_FUNCTION_BLOCK
FUNCTION_BLOCK "Valve"
VAR_INPUT open : Bool; END_VAR
BEGIN END_FUNCTION_BLOCK
DATA_BLOCK "Pump_DB" "Pump" BEGIN END_DATA_BLOCK
DATA_BLOCK "Server" MB_SERVER BEGIN END_DATA_BLOCK
DATA_BLOCK "Timer_DB" TON_TIME BEGIN END_DATA_BLOCK
DATA_BLOCK "Data" STRUCT timer : TON_TIME; pump : "Pump"; END_STRUCT; BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN END_ORGANIZATION_BLOCK
"""
DECLARATIONS = """
VAR_INPUT start : Bool; END_VAR
VAR
  pump : "Pump"; valves : ARRAY[0..3] OF "Valve"; delay : TON_TIME; general : IEC_TIMER; up : CTU_INT; edge : R_TRIG;
  motor : "Motor"; list : ARRAY[0..9] OF Int; b : Bool; i : Int; di : DInt; r : Real; t : Time; w : Word; s : String;
END_VAR
VAR CONSTANT FIVE : Int := 5; END_VAR
"""


def body(text: str, **options):
    return typed_body(text, DECLARATIONS, around=AROUND, **options)


@pytest.mark.parametrize(
    "written",
    [
        '#r := "Scale"(raw := #i, gain := 2, valid => #b, last := #i);',
        '#i := "Single"(5);',
        '#i := "Single"(x := 5);',
        '#i := "Total"(#list);',
        '"Single"(#i);',
        '"Pump_DB"(run := #b, motor := #motor);',
        '"Pump_DB"(motor := #motor, ENO => #b);',
        '"Pump_DB"(EN := #b, motor := #motor);',
        "#pump(motor := #motor, busy => #b);",
        "#i := DPRD_DAT(LADDR := 270, RECORD => P#M0.0 BYTE 4);",
        '"Server"(MB_HOLD_REG := P#M100.0 WORD 5, CONNECT := #motor);',
        '"Data".pump(motor := #motor);',
        "#valves[#i](open := #b);",
        "#delay(IN := #b, PT := T#5s, Q => #b, ET => #t);",
        "#delay.TON(IN := #b, PT := T#5s);",
        "#general.TON(IN := #b, PT := T#5s);",
        '"Timer_DB".TON(IN := #b, PT := T#5s);',
        '"Data".timer.TON(IN := #b, PT := #t);',
        "#up(CU := #b, R := FALSE, PV := 10, CV => #i);",
        "#edge(CLK := #b, Q => #b);",
        "#b := #delay.Q;",
        "#i := LIMIT(MN := 0, IN := #i, MX := 100);",
        "#r := ABS(#r);",
        "#r := SQRT(#r);",
        "#i := ROUND_INT(#r);",
        "#di := ROUND(#r);",
        "#w := SHL(IN := #w, N := 2);",
        "#i := SEL(G := #b, IN0 := 1, IN1 := #i);",
        "#r := SCALE_X_REAL(MIN := 0.0, VALUE := #r, MAX := 100.0);",
        "#i := LEN(#s);",
        "#s := CONCAT(IN1 := #s, IN2 := 'x');",
        "#i := REAL_TO_INT(#r);",
    ],
)
def test_calls_without_a_finding(written):
    _, scope = body(written)
    assert [str(each) for each in scope.diagnostics] == []


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        (
            '#r := "Scale"(raw := #i, gain := #i, valid => #b, last := #i);',
            '#r := "Scale"(raw := #i, gain := Real(#i), last := #i, valid => #b)',
        ),
        ('#di := "Single"(5);', '#di := DInt("Single"(x := 5))'),
    ],
)
def test_conversions_at_parameters(written, typed):
    statements, scope = body(written)
    assert findings(scope) == []
    assert listing(statements) == typed


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"Nowhere"(x := 1);', ["1:1 name.undefined"]),
        ("NOWHERE(x := 1);", ["1:1 call.unknown"]),
        ('"Pump"(run := #b);', ["1:1 call.instance_missing"]),
        ("TON(IN := #b, PT := T#5s);", ["1:1 call.instance_missing"]),
        ("#up.TON(IN := #b, PT := T#5s);", ["1:1 call.instance_other"]),
        ("#up.ABS(#i);", ["1:1 call.instance_other"]),
        ('"Main"();', ["1:1 call.not_callable"]),
        ("#motor();", ["1:1 call.not_callable"]),
        ("#i(x := 1);", ["1:1 call.not_callable"]),
        ("REF(#motor); REF(#start); REF(#FIVE);", ["1:18 call.reference", "1:31 call.in_out_operand"]),
        ("#general(IN := #b);", ["1:1 call.not_callable"]),
        ('#r := "Scale"(raw := #i, valid => #b, last := #i);', ["1:7 call.parameter_missing"]),
        ('"Pump_DB"(run := #b);', ["1:1 call.parameter_missing"]),
        ('"Pump_DB"(motor := #motor, nothing := 1);', ["1:28 call.parameter_unknown"]),
        ('#i := "Single"(1, 2);', ["1:19 call.parameter_unknown"]),
        ('#i := "Single"(x := 1, x := 2);', ["1:24 call.parameter_twice"]),
        ('"Pump_DB"(motor := #motor, run => #b);', ["1:28 call.direction"]),
        ('"Pump_DB"(motor := #motor, busy := #b);', ["1:28 call.direction"]),
        ('"Pump_DB"(motor := #motor, total := 5);', ["1:28 call.in_out_operand"]),
        ('"Server"(MB_HOLD_REG := 5, CONNECT := #motor);', ["1:10 call.in_out_operand"]),
        ('"Pump_DB"(motor := #motor, total := #di + 1);', ["1:28 call.in_out_operand"]),
        ('"Pump_DB"(motor := #motor, total := #i);', ["1:28 call.in_out_type"]),
        ('"Pump_DB"(motor := #i);', ["1:11 call.in_out_type"]),
        ('"Pump_DB"(motor := #motor, busy => #FIVE);', ["1:28 write.constant"]),
        ('"Pump_DB"(motor := #motor, busy => #start);', ["w 1:28 write.input"]),
        ('"Pump_DB"(motor := #motor, run := #r);', ["1:28 type.implicit"]),
        ("MOVE(IN := #i, OUT1 => #i);", ["1:1 call.language"]),
        ("#i := LEN(#s, #i);", ["1:15 call.parameter_unknown"]),
        ("#i := LEN(#r);", ["1:11 type.parameter"]),
        ("#s := S_CONV(#i);", []),
        ("#i := S_CONV(#s) + 1;", []),
        ("#i := CONVERT(IN := #r, ENO => #b);", []),
        ("#b := S_CONV(#s);", ["1:7 type.parameter"]),
        ("#b := T_CONV(#s) = 1;", ["1:7 type.parameter"]),
        ("#s := S_CONV(#nowhere);", ["1:14 name.undefined"]),
    ],
)
def test_what_is_wrong_with_a_call(written, expected):
    _, scope = body(written)
    assert findings(scope) == expected


def test_an_instruction_needs_its_cpu():
    written = "#di := READ_CLK(CDT => #moment);"
    declarations = DECLARATIONS.replace("b : Bool;", "b : Bool; moment : Date_And_Time;")
    _, scope = typed_body(written, declarations, around=AROUND)
    assert findings(scope) == ["1:8 call.not_available"]
    _, scope = typed_body(written, declarations, around=AROUND, cpu=Cpu("S7-400", "V6.0"))
    assert findings(scope) == []


def test_en_makes_a_condition():
    statements, scope = body('"Pump_DB"(EN := #start, motor := #motor, ENO => #b);')
    assert findings(scope) == []
    assert listing(statements).startswith("IF #start")
    assert "#b := FALSE" in listing(statements)


def test_an_overlay_of_a_parameter_is_no_parameter() -> None:
    """A variable that lies over an input need not be given."""
    around = 'FUNCTION "Bits" : Void VAR_INPUT w : Word; b AT w : Array[0..15] of Bool; END_VAR BEGIN END_FUNCTION'
    _, scope = typed_body('"Bits"(w := 16#1);', around=around)
    assert findings(scope) == []
