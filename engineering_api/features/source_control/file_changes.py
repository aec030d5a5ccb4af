"""Lists what the difference of two states does to each object: as what a merge brings, and as what a restore changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engineering_api.features.change_list import Change, ChangeStatus
from engineering_api.features.source_control import history
from engineering_api.features.source_control.layout import HARDWARE, Item, item_at
from engineering_api.features.source_control.model import ChangedFile, FileStatus
from engineering_api.features.source_control.repository import Repository

SAME = "It is so here already."
_BLOCK = re.compile(rb"<SW\.Blocks\.(\w+)")
_KINDS = {
    "udts": "UDT",
    "tags": "TagTable",
    "watch": "WatchTable",
    "technology": "TechnologicalInstanceDB",
    HARDWARE: "Station",
}
_STATUSES: dict[FileStatus, ChangeStatus] = {
    "Added": "created",
    "Modified": "replaced",
    "Deleted": "deleted",
    "Renamed": "created",
}


def kind_of(item: Item, content: bytes) -> str:
    """Return the kind of an object: of a block by its file, of others by their folder; empty where that is not known."""
    if item.domain != "blocks":
        return _KINDS[item.domain]
    found = _BLOCK.search(content)
    return found[1].decode() if found else ""


def between(repository: Repository, before: str, after: str) -> list[Change]:
    """Return what becomes of each file between two trees or commits; a renamed one is deleted and created."""
    changed = repository.changes(before, after)
    return sorted(_changes(repository, changed, before, after), key=lambda change: change.file)


def incoming(repository: Repository, before: str, revision: str, after: str) -> list[Change]:
    """Return what a merge of a commit does, with the files that the other side changed and that are the same here.

    Args:
        repository: Which.
        before: The commit that it was merged into.
        revision: The merged commit.
        after: The tree that the merge made.
    """
    listed = between(repository, before, after)
    base = repository.merge_base(before, revision)
    known = {change.file for change in listed}
    same = [each for each in repository.changes(base, revision) if each.file_path not in known]
    listed += [_change(repository, each.file_path, "unchanged", after, SAME) for each in same]
    return sorted(listed, key=lambda change: change.file)


def _changes(repository: Repository, changed: list[ChangedFile], before: str, after: str) -> Iterator[Change]:
    for each in changed:
        if each.old_path is not None:
            yield _change(repository, each.old_path, "deleted", before, f"It is {each.file_path} now.")
        reason = f"It was {each.old_path} before." if each.old_path is not None else ""
        tree = before if each.status == "Deleted" else after
        yield _change(repository, each.file_path, _STATUSES[each.status], tree, reason)


def _change(repository: Repository, path: str, status: ChangeStatus, tree: str, reason: str = "") -> Change:
    item = item_at(path)
    if item is None:
        return Change(path.rpartition("/")[2], "", status, path, reason=reason)
    content = history.read(repository, tree, path) if item.domain == "blocks" else None
    return Change(item.name, kind_of(item, content or b""), status, path, reason=reason)
