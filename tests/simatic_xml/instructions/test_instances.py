"""The tables of the data of instances: they agree with the calls of the catalogue, and their start values fit."""

import pytest

from simatic_xml.instructions import find
from simatic_xml.instructions.instances import rows, tables
from simatic_xml.model import Block, Member, Section
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.types.instances import find_predefined
from simatic_xml.program.types.system_types import parse_type
from simatic_xml.program.types.types import Structure
from simatic_xml.program.workspace import Workspace
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import program_of
from virtual_plc.memory.starting_values import value_of
from virtual_plc.memory.storage import class_of

EVERY = pytest.mark.parametrize("name", tables())
PARAMETERS = ("Input", "Output", "InOut")


def test_the_controllers_have_tables():
    assert {"CONT_C", "CONT_S", "PID_3Step", "PID_Compact", "PULSEGEN"} <= set(tables())
    assert rows("TON") == ()


@EVERY
def test_a_table_has_the_parameters_of_the_call_in_its_order(name):
    listed = [(row.section, row.path, row.type) for row in rows(name) if row.section in PARAMETERS]
    called = [(each.direction, each.name, each.type) for each in find(name).instruction.parameters]
    assert listed == called


@EVERY
def test_rows_are_well_formed(name):
    paths = [row.path for row in rows(name)]
    assert len({path.casefold() for path in paths}) == len(paths)
    for row in rows(name):
        assert row.section in (*PARAMETERS, "Static")
        assert row.mark in ("D", "C", "S", "I", "U")
        assert row.retain in ("", "Retain")
        assert row.start, row.path
        assert value_of(row.start, parse_type(row.type)) is not None, row.path


@EVERY
def test_an_instance_starts_with_the_values_of_its_table(name):
    instance = class_of(find_predefined(name))()
    for row in rows(name):
        holder = instance
        for part in row.path.split("."):
            holder = getattr(holder, part)
        assert holder == pytest.approx(value_of(row.start, parse_type(row.type)), rel=1e-6), row.path


def test_members_have_their_structure_and_remanence():
    made = find_predefined("PID_Compact")
    assert isinstance(made, Structure)
    assert made.open
    retain = made.member("Retain")
    assert retain.retain == "Retain"
    gain = retain.type.member("CtrlParams").type.member("Gain")
    assert (gain.type, gain.start) == (parse_type("Real"), "1.0")
    assert made.member("Config").retain == ""
    assert [made.member(each).section for each in ("Setpoint", "Output", "Mode", "Config")] == [*PARAMETERS, "Static"]


@pytest.mark.parametrize(("path", "findings"), [("Retain.CtrlParams.Gain", []), ("SomethingOfALaterVersion", [])])
def test_a_program_reaches_inner_members(path, findings):
    workspace = Workspace(Cpu())
    source = (
        f'DATA_BLOCK "P" PID_Compact BEGIN END_DATA_BLOCK FUNCTION "F" : Void BEGIN "P".{path} := 2.5; END_FUNCTION'
    )
    assert workspace.put_source(source) == []
    assert [each.code for each in workspace.check()] == findings


def test_a_value_of_the_wrong_type_is_found_inside_of_an_instance():
    workspace = Workspace(Cpu())
    source = (
        'DATA_BLOCK "P" PID_Compact BEGIN END_DATA_BLOCK '
        'FUNCTION "F" : Void BEGIN "P".Config.InvertControl := \'text\'; END_FUNCTION'
    )
    assert workspace.put_source(source) == []
    assert [each.severity.name for each in workspace.check()] == ["ERROR"]


def test_a_data_block_sets_inner_start_values():
    workspace = Workspace(Cpu())
    source = (
        'DATA_BLOCK "P" PID_Compact BEGIN Config.InputPerOn := FALSE; Retain.CtrlParams.Gain := 3.0; END_DATA_BLOCK'
    )
    assert workspace.put_source(source) == []
    assert workspace.check() == []
    made = Memory(program_of(workspace)).data_blocks["p"]
    assert (made.Config.InputPerOn, made.Retain.CtrlParams.Gain, made.Retain.CtrlParams.Ti) == (False, 3.0, 20.0)


def test_an_export_with_more_members_keeps_its_own():
    block = Block("InstanceDB", "P", instance_of="PID_Compact", attributes={"OfSystemLibElement": "PID_Compact"})
    own = Member("Config", "Struct", members=[Member("InputPerOn", "Bool", start_value="false")])
    block.interface = [Section("Static", [own, Member("OfALaterVersion", "Int", start_value="7")])]
    workspace = Workspace(Cpu())
    workspace.put(block)
    made = Memory(program_of(workspace)).data_blocks["p"]
    assert (made.OfALaterVersion, made.Config.InputPerOn) == (7, False)
    assert hasattr(made, "Retain")
