"""Files that exist only while something passes through them: Openness imports and exports nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def temporary(suffix: str) -> Iterator[Path]:
    """An absolute path at which there is no file yet, because an export refuses one that is there.

    The file and its folder are gone at the end, unless TIA Portal still holds the file.

    Args:
        suffix: The extension with its dot; Openness checks it for some kinds.
    """
    with TemporaryDirectory(prefix="engineering-api-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve() / f"content{suffix}"
