"""What a running program needs of the CPU around it.

The executing tiers and the instructions know only this. `PlainServices` is a CPU without organization blocks, for blocks
that run alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from fakes.plc.faults import Fault, StackFault, TimeFault


class Services(Protocol):
    """The CPU as a program sees it.

    Attributes:
        now: virtual time since power on in nanoseconds, the same during a whole scan.
        wall_clock: nanoseconds since 1970 by the CPU's clock (UTC).
        budget: how many loop turns and calls the scan may still make; whoever takes one counts down and calls `overrun`
            when it falls below zero.
        depth: how deep calls are nested just now; `nested` is called when it exceeds `most_depth`.
    """

    now: int
    wall_clock: int
    budget: int
    depth: int
    most_depth: int

    def overrun(self) -> None:
        """Look at the scan time and refill the budget, or raise TimeFault."""

    def nested(self) -> None:
        """Raise StackFault."""

    def runtime(self) -> int:
        """Return a running count of nanoseconds that also goes on within a scan (RUNTIME)."""

    def request(self, what: str, **arguments: Any) -> int:
        """Ask the CPU for something of its own (STP, RE_TRIGR, SRT_DINT, SET_CINT, WR_SYS_T...); returns RET_VAL.

        Raises:
            Fault: what was asked for ends the scan (STP).
        """

    def local_error(self, fault: Fault) -> bool:
        """Whether the running block handles its faults itself (GET_ERROR); keeps the fault for it when it does."""


@dataclass(slots=True)
class PlainServices:
    """Services of no CPU: time stands where it is put, and nothing can be asked for."""

    now: int = 0
    wall_clock: int = 0
    budget: int = 10_000_000
    depth: int = 0
    most_depth: int = 24
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def overrun(self) -> None:
        """End the scan: its budget is used up."""
        raise TimeFault("The scan does not end: its loops and calls used up what one scan may use.")

    def nested(self) -> None:
        """End the scan: calls are nested too deep."""
        raise StackFault(f"Calls are nested deeper than {self.most_depth}.")

    def runtime(self) -> int:
        """Return the virtual time."""
        return self.now

    def request(self, what: str, **arguments: Any) -> int:
        """Note the request and answer that all is well."""
        self.requests.append((what, arguments))
        return 0

    def local_error(self, fault: Fault) -> bool:  # noqa: ARG002 - a CPU needs it
        """No block handles its faults itself."""
        return False
