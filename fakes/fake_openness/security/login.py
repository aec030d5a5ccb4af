"""The login to a protected project.

Facts: docs/facts/openness.md#dialogs (UmacDelegate, UmacCredentials). Unverified: that a wrong login is an ordinary
refusal, and what a delegate that raises leads to. What the user may do in the project is not compared with the rights
of the user's roles.
"""

from __future__ import annotations

from fake_dotnet.system import NetEnum, require_type
from fake_openness.core import passwords
from fake_openness.core.errors import EngineeringDelegateInvocationException, EngineeringTargetInvocationException
from fake_openness.core.events import Delegate
from fake_openness.security.umac import Umac


class UmacUserType(NetEnum):
    """Where a user is defined: in the project, or on a central server."""

    Project = 0
    Global = 1


class UmacCredentials(passwords.Credentials[UmacUserType]):
    """A user of a project."""


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
    credentials = UmacCredentials(UmacUserType.Project)
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
    is_right = user is not None and user._active and passwords.opens(user._sealed, credentials._password or "")
    return is_right and credentials._type is UmacUserType.Project
