"""Answers the questions that TIA Portal asks during a download, upload or connection, by a declared policy.

The bridge agrees only to what the policy names. It reports any other question and leaves it open, so TIA Portal
refuses. A delegate that raises would end the portal, so nothing here raises while it is asked.
Facts: docs/facts/openness-online.md#download, docs/facts/tia-operations.md#download.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from openness_bridge.errors import Detail, Kind, Place, Problem
from openness_bridge.model import Model
from openness_bridge.values import enum_like, enum_name, enum_names, secure

HARMLESS = {
    "AllBlocksDownload": "DownloadAllBlocks",
    "ConsistentBlocksDownload": "ConsistentDownload",
    "AlarmTextLibrariesDownload": "ConsistentDownload",
}
"""The answers that the bridge gives without a request: they stop, overwrite and reset nothing."""


PromptKind = Annotated[Literal["selection", "check", "password", "user", "unknown"], msgspec.Meta(title="PromptKind")]


class Prompt(msgspec.Struct, rename="camel", frozen=True):
    """A question that came up.

    Attributes:
        type: Its type in Openness, such as StopModules: the name to answer it by.
        message: TIA Portal's sentence, in its language.
        choices: The answers of a selection.
        answer: The final answer; a password is never shown.
        answered: Whether the request named the answer.
        note: Why a given answer could not be used, else empty.
    """

    type: str
    message: str
    kind: PromptKind
    choices: list[str]
    answer: str
    answered: bool
    note: str = ""


class Policy(msgspec.Struct, frozen=True):
    """The answers that a caller agrees to.

    Attributes:
        answers: Name of a question to its answer: a choice, or true for a check mark.
        passwords: Name of a question to the password.
        user: The user of a CPU with users and roles.
    """

    answers: Mapping[str, str | bool] = {}
    passwords: Mapping[str, str] = {}
    user: str = ""

    def answer(self, name: str) -> str | bool | None:
        """Return the answer to a question, without regard to case; None without one."""
        found: str | bool | None = _of(self.answers, name, _of(HARMLESS, name, None))
        return found


class Questions:
    """The questions of one action: answers them and remembers them."""

    def __init__(self, model: Model, policy: Policy) -> None:
        """Answer by a policy.

        Raises:
            Problem: It names a question that this TIA Portal does not have.
        """
        self._model, self._policy = model, policy
        self.asked: list[Prompt] = []
        for name in (*policy.answers, *policy.passwords):
            if not model.has(_canonical(name)):
                msg = f"TIA Portal V{model.version} has no question '{name}': GET /api/download/prompts lists them."
                raise Problem("prompt.unknown", msg, kind=Kind.INVALID, place=Place(object=name))

    def answer(self, question: Any) -> None:
        """Answer one question; called by TIA Portal, so it never raises."""
        name, message = type(question).__name__, ""
        try:
            message = _read_text(question)
            self.asked.append(self._answer(question, name, message))
        except Exception as error:  # noqa: BLE001 - an exception in a delegate ends the portal
            note = f"{type(error).__name__}: {error}"
            self.asked.append(Prompt(name, message, "unknown", [], "", answered=False, note=note))

    def _answer(self, question: Any, name: str, message: str) -> Prompt:
        if hasattr(question, "CurrentSelection"):
            return self._select(question, name, message)
        if hasattr(question, "Checked"):
            return self._check(question, name, message)
        if hasattr(question, "OnlineCredentials"):
            return self._authenticate(question, name)
        if hasattr(question, "SetPassword"):
            password = _of(self._policy.passwords, name, None)
            if password is not None:
                question.SetPassword(secure(self._model, str(password)))
            return Prompt(name, message, "password", [], "", answered=password is not None)
        return Prompt(
            name, message, "unknown", [], "", answered=False, note="The service does not know this kind of question."
        )

    def _select(self, question: Any, name: str, message: str) -> Prompt:
        choices = enum_names(self._model, question.CurrentSelection)
        wanted, note = self._policy.answer(name), ""
        chosen = next((each for each in choices if each.casefold() == str(wanted).casefold()), None)
        if chosen is not None:
            question.CurrentSelection = enum_like(question.CurrentSelection, chosen)
        elif wanted is not None:
            note = f"'{wanted}' is none of the choices."
        stands = enum_name(question.CurrentSelection)
        return Prompt(name, message, "selection", choices, stands, answered=chosen is not None, note=note)

    def _check(self, question: Any, name: str, message: str) -> Prompt:
        wanted = self._policy.answer(name)
        known = {"true": True, "false": False}.get(str(wanted).casefold())
        note = "" if known is not None or wanted is None else f"'{wanted}' is neither true nor false."
        if known is not None:
            question.Checked = known
        stands = str(bool(question.Checked)).lower()
        return Prompt(name, message, "check", ["false", "true"], stands, answered=known is not None, note=note)

    def _authenticate(self, question: Any, name: str) -> Prompt:
        """Name the user and the password, if the request gives one of them."""
        choices = [enum_name(each.CurrentUserType) for each in question.GetSupportedAuthenticationTypes()]
        message = f"The CPU asks for a user{'' if question.IsSecureCommunication else ', on a connection without TLS'}."
        password = _of(self._policy.passwords, name, None)
        wanted = str(self._policy.answer(name) or self._guess_user_type(password))
        chosen = next((each for each in choices if each.casefold() == wanted.casefold()), None)
        if chosen is None:
            note = f"'{wanted}' is none of the choices." if wanted else ""
            return Prompt(name, message, "user", choices, "", answered=False, note=note)
        credentials = question.OnlineCredentials
        credentials.Type = enum_like(credentials.Type, chosen)
        if self._policy.user:
            credentials.Name = self._policy.user
        if password is not None:
            credentials.SetPassword(secure(self._model, str(password)))
        return Prompt(name, message, "user", choices, chosen, answered=True)

    def _guess_user_type(self, password: object) -> str:
        if self._policy.user:
            return "ProjectUser"
        return "PasswordOnly" if password is not None else ""

    @property
    def open(self) -> list[Prompt]:
        """The unanswered questions; that for a user is answered by a password in the older question that follows."""
        has_password = any(prompt.kind == "password" and prompt.answered for prompt in self.asked)
        return [prompt for prompt in self.asked if not prompt.answered and not (prompt.kind == "user" and has_password)]

    def explain(self, problem: Problem, code: str) -> Problem:
        """Return a refusal with the open questions, which are nearly always its cause."""
        if not self.open:
            return problem
        names = ", ".join(prompt.type for prompt in self.open)
        msg = f"{problem.message} Not answered: {names}. Answer them in prompts if you agree."
        details = [Detail(code, _hint(prompt), Place(object=prompt.type)) for prompt in self.open]
        return Problem(code, msg, kind=Kind.CONFLICT, place=problem.place, details=[*details, *problem.details])


def _hint(prompt: Prompt) -> str:
    choices = f" Choices: {', '.join(prompt.choices)}." if prompt.choices else ""
    if prompt.kind == "user":
        choices += (
            " Give userName, and the password in passwords; without userName it is the password of an access level."
        )
    elif not prompt.choices:
        choices = " Give its password in passwords."
    return f"{prompt.type}: {prompt.message}{choices} {prompt.note}".strip()


def _read_text(question: Any) -> str:
    """Return the text of a question: of a connection the facts to verify, of all others the message."""
    told = getattr(question, "Message", None) or getattr(question, "VerificationInfo", None)
    return str(told or "")


def _of(table: Mapping[str, Any], name: str, default: Any) -> Any:
    return next((value for key, value in table.items() if key.casefold() == name.casefold()), default)


# -- what there is to answer ----------------------------------------------------------


class KnownPrompt(msgspec.Struct, rename="camel", frozen=True):
    """A question that this TIA Portal can ask.

    Attributes:
        choices: The answers of a selection; of a user the kinds of users.
        default: The answer that is given unless the request names another; empty for none.
    """

    type: str
    kind: PromptKind
    choices: list[str]
    default: str


_BASES: dict[str, PromptKind] = {
    "DownloadSelectionConfiguration": "selection",
    "DownloadCheckConfiguration": "check",
    "DownloadPasswordConfiguration": "password",
}
_CONNECTION = "TlsVerificationConfiguration"
LEGITIMATION = "OnlineAuthenticationConfiguration"
NAMES = (
    "ActiveTestCanBeAborted", "ActiveTestCanPreventDownload", "AlarmTextLibrariesDownload", "AllBlocksDownload",
    "BlockBindingPassword", "CheckBeforeDownload", "ConsistentBlocksDownload", "DataBlockReinitialization",
    "DataBlockReinitializationOrKeepActualValues", "DifferentTargetConfiguration", "DowngradeTargetDevice",
    "DownloadCertificate", "ExpandDownload", "FitHmiComponents", "InitializeMemory", "LoadIdentificationData",
    "ModuleReadAccessPassword", "ModuleWriteAccessPassword", "OverwriteHmiData", "OverwriteOnMemoryCard",
    "OverwriteSystemData", "OverwriteTargetLanguages", "PlcMasterSecretPassword", "ProtectionLevelChanged", "ResetModule",
    "SafetyProgram", "SelectiveDeleteDownload", "StartBackupModules", "StartModules", "StopHSystem",
    "StopHSystemOrModule", "StopModules", "SwitchBackupToPrimary", "TargetForSoftware", "TurnOffSequence",
    "UpgradeTargetDevice", "UserManagementDownload", "WaitOnReboot",
)  # fmt: skip
"""The questions of PLC and HMI downloads.

