"""Checks archives of clients before anything of them is written, and unpacks them whole or not at all.

Projects and libraries (.zapNN, .zalNN), memory cards of PLCSIM Advanced and uploaded folders are ZIP archives. What a ZIP
says of itself is not believed: sizes are counted while it is unpacked, too.
"""

from __future__ import annotations

import re
import shutil
import stat
import unicodedata
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from engineering_api.files import path_rules
from engineering_api.files.git_names import find_git_folder
from engineering_api.files.roots import DRAFT, Roots
from openness_bridge.errors import Kind, Place, Problem
from simatic_xml.limits import most

_CHUNK = 1 << 20
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, UnicodeError)
_ENCRYPTED = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of an archive.

    Attributes:
        entries: Files and folders in it.
        unpacked: All files together, in bytes.
        single: One file, in bytes.
        ratio: Unpacked to packed bytes; counted from `free` unpacked bytes.
        levels: Folders in each other, and the file in them.
        free: Bytes from which the ratio counts.
    """

    entries: int = field(default_factory=lambda: most("archive_entries"))
    unpacked: int = field(default_factory=lambda: most("archive_bytes"))
    single: int = field(default_factory=lambda: most("archive_file_bytes"))
    ratio: int = field(default_factory=lambda: most("archive_ratio"))
    levels: int = field(default_factory=lambda: most("archive_levels"))
    free: int = 256 << 20


@dataclass(frozen=True, slots=True)
class UnpackResult:
    """The result of unpacking: the number of files, and their bytes."""

    files: int
    size: int


def require_harmless(file: BinaryIO, name: str, limits: Limits | None = None) -> None:
    """Check an archive that TIA Portal or PLCSIM Advanced is going to unpack. What is no ZIP is left to them.

    Raises:
        Problem: `archive.hostile`, `archive.too_large` or `archive.damaged`.
    """
    if zipfile.is_zipfile(file):
        with _open(file, name) as archive:
            _require_allowed(archive.infolist(), name, limits or Limits())


def resolve_archive(roots: Roots, text: str) -> Path:
    """Return the path of an archive that a client names, to be unpacked by TIA Portal or PLCSIM Advanced.

    Raises:
        Problem: As `roots.existing`, or as `require_harmless`.
    """
    path = roots.existing(text)
    with roots.opened(path) as file:
        require_harmless(file, path.name)
    return path


def unpack(roots: Roots, source: Path, target: Path, limits: Limits | None = None) -> UnpackResult:
    """Unpack a ZIP archive into a new folder.

    Args:
        roots: The folders that clients may use.
        source: The archive, as `roots.resolve` has answered.
        target: The folder, likewise; it may be there when it is empty.
        limits: How much is unpacked at most.

    Raises:
        Problem: It is no ZIP archive, `archive.encrypted`, `archive.hostile`, `archive.too_large`, `archive.damaged`, or
            the target has something in it. Then nothing is left behind.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        msg = f"'{target}' exists already and is not empty: name another folder."
        raise Problem("folder.exists", msg, kind=Kind.CONFLICT, place=Place(path=str(target)))
    draft = target.with_name(f"{DRAFT}{uuid.uuid4().hex}")
    try:
        with roots.opened(source) as file, _open(file, source.name) as archive:
            entries = archive.infolist()
            _require_allowed(entries, source.name, limits or Limits())
            with roots.hold(draft, make=True):
                size = sum(_write_entry(roots, archive, entry, draft, source.name) for entry in entries)
        if target.exists():
            target.rmdir()
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return UnpackResult(sum(not entry.is_dir() for entry in entries), size)


@contextmanager
def _open(file: BinaryIO, name: str) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except _DAMAGE as error:
        msg = f"'{name}' is not a ZIP archive, or is damaged ({error}): send it again."
        raise Problem("archive.damaged", msg, place=Place(path=name)) from error


def _require_allowed(entries: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise _too_large(
            name, f"it has {len(entries)} entries, {limits.entries} are allowed", limits.entries, len(entries)
        )
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if unpacked > limits.unpacked:
        raise _too_large(
            name, f"unpacked it has {unpacked} bytes, {limits.unpacked} are allowed", limits.unpacked, unpacked
        )
    if unpacked > limits.free and unpacked > limits.ratio * packed:
        raise _too_large(
            name, f"it unpacks to more than {limits.ratio} times its size", limits.ratio, -(-unpacked // max(packed, 1))
        )
    if found := find_git_folder(entry.filename for entry in entries):
        msg = f"'{name}' is refused: its entry {path_rules.quote(found)} is in a git folder, or makes one."
        raise Problem("archive.hostile", msg, place=Place(path=name, object=path_rules.quote(found)))
    known: dict[str, bool] = {}
    for entry in entries:
        if entry.file_size > limits.single:
            raise _too_large(
                name,
                f"one file of it has {entry.file_size} bytes, {limits.single} are allowed",
                limits.single,
                entry.file_size,
            )
        if entry.flag_bits & _ENCRYPTED:
            raise Problem("archive.encrypted", f"'{name}' has a password: pack it without one.", place=Place(path=name))
        levels = len(re.split(r"[/\\]", entry.filename.rstrip("/\\")))
        if levels > limits.levels:
            raise _too_large(
                name, f"it has {levels} levels of folders, {limits.levels} are allowed", limits.levels, levels
            )
        if wrong := _find_error(entry, known):
            msg = f"'{name}' is refused: its entry {path_rules.quote(entry.filename)} {wrong}."
            raise Problem("archive.hostile", msg, place=Place(path=name, object=path_rules.quote(entry.filename)))


def _find_error(entry: zipfile.ZipInfo, known: dict[str, bool]) -> str:
    """Return why an entry is not unpacked, given those before it (folded path to whether it is a folder), or ''."""
    text = entry.filename.replace("\\", "/")
    if text.startswith("/"):
        return "would leave the target folder"
    parts = text.rstrip("/").split("/")
    if ".." in parts:
        return "would leave the target folder"
    if any(map(path_rules.wrong_name, parts)) or len(text) > path_rules.LONGEST_PATH:
        return "cannot be a file's path on Windows and Linux"
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "is a link or a device"
    if mode & (stat.S_ISUID | stat.S_ISGID) and not entry.is_dir():
        return "would run with the rights of its owner or group (setuid, setgid)"
    folded = [unicodedata.normalize("NFC", part).casefold() for part in parts]
    for depth in range(1, len(folded)):
        if not known.setdefault("/".join(folded[:depth]), True):
            return "has a file where it needs a folder"
    path, is_folder = "/".join(folded), text.endswith("/")
    if path in known and not (is_folder and known[path]):
        return "occurs twice"
    known[path] = is_folder
    return ""


def _write_entry(roots: Roots, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, draft: Path, name: str) -> int:
    path = draft.joinpath(*entry.filename.replace("\\", "/").rstrip("/").split("/"))
    with roots.hold(path if entry.is_dir() else path.parent, make=True) as folder:
        if entry.is_dir():
            return 0
        size = 0
        with archive.open(entry) as packed, folder.create(path.name) as file:
            while chunk := packed.read(_CHUNK):
                size += len(chunk)
                if size > entry.file_size:
                    raise _too_large(name, "one file of it is larger than its entry states")
                file.write(chunk)
    return size


def _too_large(name: str, why: str, limit: int | None = None, value: int | None = None) -> Problem:
    msg = f"'{name}' is not unpacked: {why}."
    return Problem("archive.too_large", msg, kind=Kind.TOO_LARGE, place=Place(path=name)).beyond(limit, value)
