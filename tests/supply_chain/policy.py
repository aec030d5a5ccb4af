"""What was decided by hand: licences that are allowed, vulnerabilities that are known and bearable. Read from policy.toml."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec

POLICY = Path(__file__).with_name("policy.toml")


class Exempted(msgspec.Struct, frozen=True):
    """A package that may be used although its licence is not on the list."""

    licence: str
    reason: str


class Licences(msgspec.Struct, frozen=True):
    """What licences packages may have, and how they are read.

    Attributes:
        allowed: SPDX identifiers.
        exceptions: By the package's canonical name.
        aliases: SPDX identifiers by what packages write instead.
        stated: SPDX expressions of packages whose metadata cannot be read, by canonical name.
    """

    allowed: frozenset[str]
    exceptions: dict[str, Exempted]
    aliases: dict[str, str]
    stated: dict[str, str]


class Declared(msgspec.Struct, frozen=True):
    """Reasons, by canonical name, why a dependency is not imported, an import not declared, a version not bounded."""

    not_imported: dict[str, str]
    undeclared: dict[str, str]
    unbounded: dict[str, str]


class Ignored(msgspec.Struct, frozen=True):
    """A known vulnerability that does not stop CI until a day."""

    id: str
    package: str
    until: dt.date
    reason: str


class Policy(msgspec.Struct, frozen=True):
    """All of policy.toml."""

    licences: Licences
    declared: Declared
    ignored: list[Ignored] = []


def policy(file: Path = POLICY) -> Policy:
    """Read the file; a key that is missing or of another type is an error of msgspec."""
    return msgspec.toml.decode(file.read_bytes(), type=Policy)
