"""Comparison of texts and numbers, against Python's own, exhaustively on small domains."""

from __future__ import annotations

import operator
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.virtual_plc.agreement import TIERS
from tests.fakes.virtual_plc.oracle.kit import rungs, scl

OPERATORS = {
    "eq": ("=", operator.eq),
    "ne": ("<>", operator.ne),
    "lt": ("<", operator.lt),
    "le": ("<=", operator.le),
    "gt": (">", operator.gt),
    "ge": (">=", operator.ge),
}
BOXES = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
SHORT = ["".join(each) for length in range(3) for each in product("aBé", repeat=length)]
PAIRS = list(product(SHORT, repeat=2))
RESULTS = {name: ("Bool", f"{{a}} {sign} {{b}}") for name, (sign, _) in OPERATORS.items()}


def _expected(pairs: list[tuple[Any, Any]]) -> dict[str, list[bool]]:
    return {name: [compare(a, b) for a, b in pairs] for name, (_, compare) in OPERATORS.items()}


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", ["String", "WString"])
@pytest.mark.parametrize(("left", "right"), [("[2]", "[2]"), ("[2]", "[9]"), ("[9]", "[2]"), ("", "[2]"), ("[2]", "")])
def test_texts_of_any_declared_lengths(tier: str, name: str, left: str, right: str) -> None:
    columns = {"a": (name + left, [a for a, _ in PAIRS]), "b": (name + right, [b for _, b in PAIRS])}
    assert scl(tier, columns, RESULTS) == _expected(PAIRS)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", ["String", "WString"])
@pytest.mark.parametrize("literal", SHORT)
def test_texts_and_literals_on_either_side(tier: str, name: str, literal: str) -> None:
    mark = "WSTRING#" if name == "WString" else ""
    results = {f"l{key}": ("Bool", f"{mark}'{literal}' {sign} {{a}}") for key, (sign, _) in OPERATORS.items()}
    results |= {f"r{key}": ("Bool", f"{{a}} {sign} {mark}'{literal}'") for key, (sign, _) in OPERATORS.items()}
    found = scl(tier, {"a": (f"{name}[2]", SHORT)}, results)
    for key, (_, compare) in OPERATORS.items():
        assert found[f"l{key}"] == [compare(literal, each) for each in SHORT]
        assert found[f"r{key}"] == [compare(each, literal) for each in SHORT]


@pytest.mark.parametrize("tier", TIERS)
def test_a_literal_longer_than_the_text_beside_it(tier: str) -> None:
    texts = ["RUN", "", "R", "RUM", "RUO"]
    results = {key: ("Bool", f"{{a}} {sign} 'RUNNING'") for key, (sign, _) in OPERATORS.items()}
    results |= {f"{key}2": ("Bool", f"'RUNNING' {sign} {{a}}") for key, (sign, _) in OPERATORS.items()}
    found = scl(tier, {"a": ("String[3]", texts)}, results)
    for key, (_, compare) in OPERATORS.items():
        assert found[key] == [compare(each, "RUNNING") for each in texts]
        assert found[f"{key}2"] == [compare("RUNNING", each) for each in texts]


@pytest.mark.parametrize("tier", TIERS)
def test_two_literals(tier: str) -> None:
    pairs = [("ab", "abc"), ("abc", "ab"), ("", "a"), ("b", "abc"), ("ab", "ab")]
    for a, b in pairs:
        results = {key: ("Bool", f"'{a}' {sign} '{b}'") for key, (sign, _) in OPERATORS.items()}
        found = scl(tier, {"x": ("Int", [0])}, results)
        assert {key: value[0] for key, value in found.items()} == {
            key: compare(a, b) for key, (_, compare) in OPERATORS.items()
        }


@pytest.mark.parametrize("tier", TIERS)
def test_characters_beside_texts(tier: str) -> None:
    pairs = list(product("aBé", SHORT))
    columns = {"a": ("Char", [a for a, _ in pairs]), "b": ("String[1]", [b[:1] for _, b in pairs])}
    found = scl(tier, columns, RESULTS)
    assert found == _expected([(a, b[:1]) for a, b in pairs])
    columns = {"a": ("Char", [a for a, _ in pairs]), "b": ("String[5]", [b for _, b in pairs])}
    assert scl(tier, columns, RESULTS) == _expected(pairs)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(("left", "right"), [("String[2]", "String[9]"), ("String[9]", "String[2]")])
def test_boxes_of_lad_compare_texts(tier: str, left: str, right: str) -> None:
    columns = {"a": (left, [a for a, _ in PAIRS]), "b": (right, [b for _, b in PAIRS])}
    networks = [
        [[{"compare": ["#a", sign, "#b"], "type": "String"}, {"coil": f"#{key}"}]] for key, sign in BOXES.items()
    ]
    assert rungs(tier, columns, dict.fromkeys(BOXES, "Bool"), *networks) == _expected(PAIRS)


@pytest.mark.parametrize("tier", TIERS)
@settings(max_examples=15)
@given(data=st.data())
def test_long_texts(tier: str, data: st.DataObject) -> None:
    text = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30)
    pairs = data.draw(st.lists(st.tuples(text, text), min_size=5, max_size=20))
    pairs += [(a, a + b[:3]) for a, b in pairs]
    longest = data.draw(st.sampled_from([33, 40, 254]))
    columns = {"a": ("String[33]", [a for a, _ in pairs]), "b": (f"String[{longest}]", [b for _, b in pairs])}
    assert scl(tier, columns, RESULTS) == _expected(pairs)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("left", "right"),
    [("SInt", "SInt"), ("SInt", "Int"), ("USInt", "SInt"), ("Int", "UInt"), ("DInt", "UDInt"), ("Byte", "Byte")],
)
def test_whole_numbers_of_different_types(tier: str, left: str, right: str) -> None:
    values = {
        "SInt": (-128, 127),
        "USInt": (0, 255),
        "Int": (-32768, 32767),
        "UInt": (0, 65535),
        "DInt": (-(2**31), 2**31 - 1),
        "UDInt": (0, 2**32 - 1),
        "Byte": (0, 255),
    }

    def edges(name: str) -> list[int]:
        low, high = values[name]
        wanted = {low, low + 1, -1, 0, 1, high // 2, high // 2 + 1, high - 1, high}
        return sorted(each for each in wanted if low <= each <= high)

    pairs = list(product(edges(left), edges(right)))
    columns = {"a": (left, [a for a, _ in pairs]), "b": (right, [b for _, b in pairs])}
    assert scl(tier, columns, RESULTS) == _expected(pairs)


@pytest.mark.parametrize("tier", TIERS)
def test_floating_point_numbers(tier: str) -> None:
    values = [float("nan"), float("-inf"), -1.5, -0.0, 0.0, 1e-40, 1.5, 3e38, float("inf")]
    pairs = list(product(values, repeat=2))
    columns = {"a": ("LReal", [a for a, _ in pairs]), "b": ("LReal", [b for _, b in pairs])}
    unequal = [a < b or a > b for a, b in pairs]  # NaN is not unequal either
    assert scl(tier, columns, RESULTS) == _expected(pairs) | {"ne": unequal}
