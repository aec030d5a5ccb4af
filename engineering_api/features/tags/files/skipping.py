"""Recognises the rows of a list that are neither tag nor constant, so that they do not stop its import.

Lists have headings, comments, totals, repeated titles and spare channels. Each of them is left out and reported. A row that
could be an incomplete tag is not: it stays an error. `row_words.csv` has the words, in five languages.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from engineering_api.features.tags.files.columns import DATA_TYPE, NAME, Fields, field_of

_COMMENT_MARKS = ("#", "//", "--", ";", "*", "==", "!", "(*", "<!--")
_WORD = re.compile(r"[^\W\d_][\w\-]*")
_MARKED_NAME = re.compile(r"\S*[\d_]\S*")
"""One word with a digit or an underscore, which is more likely a name than a heading."""

Reason = tuple[str, str]
"""A code and a sentence."""


def why_skipped(cells: Fields, row: Sequence[str], *, is_block: bool) -> Reason | None:
    """Return why a row is not a tag or constant, or None where it is one or has an error.

    Args:
        cells: The known cells.
        row: All cells.
        is_block: Whether the data type names a block.
    """
    if is_block:
        return "tag_row.block", f"The row names a block ({cells.data_type.strip()}), which is not in a tag table."
    if field_of(cells.name) == NAME and field_of(cells.data_type) == DATA_TYPE:
        return "tag_row.header", "The row repeats the titles of the columns."
    name, data_type, address, value = (
        text.strip() for text in (cells.name, cells.data_type, cells.address, cells.value)
    )
    if address and not name and (not data_type or _is_spare(cells.comment)):
        return "tag_row.spare", f"The channel {address} has no name."
    if address and not data_type and _is_spare(name):
        return "tag_row.spare", f"The channel {address} is marked as {name!r}."
    if data_type or address or value:
        return None
    return _why_text(name, [text for cell in row if (text := cell.strip())])


def is_spare_name(name: str) -> bool:
    """Return whether a name is a word for a channel without a signal, such as Reserve; lists repeat it."""
    return _is_spare(name)


def _why_text(name: str, filled: list[str]) -> Reason | None:
    """Return why a row without data type, address and value is none; None where it may be an incomplete tag."""
    if not filled:
        return None
    first = filled[0]
    if first.startswith(_COMMENT_MARKS):
        return "tag_row.comment", f"The row is a comment: {_shortened(first)}"
    word = _WORD.match(first)
    if word is not None and word[0].casefold() in _words("total"):
        return "tag_row.total", f"The row is a total: {_shortened(first)}"
    if not name:
        return "tag_row.comment", f"The row has no name, data type and address: {_shortened(first)}"
    if len(filled) == 1 and not _MARKED_NAME.fullmatch(name):
        return "tag_row.section", f"The row is a heading: {_shortened(first)}"
    return None


def _is_spare(text: str) -> bool:
    return text.strip().casefold() in _words("spare")


def _shortened(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


@cache
def _words(kind: str) -> frozenset[str]:
    table = files(__package__).joinpath("row_words.csv").read_text(encoding="utf-8")
    return frozenset(row["word"] for row in csv.DictReader(table.splitlines()) if row["kind"] == kind)
