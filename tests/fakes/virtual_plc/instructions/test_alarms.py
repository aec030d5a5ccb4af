"""Program alarms and their states, messages, and what the CPU reports itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.flgnet import from_json
from simatic_xml.model import Block, Member, Network, Section
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.agreement import agree, program, put_stl
from tests.fakes.virtual_plc.instructions.cpu_programs import cycle, running
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.cpu.diagnostics import Event
from virtual_plc.memory.program import program_of
from virtual_plc.surroundings.alarms import Alarms, Change, Origin

PUMP = """
FUNCTION_BLOCK "Pump"
VAR_INPUT level : Real; name : String; END_VAR
VAR high : Program_Alarm; low : Program_Alarm; END_VAR
BEGIN
  #high(SIG := #level > 90.0, SD_1 := #level, SD_2 := #name);
  #low(SIG := #level < 10.0, TIMESTAMP := LDT#2020-01-02-03:04:05);
END_FUNCTION_BLOCK
FUNCTION_BLOCK "Line" VAR left : "Pump"; right : "Pump"; END_VAR
BEGIN #left(level := "D".left, name := 'L'); #right(level := "D".right, name := 'R'); END_FUNCTION_BLOCK
DATA_BLOCK "Plant" "Line" BEGIN END_DATA_BLOCK
"""
MEMBERS = "left : Real := 50.0; right : Real := 50.0; free : UInt;"
MAIN = '"Plant"(); "D".free := Get_AlarmResources();'
NEW_YEAR = 1_577_934_245_000_000_000
"""2020-01-02 03:04:05 in nanoseconds since 1970."""


STATE_TABLE = {
    # state of Get_AlarmState: after SIG 0, after SIG 1, after an acknowledgement
    0x00: (0x00, 0x01, 0x00),  # not there
    0x01: (0x02, 0x01, 0x05),  # pending
    0x05: (0x00, 0x05, 0x05),  # pending, acknowledged
    0x02: (0x02, 0x01, 0x00),  # gone, not acknowledged
}
"""Written by hand after docs/conformance-plc/alarms.md."""
STEPS = ("clear", "raise", "acknowledge")


def events(cpu: VirtualCpu) -> list[tuple[str, bool, tuple[object, ...]]]:
    return [(each.alarm, each.coming, each.values[:2]) for each in cpu.surroundings.alarms.events]


def test_alarms_come_and_go_with_their_signal_and_have_the_name_of_their_instance() -> None:
    with running(MEMBERS, MAIN, before=PUMP) as cpu:
        cpu.run_cycles(2)
        assert events(cpu) == []
        cpu.write_many({'"D".left': 95.0, '"D".right': 5.0})
        before = cpu.surroundings.alarms.most
        assert cycle(cpu, "free", count=2) == before - 2
        assert events(cpu) == [('"Plant".left.high', True, (95.0, "L")), ('"Plant".right.low', True, (None, None))]
        found = list(cpu.surroundings.alarms.events)
        assert found[1].moment == NEW_YEAR
        assert found[0].moment > NEW_YEAR
        cpu.write('"D".left', 20.0)
        cpu.run_cycles(2)
        assert events(cpu)[2:] == [('"Plant".left.high', False, (20.0, "L"))]
        assert list(cpu.surroundings.alarms.pending) == ['"Plant".right.low']


def test_an_alarm_without_room_has_its_error_and_comes_later() -> None:
    with running(MEMBERS, MAIN, before=PUMP) as cpu:
        cpu.surroundings.alarms.most = 1
        cpu.write_many({'"D".left': 95.0, '"D".right': 95.0})
        cpu.run_cycles(2)
        assert [each[0] for each in events(cpu)] == ['"Plant".left.high']
        assert cpu.read('"Plant".right.high.Error') is True
        cpu.write('"D".left', 50.0)
        cpu.run_cycles(2)
        assert [each[:2] for each in events(cpu)[1:]] == [('"Plant".left.high', False), ('"Plant".right.high', True)]
        assert cpu.read('"Plant".right.high.Error') is False


ASKED = """
FUNCTION_BLOCK "Pump"
VAR_INPUT on : Bool; END_VAR
VAR_OUTPUT state : Byte; wrong : Bool; status : Word; END_VAR
VAR
  high : Program_Alarm;  // Level @1R%5.1f@, @2%s@, @3I%d@
