"""Runs git, which must be installed; the configuration of the machine and of the user is ignored.

Git itself was chosen over a library: its merges, its renames and its ways to reach a server are those that people
know from their own tools, a time limit ends a hanging server, and its releases fix its vulnerabilities. Arguments
are passed as they are, without a shell.

Git runs commands that a configuration names, and finds repositories by itself. So the git folder is always named, its own
configuration may have harmless settings only (`git_folder`), everything else is set here, no protocol is allowed but that
of the remote that a command is for, and git never starts a second git in another repository: settings on the command line
would not reach it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engineering_api import processes
from engineering_api.features.source_control import git_folder
from openness_bridge.errors import Kind, Problem

LOCAL_LIMIT = 120.0
"""Seconds for what happens on this computer."""
REMOTE_LIMIT = 240.0
"""Seconds for what needs a server; below the limit of a waiting request."""
OLDEST = (2, 38)
"""The first version that knows all of these settings; safe.bareRepository is the newest."""

_CONFIG = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.symlinks": "false",
    "core.quotePath": "false",
    "core.autocrlf": "false",
    "core.longPaths": "true",
    "core.protectNTFS": "true",
    "core.protectHFS": "true",
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.askPass": "",
    "core.sshCommand": "ssh",
    "core.pager": "cat",
    "core.editor": ":",
    "core.packedGitLimit": "512m",
    "core.packedGitWindowSize": "32m",
    "credential.helper": "",
    "commit.gpgSign": "false",
    "log.showSignature": "false",
    "diff.ignoreSubmodules": "all",
    "fetch.recurseSubmodules": "false",
    "push.recurseSubmodules": "no",
    "submodule.recurse": "false",
    "fetch.uriProtocols": "",
    "transfer.bundleURI": "false",
    "transfer.fsckObjects": "true",
    "gc.autoDetach": "false",
    "http.followRedirects": "false",
    "http.proxy": "",
    "http.sslVerify": "true",
    "http.lowSpeedLimit": "1",
    "http.lowSpeedTime": "60",
    "merge.conflictStyle": "merge",
    "protocol.allow": "never",
    "protocol.file.allow": "never",
    "protocol.ext.allow": "never",
    "safe.bareRepository": "explicit",
    "init.defaultBranch": "main",
}
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_EDITOR": ":",
    "GIT_SEQUENCE_EDITOR": ":",
    "GIT_PAGER": "cat",
    "HOME": os.devnull,
    "LC_ALL": "C",
}
"""Git's own variables. HOME holds no .netrc, whose passwords git would send to any server of that name."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What git said.

    Attributes:
        code: Its exit code, 0 for success.
        is_cut: Whether it had more output than was asked for.
    """

    code: int
    output: bytes
    error: str
    is_cut: bool = False

    @property
    def text(self) -> str:
        """The output as text, without the blanks around it."""
        return self.output.decode("utf-8", "replace").strip()

    @property
    def fields(self) -> list[str]:
        """The output's fields, where they end with NUL."""
        return self.output.decode("utf-8", "replace").split("\0")[:-1]

    @property
    def reason(self) -> str:
        """The line of the error that says most."""
        lines = [line.strip() for line in self.error.splitlines() if line.strip()]
        told = [line for line in lines if line.startswith(("fatal:", "error:", "! [", "remote:"))]
        return (told or lines or ["git gave no reason"])[0].removeprefix("fatal: ").removeprefix("error: ").rstrip(".")


@dataclass(frozen=True, slots=True)
class Git:
    """Git in one repository.

    Attributes:
        folder: The work tree, or a bare repository.
        is_bare: Whether the folder is the git folder itself; otherwise that is .git in it, regardless of the folders above.
    """

    folder: Path
    is_bare: bool = False

    @property
    def git_folder(self) -> Path:
        """The git folder."""
        return self.folder if self.is_bare else self.folder / ".git"

    def run(
        self,
        *arguments: str,
        given: bytes = b"",
        limit: float = LOCAL_LIMIT,
        environment: Mapping[str, str] | None = None,
        settings: Mapping[str, str] | None = None,
        cut: int = 0,
    ) -> Outcome:
        """Run a command, and return also a failure.

        Args:
            arguments: The command and its arguments; names must be checked, or come after `--`.
            given: Its standard input.
            limit: Seconds after which it is ended.
            environment: More variables.
            settings: More settings of git.
            cut: Bytes of output that are enough; 0 for all.

        Raises:
            Problem: There is no git or an old one, the git folder has what git must not read, or it took too long or had
                too much output.
        """
        git_folder.require_plain(self.git_folder)
        chosen = _CONFIG | dict(settings or {})
        where = ["--bare"] if self.is_bare else [f"--work-tree={self.folder}"]
        command = [f"--git-dir={self.git_folder}", *where]
        command += [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        try:
            _require_version(os.environ.get("PATH", ""))
            done = processes.run(
                ["git", "--no-pager", *command, *arguments],
                folder=self.folder,
                environment=_ENVIRONMENT | dict(environment or {}),
                given=given,
                seconds=limit,
                largest=cut or processes.LARGEST_OUTPUT,
            )
        except FileNotFoundError:
            msg = "Git is not installed where this server runs, or not in its PATH: install it, then start the server again."
            raise Problem("source_control.no_git", msg, kind=Kind.UNSUPPORTED) from None
        except processes.TimeLimitError:
            msg = f"git {arguments[0]} did not end in {limit:.0f} s and was stopped: check that the server can be reached."
            raise Problem("source_control.timeout", msg, kind=Kind.TIMED_OUT) from None
        if done.is_cut and not cut:
            msg = f"git {arguments[0]} has more than {processes.LARGEST_OUTPUT >> 20} MB of output, the limit: ask for less."
            raise Problem("source_control.too_large", msg, kind=Kind.TOO_LARGE)
        return Outcome(done.code, done.output, done.error.decode("utf-8", "replace"), done.is_cut)

    def must(
        self, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None, cut: int = 0
    ) -> Outcome:
        """Run a command that has no reason to fail.

        Raises:
            Problem: It failed nevertheless, or as run.
        """
        done = self.run(*arguments, given=given, environment=environment, cut=cut)
        if done.code and ".lock" in done.error:
            msg = (
                f"Another git process uses '{self.folder}', or one was stopped there: wait until it ends; if there is none, start "
                f"this service again, which deletes its lock files ({done.reason})."
            )
            raise Problem("source_control.locked", msg, kind=Kind.CONFLICT)
        if done.code and not done.is_cut:
            msg = f"git {arguments[0]} failed in '{self.folder}': {done.reason}."
            raise Problem("source_control.git_failed", msg, kind=Kind.FAILED)
        return done


@cache
def _require_version(_path: str) -> None:
    """Refuse a git that would ignore some of the settings.

    Raises:
        Problem: It is too old.
        FileNotFoundError: There is none.
    """
    said = processes.run(["git", "version"], seconds=LOCAL_LIMIT).output.decode("utf-8", "replace").strip()
    found = re.search(r"(\d+)\.(\d+)", said)
    if found is None or (int(found[1]), int(found[2])) < OLDEST:
        msg = f"This server needs git {OLDEST[0]}.{OLDEST[1]} or later, and found '{said}': install a newer one."
        raise Problem("source_control.old_git", msg, kind=Kind.UNSUPPORTED)
