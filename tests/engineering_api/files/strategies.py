"""Paths that must be refused, and archives of any entries."""

from __future__ import annotations

import io
import zipfile

from hypothesis import strategies as st

PIECES = ("..", ".", "a", "ws", "WS", "/", "\\", "//", "\\\\", "C:", "D:", "d:\\ws", "/srv/ws", "\\\\?\\", "\\\\.\\", "NUL", "con.txt",
          "COM1", "COM\u00b2", ":", "::$DATA", ".", " ", "\u2044", "\uff0f", "\uff3c", "\u2025", "\uff0e", "\0", "\u202e", "x" * 300,
          "PROGRA~1", "\ud800", "e\u0301", "\u212a", "~", "%2e%2e", "$HOME")  # fmt: skip
hostile = st.one_of(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), st.text(max_size=40))


def packed(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """An archive of entries, by their names or with all that a ZIP knows of them."""
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in entries:
                archive.writestr(name, content)
        return file.getvalue()
