"""Conversions against Python's own: whole numbers, bit strings, texts, BCD."""

from __future__ import annotations

import struct
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.virtual_plc.agreement import TIERS
from tests.fakes.virtual_plc.oracle.kit import scl, statements, wrapped

WHOLE = {
    "SInt": (8, True),
    "USInt": (8, False),
    "Int": (16, True),
    "UInt": (16, False),
    "DInt": (32, True),
    "UDInt": (32, False),
    "Byte": (8, False),
    "Word": (16, False),
    "DWord": (32, False),
}


def _limits(name: str) -> tuple[int, int]:
    bits, signed = WHOLE[name]
    return (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("source", WHOLE)
def test_whole_numbers_and_bit_strings_keep_their_lowest_bits(tier: str, source: str) -> None:
    low, high = _limits(source)
    values = sorted({low, low + 1, -129, -128, -1, 0, 1, 127, 128, 255, 256, 32767, 32768, high // 2, high - 1, high})
    values = [each for each in values if low <= each <= high]
    targets = {
        name: (name, f"{source}_TO_{name}({{a}})".upper().replace("{A}", "{a}")) for name in WHOLE if name != source
    }
    found = scl(tier, {"a": (source, values)}, targets)
    for name in targets:
        bits, signed = WHOLE[name]
        assert found[name] == [wrapped(each, bits, signed=signed) for each in values], name


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", ["SInt", "USInt", "Int", "UInt", "DInt", "UDInt"])
def test_numbers_become_texts_with_sign_and_come_back(tier: str, name: str) -> None:
    low, high = _limits(name)
    values = range(low, high + 1) if WHOLE[name][0] == 8 else [low, low + 1, -907, -10, -1, 0, 1, 9, 10, 99, 907, high]
    values = [each for each in values if low <= each <= high]
    upper = name.upper()
    found = scl(
        tier,
        {"a": (name, values)},
        {
            "t": ("String", f"{upper}_TO_STRING({{a}})"),
            "w": ("WString", f"{upper}_TO_WSTRING({{a}})"),
            "n": (name, f"STRING_TO_{upper}({upper}_TO_STRING({{a}}))"),
        },
    )
    expected = [f"{each:+}" for each in values]
    assert found == {"t": expected, "w": expected, "n": values}


@pytest.mark.parametrize("tier", TIERS)
@settings(max_examples=10)
@given(data=st.data())
def test_reals_as_texts_and_patterns(tier: str, data: st.DataObject) -> None:
    number = st.floats(width=32, allow_nan=False, allow_infinity=False, allow_subnormal=False)
    values = data.draw(st.lists(number, min_size=5, max_size=20))
    found = scl(
        tier,
        {"a": ("Real", values)},
        {
            "t": ("String", "REAL_TO_STRING({a})"),
            "w": ("DWord", "REAL_TO_DWORD({a})"),
            "l": ("LReal", "REAL_TO_LREAL({a})"),
        },
    )
    assert found["t"] == [f"{each:+.6E}" for each in values]
    assert found["w"] == [struct.unpack(">I", struct.pack(">f", each))[0] for each in values]
    assert found["l"] == values


@pytest.mark.parametrize("tier", TIERS)
def test_real_to_integer_rounds_half_to_even(tier: str) -> None:
    values = [n / 2 for n in range(-41, 42)] + [n / 8 for n in range(-9, 10)]
    found = scl(tier, {"a": ("Real", values)}, {"i": ("Int", "REAL_TO_INT({a})"), "d": ("DInt", "REAL_TO_DINT({a})")})
    assert found == {"i": [round(each) for each in values], "d": [round(each) for each in values]}


@pytest.mark.parametrize("tier", TIERS)
def test_all_bcd_numbers_of_a_word(tier: str) -> None:
    values = list(range(-999, 1000))
    patterns = [int(str(abs(each)), 16) | (0xF000 if each < 0 else 0) for each in values]
    found = scl(
        tier,
        {"a": ("Int", values), "b": ("Word", patterns)},
        {"w": ("Word", "INT_TO_BCD16({a})"), "i": ("Int", "BCD16_TO_INT({b})")},
    )
    assert found == {"w": patterns, "i": values}


@pytest.mark.parametrize("tier", TIERS)
def test_bcd_in_stl(tier: str) -> None:
    values = list(range(-999, 1000, 7))
    patterns = [int(str(abs(each)), 16) | (0xF000 if each < 0 else 0) for each in values]
    columns = {"a": ("Int", values), "b": ("Word", patterns)}
    found = statements(tier, columns, {"w": "Word", "i": "Int"}, "L #a; ITB; T #w; L #b; BTI; T #i;")
    assert found == {"w": patterns, "i": values}


@pytest.mark.parametrize("tier", TIERS)
def test_conversions_in_stl(tier: str) -> None:
    values = [-32768, -1, 0, 1, 255, 32767]
    found = statements(
        tier,
        {"a": ("Int", values)},
        {"d": "DInt", "r": "Real", "n": "Int", "v": "Int", "s": "Word"},
        "L #a; ITD; T #d; DTR; T #r; L #a; NEGI; T #n; L #a; INVI; T #v; L #a; CAW; T #s;",
    )
    assert found["d"] == values
    assert found["r"] == [float(each) for each in values]
    assert found["n"] == [wrapped(-each, 16, signed=True) for each in values]
    assert found["v"] == [~each for each in values]
    assert found["s"] == [int.from_bytes(struct.pack("<h", each), "big") for each in values]


@pytest.mark.parametrize("tier", TIERS)
def test_texts_become_numbers_up_to_the_first_other_character(tier: str) -> None:
    texts = [
        sign + digits + behind
        for sign, digits, behind in product(("", "+", "-"), ("0", "7", "042", "907"), ("", "x", " 1"))
    ]
    found = scl(tier, {"t": ("String[20]", texts)}, {"n": ("DInt", "STRING_TO_DINT({t})")})
    expected = [int(text.rstrip("x").partition(" ")[0]) for text in texts]
    assert found["n"] == expected


@pytest.mark.parametrize("tier", TIERS)
def test_characters_are_their_codes(tier: str) -> None:
    codes = list(range(256))
    found = scl(
        tier,
        {"b": ("Byte", codes)},
        {"c": ("Char", "BYTE_TO_CHAR({b})"), "i": ("Int", "CHAR_TO_INT(BYTE_TO_CHAR({b}))")},
    )
    assert found == {"c": [chr(each) for each in codes], "i": codes}
