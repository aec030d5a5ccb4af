"""Alarms in tests of PLC programs: what a step may expect of them and do with them, and what is said where it is wrong."""

from __future__ import annotations

import re

import pytest

from engineering_api.features.plc_tests.benches.controller import Controller
from engineering_api.features.plc_tests.files import reading
from engineering_api.features.plc_tests.results import CaseResult
from openness_bridge.errors import Problem
from openness_bridge.plcsim import alarms as plcsim_alarms
from simatic_xml.model import Tag
from tests import ROOT
from tests.engineering_api.features.plc_tests.kit import controller_of, run_text

TANK = """
FUNCTION_BLOCK "Tank"
VAR
   high : Program_Alarm;  // Level @1R%5.1f@ above @2I%d@
   late : TON_TIME;
   empty : Program_Alarm;
END_VAR
BEGIN
   #high(SIG := "Level" > 90.0, SD_1 := "Level", SD_2 := 90);
   #late(IN := "Level" < 5.0, PT := T#100ms);
   #empty(SIG := #late.Q);
   Get_AlarmState(Alarm := #high, AlarmState => "State", Error => "Wrong", STATUS => "Status");
END_FUNCTION_BLOCK
DATA_BLOCK "Plant" "Tank" BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN "Plant"(); END_ORGANIZATION_BLOCK
"""
TAGS = (
    Tag("Level", "Real", "%MD10"),
    Tag("State", "Byte", "%MB20"),
    Tag("Wrong", "Bool", "%M21.0"),
    Tag("Status", "Word", "%MW22"),
)


@pytest.fixture(scope="module")
def controller() -> Controller:
    return controller_of(TANK, TAGS)


def run_steps(controller: Controller, *steps: str) -> CaseResult:
    lines = "".join(f"  - {{{each}}}\n" for each in steps)
    return run_text(controller, f"tests:\n- name: x\n  setup: {{Level: 50}}\n  steps:\n{lines}")[0]


def passes(controller: Controller, *steps: str) -> CaseResult:
    result = run_steps(controller, *steps)
    assert result.error is None and result.passed
    return result


def fails(controller: Controller, *steps: str) -> str:
    result = run_steps(controller, *steps)
    assert result.error is not None and not result.passed
    return result.error


def refused(alarm: str) -> str:
    with pytest.raises(Problem) as caught:
        reading.parse(f"tests:\n- name: x\n  steps:\n  - alarm: {{Plant.high: {alarm}}}\n", "t.plctest.yaml")
    return caught.value.message


def test_an_alarm_from_its_raise_to_its_end(controller: Controller) -> None:
    result = passes(
        controller,
        "alarm: {Plant.high: absent}",
        "write: {Level: 95.5}, alarm: {Plant.high: {state: raised, text: Level  95.5 above 90, values: [95.5, 90]}}",
        "expect: {State: 16#01}, alarm: {'\"Plant\".high': unacknowledged}",
        "alarm: {plant.HIGH: {acknowledge: true, state: acknowledged}}, expect: {State: 16#05}",
        "write: {Level: 20}, alarm: {Plant.high: cleared}, expect: {State: 0}",
    )
    assert [each.cycles for each in result.steps] == [1] * 5
    assert result.steps[1].assertions[-1].message == (
        "Alarm Plant.high is raised with the text 'Level  95.5 above 90' with the values [95.5, 90]."
    )


def test_each_test_begins_without_the_alarms_of_the_one_before(controller: Controller) -> None:
    passes(controller, "write: {Level: 99}, alarm: {Plant.high: raised}")
    passes(controller, "alarm: {Plant.high: absent}")


def test_an_alarm_may_come_within_a_time(controller: Controller) -> None:
    result = passes(controller, "write: {Level: 1}, alarm: {Plant.empty: {state: raised, within: 500ms}}")
    assert result.steps[0].cycles == 11
    assert "was raised after 110 ms" in result.steps[0].assertions[0].message
    message = fails(controller, "write: {Level: 1}, alarm: {Plant.empty: {state: raised, within: 50ms}}")
    assert message == ("Step 1: Alarm Plant.empty was not raised within 50 ms; it is not raised in this test.")


