"""Webhooks and their deliveries in the service's database. A delivery is a row before it is sent."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
import sqlalchemy as sa

from engineering_api.features.webhooks.model import (
    FAILED,
    PENDING,
    Attempt,
    Delivery,
    DeliveryStatus,
    Hook,
    Payload,
    Webhook,
)
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.security.authority import Authority
from engineering_api.storage.clock import now
from engineering_api.storage.database import Database, metadata

MOST_PENDING = 1000
"""Deliveries that wait for one receiver; what happens beyond that is noted as failed."""

webhooks = sa.Table(
    "webhooks",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("url", sa.String, nullable=False),
    sa.Column("events", sa.String, nullable=False),
    sa.Column("sealed", sa.String, nullable=False),
    sa.Column("description", sa.String, nullable=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Column("updated_at", sa.String),
    sa.Column("owner", sa.String, nullable=False, server_default=""),
    sa.Column("owner_authority", sa.String, nullable=False, server_default=""),
)

deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", sa.String, nullable=False, unique=True),
    sa.Column("webhook_id", sa.String, nullable=False, index=True),
    sa.Column("event", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("status", sa.String, nullable=False, index=True),
    sa.Column("attempts", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Column("next_attempt_at", sa.String),
    sa.Column("completed_at", sa.String, index=True),
    sa.Column("redelivery_of", sa.String),
)

_ATTEMPTS = msgspec.json.Decoder(list[Attempt])
_BACKLOG = "Not sent: the receiver has too many deliveries waiting."


class WebhookStore:
    """Reads and writes webhooks and deliveries, on the event loop."""

    def __init__(self, database: Database) -> None:
        """Use this database."""
        self._database = database

    # -- receivers --------------------------------------------------------------------

    async def add(
        self, *, url: str, events: list[str], sealed: str, description: str, enabled: bool, owner: Caller
    ) -> str:
        """Keep a new receiver. Returns its id."""
        row = webhooks.insert().values(
            id=(made := str(uuid.uuid4())),
            url=url,
            events=" ".join(events),
            sealed=sealed,
            description=description,
            enabled=enabled,
            created_at=now(),
            **_owned_by(owner),
        )
        await self._database.run(lambda c: c.execute(row))
        return made

    async def change(self, webhook_id: str, owner: Caller, **values: Any) -> bool:
        """Write some columns of a receiver, and its new owner. Whether there is one."""
        change = (
            webhooks.update().where(webhooks.c.id == webhook_id).values(**values, **_owned_by(owner), updated_at=now())
        )
        return await self._database.run(lambda c: c.execute(change).rowcount == 1)

    async def remove(self, webhook_id: str) -> None:
        """Remove a receiver with its deliveries."""

        def work(connection: sa.Connection) -> None:
            connection.execute(deliveries.delete().where(deliveries.c.webhook_id == webhook_id))
            connection.execute(webhooks.delete().where(webhooks.c.id == webhook_id))

        await self._database.run(work)

    async def get(self, webhook_id: str) -> Webhook | None:
        """Return a receiver, or None."""
        return next(iter(await self._webhooks(webhooks.c.id == webhook_id)), None)

    async def all(self) -> list[Webhook]:
        """Return all receivers, oldest first."""
        return await self._webhooks(sa.true())

    async def hooks(self) -> list[Hook]:
        """Return all receivers as their tasks need them."""
        rows = await self._database.run(lambda c: c.execute(sa.select(webhooks)).all())
        return [_hook(row) for row in rows]

    # -- deliveries -------------------------------------------------------------------

    async def queue(
        self, webhook_id: str, event: str, subject: str, data: dict[str, Any], *, aside: bool = False
    ) -> Delivery:
        """Write what is to be sent of an event, behind what waits already.

        Args:
            webhook_id: The receiver.
            event: The event's kind.
            subject: What it is about.
            data: What is known of it.
            aside: It is sent by the caller, now; it counts as failed until that is noted.
        """
        made, moment = str(uuid.uuid4()), now()
        payload = Payload(delivery_id=made, event=event, subject=subject, occurred_at=moment, data=data)
        return await self._write(webhook_id, made, payload, moment, aside=aside)

    async def repeat(self, delivery: Delivery) -> Delivery:
        """Write a delivery again, behind those that wait already: a new row, whose receiver gets the same body and id."""
        payload = msgspec.json.decode(bytes(delivery.payload or b""), type=Payload)
        return await self._write(delivery.webhook_id, str(uuid.uuid4()), payload, now(), redelivery_of=delivery.id)

    async def note(self, delivery: Delivery) -> None:
        """Write the outcome of a delivery so far."""
        values = {
            "status": delivery.status,
            "attempts": msgspec.json.encode(delivery.attempts),
            "next_attempt_at": delivery.next_attempt_at,
            "completed_at": delivery.completed_at,
        }
        change = deliveries.update().where(deliveries.c.id == delivery.id).values(values)
        await self._database.run(lambda c: c.execute(change))

    async def next(self, webhook_id: str) -> Delivery | None:
        """Return the oldest delivery that has not ended; None when nothing waits."""
        waiting = (deliveries.c.webhook_id == webhook_id, deliveries.c.status == PENDING)
        query = sa.select(deliveries).where(*waiting).order_by(deliveries.c.number).limit(1)
        row = await self._database.run(lambda c: c.execute(query).first())
        return None if row is None else _delivery(row, whole=True)

    async def delivery(self, webhook_id: str, delivery_id: str) -> Delivery | None:
        """Return one delivery with what is sent, or None."""
        query = sa.select(deliveries).where(deliveries.c.id == delivery_id, deliveries.c.webhook_id == webhook_id)
        row = await self._database.run(lambda c: c.execute(query).first())
        return None if row is None else _delivery(row, whole=True)

    async def latest(self, webhook_id: str, status: DeliveryStatus | None, limit: int) -> list[Delivery]:
        """Return the latest deliveries to a receiver, newest first, without their content."""
        query = sa.select(deliveries).where(deliveries.c.webhook_id == webhook_id)
        if status:
            query = query.where(deliveries.c.status == status)
        query = query.order_by(deliveries.c.number.desc()).limit(limit)
        return [_delivery(row) for row in await self._database.run(lambda c: c.execute(query).all())]

    async def remove_before(self, moment: str) -> int:
        """Remove deliveries that ended before a moment; returns how many."""
        old = deliveries.delete().where(deliveries.c.completed_at < moment)
        return await self._database.run(lambda c: c.execute(old).rowcount)

    async def _write(
        self,
        webhook_id: str,
        made: str,
        payload: Payload,
        moment: str,
        *,
        aside: bool = False,
        redelivery_of: str | None = None,
    ) -> Delivery:
        waiting = sa.select(sa.func.count()).where(
            deliveries.c.webhook_id == webhook_id, deliveries.c.status == PENDING
        )
        values = {
            "id": made,
            "webhook_id": webhook_id,
            "event": payload.event,
            "subject": payload.subject,
            "payload": msgspec.json.encode(payload),
            "created_at": moment,
            "redelivery_of": redelivery_of,
        }

        def work(connection: sa.Connection) -> Any:
            full = not aside and connection.execute(waiting).scalar_one() >= MOST_PENDING
            status = FAILED if full or aside else PENDING
            lost = [Attempt(at=moment, error=_BACKLOG)] if full else []
            more = {
                "status": status,
                "attempts": msgspec.json.encode(lost),
                "completed_at": None if status == PENDING else moment,
                "next_attempt_at": moment if status == PENDING else None,
            }
            connection.execute(deliveries.insert().values(**values, **more))
            return connection.execute(sa.select(deliveries).where(deliveries.c.id == made)).one()

        return _delivery(await self._database.run(work), whole=True)

    async def _webhooks(self, condition: sa.ColumnElement[bool]) -> list[Webhook]:
        query = sa.select(webhooks).where(condition)
        rows = await self._database.run(lambda c: c.execute(query.order_by(webhooks.c.created_at)).all())
        return [_webhook(row) for row in rows]


def _owned_by(caller: Caller) -> dict[str, str]:
    return {"owner": caller.name, "owner_authority": Authority.of(caller).encode()}


def _hook(row: Any) -> Hook:
    """Return a receiver. One of an earlier version has no owner; only administrators could save it, as the highest right."""
    authority = Authority.decode(row.owner_authority, row.owner, Right.ADMINISTER)
    return Hook(row.id, row.url, tuple(row.events.split()), row.sealed, row.enabled, row.owner, authority)


def _webhook(row: Any) -> Webhook:
    return Webhook(
        id=row.id,
        url=row.url,
        events=row.events.split(),
        description=row.description,
        enabled=row.enabled,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _delivery(row: Any, *, whole: bool = False) -> Delivery:
    return Delivery(
        id=row.id,
        webhook_id=row.webhook_id,
        event=row.event,
        subject=row.subject,
        status=row.status,
        attempts=_ATTEMPTS.decode(row.attempts),
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        completed_at=row.completed_at,
        redelivery_of=row.redelivery_of,
        payload=msgspec.Raw(row.payload) if whole else None,
    )
