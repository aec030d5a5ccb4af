"""One error type from the bridge up: a stable code, the advice, and the place.

TIA Portal localises its exceptions. The bridge tests their type and the operation that met them, never their text.
Facts: docs/facts/openness.md#exceptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import Any

import msgspec

from openness_bridge import likeness

MOST_CANDIDATES = 10
"""Names that a message lists when none is like the wanted one."""
_NAMING: ContextVar[bool] = ContextVar("naming", default=True)


class Kind(Enum):
    """What a caller can do about a problem; an interface such as HTTP has a number for each.

    Attributes:
        INVALID: Correct the request: it is malformed, or a value can never be right.
        UNIDENTIFIED: Send a key or login.
        FORBIDDEN: Ask for the right, the licence or the folder that is missing.
        MISSING: Name something that exists.
        CONFLICT: Change the state first: a name is used, a project is open, a CPU is in RUN.
        GONE: Read again: TIA Portal has replaced or deleted the object.
        CHANGED: Read again: another client has changed it.
        TOO_LARGE: Send less.
        REFUSED: Change the content: a rule of TIA Portal or of the service forbids it.
        TOO_MANY: Wait, then send again.
        FAILED: Report it: the service or TIA Portal failed.
        UNSUPPORTED: Use another way: this version or system cannot do it.
        BAD_ANSWER: Check the other service: it answers, but not as it should.
        UNAVAILABLE: Start or attach what is needed, then send again.
        TIMED_OUT: Check the effect: the answer did not come in time.
        NO_SPACE: Free disk space.
    """

    INVALID = "invalid"
    UNIDENTIFIED = "unidentified"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    CONFLICT = "conflict"
    GONE = "gone"
    CHANGED = "changed"
    TOO_LARGE = "too_large"
    REFUSED = "refused"
    TOO_MANY = "too_many"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"
    BAD_ANSWER = "bad_answer"
    UNAVAILABLE = "unavailable"
    TIMED_OUT = "timed_out"
    NO_SPACE = "no_space"


class Place(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """The place of an error.

    Attributes:
        pointer: JSON pointer into the request.
        line: 1-based line of a source or file.
        line_text: That line, where its text is known.
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
    line_text: str | None = None


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
        kind: What the caller can do about it.
        place: Where it happened.
        details: The single causes, none left out.
        retry_after: Seconds after which the same request may succeed; None where waiting does not help.
        limit: Where something is too large or too deep, the most that is accepted.
        value: The value found instead.
        candidates: Values that are possible instead of the one that was sent, the likeliest first.
        sent: The value that was sent, where another one is possible.
    """

    limit: int | None = None
    value: int | None = None
    candidates: Sequence[str] = ()
    sent: Any = None

    def __init__(
        self,
        code: str,
        message: str,
        *,
        kind: Kind = Kind.REFUSED,
        place: Place | None = None,
        details: list[Detail] | None = None,
        retry_after: int | None = None,
    ) -> None:
        """State the problem."""
        super().__init__(message)
        self.code, self.message, self.kind, self.place = code, message, kind, place
        self.details, self.retry_after = details or [], retry_after

    def __str__(self) -> str:
        """Return the message, and each cause that says something else on a line below it."""
        causes = dict.fromkeys(each.message for each in self.details if each.message != self.message)
        return "\n".join([self.message, *(f"  {each}" for each in causes)])

    def at(self, **place: Any) -> Problem:
        """Return the same problem with more of its place; known parts stay."""
        known = msgspec.structs.asdict(self.place) if self.place else {}
        merged = place | {name: value for name, value in known.items() if value is not None}
        found = Problem(
            self.code,
            self.message,
            kind=self.kind,
            place=Place(**merged),
            details=self.details,
            retry_after=self.retry_after,
        )
        return found.beyond(self.limit, self.value).instead(self.candidates, self.sent)

    def beyond(self, limit: int | None, value: int | None) -> Problem:
        """Return the same problem with the limit and the value that exceeds it."""
        self.limit, self.value = limit, value
        return self

    def instead(self, candidates: Sequence[str], sent: Any) -> Problem:
        """Return the same problem with the values that are possible instead of the one that was sent."""
        self.candidates, self.sent = candidates, sent
        return self


def not_found(kind: str, name: str, known: Iterable[str] = (), **place: Any) -> Problem:
    """Return the problem of a name that no object has.

    Args:
        kind: What it would be, such as "tag table".
        name: The name.
        known: The names of the objects that exist; not read within `without_candidates`.
        place: The place of the reference.
    """
    code = f"{kind.replace(' ', '_')}.not_found"
    near, hint = _candidates(name, list(known)) if _NAMING.get() else ([], "")
    problem = Problem(
        code,
        f"There is no {kind} '{name}'.{hint}",
        kind=Kind.MISSING,
        place=Place(object=name, **place),
    )
    return problem.instead(near, name)


@contextmanager
def without_candidates() -> Iterator[None]:
    """Name no candidates: nobody reads the refusal, and each name is a call to TIA Portal."""
    token = _NAMING.set(False)
    try:
        yield
    finally:
        _NAMING.reset(token)


def _candidates(name: str, known: list[str]) -> tuple[list[str], str]:
    """Return which names may be meant, and the sentence about them: those that are alike, or all where they are few."""
    near = likeness.find_near(name, known, most=3)
    if near:
        return near, f" Did you mean {' or '.join(repr(each) for each in near)}?"
    if 0 < len(known) <= MOST_CANDIDATES:
        return known, f" Known: {', '.join(known)}."
    return [], ""


# Type of the exception, by the simple name of its .NET type -> (code, kind). Order matters only for readers:
# the most derived type that is listed decides.
_BY_TYPE: dict[str, tuple[str, Kind]] = {
    "LicenseNotFoundException": ("tia.licence_missing", Kind.FORBIDDEN),
    "FunctionRightNotFoundException": ("tia.right_missing", Kind.FORBIDDEN),
    "EngineeringSecurityException": ("tia.access_refused", Kind.FORBIDDEN),
    "EngineeringUserAbortException": ("tia.aborted", Kind.CONFLICT),
    "EngineeringDelegateInvocationException": ("tia.delegate_failed", Kind.FAILED),
    "EngineeringNotSupportedException": ("tia.not_supported", Kind.UNSUPPORTED),
    "EngineeringObjectDisposedException": ("tia.object_gone", Kind.GONE),
    "EngineeringOutOfMemoryException": ("tia.out_of_memory", Kind.UNAVAILABLE),
    "MissingProductsException": ("tia.products_missing", Kind.REFUSED),
    "EngineeringPasswordPolicyViolationException": ("tia.password_policy", Kind.REFUSED),
    "PasswordPolicySettingsException": ("tia.password_policy", Kind.REFUSED),
    "EngineeringTargetInvocationException": ("tia.refused", Kind.REFUSED),
    "EngineeringRuntimeException": ("tia.runtime", Kind.FAILED),
    "EngineeringException": ("tia.failed", Kind.FAILED),
    "NonRecoverableException": ("tia.portal_lost", Kind.UNAVAILABLE),
    "ArgumentNullException": ("tia.argument", Kind.INVALID),
    "ArgumentException": ("tia.argument", Kind.INVALID),
    "DirectoryNotFoundException": ("file.not_found", Kind.MISSING),
    "FileNotFoundException": ("file.not_found", Kind.MISSING),
    "PathTooLongException": ("path.invalid", Kind.INVALID),
    "UnauthorizedAccessException": ("storage.read_only", Kind.UNAVAILABLE),
    "IOException": ("file.refused", Kind.REFUSED),
}


def from_openness(error: BaseException) -> Problem | None:
    """Translate an exception of the object model, or return None for any other."""
    for each in type(error).__mro__:
        if each.__name__ in _BY_TYPE and _is_openness(each):
            code, kind = _BY_TYPE[each.__name__]
            return Problem(
                code,
                first_line(error),
                kind=kind,
                details=list(_details(error)),
            )
    return None


def _is_openness(kind: type) -> bool:
    return hasattr(kind, "Message")


def first_line(error: BaseException) -> str:
    """Return the sentence of a .NET exception without the stack that str() would add."""
    data = getattr(error, "MessageData", None)
    text = str(data.Text if data is not None else getattr(error, "Message", error))
    return text.strip() or type(error).__name__


def _details(error: BaseException) -> Iterator[Detail]:
    for data in getattr(error, "DetailMessageData", None) or ():
        yield Detail("tia.detail", "\n".join(text for text in (str(data.Text), str(data.DetailText)) if text))


@contextmanager
def refused_as(code: str, kind: Kind = Kind.REFUSED, **place: Any) -> Iterator[None]:
    """Give the refusals of one operation the code of that operation.

    TIA Portal says only "refused", in a localised text; only the operation shows which rule it was.

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
            problem.code, problem.kind = code, kind
        raise problem.at(**place) from error
