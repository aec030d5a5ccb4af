"""Removes days that are over: each series keeps its days, then a row for each hour."""

from __future__ import annotations

from collections.abc import Sequence

from runtime_data.history.answers import roll_up
from runtime_data.history.model import DAY, Series, Store


def retire_days(store: Store, series: Sequence[Series], now: int) -> int:
    """Roll up and remove the days that are over for their series, oldest first. Worker threads only.

    Args:
        store: Where samples are.
        series: For how long each is kept; samples of no known series stay.
        now: The present moment.

    Returns:
        How many days of series were removed.
    """
    first_kept = {each.number: (now // DAY - each.keep) * DAY for each in series}
    if not first_kept:
        return 0
    count = 0
    for day in store.days(max(first_kept.values())):
        over = [number for number in store.series_of(day) if day < first_kept.get(number, 0)]
        if over:
            hours = [(number, hour) for number in over for hour in roll_up(store, number, day, day + DAY, now)]
            store.retire(day, over, hours)
            count += len(over)
    return count
