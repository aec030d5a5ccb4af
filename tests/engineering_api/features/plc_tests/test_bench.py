"""Benches beside each other, and what is told where an instance is a real one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engineering_api.features.plc_tests import suite
from engineering_api.features.plc_tests.benches import insight
from engineering_api.features.plc_tests.benches.bench import bench
from engineering_api.features.plc_tests.benches.workbench import Subject, workbench
from engineering_api.features.plc_tests.files import reading
from engineering_api.features.plc_tests.files.reading import Case
from openness_bridge.errors import Problem
from openness_bridge.model import Model
from openness_bridge.plcsim import instances
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal.loader import load
from tests.engineering_api.features.plc_tests import programs


@pytest.fixture
def model() -> Model:
    return load("fake")


@pytest.fixture
def subject(tmp_path: Path) -> Subject:
    return Subject(sources=(programs.put(tmp_path),))


def cases(text: str = programs.WHOLE_TESTS + programs.BLOCKS_TESTS.replace("\ntests:\n", "")) -> list[Case]:
    return reading.parse(text)


def test_runs_at_once_do_not_meet(model: Model, subject: Subject) -> None:
    simulation = Simulation(lambda: model.plcsim)

    def run(_: int) -> list[str | None]:
        return [each.error for each in suite.run(model, simulation, subject, cases(), suite.Options()).report.results]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(run, range(4))) == [[None] * 5] * 4
    assert simulation.instances() == []


def test_an_instance_with_the_address_of_the_plc_is_left_alone(model: Model, subject: Subject) -> None:
    simulation = Simulation(lambda: model.plcsim)
    simulation.register("Plant", None)
    instances.power_on(simulation, "Plant")
    with workbench(model, subject) as work:
        (other,) = simulation.instances()
        assert other.addresses == [work.address()]
        with bench(simulation, work, coverage=False) as made:
            made.load_program()
            assert work.address() not in other.addresses
            assert made.controller.name != "Plant"
    (left,) = simulation.instances()
    assert (left.name, left.controller_name) == ("Plant", "")


def test_everything_is_given_back_when_a_run_ends_early(model: Model, subject: Subject) -> None:
    class EndedError(Exception):
        pass

    def progress(percent: float, _: str) -> None:
        if percent > 50:
            raise EndedError

    simulation = Simulation(lambda: model.plcsim)
    with pytest.raises(EndedError):
        suite.run(model, simulation, subject, cases(), suite.Options(), progress)
    assert simulation.instances() == []
    assert list(model.TiaPortal.GetProcesses()) == []


def test_without_insight_there_is_no_coverage_and_the_report_says_so(
    model: Model, subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real PLCSIM Advanced has no type SimulationInsight."""
    monkeypatch.setattr(insight, "TYPE", "NotThere")
    crash = "tests:\n- {name: x, steps: [{do: stop}]}\n"
    simulation = Simulation(lambda: model.plcsim)
    report = suite.run(model, simulation, subject, cases(crash), suite.Options(coverage=True)).report
    assert report.coverage is None and report.coverage_note == insight.NOT_MEASURED
    assert report.results[0].error is not None and "Stop" in report.results[0].error


def test_single_blocks_need_a_bench(model: Model) -> None:
    with pytest.raises(Problem, match="tests the single block 'Motor'"):
        suite.run_on_instance(Simulation(lambda: model.plcsim), "x", cases(), suite.Options())


def test_a_crash_while_starting_is_told_with_its_place(model: Model, tmp_path: Path) -> None:
    (tmp_path / "x.scl").write_text(
        'DATA_BLOCK "D"\nVAR\n list : Array[0..3] of Int;\n at : Int := 9;\nEND_VAR\nBEGIN\nEND_DATA_BLOCK\n'
        'ORGANIZATION_BLOCK "Startup"\n{ EventClass := \'Startup\' }\nBEGIN\n "D".list["D".at] := 1;\nEND_ORGANIZATION_BLOCK\n'
    )
    text = "tests:\n- {name: x, steps: [{}]}\n"
    simulation = Simulation(lambda: model.plcsim)
    (result,) = suite.run(model, simulation, Subject(sources=(tmp_path,)), cases(text), suite.Options()).report.results
    place = f"The CPU went to STOP. {tmp_path / 'x.scl'}:11:2: Startup / Network 1: The index 9 is outside"
    assert result.error is not None and place in result.error, result.error
