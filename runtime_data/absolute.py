"""The memory of a simulated PLC by absolute address, as S7 communication sees it.

PLCSIM Advanced reaches data blocks only by name, so only the virtual CPU has this (`AbsoluteAccess`): a real PLCSIM Advanced
answers S7 clients itself. Calls take no turn with the handle: each waits only for the end of a scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from openness_bridge.errors import Kind, Problem
from openness_bridge.plcsim.runtime import Handle

TYPE = "AbsoluteAccess"
NUMBERED = ("Timer", "Counter")
"""Areas of what has a number instead of an address, and is only read."""


class Range(NamedTuple):
    """Bytes of an area.

    Attributes:
        area: Input, Output, Marker, Timer, Counter or DataBlock.
        block: Number of the data block; 0 for other areas.
        start: First byte; of timers and counters two bytes each.
        length: Number of bytes.
    """

    area: str
    block: int
    start: int
    length: int


class Change(NamedTuple):
    """Bits that get new values.

    Attributes:
        mask: Which bits of the content are written.
    """

    area: str
    block: int
    start: int
    mask: bytes
    content: bytes


class PlaceOf(NamedTuple):
    """Where a value is.

    Attributes:
        name: Of the tag, as the runtime names it.
        data_type: Such as Real or String[10].
        bits: Its width.
        writable: Whether it can be written from outside at all.
    """

    name: str
    data_type: str
    area: str
    block: int
    byte: int
    bit: int
    bits: int
    writable: bool


class ProgramFacts(NamedTuple):
    """What identifies a loaded program.

    Attributes:
        downloads: How many were loaded.
        blocks: Numbers of its blocks by kind: OB, FB, FC, DB.
        family: Such as S7-1500; empty without a program.
    """

    downloads: int
    blocks: dict[str, list[int]]
    family: str


def require(handle: Handle) -> Any:
    """Return the type that gives access.

    Raises:
        Problem: PLCSIM Advanced has none.
    """
    if not handle.model.has(TYPE):
        msg = "PLCSIM Advanced answers S7 clients itself, at the address of the instance: connect to that."
        raise Problem("plcsim.absolute", msg, kind=Kind.UNSUPPORTED)
    return handle.model.AbsoluteAccess


def read(handle: Handle, ranges: Sequence[Range]) -> list[bytes | None]:
    """Return the bytes of ranges of one moment; None for one that does not exist.

    Raises:
        Problem: The instance is off.
    """
    access = require(handle)
    with handle.look() as api:
        found: list[bytes | None] = access.Read(api, ranges)
    return found


def change(handle: Handle, changes: Sequence[Change]) -> list[bytes | None]:
    """Write bits between two scans; return what the ranges had before, None for one that does not exist.

    Raises:
        Problem: The instance is off.
    """
    access = require(handle)
    with handle.look() as api:
        found: list[bytes | None] = access.Change(api, changes)
    return found


def size(handle: Handle, area: str, block: int = 0) -> int | None:
    """Return the bytes of an area or data block with standard access; None where there is none."""
    access = require(handle)
    with handle.look() as api:
        found: int | None = access.Size(api, area, block)
    return found


def downloads(handle: Handle) -> int:
    """Return how many programs were loaded."""
    access = require(handle)
    with handle.look() as api:
        return int(access.Downloads(api))


def places(handle: Handle) -> list[PlaceOf]:
    """Return where all values with an absolute address are."""
    access = require(handle)
    with handle.look() as api:
        return [PlaceOf(*each) for each in access.Places(api)]


def checksum(handle: Handle) -> str:
    """Return the checksum of the loaded program; empty where there is none."""
    access = require(handle)
    with handle.look() as api:
        return str(access.Checksum(api))


def facts(handle: Handle) -> ProgramFacts:
    """Return what identifies the program."""
    access = require(handle)
    with handle.look() as api:
        return ProgramFacts(*access.Facts(api))
