"""Properties of the typed form: it never fails on any text, and its types fit together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.nodes import Assign, Binary, Convert
from simatic_xml.program.types.conversions import same
from simatic_xml.program.types.types import Elementary, Kind, Unknown
from simatic_xml.program.walking import expressions, operands, statements
from tests.simatic_xml.program.program_of import findings, typed_body
from tests.support.examples import examples

DECLARATIONS = """
VAR
  b : Bool; w : Word; i : Int; di : DInt; u : UInt; r : Real; lr : LReal; t : Time; s : String; m : "M"; t1 : TON_TIME;
  a : ARRAY[0..9] OF Int; p : REF_TO Int;
END_VAR
VAR CONSTANT N : Int := 3; END_VAR
"""
AROUND = """
TYPE "M" STRUCT x : Int; END_STRUCT; END_TYPE
FUNCTION "F" : Int
VAR_INPUT x : Int; END_VAR
BEGIN #F := #x; END_FUNCTION
"""
WORDS = """
#b #w #i #di #u #r #lr #t #s #m #m.x #t1 #t1.Q #a #a[#i] #a[3] #p #p^ #N "F" #nothing "Nothing" 5 -3 1.5 16#FF T#5s 'x'
TRUE NULL ENO %MW2 %X0 ( ) [ ] , . ; : := => += ?= + - * / MOD ** AND OR NOT = <> < .. ^ IF THEN ELSE END_IF CASE OF
END_CASE FOR TO BY DO END_FOR WHILE END_WHILE REPEAT UNTIL END_REPEAT EXIT GOTO label label: REF ABS INT_TO_REAL LIMIT
TON TypeOf Int
"""
numbers = st.sampled_from(["#i", "#di", "#u", "#r", "#lr", "#a[2]", "#m.x", "#N", "5", "1.5", "-3", "100000"])
arithmetic = st.recursive(
    numbers,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*", "/"]), inner)
        | st.builds("(-{})".format, inner)
    ),
    max_leaves=8,
)
comparisons = st.builds("({} {} {})".format, arithmetic, st.sampled_from(["=", "<>", "<", ">="]), arithmetic)
truths = st.recursive(
    st.just("#b") | comparisons,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR", "XOR"]), inner)
        | st.builds("(NOT {})".format, inner)
    ),
    max_leaves=5,
)
QUICK = examples(25)


@QUICK
@given(st.lists(st.sampled_from(WORDS.split()), max_size=30).map(" ".join))
def test_any_text_is_typed(text):
    made, scope = typed_body(text, DECLARATIONS, around=AROUND)
    for statement in statements(made):
        for operand in operands(statement):
            list(expressions(operand))
    assert all(each.place.line for each in scope.diagnostics)


@QUICK
@given(truths)
def test_both_sides_of_an_operator_have_one_type(text):
    made, scope = typed_body(f"#b := {text};", DECLARATIONS, around=AROUND)
    if any(each.code == "type.operand" for each in scope.diagnostics):  # an unsigned number has no negative
        return
    if any("A Real and an LReal" in each.message for each in scope.diagnostics):
        return
    assert not [each for each in findings(scope) if not each.startswith("w ")]
    (assign,) = made
    assert isinstance(assign, Assign)
    for each in expressions(assign.value):
        if isinstance(each, Binary):
            assert same(each.left.type, each.right.type), text
        if isinstance(each, Convert):
            assert each.operand.type != each.type


@QUICK
@given(arithmetic, st.sampled_from(["#i", "#di", "#r", "#lr", "#u"]))
def test_an_assignment_has_the_type_of_its_target(text, target):
    made, scope = typed_body(f"{target} := {text};", DECLARATIONS, around=AROUND)
    if any(not each.startswith("w ") for each in findings(scope)):
        assert all(
            each.code in ("value.range", "type.operand") for each in scope.diagnostics if each.severity == "error"
        )
        return
    (assign,) = made
    assert isinstance(assign, Assign)
    assert same(assign.value.type, assign.target.type)
    kinds = [each.type.kind for each in expressions(assign.value) if isinstance(each.type, Elementary)]
    assert set(kinds) <= {Kind.INTEGER, Kind.REAL}
    assert not any(isinstance(each.type, Unknown) for each in expressions(assign.value))
