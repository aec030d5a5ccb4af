"""Which alarms somebody wants to see."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

from runtime_data.alarms.alarm import Alarm, AlarmEvent, EventKind
from runtime_data.alarms.state import State


class AlarmFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which alarms; what is empty limits nothing. Globs are compared without regard to case.

    Attributes:
        states: Only these states.
        names: Globs of the definitions' names.
        tags: Globs of the tags.
        areas: Globs of the areas.
        classes: The classes.
        lowest: The lowest priority.
        highest: The highest priority.
        hidden: Whether alarms that are shelved, suppressed or out of service are shown: never, too, or only those.
        text: A part of the text, in any language, or of the name.
        kinds: Of the journal: only what happened in these ways.
    """

    states: Sequence[State] = ()
    names: Sequence[str] = ()
    tags: Sequence[str] = ()
    areas: Sequence[str] = ()
    classes: Sequence[str] = ()
    lowest: int = 0
    highest: int = 1000
    hidden: Literal["without", "with", "only"] = "with"
    text: str = ""
    kinds: Sequence[EventKind] = ()

    def takes(self, alarm: Alarm) -> bool:
        """Return whether an alarm is one of them."""
        return (
            (not self.states or alarm.state in self.states)
            and self.lowest <= alarm.priority <= self.highest
            and (self.hidden == "with" or alarm.hidden is (self.hidden == "only"))
            and _fits(alarm.name, self.names)
            and _fits(alarm.tag, self.tags)
            and _fits(alarm.area, self.areas)
            and (not self.classes or alarm.alarm_class.casefold() in {each.casefold() for each in self.classes})
            and (not self.text or _says(alarm, self.text.casefold()))
        )

    def takes_event(self, event: AlarmEvent) -> bool:
        """Return whether a line of the journal is one of them."""
        return (not self.kinds or event.kind in self.kinds) and self.takes(event.alarm)


ALL = AlarmFilter()
VISIBLE = AlarmFilter(hidden="without")


def _fits(text: str, patterns: Sequence[str]) -> bool:
    folded = text.casefold()
    return not patterns or any(fnmatchcase(folded, each.casefold()) for each in patterns)


def _says(alarm: Alarm, part: str) -> bool:
    return any(part in each.casefold() for each in (alarm.name, *alarm.texts.values()))
