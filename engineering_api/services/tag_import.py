"""Imports tags and constants into a PLC: checked against what is there, then all at once.

TIA Portal makes one tag by one call into another process, which takes hours for
100,000 of them. So the tables are exported, changed in memory, and imported in
their places: one call for each table, inside one transaction. Reading and
comparing do not hold the portal. Facts: openness-map, rows 98 to 100.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from engineering_api.context import Context
from engineering_api.operation import Model
from engineering_api.services import tag_sheets
from engineering_api.services.tag_merge import Holder, Merge, Mode, holder_of
from engineering_api.services.tag_sheets import RowProblem, Rows
from engineering_api.tag_files.workbook_in import Progress
from openness_bridge import tag_tables, texts
from openness_bridge.bulk import no_garbage_search
from openness_bridge.tag_tables import TableFile, TableInfo

READ = 30
"""Percent of the work that reading the file is."""


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
    """Progress of reading a file."""
    return lambda done, of: ctx.progress.report(READ * done / max(of, 1), f"Reading {what}")


@no_garbage_search()
def run(ctx: Context, device: str, rows: Rows, options: Options) -> TagImportReport:
    """Import rows. In a worker thread.

    Raises:
        Problem: Rows have errors and partial is not set, or TIA Portal refuses; then nothing is changed.
        Cancelled: The job was asked to stop; then nothing is changed.
    """
    merge = _prepared(ctx, device, rows, options)
    ctx.progress.report(READ + 15, "Comparing")
    merge.run()
    errors = [*rows.sheet.errors, *merge.errors]
    if errors and not options.partial:
        raise tag_sheets.refusal(errors)
    changed = merge.changed()
    if changed and not options.dry_run:
        _put(ctx, device, changed)
    counts = merge.counts
    return TagImportReport(created=counts.created, updated=counts.updated, unchanged=counts.unchanged,
                           skipped=counts.skipped, tables=[str(holder) for holder in changed],
                           errors=tag_sheets.listed(errors), dry_run=options.dry_run)  # fmt: skip


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
    """The tables one after the other, so that the portal is free in between."""
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
