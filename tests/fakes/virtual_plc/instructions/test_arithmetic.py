"""Arithmetic, mathematics, shifting and selection, beside the same in plain Python."""

import math
import struct
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.virtual_plc.instructions.kit import call, checked, dtl, of, slot, value
from virtual_plc.instructions.calculation.arithmetic import checked_operation, operation
from virtual_plc.instructions.registry import KEEP

INTEGERS = ("SInt", "USInt", "Int", "UInt", "DInt", "UDInt", "LInt", "ULInt")
BITS = ("Byte", "Word", "DWord", "LWord")


def _pack(number: int, text: str) -> int:
    """Keep the bits of a type, as a cast in C does."""
    size, signed = of(text).bits // 8, of(text).signed
    return int.from_bytes((number & (1 << 8 * size) - 1).to_bytes(size, "big"), "big", signed=signed)


def _f32(number: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def _limits(text: str) -> tuple[int, int]:
    bits = of(text).bits
    return (-(1 << bits - 1), (1 << bits - 1) - 1) if of(text).signed else (0, (1 << bits) - 1)


def _pairs(text: str) -> st.SearchStrategy[tuple[int, int]]:
    each = st.integers(*_limits(text))
    edges = st.sampled_from([*_limits(text), 0, 1, _limits(text)[0] + 1])
    return st.tuples(each | edges, each | edges)


@pytest.mark.parametrize("text", INTEGERS)
@given(data=st.data())
def test_integers_wrap_and_say_so(text: str, data: st.DataObject) -> None:
    a, b = data.draw(_pairs(text))
    for name, exact in (("ADD", a + b), ("SUB", a - b), ("MUL", a * b)):
        assert checked(name, a, b, types={"T": text}) == (_pack(exact, text), _pack(exact, text) == exact)


@pytest.mark.parametrize("text", INTEGERS)
@given(data=st.data())
def test_division_goes_towards_zero(text: str, data: st.DataObject) -> None:
    a, b = data.draw(_pairs(text))
    if b == 0:
        assert checked("DIV", a, b, types={"T": text}) == (0, True)
        assert checked("MOD", a, b, types={"T": text}) == (0, False)
        return
    exact = math.trunc(Fraction(a, b))
    assert checked("DIV", a, b, types={"T": text}) == (_pack(exact, text), _pack(exact, text) == exact)
    rest, right = checked("MOD", a, b, types={"T": text})
    assert right
    assert rest == a - b * exact
    assert rest == 0 or (rest < 0) == (a < 0)


def test_wrapped_sums_are_those_of_a_real_status_word() -> None:
    assert checked("ADD", -32768, -1, types={"T": "Int"}) == (32767, False)


@given(st.floats(width=32), st.floats(width=32))
def test_reals_are_rounded_after_each_operation(a: float, b: float) -> None:
    for name, exact in (("ADD", a + b), ("SUB", a - b), ("MUL", a * b)):
        found, right = checked(name, a, b, types={"T": "Real"})
        assert found == _f32(exact) or (math.isnan(found) and math.isnan(exact))
        assert right == math.isfinite(found)


def test_the_box_div_has_a_quotient_and_eno_for_a_division_by_zero() -> None:
    table = [
        # type, dividend, divisor, quotient as text, ENO
        *((text, 7, 0, "0", True) for text in ("SInt", "UInt", "DInt", "ULInt", "Time", "LTime")),
        *(("Real", each, 0.0, "nan", True) for each in (1.0, -1.0, 0.0)),
        ("Real", 1.0, -0.0, "nan", True),
        ("Real", math.inf, 0.0, "nan", False),
        ("Real", math.nan, 0.0, "nan", False),
        ("Real", 3e38, 1e-9, "inf", False),
        *(("LReal", each, 0.0, "0.0", True) for each in (1.0, -1.0, 0.0)),
        ("LReal", math.nan, 0.0, "0.0", False),
        ("LReal", 1.0, 4.0, "0.25", True),
    ]
    found = [(text, a, b, *checked("DIV", a, b, types={"T": text})) for text, a, b, _, _ in table]
    assert [(text, a, b, str(value), right) for text, a, b, value, right in found] == table
    assert struct.pack(">f", checked("DIV", -1.0, 0.0, types={"T": "Real"})[0]).hex() == "7fc00000"


@pytest.mark.parametrize(("a", "b"), [(2.0, 2000.0), (-2.0, 2001.0), (-8.0, 1 / 3), (0.0, -1.0)])
def test_powers_never_fail(a: float, b: float) -> None:
    found, right = checked("EXPT", a, b, types={"T": "Real"})
    assert not right
    assert not math.isfinite(found)
    assert operation("**", of("Real"))(2.0, 10.0) == 1024.0


@given(st.integers(-50, 50), st.integers(-3, 20))
def test_whole_powers_wrap(a: int, b: int) -> None:
    found, right = checked_operation("**", of("Int"))(a, b)
    exact = a**b if b >= 0 else math.trunc(Fraction(1) / Fraction(a) ** -b) if a else 0
    assert found == _pack(exact, "Int")
    assert right == (found == exact and not (a == 0 and b < 0))


def test_many_inputs_are_joined_from_the_left() -> None:
    assert checked("ADD", 32767, 1, -1, types={"T": "Int"}) == (32767, False)
    assert checked("MUL", 2, 3, 4, types={"T": "DInt"}) == (24, True)


def test_signs() -> None:
    assert checked("NEG", -32768, types={"T": "Int"}) == (-32768, False)
    assert checked("ABS", -32768, types={"T": "Int"}) == (-32768, False)
    assert checked("ABS", -7, types={"T": "Int"}) == (7, True)
    assert checked("ABS", -1.5, types={"T": "Real"}) == (1.5, True)
    assert checked("NEG", 1.5, types={"T": "Real"}) == (-1.5, True)


def test_counting_an_operand_up_and_down() -> None:
    operand = slot(127, "SInt")
    assert call("INC", {"OPERAND": operand}, types={"T": "SInt"}) == {"ENO": False}
    assert operand.get() == -128
    assert call("DEC", {"OPERAND": operand}, types={"T": "SInt"}) == {"ENO": False}
    assert operand.get() == 127


def test_a_formula_reports_what_is_no_number() -> None:
    assert checked("CALCULATE", math.nan, types={"T": "Real"})[1] is False
    assert checked("CALCULATE", 5, types={"T": "Int"}) == (5, True)


# Functions -----------------------------------------------------------------------------------------------------------


@given(st.floats(-1e6, 1e6, width=32))
def test_functions_are_those_of_mathematics(number: float) -> None:
    for name, exact in (("SIN", math.sin), ("COS", math.cos), ("ATAN", math.atan)):
        assert value(name, number, types={"T": "Real"}) == _f32(exact(number))
        assert value(name, number, types={"T": "LReal"}) == exact(number)
    assert value("FRAC", number, types={"T": "Real"}) == math.modf(number)[0]
    assert value("SQR", number, types={"T": "Real"}) == _f32(number * number)


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("SQRT", -1.0, math.nan),
        ("LN", 0.0, -math.inf),
        ("LN", -1.0, math.nan),
        ("LOG", 0.0, -math.inf),
        ("EXP", 1e4, math.inf),
        ("ASIN", 2.0, math.nan),
        ("ACOS", 2.0, math.nan),
        ("SIN", math.inf, math.nan),
        ("TAN", math.nan, math.nan),
        ("FRAC", math.inf, math.nan),
        ("SQR", 1e30, math.inf),
    ],
)
def test_functions_without_a_value_are_nan_or_infinite(name: str, number: float, expected: float) -> None:
    found, right = checked(name, number, types={"T": "Real"})
    assert (found == expected or (math.isnan(found) and math.isnan(expected))) and not right


