"""Sparkplug B: the type and field of each metric in births and data, and commands that write every type."""

from __future__ import annotations

import asyncio
import math
from typing import Any

from runtime_data.runtime import Write
from runtime_data.sinks.sparkplug import payload as sparkplug
from runtime_data.sinks.sparkplug.edge_node import EdgeNode, Tag
from runtime_data.sinks.sparkplug.payload import Metric, Payload
from tests.runtime_data.plant import OPERATOR
from tests.runtime_data.servers.s7.kit import Served
from tests.runtime_data.type_interfaces.cases import CASES, SOUND, Case
from tests.runtime_data.type_interfaces.program import BLOCK, image, path_of

INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64, FLOAT, DOUBLE, BOOLEAN, STRING, DATE_TIME = range(1, 14)
"""Numbers of the data types: specification of Sparkplug 3.0, chapter 6.4."""
WIRE: dict[str, tuple[int, str, Any]] = {
    "Bool_low": (BOOLEAN, "boolean_value", False),
    "Bool_high": (BOOLEAN, "boolean_value", True),
    "Byte_high": (UINT8, "int_value", 255),
    "Word_high": (UINT16, "int_value", 65535),
    "DWord_high": (UINT32, "int_value", 4294967295),
    "LWord_high": (UINT64, "long_value", 18446744073709551615),
    "SInt_low": (INT8, "int_value", 4294967168),
    "SInt_high": (INT8, "int_value", 127),
    "Int_low": (INT16, "int_value", 4294934528),
    "Int_high": (INT16, "int_value", 32767),
    "DInt_low": (INT32, "int_value", 2147483648),
    "DInt_high": (INT32, "int_value", 2147483647),
    "LInt_low": (INT64, "long_value", 9223372036854775808),
    "LInt_high": (INT64, "long_value", 9223372036854775807),
    "USInt_high": (UINT8, "int_value", 255),
    "UInt_high": (UINT16, "int_value", 65535),
    "UDInt_high": (UINT32, "int_value", 4294967295),
    "ULInt_high": (UINT64, "long_value", 18446744073709551615),
    "Real_low": (FLOAT, "float_value", -3.4028234663852886e38),
    "Real_small": (FLOAT, "float_value", 1.401298464324817e-45),
    "Real_odd": (FLOAT, "float_value", -0.10000000149011612),
    "Real_nan": (FLOAT, "float_value", math.nan),
    "Real_infinite": (FLOAT, "float_value", -math.inf),
    "LReal_high": (DOUBLE, "double_value", 1.7976931348623157e308),
    "LReal_small": (DOUBLE, "double_value", 5e-324),
    "LReal_nan": (DOUBLE, "double_value", math.nan),
    "LReal_infinite": (DOUBLE, "double_value", math.inf),
    "Time_low": (INT32, "int_value", 2147483648),
    "Time_high": (INT32, "int_value", 2147483647),
    "LTime_low": (INT64, "long_value", 9223372036854775808),
    "LTime_high": (INT64, "long_value", 9223372036854775807),
    "S5Time_low": (UINT32, "int_value", 0),
    "S5Time_high": (UINT32, "int_value", 9990000),
    "S5Time_broken": (UINT32, "is_null", True),
    "Date_low": (DATE_TIME, "long_value", 631152000000),
    "Date_high": (DATE_TIME, "long_value", 6293376000000),
    "Time_Of_Day_low": (STRING, "string_value", "00:00:00"),
    "Time_Of_Day_high": (STRING, "string_value", "23:59:59.999"),
    "Time_Of_Day_broken": (STRING, "is_null", True),
    "LTime_Of_Day_high": (STRING, "string_value", "23:59:59.999999999"),
    "LTime_Of_Day_broken": (STRING, "is_null", True),
    "Date_And_Time_low": (DATE_TIME, "long_value", 631152000000),
    "Date_And_Time_high": (DATE_TIME, "long_value", 3786911999999),
    "LDT_low": (DATE_TIME, "long_value", 0),
    "LDT_high": (DATE_TIME, "long_value", 9223372036854),
    "LDT_broken": (DATE_TIME, "is_null", True),
    "Char_low": (STRING, "string_value", "\0"),
    "Char_high": (STRING, "string_value", "ÿ"),
    "WChar_high": (STRING, "string_value", "\ud7ff"),
    "WChar_usual": (STRING, "string_value", "λ"),
    "WChar_broken": (STRING, "is_null", True),
}
CUT = {"LDT_high"}
"""What DateTime does not hold: docs/facts/sparkplug.md#values-of-tags."""
SHOWN = [each for each in CASES if each.name != "Date_And_Time_broken"]
ALIAS = {each.name: alias for alias, each in enumerate(SHOWN, 1)}


def quality(case: Case) -> int:
    return 192 if case.quality == "Good" and case.name not in CUT else 500


def field_of(metric: Metric, name: str) -> str:
    """The value on the wire, as a text that tells NaN, -0.0 and types apart."""
    given = [
        each
        for each in ("int_value", "long_value", "float_value", "double_value", "boolean_value", "string_value")
        if getattr(metric, each) is not None
    ]
    assert given == ([] if name == "is_null" else [name])
    return repr(getattr(metric, name))


def test_births_data_and_commands(cpu: Served) -> None:
    read = asyncio.run(cpu.plant.runtime.read(OPERATOR, list(map(path_of, SHOWN))))
    edge = EdgeNode("Plant", "Edge", [Tag(path_of(each), each.name, "Types", ALIAS[each.name]) for each in SHOWN])
    edge.will()
    (_, birth) = edge.births({each.tag: each for each in read})
    born = {each.name: each for each in sparkplug.unpack(birth[1]).metrics}
    ((topic, data),) = edge.data(read, 0, historical=False)
    sent = {each.alias: each for each in sparkplug.unpack(data).metrics}
    assert topic == "spBv1.0/Plant/DDATA/Edge/Types" and len(sent) == len(born) == len(WIRE) == len(SHOWN)
    for each in SHOWN:
        kind, name, value = WIRE[each.name]
        metric = born[each.name]
        assert (metric.datatype, field_of(metric, name)) == (kind, repr(value)), each
        assert field_of(sent[ALIAS[each.name]], name) == repr(value), each
        assert metric.properties and metric.properties.values[0].int_value == quality(each), each
    written = [each for each in SOUND if each.name not in CUT]
    metrics = [Metric(alias=ALIAS[each.name], **{WIRE[each.name][1]: WIRE[each.name][2]}) for each in written]
    command = edge.command("spBv1.0/Plant/DCMD/Edge/Types", sparkplug.pack(Payload(timestamp=0, metrics=metrics)))
    done = asyncio.run(cpu.plant.runtime.write(OPERATOR, [Write(*each) for each in command.writes]))
    assert [each for each in done if each.error] == [] and len(done) == len(written)
    content, _ = image()
    with cpu.client() as client:
        assert bytes(client.db_read(BLOCK, 0, len(content))).hex() == content.hex()
