"""What a webhook is, and the outcome of its deliveries."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from engineering_api.operations.fields import JsonObject, JsonValue, Model
from engineering_api.security.authority import Authority

DeliveryStatus = Annotated[Literal["Pending", "Delivered", "Failed"], msgspec.Meta(title="DeliveryStatus")]
PENDING: Final = "Pending"
DELIVERED: Final = "Delivered"
FAILED: Final = "Failed"


class Webhook(Model):
    """A receiver of events. The secret that its deliveries are signed with is never shown.

    Attributes:
        events: Patterns of event kinds, such as project.saved or job.*.
    """

    id: str
    url: str
    events: list[str]
    description: str
    enabled: bool
    created_at: str
    updated_at: str | None


class Attempt(Model):
    """One attempt to deliver.

    Attributes:
        status_code: What the receiver answered; null where it did not.
        error: Why it did not arrive; null where it did.
    """

    at: str
    status_code: int | None = None
    error: str | None = None
    duration_ms: int = 0


class Delivery(Model):
    """One event for one receiver.

    Attributes:
        next_attempt_at: When it is tried next; null once it has ended.
        redelivery_of: The delivery that this one repeats.
        payload: What is sent, passed on as it is kept (msgspec.Raw); null in lists.
    """

    id: str
    webhook_id: str
    event: str
    subject: str
    status: DeliveryStatus
    attempts: list[Attempt]
    created_at: str
    next_attempt_at: str | None
    completed_at: str | None
    redelivery_of: str | None = None
    payload: JsonValue = None


class Payload(Model):
    """The body of a delivery.

    Attributes:
        delivery_id: Identifies a delivery that arrives twice.
        occurred_at: When it happened, in UTC.
    """

    delivery_id: str
    event: str
    subject: str
    occurred_at: str
    data: JsonObject


class Hook(msgspec.Struct, frozen=True):
    """A receiver as its task needs it.

    Attributes:
        sealed: The secret as the vault keeps it.
        owner: Who saved it last; empty for one of an earlier version.
        authority: What the owner may do: events are sent as far as the owner may read them.
    """

    id: str
    url: str
    events: tuple[str, ...]
    sealed: str
    enabled: bool
    owner: str
    authority: Authority
