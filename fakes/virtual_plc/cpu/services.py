"""What a running program needs of the CPU around it.

The executing tiers and the instructions know only this. `PlainServices` is a CPU without organization blocks, for
blocks that run alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from virtual_plc.faults import Fault, StackFault, TimeFault
from virtual_plc.memory.call_names import CallSite
from virtual_plc.surroundings import Surroundings


class Services(Protocol):
    """The CPU as a program sees it.

    Attributes:
        now: virtual time since power on in nanoseconds, the same during a whole scan.
        wall_clock: nanoseconds since 1970 by the CPU's clock (UTC).
        local_clock: the same in the time zone of the CPU.
        budget: how many loop turns and calls the scan may still make; code that takes one counts down and calls
            `overrun` when it falls below zero.
        depth: how deep calls are nested just now; `raise_stack_fault` is called when it exceeds `most_depth`.
        local: whether the running block handles its faults itself. The tier sets it while a block runs that uses
            GET_ERROR or GET_ERR_ID, and sets it back for the blocks that it calls.
        error: the first fault that such a block kept and that it has not yet asked for, None without one. The tier
            begins such a block with None and restores the caller's afterwards; GET_ERROR and GET_ERR_ID read and clear
            it.
        sites: the calls from the running OB down to the running block, as far as a block below asks for their names.
        surroundings: modules, memory card, network and serial lines.
    """

    now: int
    wall_clock: int
    local_clock: int
    budget: int
    depth: int
    most_depth: int
    local: bool
    error: Fault | None
    sites: list[CallSite]
    surroundings: Surroundings

    def overrun(self) -> None:
        """Check the scan time and refill the budget; raise TimeFault or CpuStop when the scan has to end."""

    def raise_stack_fault(self) -> None:
        """Raise StackFault."""

    def runtime(self) -> int:
        """Return a running count of nanoseconds that also runs on within a scan (RUNTIME)."""

    def fault(self, fault: Fault) -> None:
        """Handle a fault at the place where it happens; when this returns, the program continues.

        A block that handles its faults itself keeps it; else the OB for it runs, if there is one. The access that
        failed then gives the default of its type when it reads, and changes nothing when it writes.

        Raises:
            Fault: nothing handles it, and the CPU stops.
            CpuStop: the OB for it stopped the CPU.
        """

    def request(self, what: str, **arguments: Any) -> int:
        """Ask the CPU for one of its functions; return RET_VAL as Int (16#8090 is -32624).

        Args:
            what: name of the instruction: STP, RE_TRIGR, WAIT, SRT_DINT, CAN_DINT, SET_TINT, SET_TINTL, CAN_TINT,
                ACT_TINT, SET_CINT, ATTACH, DETACH, DIS_AIRT, EN_AIRT, WR_SYS_T, WR_LOC_T, SET_TIMEZONE, Gen_UsrMsg.
            **arguments: its inputs by the names of the catalogue; moments are nanoseconds since 1970.

        Raises:
            CpuStop: the function ends the scan (STP).
        """

    def query(self, what: str, **arguments: Any) -> dict[str, Any]:
        """Ask the CPU about itself; return the outputs by name, RET_VAL as `Ret_Val`.

        Args:
            what: name of the instruction: QRY_DINT, QRY_TINT, QRY_CINT, RTM, RD_LOC_T, RD_SINFO.
            **arguments: its inputs by the names of the catalogue.
        """


@dataclass(slots=True)
class PlainServices:
    """Services without a CPU: time does not pass, and no function of a CPU is available."""

    now: int = 0
    wall_clock: int = 0
    local_clock: int = 0
    budget: int = 10_000_000
    depth: int = 0
    most_depth: int = 24
    local: bool = False
    error: Fault | None = None
    sites: list[CallSite] = field(default_factory=list)
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    surroundings: Surroundings = field(default_factory=Surroundings)

    def overrun(self) -> None:
        """End the scan: its budget is used up."""
        raise TimeFault("The scan does not end: its loops and calls exceed the limit of one scan.")

    def raise_stack_fault(self) -> None:
        """End the scan: calls are nested too deep."""
        raise StackFault(f"Calls are nested deeper than {self.most_depth}.")

    def runtime(self) -> int:
        """Return the virtual time."""
        return self.now

    def fault(self, fault: Fault) -> None:
        """Keep the fault for a block that reads it (GET_ERROR), else let it end the scan."""
        if not self.local:
            raise fault
        self.error = self.error or fault

    def request(self, what: str, **arguments: Any) -> int:
        """Note the request and answer that all is well."""
        self.requests.append((what, arguments))
        return 0

    def query(self, what: str, **arguments: Any) -> dict[str, Any]:
        """Note the query and answer that all is well."""
        self.requests.append((what, arguments))
        return {"Ret_Val": 0}
