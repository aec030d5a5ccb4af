"""A project as a folder of plain files, saved so that a kill at any moment loses nothing saved.

Unsaved content lives in an overlay above the folder. Saving stages every
changed file, publishes one manifest (the moment of commitment), then moves the
files into place. A later open or save finishes a published save and drops an
unpublished one. Each step is on the disk before the next begins, so that a
power cut is no worse than a kill; a disk that is full leaves the overlay as it
is, and the project as it was saved last or as it was to be.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import Undo

STAGING = "System/save"
MANIFEST = "manifest.json"
FEW = 200
"""Files that are flushed one by one; where there are more, the system is asked to write all its buffers."""


class Store:
    """The files of one project: what is on disk, and what is not saved yet above it."""

    def __init__(self, folder: Path) -> None:
        """Open the folder; first finish or drop an interrupted save."""
        self.folder = folder
        self._overlay: dict[str, bytes | None] = {}
        with _translate_errors(folder):
            self._recover()

    def get(self, path: str) -> bytes:
        """Return the content of a file, saved or not.

        Raises:
            FileNotFoundError: There is no such file.
        """
        if path in self._overlay:
            content = self._overlay[path]
            if content is None:
                raise FileNotFoundError(path)
            return content
        return (self.folder / path).read_bytes()

    def exists(self, path: str) -> bool:
        """Return whether there is such a file, saved or not."""
        if path in self._overlay:
            return self._overlay[path] is not None
        return (self.folder / path).is_file()

    def put(self, path: str, content: bytes) -> Undo:
        """Write a file into the overlay; returns how to undo it."""
        return self._set(path, content)

    def delete(self, path: str) -> Undo:
        """Delete a file in the overlay; returns how to undo it."""
        return self._set(path, None)

    def _set(self, path: str, content: bytes | None) -> Undo:
        had, old = path in self._overlay, self._overlay.get(path)
        self._overlay[path] = content

        def undo() -> None:
            if had:
                self._overlay[path] = old
            else:
                self._overlay.pop(path, None)

        return undo

    def save(self) -> int:
        """Make the overlay the saved state, atomically. Returns how many files changed.

        Raises:
            EngineeringTargetInvocationException: The disk is full or cannot be written. The overlay stays, so that the
                client can save again.
        """
        with _translate_errors(self.folder):
            self._recover()
            changes = {path: content for path, content in self._overlay.items() if self._differs(path, content)}
            if changes:
                self._stage(changes)
                self._apply()
        self._overlay.clear()
        return len(changes)

    def save_as(self, folder: Path) -> None:
        """Copy the saved files to a new folder, save the overlay there, and use that folder from then on.

        Raises:
            EngineeringTargetInvocationException: The disk is full or cannot be written. The new folder is removed.
        """
        before = self.folder
        try:
            with _translate_errors(folder):
                shutil.copytree(before, folder, ignore=shutil.ignore_patterns("*.lock"))
            self.folder = folder
            self.save()
        except EngineeringTargetInvocationException:
            self.folder = before
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def files(self) -> Iterator[Path]:
        """Yield the saved files, sorted, relative to the folder."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path.suffix != ".lock":
                yield path.relative_to(self.folder)

    def _differs(self, path: str, content: bytes | None) -> bool:
        target = self.folder / path
        if content is None:
            return target.exists()
        return not target.is_file() or target.stat().st_size != len(content) or target.read_bytes() != content

    def _stage(self, changes: dict[str, bytes | None]) -> None:
        """Write the changed files aside, and publish their list when all of them are on the disk."""
        staging = self.folder / STAGING
        staging.mkdir(parents=True)
        plan: list[tuple[str, str | None]] = []
        for number, (path, content) in enumerate(sorted(changes.items())):
            plan.append((path, None if content is None else str(number)))
            if content is not None:
                (staging / str(number)).write_bytes(content)
        draft = staging / "manifest.draft"
        draft.write_text(json.dumps(plan), encoding="utf-8")
        _flush([draft, *(staging / staged for _, staged in plan if staged)], staging, staging.parent, self.folder)
        draft.replace(staging / MANIFEST)
        _flush([], staging)

    def _apply(self) -> None:
        """Move the staged files into place. Where the system ignores case, a new case deletes nothing."""
        staging = self.folder / STAGING
        plan = json.loads((staging / MANIFEST).read_text(encoding="utf-8"))
        written = {os.path.normcase(path) for path, staged in plan if staged is not None}
        for path, staged in plan:
            target = self.folder / path
            if staged is None:
                if os.path.normcase(path) not in written:
                    target.unlink(missing_ok=True)
            elif (staging / staged).exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                (staging / staged).replace(target)
        above = {parent for path, _ in plan for parent in (self.folder / path).parents}
        _flush([], *(each for each in above if each.is_relative_to(self.folder) and each.is_dir()))
        shutil.rmtree(staging)

    def _recover(self) -> None:
        staging = self.folder / STAGING
        if (staging / MANIFEST).exists():
            self._apply()
        elif staging.exists():
            shutil.rmtree(staging)


@contextmanager
def _translate_errors(folder: Path) -> Iterator[None]:
    """Raise the error of TIA Portal for what the disk refuses."""
    try:
        yield
    except OSError as error:
        msg = f"'{folder.name}' cannot be written: {error.strerror or error}."
        raise EngineeringTargetInvocationException(msg, code="project.not_written") from error


def _flush(files: list[Path], *folders: Path) -> None:
    """Flush the contents of files and the entries of folders to the disk, so that no later write gets there first."""
    if len(files) > FEW and hasattr(os, "sync"):
        os.sync()
        return
    for each in (*files, *folders):
        _flush_one(each)


if sys.platform == "win32":

    def _flush_one(path: Path) -> None:
        """Flush a file or folder; Windows orders entries of folders itself and flushes only files open for writing."""
        if path.is_file():
            with path.open("r+b") as file:
                os.fsync(file.fileno())
else:

    def _flush_one(path: Path) -> None:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


_SHORT_GIT = re.compile(r"git~\d", re.IGNORECASE)
"""The short names of a folder .git on Windows."""
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}


def file_name(name: str, suffix: str = "") -> str:
    """Turn any object name into a file name that every system accepts, reversibly for short names.

    Characters that some file system refuses are percent-encoded; names too long
    for one keep their start and a checksum of the whole.
    """
    safe = "".join(c if c.isprintable() and c not in '<>:"/\\|?*%' else _percent(c) for c in name)
    if (
        safe[-1:] in {".", " "}
        or safe[:1] in {".", " ", "\uff0e"}
        or safe.split(".")[0].upper() in _RESERVED
        or _SHORT_GIT.match(safe)
    ):
        safe = _percent(safe[0]) + safe[1:-1] + (_percent(safe[-1]) if len(safe) > 1 else "")
    if len(safe.encode()) > 180:
        safe = f"{safe[:60]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return safe + suffix


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
