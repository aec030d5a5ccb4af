"""The protection of a CPU: access levels with passwords, access control, display, confidential configuration data.

A CPU of the fake starts without protection, so that it compiles; a real TIA Portal from V17 on proposes no access, and
protected configuration data without a password, and does not compile before both are settled.
Facts: docs/facts/openness-online.md#protection-of-the-cpu; that passwords belong to levels less strict than the chosen
one, the meaning of the states of the master secret and both compile errors were seen by others on a real TIA Portal.
Unverified: numbers of PlcAccessControlConfiguration, that leaving a level drops the passwords that no longer apply, and
that unprotecting needs the password.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from fake_dotnet.system import NetEnum, NetFlags, SecureString, require_type
from fake_openness.core import passwords
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.since import since

if TYPE_CHECKING:
    from fake_openness.hardware.device_items import DeviceItem

PROTECTED_SYSTEMS = frozenset({"S7-1500", "S7-1200", "ET 200SP", "ET 200pro", "PC station"})
SECRET_FROM = {"S7-1200": (4, 5), "PC station": (21, 9)}
CONTROL_FROM = {"S7-1200": (4, 7), "PC station": (30, 1)}
"""Firmware from which a CPU has the service; all others from 2.9 and 3.1."""


class PlcProtectionAccessLevel(NetEnum):
    """What is allowed without a password."""

    None_ = 0
    FullAccess = 1
    ReadAccess = 2
    HMIAccess = 3
    NoAccess = 4
    FullAccessIncludingFailsafe = 5


@since("19")
class PlcAccessControlConfiguration(NetEnum):
    """Who decides about access to a CPU."""

    Disabled = 0
    EnabledWithAccessControl = 1
    EnabledWithAccessControlViaAccessLevel = 2


@since("17")
class MasterSecretConfiguration(NetFlags):
    """Whether confidential configuration data is protected, and with what."""

    None_ = 0
    WithPassword = 1
    WithoutPassword = 2


_AccessLevel = PlcProtectionAccessLevel
"""The same within the class whose property has that name."""
STRICTNESS = ("FullAccessIncludingFailsafe", "FullAccess", "ReadAccess", "HMIAccess", "NoAccess")


@dataclass(frozen=True, slots=True)
class Protection:
    """The protection of one CPU, as the project's files have it; passwords are sealed.

    Attributes:
        level: The access level; empty for the least strict one, with which nothing is protected.
        passwords: Access level to its password.
        control: The access control of CPUs that have it.
        secret: The password of the configuration data.
        secret_state: Name of a MasterSecretConfiguration.
    """

    level: str = ""
    passwords: Mapping[str, str] = field(default_factory=dict)
    control: str = "Disabled"
    display: str = ""
    secret: str = ""
    secret_state: str = "None_"  # noqa: S105 - a state

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Protection:
        """Read protection from the data of `to_dict`."""
        return cls(**document)

    def to_dict(self) -> dict[str, Any]:
        """Return the differences from no protection, for the project's files."""
        return {name: value for name, value in asdict(self).items() if value != getattr(_NOTHING, name)}


_NOTHING = Protection()


def services_of(cpu: DeviceItem) -> dict[type, Callable[[], Any]]:
    """Return the services of a CPU: none of S7-300 and S7-400; the rest by firmware, version and display."""
    article, version = cpu._article, cpu._context.version
    if article is None or article.kind != "cpu" or article.system not in PROTECTED_SYSTEMS:
        return {}
    found: dict[type, Callable[[], Any]] = {PlcAccessLevelProvider: lambda: PlcAccessLevelProvider(cpu)}
    if version.has("17") and _firmware(cpu) >= SECRET_FROM.get(article.system, (2, 9)):
        found[PlcMasterSecretConfigurator] = lambda: PlcMasterSecretConfigurator(cpu)
    if _has_access_control(cpu):
        found[PlcAccessControlConfigurationProvider] = lambda: PlcAccessControlConfigurationProvider(cpu)
    if version.has("16") and any("display" in part._part.name for part in cpu._device_items._items):
        found[DisplayProtection] = lambda: DisplayProtection(cpu)
    return found


def is_protected(cpu: DeviceItem) -> bool:
    """Return whether anything is forbidden without a password."""
    controlled = cpu._protection.control == PlcAccessControlConfiguration.EnabledWithAccessControl.name
    return controlled or _level(cpu) != _least_strict(cpu)


