"""Rules of execution, each by a program of its own, on every tier. Their marks: docs/conformance-plc/execution.md."""

from __future__ import annotations

import math
from typing import Any

import pytest

from simatic_xml.model import Tag
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.types.ranges import real32
from tests.fakes.virtual_plc.agreement import BUDGET, TIERS, Run, program
from virtual_plc.faults import Fault, IndexReadFault, IndexWriteFault, StackFault, TimeFault
from virtual_plc.memory.path_values import PathError
from virtual_plc.memory.program import ProgramError

HELPERS = """
FUNCTION "Log" : Int
VERSION : 0.1
VAR_INPUT
  x : Int;
END_VAR
BEGIN
  "Log_Data".order := "Log_Data".order * 10 + #x;
  "Log_Data".calls := "Log_Data".calls + 1;
  #Log := #x;
END_FUNCTION
DATA_BLOCK "Log_Data"
VERSION : 0.1
VAR
  order : DInt;
  calls : Int;
END_VAR
BEGIN
END_DATA_BLOCK
"""
TAGS = (Tag("Out", "Word", "%QW4"), Tag("In", "Word", "%IW4"))


@pytest.fixture(params=TIERS)
def tier(request: pytest.FixtureRequest) -> str:
    """Each way to execute a program."""
    return str(request.param)


def prepared(
    tier: str, body: str, static: str = "", *, temp: str = "", more: str = "", set_eno: bool = False, **values: Any
) -> Run:
    """Return a program of one function block `Fb` with the instance `D`, on a tier.

    Args:
        tier: the tier.
        body: its statements.
        static: its static variables.
        temp: its temporary variables.
        more: further objects.
        set_eno: whether it sets ENO automatically.
        values: start values of static variables.
    """
    source = f"""{HELPERS}{more}
FUNCTION_BLOCK "Fb"
VERSION : 0.1
VAR
  {static}
  seen_eno : Bool;
END_VAR
VAR_TEMP
  {temp or "unused : Bool;"}
END_VAR
BEGIN
{body}
END_FUNCTION_BLOCK
DATA_BLOCK "D"
VERSION : 0.1
"Fb"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
VERSION : 0.1
BEGIN
  "D"(ENO => "D".seen_eno);
END_ORGANIZATION_BLOCK
"""
    run = Run(program(source, *TAGS, automatic_eno=["Fb"] if set_eno else []), TIERS[tier])
    for name, value in values.items():
        run.memory.write(f'"D".{name}', value)
    return run


def after(tier: str, body: str, static: str = "", **more: Any) -> dict[str, Any]:
    """Return the static variables of the function block behind one scan that ends without a fault."""
    run = prepared(tier, body, static, **more)
    assert run.scan() == ""
    found = run.memory.read('"D"')
    assert isinstance(found, dict)
    return found


# Numbers -------------------------------------------------------------------------------------------------------------

INTEGERS = {"SInt": 8, "Int": 16, "DInt": 32, "LInt": 64}


@pytest.mark.parametrize(("name", "bits"), INTEGERS.items())
def test_integers_wrap(tier: str, name: str, bits: int) -> None:
    most = (1 << bits - 1) - 1
    found = after(
        tier,
        "#a := #x + #one; #b := -#x - #two; #c := #x * #x; #d := -(#b + #one);",
        f"x : {name}; one : {name} := 1; two : {name} := 2; a : {name}; b : {name}; c : {name}; d : {name};",
        x=most,
    )
    assert (found["a"], found["b"], found["c"]) == (-most - 1, most, 1)
    assert found["d"] == -most - 1


@pytest.mark.parametrize(("name", "bits"), [("USInt", 8), ("UInt", 16), ("UDInt", 32), ("ULInt", 64)])
def test_unsigned_integers_wrap(tier: str, name: str, bits: int) -> None:
    found = after(
        tier,
        "#a := #x + #one; #b := #zero - #one;",
        f"x : {name}; zero : {name}; one : {name} := 1; a : {name}; b : {name};",
        x=(1 << bits) - 1,
    )
    assert (found["a"], found["b"]) == (0, (1 << bits) - 1)


def test_an_overflow_lets_the_block_go_on_and_shows_at_an_automatic_eno(tier: str) -> None:
    body, static = "#a := #x + 1; #behind := TRUE;", "x : Int; a : Int; behind : Bool;"
    plain, automatic = (after(tier, body, static, set_eno=each, x=32767) for each in (False, True))
    assert (plain["a"], plain["behind"], plain["seen_eno"]) == (-32768, True, True)
    assert (automatic["a"], automatic["behind"], automatic["seen_eno"]) == (-32768, True, False)


@pytest.mark.parametrize(
    ("x", "y", "quotient", "rest"), [(7, 2, 3, 1), (-7, 2, -3, -1), (7, -2, -3, 1), (-7, -2, 3, -1)]
)
def test_quotients_go_towards_zero_and_rests_have_the_sign_of_the_dividend(
    tier: str, x: int, y: int, quotient: int, rest: int
) -> None:
    found = after(tier, "#q := #x / #y; #r := #x MOD #y;", "x : Int; y : Int; q : Int; r : Int;", x=x, y=y)
    assert (found["q"], found["r"]) == (quotient, rest)


def test_the_lowest_number_divided_by_minus_one_wraps(tier: str) -> None:
    found = after(tier, "#q := #x / #y;", "x : Int; y : Int; q : Int;", set_eno=True, x=-32768, y=-1)
    assert (found["q"], found["seen_eno"]) == (-32768, False)


def test_an_integer_divided_by_zero_is_zero_and_no_fault(tier: str) -> None:
    body, static = "#q := #x / #y; #r := #x MOD #y;", "x : Int; y : Int; q : Int := 9; r : Int := 9;"
    found = after(tier, body, static, set_eno=True, x=5)
    assert (found["q"], found["r"], found["seen_eno"]) == (0, 0, False)


@pytest.mark.parametrize("x", [1.0, -1.0, 0.0])
def test_a_real_divided_by_zero_is_infinite_or_nan(tier: str, x: float) -> None:
    found = after(tier, "#q := #x / #y;", "x : Real; y : Real; q : Real;", set_eno=True, x=x)
    assert found["q"] == (math.copysign(math.inf, x) if x else "NaN")
    assert found["seen_eno"] is False


def test_a_real_is_rounded_to_32_bits_after_each_operation(tier: str) -> None:
    found = after(
        tier,
        "#a := #x + #y - #x; #b := #x * #z; #w := #v + 0.1;",
        "x : Real := 16777216.0; y : Real := 1.0; z : Real := 0.1; a : Real; b : Real; v : LReal := 0.2; w : LReal;",
    )
    assert found["a"] == 0.0
    assert found["b"] == real32(16777216.0 * real32(0.1))
    assert found["w"] == 0.2 + 0.1


def test_a_real_that_is_too_large_becomes_infinite(tier: str) -> None:
    found = after(
        tier, "#a := #x * #x; #b := #x * 10.0; #c := #a - #a;", "x : Real; a : Real; b : Real; c : Real;", x=1e38
    )
    assert (found["a"], found["b"], found["c"]) == (math.inf, math.inf, "NaN")


