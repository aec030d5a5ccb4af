"""The legitimation on a protected CPU: from V19 on an event of the connection asks for user and password first.

If no handler answers, the question for a password of older versions follows. Facts:
docs/facts/openness-online.md#legitimation. The simulated CPU has no users: it takes the passwords of its access levels.
"""

from __future__ import annotations

from typing import ClassVar

from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import NetEnum, SecureString, require_type
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


class OnlineCredentials(NetObject):
    """User and password."""

    _SINCE: ClassVar[str] = SINCE

    def __init__(self) -> None:
        """Name nobody yet."""
        self._name, self._type = "", UserType.None_
        self._password: str | None = None

    @property
    def Name(self) -> str:
        """The user."""
        return self._name

    @Name.setter
    def Name(self, value: str) -> None:
        self._name = require_type(value, str, "value")

    @property
    def Type(self) -> UserType:
        """What kind of user it is."""
        return self._type

    @Type.setter
    def Type(self, value: UserType) -> None:
        self._type = require_type(value, UserType, "value")

    def SetPassword(self, password: SecureString) -> None:
        """Give the password."""
        self._password = require_type(password, SecureString, "password")._text


class OnlineAuthenticationConfiguration(OnlineConfiguration):
    """The question who goes online."""

    _SINCE: ClassVar[str] = SINCE

    def __init__(self, offered: tuple[UserType, ...], *, secure: bool) -> None:
        """Ask for one of the offered kinds of users."""
        self._offered, self._secure = offered, secure
        self._credentials = OnlineCredentials()

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
