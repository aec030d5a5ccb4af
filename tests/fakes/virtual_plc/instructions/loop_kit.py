"""Controllers for tests: an instance that is called at equal intervals, and plants whose behaviour is known exactly."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tests.fakes.virtual_plc.instructions.kit import SECOND, call, instance
from virtual_plc.cpu.services import PlainServices


class Loop:
    """One controller: `run` calls it after some time; inputs keep their values until they are given again."""

    def __init__(self, name: str, seconds: float = 0.1, **inputs: Any) -> None:
        self.name, self.seconds, self.inputs = name, seconds, inputs
        self.data, self.services = instance(name), PlainServices(now=SECOND)
        self.enabled = True

    def set(self, **tags: Any) -> Loop:
        """Write tags by path, with two underscores for a point."""
        for path, value in tags.items():
            *outer, last = path.split("__")
            holder = self.data
            for each in outer:
                holder = getattr(holder, each)
            setattr(holder, last, value)
        return self

    def run(self, calls: int = 1, **inputs: Any) -> Any:
        """Call the controller some times and return its data."""
        self.inputs |= inputs
        for _ in range(calls):
            found = call(self.name, self.inputs, on=self.data, services=self.services)
            self.enabled = found.get("ENO", True)
            self.services.now += round(self.seconds * SECOND)
        return self.data


class FirstOrder:
    """A plant with gain K and time constant T; `step` holds its input for some time, without any error of integration."""

    def __init__(self, gain: float, constant: float, value: float = 0.0) -> None:
        self.gain, self.constant, self.value = gain, constant, value

    def step(self, given: float, seconds: float) -> float:
        """Return the output after some time."""
        rest = self.gain * given
        self.value = rest + (self.value - rest) * math.exp(-seconds / self.constant)
        return self.value


class Lags:
    """Several equal plants of first order, one after the other."""

    def __init__(self, gain: float, constant: float, count: int) -> None:
        self.parts = [FirstOrder(gain if not number else 1.0, constant) for number in range(count)]

    @property
    def value(self) -> float:
        return self.parts[-1].value

    def step(self, given: float, seconds: float) -> float:
        """Return the output after some time."""
        for part in self.parts:
            given = part.step(given, seconds)
        return given


def close(loop: Loop, plant: Any, calls: int, output: Callable[[Any], float], **inputs: Any) -> list[float]:
    """Run a closed loop and return the process values."""
    found = []
    for _ in range(calls):
        data = loop.run(**inputs, **{_input_of(loop.name): plant.value})
        found.append(plant.step(output(data), loop.seconds))
    return found


def _input_of(name: str) -> str:
    return "PV_IN" if name.startswith("CONT") else "Input"
