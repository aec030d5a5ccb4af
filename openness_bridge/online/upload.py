"""Uploads a station as a new one into the project. Facts: docs/facts/openness-online.md#upload."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from openness_bridge.errors import Kind, Problem, refused_as
from openness_bridge.hardware import interfaces
from openness_bridge.lookup import locate
from openness_bridge.online.download import ResultMessage, ResultState, result_messages
from openness_bridge.online.online import Via, answer_questions, chosen_interface
from openness_bridge.online.prompts import Policy, Prompt, Questions
from openness_bridge.portal.portal import Session
from openness_bridge.values import delegate, enum_name, service


class UploadReport(msgspec.Struct, rename="camel", frozen=True):
    """The result of an upload.

    Attributes:
        station: Name of the new station in the project.
        address: The address of its CPU.
        prompts: The questions that came up, with their answers.
    """

    station: str
    address: str
    state: ResultState
    messages: list[ResultMessage]
    prompts: list[Prompt]


def upload(session: Session, device: str, via: Via, policy: Policy) -> UploadReport:
    """Make a new station in the project from the content of a CPU.

    Args:
        session: The portal.
        device: The device whose address it is; not used when `via` names an address.
        via: The way.
        policy: The answers that the caller agrees to.

    Raises:
        Problem: No address, nothing answers, a question is left open, or TIA Portal refuses.
    """
    uploader = service(session.project, session.model.StationUploadProvider)
    if uploader is None:
        msg = f"TIA Portal V{session.model.version} cannot upload stations by Openness."
        raise Problem("upload.not_offered", msg, kind=Kind.UNSUPPORTED)
    address = via.address or _address(session, device)
    questions = Questions(session.model, policy)
    try:
        with (
            refused_as("upload.refused", Kind.CONFLICT, device=device),
            answer_questions(uploader.Configuration, questions),
        ):
            target = chosen_interface(uploader.Configuration, via, device).Addresses.Create(address)
            answers = delegate(session.model, "UploadConfigurationDelegate", questions.answer)
            result = uploader.StationUpload(target, answers)
    except Problem as problem:
        raise questions.explain(problem, "upload.prompt_open") from problem.__cause__
    session.forget()
    return UploadReport(
        _station(result, device),
        address,
        cast("ResultState", enum_name(result.State)),
        result_messages(result.Messages),
        questions.asked,
    )


def _address(session: Session, device: str) -> str:
    found = interfaces.addresses(session, locate(session, device).device)
    if not found:
        msg = f"'{device}' has no IP address in the project: give the address of the CPU in address."
        raise Problem("upload.no_address", msg).at(device=device)
    return found[0]


def _station(result: Any, device: str) -> str:
    if result.UploadedStation is None:
        raise Problem("upload.failed", "TIA Portal uploaded nothing; its messages say why.", kind=Kind.REFUSED).at(
            device=device
        )
    return str(result.UploadedStation.Name)
