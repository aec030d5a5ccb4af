"""Reads tag workbooks: finds sheets and columns by their header, checks rows as they come."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from engineering_api.features.tags.files.collect import Collector
from engineering_api.features.tags.files.rows import STRICT, Reading, SheetUse, TagSheet
from engineering_api.features.tags.files.understanding import SAMPLE, looks_like_tags, understand
from engineering_api.files.tables.cells import cell_text
from engineering_api.files.tables.errors import TableFileError
from engineering_api.files.tables.sources import Source, name_of
from engineering_api.files.tables.workbook_guard import check_workbook

Progress = Callable[[int, int], None]
"""Called with the rows that are done and all rows of the sheet."""

TAG_SHEET = "PLC Tags"
CONSTANT_SHEET = "Constants"
TABLE_SHEET = "TagTable Properties"
"""The tables of the rows; nothing of it is imported."""

_PROGRESS_STEP = 2000
_NO_HEADER = {"tag_file.missing_columns", "tag_file.duplicate_columns"}
"""Refusals of one sheet, which another sheet of the workbook can make up for."""


def read_xlsx(
    source: Source, progress: Progress | None = None, *, file: str = "", reading: Reading = STRICT
) -> TagSheet:
    """Read tags and constants from a workbook, as TIA Portal writes it or as people write lists of signals.

    The header may be below other rows, and headings, comments and totals between the tags are left out and reported.

    Args:
        source: Path, or the content itself.
        progress: Called now and then with the rows that are done and all rows of the sheet.
        file: Name for error messages where the content is given.
        reading: How to read it.

    Raises:
        TableFileError: For a file as a whole (no workbook, encrypted, too large, missing columns, no such sheet); errors of rows are
            returned.
    """
    file = name_of(source, file)
    check_workbook(source, file)
    try:
        with CalamineWorkbook.from_object(io.BytesIO(source) if isinstance(source, bytes) else source) as workbook:
            return _read_sheets(workbook, Collector(file, reading.type_names), progress, reading.sheet)
    except CalamineError as error:
        raise TableFileError(
            "tag_file.damaged", f"The workbook is damaged ({error}). Save it again in Excel.", file
        ) from error


def _read_sheets(
    workbook: CalamineWorkbook, collector: Collector, progress: Progress | None, only: str | None
) -> TagSheet:
    names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    listed = ", ".join(names)
    if only is not None and only not in names:
        message = f"The workbook has no sheet {only!r}. Its sheets are: {listed}."
        raise TableFileError("tag_file.no_sheet", message, collector.file)
    read, refusals = False, []
    for name in names:
        if only not in (None, name):
            collector.sheet.sheets.append(SheetUse(name, ignored="It was not asked for."))
            continue
        try:
            read |= _read_sheet(workbook.get_sheet_by_name(name), collector, progress, required=name == only)
        except TableFileError as error:
            if name in (TAG_SHEET, CONSTANT_SHEET, only) or error.code not in _NO_HEADER:
                raise
            refusals.append(error)
            collector.sheet.sheets.append(SheetUse(name, ignored=error.message))
    if not read and refusals:
        raise refusals[0]
    if not read:
        raise TableFileError(
            "tag_file.no_tags",
            f"No sheet has a header with the columns Name, Data Type and Logical Address (sheets: {listed}). "
            f"Name the sheet {TAG_SHEET!r} and add the header.",
            collector.file,
        )
    return collector.sheet


def _read_sheet(sheet: CalamineSheet, collector: Collector, progress: Progress | None, *, required: bool) -> bool:
    """Read one sheet; False for a sheet that has nothing to do with tags."""
    rows = enumerate(_text_rows(sheet), start=1)
    top = list(islice(rows, SAMPLE))
    if not required and sheet.name not in (TAG_SHEET, CONSTANT_SHEET) and not looks_like_tags(top):
        collector.sheet.sheets.append(SheetUse(sheet.name, ignored="It has neither known titles nor addresses."))
        return False
    convert = collector.type_names == "convert"
    layout, above = understand(top, collector.file, sheet.name, type_is_optional=convert)
    below = chain(top[above:], rows)
    collector.add(sheet.name, layout, _report_progress(below, (sheet.end or (0, 0))[0] + 1, progress))
    return True


def _text_rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    for cells in sheet.iter_rows():
        yield [cell if type(cell) is str else cell_text(cell) for cell in cells]


def _report_progress(
    rows: Iterable[tuple[int, list[str]]], total: int, progress: Progress | None
) -> Iterable[tuple[int, list[str]]]:
    if progress is None:
        return rows
    return _count_rows(rows, total, progress)


def _count_rows(
    rows: Iterable[tuple[int, list[str]]], total: int, progress: Progress
) -> Iterator[tuple[int, list[str]]]:
    for row, cells in rows:
        if row % _PROGRESS_STEP == 0:
            progress(row, total)
        yield row, cells
    progress(total, total)
