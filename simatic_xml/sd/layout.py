"""How an SD document is laid out: indentation, attributes, and which names have quotes.

Facts: docs/facts/simaticml.md#layout, exports of TIA Portal V20 and V21. Names of one letter that is an operand area
(A, B, I, M) have quotes there; that the other areas do too is assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from simatic_xml.scl.declaration_text import quote_name as quoted_in_scl

INDENT = "    "
_AREAS = frozenset(["A", "B", "C", "D", "E", "I", "L", "M", "P", "Q", "T", "W", "X", "Z", "TYPE", "AT"])
_NAME = re.compile(r"[^\W\d]\w*", re.ASCII)
_PATH = re.compile(r'"[^"]*"|[^\W\d]\w*|.', re.DOTALL)
_FREE = frozenset(["SET", "RESET"])


def quote_name(name: str) -> str:
    """Return a declared name, in quotes where it is not a plain word."""
    if name.upper() in _AREAS:
        return f'"{name}"'
    return name if _NAME.fullmatch(name) and name.upper() in _FREE else quoted_in_scl(name)


def operand(text: str) -> str:
    """Return an operand with its member names quoted as an SD document quotes them."""
    if text[:1] not in ("#", '"'):
        return text
    parts: list[str] = []
    for found in _PATH.finditer(text):
        word = found.group()
        is_name = bool(parts) and parts[-1] in (".", "#") and _NAME.fullmatch(word) is not None
        parts.append(quote_name(word) if is_name else word)
    return "".join(parts)


def attribute_lines(entries: Mapping[str, str]) -> Iterator[str]:
    """Yield `{ ... }`: one entry on its line, several on separate lines, sorted by name."""
    texts = [f'{name} := "{value}"' for name, value in sorted(entries.items())]
    if len(texts) < 2:
        yield from (f"{{ {text} }}" for text in texts)
        return
    yield "{"
    yield from (f"{INDENT}{text};" for text in texts[:-1])
    yield f"{INDENT}{texts[-1]}"
    yield "}"
