"""The IEC library of S7-300 and S7-400."""

from __future__ import annotations

import operator

import pytest

from tests.fakes.virtual_plc.instructions.kit import checked, value

RELATIONS = {
    "EQ": operator.eq,
    "NE": operator.ne,
    "GE": operator.ge,
    "GT": operator.gt,
    "LE": operator.le,
    "LT": operator.lt,
}
TEXTS = ("", "A", "AB", "ABC", "B", "a")


@pytest.mark.parametrize("relation", RELATIONS)
def test_moments_and_texts_are_compared(relation: str) -> None:
    compare = RELATIONS[relation]
    assert all(value(f"{relation}_DT", a, b) is compare(a, b) for a in range(3) for b in range(3))
    assert all(value(f"{relation}_STRNG", a, b) is compare(a.encode(), b.encode()) for a in TEXTS for b in TEXTS)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("I_STRNG", 907, ("+907", True)),
        ("I_STRNG", -32768, ("-32768", True)),
        ("DI_STRNG", 0, ("+0", True)),
        ("R_STRNG", 15.0, ("+1.5000000E+01", True)),
        ("R_STRNG", -0.25, ("-2.5000000E-01", True)),
        ("STRNG_I", "+907", (907, True)),
        ("STRNG_I", "-5", (-5, True)),
        ("STRNG_I", "40000", (0, False)),
        ("STRNG_I", "", (0, False)),
        ("STRNG_I", "1 2", (0, False)),
        ("STRNG_I", "+000005", (0, False)),
        ("STRNG_DI", "-2147483648", (-(2**31), True)),
        ("STRNG_DI", "2147483648", (0, False)),
        ("STRNG_R", "+1.5000000E+01", (15.0, True)),
        ("STRNG_R", "15.0", (0.0, False)),
    ],
)
def test_numbers_become_texts_and_texts_numbers(name: str, given: object, expected: tuple[object, bool]) -> None:
    assert checked(name, given) == expected