Facts: docs/facts/tia-operations.md#download.
"""
_ALL = (*NAMES, _CONNECTION, LEGITIMATION)
"""The questions of connections too. Facts: docs/facts/openness-online.md#legitimation."""


def list_prompts(model: Model) -> list[KnownPrompt]:
    """Return the questions that this version of TIA Portal has."""
    return [_describe_prompt(model, name) for name in _ALL if model.has(name)]


def _canonical(name: str) -> str:
    """Return a question's name as Openness writes it, found without regard to case; an unknown one unchanged."""
    return next((each for each in _ALL if each.casefold() == name.casefold()), name)


def _describe_prompt(model: Model, name: str) -> KnownPrompt:
    bases = {base.__name__ for base in getattr(model, name).__mro__}
    kind: PromptKind = next((kind for base, kind in _BASES.items() if base in bases), "unknown")
    choices: list[str] = []
    if name == LEGITIMATION:
        return KnownPrompt(name, "user", enum_names(model, model.UserType(0)), "")
    enum = next((each for each in (f"{name}Selections", f"{name}Selection") if model.has(each)), None)
    if enum is not None:
        kind, choices = "selection", enum_names(model, getattr(model, enum)(0))
    return KnownPrompt(name, kind, choices, HARMLESS.get(name, ""))
