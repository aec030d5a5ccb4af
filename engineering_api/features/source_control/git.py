"""Runs git, which must be installed; the configuration of the machine and of the user is ignored.

Git itself was chosen over a library: its merges, its renames and its ways to reach a server are those that people
know from their own tools, a time limit ends a hanging server, and its releases fix its vulnerabilities. Arguments
are passed as they are, without a shell. Hooks, aliases, filters, helpers and further transports are switched off.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from openness_bridge.errors import Kind, Problem

LOCAL_LIMIT = 120.0
"""Seconds for what happens on this computer."""
REMOTE_LIMIT = 240.0
"""Seconds for what needs a server; below the limit of a waiting request."""

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
    "credential.helper": "",
    "commit.gpgSign": "false",
    "fetch.recurseSubmodules": "false",
    "submodule.recurse": "false",
    "gc.autoDetach": "false",
    "http.followRedirects": "false",
    "merge.conflictStyle": "merge",
    "transfer.fsckObjects": "true",
    "init.defaultBranch": "main",
}
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_ALLOW_PROTOCOL": "file:http:https:ssh",
    "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=15",
    "GIT_EDITOR": "true",
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What git said.

    Attributes:
        code: Its exit code, 0 for success.
    """

    code: int
    output: bytes
    error: str

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
    """Git in one work tree.

    Attributes:
        folder: The work tree; its repository is .git in it, regardless of the folders above.
    """

    folder: Path

    def run(
        self,
        *arguments: str,
        given: bytes = b"",
        limit: float = LOCAL_LIMIT,
        environment: Mapping[str, str] | None = None,
    ) -> Outcome:
        """Run a command, and return also a failure.

        Args:
            arguments: The command and its arguments; names must be checked, or come after `--`.
            given: Its standard input.
            limit: Seconds after which it is ended.
            environment: More variables.

        Raises:
            Problem: There is no git, or it took too long.
        """
        settings = [part for name, value in _CONFIG.items() for part in ("-c", f"{name}={value}")]
        command = ["git", "--no-pager", f"--git-dir={self.folder / '.git'}", f"--work-tree={self.folder}", *settings]
        try:
            done = subprocess.run(  # noqa: S603 - no shell; the caller checks the arguments
                [*command, *arguments],
                cwd=self.folder,
                env=_environment(environment or {}),
                input=given,
                capture_output=True,
                timeout=limit,
                check=False,
            )
        except FileNotFoundError:
            msg = "Git is not installed where this server runs, or not in its PATH: install it, then start the server again."
            raise Problem("source_control.no_git", msg, kind=Kind.UNSUPPORTED) from None
        except subprocess.TimeoutExpired:
            msg = f"git {arguments[0]} did not end in {limit:.0f} s and was stopped: check that the server can be reached."
            raise Problem("source_control.timeout", msg, kind=Kind.TIMED_OUT) from None
        return Outcome(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))

    def must(self, *arguments: str, given: bytes = b"", environment: Mapping[str, str] | None = None) -> Outcome:
        """Run a command that has no reason to fail.

        Raises:
            Problem: It failed nevertheless, or as run.
        """
        done = self.run(*arguments, given=given, environment=environment)
        if done.code and ".lock" in done.error:
            msg = (
                f"Another git process uses '{self.folder}', or one was stopped there: wait until it ends; if there is none, start "
                f"this service again, which deletes its lock files ({done.reason})."
            )
            raise Problem("source_control.locked", msg, kind=Kind.CONFLICT)
        if done.code:
            msg = f"git {arguments[0]} failed in '{self.folder}': {done.reason}."
            raise Problem("source_control.git_failed", msg, kind=Kind.FAILED)
        return done


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of this process without the variables that git reads."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "SSH_ASKPASS"))}
    return own | _ENVIRONMENT | dict(more)
