"""What an import answers about the file itself, so that its user sees how it was understood before anything changes."""

from __future__ import annotations

from itertools import islice

from engineering_api.features.tags.files import ConstantRow, SheetUse, TagRow, TagSheet
from engineering_api.operations.fields import Model

MOST_LISTED = 1000
"""Most skipped rows and notes of an answer; the sheets have the number of all skipped rows."""
_FIRST = 10


class ColumnReport(Model):
    """What a column was taken for.

    Attributes:
        column: Number of the column, from 1.
        title: Its title in the file.
        field: The field it fills, such as logicalAddress; empty for a column that is not used.
        by: title, content, or position in a format without titles; empty for a column that is not used.
    """

    column: int
    title: str
    field: str
    by: str


class SheetReport(Model):
    """How one sheet was understood; a text file is one sheet without a name.

    Attributes:
        header_row: Row of the titles, from 1; 0 where there are none.
        columns: Those with a title or a use; empty for JSON.
        tags: Rows that are tags.
        constants: Rows that are user constants.
        wrong: Rows with errors that show in the file alone; conflicts with the tags of the PLC are in errors only.
        skipped: Rows that are neither tag nor constant.
        ignored: Why the sheet was not read; empty where it was.
    """

    sheet: str
    header_row: int
    columns: list[ColumnReport]
    tags: int
    constants: int
    wrong: int
    skipped: int
    ignored: str


class RowPreview(Model):
    """A tag or user constant as it was understood; its value is empty for a tag, its address for a constant."""

    sheet: str
    row: int
    name: str
    data_type: str
    logical_address: str
    value: str
    comment: str
    path: str


def sheet_report(use: SheetUse) -> SheetReport:
    """Return how a sheet was understood, for an answer."""
    columns = [ColumnReport(column=each.column, title=each.title, field=each.field, by=each.by) for each in use.columns]
    return SheetReport(
        sheet=use.sheet,
        header_row=use.header_row,
        columns=columns,
        tags=use.tags,
        constants=use.constants,
        wrong=use.wrong,
        skipped=use.skipped,
        ignored=use.ignored,
    )


def preview(sheet: TagSheet) -> list[RowPreview]:
    """Return the first tags and the first constants, at most ten of each."""
    return [*map(_tag, islice(sheet.tags, _FIRST)), *map(_constant, islice(sheet.constants, _FIRST))]


def _tag(row: TagRow) -> RowPreview:
    return RowPreview(
        sheet=row.sheet,
        row=row.row,
        name=row.name,
        data_type=row.data_type,
        logical_address=row.address,
        value="",
        comment=row.comment,
        path=row.table,
    )


def _constant(row: ConstantRow) -> RowPreview:
    return RowPreview(
        sheet=row.sheet,
        row=row.row,
        name=row.name,
        data_type=row.data_type,
        logical_address="",
        value=row.value,
        comment=row.comment,
        path=row.table,
    )
