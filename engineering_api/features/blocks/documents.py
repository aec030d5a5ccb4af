"""SimaticML documents at the API's edge: made from JSON, changed, and refused with a pointer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import msgspec

import simatic_xml
from engineering_api.files.refusals import as_document_problem
from openness_bridge.errors import Detail, Place, Problem
from simatic_xml import Document, SimaticMLError

Json = dict[str, Any]


def _form(title: str, **schema: Any) -> msgspec.Meta:
    """Describe an object whose members the JSON form defines; `x-json-form` names a part of its schema."""
    return msgspec.Meta(title=title, extra_json_schema=schema)


NetworkForm = Annotated[Json, _form("Network", **{"x-json-form": "network"})]
MemberForm = Annotated[Json, _form("Member", **{"x-json-form": "member"})]
EntriesForm = Annotated[Json, _form("Entries", **{"x-json-form": "entries"})]
InterfaceForm = Annotated[Json, _form("InterfaceForm", additionalProperties={"x-json-form": "members"})]
"""Members by the name of their section."""
ObjectForm = Annotated[Json, _form("ObjectForm")]
"""A block, data type or table: docs/simatic_xml.md."""
GraphForm = Annotated[Json, _form("GraphForm")]
"""Sequences of steps and transitions: docs/stl-graph-json.md."""
COMPILERS = {"undefined-symbol", "missing-operand", "missing-instance"}
"""Findings that are the compiler's matter."""


@contextmanager
def understood(pointer: str = "") -> Iterator[None]:
    """Turn what simatic_xml refuses into a problem.

    Args:
        pointer: Where in the request the document is.

    Raises:
        Problem: In place of a SimaticMLError.
    """
    try:
        yield
    except SimaticMLError as error:
        raise as_document_problem(error, pointer) from error


def from_json(data: Json, version: str, pointer: str = "") -> bytes:
    """Return a SimaticML file for a TIA version from the JSON form, its networks checked before it is written.

    Names that are not there, open pins and missing instances pass: TIA Portal imports them, and its compiler reports them.

    Raises:
        Problem: The JSON says something that no block can be; with its place.
    """
    with understood(pointer):
        document = simatic_xml.from_json({"engineering": f"V{version}"} | data)
        _require_sound(document, pointer)
        return simatic_xml.dump(document)


def _require_sound(document: Document, pointer: str) -> None:
    found = [each for each in simatic_xml.check(document) if each.severity == "error" and each.code not in COMPILERS]
    if found:
        details = [
            Detail(f"simatic_ml.{each.code}", each.message, Place(network=each.network, pointer=pointer + each.pointer))
            for each in found
        ]
        raise Problem(details[0].code, details[0].message, place=details[0].place, details=details)


def parse(xml: bytes | str, pointer: str = "") -> Document:
    """Read a SimaticML file.

    Raises:
        Problem: It is not one.
    """
    with understood(pointer):
        return simatic_xml.load(xml.encode() if isinstance(xml, str) else xml)


def without_empty(**values: Any) -> Json:
    """Return a JSON object of the values that are given."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
