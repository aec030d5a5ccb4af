"""Other repositories, to push to and to pull from: on a server, or in a folder that the administrator allows."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from engineering_api.features.source_control import branches, file_changes, folder_remotes
from engineering_api.features.source_control.git import REMOTE_LIMIT, Outcome
from engineering_api.features.source_control.model import Merged, Pushed, RemoteRepository
from engineering_api.features.source_control.remote_places import RemotePlaces, require_no_login
from engineering_api.features.source_control.repository import EMPTY_TREE, Repository
from openness_bridge.errors import Kind, Problem

log = logging.getLogger(__name__)
ORIGIN = "origin"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_TRACKED = "refs/remotes"


def list_remotes(repository: Repository) -> list[RemoteRepository]:
    """Return all remotes."""
    listed = repository.git.run("config", "--local", "-z", "--get-regexp", r"^remote\..*\.url$").fields
    pairs = (each.partition("\n") for each in listed)
    return [RemoteRepository(name=key.removeprefix("remote.").removesuffix(".url"), url=url) for key, _, url in pairs]


def add(repository: Repository, name: str, url: str, places: RemotePlaces) -> RemoteRepository:
    """Add a remote; it is not contacted.

    Raises:
        Problem: The name is taken or none, or the URL is of a kind that is not used, or not allowed.
    """
    if not _NAME.fullmatch(name) or name.endswith((".lock", ".")) or ".." in name:
        msg = f"'{name}' cannot name a remote: use letters, digits, _ and -."
        raise Problem("source_control.bad_remote", msg, kind=Kind.INVALID).at(object=name)
    kept = places.check(url)
    with repository.lock:
        if any(each.name == name for each in list_remotes(repository)):
            msg = f"There is a remote '{name}' already: delete it first, or choose another name."
            raise Problem("source_control.remote_exists", msg, kind=Kind.CONFLICT).at(object=name)
        repository.git.must("config", "--local", f"remote.{name}.url", kept)
        repository.git.must("config", "--local", f"remote.{name}.fetch", f"+refs/heads/*:{_TRACKED}/{name}/*")
    return RemoteRepository(name=name, url=kept)


def remove(repository: Repository, name: str) -> RemoteRepository:
    """Forget a remote with everything fetched from it.

    Raises:
        Problem: The name is unknown.
    """
    gone = _require(repository, name)
    prefix = f"{_TRACKED}/{gone.name}/"
    tracked = repository.git.must("for-each-ref", "--format=delete %(refname)", prefix).output
    repository.git.must("update-ref", "--stdin", given=tracked)
    repository.git.must("config", "--local", "--remove-section", f"remote.{gone.name}")
    return gone


def push(repository: Repository, name: str | None, places: RemotePlaces, user: str, password: str) -> Pushed:
    """Send the current branch to a remote.

    Raises:
        Problem: No such remote, nothing to send, the remote has commits that are missing here, or it refuses.
    """
    remote = _require(repository, name or ORIGIN)
    branch = repository.on_branch()
    sha = repository.commit("HEAD")
    if _is_folder(remote.url):
        require_no_login(user, password)
        is_pushed = folder_remotes.push(repository.git, places.find_folder(remote.url), branch, sha)
    else:
        reference = f"refs/heads/{branch}"
        command = [
            "push",
            "--porcelain",
            "--no-verify",
            "--no-recurse-submodules",
            "--",
            remote.url,
            f"{sha}:{reference}",
        ]
        done = _reach(repository, remote, places, user, password, command)
        is_pushed = not (
            done.code and any(word in done.text for word in ("[rejected]", "non-fast-forward", "fetch first"))
        )
        if is_pushed:
            _require_reached(done, remote)
    if not is_pushed:
        msg = f"{remote.name} has commits of {branch} that are missing here: pull first, then push again."
        raise Problem("source_control.push_rejected", msg, kind=Kind.CONFLICT).at(object=remote.name)
    repository.git.must("update-ref", f"{_TRACKED}/{remote.name}/{branch}", sha)
    return Pushed(message=f"Pushed {branch} to {remote.name}.", branch=branch, remote=remote.name, sha=sha)


def pull(
    repository: Repository, name: str | None, places: RemotePlaces, user: str, password: str, *, trial: bool = False
) -> Merged:
    """Fetch from a remote, and merge its branch of the current one's name into that; a trial only fetches.

    Raises:
        Problem: No such remote or branch, it cannot be reached, or a merge as in `branches.merge`.
    """
    remote = _require(repository, name or ORIGIN)
    branch = repository.on_branch()
    if _is_folder(remote.url):
        require_no_login(user, password)
        folder_remotes.fetch(repository.git, places.find_folder(remote.url), remote.name)
    else:
        wanted = f"+refs/heads/*:{_TRACKED}/{remote.name}/*"
        command = ["fetch", "--no-tags", "--prune", "--no-recurse-submodules", "--", remote.url, wanted]
        _require_reached(_reach(repository, remote, places, user, password, command), remote)
    found = repository.find(f"{_TRACKED}/{remote.name}/{branch}")
    if found is None:
        msg = f"{remote.name} has no branch '{branch}': push it first, or check out one of the remote's branches."
        raise Problem("source_control.no_remote_branch", msg, kind=Kind.MISSING).at(object=branch)
    with repository.lock:
        if repository.find("HEAD") is None:
            return _adopt(repository, branch, remote, found, trial=trial)
        return branches.merge(repository, found, f"{remote.name}/{branch}", trial=trial)


def _adopt(repository: Repository, branch: str, remote: RemoteRepository, sha: str, *, trial: bool) -> Merged:
    """Adopt a commit in a repository that has none; its work tree has nothing but an export."""
    repository.require_plain_tree(sha)
    files = repository.git.must("ls-tree", "-r", "-z", "--name-only", sha).fields
    changes = file_changes.between(repository, EMPTY_TREE, sha)
    if trial:
        text = f"Nothing was merged. {branch} would be that of {remote.name}: {len(files)} files."
        return Merged(message=text, branch=branch, sha="", files=files, changes=changes)
    repository.git.must("reset", "--quiet", "--hard", sha)
    text = f"{branch} is that of {remote.name} now: {len(files)} files."
    return Merged(message=text, branch=branch, sha=sha, files=files, changes=changes)


def _require(repository: Repository, name: str) -> RemoteRepository:
    found = next((each for each in list_remotes(repository) if each.name == name), None)
    if found is None:
        msg = f"There is no remote '{name}': add it with POST /api/source-control/remotes."
        raise Problem("source_control.no_remote", msg, kind=Kind.MISSING).at(object=name)
    return found


def _reach(
    repository: Repository, remote: RemoteRepository, places: RemotePlaces, user: str, password: str, command: list[str]
) -> Outcome:
    """Run a command that needs a server. One without address, or that does not answer in time, is like one that refuses."""
    try:
        route = places.find_route(remote.url, user, password)
        return repository.git.run(*command, limit=REMOTE_LIMIT, environment=route.environment, settings=route.settings)
    except OSError as error:
        return Outcome(1, b"", str(error))
    except Problem as problem:
        if problem.code == "source_control.timeout":
            return Outcome(1, b"", problem.message)
        raise


def _require_reached(done: Outcome, remote: RemoteRepository) -> None:
    """Refuse where git failed. Only the log has the reason: an answer with it would show which ports of a network are open."""
    if done.code:
        log.warning("The remote %s (%s) did not take part: %s", remote.name, remote.url, done.reason)
        msg = (
            f"{remote.name} ({remote.url}) did not take part: check its address, that the server runs, and the user and password "
            "or key; the log of this service has git's reason."
        )
        raise Problem("source_control.remote_failed", msg).at(object=remote.name)


def _is_folder(url: str) -> bool:
    return Path(url).is_absolute()
