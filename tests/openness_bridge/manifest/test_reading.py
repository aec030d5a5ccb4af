"""The manifest's files, laid over each other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openness_bridge.manifest.dump import WORDS, format_document
from openness_bridge.manifest.reading import (
    DATA,
    OPENNESS,
    PLCSIM,
    Manifest,
    TypeEntry,
    is_offered,
    merge,
    read,
    versions,
)
from openness_bridge.manifest.signatures import Basis, Kind
from simatic_xml.versions import PORTALS

PLAIN = {*WORDS.values(), "?", "T"}


def document(version: str, types: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"product": "P", "version": version, "root": "R", "assembly": "A", "types": types} | more


def test_a_later_file_adds_replaces_and_drops() -> None:
    first = document(
        "1",
        {
            "A.One": {"kind": "class", "bases": ["Base"], "documented": ["Name: string", "Old(): int", "Set(x: int)"]},
            "Base": {"kind": "class", "documented": ["Parent: object", "Name: string"]},
            "Two": {"kind": "enum", "flags": True, "documented": ["None = 0"]},
        },
    )
    second = document(
        "2",
        {"A.One": {"inferred": ["Name*: string"], "gone": ["Old()"], "bases": ["Base", "Two"]}},
        gone=["Two"],
        assemblies={"B": ["A.One"]},
    )
    old, new = merge([first]), merge([first, second])
    assert {str(member) for member in old.types["A.One"].own.values()} == {"Name: string", "Old(): int", "Set(x: int)"}
    name = new.types["A.One"].own["Name"]
    assert (name.writable, name.basis, "Old()" in new.types["A.One"].own) == (True, Basis.INFERRED, False)
    assert (new.types["A.One"].bases, set(new.types)) == (("Base", "Two"), {"A.One", "Base"})
    assert (new.assembly_of("A.One"), new.assembly_of("Base"), old.assembly_of("A.One")) == ("B", "A", "A")
    assert [str(member) for member in new.members("A.One")] == ["Name*: string", "Set(x: int)", "Parent: object"]
    assert [entry.name for entry in new.find_by_simple_name("One")] == ["A.One"]


def every() -> list[Manifest]:
    return [read(version, product) for product in (OPENNESS, PLCSIM) for version in versions(product)]


def test_all_versions_are_there() -> None:
    assert versions() == list(PORTALS)
    assert versions(PLCSIM) == ["1.0", "3.0", "6.0"]
    with pytest.raises(ValueError, match=r"does not have openness 14"):
        read("14")


def named_types(entry: TypeEntry) -> Iterator[str]:
    """The product's own types that the lines of a type name."""
    texts = [*entry.bases]
    for member in entry.own.values():
        texts += [member.type, *(each.type for each in member.parameters)]
        texts += [member.name] if member.kind is Kind.SERVICE else []
    words = {word for text in texts for word in re.findall(r"[\w.?]+", text)} - PLAIN
    yield from (word for word in words if not word.startswith("System."))


def test_every_type_that_a_line_names_is_one_of_that_version() -> None:
    strange = {
        (manifest.version, name, word)
        for manifest in every()
        for name, entry in manifest.types.items()
        for word in named_types(entry)
        if word not in manifest.types
    }
    assert strange == set()


def test_kinds_and_members_go_together() -> None:
    for manifest in every():
        for entry in manifest.types.values():
            values = {member.kind is Kind.VALUE for member in entry.own.values()}
            assert entry.kind in {"class", "interface", "enum", "struct", "delegate"}
            assert values <= ({True} if entry.kind == "enum" else {False}), entry.name


def test_what_a_version_brought_and_dropped() -> None:
    def has(version: str, name: str, member: str) -> bool:
        manifest = read(version)
        return name in manifest.types and any(each.name == member for each in manifest.members(name))

    assert [has(version, "ProjectBase", "Graphics") for version in ("17", "20", "21")] == [True, True, False]
    assert [has(version, "TiaPortal", "HardwareCatalog") for version in ("17", "18")] == [False, True]
    assert [read(version).types["SW.Tags.PlcTag"].own["Name"].writable for version in ("19", "20")] == [False, True]
    assert read("20").assembly_of("SW.Blocks.FB") == "Siemens.Engineering"
    assert read("21").assembly_of("SW.Blocks.FB") == "Siemens.Engineering.Step7"
    assert read("21").assembly_of("Project") == "Siemens.Engineering.Base"
    assert is_offered(read("20"), "SW.PlcSoftware", "Compiler.ICompilable")
    assert not is_offered(read("20"), "SW.Tags.PlcTagTable", "Compiler.ICompilable")


def test_interfaces_that_are_implemented_explicitly_say_so() -> None:
    own = read("20").types["IEngineeringObject"].own
    assert (own["GetComposition(string)"].explicit, own["GetAttribute(string)"].explicit) == (True, False)
    assert read("16").types["IEngineeringObject"].own["GetAttribute(string)"].explicit


@pytest.mark.parametrize("path", sorted(DATA.glob("*.json")), ids=lambda path: path.stem)
def test_the_files_have_the_form_that_a_dump_has(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    content = json.loads(text)
    assert format_document(content) == text
    assert list(content["types"]) == sorted(content["types"])
    assert {"product", "version", "root", "assembly"} <= set(content)
