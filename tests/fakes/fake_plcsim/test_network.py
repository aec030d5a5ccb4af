"""Two simulated controllers communicate by their IP addresses."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from simatic_xml.program.workspace import Workspace
from tests.fakes.fake_plcsim.kit import Kit, Simulated
from virtual_plc.memory.program import program_of

LIMIT = 30.0
PROGRAM = """
DATA_BLOCK "D"
VAR connect : TCON_IP_v4; go : Bool; out : Array[0..3] of Byte; in : Array[0..3] of Byte; END_VAR
BEGIN
connect.ID := 1; connect.ConnectionType := 11; connect.ActiveEstablished := {active};
connect.RemoteAddress.ADDR[1] := 10; connect.RemoteAddress.ADDR[4] := {partner};
connect.RemotePort := 502; connect.LocalPort := 502;
END_DATA_BLOCK
DATA_BLOCK "send" TSEND_C BEGIN END_DATA_BLOCK
DATA_BLOCK "recv" TRCV_C BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
BEGIN
"send"(REQ := "D".go, CONT := TRUE, CONNECT := "D".connect, DATA := "D".out);
"recv"(EN_R := TRUE, CONT := TRUE, CONNECT := "D".connect, DATA := "D".in);
END_ORGANIZATION_BLOCK
"""


@pytest.fixture
def kit() -> Iterator[Kit]:
    """A runtime manager."""
    made = Kit()
    yield made
    made.runtime.shutdown()


def controller(kit: Kit, name: str, number: int, partner: int, *, active: bool) -> Any:
    """Start a controller with the address 10.0.0.number and a partner."""
    workspace = Workspace()
    assert workspace.put_source(PROGRAM.format(active=str(active).upper(), partner=partner)) == []
    instance = kit.manager.RegisterInstance(name)
    instance.PowerOn(10_000)
    found = Simulated.behind(instance)._controller
    found.load(program_of(workspace), workspace, ip=(f"10.0.0.{number}", "255.255.255.0", "0.0.0.0"))  # noqa: S104 - no gateway
    instance.Run(10_000)
    return found


def wait_for(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "the condition does not come true"
        time.sleep(0.005)


def test_controllers_of_one_computer_reach_each_other_by_their_addresses(kit: Kit) -> None:
    server = controller(kit, "Server", 2, 1, active=False)
    wait_for(lambda: 502 in server.cpu.surroundings.network.listening)
    client = controller(kit, "Client", 1, 2, active=True)
    wait_for(lambda: client.cpu.read('"send".STATUS') == 0x7004)
    for one, other, content in ((client, server, [1, 2, 3, 4]), (server, client, [5, 6, 7, 8])):
        one.cpu.write_many({'"D".out': content, '"D".go': True})
        wait_for(lambda other=other, content=content: other.cpu.read('"D".in') == content)


def test_a_port_that_is_not_free_is_replaced_and_named(kit: Kit) -> None:
    first = controller(kit, "First", 2, 0, active=False)
    second = controller(kit, "Second", 3, 0, active=False)
    for each in (first, second):
        wait_for(lambda each=each: 502 in each.cpu.surroundings.network.listening)
    ports = [each.cpu.surroundings.network.listening[502] for each in (first, second)]
    assert ports[0] != ports[1]
    assert any(f"port {ports[1]}" in entry.text for entry in second.cpu.diagnostics)
