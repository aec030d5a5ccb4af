"""Findings that belong to no single element: those of the tags, and those of the program as a whole.

A download refuses the same, by the same check. So a program that compiles without an error can be loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fake_openness.core.compile_messages import CompilerResultState, _Finding
from fake_openness.program.elements import _Element
from fake_openness.program.groups import BLOCKS
from fake_openness.program.plc import _Plc
from simatic_xml.program.diagnostics import Diagnostic, Severity

TAGS = "PLC tags"
_OF_TAGS = ("type.unknown", "address.shared")
"""Warnings about a tag: the program lacks it, or another one has its address."""
_ANSWERED = "number.duplicate"
"""Reported elsewhere, and only by some versions."""


def of(plc: _Plc, path_of: Callable[[_Element], tuple[str, ...]]) -> Iterator[_Finding]:
    """Yield the findings of a whole program that no element has.

    Args:
        plc: The PLC; none of its elements has an error.
        path_of: Returns the nodes down to an element.
    """
    for found in plc._view.index().workspace.check():
        error = found.severity is Severity.ERROR
        element = plc._program.find(found.place.block)
        if element is None and (error or found.code in _OF_TAGS):
            yield _finding((TAGS, found.place.block), found)
        elif element is not None and error and found.code != _ANSWERED:
            yield _finding((*path_of(element), ""), found)


def _finding(path: tuple[str, ...], found: Diagnostic) -> _Finding:
    error = found.severity is Severity.ERROR
    state = CompilerResultState.Error if error else CompilerResultState.Warning
    return _Finding(path if path[1] else (BLOCKS, ""), found.message, state, found.code)