def test_comparisons_with_nan_do_not_hold(tier: str) -> None:
    """TIA Portal's help: "Creating SCL programs", comparison of floating-point numbers."""
    found = after(
        tier,
        "#n := #z / #z; #a := #n = #n; #b := #n <> #n; #c := #n < 1.0; #d := NOT (#n >= 1.0); #e := 1.0 <> #n;",
        "z : Real; n : Real; a : Bool; b : Bool; c : Bool; d : Bool; e : Bool;",
    )
    assert [found[each] for each in "abcde"] == [False, False, False, True, False]


def test_what_is_no_moment_is_equal_to_nothing(tier: str) -> None:
    found = after(
        tier,
        "#x.MONTH := 13; #y.MONTH := 13; #a := #x = #y; #b := #x <> #y; #c := #x = #z; #d := #z <> #x; #e := #x < #z; #f := #z = #z;",
        "x : DTL; y : DTL; z : DTL; a : Bool; b : Bool; c : Bool; d : Bool; e : Bool; f : Bool;",
    )
    assert [found[each] for each in "abcdef"] == [False, True, False, True, False, True]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-#two ** 2", -4),
        ("#two + #two * #two", 6),
        ("#two * #two ** 2", 8),
        ("10 - #two - #two", 6),
        ("20 / #two / 2", 5),
        ("17 MOD 10 / 2", 3),
    ],
)
def test_precedence_of_arithmetic(tier: str, text: str, value: int) -> None:
    found = after(tier, f"#a := REAL_TO_INT({text});" if "**" in text else f"#a := {text};", "a : Int; two : Int := 2;")
    assert found["a"] == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NOT #t AND #f", False),
        ("#t OR #t AND #f", True),
        ("#t XOR #t AND #f", True),
        ("#t OR #t XOR #t", True),
        ("#f = #f AND #f", False),
        ("1 < #two = TRUE", True),
        ("NOT #f = #t", True),
    ],
)
def test_precedence_of_logic(tier: str, text: str, value: bool) -> None:
    found = after(tier, f"#a := {text};", "a : Bool; t : Bool := TRUE; f : Bool; two : Int := 2;")
    assert found["a"] is value


def test_the_wider_operand_decides(tier: str) -> None:
    found = after(
        tier,
        "#d := #i + #l; #e := #i + #i; #r := #i / 2 + #x;",
        "i : Int := 30000; l : DInt := 30000; d : DInt; e : DInt; x : Real := 0.5; r : Real;",
    )
    assert found["d"] == 60000
    assert found["e"] == 60000 - 65536
    assert found["r"] == 15000.5


def test_times_wrap(tier: str) -> None:
    found = after(
        tier,
        "#a := #t + T#1ms; #b := #s * 3; #c := #s / 2;",
        "t : Time; s : Time := T#5s; a : Time; b : Time; c : Time;",
        t=(1 << 31) - 1,
    )
    assert (found["a"], found["b"], found["c"]) == (-(1 << 31), 15000, 2500)


# Order and conditions ------------------------------------------------------------------------------------------------


def test_operands_are_evaluated_from_left_to_right(tier: str) -> None:
    run = prepared(tier, '#a := "Log"(1) + "Log"(2) * "Log"(3);', "a : Int;")
    run.scan()
    assert (run.memory.read('"D".a'), run.memory.read('"Log_Data".order')) == (7, 123)


def test_both_sides_of_logic_are_evaluated(tier: str) -> None:
    run = prepared(tier, '#a := FALSE AND ("Log"(1) > 0); #b := TRUE OR ("Log"(2) > 0);', "a : Bool; b : Bool;")
    run.scan()
    assert run.memory.read('"Log_Data".calls') == 2


def test_a_condition_before_an_index_does_not_protect_it(tier: str) -> None:
    run = prepared(tier, "#a := (#j >= 0) AND (#list[#j] > 0);", "j : Int := -1; list : Array[0..3] of Int; a : Bool;")
    assert run.scan() == "IndexReadFault"


def test_conditions_of_elsif_are_evaluated_up_to_the_first_that_holds(tier: str) -> None:
    body = (
        'IF "Log"(1) = 0 THEN ; ELSIF "Log"(2) = 2 THEN #a := 2; ELSIF "Log"(3) = 3 THEN #a := 3; ELSE #a := 4; END_IF;'
    )
    run = prepared(tier, body, "a : Int;")
    run.scan()
    assert (run.memory.read('"D".a'), run.memory.read('"Log_Data".order')) == (2, 12)


@pytest.mark.parametrize(("x", "chosen"), [(1, 1), (2, 1), (3, 2), (5, 2), (6, 9), (-4, 3), (-32768, 9)])
def test_case_takes_the_first_branch_with_the_value(tier: str, x: int, chosen: int) -> None:
    body = "CASE #x OF 1, 2: #a := 1; 3..5: #a := 2; -9..-1: #a := 3; ELSE #a := 9; END_CASE;"
    assert after(tier, body, "x : Int; a : Int;", x=x)["a"] == chosen


def test_the_selector_of_case_is_evaluated_once(tier: str) -> None:
    run = prepared(tier, 'CASE "Log"(5) OF 1: ; 2: ; 3..4: ; 5: #a := 5; END_CASE;', "a : Int;")
    run.scan()
    assert (run.memory.read('"D".a'), run.memory.read('"Log_Data".calls')) == (5, 1)


def test_dates_and_times_are_compared_as_the_larger_type(tier: str) -> None:
    body = """
#found[0] := #day = #dtl; #found[1] := #ldt > #day; #found[2] := #dt <> #day; #found[3] := S5TIME_TO_TIME(#s5) = #time;
#found[4] := S5TIME_TO_TIME(#s5) < LT#5s_1ns; #found[5] := #word = #s5; #found[6] := #s5 = #word; #found[7] := #wrong = #s5;
#dtl.MONTH := 13; #found[8] := #day = #dtl; #found[9] := #day <> #dtl;
"""
    static = """
day : Date := D#2020-02-29; dtl : DTL := DTL#2020-02-29-00:00:00; ldt : LDT := LDT#2020-02-29-00:00:00.000000001;
dt : Date_And_Time := DT#2020-02-29-00:00:00; s5 : S5Time := S5T#5s; time : Time := T#5s; word : Word := 16#1050;
wrong : Word := 16#0ABC; found : Array[0..9] of Bool;
"""
    expected = [True, True, False, True, True, True, True, False, False, True]
    assert after(tier, body, static)["found"] == expected


def test_bit_strings_are_unsigned_numbers_in_expressions(tier: str) -> None:
    body = """
#q[0] := #d; #q[1] := DWORD#16#2; #q[2] := #d + 0.5; #q[3] := #b * #q[0]; #q[4] := DWORD_TO_REAL(16#3F80_0000);
#p[0] := #l; #p[1] := #d - LREAL#0.5; #more := #w > #q[0]; #e := #q[4];
"""
    static = """d : DWord := 16#FFFF_FF00; l : LWord := 16#3; w : Word := 5; b : Byte := 2; q : Array[0..4] of Real;
p : Array[0..1] of LReal; more : Bool; e : DWord;"""
    found = after(tier, body, static)
    assert found["q"] == [4294967040.0, 2.0, real32(4294967040.5), 8589934080.0, 1.0]
    assert (found["p"], found["more"], found["e"]) == ([3.0, 4294967039.5], False, 0x3F800000)


