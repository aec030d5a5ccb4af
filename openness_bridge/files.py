"""Temporary files: Openness imports and exports only files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

_shared: ContextVar[Iterator[Path] | None] = ContextVar("shared", default=None)


@contextmanager
def temporary(suffix: str) -> Iterator[Path]:
    """Yield an absolute path without a file, because an export refuses an existing one.

    The file and its folder are deleted at the end, unless TIA Portal still holds the file.

    Args:
        suffix: The extension with its dot; Openness checks it for some kinds.
    """
    shared = _shared.get()
    if shared is None:
        with _folder() as folder:
            yield folder / f"content{suffix}"
        return
    path = next(shared).with_suffix(suffix)
    try:
        yield path
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


@contextmanager
def one_folder() -> Iterator[None]:
    """Put all temporary files of the calls within into one folder: a folder for each takes longer than many an import."""
    with _folder() as folder:
        token = _shared.set(folder / f"content-{number}" for number in count())
        try:
            yield
        finally:
            _shared.reset(token)


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="engineering-api-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()