def gaps(cpu: DeviceItem) -> list[str]:
    """Return why the protection of a CPU cannot be compiled."""
    found, needed = [], _least_strict(cpu)
    if _level(cpu) != needed and needed not in cpu._protection.passwords:
        found.append(f"'{cpu._name}' restricts access but has no password for {needed}: set one.")
    if cpu._protection.secret_state == MasterSecretConfiguration.WithoutPassword.name:
        found.append(f"'{cpu._name}' protects its configuration data without a password: set one, or unprotect it.")
    return found


def _firmware(cpu: DeviceItem) -> tuple[int, ...]:
    assert cpu._article is not None  # noqa: S101 - asked of CPUs only
    if cpu._article.second_generation:  # counts from 1 again, and has everything
        return (99, 0)
    return tuple(int(number) for number in re.findall(r"\d+", cpu._article.version)[:2])


def _has_access_control(cpu: DeviceItem) -> bool:
    system = cpu._article.system if cpu._article is not None else ""
    return cpu._context.version.has("19") and _firmware(cpu) >= CONTROL_FROM.get(system, (3, 1))


def _levels(cpu: DeviceItem) -> tuple[str, ...]:
    """Return the levels that a CPU knows, the least strict first."""
    return STRICTNESS if cpu._article is not None and cpu._article.failsafe else STRICTNESS[1:]


def _least_strict(cpu: DeviceItem) -> str:
    return _levels(cpu)[0]


def _level(cpu: DeviceItem) -> str:
    """Return the level that applies; one that a change of type removed is the least strict again."""
    return cpu._protection.level if cpu._protection.level in _levels(cpu) else _least_strict(cpu)


class _Protecting(EngineeringObject):
    """A service that protects a part of a CPU."""

    def __init__(self, cpu: DeviceItem) -> None:
        """Serve a CPU."""
        super().__init__(cpu)
        self._cpu = cpu

    def _change(self, **values: Any) -> None:
        self._cpu._device._require_offline("Changing the protection of a CPU")
        self._cpu._assign("_protection", replace(self._cpu._protection, **values))
        self._cpu._device._touch()

    def _seal(self, password: SecureString, argument: str = "password") -> str:
        return passwords.seal(passwords.require_for_plc(passwords.read(password, argument), self._context.version))

    def _refusal(self, text: str, code: str) -> EngineeringTargetInvocationException:
        return EngineeringTargetInvocationException(text, code=code, place={"device": self._cpu._device._name})


class PlcAccessLevelProvider(_Protecting):
    """The access level of a CPU and the passwords of the levels that are less strict."""

    @property
    def PlcProtectionAccessLevel(self) -> PlcProtectionAccessLevel:
        """What is allowed without a password."""
        return PlcProtectionAccessLevel[_level(self._cpu)]

    @PlcProtectionAccessLevel.setter
    def PlcProtectionAccessLevel(self, value: PlcProtectionAccessLevel) -> None:
        level = require_type(value, PlcProtectionAccessLevel, "value").name
        self._require_levels()
        if level not in _levels(self._cpu):
            msg = f"'{self._cpu._name}' has no access level {level}: it has {', '.join(_levels(self._cpu))}."
            raise self._refusal(msg, "protection.level")
        kept = {name: sealed for name, sealed in self._cpu._protection.passwords.items() if name in self._below(level)}
        self._change(level=level, passwords=kept)

    def SetPassword(self, accessLevelType: _AccessLevel, password: SecureString) -> None:
        """Give a level a password, or another one.

        Raises:
            EngineeringTargetInvocationException: The level is not less strict than the chosen one.
            EngineeringPasswordPolicyViolationException: The password cannot be used (from V19).
        """
        name = self._require_below(accessLevelType)
        self._change(passwords={**self._cpu._protection.passwords, name: self._seal(password)})

    def ResetPassword(self, accessLevelType: _AccessLevel) -> None:
        """Remove the password of a level.

        Raises:
            EngineeringTargetInvocationException: The level is not less strict than the chosen one.
        """
        name = self._require_below(accessLevelType)
        kept = {each: sealed for each, sealed in self._cpu._protection.passwords.items() if each != name}
        self._change(passwords=kept)

    def _below(self, level: str) -> tuple[str, ...]:
        levels = _levels(self._cpu)
        return levels[: levels.index(level)]

    def _require_below(self, level: _AccessLevel) -> str:
        name = require_type(level, PlcProtectionAccessLevel, "level").name
        self._require_levels()
        if name not in self._below(_level(self._cpu)):
            allowed = ", ".join(self._below(_level(self._cpu))) or "none"
            msg = f"With {_level(self._cpu)} the level {name} has no password. Levels that can have one: {allowed}."
            raise self._refusal(msg, "protection.level_without_password")
        return name

    def _require_levels(self) -> None:
        via = PlcAccessControlConfiguration.EnabledWithAccessControlViaAccessLevel.name
        if _has_access_control(self._cpu) and self._cpu._protection.control != via:
            msg = f"'{self._cpu._name}' has access levels only with {via}: choose it first."
            raise self._refusal(msg, "protection.control")


