"""Webhooks: receivers of events, signed deliveries, and the log of what arrived."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, UnsetType

from engineering_api.features.webhooks.engine import Webhooks
from engineering_api.features.webhooks.model import Delivery, DeliveryStatus, Webhook
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Nothing, Request, named
from engineering_api.operations.fields import secret as hidden
from engineering_api.operations.terms import Lock, Reach, Right, Site, Undo

section = Section(
    "Webhooks", Site.GATEWAY, reach=Reach.ALL, no_tool="a model must not decide who receives events", lock=Lock.NONE
)

EVENTS = "Kinds of events, such as project.saved, job.* or *; job.progress and assistant.* only by their full names."
SIGNING = "What deliveries are signed with, 16 characters at least; it is stored encrypted and never returned."


class OnWebhook(Request, kw_only=True):
    """Which receiver."""

    webhook_id: Annotated[str, named("The webhook's id.", "id")]


class OnDelivery(OnWebhook, kw_only=True):
    """Which delivery."""

    delivery_id: Annotated[str, named("The delivery's id.")]


class Create(Request, kw_only=True):
    """A receiver."""

    url: Annotated[str, named("Where events are sent: http or https, to a host that TIA_WEBHOOK_HOSTS allows.")]
    events: Annotated[list[str], named(EVENTS)]
    secret: Annotated[str, hidden(SIGNING)]
    description: Annotated[str, named("What it is for.")] = ""
    enabled: Annotated[bool, named("Whether events are sent to it.")] = True


class Update(OnWebhook, kw_only=True):
    """The values to change; the others stay as they are."""

    url: Annotated[str | UnsetType, named("Where events are sent.")] = UNSET
    events: Annotated[list[str] | UnsetType, named(EVENTS)] = UNSET
    secret: Annotated[str, hidden(f"A new one. {SIGNING}")] = ""
    description: Annotated[str | UnsetType, named("What it is for.")] = UNSET
    enabled: Annotated[bool | UnsetType, named("Whether events are sent to it. Waiting deliveries are kept.")] = UNSET


class Log(OnWebhook, kw_only=True):
    """Which deliveries."""

    status: Annotated[DeliveryStatus | None, named("Only those in this state.")] = None
    limit: Annotated[int, named("How many at most, newest first.", ge=1, le=1000)] = 100


WEBHOOK = {"webhookId": "0f0c9a58-5a0b-4a86-9d66-5d5f0a3d1c11"}
DELIVERY = WEBHOOK | {"deliveryId": "9c3b2c54-1c55-4a4b-8f35-7f6f3a6b2d22"}
CREATE = {
    "url": "https://ci.example.org/hooks/tia",
    "events": ["project.saved", "job.status"],
    "secret": "a-long-secret-of-both",
}


@section.operation(also="GET /api/webhooks", changes=False)
async def list_(ctx: Context, _: Nothing) -> list[Webhook]:
    """List the receivers, oldest first."""
    return await ctx.service.part(Webhooks).store.all()


@section.operation(also="GET /api/webhooks/{webhookId}", changes=False, example=WEBHOOK)
async def get(ctx: Context, request: OnWebhook) -> Webhook:
    """Get a receiver."""
    return await ctx.service.part(Webhooks).get(request.webhook_id)


@section.operation(
    also="POST /api/webhooks",
    right=Right.ADMINISTER,
    example=CREATE,
    destroys=False,
    undo=Undo.NEVER,
    done="Webhook created",
)
async def create(ctx: Context, request: Create) -> Webhook:
    """Add a receiver. From now on the service sends the chosen events to it, signed, in order, at least once."""
    given = (request.url, request.events, request.secret, request.description, ctx.caller)
    return await ctx.service.part(Webhooks).add(*given, enabled=request.enabled)


@section.operation(
    also="PUT /api/webhooks/{webhookId}",
    right=Right.ADMINISTER,
    destroys=True,
    undo=Undo.NEVER,
    example=WEBHOOK | {"events": ["project.*"], "enabled": False},
    done="Webhook changed",
)
async def update(ctx: Context, request: Update) -> Webhook:
    """Change a receiver. Waiting deliveries go to its new address."""
    fields = {name: getattr(request, name) for name in ("url", "events", "description", "enabled")}
    given = {name: value for name, value in fields.items() if value is not UNSET}
    if request.secret:
        given["secret"] = request.secret
    return await ctx.service.part(Webhooks).change(request.webhook_id, ctx.caller, **given)


@section.operation(
    also="DELETE /api/webhooks/{webhookId}",
    right=Right.ADMINISTER,
    example=WEBHOOK,
    destroys=True,
    undo=Undo.NEVER,
    done="Webhook deleted",
)
async def delete(ctx: Context, request: OnWebhook) -> Webhook:
    """Delete a receiver with its log. Waiting deliveries are not sent any more."""
    return await ctx.service.part(Webhooks).remove(request.webhook_id)


@section.operation(
    also="POST /api/webhooks/{webhookId}/actions/ping",
    example=WEBHOOK,
    done="Sent",
    destroys=False,
    undo=Undo.NEVER,
)
async def ping(ctx: Context, request: OnWebhook) -> Delivery:
    """Send webhook.ping once, immediately. The answer has the outcome: Delivered, or Failed with the reason."""
    return await ctx.service.part(Webhooks).ping(request.webhook_id)


@section.operation(
    also="GET /api/webhooks/{webhookId}/deliveries",
    changes=False,
    example=WEBHOOK | {"status": "Failed"},
)
async def deliveries(ctx: Context, request: Log) -> list[Delivery]:
    """List the latest deliveries to a receiver, newest first, with every attempt."""
    webhooks = ctx.service.part(Webhooks)
    return await webhooks.store.latest((await webhooks.get(request.webhook_id)).id, request.status, request.limit)


@section.operation(also="GET /api/webhooks/{webhookId}/deliveries/{deliveryId}", changes=False, example=DELIVERY)
async def get_delivery(ctx: Context, request: OnDelivery) -> Delivery:
    """Get a delivery with its payload, as it is sent; a text in it that needs a higher right than yours is withheld."""
    return await ctx.service.part(Webhooks).show(request.webhook_id, request.delivery_id, ctx.caller)


@section.operation(
    also="POST /api/webhooks/{webhookId}/deliveries/{deliveryId}/actions/redeliver",
    destroys=False,
    undo=Undo.NEVER,
    example=DELIVERY,
    done="Queued",
)
async def redeliver(ctx: Context, request: OnDelivery) -> Delivery:
    """Send a delivery that has ended once more, after the waiting deliveries. The receiver gets the same body and id."""
    return await ctx.service.part(Webhooks).redeliver(request.webhook_id, request.delivery_id)
