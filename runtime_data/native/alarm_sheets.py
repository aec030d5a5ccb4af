"""Rows of sheets with alarms: out of workbooks and CSV files, with their cells by the titles of the columns.

Facts: docs/facts/alarms.md#sheets.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from engineering_api.files.csv_text import restored
from engineering_api.files.tables.cells import cell_text
from engineering_api.files.tables.errors import TableFileError, readable
from engineering_api.files.tables.sources import decode, load, within_limits
from engineering_api.files.tables.workbook_guard import check_workbook, is_workbook
from openness_bridge.bounded import text_tables
from openness_bridge.bounded.text_tables import BrokenTextError

NO_VALUE = "<No value>"
_HEADER_WITHIN = 20
_DELIMITERS = ("\t", ";", ",")


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        sheet: The sheet; empty for other files and for a request.
        number: Row of the sheet, line of the file or place in the list, counted from 1.
        cells: Texts of the cells by title, in lower case and without blanks around; empty cells are left out.
    """

    sheet: str
    number: int
    cells: Mapping[str, str]


def of_items(items: Iterable[Mapping[str, object]]) -> list[Row]:
    """Return the rows of a request."""
    return [Row("", number, _cells(item.items())) for number, item in enumerate(items, 1)]


def of_file(content: bytes, file: str, most: int) -> list[Row]:
    """Return the rows of a workbook or CSV file. Sheets without a title Name are left out.

    Raises:
        Problem: The file cannot be read, has too many rows, or has no sheet with such a title.
    """
    with readable(file):
        rows = list(islice(_rows_of(content, file), most + 1))
        if len(rows) > most:
            raise TableFileError("tag_file.too_large", f"The file has more than {most} rows. Split it.", file)
        if not rows:
            message = "No sheet has rows below a header with the column Name. Add the header."
            raise TableFileError("tag_file.missing_columns", message, file)
    return rows


def _rows_of(content: bytes, file: str) -> Iterator[Row]:
    if is_workbook(content[:8]):
        yield from _rows_of_workbook(content, file)
        return
    text = decode(load(content, file), file)
    delimiter = max(_DELIMITERS, key=lambda each: text.partition("\n")[0].count(each))
    try:
        with within_limits(file):
            records = text_tables.records(text, delimiter)
            yield from _below_header("", ([restored(cell) for cell in cells] for _, cells in records))
    except BrokenTextError as error:
        raise TableFileError("tag_file.broken_csv", f"A record cannot be read ({error}).", file) from error


def _rows_of_workbook(content: bytes, file: str) -> Iterator[Row]:
    check_workbook(content, file)
    try:
        with CalamineWorkbook.from_object(io.BytesIO(content)) as workbook:
            for each in workbook.sheets_metadata:
                if each.typ == SheetTypeEnum.WorkSheet:
                    rows = workbook.get_sheet_by_name(each.name).iter_rows()
                    yield from _below_header(each.name, ([cell_text(cell) for cell in cells] for cells in rows))
    except CalamineError as error:
        message = f"The workbook is damaged ({error}). Save it again in Excel."
        raise TableFileError("tag_file.damaged", message, file) from error


def _below_header(sheet: str, rows: Iterable[Sequence[str]]) -> Iterator[Row]:
    """Yield the rows below the header, which is the first row with a cell Name; none where there is no header."""
    titles: Sequence[str] = ()
    for number, cells in enumerate(rows, 1):
        if titles:
            if found := _cells(zip(titles, cells, strict=False)):
                yield Row(sheet, number, found)
        elif "name" in {cell.strip().casefold() for cell in cells}:
            titles = cells
        elif number >= _HEADER_WITHIN:
            return


def _cells(cells: Iterable[tuple[str, object]]) -> dict[str, str]:
    texts = ((str(title).strip().casefold(), "" if cell is None else cell_text(cell).strip()) for title, cell in cells)
    return {title: text for title, text in texts if title and text and text != NO_VALUE}
