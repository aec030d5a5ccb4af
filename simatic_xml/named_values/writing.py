"""Write named value data types as a document (`.nvt`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from simatic_xml.model import NamedValueType

_INDENT = "    "


def write(types: Iterable[NamedValueType]) -> str:
    """Return the document of named value data types; neighbours of one namespace share its declaration.

    Lines end with a line feed.
    """
    parts = groupby(types, lambda each: (each.namespace, each.published))
    return "".join(f"{line}\n" for key, group in parts for line in _part(*key, list(group)))


def _part(namespace: str, published: bool, types: list[NamedValueType]) -> Iterator[str]:
    if namespace:
        yield f"NAMESPACE {namespace}"
    yield f"{{ PUBLISHED := '{str(published).upper()}' }}"
    margin = _INDENT if namespace else ""
    yield f"{margin}TYPE"
    for each in types:
        yield from (f"{margin}{_INDENT}{line}" for line in _type(each))
    yield f"{margin}END_TYPE"
    if namespace:
        yield "END_NAMESPACE"


def _type(node: NamedValueType) -> Iterator[str]:
    yield f"{node.name.rpartition('.')[2]} : {node.base.upper()}"
    yield "("
    *first, last = [f"{_INDENT}{name} := {value}" for name, value in node.values.items()]
    yield from (f"{line}," for line in first)
    yield last
    yield f") := {node.default};" if node.default else ");"
