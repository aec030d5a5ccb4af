"""Forces and faults of modules as steps of test files."""

from __future__ import annotations

import pytest

from engineering_api.features.plc_tests.files import reading
from openness_bridge.errors import Problem
from openness_bridge.plcsim import simulated_io
from simatic_xml.model import Tag
from tests.engineering_api.features.plc_tests.kit import TAGS, controller_of, run_text

COUNTING = """
DATA_BLOCK "Seen"
VAR
   pulled : Int;
   failed : Int;
   channel : Int := -1;
   state : Word;
   multi : Bool;
   laddr : Int;
END_VAR
BEGIN
END_DATA_BLOCK

ORGANIZATION_BLOCK "I/O_FLT1"
VAR_INPUT
   IO_State : Word; LADDR : HW_ANY; Channel : UInt; MultiError : Bool;
END_VAR
BEGIN
   "Seen".channel := UINT_TO_INT(#Channel);
   "Seen".state := #IO_State;
   "Seen".multi := #MultiError;
END_ORGANIZATION_BLOCK

ORGANIZATION_BLOCK "I/O_FLT2"
VAR_INPUT
   LADDR : HW_IO; Event_Class : Byte; Fault_ID : Byte;
END_VAR
BEGIN
   "Seen".pulled := "Seen".pulled + 1;
END_ORGANIZATION_BLOCK

ORGANIZATION_BLOCK "RACK_FLT"
VAR_INPUT
   LADDR : HW_DEVICE; Event_Class : Byte; Fault_ID : Byte;
END_VAR
BEGIN
   "Seen".failed := "Seen".failed + 1;
END_ORGANIZATION_BLOCK

ORGANIZATION_BLOCK "Main"
BEGIN
   "Running" := "Start";
   "Speed" := "Level";
END_ORGANIZATION_BLOCK
"""
IO = (*TAGS, Tag("Level", "Int", "%IW20"), Tag("Speed", "Int", "%QW20"))
MODULES = """
modules:
- {identifier: 400, name: ET1, station: 400}
- {identifier: 401, name: AI_1, inputs: 20..23, analog: true, station: 400, slot: 1}
- {identifier: 270, name: DI_1, inputs: 0}
"""


def test_a_forced_input_and_a_forced_output_last_until_unforce() -> None:
    (result,) = run_text(
        controller_of(COUNTING, IO),
        """
        tests:
        - name: forces
          steps:
          - {write: {Start: false}, force: {Start: true}, run: 1, expect: {Running: true, Start: true}}
          - {write: {Start: false}, run: 2, expect: {Running: true}}
          - {force: {'%QW20': 77, Level: 5}, run: 2, expect: {Speed: 77}}
          - {do: stop, state: stop}
          - {do: run, run: 1, expect: {Running: true, Speed: 77}}
          - {unforce: [Start], run: 2, expect: {Running: false, Speed: 77}}
          - {unforce: ['*'], run: 2, expect: {Speed: 0}}
        """,
    )
    assert result.passed, result.error


def test_modules_of_a_test_fail_and_return() -> None:
    (result,) = run_text(
        controller_of(COUNTING, IO),
        MODULES
        + """
tests:
- name: faults
  steps:
  - {write: {Level: 100, Start: true}, run: 1, expect: {Speed: 100}}
  - {fail: [{module: AI_1, channel: 0}], run: 1, expect: {Speed: 32767, Seen.channel: 0, Seen.state: 16#11}}
  - {return: [{module: AI_1, channel: 0}], run: 1, expect: {Speed: 100, Seen.state: 1}}
  - {fail: [{module: AI_1, channel: 1, error: lowerLimit}], run: 1, expect: {Speed: 100, Seen.channel: 1}}
  - {fail: [{module: 270}], run: 1, expect: {Running: false, Seen.pulled: 1}}
  - {return: [{module: DI_1}], run: 1, expect: {Running: true, Seen.pulled: 2}}
  - {fail: [{module: ET1}], run: 1, expect: {Speed: 0, Seen.failed: 1}}
  - {return: [{module: ET1}], run: 1, expect: {Speed: 100, Seen.failed: 2}}
""",
    )
    assert result.passed, result.error


def test_the_next_test_begins_without_forces_and_faults_and_forces_of_others_stay() -> None:
    controller = controller_of(COUNTING, IO)
    simulated_io.force(controller.handle, {"%IB9": 3})
    results = run_text(
        controller,
        MODULES
        + """
tests:
- {name: first, steps: [{force: {Start: true}, fail: [{module: ET1}], run: 1}]}
- {name: second, steps: [{write: {Level: 4}, run: 1, expect: {Running: false, Speed: 4}}]}
""",
    )
    assert [each.passed for each in results] == [True, True], results[1].error
    assert [each.name for each in simulated_io.read_forces(controller.handle)] == ["%IB9"]


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("force: {Strat: true}", "Did you mean 'Start'?"),
        ("force: {Cycles: 1}", "only single inputs and outputs"),
        ("force: {Level: 40000}", "40000 is outside of the values of Int"),
        ("unforce: [Start]", "'Start' is not forced. Forced: nothing."),
        ("fail: [{module: AI_2}]", "Did you mean 'AI_1'?"),
        ("fail: [{module: AI_1, channel: 2}]", "has 2 channels"),
        ("return: [{module: AI_1}]", "is plugged"),
    ],
)
def test_a_wrong_step_fails_with_what_is_possible(step: str, says: str) -> None:
    (result,) = run_text(controller_of(COUNTING, IO), f"{MODULES}\ntests:\n- name: wrong\n  steps:\n  - {{{step}}}\n")
    assert not result.passed and says in (result.error or ""), result.error


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("tests: [{name: x, steps: [{fail: [{modul: A}]}]}]", "'modul' is not known"),
        ("tests: [{name: x, steps: [{fail: [{module: A, error: broken}]}]}]", "broken"),
        ("modules: [{identifier: 0}]\ntests: [{name: x, steps: [{}]}]", ">= 1"),
    ],
)
def test_a_wrong_shape_is_an_error_of_the_file(text: str, says: str) -> None:
    with pytest.raises(Problem, match=says):
        reading.parse(text)


def test_addresses_that_cannot_be_read_fail_the_test() -> None:
    (result,) = run_text(
        controller_of(COUNTING, IO),
        "modules: [{identifier: 5, inputs: 9..2}]\ntests: [{name: x, steps: [{}]}]",
    )
    assert "write them as 256..263" in (result.error or "")
