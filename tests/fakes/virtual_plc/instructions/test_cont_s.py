"""CONT_S: how far it moves the motor, its shortest pulses and pauses, the ends, manual mode, a plant."""

from typing import Any

import pytest

from tests.fakes.virtual_plc.instructions.loop_kit import FirstOrder, Loop

CYCLE, MOTOR = 0.1, 30.0


def controller(**inputs: Any) -> Loop:
    base = {"CYCLE": 100, "DEADB_W": 0.0, "PULSE_TM": 300, "BREAK_TM": 300, "MTR_TM": round(MOTOR * 1000), "GAIN": 1.0}
    return Loop("CONT_S", CYCLE, **(base | inputs))


class Valve:
    """A motor that moves for as long as a signal is on; it records the lengths of pulses and pauses in calls."""

    def __init__(self, position: float = 0.0) -> None:
        self.position = position
        self.runs: list[tuple[int, int]] = []

    def follow(self, data: Any) -> float:
        direction = data.QLMNUP - data.QLMNDN
        assert not (data.QLMNUP and data.QLMNDN)
        self.position += 100.0 * direction * CYCLE / MOTOR
        if self.runs and self.runs[-1][0] == direction:
            self.runs[-1] = (direction, self.runs[-1][1] + 1)
        else:
            self.runs.append((direction, 1))
        return self.position


def drive(loop: Loop, calls: int, **inputs: Any) -> Valve:
    valve = Valve()
    for _ in range(calls):
        valve.follow(loop.run(**inputs))
    return valve


@pytest.mark.parametrize("error", [40.0, -25.0, 10.0])
def test_a_proportional_step_moves_the_motor_as_far(error: float) -> None:
    valve = drive(controller(TI=0, GAIN=1.5, SP_INT=error), 1000)
    assert valve.position == pytest.approx(1.5 * error, abs=100.0 * 0.3 / MOTOR)


def test_the_movement_is_that_of_a_pi_controller() -> None:
    """A constant error e moves GAIN * e * (1 + t / TI)."""
    seconds, integration, error = 40.0, 20.0, 10.0
    valve = drive(controller(TI=round(integration * 1000), SP_INT=error), round(seconds / CYCLE))
    assert valve.position == pytest.approx(error * (1 + seconds / integration), abs=1.2)


def test_pulses_and_pauses_have_their_shortest_times() -> None:
    valve = drive(controller(TI=10_000, SP_INT=3.0, PULSE_TM=700, BREAK_TM=500), 2000)
    inner = valve.runs[1:-1]
    assert len(inner) > 10
    assert min(calls for direction, calls in inner if direction) >= 7
    assert min(calls for direction, calls in inner if not direction) >= 5


def test_within_the_dead_band_the_motor_rests() -> None:
    valve = drive(controller(DEADB_W=5.0, SP_INT=4.9, TI=1_000), 500)
    assert valve.runs == [(0, 500)]


@pytest.mark.parametrize(("end", "error"), [("LMNR_HS", 50.0), ("LMNR_LS", -50.0)])
def test_an_end_stops_the_motor_and_its_integral_action(end: str, error: float) -> None:
    loop = controller(SP_INT=error, TI=5_000)
    assert drive(loop, 20).position != 0.0
    assert drive(loop, 500, **{end: True}).position == 0.0
    back = drive(loop, 100, SP_INT=-error)
    assert back.position * error < 0


def test_manual_mode_passes_the_signals_on() -> None:
    loop = controller(SP_INT=50.0, LMNS_ON=True)
    shown = []
    for up, down in ((False, False), (True, False), (False, True), (True, True)):
        data = loop.run(LMNUP=up, LMNDN=down)
        shown.append((data.QLMNUP, data.QLMNDN))
    assert shown == [(False, False), (True, False), (False, True), (False, False)]
    data = loop.run(LMNUP=True, LMNDN=False, LMNR_HS=True)
    assert (data.QLMNUP, data.QLMNDN) == (False, False)


def test_automatic_mode_begins_without_a_movement() -> None:
    loop = controller(SP_INT=50.0, TI=0, LMNS_ON=True)
    loop.run(5)
    assert drive(loop, 200, LMNS_ON=False).position == 0.0


def test_a_restart_clears_everything() -> None:
    loop = controller(SP_INT=50.0)
    assert loop.run(3).QLMNUP is True
    data = loop.run(COM_RST=True)
    assert (data.QLMNUP, data.QLMNDN, data.PV, data.ER) == (False, False, 0.0, 0.0)


def test_a_plant_reaches_its_setpoint() -> None:
    loop, valve, plant = controller(TI=8_000, DEADB_W=0.5, SP_INT=60.0), Valve(), FirstOrder(1.0, 8.0)
    for _ in range(6000):
        plant.step(valve.follow(loop.run(PV_IN=plant.value)), CYCLE)
    assert plant.value == pytest.approx(60.0, abs=1.5)
