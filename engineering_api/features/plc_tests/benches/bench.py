"""A bench: the program of a workbench on a PLCSIM Advanced instance, whole or block by block."""

from __future__ import annotations

import ipaddress
import itertools
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from engineering_api.features.plc_tests.benches import insight
from engineering_api.features.plc_tests.benches.controller import Controller
from engineering_api.features.plc_tests.benches.harness import Harness, find_refused, harness
from engineering_api.features.plc_tests.benches.insight import CoverageCounts
from engineering_api.features.plc_tests.benches.workbench import Workbench
from engineering_api.features.plc_tests.kept_runs.writers import Writers
from openness_bridge.errors import Kind, Problem
from openness_bridge.online import download
from openness_bridge.online.online import Via
from openness_bridge.online.prompts import Policy
from openness_bridge.plcsim import instances, tags
from openness_bridge.plcsim.instances import Interface
from openness_bridge.plcsim.runtime import Simulation

MASK, NO_ROUTER = "255.255.255.0", "0.0.0.0"  # noqa: S104 - how PLCSIM shows "none"
_ALLOCATION = threading.Lock()
"""Names and addresses are chosen one after the other."""
ANSWERS: dict[str, str | bool] = {
    "StopModules": "StopAll",
    "CheckBeforeDownload": True,
    "OverwriteSystemData": "Overwrite",
    "DifferentTargetConfiguration": "AcceptAll",
    "DataBlockReinitialization": "StopPlcAndReinitialize",
    "ResetModule": "DeleteAll",
    "TargetForSoftware": "PlcSimulationAdvanced",
}
"""The instance is ours alone, so everything may be stopped and overwritten."""


class Bench:
    """A workbench with an instance.

    Attributes:
        workbench: the project.
        controller: the instance.
        can_measure: whether the instance reports which parts of its program were reached.
        writers: finds what writes a value; None where nobody wants that.
    """

    def __init__(self, simulation: Simulation, name: str, workbench: Workbench, *, coverage: bool) -> None:
        """Use an instance that is on."""
        self.workbench, self.controller = workbench, Controller(simulation, name)
        self.controller.find_source = workbench.find_source
        self._simulation, self._name = simulation, name
        self.writers: Writers | None = None
        self._harness: Harness | None = None
        self._reached = CoverageCounts()
        self.can_measure = coverage and insight.count_reached(self.controller.handle)

    def load_program(self) -> None:
        """Download hardware and program.

        Raises:
            Problem: it has errors, each with its place, or cannot be executed.
        """
        self._load()
        self.controller.rename({})

    def load_blocks(self, names: Iterable[str]) -> None:
        """Download the program with a harness for some of its blocks instead of its organization blocks.

        Raises:
            Problem: as before, or one of the blocks cannot be tested alone.
        """
        self._harness = harness(self.workbench.program(), names)
        self.workbench.install(self._harness)
        self._load()

    def find_refused(self, names: Iterable[str]) -> dict[str, Problem]:
        """Return why blocks cannot be tested alone, by their casefolded names.

        Raises:
            Problem: The program has errors.
        """
        return find_refused(self.workbench.program(), names)

    def select(self, block: str) -> None:
        """Let the harness call one block, whose variables can be named from now on."""
        assert self._harness is not None  # noqa: S101 - loaded before
        tested = self._harness.tested[block.casefold()]
        self.controller.rename(tested.names)
        self.controller.selected = tested.number

    def measure_coverage(self) -> CoverageCounts | None:
        """Return the coverage since the beginning, None where it is not measured."""
        self._collect()
        return self._reached if self.can_measure else None

    def _collect(self) -> None:
        found = insight.read_counts(self.controller.handle) if self.can_measure else None
        if found is not None:
            self._reached.add(found)

    def _load(self) -> None:
        self._collect()
        instances.stop(self._simulation, self._name)
        session, device = self.workbench.session, self.workbench.device
        answers = {name: answer for name, answer in ANSWERS.items() if session.model.has(name)}
        session.call(lambda: download.download(session, device, "HardwareAndSoftware", Via(), Policy(answers)))
        tags.refresh(self._simulation, self._name)
        if self._harness is not None or not self.can_measure:  # without a harness the start would count as coverage
            self.controller.measure_cycle()


@contextmanager
def bench(simulation: Simulation, workbench: Workbench, *, coverage: bool) -> Iterator[Bench]:
    """Register an instance for a workbench; it is gone at the end.

    Raises:
        Problem: it is not available.
    """
    with _ALLOCATION:
        name = _register_instance(simulation, workbench)
    try:
        yield Bench(simulation, name, workbench, coverage=coverage)
    finally:
        simulation.unregister(name, delete_storage=True)


def _register_instance(simulation: Simulation, workbench: Workbench) -> str:
    """Register an instance that is on and has the address of the PLC."""
    address = _free_address(simulation, workbench)
    name = simulation.register(_free_name(simulation), None).name
    try:
        instances.power_on(simulation, name)
        instances.set_network(simulation, name, Interface(0, address, MASK, NO_ROUTER), remanent=True)
    except Problem:
        simulation.unregister(name, delete_storage=True)
        raise
    return name


def _free_name(simulation: Simulation) -> str:
    taken = {each.name.casefold() for each in simulation.instances()}
    return next(name for n in itertools.count(1) if (name := f"Tests_{n}").casefold() not in taken)


def _free_address(simulation: Simulation, workbench: Workbench) -> str:
    """Return the address of the PLC; another one, which it then gets, where a running instance has it."""
    taken = {address for each in simulation.instances() for address in each.addresses}
    address = workbench.address()
    if address not in taken:
        return address
    network = ipaddress.ip_network(f"{address}/24", strict=False)
    free = next((str(each) for each in network.hosts() if str(each) not in taken), None)
    if free is None:
        raise Problem(
            "plc_test.address", "All addresses are used by running instances: switch some off.", kind=Kind.CONFLICT
        )
    workbench.move_to(free)
    return free
