"""Makes problems that say what to do from errors at a file or document that a client gave.

Errors of the file system are identified by error numbers, never by texts. Only paths in the folders that clients may name
count: an error at another file is one of this service.
"""

from __future__ import annotations

import errno
from pathlib import Path

from engineering_api.files.roots import Roots
from openness_bridge.errors import Kind, Place, Problem
from simatic_xml import SimaticMLError
from simatic_xml.limits import LimitError

_EXISTS = ("file.exists", Kind.CONFLICT, "'{}' exists already: delete it, or choose another name or folder.")
_INVALID = ("path.invalid", Kind.INVALID, "'{}' cannot be a path on this server: shorten it, or choose another name.")
_BY_ERRNO = {
    errno.EEXIST: _EXISTS,
    errno.ENOTEMPTY: _EXISTS,
    errno.ENOTDIR: (
        "file.wrong_kind",
        Kind.INVALID,
        "'{}' needs a folder, but a file has that name: name another folder.",
    ),
    errno.EISDIR: ("file.wrong_kind", Kind.INVALID, "'{}' is a folder: name a file."),
    errno.ENOENT: ("file.not_found", Kind.MISSING, "The file or folder '{}' does not exist."),
    errno.ENAMETOOLONG: _INVALID,
    errno.EINVAL: _INVALID,
    errno.ELOOP: _INVALID,
}


def as_path_problem(error: BaseException, roots: Roots) -> Problem | None:
    """Return the problem for an error of the file system; None for any other error.

    Args:
        error: The exception.
        roots: The folders that clients may name.
    """
    if not isinstance(error, OSError) or error.errno not in _BY_ERRNO:
        return None
    named = [Path(each) for each in (error.filename2, error.filename) if isinstance(each, str) and each]
    path = next((each for each in named if not each.is_absolute() or _is_in(each, roots)), None)
    if path is None:
        return None
    code, kind, message = _BY_ERRNO[error.errno]
    return Problem(code, message.format(path), kind=kind, place=Place(path=str(path)))


def as_document_problem(error: SimaticMLError, pointer: str = "") -> Problem:
    """Return what simatic_xml refuses, as a problem with its place."""
    place = Place(line=error.line, column=error.column, pointer=f"{pointer}{error.pointer or ''}" or None)
    if isinstance(error, LimitError):
        return Problem(error.code, error.message, place=place).beyond(error.limit, error.value)
    return Problem(f"simatic_ml.{error.code}", error.message, place=place)


def _is_in(path: Path, roots: Roots) -> bool:
    """Return whether a path is in them, by its text alone: a refused path can be one that cannot be read."""
    return any(path.is_relative_to(folder) for folder in roots.folders)
