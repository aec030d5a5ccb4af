"""Reads tag workbooks: finds sheets and columns by their header, checks rows as they come."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from engineering_api.features.tags.files.collect import Collector, cell_text
from engineering_api.features.tags.files.columns import known_columns, layout_of
from engineering_api.features.tags.files.rows import TagFileError, TagSheet
from engineering_api.features.tags.files.sources import Source, name_of
from engineering_api.features.tags.files.workbook_guard import check_workbook

Progress = Callable[[int, int], None]
"""Called with the rows that are done and all rows of the sheet."""

TAG_SHEET = "PLC Tags"
CONSTANT_SHEET = "Constants"

_PROGRESS_STEP = 2000
_HEADER_ROWS = 10


def read_xlsx(source: Source, progress: Progress | None = None, *, file: str = "") -> TagSheet:
    """Read tags and constants from a workbook, as TIA Portal writes it or with columns in another order.

    Args:
        source: Path, or the content itself.
        progress: Called now and then with the rows that are done and all rows of the sheet.
        file: Name for error messages where the content is given.

    Raises:
        TagFileError: For a file as a whole (no workbook, encrypted, too large, missing columns); errors of rows are
            returned.
    """
    file = name_of(source, file)
    check_workbook(source, file)
    try:
        with CalamineWorkbook.from_object(io.BytesIO(source) if isinstance(source, bytes) else source) as workbook:
            return _read_sheets(workbook, file, progress)
    except CalamineError as error:
        raise TagFileError(
            "tag_file.damaged", f"The workbook is damaged ({error}). Save it anew in Excel.", file
        ) from error


def _read_sheets(workbook: CalamineWorkbook, file: str, progress: Progress | None) -> TagSheet:
    collector = Collector(file)
    names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    read = [_read_sheet(workbook.get_sheet_by_name(name), collector, progress) for name in names]
    if not any(read):
        raise TagFileError(
            "tag_file.no_tags",
            f"No sheet has a header with the columns Name, Data Type and Logical Address (sheets: {', '.join(names)}). "
            f"Name the sheet {TAG_SHEET!r} and add the header.",
            file,
        )
    return collector.sheet


def _read_sheet(sheet: CalamineSheet, collector: Collector, progress: Progress | None) -> bool:
    """Read one sheet; False for a sheet that has nothing to do with tags."""
    rows = enumerate(_text_rows(sheet), start=1)
    top = list(islice(rows, _HEADER_ROWS))
    header, titles = max(top, key=lambda numbered: known_columns(numbered[1]), default=(0, []))
    if sheet.name not in (TAG_SHEET, CONSTANT_SHEET) and known_columns(titles) < 3:
        return False
    layout = layout_of(titles, collector.file, sheet.name)
    below = (numbered for part in (top[header:], rows) for numbered in part)
    collector.add(sheet.name, layout, _reported(below, (sheet.end or (0, 0))[0] + 1, progress))
    return True


def _text_rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    for cells in sheet.iter_rows():
        yield [cell if type(cell) is str else cell_text(cell) for cell in cells]


def _reported(
    rows: Iterable[tuple[int, list[str]]], total: int, progress: Progress | None
) -> Iterable[tuple[int, list[str]]]:
    if progress is None:
        return rows
    return _reporting(rows, total, progress)


def _reporting(
    rows: Iterable[tuple[int, list[str]]], total: int, progress: Progress
) -> Iterator[tuple[int, list[str]]]:
    for row, cells in rows:
        if row % _PROGRESS_STEP == 0:
            progress(row, total)
        yield row, cells
    progress(total, total)
