"""Branches: listed, made, checked out, deleted, merged. A merge is whole, or changes nothing."""

from __future__ import annotations

from engineering_api.features.source_control import canonical, file_changes, layout
from engineering_api.features.source_control.model import Branch, Merged
from engineering_api.features.source_control.repository import Repository
from openness_bridge.errors import Detail, Kind, Place, Problem

_FORMAT = "%(refname)%00%(objectname)%00%(contents:subject)%00"
_LOCAL, _REMOTE = "refs/heads/", "refs/remotes/"


def list_branches(repository: Repository) -> list[Branch]:
    """Return the branches of this repository, then those of remotes; the current one before its first commit, too."""
    current = repository.branch()
    fields = repository.git.must("for-each-ref", f"--format={_FORMAT}", _LOCAL, _REMOTE).output.decode(
        "utf-8", "replace"
    )
    parts = fields.split("\0")[:-1]
    found = [
        _branch(name.lstrip("\n"), sha, subject, current)
        for name, sha, subject in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    ]
    if current and all(each.name != current for each in found):
        found.insert(0, _branch(_LOCAL + current, "", "", current))
    return found


def create(repository: Repository, name: str) -> Branch:
    """Make a branch at the last commit, without checking it out.

    Raises:
        Problem: The name is none for a branch, or taken; or there is no commit.
    """
    _require_name(repository, name)
    if repository.find(_LOCAL + name):
        msg = f"There is a branch '{name}' already: choose another name, or check it out."
        raise Problem("source_control.branch_exists", msg, kind=Kind.CONFLICT).at(object=name)
    if repository.find("HEAD") is None:
        msg = "A branch starts at a commit, and there is none yet: commit first."
        raise Problem("source_control.no_commit", msg, kind=Kind.CONFLICT)
    done = repository.git.run("branch", "--no-track", "--", name, "HEAD")
    if done.code:
        raise Problem("source_control.branch_refused", f"Git refuses the branch '{name}': {done.reason}.").at(
            object=name
        )
    return _find_local(repository, name)


def checkout(repository: Repository, name: str, *, force: bool) -> Branch:
    """Make a branch the current one and the work tree its content; a remote's branch of that name is followed.

    Raises:
        Problem: There is no such branch, or changes would be lost and force is not set.
    """
    _require_name(repository, name)
    start = _start(repository, name)
    if start == _LOCAL + (repository.branch() or "") and repository.find("HEAD") is None:
        return _find_local(repository, name)
    if not force and repository.find("HEAD"):
        repository.require_committed(repository.stage())
    chosen = start.removeprefix(_LOCAL)
    repository.require_plain_tree(start)
    arguments = ["--no-track", "-B", name.partition("/")[2], start] if start.startswith(_REMOTE) else [chosen]
    repository.git.must("checkout", "--quiet", "--force", *arguments, "--")
    return _find_local(repository, repository.on_branch())


def delete(repository: Repository, name: str, *, force: bool) -> Branch:
    """Delete a branch; returns what it was.

    Raises:
        Problem: There is no such branch, it is the current one, or it has commits that the current one has not and
            force is not set.
    """
    _require_name(repository, name)
    sha = _require(repository, name)
    if name == repository.branch():
        msg = f"'{name}' is the current branch: check out another one first."
        raise Problem("source_control.branch_current", msg, kind=Kind.CONFLICT).at(object=name)
    if not force and repository.git.run("merge-base", "--is-ancestor", sha, "HEAD").code:
        msg = f"'{name}' has commits that the current branch has not: merge it first, or set force to lose them."
        raise Problem("source_control.branch_not_merged", msg, kind=Kind.CONFLICT).at(object=name)
    gone = _find_local(repository, name)
    repository.git.must("branch", "--quiet", "-D", "--", name)
    return gone


