"""What the repository knows of earlier states: commits, differences, files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engineering_api.features.source_control.layout import PROGRAM, check_path
from engineering_api.features.source_control.model import (
    CommitInfo,
    FileAtCommit,
    FileDifference,
    FileStatus,
    ProgramChange,
    RepositoryDiff,
)
from engineering_api.features.source_control.repository import EMPTY_TREE, STATUSES, Repository
from openness_bridge.errors import Place, Problem
from simatic_xml import SimaticMLError
from simatic_xml.diff import diff as compared

WORKING = "WORKING"
LARGEST_PATCH = 4 << 20
"""Bytes of a patch that are answered."""
_FORMAT = "%H%x00%h%x00%an%x00%aI%x00%B"
_PARTS = 5
_COUNT = re.compile(r"^ (\d+) files? changed")


def log(repository: Repository, count: int, revision: str = "HEAD", path: str | None = None) -> list[CommitInfo]:
    """Return the commits that led to a state, newest first.

    Args:
        repository: Which.
        count: How many at most.
        revision: A commit or branch.
        path: Only those that changed this file or folder.

    Raises:
        Problem: There is no such commit; HEAD of an empty repository has none, and that is fine.
    """
    if revision == "HEAD" and repository.find("HEAD") is None:
        return []
    chosen = [f"--max-count={count}", repository.commit(revision), "--", *([check_path(path)] if path else [])]
    fields = repository.git.must("log", "-z", f"--format={_FORMAT}", *chosen).text
    counts = _files_changed(repository, chosen)
    parts = fields.split("\0")
    return [
        CommitInfo(
            sha=sha,
            short_sha=short,
            author=author,
            timestamp=moment,
            message=message.strip(),
            files_changed=counts.get(sha, 0),
        )
        for sha, short, author, moment, message in zip(*(parts[n::_PARTS] for n in range(_PARTS)), strict=False)
    ]


def one(repository: Repository, revision: str) -> CommitInfo:
    """Return a commit."""
    return log(repository, 1, revision)[0]


def diff(
    repository: Repository,
    before: str | None,
    after: str | None,
    path: str | None = None,
    *,
    explain: bool = False,
) -> RepositoryDiff:
    """Return what differs between two states.

    Args:
        repository: Which.
        before: A commit; by default the last one, or the parent where only `after` is given. The parent of the first
            commit, such as `8fbdf8d~1`, is the empty state.
        after: A commit, or WORKING; by default the work tree, or HEAD where only `before` is given.
        path: Only this file or folder.
        explain: Whether differences of SimaticML files are given in words of the program, too.

    Raises:
        Problem: There is no such commit or path.
    """
    to = after or ("HEAD" if before else WORKING)
    new = _tree(repository, to)
    old = _parent(repository, to) if before is None else _before(repository, before)
    only = ["--", *([check_path(path)] if path else [])]
    command = ["diff-tree", "-r", "-M", "--no-ext-diff", "--no-textconv"]
    found = repository.git.must(*command, "--patch", old, new, *only, cut=LARGEST_PATCH)
    files = _files(repository, [*command, "-z"], [old, new, *only])
    if explain:
        files = [_explain(repository, each, old, new) for each in files]
    return RepositoryDiff(
        from_sha="" if old == EMPTY_TREE else _resolve(repository, before) if before else old,
        to_sha=_resolve(repository, to),
        patch=found.output.decode("utf-8", "replace"),
        is_truncated=found.is_cut,
        files=files,
    )


def content(repository: Repository, revision: str, path: str) -> FileAtCommit:
    """Return a file of a state.

    Raises:
        Problem: There is no such commit, or the file is no text.
    """
    path = check_path(path)
    if revision == "HEAD" and repository.find("HEAD") is None:
        return FileAtCommit(content=None)
    data = read(repository, _tree(repository, revision), path)
    try:
        return FileAtCommit(content=None if data is None else data.decode())
    except UnicodeDecodeError:
        msg = f"'{path}' is not text in UTF-8 and cannot be answered as such."
        raise Problem("source_control.not_text", msg, place=Place(path=path)) from None


def read(repository: Repository, tree: str, path: str) -> bytes | None:
    """Return a file of a tree or commit, or None where it has none of that path."""
    found = repository.git.run("cat-file", "blob", f"{tree}:{path}")
    return found.output if found.code == 0 else None


def paths(repository: Repository, tree: str) -> list[str]:
    """Return the paths of all files of a tree or commit."""
    return repository.git.must("ls-tree", "-r", "-z", "--name-only", tree).fields


def _tree(repository: Repository, revision: str) -> str:
    if revision.upper() != WORKING:
        return repository.commit(revision)
    with repository.lock:
        return repository.stage()


def _before(repository: Repository, revision: str) -> str:
    """Return the tree of a commit. Clients ask for the parent of each commit, and the first one has none."""
    child, is_parent, _ = revision.rpartition("~1")
    if is_parent and revision.endswith("~1") and repository.find(revision) is None:
        return _parent(repository, child)
    return _tree(repository, revision)


def _parent(repository: Repository, revision: str) -> str:
    """Return what a state is compared with by default: the work tree with the last commit, a commit with its parent."""
    if revision.upper() == WORKING:
        return repository.find("HEAD") or EMPTY_TREE
    return repository.find(f"{repository.commit(revision)}~1") or EMPTY_TREE


def _resolve(repository: Repository, revision: str) -> str:
    return WORKING if revision.upper() == WORKING else repository.commit(revision)


def _files_changed(repository: Repository, chosen: list[str]) -> dict[str, int]:
    command = ["log", "--format=%H", "--shortstat", "--diff-merges=first-parent"]
    counts: dict[str, int] = {}
    sha = ""
    for line in repository.git.must(*command, *chosen).text.splitlines():
        if found := _COUNT.match(line):
            counts[sha] = int(found[1])
        elif line:
            sha = line
    return counts


def _files(repository: Repository, command: list[str], compared_with: list[str]) -> list[FileDifference]:
    """Return status and lines of each file: two lists of git's in the same order."""
    names = list(_statuses(iter(repository.git.must(*command, "--name-status", *compared_with).fields)))
    lines = _lines(iter(repository.git.must(*command, "--numstat", *compared_with).fields))
    return [
        FileDifference(path=path, status=status, old_path=old, lines_added=added, lines_deleted=deleted)
        for (path, status, old), (added, deleted) in zip(names, lines, strict=True)
    ]


def _statuses(fields: Iterator[str]) -> Iterator[tuple[str, FileStatus, str | None]]:
    for status in fields:
        old = next(fields) if status.startswith("R") else None
        yield next(fields), STATUSES.get(status[0], "Modified"), old


def _lines(fields: Iterator[str]) -> Iterator[tuple[int, int]]:
    """Yield added and deleted lines; git prints - for what is no text, and two more fields for a renamed file."""
    for entry in fields:
        added, deleted, path = entry.split("\t", 2)
        if not path:
            next(fields), next(fields)
        yield int(added) if added.isdigit() else 0, int(deleted) if deleted.isdigit() else 0


def _explain(repository: Repository, file: FileDifference, old: str, new: str) -> FileDifference:
    before, after = read(repository, old, file.old_path or file.path), read(repository, new, file.path)
    if before is None or after is None or file.path.partition("/")[0] not in PROGRAM:
        return file
    try:
        found = compared(before, after)
    except SimaticMLError:
        return file
    file.changes = [
        ProgramChange(path=each.path, kind=each.kind.value, network=each.network, text=str(each)) for each in found
    ]
    return file
