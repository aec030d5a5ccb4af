"""The cross reference service of the simulated portal: who offers it, what it says, and that edits are noticed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import simatic_xml
from simatic_xml.model import Block
from tests import ROOT
from tests.fakes.fake_openness.plc import Plant
from tests.fakes.fake_openness.references_kit import fill
from tests.simatic_xml.program.plant import CONSTANTS, TAGS

FIXTURES = ROOT / "tests" / "simatic_xml" / "fixtures"


@pytest.fixture
def line(plant: Plant) -> Plant:
    return fill(plant)


def service(plant: Plant, thing: Any) -> Any:
    return thing.GetService[plant.types["CrossReferenceService"]]()


def sources(plant: Plant, thing: Any, which: str = "AllObjects") -> list[Any]:
    found = service(plant, thing).GetCrossReferences(getattr(plant.types["CrossReferenceFilter"], which))
    return list(found.Sources)


def entries(source: Any) -> list[tuple[str, str, str]]:
    return [
        (each.Name, at.ReferenceType.ToString(), at.Access.ToString())
        for each in source.References
        for at in each.Locations
    ]


def members(source: Any) -> Iterator[Any]:
    for child in source.Children:
        yield child
        yield from members(child)


def tag(plant: Plant, name: str) -> Any:
    return plant.tables.Find("Signals").Tags.Find(name)


def test_blocks_types_tags_constants_and_tables_offer_it(line: Plant) -> None:
    table = line.tables.Find("Signals")
    offering = [
        line.blocks.Find("Motor"),
        line.blocks.Find("Store"),
        line.udts.Find("Motor_Data"),
        table.Tags.Find("Ok"),
        table.UserConstants.Find("FACTOR"),
        table,
    ]
    assert all(service(line, each) is not None for each in offering)
    assert service(line, line.plc) is None


def test_there_is_none_before_v18(tmp_path: Path) -> None:
    assert "CrossReferenceService" not in Plant(tmp_path, "17").types
    newer, older = Plant(tmp_path / "a", "18"), Plant(tmp_path / "b", "17")
    assert service(newer, newer.tables[0]) is not None
    assert older.tables[0].GetService[newer.types["CrossReferenceService"]]() is None


def test_a_block_says_what_it_is_and_where(line: Plant) -> None:
    (source,) = sources(line, line.blocks.Find("Motor"))
    assert (source.Name, source.TypeName, source.Device, source.Path) == (
        "Motor",
        "SCL-Function block",
        "PLC_1",
        "PLC_1\\Program blocks",
    )
    assert source.Address == f"%FB{line.blocks.Find('Motor').Number}"
    assert source.UnderlyingObject is line.blocks.Find("Motor")
    assert source.Children.Count == 0
    assert ("Cycle", "UsedBy", "Call") in entries(source)
    assert ("Line", "UsedBy", "Multiinstance") in entries(source)


def test_a_tag_says_who_uses_it(line: Plant) -> None:
    (source,) = sources(line, tag(line, "Start"))
    assert (source.TypeName, source.Address, source.Path) == ("Bool", "%I0.0", "PLC_1\\PLC tags\\Signals")
    assert source.UnderlyingObject == tag(line, "Start")
    assert sorted(entries(source)) == [("Cycle", "UsedBy", "Read")] + [("Line", "UsedBy", "Read")] * 2
    location = source.References[0].Locations[0]
    assert (location.Name, location.TypeName, location.Address, location.ReferencedAs) == ("", "", "", None)


def test_members_of_a_data_block_are_below_it(line: Plant) -> None:
    (source,) = sources(line, line.blocks.Find("Store"))
    by_name = {each.Name: each for each in members(source)}
    assert entries(by_name['"Store".count']) == [("Line", "UsedBy", "Read"), ("Line", "UsedBy", "Write")]
    assert by_name['"Store".count'].UnderlyingObject is None


def test_a_table_answers_for_its_rows(line: Plant) -> None:
    table = line.tables.Find("Signals")
    names = [source.Name for source in sources(line, table, "UnusedObjects")]
    assert names == ["NOBODY"]
    assert len(sources(line, table)) == len(TAGS) + len(CONSTANTS)


def test_filters(line: Plant) -> None:
    unused = line.udts.Find("Never")
    assert [
        len(sources(line, unused, which))
        for which in (
            "AllObjects",
            "ObjectsWithReferences",
            "ObjectsWithoutReferences",
            "UnusedObjects",
        )
    ] == [1, 0, 1, 1]
    assert sources(line, line.blocks.Find("Cycle"), "UnusedObjects") == []


def test_a_filter_must_be_one_of_the_enum(line: Plant) -> None:
    with pytest.raises(TypeError):
        service(line, line.blocks.Find("Motor")).GetCrossReferences(0)


def test_edits_renames_and_deletions_are_noticed(line: Plant) -> None:
    start = tag(line, "Lost")
    assert entries(sources(line, start)[0]) == [("Old", "UsedBy", "Write")]
    line.generate('FUNCTION "Old" : Void\nBEGIN\n    "Ok" := "Lost";\nEND_FUNCTION')
    assert entries(sources(line, start)[0]) == [("Old", "UsedBy", "Read")]
    line.compile()
    start.Name = "Found"
    assert entries(sources(line, tag(line, "Found"))[0]) == [("Old", "UsedBy", "Read")]
    line.blocks.Find("Old").Delete()
    assert entries(sources(line, tag(line, "Found"))[0]) == []
    line.tables.Find("Signals").Tags.Find("Found").LogicalAddress = "%M10.1"
    assert ("Cycle", "UsedBy", "Write") in entries(sources(line, tag(line, "Found"))[0])


def test_a_transaction_that_is_rolled_back_leaves_no_trace(line: Plant) -> None:
    access, transaction = line.transaction()
    line.blocks.Find("Old").Delete()
    assert entries(sources(line, tag(line, "Lost"))[0]) == []
    transaction.Dispose()
    access.Dispose()
    assert entries(sources(line, tag(line, "Lost"))[0]) == [("Old", "UsedBy", "Write")]


def test_asking_changes_nothing(line: Plant) -> None:
    line.project.Save()
    sources(line, line.blocks.Find("Motor"))
    assert line.project.IsModified is False


def test_places_by_version(tmp_path: Path) -> None:
    texts = {}
    for version in ("20", "21"):
        plant = fill(Plant(tmp_path / version, version))
        (source,) = sources(plant, plant.tables.Find("Signals").UserConstants.Find("FACTOR"))
        texts[version] = source.References[0].Locations[0].ReferenceLocation
    assert texts == {"20": "@Scale ▶ Program code", "21": "@Scale ▶ Ln: 2   Cl: 22"}


def test_networks_have_their_number_and_title(plant: Plant) -> None:
    document = simatic_xml.load((FIXTURES / "motor_v18.xml").read_bytes())
    (block,) = document.objects
    assert isinstance(block, Block)
    plant.blocks.Import(plant.file(block), plant.types["ImportOptions"](4), plant.types["SWImportOptions"](2))
    (source,) = sources(plant, plant.blocks.Find(block.name))
    places = {at.ReferenceLocation for each in source.References for at in each.Locations}
    title = next(iter(block.networks[0].title.values()))
    assert any(place.startswith(f"@{block.name} ▶ NW1") for place in places)
    assert any(title and f"({title})" in place for place in places)
