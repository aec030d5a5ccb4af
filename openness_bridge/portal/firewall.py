"""The whitelist of the Openness firewall: which programs may attach without a prompt.

Facts: docs/facts/openness.md#rights-and-firewall. An entry names the program's path, its time of last write
in UTC, and the SHA-256 of its content; the user must renew it after each update of the program. Only an administrator
can write it.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import sys
from pathlib import Path

import msgspec

from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.portal.loader import KEY


class WhitelistEntry(msgspec.Struct, rename="camel", frozen=True):
    """One entry of the whitelist.

    Attributes:
        key: The registry key below HKEY_LOCAL_MACHINE.
        date_modified: Time of last write, UTC, as the registry wants it.
        file_hash: SHA-256, base64.
        written: Whether it was written; on other systems than Windows there is no registry.
    """

    key: str
    path: str
    date_modified: str
    file_hash: str
    written: bool


def interpreter() -> Path:
    """Return the running program: the base interpreter, which `python` of a virtual environment only launches."""
    return Path(getattr(sys, "_base_executable", None) or sys.executable)


def entry_for(executable: Path, version: str) -> WhitelistEntry:
    """Return the entry that a program needs.

    Raises:
        Problem: There is no such file.
    """
    try:
        content = executable.read_bytes()
    except OSError as error:
        msg = f"'{executable}' cannot be read: {error.strerror}."
        raise Problem("file.not_found", msg, kind=Kind.MISSING, place=Place(path=str(executable))) from None
    written = dt.datetime.fromtimestamp(executable.stat().st_mtime, dt.UTC)
    return WhitelistEntry(
        key=rf"{KEY}\{version if '.' in version else version + '.0'}\Whitelist\{executable.name}\Entry",
        path=str(executable),
        date_modified=written.strftime("%Y/%m/%d %H:%M:%S.") + f"{written.microsecond // 1000:03d}",
        file_hash=base64.b64encode(hashlib.sha256(content).digest()).decode(),
        written=False,
    )


def allow(executable: str, version: str) -> WhitelistEntry:
    """Write the entry where there is a registry; elsewhere only return it.

    Raises:
        Problem: No such file, or the registry refuses because the service has no administrator's rights.
    """
    entry = entry_for(Path(executable), version)
    if sys.platform != "win32":
        return entry
    import winreg

    try:
        with winreg.CreateKeyEx(winreg.HKEY_LOCAL_MACHINE, entry.key, 0, winreg.KEY_SET_VALUE) as key:
            for name, value in (
                ("Path", entry.path),
                ("DateModified", entry.date_modified),
                ("FileHash", entry.file_hash),
            ):
                winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)
    except PermissionError:
        msg = "The whitelist can be written by an administrator only: start this service elevated once, or add the entry by hand."
        raise Problem("firewall.needs_administrator", msg, kind=Kind.FORBIDDEN) from None
    return msgspec.structs.replace(entry, written=True)