def test_constants_without_a_type_have_the_highest_precision(tier: str) -> None:
    more = """
FUNCTION "Same" : LReal
VERSION : 0.1
VAR_INPUT
  x : LReal;
END_VAR
BEGIN
  #Same := #x;
END_FUNCTION
"""
    body = """
#text := LREAL_TO_STRING(-0.001); #l[0] := "Same"(0.1); #l[1] := LIMIT(MN := 0.1, IN := #l[2], MX := 0.3);
#l[3] := #i / 3.5; #r := 0.1; #more := #tenth > 0.1 OR #r <> 0.1; #less := #i < 200 * 200; #l[2] := 1 + 2_147_483_647;
"""
    static = (
        """text : String; l : Array[0..3] of LReal; i : Int := 3; r : Real; tenth : LReal := 0.1; more, less : Bool;"""
    )
    found = after(tier, body, static, more=more)
    assert found["l"] == [0.1, 0.1, 2147483648.0, 3 / 3.5]
    assert (found["text"], found["r"]) == ("-1.00000000000000E-03", real32(0.1))
    assert (found["more"], found["less"]) == (False, True)


def test_chained_assignments_run_from_the_last_to_the_first(tier: str) -> None:
    body = "#a += #b -= #c *= #d; #list[#d] /= #list[#list[#d]] := #c;"
    found = after(tier, body, "a, b, c : Int := 10; d : Int := 2; list : Array[0..2] of Int := [0, 100, 1];")
    assert (found["a"], found["b"], found["c"]) == (0, -10, 20)
    assert found["list"] == [0, 20, 0]


def test_the_value_is_evaluated_before_the_target(tier: str) -> None:
    more = """
FUNCTION "Next" : Int
VERSION : 0.1
VAR_IN_OUT
  at : Int;
END_VAR
BEGIN
  #at := #at + 1;
  #Next := #at * 10;
END_FUNCTION
"""
    found = after(tier, '#list[#i] := "Next"(at := #i);', "i : Int; list : Array[0..3] of Int;", more=more)
    assert found["list"] == [0, 10, 0, 0]


# Loops ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounds", "turns", "behind"),
    [
        ("1 TO 3", [1, 2, 3], 4),
        ("3 TO 1", [], 3),
        ("3 TO 1 BY -1", [3, 2, 1], 0),
        ("0 TO 10 BY 4", [0, 4, 8], 12),
        ("5 TO 5", [5], 6),
        ("#two TO #two * 2", [2, 3, 4], 5),
        ("32766 TO 32767", [32766, 32767], -32768),
        ("-32767 TO -32768 BY -1", [-32767, -32768], 32767),
    ],
)
def test_for_counts(tier: str, bounds: str, turns: list[int], behind: int) -> None:
    body = f"FOR #i := {bounds} DO #seen[#n] := #i; #n := #n + 1; END_FOR;"
    found = after(tier, body, "i : Int; n : Int; two : Int := 2; seen : Array[0..9] of Int;")
    assert (found["seen"][: found["n"]], found["i"]) == (turns, behind)


@pytest.mark.parametrize("name", ["SInt", "USInt", "UInt", "DInt", "UDInt", "LInt", "ULInt"])
def test_for_ends_at_the_limit_of_every_type(tier: str, name: str) -> None:
    bits, signed = {
        "SInt": (8, 1),
        "USInt": (8, 0),
        "UInt": (16, 0),
        "DInt": (32, 1),
        "UDInt": (32, 0),
        "LInt": (64, 1),
        "ULInt": (64, 0),
    }[name]
    most = (1 << bits - signed) - 1
    found = after(
        tier,
        "FOR #i := #from TO #to DO #n := #n + 1; END_FOR;",
        f"i : {name}; from : {name}; to : {name}; n : Int;",
        **{"from": most - 2, "to": most},
    )
    assert (found["n"], found["i"]) == (3, -(1 << bits - 1) if signed else 0)


def test_the_bounds_of_for_are_evaluated_once(tier: str) -> None:
    run = prepared(tier, 'FOR #i := "Log"(1) TO "Log"(3) BY "Log"(1) DO #n := #n + 1; END_FOR;', "i : Int; n : Int;")
    run.scan()
    assert (run.memory.read('"D".n'), run.memory.read('"Log_Data".order')) == (3, 131)


def test_a_limit_that_changes_in_the_loop_does_not_count(tier: str) -> None:
    found = after(
        tier, "FOR #i := 1 TO #most DO #most := 1; #n := #n + 1; END_FOR;", "i : Int; n : Int; most : Int := 4;"
    )
    assert found["n"] == 4


def test_exit_keeps_the_variable_and_continue_counts_on(tier: str) -> None:
    body = "FOR #i := 1 TO 9 DO IF #i = 2 THEN CONTINUE; END_IF; IF #i = 5 THEN EXIT; END_IF; #n := #n + #i; END_FOR;"
    found = after(tier, body, "i : Int; n : Int;")
    assert (found["n"], found["i"]) == (1 + 3 + 4, 5)


def test_exit_leaves_the_inner_loop_only(tier: str) -> None:
    body = """FOR #i := 1 TO 3 DO
  WHILE TRUE DO #n := #n + 1; EXIT; END_WHILE;
  REPEAT #m := #m + 1; CONTINUE; UNTIL #m MOD 2 = 0 END_REPEAT;
END_FOR;"""
    found = after(tier, body, "i : Int; n : Int; m : Int;")
    assert (found["n"], found["m"]) == (3, 6)


def test_repeat_runs_at_least_once_and_while_may_not(tier: str) -> None:
    body = "REPEAT #a := #a + 1; UNTIL TRUE END_REPEAT; WHILE FALSE DO #b := #b + 1; END_WHILE;"
    found = after(tier, body, "a : Int; b : Int;")
    assert (found["a"], found["b"]) == (1, 0)


def test_goto_goes_forward_and_back(tier: str) -> None:
    body = """#n := 0;
again: #n := #n + 1;
IF #n < 5 THEN GOTO again; END_IF;
GOTO behind;
#skipped := TRUE;
behind: #reached := TRUE;"""
    found = after(tier, body, "n : Int; skipped : Bool; reached : Bool;")
    assert (found["n"], found["skipped"], found["reached"]) == (5, False, True)


def test_goto_leaves_loops(tier: str) -> None:
    body = """FOR #i := 0 TO 5 DO
  FOR #j := 0 TO 5 DO
    IF #j = 2 THEN GOTO next; END_IF;
    #n := #n + 1;
  END_FOR;
next: IF #i = 3 THEN GOTO done; END_IF;
END_FOR;
done: ;"""
    found = after(tier, body, "i : Int; j : Int; n : Int;")
    assert (found["i"], found["j"], found["n"]) == (3, 2, 8)


def test_goto_goes_into_a_branch(tier: str) -> None:
    body = """GOTO inside;
IF #skipped THEN
  #skipped := FALSE;
inside: #reached := TRUE;
END_IF;"""
    found = after(tier, body, "skipped : Bool; reached : Bool;")
    assert (found["skipped"], found["reached"]) == (False, True)


