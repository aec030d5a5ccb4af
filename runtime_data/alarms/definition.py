"""What raises an alarm, and what is said of it. A definition is data: it holds no expressions."""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from openness_bridge.errors import Kind, Problem

LONGEST_DELAY = 86_400.0
MOST_LANGUAGES, LONGEST_TEXT = 32, 1000
TRIGGERS = (
    "greater",
    "greaterOrEqual",
    "less",
    "lessOrEqual",
    "equal",
    "notEqual",
    "bit",
    "rising",
    "falling",
    "program",
)
Trigger = Literal[
    "greater", "greaterOrEqual", "less", "lessOrEqual", "equal", "notEqual", "bit", "rising", "falling", "program"
]
PROGRAM: Literal["program"] = "program"
"""The CPU raises the alarm: its program, or something that it supervises."""
ORDERED = ("greater", "greaterOrEqual", "less", "lessOrEqual")
EDGES = ("rising", "falling")


class AlarmDefinition(msgspec.Struct, rename="camel", frozen=True, kw_only=True):
    """An alarm on a tag.

    Attributes:
        name: Its name, unique without regard to case.
        tag: The tag that raises it: source:path.
        trigger: How the tag's value raises it: by comparison with `limit`, by the bit `bit` of a whole number, or when the value
            changes from 0 to something else (rising) or back (falling). With program its CPU raises it, and `tag` is the
            alarm's name.
        limit: What the value is compared with; a number for greater and less.
        bit: The number of the bit, 0 for the lowest.
        inverted: Whether the bit raises the alarm when it is 0.
        deadband: How far the value must come back behind the limit before the alarm clears.
        delay_on: Seconds for which the condition must hold before the alarm is raised.
        delay_off: Seconds for which it must not hold before the alarm clears.
        condition_tag: The alarm is suppressed by design while this tag does not have the truth value `condition_value`.
        condition_value: See condition_tag.
        number: Its number in WinCC or an HMI; 0 without one.
        alarm_class: The class, such as Errors.
        priority: 0 to 1000; 1000 is the most urgent.
        area: Where it belongs, with slashes between the levels.
        needs_acknowledge: Whether an operator has to acknowledge it.
        needs_reset: Whether it stays latched after it has cleared and is acknowledged, until it is reset.
        texts: The text for each language, such as en-US; {value}, {tag} and {limit} are replaced.
        enabled: Whether the tag is watched.
    """

    name: str
    tag: str
    trigger: Trigger
    limit: float | int | str | bool | None = None
    bit: int = 0
    inverted: bool = False
    deadband: float = 0.0
    delay_on: float = 0.0
    delay_off: float = 0.0
    condition_tag: str = ""
    condition_value: bool = True
    number: int = 0
    alarm_class: str = "Errors"
    priority: int = 500
    area: str = ""
    needs_acknowledge: bool = True
    needs_reset: bool = False
    texts: dict[str, str] = {}
    enabled: bool = True

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that it names."""
        return (self.tag, self.condition_tag) if self.condition_tag else (self.tag,)

    @property
    def watched(self) -> tuple[str, ...]:
        """The tags whose values it needs."""
        return tuple(each for each in self.tags if each != self.tag or not self.is_reported)

    @property
    def is_reported(self) -> bool:
        """Whether its CPU raises it."""
        return self.trigger == PROGRAM

    @property
    def is_edge(self) -> bool:
        """Whether a change of the value raises it, and not the value itself."""
        return self.trigger in EDGES


def check(definition: AlarmDefinition) -> None:
    """Refuse a definition that cannot work.

    Raises:
        Problem: It contradicts itself, or a value is out of range (runtime.alarm_definition).
    """
    for is_wrong, message in _faults(definition):
        if is_wrong:
            raise Problem("runtime.alarm_definition", message, kind=Kind.INVALID)


def _faults(given: AlarmDefinition) -> list[tuple[bool, str]]:
    is_number = _is_number(given.limit)
    compares = given.trigger in (*ORDERED, "equal", "notEqual")
    delays = (given.delay_on, given.delay_off)
    return [
        (not given.name.strip() or len(given.name) > 200, "An alarm has a name of at most 200 characters."),
        (not given.tag, "An alarm has a tag: write source:path."),
        (given.trigger in ORDERED and not is_number, f"The trigger {given.trigger} needs a number as limit."),
        (not is_number and not isinstance(given.limit, bool | str | None), "A number as limit is finite, of 64 bits."),
        (compares and given.limit is None, f"The trigger {given.trigger} needs a limit."),
        (not compares and given.limit is not None, f"The trigger {given.trigger} takes no limit: leave it out."),
        (not 0 <= given.bit <= 63, "The bit is 0 to 63."),
        (given.trigger != "bit" and (given.bit != 0 or given.inverted), "Only the trigger bit takes bit and inverted."),
        (not 0 <= given.deadband < float("inf"), "The deadband is 0 or more."),
        (given.deadband > 0 and not is_number, "Only an alarm with a number as limit takes a deadband."),
        (given.deadband > 0 and given.trigger == "notEqual", "The trigger notEqual takes no deadband."),
        (not all(0 <= each <= LONGEST_DELAY for each in delays), f"A delay is 0 to {LONGEST_DELAY:g} seconds."),
        (given.is_reported and any(delays), "An alarm that the CPU raises has no delay: the program has one."),
        (given.is_edge and any(delays), "An edge has no delay: it raises the alarm and clears it at once."),
        (not 0 <= given.number < 1 << 31, "The number is 0 to 2,147,483,647."),
        (not 0 <= given.priority <= 1000, "The priority is 0 to 1000."),
        (len(given.texts) > MOST_LANGUAGES, f"An alarm has texts in at most {MOST_LANGUAGES} languages."),
        (
            any(len(each) > LONGEST_TEXT for each in given.texts.values()),
            f"A text has at most {LONGEST_TEXT} characters.",
        ),
        (
            any(len(each) > 200 for each in (given.alarm_class, given.area, *given.texts)),
            "A class, an area or a language has at most 200 characters.",
        ),
    ]


def _is_number(limit: object) -> bool:
    if isinstance(limit, float):
        return math.isfinite(limit)
    return isinstance(limit, int) and not isinstance(limit, bool) and -(1 << 63) <= limit < 1 << 64
