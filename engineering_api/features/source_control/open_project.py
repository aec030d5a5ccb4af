"""Source control of the open project: its repository, and its exports."""

from __future__ import annotations

from engineering_api.features.source_control import history
from engineering_api.features.source_control.export import Export, export
from engineering_api.features.source_control.model import Committed, RepositoryStatus
from engineering_api.features.source_control.repositories import Repositories
from engineering_api.features.source_control.repository import EMPTY_TREE, Repository
from engineering_api.operations.context import Context
from engineering_api.storage.clock import now
from openness_bridge.errors import Kind, Problem

LONGEST_MESSAGE = 64 << 10


def any_repository(ctx: Context) -> Repository:
    """Return the repository of the open project, which may not be initialized. From a worker thread.

    Raises:
        Problem: There is no project.
    """
    session = ctx.session
    return ctx.service.part(Repositories).of(session.call(lambda: str(session.project.Path.FullName)))


def repository(ctx: Context) -> Repository:
    """Return the repository of the open project.

    Raises:
        Problem: There is no project, or it has no repository.
    """
    return any_repository(ctx).require()


def initialize(ctx: Context) -> RepositoryStatus:
    """Make the repository where there is none."""
    found = any_repository(ctx)
    with found.lock:
        found.initialize()
    return status(found)


def status(found: Repository) -> RepositoryStatus:
    """Return what differs from the last commit, as of the last export."""
    if not found.is_initialized:
        return RepositoryStatus(is_initialized=False, changed_files_count=0, changes=[])
    with found.lock:
        changes = found.changes(found.tree("HEAD") or EMPTY_TREE, found.stage())
        last = next(iter(history.log(found, 1)), None)
        return RepositoryStatus(
            is_initialized=True,
            changed_files_count=len(changes),
            changes=changes,
            last_commit_sha=last.sha if last else None,
            last_commit_message=last.message if last else None,
            last_commit_date=last.timestamp if last else None,
            path=str(found.folder),
            branch=found.branch(),
            is_applied=found.is_applied(),
            left_out=found.left_out,
            exported_at=found.exported_at,
        )


def preview(ctx: Context, *, compile_first: bool) -> RepositoryStatus:
    """Export the project into the work tree, and say what differs from the last commit."""
    found = repository(ctx)
    exported = export(ctx, compile_first=compile_first)
    with found.lock:
        write_export(found, exported)
        return status(found)


def commit(ctx: Context, message: str, *, compile_first: bool, skip_inconsistent: bool, force: bool) -> Committed:
    """Export the project and commit it.

    Args:
        ctx: The run.
        message: What for.
        compile_first: Whether the programs are compiled before.
        skip_inconsistent: Whether objects that must be compiled first may stay as they are in the last commit.
        force: Whether what came in by checkout, merge or pull, and is not in the project, may be taken back.

    Raises:
        Problem: The message is none, something cannot be read yet, something would be taken back, or nothing changed.
    """
    found = repository(ctx)
    _require_message(message)
    found.on_branch()
    _require_applied(found, force=force)
    exported = export(ctx, compile_first=compile_first, share=90)
    if exported.waiting and not skip_inconsistent:
        names = ", ".join(str(each.place.object) for each in exported.waiting[:5] if each.place)
        msg = (
            f"{len(exported.waiting)} objects are inconsistent and cannot be read ({names}): compile first, or set "
            "compile; skipInconsistent leaves them as they are in the last commit."
        )
        raise Problem("source_control.inconsistent", msg, kind=Kind.CONFLICT, details=exported.waiting)
    ctx.progress.report(95, "Committing")
    with found.lock:
        _require_applied(found, force=force)
        write_export(found, exported)
        changes = found.changes(found.tree("HEAD") or EMPTY_TREE, found.stage())
        if not changes:
            msg = f"There is nothing to commit: the project is as in the last commit.{_skipped(exported)}"
            raise Problem("source_control.nothing_to_commit", msg, kind=Kind.CONFLICT)
        sha = found.record_project(message)
        return Committed(
            message=f"Committed.{_skipped(exported)}",
            commit=history.one(found, sha),
            branch=found.on_branch(),
            changes=changes,
            left_out=found.left_out,
        )


def _skipped(exported: Export) -> str:
    """Return a sentence about the objects that stay as they are in the last commit; empty where there are none."""
    if not exported.waiting:
        return ""
    names = ", ".join(str(each.place.object) for each in exported.waiting[:5] if each.place)
    more = ", …" if len(exported.waiting) > 5 else ""
    return f" As in the last commit, because not compiled: {names}{more}."


def write_export(found: Repository, exported: Export) -> str:
    """Make an export the work tree; returns its tree. Under the repository's lock."""
    found.write(exported.files, exported.kept)
    found.left_out, found.exported_at = exported.left_out + exported.waiting, now()
    return found.stage()


def _require_message(message: str) -> None:
    if not message.strip() or len(message.encode("utf-8", "replace")) > LONGEST_MESSAGE or "\0" in message:
        msg = f"A commit needs a message that says what for, of at most {LONGEST_MESSAGE >> 10} KB."
        raise Problem("source_control.no_message", msg, kind=Kind.INVALID)


def _require_applied(found: Repository, *, force: bool) -> None:
    if not (force or found.is_applied()):
        msg = (
            "The last commit of this branch came in by checkout, merge or pull and is not in the project, so this "
            "commit would reverse it: import it with POST /api/source-control/restore-all, or set force."
        )
        raise Problem("source_control.not_applied", msg, kind=Kind.CONFLICT)
