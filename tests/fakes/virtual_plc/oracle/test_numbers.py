"""Arithmetic of whole numbers, rounding, bit operations and shifts, against Python's own: exhaustive for 8 bits."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.virtual_plc.agreement import TIERS
from tests.fakes.virtual_plc.oracle.kit import rungs, scl, statements, wrapped

SINT = range(-128, 128)
ALL_PAIRS = list(product(SINT, repeat=2))
TYPES = {
    "SInt": (8, True),
    "USInt": (8, False),
    "Int": (16, True),
    "UInt": (16, False),
    "DInt": (32, True),
    "UDInt": (32, False),
    "LInt": (64, True),
    "ULInt": (64, False),
}


def quotient(a: int, b: int) -> int:
    """Return a quotient towards zero; 0 for a division by zero (unverified)."""
    if b == 0:
        return 0
    whole = abs(a) // abs(b)
    return whole if (a < 0) == (b < 0) else -whole


def remainder(a: int, b: int) -> int:
    """Return what is left, with the sign of the dividend; 0 for a division by zero (unverified)."""
    return 0 if b == 0 else a - quotient(a, b) * b


ARITHMETIC: dict[str, tuple[str, Callable[[int, int], int]]] = {
    "sum": ("{a} + {b}", lambda a, b: a + b),
    "difference": ("{a} - {b}", lambda a, b: a - b),
    "product": ("{a} * {b}", lambda a, b: a * b),
    "quotient": ("{a} / {b}", quotient),
    "rest": ("{a} MOD {b}", remainder),
}


def _check(tier: str, name: str, pairs: list[tuple[int, int]]) -> None:
    bits, signed = TYPES[name]
    columns = {"a": (name, [a for a, _ in pairs]), "b": (name, [b for _, b in pairs])}
    found = scl(tier, columns, {key: (name, text) for key, (text, _) in ARITHMETIC.items()})
    for key, (_, calculate) in ARITHMETIC.items():
        expected = [wrapped(calculate(a, b), bits, signed=signed) for a, b in pairs]
        wrong = [(pair, x, y) for pair, x, y in zip(pairs, found[key], expected, strict=True) if x != y]
        assert wrong == [], key


@pytest.mark.parametrize("tier", TIERS)
def test_all_pairs_of_short_integers(tier: str) -> None:
    _check(tier, "SInt", ALL_PAIRS if tier != "reference" else ALL_PAIRS[::17])


@pytest.mark.slow
def test_all_pairs_of_short_integers_on_the_reference() -> None:
    _check("reference", "SInt", ALL_PAIRS)


@pytest.mark.parametrize("tier", TIERS)
def test_all_short_integers_with_constants(tier: str) -> None:
    """Some exceed one limit only, some both, some by more than all numbers of the type."""
    formulas: dict[str, tuple[str, Callable[[int], int]]] = {
        "more": ("{a} + 100", lambda a: a + 100),
        "less": ("{a} - 100", lambda a: a - 100),
        "from": ("-100 - {a}", lambda a: -100 - a),
        "minus": ("-{a}", lambda a: -a),
        "far": ("{a} + 127 + 127 + 3", lambda a: a + 257),
        "farther": ("{a} + 127 + 127 + 127 + 3", lambda a: a + 384),
        "back": ("{a} - 127 - 127 - 3", lambda a: a - 257),
        "twice": ("{a} * 2", lambda a: a * 2),
        "half": ("({a} + 100) / 2", lambda a: quotient(wrapped(a + 100, 8, signed=True), 2)),
    }
    found = scl(tier, {"a": ("SInt", list(SINT))}, {key: ("SInt", text) for key, (text, _) in formulas.items()})
    for key, (_, calculate) in formulas.items():
        assert found[key] == [wrapped(calculate(a), 8, signed=True) for a in SINT], key


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", TYPES)
def test_integers_at_their_limits(tier: str, name: str) -> None:
    bits, signed = TYPES[name]
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    near = sorted({each for at in (low, 0, high) for each in range(at - 3, at + 4) if low <= each <= high})
    _check(tier, name, list(product(near, repeat=2)))


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=8)
@given(data=st.data())
def test_any_integers(tier: str, name: str, data: st.DataObject) -> None:
    bits, signed = TYPES[name]
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    number = st.integers(low, high)
    _check(tier, name, data.draw(st.lists(st.tuples(number, number), min_size=20, max_size=60)))


# Rounding ------------------------------------------------------------------------------------------------------------

ROUNDINGS = {"ROUND": round, "TRUNC": math.trunc, "CEIL": math.ceil, "FLOOR": math.floor}


@pytest.mark.parametrize("tier", TIERS)
def test_roundings_are_those_of_python(tier: str) -> None:
    values = [n / 4 for n in range(-44, 45)] + [2147483000.5, -2147483000.5, 0.49999999999999994, 8388607.5]
    found = scl(tier, {"a": ("LReal", values)}, {name: ("DInt", f"{name}({{a}})") for name in ROUNDINGS})
    assert found == {name: [rule(each) for each in values] for name, rule in ROUNDINGS.items()}


@pytest.mark.parametrize("tier", TIERS)
@settings(max_examples=5)
@given(data=st.data())
def test_real_is_rounded_to_32_bits_after_each_operation(tier: str, data: st.DataObject) -> None:
    number = st.floats(width=32, allow_nan=False, allow_infinity=False, min_value=-(2.0**50), max_value=2.0**50)
    pairs = data.draw(st.lists(st.tuples(number, number), min_size=10, max_size=30))

    def single(value: float) -> float:
        return float(struct.unpack("f", struct.pack("f", value))[0])

    columns = {"a": ("Real", [a for a, _ in pairs]), "b": ("Real", [b for _, b in pairs])}
    found = scl(tier, columns, {"s": ("Real", "{a} + {b}"), "d": ("Real", "{a} - {b}"), "p": ("Real", "{a} * {b}")})
    assert found["s"] == [single(a + b) for a, b in pairs]
    assert found["d"] == [single(a - b) for a, b in pairs]
    assert found["p"] == [single(a * b) for a, b in pairs]


# Bits ----------------------------------------------------------------------------------------------------------------

BITS: dict[str, tuple[str, Callable[[int, int], int]]] = {
    "both": ("{a} AND {b}", lambda a, b: a & b),
    "either": ("{a} OR {b}", lambda a, b: a | b),
    "one": ("{a} XOR {b}", lambda a, b: a ^ b),
    "none": ("NOT ({a} OR {b})", lambda a, b: ~(a | b)),
}


def _check_bits(tier: str, name: str, bits: int, pairs: list[tuple[int, int]]) -> None:
    columns = {"a": (name, [a for a, _ in pairs]), "b": (name, [b for _, b in pairs])}
    found = scl(tier, columns, {key: (name, text) for key, (text, _) in BITS.items()})
    for key, (_, calculate) in BITS.items():
        assert found[key] == [wrapped(calculate(a, b), bits, signed=False) for a, b in pairs], key


@pytest.mark.parametrize("tier", TIERS)
def test_all_pairs_of_bytes(tier: str) -> None:
    pairs = list(product(range(256), repeat=2))
    _check_bits(tier, "Byte", 8, pairs if tier != "reference" else pairs[::19])


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(("name", "bits"), [("Word", 16), ("DWord", 32), ("LWord", 64)])
def test_patterns_of_bits(tier: str, name: str, bits: int) -> None:
    full = (1 << bits) - 1
    values = [0, 1, full, full >> 1, full ^ full >> 1, full // 3, full // 5, 0x1234567890ABCDEF & full]
    _check_bits(tier, name, bits, list(product(values, repeat=2)))


def _rotated(value: int, count: int, bits: int) -> int:
    count %= bits
    return (value << count | value >> (bits - count)) & ((1 << bits) - 1)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(("name", "bits"), [("Byte", 8), ("Word", 16), ("DWord", 32), ("LWord", 64)])
def test_shifts_and_rotations(tier: str, name: str, bits: int) -> None:
    full = (1 << bits) - 1
    values = (
        range(256) if bits == 8 else [0, 1, full, full >> 1, full ^ full >> 1, full // 3, 0x123456789ABCDEF0 & full]
    )
    pairs = list(product(values, (0, 1, 2, 3, bits - 1, bits, bits + 1, 2 * bits)))
    columns = {"a": (name, [a for a, _ in pairs]), "n": ("USInt", [n for _, n in pairs])}
    results = {key: (name, f"{key}(IN := {{a}}, N := {{n}})") for key in ("SHL", "SHR", "ROL", "ROR")}
    found = scl(tier, columns, results)
    assert found["SHL"] == [a << n & full for a, n in pairs]
    assert found["SHR"] == [a >> n for a, n in pairs]
    assert found["ROL"] == [_rotated(a, n, bits) for a, n in pairs]
    assert found["ROR"] == [_rotated(a, -n % bits, bits) for a, n in pairs]


@pytest.mark.parametrize("tier", TIERS)
def test_signed_integers_shift_in_their_sign(tier: str) -> None:
    pairs = list(product(SINT, range(10)))
    columns = {"a": ("SInt", [a for a, _ in pairs]), "n": ("USInt", [n for _, n in pairs])}
    assert scl(tier, columns, {"r": ("SInt", "SHR(IN := {a}, N := {n})")})["r"] == [a >> n for a, n in pairs]


# LAD and STL ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("box", "calculate"),
    [
        ("Add", lambda a, b: a + b),
        ("Sub", lambda a, b: a - b),
        ("Mul", lambda a, b: a * b),
        ("Div", quotient),
        ("Mod", remainder),
    ],
)
def test_boxes_of_lad_calculate(tier: str, box: str, calculate: Callable[[int, int], int]) -> None:
    pairs = ALL_PAIRS[::31]
    columns = {"a": ("Int", [a * 255 + b for a, b in pairs]), "b": ("Int", [b * 200 for _, b in pairs])}
    network: list[Any] = [[{"box": box, "type": "Int", "in": {"in1": "#a", "in2": "#b"}, "out": {"out": "#r"}}]]
    expected = [
        wrapped(calculate(a, b), 16, signed=True) for a, b in zip(columns["a"][1], columns["b"][1], strict=True)
    ]
    assert rungs(tier, columns, {"r": "Int"}, network)["r"] == expected


STL_WORDS = {
    "+I": lambda a, b: a + b,
    "-I": lambda a, b: a - b,
    "*I": lambda a, b: a * b,
    "AW": lambda a, b: a & b,
    "OW": lambda a, b: a | b,
    "XOW": lambda a, b: a ^ b,
}
STL_DOUBLES = {
    "+D": lambda a, b: a + b,
    "-D": lambda a, b: a - b,
    "*D": lambda a, b: a * b,
    "AD": lambda a, b: a & b,
    "OD": lambda a, b: a | b,
    "XOD": lambda a, b: a ^ b,
}


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("sign", STL_WORDS)
def test_words_in_stl(tier: str, sign: str) -> None:
    pairs = [(a * 255 + b, b * 251) for a, b in ALL_PAIRS[::97]]
    columns = {"a": ("Int", [a for a, _ in pairs]), "b": ("Int", [b for _, b in pairs])}
    found = statements(tier, columns, {"r": "Int"}, f"L #a; L #b; {sign}; T #r;")["r"]
    assert found == [wrapped(STL_WORDS[sign](a, b), 16, signed=True) for a, b in pairs]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("sign", STL_DOUBLES)
def test_double_words_in_stl(tier: str, sign: str) -> None:
    pairs = [(a * 16_777_000 + b * 77, b * 12_345_678) for a, b in ALL_PAIRS[::97]]
    columns = {"a": ("DInt", [a for a, _ in pairs]), "b": ("DInt", [b for _, b in pairs])}
    found = statements(tier, columns, {"r": "DInt"}, f"L #a; L #b; {sign}; T #r;")["r"]
    assert found == [wrapped(STL_DOUBLES[sign](a, b), 32, signed=True) for a, b in pairs]


@pytest.mark.parametrize("tier", TIERS)
def test_division_in_stl(tier: str) -> None:
    pairs = [(a * 255 + b, b) for a, b in ALL_PAIRS[::53] if b]
    columns = {"a": ("Int", [a for a, _ in pairs]), "b": ("Int", [b for _, b in pairs])}
    found = statements(tier, columns, {"r": "Int"}, "L #a; L #b; /I; T #r;")
    assert found["r"] == [quotient(a, b) for a, b in pairs]
    wide = {"a": ("DInt", columns["a"][1]), "b": ("DInt", columns["b"][1])}
    found = statements(tier, wide, {"m": "DInt", "d": "DInt"}, "L #a; L #b; MOD; T #m; L #a; L #b; /D; T #d;")
    assert found["m"] == [remainder(a, b) for a, b in pairs]
    assert found["d"] == [quotient(a, b) for a, b in pairs]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("sign", "compare"), [("==I", "__eq__"), ("<>I", "__ne__"), ("<I", "__lt__"), (">=I", "__ge__")]
)
def test_comparisons_in_stl(tier: str, sign: str, compare: str) -> None:
    pairs = ALL_PAIRS[::61]
    columns = {"a": ("Int", [a for a, _ in pairs]), "b": ("Int", [b for _, b in pairs])}
    found = statements(tier, columns, {"r": "Bool"}, f"L #a; L #b; {sign}; = #r;")["r"]
    assert found == [getattr(a, compare)(b) for a, b in pairs]
