"""Compares the manifest with public listings of the assemblies: reflection stubs (.pyi) and documentation files (.xml).

    python -m tests.openness_bridge.manifest.listings FOLDER 17

The folder is one that the user fetched: the `typings` of stubs of that version, or the files `Siemens.Engineering*.xml`.
Nothing of it is kept here: the command prints numbers, and with --names the names that differ.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from openness_bridge.manifest.reading import Manifest, read
from openness_bridge.manifest.signatures import Kind
from simatic_xml.xml.parsing import harmless_parser

ROOT = "Siemens.Engineering"
_NUMBER = re.compile(r"(\w+) \((-?\d+)\)")
_MEMBER = re.compile(rf"([PMEFT]):{re.escape(ROOT)}\.([\w.`]+)")
_OF_OBJECT = {"Equals", "GetHashCode", "ToString", "value__", "Parent", "GetEnumerator"}
_LISTED = {Kind.PROPERTY, Kind.METHOD, Kind.EVENT, Kind.VALUE}
Listing = Mapping[str, "Listed"]


@dataclass(slots=True)
class Listed:
    """A type of a listing.

    Attributes:
        members: Names of its own members.
        numbers: Members of an enum with their numbers; None where the listing has none.
    """

    members: set[str] = field(default_factory=set)
    numbers: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two lists have in common, and what only one has, as Type or Type.Member."""

    types: list[str]
    types_only_listed: list[str]
    confirmed: list[str]
    not_listed: list[str]
    not_known: list[str]
    numbers: int
    other_numbers: list[str]

    def __str__(self) -> str:
        """Write the numbers."""
        return (
            f"{len(self.types)} types in both, {len(self.types_only_listed)} only in the listing; members: "
            f"{len(self.confirmed)} in both, {len(self.not_listed)} only in the manifest, {len(self.not_known)} only in the "
            f"listing; enum values: {self.numbers} equal, {len(self.other_numbers)} different."
        )


def of_stubs(folder: Path) -> Listing:
    """Read reflection stubs: Siemens/Engineering/**/__init__.pyi."""
    top = folder / "Siemens" / "Engineering"
    found: dict[str, Listed] = {}
    for file in sorted(top.rglob("__init__.pyi")):
        space = ".".join(file.parent.relative_to(top).parts)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes in the texts
            tree = ast.parse(file.read_text(encoding="utf-8-sig"))
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                found[f"{space}.{node.name}".lstrip(".")] = _stub(node)
    return found


def _stub(node: ast.ClassDef) -> Listed:
    names = {each.name for each in node.body if isinstance(each, ast.FunctionDef) and not each.name.startswith("__")}
    names |= {
        str(each.target.id)
        for each in node.body
        if isinstance(each, ast.AnnAssign)
        if isinstance(each.target, ast.Name)
    }
    text = ast.get_docstring(node) or ""
    values = text.partition("values: ")[2] if re.search(r"\benum\b", text) else ""
    numbers = {name: int(number) for name, number in _NUMBER.findall(values)}  # a stub cannot annotate a member None
    return Listed(names | set(numbers), numbers or None)


def of_documentation(folder: Path) -> Listing:
    """Read documentation files of the assemblies: they have neither types of values nor numbers."""
    found: dict[str, Listed] = {}
    for file in sorted(folder.glob("Siemens.Engineering*.xml")):
        for element in etree.parse(file, harmless_parser()).iter("member"):
            match = _MEMBER.match(element.get("name", ""))
            if match is None or ".AddIn." in f".{match[2]}.":
                continue
            kind, full = match[1], match[2].partition("`")[0]
            owner, _, member = (full, "", "") if kind == "T" else full.rpartition(".")
            found.setdefault(owner, Listed()).members.update({member} - {""})
    return found


def compare(manifest: Manifest, listing: Listing) -> Comparison:
    """Compare the members that a type has itself; what only the manifest has may come from a base in the listing."""
    types = sorted(set(manifest.types) & set(listing))
    confirmed, not_listed, not_known, other = [], [], [], []
    equal = 0
    for name in types:
        listed = listing[name]
        own = {each.name: each for each in manifest.types[name].own.values() if each.kind in _LISTED}
        inherited = {each.name for each in manifest.members(name)}
        confirmed += [f"{name}.{each}" for each in own if each in listed.members]
        not_listed += [f"{name}.{each}" for each in own if each not in listed.members]
        not_known += [f"{name}.{each}" for each in sorted(listed.members - inherited - _OF_OBJECT)]
        for member, number in (listed.numbers or {}).items():
            known = own.get(member)
            if known is not None and known.number is not None:
                equal += known.number == number
                other += [f"{name}.{member}"] if known.number != number else []
    only = sorted(set(listing) - set(manifest.types))
    return Comparison(types, only, confirmed, not_listed, not_known, equal, other)


def main() -> None:
    """Print the numbers for a folder."""
    parser = argparse.ArgumentParser(description="Compare the manifest with a public listing of the assemblies.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("version")
    parser.add_argument("--names", action="store_true", help="Print the names too.")
    given = parser.parse_args()
    listing = of_stubs(given.folder) or of_documentation(given.folder)
    if not listing:
        parser.error(f"{given.folder} has neither Siemens/Engineering/**/__init__.pyi nor Siemens.Engineering*.xml.")
    found = compare(read(given.version), listing)
    sys.stdout.write(f"{found}\n")
    if given.names:
        sys.stdout.writelines(f"{line}\n" for line in _lines(found))


def _lines(found: Comparison) -> Iterator[str]:
    yield from (f"- {name}" for name in found.not_listed)
    yield from (f"+ {name}" for name in found.not_known)
    yield from (f"! {name}" for name in found.other_numbers)


if __name__ == "__main__":
    main()
