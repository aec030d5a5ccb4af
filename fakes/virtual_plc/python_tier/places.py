"""The place in the program of the line that a generated function executes."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import FrameType, TracebackType

from simatic_xml.program.diagnostics import Place
from virtual_plc.code.python_text import file_of
from virtual_plc.faults import Fault
from virtual_plc.python_tier.functions import Function


class Places:
    """The places of all generated lines of a program."""

    def __init__(self) -> None:
        """Begin with no functions."""
        self._functions: dict[str, Function] = {}

    def add(self, functions: Iterable[Function]) -> None:
        """Add functions."""
        self._functions |= {file_of(each.name): each for each in functions}

    def locate(self, fault: Fault) -> Fault:
        """Return a fault with the place of the innermost line that is running."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and fault.place is None:
            fault.place = self._at(frame.f_code.co_filename, frame.f_lineno)
            frame = frame.f_back
        return fault

    def of_traceback(self, traceback: TracebackType | None) -> Place | None:
        """Return the place of the innermost line that a traceback goes through."""
        found = None
        while traceback is not None:
            found = self._at(traceback.tb_frame.f_code.co_filename, traceback.tb_lineno) or found
            traceback = traceback.tb_next
        return found

    def _at(self, file: str, line: int) -> Place | None:
        function = self._functions.get(file)
        return None if function is None else function.place_of(line)
