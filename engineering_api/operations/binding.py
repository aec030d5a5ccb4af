"""Binds a request: path, query and body become one typed struct, or one clear problem.

The contract's clients spell names in PascalCase and camelCase, so names are
matched without regard to case, at every depth, and so are words of a closed
set. A name that fits nothing is reported with its place and the nearest name,
because a silently ignored field is an edit that did not happen.
"""

from __future__ import annotations

import re
import types
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from engineering_api.operations import wrong_values
from engineering_api.operations.combinations import require_combinations
from engineering_api.operations.fields import Request, metas
from openness_bridge import likeness
from openness_bridge.errors import Detail, Kind, Place, Problem

BOOLEANS = {"true": True, "false": False}
"""How a path or a query writes a truth value, in lower case."""
MOST_UNKNOWN = 100
"""Fields that are not known after which no more of a request is read."""
_AT = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>\$.*)`)?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Names:
    """The fields of a struct: their wire names, what else is accepted for them, and nested types."""

    exact: frozenset[str]
    folded: Mapping[str, str]
    nested: Mapping[str, Any]

    def name_of(self, key: str) -> str:
        """Return the wire name that a key means; an unknown key unchanged."""
        return key if key in self.exact else self.folded.get(key.casefold(), key)


def document(path: Mapping[str, str], query: Mapping[str, str], said: dict[str, Any]) -> dict[str, Any]:
    """Return all that a request says, by the names that its caller used.

    Args:
        path: Fields of its path.
        query: Fields of its query.
        said: Those of its body; the others are added.

    Raises:
        Problem: The body says something else than the path or the query.
    """
    for name, value in (*query.items(), *path.items()):
        if _differ(said.setdefault(name, value), value):
            raise repeated(name)
    return said


def repeated(name: str) -> Problem:
    """Return the refusal of a field that is given twice with different values."""
    told = _describe_repeated(name, name, "")
    return Problem(told.code, told.message, kind=Kind.INVALID, place=told.place)


def bind_document(
    request: type[Request],
    document: dict[str, Any],
    *,
    strict: bool = True,
    texts: Collection[str] = (),
    options: Collection[str] = (),
    unsaid: Mapping[str, Any] = types.MappingProxyType({}),
) -> Request:
    """Make the request struct from one document.

    Args:
        request: The struct.
        document: Its fields by any accepted name.
        strict: Whether "5" is refused where a number is wanted; XML has only text.
        texts: Names of the fields that are of a path or a query, which have only text.
        options: Names that the caller may have meant in addition to the fields.
        unsaid: Fields that the document leaves out, where they do not have their defaults.

    Raises:
        Problem: A field is not known, is given twice with different values, is missing, or has the wrong type; or fields
            are given that do not go together.
    """
    unknown: list[Detail] = []
    exact = {**unsaid, **_rename(document, request, "", unknown)}
    if unknown:
        raise _refusal([_suggest_option(each, options) for each in unknown])
    kinds = {info.encode_name: info.type for info in fields(request)}
    for name in {_names(request).name_of(text) for text in texts} & exact.keys():
        exact[name] = _of_text(exact[name], kinds[name])
    try:
        bound = msgspec.convert(exact, request, strict=strict)
    except msgspec.ValidationError as error:
        raise _invalid(str(error), request, exact) from None
    require_combinations(bound)
    return bound


def _rename(value: Any, kind: Any, pointer: str, unknown: list[Detail]) -> Any:
    """Give every key its exact wire name and every word its exact spelling, following the types down."""
    if isinstance(value, str):
        return value if value in (words := _words_of(kind)).values() else words.get(value.casefold(), value)
    if isinstance(value, dict):
        struct = _struct_of(kind)
        return value if struct is None else _rename_fields(value, struct, pointer, unknown)
    if isinstance(value, list):
        item = _item_of(kind)
        if item is not None:
            return [_rename(entry, item, f"{pointer}/{index}", unknown) for index, entry in enumerate(value)]
    return value


def _rename_fields(
    value: dict[str, Any], struct: type[msgspec.Struct], pointer: str, unknown: list[Detail]
) -> dict[str, Any]:
    names = _names(struct)
    exact: dict[str, Any] = {}
    for key, entry in value.items():
        name = names.name_of(key)
        if name not in names.exact:
            unknown.append(_unknown(key, names, pointer))
            if len(unknown) == MOST_UNKNOWN:
                raise _refusal(unknown)
            continue
        nested = names.nested.get(name)
        found = entry if nested is None else _rename(entry, nested, f"{pointer}/{name}", unknown)
        if name in exact and _differ(exact[name], found):
            unknown.append(_describe_repeated(key, name, pointer))
        exact[name] = found
    return exact


def _of_text(value: Any, kind: Any) -> Any:
    """Return the value that a text of a path or a query writes; the text where it writes none of this type."""
    variants = _variants(kind)
    if not isinstance(value, str) or str in variants:
        return value
    text = value.casefold()
    if bool in variants and text in BOOLEANS:
        return BOOLEANS[text]
    if text == "null" and _can_be_null(kind):
        return None
    for number in (int, float):
        with suppress(msgspec.ValidationError):
            if number in variants:
                return msgspec.convert(value, number, strict=False)
    return value


def require_known(given: Collection[str], known: Collection[str]) -> None:
    """Refuse fields that there are not.

    Raises:
        Problem: There are some (request.unknown_field), with a detail for each.
    """
    if unknown := [each for each in given if each not in known]:
        names = Names(frozenset(known), {each.casefold(): each for each in known}, {})
        raise _refusal([_unknown(each, names, "") for each in unknown[:MOST_UNKNOWN]])


def _refusal(unknown: list[Detail]) -> Problem:
    first = unknown[0]
    return Problem(first.code, first.message, kind=Kind.INVALID, place=first.place, details=unknown)


def _suggest_option(unknown: Detail, options: Collection[str]) -> Detail:
    """Add the option of a request that may be meant, such as filter for filtre."""
    key = (unknown.place.pointer if unknown.place else None) or ""
    near = likeness.find_near(key.removeprefix("/").casefold(), {each.casefold() for each in options})
    if unknown.code != "request.unknown_field" or not near or "Did you mean" in unknown.message:
        return unknown
    option = next(each for each in options if each.casefold() == near[0])
    message = f"This operation has no field '{key.removeprefix('/')}'. Did you mean the option '{option}'?"
    return Detail(unknown.code, message, unknown.place)


def _differ(one: Any, other: Any) -> bool:
    """Return whether two values are not the same one; path and query have only text."""
    return one is not other and one != other and str(one).casefold() != str(other).casefold()


def _describe_repeated(key: str, name: str, pointer: str) -> Detail:
    msg = f"'{name}' is given twice with different values, once as '{key}': give it once."
    return Detail("request.repeated_field", msg, Place(pointer=f"{pointer}/{key}"))


def _unknown(key: str, names: Names, pointer: str) -> Detail:
    near = likeness.find_near(key.casefold(), names.folded)
    known = ", ".join(sorted(names.exact)) or "none"
    hint = f" Did you mean '{names.folded[near[0]]}'?" if near else f" Known: {known}."
    return Detail(
        "request.unknown_field", f"This operation has no field '{key}'.{hint}", Place(pointer=f"{pointer}/{key}")
    )


@cache
def _names(struct: type[msgspec.Struct]) -> Names:
    folded: dict[str, str] = {}
    nested: dict[str, Any] = {}
    for info in fields(struct):
        for name in (info.encode_name, info.name, *_also(info)):
            folded[name.casefold()] = info.encode_name
        if _struct_of(info.type) is not None or _item_of(info.type) is not None or _words_of(info.type):
            nested[info.encode_name] = info.type
    return Names(frozenset(info.encode_name for info in fields(struct)), folded, nested)


def _also(info: FieldInfo) -> tuple[str, ...]:
    return tuple(name for meta in metas(info.type) for name in (meta.extra or {}).get("also", ()))


def _variants(kind: Any) -> tuple[Any, ...]:
    """Return the members of a union without None, and what Annotated wraps."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _variants(get_args(kind)[0])
    if origin in {Union, types.UnionType}:
        return tuple(v for arg in get_args(kind) for v in _variants(arg) if v is not type(None))
    return (kind,)


@cache
def _struct_of(kind: Any) -> type[msgspec.Struct] | None:
    found = [v for v in _variants(kind) if isinstance(v, type) and issubclass(v, msgspec.Struct)]
    return found[0] if len(found) == 1 else None


@cache
def _item_of(kind: Any) -> Any:
    for variant in _variants(kind):
        if get_origin(variant) in {list, tuple}:
            item = get_args(variant)[0]
            return item if _struct_of(item) is not None or _words_of(item) else None
    return None


@cache
def _words_of(kind: Any) -> Mapping[str, str | None]:
    """Return the words that a field can have, by their folded spelling; none where it takes any text.

    An empty text is no word where the field can be null: a client sends it for a choice that nobody made.
    """
    variants = _variants(kind)
    if str in variants:
        return {}
    found = [value for variant in variants for value in _values_of(variant) if isinstance(value, str)]
    words: dict[str, str | None] = {"": None} if found and _can_be_null(kind) else {}
    return words | {word.casefold(): word for word in found}


def _can_be_null(kind: Any) -> bool:
    parts = get_args(kind)
    return _can_be_null(parts[0]) if get_origin(kind) is Annotated else type(None) in parts


def _values_of(kind: Any) -> Iterable[Any]:
    if get_origin(kind) is Literal:
        return get_args(kind)
    return [member.value for member in kind] if isinstance(kind, type) and issubclass(kind, Enum) else ()


def _invalid(text: str, request: type[Request], document: Any) -> Problem:
    match = _AT.match(text)
    what, where = (match["what"], match["path"]) if match else (text, None)
    pointer = re.sub(r"\[(\d+)\]", r"/\1", (where or "$")[1:]).replace(".", "/")
    missing = re.search(r"missing required field `(\w+)`", what)
    if missing:
        name = missing[1]
        message = f"The field '{name}' is missing."
        return Problem("request.missing_field", message, kind=Kind.INVALID, place=Place(pointer=f"{pointer}/{name}"))
    problem = Problem(
        "request.wrong_type",
        wrong_values.describe(what, pointer, request),
        kind=Kind.INVALID,
        place=Place(pointer=pointer),
    )
    return problem.instead(wrong_values.possible(pointer, request), wrong_values.sent(document, pointer, request))
