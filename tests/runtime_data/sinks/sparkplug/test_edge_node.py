"""An edge node numbers its messages and describes its metrics as the specification of Sparkplug says, by statement."""

from __future__ import annotations

import math
from typing import Any

import pytest

from openness_bridge.errors import Problem
from openness_bridge.program_identity import ProgramState
from runtime_data.sinks.sparkplug import payload as sparkplug
from runtime_data.sinks.sparkplug.edge_node import EdgeNode, Tag
from runtime_data.sinks.sparkplug.metric_values import kind_of
from runtime_data.sinks.sparkplug.payload import DataType as T
from runtime_data.sinks.sparkplug.payload import Metric, Payload, PropertySet
from runtime_data.values import Value

AT = 1_780_000_000_123_456
SPEED, COUNT, PLAIN = "PLC_1:Motor.speed", "PLC_1:Motor.count", "PLC_1:Plain"


def node() -> EdgeNode:
    tags = [Tag(SPEED, "Motor/speed", "Line", 1), Tag(COUNT, "Motor/count", "Line", 2), Tag(PLAIN, "Plain", "", 3)]
    return EdgeNode("Plant", "Edge", tags)


def values(**changed: Value) -> dict[str, Value]:
    known = {
        SPEED: Value(SPEED, 1480.5, "Real", 0, AT + 1000, AT, "1/min"),
        COUNT: Value(COUNT, -5, "LInt", 0, AT, AT),
        PLAIN: Value(PLAIN, None, status=0x80340000),
    }
    return known | {each.tag: each for each in changed.values()}


def read(messages: list[tuple[str, bytes]]) -> list[tuple[str, Payload]]:
    return [(topic, sparkplug.unpack(payload)) for topic, payload in messages]


def by_name(payload: Payload) -> dict[str | None, Metric]:
    return {metric.name: metric for metric in payload.metrics}


def properties(given: PropertySet | None) -> dict[str, Any]:
    assert given is not None
    assert len(given.keys) == len(given.values)  # tck-id-payloads-propertyset-keys-array-size
    return {
        key: each.int_value if each.type == T.INT32 else each.string_value
        for key, each in zip(given.keys, given.values, strict=True)
    }


def test_the_death_has_the_number_of_the_birth() -> None:
    edge = node()
    for expected in [*range(256), 0]:
        topic, payload = edge.will()
        assert topic == "spBv1.0/Plant/NDEATH/Edge"  # tck-id-topics-ndeath-topic
        death = sparkplug.unpack(payload)
        assert death.seq is None  # tck-id-topics-ndeath-seq
        assert [(each.name, each.datatype, each.long_value) for each in death.metrics] == [
            ("bdSeq", T.INT64, expected)
        ]  # tck-id-topics-ndeath-payload, tck-id-topics-nbirth-bdseq-increment
        for _ in range(2):  # tck-id-operational-behavior-data-commands-rebirth-action-3
            birth = by_name(read(edge.births(values()))[0][1])["bdSeq"]
            assert birth.long_value == expected  # tck-id-topics-nbirth-bdseq-matching


