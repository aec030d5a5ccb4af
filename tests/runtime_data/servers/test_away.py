"""The report of a server names the reason when its source gives no values."""

from __future__ import annotations

import pytest

from tests.runtime_data.webapi.test_server import start_cpu
from tests.support.service import Client


@pytest.mark.parametrize("kind", ["opcua", "s7", "webapi"])
def test_the_report_of_a_server_names_why_it_has_no_values(client: Client, kind: str) -> None:
    start_cpu(client)
    route, simulation = f"/api/runtime/servers/{kind}", client.http.app.state.service.simulation
    body = {"enabled": True, "settings": {"port": 0, "source": "PLC_1"}}
    assert client.ok("PUT", route, body)["message"] == ""
    with simulation.handle("PLC_1").use() as api:
        api.PowerOff(60_000)
    assert client.ok("GET", route)["message"] == (
        "It shows no values of 'PLC_1'. The simulated PLC is switched off: start it."
    )
    simulation.unregister("PLC_1")
    found = client.ok("GET", route)
    assert found["state"] == "running"
    assert found["message"].startswith("It shows no values") and "PLC_1" in found["message"].partition(".")[2]
    client.ok("PUT", route, {"enabled": False, "settings": {"port": 0, "source": "PLC_1"}})
    assert client.ok("GET", route)["message"] == ""
