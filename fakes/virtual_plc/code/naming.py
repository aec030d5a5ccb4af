"""Names in generated code, and what a name of the program becomes there, with any characters."""

from __future__ import annotations

import keyword
import re
from functools import cache

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Name:
    """An identifier of Python, which the writers of generated code take.

    Its parts joined have to be letters, digits and `_` of ASCII, and no keyword of Python; so it is always one word of
    the code, for any parts.

    Attributes:
        text: the identifier.
    """

    __slots__ = ("text",)

    def __init__(self, *parts: object) -> None:
        """Join parts: texts, numbers, names.

        Raises:
            ValueError: they make no identifier.
        """
        self.text = "".join(map(str, parts))
        if not _IDENTIFIER.fullmatch(self.text) or keyword.iskeyword(self.text):
            raise ValueError(f"{self.text!r} is not an identifier of generated code.")

    def __str__(self) -> str:
        """Return the identifier."""
        return self.text

    def __eq__(self, other: object) -> bool:
        """Return whether it is the same identifier."""
        return isinstance(other, Name) and other.text == self.text

    def __hash__(self) -> int:
        """Return the hash of the identifier."""
        return hash(self.text)


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


@cache
def mangle(name: str) -> Name:
    """Return the attribute of a member as a name of generated code."""
    return Name(attribute(name))
