"""The kinds of sources outside this computer, ours and those of plugins: each has its settings, and how a source is made of them.

The registry keeps the definitions and seals their secrets; a source only reads, writes and browses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from engineering_api.security.targets import Targets
from openness_bridge.errors import Detail
from runtime_data.fail_safe import IsFailSafe
from runtime_data.plugins import find_in, guard, require_kind
from runtime_data.sources.guarded import guard_source
from runtime_data.sources.source import Source
from simatic_xml.lazy.plugins import Entry, Table


@dataclass(frozen=True, slots=True)
class Around:
    """What a source may use besides its settings.

    Attributes:
        targets: Which hosts it may connect to.
        is_fail_safe: Returns whether a data block of a PLC is fail-safe, as far as the open project says.
        folder: Where it may keep what it needs again, such as a certificate.
    """

    targets: Targets
    is_fail_safe: IsFailSafe
    folder: Path = Path("runtime")


def _none(_: Any) -> list[Detail]:
    return []


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of source.

    Attributes:
        name: What `kind` of a definition says.
        form: The struct that `connection` is read as. Its fields that are declared with `operations.fields.secret` are sealed
            before they are kept, and never answered.
        make: Makes the source of a name and of settings whose secrets are open. It connects when it is asked first, not here.
        host: Returns the host and the port that it connects to: they are refused where they are not allowed. None where it
            connects to none.
        check: Returns what is wrong with settings, with pointers below `connection`, such as /host.
    """

    name: str
    form: type[msgspec.Struct]
    make: Callable[[str, Any, Around], Source]
    host: Callable[[Any], tuple[str, int]] | None = None
    check: Callable[[Any], list[Detail]] = _none


def _accept(found: object, entry: Entry) -> SourceKind:
    """Accept a kind. One of a plugin makes sources whose failures are answers."""
    kind = require_kind(found, entry, SourceKind)
    if entry.is_own:
        return kind

    def make(name: str, settings: Any, around: Around) -> Source:
        return guard_source(kind.make(name, settings, around), name, entry)

    return replace(
        kind,
        make=guard(make, entry),
        host=kind.host and guard(kind.host, entry),
        check=guard(kind.check, entry),
    )


OWN = {
    "webapi": "runtime_data.sources.webapi.source:KIND",
    "opcua": "runtime_data.sources.opcua.settings:KIND",
    "s7": "runtime_data.sources.s7.kind:KIND",
}
WITHOUT_CONNECTION = ("memory", "simulated")
"""Kinds of the service itself."""
RESERVED = (*WITHOUT_CONNECTION, "virtual", "plcsim")
KINDS: Table[SourceKind] = Table("sources", OWN, _accept, RESERVED)
"""The kinds with a connection, by name."""


def find_kind(name: str) -> SourceKind:
    """Return a kind of source.

    Raises:
        Problem: There is none of this name, or it is one of a plugin that cannot be used.
    """
    return find_in(KINDS, name, "runtime.source_kind", "kind of source with a connection", "/kind")
