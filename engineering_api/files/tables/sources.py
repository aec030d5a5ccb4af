"""Where a tag file comes from: a path, or bytes that were uploaded under a name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engineering_api.files.tables.errors import TableFileError
from simatic_xml import limits
from simatic_xml.limits import LimitError
from simatic_xml.writing.whole_files import write_whole

Source = str | Path | bytes


def name_of(source: Source, file: str) -> str:
    """Return the name that error messages show: the given one, or the last part of the path."""
    return file or ("" if isinstance(source, bytes) else Path(source).name)


def path_of(source: str | Path, file: str) -> Path:
    """Return the path of an existing file.

    Raises:
        TableFileError: ``tag_file.not_found``.
    """
    path = Path(source)
    if not path.is_file():
        raise TableFileError("tag_file.not_found", "There is no such file. Check the path.", file)
    return path


@contextmanager
def within_limits(file: str) -> Iterator[None]:
    """Name the file in the refusal of one that is above a limit.

    Raises:
        TableFileError: In place of a LimitError.
    """
    try:
        yield
    except LimitError as error:
        raise TableFileError(error.code, error.message, file).beyond(error.limit, error.value) from error


def load(source: Source, file: str) -> bytes:
    """Return all bytes of a text file.

    Raises:
        TableFileError: ``tag_file.not_found``, ``tag_file.unreadable`` or ``tag_file.too_large``.
    """
    if isinstance(source, bytes):
        size = len(source)
    else:
        path = path_of(source, file)
        size = path.stat().st_size
    with within_limits(file):
        limits.require("table_bytes", size)
    if isinstance(source, bytes):
        return source
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise TableFileError("tag_file.unreadable", f"The file cannot be read: {error.strerror}.", file) from error


def save(path: str | Path, content: bytes) -> None:
    """Write a whole file.

    Raises:
        TableFileError: ``tag_file.unwritable``, as when Excel has the file open.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        raise TableFileError(
            "tag_file.unwritable",
            f"The file cannot be written: {error.strerror}. Close it in other programs and check the folder.",
            Path(path).name,
        ) from error


def encode(text: str, file: str, *, bom: bool = False) -> bytes:
    """Return text as UTF-8.

    Raises:
        TableFileError: ``tag_file.unwritable_text`` for text that is no Unicode.
    """
    try:
        return text.encode("utf-8-sig" if bom else "utf-8")
    except UnicodeEncodeError as error:
        message = "A name or comment has half a surrogate pair in it. Correct it."
        raise TableFileError("tag_file.unwritable_text", message, file) from error


def decode(content: bytes, file: str) -> str:
    """Return text from UTF-8, UTF-16 with byte-order mark, or the Windows code page 1252.

    Raises:
        TableFileError: ``tag_file.encoding`` for bytes that are none of the three.
    """
    has_utf16_mark = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if has_utf16_mark else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableFileError("tag_file.encoding", "The text is neither UTF-8 nor Windows-1252. Save it as UTF-8.", file)
