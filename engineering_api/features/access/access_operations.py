"""What clients ask before they begin: the API key for programs on this computer, a login, and what the licence allows.

This is free software, so every feature is allowed. Facts: docs/facts/t-ia-connect.md#headers,
docs/facts/t-ia-connect.md#health-and-licence.
"""

from __future__ import annotations

from typing import Annotated

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import (
    Lock,
    Model,
    Nothing,
    Place,
    Reach,
    Request,
    Right,
    Section,
    Site,
    Undo,
    named,
    secret,
    shown_secret,
)
from engineering_api.peers import require_same_user
from engineering_api.security import key_of
from engineering_api.security.identities import Identities
from engineering_api.security.roles import ROLES
from engineering_api.security.users import Granted
from openness_bridge.errors import Kind, Problem

section = Section("Health & Status", Site.GATEWAY, reach=Reach.NOTHING)


class LocalKey(Model):
    """The key to send as X-API-Key."""

    api_key: Annotated[str, shown_secret("What to send as X-API-Key.")]


class Feature(Model):
    """Something that clients offer only where it is enabled."""

    key: str
    name: str
    description: str
    enabled: bool = True


class Licence(Model):
    """What may be used.

    Attributes:
        edition: A name that clients know; the one with everything.
    """

    edition: str
    is_valid: bool
    features: list[Feature]


class Login(Request):
    """Who logs in."""

    user_name: Annotated[str, named("The user's name.", "name", "username", min_length=1, max_length=100)]
    password: Annotated[str, secret("The user's password.")]


class Refresh(Request):
    """Which login goes on."""

    refresh_token: Annotated[str, secret("The refresh token of the last answer; it is good once.")]


class NewPassword(Request):
    """Another password."""

    password: Annotated[str, secret("The password until now.")]
    new_password: Annotated[str, secret("The password from now on, of at least 12 characters.")]


class Tokens(Model):
    """What to send from now on.

    Attributes:
        access_token: For the header Authorization, after the word Bearer.
        expires_in: Seconds that it is good for.
        refresh_token: For POST /api/auth/refresh, once.
        refresh_expires_in: Seconds after which a new login is needed.
        right: viewer, engineer, operator or administrator.
    """

    access_token: Annotated[str, shown_secret("For the header Authorization, after the word Bearer.")]
    refresh_token: Annotated[str, shown_secret("For POST /api/auth/refresh, once.")]
    expires_in: int
    refresh_expires_in: int
    user_name: str
    right: str
    token_type: str = "Bearer"  # noqa: S105 - no secret


class Me(Model):
    """Who asks.

    Attributes:
        name: As the audit log has it.
        kind: How the caller was told: key, user or token.
        right: viewer, engineer, operator or administrator.
        projects: Globs of the projects that the caller is limited to; none for all.
    """

    name: str
    kind: str
    right: str
    projects: list[str]
    address: str
    client: str


FEATURES = [
    Feature(key=key, name=name, description=description)
    for key, name, description in (
        ("ai", "Assistant", "An assistant that uses a model of your choice with your own key."),
        ("copilot", "Copilot", "The same, under the name that editors ask for."),
        ("assistant", "Assistant chat", "The same, under the name that the chat asks for."),
        ("hasVcs", "Source control", "The project as text in a git repository."),
        ("hasTestHarness", "PLC tests", "Tests of programs on simulated PLCs."),
    )
]


@section.operation(
    also="GET /api/auth/local-key",
    right=Right.PUBLIC,
    lock=Lock.NONE,
    place=Place.WORKER,
    changes=False,
    no_tool="it hands out the key of the service",
)
def local_key(ctx: Context, _: Nothing) -> LocalKey:
    """Get the API key, where TIA_LOCAL_KEY is on; only for a process of the server's user on this computer, and for no relay."""
    if not ctx.service.settings.local_key:
        msg = "This server gives its key to nobody. Read it from the file api.key of the data folder, or set TIA_LOCAL_KEY=1."
        raise Problem("auth.not_local", msg, kind=Kind.FORBIDDEN)
    if ctx.caller.local is None:
        msg = "The key is given only to programs on this computer, by http://127.0.0.1 or http://localhost, and through no proxy."
        raise Problem("auth.not_local", msg, kind=Kind.FORBIDDEN)
    require_same_user(*ctx.caller.local)
    return LocalKey(api_key=key_of(ctx.service.settings))


