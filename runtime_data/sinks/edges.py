"""When a change of a tag fires: a small state that is kept on disk with each push, so that it survives a crash."""

from __future__ import annotations

from typing import Any

import msgspec

from runtime_data.sinks.definition import Trigger
from runtime_data.values import Value

_BAD = 2
"""The two highest bits of the status of a bad value, as a number."""


def state_key(trigger: Trigger) -> str:
    """Return the name of a trigger's state: what it says, so that other triggers may come and go."""
    return msgspec.json.encode(trigger, order="deterministic").decode()


def is_usable(value: Value) -> bool:
    """Return whether a value says anything: it is there, and not bad."""
    return value.error is None and value.value is not None and value.status >> 30 < _BAD


def is_true(value: Value) -> bool:
    """Return whether a value is true, or another number than 0."""
    return is_usable(value) and isinstance(value.value, bool | int | float) and bool(value.value)


class Edge:
    """What a trigger has seen of its tag.

    Attributes:
        state: The value that counts as the former one; None before the first.
    """

    def __init__(self, trigger: Trigger, state: Any) -> None:
        """Go on with a state that was kept; a handshake begins with false."""
        self._trigger = trigger
        self.state = False if state is None and trigger.ack else state

    def take(self, value: Value) -> bool:
        """Take a value; return whether it fires. The first one never does, and a bad one is not there."""
        if not is_usable(value) or value.value == self.state:
            return False
        fires = self.state is not None and self._fires(value.value)
        if fires or not self._is_small(value.value):
            self.state = value.value
        return fires

    def _fires(self, new: Any) -> bool:
        if self._trigger.rising or self._trigger.falling or self._trigger.ack:
            return bool(new) is not bool(self.state) and self._wanted(new)
        return not self._is_small(new)

    def _wanted(self, new: Any) -> bool:
        return (self._trigger.rising or self._trigger.ack) if new else self._trigger.falling

    def _is_small(self, new: Any) -> bool:
        """Return whether a number has moved less than the deadband from the one that fired last."""
        numbers = isinstance(new, int | float) and isinstance(self.state, int | float)
        return bool(self._trigger.deadband) and numbers and abs(new - self.state) <= self._trigger.deadband