def merge(repository: Repository, revision: str, name: str, *, trial: bool = False) -> Merged:
    """Merge a commit into the current branch.

    Files that both sides changed in different places are merged by lines and then written again, so that they are what
    an export would have written.

    Args:
        repository: Which.
        revision: Id of the commit.
        name: What the message calls it.
        trial: Whether everything is as it was afterwards, and the answer is the plan.

    Raises:
        Problem: Changes would be lost, or both sides changed the same; then everything is as it was.
    """
    branch = repository.on_branch()
    repository.require_committed(repository.stage())
    repository.clean()
    repository.require_plain_tree(revision)
    before = repository.commit("HEAD")
    done = repository.git.run(
        "merge",
        "--no-commit",
        "--no-verify",
        "--allow-unrelated-histories",
        *(["--no-ff"] if trial else []),
        revision,
        environment=repository.identity(),
    )
    try:
        _require_merged(repository, done.code, done.reason)
        after = _settle(repository, before, revision)
        changes = file_changes.incoming(repository, before, revision, after)
        if trial:
            repository.clean()
        elif (repository.folder / ".git" / "MERGE_HEAD").exists():
            repository.record(f"Merge {name} into {branch}")
    except BaseException:
        repository.clean()
        raise
    sha = repository.commit("HEAD")
    files = [change.file_path for change in repository.changes(before, after)]
    if trial and files:
        text = f"Nothing was merged. {name} would change files of {branch}: {len(files)}."
    elif sha == before:
        text = f"{branch} has {name} already."
    else:
        text = f"Merged {name} into {branch}: files changed: {len(files)}."
    return Merged(message=text, branch=branch, sha=sha, files=files, changes=changes)


def _require_merged(repository: Repository, code: int, reason: str) -> None:
    conflicts = sorted(set(repository.git.must("diff", "--name-only", "-z", "--diff-filter=U").fields))
    if conflicts:
        details = [
            Detail("source_control.conflict", f"Both sides changed '{path}'.", Place(path=path)) for path in conflicts
        ]
        msg = f"Nothing was merged, because both sides changed the same ({len(conflicts)}): {', '.join(conflicts[:5])}."
        raise Problem("source_control.conflict", msg, kind=Kind.CONFLICT, details=details)
    if code:
        raise Problem("source_control.merge_refused", f"Git refuses the merge: {reason}.", kind=Kind.CONFLICT)


def _settle(repository: Repository, before: str, revision: str) -> str:
    """Give the merged objects their canonical text; one that is none any more is a conflict. Returns the tree."""
    after = repository.stage()
    both = {each.file_path for each in repository.changes(before, after)} & {
        each.file_path for each in repository.changes(revision, after)
    }
    for path in sorted(both):
        file = repository.folder / path
        item = layout.item_at(path)
        if item is None or not file.is_file():
            continue
        try:
            file.write_bytes(canonical.text_of(item, file.read_bytes()))
        except Problem as problem:
            msg = f"Both sides changed '{path}', and together they make no usable file: {problem.message}"
            place = Place(path=path)
            raise Problem(
                "source_control.conflict",
                msg,
                kind=Kind.CONFLICT,
                place=place,
                details=[Detail("source_control.conflict", msg, place)],
            ) from problem
    return repository.stage()


def _start(repository: Repository, name: str) -> str:
    """Return where a branch that a client names is."""
    if repository.find(_LOCAL + name) or name == repository.branch():
        return _LOCAL + name
    if repository.find(_REMOTE + name):
        short = _LOCAL + name.partition("/")[2]
        return short if repository.find(short) else _REMOTE + name
    _require(repository, name)
    return _LOCAL + name


def _require(repository: Repository, name: str) -> str:
    found = repository.find(_LOCAL + name)
    if found is None:
        msg = f"There is no branch '{name}': GET /api/source-control/branches lists them."
        raise Problem("source_control.no_branch", msg, kind=Kind.MISSING).at(object=name)
    return found


def _require_name(repository: Repository, name: str) -> None:
    if (
        name.startswith("-")
        or "\0" in name
        or name in ("HEAD", "")
        or repository.git.run("check-ref-format", _LOCAL + name).code
    ):
        msg = f"'{name}' cannot name a branch: use letters, digits, - and /, without blanks."
        raise Problem("source_control.bad_branch", msg, kind=Kind.INVALID).at(object=name)


def _find_local(repository: Repository, name: str) -> Branch:
    return next(each for each in list_branches(repository) if each.name == name and not each.is_remote)


def _branch(reference: str, sha: str, subject: str, current: str | None) -> Branch:
    remote = reference.startswith(_REMOTE)
    name = reference.removeprefix(_REMOTE if remote else _LOCAL)
    return Branch(
        name=name,
        is_current_branch=not remote and name == current,
        is_remote=remote,
        last_commit_sha=sha,
        last_commit_message=subject,
    )
