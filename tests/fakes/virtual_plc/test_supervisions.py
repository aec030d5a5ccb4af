"""Operands that blocks supervise: ProDiag's in function blocks, interlocks and supervisions of GRAPH."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from simatic_xml import graph
from simatic_xml.model import Block
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.graph_programs import plant
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.memory.program import Program, program_of
from virtual_plc.surroundings.alarms import Origin

SOURCE = """
FUNCTION_BLOCK "Motor"
VAR_INPUT jam : Bool; enabled : Bool := TRUE; END_VAR
VAR delay : Time := T#30ms; speed : Real := 12.5; count : Int; END_VAR
BEGIN
  #count := #count + 1;
END_FUNCTION_BLOCK
FUNCTION_BLOCK "Line" VAR left : "Motor"; motors : Array[1..2] of "Motor"; END_VAR
BEGIN #left(); #motors[1](); #motors[2](); END_FUNCTION_BLOCK
DATA_BLOCK "Plant" "Line" BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN "Plant"(); END_ORGANIZATION_BLOCK
"""
JAM = """
<Supervisions><BlockTypeSupervisions xmlns="urn:test">
 <BlockTypeSupervision Number="1" Type="Operand">
  <SupervisedOperand Name="{operand}"/><SupervisedStatus>true</SupervisedStatus>{delay}
  <Conditions><Condition><ConditionOperand Number="1" Name="#enabled"/><TriggeringStatus>true</TriggeringStatus></Condition></Conditions>
  <CategoryNumber>1</CategoryNumber>
  <SpecificField><AssociatedValues><AssociatedValue><AssociatedValueOperand Number="1" Name="#speed"/></AssociatedValue></AssociatedValues>
   <SpecificFieldText><MultiLanguageText Lang="en-US">Jam at @1R%.1f@</MultiLanguageText>
    <MultiLanguageText Lang="de-DE">Stau</MultiLanguageText></SpecificFieldText></SpecificField>
 </BlockTypeSupervision>
