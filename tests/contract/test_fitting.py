"""Two types are compared rightly: a validator of JSON Schema is the oracle for random types, values and widenings."""

from __future__ import annotations

from typing import Any

import jsonschema
from hypothesis import assume, given
from hypothesis import strategies as st

from engineering_api.web.openapi.contract_rows import simplify
from tests.contract.fitting import Fitting

Schema = dict[str, Any]
NUMBERS = st.integers(-3, 3)
TEXTS = st.text("ab", max_size=3)
NAMES = st.sampled_from(["one", "two", "three"])


def with_limits(kind: str, least: str, most: str, numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Schema]:
    return st.fixed_dictionaries({"type": st.just(kind)}, optional={least: numbers, most: numbers})


def objects(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    fields = st.dictionaries(NAMES, st.tuples(inner, st.booleans()), min_size=1, max_size=3)
    return fields.map(
        lambda made: {
            "type": "object",
            "properties": {name: schema for name, (schema, _) in made.items()},
            "required": [name for name, (_, required) in made.items() if required],
            "additionalProperties": False,
        }
    )


LEAVES = st.one_of(
    st.sampled_from(["null", "boolean", "string"]).map(lambda kind: {"type": kind}),
    with_limits("integer", "minimum", "maximum", NUMBERS),
    with_limits("number", "minimum", "maximum", NUMBERS),
    with_limits("string", "minLength", "maxLength", st.integers(0, 3)),
    st.lists(TEXTS, min_size=1, max_size=3, unique=True).map(lambda words: {"enum": words}),
)
SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda schema: {"type": "array", "items": schema}),
        st.lists(inner, min_size=2, max_size=3).map(lambda all_: {"anyOf": all_}),
        inner.map(lambda schema: {"type": "object", "additionalProperties": schema}),
        objects(inner),
    ),
    max_leaves=4,
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, NUMBERS.map(lambda n: n + 0.5), TEXTS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=4,
)


def values(schema: Schema) -> st.SearchStrategy[Any]:
    """Values of the kind that a schema describes; its limits may refuse them."""
    match schema:
        case {"anyOf": alternatives}:
            return st.one_of([values(each) for each in alternatives])
        case {"enum": words}:
            return st.sampled_from(words)
        case {"items": inner}:
            return st.lists(values(inner), max_size=2)
        case {"properties": fields, "required": required}:
            given_ = {name: values(each) for name, each in fields.items()}
            return st.fixed_dictionaries(
                {name: each for name, each in given_.items() if name in required},
                optional={name: each for name, each in given_.items() if name not in required},
            )
        case {"additionalProperties": inner}:
            return st.dictionaries(NAMES, values(inner), max_size=2)
        case {"type": kind}:
            kinds = {"null": st.none(), "boolean": st.booleans(), "integer": NUMBERS, "string": TEXTS}
            return kinds.get(kind, st.one_of(NUMBERS, NUMBERS.map(lambda n: n + 0.5)))
    raise AssertionError(schema)


def accepts(schema: Schema, value: Any) -> bool:
    return jsonschema.Draft202012Validator(schema).is_valid(value)


def breaks(old: Schema, new: Schema, *, request: bool) -> list[tuple[str, str]]:
    return [*Fitting({}, {}, request=request).breaks(simplify(old), simplify(new))]


@given(SCHEMAS, SCHEMAS, st.data())
def test_a_value_that_is_refused_now_is_a_break_of_a_request(old: Schema, new: Schema, data: st.DataObject) -> None:
    value = data.draw(values(old))
    assume(accepts(old, value) and not accepts(new, value))
    assert breaks(old, new, request=True) != []


@given(SCHEMAS, SCHEMAS, st.data())
def test_a_value_that_is_new_is_a_break_of_an_answer(old: Schema, new: Schema, data: st.DataObject) -> None:
    value = data.draw(values(new))
    assume(accepts(new, value) and not accepts(opened(old), value))
    assert breaks(old, new, request=False) != []


def opened(schema: Any) -> Any:
    """A schema as a client reads an answer: it ignores properties that it does not know."""
    if isinstance(schema, list):
        return [opened(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: opened(each) for key, each in schema.items() if key != "additionalProperties" or each is not False}


@given(SCHEMAS, VALUES)
def test_the_same_type_breaks_nothing(schema: Schema, default: Any) -> None:
    for each in (schema, schema | {"default": default}):
        assert breaks(each, each, request=True) == breaks(each, each, request=False) == []


WIDER = {
    "minimum": lambda limit: limit - 1,
    "minLength": lambda limit: limit - 1,
    "maximum": lambda limit: limit + 1,
    "maxLength": lambda limit: limit + 1,
}


def widenings(schema: Schema) -> list[Schema]:
    """The types that accept a little more, each in one place."""
    made: list[Schema] = []
    if not accepts(schema, None):
        made.append({"anyOf": [schema, {"type": "null"}]})
    if "enum" in schema:
        made += [{"enum": [*schema["enum"], "more"]}]
    if schema.get("type") == "integer":
        made.append(schema | {"type": "number"})
    for limit in WIDER.keys() & schema.keys():
        made += [schema | {limit: WIDER[limit](schema[limit])}, {k: v for k, v in schema.items() if k != limit}]
    if "items" in schema:
        made += [schema | {"items": each} for each in widenings(schema["items"])]
    for name, field in schema.get("properties", {}).items():
        made += [schema | {"properties": schema["properties"] | {name: each}} for each in widenings(field)]
    made += [
        schema | {"required": [each for each in schema["required"] if each != name]}
        for name in schema.get("required", ())
    ]
    return made


@given(SCHEMAS.filter(lambda schema: "anyOf" not in str(schema)).filter(widenings), st.data())
def test_a_wider_type_breaks_an_answer_and_no_request(old: Schema, data: st.DataObject) -> None:
    new = data.draw(st.sampled_from(widenings(old)))
    assert breaks(old, new, request=True) == []
    assert breaks(old, new, request=False) != []
    assert breaks(new, old, request=True) != []
    assert breaks(new, old, request=False) == []


def test_a_type_may_hold_itself_under_another_name() -> None:
    def tree(name: str, leaf: str) -> dict[str, Any]:
        return {name: {"type": "object", "properties": {"left": [name, "null"], "value": leaf}, "required": ["value"]}}

    def compare(leaf: str) -> list[tuple[str, str]]:
        return [*Fitting(tree("Tree", "integer"), tree("Bush", leaf), request=True).breaks("Tree", "Bush")]

    assert compare("integer") == compare("number") == []
    assert ("value", "type") in compare("string")


def test_the_alternatives_of_a_name_are_alternatives() -> None:
    old, new = {"Size": ["integer", "null"]}, {"Size": ["integer", "null", "string"]}
    assert [*Fitting(old, new, request=True).breaks("Size", ["string", "Size"])] == []
    assert [*Fitting(old, new, request=False).breaks(["Size", "boolean"], ["integer", "boolean"])] == []
    assert [*Fitting(old, new, request=False).named("Size")] == [("", "type")]