@section.operation(also="GET /api/license/features", right=Right.VIEW, lock=Lock.NONE, place=Place.LOOP, changes=False)
def features(_ctx: Context, _: Nothing) -> Licence:
    """Get what may be used: everything, for ever. That a feature is allowed does not say that this version serves it."""
    return Licence(edition="enterprise", is_valid=True, features=FEATURES)


@section.operation(also="GET /api/auth/me", right=Right.VIEW, lock=Lock.NONE, place=Place.LOOP, changes=False)
def me(ctx: Context, _: Nothing) -> Me:
    """Tell who asks, and what they may."""
    caller = ctx.caller
    return Me(
        name=caller.name,
        kind=caller.kind,
        right=ROLES[caller.right],
        projects=list(caller.projects),
        address=caller.address,
        client=caller.client,
    )


@section.operation(
    also="POST /api/auth/login",
    right=Right.PUBLIC,
    lock=Lock.NONE,
    done="Logged in",
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"userName": "eva", "password": "correct horse battery staple"},
)
async def login(ctx: Context, request: Login) -> Tokens:
    """Log in with a name and a password. The answer has a token for requests and one to get the next."""
    return _granted(
        await ctx.service.part(Identities).users.login(request.user_name, request.password, ctx.caller.address)
    )


@section.operation(
    also="POST /api/auth/refresh",
    right=Right.PUBLIC,
    lock=Lock.NONE,
    done="Refreshed",
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"refreshToken": "6c1f0e5d2b7a4938a1b2c3d4_kq"},
)
async def refresh(ctx: Context, request: Refresh) -> Tokens:
    """Go on with a login. The refresh token is good once; if it comes a second time, the login ends."""
    return _granted(await ctx.service.part(Identities).users.refresh(request.refresh_token))


@section.operation(
    also="POST /api/auth/logout",
    right=Right.VIEW,
    lock=Lock.NONE,
    done="Logged out",
    destroys=False,
    undo=Undo.NEVER,
    no_tool="it ends the login that the tools work under",
)
async def logout(ctx: Context, _: Nothing) -> Me:
    """End the login of the token that is sent: it is refused from now on."""
    await ctx.service.part(Identities).users.end([_session(ctx)])
    return me(ctx, Nothing())


@section.operation(
    also="POST /api/auth/password",
    right=Right.VIEW,
    lock=Lock.NONE,
    done="Password changed: log in again",
    destroys=True,
    undo=Undo.NEVER,
    example={"password": "correct horse battery staple", "newPassword": "four other words together"},
)
async def change_password(ctx: Context, request: NewPassword) -> Me:
    """Change one's own password. All logins of the user end, this one too."""
    _session(ctx)
    name = ctx.caller.name.partition(":")[2]
    await ctx.service.part(Identities).users.change_own(
        name, request.password, request.new_password, ctx.caller.address
    )
    return me(ctx, Nothing())


def _session(ctx: Context) -> str:
    """The login of a caller.

    Raises:
        Problem: The caller did not log in.
    """
    kind, _, session = ctx.caller.credential.partition(":")
    ctx.require(kind == "user", "auth.no_login", "Only users who logged in with a password can do this.", Kind.CONFLICT)
    return session


def _granted(granted: Granted) -> Tokens:
    return Tokens(
        access_token=granted.access,
        expires_in=granted.access_seconds,
        refresh_token=granted.refresh,
        refresh_expires_in=granted.refresh_seconds,
        user_name=granted.user.name,
        right=ROLES[Right(granted.user.right)],
    )