# Shifting ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", BITS)
@given(data=st.data())
def test_bit_strings_shift_in_zeros(text: str, data: st.DataObject) -> None:
    bits = of(text).bits
    pattern, count = data.draw(st.integers(0, (1 << bits) - 1)), data.draw(st.integers(0, 2 * bits))
    digits = f"{pattern:0{bits}b}"
    types = {"T": text}
    assert value("SHL", pattern, count, types=types) == int((digits + "0" * count)[-bits:], 2)
    assert value("SHR", pattern, count, types=types) == int(("0" * count + digits)[:bits], 2)
    turn = count % bits
    assert value("ROL", pattern, count, types=types) == int(digits[turn:] + digits[:turn], 2)
    assert value("ROR", pattern, count, types=types) == int(digits[-turn:] + digits[:-turn] if turn else digits, 2)


@given(st.integers(-32768, 32767), st.integers(0, 40))
def test_a_signed_integer_shifts_in_its_sign(number: int, count: int) -> None:
    assert value("SHR", number, count, types={"T": "Int"}) == math.floor(number / 2**count)
    assert value("SHL", number, count, types={"T": "Int"}) == _pack(number << count, "Int")


def test_single_bits() -> None:
    assert value("DECO", 35, types={"D": "DWord"}) == 1 << 3
    assert checked("ENCO", 0b1010_0000, types={"S": "Word"}) == (5, True)
    assert checked("ENCO", 0, types={"S": "Word"}) == (0, False)
    assert value("INV", 0x0F, types={"T": "Byte"}) == 0xF0
    assert value("INV", 5, types={"T": "Int"}) == -6
    assert value("SWAP", 0x1234, types={"T": "Word"}) == 0x3412
    assert value("SWAP", 0x11223344, types={"T": "DWord"}) == 0x44332211
    assert value("AND", 0xFF, 0x3C, 0x18, types={"T": "Byte"}) == 0x18
    assert value("OR", 1, 2, 8, types={"T": "Byte"}) == 11
    assert value("XOR", 5, 1, 4, types={"T": "Byte"}) == 0


