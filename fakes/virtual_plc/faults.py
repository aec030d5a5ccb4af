"""Faults of a running program: each has its event of the diagnostic buffer and the OB that it calls.

Facts: docs/facts/execution.md#organization-block-reactions, docs/facts/execution.md#faults (event numbers of index
errors are secondary).
"""

from __future__ import annotations

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.failures import log_error


class Fault(Exception):
    """A fault of the running program.

    Attributes:
        code: stable name of the kind of fault, such as `index.read`.
        event: event number in the diagnostic buffer.
        ob: OB that the CPU calls for it.
        message: what happened, as a sentence.
        place: where, as far as it is known.
    """

    code = "fault"
    event = 0x02_2500
    ob = 121

    def __init__(self, message: str, place: Place | None = None) -> None:
        """Keep the sentence and the place."""
        super().__init__(message)
        self.message = message
        self.place = place


class IndexReadFault(Fault):
    """An array element is read that does not exist."""

    code = "index.read"
    event = 0x02_2522


class IndexWriteFault(Fault):
    """An array element is written that does not exist."""

    code = "index.write"
    event = 0x02_2523


class ReferenceFault(Fault):
    """A reference that points to nothing is followed, or a VARIANT of another type."""

    code = "reference"
    event = 0x02_2533


class MissingBlockFault(Fault):
    """A block or data block is used that is not there."""

    code = "block.missing"
    event = 0x02_253A


class BcdFault(Fault):
    """A value that is no BCD number is converted."""

    code = "bcd"
    event = 0x02_2521


class InternalFault(Fault):
    """The simulation failed while it executed the program; this is no fault of a real CPU (event number unverified)."""

    code = "internal"
    event = 0x02_2530


class PlantFault(Fault):
    """A plant model around the CPU failed; no real CPU has this (its event number is invented here)."""

    code = "plant"
    event = 0x02_2531


class AccessFault(Fault):
    """Inputs or outputs are accessed that do not exist."""

    code = "access"
    event = 0x02_2942
    ob = 122


class TimeFault(Fault):
    """A scan takes longer than the CPU allows, or a program never ends."""

    code = "time"
    event = 0x02_3501
    ob = 80


class StackFault(TimeFault):
    """Blocks call each other deeper than the CPU allows; the CPU stops."""

    code = "stack"
    event = 0x02_3576


def as_fault(error: Exception, place: Place | None) -> Fault:
    """Return the fault of the CPU for an exception of a scan; the log keeps the traceback of an unexpected one.

    Args:
        error: the error that was raised.
        place: where the program was, for a fault that does not know.
    """
    if isinstance(error, Fault):
        error.place = error.place or place
        return error
    if isinstance(error, RecursionError):
        return StackFault("Blocks, statements or values are nested deeper than the CPU allows.", place)
    if isinstance(error, AttributeError) and error.obj is None:
        return ReferenceFault("A parameter or reference points to nothing.", place)
    about = log_error(error, str(place))
    return InternalFault(f"The simulated CPU failed here because of an internal error ({about}).", place)


class CpuStop(Exception):
    """The CPU goes to STOP: the program requested it (STP), or a fault has no OB.

    It is no `Fault`: only the CPU catches it.

    Attributes:
        reason: the fault, None when the program requested STOP.
    """

    def __init__(self, reason: Fault | None = None) -> None:
        """Keep the fault."""
        super().__init__("The program stops the CPU." if reason is None else reason.message)
        self.reason = reason
