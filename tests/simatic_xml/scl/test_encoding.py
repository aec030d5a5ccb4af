"""A source is read in each encoding that TIA Portal reads, also by the commands, and written back in it."""

from __future__ import annotations

import codecs
from pathlib import Path

from engineering_api.cli.everyday.kinds import classify, declared_names
from simatic_xml.scl import decode
from simatic_xml.scl_cli.inputs import Input

TEXT = 'FUNCTION "Größe" : Void\r\nBEGIN\r\n    ; // é\r\nEND_FUNCTION\r\n'
FORMS = {
    "ANSI": (b"", "cp1252"),
    "UTF-8": (b"", "utf-8"),
    "UTF-8 with mark": (codecs.BOM_UTF8, "utf-8"),
    "UTF-16-LE": (codecs.BOM_UTF16_LE, "utf-16-le"),
    "UTF-16-BE": (codecs.BOM_UTF16_BE, "utf-16-be"),
    "UTF-32-LE": (codecs.BOM_UTF32_LE, "utf-32-le"),
    "UTF-32-BE": (codecs.BOM_UTF32_BE, "utf-32-be"),
    "UCS2-LE": (b"", "utf-16-le"),
    "UCS2-BE": (b"", "utf-16-be"),
    "UTF-32-LE without mark": (b"", "utf-32-le"),
    "UTF-32-BE without mark": (b"", "utf-32-be"),
}


def test_every_encoding_is_read_and_written_back(tmp_path: Path) -> None:
    wrong = []
    for name, (mark, codec) in FORMS.items():
        content = mark + TEXT.encode(codec)
        file = tmp_path / f"{name}.scl"
        file.write_bytes(content)
        found = (decode(content), classify(file).form, declared_names(content), Input(str(file), content).encode(TEXT))
        if found != (TEXT, "source", ["Größe"], content):
            wrong.append((name, found))
    assert not wrong
    assert [decode(each) for each in (b"", b"a", b"\0", b"A\x1a", b"\xff\xfe")] == ["", "a", "", "A", ""]
