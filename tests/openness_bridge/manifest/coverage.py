"""Writes docs/object-model.md: `python -m tests.openness_bridge.manifest.coverage`. A test fails when the page is not what this says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from enum import Enum

from openness_bridge.manifest.reading import PLCSIM, TypeEntry, read, versions
from openness_bridge.manifest.signatures import Basis, Kind
from tests import ROOT
from tests.openness_bridge.manifest.bridge_walk import uses
from tests.openness_bridge.manifest.kit import LATEST, VERSIONS, deviations, fake_types, public, real_members

PAGE = ROOT / "docs" / "object-model.md"
HEAD = f"""# The object model: real, in the fake, used by the bridge

`openness_bridge/manifest/` has the types and members of TIA Portal Openness V{VERSIONS[0]} to V{LATEST} and of the API of
PLCSIM Advanced as data: one file for the oldest version, and for each later one what it added, changed and dropped.
`openness_bridge.manifest.signatures` reads a line, `reading` combines the files.

It is not the whole object model: it has the types of the type list, and of them the members that the bridge, the fake or
the notes on the object model name. Only a dump of a licensed computer is complete.

Every line has a basis. **documented**: in a document of the product or a type list. **inferred**: it follows from
something documented, such as the version between two that have it, a naming rule, or the base class that its documentation
does not name. **unverified**: one weak source.
`?` is an unknown type. You can dump a real installation and compare it:

    tia manifest dump --tia-version 20 --out v20.json
    tia manifest compare v20.json

Tests compare the fake with it: it has no public type or member that the manifest lacks in that version, except those in
the last table; an enum of the fake has the members of all versions. The bridge uses no name that the manifest lacks. A member
that the fake lacks fails with an `AttributeError` that names this page.

`python -m tests.openness_bridge.manifest.coverage` writes this page.
"""
SKIPPED = {
    "IEngineeringObject",
    "IEngineeringServiceProvider",
    "IEngineeringInstance",
    "IEngineeringComposition",
    "IEngineeringAssociation",
    "IEngineeringCompositionOrObject",
}


def page() -> str:
    """The whole page."""
    parts = [HEAD, *_versions(), *_namespaces(), *_types(), *_plcsim(), *_deviations()]
    return "\n".join(parts) + "\n"


def _table(title: str, *columns: str) -> Iterator[str]:
    yield f"\n## {title}\n"
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _versions() -> Iterator[str]:
    yield from _table(
        "Versions", "version", "types", "members", "documented", "inferred", "unverified", "types of the fake"
    )
    for version in VERSIONS:
        own = [member for entry in read(version).types.values() for member in entry.own.values()]
        bases = Counter(member.basis for member in own)
        counts = [bases[basis] for basis in Basis]
        yield _row(f"V{version}", len(read(version).types), len(own), *counts, len(fake_types(version)))


def _namespaces() -> Iterator[str]:
    """Types by namespace: how many of them the fake has."""
    yield from _table(f"Namespaces of V{LATEST}", "namespace", "types", "enums among them", "in the fake")
    entries: dict[str, list[TypeEntry]] = defaultdict(list)
    for entry in read(LATEST).types.values():
        entries[entry.name.rpartition(".")[0] or "(root)"].append(entry)
    for namespace, inside in sorted(entries.items()):
        enums = sum(entry.kind == "enum" for entry in inside)
        yield _row(namespace, len(inside), enums, sum(entry.simple_name in fake_types(LATEST) for entry in inside))


def _types() -> Iterator[str]:
    """The classes and interfaces that the fake has."""
    title = f"Types of the fake in V{LATEST}"
    yield from _table(title, "type", "members", "in the fake", "used by the bridge", "used and not in the fake")
    used = {use.name for use in uses() if use.kind == "member"}
    for entry in sorted(read(LATEST).types.values(), key=lambda each: each.name):
        kind = fake_types(LATEST).get(entry.simple_name)
        if kind is None or entry.kind == "enum" or issubclass(kind, Enum):
            continue
        here = _members(entry)
        fake = public(kind, LATEST) & here
        yield _row(entry.name, len(here), len(fake), len(here & used), ", ".join(sorted((here & used) - fake)))
    yield "\nThe source has no types, so a member counts as used when the bridge uses its name anywhere."


def _members(entry: TypeEntry) -> set[str]:
    """Names of a type's members, inherited ones too; not those that every object has."""
    manifest = read(LATEST)
    other = {Kind.SERVICE, Kind.ATTRIBUTE, Kind.CONSTRUCTOR}
    bases = [each for each in manifest.lineage(entry.name) if each.name not in SKIPPED]
    return {member.name for each in bases for member in each.own.values() if member.kind not in other}


def _plcsim() -> Iterator[str]:
    yield from _table("PLCSIM Advanced", "API version", "types", "members")
    for version in versions(PLCSIM):
        types = read(version, PLCSIM).types
        yield _row(version, len(types), sum(len(entry.own) for entry in types.values()))


def _deviations() -> Iterator[str]:
    yield from _table("Members of the fake that the manifest lacks", "type", "members", "reason")
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (name, member), why in deviations().items():
        found[name, why].append(member)
    for (name, why), members in found.items():
        assert not set(members) <= real_members(read(LATEST), name)
        yield _row(name, ", ".join(members), why)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
