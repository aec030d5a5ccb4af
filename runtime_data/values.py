"""What the parts of the runtime exchange: values of tags, and what is known of a tag."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

from openness_bridge.errors import Detail, Kind, Problem
from runtime_data.quality import GOOD, Quality, is_good, quality_of

Scalar = bool | int | float | str
RuntimeScalar = Annotated[Scalar | None, msgspec.Meta(title="RuntimeScalar")]
"""A value as clients get it: a truth value, a number or a text; null where there is none, and for NaN and infinities."""
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Value(msgspec.Struct, frozen=True):
    """The value of a tag at a moment.

    Attributes:
        tag: source:path, such as PLC_1:Motor.speed.
        value: As docs/runtime/values.md says for each data type: a truth value, a number, a text, a list or an object; None
            where there is none, and for NaN and infinities, which `text` names.
        data_type: Such as Real, as TIA Portal writes it; empty where it is not known.
        status: OPC UA's status code.
        source_time: When the source took it; microseconds since 1970, UTC. A value that did not change keeps it.
        server_time: When the service got it, as source_time.
        unit: Its unit; empty without one.
        text: The value as TIA Portal writes it, where JSON does not say all of it: T#2s, NaN.
        error: Why there is no value.
    """

    tag: str
    value: Any
    data_type: str = ""
    status: int = GOOD.code
    source_time: int = 0
    server_time: int = 0
    unit: str = ""
    text: str = ""
    error: Detail | None = None

    @property
    def quality(self) -> Quality:
        """Good, Uncertain or Bad."""
        return quality_of(self.status)

    @property
    def is_good(self) -> bool:
        """Whether it may be used."""
        return is_good(self.status)

    def same(self, other: Value | None) -> bool:
        """Return whether another one says the same, whenever it was taken."""
        return (
            other is not None
            and self.status == other.status
            and type(self.value) is type(other.value)
            and self.value == other.value
            and self.text == other.text
        )


class TagInfo(msgspec.Struct, rename="camel", frozen=True):
    """A node below a source: a tag with a value, or a folder, structure or array of tags.

    Attributes:
        tag: source:path.
        name: The last part of the path.
        data_type: Such as Real, Struct, Array[0..3] of Int; empty for a folder.
        has_value: Whether it can be read.
        has_children: Whether there are nodes below it.
        writable: Whether its source takes values for it at all; rules may forbid it still.
        minimum: The smallest value that is accepted; None without a limit.
        area: Of a PLC: Input, Output, Marker, Counter, Timer or DataBlock; empty where it is not known.
        fail_safe: Whether it is known to belong to a fail-safe block.
    """

    tag: str
    name: str
    data_type: str = ""
    has_value: bool = True
    has_children: bool = False
    writable: bool = True
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    description: str = ""
    area: str = ""
    fail_safe: bool = False


def now() -> int:
    """Return the present moment in microseconds since 1970, UTC."""
    return time.time_ns() // 1000


def moment(microseconds: int) -> dt.datetime:
    """Return the moment that is so many microseconds after 1970, in UTC. It is exact."""
    return EPOCH + dt.timedelta(microseconds=microseconds)


def microseconds(when: dt.datetime) -> int:
    """Return a moment as microseconds since 1970; one without a zone is UTC. It is exact."""
    aware = when if when.tzinfo else when.replace(tzinfo=dt.UTC)
    return (aware - EPOCH) // dt.timedelta(microseconds=1)


def split(tag: str) -> tuple[str, str]:
    """Return the source and the path of a tag; the source is empty where the tag names none.

    Raises:
        Problem: There is no path.
    """
    source, colon, path = tag.partition(":")
    found = (source, path) if colon else ("", tag)
    if not found[1]:
        msg = f"'{tag}' is not a tag: write source:path, such as PLC_1:Motor.speed."
        raise Problem("runtime.tag", msg, kind=Kind.INVALID)
    return found


def sources_of(tags: Iterable[str]) -> set[str]:
    """Return the sources of tags, given by their full names."""
    return {split(tag)[0] for tag in tags}
