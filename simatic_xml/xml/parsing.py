"""Parse XML so that hostile files cannot exploit it: no DTD, no entities, no network, bounded depth and text size."""

import re

from lxml import etree

from simatic_xml import limits
from simatic_xml.errors import SimaticMLError
from simatic_xml.interruption import checkpoint
from simatic_xml.xml.source import decode

_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_PROLOG = re.compile(r"(?:\s*<\?.*?\?>|\s*<!--.*?-->)*\s*", re.DOTALL)


def harmless_parser(
    *, keep_space: bool = True, keep_comments: bool = True, strip_cdata: bool = True, encoding: str | None = None
) -> etree.XMLParser:
    """Make a parser for XML from outside; the only place where one is made.

    Entities stay unresolved, nothing is loaded from a file or the network, and libxml2's limits of depth (256), text
    (10,000,000 characters) and amplification hold.
    """
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        strip_cdata=strip_cdata,
        remove_blank_text=not keep_space,
        remove_comments=not keep_comments,
        encoding=encoding,
    )


_KEEPING, _STRIPPING = (harmless_parser(keep_space=keep, strip_cdata=False, encoding="utf-8") for keep in (True, False))


def parse(text: str, *, keep_space: bool = True, own: bool = False) -> etree._Element:
    """Parse one XML document.

    Nothing outside the text is read. Its size is checked before anything of it is built. Elements may nest 256
    deep and one text may have 10,000,000 characters; both are libxml2's limits and far above what TIA Portal writes.

    Args:
        text: The document, with or without an XML declaration.
        keep_space: Keep white space between elements; otherwise only the text of leaves and mixed content stays.
        own: Whether it has no limits, because TIA Portal or this program wrote it.

    Raises:
        LimitError: It is too large, has too many elements or attributes, or a tag that is too long.
        SimaticMLError: ``"dtd"`` for a document type declaration, ``"not-xml"`` for anything that is not well formed.
    """
    if not own:
        require_moderate(text)
    checkpoint()
    _refuse_doctype(text)
    try:
        return _parse(text, keep_space=keep_space)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        reason = error.msg or "it is empty"
        message = f"The file is not well-formed XML: {reason}. Export it again or correct the place."
        raise SimaticMLError("not-xml", message, line=line, column=column) from error


def parse_own(text: str, *, keep_space: bool = True) -> etree._Element:
    """Parse XML that this package wrote itself; only its names and texts come from outside.

    Raises:
        SimaticMLError: ``"character"``, where a name or text has a character that XML does not allow.
    """
    try:
        return _parse(text, keep_space=keep_space)
    except etree.XMLSyntaxError as error:
        message = f"A name or text contains a character that XML does not allow: {error.msg}."
        raise SimaticMLError("character", message) from error


def _parse(text: str, *, keep_space: bool) -> etree._Element:
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SimaticMLError("character", "The text has a lone surrogate, which XML does not allow.") from error
    return etree.fromstring(data, _KEEPING if keep_space else _STRIPPING)


def parse_foreign(content: bytes, *, keep_space: bool = True, keep_comments: bool = True) -> etree._Element:
    """Parse XML of others that is not SimaticML, such as AutomationML; its size is checked before anything of it is built.

    Raises:
        LimitError: It is too large, has too many elements or attributes, or a tag that is too long.
        lxml.etree.XMLSyntaxError: It is not well-formed.
    """
    require_moderate(content)
    return etree.fromstring(content, harmless_parser(keep_space=keep_space, keep_comments=keep_comments))


def prolog_end(text: str) -> int:
    """Return where the root element starts."""
    match = _PROLOG.match(text)
    return match.end() if match else 0


def require_moderate(text: str | bytes) -> None:
    """Refuse XML whose tree would be too large, by counting marks: no tree is smaller than they say.

    Marks in texts, comments and CDATA sections count, too; there are few of them in an export.

    Raises:
        LimitError: It is too large, has too many elements or attributes, or a tag that is too long.
    """
    limits.require("xml_bytes", len(text))
    if isinstance(text, bytes):
        text = decode(text)[0]
    tags, *others = (text.count(mark) for mark in ("<", "</", "<!", "<?"))
    limits.require("xml_elements", tags - sum(others))
    limits.require("xml_attributes", text.count("="))
    _refuse_long_tag(text)


def _refuse_long_tag(text: str) -> None:
    most = limits.most("xml_tag")
    if len(text) <= most:
        return
    start = end = 0
    while (start := text.find("<", end)) >= 0:
        end = text.find(">", start)
        length = (end if end >= 0 else len(text)) - start
        if length > most and text[start + 1 : start + 2] not in ("!", "?"):
            limits.require("xml_tag", length, line=text.count("\n", 0, start) + 1)
        if end < 0:
            return


def _refuse_doctype(text: str) -> None:
    found = _DOCTYPE.search(text, 0, prolog_end(text) + 9)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise SimaticMLError("dtd", "SimaticML has no document type declaration; remove the DOCTYPE.", line=line)
