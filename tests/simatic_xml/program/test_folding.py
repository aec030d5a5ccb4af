"""Constant expressions are calculated as a CPU does."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.folding import fit_to_type, fold, fold_expression
from simatic_xml.program.nodes import Binary, Constant, Convert, Expression, Local, Unary, Value
from simatic_xml.program.types.ranges import fits, real32
from simatic_xml.program.types.types import (
    BOOL,
    CHAR,
    DINT,
    ELEMENTARY,
    INT,
    LREAL,
    LTIME,
    REAL,
    S5TIME,
    TIME,
    UINT,
    UNKNOWN,
    WORD,
    DataType,
    Text,
    Variable,
)

HERE = Place("Block")
TOD, LTOD, LDT = (ELEMENTARY[name] for name in ("TIME_OF_DAY", "LTIME_OF_DAY", "LDT"))
ints = st.integers(-32768, 32767)


def number(value, data_type=INT):
    return Constant(value, data_type, HERE)


def calculate(operator, left, right, data_type=INT):
    return fold_expression(Binary(operator, number(left, data_type), number(right, data_type), data_type, HERE))


INTEGERS = {
    (32767, "+", 1): (-32768, True),
    (32766, "+", 1): (32767, False),
    (-32768, "-", 1): (32767, True),
    (-32767, "-", 1): (-32768, False),
    (300, "*", 300): (24464, True),
    (-7, "/", 2): (-3, False),
    (7, "/", -2): (-3, False),
    (-7, "/", -2): (3, False),
    (-1, "/", 1): (-1, False),
    (1, "/", -1): (-1, False),
    (0, "/", -1): (0, False),
    (-32768, "/", -1): (-32768, True),
    (-7, "MOD", 2): (-1, False),
    (7, "MOD", -2): (1, False),
    (-7, "MOD", -2): (-1, False),
    (2, "**", 10): (1024, False),
    (-2, "**", 15): (-32768, False),
    (2, "**", 15): (-32768, True),
    (2, "**", 0): (1, False),
    (2, "**", -1): None,
    (1, "**", 512): (1, False),
    (1, "**", 513): None,
    (0, "**", 513): None,
    (2, "**", 256): (0, True),
    (2, "**", 257): None,
    (1, "/", 0): None,
    (1, "MOD", 0): None,
}
"""Values, and whether they wrapped; None for what faults, or is too long to be calculated here."""


def test_integers_wrap_and_say_so() -> None:
    found = {key: calculate(key[1], key[0], key[2]) for key in INTEGERS}
    assert {key: each and (each.constant.value, each.overflowed) for key, each in found.items()} == INTEGERS


@given(ints, ints.filter(bool))
def test_quotient_and_rest_make_up_the_number(a, b):
    quotient, rest = calculate("/", a, b), calculate("MOD", a, b)
    assert quotient is not None and rest is not None
    exact = math.trunc(a / b)
    assert rest.constant.value == a - exact * b
    assert quotient.overflowed or quotient.constant.value == exact


@given(ints, ints, st.sampled_from(["+", "-", "*"]))
def test_a_folded_value_is_one_of_its_type(a, b, operator):
    found = calculate(operator, a, b)
    assert found is not None
    assert fits(found.constant.value, INT)
    exact = {"+": a + b, "-": a - b, "*": a * b}[operator]
    assert found.overflowed == (not fits(exact, INT))


def test_real_is_rounded_to_32_bits():
    found = calculate("+", real32(0.1), real32(0.2), REAL)
    assert found is not None
    assert found.constant.value == real32(real32(0.1) + real32(0.2))


def text(value: str, data_type: DataType | None = None) -> Constant:
    return Constant(value, data_type or Text("String", len(value)), HERE)


X = Local(Variable("x", INT), HERE)
TRUE, FALSE = number(True, BOOL), number(False, BOOL)
TOO_MUCH = Binary("+", number(32767), number(1), INT, HERE)
INFINITE = number(math.inf, REAL)
FOLDED: list[tuple[Expression, Value]] = [
    (Unary("-", number(5), INT, HERE), -5),
    (Unary("-", number(1.5, REAL), REAL, HERE), -1.5),
    (Unary("NOT", TRUE, BOOL, HERE), False),
    (Unary("NOT", FALSE, BOOL, HERE), True),
    (Unary("NOT", number(0x00FF, WORD), WORD, HERE), 0xFF00),
    (Binary("<", number(1), number(2), BOOL, HERE), True),
    (Binary("<", number(2), number(2), BOOL, HERE), False),
    (Binary("<=", number(2), number(2), BOOL, HERE), True),
    (Binary(">", number(2), number(2), BOOL, HERE), False),
    (Binary(">=", number(2), number(2), BOOL, HERE), True),
    (Binary("=", number(1.0, REAL), number(1), BOOL, HERE), True),
    (Binary("<>", text("a"), text("b"), BOOL, HERE), True),
    (Binary("<", text("a"), text("b"), BOOL, HERE), True),
    (Binary("AND", TRUE, FALSE, BOOL, HERE), False),
    (Binary("OR", TRUE, FALSE, BOOL, HERE), True),
    (Binary("XOR", TRUE, TRUE, BOOL, HERE), False),
    (Binary("&", number(0xF0, WORD), number(0x3C, WORD), WORD, HERE), 0x30),
    (Binary("OR", number(0xF0, WORD), number(0x0F, WORD), WORD, HERE), 0xFF),
    (Binary("XOR", number(0xF0, WORD), number(0xFF, WORD), WORD, HERE), 0x0F),
    (Binary("+", number(1.5, REAL), number(1), REAL, HERE), 2.5),
    (Binary("-", number(1), number(1.5, REAL), REAL, HERE), -0.5),
    (Binary("*", number(1.5, REAL), number(2.0, REAL), REAL, HERE), 3.0),
    (Binary("/", number(1), number(2.0, REAL), REAL, HERE), 0.5),
    (Binary("**", number(2.0, REAL), number(0.5, LREAL), LREAL, HERE), math.sqrt(2)),
    (Convert(number(5), REAL, HERE), 5.0),
    (Convert(number(2.5, REAL), INT, HERE), 2),
    (Convert(number(3.5, REAL), INT, HERE), 4),
    (Convert(number(1e10, REAL), LREAL, HERE), 1e10),
    (Convert(number(0xFFFF, WORD), INT, HERE), -1),
    (Convert(number(-1), WORD, HERE), 0xFFFF),
    (Convert(number(7), DINT, HERE), 7),
    (Convert(number(5, TIME), LTIME, HERE), 5_000_000),
    (Convert(number(86_399_999, TOD), LTOD, HERE), 86_399_999_000_000),
    (Convert(number(5_999_999, LTIME), TIME, HERE), 5),
]
OVERFLOWED: list[tuple[Expression, Value]] = [
    (Convert(number(-1), UINT, HERE), 65535),
    (Convert(number(70_000, DINT), INT, HERE), 4464),
    (Convert(number(3e9, REAL), DINT, HERE), -1294967296),
    (Convert(INFINITE, INT, HERE), math.inf),
    (Convert(number(1 << 62, LTIME), TIME, HERE), (1 << 62) // 1_000_000),
    (Convert(TOO_MUCH, DINT, HERE), -32768),
    (Unary("-", TOO_MUCH, INT, HERE), -32768),
    (Binary("+", TOO_MUCH, number(1), INT, HERE), -32767),
    (Binary("+", number(1), TOO_MUCH, INT, HERE), -32767),
]
UNFOLDED: list[Expression] = [
    X,
    Binary("+", number(1), X, INT, HERE),
    Binary("+", X, number(1), INT, HERE),
    Unary("-", X, INT, HERE),
    Unary("-", TRUE, BOOL, HERE),
    Unary("-", text("a"), UNKNOWN, HERE),
    Unary("NOT", number(1.5, REAL), REAL, HERE),
    Binary("MOD", number(1.5, REAL), number(2.0, REAL), REAL, HERE),
    Binary("/", number(1.5, REAL), number(0.0, REAL), REAL, HERE),
    Binary("**", number(-1.0, REAL), number(0.5, REAL), REAL, HERE),
    Binary("**", number(1e300, LREAL), number(2.0, LREAL), LREAL, HERE),
    Binary("+", TRUE, TRUE, BOOL, HERE),
    Binary("+", text("a"), text("b"), UNKNOWN, HERE),
    Binary("=", text("a"), number(1), BOOL, HERE),
    Binary("=", number(1), text("a"), BOOL, HERE),
    Binary("<", text("a", CHAR), text("b"), BOOL, HERE),
    Binary("<", text("a"), text("b", CHAR), BOOL, HERE),
    Convert(number(5), REAL, HERE, implicit=False, function="INT_TO_REAL"),
    Convert(X, REAL, HERE),
    Convert(number(5), Text("String", 4), HERE),
    Convert(TRUE, INT, HERE),
    Convert(text("a", CHAR), INT, HERE),
    Convert(number(1.0, REAL), WORD, HERE),
    Convert(number(5, TIME), DINT, HERE),
    Convert(number(5, DINT), TIME, HERE),
    Convert(number(5, LTIME), LDT, HERE),
    Convert(number(0x0200, S5TIME), TIME, HERE),
]
"""What needs a running program, faults, or has no value of its type."""


@pytest.mark.parametrize(("table", "overflowed"), [(FOLDED, False), (OVERFLOWED, True)])
def test_other_operators_and_conversions_are_folded(table: list[tuple[Expression, Value]], overflowed: bool) -> None:
    for expression, value in table:
        found = fold_expression(expression)
        assert found is not None, expression
        assert (found.constant.value, type(found.constant.value)) == (value, type(value)), expression
        assert (found.overflowed, found.constant.type) == (overflowed, expression.type), expression
        assert found.constant.fixed is isinstance(expression, Convert)


def test_what_has_no_value_is_not_folded() -> None:
    assert [each for each in UNFOLDED if fold(each) is not None] == []


def test_a_result_has_a_type_where_an_operand_has_one() -> None:
    for written in (Constant(1, INT, HERE, fixed=True), Constant(1, INT, HERE, symbol="ONE")):
        found = [fold(Binary("+", *pair, INT, HERE)) for pair in ((written, number(1)), (number(1), written))]
        assert [each and each.fixed for each in found] == [True, True]


def test_a_value_of_no_number_stays() -> None:
    assert (fit_to_type(5, UNKNOWN), fit_to_type(True, INT), fit_to_type("a", CHAR)) == (5, True, "a")
    assert fit_to_type(True, INT) is True
