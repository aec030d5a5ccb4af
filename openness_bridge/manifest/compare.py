"""Compares two manifests of one version, such as the files here with a dump of real assemblies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openness_bridge.manifest.reading import Manifest, TypeEntry
from openness_bridge.manifest.signatures import UNKNOWN, Basis, Kind, Member

_REFLECTED = frozenset(Kind) - {Kind.SERVICE, Kind.ATTRIBUTE}
"""The kinds that reflection shows; only the manifest knows services and attributes."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One type or member that differs between the two.

    Attributes:
        type: The type's name.
        member: The member's key; "" for the type itself.
        ours: The first's form, "" when it lacks it.
        theirs: The second's form, "" when it lacks it.
        basis: How sure the first is.
    """

    type: str
    member: str
    ours: str
    theirs: str
    basis: Basis = Basis.DOCUMENTED

    def __str__(self) -> str:
        """Write it in a line: - is ours only, + theirs only, ! both but different."""
        place = f"{self.type}: " if self.member else ""
        if not self.theirs:
            return f"- {place}{self.ours} ({self.basis})"
        return f"+ {place}{self.theirs}" if not self.ours else f"! {place}{self.ours} ({self.basis}) is {self.theirs}"


def compare(ours: Manifest, theirs: Manifest) -> Iterator[Difference]:
    """Yield all differences, by type.

    A type and a number of an enum that are unknown in the first (?) agree with any, and so does whether a property of an
    unknown type can be set, and the name of a parameter that has none there. Inherited members count as if they were a type's own.
    """
    for name in sorted(set(ours.types) | set(theirs.types)):
        mine, other = ours.types.get(name), theirs.types.get(name)
        if mine is None or other is None:
            basis = mine.basis if mine else Basis.DOCUMENTED
            yield Difference(name, "", _title(mine), _title(other), basis)
            continue
        if mine.kind != other.kind:
            yield Difference(name, "", _title(mine), _title(other), mine.basis)
        yield from _members(name, ours, theirs)


def _title(entry: TypeEntry | None) -> str:
    return f"{entry.kind} {entry.name}" if entry else ""


def _members(name: str, ours: Manifest, theirs: Manifest) -> Iterator[Difference]:
    mine, other = _by_key(ours, name), _by_key(theirs, name)
    own = {key for key in ours.types[name].own if key in mine}
    matched = {key: key if key in other else _fitting(mine[key], other) for key in own}
    for key, fitting in sorted(matched.items()):
        here, there = mine[key], other.get(fitting)
        if there is None:
            yield Difference(name, key, str(here), "", here.basis)
        elif not _is_equal(here, there):
            yield Difference(name, key, str(here), str(there), here.basis)
    for key in sorted(set(theirs.types[name].own) & set(other) - set(mine) - set(matched.values())):
        yield Difference(name, key, "", str(other[key]))


def _fitting(here: Member, other: dict[str, Member]) -> str:
    """Return the key of the overload that is meant by one with parameters whose types are not known; "" for none."""
    if all(UNKNOWN not in each.type for each in here.parameters):
        return ""
    return next((key for key, there in other.items() if _fits(here, there)), "")


def _fits(here: Member, there: Member) -> bool:
    if (here.name, len(here.parameters)) != (there.name, len(there.parameters)):
        return False
    return all(
        UNKNOWN in mine.type or mine.type == other.type
        for mine, other in zip(here.parameters, there.parameters, strict=True)
    )


def _by_key(manifest: Manifest, name: str) -> dict[str, Member]:
    return {member.key: member for member in manifest.members(name) if member.kind in _REFLECTED}


def _is_equal(here: Member, there: Member) -> bool:
    facts = (here.kind, here.static) == (there.kind, there.static)
    writable = here.writable == there.writable or (here.type == UNKNOWN and not here.writable)
    types = UNKNOWN in here.type or here.type == there.type
    numbers = here.number is None or here.number == there.number
    return facts and writable and types and numbers
