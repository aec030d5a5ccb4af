"""Selects the files outside of a PLC that its program needs: those that declare a name it mentions, and what these mention.

Only they go into the PLC's program: what the PLC does not use is no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import simatic_xml
from engineering_api.features.program_check.program import Content
from simatic_xml.model import Block
from simatic_xml.program.analysis.program_checks import space
from simatic_xml.scl.lexer import NAME, PERCENT, QUOTED

_ABSOLUTE = re.compile(r"%?((?:DB|FB|FC)\d+)", re.IGNORECASE)


def select_needed(contents: Sequence[Content], around: Iterable[Content]) -> list[Content]:
    """Return the files of `around` that the files of a program need, directly or through one another, in their order.

    Files with named value data types are always among them: a program may write their names without the namespace.
    """
    offered = list(around)
    declared: dict[str, Content] = {}
    for content in offered:
        for name in _declared(content):
            declared.setdefault(name, content)
    found: dict[int, Content] = {}
    pending = [*contents] if declared else []
    while pending:
        named = (declared.get(name) for name in _mentioned(pending.pop()))
        fresh = {id(each): each for each in named if each is not None and id(each) not in found}
        found |= fresh
        pending += fresh.values()
    return [each for each in offered if id(each) in found or each.named_values]


def _declared(content: Content) -> Iterator[str]:
    """Yield the casefolded names of what a file declares, and the absolute names of its blocks."""
    yield from content.names
    yield from content.rows
    for document in content.documents:
        for each in document.objects:
            if isinstance(each, Block) and each.number is not None:
                yield f"{space(each)}{each.number}".casefold()


def _mentioned(content: Content) -> set[str]:
    """Return the casefolded names that a file mentions."""
    found = {each.name for document in content.documents for each in simatic_xml.references(document)}
    if content.source is not None:
        tokens = content.source.tree.tokens
        words = (tokens.text(index) for index, kind in enumerate(tokens.kinds) if kind in (NAME, QUOTED, PERCENT))
        found |= {word.strip('"') for word in words}
    found |= {absolute[1] for name in found if (absolute := _ABSOLUTE.match(name))}
    return {name.casefold() for name in found}
