"""Security & UMAC: protection of CPUs, users and roles of the project. No answer contains a password.

A password in a request is kept nowhere: not in the audit log, not in a job; requests with one are waited for.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from engineering_api.operations.combinations import at_least_one, combine
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named, secret
from engineering_api.operations.terms import Lock, Right, Undo
from openness_bridge.enumerations import AccessControl
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.hardware import protection
from openness_bridge.hardware.protection import (
    MASTER_SECRET_ACTIONS,
    MasterSecretAction,
    ProtectionInfo,
    SecuritySummary,
    SettableLevel,
)
from openness_bridge.project import umac
from openness_bridge.project.umac import ProtectedProject, RoleInfo, UserInfo

section = Section("Security & UMAC")
LEVEL = "FullAccessIncludingFailsafe, FullAccess, ReadAccess, HMIAccess or NoAccess"
PATH = "/api/devices/{deviceName}/security"


class OnDevice(Request, kw_only=True):
    """Which PLC."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]


class SetPassword(OnDevice, kw_only=True):
    """A password for an access level."""

    access_level: Annotated[
        SettableLevel, named(f"The level that it opens, less strict than the chosen one: {LEVEL}.", "level")
    ]
    password: Annotated[str, secret("The password.")]


class OnLevel(OnDevice, kw_only=True):
    """Which access level."""

    access_level: Annotated[SettableLevel, named(f"The level: {LEVEL}.", "level")]


class DisplayPassword(OnDevice, kw_only=True):
    """A password for the display."""

    password: Annotated[str, secret("The password.", "displayPassword")]


class SetMasterSecret(OnDevice, kw_only=True):
    """What happens to the password of the confidential configuration data."""

    action: Annotated[
        MasterSecretAction, named("protect, change, unprotect, or reset (removes it; protected data is lost).")
    ] = "protect"
    password: Annotated[str, secret("The password; to change it, the old one.", "masterSecret", "oldPassword")] = ""
    new_password: Annotated[str, secret("The new password, to change it.")] = ""


@combine(at_least_one("protection_level", "access_control", "passwords", "attributes"))
class Configure(OnDevice, kw_only=True):
    """What is set; what is left out stays."""

    protection_level: Annotated[
        SettableLevel | None, named(f"What is allowed without a password: {LEVEL}.", "accessLevel", "level")
    ] = None
    access_control: Annotated[
        AccessControl | None,
        named(
            "Who decides about access, with firmware that has the choice: Disabled, EnabledWithAccessControl (users "
            "and roles) or EnabledWithAccessControlViaAccessLevel.",
            "accessControlMode",
        ),
    ] = None
    passwords: Annotated[dict[str, str], secret("Access level to its password, for levels less strict.")] = (
        msgspec.field(default_factory=dict)
    )
    attributes: Annotated[
        dict[str, bool | int | float | str], named("Further attributes of the CPU by their names in Openness.")
    ] = msgspec.field(default_factory=dict)


class CreateUser(Request, kw_only=True):
    """A new user of the project."""

    user_name: Annotated[str, named("The user's name.", "name")]
    password: Annotated[str, secret("The first password: 8 characters or more, of all kinds.")]
    roles: Annotated[list[str], named("Names of the user's roles.", "role", "roleNames")] = msgspec.field(
        default_factory=list
    )


class ProtectProject(Request, kw_only=True):
    """Who administers the protected project."""

    user_name: Annotated[str, named("Name of the administrator.", "name", "admin")]
    password: Annotated[str, secret("The administrator's password.")]
    confirm: Annotated[bool, named("Set true to confirm, because this cannot be undone.")] = False


class MasterSecretState(Model):
    """The protection of the confidential configuration data.

    Attributes:
        master_secret: None (not protected), WithPassword, or WithoutPassword (the password is missing).
    """

    device: str
    master_secret: str


class Done(Model):
    """The device whose protection was changed."""

    device: str


ON_DEVICE = {"deviceName": "PLC_1"}
PASSWORD = {"password": "Change-Me-1"}


@section.operation(wait=f"GET {PATH}/summary", right=Right.VIEW, changes=False, example=ON_DEVICE)
def summary(ctx: Context, request: OnDevice) -> SecuritySummary:
    """Get which protection a PLC has: access level, access control, configuration data, display, blocks, project."""
    return protection.summary(ctx.session, request.device_name)


@section.operation(wait=f"GET {PATH}/protection-level", right=Right.VIEW, changes=False, example=ON_DEVICE)
def protection_level(ctx: Context, request: OnDevice) -> ProtectionInfo:
    """Get what a CPU allows without a password, and which levels can have one."""
    return protection.protection_level(ctx.session, request.device_name)


