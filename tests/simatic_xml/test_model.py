"""What a loaded file says is found under the names an engineer uses."""

import re

from simatic_xml import Block, PlcType, TagTable, WatchTable, dump, load
from tests.simatic_xml.corpus import fixture


def motor(version: str = "v21") -> Block:
    block = load(fixture(f"motor_{version}.xml")).objects[0]
    assert isinstance(block, Block)
    return block


def test_block_header() -> None:
    block = motor()
    assert (block.kind, block.name, block.number, block.auto_number) == ("FB", "Motor", 7, True)
    assert (block.language, block.memory_layout) == ("LAD", "Optimized")
    assert block.title == {"en-US": "Drive & valve", "de-DE": ""}
    assert block.comment == {"en-US": "", "de-DE": "Antrieb <1>"}
    assert block.attributes == {"Namespace": "", "SetENOAutomatically": "false"}


def test_interface_is_the_same_in_every_layout() -> None:
    inline, indented = motor("v16"), motor("v21")
    assert inline.interface == indented.interface
    speed = inline.interface[0].members[1]
    assert (speed.name, speed.data_type, speed.remanence, speed.accessibility) == (
        "speed",
        "Int",
        "NonRetain",
        "Public",
    )
    assert (speed.start_value, speed.comment) == ("1500", {"en-US": "rpm"})
    assert [(each.name, each.value, each.type) for each in speed.attributes] == [
        ("ExternalWritable", "false", "Boolean")
    ]


def test_nested_members() -> None:
    static = motor().section("Static")
    assert static is not None
    count, data, delay = static.members
    assert [section.name for section in count.sections] == ["Input", "Static"]
    assert count.sections[1].members[0].start_value_informative
    assert [(each.path, each.start_value) for each in data.members[0].subelements] == [("0", "3")]
    assert (delay.version, delay.remanence) == ("1.0", "Retain")
    assert [section for section, _ in motor().members()] == ["Input", "Input", "Static", "Static", "Static", "Constant"]


def test_networks() -> None:
    first, second, third = motor().networks
    assert (first.language, first.title["de-DE"]) == ("LAD", "Lauf")
    assert first.source is not None
    assert first.source.tag.endswith("FlgNet")
    assert all(not (element.text or "").isspace() for element in first.source.iter())
    assert second.language == "SCL"
    assert third.source is None


def test_tables() -> None:
    table = load(fixture("tags_v19.xml")).objects[0]
    assert isinstance(table, TagTable)
    start, valve = table.tags
    assert (start.name, start.data_type, start.address, start.external_writable) == ("Start", "Bool", "%I0.0", False)
    assert (valve.comment, valve.external_visible) == ({"en-US": ""}, None)
    assert [(each.name, each.data_type, each.value) for each in table.constants] == [("FIRST", "Int", "1")]
    watch = load(fixture("watch_v20.xml")).objects[0]
    assert isinstance(watch, WatchTable)
    assert [(each.name, each.address) for each in watch.entries] == [('"Start"', None), (None, "%MW10")]


def test_types_and_read_only_entries() -> None:
    limit = load(fixture("limit_v17.xml")).objects[0]
    assert isinstance(limit, PlcType)
    assert [member.name for member in limit.members] == ["low", "next", "table"]
    plant = load(fixture("plant_v15_1.xml")).objects[0]
    assert isinstance(plant, Block)
    assert plant.read_only == {"CreationDate": "2024-01-01T00:00:00Z", "IsConsistent": "true"}
    offset = plant.interface[0].members[0].attributes[0]
    assert (offset.name, offset.value, offset.type, offset.informative) == ("Offset", "0", "Integer", True)


def test_object_ids_stay_gapless() -> None:
    document = load(fixture("motor_v21.xml"))
    block = document.objects[0]
    assert isinstance(block, Block)
    block.networks = [block.networks[0]] * 3
    ids = re.findall(rb'<[\w.]+ ID="([0-9A-F]+)"', dump(document))
    assert [int(number, 16) for number in ids] == list(range(len(ids)))
    assert len(ids) > 16
