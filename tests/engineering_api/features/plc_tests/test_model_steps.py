"""Plant models in test files and in Python tests: the user's code runs only where the user runs the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from engineering_api.features.plc_tests.benches.controller import Controller
from engineering_api.features.plc_tests.files import reading
from engineering_api.features.plc_tests.plc import Plc
from engineering_api.features.plc_tests.results import CaseResult
from engineering_api.features.plc_tests.running import run_case
from openness_bridge.plcsim import simulated_io
from simatic_xml.model import Tag
from tests.engineering_api.features.plc_tests.kit import controller_of

SOURCE = """
ORGANIZATION_BLOCK "Main"
BEGIN
   IF "Level" < 2765 THEN
      "Pump" := TRUE;
   ELSIF "Level" > 13824 THEN
      "Pump" := FALSE;
   END_IF;
END_ORGANIZATION_BLOCK
"""
TAGS = (Tag("Pump", "Bool", "%Q0.0"), Tag("Level", "Int", "%IW2"), Tag("Double", "Int", "%IW4"))
BUILT_IN = """
models:
  tank: {type: Tank, bind: {inflow: Pump, raw: Level}, values: {max_inflow: 0.1, level: 0.5}}
tests:
- name: the pump fills the tank to the middle
  steps:
  - {run: 1, expect: {Level: 6912, Pump: false}}
  - {models: {tank: {level: 0.1}}, run: 1, expect: {Pump: true}}
  - {expect: {Pump: {expected: false, within: 9.1s}}}
  - {expect: {Level: {min: 13824, max: 13870}}}
  - {models: {tank: {outflow: 0}}, wait: 5s, expect: {Pump: {never: true}}}
- name: the next test has its own tank
  steps:
  - {run: 1, expect: {Level: 6912}}
"""
OWN = """
tests:
- name: own
  models: {doubler: {type: "plant.py:Doubler", bind: {value: Level, doubled: Double}}}
  steps:
  - {write: {Level: 21}, run: 1, expect: {Double: 42}}
"""
DOUBLER = """
class Doubler:
    inputs = ("value",)
    outputs = ("doubled",)
    value = 0
    doubled = 0

    def step(self, dt):
        self.doubled = 2 * self.value
"""


@pytest.fixture
def controller() -> Controller:
    return controller_of(SOURCE, TAGS)


def run_in(folder: Path, controller: Controller, text: str, *, allows_code: bool = True) -> list[CaseResult]:
    controller.io.allows_code = allows_code
    return [run_case(controller, case) for case in reading.parse(text, str(folder / "x.plctest.yaml"))]


def test_a_built_in_model_runs_in_a_test_and_is_gone_in_the_next(controller: Controller, tmp_path: Path) -> None:
    results = run_in(tmp_path, controller, BUILT_IN, allows_code=False)
    assert [each.error for each in results] == [None, None]
    controller.release()
    assert simulated_io.read_models(controller.handle) == []


def test_a_model_of_a_python_file_runs_where_code_is_allowed(controller: Controller, tmp_path: Path) -> None:
    (tmp_path / "plant.py").write_text(DOUBLER)
    (result,) = run_in(tmp_path, controller, OWN)
    assert result.passed, result.error


def test_a_model_of_a_python_file_is_never_executed_for_a_request(controller: Controller, tmp_path: Path) -> None:
    (tmp_path / "plant.py").write_text(f"open({str(tmp_path / 'executed')!r}, 'w')\n{DOUBLER}")
    (result,) = run_in(tmp_path, controller, OWN, allows_code=False)
    assert "runs only where you run the tests yourself" in (result.error or "")
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize(
    ("file", "kind", "content", "says"),
    [
        ("plant.py", "Nope", DOUBLER, "has no class 'Nope'"),
        ("other.py", "Doubler", DOUBLER, "is not a Python file in the folder"),
        ("../plant.py", "Doubler", DOUBLER, "is not a Python file in the folder"),
        ("plant.py", "Doubler", "\n\nx = (", "plant.py:3: The file of the plant model cannot be executed: SyntaxError"),
        ("plant.py", "Doubler", "\n1 / 0", "plant.py:2: The file of the plant model cannot be executed: ZeroDivision"),
        ("plant.py", "Doubler", "class Doubler:\n    pass", "needs `inputs`"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(
    controller: Controller, tmp_path: Path, file: str, kind: str, content: str, says: str
) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (tmp_path / "plant.py").write_text(DOUBLER)
    (folder / "plant.py").write_text(content)
    (result,) = run_in(folder, controller, OWN.replace("plant.py:Doubler", f"{file}:{kind}"))
    assert says in (result.error or ""), result.error


def test_a_model_that_fails_fails_the_test_with_its_line(controller: Controller, tmp_path: Path) -> None:
    (tmp_path / "plant.py").write_text(DOUBLER.replace("2 * self.value", "1 / self.value"))
    (result,) = run_in(tmp_path, controller, OWN.replace("Level: 21", "Level: 0"))
    assert "'doubler' failed in plant.py, line 9: ZeroDivisionError" in (result.error or ""), result.error


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("type: Tank", "type: Boiler"), "There is no model 'Boiler'. There are: Drive, Tank, Valve."),
        (("inflow: Pump", "infow: Pump"), "no input or output 'infow'. It has: inflow"),
        (("inflow: Pump", "inflow: Pumpe"), "Pumpe"),
        (("max_inflow: 0.1", "max_inflow: fast"), "must be a number"),
        (("{tank: {level: 0.1}}", "{tnk: {level: 0.1}}"), "There is no plant model 'tnk'. There are: tank."),
    ],
)
def test_wrong_names_and_values_fail_the_test(
    controller: Controller, tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    result = run_in(tmp_path, controller, BUILT_IN.replace(*change))[0]
    assert says in (result.error or ""), result.error


def test_models_and_forces_of_python_tests(controller: Controller) -> None:
    controller.restart()
    plc = Plc(controller)
    plc.add_model("tank", "Tank", {"inflow": "Pump", "raw": "Level"}, max_inflow=0.1)
    plc.wait("2s")
    assert plc["Level"] == pytest.approx(0.1 * 1.98 / 2 * 27648, abs=20)
    plc.force({"Pump": False})
    before = plc["Level"]
    plc.run(3)
    level = plc["Level"]
    plc.wait("1s")
    assert plc["Level"] == level >= before
    plc.change_model("tank", level=0.0)
    plc.unforce()
    plc.run(2)
    assert plc["Level"] < 100 and plc["Pump"]
