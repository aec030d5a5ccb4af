"""The ZIP package of a workbook around its sheets: written row by row, so that a large one needs little memory.

Every cell is an inline string, as Office Open XML (ECMA-376, part 1, 18.3.1.4) defines it; style 1 marks it as text.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS = "http://schemas.openxmlformats.org"
_MAIN = f"{_SCHEMAS}/spreadsheetml/2006/main"
_OFFICE = f"{_SCHEMAS}/officeDocument/2006/relationships"
_PACKAGE = f"{_SCHEMAS}/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_FORMAT = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"'
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="2">{_FORMAT}/>{_FORMAT} quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_ROWS_AT_ONCE = 500


class Package:
    """A workbook that is being written; the end of its ``with`` completes it."""

    def __init__(self, stream: BinaryIO, creator: str) -> None:
        """Start a workbook in a stream.

        Args:
            stream: Where the ZIP goes.
            creator: Who is named as its author.
        """
        self._archive = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self._creator = creator
        self.sheets: list[str] = []

    def add_sheet(self, title: str, rows: Iterable[str]) -> None:
        """Write a sheet.

        Args:
            title: Its name.
            rows: Its ``row`` elements.
        """
        self.sheets.append(title)
        with self._archive.open(f"xl/worksheets/sheet{len(self.sheets)}.xml", "w", force_zip64=True) as part:
            part.write(f'{_DECLARATION}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            pending: list[str] = []
            for row in rows:
                pending.append(row)
                if len(pending) == _ROWS_AT_ONCE:
                    part.write("".join(pending).encode())
                    pending.clear()
            part.write(("".join(pending) + "</sheetData></worksheet>").encode())

    def __enter__(self) -> Package:
        """Start to add sheets."""
        return self

    def __exit__(self, error: object, *_: object) -> None:
        """Write what names the sheets, unless something failed, and end the ZIP."""
        with self._archive as archive:
            for name, content in self._frame().items() if error is None else ():
                archive.writestr(name, _DECLARATION + content)

    def _frame(self) -> dict[str, str]:
        numbered = list(enumerate(self.sheets, 1))
        sheets = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
        parts = [(f"rId{n}", f"{_OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered]
        types = {f"/xl/worksheets/sheet{n}.xml": f"{_TYPE}.worksheet+xml" for n, _ in numbered}
        types |= {"/xl/workbook.xml": f"{_TYPE}.sheet.main+xml", "/xl/styles.xml": f"{_TYPE}.styles+xml"}
        core = f"{_PACKAGE}/relationships/metadata/core-properties"
        return {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations([*parts, ("styles", f"{_OFFICE}/styles", "styles.xml")]),
            "xl/styles.xml": _STYLES,
            "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"><dc:creator '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/">{self._creator}</dc:creator></cp:coreProperties>',
            "_rels/.rels": _relations(
                [("rId1", f"{_OFFICE}/officeDocument", "xl/workbook.xml"), ("rId2", core, "docProps/core.xml")]
            ),
            "[Content_Types].xml": _content_types(types | {"/docProps/core.xml": _CORE}),
        }


def _relations(relations: Iterable[tuple[str, str, str]]) -> str:
    inner = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in relations)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _content_types(types: dict[str, str]) -> str:
    inner = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in types.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{inner}</Types>'
    )
