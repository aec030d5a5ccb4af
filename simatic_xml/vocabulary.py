"""The element names that TIA Portal is known to write, so that anything else can be reported.

Facts: docs/facts/simaticml.md#measured-files, measured on exports.
"""

import re
from importlib.resources import files

from lxml import etree

KNOWN = frozenset(files("simatic_xml").joinpath("elements.csv").read_text(encoding="utf-8").split()[1:])
"""Element names outside HMI objects, whose content is carried unread."""

_NAME = re.compile(r"<([^\s<>/!?]+)")
_HMI = "Hmi."


def unknown_elements(root: etree._Element, text: str) -> list[str]:
    """Return the path of every element that is not known, outside HMI objects.

    Args:
        root: The document's root.
        text: The document's text, which is searched first because almost no file has any.
    """
    if KNOWN.issuperset(set(_NAME.findall(text))):
        return []
    return [path for child in root for path in _unknown(child, "/Document")]


def _unknown(element: etree._Element, parent: str) -> list[str]:
    if not isinstance(element.tag, str):
        return []
    name = element.tag.rpartition("}")[2]
    if name.startswith(_HMI):
        return []
    path = f"{parent}/{name}"
    found = [] if name in KNOWN else [path]
    for child in element:
        found += _unknown(child, path)
    return found
