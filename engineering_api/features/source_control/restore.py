"""Restores files of a commit in the open project: one, or all that differ."""

from __future__ import annotations

from engineering_api.features.change_list import Change, ChangeStatus
from engineering_api.features.source_control import export, history, open_project
from engineering_api.features.source_control.export import Export
from engineering_api.features.source_control.file_changes import kind_of
from engineering_api.features.source_control.importing import IncomingFile, Restore, errors
from engineering_api.features.source_control.layout import HARDWARE, PROGRAM, Item, check_path, item_at
from engineering_api.features.source_control.model import ProjectRestored, RestoreAction, RestoredItem
from engineering_api.features.source_control.repository import Repository
from engineering_api.operations.context import Context
from openness_bridge.errors import Detail, Kind, Place, Problem

_STATUSES: dict[RestoreAction, ChangeStatus] = {
    "Imported": "created",
    "Created": "created",
    "Deleted": "deleted",
    "Kept": "left out",
    "Failed": "refused",
}


def file(ctx: Context, revision: str, path: str, device: str | None) -> ProjectRestored:
    """Restore one file of a commit in the project. From a worker thread.

    Args:
        ctx: The run.
        revision: The commit.
        path: The file.
        device: The PLC that it goes to; by default the one that it is of.

    Raises:
        Problem: There is no such commit or file, it is no object, or TIA Portal refuses it; then nothing changed.
    """
    found = open_project.repository(ctx)
    sha, path = found.commit(revision), check_path(path)
    item, content = item_at(path), history.read(found, sha, path)
    if content is None:
        msg = f"There is no file '{path}' in that commit."
        raise Problem("source_control.no_file", msg, kind=Kind.MISSING, place=Place(path=path))
    if item is None:
        msg = f"'{path}' is not an object of a project: name a file below {', '.join((*PROGRAM, HARDWARE))}."
        raise Problem("source_control.not_restorable", msg, place=Place(path=path))
    if device is not None and item.domain != HARDWARE:
        item = Item(item.domain, device, item.folder, item.name)
    run = Restore(
        ctx.session,
        [IncomingFile(path, item, content)],
        [],
        False,
        lambda part, text: ctx.progress.report(100 * part, text),
        trial=ctx.trial,
    )
    items = ctx.session.call(run.run)
    for kept in (each.error for each in items if each.error):
        raise Problem(kept.code, kept.message, kind=Kind.CONFLICT, place=kept.place)
    changes = [_change(each, item, run.present, content) for each in items]
    return ProjectRestored(commit_sha=sha, failed=0, unchanged=0, items=items, changes=changes)


def restore_all(
    ctx: Context, revision: str, device: str | None, *, each: bool, delete: bool, compile_after: bool, force: bool
) -> ProjectRestored:
    """Bring the project to the state of a commit. From a worker thread.

    The project is exported first: only files that differ are imported, and only objects that an export knows can go.

    Args:
        ctx: The run.
        revision: The commit or branch.
        device: Only this PLC or station.
        each: Whether every item is for itself; otherwise all or none.
        delete: Whether objects go that the commit has not.
        compile_after: Whether the programs are compiled, and read again to compare them with the commit.
        force: Whether changes of the project that are in no commit may be lost.

    Raises:
        Problem: There is no such commit, changes would be lost, or with all or none something is refused.
    """
    found = open_project.repository(ctx)
    sha = found.commit(revision)
    wanted = _select_items(found, sha, device)
    if device is not None and not wanted:
        msg = f"That commit has nothing of a PLC or station '{device}'."
        raise Problem("source_control.no_device", msg, kind=Kind.MISSING).at(device=device)
    exported = export.export(ctx, share=40)
    with found.lock:
        tree = open_project.write_export(found, exported)
        if not force:
            _require_readable(exported.waiting)
            found.require_committed(tree, sha)
    ctx.progress.check()
    unreadable = _unreadable(exported)
    puts, drops = _difference(found, tree, sha, device, exported, wanted)
    run = Restore(
        ctx.session,
        puts,
        drops if delete else [],
        each,
        lambda part, text: ctx.progress.report(40 + 20 * part, text),
        trial=ctx.trial,
    )
    items = ctx.session.call(run.run) + [
        RestoredItem(path=path, action="Kept", objects=[], error=why)
        for path, why in unreadable.items()
        if path in wanted
    ]
    failed = len(list(errors(items)))
    same = wanted.keys() - {put.path for put in puts} - unreadable.keys()
    contents = exported.files | {put.path: put.content for put in puts}
    named = wanted | dict(drops)
    changes = [_change(each, named[each.path], run.present, contents.get(each.path, b"")) for each in items]
    changes += [
        Change(wanted[path].name, kind_of(wanted[path], contents.get(path, b"")), "unchanged", path) for path in same
    ]
    answer = ProjectRestored(
        commit_sha=sha,
        failed=failed,
        unchanged=len(same),
        items=items,
        changes=sorted(changes, key=lambda change: change.file),
    )
    if compile_after and not ctx.trial:
        _verify(ctx, found, answer, device)
    if device is None and not failed and delete and not ctx.trial:
        found.mark_restored(sha)
    return answer