# Selection -----------------------------------------------------------------------------------------------------------


def test_a_multiplexer_without_the_input_takes_its_else() -> None:
    inputs = {"IN0": 10, "IN1": 11, "IN2": 12}
    actual = {**dict.fromkeys(inputs, "Int"), "K": "Int"}
    assert call("MUX", {"K": 2, **inputs}, types={"T": "Int"}, actual=actual) == {"": 12, "ENO": True}
    more = {"K": 3, "INELSE": -1, **inputs}
    assert call("MUX", more, types={"T": "Int"}, actual=actual) == {"": -1, "ENO": False}
    assert call("MUX", {"K": -1, **inputs}, types={"T": "Int"}, actual=actual) == {"": 0, "ENO": False}


def test_a_demultiplexer_writes_one_output() -> None:
    actual = {"OUT0": "Int", "OUT1": "Int", "OUTELSE": "Int"}
    assert call("DEMUX", {"K": 1, "IN": 7}, actual=actual) == {"OUTELSE": KEEP, "OUT0": KEEP, "OUT1": 7, "ENO": True}
    assert call("DEMUX", {"K": 2, "IN": 7}, actual=actual) == {"OUTELSE": 7, "OUT0": KEEP, "OUT1": KEEP, "ENO": False}


@given(st.integers(-100, 100), st.integers(-100, 100), st.integers(-100, 100))
def test_a_limit_keeps_the_value_between(low: int, number: int, high: int) -> None:
    expected = (number, False) if low > high else (sorted((low, number, high))[1], True)
    assert checked("LIMIT", low, number, high, types={"T": "Int"}) == expected


def test_extremes_of_numbers_and_moments() -> None:
    assert checked("MIN", 3, 1, 2, types={"T": "Int"}) == (1, True)
    assert checked("MAX", 3.5, 1.0, types={"T": "Real"}) == (3.5, True)
    assert checked("MAX", 3.5, math.nan, types={"T": "Real"})[1] is False
    early, late = dtl(10**18), dtl(10**18 + 1)
    assert value("MAX", late, early, types={"T": "DTL"}) is late
    assert value("SEL", True, 1, 2) == 2
