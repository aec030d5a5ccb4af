"""Functions of texts against Python's slices, exhaustively for short texts; whatever lengths are declared."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.virtual_plc.agreement import TIERS
from tests.fakes.virtual_plc.oracle.kit import rungs, scl

SHORT = ["".join(each) for length in range(4) for each in product("aB", repeat=length)]
COUNTS = range(-1, 5)
DECLARED = [("String[3]", "String"), ("String", "String"), ("String[3]", "String[6]"), ("WString[3]", "WString[9]")]


def left(text: str, count: int) -> str:
    return text[:count] if count > 0 else ""


def right(text: str, count: int) -> str:
    return text[max(len(text) - count, 0) :] if count > 0 else ""


def middle(text: str, count: int, at: int) -> str:
    """Nothing where the position is outside of the text."""
    return text[at - 1 : at - 1 + count] if count > 0 and 1 <= at <= len(text) else ""


def deleted(text: str, count: int, at: int) -> str:
    if count < 0 or at < 1:
        return ""
    return text[: at - 1] + text[at - 1 + count :]


def inserted(text: str, other: str, at: int) -> str:
    """Behind the character at the position, at the end for one behind the end."""
    return text[:at] + other + text[at:] if at >= 0 else ""


def replaced(text: str, other: str, count: int, at: int) -> str:
    if count < 0 or at < 1:
        return ""
    return text[: at - 1] + other + text[at - 1 + count :] if at <= len(text) else text + other


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(("given_type", "result"), DECLARED)
def test_parts_of_a_text(tier: str, given_type: str, result: str) -> None:
    rows = list(product(SHORT, COUNTS, COUNTS))
    columns = {
        "t": (given_type, [t for t, _, _ in rows]),
        "n": ("Int", [n for _, n, _ in rows]),
        "p": ("Int", [p for _, _, p in rows]),
    }
    found = scl(
        tier,
        columns,
        {
            "len": ("Int", "LEN({t})"),
            "left": (result, "LEFT(IN := {t}, L := {n})"),
            "right": (result, "RIGHT(IN := {t}, L := {n})"),
            "mid": (result, "MID(IN := {t}, L := {n}, P := {p})"),
            "delete": (result, "DELETE(IN := {t}, L := {n}, P := {p})"),
        },
    )
    assert found["len"] == [len(t) for t, _, _ in rows]
    assert found["left"] == [left(t, n) for t, n, _ in rows]
    assert found["right"] == [right(t, n) for t, n, _ in rows]
    assert found["mid"] == [middle(t, n, p) for t, n, p in rows]
    assert found["delete"] == [deleted(t, n, p) for t, n, p in rows]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("one", "other"), [("String[3]", "String[9]"), ("String[9]", "String[3]"), ("String", "String[3]")]
)
def test_two_texts_of_other_lengths(tier: str, one: str, other: str) -> None:
    """The length that one text is declared with cuts no other."""
    rows = list(product(SHORT, SHORT, (0, 1, 2, 3, 4)))
    columns = {
        "a": (one, [a for a, _, _ in rows]),
        "b": (other, [b for _, b, _ in rows]),
        "p": ("Int", [p for _, _, p in rows]),
    }
    found = scl(
        tier,
        columns,
        {
            "concat": ("String[6]", "CONCAT(IN1 := {a}, IN2 := {b})"),
            "find": ("Int", "FIND(IN1 := {a}, IN2 := {b})"),
            "insert": ("String[20]", "INSERT(IN1 := {a}, IN2 := {b}, P := {p})"),
            "replace": ("String[20]", "REPLACE(IN1 := {a}, IN2 := {b}, L := 1, P := {p})"),
            "cut": ("String[2]", "CONCAT(IN1 := {a}, IN2 := {b})"),
        },
    )
    assert found["concat"] == [a + b for a, b, _ in rows]
    assert found["find"] == [a.find(b) + 1 if b else 0 for a, b, _ in rows]
    assert found["insert"] == [inserted(a, b, p) for a, b, p in rows]
    assert found["replace"] == [replaced(a, b, 1, p) for a, b, p in rows]
    assert found["cut"] == [(a + b)[:2] for a, b, _ in rows]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(("one", "other"), [("String[3]", "String[9]"), ("String[9]", "String[3]")])
def test_a_choice_between_texts_of_other_lengths(tier: str, one: str, other: str) -> None:
    texts = [("abc", "defghi"), ("", "x"), ("ab", "")]
    texts = [(a, b) if one == "String[3]" else (b, a) for a, b in texts]
    rows = [(g, a, b) for g in (False, True) for a, b in texts]
    columns = {
        "g": ("Bool", [g for g, _, _ in rows]),
        "a": (one, [a for _, a, _ in rows]),
        "b": (other, [b for _, _, b in rows]),
    }
    found = scl(
        tier,
        columns,
        {
            "r": ("String[9]", "SEL(G := {g}, IN0 := {a}, IN1 := {b})"),
            "s": ("String[3]", "SEL(G := {g}, IN0 := {a}, IN1 := {b})"),
        },
    )
    assert found["r"] == [b if g else a for g, a, b in rows]
    assert found["s"] == [(b if g else a)[:3] for g, a, b in rows]


@pytest.mark.parametrize("tier", TIERS)
def test_an_assignment_is_cut_to_the_target(tier: str) -> None:
    texts = ["", "a", "abc", "abcd", "abcdefgh"]
    found = scl(tier, {"t": ("String[8]", texts)}, {"r": ("String[3]", "{t}"), "s": ("String[20]", "{t}")})
    assert found == {"r": [each[:3] for each in texts], "s": texts}


@pytest.mark.parametrize("tier", TIERS)
def test_boxes_of_lad_work_on_texts(tier: str) -> None:
    rows = list(product(SHORT, COUNTS))
    columns = {"t": ("String[3]", [t for t, _ in rows]), "n": ("Int", [n for _, n in rows])}
    names = {"LEFT": left, "RIGHT": right}
    networks: list[list[Any]] = [
        [
            [
                {
                    "box": name,
                    "templates": [["string_type", "Type", "String"]],
                    "in": {"IN": "#t", "L": "#n"},
                    "out": {"OUT": f"#{name}"},
                }
            ]
        ]
        for name in names
    ]
    found = rungs(tier, columns, dict.fromkeys(names, "String"), *networks)
    for name, function in names.items():
        assert found[name] == [function(t, n) for t, n in rows]


@pytest.mark.parametrize("tier", TIERS)
@settings(max_examples=10)
@given(data=st.data())
def test_long_texts(tier: str, data: st.DataObject) -> None:
    text = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
    rows = data.draw(st.lists(st.tuples(text, text, st.integers(0, 70), st.integers(1, 70)), min_size=5, max_size=15))
    columns = {
        "a": ("String[60]", [a for a, _, _, _ in rows]),
        "b": ("String[80]", [b for _, b, _, _ in rows]),
        "n": ("Int", [n for _, _, n, _ in rows]),
        "p": ("Int", [p for _, _, _, p in rows]),
    }
    found = scl(
        tier,
        columns,
        {
            "concat": ("String", "CONCAT(IN1 := {a}, IN2 := {b})"),
            "mid": ("String", "MID(IN := {a}, L := {n}, P := {p})"),
            "replace": ("String", "REPLACE(IN1 := {a}, IN2 := {b}, L := {n}, P := {p})"),
            "find": ("Int", "FIND(IN1 := CONCAT(IN1 := {b}, IN2 := {a}), IN2 := {a})"),
        },
    )
    assert found["concat"] == [a + b for a, b, _, _ in rows]
    assert found["mid"] == [middle(a, n, p) for a, _, n, p in rows]
    assert found["replace"] == [replaced(a, b, n, p) for a, b, n, p in rows]
    assert found["find"] == [(b + a).find(a) + 1 if a else 0 for a, b, _, _ in rows]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("target", ["String[2]", "String[3]", "String"])
def test_parts_at_known_places(tier: str, target: str) -> None:
    """Positions and lengths as constants, and of types without negative numbers, into targets of all lengths."""
    columns = {
        "t": ("String[3]", SHORT),
        "u": ("USInt", [at % 5 for at in range(len(SHORT))]),
        "v": ("USInt", [at // 5 % 5 for at in range(len(SHORT))]),
    }
    most = 254 if target == "String" else int(target[7])
    results, wanted = {}, {}
    pairs = [(str(n), str(p), [n] * len(SHORT), [p] * len(SHORT)) for n, p in product(COUNTS, COUNTS)]
    for at, (count, place, counts, places) in enumerate([*pairs, ("{u}", "{v}", columns["u"][1], columns["v"][1])]):
        calls = {
            "left": (f"LEFT(IN := {{t}}, L := {count})", [left(t, n) for t, n in zip(SHORT, counts, strict=True)]),
            "right": (f"RIGHT(IN := {{t}}, L := {count})", [right(t, n) for t, n in zip(SHORT, counts, strict=True)]),
            "mid": (f"MID(IN := {{t}}, L := {count}, P := {place})", list(map(middle, SHORT, counts, places))),
            "delete": (f"DELETE(IN := {{t}}, L := {count}, P := {place})", list(map(deleted, SHORT, counts, places))),
            "insert": (
                f"INSERT(IN1 := {{t}}, IN2 := 'xyz', P := {place})",
                [inserted(t, "xyz", p) for t, p in zip(SHORT, places, strict=True)],
            ),
            "replace": (
                f"REPLACE(IN1 := {{t}}, IN2 := 'x', L := {count}, P := {place})",
                [replaced(t, "x", n, p) for t, n, p in zip(SHORT, counts, places, strict=True)],
            ),
        }
        results |= {f"{name}_{at}": (target, text) for name, (text, _) in calls.items()}
        wanted |= {f"{name}_{at}": [each[:most] for each in found] for name, (_, found) in calls.items()}
    assert scl(tier, columns, results) == wanted


@pytest.mark.parametrize("tier", TIERS)
def test_functions_inside_of_others(tier: str) -> None:
    """The target cuts the outermost result alone; an operand of two functions is read once."""
    rows = list(product(SHORT, SHORT))
    columns = {"a": ("String[3]", [a for a, _ in rows]), "b": ("String[3]", [b for _, b in rows])}
    found = scl(
        tier,
        columns,
        {
            "joined": ("String[3]", "RIGHT(IN := CONCAT(IN1 := {a}, IN2 := '-', IN3 := {b}), L := 4)"),
            "twice": ("String[8]", "CONCAT(IN1 := LEFT(IN := {a}, L := 2), IN2 := CONCAT(IN1 := {b}, IN2 := {a}))"),
            "cut": ("String[5]", "REPLACE(IN1 := CONCAT(IN1 := {a}, IN2 := {b}), IN2 := '++', L := 1, P := LEN({a}))"),
            "found": ("Int", "FIND(IN1 := CONCAT(IN1 := 'x', IN2 := {a}), IN2 := {b})"),
            "none": ("Int", "FIND(IN1 := {a}, IN2 := '')"),
            "equal": ("Bool", "LEFT(IN := {a}, L := 2) = LEFT(IN := {b}, L := 2)"),
        },
    )
    assert found["joined"] == [f"{a}-{b}"[-4:][:3] for a, b in rows]
    assert found["twice"] == [(a[:2] + b + a)[:8] for a, b in rows]
    assert found["cut"] == [replaced(a + b, "++", 1, len(a))[:5] for a, b in rows]
    assert found["found"] == [("x" + a).find(b) + 1 if b else 0 for a, b in rows]
    assert found["none"] == [0 for _ in rows]
    assert found["equal"] == [a[:2] == b[:2] for a, b in rows]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("data_type", "values"),
    [("Int", [-32768, -1, 0, 9, 32767]), ("UInt", [0, 10, 65535]), ("SInt", [-128, 0, 127]), ("UDInt", [0, 2**32 - 1])],
)
def test_a_number_as_text_is_cut_to_its_target(tier: str, data_type: str, values: list[int]) -> None:
    name = f"{data_type.upper()}_TO_STRING"
    digits = [f"{each:+}" for each in values]
    lengths = (1, 3, 4, 5, 6, 12)
    found = scl(
        tier,
        {"x": (data_type, values)},
        {f"to_{most}": (f"String[{most}]", f"{name}({{x}})") for most in lengths}
        | {"small": ("String[4]", f"CONCAT(IN1 := {name}({{x}}), IN2 := '!')")},
    )
    assert found["small"] == [f"{each}!"[:4] for each in digits]
    for most in lengths:
        assert found[f"to_{most}"] == [each[:most] for each in digits]


@pytest.mark.parametrize("tier", TIERS)
def test_a_long_constant_is_cut_to_its_target(tier: str) -> None:
    found = scl(
        tier,
        {"t": ("String[4]", ["", "abcd"])},
        {
            "moved": ("String[3]", "'abcdef'"),
            "joined": ("String[5]", "CONCAT(IN1 := {t}, IN2 := 'xyz')"),
            "wide": ("WString[3]", "WSTRING#'abcdef'"),
            "first": ("WString[2]", "CONCAT(IN1 := WSTRING#'ab', IN2 := WSTRING#'cd')"),
        },
    )
    assert found == {"moved": ["abc"] * 2, "joined": ["xyz", "abcdx"], "wide": ["abc"] * 2, "first": ["ab"] * 2}


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("index", ["1", "3", "{p}", "{u}"])
def test_a_character_is_replaced_inside_of_the_text_or_appended(tier: str, index: str) -> None:
    """A second statement behind the assignment writes the character."""
    rows = [(t, p) for t, p in product(SHORT, (1, 2, 3))]
    columns = {
        "t": ("String[3]", [t for t, _ in rows]),
        "p": ("Int", [p for _, p in rows]),
        "u": ("USInt", [p for _, p in rows]),
    }
    text = f"{{t}}; \"D\".r[#i][{index}] := 'x'"
    found = scl(tier, columns, {"r": ("String[3]", text)})
    places = [int(index) if index.isdigit() else p for _, p in rows]
    wanted = [t[: p - 1] + "x" + t[p:] if p <= len(t) + 1 else t for (t, _), p in zip(rows, places, strict=True)]
    assert found["r"] == wanted
