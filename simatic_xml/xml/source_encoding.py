"""Finds the encoding of a source file: TIA Portal reads ANSI, UTF-8, UTF-16, UTF-32 and UCS2.

Fact: TIA Portal: help, "Basics of using external source files". UCS2 has no mark there; UTF-32 without one, and UTF-8 without
one, which the help does not name, are read, too.
"""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Marks with their encodings; the mark of UTF-32-LE begins with that of UTF-16-LE."""
_UNITS = (("utf-32-le", 4, 0), ("utf-32-be", 4, 3), ("utf-16-le", 2, 0), ("utf-16-be", 2, 1))
"""Encodings by the bytes of a unit, and the only byte of the first unit that is not NUL: a source begins with an ASCII character."""


def find_encoding(content: bytes) -> tuple[bytes, str]:
    """Return the byte-order mark of a source file, empty for none, and the codec of what follows."""
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return mark, codec
    for codec, size, place in _UNITS:
        unit = content[:size]
        if len(unit) == size and [at for at, byte in enumerate(unit) if byte] == [place]:
            return b"", codec
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return b"", "cp1252"
    return b"", "utf-8"
