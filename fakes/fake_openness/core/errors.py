"""The exception types of Siemens.Engineering, as pythonnet shows them.

Callers decide by type, never by text (the real texts are localised), so the
hierarchy is the contract and the sentences here are this project's own.
Facts: docs/facts/openness.md#exceptions, after the V19 manual and the V17 and V21 type lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fake_dotnet.errors import NetException
from fake_dotnet.objects import NetObject


@dataclass(frozen=True, slots=True)
class ExceptionMessageData(NetObject):
    """One message of an exception: a sentence and, where there is one, its detail."""

    Text: str
    DetailText: str = ""


class EngineeringException(NetException):
    """Base of all exceptions that TIA Portal raises while it runs."""

    def __init__(self, text: str, *details: str, code: str = "", place: dict[str, str | int] | None = None) -> None:
        """Keep the sentence, its details and, for callers that ask, a stable code and place.

        Args:
            text: What is wrong.
            details: Further sentences, one for each inner error.
            code: A stable code for tests; a real TIA Portal has none.
            place: Where it happened (device, block, network, line).
        """
        super().__init__(text)
        self.MessageData = ExceptionMessageData(text, "\n".join(details))
        self.DetailMessageData = [ExceptionMessageData(detail) for detail in details]
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

    def __init__(self, text: str = "") -> None:
        """Keep the sentence."""
        super().__init__(text)
        self.MessageData = ExceptionMessageData(text, "")
        self.DetailMessageData: list[ExceptionMessageData] = []
