"""The manifest's files, laid over each other."""

from __future__ import annotations

from typing import Any

import pytest

from openness_bridge.manifest.reading import DATA, OPENNESS, PLCSIM, Manifest, is_offered, merged, read, versions
from openness_bridge.manifest.signatures import Basis, Kind


def document(version: str, types: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"product": "P", "version": version, "root": "R", "assembly": "A", "types": types} | more


def test_a_later_file_adds_replaces_and_drops() -> None:
    first = document("1", {
        "A.One": {"kind": "class", "bases": ["Base"], "documented": ["Name: string", "Old(): int", "Set(x: int)"]},
        "Base": {"kind": "class", "documented": ["Parent: object", "Name: string"]},
        "Two": {"kind": "enum", "flags": True, "documented": ["None = 0"]},
    })  # fmt: skip
    second = document(
        "2",
        {"A.One": {"inferred": ["Name*: string"], "gone": ["Old()"], "bases": ["Base", "Two"]}},
        gone=["Two"], assemblies={"B": ["A.One"]},
    )  # fmt: skip
    old, new = merged([first]), merged([first, second])
    assert {str(member) for member in old.types["A.One"].own.values()} == {"Name: string", "Old(): int", "Set(x: int)"}
    name = new.types["A.One"].own["Name"]
    assert (name.writable, name.basis, "Old()" in new.types["A.One"].own) == (True, Basis.INFERRED, False)
    assert (new.types["A.One"].bases, set(new.types)) == (("Base", "Two"), {"A.One", "Base"})
    assert (new.assembly_of("A.One"), new.assembly_of("Base"), old.assembly_of("A.One")) == ("B", "A", "A")
    assert [str(member) for member in new.members("A.One")] == ["Name*: string", "Set(x: int)", "Parent: object"]
    assert [entry.name for entry in new.named("One")] == ["A.One"]


def every() -> list[Manifest]:
    return [read(version, product) for product in (OPENNESS, PLCSIM) for version in versions(product)]


def test_all_versions_are_there() -> None:
    assert versions() == ["15.1", "16", "17", "18", "19", "20", "21"]
    assert versions(PLCSIM) == ["1.0", "6.0"]
    with pytest.raises(ValueError, match=r"does not have openness 14"):
        read("14")


def test_every_type_that_a_line_names_is_one() -> None:
    """Of the product's own types none is missing, but for namespaces that are left out on purpose."""
    for manifest in every():
        roots = {name.partition(".")[0] for name in manifest.types}
        named = {base.partition("<")[0] for entry in manifest.types.values() for base in entry.bases}
        strange = {name for name in named if name not in manifest.types and not name.startswith("System.")}
        assert strange == set(), (manifest.product, manifest.version, roots)


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


def test_no_line_stands_twice() -> None:
    """A difference that says what was said before is none."""
    for product in (OPENNESS, PLCSIM):
        before: Manifest | None = None
        for version in versions(product):
            now = read(version, product)
            changed = [n for n, entry in now.types.items() if before is None or before.types.get(n) != entry]
            assert changed, version
            before = now
    assert all(path.suffix == ".json" for path in DATA.iterdir())
