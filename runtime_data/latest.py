"""The newest value of each tag, whoever read it: what is known of a tag while its source does not answer."""

from __future__ import annotations

import msgspec

from runtime_data.quality import LAST_USABLE, NO_COMMUNICATION, NO_COMMUNICATION_LAST_USABLE, quality_of
from runtime_data.values import Value, now, split

OVERTAKEN = 10_000_000
"""Microseconds up to which an older reading that arrives late is ignored; beyond, the clock of the computer was set back."""


class Latest:
    """The newest value of each tag that was read: a value that did not change keeps its source time."""

    LARGEST = 200_000

    def __init__(self) -> None:
        """Begin with none."""
        self._values: dict[str, Value] = {}

    def get(self, tag: str) -> Value | None:
        """Return the newest value of a tag; None where it was not read yet."""
        return self._values.get(tag)

    def put(self, value: Value) -> tuple[Value, bool]:
        """Keep a value; return it as it is now known, and whether it says something new.

        The last value of a source that cannot be reached any more stays, with the quality of that. A reading that another
        one has overtaken changes nothing.
        """
        known = self._values.get(value.tag)
        is_new = True
        if known is None:
            if len(self._values) >= self.LARGEST:
                self._values.pop(next(iter(self._values)))
        else:
            if value.server_time < known.server_time < value.server_time + OVERTAKEN:
                return known, False
            if value.status == NO_COMMUNICATION.code and is_usable(known):
                value = _with_status(known, NO_COMMUNICATION_LAST_USABLE.code, value.server_time)
            if value.same(known):
                value, is_new = msgspec.structs.replace(value, source_time=known.source_time), False
        self._values[value.tag] = value
        return value, is_new

    def all(self) -> list[Value]:
        """Return the newest value of each tag."""
        return list(self._values.values())

    def forget(self, source: str) -> None:
        """Forget the values of a source that is gone."""
        self._values = {tag: value for tag, value in self._values.items() if split(tag)[0] != source}


def is_usable(value: Value) -> bool:
    """Return whether a value says something of its tag, if not for certain."""
    return quality_of(value.status) != "Bad" and (value.value is not None or bool(value.text))


def aged(value: Value) -> Value:
    """Return a value that was not refreshed in time. One that is Bad, or of a source that is lost, stays as it is."""
    if not is_usable(value) or value.status == NO_COMMUNICATION_LAST_USABLE.code:
        return value
    return _with_status(value, LAST_USABLE.code, now())


def _with_status(value: Value, status: int, at: int) -> Value:
    return msgspec.structs.replace(value, status=status, server_time=at)
