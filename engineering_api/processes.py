"""Starts every other process of this product: no other module does, and a test of the structure checks that.

A program that is not this one gets a fixed list of arguments without a shell, a chosen environment, and limits of time,
memory and output. No variable of this process is passed on unless `PASSED_ON` names it, because the service's variables
hold keys and passwords.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from engineering_api import lifeline

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

PASSED_ON = frozenset({
    "PATH", "PATHEXT", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "TEMP", "TMP", "TMPDIR",
    "SSL_CERT_FILE", "SSL_CERT_DIR",
})  # fmt: skip
"""Variables that other programs get: where programs, temporary files and trusted certificates are."""
MEMORY = 4 << 30
"""Bytes of addresses that each process may use, where the system has such a limit for a running process (Linux)."""
LARGEST_FILE = 8 << 30
"""Bytes of one file that it may write, likewise."""
LARGEST_OUTPUT = 256 << 20
"""Bytes of its output that are read; then it is ended."""
LARGEST_ERROR = 64 << 10
"""Bytes of its error output that are kept; the rest is read and dropped."""
_PIECE = 64 << 10
Server = subprocess.Popen[bytes]
"""A server that was started, with its output as a pipe."""


class TimeLimitError(Exception):
    """A process did not end in time, and was ended."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that has ended.

    Attributes:
        code: Its exit code.
        is_cut: Whether it had more output than is read, and was ended.
    """

    code: int
    output: bytes
    error: bytes
    is_cut: bool


def run(
    command: Sequence[str],
    *,
    seconds: float,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    given: bytes = b"",
    largest: int = LARGEST_OUTPUT,
) -> Finished:
    """Run another program to its end.

    Args:
        command: The program and its arguments; no shell reads them.
        seconds: After which it is ended, with the processes that it started.
        folder: Where it runs.
        environment: Its variables, in addition to those that are passed on.
        given: Its standard input.
        largest: Bytes of its output that are read.

    Raises:
        FileNotFoundError: There is no such program.
        TimeLimitError: It took too long.
    """
    with subprocess.Popen(  # noqa: S603 - no shell
        list(command),
        cwd=folder,
        env=passed_on() | dict(environment or {}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        _limit(process.pid)
        output = _Reader(process.stdout, largest, lambda: _end(process))
        error = _Reader(process.stderr, LARGEST_ERROR)
        writer = threading.Thread(target=_write, args=(process.stdin, given), daemon=True)
        writer.start()
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimeLimitError from None
        finally:
            _end(process)
            writer.join()
            found = output.join(), error.join()
        return Finished(code, *found, output.is_cut)


def passed_on() -> dict[str, str]:
    """Return the variables of this process that other programs get."""
    return {name: value for name, value in os.environ.items() if name.upper() in PASSED_ON}


def run_visibly(command: Sequence[str]) -> int:
    """Run a program of the command line's user, such as pip, in their terminal and with their variables. Returns its exit code.

    The service never does: it is the user's own command, who sees what it prints and can end it.
    """
    return subprocess.run(list(command), check=False).returncode  # noqa: S603 - no shell


def start(
    command: Sequence[Any], *, env: Mapping[str, str] | None = None, how: int = signal.SIGTERM, **options: Any
) -> subprocess.Popen[Any]:
    """Start a program that ends when this process has ended.

    Args:
        command: The program and its arguments.
        env: Its environment; that of this process without it.
        how: The signal by which another program than this one ends, on Linux.
        options: As of subprocess.Popen; standard input is not free.
    """
    given = {**(os.environ if env is None else env), lifeline.MARK: "1"}
    if sys.platform == "linux" and threading.current_thread() is threading.main_thread():
        options["preexec_fn"] = lifeline.dying_with(os.getpid(), how)  # a thread's end would be taken for the parent's
    return subprocess.Popen(list(command), env=given, stdin=subprocess.PIPE, **options)  # noqa: S603 - no shell


def start_server(arguments: Sequence[str], environment: Mapping[str, str], log: IO[bytes]) -> Server:
    """Start this program once more, as a server of the command line's user, with their variables.

    Args:
        arguments: What follows `tia`.
        environment: More variables.
        log: Where its error output goes.

    Returns:
        The process, with its output as a pipe.
    """
    command = [sys.executable, "-m", "engineering_api", *arguments]
    return start(command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=log)


def start_worker(work: Callable[..., None], *arguments: Any, forks: bool) -> tuple[BaseProcess, Connection]:
    """Start a function of this program in another process, which ends with this one.

    Args:
        work: The function; it gets a connection to send results to, then the arguments.
        arguments: Its further arguments.
        forks: Whether the process is a copy of this one, instead of a new interpreter.

    Returns:
        The process, and the connection to receive from.
    """
    import multiprocessing

    context: Any = multiprocessing.get_context("fork" if forks else "spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(work, sender, *arguments), daemon=True)
    process.start()
    sender.close()
    return process, receiver


def _work(work: Callable[..., None], *arguments: Any) -> None:
    """Do the work of another process, which ends with the one that started it."""
    lifeline.obey_parent()
    work(*arguments)


def open_browser(address: str) -> bool:
    """Open an address in the browser of the command line's user. Returns whether there is one."""
    import webbrowser

    try:
        return webbrowser.open(address)
    except webbrowser.Error:
        return False


class _Reader:
    """Reads a pipe to its end on a thread, and keeps the first bytes."""

    def __init__(self, pipe: IO[bytes] | None, most: int, full: Callable[[], None] | None = None) -> None:
        """Start to read; call `full` where there is more than is kept."""
        self.is_cut = False
        self._pipe, self._most, self._full = pipe, most, full
        self._kept = bytearray()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while self._pipe is not None and (piece := self._pipe.read1(_PIECE)):  # type: ignore[attr-defined]  # BufferedReader has it
            room = self._most - len(self._kept)
            self._kept += piece[:room]
            if len(piece) > room and not self.is_cut:
                self.is_cut = True
                if self._full:
                    self._full()

    def join(self) -> bytes:
        """Return the kept bytes, once the pipe has ended."""
        self._thread.join()
        return bytes(self._kept)


def _write(pipe: IO[bytes] | None, given: bytes) -> None:
    if pipe is not None:
        with suppress(OSError), pipe:
            pipe.write(given)


def _limit(pid: int) -> None:
    """Limit a process that has just started; those that it starts have the same limits."""
    if sys.platform != "linux":
        return
    import resource

    with suppress(ProcessLookupError):
        for what, most in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_FSIZE, LARGEST_FILE),
            (resource.RLIMIT_CORE, 0),
        ):
            highest = resource.prlimit(pid, what)[1]
            limit = most if highest == resource.RLIM_INFINITY else min(most, highest)
            resource.prlimit(pid, what, (limit, limit))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, and where the system can all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
