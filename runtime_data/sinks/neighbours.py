"""What sinks take from the history and from the alarms of the service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any, get_args

from engineering_api.operations.caller import Caller
from runtime_data.alarms.alarm import AlarmEvent
from runtime_data.alarms.engine import Alarms
from runtime_data.alarms.texts import choose
from runtime_data.history.history import History
from runtime_data.history.model import AggregationMode, Mode
from runtime_data.sinks.placeholders import written
from runtime_data.sinks.tools import Aggregate, ListenToAlarms, News

MODES: dict[str, Mode] = {mode.casefold(): mode for mode in get_args(AggregationMode)}
"""The modes of the history by their names without regard to case."""


def aggregates_of(history: History) -> Aggregate:
    """Return how placeholders ask the history."""

    async def ask(caller: Caller, tag: str, begin: int, end: int, mode: str) -> Any:
        series = await history.find(tag)
        history.require_readable(caller, series.tag)
        (bucket,) = await history.aggregate(series.tag, begin, end, MODES[mode.casefold()])
        return bucket.value

    return ask


def events_of(alarms: Alarms) -> ListenToAlarms:
    """Return how triggers hear of alarms."""

    def listen(hear: Callable[[News], None]) -> Callable[[], None]:
        def take(events: Sequence[AlarmEvent]) -> None:
            for event in events:
                hear(news_of(event))

        stack = ExitStack()
        stack.enter_context(alarms.listen(take))
        return stack.close

    return listen


def news_of(event: AlarmEvent) -> News:
    """Return an event by the names that placeholders use."""
    alarm = event.alarm
    return {
        "event": event.kind.value,
        "time": written(event.time),
        "number": event.number,
        "user": event.user,
        "comment": event.comment,
        "id": alarm.id,
        "name": alarm.name,
        "tag": alarm.tag,
        "class": alarm.alarm_class,
        "priority": alarm.priority,
        "area": alarm.area,
        "state": alarm.state.value,
        "text": choose(alarm.texts, ""),
        "value": alarm.value,
    }