def test_births_describe_each_metric_once() -> None:
    edge = node()
    edge.will()
    (first, birth), (second, device) = read(edge.births(values()))
    assert (first, second) == ("spBv1.0/Plant/NBIRTH/Edge", "spBv1.0/Plant/DBIRTH/Edge/Line")
    assert (birth.seq, device.seq) == (0, 1)  # tck-id-topics-nbirth-seq-num, tck-id-topics-dbirth-seq
    assert birth.timestamp
    rebirth = by_name(birth)["Node Control/Rebirth"]  # tck-id-topics-nbirth-rebirth-metric
    assert (rebirth.datatype, rebirth.boolean_value, rebirth.alias) == (T.BOOLEAN, False, None)
    plain = by_name(birth)["Plain"]
    assert (plain.is_null, plain.string_value) == (True, None)  # tck-id-operational-behavior-data-publish-nbirth-values
    assert properties(plain.properties) == {"Quality": 0, "Online": "unknown"}
    assert [each.name for each in device.metrics] == ["Motor/count", "Motor/speed"]  # ...-dbirth-order: by time
    speed = by_name(device)["Motor/speed"]
    assert (speed.alias, speed.datatype, speed.float_value, speed.timestamp) == (1, T.FLOAT, 1480.5, AT // 1000 + 1)
    assert properties(speed.properties) == {"Quality": 192, "Online": "unknown", "engUnit": "1/min"}
    assert by_name(device)["Motor/count"].long_value == 2**64 - 5
    everything = [*birth.metrics, *device.metrics]
    assert all(each.timestamp and each.datatype for each in everything)  # tck-id-payloads-name-birth-data-requirement
    aliases = [each.alias for each in everything if each.alias is not None]
    assert len(set(aliases)) == len(aliases) == 3  # tck-id-payloads-alias-uniqueness


def test_metrics_name_the_program_at_birth_and_when_it_changes() -> None:
    edge = node()
    edge.will()
    source = COUNT.partition(":")[0]
    (_, device) = read(edge.births(values(), {source: "equal"}))[1]
    assert {properties(each.properties)["Online"] for each in device.metrics} == {"equal"}

    def sent(state: ProgramState, number: int) -> Metric:
        value = Value(COUNT, number, "LInt", 0, AT)
        [(_, data)] = read(edge.data([value], AT, historical=False, programs={source: state}))
        return data.metrics[0]

    assert sent("equal", 7).properties is None
    assert properties(sent("differs", 8).properties) == {"Quality": 192, "Online": "differs"}
    assert sent("differs", 9).properties is None


def test_data_has_aliases_and_successive_numbers() -> None:
    edge = node()
    edge.will()
    edge.births(values())
    numbers = []
    for _ in range(300):
        [(topic, data)] = read(edge.data([Value(COUNT, 7, "LInt", 0, AT)], AT, historical=False))
        assert topic == "spBv1.0/Plant/DDATA/Edge/Line"
        numbers.append(data.seq)
        [metric] = data.metrics
        assert metric == Metric(
            alias=2, timestamp=AT // 1000, long_value=7
        )  # tck-id-payloads-alias-data-cmd-requirement
    assert numbers == [number % 256 for number in range(2, 302)]  # tck-id-topics-ddata-seq-num


def test_values_of_node_and_device_are_two_messages_and_late_ones_are_historical() -> None:
    edge = node()
    edge.will()
    edge.births(values(plain=Value(PLAIN, "a", "String", 0, AT)))
    given = [
        Value(SPEED, 2.0, "Real", 0, AT + 5000),
        Value(COUNT, 8, "LInt", 0, AT),
        Value(PLAIN, "b", "String"),
        Value("PLC_1:Other", 1, "Int"),
    ]
    (first, plain), (second, device) = read(edge.data(given, AT, historical=True))
    assert (first, second) == ("spBv1.0/Plant/NDATA/Edge", "spBv1.0/Plant/DDATA/Edge/Line")
    assert [each.alias for each in device.metrics] == [2, 1]  # tck-id-operational-behavior-data-publish-dbirth-order
    assert plain.metrics == [Metric(alias=3, timestamp=AT // 1000, string_value="b", is_historical=True)]


def test_a_quality_is_said_until_it_is_good_again() -> None:
    edge = node()
    edge.will()
    edge.births(values())
    said = []
    for status in (0, 0x408F0000, 0x408F0000, 0x80310000, 0, 0):
        [(_, data)] = read(edge.data([Value(COUNT, 7, "LInt", status, AT)], AT, historical=False))
        said.append(properties(data.metrics[0].properties)["Quality"] if data.metrics[0].properties else None)
    assert said == [None, 500, 500, 0, 192, None]  # tck-id-payloads-propertyset-quality-value-value


def test_a_type_that_was_not_known_at_birth_needs_another_birth() -> None:
    edge = node()
    edge.will()
    edge.births(values())
    late = Value(PLAIN, True, "Bool", 0, AT)
    assert edge.needs_birth([late])
    assert not edge.needs_birth([Value(SPEED, None, status=0x80310000), Value("PLC_1:Other", 5)])
    birth = read(edge.births(values(plain=late)))[0][1]
    assert by_name(birth)["Plain"].boolean_value is True
    assert not edge.needs_birth([late])
    gone = read(edge.births(values()))[0][1]  # the tag cannot be read any more, but its type is known
    assert (by_name(gone)["Plain"].datatype, by_name(gone)["Plain"].is_null) == (T.BOOLEAN, True)


@pytest.mark.parametrize(
    ("data_type", "value", "text", "kind", "fields"),
    [
        ("Bool", True, "", T.BOOLEAN, {"boolean_value": True}),
        ("SInt", -1, "", T.INT8, {"int_value": 2**32 - 1}),
        ("Byte", 255, "", T.UINT8, {"int_value": 255}),
        ("DWord", 2**32 - 1, "", T.UINT32, {"int_value": 2**32 - 1}),
        ("ULInt", 2**64 - 1, "", T.UINT64, {"long_value": 2**64 - 1}),
        ("LReal", 0.1, "", T.DOUBLE, {"double_value": 0.1}),
        ("Real", None, "NaN", T.FLOAT, {"float_value": math.nan}),
        ("Time", 2000, "T#2s", T.INT32, {"int_value": 2000}),
        ("LTime", -1, "", T.INT64, {"long_value": 2**64 - 1}),
        ("S5Time", 9_990_000, "", T.UINT32, {"int_value": 9_990_000}),
        ("Date", "2026-06-01", "", T.DATE_TIME, {"long_value": 1_780_272_000_000}),
        ("LDT", "2026-06-01T00:00:00.001999", "", T.DATE_TIME, {"long_value": 1_780_272_000_001}),
        ("Time_Of_Day", "10:00:00", "", T.STRING, {"string_value": "10:00:00"}),
        ("WString[20]", "Ä", "", T.STRING, {"string_value": "Ä"}),
        ("String", None, "", T.STRING, {"is_null": True}),
        ("Array[0..1] of Int", [1, -1], "", T.INT16_ARRAY, {"bytes_value": b"\1\0\xff\xff"}),
        ("Array[0..1, 0..0] of Int", [[1], [2]], "", T.STRING, {"string_value": "[[1], [2]]"}),
        ("Struct", {"a": 1}, "", T.STRING, {"string_value": '{"a": 1}'}),
        ("", 5, "", T.INT64, {"long_value": 5}),
        ("", 0.5, "", T.DOUBLE, {"double_value": 0.5}),
        ("", True, "", T.BOOLEAN, {"boolean_value": True}),
    ],
)
def test_a_tag_has_the_metric_of_its_type(
    data_type: str, value: Any, text: str, kind: T, fields: dict[str, Any]
) -> None:
    given = Value(PLAIN, value, data_type, 0, AT, text=text)
    assert kind_of(given) is kind
    edge = node()
    edge.will()
    metric = by_name(read(edge.births(values(plain=given)))[0][1])["Plain"]
    assert metric.datatype == kind
    assert repr({name: getattr(metric, name) for name in fields}) == repr(fields)
    assert [
        name for name in metric.__struct_fields__ if name.endswith("_value") and getattr(metric, name) is not None
    ] == [name for name in fields if name.endswith("_value")]


def command(*metrics: Metric) -> bytes:
    return sparkplug.pack(Payload(timestamp=1, metrics=list(metrics)))


def test_commands_name_metrics_by_name_or_alias() -> None:
    edge = node()
    edge.will()
    edge.births(values())
    own, device = edge.command_topics()
    assert (own, device) == ("spBv1.0/Plant/NCMD/Edge", "spBv1.0/Plant/DCMD/Edge/Line")
    found = edge.command(
        device, command(Metric(alias=1, float_value=1.5), Metric(name="Motor/count", long_value=2**64 - 1))
    )
    assert (found.rebirth, found.writes) == (False, [(SPEED, 1.5), (COUNT, -1)])
    rebirth = command(Metric(name="Node Control/Rebirth", datatype=T.BOOLEAN, boolean_value=True))
    assert edge.command(own, rebirth).rebirth  # tck-id-operational-behavior-data-commands-ncmd-rebirth-name
    assert not edge.command(own, command(Metric(name="Node Control/Rebirth", boolean_value=False))).rebirth
    day = command(Metric(alias=3, datatype=T.DATE_TIME, long_value=1_780_272_000_001))
    assert edge.command(own, day).writes == [(PLAIN, "2026-06-01T00:00:00.001")]


@pytest.mark.parametrize(
    ("place", "metric", "code"),
    [
        (0, Metric(name="Nothing", int_value=1), "sink.sparkplug_metric"),
        (0, Metric(alias=1, float_value=1.5), "sink.sparkplug_metric"),
        (1, Metric(name="Node Control/Rebirth", boolean_value=True), "sink.sparkplug_metric"),
        (1, Metric(alias=1, string_value="text"), "runtime.sparkplug_value"),
        (1, Metric(alias=1, is_null=True), "sink.sparkplug_value"),
        (1, Metric(alias=1, datatype=T.BYTES, bytes_value=b"x"), "sink.sparkplug_value"),
        (1, Metric(alias=1, datatype=99, bytes_value=b"x"), "runtime.sparkplug_value"),
    ],
)
def test_a_command_that_fits_no_metric_is_refused(place: int, metric: Metric, code: str) -> None:
    edge = node()
    edge.will()
    edge.births(values())
    with pytest.raises(Problem) as found:
        edge.command(edge.command_topics()[place], command(metric))
    assert found.value.code == code
