"""Files on their way into the allowed folders: received in another folder, counted, and published whole or not at all.

A draft is in the service's own folder until it is complete and on disk; then it gets its name in one step. What a
crash leaves is removed at the next start.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engineering_api.files import path_rules
from engineering_api.files.roots import DRAFT, Roots
from engineering_api.storage.failures import storage_problems
from openness_bridge.errors import Kind, Place, Problem

_DRAFT = re.compile(re.escape(DRAFT) + "[0-9a-f]{32}")
PIECE = 1 << 20
"""Bytes of one write."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that has come completely, and has no name yet.

    Attributes:
        size: In bytes.
        sha256: Of its content, in hexadecimal digits.
    """

    id: str
    size: int
    sha256: str


class Uploads:
    """Receives files within limits."""

    def __init__(self, folder: Path, roots: Roots, largest: int, quota: int) -> None:
        """Receive into a folder.

        Args:
            folder: The folder of the drafts; the service's own.
            roots: Where files may go.
            largest: Bytes of one file; 0 for any number.
            quota: Bytes of all files of the workspace; 0 for any number.
        """
        self._folder, self._roots = folder, roots
        self._largest, self._quota = largest, quota
        self._coming = 0
        self._counting = threading.Lock()

    def clear(self) -> None:
        """Remove what an earlier run has left: drafts here and in the workspace."""
        shutil.rmtree(self._folder, ignore_errors=True)
        for left in [path for path in self._roots.workspace.rglob(f"{DRAFT}*") if _DRAFT.fullmatch(path.name)]:
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)

    async def receive(self, chunks: AsyncIterator[bytes], announced: int | None = None) -> Draft:
        """Take a file in.

        Args:
            chunks: Its content.
            announced: Its size, where the sender names it.

        Raises:
            Problem: `file.too_large`, `workspace.full`, or what the disk refuses. Then nothing is left.
        """
        self._require_small(announced or 0)
        used = await asyncio.to_thread(self._used) if self._quota else 0
        name, digest = uuid.uuid4().hex, hashlib.sha256()
        with self._reserve() as reservation:
            reservation.require(used, announced or 0)
            file = await asyncio.to_thread(self._new, name)
            try:
                size = 0
                async for piece in _pieces(chunks):
                    size += len(piece)
                    self._require_small(size)
                    reservation.require(used, size)
                    digest.update(piece)
                    await asyncio.to_thread(_write, file, piece)
                await asyncio.to_thread(_finish, file)
            except BaseException:
                file.close()
                self.drop(name)
                raise
        return Draft(name, size, digest.hexdigest())

    def publish(self, draft: str, target: Path, *, overwrite: bool) -> None:
        """Give a draft its name, at a path that `roots.new` has answered.

        Raises:
            Problem: `file.exists`, there is a file meanwhile, or the way there leads elsewhere.
        """
        source, beside = self._at(draft), f"{DRAFT}{draft}"
        with storage_problems(), self._roots.hold(target.parent) as folder:
            try:
                with source.open("rb") as read, folder.create(beside) as file:
                    shutil.copyfileobj(read, file, PIECE)
                    _finish(file)
                folder.publish(beside, target.name, overwrite=overwrite)
            except FileExistsError as error:
                msg = f"'{target}' exists already: delete it, choose another name, or set overwrite."
                raise Problem("file.exists", msg, kind=Kind.CONFLICT, place=Place(path=str(target))) from error
            finally:
                folder.remove(beside)

    def drop(self, draft: str) -> None:
        """Remove a draft, if it is there."""
        with suppress(FileNotFoundError):
            self._at(draft).unlink()

    def _at(self, draft: str) -> Path:
        return self._folder / f"{draft}.part"

    def _new(self, name: str) -> BinaryIO:
        with storage_problems():
            self._folder.mkdir(parents=True, exist_ok=True)
            return self._at(name).open("xb")

    def _require_small(self, size: int) -> None:
        if self._largest and size > self._largest:
            msg = f"The file is larger than {self._largest} bytes, the limit of an upload (TIA_MAX_UPLOAD)."
            raise Problem("file.too_large", msg, kind=Kind.TOO_LARGE)

    def _used(self) -> int:
        """Return the bytes of all files of the workspace."""
        return sum(sizes(self._roots.workspace))

    @contextmanager
    def _reserve(self) -> Iterator[_Reservation]:
        reservation = _Reservation(self)
        try:
            yield reservation
        finally:
            reservation.release()

    def count(self, more: int, used: int) -> None:
        """Count bytes that are coming.

        Raises:
            Problem: `workspace.full`, with them there would be more than the quota.
        """
        with self._counting:
            if self._quota and more > 0 and used + self._coming + more > self._quota:
                msg = (
                    f"The limit of the workspace is {self._quota} bytes (TIA_MAX_WORKSPACE), and it has {used}: delete files that "
                    "are no longer needed with DELETE /api/files."
                )
                raise Problem("workspace.full", msg, kind=Kind.NO_SPACE)
            self._coming += more


class _Reservation:
    """The bytes of one upload, which others cannot use meanwhile."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads, self._size = uploads, 0

    def require(self, used: int, size: int) -> None:
        """Reserve at least so many bytes in all."""
        if size > self._size:
            self._uploads.count(size - self._size, used)
            self._size = size

    def release(self) -> None:
        """Release them all."""
        self._uploads.count(-self._size, 0)


def sizes(folder: Path) -> Iterator[int]:
    """Yield the sizes of all files below a folder, links not followed."""
    for inner, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                yield (Path(inner) / name).lstat().st_size


def require_name(path: str) -> None:
    """Refuse a path whose last name is one that is used for drafts.

    Raises:
        Problem: `path.invalid`.
    """
    if any(part.startswith(DRAFT) for part in path.replace("\\", "/").split("/")):
        raise path_rules.invalid(path, f"Names that begin with {DRAFT} are reserved for the service")


async def _pieces(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the same bytes in larger pieces."""
    held = bytearray()
    async for chunk in chunks:
        held += chunk
        if len(held) >= PIECE:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _write(file: BinaryIO, piece: bytes) -> None:
    with storage_problems():
        file.write(piece)


def _finish(file: BinaryIO) -> None:
    with storage_problems():
        file.flush()
        os.fsync(file.fileno())
        file.close()
