"""Types of requests and answers in words: for readers of a page, not for programs, which have OpenAPI.

The structs that a page names are at its end, each once, with its fields.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec.inspect import (
    AnyType,
    BoolType,
    DictType,
    EnumType,
    FloatType,
    IntType,
    ListType,
    LiteralType,
    Metadata,
    NoneType,
    RawType,
    StrType,
    StructType,
    Type,
    UnionType,
    type_info,
)

from engineering_api.operations.declaration import module_name

_SIMPLE: dict[type[Type], str] = {AnyType: "any", BoolType: "boolean", NoneType: "null", RawType: "any"}
_LIMITS = (
    ("ge", "from"),
    ("gt", "above"),
    ("le", "to"),
    ("lt", "below"),
    ("min_length", "length from"),
    ("max_length", "length to"),
)
_ATTRIBUTE = re.compile(r"^(\w+): (.*(?:\n {4,}.*)*)", re.MULTILINE)


class Structures:
    """The structs that a page names, in the order in which they are met, under names that are theirs alone."""

    def __init__(self) -> None:
        """Begin with none."""
        self._names: dict[type, str] = {}
        self._described: list[StructType] = []

    def name(self, struct: StructType) -> str:
        """Return the name of a struct on the page, as a link to its fields."""
        if struct.cls not in self._names:
            name = struct.cls.__name__
            if name in self._names.values():
                name = f"{name} of {module_name(struct.cls.__module__)}"
            self._names[struct.cls] = name
            self._described.append(struct)
        return f"[{self._names[struct.cls]}](#{anchor(self._names[struct.cls])})"

    def sections(self) -> Iterator[str]:
        """Yield each struct with its fields; structs that these name follow."""
        done = 0
        while done < len(self._described):
            struct = self._described[done]
            yield "\n".join([f"### {self._names[struct.cls]}\n", *self._about(struct)])
            done += 1

    def _about(self, struct: StructType) -> list[str]:
        said = attributes(struct.cls)
        rows = [
            f"| `{each.encode_name}` | {words(each.type, self)} | {_line(_describe(each.type) or said.get(each.name, ''))} |"
            for each in struct.fields
        ]
        return [f"{_line(_summary(struct.cls))}\n", "| field | type | meaning |", "|---|---|---|", *rows, ""]


def anchor(title: str) -> str:
    """Return the anchor of a heading, as the viewers of Markdown make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def request_table(request: type[msgspec.Struct], structures: Structures) -> list[str]:
    """Return the fields of a request as a table; nothing when it has none."""
    shape = type_info(request)
    assert isinstance(shape, StructType)  # noqa: S101 - requests are structs
    rows = []
    for each in shape.fields:
        also = _also(each.type)
        meaning = _line(_describe(each.type)) + (f" Also taken: {', '.join(f'`{a}`' for a in also)}." if also else "")
        rows.append(f"| `{each.encode_name}` | {words(each.type, structures)} | {_default(each)} | {meaning} |")
    return ["| field | type | default | meaning |", "|---|---|---|---|", *rows, ""] if rows else []


def answer(kind: Any, structures: Structures) -> str:
    """Return what an operation answers, in words."""
    return words(type_info(kind), structures)


def words(kind: Type, structures: Structures) -> str:
    """Return a type in words."""
    match kind:
        case Metadata(extra_json_schema={"enum": values}):
            return _any_of(values)
        case Metadata(type=inner):
            return words(inner, structures)
        case StrType() | IntType() | FloatType():
            name = {StrType: "string", IntType: "integer", FloatType: "number"}[type(kind)]
            limits = [f"{word} {value}" for field, word in _LIMITS if (value := getattr(kind, field, None)) is not None]
            return f"{name} ({', '.join(limits)})" if limits else name
        case LiteralType(values=values):
            return _any_of(values)
        case EnumType(cls=members):
            return " or ".join(f"`{member.value}`" for member in members)
        case ListType(item_type=item):
            return f"list of {words(item, structures)}"
        case DictType(value_type=value):
            return f"object of {words(value, structures)} by name"
        case UnionType(types=types):
            return " or ".join(words(each, structures) for each in types)
        case StructType():
            return structures.name(kind)
    return _SIMPLE[type(kind)]


def _any_of(values: Iterable[Any]) -> str:
    return " or ".join(f"`{value}`" if value != "" else "empty" for value in values)


def attributes(struct: type) -> dict[str, str]:
    """Return what the docstring of a struct and those of its bases say of its fields, by Python names."""
    said: dict[str, str] = {}
    for base in reversed(struct.__mro__):
        _, _, listed = inspect.cleandoc(base.__doc__ or "").partition("Attributes:\n")
        said |= {name: _line(text) for name, text in _ATTRIBUTE.findall(inspect.cleandoc(listed))}
    return said


def _summary(struct: type) -> str:
    text = inspect.cleandoc(struct.__doc__ or "").partition("Attributes:")[0].strip()
    return text or struct.__name__


def _default(field: msgspec.inspect.Field) -> str:
    if field.required:
        return "**required**"
    if field.default is field.default_factory:  # neither: what is left out stays as it is
        return "left out"
    value = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    return f"`{msgspec.json.encode(value).decode()}`"


def _describe(kind: Type) -> str:
    """Return what `named` says of a field, from any place in its type."""
    return next(
        (str(found["description"]) for found in _metadata(kind, "extra_json_schema") if "description" in found), ""
    )


def _also(kind: Type) -> list[str]:
    return [name for found in _metadata(kind, "extra") for name in found.get("also", ())]


def _metadata(kind: Type, which: str) -> Iterator[dict[str, Any]]:
    if isinstance(kind, Metadata):
        yield getattr(kind, which) or {}
        yield from _metadata(kind.type, which)
    if isinstance(kind, UnionType):
        for each in kind.types:
            yield from _metadata(each, which)


def _line(text: str) -> str:
    """Return a text in one line of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "\\<")
