"""Timers and counters, which have a number instead of bytes in a block: read by every interface, written by none."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from snap7.error import S7Error

from runtime_data import data_types
from runtime_data.history.model import sample_of
from runtime_data.ignition.tag_types import name_of as ignition_type
from runtime_data.opcua.types import to_ua, ua_type
from runtime_data.runtime import Write
from runtime_data.sinks.line_protocol import line
from runtime_data.sinks.sparkplug.metric_values import fields_for, kind_of
from runtime_data.sources.s7.source import S7Source
from runtime_data.values import Value
from runtime_data.webapi.forms import to_raw, to_simple
from runtime_data.wincc.names import data_type_number
from tests.fakes.fake_plcsim.kit import Simulated
from tests.runtime_data.plant import OPERATOR
from tests.runtime_data.servers.s7.kit import Served

TAGS = ["PLC_1:Ended", "PLC_1:Count", "PLC_1:Running", "PLC_1:Types.v_Int_low"]
STOPPED, COUNTED = 0x1123, 456
"""123 counts of 100 ms are left; 456 was counted."""
RUNS = 0x3999 | 1 << 16 | 1 << 20 | 1 << 21
"""A pulse of 9,990 s that began with the CPU."""


@pytest.fixture
def values(cpu: Served) -> Iterator[list[Value]]:
    instance = cpu.plant.simulation.model.SimulationRuntimeManager.CreateInterface("PLC_1")
    with Simulated.behind(instance)._controller.memory.between_cycles() as memory:
        memory.timers[1], memory.timers[2], memory.counters[1] = STOPPED, RUNS, COUNTED
    yield asyncio.run(cpu.plant.runtime.read(OPERATOR, TAGS))
    with Simulated.behind(instance)._controller.memory.between_cycles() as memory:
        memory.timers[1] = memory.timers[2] = memory.counters[1] = 0


def test_they_are_read_with_the_other_tags(values: list[Value]) -> None:
    ended, count, running, other = values
    assert (ended.data_type, ended.value, ended.text, ended.quality) == ("Timer", 12_300, "S5T#12s_300ms", "Good")
    assert (count.data_type, count.value, count.text, count.quality) == ("Counter", 456, "", "Good")
    assert running.quality == "Good" and 0 < running.value <= 9_990_000 and running.value % 10_000 == 0
    assert other.value == -32768


def test_they_are_written_by_nobody(cpu: Served, values: list[Value]) -> None:
    done = asyncio.run(
        cpu.plant.runtime.write(OPERATOR, [Write(TAGS[0], "S5T#1s"), Write(TAGS[1], 5), Write(TAGS[3], -32768)])
    )
    assert [each.error.code if each.error else "" for each in done] == ["runtime.not_writable"] * 2 + [""]
    again = asyncio.run(cpu.plant.runtime.read(OPERATOR, TAGS[:2]))
    assert [each.value for each in again] == [each.value for each in values[:2]]


def test_the_s7_protocol(cpu: Served, values: list[Value], source: S7Source) -> None:
    del values
    with cpu.client() as client:
        assert bytes(client.tm_read(1, 1)).hex() == "1123" and bytes(client.ct_read(1, 1)).hex() == "0456"
        with pytest.raises(S7Error):
            client.ct_write(1, 1, bytearray(2))
    timer, count = source.read(["T1", "C1"])
    refused = source.write([("T1", "S5T#1s"), ("C1", 5)], {}, atomic=False)
    assert (timer.data_type, timer.value, timer.text, timer.quality) == ("S5Time", 12_300, "S5T#12s_300ms", "Good")
    assert (count.data_type, count.value, count.quality) == ("Counter", 456, "Good")
    assert [each.code if each else "" for each in refused] == ["s7.access_denied"] * 2


def test_the_form_of_each_interface(values: list[Value]) -> None:
    ended, count, _, _ = values
    raw = [data_types.accept(each.data_type, each.text or each.value) for each in (ended, count)]
    assert [(ua_type(each.data_type), to_ua(each)) for each in (ended, count)] == [("UInt16", 0x1123), ("UInt16", 456)]
    assert to_simple("Timer", raw[0]) == {"basis": 100, "value": 123} and to_simple("Counter", raw[1]) == 456
    assert to_raw("Timer", raw[0]) == [0x11, 0x23] and to_raw("Counter", raw[1]) == [1, 200]
    assert [data_type_number(each.data_type) for each in (ended, count)] == [7, 5]
    assert [ignition_type(each.data_type) for each in (ended, count)] == ["Int4", "Int2"]
    assert [(int(kind_of(each)), fields_for(kind_of(each), each)) for each in (ended, count)] == [
        (7, {"int_value": 12_300}),
        (6, {"int_value": 456}),
    ]
    lines = [line("S", each, {}, 0, unsigned=False) or "" for each in (ended, count)]
    assert [each.split()[1] for each in lines] == ['value=12300i,online="unknown"', 'value=456i,online="unknown"']
    assert [sample_of(each, 1).number for each in (ended, count)] == [12_300, 456]
