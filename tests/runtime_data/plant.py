"""A runtime over a simulated PLC, without HTTP: what the tests of its parts begin with."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.storage.database import Database
from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal.loader import load as load_model
from runtime_data.fail_safe import IsFailSafe
from runtime_data.rules import Rules
from runtime_data.runtime import Runtime
from runtime_data.sources.memory import MemorySource, MemoryTag
from runtime_data.sources.registry import Sources
from tests.fakes.fake_plcsim.kit import load

OPERATOR = Caller("olga", Right.OPERATE)
VIEWER = Caller("victor", Right.VIEW)


class Plant:
    """A runtime with the virtual CPU PLC_1, which executes the program of the kit, and `memory`."""

    def __init__(self, folder: Path, is_fail_safe: IsFailSafe) -> None:
        model = load_model("fake")
        self.database = Database(folder / "service.db")
        self.definitions = RuntimeDefinitions(self.database)
        self.simulation = Simulation(lambda: model.plcsim)
        self.rules = Rules(self.definitions)
        self.sources = Sources(self.definitions, self.simulation, "virtual", is_fail_safe)
        self.runtime = Runtime(self.sources, self.rules)

    def start_cpu(self, name: str = "PLC_1") -> None:
        """Switch a virtual CPU on, load the program and start it."""
        handle = self.simulation.register(name, "CPU1511")
        with handle.use() as api:
            api.PowerOn(60_000)
        load(self.simulation.model.SimulationRuntimeManager.CreateInterface(name))
        with handle.use() as api:
            api.Run(60_000)

    def memory(self, **tags: str) -> MemorySource:
        """Define tags of `memory`, each with its type."""
        memory = self.sources.find("memory")
        assert isinstance(memory, MemorySource)
        for path, data_type in tags.items():
            memory.define(MemoryTag(path, data_type))
        return memory

    def close(self) -> None:
        self.runtime.close()
        self.simulation.close()
        self.database.close()


@contextlib.contextmanager
def plant_in(folder: Path, is_fail_safe: IsFailSafe = lambda _plc, _block: False) -> Iterator[Plant]:
    plant = Plant(folder, is_fail_safe)
    try:
        yield plant
    finally:
        plant.close()
