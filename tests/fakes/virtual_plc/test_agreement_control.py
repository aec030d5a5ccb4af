"""Programs with closed-loop controllers on every tier: data blocks, multi-instances, standard access, restart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.symbols import Cpu
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from tests.fakes.virtual_plc.agreement import TIERS, Run, agree, program
from tests.support.examples import examples
from virtual_plc.memory import retention

COMPACT = """
DATA_BLOCK "Pid" PID_Compact BEGIN Config.InputPerOn := FALSE; Mode := 3; CycleTime.EnEstimation := FALSE;
 CycleTime.Value := 0.01; Retain.CtrlParams.Cycle := 0.02; Retain.CtrlParams.Ti := 0.5; END_DATA_BLOCK
DATA_BLOCK "D" VAR sp : Real := 60.0; pv : Real; mode : Int := 3; activate : Bool; manual : Bool; enabled : Bool;
 out : Real; per : Int; pwm : Bool; state : Int; bits : DWord; END_VAR BEGIN END_DATA_BLOCK
FUNCTION_BLOCK "Loop" VAR_INPUT pv : Real; END_VAR VAR_OUTPUT out : Real; END_VAR VAR pid : PID_Compact; END_VAR
BEGIN #pid.Config.InputPerOn := FALSE; #pid.Mode := 3; #pid(Setpoint := "D".sp, Input := #pv, Output => #out);
END_FUNCTION_BLOCK
DATA_BLOCK "L" "Loop" BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN
 "Pid"(Setpoint := "D".sp, Input := "D".pv, ManualEnable := "D".manual, ModeActivate := "D".activate, Mode := "D".mode,
  Output => "D".out, Output_PER => "D".per, Output_PWM => "D".pwm, State => "D".state, ErrorBits => "D".bits, ENO => "D".enabled);
 "L"(pv := "D".pv); "D".pv := "D".pv + 0.01 * ("Pid".Output - "D".pv);
END_ORGANIZATION_BLOCK
"""
BASIC = """
DATA_BLOCK "C" CONT_C BEGIN END_DATA_BLOCK
DATA_BLOCK "S" CONT_S BEGIN END_DATA_BLOCK
DATA_BLOCK "P" PULSEGEN BEGIN END_DATA_BLOCK
DATA_BLOCK "D" STRUCT sp : Real := 60.0; pv : Real; manual : Bool; limits : Word; up : Bool; END_STRUCT; BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" VAR_TEMP info : Array[0..19] of Byte; END_VAR BEGIN
 "C"(MAN_ON := "D".manual, CYCLE := T#10ms, SP_INT := "D".sp, PV_IN := "D".pv, D_SEL := TRUE);
 "S"(CYCLE := T#10ms, SP_INT := "D".sp, PV_IN := "D".pv, QLMNUP => "D".up);
 "P"(INV := "C".LMN, PER_TM := T#200ms, CYCLE := T#10ms);
 "D".pv := "D".pv + 0.01 * ("C".LMN - "D".pv); "D".limits := "C".LMN_PER;
END_ORGANIZATION_BLOCK
"""
WRITES = st.fixed_dictionaries(
    {},
    optional={
        '"D".sp': st.sampled_from([60.0, 200.0, float("nan")]),
        '"D".pv': st.sampled_from([0.0, 130.0, float("nan")]),
        '"D".mode': st.integers(-1, 5),
        '"D".activate': st.booleans(),
        '"D".manual': st.booleans(),
    },
)


@examples(20)
@given(st.lists(WRITES, min_size=2, max_size=12))
def test_pid_compact_is_the_same_on_every_tier(writes: list[dict[str, object]]) -> None:
    agree(program(COMPACT), writes)


@pytest.mark.parametrize("family", ["S7-1500", "S7-300"])
def test_the_basic_controllers_are_the_same_on_every_tier(family: str) -> None:
    writes = [{}, {'"D".sp': 20.0}, {}, {'"D".manual': True}, {}, {'"D".manual': False}, *[{}] * 30]
    assert set(agree(program(BASIC, cpu=Cpu(family)), writes)) == {""}


def test_outputs_enable_output_and_the_operand_of_mode_reach_the_program() -> None:
    run = Run(program(COMPACT), TIERS["python"])
    for _ in range(1500):
        assert run.scan() == ""
    data = run.memory.data_blocks["d"]
    assert (data.state, data.enabled, data.bits, data.mode) == (3, True, 0, 3)
    assert data.pv == pytest.approx(60.0, abs=0.5)
    assert data.out == pytest.approx(60.0, abs=1.0)
    assert run.memory.data_blocks["l"].pid.State == 3
    run.scan({'"D".sp': 10.0, '"D".mode': 1, '"D".activate': True})
    assert (data.state, data.mode) == (1, 3)
    run.scan({'"D".mode': 0, '"D".activate': False})
    run.scan({'"D".activate': True})
    assert (data.state, data.enabled, data.out) == (0, False, 0.0)


def test_a_restart_keeps_parameters_and_mode_and_starts_again() -> None:
    run = Run(program(COMPACT.replace(', Mode := "D".mode', "")), TIERS["python"])
    pid = run.memory.data_blocks["pid"]
    for _ in range(20):
        run.scan()
    pid.Retain.CtrlParams.Gain, pid.Mode, pid.Config.OutputUpperLimit = 4.0, 4, 55.0
    declaration = run.memory.program.data_blocks["pid"]
    assert isinstance(declaration, DataBlockDeclaration)
    fresh = type(pid)()
    retention.keep(declaration, "S7-1500", pid, fresh)
    kept = (fresh.Retain.CtrlParams.Gain, fresh.Mode, fresh.Config.OutputUpperLimit, fresh.State, fresh._state)
    assert kept == (4.0, 4, 100.0, 0, None)
