"""Forces and faults of modules through the bridge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from openness_bridge.errors import Kind
from openness_bridge.plcsim import instances, simulated_io, tags
from openness_bridge.plcsim import time as plcsim_time
from openness_bridge.plcsim.runtime import Handle, Simulation
from tests.openness_bridge.plcsim_kit import Bridged, problem


@pytest.fixture
def simulation() -> Iterator[Simulation]:
    made = Bridged()
    simulation = made.on()
    plcsim_time.freeze(simulation, None)
    instances.run(simulation, None)
    yield simulation
    made.simulation.close()


@pytest.fixture
def handle(simulation: Simulation) -> Handle:
    return simulation.handle()


def test_a_forced_input_is_seen_by_the_program(simulation: Simulation, handle: Handle) -> None:
    simulated_io.force(handle, {"Level": 42})
    plcsim_time.step(simulation, None)
    assert tags.read_values(handle, tags.value_tags(handle, ["Copy"])) == [42]


def test_forces_are_put_listed_and_stopped(handle: Handle) -> None:
    (forced,) = simulated_io.force(handle, {"%IB100": 7})
    assert (forced.address, forced.value, forced.output, forced.data_type) == ("%IB100:P", 7, False, "Byte")
    assert simulated_io.read_forces(handle) == [forced]
    assert simulated_io.stop_forcing(handle, ["%IB100:P"]) == [forced]
    assert simulated_io.read_forces(handle) == []


def test_modules_fail_and_return_by_name_and_by_number(handle: Handle) -> None:
    simulated_io.add_modules(
        handle,
        [
            {"identifier": 400, "name": "ET1", "station": 400},
            {"identifier": 270, "name": "AI_1", "inputs": range(256, 264), "analog": True, "station": 400, "slot": 1},
        ],
    )
    failed = simulated_io.fail(handle, "ai_1", 2, "shortCircuit")
    assert (failed.present, [(each.channel, each.error) for each in failed.channels]) == (True, [(2, "shortCircuit")])
    assert simulated_io.return_(handle, "270", 2).channels == []
    assert simulated_io.fail(handle, "ET1").present is False
    assert [(each.identifier, each.present) for each in simulated_io.read_modules(handle)] == [
        (270, False),
        (400, False),
    ]
    assert simulated_io.return_(handle, "ET1").present
    simulated_io.fail(handle, "AI_1")
    simulated_io.reset_faults(handle)
    assert all(each.present for each in simulated_io.read_modules(handle))


def test_every_fault_of_a_channel_has_its_number(handle: Handle) -> None:
    simulated_io.add_modules(handle, [{"identifier": 270, "inputs": range(256, 258)}])
    for name in CHANNEL_FAULTS:
        assert simulated_io.fail(handle, "270", 0, name).channels[0].error == name


CHANNEL_FAULTS = [
    "shortCircuit",
    "undervoltage",
    "overvoltage",
    "overload",
    "overtemperature",
    "wireBreak",
    "upperLimit",
    "lowerLimit",
    "error",
]


@pytest.mark.parametrize(
    ("call", "code", "kind", "candidates"),
    [
        (lambda h: simulated_io.force(h, {"Levl": 1}), "force.not_found", Kind.MISSING, ["Level"]),
        (lambda h: simulated_io.force(h, {"%MW0": 1}), "force.operand", Kind.REFUSED, []),
        (lambda h: simulated_io.force(h, {"%IB0": 300}), "force.value", Kind.REFUSED, []),
        (lambda h: simulated_io.force(h, {"%IB0": 1, "%I0.1": True}), "force.refused", Kind.CONFLICT, []),
        (lambda h: simulated_io.stop_forcing(h, ["%IB0"]), "force.missing", Kind.MISSING, []),
        (lambda h: simulated_io.fail(h, "AI_2"), "module.missing", Kind.MISSING, ["AI_1"]),
        (lambda h: simulated_io.fail(h, "AI_1", 64), "module.channel", Kind.REFUSED, []),
        (lambda h: simulated_io.fail(h, "AI_1", None, "wireBreak"), "module.channel", Kind.REFUSED, []),
        (lambda h: simulated_io.return_(h, "AI_1"), "module.state", Kind.CONFLICT, []),
        (lambda h: simulated_io.add_modules(h, [{"identifier": 0}]), "module.invalid", Kind.REFUSED, []),
    ],
)
def test_refusals_have_codes_and_candidates(
    handle: Handle, call: Any, code: str, kind: Kind, candidates: list[str]
) -> None:
    simulated_io.add_modules(handle, [{"identifier": 270, "name": "AI_1", "inputs": range(256, 258)}])
    assert list(problem(code, kind, lambda: call(handle)).candidates) == candidates


def test_an_instance_that_is_off_is_not_forced(handle: Handle) -> None:
    with handle.use() as api:
        api.PowerOff(1000)
    problem("plcsim.state", Kind.CONFLICT, lambda: simulated_io.force(handle, {"%IB0": 1}))


def test_a_real_instance_is_refused_with_what_to_use_instead(handle: Handle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulated_io, "TYPE", "NotThere")
    found = problem("plcsim.real", Kind.UNSUPPORTED, lambda: simulated_io.read_forces(handle))
    assert "force table" in found.message
