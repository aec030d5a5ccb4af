"""Understands a list that people wrote: where its header is, and what each column holds.

Titles decide first. Where they do not, the cells do: a column in which nearly all cells are addresses is the address column,
and a column of type names holds the data types. Lists have titles above the header, sections below it, and columns that no
tag needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engineering_api.features.tags.files.addresses import is_counted, is_operand
from engineering_api.features.tags.files.columns import (
    ADDRESS,
    COMMENT,
    DATA_TYPE,
    NAME,
    VALUE,
    Layout,
    count_known,
    field_of,
    layout_at,
    meaning_of,
    require_columns,
)
from engineering_api.features.tags.files.data_types import is_type_name
from engineering_api.files.tables.errors import TableFileError

Numbered = tuple[int, Sequence[str]]
"""The number of a row or line, and its cells."""

SAMPLE = 300
"""Rows of the sample: the header must be in them, and their cells decide about columns without a known title."""
_HEADER_ROWS = 100
_NEARLY_ALL = 0.8
_NEAR = 5
"""Rows above the first address in which an unknown header can be."""


def understand(
    top: Sequence[Numbered], file: str, sheet: str = "", *, type_is_optional: bool = False
) -> tuple[Layout, int]:
    """Return the layout of a list, and how many of its first rows are above the data.

    Args:
        top: The first rows, at most `SAMPLE`.
        file: Name of the file, for errors.
        sheet: Name of the sheet, for errors.
        type_is_optional: Whether a list without data types is accepted.

    Raises:
        TableFileError: ``tag_file.missing_columns`` with all that are missing, ``tag_file.duplicate_columns`` for two
            titles that mean the same.
    """
    header = _find_header(top)
    below = [cells for _, cells in top[header + 1 :]]
    width = max((len(cells) for cells in below), default=0)
    titles = list(top[header][1]) if header >= 0 else [""] * width
    number = top[header][0] if header >= 0 else 0
    columns = _Columns(titles, _sample(below), file, sheet)
    places = columns.find()
    require_columns(places, titles, file, sheet, header=number, type_is_optional=type_is_optional)
    layout = layout_at(places, titles, header=number, by_content=frozenset(columns.by_content), is_list=True)
    return layout, header + 1


def looks_like_tags(top: Sequence[Numbered]) -> bool:
    """Return whether a sheet is a list of tags; other sheets of a workbook have names, types and comments, too.

    It is one with three known titles, among them an address or a value, and one with a column of addresses and a known
    title or a column of data types.
    """
    headers = [{field_of(title) for title in cells} - {None} for _, cells in top[:_HEADER_ROWS]]
    if any(len(places) >= 3 and not places.isdisjoint((ADDRESS, VALUE)) for places in headers):
        return True
    first = _first_address(top)
    if first is None:
        return False
    return any(headers) or _has_column(_sample([cells for _, cells in top[first:]]), is_type_name)


def _find_header(top: Sequence[Numbered]) -> int:
    """Return the index of the header row, or -1 for a list that begins with data."""
    rows = top[:_HEADER_ROWS]
    best = max(range(len(rows)), key=lambda index: count_known(rows[index][1]), default=-1)
    known = count_known(rows[best][1]) if rows else 0
    if known >= 2:
        return best
    first = _first_address(top)
    if first is None:
        return best if known else next((index for index, (_, cells) in enumerate(rows) if any(cells)), -1)
    if known and best < first:
        return best
    near = range(first - 1, max(first - 1 - _NEAR, -1), -1)
    return next((index for index in near if sum(map(bool, map(str.strip, top[index][1]))) >= 3), -1)


def _first_address(top: Sequence[Numbered]) -> int | None:
    """Return the index of the first row with an address in a column of addresses."""
    first = next((index for index, (_, cells) in enumerate(top) if any(map(is_operand, cells))), None)
    if first is None or not _has_column([cells for _, cells in top[first:]], is_operand):
        return None
    while first > 0 and any(map(is_counted, top[first - 1][1])):
        first -= 1
    return first


def _has_column(rows: Sequence[Sequence[str]], test: Callable[[str], bool]) -> bool:
    """Return whether nearly all cells of a column pass a test."""
    width = max(map(len, rows), default=0)
    return any(_share(rows, column, test) >= _NEARLY_ALL for column in range(width))


def _sample(rows: list[Sequence[str]]) -> list[Sequence[str]]:
    """Return the rows that are tags: those with an address, where there are any."""
    return [cells for cells in rows if any(map(is_operand, cells))] or [cells for cells in rows if any(cells)]


def _cells(rows: Sequence[Sequence[str]], column: int) -> list[str]:
    return [text for cells in rows if column < len(cells) and (text := cells[column].strip())]


def _share(rows: Sequence[Sequence[str]], column: int, test: Callable[[str], bool]) -> float:
    """Return the share of the filled cells of a column that pass a test; 0 for an empty column.

    Timers and counters do not count where addresses do: they may be names.
    """
    cells = [cell for cell in _cells(rows, column) if test is not is_operand or not is_counted(cell)]
    return sum(map(test, cells)) / len(cells) if cells else 0.0


class _Columns:
    """The columns of one list, and the fields that they are chosen for."""

    def __init__(self, titles: Sequence[str], rows: list[Sequence[str]], file: str, sheet: str) -> None:
        self._titles, self._rows = titles, rows
        self._file, self._sheet = file, sheet
        self.by_content: set[int] = set()

    def find(self) -> dict[int, int]:
        """Return the column of each field.

        Raises:
            TableFileError: Two columns mean the same, and their content does not decide.
        """
        ranked: dict[int, dict[int, list[int]]] = {}
        for column, title in enumerate(self._titles):
            if (meaning := meaning_of(title)) is not None:
                ranked.setdefault(meaning.place, {}).setdefault(meaning.rank, []).append(column)
        places = {place: self._choose(place, ranks) for place, ranks in ranked.items()}
        known = {column for ranks in ranked.values() for columns in ranks.values() for column in columns}
        free = [column for column in range(len(self._titles)) if column not in known]
        self._find_by_content(places, free)
        return places

    def _choose(self, place: int, ranks: dict[int, list[int]]) -> int:
        rank, columns = min(ranks.items())
        test = _TESTS.get(place)
        if test is not None:
            holding = {each: some for each in ranks if (some := [one for one in ranks[each] if self._holds(one, test)])}
            rank, columns = min(holding.items(), default=(rank, columns))
            if len(columns) > 1:
                columns = [each for each in columns if _share(self._rows, each, test) >= _NEARLY_ALL] or columns
        if len(columns) > 1 and (rank == 1 or place in (NAME, DATA_TYPE, ADDRESS)):
            one, two = (self._titles[column] for column in columns[:2])
            raise TableFileError(
                "tag_file.duplicate_columns",
                f"The columns {one!r} and {two!r} mean the same. Remove one of them.",
                self._file,
                self._sheet,
            )
        return columns[0]

    def _find_by_content(self, places: dict[int, int], free: list[int]) -> None:
        for place, test in _TESTS.items():
            if place in places and (place != ADDRESS or self._holds(places[place], test)):
                continue
            fitting = [column for column in free if _share(self._rows, column, test) >= _NEARLY_ALL]
            if len(fitting) == 1:
                self._take(places, free, place, fitting[0])
        names = [column for column in free if self._is_name(column)]
        has_header = any(map(str.strip, self._titles))
        if NAME not in places and ADDRESS in places and names and (len(names) == 1 or not has_header):
            left = [column for column in names if column < places[ADDRESS]]
            self._take(places, free, NAME, (left or names)[0])
        texts = [column for column in free if _cells(self._rows, column)]
        if COMMENT not in places and not has_header and len(texts) == 1:
            self._take(places, free, COMMENT, texts[0])

    def _take(self, places: dict[int, int], free: list[int], place: int, column: int) -> None:
        places[place] = column
        free.remove(column)
        self.by_content.add(place)

    def _holds(self, column: int, test: Callable[[str], bool]) -> bool:
        """Return whether a column can be what its title says: some cell passes the test, or it is empty."""
        cells = _cells(self._rows, column)
        return not cells or any(map(test, cells))

    def _is_name(self, column: int) -> bool:
        """Return whether nearly every row has a different single word in this column."""
        cells = _cells(self._rows, column)
        words = {cell.casefold() for cell in cells if not cell[0].isdigit() and len(cell.split()) == 1}
        return bool(cells) and min(len(cells) / len(self._rows), len(words) / len(cells)) >= _NEARLY_ALL


_TESTS: dict[int, Callable[[str], bool]] = {ADDRESS: is_operand, DATA_TYPE: is_type_name}
"""Fields that are recognised by their cells."""
