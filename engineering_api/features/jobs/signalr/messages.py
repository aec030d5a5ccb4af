"""The messages of SignalR's hubs: which client method an event calls, with which arguments, and what a client may not call."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from engineering_api.execution.runner import Runner
from engineering_api.features.jobs.showing import show_job
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service
from engineering_api.operations.events import Event
from engineering_api.operations.jobs import COMPLETED, FAILED
from engineering_api.web.bind import LARGE
from openness_bridge.errors import Kind, Problem

Message = dict[str, Any]
JOBS, ASSISTANT = "jobhub", "assistanthub"
ASSISTANT_EVENTS = {
    "assistant.intermediate": "onIntermediateResponse",
    "assistant.user": "onUserMessage",
    "assistant.tool": "onToolExecution",
    "assistant.response": "onAssistantResponse",
    "assistant.tokens": "onTokenUsage",
}
"""Event to the client method that gets its `content`."""


def hubs_of(connection_data: str) -> frozenset[str]:
    """Return the names of the hubs that a client wants, in lower case: both, when it does not say.

    Raises:
        Problem: The text is not a list of names.
    """
    if not connection_data:
        return frozenset({JOBS, ASSISTANT})
    try:
        wanted = msgspec.json.decode(connection_data, type=list[dict[str, Any]])
        return frozenset(str(each["name"]).lower() for each in wanted)
    except (msgspec.MsgspecError, KeyError):
        msg = 'connectionData must be a list of hubs, such as [{"name":"jobhub"}].'
        raise Problem("signalr.connection_data", msg, kind=Kind.INVALID) from None


def refuse_call(call: dict[str, Any]) -> Message:
    """Return the answer to a client that calls a server method: there are none.

    Raises:
        Problem: It is no call, so there is nothing that an answer could name.
    """
    msg = "The hubs have no server methods: change things over the HTTP routes, and receive events here."
    number = call.get("I")
    if not isinstance(number, int | str):
        raise Problem("signalr.send", msg, kind=Kind.INVALID)
    return {"I": str(number), "E": msg}


async def messages_of(service: Service, event: Event, caller: Caller) -> list[Message]:
    """Return what an event says to the clients of the hubs, as far as a caller may read it."""
    if event.kind in ASSISTANT_EVENTS:
        return [_message(ASSISTANT, ASSISTANT_EVENTS[event.kind], pascal(event.data.get("content")))]
    if event.kind == "job.progress":
        return [_message(JOBS, "jobProgressChanged", event.subject, event.data["progress"], event.data["message"])]
    if event.kind in {"job.created", "job.status"}:
        return [await _status(service, event, caller)]
    return []


async def _status(service: Service, event: Event, caller: Caller) -> Message:
    """Return a job's new state; its result goes with its end, and clients read the whole job over HTTP."""
    status = event.data.get("status", "Pending")
    record = show_job(await service.part(Runner).job(event.subject), caller.right, service.catalogue)
    operation = service.catalogue.named(record.operation)
    description = record.operation if operation is None else operation.summary.rstrip(".")
    if status == FAILED:
        description = record.error or description
    result = await _result(bytes(record.result)) if status == COMPLETED and record.result else None
    return _message(JOBS, "jobStatusChanged", event.subject, status, result, description)


async def _result(encoded: bytes) -> Any:
    """Return a job's result as events carry it; a large one is read in a worker thread."""

    def read() -> Any:
        return pascal(msgspec.json.decode(encoded))

    return read() if len(encoded) < LARGE else await asyncio.to_thread(read)


def pascal(value: Any) -> Any:
    """Return a value whose names begin with capitals, as events carry them."""
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: pascal(each) for name, each in value.items()}
    return [pascal(each) for each in value] if isinstance(value, list) else value


def _message(hub: str, method: str, *arguments: Any) -> Message:
    return {"H": hub, "M": method, "A": list(arguments)}
