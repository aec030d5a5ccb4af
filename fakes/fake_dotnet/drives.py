r"""Where the drives of Windows are on a computer that has none: C:\Projects is a folder below a chosen one.

Without a chosen folder a Windows path means itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

_DRIVE = re.compile(r"[A-Za-z]:[\\/]|[A-Za-z]:$")


class Drives:
    """Drives as folders of one folder, named by their letters."""

    def __init__(self, folder: Path) -> None:
        """Keep the folder; it need not exist yet."""
        self.folder = folder.absolute()

    def local(self, path: str) -> str:
        """Return the path on this computer of a Windows path; another path stays.

        Each part is found without regard to case, as Windows does.
        """
        if not _DRIVE.match(path):
            return path
        drive, *parts = PureWindowsPath(path).parts
        found = self.folder / drive[0].upper()
        for part in parts:
            found = found.parent if part == ".." else _child(found, part)
        return str(found)

    def windows(self, path: str) -> str:
        """Return the Windows path of a path below the folder; another path stays."""
        below = Path(path)
        if not below.is_relative_to(self.folder) or below == self.folder:
            return path
        letter, *parts = below.relative_to(self.folder).parts
        return str(PureWindowsPath(f"{letter}:\\", *parts)) if len(letter) == 1 else path

    def shown(self, text: str) -> str:
        """Return a text with Windows paths in place of the paths below the folder."""
        below = re.escape(str(self.folder)) + r"[\\/]([A-Z])((?:[\\/][^'\"\n]*)?)"
        return re.sub(below, lambda found: found[1] + ":" + found[2].replace("/", "\\"), text)


def _child(folder: Path, name: str) -> Path:
    exact = folder / name
    if exact.exists() or not folder.is_dir():
        return exact
    return next((each for each in folder.iterdir() if each.name.casefold() == name.casefold()), exact)


_CHOSEN: list[Drives] = []


@contextmanager
def used(drives: Drives) -> Iterator[None]:
    """Use these drives within the block."""
    _CHOSEN.insert(0, drives)
    try:
        yield
    finally:
        _CHOSEN.remove(drives)


def local(path: str) -> str:
    """Return the path on this computer of a path that a program gives."""
    return _CHOSEN[0].local(path) if _CHOSEN else path


def windows(path: str) -> str:
    """Return the path that a program sees for a path on this computer."""
    return _CHOSEN[0].windows(path) if _CHOSEN else path


def shown(text: str) -> str:
    """Return a text as a program sees it, such as a message with a path."""
    return _CHOSEN[0].shown(text) if _CHOSEN else text
