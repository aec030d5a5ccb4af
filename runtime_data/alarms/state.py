"""The states of an alarm and how it gets from one to the next: ISA-18.2, with the names of OPC UA Part 9.

Facts: docs/facts/alarms.md#states.
"""

from __future__ import annotations

from enum import Enum


class State(Enum):
    """What is true of an alarm's condition and of its acknowledgement."""

    NORMAL = "Normal"
    ACTIVE_UNACKNOWLEDGED = "ActiveUnacknowledged"
    ACTIVE_ACKNOWLEDGED = "ActiveAcknowledged"
    CLEARED_UNACKNOWLEDGED = "ClearedUnacknowledged"
    LATCHED = "Latched"

    @property
    def active(self) -> bool:
        """Whether the condition holds."""
        return self in (State.ACTIVE_UNACKNOWLEDGED, State.ACTIVE_ACKNOWLEDGED)

    @property
    def acknowledged(self) -> bool:
        """Whether nobody has to acknowledge it."""
        return self not in (State.ACTIVE_UNACKNOWLEDGED, State.CLEARED_UNACKNOWLEDGED)


class Step(Enum):
    """What moves an alarm from a state to another one."""

    RAISE = "raise"
    CLEAR = "clear"
    ACKNOWLEDGE = "acknowledge"
    RESET = "reset"


def next_state(state: State, step: Step, *, needs_acknowledge: bool, needs_reset: bool) -> State | None:
    """Return the state after a step; None where the step is not possible in this state.

    Args:
        state: The state before.
        step: What happens.
        needs_acknowledge: Whether an operator has to acknowledge the alarm.
        needs_reset: Whether it has to be reset after it has cleared and is acknowledged.
    """
    over = State.LATCHED if needs_reset else State.NORMAL
    raised = State.ACTIVE_UNACKNOWLEDGED if needs_acknowledge else State.ACTIVE_ACKNOWLEDGED
    return {
        (State.NORMAL, Step.RAISE): raised,
        (State.CLEARED_UNACKNOWLEDGED, Step.RAISE): raised,
        (State.LATCHED, Step.RAISE): raised,
        (State.ACTIVE_UNACKNOWLEDGED, Step.CLEAR): State.CLEARED_UNACKNOWLEDGED,
        (State.ACTIVE_ACKNOWLEDGED, Step.CLEAR): over,
        (State.ACTIVE_UNACKNOWLEDGED, Step.ACKNOWLEDGE): State.ACTIVE_ACKNOWLEDGED,
        (State.CLEARED_UNACKNOWLEDGED, Step.ACKNOWLEDGE): over,
        (State.LATCHED, Step.RESET): State.NORMAL,
    }.get((state, step))
