"""Turns refusals of PLCSIM Advanced into problems, by the name of the error code, never by a text or a number.

Facts: docs/facts/plcsim-advanced.md#errors (which situation has which).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from openness_bridge.errors import Detail, Kind, Place, Problem

CODES: dict[str, tuple[str, Kind, str]] = {
    "DoesNotExist": ("not_found", Kind.MISSING, "This does not exist."),
    "SignalNameDoesNotExist": (
        "tag_not_found",
        Kind.MISSING,
        "There is no such tag: refresh the tag list, or look the name up.",
    ),
    "AlreadyExists": ("exists", Kind.CONFLICT, "This exists already: choose another name."),
    "LimitReached": ("limit", Kind.CONFLICT, "The runtime manager has as many instances as it can run: delete one."),
    "WrongArgument": ("argument", Kind.REFUSED, "PLCSIM Advanced does not accept this value."),
    "IndexOutOfRange": ("range", Kind.REFUSED, "This is out of range."),
    "InstanceNotRunning": ("off", Kind.CONFLICT, "The instance is off: switch it on with POST .../power-on."),
    "IsEmpty": ("empty", Kind.CONFLICT, "The instance has no program: download one first."),
    "Timeout": (
        "timeout",
        Kind.TIMED_OUT,
        "The instance did not reach the state in time: check its state, then send the request again.",
    ),
    "InvalidOperatingState": ("state", Kind.CONFLICT, "The instance is in the wrong state for this."),
    "NotUpToDate": ("tags_outdated", Kind.CONFLICT, "The tag list is out of date: POST /api/simulation/tags/refresh."),
    "NotSupported": (
        "not_supported",
        Kind.REFUSED,
        "PLCSIM Advanced cannot access this: name a single value, not a structure or text.",
    ),
    "TypeMismatch": ("type", Kind.REFUSED, "The value is not of the type that the tag has."),
    "SignalTypeMismatch": ("type", Kind.REFUSED, "The value is not of the type that the tag has."),
    "NotEnoughMemory": ("too_many_tags", Kind.REFUSED, "The tag list is too long: refresh it with fewer areas."),
    "CommunicationInterfaceNotAvailable": ("interface", Kind.CONFLICT, "The communication interface is not available."),
    "WrongCommunicationInterface": (
        "interface",
        Kind.CONFLICT,
        "All running instances must use the same communication interface.",
    ),
    "VirtualSwitchMisconfigured": (
        "interface",
        Kind.CONFLICT,
        "The virtual switch of PLCSIM Advanced is not set up for TCP/IP.",
    ),
    "StoragePathAlreadyInUse": ("storage_in_use", Kind.CONFLICT, "Another running instance uses this storage path."),
    "LicenseNotFound": ("licence", Kind.CONFLICT, "There is no licence for PLCSIM Advanced."),
    "InterfaceRemoved": ("instance_gone", Kind.GONE, "The instance is not registered any more."),
    "RuntimeNotAvailable": (
        "not_running",
        Kind.UNAVAILABLE,
        "The runtime manager of PLCSIM Advanced does not run: start it.",
    ),
    "NotRunning": ("not_running", Kind.UNAVAILABLE, "The runtime manager of PLCSIM Advanced does not run: start it."),
    "ApiNotInitialized": (
        "not_running",
        Kind.UNAVAILABLE,
        "The runtime manager of PLCSIM Advanced does not run: start it.",
    ),
    "ConnectionError": ("not_running", Kind.UNAVAILABLE, "The runtime manager of PLCSIM Advanced cannot be reached."),
    "ArchiveStorageNotCreated": ("archive", Kind.REFUSED, "The archive could not be written."),
    "InvalidArchivePath": ("archive", Kind.REFUSED, "The archive must be the full path of a .zip file."),
    "RetrieveStorageFailure": (
        "archive",
        Kind.REFUSED,
        "The archive could not be read: it must be one of PLCSIM Advanced.",
    ),
    "CreateDirectoriesFailed": ("storage", Kind.REFUSED, "The storage folder cannot be created."),
    "ErrorLoadingDll": ("dll", Kind.REFUSED, "The library of the virtual controller cannot be loaded."),
    "InvalidErrorCode": (
        "session",
        Kind.UNAVAILABLE,
        "PLCSIM Advanced does not answer here: run the server in a user's session, not as a service.",
    ),
    "WrongVersion": ("version", Kind.UNSUPPORTED, "This version of PLCSIM Advanced cannot do it."),
}
"""Error code to the problem's code (without plcsim.), its kind and what to do."""
_TYPES = {"SimulationRuntimeException", "SimulationInitializationException", "SimulationRuntimeWarning"}


def error_code(error: BaseException) -> str | None:
    """Return the name of the error code of an exception of the API; None for any other exception."""
    if not any(kind.__name__ in _TYPES for kind in type(error).__mro__):
        return None
    code: Any = getattr(error, "RuntimeErrorCode", None)
    return None if code is None else str(code.ToString())


def is_refusal(problem: Problem, code: str) -> bool:
    """Return whether a problem has an error code of the API."""
    return problem.__cause__ is not None and error_code(problem.__cause__) == code


def problem_of(error: BaseException) -> Problem | None:
    """Translate an exception of the API; None for any other exception."""
    name = error_code(error)
    if name is None:
        return None
    code, kind, sentence = CODES.get(name, ("failed", Kind.FAILED, f"PLCSIM Advanced failed ({name})."))
    told = str(getattr(error, "Message", "")).strip()
    return Problem(f"plcsim.{code}", sentence, kind=kind, details=[Detail(f"plcsim.{name}", told)] if told else [])


@contextmanager
def translate_errors(**place: Any) -> Iterator[None]:
    """Turn refusals of the API into problems with their place.

    Raises:
        Problem: In place of the exception.
    """
    try:
        yield
    except Problem as problem:
        raise problem.at(**place) from problem.__cause__
    except Exception as error:
        told = problem_of(error)
        if told is None:
            raise
        raise told.at(**place) from error


def not_found(kind: str, name: str, hint: str = "") -> Problem:
    """Return the problem of a missing instance or tag."""
    message = f"There is no {kind} '{name}'. {hint}".strip()
    return Problem(f"plcsim.{kind}_not_found", message, kind=Kind.MISSING, place=Place(object=name))
