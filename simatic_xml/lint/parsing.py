"""Parses what people check: whole sources and bodies alike. It is apart from the rules, which the check does not need."""

from __future__ import annotations

from simatic_xml import sd
from simatic_xml.scl.lexer import OBJECT_KEYWORDS
from simatic_xml.scl.parser import Result, parse, parse_statements


def parse_source(text: str) -> Result:
    """Parse a source with objects, or the body of a block alone."""
    result = parse(text)
    if any(kind in OBJECT_KEYWORDS for kind in result.tree.tokens.kinds):
        return result
    return parse_statements(text)


def parse_document(content: bytes | str) -> Result:
    """Parse a SIMATIC SD document as a source: the statements of a block are those of its SCL networks."""
    read = sd.parse(content)
    for node in read.tree.blocks:
        node.statements = node.statements or [each for network in node.networks for each in network.statements]
        node.attributes["S7_Optimized_Access"] = node.attributes.get("S7_Optimized", "TRUE")
    return Result(read.tree, read.diagnostics)
