"""Finds columns by their titles, in five languages, so that their order and the writing tool do not matter.

`column_names.csv` has the titles. Those of rank 1 have one meaning. The others mean the field only in a list that has no
better column for it: `Description` is the comment of a list without the column `Comment`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from operator import itemgetter
from typing import NamedTuple

from engineering_api.features.tags.files.rows import ColumnUse
from engineering_api.files.tables.errors import TableFileError


class Fields(NamedTuple):
    """The cells of one row that matter, as text; empty where the file has no such column."""

    name: str
    table: str
    data_type: str
    address: str
    value: str
    comment: str
    visible: str
    accessible: str
    writeable: str


TITLES = Fields(
    "Name", "Path", "Data Type", "Logical Address", "Value", "Comment", "Hmi Visible", "Hmi Accessible", "Hmi Writeable"
)
"""The titles that TIA Portal writes."""

KEYS = Fields(
    "name", "path", "dataType", "logicalAddress", "value", "comment", "hmiVisible", "hmiAccessible", "hmiWriteable"
)
"""The names of the fields in JSON."""

NAME, TABLE, DATA_TYPE, ADDRESS, VALUE, COMMENT = range(6)
"""Places of the fields, as columns are found by place."""

_KEPT = {
    "Comment": "comment",
    "Hmi Visible": "hmi_visible",
    "Hmi Accessible": "hmi_accessible",
    "Hmi Writeable": "hmi_writeable",
}
"""Columns whose values an import without them leaves as they are, with the attributes of their rows."""

_LONGEST = 200
"""Characters of the longest title; longer cells are texts."""
_BRACKETED = re.compile(r"[(\[][^)\]]*[)\]]")
_BETWEEN_LANGUAGES = re.compile(r"[/|\n]")


class Meaning(NamedTuple):
    """The field that a title names, and the rank of the title: 1 is the best."""

    place: int
    rank: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the known columns are in the rows of one sheet.

    Attributes:
        width: Number of cells in a whole row.
        titles: Titles as the file has them; TIA Portal's own for columns that are absent.
        pick: Takes the known cells, in the order of `Fields`, from a row of `width` cells and an empty one after them.
        has_address: The sheet can hold tags.
        has_value: The sheet can hold constants.
        absent: Attributes of a row that have no column and that a tag can keep.
        header: Row of the titles, from 1; 0 where there are none.
        uses: What each column is taken for.
        is_list: People wrote the rows, so some can be headings, comments or totals.
    """

    width: int
    titles: Fields
    pick: Callable[[Sequence[str]], tuple[str, ...]]
    has_address: bool
    has_value: bool
    absent: frozenset[str]
    header: int = 0
    uses: tuple[ColumnUse, ...] = ()
    is_list: bool = False


def meaning_of(title: str) -> Meaning | None:
    """Return what a title means, or None for a column that is not ours.

    A text in brackets and a second language after a slash or line break may be part of the title.
    """
    return _meaning(title) if len(title) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _meaning(title: str) -> Meaning | None:
    names = _names()
    known = names.get(_key(title)) or names.get(_key(_BRACKETED.sub("", title)))
    if known is None:
        parts = {names.get(_key(part)) for part in _BETWEEN_LANGUAGES.split(title) if part.strip()}
        found = {part for part in parts if part is not None}
        if len(parts) == len(found) and len({part.place for part in found}) == 1:
            known = min(found, key=lambda part: part.rank)
    return known


def field_of(title: str) -> int | None:
    """Return the place in `Fields` that a title names, or None for a column that is not ours."""
    meaning = meaning_of(title)
    return None if meaning is None else meaning.place


def count_known(titles: Sequence[str]) -> int:
    """Return how many of the titles are known: a header has more than any other row."""
    return len({field_of(title) for title in titles} - {None})


def keyed_layout(keys: Sequence[str]) -> Layout:
    """Return the layout of objects with these keys, which have no columns to report."""
    places = {place: column for column, key in enumerate(keys) if (place := field_of(key)) is not None}
    return replace(layout_at(places, keys), uses=())


def positional_layout(fields: Sequence[str | None], *, is_list: bool = False) -> Layout:
    """Return the layout of a file without header, from the titles of its columns; None for what is not ours."""
    places = {TITLES.index(title): column for column, title in enumerate(fields) if title is not None}
    return layout_at(places, [title or "" for title in fields], is_list=is_list)


def layout_at(
    places: dict[int, int],
    titles: Sequence[str],
    *,
    header: int = 0,
    by_content: frozenset[int] = frozenset(),
    is_list: bool = False,
) -> Layout:
    """Return the layout of columns that are found.

    Args:
        places: The column of each field, both from 0.
        titles: All titles, in the order of the columns.
        header: Row of the titles, from 1; 0 for none.
        by_content: The fields that were found by the content of their columns.
        is_list: People wrote the rows.
    """
    absent = len(titles)
    columns = [places.get(place, absent) for place in range(len(TITLES))]
    shown = [
        TITLES[place] if column == absent else titles[column].strip() or f"column {column + 1}"
        for place, column in enumerate(columns)
    ]
    return Layout(
        width=absent,
        titles=Fields(*shown),
        pick=itemgetter(*columns),
        has_address=ADDRESS in places,
        has_value=VALUE in places,
        absent=frozenset(name for title, name in _KEPT.items() if TITLES.index(title) not in places),
        header=header,
        uses=_uses(places, titles, header, by_content),
        is_list=is_list,
    )


def require_columns(
    places: dict[int, int],
    titles: Sequence[str],
    file: str,
    sheet: str,
    *,
    header: int = 0,
    type_is_optional: bool = False,
) -> None:
    """Refuse a sheet without the columns that every import needs.

    Raises:
        TableFileError: ``tag_file.missing_columns`` with all that are missing, and the titles that were found.
    """
    required = (NAME,) if type_is_optional and ADDRESS in places else (NAME, DATA_TYPE)
    missing = [TITLES[place] for place in required if place not in places]
    if not places.keys() & {ADDRESS, VALUE}:
        missing.append(TITLES.address)
    if missing:
        found = ", ".join(repr(title) for title in titles if title.strip()) or "none"
        where = f" in row {header}" if header else ""
        hint = ""
        if missing == [TITLES.data_type]:
            hint = " With typeNames 'convert' the import takes the types from the addresses (Bool, Byte, Word, DWord)."
        raise TableFileError(
            "tag_file.missing_columns",
            f"The header has no column {', '.join(map(repr, missing))}. Add it; the columns found{where} are {found}."
            + hint,
            file,
            sheet,
        )


def _uses(
    places: dict[int, int], titles: Sequence[str], header: int, by_content: frozenset[int]
) -> tuple[ColumnUse, ...]:
    field_at = {column: place for place, column in places.items()}
    uses = []
    for column, title in enumerate(titles):
        place = field_at.get(column)
        if place is None:
            if title.strip():
                uses.append(ColumnUse(column + 1, title.strip(), "", ""))
        else:
            by = "content" if place in by_content else "title" if header else "position"
            uses.append(ColumnUse(column + 1, title.strip(), KEYS[place], by))
    return tuple(uses)


@cache
def _names() -> dict[str, Meaning]:
    table = files(__package__).joinpath("column_names.csv").read_text(encoding="utf-8")
    return {
        _key(row["title"]): Meaning(Fields._fields.index(row["field"]), int(row["rank"]))
        for row in csv.DictReader(table.splitlines())
    }


def _key(title: str) -> str:
    """Return a title without case, accents, blanks and punctuation marks."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", title.casefold())))
