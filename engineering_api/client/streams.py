"""Server-sent events as they are read line by line, and the addresses of the streams."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from engineering_api.client import answers
from engineering_api.client.call import Call, segment
from engineering_api.operations.events import Event
from engineering_api.operations.streaming.beats import STALE
from engineering_api.operations.wire import Fault
from openness_bridge.errors import Kind, Problem
from openness_bridge.program_identity import ProgramState


class Message(msgspec.Struct, frozen=True):
    """One server-sent event."""

    kind: str
    data: str


class LiveValues(dict[str, Any]):
    """Values by the names of their tags.

    Attributes:
        online: Whether the CPU executes the program of the open project: equal, differs or unknown.
    """

    online: ProgramState = "unknown"


def stale() -> Problem:
    """Return the refusal to wait longer for a stream that does not beat."""
    msg = f"The server has sent no sign of life for {STALE:g} s: the values that came are old. Open the stream again."
    return Problem("client.stale", msg, kind=Kind.UNAVAILABLE)


class Reader:
    """Puts lines together to messages; beats, which are comments, only show that the stream lives."""

    def __init__(self) -> None:
        """Begin at the start of a stream."""
        self._kind, self._data = "message", list[str]()

    def feed(self, line: str) -> Message | None:
        """Take one line without its end; a blank one ends a message, which is returned."""
        if not line:
            message = Message(self._kind, "\n".join(self._data)) if self._data else None
            self._kind, self._data = "message", []
            return message
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
        elif name == "event":
            self._kind = value
        return None


def events(after: int | None) -> Call:
    """Return the call for everything that happens, from now or after an event that was seen."""
    return Call("GET", "/api/events", headers={} if after is None else {"Last-Event-ID": str(after)})


def call_for_simulation(tags: Iterable[str], instance: str | None, period: float, *, change_only: bool) -> Call:
    """Return the call for values of tags of a simulated PLC."""
    named = {} if instance is None else {"instance": instance}
    return Call("GET", "/api/simulation/stream", named | _sampling(tags, period, change_only))


def online(device_name: str, tags: Iterable[str], period: float, *, change_only: bool) -> Call:
    """Return the call for values of tags of a PLC."""
    path = f"/api/devices/{segment(device_name)}/online/values/stream"
    return Call("GET", path, _sampling(tags, period, change_only))


def call_for_watch_table(device_name: str, table_name: str, period: float, *, change_only: bool) -> Call:
    """Return the call for values of the rows of a watch table."""
    path = f"/api/devices/{segment(device_name)}/watch-tables/{segment(table_name)}/values/stream"
    return Call("GET", path, _sampling((), period, change_only))


def event_of(message: Message) -> Event:
    """Return the event that a message carries."""
    return answers.decode(message.data.encode(), Event)


def values_of(message: Message) -> LiveValues:
    """Return the values that a message carries, by the names of their tags, with the program that they are of.

    Raises:
        Problem: The values cannot be read any more.
    """
    if message.kind == "error":
        fault = msgspec.json.decode(message.data, type=Fault)
        raise Problem(fault.code, fault.message, place=fault.place, details=fault.details)
    entries = msgspec.json.decode(message.data)
    found = LiveValues((entry["name"], entry["value"]) for entry in entries)
    found.online = next((entry["online"] for entry in entries), "unknown")
    return found


def _sampling(tags: Iterable[str], period: float, change_only: bool) -> dict[str, Any]:
    return {"tag": list(tags), "period": str(period * 1000), "changeOnly": "true" if change_only else "false"}
