"""Transfers commits to and from a repository in a folder of this computer.

Git's own way starts a second git there, which would read that repository's settings and run its hooks. Here the objects are
packed by a git in one repository and unpacked by a git in the other, each with the settings of this service.
"""

from __future__ import annotations

from pathlib import Path

from engineering_api.features.source_control import git_folder
from engineering_api.features.source_control.git import Git
from openness_bridge.errors import Kind, Problem

_BRANCHES = "refs/heads/"


def fetch(own: Git, folder: Path, name: str) -> None:
    """Fetch all branches of the repository in a folder, as those of a remote.

    Raises:
        Problem: Git refuses that repository or what is in it.
    """
    other = open_remote(folder)
    prefix = f"refs/remotes/{name}/"
    theirs, known = _list_references(other, _BRANCHES), _list_references(own, prefix)
    _transfer(other, own, list(theirs.values()), list(known.values()))
    wanted = {prefix + reference.removeprefix(_BRANCHES): sha for reference, sha in theirs.items()}
    lines = [f"update {reference} {sha}\n" for reference, sha in wanted.items()]
    lines += [f"delete {reference}\n" for reference in known.keys() - wanted.keys()]
    own.must("update-ref", "--stdin", given="".join(lines).encode())


def push(own: Git, folder: Path, branch: str, sha: str) -> bool:
    """Send a branch to the repository in a folder. Returns whether it has no commits there that are missing here.

    Raises:
        Problem: Git refuses that repository, or the branch is checked out there.
    """
    other = open_remote(folder)
    reference = _BRANCHES + branch
    theirs = _list_references(other, _BRANCHES)
    old = theirs.get(reference, "")
    if old and own.run("merge-base", "--is-ancestor", old, sha).code:
        return False
    if not other.is_bare and other.run("symbolic-ref", "--quiet", "HEAD").text == reference:
        msg = f"'{branch}' is checked out in '{folder}': push to a bare repository, or check out another branch there."
        raise Problem("source_control.remote_checked_out", msg, kind=Kind.CONFLICT)
    _transfer(own, other, [sha], list(theirs.values()))
    other.must("update-ref", reference, sha, old or "0" * len(sha))
    return True


def open_remote(folder: Path) -> Git:
    """Return git in the repository of a folder, which is bare or has a work tree.

    Raises:
        Problem: It has links, or as `git_folder.require_plain`.
    """
    found = Git(folder, is_bare=(folder / "HEAD").is_file())
    git_folder.require_plain(found.git_folder)
    git_folder.require_no_links(found.git_folder)
    return found


def _list_references(git: Git, prefix: str) -> dict[str, str]:
    lines = git.must("for-each-ref", "--format=%(refname) %(objectname)", prefix).text.splitlines()
    return {reference: sha for reference, _, sha in (line.partition(" ") for line in lines)}


def _transfer(source: Git, target: Git, wanted: list[str], known: list[str]) -> None:
    """Copy commits with all that they need, without what the target has."""
    missing = [sha for sha in wanted if target.run("cat-file", "-e", f"{sha}^{{commit}}").code]
    if not missing:
        return
    common = [f"^{sha}" for sha in known if source.run("cat-file", "-e", f"{sha}^{{commit}}").code == 0]
    revisions = "".join(f"{each}\n" for each in (*missing, *common)).encode()
    pack = source.must("pack-objects", "--revs", "--stdout", "--thin", "--delta-base-offset", "-q", given=revisions)
    done = target.run("index-pack", "--stdin", "--fix-thin", "--strict", given=pack.output)
    if done.code:
        msg = f"Git refuses what '{source.folder}' has: {done.reason}. Correct it there."
        raise Problem("source_control.refused_objects", msg, kind=Kind.CONFLICT)
