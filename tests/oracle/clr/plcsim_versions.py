"""The bridge through .NET on each API version of PLCSIM Advanced: the names, settings and modes that a version has."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from openness_bridge.errors import Problem
from openness_bridge.manifest.compare import compare
from openness_bridge.manifest.dump import document
from openness_bridge.manifest.reading import merge
from openness_bridge.plcsim import instances, tags
from openness_bridge.plcsim import time as plcsim_time
from openness_bridge.plcsim.instances import Interface, Settings
from openness_bridge.plcsim.runtime import Simulation
from openness_bridge.portal.loader import load as load_model
from tests.fakes.fake_plcsim.kit import load, until
from tests.oracle.clr.plcsim_double import VERSION, manifest

NUMBER = float(VERSION)
MODES = ("SingleStep", "ExtendedSingleStep") if NUMBER < 2 else ("SingleStep_C", "SingleStep_CT")


@pytest.fixture
def simulation() -> Iterator[Simulation]:
    """PLCSIM Advanced with an instance that has a program and is in STOP."""
    model = load_model("fake")
    made = Simulation(lambda: model.plcsim)
    made.register("PLC_1", "CPU1511")
    instances.power_on(made, "PLC_1")
    load(made.manager.CreateInterface("PLC_1"))
    instances.connect(made, None)
    yield made
    made.close()


def refused(code: str, call: Any) -> None:
    with pytest.raises(Problem) as caught:
        call()
    assert caught.value.code == code


def test_the_double_is_what_the_manifest_says(simulation: Simulation) -> None:
    said = manifest()
    assembly = simulation.model.SDataValue().GetType().Assembly
    facts = {"product": said.product, "version": said.version, "root": said.root, "assembly": said.assembly}
    assert [str(each) for each in compare(said, merge([document([assembly], **facts)]))] == []


def test_the_installed_version_is_told(simulation: Simulation) -> None:
    status = simulation.status()
    assert (status.api_version, status.api_available, status.runtime_manager_running) == (VERSION, True, True)
    assert [each.name for each in status.registered_instances] == ["PLC_1"]
    assert simulation.model.backend == "plcsim"


def test_time_moves_whatever_modes_and_methods_are_called(simulation: Simulation) -> None:
    plcsim_time.freeze(simulation, None)
    instances.run(simulation, None)
    before = tags.read(simulation, None, "Data.count").value
    moved = plcsim_time.run_cycles(simulation, None, 3)
    assert (moved.operating_mode, moved.operating_state, moved.cycles) == (MODES[0], "Freeze", 3)
    assert tags.read(simulation, None, "Data.count").value == int(before) + 3
    assert plcsim_time.run_cycles(simulation, None, 2, 5.0).operating_mode == MODES[1]
    assert plcsim_time.run_for(simulation, None, 50_000_000).virtual_time_ms >= 50
    assert plcsim_time.resume(simulation, None).operating_mode == "Default"


def test_how_instances_are_reached_is_set_where_the_version_has_it(simulation: Simulation) -> None:
    instances.power_off(simulation, None)
    wanted = Settings(communication_interface="TCPIP")
    if NUMBER < 6:
        assert simulation.network_mode() is None
        refused("plcsim.version", lambda: simulation.set_network_mode("TCPIPSingleAdapter"))
        assert instances.configure(simulation, None, wanted).communication_interface == "TCPIP"
        return
    refused("plcsim.version", lambda: instances.configure(simulation, None, wanted))
    simulation.set_network_mode("tcpipsingleadapter")
    assert simulation.network_mode() == "TCPIPSingleAdapter"


def test_addresses_are_structs_that_are_copied(simulation: Simulation) -> None:
    given = Interface(0, "192.168.7.9", "255.255.255.0", "192.168.7.1")
    instances.set_network(simulation, None, given, remanent=False)
    assert instances.network(simulation, None).interfaces[0].ip_address == "192.168.7.9"
    suite = simulation.model.SIPSuite4("10.0.0.1", "255.0.0.0", "10.0.0.254")
    suite.IPAddress.IPString = "10.0.0.2"
    assert suite.IPAddress.IPString == "10.0.0.1", "a field that is a struct was changed, not its copy"
    assert list(suite.IPAddress.IPArray) == [10, 0, 0, 1]


def test_events_come_on_another_thread_with_numbers_of_any_size(simulation: Simulation) -> None:
    seen: list[tuple[Any, ...]] = []
    with simulation.handle().use() as api:
        api.IsAlwaysSendOnEndOfCycleEnabled = True

        def told(sender: Any, code: Any, moment: Any, nanoseconds: int, cycles: int) -> None:
            seen.append((sender.Name, code.ToString(), moment.Ticks > 0, cycles > 0, threading.current_thread()))

        api.OnEndOfCycle += told
        api.Run(10_000)
        until(lambda: bool(seen))
        api.OnEndOfCycle -= told
    *facts, thread = seen[0]
    assert facts == ["PLC_1", "OK", True, True]
    assert thread is not threading.main_thread()


def test_what_the_fake_lacks_is_not_passed_over(simulation: Simulation) -> None:
    with simulation.handle().look() as api, pytest.raises(Exception, match="CreateConfigurationFile"):
        api.CreateConfigurationFile("tags.xml")
