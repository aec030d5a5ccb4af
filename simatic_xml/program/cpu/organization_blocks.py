"""The numbers of OBs, and the event of each; which of them a CPU family has, and how many.

Facts: S7-1500 system manual (12/2017, "Organization blocks"), S7-1200 system manual V4.2 (09/2016); the numbers of motion
control and of synchronous cycles are secondary. TIA Portal: help, "Functional description of S7-1200 CPUs (S7-1200)" and
"Organization blocks (S7-300, S7-400)".
"""

from __future__ import annotations

from dataclasses import dataclass

from simatic_xml.program.types.conversions import CLASSIC

FREE_OBS = 123
"""From this number on an OB can serve any event that several OBs may serve."""
MAX_OB = 32767
UNKNOWN_OB = 0
"""The number of an OB that a source of an S7-300 or S7-400 calls by an unknown name; no event starts it, and it does not compile.

Fact: TIA Portal: help, "Basics of using external source files".
"""
MAIN = "main"
"""The folded name that TIA Portal gives OB1 of a new PLC; in a source for an S7-300 or S7-400 it counts as known (unverified)."""


@dataclass(frozen=True, slots=True)
class Event:
    """The OBs of one event class: their own numbers, and whether free numbers serve it too.

    Attributes:
        on_1500: how many of them a program of an S7-1500 may have.
        on_1200: the same of an S7-1200; 0 where the family does not have the event.
    """

    numbers: tuple[int, ...]
    several: bool = False
    on_1500: int = 1
    on_1200: int = 1

    def most(self, family: str) -> int | None:
        """Return how many OBs of this class a program may have, None where it is not limited."""
        return {"S7-1500": self.on_1500, "S7-1200": self.on_1200}.get(family)


EVENTS: dict[str, Event] = {
    "ProgramCycle": Event((1,), several=True, on_1500=100, on_1200=100),
    "Startup": Event((100,), several=True, on_1500=100, on_1200=100),
    "TimeOfDay": Event(tuple(range(10, 18)), several=True, on_1500=20, on_1200=2),
    "TimeDelayInterrupt": Event(tuple(range(20, 24)), several=True, on_1500=20, on_1200=4),
    "CyclicInterrupt": Event(tuple(range(30, 39)), several=True, on_1500=20, on_1200=4),
    "HardwareInterrupt": Event(tuple(range(40, 48)), several=True, on_1500=50, on_1200=50),
    "Status": Event((55,)),
    "Update": Event((56,)),
    "Profile": Event((57,)),
    "SynchronousCycle": Event(tuple(range(61, 65)), several=True, on_1500=2, on_1200=0),
    "PreServo": Event((67,)),
    "CPURedundancyError": Event((72,), on_1200=0),
    "TimeErrorInterrupt": Event((80,)),
    "DiagnosticErrorInterrupt": Event((82,)),
    "PullOrPlugOfModules": Event((83,)),
    "RackOrStationFailure": Event((86,)),
    "Servo": Event((91,)),
    "Interpolator": Event((92,)),
    "PostServo": Event((95,)),
    "ProgrammingError": Event((121,), on_1200=0),
    "IOAccessError": Event((122,), on_1200=0),
}
"""Event classes by the name that an export gives them (SecondaryType)."""

CLASSIC_EVENTS = {
    "AccessError": 85,
    "PowerSupplyError": 81,
    "CPUHardwareError": 84,
    "CommunicationError": 87,
    "ProcessingInterrupt": 88,
}
"""Events of S7-300 and S7-400 only."""


RESTARTS = (101, 102)
"""OBs of the hot and the cold restart, of S7-400 (and OB102 of few S7-300) only."""

_SYMBOLS = {
    "CYCL_EXC": 1,
    **{f"TOD_INT{number}": 10 + number for number in range(8)},
    **{f"DEL_INT{number}": 20 + number for number in range(4)},
    **{f"CYC_INT{number}": 30 + number for number in range(9)},
    **{f"HW_INT{number}": 40 + number for number in range(8)},
    **{f"SYNC_{number}": 60 + number for number in range(1, 5)},
    "CYCL_FLT": 80,
    "PS_FLT": 81,
    "I/O_FLT1": 82,
    "I/O_FLT2": 83,
    "CPU_FLT": 84,
    "OBNL_FLT": 85,
    "RACK_FLT": 86,
    "COMM_FLT": 87,
    "COMPLETE RESTART": 100,
    "RESTART": 101,
    "COLD RESTART": 102,
    "PROG_ERR": 121,
    "MOD_ERR": 122,
}
"""Numbers of OBs by the symbols that STEP 7 suggests for them. Fact: docs/facts/stl.md#sources-of-step-7 (S)."""


def event_of(number: int) -> str:
    """Return the event class of an OB number, for use when nothing else names it."""
    return next((name for name, event in EVENTS.items() if number in event.numbers), "ProgramCycle")


def find_event(number: int) -> str | None:
    """Return the event of an OB number of any CPU, of S7-300 and S7-400, too; None for a number that says no event."""
    if number in RESTARTS:
        return "Startup"
    classic = next((name for name, own in CLASSIC_EVENTS.items() if own == number), None)
    return classic or next((name for name, event in EVENTS.items() if number in event.numbers), None)


def number_by_symbol(name: str) -> int | None:
    """Return the number of the OB that the symbol table of STEP 7 calls by this name (`CYC_INT5`), None for another name."""
    return _SYMBOLS.get(name.upper())


CLASSIC_NUMBERS = frozenset(
    {1, *range(10, 18), *range(20, 24), *range(30, 39), *range(40, 48), 55, 56, 57, *range(60, 66), 70, 72, 73}
    | {*range(80, 89), 90, 100, 101, 102, 121, 122}
)
"""All OBs of S7-300 and S7-400; a single CPU has few of them."""


def exists(number: int, event: str, family: str) -> bool:
    """Return whether a CPU family has an OB of this number and event class."""
    if family in CLASSIC:
        return number in CLASSIC_NUMBERS
    known = EVENTS.get(event)
    return known is not None and known.most(family) != 0 and fits(number, event)


def fits(number: int, event: str) -> bool:
    """Return whether an OB of this event class can have this number."""
    known = EVENTS.get(event)
    return known is not None and (number in known.numbers or (known.several and FREE_OBS <= number <= MAX_OB))
