"""The login to a protected project.

Facts: docs/facts/openness.md#dialogs (UmacDelegate, UmacCredentials). Unverified: that a wrong login is an ordinary
refusal, and what a delegate that raises leads to. What the user may do in the project is not compared with the rights
of the user's roles.
"""

from __future__ import annotations

from fake_dotnet.objects import NetObject
from fake_dotnet.system import NetEnum, SecureString, require_type
from fake_openness.core import passwords
from fake_openness.core.errors import EngineeringDelegateInvocationException, EngineeringTargetInvocationException
from fake_openness.core.events import Delegate
from fake_openness.security.umac import Umac


class UmacUserType(NetEnum):
    """Where a user is defined: in the project, or on a central server."""

    Project = 0
    Global = 1


class UmacCredentials(NetObject):
    """A name and a password."""

    def __init__(self) -> None:
        """Start empty."""
        self._name, self._type, self._password = "", UmacUserType.Project, ""

    @property
    def Name(self) -> str:
        """The user's name."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        self._name = require_type(value, str, "value")

    @property
    def Type(self) -> UmacUserType:
        """Where the user is defined."""
        return self._type

    @Type.setter
    def Type(self, value: UmacUserType) -> None:
        self._type = require_type(value, UmacUserType, "value")

    def SetPassword(self, password: SecureString) -> None:
        """Give the password."""
        self._password = passwords.read(password)


class UmacDelegate(Delegate):
    """Fills in credentials."""


def require_login(umac: Umac, delegate: UmacDelegate | None) -> None:
    """Refuse anyone but an active user of a protected project; other projects need no login.

    Raises:
        EngineeringTargetInvocationException: No credentials are given, or no active user has that name and password.
        EngineeringDelegateInvocationException: The delegate raised.
    """
    if not umac.protected:
        return
    if delegate is None:
        msg = f"The project '{umac.project.Name}' is protected: name a user and the password."
        raise EngineeringTargetInvocationException(msg, code="project.login_missing")
    credentials = UmacCredentials()
    try:
        require_type(delegate, UmacDelegate, "umacDelegate").Invoke(credentials)
    except TypeError:
        raise
    except Exception as error:
        msg = "The delegate that names the user failed."
        raise EngineeringDelegateInvocationException(msg, str(error)) from error
    if not _is_known(umac, credentials):
        msg = f"No active user of the project '{umac.project.Name}' has this name and password."
        raise EngineeringTargetInvocationException(msg, code="project.login_wrong")


def _is_known(umac: Umac, credentials: UmacCredentials) -> bool:
    user = umac.users._by_name.get(credentials._name.casefold())
    is_right = user is not None and user._active and passwords.opens(user._sealed, credentials._password)
    return is_right and credentials._type is UmacUserType.Project
