"""Expressions: they mean what Python means by them, over JSON, and nothing else can be said."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.features.pipelines import expressions
from openness_bridge.errors import Problem

SCOPE: dict[str, Any] = {
    "a": 1,
    "b": 2.5,
    "t": "text",
    "yes": True,
    "none": None,
    "list": [1, "x", {"k": 5}],
    "o": {"f": {"g": 7}, "two words": 8},
}
numbers = st.sampled_from(
    ["a", "b", "3", "-1", "o.f.g", "list[0]", "list[2].k", "o['two words']", "len(t)", "len(list)"]
)
texts = st.sampled_from(["t", "'text'", '"x"', "list[1]", "upper(t)", "lower(t)"])


def comparisons(values: st.SearchStrategy[str], signs: list[str]) -> st.SearchStrategy[str]:
    return st.tuples(values, st.sampled_from(signs), values).map(" ".join)


conditions = st.recursive(
    comparisons(numbers, ["==", "!=", "<", "<=", ">", ">="]) | comparisons(texts, ["==", "!=", "in", "not in", "<"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join).map("({})".format)
        | inner.map("not {}".format)
    ),
    max_leaves=8,
)


class Fields(dict[str, Any]):
    """JSON as Python reads it, for the oracle."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


def for_python(value: Any) -> Any:
    if isinstance(value, dict):
        return Fields({key: for_python(each) for key, each in value.items()})
    return [for_python(each) for each in value] if isinstance(value, list) else value


@given(conditions)
def test_an_expression_means_what_python_means(text: str) -> None:
    names = {name: for_python(value) for name, value in SCOPE.items()}
    functions = {"len": len, "upper": str.upper, "lower": str.lower}
    assert expressions.evaluate(text, SCOPE) == eval(text, {"__builtins__": {}} | functions | names)  # noqa: S307


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_characters="$")),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=10,
    )
)
def test_values_without_expressions_stay_and_whole_expressions_keep_their_type(value: Any) -> None:
    assert expressions.fill(value, {}) == value
    assert expressions.fill({"x": ["${v}"]}, {"v": value}) == {"x": [value]}
    assert list(expressions.find_expressions(value)) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${a}", 1),
        ("n=${a}", "n=1"),
        ("${t}/${b}.x", "text/2.5.x"),
        ("$${a}", "${a}"),
        ("${o.f}", {"g": 7}),
        ("$5", "$5"),
        ("${none}", None),
        ("${o.missing.field}", None),
        ("${list[9]}", None),
        ("${yes and t}", "text"),
        ("${null or a}", 1),
        ("${startsWith(t, 'te')}", True),
        ("${endsWith(t, 'te')}", False),
        ("${[1, 'x']}", [1, "x"]),
        ("${1 < a + 0}", ...),
    ],
)
def test_texts_are_filled(text: str, value: Any) -> None:
    if value is ...:
        with pytest.raises(Problem):
            expressions.fill(text, SCOPE)
    else:
        assert expressions.fill(text, SCOPE) == value


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')",
        "t.upper()",
        "(lambda: 1)()",
        "[x for x in list]",
        "a if a else b",
        "a ** 9",
        "a * b",
        "f'{a}'",
        "open('x')",
        "len",
        "len()",
        "len(t, key=a)",
        "a; b",
        "a := 1",
        "{'a': 1}",
        "list[0:1]",
        "a is b",
        "~a",
        "+a",
        "",
        "((((",
        "1 +",
        "b'x'",
        "1j",
        "...",
        "a" * 3000,
        "(" * 500 + ")" * 500,
        "yield",
        "*a",
        "a\x00",
        "await a",
    ],
)
def test_nothing_else_can_be_said(text: str) -> None:
    if text == "len":
        assert expressions.evaluate(text, SCOPE) is None
        return
    with pytest.raises(Problem) as refused:
        expressions.evaluate(text, SCOPE)
    assert refused.value.code == "pipeline.expression"


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_a_problem(text: str) -> None:
    try:
        json.dumps(expressions.evaluate(text, SCOPE))
    except Problem as problem:
        assert problem.code == "pipeline.expression"


@pytest.mark.parametrize("text", ["a < t", "len(a)", "none > 1", "t in a", "-t", "upper(a)"])
def test_what_cannot_be_compared_is_a_problem(text: str) -> None:
    with pytest.raises(Problem) as refused:
        expressions.evaluate(text, SCOPE)
    assert refused.value.code == "pipeline.expression"


def test_values_of_several_parts_do_not_become_text() -> None:
    for text in ("x${o}", "x${yes}", "x${none}", "x${list}"):
        with pytest.raises(Problem):
            expressions.fill(text, SCOPE)


def test_the_names_that_are_read_are_told() -> None:
    found = expressions.paths("steps['My step'].result.n == 0 and not (dev in [a.b, 'x']) or len(list[0]) > true")
    assert found == [("steps", "My step", "result", "n"), ("dev",), ("a", "b"), ("list", "0")]
