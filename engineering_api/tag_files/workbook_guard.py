"""Looks at a workbook before it is parsed: is it one, and does it stay within bounds?

The parser keeps a sheet as one dense rectangle, so a few bytes with a far-off cell, or a tightly packed part, could
take all memory. Both are measured here on the unpacked stream, with nothing kept.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from engineering_api.tag_files.rows import TagFileError
from engineering_api.tag_files.sources import Source, path_of

ZIP_SIGNATURE = b"PK\x03\x04"
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a workbook.

    Attributes:
        unpacked: All parts together, in bytes.
        rows: Last row of a sheet.
        columns: Last column of a sheet, at most 26 times 27 (``ZZ``).
        cells: Rows times columns of one sheet.
    """

    unpacked: int = 1024 * 1024 * 1024
    rows: int = 600_000
    columns: int = 200
    cells: int = 15_000_000


LIMITS = Limits()

_CHUNK = 1024 * 1024
_OVERLAP = 32
_DIGITS = 12  # of a row number; more are out of bounds anyway
_NEAR_ROW, _NEAR_COLUMN = 99_999, 26
_FAR_REFERENCE = re.compile(rb"""r\s*=\s*["'](?:([A-Z]{2,})([0-9]+)|[A-Z]?([0-9]{6,}))["']""")
_NOT_A_WORKBOOK = "The file is {what}, not an Excel workbook. Save it as .xlsx in Excel, or export it anew."
_KINDS = {b"%PDF": "a PDF document", b"<": "XML or HTML text", b"{": "JSON text", b"": "empty"}


def check_workbook(source: Source, file: str, limits: Limits = LIMITS) -> None:
    """Pass a workbook that can be parsed within the bounds.

    Raises:
        TagFileError: ``tag_file.not_found``, ``tag_file.not_a_workbook``, ``tag_file.encrypted``,
            ``tag_file.old_workbook``, ``tag_file.damaged`` or ``tag_file.too_large``.
    """
    with _opened(source, file) as stream:
        _check_signature(stream, file)
        try:
            with zipfile.ZipFile(stream) as archive:
                _check_parts(archive, file, limits)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise TagFileError(
                "tag_file.damaged", f"The workbook is damaged ({error}). Save it anew in Excel.", file
            ) from error


def _opened(source: Source, file: str) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return path_of(source, file).open("rb")
    except OSError as error:
        raise TagFileError("tag_file.unreadable", f"The file cannot be read: {error.strerror}.", file) from error


def _check_signature(stream: BinaryIO, file: str) -> None:
    start = stream.read(8)
    if start.startswith(ZIP_SIGNATURE):
        return
    if start == OLE_SIGNATURE:
        raise _old_or_encrypted(stream, file)
    text = start.removeprefix(b"\xef\xbb\xbf")
    what = next((kind for mark, kind in _KINDS.items() if mark and text.startswith(mark)), "of another kind")
    raise TagFileError("tag_file.not_a_workbook", _NOT_A_WORKBOOK.format(what=what if start else _KINDS[b""]), file)


def _old_or_encrypted(stream: BinaryIO, file: str) -> TagFileError:
    rest = stream.read(16 * _CHUNK)
    if "EncryptedPackage".encode("utf-16-le") in rest:
        return TagFileError(
            "tag_file.encrypted", "The workbook is protected by a password. Remove the password in Excel.", file
        )
    return TagFileError("tag_file.old_workbook", "The workbook is an old .xls file. Save it as .xlsx in Excel.", file)


def _check_parts(archive: zipfile.ZipFile, file: str, limits: Limits) -> None:
    parts = archive.infolist()
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise TagFileError(
            "tag_file.not_a_workbook", _NOT_A_WORKBOOK.format(what="a ZIP archive of another kind"), file
        )
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked:
        raise _too_large(file, f"unpacked it has {unpacked} bytes, {limits.unpacked} are allowed")
    for part in parts:
        _check_part(archive, part, file, limits)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, file: str, limits: Limits) -> None:
    """Unpack one part to its end, which refuses a part that is larger than it says, and find its far-off cells."""
    is_sheet, rows, columns, before = False, _NEAR_ROW, _NEAR_COLUMN, b""
    for chunk in _chunks(archive, part):
        window = before + chunk
        is_sheet = is_sheet or b"sheetData" in window
        for letters, row_of_letters, row in _FAR_REFERENCE.findall(window):
            columns = max(columns, _column_number(letters))
            rows = max(rows, int((row_of_letters or row)[:_DIGITS]))
        before = chunk[-_OVERLAP:]
    if is_sheet and (rows > limits.rows or columns > limits.columns or rows * columns > limits.cells):
        raise _too_large(
            file,
            f"{part.filename} reaches row {rows} and column {columns}; {limits.rows} rows, {limits.columns} columns "
            f"and {limits.cells} cells are allowed",
        )


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number


def _too_large(file: str, why: str) -> TagFileError:
    return TagFileError(
        "tag_file.too_large", f"The workbook is too large: {why}. Split it, or remove stray cells.", file
    )


def is_workbook(start: bytes) -> bool:
    """Tell from the first bytes whether a file claims to be a workbook, of whatever age."""
    return start.startswith((ZIP_SIGNATURE, OLE_SIGNATURE))
