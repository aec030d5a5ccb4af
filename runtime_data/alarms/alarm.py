"""What is known of an alarm, and one line of the journal."""

from __future__ import annotations

from enum import Enum
from typing import Any

import msgspec

from runtime_data.alarms.state import State

TAG, CONTROLLER = "tag", "controller"
"""Origins of an alarm that the value of a tag raises, and of one that a controller lists."""


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm: one occurrence, from the moment when it leaves the state Normal until it is Normal again.

    Times are microseconds since 1970, UTC; 0 where it has not happened.

    Attributes:
        id: The occurrence's id.
        name: The definition's name.
        tag: The tag that raises it.
        state: Its state.
        number: The definition's number in WinCC or an HMI; 0 without one.
        priority: 0 to 1000.
        alarm_class: Its class.
        area: Where it belongs.
        texts: Its text for each language, with the value that raised it.
        value: The value that raised it.
        value_text: That value as TIA Portal writes it, where JSON does not say all of it.
        limit: What the value is compared with.
        needs_acknowledge: Whether an operator has to acknowledge it.
        needs_reset: Whether it has to be reset.
        status: OPC UA's status code of the tag's newest value: of a bad one the state says nothing about the present.
        raised_at: When it was raised last.
        cleared_at: When it cleared; 0 while it is active.
        acknowledged_at: When it was acknowledged; 0 while it is not.
        count: How often it was raised since it was Normal.
        user: Who acknowledged or reset it last.
        comment: What they said.
        shelved_until: When shelving ends by itself.
        shelved_by: Who shelved it.
        suppressed_by_design: Whether the definition's condition keeps it from operators.
        suppressed_by_hand: Whether a user keeps it from operators.
        out_of_service: Whether it was taken out of service, for maintenance.
        origin: What raises it: tag, or what of a CPU: program, message, graph, supervision, system; controller where a
            controller lists it, and does not say what raises it.
        values: The associated values with which a CPU raised it.
        cpu_time: When it changed last, by the clock of the CPU; 0 for an alarm on a tag.
    """

    id: str
    name: str
    tag: str
    state: State = State.NORMAL
    number: int = 0
    priority: int = 500
    alarm_class: str = ""
    area: str = ""
    texts: dict[str, str] = {}
    value: Any = None
    value_text: str = ""
    limit: float | int | str | bool | None = None
    needs_acknowledge: bool = True
    needs_reset: bool = False
    status: int = 0
    raised_at: int = 0
    cleared_at: int = 0
    acknowledged_at: int = 0
    count: int = 0
    user: str = ""
    comment: str = ""
    shelved_until: int = 0
    shelved_by: str = ""
    suppressed_by_design: bool = False
    suppressed_by_hand: bool = False
    out_of_service: bool = False
    origin: str = TAG
    values: list[Any] = []
    cpu_time: int = 0

    @property
    def is_reported(self) -> bool:
        """Whether a CPU reports it."""
        return self.origin != TAG

    @property
    def active(self) -> bool:
        """Whether its condition holds."""
        return self.state.active

    @property
    def acknowledged(self) -> bool:
        """Whether nobody has to acknowledge it."""
        return self.state.acknowledged

    @property
    def shelved(self) -> bool:
        """Whether an operator has put it aside for a time."""
        return self.shelved_until > 0

    @property
    def suppressed(self) -> bool:
        """Whether it is kept from operators, by design or by hand."""
        return self.suppressed_by_design or self.suppressed_by_hand

    @property
    def hidden(self) -> bool:
        """Whether operators do not see it unless they ask for such alarms."""
        return self.shelved or self.suppressed or self.out_of_service

    @property
    def matters(self) -> bool:
        """Whether there is anything to keep of it."""
        return self.state is not State.NORMAL or self.hidden


class EventKind(Enum):
    """What happened to an alarm."""

    RAISED = "raised"
    CLEARED = "cleared"
    ACKNOWLEDGED = "acknowledged"
    RESET = "reset"
    SHELVED = "shelved"
    UNSHELVED = "unshelved"
    SUPPRESSED = "suppressed"
    UNSUPPRESSED = "unsuppressed"
    OUT_OF_SERVICE = "outOfService"
    IN_SERVICE = "inService"
    VALUE_BAD = "valueBad"
    VALUE_GOOD = "valueGood"
    REMOVED = "removed"


class AlarmEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the journal.

    Attributes:
        number: Its number, which grows; 0 before it is written.
        kind: What happened.
        time: When; microseconds since 1970, UTC.
        alarm: The alarm after it.
        user: Who did it; empty where the tag did.
        comment: What they said.
    """

    number: int = 0
    kind: EventKind
    time: int
    alarm: Alarm
    user: str = ""
    comment: str = ""