def _change(done: RestoredItem, item: Item, present: set[str], content: bytes) -> Change:
    """Return what became of an object of a commit, or of one that is not in it.

    Args:
        done: How the restore ended for it.
        item: It.
        present: Paths of what came in place of an object that was there.
        content: Its file.
    """
    status = "replaced" if done.action == "Imported" and done.path in present else _STATUSES[done.action]
    kind = kind_of(item, content)
    if done.error is None:
        return Change(item.name, kind, status, done.path)
    return Change(
        item.name, kind, status, done.path, reason=done.error.message, code=done.error.code, place=done.error.place
    )


def _verify(ctx: Context, found: Repository, answer: ProjectRestored, device: str | None) -> None:
    """Compile, read the project again, and note what is not as in the commit."""
    session = ctx.session
    ctx.progress.report(60, "Compiling the programs")
    try:
        answer.compile_errors = session.call(lambda: export.compile_programs(session, export.programs(session)))
    except Problem as problem:
        answer.compile_errors = [problem.message]
    exported = export.export(ctx, share=100)
    with found.lock:
        tree = open_project.write_export(found, exported)
    changes = [(each.file_path, item_at(each.file_path)) for each in found.changes(answer.commit_sha, tree)]
    answer.differences = [path for path, item in changes if item is not None and _is_of(item, device)]


def _difference(
    found: Repository, tree: str, sha: str, device: str | None, exported: Export, wanted: dict[str, Item]
) -> tuple[list[IncomingFile], list[tuple[str, Item]]]:
    """Return what has to come and to go, so that a tree becomes that of a commit.

    PLCs that the commit does not know stay as they are, and so does what TIA Portal does not export.
    """
    puts: list[IncomingFile] = []
    drops: list[tuple[str, Item]] = []
    present = set(history.paths(found, tree))
    unreadable = _unreadable(exported)
    devices = {item.device for item in wanted.values()}
    changed = {each.file_path for each in found.changes(tree, sha)}
    for path, item in wanted.items():
        if path not in unreadable and (path in changed or path in exported.kept):
            content = history.read(found, sha, path)
            puts.append(IncomingFile(path, item, content or b""))
    for path in sorted(present - wanted.keys() - exported.kept):
        extra = item_at(path)
        if extra is not None and _is_of(extra, device) and (extra.domain == HARDWARE or extra.device in devices):
            drops.append((path, extra))
    return puts, drops


def _unreadable(exported: Export) -> dict[str, Detail]:
    """Return why TIA Portal does not export some objects, by their paths."""
    return {each.place.path: each for each in exported.left_out if each.place and each.place.path}


def _select_items(found: Repository, sha: str, device: str | None) -> dict[str, Item]:
    listed = ((path, item_at(path)) for path in history.paths(found, sha))
    return {path: item for path, item in listed if item is not None and _is_of(item, device)}


def _is_of(item: Item, device: str | None) -> bool:
    return device is None or item.device.casefold() == device.casefold()


def _require_readable(waiting: list[Detail]) -> None:
    if waiting:
        msg = (
            f"{len(waiting)} objects are inconsistent, so it is unknown whether they have changes that are in no "
            "commit: compile first, or set force to discard them."
        )
        raise Problem("source_control.inconsistent", msg, kind=Kind.CONFLICT, details=waiting)
