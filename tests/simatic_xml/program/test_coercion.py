"""Values where another type is wanted: what adapts, what is converted, and what is said."""

import pytest

from simatic_xml.model import Block
from simatic_xml.program.diagnostics import Place, Severity
from simatic_xml.program.nodes import Binary, Broken, Constant, Convert, DataBlock, Expression, Local, Unary
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import Cpu, Symbols
from simatic_xml.program.types.coercion import coerce, join
from simatic_xml.program.types.system_types import parse_type
from simatic_xml.program.types.types import (
    BOOL,
    INT,
    REAL,
    UNKNOWN,
    VARIANT,
    Array,
    Reference,
    Special,
    Structure,
    Variable,
)
from simatic_xml.program.types.values import constant
from tests.simatic_xml.program.program_of import Objects

HERE = Place("Block", line=3)


def scope(*, iec_check: bool = False, family: str = "S7-1500") -> Scope:
    block = Block("FB", "Block", attributes={"IsIECCheckEnabled": "true"} if iec_check else {})
    return Scope(block, Symbols(Objects([block], Cpu(family))))


def literal(text: str) -> Constant:
    found = constant(text, HERE)
    assert found is not None
    return found


def variable(text: str) -> Local:
    return Local(Variable("x", parse_type(text)), HERE)


def coerced(expression: Expression, target: str, *, iec_check: bool = False) -> tuple[Expression, list[str]]:
    around = scope(iec_check=iec_check)
    found = coerce(around, expression, parse_type(target), HERE)
    assert all(each.place == HERE for each in around.diagnostics)
    return found, [f"{'w ' if each.severity is Severity.WARNING else ''}{each.code}" for each in around.diagnostics]


@pytest.mark.parametrize(
    ("text", "target", "value"),
    [
        ("5", "Real", 5.0),
        ("5", "Byte", 5),
        ("16#8000", "Int", -32768),
        ("1", "Bool", True),
        ("'a'", "Char", "a"),
        ("'ab'", "String[10]", "ab"),
        ("5", "HW_IO", 5),
    ],
)
def test_a_literal_becomes_a_constant_of_the_type(text, target, value):
    found, said = coerced(literal(text), target)
    assert found == Constant(value, parse_type(target), HERE)
    assert said == []


def test_an_expression_of_literals_adapts_as_a_whole():
    for expression in (Binary("-", literal("5"), literal("8"), INT, HERE), Unary("-", literal("3"), INT, HERE)):
        assert coerced(expression, "Real") == (Constant(-3.0, REAL, HERE), [])


@pytest.mark.parametrize(
    ("expression", "target", "said"),
    [
        (variable("Int"), "DInt", []),
        (variable("Int"), "Real", []),
        (variable("Word"), "Int", []),
        (variable("DInt"), "Int", ["w type.narrowing"]),
        (variable("DInt"), "Real", ["w type.precision"]),
        (variable("LReal"), "Real", ["w type.narrowing"]),
        (variable("Char"), "String", []),
        (literal("INT#5"), "DInt", []),
        (literal("T#1s"), "LTime", []),
        (variable("String[20]"), "String[10]", []),
    ],
)
def test_the_compiler_converts(expression, target, said):
    found, codes = coerced(expression, target)
    assert isinstance(found, Convert)
    assert (found.operand, found.type, found.implicit, found.function) == (expression, parse_type(target), True, "")
    assert codes == said
    assert found.lossy == (bool(said) or target == "String[10]")


@pytest.mark.parametrize(
    ("expression", "target", "iec_check", "code"),
    [
        (variable("Bool"), "Int", False, "type.implicit"),
        (variable("Int"), "Bool", False, "type.implicit"),
        (variable("DInt"), "Int", True, "type.implicit"),
        (variable("Int"), "Word", True, "type.implicit"),
        (variable("Time"), "DInt", True, "type.implicit"),
        (variable("Int"), "Time", False, "type.implicit"),
        (variable("String"), "Int", False, "type.implicit"),
        (variable("DTL"), "TON_TIME", False, "type.implicit"),
        (literal("300"), "Byte", False, "value.range"),
        (literal("-1"), "UInt", False, "value.range"),
        (literal("40000"), "Int", False, "value.range"),
        (literal("'a'"), "Int", False, "type.implicit"),
        (literal("TRUE"), "Int", False, "type.implicit"),
        (literal("2"), "Bool", False, "type.implicit"),
    ],
)
def test_what_is_not_converted_is_reported_and_left_as_it_is(expression, target, iec_check, code):
    found, said = coerced(expression, target, iec_check=iec_check)
    assert found is expression
    assert said == [code]


