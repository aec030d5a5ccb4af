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

_ALLOW_LIST_SINCE = 21.0


class WhitelistEntry(msgspec.Struct, rename="camel", frozen=True):
    """One entry of the whitelist.

    Attributes:
        key: The registry key below HKEY_LOCAL_MACHINE; the first one of V21.
        keys: All keys: from V21 on the list of all versions, and that of the version.
        date_modified: Time of last write, UTC, as the registry wants it.
        file_hash: SHA-256, base64.
        written: Whether it was written; on other systems than Windows there is no registry.
    """

    key: str
    path: str
    date_modified: str
    file_hash: str
    written: bool
    keys: list[str] = []


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
    keys = _keys(executable.name, version)
    written = dt.datetime.fromtimestamp(executable.stat().st_mtime, dt.UTC)
    return WhitelistEntry(
        key=keys[0],
        path=str(executable),
        date_modified=written.strftime("%Y/%m/%d %H:%M:%S.") + f"{written.microsecond // 1000:03d}",
        file_hash=base64.b64encode(hashlib.sha256(content).digest()).decode(),
        written=False,
        keys=keys,
    )


def _keys(program: str, version: str) -> list[str]:
    r"""Return the keys of a program's entries.

    Openness\AllowList is that of V21 and later for all versions; whether these still read the key of the version, public notes
    contradict each other.
    """
    of_version = rf"{KEY}\{version if '.' in version else version + '.0'}\Whitelist\{program}\Entry"
    return [rf"{KEY}\AllowList\{program}\Entry", of_version] if float(version) >= _ALLOW_LIST_SINCE else [of_version]


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
        for each in entry.keys:
            access = winreg.KEY_SET_VALUE | winreg.KEY_WOW64_64KEY
            with winreg.CreateKeyEx(winreg.HKEY_LOCAL_MACHINE, each, 0, access) as key:
                for name, value in (
                    ("Path", entry.path),
                    ("DateModified", entry.date_modified),
                    ("FileHash", entry.file_hash),
                ):
                    winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)
    except PermissionError:
        msg = (
            "Only administrators can write the whitelist: start this service elevated once, or add the entry yourself."
        )
        raise Problem("firewall.needs_administrator", msg, kind=Kind.FORBIDDEN) from None
    return msgspec.structs.replace(entry, written=True)
