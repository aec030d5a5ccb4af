"""CASE against a search of Python: single labels, lists, ranges, negative labels, labels among others, few and many choices.

Labels that overlap are refused before (`case.twice`).
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.virtual_plc.agreement import TIERS
from tests.fakes.virtual_plc.oracle.kit import scl
from tests.support.examples import examples

LIMITS = {"SInt": (-128, 127), "USInt": (0, 255), "Int": (-32768, 32767), "DInt": (-(2**31), 2**31 - 1)}
Label = tuple[int, int]
ELSE = -2


@st.composite
def choices(draw: st.DrawFn, low: int, high: int, most: int) -> list[list[Label]]:
    """Return the labels of each choice, within some numbers; those of one may be among those of others."""
    numbers = st.integers(max(low, -60), min(high, 60)) | st.sampled_from([low, high])
    label = st.builds(lambda at, width: (at, min(at + width, high)), numbers, st.sampled_from([0, 0, 1, 3, 30]))
    taken: list[Label] = []
    made: list[list[Label]] = []
    for labels in draw(st.lists(st.lists(label, min_size=1, max_size=3), min_size=1, max_size=most)):
        made.append([])
        for each in labels:
            if all(each[1] < first or last < each[0] for first, last in taken):
                taken.append(each)
                made[-1].append(each)
    return [each for each in made if each]


def source(made: list[list[Label]], *, otherwise: bool) -> str:
    """Return statements that put the number of the choice into the result; the result is -1 before."""
    lines = ["-1; CASE {x} OF"]
    for number, labels in enumerate(made):
        words = [str(low) if low == high else f"{low}..{high}" for low, high in labels]
        lines.append(f'{", ".join(words)}: "D".r[#i] := "D".r[#i] + {number + 1};')
    lines += [f'ELSE "D".r[#i] := {ELSE};'] if otherwise else []
    return "\n".join([*lines, "END_CASE"])


def expected(made: list[list[Label]], value: int, *, otherwise: bool) -> int:
    for number, labels in enumerate(made):
        if any(low <= value <= high for low, high in labels):
            return number
    return ELSE if otherwise else -1


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("data_type", LIMITS)
@examples(5)
@given(data=st.data(), otherwise=st.booleans(), most=st.sampled_from([3, 12, 40]))
def test_the_choice_with_the_value_counts(
    tier: str, data_type: str, data: st.DataObject, otherwise: bool, most: int
) -> None:
    low, high = LIMITS[data_type]
    made = data.draw(choices(low, high, most))
    near = {value + step for labels in made for pair in labels for value in pair for step in (-1, 0, 1)}
    values = sorted(each for each in near if low <= each <= high)
    found = scl(tier, {"x": (data_type, values)}, {"r": ("Int", source(made, otherwise=otherwise))})
    assert found["r"] == [expected(made, each, otherwise=otherwise) for each in values]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("otherwise", [False, True])
def test_many_choices(tier: str, otherwise: bool) -> None:
    """Single labels and ranges from -100 to 100 in any order, with gaps; labels of the last two are among and around the others."""
    made = [[(at, at + at % 3)] for at in range(-100, 100, 4)]
    made = [*made[1::2], *made[-2::-2], [(-97, -97), (3, 3), (99, 99)], [(-120, -110), (110, 120)]]
    values = list(range(-128, 128))
    for some in (made[:-2], made[:-1], made):
        found = scl(tier, {"x": ("SInt", values)}, {"r": ("Int", source(some, otherwise=otherwise))})
        assert found["r"] == [expected(some, each, otherwise=otherwise) for each in values]


@pytest.mark.parametrize("tier", TIERS)
def test_the_selector_is_read_once(tier: str) -> None:
    """A choice that changes the selector leads to no other choice, also inside of another CASE and before a CONTINUE."""
    text = """{x}; CASE "D".r[#i] OF
      0: "D".r[#i] := 1;
      1: "D".r[#i] := 2; CASE "D".r[#i] OF 1: "D".r[#i] := 50; 2: "D".r[#i] := 60; ELSE "D".r[#i] := 70; END_CASE;
      2: "D".r[#i] := 3; CONTINUE;
      3, 4: "D".r[#i] := "D".r[#i] + 2;
      5..9: IF "D".r[#i] = 7 THEN "D".r[#i] := 0; END_IF;
      10: ;
      11: "D".r[#i] := 12;
      12: "D".r[#i] := 13;
      13: "D".r[#i] := 14;
      14: "D".r[#i] := 15;
      ELSE "D".r[#i] := -1;
    END_CASE; "D".r[#i] := "D".r[#i] + 100"""
    values = list(range(-1, 17))
    after = {0: 1, 1: 60, 3: 5, 4: 6, 7: 0, 11: 12, 12: 13, 13: 14, 14: 15, -1: -1, 15: -1, 16: -1}
    found = scl(tier, {"x": ("Int", values)}, {"r": ("Int", text)})
    assert found["r"] == [3 if each == 2 else after.get(each, each) + 100 for each in values]
