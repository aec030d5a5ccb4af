"""API keys: administrators make them for programs, limit them, give them another secret and revoke them.

A key's text is in the answer that makes it, and nowhere else: the service keeps a checksum.
"""

from __future__ import annotations

from typing import Annotated

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named, shown_secret
from engineering_api.operations.terms import Lock, Place, Reach, Right, Site, Undo
from engineering_api.security.api_keys import role_of
from engineering_api.security.identities import Identities
from engineering_api.security.roles import RIGHTS, Role
from engineering_api.storage.clock import now as written
from engineering_api.storage.identities import KeyRow

section = Section(
    "Access",
    Site.GATEWAY,
    reach=Reach.ALL,
    no_tool="a model must not change who may call",
    lock=Lock.NONE,
    right=Right.ADMINISTER,
)
YEAR = 365.0
TAGS = named(
    "Patterns of the tags of the runtime that it is limited to, such as PLC_1:Setpoints.*; none for all. A caller who is "
    "limited to tags uses nothing else, unless projects are named, too."
)
PROJECTS = named("Globs of the names or full paths of the projects that it is limited to, such as Line*; none for all.")


class Key(Model):
    """A key, without its text.

    Attributes:
        projects: Globs of the projects that it is limited to; none for all.
        tags: Patterns of the tags of the runtime that it is limited to; none for all.
        addresses: Networks that it may be used from; none for all.
        last_used_at: To a minute.
    """

    id: str
    name: str
    right: Role
    projects: list[str]
    tags: list[str]
    addresses: list[str]
    created_at: str
    created_by: str
    expires_at: str | None
    last_used_at: str | None


class MadeKey(Key):
    """A key with its text, which is shown only once.

    Attributes:
        api_key: What to send as X-API-Key.
    """

    api_key: Annotated[str, shown_secret("What to send as X-API-Key; shown only once.")]


class Make(Request):
    """A new key."""

    name: Annotated[str, named("What it is for; the audit log names it.", min_length=1, max_length=100)]
    right: Annotated[Role, named("What its callers may do; each right includes those before it.", "role")] = "viewer"
    expires_in_days: Annotated[float, named("Days after which it is refused; 0 for never.", ge=0, le=36500)] = YEAR
    projects: Annotated[list[str], PROJECTS] = []
    tags: Annotated[list[str], TAGS] = []
    addresses: Annotated[
        list[str], named("Addresses and networks that it may be used from, such as 192.168.0.0/24; none for all.")
    ] = []


class KeyAddress(Request):
    """Which key."""

    key_id: Annotated[str, named("The key's id, from GET /api/api-keys.", "id")]


@section.operation(also="GET /api/api-keys", place=Place.LOOP, changes=False)
def list_(ctx: Context, _: Nothing) -> list[Key]:
    """List the API keys, without their texts."""
    return [_to_key(row) for row in ctx.service.part(Identities).keys.all()]


@section.operation(
    also="GET /api/api-keys/{keyId}",
    place=Place.LOOP,
    changes=False,
    example={"keyId": "5d0c1f2a9b3e"},
)
def get(ctx: Context, request: KeyAddress) -> Key:
    """Get an API key, without its text."""
    return _to_key(ctx.service.part(Identities).keys.get(request.key_id))


@section.operation(
    destroys=False,
    undo=Undo.NEVER,
    also="POST /api/api-keys",
    resource=list_,
    example={"name": "Line 3 build", "right": "engineer", "projects": ["Line3*"]},
    done="Key created: it is shown only once",
)
async def create(ctx: Context, request: Make) -> MadeKey:
    """Create an API key. Only this answer contains its text."""
    row, text = await ctx.service.part(Identities).keys.make(
        request.name,
        RIGHTS[request.right],
        ctx.caller.name,
        days=request.expires_in_days,
        projects=request.projects,
        tags=request.tags,
        addresses=request.addresses,
    )
    return _to_made_key(row, text)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    also="POST /api/api-keys/{keyId}/actions/rotate",
    resource=get,
    example={"keyId": "5d0c1f2a9b3e"},
    done="Key changed: it is shown only once",
)
async def rotate(ctx: Context, request: KeyAddress) -> MadeKey:
    """Give an API key a new text. The service refuses the old text immediately, and the time until expiry starts again."""
    return _to_made_key(*await ctx.service.part(Identities).keys.rotate(request.key_id))


@section.operation(
    also="DELETE /api/api-keys/{keyId}",
    destroys=True,
    undo=Undo.NEVER,
    example={"keyId": "5d0c1f2a9b3e"},
    done="Key revoked",
)
async def revoke(ctx: Context, request: KeyAddress) -> Key:
    """Revoke an API key: the service refuses it immediately, and streams that were opened with it end."""
    return _to_key(await ctx.service.part(Identities).keys.revoke(request.key_id))


def _to_key(row: KeyRow) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        right=role_of(row),
        projects=row.projects,
        tags=row.tags,
        addresses=row.addresses,
        created_at=written(row.created_at),
        created_by=row.created_by,
        expires_at=moment(row.expires_at),
        last_used_at=moment(row.last_used_at),
    )


def moment(at: float | None) -> str | None:
    """A time as answers have it; None where there is none."""
    return None if at is None else written(at)


def _to_made_key(row: KeyRow, text: str) -> MadeKey:
    shown = _to_key(row)
    return MadeKey(**{name: getattr(shown, name) for name in shown.__struct_fields__}, api_key=text)
