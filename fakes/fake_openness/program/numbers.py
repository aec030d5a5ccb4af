"""Which block numbers there are, and which event an OB number belongs to.

Facts: docs/facts/tia-rules.md#block-numbers, docs/facts/tia-rules.md#organization-blocks, after the S7-1500 and S7-1200
system manuals.
"""

from __future__ import annotations

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.program.program import _Program
from simatic_xml.program.cpu.organization_blocks import CLASSIC_EVENTS, EVENTS, FREE_OBS, MAX_OB, Event, event_of, fits
from simatic_xml.program.types.conversions import CLASSIC

__all__ = ["MAX_DB", "MAX_NUMBER", "choose", "event_of", "require_ob", "require_range"]


MAX_NUMBER = 65535
MAX_DB = 59999
"""User DBs end here on current CPUs; what follows is reserved for DBs made at run time."""


def require_ob(name: str, number: int, event: str, family: str) -> None:
    """Refuse an OB number that does not fit its event class; that of an S7-300 or S7-400 is left to the compiler.

    Raises:
        EngineeringTargetInvocationException: The class is not known on this CPU, or has other numbers.
    """
    classic = family in CLASSIC
    if classic and event in CLASSIC_EVENTS:
        return
    if event not in EVENTS or EVENTS[event].most(family) == 0:
        msg = f"The CPU of OB '{name}' has no event class '{event}'."
        raise EngineeringTargetInvocationException(msg, code="ob.event", place={"block": name})
    if not fits(number, event) and not classic:
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
    """Return the number that TIA Portal gives to a block that has none."""
    if space != "OB":
        return program.next_number(space)
    known = EVENTS.get(event, Event((), several=True))
    free = next((number for number in known.numbers if not program.is_taken("OB", number)), None)
    return program.next_number("OB", FREE_OBS) if free is None else free
