"""Fields of a receiver's answer, for the tags that are to have them."""

from __future__ import annotations

from typing import Any

import msgspec
from lxml import etree

from openness_bridge.errors import Problem
from runtime_data.values import Scalar
from simatic_xml.errors import SimaticMLError
from simatic_xml.xml.parsing import parse

LONGEST_TEXT = 254
"""Characters of a text for a tag: what a String has."""


def require_path(path: str) -> None:
    """Refuse a path that is neither a JSON pointer nor an XPath.

    Raises:
        Problem: It is none.
    """
    if path and not path.startswith("/"):
        raise Problem("sink.answer", f"'{path}' is not a path into an answer: it begins with a slash.")


def fields(body: bytes, paths: dict[str, str]) -> tuple[dict[str, Scalar], list[str]]:
    """Return the values of tags, and for those that have none why.

    Args:
        body: What the receiver answered: JSON or XML; only for an empty path any text.
        paths: Tags with their JSON pointers or XPaths.
    """
    found: dict[str, Scalar] = {}
    missing: list[str] = []
    document = _read(body) if any(paths.values()) else None
    for tag, path in paths.items():
        value = body.decode("utf-8", "replace")[:LONGEST_TEXT] if not path else _at(document, path)
        if value is None:
            missing.append(f"The answer has no {path} for {tag}.")
        else:
            found[tag] = value
    return found, missing


def _read(body: bytes) -> Any:
    text = body.decode("utf-8", "replace").strip()
    try:
        return parse(text) if text.startswith("<") else msgspec.json.decode(text)
    except (SimaticMLError, msgspec.MsgspecError):
        return None


def _at(document: Any, path: str) -> Scalar | None:
    """Return the value at a path; None where there is none, or no single one."""
    found = _at_xpath(document, path) if etree.iselement(document) else _at_pointer(document, path)
    return found if isinstance(found, bool | int | float | str) else None


def _at_pointer(document: Any, pointer: str) -> Any:
    """Follow a JSON pointer (RFC 6901)."""
    for part in pointer[1:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and name in document:
            document = document[name]
        elif isinstance(document, list) and name.isdecimal() and int(name) < len(document):
            document = document[int(name)]
        else:
            return None
    return document


def _at_xpath(document: Any, path: str) -> Any:
    try:
        found = etree.XPath(path, regexp=False)(document.getroottree())
    except etree.XPathError:
        return None
    first = found[0] if isinstance(found, list) and found else found
    if etree.iselement(first):
        return "".join(map(str, first.itertext())).strip()
    return str(first) if isinstance(first, str) else first
