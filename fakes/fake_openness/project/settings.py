"""The settings of TIA Portal that clients can read and change: they belong to the user, not to a project.

Facts: docs/facts/openness.md#portal-and-process, after the Openness manual (general settings of the TIA Portal).
"""

from __future__ import annotations

from typing import Any, ClassVar

from fake_dotnet.system import CultureInfo
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject, NamedComposition

DEFAULTS: dict[str, dict[str, Any]] = {
    "General": {"SearchInProject": True, "UserInterfaceLanguage": CultureInfo("en-US")},
}
"""Folder, setting and its first value."""


class TiaPortalSetting(EngineeringObject):
    """One setting."""

    _VALUES_OF_ANY_TYPE: ClassVar[frozenset[str]] = frozenset({"Value"})

    def __init__(self, parent: EngineeringObject, values: dict[str, Any], name: str) -> None:
        """View a setting among the user's values."""
        super().__init__(parent)
        self._values, self._name = values, name

    @property
    def Name(self) -> str:
        """Its name."""
        return self._name

    @property
    def Value(self) -> Any:
        """Its value, whose type depends on the setting."""
        return self._values[self._name]

    @Value.setter
    def Value(self, value: Any) -> None:
        expected = type(self._values[self._name])
        if not isinstance(value, expected):
            msg = f"The setting '{self._name}' is a {expected.__name__}, not a {type(value).__name__}."
            raise EngineeringTargetInvocationException(msg, code="setting.type")
        self._values[self._name] = value


class TiaPortalSettingComposition(NamedComposition[TiaPortalSetting]):
    """The settings of a folder."""


class TiaPortalSettingsFolder(EngineeringObject):
    """A folder of settings, such as General."""

    def __init__(self, parent: EngineeringObject, name: str) -> None:
        """View the user's values of a folder."""
        super().__init__(parent)
        self._name = name
        values = self._context.machine.settings.setdefault(name, dict(DEFAULTS[name]))
        self._folders = TiaPortalSettingsFolderComposition(self, ())
        self._settings = TiaPortalSettingComposition(self)
        for each in DEFAULTS[name]:
            self._settings._add(TiaPortalSetting(self._settings, values, each))

    @property
    def Name(self) -> str:
        """Its name."""
        return self._name

    @property
    def Settings(self) -> TiaPortalSettingComposition:
        """The settings in it."""
        return self._settings

    @property
    def Folders(self) -> TiaPortalSettingsFolderComposition:
        """The folders in it."""
        return self._folders

    def _children(self) -> list[EngineeringObject]:
        return [self._settings, self._folders]


class TiaPortalSettingsFolderComposition(NamedComposition[TiaPortalSettingsFolder]):
    """Folders of settings."""

    def __init__(self, parent: EngineeringObject, names: tuple[str, ...] = tuple(DEFAULTS)) -> None:
        """Make the folders of these names."""
        super().__init__(parent)
        for name in names:
            self._add(TiaPortalSettingsFolder(self, name))
