"""Downloads a CPU: compiled first, so that errors have their places; every question is reported with its answer.

Inside a download TIA Portal says only that compiling failed. A download that loads nothing is no failure: the messages
report it. Facts: docs/facts/openness-online.md#download, docs/facts/tia-operations.md#download.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, cast

import msgspec

from openness_bridge.errors import Detail, Kind, Problem, refused_as
from openness_bridge.lookup import LocatedDevice, locate_plc
from openness_bridge.online.online import Via, answer_questions, apply, chosen_interface, offline, provider
from openness_bridge.online.prompts import Policy, Prompt, Questions
from openness_bridge.portal.portal import Session
from openness_bridge.program.compile import CompileReport, compile_device
from openness_bridge.values import delegate, di, enum, enum_name, moment

SCOPES = {
    "Hardware": ("Hardware",),
    "Software": ("Software",),
    "SoftwareOnlyChanges": ("SoftwareOnlyChanges",),
    "HardwareAndSoftware": ("Hardware", "Software"),
    "HardwareAndSoftwareOnlyChanges": ("Hardware", "SoftwareOnlyChanges"),
}
"""The scopes by their names for clients, with the flags of DownloadOptions."""


DownloadScope = Annotated[str, msgspec.Meta(title="DownloadScope", extra_json_schema={"enum": list(SCOPES)})]
"""One of SCOPES."""
ResultState = Annotated[Literal["Success", "Information", "Warning", "Error"], msgspec.Meta(title="ResultState")]
"""The state of a download, an upload, or one of their messages."""


class ResultMessage(msgspec.Struct, rename="camel", frozen=True):
    """A node of TIA Portal's tree of messages."""

    message: str
    state: ResultState
    at: str | None
    messages: list[ResultMessage]


class DownloadReport(msgspec.Struct, rename="camel", frozen=True):
    """The result of a download.

    Attributes:
        warnings: The warnings of the compilation before it.
        prompts: The questions that came up, with their answers.
        was_online: Whether the CPU was online: then it is online again.
    """

    device: str
    scope: DownloadScope
    state: ResultState
    error_count: int
    warning_count: int
    messages: list[ResultMessage]
    warnings: list[str]
    prompts: list[Prompt]
    was_online: bool


def download(session: Session, device: str, scope: str, via: Via, policy: Policy) -> DownloadReport:
    """Load hardware, program or both into a CPU.

    Args:
        session: The portal.
        device: The PLC.
        scope: One of SCOPES.
        via: The way.
        policy: The answers that the caller agrees to.

    Raises:
        Problem: Compiling fails (each error with its place), a required question is left open, nothing answers, or TIA
            Portal refuses.
    """
    name = _scope(scope)
    found = locate_plc(session, device)
    loader = provider(session, found, "DownloadProvider")
    questions = Questions(session.model, policy)
    with offline(session, found) as was_online:
        compiled = _compile(session, device, SCOPES[name])
        try:
            with (
                refused_as("download.refused", Kind.CONFLICT, device=device),
                answer_questions(loader.Configuration, questions),
            ):
                result = loader.Download(*_arguments(session, loader, name, via, device, questions))
        except Problem as problem:
            raise questions.explain(problem, "download.prompt_open") from problem.__cause__
    return _report(found, name, result, compiled, questions, was_online=was_online)


def download_to_folder(session: Session, device: str, folder: Path, policy: Policy) -> DownloadReport:
    """Write the content of a memory card into a folder, without a connection (from V19).

    Raises:
        Problem: As download; or this TIA Portal cannot.
    """
    found = locate_plc(session, device)
    loader = provider(session, found, "DownloadProvider")
    questions = Questions(session.model, policy)
    if not session.model.has("TargetForSoftware"):
        msg = f"TIA Portal V{session.model.version} cannot download to a folder: use V19 or newer."
        raise Problem("download.folder_not_offered", msg, kind=Kind.UNSUPPORTED).at(device=device)
    with offline(session, found) as was_online:
        compiled = _compile(session, device, SCOPES["HardwareAndSoftware"])
        try:
            with refused_as("download.refused", Kind.CONFLICT, device=device):
                answers = delegate(session.model, "DownloadConfigurationDelegate", questions.answer)
                result = loader.Download(di(session.model, folder), answers)
        except Problem as problem:
            raise questions.explain(problem, "download.prompt_open") from problem.__cause__
    return _report(found, "HardwareAndSoftware", result, compiled, questions, was_online=was_online)


def result_messages(messages: Any) -> list[ResultMessage]:
    """Return the tree of messages of a download or upload."""
    return [
        ResultMessage(
            str(each.Message or ""),
            cast("ResultState", enum_name(each.State)),
            moment(each.DateTime),
            result_messages(each.Messages),
        )
        for each in messages
    ]


def _report(
    found: LocatedDevice, scope: str, result: Any, compiled: CompileReport, questions: Questions, *, was_online: bool
) -> DownloadReport:
    return DownloadReport(
        str(found.software.Name),
        scope,
        cast("ResultState", enum_name(result.State)),
        int(result.ErrorCount),
        int(result.WarningCount),
        result_messages(result.Messages),
        [each.text for each in compiled.diagnostics if each.severity == "Warning"],
        questions.asked,
        was_online,
    )


def _scope(scope: str) -> str:
    found = next((name for name in SCOPES if name.casefold() == scope.casefold()), None)
    if found is None:
        raise Problem("download.scope", f"There is no scope '{scope}': use {', '.join(SCOPES)}.", kind=Kind.INVALID)
    return found


def _compile(session: Session, device: str, flags: tuple[str, ...]) -> CompileReport:
    """Compile the scope of the download.

    Raises:
        Problem: With each error and its place.
    """
    scopes = ["hardware" if flag == "Hardware" else "software" for flag in flags]
    reports = [compile_device(session, device, scope) for scope in scopes]
    found = [each for report in reports for each in report.diagnostics]
    errors = [each for each in found if each.severity == "Error"]
    if errors:
        details = [Detail("download.compile_error", each.text, each.place(device)) for each in errors]
        msg = f"'{device}' has {len(errors)} errors and was not downloaded: {errors[0].text}"
        raise Problem("download.compile_errors", msg, kind=Kind.REFUSED, place=details[0].place, details=details)
    return CompileReport(reports[-1].result, found)


def _arguments(
    session: Session, loader: Any, scope: str, via: Via, device: str, questions: Questions
) -> tuple[Any, ...]:
    """Return way, delegates and options of a download."""
    model = session.model
    target = apply(loader.Configuration, via, device)
    address = (
        (chosen_interface(loader.Configuration, via, device).Addresses.Create(via.address),) if via.address else ()
    )
    answers = [delegate(model, "DownloadConfigurationDelegate", questions.answer) for _ in ("before", "after")]
    first, *more = (enum(model, "DownloadOptions", flag) for flag in SCOPES[scope])
    for flag in more:
        first = first | flag
    return (target, *address, *answers, first)
