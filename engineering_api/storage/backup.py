"""Copies what the service keeps while it runs into one ZIP file, and restores it.

In it are the database as it was at one moment, keys, settings, test results, the repositories of source control and the files of
logged values, each as it was at one moment (values in PostgreSQL are left to its own tools); not the projects of the workspace,
which TIA Portal archives (POST /api/projects/actions/archive). What is read first is older than
what is read last, so the order is chosen: the noted end of the audit log before the log, a repository's references before its
objects.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from engineering_api.storage.claim import Claim
from engineering_api.storage.database import Database, copy_database
from engineering_api.storage.failures import CORRUPT, storage_problems
from engineering_api.storage.private import make_private
from openness_bridge.errors import Kind, Problem
from simatic_xml.writing.whole_files import publish

DATABASE, CLAIMED = "service.db", "service.lock"
LEFT_OUT = ("workspace", "rescued", "uploads", "temporary", "worker", "instances.json")
"""What is no part of a copy: projects, what is passing through, and who listens where."""
REPLACED = "before-restore-"
DAMAGED = ".damaged-in-backup"
_OBJECTS = "/.git/objects/"
HISTORY = "runtime/history/"
"""Databases of logged values, each copied as it is at one moment."""
_PASSING = (".lock", ".db-wal", ".db-shm", ".db.new")
"""What belongs to a process that runs: claims, logs of databases, which are copied with their databases, and drafts."""


class BackupSummary(msgspec.Struct):
    """What a copy holds, or what a restore has written.

    Attributes:
        size: Bytes of the file.
    """

    path: str
    files: int
    size: int


def back_up(data_dir: Path, target: Path) -> BackupSummary:
    """Copy what a service keeps, running or not, to a file that its owner alone can read.

    Raises:
        Problem: There is no database, it is damaged, the file is there, or it cannot be written.
    """
    if not (data_dir / DATABASE).is_file():
        raise Problem("backup.nothing", f"{data_dir / DATABASE} does not exist: name the data folder with --data-dir.")
    if target.exists():
        raise Problem("backup.exists", f"{target} exists already: name another file.", kind=Kind.CONFLICT)
    with storage_problems(), tempfile.TemporaryDirectory(dir=target.absolute().parent) as folder:
        draft, database = Path(folder) / "draft", Path(folder) / DATABASE
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(_list_files(data_dir), key=lambda path: _OBJECTS in path.as_posix()):
                name = path.relative_to(data_dir).as_posix()
                if name.startswith(HISTORY) and path.suffix == ".db":
                    _add_day(archive, path, name, database)
                    continue
                if path.suffix == ".db":
                    copy_database(path, database)
                archive.write(database if path.suffix == ".db" else path, name)
            copy_database(data_dir / DATABASE, database)
            archive.write(database, DATABASE)
            count = len(archive.namelist())
            archive.close()
            stream.flush()
            os.fsync(stream.fileno())
        publish(draft, target)
    return BackupSummary(str(target), count, target.stat().st_size)


def restore(source: Path, data_dir: Path) -> BackupSummary:
    """Restore a copy. The former content of the data folder is moved to a folder in it whose name says when.

    Raises:
        Problem: A service uses the data folder, the file is no whole copy, or it cannot be written.
    """
    _require_unused(data_dir)
    make_private(data_dir)
    with storage_problems(), tempfile.TemporaryDirectory(dir=data_dir, prefix=".restore-") as name:
        files = _unpack(source, Path(name))
        Database(Path(name) / DATABASE).close()
        aside = data_dir / f"{REPLACED}{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S-%f}"
        for path in [each for each in data_dir.iterdir() if _is_kept(each) or each.name.startswith(DATABASE)]:
            aside.mkdir(exist_ok=True)
            path.rename(aside / path.name)
        for path in sorted(Path(name).iterdir()):
            path.rename(data_dir / path.name)
    return BackupSummary(str(source), files, source.stat().st_size)


def _add_day(archive: zipfile.ZipFile, path: Path, name: str, copy: Path) -> None:
    """Add a database of logged values; a damaged one as it is, under a name with `DAMAGED`."""
    try:
        copy_database(path, copy)
        archive.write(copy, name)
    except Problem as problem:
        if problem.code != CORRUPT.code:
            raise
        archive.write(path, f"{name}{DAMAGED}")
    finally:
        copy.unlink(missing_ok=True)


def _list_files(data_dir: Path) -> Iterator[Path]:
    """Yield the files of a copy, but for the database."""
    for top in sorted(data_dir.iterdir()):
        if _is_kept(top):
            found = [top] if top.is_file() else sorted(top.rglob("*"))
            yield from (path for path in found if path.is_file() and not path.name.endswith(_PASSING))


def _is_kept(top: Path) -> bool:
    name = top.name
    return not (name in {*LEFT_OUT, CLAIMED} or name.startswith((DATABASE, REPLACED, ".")))


def _require_unused(data_dir: Path) -> None:
    if not data_dir.exists():
        return
    claim = Claim(data_dir / CLAIMED)
    claim.release()
    if not claim.alone:
        raise Problem("backup.in_use", f"A service uses {data_dir}: stop it first.", kind=Kind.CONFLICT)


def _unpack(source: Path, folder: Path) -> int:
    """Unpack a copy; returns how many files it has."""
    try:
        with zipfile.ZipFile(source) as archive:
            names = archive.namelist()
            if DATABASE not in names or archive.testzip() is not None:
                raise Problem("backup.damaged", f"{source} is not a complete backup of a service's data.")
            for name in names:
                if not (folder / name).resolve().is_relative_to(folder.resolve()):
                    raise Problem("backup.damaged", f"{source} names a file outside of the data folder: {name}.")
                archive.extract(name, folder)
                (folder / name).chmod(0o600)
    except (zipfile.BadZipFile, FileNotFoundError) as error:
        raise Problem("backup.damaged", f"{source} is not a backup of a service's data: {error}.") from None
    return len(names)