def test_return_ends_the_block_wherever_it_stands(tier: str) -> None:
    body = "FOR #i := 0 TO 5 DO CASE #i OF 3: RETURN; END_CASE; END_FOR; #behind := TRUE;"
    found = after(tier, body, "i : Int; behind : Bool;")
    assert (found["i"], found["behind"]) == (3, False)


# Parameters ----------------------------------------------------------------------------------------------------------

CALLED = """
TYPE "Pair"
VERSION : 0.1
STRUCT
  x : Int;
  list : Array[0..2] of Int;
END_STRUCT;
END_TYPE
FUNCTION "Fc" : Int
VERSION : 0.1
VAR_INPUT
  number : Int;
  given : "Pair";
END_VAR
VAR_OUTPUT
  gone : Int;
  out : "Pair";
END_VAR
VAR_IN_OUT
  both : Int;
  pair : "Pair";
END_VAR
VAR_TEMP
  kept : Int;
END_VAR
BEGIN
  #pair.x := #pair.x + 1;
  #Fc := #given.x;
  #both := #both + #number;
  "D".shown := "D".b;
  #out.list[1] := 5;
  #kept := #kept + 1;
  "D".temp := #kept;
  IF #number = 0 THEN RETURN; END_IF;
  #gone := 7;
END_FUNCTION
FUNCTION_BLOCK "Inner"
VERSION : 0.1
VAR_INPUT
  number : Int := 4;
  given : "Pair";
END_VAR
VAR_OUTPUT
  sum : Int;
END_VAR
VAR_IN_OUT
  both : Int;
  pair : "Pair";
END_VAR
BEGIN
  #pair.x := #pair.x + 1;
  #sum := #given.x + #number;
  #both := #both + 1;
END_FUNCTION_BLOCK
"""
STATIC = """a : Int; b : Int := 3; p : "Pair"; q : "Pair"; gone : Int := 9; shown : Int; temp : Int; inner : "Inner"; n : Int := 1;"""
CALL = '#a := "Fc"(number := #n, given := #p, gone => #gone, out := #q, both := #b, pair := #p);'.replace(
    "out :=", "out =>"
)


def test_a_function_gets_data_with_parts_by_reference(tier: str) -> None:
    found = after(tier, CALL, STATIC, more=CALLED)
    assert (found["a"], found["p"]["x"], found["q"]["list"]) == (1, 1, [0, 5, 0])


def test_an_in_out_without_parts_is_copied_in_and_out(tier: str) -> None:
    found = after(tier, CALL, STATIC, more=CALLED)
    assert (found["b"], found["shown"]) == (4, 3)


def test_an_output_that_is_not_written_gives_its_default(tier: str) -> None:
    assert after(tier, CALL, STATIC, more=CALLED)["gone"] == 7
    assert after(tier, CALL, STATIC, more=CALLED, n=0)["gone"] == 0


def test_temporary_variables_begin_with_their_defaults(tier: str) -> None:
    assert after(tier, CALL + CALL, STATIC, more=CALLED)["temp"] == 1


STARTED = """
TYPE "Part"
VERSION : 0.1
STRUCT
  list : Array[0..1] of Int := [4, 5];
  name : String[8] := 'xy';
  wide : WString[8] := WSTRING#'xy';
  number : Int := 6;
END_STRUCT;
END_TYPE
TYPE "Whole"
VERSION : 0.1
STRUCT
  part : "Part";
  parts : Array[0..1] of "Part";
  factor : Real := 1.5;
END_STRUCT;
END_TYPE
"""


@pytest.mark.parametrize(
    ("access", "overlay"), [("TRUE", ""), ("FALSE", ""), ("FALSE", "bytes AT t : Array[0..9] of Byte;")]
)
def test_texts_and_arrays_of_a_data_type_start_empty_in_temp(tier: str, access: str, overlay: str) -> None:
    more = f"""{STARTED}
FUNCTION "Look" : Void
{{ S7_Optimized_Access := '{access}' }}
VERSION : 0.1
VAR_TEMP
  t : "Whole";
  {overlay}
END_VAR
BEGIN
  "D".found[0] := #t.part.list[1];
  "D".found[1] := LEN(#t.part.name);
  "D".found[2] := LEN(#t.part.wide);
  "D".found[3] := #t.part.number;
  "D".found[4] := #t.parts[1].list[1];
  "D".found[5] := #t.parts[1].number;
  "D".found[6] := REAL_TO_INT(#t.factor * 2);
  "D".held := #t.part;
END_FUNCTION
"""
    found = after(tier, '"Look"();', 'found : Array[0..6] of Int; kept : "Whole"; held : "Part";', more=more)
    assert found["found"] == [0, 0, 0, 6, 0, 0, 3]
    assert found["held"] == {"list": [0, 0], "name": "", "wide": "", "number": 6}
    assert found["kept"]["parts"][1] == {"list": [4, 5], "name": "xy", "wide": "xy", "number": 6}


def test_a_function_block_gets_copies_and_in_outs_with_parts_by_reference(tier: str) -> None:
    found = after(tier, "#p.x := 5; #inner(given := #p, both := #b, pair := #p, sum => #a);", STATIC, more=CALLED)
    assert (found["a"], found["b"], found["p"]["x"], found["inner"]["given"]["x"]) == (9, 4, 6, 5)


def test_an_input_that_is_not_given_keeps_its_value(tier: str) -> None:
    body = "#inner(number := 10, both := #b, pair := #p); #inner(both := #b, pair := #p); #a := #inner.sum;"
    assert after(tier, body, STATIC, more=CALLED)["a"] == 10


def test_operands_of_in_outs_are_looked_up_before_the_call(tier: str) -> None:
    more = """
FUNCTION "Move_On" : Void
VERSION : 0.1
VAR_IN_OUT
  element : Int;
END_VAR
BEGIN
  "D".i := 2;
  #element := 9;
END_FUNCTION
"""
    found = after(tier, '"Move_On"(element := #list[#i]);', "i : Int; list : Array[0..3] of Int;", more=more)
    assert (found["list"], found["i"]) == ([9, 0, 0, 0], 2)


def test_structures_are_copied_by_assignment(tier: str) -> None:
    found = after(tier, "#p.x := 1; #p.list[2] := 3; #q := #p; #p.list[2] := 4;", STATIC, more=CALLED)
    assert (found["q"]["x"], found["q"]["list"]) == (1, [0, 0, 3])


def test_bounds_of_open_arrays_are_those_of_the_operand(tier: str) -> None:
    more = """
FUNCTION "Sum" : Int
VERSION : 0.1
VAR_INPUT
  all : Array[*] of Int;
END_VAR
VAR_TEMP
  i : DInt;
END_VAR
BEGIN
  #Sum := 0;
  FOR #i := LOWER_BOUND(ARR := #all, DIM := 1) TO UPPER_BOUND(ARR := #all, DIM := 1) DO
    #Sum := #Sum + #all[#i];
  END_FOR;
END_FUNCTION
FUNCTION "Outer" : Int
VERSION : 0.1
VAR_INPUT
  all : Array[*] of Int;
END_VAR
BEGIN
  #Outer := "Sum"(#all) + #all[UPPER_BOUND(ARR := #all, DIM := 1)];
END_FUNCTION
"""
    static = "a : Int; b : Int; short : Array[-2..-1] of Int := [1, 2]; long : Array[5..8] of Int := [1, 2, 3, 4];"
    found = after(tier, '#a := "Outer"(#short); #b := "Outer"(#long);', static, more=more)
    assert (found["a"], found["b"]) == (5, 14)


