"""Users and roles of a protected project (UMAC).

An unprotected project has neither. Protection cannot be undone. Users of a central server (UMC) need one,
which the simulated computer does not have. Facts: docs/facts/openness-online.md#users-and-rights. Unverified: names of
the system roles and rights, who has which, that names are compared without regard to case, and that one active
administrator has to stay.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from fake_dotnet.system import SecureString, require_type
from fake_openness.core import passwords
from fake_openness.core.associations import Association
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.names import GROUP_LENGTH, already_exists, require_name
from fake_openness.core.objects import Composition, EngineeringObject, NamedComposition
from fake_openness.core.store import Store
from fake_openness.hardware.hardware import _ProjectRoot

FILE = "umac.json"
ADMINISTRATOR = "Engineering Administrator"
_READ, _WRITE, _USERS = "Open project read-only", "Open project read/write", "Manage users and roles"
_OPENNESS = "Modify project via Openness API"
SYSTEM_ROLES = {
    ADMINISTRATOR: (_READ, _WRITE, _USERS, _OPENNESS),
    "Engineering Standard": (_READ, _WRITE, _OPENNESS),
    "NET Administrator": (),
    "NET Standard": (),
    "NET Diagnose": (),
    "HMI Administrator": (),
    "HMI Operator": (),
    "HMI Monitor": (),
}
RIGHTS = (_READ, _WRITE, _USERS, _OPENNESS)


class EngineeringFunctionRight(EngineeringObject):
    """A right within TIA Portal."""

    _SINCE: ClassVar[str] = "17"

    def __init__(self, parent: EngineeringObject, name: str) -> None:
        """Hold its name."""
        super().__init__(parent)
        self._name = name

    @property
    def Name(self) -> str:
        """Its name."""
        return self._name


class EngineeringFunctionRightComposition(NamedComposition[EngineeringFunctionRight]):
    """The rights within TIA Portal; none while the project is not protected."""

    _SINCE: ClassVar[str] = "17"


class Role(EngineeringObject):
    """A role: the rights of its users."""

    _SINCE: ClassVar[str] = "17"

    def __init__(self, parent: EngineeringObject, name: str, comment: str = "") -> None:
        """Hold its name and comment."""
        super().__init__(parent)
        self._name, self._comment = name, comment

    @property
    def Name(self) -> str:
        """Its name."""
        return self._name


class SystemRole(Role):
    """A role that every protected project has."""


class CustomRole(Role):
    """A role that a user of the project made."""

    @property
    def Comment(self) -> str:
        """The comment."""
        return self._comment

    def Delete(self) -> None:
        """Delete the role; its users lose it."""
        umac = _umac(self)
        for user in umac.users._items:
            if self in user._roles:
                user._assign("_roles", tuple(role for role in user._roles if role is not self))
        umac.custom_roles._remove(self)
        self._die()


class SystemRoleComposition(NamedComposition[SystemRole]):
    """The roles that every protected project has."""

    _SINCE: ClassVar[str] = "17"


class CustomRoleComposition(NamedComposition[CustomRole]):
    """The roles that users of the project made."""

    _SINCE: ClassVar[str] = "17"

    def Create(self, name: str, comment: str) -> CustomRole:
        """Make a role.

        Raises:
            EngineeringTargetInvocationException: The project is not protected, or a role has the name.
        """
        umac = _umac(self)
        umac.require_protected()
        require_name(require_type(name, str, "name"), "role", GROUP_LENGTH)
        if umac.role(name) is not None:
            raise already_exists(name, "role")
        return self._add(CustomRole(self, name, require_type(comment, str, "comment")))


class RoleAssociation(Association[Role]):
    """The roles of a user."""

    _SINCE: ClassVar[str] = "17"

    def __init__(self, user: ProjectUser) -> None:
        """View the roles that a user has now."""
        super().__init__(user, list(user._roles))
        self._user = user

    def Add(self, item: Role) -> None:
        """Give the user a role; one that the user has stays."""
        role = require_type(item, Role, "item")
        if role not in self._user._roles:
            self._user._assign("_roles", (*self._user._roles, role))
            self._items.append(role)

    def Remove(self, item: Role) -> bool:
        """Take a role from the user; False when the user did not have it.

        Raises:
            EngineeringTargetInvocationException: It would leave the project without an administrator.
        """
        role = require_type(item, Role, "item")
        if role not in self._user._roles:
            return False
        self._user._require_another_administrator()
        self._user._assign("_roles", tuple(each for each in self._user._roles if each is not role))
        self._items.remove(role)
        return True


class ProjectUser(EngineeringObject):
    """A user of this project only."""

    _SINCE: ClassVar[str] = "17"

    def __init__(self, parent: EngineeringObject, name: str, sealed: str, *, active: bool = True) -> None:
        """Hold name and sealed password; the roles come later."""
        super().__init__(parent)
        self._name, self._sealed, self._active = name, sealed, active
        self._roles: tuple[Role, ...] = ()

    @property
    def Name(self) -> str:
        """The user's name."""
        return self._name

    @property
    def IsActive(self) -> bool:
        """Whether the user can log in."""
        return self._active

    @property
    def Roles(self) -> RoleAssociation:
        """The user's roles."""
        return RoleAssociation(self)

    def SetName(self, name: str) -> None:
        """Give the user another name.

        Raises:
            EngineeringTargetInvocationException: Another user has it.
        """
        umac = _umac(self)
        umac.require_free_user(name, but=self)
        umac.users._rename(self, name)

    def SetPassword(self, securePassword: SecureString) -> None:
        """Give the user another password.

        Raises:
            EngineeringPasswordPolicyViolationException: The password cannot be used (from V19).
        """
        self._assign("_sealed", _seal(self, securePassword))

    def Activate(self) -> None:
        """Let the user log in again."""
        self._assign("_active", True)

    def Deactivate(self) -> None:
        """Refuse further logins of the user.

        Raises:
            EngineeringTargetInvocationException: It would leave the project without an administrator.
        """
        self._require_another_administrator()
        self._assign("_active", False)

    def Delete(self) -> None:
        """Delete the user.

        Raises:
            EngineeringTargetInvocationException: It would leave the project without an administrator.
        """
        self._require_another_administrator()
        _umac(self).users._remove(self)
        self._die()

    def _administers(self) -> bool:
        return self._active and any(role._name == ADMINISTRATOR for role in self._roles)

    def _require_another_administrator(self) -> None:
        others = (user for user in _umac(self).users._items if user is not self)
        if self._administers() and not any(user._administers() for user in others):
            msg = f"'{self._name}' is the only active {ADMINISTRATOR}: give another user that role first."
            raise EngineeringTargetInvocationException(msg, code="umac.last_administrator")


