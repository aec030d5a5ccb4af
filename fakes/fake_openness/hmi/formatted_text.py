"""Texts with format on Unified panels: from V18 on small HTML documents, before plain texts.

Facts: docs/facts/openness-hmi.md#texts-of-unified-panels.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from lxml import etree

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.texts import MultilingualText
from simatic_xml.xml.parsing import harmless_parser

SINCE = "18"


class FormattedText(MultilingualText):
    """A text of a screen item or alarm."""

    def _read(self, culture: str) -> str:
        held = super()._read(culture)
        if not held or not self._context.version.has(SINCE) or _is_document(held):
            return held
        return f"<body><p>{escape(held)}</p></body>"  # from a project of V17

    def _write(self, culture: str, text: str) -> None:
        if self._context.version.has(SINCE) and not _is_document(text):
            msg = (
                "The argument 'text' of the MultilingualTextItem has an invalid format: write <body><p>...</p></body>."
            )
            raise EngineeringTargetInvocationException(msg, code="hmi.text_format")
        super()._write(culture, text)


def _is_document(text: str) -> bool:
    """Return whether a text is one `body` with paragraphs and nothing between them."""
    try:
        body = etree.fromstring(text, harmless_parser())
    except (etree.XMLSyntaxError, ValueError):
        return False
    between = [body.text, *(each.tail for each in body)]
    return body.tag == "body" and len(body) > 0 and {each.tag for each in body} == {"p"} and not any(between)
