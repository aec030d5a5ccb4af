"""Where remotes may be: on servers that the address rules of webhooks allow, and in folders that no client can write to.

A name is resolved once for each push or pull, and git connects to the address that was checked.
"""

from __future__ import annotations

import base64
import os
import re
import shlex
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from engineering_api.files.roots import Roots
from engineering_api.security.targets import REMOTES, Targets
from engineering_api.settings import Settings
from openness_bridge.errors import Kind, Problem

_USER = r"[A-Za-z0-9_][A-Za-z0-9._~%+-]*"
_HOST = r"(?:[A-Za-z0-9-]+\.)*[A-Za-z][A-Za-z0-9-]*|\d{1,3}(?:\.\d{1,3}){3}"
_SERVER = re.compile(
    rf"(?P<scheme>https?|ssh)://(?:{_USER}@)?(?P<host>(?!-)(?:{_HOST})|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{{1,5}}))?/[^\s\\\x00-\x1f]*"
)
_BY_SSH = re.compile(rf"{_USER}@(?P<host>(?!-)(?:{_HOST})):(?!/?-)[^\s\\\x00-\x1f:]+")
_PASSWORD = re.compile(r"[a-z]+://[^/@]*:[^/]*@")
_PORTS = {"http": 80, "https": 443, "ssh": 22}
_OF_SSH = ("HOME", "USERPROFILE", "SSH_AUTH_SOCK")
"""Variables by which ssh finds the keys of the server's user."""


@dataclass(frozen=True, slots=True)
class Route:
    """How git reaches a server.

    Attributes:
        environment: More variables of git.
        settings: More settings of git.
    """

    environment: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)


class RemotePlaces:
    """Decides which remotes are allowed."""

    def __init__(self, settings: Settings) -> None:
        """Read the settings, which only the user who starts the server gives.

        Raises:
            Problem: Clients can write to a folder of remotes: what they put there, git would read.
        """
        self._targets = Targets(settings.git_hosts, REMOTES)
        for folder in settings.git_folders:
            if overlap := settings.find_shared(folder):
                msg = f"TIA_GIT_FOLDERS cannot have {folder}: it overlaps {overlap}, where clients can put files. Name a separate folder."
                raise Problem("settings.git_folders", msg, kind=Kind.INVALID)
        self._folders = Roots(settings.git_folders[0], settings.git_folders[1:]) if settings.git_folders else None

    def check(self, url: str) -> str:
        """Return a URL or folder as it is kept; a server is not contacted.

        Raises:
            Problem: It is of a kind that is not used, or its host or folder is not allowed.
        """
        server = self._parse(url)
        if server is None:
            return str(self.find_folder(url))
        self._targets.require_here(server.host, server.port)
        return url

    def find_folder(self, url: str) -> Path:
        """Return the folder that a remote names.

        Raises:
            Problem: It is outside of the allowed ones, or has no repository.
        """
        if self._folders is None or "::" in url or url.startswith("-"):
            raise self._build_problem(url)
        try:
            folder = self._folders.resolve(url)
        except Problem as problem:
            if problem.code != "path.outside_roots":
                raise
            folders = ", ".join(map(str, self._folders.folders))
            msg = f"'{url[:80]}' is outside of the folders of remotes ({folders}): TIA_GIT_FOLDERS names them."
            raise Problem("path.outside_roots", msg, kind=Kind.FORBIDDEN) from None
        if not (folder / "HEAD").is_file() and not (folder / ".git" / "HEAD").is_file():
            msg = f"There is no git repository in '{folder}': name one, such as a folder that git init --bare made."
            raise Problem("source_control.no_remote_repository", msg, kind=Kind.MISSING)
        return folder

    def find_route(self, url: str, user: str, password: str) -> Route:
        """Return how git reaches a server, by an address that was checked now.

        Raises:
            Problem: The server is not allowed, or a login was given for what takes none.
            OSError: Its host has no address.
        """
        server = self._parse(url)
        if server is None:
            raise self._build_problem(url)
        addresses = self._targets.resolve_here(server.host, server.port)
        if server.scheme == "ssh":
            require_no_login(user, password)
            return Route(_ssh(server, addresses[0]))
        environment = {"GIT_ALLOW_PROTOCOL": server.scheme} | _login(url, user, password)
        fixed = ",".join(f"[{each}]" if ":" in each else each for each in addresses)
        pinned = {} if server.is_address else {"http.curloptResolve": f"{server.host}:{server.port}:{fixed}"}
        return Route(environment, pinned)

    def _parse(self, url: str) -> _Server | None:
        """Return the server of a URL; None for a folder.

        Raises:
            Problem: It is no URL that git may use.
        """
        if _PASSWORD.match(url):
            msg = (
                "A URL with a password would be visible to everybody: leave it out, and give it when you push or pull."
            )
            raise Problem("source_control.password_in_url", msg, kind=Kind.INVALID)
        if found := _SERVER.fullmatch(url):
            scheme, host = found["scheme"], found["host"].strip("[]").lower()
            port = int(found["port"] or _PORTS[scheme])
            if not 0 < port < 1 << 16:
                raise self._build_problem(url)
            return _Server(scheme, host, port)
        if found := _BY_SSH.fullmatch(url):
            return _Server("ssh", found["host"].lower(), _PORTS["ssh"])
        if "://" in url:
            raise self._build_problem(url)
        return None

    def _build_problem(self, url: str) -> Problem:
        shown = url.partition("@")[0][:80] if "@" in url else url[:80]
        folder = "a folder that TIA_GIT_FOLDERS allows" if self._folders else "TIA_GIT_FOLDERS to allow folders"
        msg = f"'{shown}' is not a remote for this server: use https://, http://, ssh://, user@host:path, or {folder}."
        return Problem("source_control.bad_url", msg, kind=Kind.INVALID)


@dataclass(frozen=True, slots=True)
class _Server:
    scheme: str
    host: str
    port: int

    @property
    def is_address(self) -> bool:
        """Whether the host is an address, and no name."""
        try:
            ip_address(self.host)
        except ValueError:
            return False
        return True


def require_no_login(user: str, password: str) -> None:
    """Refuse a login where there is none.

    Raises:
        Problem: `source_control.no_login`.
    """
    if user or password:
        msg = "A user name and password are for http and https: with ssh, the key of this server's user counts."
        raise Problem("source_control.no_login", msg, kind=Kind.INVALID)


def _ssh(server: _Server, address: str) -> dict[str, str]:
    """Return git's variables for ssh: it connects to an address, and knows the key of the host by the host's name."""
    alias = server.host if server.port == _PORTS["ssh"] else f"[{server.host}]:{server.port}"
    options = ["BatchMode=yes", "ConnectTimeout=15", f"HostName={address}", f"HostKeyAlias={alias}"]
    command = " ".join(["ssh", *(f"-o{shlex.quote(each)}" for each in options)])
    own = {name: os.environ[name] for name in _OF_SSH if name in os.environ}
    return own | {"GIT_ALLOW_PROTOCOL": "ssh", "GIT_SSH_VARIANT": "ssh", "GIT_SSH_COMMAND": command}


def _login(url: str, user: str, password: str) -> dict[str, str]:
    """Return a user's name and password for one server, as git's variables: no argument, no file and no log shows them."""
    if not (user or password):
        return {}
    token = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{url}.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {token}",
    }
