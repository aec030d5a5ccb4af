"""One error type from the bridge up: a stable code, what to do, and the place.

The exceptions of TIA Portal are localised, so they are told apart by type, and
by the operation that met them, never by their text. Facts: docs/facts/openness.md#exceptions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec


class Place(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """Where something went wrong.

    Attributes:
        pointer: JSON pointer into the request.
        line: 1-based line of a source or file.
    """

    device: str | None = None
    object: str | None = None
    block: str | None = None
    network: int | None = None
    table: str | None = None
    path: str | None = None
    sheet: str | None = None
    row: int | None = None
    line: int | None = None
    column: int | None = None
    pointer: str | None = None


class Detail(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """One of several causes: a bulk call reports each of them."""

    code: str
    message: str
    place: Place | None = None


class Problem(Exception):  # noqa: N818 - a problem is what the caller has, not a Python error
    """Something the caller can act on.

    Attributes:
        code: Stable and dotted, such as tag.address; clients may branch on it.
        message: One or two sentences: what is wrong and what to do.
        status: The HTTP status that says the same.
        place: Where it happened.
        details: The single causes, none left out.
        retry_after: Seconds after which the same request may succeed; None where waiting is no help.
        limit: Where something is too large or too deep, the most that is accepted.
        value: What was found instead.
    """

    limit: int | None = None
    value: int | None = None

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int = 422,
        place: Place | None = None,
        details: list[Detail] | None = None,
        retry_after: int | None = None,
    ) -> None:
        """State the problem."""
        super().__init__(message)
        self.code, self.message, self.status, self.place = code, message, status, place
        self.details, self.retry_after = details or [], retry_after

    def at(self, **place: Any) -> Problem:
        """The same problem with more of its place known; what is known already stays."""
        known = msgspec.structs.asdict(self.place) if self.place else {}
        merged = place | {name: value for name, value in known.items() if value is not None}
        found = Problem(
            self.code,
            self.message,
            status=self.status,
            place=Place(**merged),
            details=self.details,
            retry_after=self.retry_after,
        )
        return found.beyond(self.limit, self.value)

    def beyond(self, limit: int | None, value: int | None) -> Problem:
        """The same problem with the limit that was passed, and the value that passed it."""
        self.limit, self.value = limit, value
        return self


def not_found(kind: str, name: str, **place: Any) -> Problem:
    """The usual answer when an object is looked up by name and is not there."""
    code = f"{kind.replace(' ', '_')}.not_found"
    return Problem(code, f"There is no {kind} '{name}'.", status=404, place=Place(object=name, **place))


# Type of the exception, by the simple name of its .NET type -> (code, status). Order matters only for readers:
# the most derived type that is listed decides.
_BY_TYPE: dict[str, tuple[str, int]] = {
    "LicenseNotFoundException": ("tia.licence_missing", 403),
    "FunctionRightNotFoundException": ("tia.right_missing", 403),
    "EngineeringSecurityException": ("tia.access_refused", 403),
    "EngineeringUserAbortException": ("tia.aborted", 409),
    "EngineeringDelegateInvocationException": ("tia.delegate_failed", 500),
    "EngineeringNotSupportedException": ("tia.not_supported", 501),
    "EngineeringObjectDisposedException": ("tia.object_gone", 410),
    "EngineeringOutOfMemoryException": ("tia.out_of_memory", 503),
    "MissingProductsException": ("tia.products_missing", 422),
    "EngineeringPasswordPolicyViolationException": ("tia.password_policy", 422),
    "PasswordPolicySettingsException": ("tia.password_policy", 422),
    "EngineeringTargetInvocationException": ("tia.refused", 422),
    "EngineeringRuntimeException": ("tia.runtime", 500),
    "EngineeringException": ("tia.failed", 500),
    "NonRecoverableException": ("tia.portal_lost", 503),
    "ArgumentNullException": ("tia.argument", 400),
    "ArgumentException": ("tia.argument", 400),
    "DirectoryNotFoundException": ("file.not_found", 404),
    "FileNotFoundException": ("file.not_found", 404),
    "PathTooLongException": ("path.invalid", 400),
    "UnauthorizedAccessException": ("storage.read_only", 503),
    "IOException": ("file.refused", 422),
}


def from_openness(error: BaseException) -> Problem | None:
    """Translate an exception of the object model, or return None for any other."""
    for kind in type(error).__mro__:
        if kind.__name__ in _BY_TYPE and _is_openness(kind):
            code, status = _BY_TYPE[kind.__name__]
            return Problem(
                code,
                first_line(error),
                status=status,
                details=list(_details(error)),
            )
    return None


def _is_openness(kind: type) -> bool:
    return hasattr(kind, "Message")


def first_line(error: BaseException) -> str:
    """The sentence of a .NET exception without the stack that str() would add."""
    data = getattr(error, "MessageData", None)
    text = str(data.Text if data is not None else getattr(error, "Message", error))
    return text.strip() or type(error).__name__


def _details(error: BaseException) -> Iterator[Detail]:
    for data in getattr(error, "DetailMessageData", None) or ():
        yield Detail("tia.detail", "\n".join(text for text in (str(data.Text), str(data.DetailText)) if text))


@contextmanager
def refused_as(code: str, status: int = 422, **place: Any) -> Iterator[None]:
    """Give the refusals of one operation the code of that operation.

    TIA Portal says only "refused", in a localised text; which rule it was is known
    by what was being done.

    Raises:
        Problem: In place of the exception.
    """
    try:
        yield
    except Problem:
        raise
    except Exception as error:
        problem = from_openness(error)
        if problem is None:
            raise
        if problem.code == "tia.refused":
            problem.code, problem.status = code, status
        raise problem.at(**place) from error
