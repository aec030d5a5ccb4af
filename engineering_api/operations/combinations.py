"""Declares which fields of a request go together: exactly one of some, at least one, at most one, or all or none.

The binder checks such a rule, and the OpenAPI description shows it. A field is given if its value is neither null nor the
default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from openness_bridge.errors import Kind, Place, Problem

S = TypeVar("S", bound=type[msgspec.Struct])
Schema = dict[str, Any]
Group = tuple[str, ...]
"""Python names of fields that count as one: it is given if one of them is."""
CONTRADICTION, MISSING = "request.contradiction", "request.missing_field"
FILLED: dict[type, Schema] = {
    list: {"type": "array", "minItems": 1},
    dict: {"type": "object", "minProperties": 1},
    str: {"type": "string", "minLength": 1},
}
"""The schemas of values that are not empty: generators read no empty list or object as a constant."""
_RULES: dict[type, tuple[Rule, ...]] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """Which fields may be given together.

    Attributes:
        groups: The fields.
        least: How many groups must be given.
        most: How many groups may be given.
        all_or_none: Whether all groups must be given where one is.
        code: The code of the refusal; by default that of what is wrong.
    """

    groups: tuple[Group, ...]
    least: int = 0
    most: int = 0
    all_or_none: bool = False
    code: str = ""

    def require(self, request: msgspec.Struct, pointer: str) -> None:
        """Refuse a request that breaks the rule.

        Args:
            request: The request, or a part of it.
            pointer: Where the part is, such as /items/0.

        Raises:
            Problem: It breaks the rule.
        """
        known = _by_name(type(request))
        given = [group for group in self.groups if any(_is_given(request, known[name]) for name in group)]
        wrong = 0 < len(given) < len(self.groups) if self.all_or_none else not self.least <= len(given) <= self.most
        if wrong:
            is_missing = self.all_or_none or (self.most > 1 and not given)
            code = self.code or (MISSING if is_missing else CONTRADICTION)
            where = f"{pointer}/{known[self.groups[0][0]].encode_name}" if code == MISSING else pointer
            raise Problem(code, self._sentence(known), kind=Kind.INVALID, place=Place(pointer=where))

    def schema(self, struct: type[msgspec.Struct]) -> Schema:
        """Return the rule as a schema that valid objects meet."""
        known = _by_name(struct)
        given = [_any_of([_given(known[name]) for name in group]) for group in self.groups]
        if self.all_or_none:
            return {"anyOf": [{"allOf": given}, {"not": {"anyOf": given}}]}
        if self.most > 1:
            return {"anyOf": given}
        return {"oneOf": given} if self.least else {"oneOf": [*given, {"not": {"anyOf": given}}]}

    def _sentence(self, known: dict[str, FieldInfo]) -> str:
        last = len(self.groups) - 1
        words = [" or ".join(known[name].encode_name for name in group) for group in self.groups]
        listed = f"{', '.join(words[:last])} and {words[last]}"
        if self.all_or_none:
            return f"Give {listed}, or none of them."
        many = "at least one" if self.most > 1 else "exactly one" if self.least else "at most one"
        return f"Give {many} of {listed}."


def exactly_one(*names: str | Group, code: str = "") -> Rule:
    """Require exactly one of some fields; a tuple of names counts as one field."""
    return Rule(_groups(names), least=1, most=1, code=code)


def at_most_one(*names: str | Group, code: str = "") -> Rule:
    """Refuse two of some fields."""
    return Rule(_groups(names), most=1, code=code)


def at_least_one(*names: str | Group, code: str = "") -> Rule:
    """Require one or several of some fields."""
    return Rule(_groups(names), least=1, most=len(names), code=code)


def together(*names: str | Group, code: str = "") -> Rule:
    """Require all of some fields where one of them is given."""
    return Rule(_groups(names), all_or_none=True, code=code)


def combine(*rules: Rule) -> Callable[[S], S]:
    """Declare the rules of a request or of a part of one, in addition to those of its bases.

    Raises:
        ValueError: A rule names a field that there is not.
    """

    def declare(struct: S) -> S:
        named = {name for rule in rules for group in rule.groups for name in group}
        if unknown := named - set(struct.__struct_fields__):
            msg = f"{struct.__name__} has no field {', '.join(sorted(unknown))}."
            raise ValueError(msg)
        _RULES[struct] = rules
        return struct

    return declare


def rules_of(struct: type) -> tuple[Rule, ...]:
    """Return the rules of a type, with those of its bases."""
    return tuple(rule for base in struct.__mro__ for rule in _RULES.get(base, ()))


def require_combinations(value: Any, pointer: str = "") -> None:
    """Refuse a request in which fields are given that do not go together, at any depth.

    Args:
        value: The request, or a part of it.
        pointer: Where the part is.

    Raises:
        Problem: It breaks a rule.
    """
    if isinstance(value, list):
        for index, each in enumerate(value):
            require_combinations(each, f"{pointer}/{index}")
    elif isinstance(value, msgspec.Struct) and ruled_types(type(value)):
        for rule in rules_of(type(value)):
            rule.require(value, pointer)
        for info in fields(value):
            require_combinations(getattr(value, info.name), f"{pointer}/{info.encode_name}")


@cache
def ruled_types(kind: Any) -> frozenset[type[msgspec.Struct]]:
    """Return the types with rules in a type and in the types of its fields."""
    return frozenset(found for found in _structs(kind, set()) if rules_of(found))


def _structs(kind: Any, seen: set[Any]) -> Iterator[type[msgspec.Struct]]:
    if get_origin(kind) in {Annotated, Union, UnionType, list}:
        for part in get_args(kind):
            yield from _structs(part, seen)
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in seen:
        seen.add(kind)
        yield kind
        for info in fields(kind):
            yield from _structs(info.type, seen)


def _groups(names: tuple[str | Group, ...]) -> tuple[Group, ...]:
    return tuple((name,) if isinstance(name, str) else name for name in names)


@cache
def _by_name(struct: type[msgspec.Struct]) -> dict[str, FieldInfo]:
    return {info.name: info for info in fields(struct)}


def _default(info: FieldInfo) -> Any:
    """Return what a field is that was left out; UNSET for a field that is required, which is always given."""
    if info.default_factory is not msgspec.NODEFAULT:
        assert callable(info.default_factory)  # noqa: S101 - for the type checker
        return info.default_factory()
    return msgspec.UNSET if info.default is msgspec.NODEFAULT else info.default


def _is_given(request: msgspec.Struct, info: FieldInfo) -> bool:
    value = getattr(request, info.name)
    return value is not None and value is not msgspec.UNSET and value != _default(info)


def _given(info: FieldInfo) -> Schema:
    default = _default(info)
    required: Schema = {"required": [info.encode_name]}
    if default is msgspec.UNSET:
        return required
    filled = FILLED.get(type(default)) if default in ([], {}, "") else None
    return required | {"properties": {info.encode_name: filled or {"not": {"const": default}}}}


def _any_of(schemas: list[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
