"""Tests of a program in virtual time: what passes, what fails, and how it is told."""

from __future__ import annotations

import pytest

from engineering_api.features.plc_tests.benches.controller import Controller
from engineering_api.features.plc_tests.results import CaseResult
from openness_bridge.errors import Problem
from openness_bridge.plcsim import instances
from tests.engineering_api.features.plc_tests.kit import controller_of, run_text


@pytest.fixture(scope="module")
def controller() -> Controller:
    return controller_of()


def run_steps(controller: Controller, steps: str, **more: str) -> CaseResult:
    head = "".join(f"  {key}: {value}\n" for key, value in more.items())
    return run_text(controller, f"tests:\n- name: x\n{head}  steps:\n{steps}")[0]


def passes(controller: Controller, steps: str, **more: str) -> CaseResult:
    result = run_steps(controller, steps, **more)
    assert result.passed and result.error is None, result.error
    return result


def fails(controller: Controller, steps: str, **more: str) -> str:
    result = run_steps(controller, steps, **more)
    assert not result.passed and result.error is not None
    return result.error


def test_a_step_without_a_time_is_one_cycle(controller: Controller) -> None:
    result = passes(
        controller, "  - expect: {Cycles: 1}\n  - {run: 0, expect: {Cycles: 1}}\n  - run: 3\n    expect: {Cycles: 4}\n"
    )
    assert [each.cycles for each in result.steps] == [1, 0, 3]


def test_virtual_time_passes_in_cycles(controller: Controller) -> None:
    result = passes(
        controller, "  - {wait: 2s, expect: {Cycles: 200}}\n  - {wait: 15ms, run: 1, expect: {Cycles: 203}}\n"
    )
    assert [each.begin_ms for each in result.steps] == [0, 1990]
    passes(controller, "  - {wait: 1s, expect: {Cycles: 50}}\n", cycle="20ms")


def test_each_test_begins_with_start_values_and_inputs_off(controller: Controller) -> None:
    passes(controller, "  - {write: {Start: true, Data.motor.delay: T#5s}, run: 5, expect: {Data.motor.starts: 1}}\n")
    passes(
        controller, "  - {run: 1, expect: {Start: false, Data.motor.starts: 0, Data.motor.delay: T#1s, Cycles: 1}}\n"
    )


def test_setup_is_written_before_the_first_cycle_and_teardown_at_the_end(controller: Controller) -> None:
    passes(
        controller,
        "  - {expect: {Running: true, Data.motor.starts: 1}}\n",
        setup="{Start: true}",
        teardown="{Cycles: 77}",
    )
    assert controller.read("Cycles") == 77
    assert "Running" in fails(controller, "  - {expect: {Running: true}}\n", teardown="{Cycles: 78}")
    assert controller.read("Cycles") == 78
    assert fails(controller, "  - {}\n", teardown="{Nothing: 1}").startswith("Teardown: There is no tag")
    assert "Nothing" in fails(controller, "  - {}\n", setup="{Nothing: 1}")


