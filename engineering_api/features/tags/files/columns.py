"""Finds columns by their titles, in English and German, so that their order and the writing tool do not matter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from engineering_api.features.tags.files.rows import TagFileError


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

_KEPT = {
    "Comment": "comment",
    "Hmi Visible": "hmi_visible",
    "Hmi Accessible": "hmi_accessible",
    "Hmi Writeable": "hmi_writeable",
}
"""Columns whose values an import without them leaves as they are, with the attributes of their rows."""

_ALIASES = Fields(
    name="name, tag name, symbol, variable, variablenname",
    table="path, pfad, table, tag table, tabelle, variablentabelle",
    data_type="data type, datatype, type, datentyp, typ, data type name",
    address="logical address, address, logische adresse, adresse",
    value="value, wert, value (in case of constant), wert (im fall einer konstante)",
    comment="comment, kommentar, description, beschreibung, remark",
    visible="hmi visible, visible in hmi engineering, hmi sichtbar, in hmi sichtbar, sichtbar in hmi engineering, "
    "external visible",
    accessible="hmi accessible, accessible from hmi/opc ua, accessible from hmi/opc ua/web api, hmi erreichbar, "
    "hmi zugänglich, erreichbar aus hmi/opc ua, erreichbar aus hmi/opc ua/web api, external accessible",
    writeable="hmi writeable, hmi writable, writable from hmi/opc ua, writable from hmi/opc ua/web api, "
    "hmi schreibbar, hmi beschreibbar, schreibbar aus hmi/opc ua, schreibbar aus hmi/opc ua/web api, external writable",
)


def _key(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))


_INDEX = {_key(alias): place for place, aliases in enumerate(_ALIASES) for alias in aliases.split(",")}


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
    """

    width: int
    titles: Fields
    pick: Callable[[Sequence[str]], tuple[str, ...]]
    has_address: bool
    has_value: bool
    absent: frozenset[str]


def field_of(title: str) -> int | None:
    """Return the place in `Fields` that a title names, or None for a column that is not ours."""
    return _INDEX.get(_key(title))


def known_columns(titles: Sequence[str]) -> int:
    """Return how many of the titles are known: a header has more than any other row."""
    return len({field_of(title) for title in titles} - {None})


def layout_of(titles: Sequence[str], file: str, sheet: str = "") -> Layout:
    """Return the layout under a header row.

    Raises:
        TagFileError: ``tag_file.missing_columns`` with all that are missing, ``tag_file.duplicate_columns`` for two
            titles that mean the same.
    """
    places: dict[int, int] = {}
    for column, title in enumerate(titles):
        place = field_of(title)
        if place is not None and places.setdefault(place, column) != column:
            raise TagFileError(
                "tag_file.duplicate_columns",
                f"The columns {titles[places[place]]!r} and {title!r} mean the same. Remove one of them.",
                file,
                sheet,
            )
    _check_required(places, titles, file, sheet)
    return _layout(places, titles)


def positional_layout(fields: Sequence[str | None]) -> Layout:
    """Return the layout of a file without header, from the titles of its columns; None for what is not ours."""
    places = {TITLES.index(title): column for column, title in enumerate(fields) if title is not None}
    return _layout(places, [title or "" for title in fields])


def _layout(places: dict[int, int], titles: Sequence[str]) -> Layout:
    absent = len(titles)
    columns = [places.get(place, absent) for place in range(len(TITLES))]
    shown = [titles[column] if column < absent else TITLES[place] for place, column in enumerate(columns)]
    return Layout(
        width=absent,
        titles=Fields(*shown),
        pick=itemgetter(*columns),
        has_address=TITLES.index("Logical Address") in places,
        has_value=TITLES.index("Value") in places,
        absent=frozenset(name for title, name in _KEPT.items() if TITLES.index(title) not in places),
    )


def _check_required(places: dict[int, int], titles: Sequence[str], file: str, sheet: str) -> None:
    required = [place for place in (0, 2) if place not in places]
    missing = [TITLES[place] for place in required]
    if not places.keys() & {3, 4}:
        missing.append("Logical Address")
    if missing:
        found = ", ".join(repr(title) for title in titles if title.strip()) or "none"
        raise TagFileError(
            "tag_file.missing_columns",
            f"The header has no column {', '.join(map(repr, missing))}. Add it; the columns found are {found}.",
            file,
            sheet,
        )
