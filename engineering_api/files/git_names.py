r"""Recognizes git folders by names, so that no client can make one: git reads settings, and so commands, in what it takes for one.

That is every name that some file system takes for `.git`, and every folder whose entries make git take it for a repository.

Facts: gitrepository-layout(5); git's own checks of paths (core.protectNTFS, core.protectHFS in git-config(1)): NTFS drops
trailing dots and blanks, has short names (`GIT~1`) and alternate streams, and HFS+ ignores some characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

_IGNORED = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad]")
"""Characters that HFS+ ignores in names, and others without a width."""
_GIT = re.compile(r"(?:\.git|git~[0-9]+)[. ]*(?:[.:].*)?", re.DOTALL)
_HEAD, _WITH_HEAD = "HEAD", ("objects", "refs", "commondir")
_COUNTERPARTS = {_HEAD.casefold(): _WITH_HEAD} | dict.fromkeys(_WITH_HEAD, (_HEAD,))


def is_git_name(name: str) -> bool:
    r"""Return whether some file system takes a name for .git, or a project of that name would get such a folder.

    Args:
        name: One name, or names separated by / or \, each of which is checked.
    """
    return any(_GIT.fullmatch(fold(part)) is not None for part in re.split(r"[/\\]", name))


def fold(name: str) -> str:
    """Return a name as the least exact file system compares it."""
    plain = unicodedata.normalize("NFKC", _IGNORED.sub("", name))
    return _IGNORED.sub("", plain).casefold().rstrip(". ")


def counterparts(name: str) -> tuple[str, ...]:
    """Return the entries next to which an entry of this name would make their folder one of git's; none for most names."""
    return _COUNTERPARTS.get(fold(name), ())


def find_git_folder(paths: Iterable[str]) -> str:
    """Return the first path that is in a git folder, or makes one together with others; empty if none does.

    Args:
        paths: Relative paths, such as the entries of an archive or of a tree; a folder ends with a slash.
    """
    seen: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for path in paths:
        if is_git_name(path):
            return path
        parts = [fold(part) for part in re.split(r"[/\\]", path)]
        for depth, part in enumerate(parts):
            is_file = depth == len(parts) - 1
            if part in _COUNTERPARTS and is_file == (part in {_HEAD.casefold(), "commondir"}):
                found = seen[tuple(parts[:depth])]
                found.add(part)
                if _HEAD.casefold() in found and len(found) > 1:
                    return path
    return ""
