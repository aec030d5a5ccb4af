"""Deviations of a text from the regular layout, as sparse edits of its tokens.

Both texts hold the same markup in the same order; what may differ is white space between it, the spelling of tags
(quotes, empty elements, object IDs) and of characters. A token that differs is recorded by its index.
"""

import re
from collections.abc import Iterable
from itertools import zip_longest

_TOKEN = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<([^\s/>!?]++)[^>]*+></\1\s*>|<[^>]*>", re.DOTALL)


def tokens(text: str) -> list[str]:
    """Split `text` into markup (odd places) and what is between (even places); ``<X></X>`` is one token."""
    result: list[str] = []
    position = 0
    for match in _TOKEN.finditer(text):
        result += (text[position : match.start()], match.group())
        position = match.end()
    result.append(text[position:])
    return result


def difference(regular: str, actual: str) -> tuple[tuple[int, str], ...] | None:
    """Return the edits that turn `regular` into `actual`, or None where the markup does not correspond."""
    ours, theirs = tokens(regular), tokens(actual)
    if len(ours) != len(theirs):
        return None
    return tuple((index, new) for index, (old, new) in enumerate(zip_longest(ours, theirs)) if old != new)


def apply(regular: str, edits: Iterable[tuple[int, str]]) -> str:
    """Return `regular` with `edits` made."""
    result = tokens(regular)
    for index, text in edits:
        result[index] = text
    return "".join(result)
