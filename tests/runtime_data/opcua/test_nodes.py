"""The nodes of tags: where they are, what they are called, and how many are below one."""

from __future__ import annotations

from runtime_data.opcua.names import node_id
from runtime_data.servers.opcua.nodes import MOST_CHILDREN, Entry, entries
from runtime_data.values import TagInfo


def info(path: str, data_type: str = "Int", area: str = "DataBlock", *, has_value: bool = True) -> TagInfo:
    return TagInfo(f"PLC_1:{path}", path.rpartition(".")[2], data_type, has_value, area=area)


def find(folders: list[Entry], own: str) -> Entry:
    return next(each for folder in folders for each in folder.walk() if each.id == own)


def test_ids_are_those_of_an_s7_1500() -> None:
    assert node_id("Motor.speed") == 'ns=3;s="Motor"."speed"'
    assert node_id("Data.list[3].x") == 'ns=3;s="Data"."list"[3]."x"'
    assert node_id("Start") == 'ns=3;s="Start"'


def test_areas_have_their_folders() -> None:
    tags = {
        "I": "Input",
        "Q": "Output",
        "M": "Marker",
        "T": "Timer",
        "C": "Counter",
        "DB.x": "DataBlock",
        "Inst.x": "DataBlock",
    }
    folders = entries([info(path, area=area) for path, area in tags.items()], lambda name: name == "Inst")
    found = {each.name: [child.name for child in each.children] for each in folders}
    assert found == {
        "DataBlocksGlobal": ["DB"],
        "DataBlocksInstance": ["Inst"],
        "Inputs": ["I"],
        "Outputs": ["Q"],
        "Memory": ["M"],
        "Timers": ["T"],
        "Counters": ["C"],
    }


def test_no_node_has_more_than_two_hundred_children() -> None:
    folders = entries([info(f"DB{number // 500}.v{number}") for number in range(60_000)])
    everything = [each for folder in folders for each in folder.walk()]
    assert max(len(each.children) for each in everything) <= MOST_CHILDREN
    assert sum(len(each.tags) for each in everything) == 60_000
    assert len({(each.id, each.is_group) for each in everything}) == len(everything)


def test_an_array_is_one_value_with_its_elements_below() -> None:
    grid = [info(f"DB.grid[{row},{column}]") for row in (0, 1) for column in (-1, 0, 1)]
    array = find(entries(grid), '"DB"."grid"')
    assert (array.dimensions, array.data_type, len(array.children)) == ((2, 3), "Int", 6)
    assert array.tags[1] == "PLC_1:DB.grid[0,0]"


def test_what_is_no_array_of_single_values_has_no_value() -> None:
    of_structures = find(entries([info("DB.list[0].x"), info("DB.list[1].x")]), '"DB"."list"')
    with_a_gap = find(entries([info("DB.gap[0]"), info("DB.gap[2]")]), '"DB"."gap"')
    of_bytes = find(entries([info("DB.when[0]", "Date_And_Time"), info("DB.when[1]", "Date_And_Time")]), '"DB"."when"')
    assert [each.tags for each in (of_structures, with_a_gap, of_bytes)] == [(), (), ()]


def test_what_has_no_value_and_nothing_below_is_left_out() -> None:
    folders = entries([info("DB.text", "String", has_value=False), info("DB.x")])
    assert [each.id for each in find(folders, '"DB"').children] == ['"DB"."x"']
