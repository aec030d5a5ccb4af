"""Which alarms come too often, flutter or stay: what a plant needs to keep its alarms useful.

Facts: docs/facts/alarms.md#statistics.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence

import msgspec

from runtime_data.alarms.alarm import Alarm

MINUTE = 60 * 10**6
CHATTERING = 3
"""So many times within a minute is an alarm raised that chatters."""
STANDING = 24 * 60 * MINUTE
"""An alarm that is active for so long is a standing alarm."""
WINDOW = 10 * MINUTE
MOST = 20


class Frequency(msgspec.Struct, rename="camel", frozen=True):
    """How often an alarm was raised.

    Attributes:
        name: The definition's name.
        count: How often.
        share: Which part of all alarms that is, 0 to 1.
    """

    name: str
    count: int
    share: float


class Chattering(msgspec.Struct, rename="camel", frozen=True):
    """An alarm that was raised three times or more within a minute.

    Attributes:
        name: The definition's name.
        most: How often it was raised within a minute, at most.
    """

    name: str
    most: int


class Summary(msgspec.Struct, rename="camel", frozen=True):
    """What the journal says about a time.

    Attributes:
        raised: How often an alarm was raised.
        names: How many different alarms were raised.
        peak: How often an alarm was raised in the worst ten minutes, which begin at multiples of ten minutes.
        top: The twenty alarms that were raised most.
        chattering: Alarms that were raised three times or more within a minute.
    """

    raised: int
    names: int
    peak: int
    top: list[Frequency]
    chattering: list[Chattering]


def summarise(raises: Iterable[tuple[str, int]]) -> Summary:
    """Return what raises say, each with the alarm's name and its time in microseconds; the oldest come first."""
    counts: Counter[str] = Counter()
    windows: Counter[int] = Counter()
    recent: dict[str, deque[int]] = {}
    fastest: Counter[str] = Counter()
    for name, time in raises:
        counts[name] += 1
        windows[time // WINDOW] += 1
        times = recent.setdefault(name, deque())
        times.append(time)
        while times[0] <= time - MINUTE:
            times.popleft()
        fastest[name] = max(fastest[name], len(times))
    total = counts.total()
    top = [Frequency(name, count, count / total) for name, count in _order(counts)[:MOST]]
    chattering = [Chattering(name, most) for name, most in _order(fastest) if most >= CHATTERING]
    return Summary(total, len(counts), max(windows.values(), default=0), top, chattering)


def standing(alarms: Sequence[Alarm], time: int) -> list[Alarm]:
    """Return the alarms that have been active for a day or longer, the oldest first."""
    found = [each for each in alarms if each.active and each.raised_at <= time - STANDING]
    return sorted(found, key=lambda each: (each.raised_at, each.name))


def _order(counts: Counter[str]) -> list[tuple[str, int]]:
    """Return the names with the largest numbers first; names of the same number in their order."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))
