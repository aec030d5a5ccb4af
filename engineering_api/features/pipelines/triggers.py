"""What starts a pipeline, as one line of text: manual, every 30m, cron 0 2 * * * [time zone], event project.saved ..."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from engineering_api.operations.crontab import crontab
from engineering_api.operations.events import names_events
from openness_bridge.errors import Problem

_EVERY = re.compile(r"(\d{1,6})\s*([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_FORMS = "Write manual, every 30m, cron 0 2 * * * (optionally with a time zone after it) or event project.saved."


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a pipeline is started.

    Attributes:
        every: Seconds between starts; 0 for none.
        cron: The five fields of a crontab.
        zone: Time zone of the cron fields; empty for that of the server.
        events: Patterns of event kinds.
    """

    every: int = 0
    cron: str = ""
    zone: str = ""
    events: tuple[str, ...] = field(default=())

    def schedule(self, last: dt.datetime | None = None) -> BaseTrigger | None:
        """Return the same for APScheduler; None where no schedule starts it.

        Args:
            last: When it was started last, so that an interval continues after a restart.
        """
        if self.every:
            first = None if last is None else max(last + dt.timedelta(seconds=self.every), dt.datetime.now(dt.UTC))
            return IntervalTrigger(seconds=self.every, start_date=first, timezone=dt.UTC)
        return crontab(self.cron, ZoneInfo(self.zone) if self.zone else None) if self.cron else None


def parse(text: str) -> Trigger:
    """Read a trigger.

    Raises:
        Problem: It is none.
    """
    kind, _, rest = text.strip().partition(" ")
    reader = {"manual": _manual, "every": _every, "cron": _from_cron, "event": _from_events}.get(kind.casefold())
    if reader is None:
        raise _wrong(f"'{text}' is not a trigger.")
    return reader(rest.strip())


def is_refused(kind: str) -> bool:
    """Return whether events of a kind start nothing: those that every run of a pipeline makes itself."""
    return kind.startswith(("job.", "pipeline."))


def _manual(rest: str) -> Trigger:
    if rest:
        raise _wrong("Write nothing after manual.")
    return Trigger()


def _every(rest: str) -> Trigger:
    found = _EVERY.fullmatch(rest.casefold())
    if not found or not int(found[1]):
        raise _wrong(f"'every {rest}' is not an interval.")
    return Trigger(every=int(found[1]) * _SECONDS[found[2]])


def _from_cron(rest: str) -> Trigger:
    fields = rest.split()
    if len(fields) not in {5, 6}:
        raise _wrong(f"'cron {rest}' does not have the five fields of a crontab: minute, hour, day, month, weekday.")
    trigger = Trigger(cron=" ".join(fields[:5]), zone="".join(fields[5:]))
    try:
        trigger.schedule()
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise _wrong(f"'cron {rest}' cannot be used: {error}.") from None
    return trigger


def _from_events(rest: str) -> Trigger:
    patterns = tuple(rest.split())
    if not patterns or not all(names_events(each) for each in patterns):
        raise _wrong(f"'event {rest}' does not name kinds of events, such as project.saved or compile.*.")
    if any(is_refused(each) for each in patterns):
        raise _wrong("Events of jobs and pipelines start no pipeline: name the event of the operation.")
    return Trigger(events=patterns)


def _wrong(what: str) -> Problem:
    return Problem("pipeline.trigger", f"{what} {_FORMS}")