# ENO -----------------------------------------------------------------------------------------------------------------


def test_return_with_a_value_sets_eno(tier: str) -> None:
    more = """
FUNCTION "Ends" : Int
VERSION : 0.1
VAR_INPUT
  x : Int;
END_VAR
BEGIN
  #Ends := #x;
  CASE #x OF 1: RETURN; 2: RETURN FALSE; 3: ENO := FALSE; RETURN TRUE; END_CASE;
  WHILE TRUE DO RETURN #x > 4; END_WHILE;
END_FUNCTION
"""
    body = 'FOR #i := 1 TO 5 DO #value[#i] := "Ends"(x := #i, ENO => #eno[#i]); END_FOR;'
    found = after(tier, body, "i : Int; value : Array[1..5] of Int; eno : Array[1..5] of Bool;", more=more)
    assert (found["value"], found["eno"]) == ([1, 2, 3, 4, 5], [True, False, True, False, True])


@pytest.mark.parametrize(
    ("body", "eno"),
    [("", True), ("ENO := FALSE;", False), ("ENO := FALSE; RETURN;", False), ("ENO := FALSE; ENO := TRUE;", True)],
)
def test_eno_is_true_until_the_block_says_otherwise(tier: str, body: str, eno: bool) -> None:
    assert after(tier, body)["seen_eno"] is eno


def test_a_call_whose_enable_input_is_false_is_left_out_and_its_eno_is_false(tier: str) -> None:
    body = "#inner(EN := FALSE, both := #b, pair := #p, ENO => #good); #inner(EN := TRUE, both := #b, pair := #p);"
    found = after(tier, body, STATIC + " good : Bool := TRUE;", more=CALLED)
    assert (found["b"], found["good"]) == (4, False)


# Strings and slices --------------------------------------------------------------------------------------------------


def test_a_string_that_is_too_long_is_cut(tier: str) -> None:
    found = after(
        tier,
        "#a := #long; #b := CONCAT(IN1 := #long, IN2 := #long);",
        "long : String[20] := 'abcdefghij'; a : String[4]; b : String[15];",
    )
    assert (found["a"], found["b"]) == ("abcd", "abcdefghijabcde")


def test_a_joined_string_that_is_too_long_for_its_target_shows_at_eno(tier: str) -> None:
    body, static = "#s := CONCAT(IN1 := #u, IN2 := #u);", "s : String[5]; u : String[5] := 'abcd';"
    found = after(tier, body, static, set_eno=True)
    assert (found["s"], found["seen_eno"]) == ("abcda", False)


def test_the_target_limits_only_the_outermost_string(tier: str) -> None:
    body = "#s := MID(IN := CONCAT(IN1 := #u, IN2 := #u), L := 2, P := 6);"
    found = after(tier, body, "s : String[3]; u : String[5] := 'abcd';", set_eno=True)
    assert (found["s"], found["seen_eno"]) == ("bc", True)


def test_conversions_without_types_convert_to_their_target(tier: str) -> None:
    found = after(
        tier,
        "#a := S_CONV(123); #n := S_CONV('45'); #b := S_CONV(IN := #n, ENO => #good); #c := S_CONV(#a);"
        "#t := T_CONV(#n); #r := CONVERT(#n);",
        "a : String; n : UInt; b : WString[2]; good : Bool; c : Char; t : Time; r : Real;",
    )
    assert {name: found[name] for name in "anbctr"} == {"a": "+123", "n": 45, "b": "+4", "c": "+", "t": 45, "r": 45.0}
    assert found["good"] is False


@pytest.mark.parametrize(
    ("body", "text", "char", "eno"),
    [
        ("#text[1] := 'X'; #c := #text[2];", "Xbc", "b", True),
        ("#text[4] := 'X';", "abcX", "?", True),
        ("#i := 4; #text[#i] := 'X'; #text[#i + 1] := 'Y';", "abcXY", "?", True),
        ("#text := 'abcde'; #i := 6; #text[#i] := 'X';", "abcde", "?", False),
        ("#text[5] := 'X';", "abc", "?", False),
        ("#text[#i] := 'X';", "abc", "?", False),
        ("#c := #text[4];", "abc", "\0", False),
        ("#i := 20; #c := #text[#i]; #text[#i] := #c;", "abc", "\0", False),
        ("#i := -1; #c := #text[#i]; #text[#i] := 'X';", "abc", "\0", False),
    ],
)
@pytest.mark.parametrize(("data_type", "of"), [("String", "Char"), ("WString", "WChar")])
def test_characters_of_strings_can_be_read_and_written(
    tier: str, data_type: str, of: str, body: str, text: str, char: str, eno: bool
) -> None:
    body = body.replace("'abcde'", f"{data_type.upper()}#'abcde'").replace(":= '", f":= {of.upper()}#'")
    static = f"text : {data_type}[5] := {data_type.upper()}#'abc'; c : {of} := {of.upper()}#'?'; i : Int;"
    for set_eno in (False, True):
        found = after(tier, body, static, set_eno=set_eno)
        assert (found["text"], found["c"], found["seen_eno"]) == (text, char, eno or not set_eno)


def test_slices_change_their_bits_only(tier: str) -> None:
    body = "#a.%X0 := TRUE; #a.%B1 := 16#AB; #b := #a.%W1; #c := #i.%X15; #i.%X0 := TRUE;"
    found = after(tier, body, "a : DWord := 16#12340000; b : Word; c : Bool; i : Int := -2;")
    assert (found["a"], found["b"], found["c"], found["i"]) == (0x1234AB01, 0x1234, True, -1)


# Timers and edges ----------------------------------------------------------------------------------------------------

TIMER = "delay {InstructionName := 'TON_TIME'; LibVersion := '1.0'} : TON_TIME; go : Bool; q : Bool; et : Time;"


def test_reading_a_timer_brings_it_up_to_date(tier: str) -> None:
    run = prepared(
        tier, "IF #go THEN #delay(IN := TRUE, PT := T#50ms); END_IF; #et := #delay.ET; #q := #delay.Q;", TIMER
    )
    shown = []
    for scan in range(7):
        run.scan({'"D".go': scan == 0})
        shown.append((run.memory.read('"D".et'), run.memory.read('"D".q')))
    assert shown == [(10 * scan, False) for scan in range(5)] + [(50, True), (50, True)]


def test_a_timer_that_nobody_calls_or_reads_stands(tier: str) -> None:
    run = prepared(tier, "IF #go THEN #delay(IN := TRUE, PT := T#50ms); END_IF;", TIMER)
    for scan in range(4):
        run.scan({'"D".go': scan == 0})
    assert run.memory.read('"D".delay.ET') == 0


