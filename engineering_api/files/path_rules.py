r"""Decides which texts may be paths, before any file is touched, by the rules of Linux and of Windows.

A path from outside is checked as text first, because a mere look-up can do harm: Windows logs in at the server
of `\\server\share` when it is only asked whether it is there. Names are limited to what both systems take, because a
file on a Linux server is read by TIA Portal on Windows sooner or later.

Facts: learn.microsoft.com, "Naming Files, Paths, and Namespaces": reserved characters and names, trailing dots and
blanks, the prefixes of device paths; COM and LPT also take the superscript digits 1 to 3.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import TypeVar

from engineering_api.files.git_names import is_git_name
from openness_bridge.errors import Kind, Place, Problem

P = TypeVar("P", bound=PurePath)
LONGEST_NAME = 255
"""Bytes of a name on Linux; Windows permits as many units of UTF-16, which are never more."""
LONGEST_PATH = 4096
"""Characters of the longest path that is read."""
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9])\Z")
_RESERVED = frozenset('<>:"|?*/\\')
_DRIVE = re.compile(r"[A-Za-z]:")
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of writing, so that a name reads like another one."""
_SEPARATORS = str.maketrans("\u2044\u2215\u29f8\ufe68\u29f5\u2216\u29f9\ua789\u2236\u2024\u2025", "///\\\\\\\\::..")
"""Characters that look like / \\ : and dots, and that some program may take for them."""


def inside(text: str, start: P, roots: Iterable[P]) -> P:
    """Return the path that a text names, if by its text it is in one of some folders. No file is touched.

    Args:
        text: What a client wrote; a relative path begins at `start`.
        start: An absolute folder; its kind decides whose rules hold.
        roots: Absolute folders, as they may be spelled.

    Raises:
        Problem: `path.invalid`, it can be no path, or means something else to Windows than it says;
            `path.outside_roots`, it leads elsewhere.
    """
    _require_text(text)
    _require_plain(text, posix=isinstance(start, PurePosixPath))
    path = _collapse(start / text)
    for root in roots:
        if path.is_relative_to(root):
            below = path.relative_to(root)
            for name in below.parts:
                if wrong := wrong_name(name):
                    raise invalid(text, f"{quote(name)} cannot be a name: {wrong}")
            return root / below
    raise Problem("path.outside_roots", outside(text, roots), kind=Kind.FORBIDDEN, place=Place(path=quote(text)))


def outside(text: str, roots: Iterable[PurePath]) -> str:
    """Return the sentence that refuses a path because of its folder."""
    folders = ", ".join(dict.fromkeys(map(str, roots)))
    return f"{quote(text)} is outside of the folders that this server may use ({folders}). Start the server with --root to allow more."


def invalid(text: str, why: str) -> Problem:
    """Return the refusal of a text that can be no path here."""
    return Problem("path.invalid", f"{why}.", kind=Kind.INVALID, place=Place(path=quote(text)))


def wrong_name(name: str) -> str:
    """Return why a text cannot be the name of a file on Linux and on Windows; empty if it can."""
    plain = unicodedata.normalize("NFKC", name).translate(_SEPARATORS)
    if not name or name in {".", ".."} or plain.rstrip(". ") == "":
        return "it is empty, or only dots and blanks"
    if any(unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} or each in _TURNS for each in name):
        return "it has control characters"
    if reserved := sorted(_RESERVED & set(plain)):
        return f"it has {' '.join(reserved)}, or a look-alike of one of these characters"
    if name[-1] in ". ":
        return "it ends with a blank or a dot, which Windows drops"
    if _DEVICE.match(plain.partition(".")[0].rstrip(" ").casefold()):
        return "it is a device name on Windows"
    if is_git_name(name):
        return "git would take it for its own folder"
    if len(name.encode()) > LONGEST_NAME:
        return f"it is longer than {LONGEST_NAME} bytes"
    return ""


def quote(text: str) -> str:
    """Return a text from outside, fit for a sentence."""
    plain = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text[:80])
    return f"'{plain}{'...' * (len(text) > 80)}'"


def _require_text(text: str) -> None:
    if not text.strip() or "\0" in text:
        raise invalid(text, "The path is empty or has a NUL character")
    if len(text) > LONGEST_PATH:
        raise invalid(
            text, f"{quote(text)} cannot be a path on this server: it is longer than {LONGEST_PATH} characters"
        )


def _require_plain(text: str, *, posix: bool) -> None:
    """Refuse what is no path of files, or one whose meaning depends on more than itself."""
    slashed = text.replace("\\", "/")
    if slashed.startswith(("//?/", "//./", "/??/")):
        raise invalid(text, f"{quote(text)} names a device: write the path without this prefix")
    if posix:
        if "\\" in text or _DRIVE.match(text):
            msg = f"{quote(text)} is a Windows path, and this server runs on another system: write it with / and begin with one of its folders"
            raise invalid(text, msg)
        if text.startswith("//"):
            raise invalid(text, f"{quote(text)} names another computer: write a path of this computer")
    elif (path := PureWindowsPath(text)).drive and not path.root:
        msg = f"{quote(text)} depends on the current folder of the drive: write it with a \\ after the colon"
        raise invalid(text, msg)


def _collapse(path: P) -> P:
    """Return an absolute path without `..`, by its text alone, as Windows does it."""
    kept: list[str] = []
    for part in path.parts[1:]:
        if part != "..":
            kept.append(part)
        elif kept:
            kept.pop()
    return type(path)(path.anchor, *kept)