def test_values_are_given_as_the_plc_writes_them(controller: Controller) -> None:
    passes(
        controller,
        "  - write: {Data.motor.delay: T#2s_500ms, Data.letter: b, Data.list: [1, 2, 3, 4], Data.motor: {starts: 16#10}}\n"
        "    run: 0\n"
        "    expect: {Data.motor.delay: 2500, Data.letter: b, '\"Data\".list[2]': 3, Data.list: [1, 2, 3, 4], data.MOTOR.starts: 16}\n",
    )


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ("Cycles: 4", "Cycles is 5, expected 4."),
        ("Data.speed: 2", "Data.speed is 1.666667, expected 2.0."),
        ("Data.speed: {expected: 1.6, tolerance: 0.01}", "Data.speed is 1.666667, expected 1.6 ± 0.01."),
        ("Cycles: {min: 6}", "Cycles is 5, expected ≥ 6."),
        ("Cycles: {min: 1, max: 4}", "Cycles is 5, expected ≥ 1 and ≤ 4."),
        ("Cycles: {notEqual: 5}", "Cycles is 5, expected other than 5."),
        ("Cycles: {never: 3}", "Cycles was 3 at the end of cycle 3 (30 ms), which it must never be."),
        ("Cycles: {max: 3, always: true}", "Cycles was 4 at the end of cycle 4 (40 ms), expected always ≤ 3."),
        ("Cycles: {expected: 9, within: 20ms}", "Cycles was not 9 within 20 ms; it is 3."),
        ("Cycles: {expected: 9, within: 70ms}", "Cycles was not 9 within 70 ms; it is 8."),
        ("Cycles: {expected: 4, atCycle: 3}", "Cycles was 3, not 4 at the end of cycle 3."),
        ("Running: true", "Running is FALSE, expected TRUE."),
        ("Data.motor.delay: T#2s", "Data.motor.delay is T#1s, expected T#2s."),
        ("Data.list: [0, 1, 0, 0]", "Data.list[1] is 0, expected 1."),
    ],
)
def test_what_is_expected_and_not_found(controller: Controller, expect: str, message: str) -> None:
    assert fails(controller, f"  - {{run: 5, expect: {{{expect}}}}}\n").startswith(f"Step 1: {message[:-1]}")


@pytest.mark.parametrize(
    "expect",
    [
        "Cycles: 5",
        "Data.speed: {expected: 1.67, tolerance: 0.01}",
        "Cycles: {min: 5, max: 5}",
        "Cycles: {notEqual: 4}",
        "Cycles: {never: 6}",
        "Cycles: {min: 1, always: true}",
        "Cycles: {expected: 3, within: 30ms}",
        "Cycles: {expected: 3, atCycle: 3}",
        "Running: {never: true}",
        "Data.list: [0, 0, 0, 0]",
    ],
)
def test_what_is_expected_and_found(controller: Controller, expect: str) -> None:
    passes(controller, f"  - {{run: 5, expect: {{{expect}}}}}\n")


def test_a_step_without_a_time_lasts_until_its_checks_are_decided(controller: Controller) -> None:
    steps = "  - write: {Start: true}\n    expect: {Warm: {expected: true, within: 5s}, Cycles: {expected: 20, atCycle: 20}}\n"
    result = passes(controller, steps)
    assert result.steps[0].cycles == 101
    assert result.steps[0].assertions[0].message == "Warm was TRUE after 1.01 s."


def test_a_step_goes_on_to_its_end_after_a_check_was_met(controller: Controller) -> None:
    result = passes(controller, "  - {wait: 100ms, expect: {Cycles: {expected: 2, within: 50ms}}}\n")
    assert result.steps[0].cycles == 10


def test_the_first_failure_ends_a_test(controller: Controller) -> None:
    result = run_steps(controller, "  - {expect: {Cycles: 9}}\n  - {description: later, run: 5}\n")
    assert [each.passed for each in result.steps] == [False]


def test_a_skipped_test_is_not_run(controller: Controller) -> None:
    result = run_steps(controller, "  - {}\n", skip="no time")
    assert (result.skipped, result.passed, result.steps) == ("no time", True, [])


def test_a_fault_of_the_program_is_told_with_its_place(controller: Controller) -> None:
    error = fails(controller, "  - {description: break it, write: {Crash: true}, run: 3}\n")
    assert (
        error
        == "Step 1 (break it): The CPU went to STOP. Main / Line 38, Column 7: The index 101 is outside of 0..3. The CPU stops."
    )


def test_stop_can_be_expected_and_is_left_again(controller: Controller) -> None:
    passes(controller, "  - {write: {Crash: true}, run: 3, state: stop, expect: {Cycles: 1}}\n  - {state: stop}\n")
    assert "expected STOP" in fails(controller, "  - {run: 3, state: stop}\n")
    steps = "  - {do: stop, state: stop}\n  - {do: run, state: run, expect: {Cycles: 1}}\n"
    passes(controller, steps)


