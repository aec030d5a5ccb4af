"""Constant expressions are calculated as a CPU does."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.folding import fold, fold_expression
from simatic_xml.program.nodes import Binary, Constant, Convert, Local, Unary
from simatic_xml.program.types.ranges import fits, real32
from simatic_xml.program.types.types import BOOL, DINT, INT, LTIME, REAL, TIME, UINT, WORD, Variable

HERE = Place("Block")
ints = st.integers(-32768, 32767)


def number(value, data_type=INT):
    return Constant(value, data_type, HERE)


def calculate(operator, left, right, data_type=INT):
    return fold_expression(Binary(operator, number(left, data_type), number(right, data_type), data_type, HERE))


@pytest.mark.parametrize(
    ("operator", "left", "right", "value", "overflowed"),
    [
        ("+", 32767, 1, -32768, True),
        ("-", -32768, 1, 32767, True),
        ("*", 300, 300, 24464, True),
        ("/", -7, 2, -3, False),
        ("MOD", -7, 2, -1, False),
        ("/", -32768, -1, -32768, True),
        ("**", 2, 10, 1024, False),
    ],
)
def test_integers_wrap_and_say_so(operator, left, right, value, overflowed):
    found = calculate(operator, left, right)
    assert found is not None
    assert (found.constant.value, found.overflowed) == (value, overflowed)


@pytest.mark.parametrize("operator", ["/", "MOD"])
def test_a_division_by_zero_is_not_folded(operator):
    assert calculate(operator, 1, 0) is None


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


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (Unary("-", number(5), INT, HERE), -5),
        (Unary("NOT", number(True, BOOL), BOOL, HERE), False),
        (Unary("NOT", number(0x00FF, WORD), WORD, HERE), 0xFF00),
        (Binary("<", number(1), number(2), BOOL, HERE), True),
        (Binary("AND", number(True, BOOL), number(False, BOOL), BOOL, HERE), False),
        (Binary("XOR", number(0xF0, WORD), number(0xFF, WORD), WORD, HERE), 0x0F),
        (Convert(number(5), REAL, HERE), 5.0),
        (Convert(number(2.5, REAL), INT, HERE), 2),
        (Convert(number(-1), UINT, HERE), 65535),
        (Convert(number(7), DINT, HERE), 7),
        (Convert(number(5, TIME), LTIME, HERE), 5_000_000),
    ],
)
def test_other_operators_and_conversions_are_folded(expression, value):
    found = fold(expression)
    assert found is not None
    assert found.value == value
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    "expression",
    [
        Local(Variable("x", INT), HERE),
        Binary("+", number(1), Local(Variable("x", INT), HERE), INT, HERE),
        Convert(number(5), REAL, HERE, implicit=False, function="INT_TO_REAL"),
        Unary("-", Local(Variable("x", INT), HERE), INT, HERE),
    ],
)
def test_what_needs_a_running_program_is_not_folded(expression):
    assert fold(expression) is None
