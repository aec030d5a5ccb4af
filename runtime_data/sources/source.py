"""What a source of values is: the one protocol between the runtime and a controller, a server or the service itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Literal, Protocol, runtime_checkable

import msgspec

from openness_bridge.errors import Detail, Place
from openness_bridge.plcsim.runtime import OperatingState
from runtime_data import data_types
from runtime_data.values import Scalar, TagInfo, Value

State = Annotated[Literal["connected", "disconnected", "failed"], msgspec.Meta(title="SourceState")]
Changed = Callable[[Sequence[Value]], None]
"""Takes values that have changed; any thread may call it."""


class SourceStatus(msgspec.Struct, rename="camel", frozen=True):
    """How a source is.

    Attributes:
        message: Why it is not connected; empty otherwise.
        operating_state: Of a CPU; empty for other sources.
    """

    state: State
    message: str = ""
    operating_state: OperatingState | Literal[""] = ""


class DiagnosticEntry(msgspec.Struct, rename="camel", frozen=True):
    """An entry of the diagnostic buffer of a CPU.

    Attributes:
        time: When, in UTC as the CPU writes it.
        text: What happened.
        long_text: The same with its place and cause; empty where the CPU gives none.
        help_text: What to do; empty where the CPU gives none.
        incoming: Whether the event came, or went.
        event: Its number, such as 16#02:4001; empty where it is not known.
    """

    time: str
    text: str
    long_text: str = ""
    help_text: str = ""
    incoming: bool = True
    event: str = ""


class Diagnostics(msgspec.Struct, rename="camel", frozen=True):
    """The diagnostic buffer of a CPU.

    Attributes:
        entries: The newest first.
        count: How many the CPU has.
    """

    entries: list[DiagnosticEntry]
    count: int


class Source(Protocol):
    """A source. Its methods may wait for the controller, so the runtime calls them in worker threads, several at a time.

    Paths are without the source's name. A tag that cannot be read or written is an answer with an error, never an exception;
    a source that cannot be reached gives each tag the status of that.

    Attributes:
        name: What tags call it: the part before the colon.
        kind: virtual, plcsim, memory and so on.
        real: Whether writing moves something outside this computer: then writes are off until an administrator allows them.
        atomic: Whether it can write several tags between two cycles, all or none.
    """

    name: str
    kind: str
    real: bool
    atomic: bool

    def status(self) -> SourceStatus:
        """Return how the source is."""

    def read(self, paths: Sequence[str]) -> list[Value]:
        """Return the values of tags, of one moment where the source can; in the order asked."""

    def write(
        self, values: Sequence[tuple[str, Scalar]], expected: Mapping[str, Scalar], *, atomic: bool
    ) -> list[Detail | None]:
        """Write tags, in the order given; the answer has for each what went wrong, or None.

        Args:
            values: Paths with their new values, in the form of Value.value or as TIA Portal writes them.
            expected: Paths with the values that they must have before; a tag that differs is not written
                (runtime.changed).
            atomic: Write all or none; only where the source is atomic.
        """

    def find(self, path: str) -> TagInfo:
        """Return what is known of a tag.

        Raises:
            Problem: There is none (runtime.not_found), or the source cannot be reached.
        """

    def tags(self) -> list[TagInfo]:
        """Return all tags that have a value.

        Raises:
            Problem: The source cannot be reached.
        """

    def browse(self, path: str, depth: int = 1) -> list[TagInfo]:
        """Return the nodes below a path, so many levels of them; the empty path is the top.

        Raises:
            Problem: There is no such path, or the source cannot be reached.
        """

    def leaves(self) -> list[TagInfo]:
        """Return all tags that have a value, in the order of the source.

        Raises:
            Problem: The source cannot be reached.
        """

    def follow(self, changed: Changed) -> Callable[[], None] | None:
        """Say each change at once to a function, until the function that this returns is called.

        None where the source has to be polled.
        """


@runtime_checkable
class Closing(Protocol):
    """A source that has something to end: values that it stores, or a connection."""

    def close(self) -> None:
        """End it; the source is not used any more."""


@runtime_checkable
class Connecting(Protocol):
    """A source that keeps a connection, which people may end and begin again."""

    def connect(self) -> None:
        """Connect now, also where an earlier attempt failed or somebody disconnected it.

        Raises:
            Problem: It cannot.
        """

    def disconnect(self) -> None:
        """End the connection, and make none until `connect`."""


@runtime_checkable
class Certified(Protocol):
    """A source that recognizes its host by a certificate."""

    def fingerprint(self) -> str:
        """Return the fingerprint of the certificate that the host shows, trusted or not; empty where it shows none.

        Raises:
            Problem: It cannot be reached.
        """


@runtime_checkable
class Diagnosing(Protocol):
    """A source whose CPU has a diagnostic buffer."""

    def read_diagnostics(self, count: int, language: str) -> Diagnostics:
        """Return the newest entries.

        Raises:
            Problem: It cannot be reached, or its firmware has none.
        """


class ListedAlarm(msgspec.Struct, frozen=True):
    """An alarm that a controller lists.

    Attributes:
        id: The controller's id of it.
        text: Its text.
        language: The language of the text.
        active: Whether it came and did not go.
        needs_acknowledge: Whether somebody has to acknowledge it.
        acknowledged: Whether somebody has, or nobody needs to.
        number: Its number; 0 without one.
        time: When it came or went; microseconds since 1970, 0 where it is not known.
    """

    id: str
    text: str
    language: str
    active: bool
    needs_acknowledge: bool
    acknowledged: bool
    number: int = 0
    time: int = 0


@runtime_checkable
class Alarming(Protocol):
    """A source whose controller keeps a list of alarms."""

    def alarms(self) -> Sequence[ListedAlarm] | None:
        """Return the whole list; None where it has not changed since the last call.

        Raises:
            Problem: It cannot be reached.
        """

    def acknowledge_alarm(self, id_: str) -> None:
        """Acknowledge an alarm, by the controller's id.

        Raises:
            Problem: The controller refuses it, or cannot be reached.
        """


@runtime_checkable
class Watching(Protocol):
    """A source that is followed for some of its tags, because following all would be too many."""

    def watch(self, changed: Changed, paths: Sequence[str]) -> None:
        """Say the changes of these tags, and of no others, to a function that follows the source. It does not wait for them."""


@runtime_checkable
class Versioned(Protocol):
    """A source that knows when its tags are others, as after a download."""

    def version(self) -> int:
        """Return a number that is another one when the tags are others.

        Raises:
            Problem: The source cannot be reached.
        """


def differing(source: Source, expected: Mapping[str, Scalar]) -> dict[str, Detail | None]:
    """Return the tags that do not have the value that a writer expects, each with the reason."""
    found = source.read(list(expected)) if expected else ()
    return {
        path: value.error or has_changed(f"{source.name}:{path}")
        for (path, wanted), value in zip(expected.items(), found, strict=True)
        if value.error or not data_types.equal(value.data_type, wanted, value.value, value.text)
    }


def has_changed(tag: str) -> Detail:
    """Return that a tag does not have the value that a writer expects."""
    msg = "The tag does not have the expected value any more, so it was not written: read it again."
    return Detail("runtime.changed", msg, Place(object=tag))


def not_tried(tag: str) -> Detail:
    """Return that a tag was not written because of another one."""
    msg = "It was not written, because another tag of the same request cannot be: all or none was asked for."
    return Detail("runtime.not_tried", msg, Place(object=tag))
