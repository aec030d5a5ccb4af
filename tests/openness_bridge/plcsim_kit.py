"""A simulated PLCSIM Advanced behind the bridge, for the tests of it."""

from __future__ import annotations

from typing import Any

import pytest

from fake_plcsim.runtime import Runtime
from openness_bridge.errors import Kind, Problem
from openness_bridge.plcsim import instances
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal.loader import plcsim_model
from tests.fakes.fake_plcsim.kit import Kit, load


class Bridged:
    """A simulated PLCSIM Advanced and the bridge to it."""

    def __init__(self, **runtime: Any) -> None:
        self.kit = Kit(**runtime)
        model = plcsim_model(self.kit._types.__getitem__, "fake")
        self.simulation = Simulation(lambda: model)

    @property
    def runtime(self) -> Runtime:
        return self.kit.runtime

    def on(self, name: str = "PLC_1") -> Simulation:
        """An instance with the program in STOP, connected."""
        self.simulation.register(name, None)
        instances.power_on(self.simulation, name)
        self.download(name)
        instances.connect(self.simulation, name)
        return self.simulation

    def download(self, name: str = "PLC_1") -> None:
        load(self.kit.manager.CreateInterface(name))


def problem(code: str, kind: Kind, call: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        call()
    assert (caught.value.code, caught.value.kind) == (code, kind), caught.value
    return caught.value
