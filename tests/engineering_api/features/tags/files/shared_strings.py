"""Workbooks as Excel itself stores them: each text once, in a part of its own, and numbers of texts in the cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">
<sheets><sheet name="PLC Tags" sheetId="1" r:id="rId1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>""",
}


def shared_strings_workbook(rows: Iterable[Sequence[str]], raw_texts: Sequence[str] = ()) -> bytes:
    """One sheet ``PLC Tags``.

    Args:
        rows: Texts of the cells.
        raw_texts: XML that replaces the first shared texts, unescaped.
    """
    places: dict[str, int] = {}
    body = "".join(_row(number, cells, places) for number, cells in enumerate(rows, start=1))
    texts = [*raw_texts, *map(escape, list(places)[len(raw_texts) :])]
    strings = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in texts)
    parts = _PARTS | {
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{strings}</sst>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode())
    return buffer.getvalue()


def _row(number: int, cells: Sequence[str], places: dict[str, int]) -> str:
    places_of_cells = [places.setdefault(text, len(places)) for text in cells]
    filled = (f'<c r="{chr(65 + at)}{number}" t="s"><v>{place}</v></c>' for at, place in enumerate(places_of_cells))
    return f'<row r="{number}">{"".join(filled)}</row>'
