from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.listing import listing
from tests.simatic_xml.program.program_of import findings, typed_body

DECLARATIONS = """
VAR_INPUT start : Bool; END_VAR
VAR_IN_OUT both : Int; END_VAR
VAR b : Bool; i : Int; j : Int; r : Real; w : Word; a : ARRAY[0..9] OF Int; c : Char; END_VAR
VAR CONSTANT ONE : Int := 1; TWO : Int := 2; TEXT : String := 'abc'; END_VAR
"""
AROUND = """
DATA_BLOCK "Fixed"
READ_ONLY
STRUCT x : Int; END_STRUCT; BEGIN END_DATA_BLOCK
"""


def body(text: str, **options):
    return typed_body(text, DECLARATIONS, around=AROUND, **options)


def test_all_statements():
    text = """REGION all
IF #b THEN #i := 1; ELSIF #start THEN #i := 2; ELSE #i := 3; END_IF;
CASE #i OF 1, 2..4: #j := 1; #TWO + 3: #j := 2; ELSE #j := 3; END_CASE;
FOR #i := 0 TO 9 BY 2 DO #a[#i] := 0; CONTINUE; END_FOR;
WHILE #b DO EXIT; END_WHILE;
REPEAT #j += 1; UNTIL #j > 10 END_REPEAT;
GOTO done;
done:
RETURN;
END_REGION"""
    statements, scope = body(text)
    assert findings(scope) == []
    assert "IF #b" in listing(statements)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("#i += 2;", "#i := #i + 2"),
        ("#r -= #i;", "#r := #r - Real(#i)"),
        ("RETURN FALSE;", "ENO := FALSE\nRETURN"),
        ("RETURN #i > 0;", "ENO := #i > 0\nRETURN"),
        ("#i := #j := 5;", "#j := 5\n#i := #j"),
        ("#i -= #j += 5;", "#j := #j + 5\n#i := #i - #j"),
        ("#r /= #i := #j *= 2;", "#j := #j * 2\n#i := #j\n#r := #r / Real(#i)"),
    ],
)
def test_assignments(written, typed):
    statements, scope = body(written)
    assert findings(scope) == []
    assert listing(statements) == typed


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("IF #i THEN ; END_IF;", ["1:4 type.implicit"]),
        ("WHILE #i DO ; END_WHILE;", ["1:7 type.implicit"]),
        ("REPEAT ; UNTIL #i END_REPEAT;", ["1:16 type.implicit"]),
        ("CASE #r OF 1: ; END_CASE;", ["1:6 type.case_selector"]),
        ("CASE #i OF #j: ; END_CASE;", ["1:12 case.not_constant"]),
        ("CASE #i OF 1: ; 2, 1: ; END_CASE;", ["1:20 case.twice"]),
        ("CASE #i OF 1..5: ; 3..4: ; END_CASE;", ["1:20 case.twice"]),
        ("CASE #i OF #ONE: ; 1: ; END_CASE;", ["1:20 case.twice"]),
        ("CASE #i OF 5..1: ; END_CASE;", ["1:12 case.range"]),
        ("CASE #i OF 1.5: ; END_CASE;", ["1:12 type.case_label"]),
        ("CASE #i OF TRUE: ; END_CASE;", ["1:12 type.case_label"]),
        ("CASE #i OF 40000: ; END_CASE;", ["1:12 value.range"]),
        ("FOR #r := 0 TO 1 DO ; END_FOR;", ["1:5 type.loop_variable"]),
        ("FOR #i := 0 TO 1 BY 0 DO ; END_FOR;", ["1:21 loop.step_zero"]),
        ("FOR #i := 0 TO 1 DO #i := 5; END_FOR;", ["1:21 loop.variable_written"]),
        ("FOR #i := 0 TO 1 DO FOR #i := 0 TO 1 DO ; END_FOR; END_FOR;", ["1:25 loop.variable_written"]),
        ("RETURN #i;", ["1:8 type.implicit"]),
        ("EXIT;", ["1:1 jump.outside_loop"]),
        ("IF #b THEN CONTINUE; END_IF;", ["1:12 jump.outside_loop"]),
        ("GOTO away;", ["1:1 label.undefined"]),
        ("a1: ; A1: ;", ["1:7 label.twice"]),
        ("GOTO inside; WHILE #b DO inside: ; END_WHILE;", ["1:1 jump.into_loop"]),
        ("#start := TRUE;", ["w 1:1 write.input"]),
        ("#ONE := 1;", ["1:1 write.constant"]),
        ('"MAX" := 1;', ["1:1 write.constant"]),
        ('"Fixed".x := 1;', ["1:1 write.read_only"]),
        ('"Start":P := TRUE;', ["1:1 write.peripheral_input"]),
        ("#TEXT[1] := 'x';", ["1:6 name.constant_part"]),
        ("5 := #i;", ["1:1 write.not_operand"]),
        ("INT_TO_REAL(#i);", ["w 1:1 statement.no_effect"]),
        ("#i ?= #j;", ["1:1 type.not_reference"]),
        ("#i := ;", ["1:7 syntax.operand-missing"]),
    ],
)
def test_what_is_wrong_with_a_statement(written, expected):
    _, scope = body(written, constants={"MAX": "Int 7"}, tags={"Start": "Bool %I0.0"})
    assert findings(scope) == expected


def test_a_jump_out_of_a_loop_is_allowed():
    _, scope = body("WHILE #b DO WHILE #b DO GOTO out; END_WHILE; out: ; END_WHILE;")
    assert findings(scope) == []


def test_lines_count_in_the_network():
    _, scope = body("#i := 1;\n\n  #nothing := 1;")
    assert findings(scope) == ["3:3 name.undefined"]
    assert str(scope.diagnostics[0].place) == "Test / Network 1 / Line 3, Column 3"


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 5)), max_size=8))
def test_labels_that_overlap(labels):
    """The labels that are reported are those with a value that an accepted label has taken."""
    text = " ".join(f"{low}..{low + more}: ;" for low, more in labels)
    _, scope = body(f"CASE #i OF {text} END_CASE;")
    taken: set[int] = set()
    expected = 0
    for low, more in labels:
        values = set(range(low, low + more + 1))
        expected += bool(values & taken)
        taken |= values if not values & taken else set()
    assert [each.code for each in scope.diagnostics] == ["case.twice"] * expected


def test_many_labels_take_little_time():
    statements, scope = body("CASE #i OF " + " ".join(f"{value}: ;" for value in range(20_000)) + " END_CASE;")
    assert findings(scope) == []
    assert len(statements) == 1


@pytest.mark.parametrize("depth", [70, 2_000])
def test_deep_nesting_is_typed_or_refused(depth):
    _, scope = body("IF #b THEN " * depth + "#i := 1; " + "END_IF; " * depth)
    assert {each.code.split(".")[0] for each in scope.diagnostics} <= {"syntax"}
    assert bool(scope.diagnostics) == (depth > 80)
