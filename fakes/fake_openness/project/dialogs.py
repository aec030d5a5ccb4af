"""The dialogs that TIA Portal shows while a client works: questions and notices, which events report to clients.

They are raised on another thread than the caller's. A handled question is answered by its Result; one that nobody
handles stays for the person at the screen while the call waits, and refuses the call where there is no screen
(that half is unverified). Facts: docs/facts/openness.md#dialogs,
docs/facts/openness.md#what-a-simulation-has-to-enforce.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from fake_dotnet.objects import NetObject
from fake_dotnet.system import NetEnum, NetFlags, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException, EngineeringUserAbortException
from fake_openness.project.portal import PortalProcess


class ServerStopped(BaseException):
    """A question came up where pythonnet lets no other Python code run. Facts: docs/facts/pythonnet.md#threads."""


class ConfirmationIcon(NetEnum):
    """The severity of a question."""

    General = 0
    Critical = 1
    Error = 2


class ConfirmationChoices(NetFlags):
    """The buttons of a question."""

    None_ = 0
    Ok = 1
    Yes = 2
    YesToAll = 4
    Abort = 8
    Retry = 16
    Ignore = 32
    No = 64
    NoToAll = 128
    Cancel = 256

    @classmethod
    def _missing_(cls, value: object) -> ConfirmationChoices:
        """Accept any combination of buttons as a value."""
        made = object.__new__(cls)
        made._value_ = int(str(value))
        made._name_ = ", ".join(name for name, each in cls.__members__.items() if made._value_ & each.value)
        return made


class ConfirmationResult(NetEnum):
    """The button that is pressed."""

    Ok = 0
    Yes = 1
    YesToAll = 2
    Abort = 3
    Retry = 4
    Ignore = 5
    No = 6
    NoToAll = 7
    Cancel = 8


class NotificationIcon(NetEnum):
    """What a notice is about."""

    Success = 0
    Information = 1
    Warning = 2
    Error = 3


class _Dialog(NetObject):
    """What both kinds of dialogs show."""

    def __init__(self, caption: str, text: str, detail: str = "") -> None:
        """Show texts, in the language of the portal."""
        self._caption, self._text, self._detail = caption, text, detail
        self._handled = False

    @property
    def Caption(self) -> str:
        """The title."""
        return self._caption

    @property
    def Text(self) -> str:
        """The text of the message or question."""
        return self._text

    @property
    def DetailText(self) -> str:
        """More of it."""
        return self._detail

    @property
    def IsHandled(self) -> bool:
        """Whether a client handled it, so that no person has to."""
        return self._handled

    @IsHandled.setter
    def IsHandled(self, value: bool) -> None:
        self._handled = require_type(value, bool, "IsHandled")


class ConfirmationEventArgs(_Dialog):
    """A question."""

    def __init__(self, caption: str, text: str, choices: ConfirmationChoices, detail: str = "") -> None:
        """Ask, with the first button as the default answer."""
        super().__init__(caption, text, detail)
        self._choices = choices
        offered = (each for each in ConfirmationResult if choices.HasFlag(ConfirmationChoices[each.name]))
        self._result = next(offered, ConfirmationResult.Ok)

    @property
    def Icon(self) -> ConfirmationIcon:
        """The severity."""
        return ConfirmationIcon.General

    @property
    def Choices(self) -> ConfirmationChoices:
        """The buttons."""
        return self._choices

    @property
    def Result(self) -> ConfirmationResult:
        """The answer."""
        return self._result

    @Result.setter
    def Result(self, value: ConfirmationResult) -> None:
        self._result = require_type(value, ConfirmationResult, "Result")


class NotificationEventArgs(_Dialog):
    """A notice."""

    @property
    def Icon(self) -> NotificationIcon:
        """The icon: Information."""
        return NotificationIcon.Information


_CONSENT = (ConfirmationResult.Ok, ConfirmationResult.Yes, ConfirmationResult.YesToAll, ConfirmationResult.Ignore)


def ask(
    process: PortalProcess, question: ConfirmationEventArgs, person: Callable[[], ConfirmationResult] | None
) -> None:
    """Ask a question during a call; returns when the call may continue.

    Args:
        process: The portal.
        question: What is asked.
        person: Waits for the person at the screen, and gives the answer; None without a screen.

    Raises:
        EngineeringUserAbortException: The answer was no.
        EngineeringTargetInvocationException: No handler answered, or one chose an answer that the question does not have.
        ServerStopped: The call is the use of a property or the step of an iteration.
    """
    if process.machine.holds_python_lock:
        msg = "pythonnet holds Python's lock here, so that no handler can answer and the whole server stops: use a method."
        raise ServerStopped(msg)
    _on_another_thread(lambda: _tell(process, question))
    if not question.IsHandled:
        if person is None:
            msg = "A question came up that nobody could answer."
            raise EngineeringTargetInvocationException(msg, code="dialog.unanswered")
        question.Result = person()
    if not question.Choices.HasFlag(ConfirmationChoices[question.Result.name]):
        msg = f"The question does not have the answer {question.Result.name}."
        raise EngineeringTargetInvocationException(msg, code="dialog.choice")
    if question.Result not in _CONSENT:
        msg = "The operation was cancelled by the answer to a question."
        raise EngineeringUserAbortException(msg, code="dialog.cancelled")


def notify(process: PortalProcess, notice: NotificationEventArgs) -> None:
    """Report a notice to all clients."""
    _on_another_thread(lambda: _tell_all(process, notice))


def _tell(process: PortalProcess, question: ConfirmationEventArgs) -> None:
    for client in list(process.clients):
        client._confirmation._raise(client, question)


def _tell_all(process: PortalProcess, notice: NotificationEventArgs) -> None:
    for client in list(process.clients):
        client._notification._raise(client, notice)


def _on_another_thread(call: Callable[[], object]) -> None:
    thread = threading.Thread(target=call, name="portal-events")
    thread.start()
    thread.join()
