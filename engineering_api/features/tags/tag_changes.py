"""What an import of a tag list does to each tag and constant, as the list that every change of many objects has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engineering_api.features.change_list import Change, ChangeStatus, leave_out
from engineering_api.features.tags.files import ConstantRow, TagRow
from engineering_api.features.tags.files.rows import RowNote, TagSheet
from engineering_api.features.tags.tag_merge import Row, RowOutcome
from engineering_api.features.tags.tag_sheets import RowProblem, Rows
from openness_bridge.errors import Place

KEPT = "tag_import.kept"
"""The code of a tag that the mode skip leaves as it is."""


def of_outcome(outcome: RowOutcome, file: str) -> Change:
    """Return what becomes of a row without an error."""
    row = outcome.row
    place = Place(sheet=row.sheet or None, row=row.row)
    if outcome.status == "skipped":
        reason = f"'{row.name}' exists, and the mode skip leaves it as it is."
        return Change(row.name, _kind_of(row), "skipped", file, row.row, reason, KEPT, place)
    return Change(row.name, _kind_of(row), outcome.status, file, row.row, outcome.before, place=place)


def of_errors(rows: Rows, errors: Sequence[RowNote | RowProblem], file: str) -> list[Change]:
    """Return the refused rows; those that could be read have their names."""
    if not errors:
        return []
    read: Iterable[Row] = [*rows.sheet.tags, *rows.sheet.constants]
    known = {(rows.sheet_of(row), row.row): row for row in read}
    return [_of_note(each, "refused", file, known.get((each.sheet, each.row))) for each in errors]


def of_skipped(sheet: TagSheet, file: str) -> list[Change]:
    """Return the rows that are neither tag nor constant, and the sheets that are not read."""
    ignored = [
        Change("", "", "skipped", file, None, use.ignored, "tag_sheet.ignored", Place(sheet=use.sheet))
        for use in sheet.sheets
        if use.ignored
    ]
    return [_of_note(each, "skipped", file, None) for each in sheet.skipped] + ignored


def in_order(changes: list[Change], *, is_whole: bool) -> list[Change]:
    """Return the list in the order of the rows.

    Args:
        changes: The rows.
        is_whole: Whether one refused row keeps the others from being imported.
    """
    ordered = sorted(changes, key=lambda each: each.row or 0)
    is_refused = is_whole and any(each.status == "refused" for each in ordered)
    return leave_out(ordered) if is_refused else ordered


def _of_note(note: RowNote | RowProblem, status: ChangeStatus, file: str, row: Row | None) -> Change:
    column = f"column '{note.column}': " if note.column and status == "refused" else ""
    place = Place(sheet=note.sheet or None, row=note.row)
    name, kind = ("", "") if row is None else (row.name, _kind_of(row))
    return Change(name, kind, status, file, note.row, f"{column}{note.message}", note.code, place)


def _kind_of(row: TagRow | ConstantRow) -> str:
    return "Constant" if isinstance(row, ConstantRow) else "Tag"
