"""What the doctor asks a computer: one interface, so that tests bring their own Windows."""

from __future__ import annotations

import ctypes
import importlib.metadata
import locale
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from engineering_api import processes
from openness_bridge.portal.firewall import interpreter

_LIMIT = 30.0
"""Seconds that a program of Windows may take."""


class System(Protocol):
    """A computer, and the process that runs there.

    Attributes:
        name: Windows, Linux, Darwin.
        python: Version of Python, such as (3, 11, 7).
        bits: 32 or 64, of Python.
        executable: The program that Windows sees: the base interpreter, not a launcher of a virtual environment.
        user: The user's name without domain.
    """

    name: str
    python: tuple[int, ...]
    bits: int
    executable: Path
    user: str

    def keys(self, key: str) -> list[str]:
        """Return the names below a key of HKEY_LOCAL_MACHINE (64 bit); none where there is no such key."""

    def values(self, key: str) -> dict[str, object]:
        """Return the values of a key; none where there is no such key."""

    def groups(self) -> list[str]:
        """Return the groups in the token of this process, without domain."""

    def members(self, group: str) -> list[str] | None:
        """Return the users in a local group; None where there is no such group."""

    def session(self) -> int:
        """Return the Windows session of this process; 0 for services."""

    def administrator(self) -> bool:
        """Return whether this process may write to HKEY_LOCAL_MACHINE."""

    def version(self, distribution: str) -> str | None:
        """Return the version of an installed Python distribution."""

    def program(self, name: str) -> Path | None:
        """Return a program on the path."""

    def variable(self, name: str) -> str:
        """Return an environment variable; empty where it is not set."""

    def run(self, command: Sequence[str]) -> int:
        """Run a program; its exit status."""


class ThisSystem:
    """The computer that this runs on."""

    def __init__(self) -> None:
        """Read what does not change."""
        self.name = platform.system()
        self.python = tuple(sys.version_info[:3])
        self.bits = 64 if sys.maxsize > 2**32 else 32
        self.executable = interpreter()
        self.user = os.environ.get("USERNAME") or os.environ.get("USER") or ""

    def keys(self, key: str) -> list[str]:
        """Return names below a key."""
        if sys.platform != "win32":
            return []
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as found:
                return [winreg.EnumKey(found, index) for index in range(winreg.QueryInfoKey(found)[0])]
        except OSError:
            return []

    def values(self, key: str) -> dict[str, object]:
        """Return values of a key."""
        if sys.platform != "win32":
            return {}
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as found:
                return {
                    name: value
                    for name, value, _ in (winreg.EnumValue(found, n) for n in range(winreg.QueryInfoKey(found)[1]))
                }
        except OSError:
            return {}

    def groups(self) -> list[str]:
        """Return the groups of the token."""
        rows = _lines("whoami.exe", "/groups", "/fo", "csv", "/nh")
        return [row.split('","')[0].strip('"').rpartition("\\")[2] for row in rows]

    def members(self, group: str) -> list[str] | None:
        """Return the users of a group; the listing is between a line of dashes and a closing sentence."""
        rows = _lines("net.exe", "localgroup", group)
        rule = next((number for number, row in enumerate(rows) if row.startswith("-----")), None)
        return None if rule is None else [row.strip().rpartition("\\")[2] for row in rows[rule + 1 : -1]]

    def session(self) -> int:
        """Return the Windows session."""
        number = ctypes.c_ulong()
        if sys.platform == "win32":
            ctypes.windll.kernel32.ProcessIdToSessionId(os.getpid(), ctypes.byref(number))
        return number.value

    def administrator(self) -> bool:
        """Return whether the process is elevated."""
        return sys.platform == "win32" and bool(ctypes.windll.shell32.IsUserAnAdmin())

    def version(self, distribution: str) -> str | None:
        """Return the version of a distribution."""
        try:
            return importlib.metadata.version(distribution)
        except importlib.metadata.PackageNotFoundError:
            return None

    def program(self, name: str) -> Path | None:
        """Return a program on the path."""
        found = shutil.which(name)
        return None if found is None else Path(found)

    def variable(self, name: str) -> str:
        """Return an environment variable."""
        return os.environ.get(name, "")

    def run(self, command: Sequence[str]) -> int:
        """Run a program."""
        return processes.run_visibly(command)


def _lines(program: str, *arguments: str) -> list[str]:
    """Return what a program of Windows prints; nothing where it is missing or fails."""
    path = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / program
    if sys.platform != "win32":
        return []
    try:
        answer = processes.run([str(path), *arguments], seconds=_LIMIT)
    except (FileNotFoundError, processes.TimeLimitError):
        return []
    text = answer.output.decode(locale.getencoding(), "replace")
    return [line for line in text.splitlines() if line.strip()] if answer.code == 0 else []
