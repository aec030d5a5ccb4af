"""Users who log in with a password: administrators make, change and remove them."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.access.api_keys_operations import PROJECTS, TAGS, moment
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named, secret
from engineering_api.operations.terms import Lock, Place, Reach, Right, Site, Undo
from engineering_api.security.identities import Identities
from engineering_api.security.roles import RIGHTS, ROLES, Role
from engineering_api.storage.clock import now as written
from engineering_api.storage.identities import UserRow

section = Section(
    "Access",
    Site.GATEWAY,
    reach=Reach.ALL,
    no_tool="a model must not change who may call",
    lock=Lock.NONE,
    right=Right.ADMINISTER,
)


class User(Model):
    """A user.

    Attributes:
        projects: Globs of the projects that the user is limited to; none for all.
        tags: Patterns of the tags of the runtime that the user is limited to; none for all.
        enabled: Whether the user may log in.
    """

    name: str
    right: Role
    projects: list[str]
    tags: list[str]
    enabled: bool
    created_at: str
    created_by: str
    last_login_at: str | None


class UserAddress(Request):
    """Which user."""

    user_name: Annotated[str, named("The user's name, without regard to case.", "name")]


class MakeUser(Request):
    """A new user."""

    user_name: Annotated[
        str, named("The name.", "name", min_length=1, max_length=100, pattern=r"^[\w.@+-]+( [\w.@+-]+)*$")
    ]
    password: Annotated[str, secret("The password, of at least 12 characters.")]
    right: Annotated[Role, named("What the user may do; each right includes those before it.", "role")] = "viewer"
    projects: Annotated[list[str], PROJECTS] = []
    tags: Annotated[list[str], TAGS] = []


class ChangeUser(UserAddress):
    """Changes of a user; fields that are left out keep their values."""

    right: Annotated[Role | None, named("The user's right from the next request on.", "role")] = None
    projects: Annotated[list[str] | None, PROJECTS] = None
    tags: Annotated[list[str] | None, TAGS] = None
    enabled: Annotated[bool | None, named("Whether the user may log in; false ends all logins.")] = None
    password: Annotated[str, secret("A new password; all logins end.")] = ""


@section.operation(also="GET /api/users", place=Place.LOOP, changes=False)
def list_(ctx: Context, _: Nothing) -> list[User]:
    """List the users."""
    return [_to_user(row) for row in ctx.service.part(Identities).users.all()]


@section.operation(
    also="GET /api/users/{userName}",
    place=Place.LOOP,
    changes=False,
    example={"userName": "eva"},
)
def get(ctx: Context, request: UserAddress) -> User:
    """Get a user."""
    return _to_user(ctx.service.part(Identities).users.get(request.user_name))


@section.operation(
    destroys=False,
    undo=Undo.NEVER,
    also="POST /api/users",
    resource=list_,
    done="User made",
    example={"userName": "eva", "password": "correct horse battery staple", "right": "engineer"},
)
async def create(ctx: Context, request: MakeUser) -> User:
    """Create a user who logs in with a password."""
    users = ctx.service.part(Identities).users
    return _to_user(
        await users.make(
            request.user_name,
            request.password,
            RIGHTS[request.right],
            ctx.caller.name,
            request.projects,
            request.tags,
        )
    )


@section.operation(
    also="PATCH /api/users/{userName}",
    done="User changed",
    destroys=True,
    undo=Undo.NEVER,
    example={"userName": "eva", "right": "operator"},
)
async def update(ctx: Context, request: ChangeUser) -> User:
    """Change a user's right, projects, tags or password, or lock the user out. The change applies from the next request on."""
    right = RIGHTS[request.right] if request.right else None
    return _to_user(
        await ctx.service.part(Identities).users.change(
            request.user_name,
            right=right,
            projects=request.projects,
            tags=request.tags,
            enabled=request.enabled,
            password=request.password,
        )
    )


@section.operation(
    also="DELETE /api/users/{userName}",
    done="User removed",
    destroys=True,
    undo=Undo.NEVER,
    example={"userName": "eva"},
)
async def delete(ctx: Context, request: UserAddress) -> User:
    """Delete a user. All logins of the user end."""
    return _to_user(await ctx.service.part(Identities).users.remove(request.user_name))


@section.operation(
    also="POST /api/users/{userName}/actions/logout",
    destroys=True,
    undo=Undo.NEVER,
    done="All logins ended",
    example={"userName": "eva"},
)
async def logout(ctx: Context, request: UserAddress) -> User:
    """End all logins of a user. The user may log in again."""
    await ctx.service.part(Identities).users.end_all(request.user_name)
    return _to_user(ctx.service.part(Identities).users.get(request.user_name))


def _to_user(row: UserRow) -> User:
    return User(
        name=row.name,
        right=ROLES[Right(row.right)],
        projects=row.projects,
        tags=row.tags,
        enabled=row.enabled,
        created_at=written(row.created_at),
        created_by=row.created_by,
        last_login_at=moment(row.last_login_at),
    )
