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

from engineering_api.features.tags import tag_sheets
from engineering_api.features.tags.files.rows import ConstantRow, RowError, TagRow, TagSheet
from engineering_api.features.tags.files.workbook_in import Progress
from engineering_api.features.tags.tag_merge import Holder, Merge, Mode, holder_of
from engineering_api.features.tags.tag_sheets import RowProblem, Rows
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Model
from openness_bridge.errors import Problem
from openness_bridge.portal.bulk import no_garbage_search
from openness_bridge.program import tag_tables
from openness_bridge.program.tag_tables import TableFile, TableInfo
from openness_bridge.project import texts

READ = 30
"""Percent of the work that reading the file is."""
NOT_TRIED = (
    "tag.not_tried",
    "Not imported: too many other rows were refused to find out whether this one is right. Mend those and import again.",
)


@dataclass(frozen=True, slots=True)
class Options:
    """How to import.

    Attributes:
        table: The table of the request, or None for the PLC's default table.
        follow_path: Whether rows that name a table go there; otherwise all go to the table of the request.
        partial: Whether the good rows are imported although others have errors.
        dry_run: Whether nothing is changed and only told what would be.
    """

    table: str | None
    follow_path: bool
    mode: Mode = "update"
    partial: bool = False
    dry_run: bool = False


class TagImportReport(Model):
    """What an import did.

    Attributes:
        created: Tags and constants that are new.
        updated: Those that were changed.
        unchanged: Those that were as their row says.
        skipped: Those that were left as they are, with the mode skip.
        tables: The tables that were changed or made, with their folders.
        errors: The rows that were left out, with partial.
        dry_run: Nothing was changed; the figures say what would be.
    """

    created: int
    updated: int
    unchanged: int
    skipped: int
    tables: list[str]
    errors: list[RowProblem]
    dry_run: bool


def require_target(ctx: Context, device: str, table: str | None) -> None:
    """Refuse an import early, before a large file is read.

    Raises:
        Problem: No project, no such PLC, or no such table.
    """
    session = ctx.session
    session.call(lambda: tag_tables.find_or_default(session, device, table))


def reading(ctx: Context, what: str) -> Progress:
    """Return the progress of reading a file."""
    return lambda done, of: ctx.progress.report(READ * done / max(of, 1), f"Reading {what}")


@no_garbage_search()
def run(ctx: Context, device: str, rows: Rows, options: Options) -> TagImportReport:
    """Import rows. In a worker thread.

    Raises:
        Problem: Rows have errors and partial is not set, or TIA Portal refuses; then nothing is changed.
        Cancelled: The job was asked to stop; then nothing is changed, but for parts that were imported already with partial.
    """
    return _imported(ctx, device, rows, options, Attempts())


@dataclass(slots=True)
class Attempts:
    """How often an import may be tried again with fewer rows.

    TIA Portal refuses a table as a whole and does not say which rows it means, so they are found by halving.
    """

    left: int = 200


def _imported(ctx: Context, device: str, rows: Rows, options: Options, attempts: Attempts) -> TagImportReport:
    merge = _prepared(ctx, device, rows, options)
    ctx.progress.report(READ + 15, "Comparing")
    merge.run()
    errors = [*rows.sheet.errors, *merge.errors]
    if errors and not options.partial:
        raise tag_sheets.refusal(errors)
    changed = merge.changed()
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
        errors=tag_sheets.listed(errors),
        dry_run=options.dry_run,
    )


def _without(rows: Rows, errors: list[RowError]) -> Rows:
    """Return the rows that have no error themselves, with the errors of the others."""
    wrong = {(error.sheet, error.row) for error in errors}
    tags = [row for row in rows.sheet.tags if (rows.origin.tags, row.row) not in wrong]
    constants = [row for row in rows.sheet.constants if (rows.origin.constants, row.row) not in wrong]
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
            errors=tag_sheets.listed([*rows.sheet.errors, *refused]),
        )
    first, second = every[: len(every) // 2], every[len(every) // 2 :]
    reports = [
        _imported(ctx, device, _only(rows, first, rows.sheet.errors), options, attempts),
        _imported(ctx, device, _only(rows, second, []), options, attempts),
    ]
    return TagImportReport(
        created=sum(each.created for each in reports),
        updated=sum(each.updated for each in reports),
        unchanged=sum(each.unchanged for each in reports),
        skipped=sum(each.skipped for each in reports),
        tables=list(dict.fromkeys(table for each in reports for table in each.tables)),
        errors=[error for each in reports for error in each.errors],
        dry_run=False,
    )


def _only(rows: Rows, chosen: list[TagRow | ConstantRow], errors: list[RowError]) -> Rows:
    tags = [row for row in chosen if isinstance(row, TagRow)]
    constants = [row for row in chosen if isinstance(row, ConstantRow)]
    return replace(rows, sheet=TagSheet(tags, constants, errors))


def _prepared(ctx: Context, device: str, rows: Rows, options: Options) -> Merge:
    session = ctx.session

    def ask() -> tuple[list[TableInfo], str, str]:
        table, _ = tag_tables.find_or_default(session, device, options.table)
        return tag_tables.list_tables(session, device), texts.editing_culture(session), str(table.Name)

    tables, culture, name = session.call(ask)
    holders = [holder_of(file) for file in _exported(ctx, device, tables)]
    base = next(holder for holder in holders if holder.name == name)
    target = None if options.follow_path else base
    return Merge(rows, options.mode, culture, f"V{session.model.version}", holders, target, base)


def _exported(ctx: Context, device: str, tables: list[TableInfo]) -> Iterator[TableFile]:
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