class ProjectUserComposition(NamedComposition[ProjectUser]):
    """The users of this project only."""

    _SINCE: ClassVar[str] = "17"

    def Create(self, name: str, password: SecureString) -> ProjectUser:
        """Make a user without roles.

        Raises:
            EngineeringTargetInvocationException: The project is not protected, or a user has the name.
            EngineeringPasswordPolicyViolationException: The password cannot be used (from V19).
        """
        umac = _umac(self)
        umac.require_protected()
        umac.require_free_user(name)
        return self._add(ProjectUser(self, name, _seal(self, password)))


class UmcUserComposition(Composition[EngineeringObject]):
    """Users of a central server; there is none."""

    _SINCE: ClassVar[str] = "17"


class UmcUserGroupComposition(Composition[EngineeringObject]):
    """Groups of users of a central server; there is none."""

    _SINCE: ClassVar[str] = "17"


class UmacConfigurator(EngineeringObject):
    """The service of a project for its users and roles."""

    _SINCE: ClassVar[str] = "17"

    def __init__(self, umac: Umac) -> None:
        """Serve a project."""
        super().__init__(umac.project)
        self._umac = umac

    @property
    def ProjectUsers(self) -> ProjectUserComposition:
        """The users of this project only."""
        return self._umac.users

    @property
    def UmcUsers(self) -> UmcUserComposition:
        """Users of a central server."""
        return self._umac.umc_users

    @property
    def UmcUserGroups(self) -> UmcUserGroupComposition:
        """Groups of a central server."""
        return self._umac.umc_groups

    @property
    def SystemRoles(self) -> SystemRoleComposition:
        """The roles that every protected project has."""
        return self._umac.system_roles

    @property
    def CustomRoles(self) -> CustomRoleComposition:
        """The roles that users of the project made."""
        return self._umac.custom_roles

    @property
    def EngineeringFunctionRights(self) -> EngineeringFunctionRightComposition:
        """The rights within TIA Portal; a project that is not protected has none."""
        return self._umac.rights


