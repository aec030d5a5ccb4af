"""Detects the kind of a tag file by its content; by the ending of its name only where the content leaves it open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from engineering_api.features.tags.files.classic_xml import read_classic_xml
from engineering_api.features.tags.files.json_files import read_json
from engineering_api.features.tags.files.rows import STRICT, Reading, TagSheet
from engineering_api.features.tags.files.text_files import has_header, read_csv, read_sdf
from engineering_api.features.tags.files.workbook_in import Progress, read_xlsx
from engineering_api.files.tables.errors import TableFileError
from engineering_api.files.tables.sources import Source, name_of, path_of
from engineering_api.files.tables.workbook_guard import is_workbook

_HEAD = 64 * 1024
_WORKBOOK_ENDINGS = frozenset({".xlsx", ".xlsm", ".xls"})
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read(source: Source, progress: Progress | None = None, *, file: str = "", reading: Reading = STRICT) -> TagSheet:
    """Read a tag file of any kind.

    Args:
        source: Path, or the content itself.
        progress: Called while a workbook is read; the other kinds are done at once.
        file: Name where the content is given, for error messages and for its ending.
        reading: How to read it.

    Raises:
        TableFileError: For a file as a whole; errors of rows are returned.
    """
    file = name_of(source, file)
    start = _start(source, file)
    if is_workbook(start) or PurePath(file).suffix.lower() in _WORKBOOK_ENDINGS:
        return read_xlsx(source, progress, file=file, reading=reading)
    return _text_reader(start, file)(source, file=file, reading=reading)


def _start(source: Source, file: str) -> bytes:
    if isinstance(source, bytes):
        return source[:_HEAD]
    with path_of(source, file).open("rb") as stream:
        return stream.read(_HEAD)


def _text_reader(start: bytes, file: str) -> Callable[..., TagSheet]:
    if b"\0" in start and not start.startswith(_UTF16_MARKS):
        raise TableFileError(
            "tag_file.unknown_format", "This is not a tag file. Send .xlsx, .csv, .sdf, .json or a classic .xml.", file
        )
    text = _head_text(start)
    mark = text.lstrip()[:1]
    if mark == "<":
        return read_classic_xml
    if mark in ("[", "{"):
        return read_json
    is_sdf = PurePath(file).suffix.lower() == ".sdf" or mark == '"'
    return read_sdf if is_sdf and not has_header(text) else read_csv


def _head_text(start: bytes) -> str:
    """Return the text of a beginning, which may end in the middle of a character."""
    return start.decode("utf-16" if start.startswith(_UTF16_MARKS) else "utf-8-sig", errors="replace")
