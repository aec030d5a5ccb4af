"""The kinds of sources outside this computer: each module of one registers its settings, and how a source is made of them.

The registry keeps the definitions and seals their secrets; a source only reads, writes and browses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from engineering_api.runtime.fail_safe import IsFailSafe
from engineering_api.runtime.sources.source import Source
from engineering_api.security.targets import Targets
from openness_bridge.errors import Detail, Kind, Place, Problem


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
        host: Returns the host and the port that it connects to: they are refused where they are not allowed.
        check: Returns what is wrong with settings, with pointers below `connection`, such as /host.
    """

    name: str
    form: type[msgspec.Struct]
    make: Callable[[str, Any, Around], Source]
    host: Callable[[Any], tuple[str, int]]
    check: Callable[[Any], list[Detail]] = _none


KINDS: dict[str, SourceKind] = {}
"""The kinds by name; `register` adds one."""


def register(kind: SourceKind) -> None:
    """Add a kind of source."""
    KINDS[kind.name] = kind


def find_kind(name: str) -> SourceKind:
    """Return a kind of source.

    Raises:
        Problem: There is none of this name.
    """
    found = KINDS.get(name)
    if found is None:
        msg = f"'{name}' is not a kind of source with a connection: write {', '.join(sorted(KINDS))}."
        raise Problem("runtime.source_kind", msg, kind=Kind.INVALID, place=Place(pointer="/kind"))
    return found