class Umac:
    """Users and roles of one project; not itself a .NET object."""

    def __init__(self, project: _ProjectRoot) -> None:
        """Start as a project that is not protected."""
        self.project = project
        self.users, self.umc_users = ProjectUserComposition(project), UmcUserComposition(project)
        self.umc_groups = UmcUserGroupComposition(project)
        self.system_roles, self.custom_roles = SystemRoleComposition(project), CustomRoleComposition(project)
        self.rights = EngineeringFunctionRightComposition(project)

    def roots(self) -> list[EngineeringObject]:
        """Return the objects that die with the project."""
        return [self.users, self.umc_users, self.umc_groups, self.system_roles, self.custom_roles, self.rights]

    @property
    def protected(self) -> bool:
        """Whether the project is protected."""
        return self.rights.Count > 0

    def protect(self, name: str, password: SecureString) -> None:
        """Protect the project; the user named becomes its administrator.

        Raises:
            EngineeringTargetInvocationException: It is protected already.
            EngineeringPasswordPolicyViolationException: The password cannot be used (from V19).
        """
        if self.protected:
            msg = f"The project '{self.project.Name}' is protected already."
            raise EngineeringTargetInvocationException(msg, code="umac.protected")
        self.require_free_user(name)
        sealed = _seal(self.project, password)
        self._equip()
        administrator = self.users._add(ProjectUser(self.users, name, sealed))
        administrator.Roles.Add(self.system_roles._by_name[ADMINISTRATOR.casefold()])

    def require_protected(self) -> None:
        """Refuse what only a protected project has.

        Raises:
            EngineeringTargetInvocationException: It is not protected.
        """
        if not self.protected:
            msg = f"The project '{self.project.Name}' is not protected, so it has no users and roles: protect it first."
            raise EngineeringTargetInvocationException(msg, code="umac.not_protected")

    def require_free_user(self, name: str, but: ProjectUser | None = None) -> None:
        """Refuse a name that another user has, or that is none.

        Raises:
            EngineeringTargetInvocationException: It cannot be used.
        """
        require_name(require_type(name, str, "name"), "user", GROUP_LENGTH)
        found = self.users._by_name.get(name.casefold())
        if found is not None and found is not but:
            raise already_exists(name, "user")

    def role(self, name: str) -> Role | None:
        """Return a role by its name."""
        key = name.casefold()
        return self.system_roles._by_name.get(key) or self.custom_roles._by_name.get(key)

    def load(self, store: Store) -> None:
        """Read the project's file, which a project that is not protected does not have."""
        if not store.exists(FILE):
            return
        document = json.loads(store.get(FILE))
        self._equip()
        for data in document["roles"]:
            self.custom_roles._add(CustomRole(self.custom_roles, data["name"], data["comment"]))
        for data in document["users"]:
            user = self.users._add(ProjectUser(self.users, data["name"], data["password"], active=data["active"]))
            user._roles = tuple(role for role in map(self.role, data["roles"]) if role is not None)

    def save(self, store: Store) -> None:
        """Write the project's file; passwords are hashes."""
        if not self.protected:
            return
        users = [
            {"name": u._name, "password": u._sealed, "active": u._active, "roles": [role._name for role in u._roles]}
            for u in self.users._items
        ]
        roles = [{"name": role._name, "comment": role._comment} for role in self.custom_roles._items]
        store.put(FILE, (json.dumps({"roles": roles, "users": users}, indent=2, ensure_ascii=False) + "\n").encode())

    def _equip(self) -> None:
        for name in SYSTEM_ROLES:
            self.system_roles._add(SystemRole(self.system_roles, name))
        for name in RIGHTS:
            self.rights._add(EngineeringFunctionRight(self.rights, name))


def _umac(obj: EngineeringObject) -> Umac:
    """Return the users and roles of the project that an object belongs to."""
    found: Any = obj
    while not hasattr(found, "_users_and_roles"):
        found = found._parent
    umac: Umac = found._users_and_roles
    return umac


def _seal(obj: EngineeringObject, password: SecureString) -> str:
    return passwords.seal(passwords.require_for_user(passwords.read(password), obj._context.version))
