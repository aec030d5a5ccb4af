"""Reads the manifest: one file for the oldest version, and for each later one what it added, changed and dropped.

A file is one JSON document:

    {"product": "...", "version": "16", "root": "Siemens.Engineering", "assembly": "...",
     "assemblies": {"Siemens.Engineering.Hmi": ["Hmi.ConstValue"]},   types that are not in the usual assembly
     "gone": ["HW.Old"],                                              types that this version no longer has
     "types": {"SW.Blocks.PlcBlock": {
         "kind": "class", "basis": "documented", "bases": ["IEngineeringObject"],
         "documented": ["Name*: string"], "inferred": [], "unverified": [],
         "gone": ["GetOld()"]}}}                                      members by key

A type that an earlier file has is only added to; a member replaces the one of the same key. `bases` replaces.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from openness_bridge.manifest.signatures import Basis, Kind, Member, parse

DATA = Path(__file__).parent / "data"
OPENNESS, PLCSIM = "openness", "plcsim"


@dataclass(frozen=True, slots=True)
class TypeEntry:
    """A type of one version.

    Attributes:
        name: Its full name without the root namespace.
        kind: class, interface, enum, struct or delegate.
        bases: The types that it extends and has, those of the product without the root namespace.
        basis: How sure it is that there is such a type in this version.
        flags: Whether an enum's members are bits.
        own: Its own members by key.
    """

    name: str
    kind: str = "class"
    bases: tuple[str, ...] = ()
    basis: Basis = Basis.DOCUMENTED
    flags: bool = False
    own: Mapping[str, Member] = field(default_factory=dict)

    @property
    def simple_name(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The object model of one version.

    Attributes:
        product: Its product, for people.
        version: Its version, such as "20".
        root: The namespace that names are written without.
        types: By name.
        assemblies: Assembly of the types that are not in the usual one.
        assembly: The usual one.
    """

    product: str
    version: str
    root: str
    types: Mapping[str, TypeEntry]
    assemblies: Mapping[str, str]
    assembly: str

    def assembly_of(self, name: str) -> str:
        """Return the simple name of the assembly that has a type."""
        return self.assemblies.get(name, self.assembly)

    def find_by_simple_name(self, simple_name: str) -> list[TypeEntry]:
        """Return the types of a simple name: mostly one, none, or one for each of several namespaces."""
        return [entry for entry in self.types.values() if entry.simple_name == simple_name]

    def members(self, name: str) -> Iterator[Member]:
        """Yield the members of a type, its own first, then those of its bases; hidden ones are left out."""
        seen: set[str] = set()
        for entry in self.lineage(name):
            for key, member in entry.own.items():
                if key not in seen:
                    seen.add(key)
                    yield member

    def lineage(self, name: str) -> Iterator[TypeEntry]:
        """Yield the type of that name and everything that it extends and has, each once."""
        waiting, seen = [name], set[str]()
        while waiting:
            current = self.types.get(waiting.pop(0).partition("<")[0])
            if current is None or current.name in seen:
                continue
            seen.add(current.name)
            yield current
            waiting.extend(current.bases)


def versions(product: str = OPENNESS) -> list[str]:
    """Return the versions that the manifest has, oldest first."""
    found = (path.stem.partition("-")[2] for path in DATA.glob(f"{product}-*.json"))
    return sorted(found, key=float)


@cache
def read(version: str, product: str = OPENNESS) -> Manifest:
    """Return the object model of a version: all files up to it, merged.

    Raises:
        ValueError: The manifest does not have the version, or a line of it has no known form.
    """
    known = versions(product)
    if version not in known:
        msg = f"The manifest does not have {product} {version}: it has {', '.join(known)}."
        raise ValueError(msg)
    documents = [_document(product, each) for each in known[: known.index(version) + 1]]
    return merge(documents)


def merge(documents: list[dict[str, Any]]) -> Manifest:
    """Merge documents, oldest first.

    Raises:
        ValueError: A line has no known form.
    """
    types: dict[str, TypeEntry] = {}
    assemblies: dict[str, str] = {}
    for document in documents:
        for name, entry in document["types"].items():
            types[name] = _overlay(types.get(name, TypeEntry(name)), entry)
        for name in document.get("gone", ()):
            types.pop(name)
        assemblies |= {name: assembly for assembly, names in document.get("assemblies", {}).items() for name in names}
    last = documents[-1]
    return Manifest(last["product"], last["version"], last["root"], types, assemblies, last["assembly"])


def _document(product: str, version: str) -> dict[str, Any]:
    text = (DATA / f"{product}-{version}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _overlay(old: TypeEntry, entry: dict[str, Any]) -> TypeEntry:
    own = {key: member for key, member in old.own.items() if key not in entry.get("gone", ())}
    for basis in Basis:
        own |= {member.key: member for member in (parse(line, basis) for line in entry.get(basis, ()))}
    return replace(
        old,
        kind=entry.get("kind", old.kind),
        bases=tuple(entry.get("bases", old.bases)),
        basis=Basis(entry.get("basis", old.basis)),
        flags=entry.get("flags", old.flags),
        own=own,
    )


def is_offered(manifest: Manifest, name: str, service: str) -> bool:
    """Return whether GetService offers a service on objects of a type, by the manifest."""
    return any(member.kind is Kind.SERVICE and member.name == service for member in manifest.members(name))
