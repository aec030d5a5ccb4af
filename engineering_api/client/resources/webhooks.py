"""Webhooks: receivers of events, signed deliveries, and the log of what arrived.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.webhooks.model import Delivery, Webhook
from engineering_api.features.webhooks.webhooks_operations import Create, Log, OnDelivery, OnWebhook, Update
from engineering_api.operations.declaration import Nothing


class Webhooks(Resource):
    """Webhooks: receivers of events, signed deliveries, and the log of what arrived."""

    def list_(self) -> list[Webhook]:
        """List the receivers, oldest first."""
        return self._client.run("webhooks.list_", Nothing(), list[Webhook])

    def get(self, *, webhook_id: str) -> Webhook:
        """Get a receiver.

        Args:
            webhook_id: The webhook's id.
        """
        return self._client.run("webhooks.get", OnWebhook(webhook_id=webhook_id), Webhook)

    def create(
        self, *, url: str, events: list[str], secret: str, description: str = "", enabled: bool = True
    ) -> Webhook:
        """Add a receiver: from now on it gets the events that it wants, signed, in their order, at least once.

        Args:
            url: Where events are sent: http or https, to a host that TIA_WEBHOOK_HOSTS allows.
            events: Kinds of events, such as project.saved, job.* or *; job.progress and assistant.* only by their full
                names.
            secret: What deliveries are signed with, 16 characters at least; kept encrypted, never told.
            description: What it is for.
            enabled: Whether events are sent to it.
        """
        return self._client.run(
            "webhooks.create",
            Create(url=url, events=events, secret=secret, description=description, enabled=enabled),
            Webhook,
        )

    def update(
        self,
        *,
        webhook_id: str,
        url: str | UnsetType = UNSET,
        events: list[str] | UnsetType = UNSET,
        secret: str = "",
        description: str | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
    ) -> Webhook:
        """Change a receiver. What waits for it is sent to where it is then.

        Args:
            webhook_id: The webhook's id.
            url: Where events are sent.
            events: Kinds of events, such as project.saved, job.* or *; job.progress and assistant.* only by their full
                names.
            secret: A new one. What deliveries are signed with, 16 characters at least; kept encrypted, never told.
            description: What it is for.
            enabled: Whether events are sent to it. What waits stays.
        """
        return self._client.run(
            "webhooks.update",
            Update(
                webhook_id=webhook_id, url=url, events=events, secret=secret, description=description, enabled=enabled
            ),
            Webhook,
        )

    def delete(self, *, webhook_id: str) -> Webhook:
        """Delete a receiver with its log. What waits for it is not sent any more.

        Args:
            webhook_id: The webhook's id.
        """
        return self._client.run("webhooks.delete", OnWebhook(webhook_id=webhook_id), Webhook)

    def ping(self, *, webhook_id: str) -> Delivery:
        """Send webhook.ping once, at once. What became of it is the answer: Delivered, or Failed with the reason.

        Args:
            webhook_id: The webhook's id.
        """
        return self._client.run("webhooks.ping", OnWebhook(webhook_id=webhook_id), Delivery)

    def deliveries(self, *, webhook_id: str, status: str | None = None, limit: int = 100) -> list[Delivery]:
        """List the latest deliveries to a receiver, newest first, with every attempt.

        Args:
            webhook_id: The webhook's id.
            status: Only those in this state: Pending, Delivered or Failed.
            limit: How many at most, newest first.
        """
        return self._client.run(
            "webhooks.deliveries", Log(webhook_id=webhook_id, status=status, limit=limit), list[Delivery]
        )

    def get_delivery(self, *, webhook_id: str, delivery_id: str) -> Delivery:
        """Get a delivery with its payload, as it is sent.

        Args:
            webhook_id: The webhook's id.
            delivery_id: The delivery's id.
        """
        return self._client.run(
            "webhooks.get_delivery", OnDelivery(webhook_id=webhook_id, delivery_id=delivery_id), Delivery
        )

    def redeliver(self, *, webhook_id: str, delivery_id: str) -> Delivery:
        """Send a delivery that has ended once more, behind what waits, under an id of its own.

        Args:
            webhook_id: The webhook's id.
            delivery_id: The delivery's id.
        """
        return self._client.run(
            "webhooks.redeliver", OnDelivery(webhook_id=webhook_id, delivery_id=delivery_id), Delivery
        )


class AsyncWebhooks(AsyncResource):
    """Webhooks: receivers of events, signed deliveries, and the log of what arrived."""

    async def list_(self) -> list[Webhook]:
        """List the receivers, oldest first."""
        return await self._client.run("webhooks.list_", Nothing(), list[Webhook])

    async def get(self, *, webhook_id: str) -> Webhook:
        """Get a receiver.

        Args:
            webhook_id: The webhook's id.
        """
        return await self._client.run("webhooks.get", OnWebhook(webhook_id=webhook_id), Webhook)

    async def create(
        self, *, url: str, events: list[str], secret: str, description: str = "", enabled: bool = True
    ) -> Webhook:
        """Add a receiver: from now on it gets the events that it wants, signed, in their order, at least once.

        Args:
            url: Where events are sent: http or https, to a host that TIA_WEBHOOK_HOSTS allows.
            events: Kinds of events, such as project.saved, job.* or *; job.progress and assistant.* only by their full
                names.
            secret: What deliveries are signed with, 16 characters at least; kept encrypted, never told.
            description: What it is for.
            enabled: Whether events are sent to it.
        """
        return await self._client.run(
            "webhooks.create",
            Create(url=url, events=events, secret=secret, description=description, enabled=enabled),
            Webhook,
        )

    async def update(
        self,
        *,
        webhook_id: str,
        url: str | UnsetType = UNSET,
        events: list[str] | UnsetType = UNSET,
        secret: str = "",
        description: str | UnsetType = UNSET,
        enabled: bool | UnsetType = UNSET,
    ) -> Webhook:
        """Change a receiver. What waits for it is sent to where it is then.

        Args:
            webhook_id: The webhook's id.
            url: Where events are sent.
            events: Kinds of events, such as project.saved, job.* or *; job.progress and assistant.* only by their full
                names.
            secret: A new one. What deliveries are signed with, 16 characters at least; kept encrypted, never told.
            description: What it is for.
            enabled: Whether events are sent to it. What waits stays.
        """
        return await self._client.run(
            "webhooks.update",
            Update(
                webhook_id=webhook_id, url=url, events=events, secret=secret, description=description, enabled=enabled
            ),
            Webhook,
        )

    async def delete(self, *, webhook_id: str) -> Webhook:
        """Delete a receiver with its log. What waits for it is not sent any more.

        Args:
            webhook_id: The webhook's id.
        """
        return await self._client.run("webhooks.delete", OnWebhook(webhook_id=webhook_id), Webhook)

    async def ping(self, *, webhook_id: str) -> Delivery:
        """Send webhook.ping once, at once. What became of it is the answer: Delivered, or Failed with the reason.

        Args:
            webhook_id: The webhook's id.
        """
        return await self._client.run("webhooks.ping", OnWebhook(webhook_id=webhook_id), Delivery)

    async def deliveries(self, *, webhook_id: str, status: str | None = None, limit: int = 100) -> list[Delivery]:
        """List the latest deliveries to a receiver, newest first, with every attempt.

        Args:
            webhook_id: The webhook's id.
            status: Only those in this state: Pending, Delivered or Failed.
            limit: How many at most, newest first.
        """
        return await self._client.run(
            "webhooks.deliveries", Log(webhook_id=webhook_id, status=status, limit=limit), list[Delivery]
        )

    async def get_delivery(self, *, webhook_id: str, delivery_id: str) -> Delivery:
        """Get a delivery with its payload, as it is sent.

        Args:
            webhook_id: The webhook's id.
            delivery_id: The delivery's id.
        """
        return await self._client.run(
            "webhooks.get_delivery", OnDelivery(webhook_id=webhook_id, delivery_id=delivery_id), Delivery
        )

    async def redeliver(self, *, webhook_id: str, delivery_id: str) -> Delivery:
        """Send a delivery that has ended once more, behind what waits, under an id of its own.

        Args:
            webhook_id: The webhook's id.
            delivery_id: The delivery's id.
        """
        return await self._client.run(
            "webhooks.redeliver", OnDelivery(webhook_id=webhook_id, delivery_id=delivery_id), Delivery
        )
