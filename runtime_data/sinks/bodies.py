"""Bodies of pushes: templates are data, and each format has a writer that escapes what it gets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import msgspec
from lxml import etree

from engineering_api.files.csv_text import neutralised_value
from openness_bridge.errors import Kind, Problem
from runtime_data.sinks.definition import Body
from runtime_data.sinks.placeholders import Facts, as_text, fill, parse
from simatic_xml.errors import SimaticMLError
from simatic_xml.xml.parsing import parse as parse_xml

LARGEST_TEMPLATE = 256 << 10
"""Bytes of a template as JSON."""
LARGEST = 4 << 20
"""Bytes of a body."""
MEDIA_TYPES = {
    "json": "application/json",
    "xml": "application/xml",
    "csv": "text/csv; charset=utf-8",
    "form": "application/x-www-form-urlencoded",
    "text": "text/plain; charset=utf-8",
}
_NO_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535, *range(55296, 57344)), "�")
"""Characters that XML has no way to write."""


def render(body: Body, facts: Facts) -> bytes:
    """Return a body with its placeholders filled; empty without a template.

    Raises:
        Problem: It is too large.
    """
    if body.template is None:
        return b""
    content = _WRITERS[body.format](body.template, facts)
    if len(content) > LARGEST:
        msg = f"The body has {len(content)} bytes; a push has at most {LARGEST}."
        raise Problem("sink.body_size", msg, kind=Kind.TOO_LARGE)
    return content


def media_type(body: Body) -> str:
    """Return the media type of a body."""
    return body.media_type or MEDIA_TYPES[body.format]


def require_form(body: Body) -> None:
    """Refuse a template that is not of its format.

    Raises:
        Problem: It is not.
    """
    template = body.template
    if len(msgspec.json.encode(template)) > LARGEST_TEMPLATE:
        raise _wrong(f"The template has more than {LARGEST_TEMPLATE} bytes.")
    if template is None or body.format == "json":
        return
    if body.format in {"xml", "text"} and not isinstance(template, str):
        raise _wrong(f"The template of a {body.format} body is a text.")
    if body.format == "csv" and not (isinstance(template, list) and all(isinstance(row, list) for row in template)):
        raise _wrong("The template of a CSV body is a list of rows, each a list of cells.")
    if body.format == "form" and not (isinstance(template, dict) and not any(map(_is_nested, template.values()))):
        raise _wrong("The template of a form is an object with a text or number for each field.")
    if body.format == "xml":
        _parse(template)


def _is_nested(value: Any) -> bool:
    return isinstance(value, list | dict)


def _fill_all(template: Any, facts: Facts) -> Any:
    if isinstance(template, str):
        return fill(parse(template), facts)
    if isinstance(template, dict):
        return {as_text(fill(parse(name), facts)): _fill_all(value, facts) for name, value in template.items()}
    if isinstance(template, list):
        return [_fill_all(value, facts) for value in template]
    return template


def _fill_text(text: str, facts: Facts) -> str:
    return as_text(fill(parse(text), facts))


def _json(template: Any, facts: Facts) -> bytes:
    return msgspec.json.encode(_fill_all(template, facts))


def _xml(template: Any, facts: Facts) -> bytes:
    root = _parse(template)
    for element in root.iter(etree.Element):
        element.text = _fill_xml(element.text, facts)
        for name, value in element.attrib.items():
            element.set(name, _fill_xml(str(value), facts) or "")
        for child in element:
            child.tail = _fill_xml(child.tail, facts)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _fill_xml(text: str | None, facts: Facts) -> str | None:
    return None if text is None else _fill_text(text, facts).translate(_NO_XML)


def _csv(template: Any, facts: Facts) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([neutralised_value(as_text(_fill_all(cell, facts))) for cell in row] for row in template)
    return text.getvalue().encode()


def _form(template: Any, facts: Facts) -> bytes:
    return urlencode({name: as_text(value) for name, value in _fill_all(template, facts).items()}).encode()


def _text(template: Any, facts: Facts) -> bytes:
    return _fill_text(template, facts).encode()


def _parse(template: str) -> etree._Element:
    try:
        return parse_xml(template)
    except SimaticMLError as error:
        raise _wrong(f"The template is not XML: {error}") from None


def _wrong(message: str) -> Problem:
    return Problem("sink.template", message)


_WRITERS: dict[str, Callable[[Any, Facts], bytes]] = {
    "json": _json,
    "xml": _xml,
    "csv": _csv,
    "form": _form,
    "text": _text,
}
