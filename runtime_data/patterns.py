"""Patterns for names of tags: * is any text, ? one character; brackets are those of array indexes.

Controllers find a tag without regard to case, quotes and blanks, so a pattern is compared in the same way: another
spelling of a name never gets around a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_WILD = re.compile(r"[*?]")


def fold(name: str) -> str:
    """Return a name without case, quotes and blanks."""
    return "".join(name.replace('"', "").split()).casefold()


def fits(pattern: str, name: str) -> bool:
    """Return whether a name fits a pattern."""
    return _compiled(pattern).fullmatch(fold(name)) is not None


def fits_any(patterns: Iterable[str], name: str) -> bool:
    """Return whether a name fits one of some patterns."""
    return any(fits(each, name) for each in patterns)


def leads_to_any(patterns: Iterable[str], folder: str) -> bool:
    """Return whether names that begin with a folder's may fit one of some patterns."""
    begin = fold(folder)
    starts = (_WILD.split(fold(each), maxsplit=1)[0] for each in patterns)
    return any(start.startswith(begin) or begin.startswith(start) for start in starts)


def is_wild(pattern: str) -> bool:
    """Return whether a pattern can fit several names."""
    return _WILD.search(pattern) is not None


@lru_cache(maxsize=10_000)
def _compiled(pattern: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(each) or re.escape(each) for each in fold(pattern)), re.DOTALL)