def test_time_stands_still_during_a_scan(tier: str) -> None:
    body = "#delay(IN := TRUE, PT := T#50ms); #et := #delay.ET; FOR #i := 0 TO 99 DO ; END_FOR; #q := #delay.ET = #et;"
    run = prepared(tier, body, TIMER + " i : Int;")
    run.scan()
    run.scan()
    assert (run.memory.read('"D".et'), run.memory.read('"D".q')) == (10, True)


def test_an_edge_is_seen_in_the_first_execution_and_not_while_it_is_skipped(tier: str) -> None:
    static = "edge {InstructionName := 'R_TRIG'; LibVersion := '1.0'} : R_TRIG; clk : Bool; skip : Bool; n : Int;"
    run = prepared(tier, "IF NOT #skip THEN #edge(CLK := #clk); IF #edge.Q THEN #n := #n + 1; END_IF; END_IF;", static)
    counts = []
    for clk, skip in ((1, 0), (1, 0), (0, 1), (1, 0), (0, 0), (1, 0)):
        run.scan({'"D".clk': bool(clk), '"D".skip': bool(skip)})
        counts.append(run.memory.read('"D".n'))
    assert counts == [1, 1, 1, 1, 1, 2]


# Faults --------------------------------------------------------------------------------------------------------------


def fault_of(tier: str, body: str, static: str, **more: Any) -> tuple[Fault, Run]:
    run = prepared(tier, body, static, **more)
    run.services.budget = BUDGET
    with pytest.raises(Fault) as caught:
        run.executable.run("Main")
    return caught.value, run


LIST = "i : Int := 4; list : Array[1..3, 0..1] of Int; a : Int := 9; before : Bool; behind : Bool;"


def test_reading_what_does_not_exist_is_a_fault_at_its_place(tier: str) -> None:
    fault, run = fault_of(tier, "#before := TRUE;\n#a := #list[#i, 0];\n#behind := TRUE;", LIST)
    assert isinstance(fault, IndexReadFault)
    assert (fault.event, fault.ob) == (0x02_2522, 121)
    assert fault.place is not None
    assert fault.place.block == "Fb"
    assert (run.memory.read('"D".before'), run.memory.read('"D".behind'), run.memory.read('"D".a')) == (True, False, 9)


@pytest.mark.parametrize("index", [-1, 2, 32767])
def test_writing_what_does_not_exist_is_a_fault(tier: str, index: int) -> None:
    fault, _ = fault_of(tier, "#list[1, #i] := 5;", LIST, i=index)
    assert isinstance(fault, IndexWriteFault)
    assert fault.event == 0x02_2523


def test_a_block_that_asks_for_its_faults_goes_on(tier: str) -> None:
    body = """#list[#i, 0] := 5;
#a := #list[#i, 0] + 1;
#id := GET_ERR_ID();
#behind := TRUE;
#none := GET_ERR_ID();"""
    found = after(tier, body, LIST + " id : Word; none : Word;")
    assert (found["a"], found["behind"], found["none"]) == (1, True, 0)
    assert found["id"] == 0x2523
    assert found["list"] == [0] * 6


def test_references_point_to_arrays_texts_and_data_types(tier: str) -> None:
    more = """
TYPE "Part"
VERSION : 0.1
STRUCT
  list : Array[0..1] of Int;
END_STRUCT;
END_TYPE
FUNCTION "Adds" : REF_TO Array[0..3] of Int
VERSION : 0.1
VAR_INPUT
  r : REF_TO Array[0..3] of Int;
END_VAR
BEGIN
  #r^[3] := #r^[3] + 4;
  #Adds := #r;
END_FUNCTION
"""
    body = """
#row := REF(#x); #row^[2] := 5; #row := "Adds"(REF(#x)); "Adds"(#row); #row^[0] := #x[3]; #copy := #row^;
#part := REF(#parts[1]); #part^.list[1] := 7; #name := REF(#text); #name^ := 'abcdef'; #any := #row; #other ?= #any;
#found := #other <> NULL; #wrong ?= #any; #lost := #wrong = NULL; #other^[1] := 6;
"""
    static = """x, copy : Array[0..3] of Int; parts : Array[0..1] of "Part"; text : String[4]; found, lost : Bool;"""
    temp = """row, other : REF_TO Array[0..3] of Int; wrong : REF_TO Array[1..4] of Int; part : REF_TO "Part"; name : REF_TO String;
any : Variant;"""
    found = after(tier, body, static, temp=temp, more=more)
    assert (found["x"], found["copy"], found["parts"][1]) == ([8, 6, 5, 8], [8, 0, 5, 8], {"list": [0, 7]})
    assert (found["text"], found["found"], found["lost"]) == ("abcd", True, True)


def test_an_error_is_written_only_if_there_is_one(tier: str) -> None:
    more = """
FUNCTION "Asks" : Void
VERSION : 0.1
VAR_IN_OUT
  error : ErrorStruct;
END_VAR
VAR_TEMP
  list : Array[0..1] of Int;
  i : Int;
END_VAR
BEGIN
  GET_ERROR(#error);
  #i := 7;
  #list[#i] := 4;
  GET_ERROR(#error);
END_FUNCTION
"""
    body = """
#a := #b := GET_ERR_ID(ENO => #none); #i := #list[#i]; #c := GET_ERR_ID(); #c := GET_ERR_ID();
#i := 7; #i := #list[#i]; GET_ERROR(#e); #value := #e.REACTION; "Asks"(#e); GET_ERROR(#e);
#zero := GET_ERR_ID() = 0; #r^ := 3; #d := GET_ERR_ID();
"""
    static = """a : Int := 5; b : Word := 16#77; c, d : Word; none, zero : Bool := TRUE; value : Byte; e : ErrorStruct;
list : Array[0..1] of Int; i : Int := 7;"""
    found = after(tier, body, static, more=more, temp="r : REF_TO Int;")
    assert (found["a"], found["b"], found["c"], found["d"]) == (0x77, 0x77, 0x2522, 0x2533)
    assert (found["none"], found["zero"], found["value"]) == (False, True, 1)
    assert (found["e"]["ERROR_ID"], found["e"]["REACTION"], found["e"]["CODE_ADDRESS"]["BLOCK_TYPE"]) == (0x2523, 0, 2)


def test_an_argument_that_does_not_exist_is_a_default(tier: str) -> None:
    body = '#a := "Log"(#list[#i]); #b := "Log_Data".calls; #id := GET_ERR_ID();'
    found = after(tier, body, "a : Int := 9; b : Int; list : Array[0..1] of Int; i : Int := 7; id : Word;")
    assert (found["a"], found["b"], found["id"]) == (0, 1, 0x2522)


def test_an_in_out_that_does_not_exist_is_a_default(tier: str) -> None:
    body = '#a := "Fc"(number := 1, given := #p, gone => #gone, out => #q, both := #list[#i], pair := #p); #id := GET_ERR_ID();'
    found = after(tier, body, STATIC + "list : Array[0..1] of Int; i : Int := 7; id : Word;", more=CALLED)
    assert (found["list"], found["p"]["x"], found["id"]) == ([0, 0], 1, 0x2522)


