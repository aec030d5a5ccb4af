"""What no single element tells of a program: its tags, and what is wrong with it as a whole.

A download refuses the same, by the same check; so what compiles without an error can be loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fake_openness.core.compile_messages import CompilerResultState, _Finding
from fake_openness.program.elements import _Element
from fake_openness.program.groups import BLOCKS
from fake_openness.program.plc import _Plc
from simatic_xml.program.diagnostics import Diagnostic, Severity

TAGS = "PLC tags"
_LEFT_OUT = "type.unknown"
"""Of a tag: it is left out of the program, which the compilation has to say."""
_ANSWERED = "number.duplicate"
"""Told elsewhere, and only by some versions."""


def of(plc: _Plc, path_of: Callable[[_Element], tuple[str, ...]]) -> Iterator[_Finding]:
    """Yield what a compilation of the whole program says besides its elements.

    Args:
        plc: The PLC; its elements have no errors of their own.
        path_of: Gives the nodes down to an element.
    """
    for found in plc._view.index().workspace.check():
        error = found.severity is Severity.ERROR
        element = plc._program.find(found.place.block)
        if element is None and (error or found.code == _LEFT_OUT):
            yield _finding((TAGS, found.place.block), found)
        elif element is not None and error and found.code != _ANSWERED:
            yield _finding((*path_of(element), ""), found)


def _finding(path: tuple[str, ...], found: Diagnostic) -> _Finding:
    error = found.severity is Severity.ERROR
    state = CompilerResultState.Error if error else CompilerResultState.Warning
    return _Finding(path if path[1] else (BLOCKS, ""), found.message, state, found.code)
