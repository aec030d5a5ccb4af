"""Parsing that hostile files cannot exploit: no DTD, no entities, no network, bounded depth and text size."""

import re

from lxml import etree

from simatic_xml.errors import SimaticMLError

_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_PROLOG = re.compile(r"(?:\s*<\?.*?\?>|\s*<!--.*?-->)*\s*", re.DOTALL)


def parse(text: str, *, keep_space: bool = True) -> etree._Element:
    """Parse one XML document.

    Nothing outside the text is read. Elements may nest 256 deep and one text may have 10,000,000 characters; both
    are libxml2's limits and far above what TIA Portal writes.

    Args:
        text: The document, with or without an XML declaration.
        keep_space: Keep white space between elements; otherwise only the text of leaves and mixed content stays.

    Raises:
        SimaticMLError: ``"dtd"`` for a document type declaration, ``"not-xml"`` for anything that is not well formed.
    """
    _refuse_doctype(text)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        strip_cdata=False,
        remove_blank_text=not keep_space,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        message = (
            f"The file is not well-formed XML: {error.msg or 'it is empty'}. Export it again or correct the place."
        )
        raise SimaticMLError("not-xml", message, line=line, column=column) from error
    except UnicodeEncodeError as error:
        raise SimaticMLError("not-xml", "The text has lone surrogates, which XML cannot hold.") from error


def prolog_end(text: str) -> int:
    """Return where the root element starts."""
    match = _PROLOG.match(text)
    return match.end() if match else 0


def _refuse_doctype(text: str) -> None:
    found = _DOCTYPE.search(text, 0, prolog_end(text) + 9)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise SimaticMLError("dtd", "SimaticML has no document type declaration; remove the DOCTYPE.", line=line)