def test_the_iec_check_is_named_where_it_is_the_reason():
    around = scope(iec_check=True)
    coerce(around, variable("DInt"), INT, HERE)
    assert "IEC check" in around.diagnostics[0].message


def test_a_text_that_is_too_long_is_cut():
    found, said = coerced(literal("'abcdef'"), "String[3]")
    assert said == ["w value.string_length"]
    assert isinstance(found, Constant)
    assert found.value == "abc"


@pytest.mark.parametrize("target", [VARIANT, Special("Any"), Special("Block_DB"), parse_type("DB_ANY")])
def test_a_data_block_goes_where_any_is_taken(target):
    around = scope()
    block = DataBlock("Data", Structure("", "struct"), HERE)
    assert coerce(around, block, target, HERE) is block
    assert around.diagnostics == []


def test_open_arrays_take_arrays_with_limits_and_not_the_other_way():
    around = scope()
    fixed = Local(Variable("x", Array(INT, ((0, 3),))), HERE)
    assert coerce(around, fixed, Array(INT, (None,)), HERE) is fixed
    assert around.diagnostics == []
    coerce(around, Local(Variable("y", Array(INT, (None,))), HERE), Array(INT, ((0, 3),)), HERE)
    assert [each.code for each in around.diagnostics] == ["type.implicit"]


def test_null_is_a_reference_to_anything():
    around = scope()
    coerce(around, literal("NULL"), Reference("Int"), HERE)
    assert around.diagnostics == []


@pytest.mark.parametrize("expression", [Broken(UNKNOWN, HERE), Local(Variable("x", UNKNOWN), HERE)])
def test_nothing_is_said_about_what_is_unknown(expression):
    around = scope()
    assert coerce(around, expression, BOOL, HERE) is expression
    assert around.diagnostics == []


def test_s7_300_refuses_what_s7_1500_converts():
    around = scope(family="S7-300")
    coerce(around, variable("DInt"), INT, HERE)
    assert [each.code for each in around.diagnostics] == ["type.implicit"]


def test_join_adapts_a_literal_to_the_other_operand():
    around = scope()
    found = join(around, "+", variable("DInt"), literal("5"), HERE)
    assert found is not None
    left, right, result = found
    assert isinstance(left, Local)
    assert right == Constant(5, parse_type("DInt"), HERE)
    assert result == parse_type("DInt")


@pytest.mark.parametrize("data_type", ["SInt", "Int", "DInt", "Real", "LReal"])
def test_join_treats_a_literal_on_the_left_as_on_the_right(data_type):
    around = scope()
    for operator in ("+", "-", "<", "="):
        right = join(around, operator, variable(data_type), literal("5"), HERE)
        left = join(around, operator, literal("5"), variable(data_type), HERE)
        assert right is not None and left is not None
        assert left == (right[1], right[0], right[2])


@pytest.mark.parametrize("milliseconds", [0, 10, 9_990_000])
def test_a_timer_of_an_s7_300_takes_a_time_of_the_limits(milliseconds):
    found = coerce(scope(family="S7-300"), literal(f"T#{milliseconds}ms"), parse_type("S5Time"), HERE)
    assert isinstance(found, Constant) and found.type.name == "S5Time"


def test_join_converts_the_narrower_operand():
    found = join(scope(), "<", variable("Int"), variable("Real"), HERE)
    assert found is not None
    assert isinstance(found[0], Convert)
    assert found[2] is BOOL


def test_join_reads_a_bit_string_next_to_a_real_as_unsigned():
    around = scope()
    found = join(around, "+", variable("Word"), variable("Real"), HERE)
    assert found is not None
    assert found[0] == Convert(Convert(variable("Word"), parse_type("UInt"), HERE), REAL, HERE)
    assert around.diagnostics == []


def test_join_keeps_what_cannot_be_joined():
    assert join(scope(), "+", variable("Bool"), variable("Int"), HERE) is None
