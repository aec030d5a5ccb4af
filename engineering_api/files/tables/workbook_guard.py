"""Examines a workbook before it is parsed: is it one, and does it stay within bounds?

The parser keeps a sheet as one dense rectangle, so a few bytes with a far-off cell, a tightly packed part or one
long text in many cells could take all memory. All of it is measured here on the unpacked stream, with nothing kept.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO

from engineering_api.files.tables.errors import TableFileError
from engineering_api.files.tables.sources import Source, path_of
from engineering_api.files.tables.workbook_measure import PartMeasure
from simatic_xml.limits import most

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
        text: Number of filled cells times the longest shared text, in bytes: one text can stand in many cells.
    """

    unpacked: int = field(default_factory=lambda: most("workbook_bytes"))
    rows: int = field(default_factory=lambda: most("table_rows"))
    columns: int = field(default_factory=lambda: most("table_columns"))
    cells: int = field(default_factory=lambda: most("workbook_cells"))
    text: int = field(default_factory=lambda: most("workbook_text"))


_CHUNK = 1024 * 1024
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
)
_NOT_A_WORKBOOK = "The file is {what}, not an Excel workbook. Save it as .xlsx in Excel, or export it again."
_KINDS = {b"%PDF": "a PDF document", b"<": "XML or HTML text", b"{": "JSON text", b"": "empty"}


def check_workbook(source: Source, file: str, limits: Limits | None = None) -> None:
    """Pass a workbook that can be parsed within the bounds.

    Raises:
        TableFileError: ``tag_file.not_found``, ``tag_file.not_a_workbook``, ``tag_file.encrypted``,
            ``tag_file.old_workbook``, ``tag_file.damaged`` or ``tag_file.too_large``.
    """
    with _open(source, file) as stream:
        _check_signature(stream, file)
        try:
            with zipfile.ZipFile(stream) as archive:
                _check_parts(archive, file, limits or Limits())
        except _DAMAGE as error:
            raise TableFileError(
                "tag_file.damaged", f"The workbook is damaged ({error}). Save it again in Excel.", file
            ) from error


def _open(source: Source, file: str) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return path_of(source, file).open("rb")
    except OSError as error:
        raise TableFileError("tag_file.unreadable", f"The file cannot be read: {error.strerror}.", file) from error


def _check_signature(stream: BinaryIO, file: str) -> None:
    start = stream.read(8)
    if start.startswith(ZIP_SIGNATURE):
        return
    if start == OLE_SIGNATURE:
        raise _old_or_encrypted(stream, file)
    text = start.removeprefix(b"\xef\xbb\xbf")
    what = next((kind for mark, kind in _KINDS.items() if mark and text.startswith(mark)), "of another kind")
    raise TableFileError("tag_file.not_a_workbook", _NOT_A_WORKBOOK.format(what=what if start else _KINDS[b""]), file)


def _old_or_encrypted(stream: BinaryIO, file: str) -> TableFileError:
    rest = stream.read(16 * _CHUNK)
    if "EncryptedPackage".encode("utf-16-le") in rest:
        return TableFileError(
            "tag_file.encrypted", "The workbook is protected by a password. Remove the password in Excel.", file
        )
    return TableFileError("tag_file.old_workbook", "The workbook is an old .xls file. Save it as .xlsx in Excel.", file)


def _check_parts(archive: zipfile.ZipFile, file: str, limits: Limits) -> None:
    parts = archive.infolist()
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise TableFileError(
            "tag_file.not_a_workbook", _NOT_A_WORKBOOK.format(what="a ZIP archive of another kind"), file
        )
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.unpacked:
        raise _too_large(
            file, f"unpacked it has {unpacked} bytes, {limits.unpacked} are allowed", limits.unpacked, unpacked
        )
    measures = [_measure(archive, part) for part in parts]
    for part, measure in zip(parts, measures, strict=True):
        if measure.is_sheet:
            _check_extent(part.filename, measure, file, limits)
    _check_text(measures, file, limits)


def _measure(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> PartMeasure:
    """Unpack one part to its end, which also refuses a part that is larger than it says."""
    measure = PartMeasure()
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            measure.feed(chunk)
    return measure


def _check_extent(part: str, measure: PartMeasure, file: str, limits: Limits) -> None:
    rows, columns = measure.rows, measure.columns
    bounds = ((limits.rows, rows), (limits.columns, columns), (limits.cells, rows * columns))
    above = next((pair for pair in bounds if pair[1] > pair[0]), None)
    if above is not None:
        raise _too_large(
            file,
            f"{part} reaches row {rows} and column {columns}; {limits.rows} rows, {limits.columns} columns "
            f"and {limits.cells} cells are allowed",
            *above,
        )


def _check_text(measures: list[PartMeasure], file: str, limits: Limits) -> None:
    cells = sum(measure.closings for measure in measures if measure.is_sheet) // 2
    longest = max((measure.longest_text for measure in measures), default=0)
    if cells * longest > limits.text:
        raise _too_large(
            file,
            f"{cells} cells with texts of up to {longest} bytes may need more than {limits.text} bytes of memory",
            limits.text,
            cells * longest,
        )


def _too_large(file: str, why: str, limit: int, value: int) -> TableFileError:
    message = f"The workbook is too large: {why}. Split it, or remove stray cells and long texts."
    return TableFileError("tag_file.too_large", message, file).beyond(limit, value)


def is_workbook(start: bytes) -> bool:
    """Return from the first bytes whether a file claims to be a workbook, of any age."""
    return start.startswith((ZIP_SIGNATURE, OLE_SIGNATURE))