END_VAR
BEGIN
  #high(SIG := #on, SD_1 := 12.25, SD_2 := 'left');
  Get_AlarmState(Alarm := #high, AlarmState => #state, Error => #wrong, STATUS => #status);
END_FUNCTION_BLOCK
DATA_BLOCK "Left" "Pump" BEGIN END_DATA_BLOCK
"""
ALARM = '"Left".high'
CALL = '"Left"(on := "D".on); "D".state := "Left".state; "D".wrong := "Left".wrong; "D".status := "Left".status;'
ON = "on : Bool; state : Byte; wrong : Bool; status : Word;"


@given(st.lists(st.sampled_from(STEPS), max_size=12))
def test_every_way_through_the_states_is_that_of_the_table(steps: list[str]) -> None:
    with running(ON, CALL, before=ASKED) as cpu:
        expected, number = 0x00, 0
        for step in steps:
            acknowledged = cpu.acknowledge_alarms(ALARM) if step == "acknowledge" else []
            cpu.write('"D".on', step == "raise" or (step == "acknowledge" and cpu.read('"D".on')))
            waited = expected in (0x01, 0x02)
            before, expected = expected, STATE_TABLE[expected][STEPS.index(step)]
            assert cycle(cpu, "state", "wrong", "status") == (expected, False, 0)
            assert acknowledged == ([ALARM] if step == "acknowledge" and waited else [])
            number += before != expected
            assert len(cpu.surroundings.alarms.events) == number


@given(st.lists(st.booleans(), max_size=30))
def test_each_edge_of_sig_is_one_event(levels: list[bool]) -> None:
    with running(ON, CALL, before=ASKED) as cpu:
        for level in levels:
            cpu.write('"D".on', level)
            cpu.run_cycles(1)
        edges = [after for before, after in zip([False, *levels], levels, strict=False) if before is not after]
        assert [each.coming for each in cpu.surroundings.alarms.events] == edges
        assert [each.serial for each in cpu.surroundings.alarms.events] == list(range(1, len(edges) + 1))


def test_the_text_of_an_alarm_is_the_comment_of_its_instance_with_associated_values() -> None:
    with running(ON, CALL, before=ASKED) as cpu:
        cpu.write('"D".on', True)
        cpu.run_cycles(1)
        (event,) = cpu.surroundings.alarms.events
        assert event.texts == {"en-US": "Level  12.2, left, @3I%d@"}
        assert (event.change, event.origin, event.needs_acknowledge) == (Change.RAISED, Origin.PROGRAM, True)


def test_an_alarm_of_a_data_block_has_the_comment_of_its_member() -> None:
    source = 'DATA_BLOCK "A" VAR low : Program_Alarm; // Too low\nEND_VAR BEGIN END_DATA_BLOCK'
    with running("", '"A".low(SIG := TRUE);', before=source) as cpu:
        cpu.run_cycles(1)
        assert [(each.alarm, each.texts) for each in cpu.surroundings.alarms.events] == [
            ('"A".low', {"en-US": "Too low"})
        ]


def test_the_state_of_anything_but_an_alarm_is_refused_by_the_compiler() -> None:
    workspace = Workspace()
    source = ASKED.replace("Alarm := #high", "Alarm := #state")
    assert workspace.put_source(source) == []
    (found,) = [each for each in workspace.check() if each.severity is Severity.ERROR]
    assert (found.code, found.message.partition(".")[0]) == (
        "type.implicit",
        "Byte is not converted to Program_Alarm implicitly",
    )


LADDER: dict[str, Any] = {
    "rungs": [
        [
            {
                "box": "Program_Alarm",
                "instance": "#high",
                "in": {"SIG": "#on", "TIMESTAMP": "LDT#1970-01-01-00:00:00", "SD_1": "#number"},
                "out": {"Error": "#wrong", "Status": "#status"},
            }
        ],
        [
            {
                "box": "Get_AlarmState",
                "in": {"Alarm": "#high"},
                "out": {"AlarmState": "#state", "Error": "#wrong", "STATUS": "#status"},
            }
        ],
    ]
}
MEMBERS_OF_LADDER = {
    "on": "Bool",
    "number": "Int",
    "state": "Byte",
    "wrong": "Bool",
    "status": "Word",
    "high": "Program_Alarm",
}


@pytest.mark.parametrize("language", ["LAD", "FBD"])
def test_alarms_in_networks_are_the_same_on_every_tier(language: str) -> None:
    statics = [Member(name, data_type) for name, data_type in MEMBERS_OF_LADDER.items()]
    sections = [Section("Input"), Section("Output"), Section("InOut"), Section("Static", statics), Section("Temp")]
    data = LADDER if language == "LAD" else {"fbd": LADDER["rungs"]}
    networks = [Network(language, source=from_json(data))]
    workspace = Workspace()
    workspace.put(Block("FB", "Tank", auto_number=True, language=language, interface=sections, networks=networks))
    call = (
        """DATA_BLOCK "D" "Tank" BEGIN END_DATA_BLOCK ORGANIZATION_BLOCK "Main" BEGIN "D"(); END_ORGANIZATION_BLOCK"""
    )
    assert workspace.put_source(call) == []
    made = program_of(workspace)
    assert agree(made, [{}, {'"D".on': True, '"D".number': 7}, {'"D".on': False}]) == [""] * 3
    cpu = VirtualCpu(made)
    cpu.power_on()
    cpu.run()
    cpu.write_many({'"D".on': True, '"D".number': 7})
    cpu.run_cycles(1)
    assert (cpu.read('"D".state'), events(cpu)) == (0x01, [('"D".high', True, (7, None))])
    cpu.power_off()


def test_alarms_in_statement_list_are_the_same_on_every_tier() -> None:
    workspace = Workspace()
    declared = """DATA_BLOCK "A" Program_Alarm BEGIN END_DATA_BLOCK
    DATA_BLOCK "D" VAR on : Bool; state : Byte; wrong : Bool; status : Word; END_VAR BEGIN END_DATA_BLOCK"""
    assert workspace.put_source(declared) == []
    put_stl(
        workspace,
        """ORGANIZATION_BLOCK "Main"
BEGIN
NETWORK
CALL Program_Alarm, "A" (SIG := "D".on, TIMESTAMP := LDT#1970-01-01-00:00:00, SD_1 := "D".status);
CALL Get_AlarmState (Alarm := "A", AlarmState := "D".state, Error := "D".wrong, STATUS := "D".status);
END_ORGANIZATION_BLOCK""",
    )
    made = program_of(workspace)
    assert agree(made, [{}, {'"D".on': True}, {'"D".on': False}]) == [""] * 3


def test_alarms_are_the_same_on_every_tier() -> None:
    source = PUMP + f'DATA_BLOCK "D" VAR {MEMBERS} END_VAR BEGIN END_DATA_BLOCK '
    made = program(source + f'ORGANIZATION_BLOCK "Main" BEGIN {MAIN} END_ORGANIZATION_BLOCK')
    assert agree(made, [{}, {'"D".left': 95.0}, {'"D".right': 1.0}, {'"D".left': 0.0}, {'"D".right': 50.0}]) == [""] * 5


def test_a_message_is_in_the_diagnostic_buffer() -> None:
    members = "mode : UInt; status : Int; values : AssocValues;"
    call = """
    IF "D".mode <> 0 THEN
      "D".status := Gen_UsrMsg(Mode := "D".mode, TextID := 7, TextListID := 3, AssocValues := "D".values);
      "D".mode := 0;
    END_IF;
    """
    with running(members, call) as cpu:
        cpu.write('"D".mode', 1)
        assert cycle(cpu, "status") == 0
        assert "Text 7 of text list 3" in cpu.diagnostics[0].text
        assert "comes" in cpu.diagnostics[0].text
        cpu.write('"D".mode', 2)
        cycle(cpu, "status")
        assert "goes" in cpu.diagnostics[0].text
        cpu.write('"D".mode', 3)
        assert cycle(cpu, "status") == 0x8080 - 0x10000


def test_a_message_is_an_alarm_for_information() -> None:
    members = "mode : UInt; status : Int; values : AssocValues;"
    call = """
    IF "D".mode <> 0 THEN
      "D".status := Gen_UsrMsg(Mode := "D".mode, TextID := 7, TextListID := 3, AssocValues := "D".values);
      "D".mode := 0;
    END_IF;
    """
    with running(members, call) as cpu:
        for mode in (1, 2):
            cpu.write('"D".mode', mode)
            cpu.run_cycles(1)
        found = cpu.surroundings.alarms.events
        assert [(each.alarm, each.change) for each in found] == [
            ("Message.3.7", Change.RAISED),
            ("Message.3.7", Change.CLEARED),
        ]
        assert {(each.origin, each.needs_acknowledge) for each in found} == {(Origin.MESSAGE, False)}
        assert found[0].texts == {"en-US": "Text 7 of text list 3"}
        assert not cpu.acknowledge_alarms("Message.3.7")


def test_a_stop_is_an_alarm_until_the_cpu_runs_and_clears_those_of_the_program() -> None:
    with running(ON, CALL, before=ASKED) as cpu:
        cpu.write('"D".on', True)
        cpu.run_cycles(1)
        cpu.stop()
        assert list(cpu.surroundings.alarms.pending) == ["System.Stop"]
        assert cpu.surroundings.alarms.gone == {}
        cpu.run()
        assert list(cpu.surroundings.alarms.pending) == []
        cpu.power_off()
        assert list(cpu.surroundings.alarms.pending) == []
        assert [(each.alarm, each.change) for each in cpu.surroundings.alarms.events][2:] == [
            (ALARM, Change.CLEARED),
            ("System.Stop", Change.CLEARED),
        ]
        cpu.power_on()


def test_an_alarm_that_is_retentive_comes_again_after_a_stop() -> None:
    """The signal did not change, but the CPU has forgotten the alarm."""
    kept = ASKED.replace('DATA_BLOCK "Left" "Pump"', 'DATA_BLOCK "Left"\nRETAIN "Pump"')
    with running(ON, '"Left"(on := TRUE);', before=kept) as cpu:
        cpu.run_cycles(2)
        cpu.stop()
        cpu.run()
        cpu.run_cycles(1)
        own = [each.change for each in cpu.surroundings.alarms.events if each.alarm == ALARM]
        assert own == [Change.RAISED, Change.CLEARED, Change.RAISED]


def test_faults_and_a_cycle_that_is_too_long_are_alarms_that_come_and_go() -> None:
    members = "list : Array[0..3] of Int; index : Int; long : Bool; n : DInt;"
    program_text = """
    IF "D".long THEN WHILE TRUE DO "D".n := 1; END_WHILE; END_IF;
    "D".list["D".index] := 1;
    """
    with running(members, program_text, family="S7-1200", firmware="V4.5") as cpu:
        cpu.write('"D".index', 9)
        cpu.run_cycles(1)
        found = [(each.alarm, each.change) for each in cpu.surroundings.alarms.events]
        assert found == [("System.Fault", Change.RAISED), ("System.Fault", Change.CLEARED)]
        cpu.write_many({'"D".index': 0, '"D".long': True})
        cpu.run_cycles(1)
        later = list(cpu.surroundings.alarms.events)[2:]
        assert {each.alarm for each in later} == {"System.CycleTime", "System.Stop"}
        assert list(cpu.surroundings.alarms.pending) == ["System.Stop"]
        assert Event.STOP_BY_TIME.text in cpu.surroundings.alarms.pending["System.Stop"].came.texts["en-US"]


def test_an_event_of_a_module_is_an_alarm() -> None:
    with running(ON, CALL, before=ASKED) as cpu:
        cpu.module_event(82, "Wire break at channel 3.")
        (come, go) = cpu.surroundings.alarms.events
        assert (come.alarm, come.texts, go.change) == (
            "System.Module",
            {"en-US": "Wire break at channel 3."},
            Change.CLEARED,
        )


def test_a_download_clears_alarms_that_the_program_does_not_have_any_more() -> None:
    with running(ON, CALL, before=ASKED) as cpu:
        cpu.write('"D".on', True)
        cpu.run_cycles(1)
        own = ASKED + f'DATA_BLOCK "D" VAR {ON} END_VAR BEGIN END_DATA_BLOCK '
        cpu.load(program(own + f'ORGANIZATION_BLOCK "Main" BEGIN {CALL} END_ORGANIZATION_BLOCK'))
        cpu.run_cycles(1)
        assert list(cpu.surroundings.alarms.pending) == [ALARM]
        cpu.stop()
        cpu.load(program('ORGANIZATION_BLOCK "Main" BEGIN ; END_ORGANIZATION_BLOCK'))
        assert list(cpu.surroundings.alarms.pending) == ["System.Stop"]


def test_who_reads_events_late_learns_that_some_are_lost() -> None:
    alarms = Alarms()
    assert alarms.since(0) == []
    for number in range(3300):
        assert alarms.raise_(f"A{number % 10}", number)
        alarms.clear(f"A{number % 10}", number)
    assert alarms.since(0) is None
    assert alarms.since(alarms.serial + 1) is None
    found = alarms.since(alarms.serial - 2)
    assert found is not None
    assert [each.serial for each in found] == [6599, 6600]
    number, statuses = alarms.statuses()
    assert (number, len(statuses)) == (6600, 10)
