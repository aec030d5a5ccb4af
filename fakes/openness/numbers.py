"""Which block numbers there are, and which event an OB number stands for.

Facts: tia-rules 2, after the S7-1500 and S7-1200 system manuals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fakes.openness.errors import EngineeringTargetInvocationException

if TYPE_CHECKING:
    from fakes.openness.program import _Program

FREE_OBS = 123
"""From this number on an OB can serve any event that several OBs may serve."""
MAX_OB = 32767
MAX_NUMBER = 65535
MAX_DB = 59999
"""User DBs end here on current CPUs; what follows is reserved for DBs made at run time."""


@dataclass(frozen=True, slots=True)
class _Event:
    """The OBs of one event class: their own numbers, and whether free numbers serve it too."""

    numbers: tuple[int, ...]
    several: bool = False


EVENTS: dict[str, _Event] = {
    "ProgramCycle": _Event((1,), several=True),
    "Startup": _Event((100,), several=True),
    "TimeOfDay": _Event(tuple(range(10, 18)), several=True),
    "TimeDelayInterrupt": _Event(tuple(range(20, 24)), several=True),
    "CyclicInterrupt": _Event(tuple(range(30, 39)), several=True),
    "HardwareInterrupt": _Event(tuple(range(40, 48)), several=True),
    "Status": _Event((55,)),
    "Update": _Event((56,)),
    "Profile": _Event((57,)),
    "SynchronousCycle": _Event(tuple(range(61, 65)), several=True),
    "PreServo": _Event((67,)),
    "CPURedundancyError": _Event((72,)),
    "TimeErrorInterrupt": _Event((80,)),
    "DiagnosticErrorInterrupt": _Event((82,)),
    "PullOrPlugOfModules": _Event((83,)),
    "RackOrStationFailure": _Event((86,)),
    "Servo": _Event((91,)),
    "Interpolator": _Event((92,)),
    "PostServo": _Event((95,)),
    "ProgrammingError": _Event((121,)),
    "IOAccessError": _Event((122,)),
}
CLASSIC_EVENTS = {"AccessError": 85, "PowerSupplyError": 81, "CPUHardwareError": 84, "CommunicationError": 87,
                  "ProcessingInterrupt": 88}  # fmt: skip
"""Events of S7-300 and S7-400 only."""


def event_of(number: int) -> str:
    """The event class that an OB number stands for when the file names none."""
    return next((name for name, event in EVENTS.items() if number in event.numbers), "ProgramCycle")


def require_ob(name: str, number: int, event: str, *, classic: bool) -> None:
    """Refuse an OB number that does not fit its event class.

    Raises:
        EngineeringTargetInvocationException: The class is not known on this CPU, or has other numbers.
    """
    if classic and event in CLASSIC_EVENTS:
        return
    known = EVENTS.get(event)
    if known is None:
        msg = f"The CPU of OB '{name}' has no event class '{event}'."
        raise EngineeringTargetInvocationException(msg, code="ob.event", place={"block": name})
    fits = number in known.numbers or (known.several and FREE_OBS <= number <= MAX_OB)
    if not fits and not classic:
        msg = f"The number {number} of OB '{name}' does not fit its event class {event}."
        raise EngineeringTargetInvocationException(msg, code="ob.number", place={"block": name})


def require_range(name: str, space: str, number: int) -> None:
    """Refuse a number that no block of the kind can have. DB0 is accepted here and reported by the compiler.

    Raises:
        EngineeringTargetInvocationException: Out of range.
    """
    limit = MAX_OB if space == "OB" else MAX_NUMBER
    if not 0 <= number <= limit:
        msg = f"The number {number} of '{name}' is not between 1 and {limit}."
        raise EngineeringTargetInvocationException(msg, code="number.range", place={"block": name})


def choose(program: _Program, space: str, event: str) -> int:
    """The number that TIA Portal gives to a block that has none."""
    if space != "OB":
        return program.next_number(space)
    known = EVENTS.get(event, _Event((), several=True))
    free = next((number for number in known.numbers if not program.taken("OB", number)), None)
    return program.next_number("OB", FREE_OBS) if free is None else free
