"""The fake's list of types, which reflection answers from, and the manifest say the same."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import fake_openness
from openness_bridge.manifest.reading import read
from tests.openness_bridge.manifest.kit import VERSIONS

LIST = Path(fake_openness.__file__).parent / "data" / "types.csv"


def rows() -> Iterator[dict[str, str]]:
    with LIST.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def disagreement(row: dict[str, str]) -> str:
    """What the manifest says otherwise of a line of the list; "" when it agrees.

    A line of basis N tells the first version that a source names: the manifest may know an earlier one.
    """
    having = [version for version in VERSIONS if row["type"] in read(version).types]
    if not having:
        return "is not in the manifest"
    manifest = read(having[-1])
    entry = manifest.types[row["type"]]
    if entry.kind != row["kind"]:
        return f"is a {entry.kind}"
    if having[0] != row["since"] and (row["basis"] == "D" or float(having[0]) > float(row["since"])):
        return f"came with V{having[0]}"
    if row["basis"] == "D" and not _bases(row) <= {each.name for each in manifest.lineage(row["type"])}:
        return f"does not have the bases {row['bases']}"
    numbers = {member.name: member.number for member in entry.own.values() if entry.kind == "enum"}
    if any(numbers.get(name, "missing") != number for name, number in _members(row)):
        return "has other members"
    return ""


def _bases(row: dict[str, str]) -> set[str]:
    return set(row["bases"].split())


def _members(row: dict[str, str]) -> Iterator[tuple[str, int]]:
    for member in row["members"].split():
        name, _, rest = member.partition("=")
        yield name, int(rest.partition("@")[0])


def test_the_list_agrees_with_the_manifest() -> None:
    found = {row["type"]: disagreement(row) for row in rows()}
    assert len(found) > 1000
    assert {name: said for name, said in found.items() if said} == {}


def test_a_disagreement_would_be_seen() -> None:
    row = next(row for row in rows() if row["type"] == "ExportOptions")
    assert disagreement(row | {"kind": "class"})
    assert disagreement(row | {"since": "17"})
    assert disagreement(row | {"members": "None=0 WithDefaults=2"})
    assert disagreement(row | {"type": "SW.Invented"})
