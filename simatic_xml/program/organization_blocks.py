"""The numbers of OBs, and the event of each.

Facts: S7-1500 system manual (12/2017, "Organization blocks"), S7-1200 system manual V4.2 (09/2016); the numbers of motion
control and of synchronous cycles are secondary.
"""

from __future__ import annotations

from dataclasses import dataclass

FREE_OBS = 123
"""From this number on an OB can serve any event that several OBs may serve."""
MAX_OB = 32767


@dataclass(frozen=True, slots=True)
class Event:
    """The OBs of one event class: their own numbers, and whether free numbers serve it too."""

    numbers: tuple[int, ...]
    several: bool = False


EVENTS: dict[str, Event] = {
    "ProgramCycle": Event((1,), several=True),
    "Startup": Event((100,), several=True),
    "TimeOfDay": Event(tuple(range(10, 18)), several=True),
    "TimeDelayInterrupt": Event(tuple(range(20, 24)), several=True),
    "CyclicInterrupt": Event(tuple(range(30, 39)), several=True),
    "HardwareInterrupt": Event(tuple(range(40, 48)), several=True),
    "Status": Event((55,)),
    "Update": Event((56,)),
    "Profile": Event((57,)),
    "SynchronousCycle": Event(tuple(range(61, 65)), several=True),
    "PreServo": Event((67,)),
    "CPURedundancyError": Event((72,)),
    "TimeErrorInterrupt": Event((80,)),
    "DiagnosticErrorInterrupt": Event((82,)),
    "PullOrPlugOfModules": Event((83,)),
    "RackOrStationFailure": Event((86,)),
    "Servo": Event((91,)),
    "Interpolator": Event((92,)),
    "PostServo": Event((95,)),
    "ProgrammingError": Event((121,)),
    "IOAccessError": Event((122,)),
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


def event_of(number: int) -> str:
    """Return the event class of an OB number, for use when nothing else names it."""
    return next((name for name, event in EVENTS.items() if number in event.numbers), "ProgramCycle")


def fits(number: int, event: str) -> bool:
    """Return whether an OB of this event class can have this number."""
    known = EVENTS.get(event)
    return known is not None and (number in known.numbers or (known.several and FREE_OBS <= number <= MAX_OB))
