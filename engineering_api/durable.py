"""Small files of the service that are replaced as a whole: after a kill or a power cut there is the old one or the new one."""

from __future__ import annotations

from pathlib import Path

from simatic_xml.writing.whole_files import write_whole


def write_file(file: Path, content: bytes) -> None:
    """Write a file that its owner alone can read, and replace the one that is there. On the disk when this returns.

    Raises:
        OSError: The disk is full or cannot be written. The file is as it was.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, content, private=True, durable=True)
