"""Types that every part of the model shares: texts in several cultures, and what the model has no name for."""

from typing import Any

Texts = dict[str, str]
"""Culture (``"en-US"``) to text. An empty dict means that the file has no such text element at all."""

Extra = list[list[Any]]
"""Edits that turn a node's usual XML into the XML that was read; made by :mod:`simatic_xml.xml.residue`."""


def text_of(texts: Texts, culture: str = "en-US") -> str:
    """Return the text in `culture`, or else the first one that is not empty, or ``""``."""
    return texts.get(culture) or next((text for text in texts.values() if text), "")
