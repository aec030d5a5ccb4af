"""Lines of generated code for another process: bytes until one of them is asked for, for a fault or to show them."""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import overload

from simatic_xml.program.diagnostics import Place
from virtual_plc.code.python_text import Line, Statement

_place_parts = attrgetter(*(each.name for each in fields(Place)))


class PackedLines(Sequence[Line]):
    """Lines that `pack` has packed."""

    def __init__(self, content: bytes) -> None:
        """Read nothing yet."""
        self._content = content
        self._lines: list[Line] | None = None

    def _all(self) -> list[Line]:
        if self._lines is None:
            read = marshal.loads(self._content)  # noqa: S302 - written by `pack`, and never executed
            self._lines = [Line(depth, Statement(text), place and Place(*place)) for depth, text, place in read]
        return self._lines

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> list[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | list[Line]:
        """Return a line, or several."""
        return self._all()[index]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._all())

    def __reduce__(self) -> tuple[type[PackedLines], tuple[bytes]]:
        return PackedLines, (self._content,)


def pack(lines: Sequence[Line]) -> PackedLines:
    """Return lines packed; what is packed stays as it is."""
    if isinstance(lines, PackedLines):
        return lines
    return PackedLines(
        marshal.dumps([(each.depth, each.says.text, each.place and _place_parts(each.place)) for each in lines])
    )
