"""Lists of cross references: both directions, members of data blocks, filters, places."""

from __future__ import annotations

from collections.abc import Iterator

from simatic_xml.program.analysis.cross_references import CrossReferences
from simatic_xml.program.analysis.reference_tree import Filter, Source
from simatic_xml.program.analysis.use_index import UseIndex
from simatic_xml.program.workspace import Workspace
from tests.simatic_xml.program.plant import index, workspace
from tests.simatic_xml.program.program_of import objects_of

FOLDER = "PLC_1\\Program blocks"


def listed(name: str, which: Filter = Filter.ALL, *, lines: bool = False) -> list[Source]:
    return CrossReferences(index(), lambda _: FOLDER, lines=lines).of(name, which)


def entries(source: Source) -> list[tuple[str, str, str]]:
    """Name at the other end, reference type and access."""
    return [(each.thing.name, at.reference_type, at.access) for each in source.references for at in each.locations]


def members(source: Source) -> Iterator[Source]:
    for child in source.children:
        yield child
        yield from members(child)


def test_a_function_block_uses_and_is_used() -> None:
    (source,) = listed("motor")
    assert (source.thing.name, source.thing.type_name, source.thing.address, source.thing.path) == (
        "Motor",
        "SCL-Function block",
        "%FB2",
        FOLDER,
    )
    found = entries(source)
    assert source.children == []
    for expected in [
        ("Motor_Data", "InstanceType", "Declaration"),
        ("TON", "Uses", "Call"),
        ("#delay", "Uses", "Multiinstance"),
        ("#data.speed", "Uses", "Write"),
        ("Scale", "Uses", "Call"),
        ("Line", "UsedBy", "Multiinstance"),
        ("Line", "UsedBy", "Call"),
        ("Motor_DB", "TypeInstance", "Declaration"),
        ("Main", "UsedBy", "Call"),
    ]:
        assert expected in found
    kinds = {each.thing.name: each.thing.type_name for each in source.references}
    assert (kinds["TON"], kinds["#delay"], kinds["#start"]) == ("Instruction", "TON_TIME", "Bool")


def test_members_of_a_data_block_have_their_own_references() -> None:
    (source,) = listed("Store")
    assert entries(source) == []
    by_name = {each.thing.name: each for each in members(source)}
    assert entries(by_name['"Store".count']) == [("Line", "UsedBy", "Read"), ("Line", "UsedBy", "Write")]
    assert entries(by_name['"Store".motors[3].speed']) == [("Line", "UsedBy", "Write")]
    assert ("COUNT", "Uses", "ArrayBoundary") in entries(by_name['"Store".motors'])
    assert by_name['"Store".motors[3].speed'].thing.type_name == "Int"


def test_an_instance_has_its_type_its_calls_and_what_its_function_block_does() -> None:
    (source,) = listed("Motor_DB")
    assert source.thing.type_name == "Instance DB of Motor [FB2]"
    assert entries(source) == [("Motor", "InstanceType", "Declaration"), ("Main", "UsedBy", "InstanceDB")]
    by_name = {each.thing.name: entries(each) for each in members(source)}
    assert ("Motor", "UsedBy", "Read") in by_name['"Motor_DB".start']
    assert source.references[0].locations[0].text == "@Motor_DB ▶ Type"


def test_a_tag_is_used_by_its_name_and_by_its_address() -> None:
    (source,) = listed("Word")
    assert entries(source) == [
        ("Main", "UsedBy", "Read"),
        ("Main", "UsedBy", "Write"),
        ("Main", "UsedBy", "Read"),
        ("Main", "OverlapsWith", "Write"),
    ]
    assert (source.thing.type_name, source.thing.address) == ("Word", "%MW10")


def test_constants_and_types() -> None:
    assert entries(listed("FACTOR")[0]) == [("Scale", "UsedBy", "Read")]
    assert entries(listed("COUNT")[0]) == [("Store", "UsedBy", "ArrayBoundary")]
    assert ("Store", "TypeInstance", "Declaration") in entries(listed("Motor_Data")[0])


def test_filters() -> None:
    assert [listed(name, Filter.UNUSED) != [] for name in ("Start", "Lost", "NOBODY", "Never", "Scale", "Main")] == [
        False,
        False,
        True,
        True,
        False,
        False,
    ]
    assert listed("NOBODY", Filter.WITH) == []
    assert listed("NOBODY", Filter.WITHOUT) != []
    assert listed("Start", Filter.WITHOUT) == []
    (store,) = listed("Store", Filter.UNUSED)
    leaves = [each.thing.name for each in members(store) if not each.children]
    assert leaves == ['"Store".motors[3].run', '"Store".spare']
    used = [each.thing.name for each in members(listed("Store", Filter.WITH)[0])]
    assert '"Store".count' in used
    assert '"Store".spare' not in used


def test_places_in_scl_with_and_without_lines() -> None:
    assert listed("FACTOR")[0].references[0].locations[0].text == "@Scale ▶ Program code"
    assert listed("FACTOR", lines=True)[0].references[0].locations[0].text == "@Scale ▶ Ln: 2   Cl: 22"


def test_an_access_with_a_variable_index_belongs_to_the_array() -> None:
    made = workspace()
    source = 'FUNCTION "Any" : Void\nVAR_INPUT\ni : Int;\nEND_VAR\nBEGIN\n"Store".motors[#i].run := TRUE;\nEND_FUNCTION'
    made.put(objects_of(source).objects["any"])
    (store,) = CrossReferences(UseIndex(made), lambda _: "").of("Store")
    motors = next(each for each in members(store) if each.thing.name == '"Store".motors')
    (reference,) = [each for each in motors.references if each.thing.name == "Any"]
    assert reference.locations[0].name == '"Store".motors[#i].run'


def test_a_name_that_is_not_there() -> None:
    assert CrossReferences(UseIndex(Workspace()), lambda _: "").of("Nothing") == []
