"""The Python attribute that stands for a member of a structure, whatever characters its name has."""

from __future__ import annotations

import keyword
import re
from functools import cache

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@cache
def attribute(name: str) -> str:
    """Return the attribute of a member: its name as declared where Python allows it, else the name written out.

    Different names have different attributes, none of them one that storage needs for itself. None begins with two `_`,
    which Python would change.
    """
    if _PLAIN.fullmatch(name) and not keyword.iskeyword(name):
        return name
    if keyword.iskeyword(name):
        return f"_{name}"
    return "_n" + "".join(char if char.isascii() and char.isalnum() else f"_{ord(char):x}_" for char in name)