@pytest.mark.parametrize(
    ("alarm", "message"),
    [
        ("cleared", "is raised and not acknowledged, expected cleared"),
        ("acknowledged", "is raised and not acknowledged, expected acknowledged"),
        ("absent", "is raised and not acknowledged, expected not raised in this test"),
        ("{text: Full}", "has 'Level  95.5 above 90', expected 'Full'"),
        ("{values: [95.6]}", "has the values [95.5, 90], expected [95.6]"),
        ("{values: [true]}", "has the values [95.5, 90], expected [True]"),
        ("{values: [95.5, 90, 1]}", "has the values [95.5, 90], expected [95.5, 90, 1]"),
        ("{state: raised, acknowledge: true, values: [1]}", "has the values [95.5, 90], expected [1]"),
    ],
)
def test_a_failure_says_how_the_alarm_is(controller: Controller, alarm: str, message: str) -> None:
    error = fails(controller, "write: {Level: 95.5}", f"alarm: {{Plant.high: {alarm}}}")
    assert error == f"Step 2: Alarm Plant.high {message}."


def test_what_does_not_wait_cannot_be_acknowledged(controller: Controller) -> None:
    error = fails(controller, "alarm: {Plant.high: {acknowledge: true}}")
    assert error == "Step 1: Alarm Plant.high cannot be acknowledged: it does not wait for that."


def test_a_wrong_name_has_candidates(controller: Controller) -> None:
    error = fails(controller, "alarm: {Plant.hihg: raised}")
    assert error.startswith("Step 1: There is no alarm 'Plant.hihg'.")
    assert "Plant.high" in error


def test_events_of_the_cpu_are_alarms_too(controller: Controller) -> None:
    passes(
        controller,
        "alarm: {System.Stop: absent}",
        "do: stop, state: stop, alarm: {System.Stop: {state: raised, text: STOP was requested from outside.}}",
        "do: run, alarm: {system.stop: cleared}",
        "alarm: {Message.3.7: absent}",
    )


def test_a_tested_block_names_its_alarms_by_their_variables() -> None:
    controller = controller_of(TANK, TAGS)
    controller.rename({"high": "Plant.high"})
    passes(controller, "write: {Level: 95}, alarm: {'#high': raised}", "alarm: {high: raised}")
    assert fails(controller, "alarm: {hihg: raised}").endswith("Did you mean 'high'?")


@pytest.mark.parametrize(
    ("alarm", "message"),
    [
        ("rised", "'rised' is not possible here; docs/plc-tests.schema.json lists the possible words."),
        ("{}", "This checks nothing; give state, text, values or acknowledge."),
        ("{acknowledge: true, within: 1s}", "'within' needs state, text or values."),
        ("{state: absent, text: x}", "An alarm that is absent has no text and no values, and cannot be acknowledged."),
        ("{stat: raised}", "'stat' is not known here; docs/plc-tests.schema.json lists the allowed fields."),
        ("7", "This is a whole number, but a text or a mapping is expected."),
    ],
)
def test_errors_of_a_file_have_their_place(alarm: str, message: str) -> None:
    found = refused(alarm)
    assert found.startswith("t.plctest.yaml:4: /tests/0/steps/0/alarm/Plant.high")
    assert found.endswith(message)


def test_a_time_for_an_alarm_counts_for_the_length_of_a_test() -> None:
    with pytest.raises(Problem) as caught:
        reading.parse("tests:\n- {name: x, steps: [{alarm: {A: {state: raised, within: 9000000s}}}]}\n")
    assert caught.value.code.startswith("limit.test_")


def test_a_real_plcsim_advanced_refuses_such_a_test(controller: Controller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plcsim_alarms, "reports_alarms", lambda _: False)
    error = fails(controller, "alarm: {Plant.high: raised}")
    assert error == ("Step 1: A real PLCSIM Advanced reports no alarms: run tests of alarms on the simulated one.")
    passes(controller, "write: {Level: 95}")


def test_the_example_of_the_page_passes() -> None:
    page = (ROOT / "docs" / "plc-tests.md").read_text(encoding="utf-8")
    section = page.partition("\n## Alarms\n")[2].partition("\n## ")[0]
    tests, program = re.findall(r"```\w+\n(.*?)```", section, re.DOTALL)
    (result,) = run_text(controller_of(program, ()), tests)
    assert (result.passed, result.error) == (True, None)
    assert len(result.steps) == 3
