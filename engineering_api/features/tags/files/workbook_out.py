"""Writes tag workbooks, laid out as TIA Portal's own export, so that its import takes them.

Every cell is a string, also one that looks like a formula: such a cell is marked as text, and Excel never runs it.
Facts: docs/facts/tag-files.md#workbook.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TypeVar

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.packaging.custom import StringProperty
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from engineering_api.features.tags.files.addresses import Mnemonics, in_mnemonics
from engineering_api.features.tags.files.rows import DEFAULT_TABLE, ConstantRow, TagRow
from engineering_api.features.tags.files.workbook_in import CONSTANT_SHEET, TABLE_SHEET, TAG_SHEET
from engineering_api.files.tables.errors import TableFileError
from engineering_api.files.tables.sources import save

TAG_COLUMNS = (
    "Name",
    "Path",
    "Data Type",
    "Logical Address",
    "Comment",
    "Hmi Visible",
    "Hmi Accessible",
    "Hmi Writeable",
    "Typeobject ID",
    "Version ID",
)
CONSTANT_COLUMNS = ("Name", "Path", "Data Type", "Value", "Comment")
TABLE_COLUMNS = ("Path", "BelongsToUnit", "Accessibility")
FORM = ("TIA_Version", "1.0")
"""The custom property of the file without which TIA Portal's import refuses it."""

R = TypeVar("R", TagRow, ConstantRow)

_ESCAPED_BY_EXCEL = re.compile(r"\r|_(?=x[0-9A-Fa-f]{4}_)")

_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")

MAX_CELL = 32_767
"""Longest text of a cell in Excel, in characters."""


def write_xlsx(
    path: str | Path,
    tags: Iterable[TagRow],
    constants: Iterable[ConstantRow] = (),
    *,
    mnemonics: Mnemonics = "en",
) -> None:
    """Write a workbook with the sheets ``PLC Tags`` and ``Constants``, each only when it has rows, and one of their tables.

    A workbook needs one sheet: without any row it has an empty ``PLC Tags``. Rows without table go to TIA Portal's
    default tag table.

    Args:
        path: File to write; an existing one is replaced.
        tags: Rows of tags.
        constants: Rows of constants.
        mnemonics: ``de`` writes ``%E0.0`` for ``%I0.0``.

    Raises:
        TableFileError: ``tag_file.unwritable_text`` for text that a workbook cannot hold: control characters, or more
            than 32767 characters in one cell; ``tag_file.unwritable`` for a file that is open elsewhere.
    """
    file = Path(path).name
    workbook = Workbook(write_only=True)
    workbook.properties.creator = "Open engineering API for SIMATIC PLCs"
    workbook.custom_doc_props.append(StringProperty(*FORM))  # type: ignore[attr-defined]  # the stubs do not know it
    tables: dict[str, None] = {}
    try:
        tag_rows = (_tag_cells(tag, mnemonics) for tag in _noting(tags, tables))
        _add_sheet(workbook, TAG_SHEET, TAG_COLUMNS, tag_rows, file)
        _add_sheet(workbook, CONSTANT_SHEET, CONSTANT_COLUMNS, map(_constant_cells, _noting(constants, tables)), file)
        _add_sheet(workbook, TABLE_SHEET, TABLE_COLUMNS, ((path, "", "") for path in tables), file)
    except BaseException:
        workbook.save(io.BytesIO())  # ends the open sheet and removes its temporary file
        raise
    if not workbook.sheetnames:
        workbook.create_sheet(TAG_SHEET).append(TAG_COLUMNS)
    buffer = io.BytesIO()
    workbook.save(buffer)
    save(path, buffer.getvalue())


def _noting(rows: Iterable[R], tables: dict[str, None]) -> Iterator[R]:
    """Pass rows on, and note their tables."""
    for row in rows:
        tables[row.table or DEFAULT_TABLE] = None
        yield row


def _add_sheet(
    workbook: Workbook, title: str, columns: Sequence[str], rows: Iterator[Sequence[str]], file: str
) -> None:
    first = next(rows, None)
    if first is None:
        return
    sheet = workbook.create_sheet(title)
    sheet.append(columns)
    for cells in chain([first], rows):
        sheet.append([_cell(sheet, text, file) for text in cells])


def _tag_cells(tag: TagRow, mnemonics: Mnemonics) -> Sequence[str]:
    address = in_mnemonics(tag.address, mnemonics)
    flags = (str(tag.hmi_visible), str(tag.hmi_accessible), str(tag.hmi_writeable))
    return (tag.name, tag.table or DEFAULT_TABLE, tag.data_type, address, tag.comment, *flags, "", "")


def _constant_cells(constant: ConstantRow) -> Sequence[str]:
    return (constant.name, constant.table or DEFAULT_TABLE, constant.data_type, constant.value, constant.comment)


def _cell(sheet: WriteOnlyWorksheet, text: str, file: str) -> str | Cell:
    if len(text) > MAX_CELL or ILLEGAL_CHARACTERS_RE.search(text) or _NO_XML.search(text):
        raise TableFileError(
            "tag_file.unwritable_text",
            f"A workbook cannot hold the text {text[:40]!r}: it has control characters or more than {MAX_CELL} "
            "characters. Correct it, or write CSV.",
            file,
            sheet.title,
        )
    text = _ESCAPED_BY_EXCEL.sub(_escape, text)
    if text[:1] not in ("=", "#"):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _escape(found: re.Match[str]) -> str:
    """Return a carriage return, which XML drops, and text that only looks escaped, in Excel's own escape form."""
    return f"_x{ord(found[0]):04X}_"
