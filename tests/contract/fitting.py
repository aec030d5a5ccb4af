"""Compares two types of a contract: what no longer fits a request, and what an answer did not have before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema

Schema = Any
"""A type as a row has it: its name, a list of alternatives, or an object of keywords."""
TYPES = {"array", "boolean", "integer", "null", "number", "object", "string"}
LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
EXACT = ("enum", "pattern", "format", "not", "multipleOf", "uniqueItems", "prefixItems", "patternProperties")
LIMITS = {*LEAST, *MOST, "enum", "pattern", "multipleOf"}
"""What a value can be compared with alone."""
Found = Iterator[tuple[str, str]]
"""The places that break, each with what breaks there."""


class Fitting:
    """The types of two contracts, in requests or in answers.

    A request breaks where a value that was taken is not taken any more, an answer where a value is given that was not given
    before. New fields of an answer are no break, because clients ignore them. A removed field always is one.
    """

    def __init__(self, old: Mapping[str, Schema], new: Mapping[str, Schema], *, request: bool) -> None:
        """Take the named types of both."""
        self._old, self._new, self._request = old, new, request
        self._open = set[tuple[str, str]]()

    def named(self, name: str) -> Found:
        """Yield the breaks of a type that both contracts have."""
        return self.breaks(self._old[name], self._new[name])

    def breaks(self, old: Schema, new: Schema, place: str = "") -> Found:
        """Yield the breaks between two types. Types of one name fit: `named` compares them."""
        old, before = _without_default(old)
        new, after = _without_default(new)
        if self._request and before != after:
            yield place, "default"
        if old == new:
            return
        olds, news = _alternatives(old, self._old), _alternatives(new, self._new)
        if len(olds) == len(news) == 1:
            yield from self._named_or_not(olds[0], news[0], place)
        elif self._request:
            yield from ((place, _word(each)) for each in olds if not any(self._fits(each, other) for other in news))
        else:
            yield from ((place, _word(each)) for each in news if not any(self._fits(other, each) for other in olds))

    def _fits(self, old: Schema, new: Schema) -> bool:
        return next(self.breaks(old, new), None) is None

    def _named_or_not(self, old: Schema, new: Schema, place: str) -> Found:
        pair = (str(old), str(new))
        if old == new or pair in self._open:
            return
        self._open.add(pair)
        found = [*self._keywords(_keywords(old, self._old), _keywords(new, self._new), place)]
        self._open.discard(pair)
        yield from found

    def _keywords(self, old: Schema, new: Schema, place: str) -> Found:
        inner, outer = (old, new) if self._request else (new, old)
        if not _types(inner) <= _types(outer) or ("envelope" in old) != ("envelope" in new):
            yield place, "type"
            return
        yield from ((place, word) for word in _limits(inner, outer))
        for keyword in ("items", "envelope"):
            yield from self.breaks(old.get(keyword, {}), new.get(keyword, {}), place)
        if "object" in _types(inner):
            yield from self._properties(old, new, place)

    def _properties(self, old: Schema, new: Schema, place: str) -> Found:
        olds, news = old.get("properties", {}), new.get("properties", {})
        for name in dict.fromkeys((*olds, *news)):
            inside = f"{place}.{name}".strip(".")
            before, after = olds.get(name, _others(old)), news.get(name, _others(new))
            if name not in news and (not self._request or after is False or (news and after == {})):
                yield inside, "removed"
            elif name in olds or before not in (False, {}):
                yield from self.breaks(before, after, inside)
        before, after = set(old.get("required", ())), set(new.get("required", ()))
        for name in sorted(after - before if self._request else (before - after) & news.keys()):
            yield f"{place}.{name}".strip("."), "required" if self._request else "optional"
        others = _others(old), _others(new)
        if False not in others:
            yield from self.breaks(*others, place)
        elif self._request and others[0] is not False:
            yield place, "additionalProperties"


def _others(schema: dict[str, Any]) -> Schema:
    """Return the type of the properties that a type does not name; False if it has no others."""
    found = schema.get("additionalProperties", True)
    return {} if found is True else found


def _without_default(schema: Schema) -> tuple[Schema, Schema]:
    """Return a type without its default, and the default; none is the same as null."""
    if not isinstance(schema, dict) or "default" not in schema:
        return schema, None
    others = {keyword: value for keyword, value in schema.items() if keyword != "default"}
    plain = others.get("$ref") or others.get("anyOf") or others.get("type")
    return plain if len(others) == 1 and plain else others, schema["default"]


def _alternatives(schema: Schema, named: Mapping[str, Schema]) -> list[Schema]:
    """Return the alternatives of a type; those of a name that is alternatives, too."""
    if isinstance(schema, dict) and (kind := {"anyOf", "oneOf"} & schema.keys()):
        own = {keyword: value for keyword, value in schema.items() if keyword not in kind}
        schema = [own | _keywords(each, named) for each in schema[kind.pop()]] if own else schema[kind.pop()]
    if isinstance(schema, list):
        return [inner for each in schema for inner in _alternatives(each, named)]
    target = named.get(schema) if isinstance(schema, str) else None
    return _alternatives(target, named) if isinstance(target, list) else [schema]


def _keywords(schema: Schema, named: Mapping[str, Schema]) -> dict[str, Any]:
    """Return the keywords of a type that has no alternatives."""
    if isinstance(schema, str):
        return {"type": schema} if schema in TYPES else _keywords(named[schema], named)
    if isinstance(schema, list):
        return {"anyOf": schema}
    if "$ref" in schema:
        return _keywords(schema["$ref"], named) | {key: value for key, value in schema.items() if key != "$ref"}
    made: dict[str, Any] = schema
    return made


def _types(schema: dict[str, Any]) -> set[str]:
    if "enum" in schema:
        names = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
        return {names[type(value)] for value in schema["enum"]}
    if "items" in schema:
        return {"array"}
    found = schema.get("type", TYPES)
    kinds = {found} if isinstance(found, str) else set(found)
    return kinds | ({"integer"} if "number" in kinds else set())


def _limits(inner: dict[str, Any], outer: dict[str, Any]) -> Iterator[str]:
    """Yield the keywords by which a type leaves out values of another one."""
    if "enum" in inner:
        validator = jsonschema.Draft202012Validator({key: value for key, value in outer.items() if key in LIMITS})
        yield from sorted({str(error.validator) for value in inner["enum"] for error in validator.iter_errors(value)})
        return
    for keyword in LEAST:
        if keyword in outer and not (keyword in inner and inner[keyword] >= outer[keyword]):
            yield keyword
    for keyword in MOST:
        if keyword in outer and not (keyword in inner and inner[keyword] <= outer[keyword]):
            yield keyword
    yield from (keyword for keyword in EXACT if keyword in outer and inner.get(keyword) != outer[keyword])
    if any(rule not in inner.get("allOf", ()) for rule in outer.get("allOf", ())):
        yield "allOf"


def _word(alternative: Schema) -> str:
    return "null" if alternative == "null" else "type"
