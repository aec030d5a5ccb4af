"""The kind of the source of the S7 protocol, with its connection."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from engineering_api.operations.fields import Model, named
from openness_bridge.errors import Detail, Place, Problem
from runtime_data.patterns import fold
from runtime_data.sources.kind import Around, SourceKind
from runtime_data.sources.s7.addresses import parse
from runtime_data.sources.s7.connection import Connection
from runtime_data.sources.s7.source import S7Source

MOST_SYMBOLS = 10_000
ConnectionType = Annotated[Literal["pg", "op", "basic"], msgspec.Meta(title="S7ConnectionType")]


class S7Symbol(Model):
    """A name for an address."""

    name: Annotated[
        str, named("Path of the tag, such as Motor.speed.", min_length=1, max_length=500, pattern=r"^[^:/]+$")
    ]
    address: Annotated[str, named("Its absolute address, such as DB1.DBD0:REAL.", min_length=1, max_length=100)]


class S7Connection(Model):
    """How a source connects to a CPU by the S7 protocol."""

    host: Annotated[str, named("Name or IPv4 address of the CPU.", min_length=1, max_length=253)]
    port: Annotated[int, named("TCP port.", ge=1, le=65535)] = 102
    rack: Annotated[int, named("Rack of the CPU: 0 for S7-1200 and S7-1500.", ge=0, le=7)] = 0
    slot: Annotated[
        int, named("Slot of the CPU: 1 for S7-1200 and S7-1500, 2 for S7-300, 2 to 5 for S7-400.", ge=0, le=31)
    ] = 1
    connection_type: Annotated[ConnectionType, named("Which connections of the CPU it takes one of.")] = "basic"
    tags: Annotated[list[S7Symbol], named("Names for addresses.", max_length=MOST_SYMBOLS)] = []
    absolute: Annotated[
        bool,
        named(
            "Whether addresses are tags, too; without them no other address of the same bytes gets around a rule for a name."
        ),
    ] = True


def _make(name: str, settings: S7Connection, around: Around) -> S7Source:
    def addresses() -> list[str]:
        return around.targets.resolve_here(settings.host, settings.port)

    connection = Connection(addresses, settings.port, settings.rack, settings.slot, settings.connection_type)
    symbols = {each.name: each.address for each in settings.tags}
    return S7Source(name, connection, symbols, absolute=settings.absolute)


def _check(settings: S7Connection) -> list[Detail]:
    found, seen = list[Detail](), set[str]()
    for number, each in enumerate(settings.tags):
        try:
            _ = parse(each.address)
        except Problem as problem:
            found.append(Detail(problem.code, problem.message, Place(pointer=f"/tags/{number}/address")))
        if fold(each.name) in seen:
            msg = f"'{each.name}' is named twice."
            found.append(Detail("runtime.twice", msg, Place(pointer=f"/tags/{number}/name")))
        seen.add(fold(each.name))
    return found


KIND = SourceKind("s7", S7Connection, _make, lambda settings: (settings.host, settings.port), _check)
