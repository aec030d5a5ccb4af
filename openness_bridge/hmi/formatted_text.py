"""Reads and writes texts with format, small HTML documents, as plain texts.

From V18 on TIA Portal refuses plain texts on Unified panels, and gives the document when it is read. Clients of this
service write and read plain texts in all versions. Facts: docs/facts/openness-hmi.md#texts-of-unified-panels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree

from openness_bridge.errors import Problem
from openness_bridge.portal.portal import Session
from openness_bridge.project import texts
from openness_bridge.project.texts import Text
from simatic_xml.xml.parsing import harmless_parser

Element = etree._Element  # noqa: SLF001 - the type has no public name
_FORMATTED_SINCE = 18.0
_LINE_ENDS = re.compile("\r\n|\r|\n")


def read(session: Session, text: Any) -> dict[str, str]:
    """Return the texts of a Unified object by culture, as plain texts, without those that are empty."""
    found = texts.read(text)
    if _has_format(session):
        found = {culture: to_plain(value) for culture, value in found.items()}
    return {culture: value for culture, value in found.items() if value}


def write(session: Session, text: Any, wanted: Iterable[Text]) -> None:
    """Write the plain texts that are given to a Unified object; those of other languages stay.

    Raises:
        Problem: A language is not active in the project, or a text has a character that XML forbids.
    """
    if _has_format(session):
        wanted = [Text(each.culture, to_document(each.text)) for each in wanted]
    texts.write(session.model, text, wanted)


def _has_format(session: Session) -> bool:
    return float(session.model.version) >= _FORMATTED_SINCE


def to_document(plain: str) -> str:
    """Return a plain text as a document with a paragraph for each line.

    Raises:
        Problem: The text has a character that XML forbids.
    """
    body = etree.Element("body")
    for line in _LINE_ENDS.split(plain):
        try:
            etree.SubElement(body, "p").text = line
        except ValueError as error:
            msg = f"The text {plain!r} has a control character that TIA Portal cannot store: remove it."
            raise Problem("text.characters", msg) from error
    return etree.tostring(body, encoding="unicode")


def to_plain(document: str) -> str:
    """Return a text without its markup, a line for each paragraph; a text that is no such document unchanged."""
    if not document.lstrip().startswith("<body"):
        return document
    try:
        return join_paragraphs(etree.fromstring(document.strip(), harmless_parser()))
    except (etree.XMLSyntaxError, ValueError):
        return document


def join_paragraphs(element: Element) -> str:
    """Return the paragraphs of an element, without markup inside them, as lines."""
    return "\n".join("".join(str(part) for part in each.itertext()) for each in element.iter("p"))
