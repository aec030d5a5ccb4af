"""The exception types of Siemens.Engineering, as pythonnet shows them.

Callers decide by type, never by text (the real texts are localised), so the
hierarchy is the contract and the sentences here are this project's own.
Facts: docs/facts/openness.md#exceptions, after the V19 manual and the V17 and V21 type lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from fake_dotnet import drives
from fake_dotnet.errors import NetException
from fake_dotnet.lists import NetList
from fake_dotnet.objects import NetObject
from fake_dotnet.system import require_type


@dataclass(frozen=True, slots=True)
class ExceptionMessageData(NetObject):
    """One message of an exception: a sentence and, where there is one, its detail."""

    Text: str
    DetailText: str = ""


def _split(details: tuple[Any, ...]) -> tuple[BaseException | None, list[str]]:
    """Return the cause and the sentences of an exception's further arguments."""
    if details and isinstance(details[0], BaseException):
        return details[0], []
    one = details[0] if len(details) == 1 and not isinstance(details[0], str) else details
    return None, [str(each) for each in one]


class EngineeringException(NetException):
    """Base of all exceptions that TIA Portal raises while it runs."""

    def __init__(
        self, text: str = "", *details: Any, code: str = "", place: dict[str, str | int] | None = None
    ) -> None:
        """Keep the sentence, its details and, for callers that ask, a stable code and place.

        Args:
            text: What is wrong.
            details: Further sentences, one for each inner error. A caller gives them as one array, or the exception that
                is the cause.
            code: A stable code for tests; a real TIA Portal has none.
            place: Where it happened (device, block, network, line).
        """
        shown = drives.shown(require_type(text, str, "text"))
        super().__init__(shown)
        self.InnerException, sentences = _split(details)
        self.MessageData = ExceptionMessageData(shown, "\n".join(sentences))
        self.DetailMessageData = NetList([ExceptionMessageData(drives.shown(each)) for each in sentences])
        self.FakeCode = code
        self.FakePlace = dict(place or {})

    @property
    def Message(self) -> str:
        """The sentence with its details, as .NET's Message has it."""
        return "\n\n".join([self.MessageData.Text, *(d.Text for d in self.DetailMessageData)])


class EngineeringTargetInvocationException(EngineeringException):
    """The operation was refused or failed: the usual error for a broken rule."""


class EngineeringDelegateInvocationException(EngineeringTargetInvocationException):
    """The caller's own delegate raised."""


class EngineeringUserAbortException(EngineeringTargetInvocationException):
    """A user or a delegate cancelled."""


class LicenseNotFoundException(EngineeringTargetInvocationException):
    """A licence is missing."""

    _SINCE = "17"


class EngineeringNotSupportedException(EngineeringException):
    """The attribute, composition or operation does not exist on this object."""


class EngineeringObjectDisposedException(EngineeringException):
    """The object was deleted, replaced by an import, or its project was closed."""


class EngineeringSecurityException(EngineeringException):
    """The caller is not in the Openness group, or the firewall refused it."""


class EngineeringRuntimeException(EngineeringException):
    """A bad cast or an internal error of the object model."""


class EngineeringOutOfMemoryException(EngineeringException):
    """The portal process ran out of memory."""


class MissingProductsException(EngineeringException):
    """The project needs products that are not installed."""

    _SINCE = "18"


class EngineeringPasswordPolicyViolationException(EngineeringTargetInvocationException):
    """A password breaks the rules for passwords (from V19)."""

    _SINCE: ClassVar[str] = "19"


class NonRecoverableException(NetException):
    """The portal crashed or was closed: no handle is valid any more. Not an EngineeringException."""

    def __init__(self, text: str = "", *details: Any) -> None:
        """Keep the sentence and its details: an array of sentences, or the exception that is the cause."""
        super().__init__(require_type(text, str, "text"))
        self.InnerException, sentences = _split(details)
        self.MessageData = ExceptionMessageData(text, "\n".join(sentences))
        self.DetailMessageData = NetList([ExceptionMessageData(each) for each in sentences])
