"""Small files of the service that are replaced as a whole: after a kill or a power cut there is the old one or the new one."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path


def write_file(file: Path, content: bytes) -> None:
    """Write a file that its owner alone can read, and replace the one that is there. On the disk when this returns.

    Raises:
        OSError: The disk is full or cannot be written. The file is as it was.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(draft).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(draft).unlink(missing_ok=True)
        raise
    _flush(file.parent)


def _flush(folder: Path) -> None:
    """Write the folder's entries to the disk; Windows does that by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
