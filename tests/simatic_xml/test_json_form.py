"""The JSON form is short to write, complete where it is short, and strict where it is wrong."""

import json
import re
from typing import Any

import pytest

from simatic_xml import Block, SimaticMLError, dump, from_json, json_schema, load, to_json
from tests.simatic_xml.corpus import fixture

MOTOR: dict[str, Any] = {
    "kind": "FB",
    "name": "Motor",
    "interface": {
        "Input": [{"name": "start", "type": "Bool", "comment": "Start button"}],
        "Static": [{"name": "state", "members": [{"name": "on", "type": "Bool", "default": False}]}],
    },
    "networks": [{"title": "Run", "source": {"rungs": [[{"contact": "#start"}, {"coil": "#state.on"}]]}}],
}


def block(data: dict[str, Any]) -> Block:
    result = load(dump(from_json(data))).objects[0]
    assert isinstance(result, Block)
    return result


def test_a_short_block_is_complete() -> None:
    motor = block(MOTOR)
    assert [section.name for section in motor.interface] == ["Input", "Output", "InOut", "Static", "Temp", "Constant"]
    assert (motor.language, motor.auto_number, motor.number, motor.memory_layout) == ("LAD", True, None, "Optimized")
    assert motor.interface[0].members[0].comment == {"en-US": "Start button"}
    assert (motor.interface[3].members[0].data_type, motor.interface[3].members[0].members[0].start_value) == (
        "Struct",
        "false",
    )
    assert motor.networks[0].title == {"en-US": "Run"}
    assert motor.networks[0].source is not None


def test_a_given_number_is_kept() -> None:
    assert block({"kind": "FC", "name": "F", "number": 12}).auto_number is False


@pytest.mark.parametrize(
    ("kind", "sections"),
    [
        ("OB", ["Input", "Temp", "Constant"]),
        ("FC", ["Input", "Output", "InOut", "Temp", "Constant", "Return"]),
        ("GlobalDB", ["Static"]),
        ("InstanceDB", []),
    ],
)
def test_sections_of_each_kind(kind: str, sections: list[str]) -> None:
    new = block({"kind": kind, "name": "B"})
    assert [section.name for section in new.interface] == sections
    assert new.language == ("LAD" if kind in ("OB", "FC") else "DB")
    assert new.secondary_type == ("ProgramCycle" if kind == "OB" else None)


def test_a_function_returns_nothing_unless_told() -> None:
    void = block({"kind": "FC", "name": "F"}).section("Return")
    told = block({"kind": "FC", "name": "F", "interface": {"Return": [{"name": "Ret_Val", "type": "Int"}]}}).section(
        "Return"
    )
    assert void is not None
    assert told is not None
    assert [each.data_type for each in (*void.members, *told.members)] == ["Void", "Int"]


def test_exports_read_well() -> None:
    data = to_json(load(fixture("motor_v21.xml")))
    assert list(data) == [
        "engineering",
        "cultures",
        "kind",
        "name",
        "number",
        "language",
        "autoNumber",
        "title",
        "comment",
        "interface",
        "networks",
    ]
    assert data["title"] == "Drive & valve"
    assert data["interface"]["Input"][1] == {
        "name": "speed",
        "type": "Int",
        "default": "1500",
        "comment": "rpm",
        "remanence": "NonRetain",
        "accessibility": "Public",
        "attributes": {"ExternalWritable": False},
    }
    assert data["networks"][2] == {}
    tags = to_json(load(fixture("tags_v19.xml")))
    assert tags["tags"][1] == {"name": "Motor 1", "type": '"Limit"', "address": "%M20.0"}
    assert tags["constants"] == [{"name": "FIRST", "type": "Int", "value": "1"}]


def test_several_objects_in_one_document() -> None:
    data = {"engineering": "V18", "objects": [{"kind": "UDT", "name": "A"}, {"kind": "TagTable", "name": "B"}]}
    document = from_json(data)
    assert [each.kind for each in document.objects] == ["UDT", "TagTable"]
    assert to_json(document) == data
    assert [each.name for each in load(dump(document)).objects] == ["A", "B"]


