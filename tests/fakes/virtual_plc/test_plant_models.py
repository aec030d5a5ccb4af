"""Plant models in virtual time: compared with closed formulas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.model import Tag
from tests.fakes.virtual_plc.cpu_kit import MAIN, Run, cpu_of
from virtual_plc.cpu.clock import SECOND
from virtual_plc.cpu.cpu import State, VirtualCpu
from virtual_plc.cpu.inputs_outputs.plant import MOST, PlantError
from virtual_plc.memory.path_values import PathError
from virtual_plc.surroundings.plant import BUILT_IN, Drive, Tank, Valve

TAGS = (
    Tag("Pump", "Bool", "%Q0.0"),
    Tag("Drain", "Bool", "%Q0.1"),
    Tag("Level", "Int", "%IW4"),
    Tag("High", "Bool", "%I0.0"),
    Tag("Metres", "Real", "%MD20"),
    Tag("Moment", "DTL", "%M100.0"),
)
steps = st.lists(st.floats(0.001, 0.5), min_size=1, max_size=30)


def fill(run: Run) -> None:
    """Switch the pump on below half, and off when the level is high."""
    run.memory.write("Pump", run.memory.read("Level") < 13824)


def running(**bodies: Any) -> VirtualCpu:
    cpu, _ = cpu_of(MAIN, items=TAGS, bodies=bodies or {"Main": fill})
    cpu.run()
    return cpu


@given(times=steps, setpoint=st.floats(-2000, 2000), up=st.floats(0.5, 5))
def test_a_drive_has_the_speed_of_its_ramp(times: list[float], setpoint: float, up: float) -> None:
    drive = Drive(run=True, setpoint=setpoint, nominal=1000, ramp_up=up)
    for each in times:
        drive.step(each)
    wanted = max(-1000.0, min(1000.0, setpoint))
    expected = min(abs(wanted), 1000 / up * sum(times))
    assert abs(drive.speed) == pytest.approx(expected, abs=1e-6)
    assert drive.at_speed is (drive.speed == wanted)


@given(times=steps)
def test_a_drive_that_reverses_brakes_on_one_ramp_and_starts_on_the_other(times: list[float]) -> None:
    drive = Drive(run=True, setpoint=-1000, speed=1000, nominal=1000, ramp_up=2, ramp_down=1)
    for each in times:
        drive.step(each)
    passed = sum(times)
    expected = 1000 - 1000 * passed if passed <= 1 else -min(1000, 500 * (passed - 1))
    assert drive.speed == pytest.approx(expected, abs=1e-6)


def test_a_drive_that_is_off_or_blocked_stands() -> None:
    drive = Drive(run=False, setpoint=1000, speed=500, ramp_down=3, nominal=1500)
    drive.step(0.5)
    assert (drive.speed, drive.running, drive.at_speed) == (250, True, False)
    drive.step(0.5)
    assert (drive.speed, drive.running) == (0, False)
    drive = Drive(run=True, setpoint=100, blocked=True)
    drive.step(9)
    assert (drive.speed, drive.running, drive.at_speed) == (0, False, False)


@given(times=steps, travel=st.floats(0.5, 10))
def test_a_valve_travels_in_its_time_and_closes_by_its_spring(times: list[float], travel: float) -> None:
    valve = Valve(open=True, travel=travel)
    for each in times:
        valve.step(each)
    expected = min(100, 100 * sum(times) / travel)
    assert valve.position == pytest.approx(expected, abs=1e-6)
    assert (valve.opened, valve.closed) == (valve.position == 100, False)
    valve.open = False
    valve.step(travel)
    assert (valve.position, valve.opened, valve.closed) == (0, False, True)


def test_a_jammed_valve_keeps_its_position_and_one_without_spring_is_driven_both_ways() -> None:
    valve = Valve(open=True, travel=2, spring=False)
    valve.step(1)
    valve.jammed = True
    valve.step(5)
    assert (valve.position, valve.raw, valve.opened) == (50, 13824, False)
    valve.jammed, valve.open = False, False
    valve.step(1)
    assert valve.position == 50
    valve.close = True
    valve.step(1)
    assert valve.closed
    valve.open = True
    valve.step(1)
    assert valve.closed, "both commands keep the position"


@given(times=steps, inflow=st.floats(0, 1), outflow=st.floats(0, 1))
def test_a_tank_has_the_level_of_its_flows(times: list[float], inflow: float, outflow: float) -> None:
    tank = Tank(inflow=inflow, outflow=outflow, level=1.0, area=0.5, max_inflow=0.02, max_outflow=0.03)
    for each in times:
        tank.step(each)
    expected = 1.0 + (inflow * 0.02 - outflow * 0.03) * sum(times) / 0.5
    assert tank.level == pytest.approx(max(0, min(2, expected)), abs=1e-9)


def test_a_full_tank_overflows_and_an_empty_one_is_empty() -> None:
    tank = Tank(inflow=1, level=1.9, max_inflow=1)
    tank.step(10)
    assert (tank.level, tank.raw, tank.overflowing, tank.high, tank.low) == (2, 27648, True, True, False)
    tank = Tank(outflow=1, level=0.1, max_outflow=1)
    tank.step(10)
    assert (tank.level, tank.raw, tank.low) == (0, 0, True)


def test_a_model_runs_between_scans_for_the_time_that_passed() -> None:
    cpu = running()
    cpu.add_model("tank", Tank(max_inflow=0.1), {"inflow": "Pump", "raw": "Level", "level": "Metres", "high": "High"})
    cpu.run_for(5 * SECOND)
    # The pump is on from the end of the first scan, acts from the second on (10 ms), and fills 0.1 m/s.
    assert cpu.read("Metres") == pytest.approx(0.1 * (5 - 0.01), abs=1e-5)
    assert cpu.read("Level") == round((0.1 * 4.99) / 2 * 27648)
    cpu.run_for(20 * SECOND)
    assert cpu.read("Metres") == pytest.approx(1.0, abs=0.003)
    assert cpu.read("Pump") is False


def test_a_model_gets_forced_outputs_and_its_inputs_can_be_forced() -> None:
    cpu = running()
    tank = Tank(max_inflow=0.1)
    cpu.add_model("tank", tank, {"inflow": "Pump", "raw": "Level"})
    cpu.force({"Pump": False, "Level": 5})
    cpu.run_for(SECOND)
    assert (tank.level, cpu.read("Level")) == (0, 5)
    cpu.unforce(["Pump"])
    cpu.run_for(SECOND)
    assert tank.level > 0.09 and cpu.read("Level") == 5
    cpu.unforce()
    cpu.run_cycles(1)
    assert cpu.read("Level") == tank.raw


def test_time_in_stop_does_not_pass_in_the_plant_and_outputs_are_off() -> None:
    cpu = running()
    tank = Tank(max_inflow=0.1)
    cpu.add_model("tank", tank, {"inflow": "Pump", "raw": "Level"})
    cpu.run_for(SECOND)
    before = tank.level
    cpu.stop()
    cpu.run()
    cpu.run_cycles(1)
    assert tank.level == before
    cpu.power_off()
    cpu.power_on()
    cpu.run()
    cpu.run_cycles(1)
    assert tank.level == before


@dataclass
class Broken:
    inputs: ClassVar[tuple[str, ...]] = ()
    outputs: ClassVar[tuple[str, ...]] = ("value",)
    value: Any = 0
    fails: bool = False

    def step(self, dt: float) -> None:
        if self.fails:
            raise ZeroDivisionError("no water")


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (Broken(fails=True), r"'tank' failed in test_plant_models\.py, line \d+: ZeroDivisionError: no water"),
        (Broken(value=40_000), "40000 is outside of the values of Int"),
        (Broken(value="x"), "'x' is not a literal of Int"),
    ],
)
def test_a_model_that_fails_stops_the_cpu_and_names_the_place(model: Broken, says: str) -> None:
    cpu = running()
    cpu.add_model("tank", model, {"value": "Level"})
    cpu.run_cycles(1)
    assert cpu.state is State.STOP
    entry = next(each for each in cpu.diagnostics if each.code == "plant")
    assert re.search(says, entry.text), entry.text


@pytest.mark.parametrize(
    ("model", "bind", "error", "says"),
    [
        (Tank(), {"infow": "Pump"}, PlantError, "has no input or output 'infow'. It has: inflow, outflow, level"),
        (Tank(), {"inflow": "Pumpe"}, PathError, "no data block or tag with the name 'Pumpe'"),
        (Tank(), {"inflow": "Moment"}, PlantError, "not a single number or truth value"),
        (object(), {}, PlantError, "needs `inputs`"),
        (type("NoStep", (), {"inputs": (), "outputs": ()})(), {}, PlantError, "no method step"),
        (type("Lies", (), {"inputs": ("x",), "outputs": ()})(), {}, PlantError, "names of its attributes"),
    ],
)
def test_a_wrong_model_or_binding_is_refused(
    model: Any, bind: dict[str, str], error: type[Exception], says: str
) -> None:
    cpu = running()
    with pytest.raises(error) as caught:
        cpu.add_model("m", model, bind)
    assert says in str(caught.value)
    assert len(cpu.plant) == 0


def test_attributes_change_models_are_removed_and_their_number_is_limited() -> None:
    cpu = running()
    cpu.add_model("valve", Valve(), {"opened": "High"})
    cpu.plant.change("valve", {"jammed": True})
    assert cpu.plant.find("valve").model.jammed
    for wrong in ("jam", "_x", "step"):
        with pytest.raises(PlantError, match=f"no attribute '{wrong}'"):
            cpu.plant.change("valve", {wrong: 1})
    for wrong_value in (1, "x", None):
        with pytest.raises(PlantError, match="must be true or false"):
            cpu.plant.change("valve", {"jammed": wrong_value})
    for wrong_value in (True, "x", float("inf")):
        with pytest.raises(PlantError, match="must be a number"):
            cpu.plant.change("valve", {"travel": wrong_value})
    for number in range(MOST - 1):
        cpu.add_model(str(number), Valve(), {})
    with pytest.raises(PlantError, match="which is the most"):
        cpu.add_model("one more", Valve(), {})
    cpu.plant.remove("valve")
    with pytest.raises(PlantError, match="There is no plant model 'valve'"):
        cpu.plant.remove("valve")
    cpu.plant.clear()
    assert list(cpu.plant) == []


def test_the_built_in_models_have_their_inputs_and_outputs() -> None:
    for made in (kind() for kind in BUILT_IN.values()):
        assert all(hasattr(made, name) for name in (*made.inputs, *made.outputs))
