"""Keeps how a user named a local file while the file is in a folder of the server.

The command line sends files to the server before it imports them. A message of the compiler names the file days later, when
that folder is gone: the path on the server has the path of the user in it.
"""

from __future__ import annotations

import re
from pathlib import PurePath

TRANSFER = "transfer/cli"
"""The folder of the server's workspace for files on their way."""
_SENT = re.compile(rf"^{TRANSFER}/[0-9a-f]{{32}}/(?P<path>.+)$")
_ESCAPED = re.compile(r"%([0-9A-F]{2})")
_RESERVED = re.compile(r"[%/\\:]")


def escape(path: PurePath) -> str:
    """Return a path of any system as a relative one with / between its parts."""
    return "/".join(_escape_part(part) for part in path.parts)


def unescape(path: str) -> str:
    """Return the path that a file of the server's workspace has for its user.

    That is the path on the user's computer of a file that the command line sent, otherwise the path itself.
    """
    sent = _SENT.match(path.replace("\\", "/"))
    if sent is None:
        return path
    first, _, rest = sent["path"].partition("/")
    start = _unescape_part(first)
    if not rest:
        return start
    separator = "" if start.endswith(("/", "\\")) else "/"
    return start + separator + "/".join(map(_unescape_part, rest.split("/")))


def _escape_part(part: str) -> str:
    if part == "..":
        return "%2E%2E"
    return _RESERVED.sub(lambda found: f"%{ord(found[0]):02X}", part)


def _unescape_part(part: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), part)
