"""The questions of a download, as types: a selection, a check mark or a password each.

Facts: docs/facts/openness-online.md#download and docs/facts/tia-operations.md#download (names, which version has which,
which block). Where no list of answers was found, the pair {NoAction, AcceptAll} replaces it: unverified.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from fake_dotnet.errors import ArgumentNullException
from fake_dotnet.objects import NetObject
from fake_dotnet.system import NetEnum, SecureString, require_type

_CONSENT = ("NoAction", "AcceptAll")
_SELECTIONS: dict[str, tuple[str, ...]] = {
    "ActiveTestCanBeAborted": _CONSENT,
    "ActiveTestCanPreventDownload": _CONSENT,
    "AlarmTextLibrariesDownload": ("ConsistentDownload", "NoAction"),
    "AllBlocksDownload": ("DownloadAllBlocks",),
    "ConsistentBlocksDownload": ("ConsistentDownload",),
    "DataBlockReinitialization": ("StopPlcAndReinitialize", "NoAction"),
    "DataBlockReinitializationOrKeepActualValues": ("NoAction", "StopPlcAndReinitialize", "KeepActualValues"),
    "DifferentTargetConfiguration": _CONSENT,
    "DownloadCertificate": _CONSENT,
    "ExpandDownload": ("NoAction", "Download"),
    "InitializeMemory": _CONSENT,
    "LoadIdentificationData": ("LoadNothing", "LoadData"),
    "OverwriteOnMemoryCard": ("NoAction", "Load"),
    "OverwriteSystemData": ("NoAction", "Overwrite"),
    "ProtectionLevelChanged": ("NoChange", "ContinueDownloading"),
    "ResetModule": ("NoAction", "DeleteAll"),
    "SafetyProgram": ("ConsistentDownload",),
    "SelectiveDeleteDownload": _CONSENT,
    "StartBackupModules": ("NoAction", "SwitchToPrimaryCpu", "StartModule"),
    "StartModules": ("NoAction", "StartModule"),
    "StopHSystem": ("NoAction", "StopHSystem"),
    "StopHSystemOrModule": ("NoAction", "StopHSystem", "StopModule"),
    "StopModules": ("NoAction", "StopAll"),
    "SwitchBackupToPrimary": ("NoAction", "SwitchToPrimaryCpu"),
    "TargetForSoftware": ("CPU", "PlcSimulationAdvanced"),
    "UserManagementDownload": _CONSENT,
    "WaitOnReboot": ("NoAction", "Wait"),
}
"""The questions with a choice, the answers in the order of their numbers.

Until another is given the answer is NoAction, or the first where there is none.
"""
_CHECKS = (
    "CheckBeforeDownload",
    "UpgradeTargetDevice",
    "DowngradeTargetDevice",
    "OverwriteHmiData",
    "FitHmiComponents",
    "TurnOffSequence",
    "OverwriteTargetLanguages",
    "DownloadWebApplication",
    "UpdateWebApplication",
    "DeleteWebApplication",
    "AcceptDownloadOfUnencryptedSensitiveData",
    "ReplaceDownloadedData",
)
_PASSWORDS = (
    "ModuleReadAccessPassword",
    "ModuleWriteAccessPassword",
    "BlockBindingPassword",
    "PlcMasterSecretPassword",
)
_SINCE = (
    dict.fromkeys(("DataBlockReinitialization", "DownloadCertificate", "PlcMasterSecretPassword"), "17")
    | dict.fromkeys(
        (
            "SafetyProgram",
            "SelectiveDeleteDownload",
            "TargetForSoftware",
            "OverwriteOnMemoryCard",
            "UserManagementDownload",
        ),
        "19",
    )
    | dict.fromkeys(
        (
            "DataBlockReinitializationOrKeepActualValues",
            "DownloadWebApplication",
            "UpdateWebApplication",
            "DeleteWebApplication",
            "AcceptDownloadOfUnencryptedSensitiveData",
            "ReplaceDownloadedData",
        ),
        "21",
    )
)
BLOCKING = frozenset(
    {
        "StopModules",
        "OverwriteSystemData",
        "DataBlockReinitialization",
        "DataBlockReinitializationOrKeepActualValues",
        "DifferentTargetConfiguration",
        "CheckBeforeDownload",
        *_PASSWORDS,
    }
)
"""The questions without whose consent nothing is loaded."""


class DownloadConfiguration(NetObject):
    """A question of a download."""

    _SINCE: ClassVar[str] = "0"

    def __init__(self, message: str) -> None:
        """Ask in a sentence."""
        self._message = message

    @property
    def Message(self) -> str:
        """The question as a sentence."""
        return self._message

    @property
    def _consents(self) -> bool:
        """Whether the answer lets the download continue."""
        raise NotImplementedError


class DownloadSelectionConfiguration(DownloadConfiguration):
    """A question with several answers."""

    _choices: ClassVar[type[NetEnum]]

    def __init__(self, message: str) -> None:
        """Begin with the answer that changes nothing."""
        super().__init__(message)
        self._selection = self._standing()

    @property
    def CurrentSelection(self) -> NetEnum:
        """The answer."""
        return self._selection

    @CurrentSelection.setter
    def CurrentSelection(self, value: NetEnum) -> None:
        self._selection = require_type(value, self._choices, "CurrentSelection")

    @property
    def _consents(self) -> bool:
        return self._selection is not self._standing() or len(self._choices) == 1

    @classmethod
    def _standing(cls) -> NetEnum:
        """Return the answer that applies until another is given."""
        return cls._choices.__members__.get("NoAction", next(iter(cls._choices)))


class DownloadCheckConfiguration(DownloadConfiguration):
    """A question with a check mark."""

    def __init__(self, message: str) -> None:
        """Begin unchecked."""
        super().__init__(message)
        self._checked = False

    @property
    def Checked(self) -> bool:
        """Whether it is checked."""
        return self._checked

    @Checked.setter
    def Checked(self, value: bool) -> None:
        self._checked = require_type(value, bool, "Checked")

    @property
    def _consents(self) -> bool:
        return self._checked


class DownloadPasswordConfiguration(DownloadConfiguration):
    """A question for a password."""

    def __init__(self, message: str) -> None:
        """Begin without one."""
        super().__init__(message)
        self._password: str | None = None

    def SetPassword(self, password: SecureString) -> None:
        """Give the password."""
        if password is None:
            msg = 'The argument "password" may not be null.'
            raise ArgumentNullException(msg)
        self._password = require_type(password, SecureString, "password")._text

    @property
    def _consents(self) -> bool:
        return self._password is not None


def _create(name: str, base: type[DownloadConfiguration], **more: Any) -> type[DownloadConfiguration]:
    about = {"__module__": __name__, "__doc__": f"The question {name}.", "_SINCE": _SINCE.get(name, "0")}
    return type(name, (base,), about | more)


def _selection(name: str, choices: tuple[str, ...]) -> type[DownloadConfiguration]:
    members = {choice: number for number, choice in enumerate(choices)}
    make: Callable[..., Any] = NetEnum
    kind = make(f"{name}Selections", members, module=__name__)
    kind._SINCE = _SINCE.get(name, "0")
    globals()[kind.__name__] = kind
    return _create(name, DownloadSelectionConfiguration, _choices=kind)


PROMPTS: dict[str, type[DownloadConfiguration]] = {
    **{name: _selection(name, choices) for name, choices in _SELECTIONS.items()},
    **{name: _create(name, DownloadCheckConfiguration) for name in _CHECKS},
    **{name: _create(name, DownloadPasswordConfiguration) for name in _PASSWORDS},
}
"""The type of each question by its name."""
globals().update(PROMPTS)
