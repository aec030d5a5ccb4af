"""Makes problems that say what to do from errors of a disk or database: full, read-only, damaged, too many open files.

Identified by error numbers, never by texts. What is refused so can be done again once there is space: nothing here ends
the service.
"""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import sqlalchemy as sa

from openness_bridge.errors import Kind, Place, Problem


class _Failure(msgspec.Struct, frozen=True):
    code: str
    kind: Kind
    message: str


FULL = _Failure(
    "storage.full",
    Kind.NO_SPACE,
    "The disk is full: free some space, check whether the operation took effect, then send the request again.",
)
READ_ONLY = _Failure(
    "storage.read_only",
    Kind.UNAVAILABLE,
    "This cannot be written: give the service's account the right to write there, and check that the disk is not read-only.",
)
CORRUPT = _Failure(
    "storage.corrupt",
    Kind.FAILED,
    "The service's database is damaged: stop the service, and restore a backup with `tia restore`.",
)
FAILED = _Failure(
    "storage.failed", Kind.UNAVAILABLE, "The disk fails to read or write: read the system's log, and check the disk."
)
BUSY = _Failure("storage.busy", Kind.UNAVAILABLE, "The database is locked by another program: send the request again.")
TOO_MANY_FILES = _Failure(
    "storage.too_many_files",
    Kind.UNAVAILABLE,
    "This service has reached its limit of open files and connections: send the request again later, or raise the limit.",
)

_BY_ERRNO = {
    errno.ENOSPC: FULL,
    errno.EDQUOT if sys.platform != "win32" else 1295: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.EIO: FAILED,
    errno.EMFILE: TOO_MANY_FILES,
    errno.ENFILE: TOO_MANY_FILES,
}
_BY_SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_CORRUPT: CORRUPT,
    sqlite3.SQLITE_NOTADB: CORRUPT,
    sqlite3.SQLITE_IOERR: FAILED,
    sqlite3.SQLITE_CANTOPEN: FAILED,
    sqlite3.SQLITE_BUSY: BUSY,
}
_NO_SPACE = (sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMMAP)
"""What SQLite says of its index in shared memory that cannot grow: the disk is full."""


def as_storage_problem(error: BaseException) -> Problem | None:
    """Return the problem that an error of the disk or of the database is; None for any other error."""
    if isinstance(error, sa.exc.DBAPIError):
        return as_storage_problem(error.orig) if error.orig is not None else None
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None) or 0
        failure = FULL if code in _NO_SPACE else _BY_SQLITE.get(code & 0xFF)
        return None if failure is None else _problem(failure)
    if isinstance(error, OSError) and error.errno in _BY_ERRNO:
        return _problem(_BY_ERRNO[error.errno], error.filename)
    return None


@contextmanager
def storage_problems() -> Iterator[None]:
    """Raise what a disk refuses as a problem.

    Raises:
        Problem: It refused.
    """
    try:
        yield
    except OSError as error:
        problem = as_storage_problem(error)
        if problem is None:
            raise
        raise problem from error


def _problem(failure: _Failure, path: object = None) -> Problem:
    place = Place(path=str(path)) if isinstance(path, str) else None
    return Problem(failure.code, failure.message, kind=failure.kind, place=place)
