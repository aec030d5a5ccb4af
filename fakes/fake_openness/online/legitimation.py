"""The legitimation on a protected CPU: from V19 on an event of the connection asks for user and password first.

If no handler answers, the question for a password of older versions follows. Facts:
docs/facts/openness-online.md#legitimation. The simulated CPU has no users: it takes the passwords of its access levels.
"""

from __future__ import annotations

from typing import ClassVar

from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import NetEnum
from fake_openness.core.passwords import Credentials
from fake_openness.core.since import since
from fake_openness.online.connection import ConnectionConfiguration
from fake_plcsim.controller import Controller

SINCE = "19"


class OnlineConfiguration(NetObject):
    """A question that comes up while a connection is made."""

    _SINCE: ClassVar[str] = "16"


@since(SINCE)
class UserType(NetEnum):
    """Who goes online."""

    None_ = 0
    AnonymousUser = 1
    GlobalUser = 2
    ProjectUser = 3
    SingleSignOnUser = 4
    PasswordOnly = 5


class AuthenticationType(NetObject):
    """A kind of legitimation that a CPU offers."""

    _SINCE: ClassVar[str] = SINCE

    def __init__(self, user_type: UserType) -> None:
        """Name the users."""
        self._user_type = user_type

    @property
    def CurrentUserType(self) -> UserType:
        """Its users."""
        return self._user_type


class OnlineCredentials(Credentials[UserType]):
    """A user of a CPU, or the password of an access level."""

    _SINCE: ClassVar[str] = SINCE


class OnlineAuthenticationConfiguration(OnlineConfiguration):
    """The question who goes online."""

    _SINCE: ClassVar[str] = SINCE

    def __init__(self, offered: tuple[UserType, ...], *, secure: bool) -> None:
        """Ask for one of the offered kinds of users."""
        self._offered, self._secure = offered, secure
        self._credentials = OnlineCredentials(UserType.None_)

    @property
    def IsSecureCommunication(self) -> bool:
        """Whether the connection uses TLS."""
        return self._secure

    @property
    def OnlineCredentials(self) -> OnlineCredentials:
        """The answer."""
        return self._credentials

    def GetSupportedAuthenticationTypes(self) -> NetList[AuthenticationType]:
        """List the kinds of legitimation that the CPU offers."""
        return NetList([AuthenticationType(each) for each in self._offered])


def ask_password(configuration: ConnectionConfiguration, controller: Controller) -> str | None:
    """Ask the handlers of the event for the password of an access level; None before V19 or without an answer."""
    if not configuration._context.version.has(SINCE):
        return None
    secure = controller.communication.name == "TCPIP" and not configuration._legacy
    question = OnlineAuthenticationConfiguration((UserType.PasswordOnly,), secure=secure)
    configuration._legitimation._raise(question)
    given = question.OnlineCredentials
    return given._password if given.Type is UserType.PasswordOnly else None
