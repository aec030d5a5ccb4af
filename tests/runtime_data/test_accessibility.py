"""What a program allows from outside: marks of tags, members, data types and blocks."""

from __future__ import annotations

from runtime_data.accessibility import accessibility_of
from runtime_data.values import TagInfo
from simatic_xml.model import Block, Member, MemberAttribute, PlcType, Section, Tag


def marked(name: str, data_type: str, *marks: str, **given: object) -> Member:
    return Member(name, data_type, attributes=[MemberAttribute(mark, "false") for mark in marks], **given)  # type: ignore[arg-type]  # of any field


MOTOR = PlcType("Motor", [marked("speed", "Real", "ExternalWritable"), marked("key", "Int", "ExternalAccessible")])
FB = Block(
    "FB",
    "Drive",
    interface=[
        Section("Static", [marked("state", "Int", "ExternalWritable"), marked("raw", "Int", "ExternalAccessible")])
    ],
)
ITEMS = [
    MOTOR,
    FB,
    Block(
        "GlobalDB",
        "Data",
        interface=[
            Section(
                "Static",
                [
                    marked("motors", 'Array[0..3] of "Motor"'),
                    marked("own", "Struct", "ExternalWritable", members=[Member("x", "Int")]),
                    marked("secret", "Struct", "ExternalAccessible", members=[Member("y", "Int")]),
                ],
            )
        ],
    ),
    Block("InstanceDB", "Drive_1", instance_of="Drive", instance_of_type="FB"),
    Block("GlobalDB", "Closed", attributes={"DBAccessibleFromOPCUA": "false"}),
    Tag("Lamp", "Bool", "%Q0.0", external_writable=False),
    Tag("Hidden", "Bool", "%M0.0", external_accessible=False),
    Tag("Free", "Bool", "%M0.1"),
]


def test_marks_hold_for_everything_below() -> None:
    paths = [
        "Data.motors[0].speed",
        "Data.motors[0].key",
        "Data.own.x",
        "Data.secret.y",
        "Drive_1.state",
        "Drive_1.raw",
        "Closed.z",
        "Lamp",
        "Hidden",
        "Free",
    ]
    found = accessibility_of(ITEMS)
    kept = {each.name: each.writable for each in found.apply([TagInfo(f"PLC_1:{path}", path) for path in paths])}
    assert kept == {
        "Data.motors[0].speed": False,
        "Data.own.x": False,
        "Drive_1.state": False,
        "Lamp": False,
        "Free": True,
    }
    assert found.is_instance("drive_1") and not found.is_instance("Data")


def test_without_a_program_everything_is_accessible() -> None:
    info = TagInfo("PLC_1:Data.x", "x")
    assert accessibility_of([]).apply([info]) == [info]
