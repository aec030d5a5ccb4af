"""What Windows says about this process's right to use Openness.

Facts: openness-map 1: membership of the group "Siemens TIA Openness", session 0,
the firewall's whitelist. Imported on Windows only.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from openness_bridge.firewall import entry_for
from openness_bridge.loader import installed_versions

GROUP = "Siemens TIA Openness"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; state is ok, warning or error."""

    name: str
    state: str
    text: str


def openness_permissions() -> list[Finding]:
    """Registry, group, whitelist and session, in this order."""
    return [_registry(), _group(), _whitelist(), _session()]


def _registry() -> Finding:
    found = installed_versions()
    text = f"Openness V{', V'.join(found)}" if found else "no Openness is installed"
    return Finding("Openness registry", "ok" if found else "error", text)


def _group() -> Finding:
    whoami = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "whoami.exe"
    answer = subprocess.run([str(whoami), "/groups", "/fo", "csv"], capture_output=True, text=True, check=False)  # noqa: S603
    member = GROUP.casefold() in answer.stdout.casefold()
    advice = "member" if member else f"not a member: add the user to '{GROUP}' and log on again"
    return Finding(f"User group {GROUP}", "ok" if member else "error", advice)


def _whitelist() -> Finding:
    name = "Openness firewall whitelist"
    versions = installed_versions()
    if sys.platform != "win32" or not versions:
        return Finding(name, "warning", "no Openness is installed")
    import winreg

    wanted = entry_for(Path(sys.executable), versions[-1])
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, wanted.key) as key:
            found = winreg.QueryValueEx(key, "FileHash")[0]
    except OSError:
        return Finding(name, "warning", f"{sys.executable} is not listed: the first attach asks the portal's user")
    same = found == wanted.file_hash
    return Finding(name, "ok" if same else "warning", "listed" if same else "listed with another file: renew the entry")


def _session() -> Finding:
    session = ctypes.c_ulong()
    if sys.platform == "win32":
        ctypes.windll.kernel32.ProcessIdToSessionId(os.getpid(), ctypes.byref(session))
    text = "a service: only portals without user interface can be used" if session.value == 0 else str(session.value)
    return Finding("Session 0", "warning" if session.value == 0 else "ok", text)
