"""Parses what people check: whole sources and bodies alike. It is apart from the rules, which the check does not need."""

from __future__ import annotations

from simatic_xml.scl.lexer import OBJECT_KEYWORDS
from simatic_xml.scl.parser import Result, parse, parse_statements


def parse_source(text: str) -> Result:
    """Parse a source with objects, or the body of a block alone."""
    result = parse(text)
    if any(kind in OBJECT_KEYWORDS for kind in result.tree.tokens.kinds):
        return result
    return parse_statements(text)
