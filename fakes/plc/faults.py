"""What goes wrong while a program runs: each fault has the event of the diagnostic buffer and the OB that it calls.

Facts: execution semantics 1 (OB table of the S7-1500; event numbers of index errors are secondary).
"""

from __future__ import annotations

from simatic_xml.program.diagnostics import Place


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
    event = 0x02_2526


class MissingBlockFault(Fault):
    """A block or data block is used that is not there."""

    code = "block.missing"
    event = 0x02_253A


class BcdFault(Fault):
    """A value that is no BCD number is converted."""

    code = "bcd"
    event = 0x02_2521


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


class CpuStop(Exception):
    """The CPU goes to STOP at once: the program asked for it (STP), or a fault has no OB that would take it.

    It is no `Fault`: nobody but the CPU catches it.

    Attributes:
        reason: the fault, None when the program asked for it.
    """

    def __init__(self, reason: Fault | None = None) -> None:
        """Keep the fault."""
        super().__init__("The program stops the CPU." if reason is None else reason.message)
        self.reason = reason
