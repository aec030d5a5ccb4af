"""What clients request first: the API key for programs on this computer, a login, and what the licence allows.

This is free software, so every feature is allowed. Facts: docs/facts/t-ia-connect.md#headers,
docs/facts/t-ia-connect.md#health-and-licence.
"""

from __future__ import annotations

from typing import Annotated, Literal

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named, secret, shown_secret
from engineering_api.operations.terms import Lock, Place, Reach, Right, Site, Undo
from engineering_api.peers import require_same_user
from engineering_api.security import key_of
from engineering_api.security.identities import Identities
from engineering_api.security.roles import ROLES, Role
from engineering_api.security.users import TokenPair
from openness_bridge.errors import Kind, Problem

section = Section("Health & Status", Site.GATEWAY, reach=Reach.NOTHING, lock=Lock.NONE)


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
    """The login to continue."""

    refresh_token: Annotated[str, secret("The refresh token of the last answer; it is valid once.")]


class NewPassword(Request):
    """Another password."""

    password: Annotated[str, secret("The present password.")]
    new_password: Annotated[str, secret("The new password, of at least 12 characters.")]


class Tokens(Model):
    """What to send from now on.

    Attributes:
        access_token: For the header Authorization, after the word Bearer.
        expires_in: Seconds for which it is valid.
        refresh_token: For POST /api/auth/refresh, once.
        refresh_expires_in: Seconds after which a new login is needed.
    """

    access_token: Annotated[str, shown_secret("For the header Authorization, after the word Bearer.")]
    refresh_token: Annotated[str, shown_secret("For POST /api/auth/refresh, once.")]
    expires_in: int
    refresh_expires_in: int
    user_name: str
    right: Role
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - no secret


class Me(Model):
    """The caller.

    Attributes:
        name: As the audit log has it.
        kind: How the caller was identified: key, user or token.
        projects: Globs of the projects that the caller is limited to; none for all.
        tags: Patterns of the tags of the runtime that the caller is limited to; none for all.
    """

    name: str
    kind: str
    right: Role
    projects: list[str]
    tags: list[str]
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
    place=Place.WORKER,
    changes=False,
    no_tool="it returns the API key of the service",
)
def local_key(ctx: Context, _: Nothing) -> LocalKey:
    """Get the API key if TIA_LOCAL_KEY is on. Only a process of the server's user on this computer gets it, and not through a relay."""
    if not ctx.service.settings.local_key:
        msg = "This server does not return its key. Read it from the file api.key of the data folder, or set TIA_LOCAL_KEY=1."
        raise Problem("auth.not_local", msg, kind=Kind.FORBIDDEN)
    if ctx.caller.local is None:
        msg = "Only programs on this computer get the key: call http://127.0.0.1 or http://localhost, without a proxy."
        raise Problem("auth.not_local", msg, kind=Kind.FORBIDDEN)
    require_same_user(*ctx.caller.local)
    return LocalKey(api_key=key_of(ctx.service.settings))


@section.operation(also="GET /api/license/features", right=Right.VIEW, place=Place.LOOP, changes=False)
def features(_ctx: Context, _: Nothing) -> Licence:
    """Get which features are allowed: all of them, without a time limit. This version may not serve every feature."""
    return Licence(edition="enterprise", is_valid=True, features=FEATURES)


@section.operation(also="GET /api/auth/me", right=Right.VIEW, place=Place.LOOP, changes=False)
def me(ctx: Context, _: Nothing) -> Me:
    """Get the name, kind, right and limits of the caller."""
    caller = ctx.caller
    return Me(
        name=caller.name,
        kind=caller.kind,
        right=ROLES[caller.right],
        projects=list(caller.projects),
        tags=list(caller.tags),
        address=caller.address,
        client=caller.client,
    )


@section.operation(
    also="POST /api/auth/login",
    right=Right.PUBLIC,
    done="Logged in",
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"userName": "eva", "password": "correct horse battery staple"},
)
async def login(ctx: Context, request: Login) -> Tokens:
    """Log in with a name and a password. The answer has a token for requests and one to get the next."""
    return _to_tokens(
        await ctx.service.part(Identities).users.login(request.user_name, request.password, ctx.caller.address)
    )


@section.operation(
    also="POST /api/auth/refresh",
    right=Right.PUBLIC,
    done="Refreshed",
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"refreshToken": "6c1f0e5d2b7a4938a1b2c3d4_kq"},
)
async def refresh(ctx: Context, request: Refresh) -> Tokens:
    """Continue a login. Each refresh token is valid once; if it is sent a second time, the login ends."""
    return _to_tokens(await ctx.service.part(Identities).users.refresh(request.refresh_token))


@section.operation(
    also="POST /api/auth/logout",
    right=Right.VIEW,
    done="Logged out",
    destroys=False,
    undo=Undo.NEVER,
    no_tool="it ends the login that the tools use",
)
async def logout(ctx: Context, _: Nothing) -> Me:
    """End the login of the token that is sent. The service refuses the token from now on."""
    await ctx.service.part(Identities).users.end([_session(ctx)])
    return me(ctx, Nothing())


@section.operation(
    also="POST /api/auth/password",
    right=Right.VIEW,
    done="Password changed: log in again",
    destroys=True,
    undo=Undo.NEVER,
    example={"password": "correct horse battery staple", "newPassword": "four other words together"},
)
async def change_password(ctx: Context, request: NewPassword) -> Me:
    """Change the caller's password. All logins of the user end, including this one."""
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


def _to_tokens(granted: TokenPair) -> Tokens:
    return Tokens(
        access_token=granted.access,
        expires_in=granted.access_seconds,
        refresh_token=granted.refresh,
        refresh_expires_in=granted.refresh_seconds,
        user_name=granted.user.name,
        right=ROLES[Right(granted.user.right)],
    )
