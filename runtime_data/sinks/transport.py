"""How a sink sends: what each kind of transport gets and answers, and the kinds that there are.

The engine renders, spools, repeats and counts; a transport only sends one rendered push once and says what came of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from typing import Any, Protocol

import msgspec

from engineering_api.operations.caller import Caller
from engineering_api.security.targets import Targets
from openness_bridge.errors import Detail
from openness_bridge.program_identity import ProgramState, unknown_state
from runtime_data.answer_programs import Programs, program_of
from runtime_data.plugins import find_in, guard, require_kind
from runtime_data.runtime import Runtime
from runtime_data.values import Value
from simatic_xml.lazy.plugins import Entry, Table

FindPrograms = Callable[[Collection[str]], Awaitable[Programs]]
"""Returns by source whether its CPU executes the program of the open project; it does not wait long."""


async def unknown_programs(sources: Collection[str]) -> Programs:
    """Return that nobody has compared the programs of sources."""
    return dict.fromkeys(sources, unknown_state())


class Outgoing(msgspec.Struct, frozen=True):
    """One push, as it is sent.

    Attributes:
        key: The same at each attempt, so that a receiver recognises what arrives twice.
        time: When the trigger fired; microseconds since 1970, UTC.
        values: The values of the tags that the body names, as they were at that time.
        body: The rendered body; empty without one.
        media_type: Of the body.
        late: Whether it waited in the spool before this attempt.
        programs: By source whether its CPU executes the project's program. Empty for a late push, whose values are of the past.
    """

    key: str
    time: int
    values: list[Value]
    body: bytes
    media_type: str
    late: bool
    programs: Programs = {}

    def program_of(self, tag: str) -> ProgramState:
        """Return whether the CPU that a tag's value is of executes the project's program."""
        return program_of(self.programs, tag)


class Answer(msgspec.Struct, frozen=True):
    """What came of one attempt.

    Attributes:
        ok: Whether it has arrived.
        lasting: Whether trying again is of no use.
        status: A number that the receiver answered, such as HTTP's; None without one.
        body: What it answered, as far as a limit.
        error: Why it did not arrive; empty where it did.
    """

    ok: bool
    lasting: bool = False
    status: int | None = None
    body: bytes = b""
    error: str = ""


class Transport(Protocol):
    """Sends the pushes of one sink. It is made on the event loop, where it may start tasks that `close` ends."""

    async def send(self, outgoing: Outgoing) -> Answer:
        """Try once. What does not arrive is an answer, not an exception."""

    async def close(self) -> None:
        """End the connections."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a transport may use besides its definition.

    Attributes:
        sink: The name of the sink.
        runtime: Values of tags.
        caller: In whose right the sink reads and writes tags: the right of who defined it, limited by the rules.
        targets: Where pushes may be sent.
        lower: As of Tools.
        programs: As of Tools.
    """

    sink: str
    runtime: Runtime
    caller: Caller
    targets: Targets
    lower: Callable[[Caller], Caller] = lambda caller: caller
    programs: FindPrograms = unknown_programs

    def present(self) -> Caller:
        """Return the caller with what it may do at this moment.

        Raises:
            Problem: 403, its key or user is not valid any more.
        """
        return self.lower(self.caller)


def _none(_: Any) -> list[str]:
    return []


@dataclass(frozen=True, slots=True)
class TransportKind:
    """A kind of transport.

    Attributes:
        name: What `send.kind` of a definition says.
        form: The struct that `send` is read as, without `kind`, `body` and `tags`. Its fields that are declared with
            `operations.fields.secret` are sealed before they are kept, and never answered.
        check: Returns what is wrong with a definition, with pointers below `send`, such as /url.
        make: Makes the transport of a definition whose secrets are open.
        urls: Returns the URLs that a definition sends to: they are refused where they are not allowed.
        tags: Returns the tags that the form itself names: a push has their values as well.
    """

    name: str
    form: type[msgspec.Struct]
    check: Callable[[Any], list[Detail]]
    make: Callable[[Any, Around], Transport]
    urls: Callable[[Any], list[str]] = _none
    tags: Callable[[Any], list[str]] = _none


def _accept(found: object, entry: Entry) -> TransportKind:
    """Accept a kind. What fails in the functions of a plugin is a Problem; the engine answers for its transports."""
    kind = require_kind(found, entry, TransportKind)
    if entry.is_own:
        return kind
    return replace(
        kind,
        check=guard(kind.check, entry),
        make=guard(kind.make, entry),
        urls=guard(kind.urls, entry),
        tags=guard(kind.tags, entry),
    )


OWN = {
    "http": "runtime_data.sinks.http_transport:KIND",
    "line": "runtime_data.sinks.line_transport:KIND",
    "mqtt": "runtime_data.sinks.mqtt.transport:KIND",
    "sparkplug": "runtime_data.sinks.sparkplug.transport:KIND",
}
KINDS: Table[TransportKind] = Table("sinks", OWN, _accept)
"""The kinds of transports, by name."""


def find_kind(name: str) -> TransportKind:
    """Return a kind of transport.

    Raises:
        Problem: There is none of this name, or it is one of a plugin that cannot be used.
    """
    return find_in(KINDS, name, "sink.kind", "kind of transport", "/send/kind")
