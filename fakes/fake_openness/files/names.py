"""Names of projects and libraries, and the versions that the extensions of their files name.

Facts: docs/facts/tia-rules.md#files.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.versions import KNOWN, TiaVersion
from fake_openness.files.header import Header


def version_of(path: Path, kind: type[Header] = Header) -> TiaVersion:
    """Return the version that a project's or library's file extension names.

    Raises:
        EngineeringTargetInvocationException: The file is not there, or is no such file.
    """
    what, extension = kind.WHAT, f".{kind.EXTENSION}"
    if not path.is_file():
        msg = f"There is no {what} file '{path}'."
        raise EngineeringTargetInvocationException(msg, code=f"{what}.not_found")
    with contextlib.suppress(ValueError):
        suffix = path.suffix.lower()
        if suffix.startswith(extension) and suffix[3:].replace("_", ".") in KNOWN:
            return TiaVersion.of(suffix[3:])
    msg = f"'{path.name}' is not a {what} file: its extension must be {extension} and a version, such as {extension}20."
    raise EngineeringTargetInvocationException(msg, code=f"{what}.not_a_{what}")


def valid_name(name: str, what: str = "project") -> str:
    """Return a name of a project or library that can be a folder's name.

    Raises:
        EngineeringTargetInvocationException: Empty, too long, or with a character that no file name may have.
    """
    bad = sorted({c for c in name if c in '<>:"/\\|?*' or not c.isprintable()})
    if not name.strip() or name != name.strip() or name.endswith(".") or len(name) > 128 or bad:
        reason = f"contains {' '.join(bad)}" if bad else "is empty, too long, or begins or ends with a blank or dot"
        msg = f"'{name}' cannot be the name of a {what}: it {reason}."
        raise EngineeringTargetInvocationException(msg, code=f"{what}.name")
    return name