def test_a_called_block_does_not_handle_faults_for_its_caller(tier: str) -> None:
    more = """
FUNCTION "Fails" : Int
VERSION : 0.1
VAR_INPUT
  at : Int;
END_VAR
VAR_TEMP
  list : Array[0..1] of Int;
END_VAR
BEGIN
  #Fails := #list[#at];
END_FUNCTION
"""
    run = prepared(tier, '#a := "Fails"(#i); #id := GET_ERR_ID();', "i : Int := 7; a : Int; id : Word;", more=more)
    assert run.scan() == "IndexReadFault"


def test_an_endless_loop_ends_the_scan(tier: str) -> None:
    for loop in (
        "WHILE TRUE DO ; END_WHILE;",
        "REPEAT ; UNTIL FALSE END_REPEAT;",
        "again: ; GOTO again;",
    ):
        fault, _ = fault_of(tier, loop, "i : Int;")
        assert isinstance(fault, TimeFault)


def test_calls_nest_only_so_deep(tier: str) -> None:
    chain = "".join(
        f'FUNCTION "F{n}" : Void\nVERSION : 0.1\nBEGIN\n"F{n + 1}"();\nEND_FUNCTION\n' for n in range(1, 30)
    )
    last = 'FUNCTION "F30" : Void\nVERSION : 0.1\nBEGIN\n;\nEND_FUNCTION\n'
    source = f'{last}{chain}ORGANIZATION_BLOCK "Main"\nVERSION : 0.1\nBEGIN\n"F1"();\nEND_ORGANIZATION_BLOCK\n'
    run = Run(program(source, cpu=Cpu("S7-400")), TIERS[tier])
    with pytest.raises(StackFault):
        run.executable.run("Main")
    assert run.services.depth == 0


# Areas ---------------------------------------------------------------------------------------------------------------


def test_areas_are_big_endian_and_overlap(tier: str) -> None:
    run = prepared(tier, "%MW10 := 16#1234; %M11.0 := TRUE; #b := %MB10; #w := %MW10;", "b : Byte; w : Word;")
    run.scan()
    assert (run.memory.read('"D".b'), run.memory.read('"D".w')) == (0x12, 0x1235)


def test_an_output_past_the_process_image_changes_both(tier: str) -> None:
    run = prepared(tier, '"Out":P := 16#0102; #x := "In":P; #y := "In";', "x : Word; y : Word;")
    run.memory.peripheral_inputs[4:6] = b"\x11\x22"
    run.scan()
    assert bytes(run.memory.peripheral_outputs[4:6]) == bytes(run.memory.outputs[4:6]) == b"\x01\x02"
    assert (run.memory.read('"D".x'), run.memory.read('"D".y')) == (0x1122, 0)


def test_a_view_over_a_variable_shows_its_bytes(tier: str) -> None:
    source = """FUNCTION_BLOCK "Fb"
{ S7_Optimized_Access := 'FALSE' }
VERSION : 0.1
VAR
  whole : DWord;
  bytes AT whole : Array[0..3] of Byte;
  high : Byte;
END_VAR
BEGIN
  #whole := 16#01020304;
  #high := #bytes[0];
  #bytes[3] := 16#FF;
END_FUNCTION_BLOCK
DATA_BLOCK "D"
{ S7_Optimized_Access := 'FALSE' }
VERSION : 0.1
"Fb"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
VERSION : 0.1
BEGIN
  "D"();
END_ORGANIZATION_BLOCK
"""
    run = Run(program(source), TIERS[tier])
    assert run.scan() == ""
    assert (run.memory.read('"D".whole'), run.memory.read('"D".high')) == (0x010203FF, 1)


def test_a_wrong_path_of_a_test_is_no_fault_of_the_program(tier: str) -> None:
    with pytest.raises(PathError):
        prepared(tier, ";", x=1)


def test_an_instruction_that_is_not_executed_is_refused_by_name(tier: str) -> None:
    body = "#status := DEL_DB(DB_NUMBER := 16#1);"
    source = f'FUNCTION "F" : Void\nVERSION : 0.1\nVAR_TEMP\n  status : Int;\nEND_VAR\nBEGIN\n{body}\nEND_FUNCTION\n'
    with pytest.raises(ProgramError, match="DEL_DB"):
        Run(program(source), TIERS[tier])


# Conversions by name -------------------------------------------------------------------------------------------------

_HOUR = 3_600_000
_CONVERSIONS = [
    ("DINT_TO_LTIME", "DInt", "LTime", 5, 5, True),
    ("SINT_TO_LTIME", "SInt", "LTime", -5, -5, True),
    ("BYTE_TO_TIME", "Byte", "Time", 0xFF, 255, True),
    ("WORD_TO_TIME", "Word", "Time", 0xFFFF, 65535, True),
    ("DWORD_TO_TIME", "DWord", "Time", 0xFFFF_FFFF, -1, True),
    ("LWORD_TO_TIME", "LWord", "Time", 1 << 32 | 7, 7, False),
    ("DWORD_TO_LTIME", "DWord", "LTime", 0xFFFF_FFFF, 0xFFFF_FFFF, True),
    ("WORD_TO_LTOD", "Word", "LTime_Of_Day", 9, 9, True),
    ("BYTE_TO_DATE", "Byte", "Date", 3, 3, True),
    ("DWORD_TO_DATE", "DWord", "Date", 0x1_0003, 3, False),
    ("BYTE_TO_LDT", "Byte", "LDT", 200, 200, True),
    ("USINT_TO_TOD", "USInt", "Time_Of_Day", 200, 200, True),
    ("INT_TO_TOD", "Int", "Time_Of_Day", 1000, 1000, True),
    ("UDINT_TO_LTOD", "UDInt", "LTime_Of_Day", 1000, 1000, True),
    ("SINT_TO_DATE", "SInt", "Date", 100, 100, True),
    ("ULINT_TO_DATE", "ULInt", "Date", 100, 100, True),
    ("LINT_TO_TOD", "LInt", "Time_Of_Day", 100, 100, True),
    ("INT_TO_LDT", "Int", "LDT", 100, 100, True),
    ("S5TIME_TO_LTIME", "S5Time", "LTime", 0x0012, 120_000_000, True),
    ("LTIME_TO_S5TIME", "LTime", "S5Time", 120_000_000, 0x0012, True),
    ("TIME_TO_BYTE", "Time", "Byte", 255, 255, True),
    ("TIME_TO_WORD", "Time", "Word", 0x1_0001, 1, False),
    ("TIME_TO_LWORD", "Time", "LWord", 7, 7, True),
    ("TIME_TO_UDINT", "Time", "UDInt", -1, 0xFFFF_FFFF, False),
    ("LTIME_TO_DWORD", "LTime", "DWord", 7, 7, True),
    ("LDT_TO_DINT", "LDT", "DInt", 7, 7, True),
    ("LDT_TO_SINT", "LDT", "SInt", 300, 44, False),
    ("DATE_TO_SINT", "Date", "SInt", 7, 7, True),
    ("DATE_TO_LWORD", "Date", "LWord", 7, 7, True),
    ("TOD_TO_INT", "Time_Of_Day", "Int", 1000, 1000, True),
    ("TOD_TO_INT", "Time_Of_Day", "Int", _HOUR, -4480, False),
    ("TOD_TO_WORD", "Time_Of_Day", "Word", 1000, 1000, True),
    ("TOD_TO_DT", "Time_Of_Day", "Date_And_Time", _HOUR, 631_155_600 * 10**9, True),
    ("LTOD_TO_UDINT", "LTime_Of_Day", "UDInt", 1000, 1000, True),
    ("LTOD_TO_LDT", "LTime_Of_Day", "LDT", 5, 5, True),
    ("LTOD_TO_DT", "LTime_Of_Day", "Date_And_Time", _HOUR * 10**6, 631_155_600 * 10**9, True),
    ("WORD_BCD16_TO_INT", "Word", "Int", 0xF123, -123, True),
    ("DWORD_BCD32_TO_DINT", "DWord", "DInt", 0x123, 123, True),
    ("INT_TO_BCD16_WORD", "Int", "Word", -123, 0xF123, True),
    ("DINT_TO_BCD32_DWORD", "DInt", "DWord", 123, 0x123, True),
    ("WORD_TO_SINT", "Word", "SInt", 0xFFFF, -1, True),
    ("WORD_TO_SINT", "Word", "SInt", 0xFF80, -128, True),
    ("WORD_TO_SINT", "Word", "SInt", 0xFF7F, 127, False),
    ("WORD_TO_SINT", "Word", "SInt", 0x0080, -128, False),
    ("DWORD_TO_INT", "DWord", "Int", 0xFFFF_8000, -32768, True),
    ("DWORD_TO_INT", "DWord", "Int", 0x8000, -32768, False),
    ("LWORD_TO_DINT", "LWord", "DInt", 0x7FFF_FFFF, 0x7FFF_FFFF, True),
    ("LWORD_TO_DINT", "LWord", "DInt", 0x8000_0000, -0x8000_0000, False),
    ("DWORD_TO_DINT", "DWord", "DInt", 0xFFFF_FFFF, -1, True),
    ("INT_TO_WORD", "Int", "Word", -1, 0xFFFF, False),
    ("SINT_TO_LWORD", "SInt", "LWord", -1, (1 << 64) - 1, False),
    ("INT_TO_WORD", "Int", "Word", 32767, 32767, True),
    ("INT_TO_BOOL", "Int", "Bool", 1, True, True),
    ("INT_TO_BOOL", "Int", "Bool", 2, False, False),
    ("WORD_TO_BOOL", "Word", "Bool", 3, True, False),
]


