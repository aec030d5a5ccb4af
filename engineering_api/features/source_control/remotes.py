"""Other repositories, to push to and to pull from: on a server, or in a folder that clients may use."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from urllib.parse import urlsplit

from engineering_api.features.source_control import branches
from engineering_api.features.source_control.git import REMOTE_LIMIT, Outcome
from engineering_api.features.source_control.model import Merged, Pushed, RemoteRepository
from engineering_api.features.source_control.repository import Repository
from engineering_api.files.roots import Roots
from openness_bridge.errors import Kind, Problem

ORIGIN = "origin"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_BY_SSH = re.compile(r"[A-Za-z0-9_][\w.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:(?!/?-)[^\s\x00-\x1f:]+")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*|[0-9A-Fa-f:]+")
_NO_HOOKS = "git -c core.hooksPath=/dev/null receive-pack"


def list_remotes(repository: Repository) -> list[RemoteRepository]:
    """Return all remotes."""
    names = repository.git.must("remote").text.splitlines()
    return [RemoteRepository(name=name, url=_url(repository, name)) for name in names]


def add(repository: Repository, name: str, url: str, roots: Roots) -> RemoteRepository:
    """Add a remote; it is not contacted.

    Raises:
        Problem: The name is taken or none, or the URL is of a kind that is not used.
    """
    if not _NAME.fullmatch(name) or name.endswith((".lock", ".")) or ".." in name:
        msg = f"'{name}' cannot name a remote: use letters, digits, _ and -."
        raise Problem("source_control.bad_remote", msg, kind=Kind.INVALID).at(object=name)
    if any(each.name == name for each in list_remotes(repository)):
        msg = f"There is a remote '{name}' already: delete it first, or choose another name."
        raise Problem("source_control.remote_exists", msg, kind=Kind.CONFLICT).at(object=name)
    usable = _usable(url, roots)
    repository.git.must("remote", "add", "--", name, usable)
    return RemoteRepository(name=name, url=usable)


def remove(repository: Repository, name: str) -> RemoteRepository:
    """Forget a remote with everything fetched from it.

    Raises:
        Problem: The name is unknown.
    """
    gone = _require(repository, name)
    repository.git.must("remote", "remove", "--", gone.name)
    return gone


def push(repository: Repository, name: str | None, roots: Roots, user: str, password: str) -> Pushed:
    """Send the current branch to a remote.

    Raises:
        Problem: No such remote, nothing to send, the remote has commits that are missing here, or it refuses.
    """
    remote = _require(repository, name or ORIGIN)
    branch = repository.on_branch()
    sha = repository.commit("HEAD")
    _usable(remote.url, roots)
    local = ["--receive-pack", _NO_HOOKS] if _is_folder(remote.url) else []
    done = repository.git.run(
        "push",
        "--porcelain",
        "--no-verify",
        "--no-recurse-submodules",
        *local,
        "--",
        remote.name,
        f"refs/heads/{branch}:refs/heads/{branch}",
        limit=REMOTE_LIMIT,
        environment=_login(remote.url, user, password),
    )
    if done.code and any(word in done.text for word in ("[rejected]", "non-fast-forward", "fetch first")):
        msg = f"{remote.name} has commits of {branch} that are missing here: pull first, then push again."
        raise Problem("source_control.push_rejected", msg, kind=Kind.CONFLICT).at(object=remote.name)
    _require_reached(done, remote)
    return Pushed(message=f"Pushed {branch} to {remote.name}.", branch=branch, remote=remote.name, sha=sha)


def pull(repository: Repository, name: str | None, roots: Roots, user: str, password: str) -> Merged:
    """Fetch from a remote, and merge its branch of the current one's name into that.

    Raises:
        Problem: No such remote or branch, it cannot be reached, or a merge as in `branches.merge`.
    """
    remote = _require(repository, name or ORIGIN)
    branch = repository.on_branch()
    _usable(remote.url, roots)
    done = repository.git.run(
        "fetch",
        "--no-tags",
        "--prune",
        "--",
        remote.name,
        limit=REMOTE_LIMIT,
        environment=_login(remote.url, user, password),
    )
    _require_reached(done, remote)
    found = repository.find(f"refs/remotes/{remote.name}/{branch}")
    if found is None:
        msg = f"{remote.name} has no branch '{branch}': push it first, or check out one of the remote's branches."
        raise Problem("source_control.no_remote_branch", msg, kind=Kind.MISSING).at(object=branch)
    with repository.lock:
        if repository.find("HEAD") is None:
            return _adopt(repository, branch, remote, found)
        return branches.merge(repository, found, f"{remote.name}/{branch}")


def _adopt(repository: Repository, branch: str, remote: RemoteRepository, sha: str) -> Merged:
    """Adopt a commit in a repository that has none; its work tree has nothing but an export."""
    repository.git.must("reset", "--quiet", "--hard", sha)
    files = repository.git.must("ls-tree", "-r", "-z", "--name-only", sha).fields
    text = f"{branch} is that of {remote.name} now: {len(files)} files."
    return Merged(message=text, branch=branch, sha=sha, files=files)


def _usable(url: str, roots: Roots) -> str:
    """Return a URL that git may use, or a folder inside of the allowed ones.

    Raises:
        Problem: It is neither.
    """
    if _BY_SSH.fullmatch(url):
        return url
    if "://" in url:
        return _of_server(url)
    if "::" in url or url.startswith("-"):
        raise _build_problem(url)
    folder = roots.resolve(url)
    if not (folder / "HEAD").is_file() and not (folder / ".git").exists():
        msg = f"There is no git repository in '{folder}': name one, such as a folder that git init --bare made."
        raise Problem("source_control.no_remote_repository", msg, kind=Kind.MISSING).at(path=url)
    return str(folder)


def _of_server(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, password, _ = parts.hostname or "", parts.password, parts.port
    except ValueError:
        raise _build_problem(url) from None
    if parts.scheme not in ("http", "https", "ssh") or not _HOST.fullmatch(host) or re.search(r"[\s\x00-\x1f]", url):
        raise _build_problem(url)
    if (parts.username or "").startswith("-"):
        raise _build_problem(url)
    if password is not None:
        msg = "A URL with a password would be visible to everybody: leave it out, and give it when you push or pull."
        raise Problem("source_control.password_in_url", msg, kind=Kind.INVALID)
    return url


def _build_problem(url: str) -> Problem:
    shown = url.partition("@")[0][:80] if "@" in url else url[:80]
    msg = f"'{shown}' is not a remote for this server: use https://, http://, ssh://, user@host:path, or an allowed folder."
    return Problem("source_control.bad_url", msg, kind=Kind.INVALID)


def _login(url: str, user: str, password: str) -> dict[str, str]:
    """Return a user's name and password for one server, as git's variables: no argument, no file and no log shows them.

    Raises:
        Problem: They were given for what takes none.
    """
    if not (user or password):
        return {}
    if urlsplit(url).scheme not in ("http", "https"):
        msg = "A user name and password are for http and https: with ssh, the key of this server's user counts."
        raise Problem("source_control.no_login", msg, kind=Kind.INVALID)
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{url}.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {token}",
    }


def _require(repository: Repository, name: str) -> RemoteRepository:
    found = next((each for each in list_remotes(repository) if each.name == name), None)
    if found is None:
        msg = f"There is no remote '{name}': add it with POST /api/source-control/remotes."
        raise Problem("source_control.no_remote", msg, kind=Kind.MISSING).at(object=name)
    return found


def _require_reached(done: Outcome, remote: RemoteRepository) -> None:
    if done.code:
        msg = f"{remote.name} ({remote.url}) did not take part: {done.reason}."
        raise Problem("source_control.remote_failed", msg).at(object=remote.name)


def _url(repository: Repository, name: str) -> str:
    return repository.git.run("config", "--local", "--get", f"remote.{name}.url").text


def _is_folder(url: str) -> bool:
    return Path(url).is_absolute()
