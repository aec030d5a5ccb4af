"""Two instances that are on never have one address, and a download that nothing answers names the addresses."""

from __future__ import annotations

from tests.support.service import Client

INSTANCES = "/api/simulation/instances"


def switch_on(client: Client, name: str) -> str:
    """Register an instance and switch it on; the warning of its state."""
    client.ok("POST", f"{INSTANCES}/create", {"name": name})
    return str(client.ok("POST", f"{INSTANCES}/{name}/power-on").get("warning", ""))


def address_of(client: Client, name: str) -> str:
    return client.ok("GET", f"{INSTANCES}/{name}/network")["interfaces"][0]["ipAddress"]


def test_a_second_instance_gets_a_free_address_and_a_used_one_is_refused(client: Client) -> None:
    assert "192.168.0.1" not in switch_on(client, "First")
    assert "'First' has the address 192.168.0.1, so this one has 192.168.0.2" in switch_on(client, "Second")
    assert "has 192.168.0.3" in switch_on(client, "Third")
    assert [address_of(client, name) for name in ("First", "Second", "Third")] == [
        "192.168.0.1",
        "192.168.0.2",
        "192.168.0.3",
    ]
    path = f"{INSTANCES}/Third/network"
    error = client.refused(409, "plcsim.address_used", "PUT", path, {"ipAddress": "192.168.0.2"})
    assert "'Second'" in error["message"] and "192.168.0.4 is free" in error["message"]
    assert address_of(client, "Third") == "192.168.0.3"
    client.ok("PUT", path, {"ipAddress": "192.168.0.9"})


def test_a_download_that_nothing_answers_names_the_addresses(plc: Client) -> None:
    switch_on(plc, "First")
    plc.ok("PUT", f"{INSTANCES}/First/network", {"ipAddress": "192.168.0.77"})
    body = {"scope": "HardwareAndSoftware", "pcInterface": "PLCSIM"}
    error = plc.refused(409, "download.refused", "POST", "/api/devices/PLC_1/actions/download-sync", body)
    assert "The download went to 192.168.0.1." in str(error["details"])
    assert "'First' (192.168.0.77)" in str(error["details"])
