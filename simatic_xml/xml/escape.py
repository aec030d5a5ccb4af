"""Escape as libxml2 does, so that written strings and serialised trees can be compared."""

import re

from simatic_xml.errors import SimaticMLError

_IN_TEXT = re.compile(r"[&<>\r]")
_IN_ATTRIBUTE = re.compile(r'[&<>"\r\n\t]')
_TAG_NAME = re.compile(r"[^\W\d][\w.-]*\Z")
_REFERENCES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\r": "&#13;",
    "\n": "&#10;",
    "\t": "&#9;",
}


def text(value: str) -> str:
    """Escape `value` for element content."""
    return _IN_TEXT.sub(_reference, value) if _IN_TEXT.search(value) else value


def attribute(value: str) -> str:
    """Escape `value` for an attribute in double quotes."""
    return _IN_ATTRIBUTE.sub(_reference, value) if _IN_ATTRIBUTE.search(value) else value


def leaf(tag: str, value: str) -> str:
    """Return an element with text only; without text it closes itself."""
    return f"<{tag}>{text(value)}</{tag}>" if value else f"<{tag}/>"


def tag_name(name: str) -> str:
    """Return `name` for use as an element name.

    Raises:
        SimaticMLError: ``"name"``, where XML has no such element name.
    """
    if not name.isidentifier() and not _TAG_NAME.match(name):
        raise SimaticMLError("name", f"{name[:80]!r} is not a name of an entry; use letters, digits, '.' and '_'.")
    return name


def branch(tag: str, content: str) -> str:
    """Return an element around `content`; without content it closes itself."""
    return f"<{tag}>{content}</{tag}>" if content else f"<{tag}/>"


def _reference(match: re.Match[str]) -> str:
    return _REFERENCES[match[0]]
