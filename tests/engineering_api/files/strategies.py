"""Paths that must be refused."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = ("..", ".", "a", "ws", "WS", "/", "\\", "//", "\\\\", "C:", "D:", "d:\\ws", "/srv/ws", "\\\\?\\", "\\\\.\\", "NUL", "con.txt",
          "COM1", "COM\u00b2", ":", "::$DATA", ".", " ", "\u2044", "\uff0f", "\uff3c", "\u2025", "\uff0e", "\0", "\u202e", "x" * 300,
          "PROGRA~1", "\ud800", "e\u0301", "\u212a", "~", "%2e%2e", "$HOME")  # fmt: skip
hostile = st.one_of(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), st.text(max_size=40))
