"""Imports tags and constants into a PLC: checked against what is there, then all at once.

TIA Portal makes one tag by one call into another process, which takes hours for
100,000 of them. So the tables are exported, changed in memory, and imported in
their places: one call for each table, inside one transaction. Reading and
comparing do not hold the portal. Facts: docs/facts/openness-program.md#tags-and-constants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import msgspec

from engineering_api.features.change_list import Change
from engineering_api.features.tags import tag_changes, tag_sheets
from engineering_api.features.tags.files.rows import ConstantRow, RowError, TagRow, TagSheet
from engineering_api.features.tags.files.workbook_in import Progress
from engineering_api.features.tags.tag_merge import Holder, Merge, Mode, holder_of, new_holder
from engineering_api.features.tags.tag_preview import MOST_LISTED, RowPreview, SheetReport, preview, sheet_report
from engineering_api.features.tags.tag_sheets import RowProblem, Rows
from engineering_api.operations.context import Context
from engineering_api.operations.fields import Model
from openness_bridge import groups
from openness_bridge.errors import Problem
from openness_bridge.portal.bulk import pause_gc
from openness_bridge.portal.portal import Session
from openness_bridge.program import tag_tables
from openness_bridge.program.tag_tables import TableFile, TableInfo
from openness_bridge.project import texts

_NAMED = 10
"""Tables that the message about a missing one lists."""
READ = 30
"""Percent of the work that reading the file is."""
NOT_TRIED = (
    "tag.not_tried",
    "Not imported: too many other rows were refused to find out whether this one is right. Correct those and import again.",
)


@dataclass(frozen=True, slots=True)
class Options:
    """How to import.

    Attributes:
        table: The table of the request, or None for the PLC's default table.
        follow_path: Whether rows that name a table go there; otherwise all go to the table of the request.
        partial: Whether the good rows are imported although others have errors.
        dry_run: Whether to change nothing and only report what would be changed.
        create_table: Whether the table of the request is created where it is missing.
        file: The file, as the client names it; empty for rows of the request.
    """

    table: str | None
    follow_path: bool
    mode: Mode = "create"
    partial: bool = False
    dry_run: bool = False
    create_table: bool = False
    file: str = ""


class TagImportReport(Model):
    """What an import did, and how it understood the file.

    Attributes:
        created: Tags and constants that are new.
        updated: Those that were changed.
        unchanged: Those that were as their row says.
        skipped: Those that were left as they are, with the mode skip.
        tables: The tables that were changed or created, with their folders.
        errors: The rows that were left out, with partial; in a dry run all rows with errors.
        dry_run: Nothing was changed; the figures say what would be.
        importable: An import of the same file with the same options goes through, as far as the service can check. TIA
            Portal checks more, such as the addresses of the CPU.
        new_tables: Those of the tables that the PLC did not have.
        sheets: How each sheet was understood.
        skipped_rows: Rows that are neither tag nor constant, with the reason; at most 1000.
        notes: Rows with a cell that was read as something else, such as a converted data type; at most 1000.
        first_rows: The first tags and constants as they were understood, at most ten of each; only in a dry run.
        changes: What becomes of each row, in their order: docs/requests.md#changes-of-many-objects.
    """

    created: int
    updated: int
    unchanged: int
    skipped: int
    tables: list[str]
    errors: list[RowProblem]
    dry_run: bool
    importable: bool = True
    new_tables: list[str] = msgspec.field(default_factory=list)
    sheets: list[SheetReport] = msgspec.field(default_factory=list)
    skipped_rows: list[RowProblem] = msgspec.field(default_factory=list)
    notes: list[RowProblem] = msgspec.field(default_factory=list)
    first_rows: list[RowPreview] = msgspec.field(default_factory=list)
    changes: list[Change] = msgspec.field(default_factory=list)


def require_target(ctx: Context, device: str, table: str | None, *, create_table: bool) -> None:
    """Refuse an import early, before a large file is read.

    Raises:
        Problem: No project, no such PLC, or no such table that may not be created.
    """
    session = ctx.session
    session.call(lambda: _find_target(session, device, table, create_table))


def _find_target(session: Session, device: str, table: str | None, create_table: bool) -> str | None:
    """Return the name of the table of the request, or None where it is to be created."""
    try:
        found, _ = tag_tables.find_or_default(session, device, table)
    except Problem as problem:
        if problem.code != "tag_table.not_found":
            raise
        if create_table:
            return None
        names = [f"'{each.name}'" for each in tag_tables.list_tables(session, device)]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        msg = f"{problem.message} The PLC has {', '.join(names[:_NAMED])}{more}. Set createTable to create it."
        raise Problem(problem.code, msg, kind=problem.kind, place=problem.place) from problem
    return str(found.Name)


def report_reading(ctx: Context, what: str) -> Progress:
    """Return the progress of reading a file."""
    return lambda done, of: ctx.progress.report(READ * done / max(of, 1), f"Reading {what}")


@pause_gc()
def run(ctx: Context, device: str, rows: Rows, options: Options) -> TagImportReport:
    """Import rows. In a worker thread.

    Raises:
        Problem: Rows have errors and partial is not set, or TIA Portal refuses; then nothing is changed.
        Cancelled: The job was asked to stop; then nothing is changed, but for parts that were imported already with partial.
    """
    report = _import(ctx, device, rows, options, Attempts())
    sheet = rows.sheet
    report.sheets = [sheet_report(use) for use in sheet.sheets]
    report.skipped_rows = tag_sheets.list_problems(sheet.skipped[:MOST_LISTED])
    report.notes = tag_sheets.list_problems(sheet.notes[:MOST_LISTED])
    report.first_rows = preview(sheet) if options.dry_run else []
    report.changes += tag_changes.of_skipped(sheet, options.file) + tag_changes.of_errors(
        rows, report.errors, options.file
    )
    report.changes = tag_changes.in_order(report.changes, is_whole=not options.partial)
    return report


@dataclass(slots=True)
class Attempts:
    """How often an import may be tried again with fewer rows.

    TIA Portal refuses a table as a whole and does not say which rows it means, so they are found by halving.
    """

    left: int = 200


def _import(ctx: Context, device: str, rows: Rows, options: Options, attempts: Attempts) -> TagImportReport:
    merge = _prepare(ctx, device, rows, options)
    ctx.progress.report(READ + 15, "Comparing")
    merge.run()
    errors = [*rows.sheet.errors, *merge.errors]
    if errors and not (options.partial or options.dry_run):
        raise tag_sheets.refusal(errors)
    changed = merge.list_changed()
    if changed and not options.dry_run:
        try:
            _put(ctx, device, changed)
        except Problem as problem:
            if not options.partial:
                raise
            return _in_halves(ctx, device, _without(rows, errors), options, attempts, problem)
    counts = merge.counts
    return TagImportReport(
        created=counts.created,
        updated=counts.updated,
        unchanged=counts.unchanged,
        skipped=counts.skipped,
        tables=[str(holder) for holder in changed],
        errors=tag_sheets.list_problems(errors),
        dry_run=options.dry_run,
        importable=options.partial or not errors,
        new_tables=[str(holder) for holder in merge.made if holder.changed],
        changes=[tag_changes.of_outcome(each, options.file) for each in merge.outcomes],
    )


def _without(rows: Rows, errors: list[RowError]) -> Rows:
    """Return the rows that have no error themselves, with the errors of the others."""
    wrong = {(error.sheet, error.row) for error in errors}
    tags = [row for row in rows.sheet.tags if (rows.sheet_of(row), row.row) not in wrong]
    constants = [row for row in rows.sheet.constants if (rows.sheet_of(row), row.row) not in wrong]
    return replace(rows, sheet=TagSheet(tags, constants, errors))


def _in_halves(
    ctx: Context, device: str, rows: Rows, options: Options, attempts: Attempts, problem: Problem
) -> TagImportReport:
    """Import what TIA Portal takes, and report each row that it does not."""
    every: list[TagRow | ConstantRow] = [*rows.sheet.tags, *rows.sheet.constants]
    attempts.left -= 1
    if len(every) == 1 or attempts.left < 0:
        code, message = (problem.code, problem.message) if len(every) == 1 else NOT_TRIED
        refused = [rows.error(row, code, message, "") for row in every]
        return TagImportReport(
            created=0,
            updated=0,
            unchanged=0,
            skipped=0,
            tables=[],
            dry_run=False,
            errors=tag_sheets.list_problems([*rows.sheet.errors, *refused]),
        )
    first, second = every[: len(every) // 2], every[len(every) // 2 :]
    reports = [
        _import(ctx, device, _only(rows, first, rows.sheet.errors), options, attempts),
        _import(ctx, device, _only(rows, second, []), options, attempts),
    ]
    return TagImportReport(
        created=sum(each.created for each in reports),
        updated=sum(each.updated for each in reports),
        unchanged=sum(each.unchanged for each in reports),
        skipped=sum(each.skipped for each in reports),
        tables=list(dict.fromkeys(table for each in reports for table in each.tables)),
        errors=[error for each in reports for error in each.errors],
        dry_run=False,
        new_tables=list(dict.fromkeys(table for each in reports for table in each.new_tables)),
        changes=[change for each in reports for change in each.changes],
    )


def _only(rows: Rows, chosen: list[TagRow | ConstantRow], errors: list[RowError]) -> Rows:
    tags = [row for row in chosen if isinstance(row, TagRow)]
    constants = [row for row in chosen if isinstance(row, ConstantRow)]
    return replace(rows, sheet=TagSheet(tags, constants, errors))


def _prepare(ctx: Context, device: str, rows: Rows, options: Options) -> Merge:
    session = ctx.session

    def ask() -> tuple[list[TableInfo], str, str | None]:
        name = _find_target(session, device, options.table, options.create_table)
        return tag_tables.list_tables(session, device), texts.editing_culture(session), name

    tables, culture, name = session.call(ask)
    holders = [holder_of(file) for file in _export_tables(ctx, device, tables)]
    version = f"V{session.model.version}"
    base = next((holder for holder in holders if holder.name == name), None)
    made = []
    if base is None:
        *folder, name = groups.split(options.table or "")
        base = new_holder(name, tuple(folder), version)
        made.append(base)
    target = None if options.follow_path else base
    return Merge(rows, options.mode, culture, version, [*holders, *made], target, base, made=made)


def _export_tables(ctx: Context, device: str, tables: list[TableInfo]) -> Iterator[TableFile]:
    """Yield the tables one after the other, so that the portal is free in between."""
    session = ctx.session
    for number, table in enumerate(tables):
        ctx.progress.report(READ + 15 * number / len(tables), f"Reading {table.name}")
        yield session.call(partial(tag_tables.table_file, session, device, table.name))


def _put(ctx: Context, device: str, changed: list[Holder]) -> None:
    session, progress = ctx.session, ctx.progress
    files = []
    for number, holder in enumerate(changed):
        progress.report(50 + 15 * number / len(changed), f"Writing {holder.name}")
        files.append(holder.file())
    session.call(
        lambda: tag_tables.replace_all(
            session, device, files, lambda share, text: progress.report(65 + 34 * share, text)
        )
    )
