"""Tag workbooks out, laid out as TIA Portal's own export, so that its import takes them.

Every cell is a string, also one that looks like a formula: such a cell is marked as text, and Excel never runs it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from xml.sax.saxutils import escape

from engineering_api.tag_files.addresses import Mnemonics, in_mnemonics
from engineering_api.tag_files.rows import DEFAULT_TABLE, ConstantRow, TagFileError, TagRow
from engineering_api.tag_files.sources import save
from engineering_api.tag_files.workbook_in import CONSTANT_SHEET, TAG_SHEET
from engineering_api.tag_files.workbook_package import Package

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

_CREATOR = "SIMATIC engineering API"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COLUMNS = "ABCDEFGHIJ"
_ESCAPED_BY_EXCEL = re.compile(r"\r|_(?=x[0-9A-Fa-f]{4}_)")

MAX_CELL = 32_767
"""Longest text of a cell in Excel, in characters."""


def write_xlsx(
    path: str | Path,
    tags: Iterable[TagRow],
    constants: Iterable[ConstantRow] = (),
    *,
    mnemonics: Mnemonics = "en",
) -> None:
    """Write a workbook with the sheets ``PLC Tags`` and ``Constants``, each only when it has rows.

    A workbook needs one sheet: without any row it has an empty ``PLC Tags``. Rows without table go to TIA Portal's
    default tag table.

    Args:
        path: File to write; an existing one is replaced.
        tags: Rows of tags.
        constants: Rows of constants.
        mnemonics: ``de`` writes ``%E0.0`` for ``%I0.0``.

    Raises:
        TagFileError: ``tag_file.unwritable_text`` for text that a workbook cannot hold: control characters, or more
            than 32767 characters in one cell; ``tag_file.unwritable`` for a file that is open elsewhere.
    """
    file = Path(path).name
    buffer = io.BytesIO()
    with Package(buffer, _CREATOR) as package:
        _add_sheet(package, TAG_SHEET, TAG_COLUMNS, (_tag_cells(tag, mnemonics) for tag in tags), file)
        _add_sheet(package, CONSTANT_SHEET, CONSTANT_COLUMNS, map(_constant_cells, constants), file)
        if not package.sheets:
            package.add_sheet(TAG_SHEET, _rows([TAG_COLUMNS], TAG_SHEET, file))
    save(path, buffer.getvalue())


def _add_sheet(package: Package, title: str, columns: Sequence[str], rows: Iterator[Sequence[str]], file: str) -> None:
    first = next(rows, None)
    if first is not None:
        package.add_sheet(title, _rows(chain([columns, first], rows), title, file))


def _rows(rows: Iterable[Sequence[str]], sheet: str, file: str) -> Iterator[str]:
    columns = ""
    for number, cells in enumerate(rows, 1):
        columns = columns or _COLUMNS[: len(cells)]
        try:
            filled = [
                f'<c r="{column}{number}{_cell(text)}' for column, text in zip(columns, cells, strict=True) if text
            ]
        except ValueError as error:
            raise TagFileError("tag_file.unwritable_text", str(error), file, sheet) from error
        yield f'<row r="{number}">{"".join(filled)}</row>'


def _tag_cells(tag: TagRow, mnemonics: Mnemonics) -> Sequence[str]:
    address = in_mnemonics(tag.address, mnemonics)
    flags = (str(tag.hmi_visible), str(tag.hmi_accessible), str(tag.hmi_writeable))
    return (tag.name, tag.table or DEFAULT_TABLE, tag.data_type, address, tag.comment, *flags, "", "")


def _constant_cells(constant: ConstantRow) -> Sequence[str]:
    return (constant.name, constant.table or DEFAULT_TABLE, constant.data_type, constant.value, constant.comment)


@lru_cache(maxsize=4096)
def _cell(text: str) -> str:
    """The rest of a cell behind its reference.

    Raises:
        ValueError: A workbook cannot hold the text.
    """
    if len(text) > MAX_CELL or _NO_XML.search(text):
        raise ValueError(
            f"A workbook cannot hold the text {text[:40]!r}: it has control characters or more than {MAX_CELL} "
            "characters. Correct it, or write CSV."
        )
    style = '" s="1' if text[0] in "=#" else ""
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    shown = escape(_ESCAPED_BY_EXCEL.sub(_escape, text))
    return f'{style}" t="inlineStr"><is><t{space}>{shown}</t></is></c>'


def _escape(found: re.Match[str]) -> str:
    """A carriage return, which XML drops, and text that only looks escaped, in Excel's own escape form."""
    return f"_x{ord(found[0]):04X}_"