def test_power_and_memory(controller: Controller) -> None:
    passes(controller, "  - {run: 5}\n  - {do: powerCycle, run: 2, expect: {Cycles: 2}}\n")
    passes(controller, "  - {run: 5}\n  - {do: memoryReset, state: stop, expect: {Cycles: 0}}\n")


@pytest.mark.parametrize(
    ("expect", "part"),
    [
        ("Runing: true", "Is it Running?"),
        ("Data.name: belt", "does not read"),
        ("Data.motor: 1", "a structure"),
        ("Cycles: yes", "not a value of Int"),
        ("Cycles: 40000", "not a value of Int"),
        ("Data.list: [1]", "4 elements, not 1"),
        ("Cycles: [1]", "is not an array"),
        ("'#Start': true", "not a parameter or static variable"),
    ],
)
def test_what_cannot_be_checked(controller: Controller, expect: str, part: str) -> None:
    assert part in fails(controller, f"  - {{expect: {{{expect}}}}}\n")


def test_what_cannot_be_written(controller: Controller) -> None:
    assert "not a value of Int" in fails(controller, "  - {write: {Cycles: abc}}\n")
    assert "There is no tag" in fails(controller, "  - {write: {Start: true, Nothing: 1}}\n")
    assert controller.read("Start") is False


def test_a_trace_has_a_sample_for_each_change(controller: Controller) -> None:
    result = run_text(
        controller,
        "tests:\n- name: x\n  trace: [Start, Warm]\n  steps:\n  - wait: 100ms\n  - {write: {Start: true}, wait: 2s}\n",
    )[0]
    assert result.trace is not None
    assert [(each.time_ms, each.values) for each in result.trace.samples] == [
        (0, [False, False]),
        (100, [True, False]),
        (1100, [True, True]),
        (2090, [True, True]),
    ]
    assert [each.name for each in result.trace.channels] == ["Start", "Warm"]
    wrong = run_text(controller, "tests:\n- name: x\n  trace: [Nothing]\n  steps: [{}]\n")[0]
    assert wrong.error is not None and "Nothing" in wrong.error


def test_names_are_gathered_for_a_trace_that_is_wanted_anyway(controller: Controller) -> None:
    text = "tests:\n- name: x\n  setup: {Start: true}\n  steps:\n  - {write: {Data.list: [0,0,0,0]}, expect: {Running: true}}\n"
    result = run_text(controller, text, trace=True)[0]
    assert result.trace is not None
    assert [each.name for each in result.trace.channels] == ["Start", "Running"]


@pytest.mark.parametrize("state", ["Run", "Stop"])
def test_time_passes_as_before_when_the_controller_is_released(state: str) -> None:
    made = controller_of()
    if state == "Run":
        made.start()
    again = Controller(made._simulation, made.name)
    again.restart(cycle=50_000_000)
    again.run(3)
    again.release()
    config = instances.config(made._simulation, made.name)
    assert (made.handle.state(), config.operating_mode) == (state, "Default")
    assert config.minimal_cycle_time_ms != 50


def test_a_fault_of_an_earlier_test_is_not_told_again(controller: Controller) -> None:
    assert "The index" in fails(controller, "  - {write: {Crash: true}, run: 3}\n")
    error = fails(controller, "  - {do: stop}\n")
    assert "The index" not in error and "Stop" in error


def test_time_can_be_ended_from_outside(controller: Controller) -> None:
    class EndedError(Exception):
        pass

    def end() -> None:
        raise EndedError

    controller.restart()
    controller.alive = end
    try:
        with pytest.raises(EndedError):
            controller.run(1000)
        assert controller.is_running
    finally:
        controller.alive = lambda: None


def test_reading_gives_arrays_and_structures(controller: Controller) -> None:
    controller.restart()
    assert controller.read("Data.list") == [0, 0, 0, 0]
    assert controller.read("Data.motor") == {"starts": 0, "delay": 1000}
    with pytest.raises(Problem):
        controller.read("Data.name")
