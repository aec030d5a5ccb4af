"""Temporary files: Openness imports and exports only files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def temporary(suffix: str) -> Iterator[Path]:
    """Yield an absolute path without a file, because an export refuses an existing one.

    The file and its folder are deleted at the end, unless TIA Portal still holds the file.

    Args:
        suffix: The extension with its dot; Openness checks it for some kinds.
    """
    with TemporaryDirectory(prefix="engineering-api-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve() / f"content{suffix}"
