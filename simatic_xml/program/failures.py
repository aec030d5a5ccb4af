"""Handle an error of this software while it compiles, loads or executes a PLC's program.

A user's program must not cause a traceback: the caller gets a finding with the place in the program and a reference,
and the log keeps the traceback under this reference.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

from simatic_xml.interruption import checkpoint
from simatic_xml.limits import LimitError
from simatic_xml.program.diagnostics import Diagnostic, Place, Severity
from simatic_xml.program.typed_blocks import Block

_references: dict[tuple[str, str, str], str] = {}
_MOST = 1000


def failure(error: Exception, code: str, block: str, network: int | None = None) -> Diagnostic:
    """Return the finding for an error; log the traceback of an unexpected one. An exceeded limit is a separate finding.

    Args:
        error: the exception.
        code: code of the finding: `compile.internal`, `program.internal`.
        block: the block being compiled or executed.
        network: the network, as far as it is known.

    Raises:
        Exception: that of `checkpoint`, when the caller has cancelled the work.
    """
    checkpoint()
    place = place_of(error)
    if place is None or place.block.casefold() != block.casefold():
        place = Place(block, network)
    if isinstance(error, LimitError):
        return Diagnostic(Severity.ERROR, error.code, error.message, place)
    message = (
        f"An internal error of the software occurred in this part of the program ({log_error(error, str(place))}). "
        "Report it with the entry of the log; change the program here to continue without it."
    )
    return Diagnostic(Severity.ERROR, code, message, place)


def log_error(error: BaseException, where: str) -> str:
    """Log the traceback of an error; return its kind and the reference under which the log has it.

    An error that comes again at the same place, as in each scan, is logged once.
    """
    kind = type(error).__name__
    key = (kind, where, _find_origin(error))
    reference = _references.get(key)
    if reference is None:
        if len(_references) >= _MOST:
            _references.clear()
        import logging
        from uuid import uuid4

        reference = _references[key] = uuid4().hex[:8]
        logging.getLogger(__name__).error("Reference %s: %s at %s", reference, kind, where, exc_info=error)
    return f"{kind}, reference {reference}"


def _find_origin(error: BaseException) -> str:
    traceback, found = error.__traceback__, ""
    while traceback is not None:
        found = f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return found


def place_of(error: BaseException) -> Place | None:
    """Return the place that the innermost function of a traceback with a known place worked on."""
    found = None
    traceback: TracebackType | None = error.__traceback__
    while traceback is not None:
        found = _place_in(traceback.tb_frame.f_locals) or found
        traceback = traceback.tb_next
    return found


def _place_in(names: dict[str, Any]) -> Place | None:
    for value in names.values():
        place = value if isinstance(value, Place) else getattr(value, "place", None)
        if isinstance(place, Place):
            return place
    block = next((value for value in names.values() if isinstance(value, Block)), None)
    return None if block is None else Place(block.name)