@pytest.mark.parametrize(
    ("data", "pointer", "message"),
    [
        ([], "", "object"),
        ({"kind": "Motor"}, "/kind", "choose one of"),
        ({"kind": "FB"}, "", "name is missing"),
        ({"kind": "FB", "name": 5}, "/name", "A string is expected"),
        ({"kind": "FB", "name": "M", "numbr": 5}, "/numbr", "not known here"),
        ({"kind": "FB", "name": "M", "number": True}, "/number", "whole number"),
        ({"kind": "FB", "name": "M", "interface": {"Input": [{"name": "a"}]}}, "/interface/Input/0", "data type"),
        (
            {"kind": "UDT", "name": "T", "members": [{"name": "a", "type": "Int", "default": []}]},
            "/members/0/default",
            "string",
        ),
        ({"kind": "UDT", "name": "T", "comment": ["a"]}, "/comment", "each culture"),
        ({"kind": "FC", "name": "F", "networks": {}}, "/networks", "A list"),
        ({"kind": "FC", "name": "F", "networks": [{"source": {"tree": 5}}]}, "/networks/0/source/tree", "element"),
        (
            {"kind": "FC", "name": "F", "networks": [{"source": {"rungs": [[{"contract": "#a"}]]}}]},
            "/networks/0/source",
            "exactly one of the members",
        ),
        ({"objects": [{"kind": "UDT", "name": "a"}, {"kind": "UDT"}]}, "/objects/1", "name is missing"),
        ({"kind": "UDT", "name": "a", "x": {"extra": [["text", 0]]}}, "/x/extra", "not edits"),
        ({"kind": "UDT", "name": "a", "x": {"extra": [["children", [], [7], 1]]}}, "/x/extra", "not edits"),
        ({"kind": "UDT", "name": "a", "x": {"extra": [["attributes", [], {"set": 5}]]}}, "/x/extra", "not edits"),
        ({"kind": "UDT", "name": "a", "x": []}, "/x", "object"),
        ({"kind": "UDT", "name": "a", "file": {"layout": {"codec": "rot13"}}}, "/file/layout/codec", "encoding"),
    ],
)
def test_errors_point_at_the_place(data: Any, pointer: str, message: str) -> None:
    with pytest.raises(SimaticMLError, match=re.escape(message)) as error:
        from_json(data)
    assert error.value.pointer is not None
    assert error.value.pointer.startswith(pointer)


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(SimaticMLError, match="choose one of"):
        from_json({"kind": "UDT", "name": "T", "engineering": "V8"})


@pytest.mark.parametrize(
    ("definition", "wrong", "pointer"),
    [
        ("block", {"kind": "FB", "name": "B"}, ()),
        ("type", {"kind": "UDT", "name": "B"}, ()),
        ("tagTable", {"kind": "TagTable", "name": "B"}, ()),
        ("watchTable", {"kind": "WatchTable", "name": "B"}, ()),
        ("opaque", {"kind": "Opaque", "tree": ["Hmi.Screen.Screen"]}, ()),
        ("tag", {"kind": "TagTable", "name": "B", "tags": [{"name": "a", "type": "Bool"}]}, ("tags", 0)),
        ("constant", {"kind": "TagTable", "name": "B", "constants": [{"name": "a", "type": "Int"}]}, ("constants", 0)),
        ("network", {"kind": "FC", "name": "B", "networks": [{}]}, ("networks", 0)),
        ("member", {"kind": "UDT", "name": "B", "members": [{"name": "a", "type": "Bool"}]}, ("members", 0)),
    ],
)
def test_the_schema_names_what_is_read(definition: str, wrong: dict[str, Any], pointer: tuple[Any, ...]) -> None:
    target: Any = wrong
    for step in pointer:
        target = target[step]
    target["unheard of"] = 1
    with pytest.raises(SimaticMLError) as error:
        from_json(wrong)
    known = set(error.value.message.partition("known are ")[2].rstrip(".").split(", "))
    document_members = {"kind", "engineering", "cultures", "file"} if not pointer else set()
    assert known - document_members == set(json_schema()["$defs"][definition]["properties"])


def test_numbers_and_booleans_are_spelled_for_tia() -> None:
    members = [
        {"name": "a", "type": "Bool", "default": True},
        {"name": "b", "type": "Int", "default": -3, "attributes": {"SetPoint": True, "Size": 4, "At": "a"}},
        {"name": "c", "type": "Array[0..1] of Real", "elements": {"0": 1.5, "1": {"default": "2.0", "comment": "two"}}},
    ]
    a, b, c = (block({"kind": "GlobalDB", "name": "D", "members": members}).section("Static") or pytest.fail()).members
    assert (a.start_value, b.start_value) == ("true", "-3")
    assert [(each.type, each.value) for each in b.attributes] == [
        ("Boolean", "true"),
        ("Integer", "4"),
        ("String", "a"),
    ]
    assert [(each.path, each.start_value, each.comment) for each in c.subelements] == [
        ("0", "1.5", {}),
        ("1", "2.0", {"en-US": "two"}),
    ]


def test_json_of_a_changed_export_is_the_changed_file() -> None:
    data = to_json(load(fixture("motor_v16.xml")))
    data["name"] = "Pump"
    expected = fixture("motor_v16.xml").replace(b"<Name>Motor</Name>", b"<Name>Pump</Name>")
    assert dump(from_json(json.loads(json.dumps(data)))) == expected