class PlcAccessControlConfigurationProvider(_Protecting):
    """How access to a CPU is controlled: not at all, by users and roles, or by access levels (from V19, firmware 3.1)."""

    _SINCE: ClassVar[str] = "19"

    @property
    def PlcAccessControlConfiguration(self) -> PlcAccessControlConfiguration:
        """Who decides."""
        return PlcAccessControlConfiguration[self._cpu._protection.control]

    @PlcAccessControlConfiguration.setter
    def PlcAccessControlConfiguration(self, value: PlcAccessControlConfiguration) -> None:
        chosen = require_type(value, PlcAccessControlConfiguration, "value")
        via_levels = chosen is PlcAccessControlConfiguration.EnabledWithAccessControlViaAccessLevel
        self._change(control=chosen.name, **({} if via_levels else {"level": "", "passwords": {}}))


class DisplayProtection(_Protecting):
    """The password of the display of a CPU."""

    _SINCE = "16"

    def SetPassword(self, password: SecureString) -> None:
        """Protect the display by a password, or another one.

        Raises:
            EngineeringPasswordPolicyViolationException: The password cannot be used (from V19).
        """
        self._change(display=self._seal(password))


class PlcMasterSecretConfigurator(_Protecting):
    """The password that protects the confidential configuration data of a CPU (from V17)."""

    _SINCE: ClassVar[str] = "17"

    @property
    def MasterSecretConfiguration(self) -> MasterSecretConfiguration:
        """None: not protected. WithoutPassword: protected, and the password is missing."""
        return MasterSecretConfiguration[self._cpu._protection.secret_state]

    def Protect(self, password: SecureString) -> None:
        """Protect the data by a password.

        Raises:
            EngineeringTargetInvocationException: It has one already.
            EngineeringPasswordPolicyViolationException: The password cannot be used (from V19).
        """
        if self._cpu._protection.secret:
            msg = f"The configuration data of '{self._cpu._name}' has a password already: change it."
            raise self._refusal(msg, "protection.secret_set")
        self._change(secret=self._seal(password), secret_state=MasterSecretConfiguration.WithPassword.name)

    def ChangePassword(self, oldPassword: SecureString, newPassword: SecureString) -> None:
        """Give the data another password.

        Raises:
            EngineeringTargetInvocationException: There is none yet, or the old one is wrong.
            EngineeringPasswordPolicyViolationException: The new one cannot be used (from V19).
        """
        if not self._cpu._protection.secret:
            msg = f"The configuration data of '{self._cpu._name}' has no password: protect it."
            raise self._refusal(msg, "protection.secret_missing")
        self._require_secret(passwords.read(oldPassword, "oldPassword"))
        self._change(secret=self._seal(newPassword, "newPassword"))

    def Unprotect(self, password: SecureString | None = None) -> None:
        """Remove the protection of the data; where it has a password, that is needed.

        Raises:
            EngineeringTargetInvocationException: The password is missing or wrong.
        """
        if self._cpu._protection.secret:
            self._require_secret("" if password is None else passwords.read(password))
        self._change(secret="", secret_state=MasterSecretConfiguration.None_.name)

    def Reset(self) -> None:
        """Reset an unknown password; protected data is lost, and another password has to be set."""
        self._change(secret="", secret_state=MasterSecretConfiguration.WithoutPassword.name)

    def _require_secret(self, text: str) -> None:
        if not passwords.opens(self._cpu._protection.secret, text):
            msg = f"The password of the configuration data of '{self._cpu._name}' is wrong."
            raise self._refusal(msg, "protection.secret_wrong")
