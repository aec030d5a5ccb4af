"""Users and roles of a protected project (UMAC). Passwords go in and never come out.

A project that is not protected has neither; protecting it cannot be undone.
Facts: docs/facts/openness-online.md#users-and-rights.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec

from openness_bridge.enumerations import one_of
from openness_bridge.errors import Kind, Place, Problem, refused_as
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.values import secure, service

UserKind = Annotated[str, one_of("UserKind", "ProjectUser", "UmcUser", "UmcUserGroup")]
RoleKind = Annotated[str, one_of("RoleKind", "SystemRole", "CustomRole")]


class UserInfo(msgspec.Struct, rename="camel", frozen=True):
    """A user or group of users.

    Attributes:
        kind: ProjectUser, UmcUser or UmcUserGroup.
    """

    name: str
    kind: UserKind
    is_active: bool
    roles: list[str]


class RoleInfo(msgspec.Struct, rename="camel", frozen=True):
    """A role.

    Attributes:
        kind: SystemRole or CustomRole.
    """

    name: str
    kind: RoleKind
    comment: str


class ProtectedProject(msgspec.Struct, rename="camel", frozen=True):
    """A project that has been protected, and its first administrator."""

    project: str
    administrator: UserInfo


def users(session: Session) -> list[UserInfo]:
    """Return the users of the project, then users and groups of a central server; none while it is not protected."""
    umac = _configurator(session)
    kinds = ((umac.ProjectUsers, "ProjectUser"), (umac.UmcUsers, "UmcUser"), (umac.UmcUserGroups, "UmcUserGroup"))
    return [_user(each, kind) for found, kind in kinds for each in found]


def roles(session: Session) -> list[RoleInfo]:
    """Return the roles of the project; none while it is not protected."""
    return [RoleInfo(str(role.Name), kind, str(getattr(role, "Comment", None) or "")) for role, kind in _roles(session)]


def create_user(session: Session, name: str, password: str, wanted: list[str]) -> UserInfo:
    """Make a user of the project with roles: all of it, or nothing.

    Raises:
        Problem: The project is not protected, the name is used, a role is unknown, or the password breaks the rules.
    """
    umac = _configurator(session)
    if not int(umac.EngineeringFunctionRights.Count):
        msg = (
            "The project is not protected, so it has no users: protect it first, permanently, with "
            "POST /api/security/actions/protect-project."
        )
        raise Problem("umac.project_not_protected", msg, kind=Kind.CONFLICT)
    if umac.ProjectUsers.Find(name) is not None:
        raise Problem(
            "umac.user_exists", f"A user '{name}' exists already.", kind=Kind.CONFLICT, place=Place(object=name)
        )
    given = [_role(session, role) for role in wanted]
    with refused_as("umac.user_refused", object=name), transaction(session, f"Create user {name}"):
        user = umac.ProjectUsers.Create(name, secure(session.model, password))
        for role in given:
            user.Roles.Add(role)
    return _user(user, "ProjectUser")


def protect_project(session: Session, name: str, password: str) -> ProtectedProject:
    """Protect the project; the user named becomes its administrator. It cannot be undone.

    Raises:
        Problem: It is protected already, or the password breaks the rules.
    """
    umac = _configurator(session)
    if int(umac.EngineeringFunctionRights.Count):
        raise Problem("umac.project_protected", "The project is protected already.", kind=Kind.CONFLICT)
    with refused_as("umac.protect_refused", object=name):
        session.project.ProtectProject(name, secure(session.model, password))
    administrator = _user(_configurator(session).ProjectUsers.Find(name), "ProjectUser")
    return ProtectedProject(str(session.project.Name), administrator)


def _configurator(session: Session) -> Any:
    project = session.project
    found = service(project, session.model.UmacConfigurator) if session.model.has("UmacConfigurator") else None
    if found is None:
        msg = f"TIA Portal V{session.model.version} has no users and roles in Openness: use V17 or later."
        raise Problem("umac.not_offered", msg, kind=Kind.UNSUPPORTED)
    return found


def _user(user: Any, kind: str) -> UserInfo:
    return UserInfo(str(user.Name), kind, bool(user.IsActive), [str(role.Name) for role in user.Roles])


def _roles(session: Session) -> Iterator[tuple[Any, str]]:
    umac = _configurator(session)
    yield from ((role, "SystemRole") for role in umac.SystemRoles)
    yield from ((role, "CustomRole") for role in umac.CustomRoles)


def _role(session: Session, name: str) -> Any:
    known = {str(role.Name): role for role, _ in _roles(session)}
    found = next((role for each, role in known.items() if each.casefold() == name.casefold()), None)
    if found is None:
        msg = f"There is no role '{name}': the project has {', '.join(known)}."
        raise Problem("umac.role_not_found", msg, kind=Kind.MISSING, place=Place(object=name))
    return found