@pytest.mark.parametrize(("name", "source", "target", "value", "result", "right"), _CONVERSIONS)
def test_conversions_by_name(
    tier: str, name: str, source: str, target: str, value: int, result: int, right: bool
) -> None:
    found = after(
        tier,
        f"#given := {name}(#x); #also := {name}(IN := #x, ENO => #good);",
        f"x : {source}; given : {target}; also : {target}; good : Bool;",
        set_eno=True,
        x=value,
    )
    assert (found["given"], found["also"], found["good"]) == (result, result, right)
    assert found["seen_eno"] is right


_OUTSIDE = [
    ("TIME_TO_TOD", "Time", "Time_Of_Day", 24 * _HOUR - 1, True),
    ("TIME_TO_TOD", "Time", "Time_Of_Day", 24 * _HOUR, False),
    ("TIME_TO_TOD", "Time", "Time_Of_Day", -1, False),
    ("LTIME_TO_LTOD", "LTime", "LTime_Of_Day", 24 * _HOUR * 10**6 - 1, True),
    ("LTIME_TO_LTOD", "LTime", "LTime_Of_Day", 24 * _HOUR * 10**6, False),
    ("LTIME_TO_LTOD", "LTime", "LTime_Of_Day", -1, False),
]


@pytest.mark.parametrize("set_eno", [False, True])
@pytest.mark.parametrize(("name", "source", "target", "value", "inside"), _OUTSIDE)
def test_a_duration_that_is_no_time_of_day_leaves_the_target(
    tier: str, name: str, source: str, target: str, value: int, inside: bool, set_eno: bool
) -> None:
    body = f"""#given := {name}(#x);
    #also := {name}(IN := #x, ENO => #good);
    #general := CONVERT(#x);
    #times := T_CONV(#x);
    #list[#i] := {name}(#x);
    #after := {name}(#x) + #more;"""
    static = f"""x : {source}; good : Bool; i : Int := 1; list : Array[0..1] of {target}; after : {target}; more : {source};
    given : {target}; also : {target}; general : {target}; times : {target};"""
    found = after(tier, body, static, set_eno=set_eno, x=value, given=5, also=5, general=5, times=5)
    expected = value if inside else 5
    assert [found[each] for each in ("given", "also", "general", "times")] == [expected] * 4
    assert found["list"] == [0, value if inside else 0]
    assert found["good"] is inside
    assert found["seen_eno"] is (inside or not set_eno)


# Times and dates -----------------------------------------------------------------------------------------------------

_MOST_TIME = (1 << 31) - 1
_DIFFERENCES = [
    ("T_DIFF", "Time", _MOST_TIME, _MOST_TIME, True),
    ("T_DIFF", "Time", -_MOST_TIME - 1, -_MOST_TIME - 1, True),
    ("T_DIFF", "Time", _MOST_TIME + 1, 0, False),
    ("T_DIFF", "Time", -_MOST_TIME - 2, 0, False),
    ("T_DIFF_LTIME", "LTime", _MOST_TIME + 1, (_MOST_TIME + 1) * 10**6, True),
]


@pytest.mark.parametrize(("name", "result", "apart", "expected", "right"), _DIFFERENCES)
def test_a_difference_of_dtl_that_is_too_long_is_zero(
    tier: str, name: str, result: str, apart: int, expected: int, right: bool
) -> None:
    found = after(
        tier,
        f"""#a := LDT_TO_DTL(ULINT_TO_LDT(UDINT#1_600_000_000 * ULINT#1_000_000_000 + LINT_TO_ULINT(#apart)));
        #b := LDT_TO_DTL(ULINT_TO_LDT(UDINT#1_600_000_000 * ULINT#1_000_000_000));
        #given := {name}(IN1 := #a, IN2 := #b, ENO => #good);""",
        f"a : DTL; b : DTL; apart : LInt; good : Bool; given : {result} := {result.upper()}#5s;",
        apart=apart * 10**6,
    )
    assert (found["given"], found["good"]) == (expected, right)


@pytest.mark.parametrize("name", ["CONCAT_DATE_LTOD", "CONCAT_DATE_TOD", "T_COMBINE"])
def test_a_date_and_a_long_time_of_day_are_combined(tier: str, name: str) -> None:
    found = after(
        tier,
        f"#q := {name}(IN1 := #d, IN2 := #t); #l := {name}_LDT(IN1 := #d, IN2 := #t);",
        "d : Date := D#2020-03-01; t : LTime_Of_Day := LTOD#01:02:03.000000004; q : DTL; l : LDT;",
    )
    names = ("YEAR", "MONTH", "DAY", "WEEKDAY", "HOUR", "MINUTE", "SECOND", "NANOSECOND")
    assert found["q"] == dict(zip(names, (2020, 3, 1, 1, 1, 2, 3, 4), strict=True))
    assert found["l"] == 1_583_024_523_000_000_004
