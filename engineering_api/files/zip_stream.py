"""A folder as a ZIP archive that is made while it is sent: nothing is written to disk, and little is kept in memory."""

from __future__ import annotations

import os
import stat
import time
import zipfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

from engineering_api.files.roots import DRAFT, Roots
from openness_bridge.errors import Problem

PIECE = 256 << 10
_FIRST = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that a ZIP archive knows."""


class _Pipe:
    """What ZipFile writes to, and who sends takes from. It has no positions, so ZipFile writes sizes behind each file."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: no bytes wait here."""

    def take(self) -> bytes:
        """Return the bytes written since."""
        found = bytes(self._held)
        self._held.clear()
        return found


def zipped(roots: Roots, folder: Path) -> Generator[bytes, None, None]:
    """Yield the bytes of an archive of a folder. Links, drafts, and files that vanish meanwhile are left out.

    Args:
        roots: The folders that clients may use.
        folder: The folder, as `roots.resolve` has answered.
    """
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # it needs no close: ZipFile closes only files it opened
        for inner, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if not name.startswith(DRAFT))
            place = Path(inner)
            if place != folder and not (folders or names):
                archive.mkdir(_entry(place, folder, place.stat()).filename)
            for name in sorted(each for each in names if not each.startswith(DRAFT)):
                with suppress(Problem, OSError):
                    yield from _pack(roots, archive, pipe, folder, place / name)
    yield pipe.take()


def _pack(roots: Roots, archive: zipfile.ZipFile, pipe: _Pipe, folder: Path, path: Path) -> Iterator[bytes]:
    with roots.opened(path) as file:
        about = os.fstat(file.fileno())
        with archive.open(
            _entry(path, folder, about), "w", force_zip64=about.st_size > zipfile.ZIP64_LIMIT // 2
        ) as entry:
            while piece := file.read(PIECE):
                entry.write(piece)
                if sent := pipe.take():
                    yield sent


def _entry(path: Path, folder: Path, about: os.stat_result) -> zipfile.ZipInfo:
    moment = max(time.localtime(about.st_mtime)[:6], _FIRST)
    found = zipfile.ZipInfo(path.relative_to(folder).as_posix(), moment)
    found.compress_type, found.external_attr = zipfile.ZIP_DEFLATED, (stat.S_IFREG | 0o644) << 16
    return found