@section.operation(
    wait=f"POST {PATH}/password",
    right=Right.ADMINISTER,
    lock=Lock.PROJECT,
    done="Password set",
    destroys=True,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"accessLevel": "FullAccess"} | PASSWORD,
)
def set_password(ctx: Context, request: SetPassword) -> ProtectionInfo:
    """Set or change the password of an access level that is less strict than the chosen one."""
    return protection.set_password(ctx.session, request.device_name, request.access_level, request.password)


@section.operation(
    wait="POST /api/security/users",
    right=Right.ADMINISTER,
    lock=Lock.PROJECT,
    done="User created",
    destroys=False,
    undo=Undo.NEVER,
    example={"userName": "Maria", "roles": ["Engineering Standard"]} | PASSWORD,
)
def create_user(ctx: Context, request: CreateUser) -> UserInfo:
    """Create a user of the project, which must be protected, and give roles to the user."""
    return umac.create_user(ctx.session, request.user_name, request.password, request.roles)


@section.operation(wait="GET /api/security/users", right=Right.VIEW, changes=False)
def users(ctx: Context, _: Nothing) -> list[UserInfo]:
    """List the users of the project with their roles; a project that is not protected has none."""
    return umac.users(ctx.session)


@section.operation(wait="GET /api/security/roles", right=Right.VIEW, changes=False)
def roles(ctx: Context, _: Nothing) -> list[RoleInfo]:
    """List the roles of the project; one that is not protected has none."""
    return umac.roles(ctx.session)


@section.operation(
    wait=f"DELETE {PATH}/password/{{accessLevel}}",
    right=Right.ADMINISTER,
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    done="Password deleted",
    example=ON_DEVICE | {"accessLevel": "FullAccess"},
)
def delete_password(ctx: Context, request: OnLevel) -> ProtectionInfo:
    """Delete the password of an access level."""
    return protection.reset_password(ctx.session, request.device_name, request.access_level)


@section.operation(
    wait=f"POST {PATH}/display-password",
    right=Right.ADMINISTER,
    lock=Lock.PROJECT,
    done="Password set",
    destroys=True,
    undo=Undo.NEVER,
    example=ON_DEVICE | PASSWORD,
)
def set_display_password(ctx: Context, request: DisplayPassword) -> Done:
    """Set or change the password of a CPU's display."""
    protection.set_display_password(ctx.session, request.device_name, request.password)
    return Done(device=request.device_name)


@section.operation(
    wait=f"POST {PATH}/master-secret/actions",
    right=Right.ADMINISTER,
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    done="Configuration data protected",
    example=ON_DEVICE | {"action": "protect"} | PASSWORD,
)
def master_secret(ctx: Context, request: SetMasterSecret) -> MasterSecretState:
    """Protect the confidential configuration data of a PLC by a password; change, remove or reset it."""
    action = request.action.casefold()
    if action not in MASTER_SECRET_ACTIONS:
        msg = f"There is no action '{request.action}': use {', '.join(MASTER_SECRET_ACTIONS)}."
        raise Problem("security.master_secret_action", msg, kind=Kind.INVALID, place=Place(pointer="/action"))
    needed = {"protect": ("password",), "change": ("password", "new_password")}.get(action, ())
    missing = next((name for name in needed if not getattr(request, name)), None)
    if missing:
        pointer = "/newPassword" if missing == "new_password" else "/password"
        raise Problem(
            "request.missing_field",
            f"To {action} it, give {pointer[1:]}.",
            kind=Kind.INVALID,
            place=Place(pointer=pointer),
        )
    state = protection.master_secret(ctx.session, request.device_name, action, request.password, request.new_password)
    return MasterSecretState(device=request.device_name, master_secret=state)


@section.operation(
    wait=f"POST {PATH}/configure",
    right=Right.ADMINISTER,
    lock=Lock.PROJECT,
    done="Security configured",
    destroys=True,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"protectionLevel": "ReadAccess", "passwords": {"FullAccess": "Change-Me-1"}},
)
def configure(ctx: Context, request: Configure) -> SecuritySummary:
    """Set access level, access control, passwords and attributes of a CPU: all of them, or none."""
    return protection.configure(
        ctx.session,
        request.device_name,
        level=request.protection_level,
        control=request.access_control,
        passwords=request.passwords,
        attributes=request.attributes,
    )


@section.operation(
    also="POST /api/security/actions/protect-project",
    right=Right.ADMINISTER,
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    done="Project protected",
    example={"userName": "Maria", "confirm": True} | PASSWORD,
)
def protect_project(ctx: Context, request: ProtectProject) -> ProtectedProject:
    """Protect the project by users and roles, with a first administrator. It cannot be undone."""
    ctx.require(
        request.confirm, "security.confirm", "Protecting a project cannot be undone: set confirm.", Kind.CONFLICT
    )
    return umac.protect_project(ctx.session, request.user_name, request.password)
