"""The part of the service that knows all receivers: it queues the events that they want, and sends them in order."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from contextlib import suppress
from typing import Any

import msgspec
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from engineering_api import background
from engineering_api.features.webhooks.model import (
    DELIVERED,
    FAILED,
    PENDING,
    Attempt,
    Delivery,
    DeliveryStatus,
    Hook,
    Payload,
    Webhook,
)
from engineering_api.features.webhooks.sending import Sender
from engineering_api.features.webhooks.store import WebhookStore
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service
from engineering_api.operations.events import KINDS, Event, matches, names_events
from engineering_api.security.identities import Identities
from engineering_api.security.scopes import Scopes
from engineering_api.security.targets import Targets
from engineering_api.storage.clock import now
from engineering_api.storage.vault import Vault
from openness_bridge.errors import Detail, Kind, Place, Problem, not_found

log = logging.getLogger(__name__)
DELAYS = (2, 6, 18, 54, 162, 486, 900, 900, 900)
"""Seconds between attempts; after the last one a delivery has failed."""
SHORTEST_SECRET = 16
MOST_HOOKS = 100
LOOK_AGAIN = 30.0
"""Seconds between two searches for what another process has queued."""
PING = "webhook.ping"
BY_NAME = ("job.progress", "assistant.*")
"""What comes very often, or is said in confidence: only receivers get it that name the event in full."""


class Webhooks:
    """All receivers of the service. On the event loop only."""

    def __init__(self, store: WebhookStore, vault: Vault, targets: Targets) -> None:
        """Keep them in this store; nothing is sent yet."""
        self.store = store
        self._vault, self._targets = vault, targets
        self._service: Service | None = None
        self._sender: Sender | None = None
        self._hooks: dict[str, Hook] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._news: dict[str, asyncio.Event] = {}
        self._following: asyncio.Task[None] | None = None
        self._changing = asyncio.Lock()
        self._sends = True

    # -- life -------------------------------------------------------------------------

    async def start(self, service: Service, scheduler: AsyncIOScheduler, *, alone: bool = True) -> None:
        """Continue with waiting deliveries, and listen for events.

        Args:
            service: Where events come from.
            scheduler: Fires what recurs.
            alone: Whether no other process works with the data folder; otherwise that one sends what is queued here.
        """
        self._service, self._sender, self._sends = service, Sender(self._targets), alone
        await self._take_up()
        scheduler.add_job(self.remove_old, "cron", hour=3, minute=20, misfire_grace_time=3600, coalesce=True)
        self._following = background.begin(service.hub.follow(self._queue_event, service.hub.number))

    async def stop(self) -> None:
        """Queue the events published before the hub was closed, and send nothing any more until the next start."""
        if self._following is not None:
            await self._following
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._sender is not None:
            await self._sender.close()

    # -- receivers --------------------------------------------------------------------

    async def add(
        self, url: str, events: list[str], secret: str, description: str, caller: Caller, *, enabled: bool
    ) -> Webhook:
        """Add a receiver.

        Raises:
            Problem: Its URL, an event or the secret cannot be used, or there are too many receivers.
        """
        await self._require(url, events, secret)
        if len(self._hooks) >= MOST_HOOKS:
            raise Problem(
                "webhook.too_many", f"There are {MOST_HOOKS} webhooks already: delete one first.", kind=Kind.CONFLICT
            )
        made = await self.store.add(
            url=url,
            events=events,
            sealed=self._vault.seal(secret),
            description=description,
            enabled=enabled,
            owner=caller,
        )
        await self._take_up()
        return await self.get(made)

    async def change(self, webhook_id: str, caller: Caller, **given: Any) -> Webhook:
        """Change what is given of a receiver: url, events, secret, description, enabled. The caller owns it from now on.

        Raises:
            Problem: There is no such receiver, or something cannot be used.
        """
        await self.get(webhook_id)
        await self._require(given.get("url"), given.get("events"), given.get("secret"))
        values: dict[str, Any] = {name: given[name] for name in ("url", "description", "enabled") if name in given}
        if "events" in given:
            values["events"] = " ".join(given["events"])
        if "secret" in given:
            values["sealed"] = self._vault.seal(given["secret"])
        if not await self.store.change(webhook_id, caller, **values):
            raise not_found("webhook", webhook_id)
        await self._take_up()
        return await self.get(webhook_id)

    async def remove(self, webhook_id: str) -> Webhook:
        """Remove a receiver with its deliveries; what waits is not sent.

        Raises:
            Problem: The id is unknown.
        """
        found = await self.get(webhook_id)
        async with self._changing:
            await self._drop(webhook_id)
            self._hooks.pop(webhook_id, None)
            await self.store.remove(webhook_id)
        return found

    async def get(self, webhook_id: str) -> Webhook:
        """Return a receiver.

        Raises:
            Problem: The id is unknown.
        """
        found = await self.store.get(webhook_id)
        if found is None:
            raise not_found("webhook", webhook_id)
        return found

    # -- deliveries -------------------------------------------------------------------

    async def show(self, webhook_id: str, delivery_id: str, reader: Caller) -> Delivery:
        """Return a delivery with what is sent, as far as the reader may read it.

        Raises:
            Problem: The id is unknown.
        """
        found = await self._find(webhook_id, delivery_id)
        sent = msgspec.json.decode(bytes(found.payload or b""), type=Payload)
        shown = await self._show(reader, Event(0, sent.event, sent.subject, sent.data))
        payload = msgspec.structs.replace(sent, data=shown.data)
        return msgspec.structs.replace(found, payload=msgspec.Raw(msgspec.json.encode(payload)))

    async def _find(self, webhook_id: str, delivery_id: str) -> Delivery:
        found = await self.store.delivery((await self.get(webhook_id)).id, delivery_id)
        if found is None:
            raise not_found("delivery", delivery_id)
        return found

    async def ping(self, webhook_id: str) -> Delivery:
        """Send an event that says nothing, once, before all that waits. Returns the outcome.

        Raises:
            Problem: There is no such receiver.
        """
        hook = self._hooks.get((await self.get(webhook_id)).id)
        if hook is None:
            raise not_found("webhook", webhook_id)
        delivery = await self.store.queue(webhook_id, PING, webhook_id, {}, aside=True)
        attempt, _ = await self._attempt(hook, delivery)
        delivery.attempts.append(attempt)
        self._settle(delivery, DELIVERED if attempt.error is None else FAILED)
        await self.store.note(delivery)
        return delivery

    async def redeliver(self, webhook_id: str, delivery_id: str) -> Delivery:
        """Send a delivery again, behind what waits: a new entry of the log, with the id of the first one for the receiver.

        Raises:
            Problem: There is no such delivery, or it still waits.
        """
        found = await self._find(webhook_id, delivery_id)
        if found.status == PENDING:
            raise Problem(
                "webhook.delivery_pending", "It has not ended yet: it is tried again anyway.", kind=Kind.CONFLICT
            )
        made = await self.store.repeat(found)
        self._wake(webhook_id)
        return made

    async def remove_old(self) -> int:
        """Remove deliveries that ended longer ago than jobs are kept; returns how many."""
        days = 30 if self._service is None else self._service.settings.keep_jobs_days
        limit = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
        return await self.store.remove_before(limit.isoformat(timespec="milliseconds"))

    # -- sending ----------------------------------------------------------------------

    async def _queue_event(self, event: Event) -> None:
        for hook in list(self._hooks.values()):
            if hook.enabled and _wants(hook, event.kind):
                shown = await self._show_owner(hook, event)
                await self.store.queue(hook.id, event.kind, event.subject, shown.data)
                self._wake(hook.id)

    async def _show_owner(self, hook: Hook, event: Event) -> Event:
        """Return an event as far as the owner of a receiver may read it now."""
        assert self._service is not None  # noqa: S101 - start sets it before events come
        with suppress(Problem):
            return await self._show(self._service.part(Identities).lower(hook.authority.lend(hook.owner)), event)
        return _without_data(event)

    async def _show(self, reader: Caller, event: Event) -> Event:
        assert self._service is not None  # noqa: S101 - start sets it before anything is read
        return await self._service.part(Scopes).show(reader, event) or _without_data(event)

    async def _take_up(self) -> None:
        """Know the receivers as they are stored now, with a task for each that is enabled."""
        async with self._changing:
            stored = {hook.id: hook for hook in await self.store.hooks()}
            changed = [hook for hook in stored.values() if self._hooks.get(hook.id) != hook]
            self._hooks = stored
            for hook in changed:
                await self._drop(hook.id)
                if hook.enabled and self._sends:
                    self._news[hook.id] = asyncio.Event()
                    self._tasks[hook.id] = background.begin(self._deliver(hook, self._news[hook.id]))

    async def _drop(self, webhook_id: str) -> None:
        task = self._tasks.pop(webhook_id, None)
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def _wake(self, webhook_id: str) -> None:
        if webhook_id in self._news:
            self._news[webhook_id].set()

    async def _deliver(self, hook: Hook, news: asyncio.Event) -> None:
        """Send what waits for one receiver, oldest first, each until it has arrived or failed."""
        while True:
            news.clear()
            delivery = await self.store.next(hook.id)
            if delivery is None:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_AGAIN):
                        await news.wait()
                continue
            await asyncio.sleep(_seconds_to(delivery.next_attempt_at))
            try:
                await self._try(hook, delivery)
            except Exception:
                log.exception("The delivery %s could not be sent", delivery.id)
                self._settle(delivery, FAILED)
                await self.store.note(delivery)

    async def _try(self, hook: Hook, delivery: Delivery) -> None:
        attempt, lasting = await self._attempt(hook, delivery)
        delivery.attempts.append(attempt)
        tried = len(delivery.attempts)
        if attempt.error is None:
            self._settle(delivery, DELIVERED)
        elif lasting or tried > len(DELAYS):
            self._settle(delivery, FAILED)
        else:
            later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=DELAYS[tried - 1])
            delivery.next_attempt_at = now(later.timestamp())
        await self.store.note(delivery)

    async def _attempt(self, hook: Hook, delivery: Delivery) -> tuple[Attempt, bool]:
        """Try once. Returns the attempt, and whether trying again would change nothing."""
        if self._sender is None:
            raise Problem("webhook.not_started", "The service has not started yet.", kind=Kind.UNAVAILABLE)
        try:
            if self._service is not None:
                hook.authority.now(self._service.part(Identities).now)
            secret, body = self._vault.open(hook.sealed), bytes(delivery.payload or b"")
            same = msgspec.json.decode(body, type=Payload).delivery_id
            return await self._sender.send(hook.url, secret, same, delivery.event, body), False
        except Problem as problem:
            return Attempt(at=now(), error=problem.message), True

    @staticmethod
    def _settle(delivery: Delivery, status: DeliveryStatus) -> None:
        delivery.status, delivery.next_attempt_at, delivery.completed_at = status, None, now()

    async def _require(self, url: str | None, events: list[str] | None, secret: str | None) -> None:
        if events is not None:
            wrong = [_no_event(index, each) for index, each in enumerate(events) if not names_events(each)]
            if wrong or not events:
                first = (
                    wrong[0] if wrong else Detail("webhook.event", "Name at least one event.", Place(pointer="/events"))
                )
                raise Problem(first.code, first.message, place=first.place, details=wrong)
        if secret is not None and len(secret) < SHORTEST_SECRET:
            msg = f"A secret needs at least {SHORTEST_SECRET} characters: the receiver verifies the sender with it."
            raise Problem("webhook.secret", msg, place=Place(pointer="/secret"))
        if url is not None:
            await self._targets.require(url)


def _without_data(event: Event) -> Event:
    return msgspec.structs.replace(event, data={})


def _wants(hook: Hook, kind: str) -> bool:
    return kind in hook.events if matches(BY_NAME, kind) else matches(hook.events, kind)


def _no_event(index: int, pattern: str) -> Detail:
    msg = f"'{pattern}' is not a kind of events: write *, or one or a pattern of {', '.join(KINDS)}."
    return Detail("webhook.event", msg, Place(pointer=f"/events/{index}"))


def _seconds_to(moment: str | None) -> float:
    if moment is None:
        return 0.0
    return max(0.0, (dt.datetime.fromisoformat(moment) - dt.datetime.now(dt.UTC)).total_seconds())