</BlockTypeSupervisions></Supervisions>
"""
DELAY = '<DelayOperand Name="#delay"/>'
LEFT = '"Plant".left.jam.Operand1'
SCAN = 10
"""Milliseconds from one scan to the next."""


def supervised(operand: str = "#jam", delay: str = DELAY) -> Program:
    workspace = Workspace()
    assert workspace.put_source(SOURCE) == []
    block = workspace.find("Motor")
    assert isinstance(block, Block)
    block.parts["Supervisions"] = etree.fromstring(JAM.format(operand=operand, delay=delay))
    return program_of(workspace)


@contextmanager
def running(program: Program) -> Iterator[VirtualCpu]:
    cpu = VirtualCpu(program)
    cpu.power_on()
    cpu.run()
    yield cpu
    cpu.power_off()


def events(cpu: VirtualCpu) -> list[tuple[str, bool]]:
    return [(each.alarm, each.coming) for each in cpu.surroundings.alarms.events]


def test_an_operand_is_supervised_in_each_instance_with_delay_text_and_values() -> None:
    with running(supervised()) as cpu:
        cpu.write('"Plant".motors[2].jam', True)
        cpu.run_cycles(3)
        assert events(cpu) == []
        cpu.run_cycles(1)
        (event,) = cpu.surroundings.alarms.events
        assert (event.alarm, event.origin, event.needs_acknowledge) == (
            '"Plant".motors[2].jam.Operand1',
            Origin.SUPERVISION,
            True,
        )
        assert (event.texts, event.values) == ({"en-US": "Jam at 12.5", "de-DE": "Stau"}, (12.5,))
        cpu.write('"Plant".motors[2].enabled', False)
        cpu.run_cycles(1)
        assert events(cpu)[1:] == [('"Plant".motors[2].jam.Operand1', False)]
        assert list(cpu.surroundings.alarms.gone) == ['"Plant".motors[2].jam.Operand1']
        assert cpu.acknowledge_alarms('"Plant".motors[2].jam.Operand1')


LEVELS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=20)


@given(LEVELS, st.integers(0, 5))
def test_an_alarm_comes_when_its_conditions_have_lasted_for_the_delay(
    levels: list[tuple[bool, bool]], scans: int
) -> None:
    """Each scan is compared with all scans before it."""
    with running(supervised()) as cpu:
        cpu.write('"Plant".left.delay', scans * SCAN)
        found = []
        for jam, enabled in levels:
            cpu.write_many({'"Plant".left.jam': jam, '"Plant".left.enabled': enabled})
            cpu.run_cycles(1)
            found.append(LEFT in cpu.surroundings.alarms.pending)
        both = [jam and enabled for jam, enabled in levels]
        expected = [at >= scans and all(both[at - scans : at + 1]) for at in range(len(both))]
        assert found == expected


def test_without_a_delay_the_first_scan_counts() -> None:
    with running(supervised(delay="")) as cpu:
        cpu.write('"Plant".left.jam', True)
        cpu.run_cycles(1)
        assert events(cpu) == [(LEFT, True)]
        cpu.stop()
        assert (LEFT, False) in events(cpu)


@pytest.mark.parametrize("operand", ["#jammed", "#speed", "#left.jam", ""])
def test_a_supervision_with_an_operand_that_is_not_there_has_no_alarm(operand: str) -> None:
    with running(supervised(operand)) as cpu:
        assert {(each.code, each.severity) for each in cpu.load_warnings} == {("supervision.operand", Severity.WARNING)}
        place = f"Bool '\"Plant\".left{'.' + operand[1:] if operand else ''}'"
        assert any(place in each.message for each in cpu.load_warnings)
        assert any(cpu.load_warnings[0].message in each.text for each in cpu.diagnostics)
        cpu.write('"Plant".left.jam', True)
        cpu.run_cycles(3)
        assert events(cpu) == []


def test_a_supervision_with_a_delay_that_is_no_time_has_no_alarm() -> None:
    cpu = VirtualCpu(supervised(delay='<DelayOperand Name="#count"/>'))
    assert any("needs a Time or LTime '\"Plant\".left.count'" in each.message for each in cpu.load_warnings)


# GRAPH -----------------------------------------------------------------------------------------------------------------

STEPS: list[dict[str, Any]] = [
    {
        "number": 1,
        "name": "Fill",
        "init": True,
        "interlock": [{"contact": "#b"}],
        "supervision": {
            "series": [{"contact": "#a"}],
            "alarmText": {"en-US": "The valve is jammed", "de-DE": "Klemmt"},
        },
    },
    {"number": 2, "name": "Stir well"},
]
TRANSITIONS: list[dict[str, Any]] = [
    {"number": 1, "name": "full", "condition": [{"contact": "#c"}]},
    {"number": 2, "name": "done", "condition": [{"contact": "#d"}]},
]
FLOW: list[Any] = ["Fill", "full", "Stir well", "done", {"jump": "Fill"}]
INTERLOCK, SUPERVISION = '"D"."Fill".Interlock', '"D"."Fill".Supervision'


def sequence() -> Program:
    return plant(STEPS, TRANSITIONS, flow=FLOW)


def test_a_missing_interlock_of_an_active_step_is_an_alarm() -> None:
    with running(sequence()) as cpu:
        cpu.run_cycles(1)
        assert events(cpu) == [(INTERLOCK, True)]
        cpu.write("D.b", True)
        cpu.run_cycles(1)
        assert events(cpu)[1:] == [(INTERLOCK, False)]
        cpu.write_many({"D.b": False, "D.c": True})
        cpu.run_cycles(2)
        assert list(cpu.surroundings.alarms.pending) == []


def test_a_fault_of_a_step_is_an_alarm_until_the_sequence_acknowledges_it() -> None:
    with running(sequence()) as cpu:
        cpu.write_many({"D.b": True, "D.a": True})
        cpu.run_cycles(1)
        (raised,) = cpu.surroundings.alarms.events
        assert (raised.alarm, raised.origin) == (SUPERVISION, Origin.GRAPH)
        assert raised.texts == {"en-US": "The valve is jammed", "de-DE": "Klemmt"}
        assert cpu.acknowledge_alarms(SUPERVISION)
        cpu.write("D.a", False)
        cpu.run_cycles(1)
        assert list(cpu.surroundings.alarms.pending) == [SUPERVISION]
        cpu.write("D.ACK_EF", True)
        cpu.run_cycles(1)
        assert list(cpu.surroundings.alarms.pending) == list(cpu.surroundings.alarms.gone) == []


def test_steps_without_such_networks_have_no_alarms() -> None:
    assert [each.name for each in sequence().alarms["plant"].supervisions] == [
        '."Fill".Interlock',
        '."Fill".Supervision',
    ]


def test_alarm_handling_can_be_switched_off() -> None:
    workspace = Workspace()
    data = {"graph": {"sequences": [{"steps": STEPS, "transitions": TRANSITIONS, "flow": FLOW}]}}
    block = graph.block(data, "Plant", "V20")
    statics = block.section("Static")
    assert statics is not None
    for name in "abcd":
        statics.members.append(type(statics.members[0])(name, "Bool"))
    workspace.put(block)
    assert program_of(workspace).alarms != {}
    block.attributes["WithAlarmHandling"] = "false"
    assert program_of(workspace).alarms == {}
