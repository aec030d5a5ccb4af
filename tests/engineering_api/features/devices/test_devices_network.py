"""The network settings of devices: read back as set, checked before, all or nothing."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_bridge.errors import Problem
from openness_bridge.hardware import ipv4
from tests.engineering_api.features.devices.kit import ADD, picture
from tests.support.service import CPU, Client

INFRASTRUCTURE = "/api/projects/infrastructure"
MASKS = {str(IPv4Network(f"0.0.0.0/{bits}").netmask) for bits in range(1, 33)}


def configure(device: str) -> str:
    return f"/api/devices/{device}/actions/configure-network-sync"


@pytest.fixture
def line(plc: Client) -> Client:
    """Two CPUs and an IO station."""
    plc.ok("POST", ADD, {"orderNumber": CPU, "name": "PLC_2"})
    plc.ok("POST", ADD, {"orderNumber": "6ES7 155-6AU01-0BN0", "name": "IM_1", "deviceName": "IO_1"})
    return plc


def test_address_mask_router_name_subnet_and_io_system(line: Client) -> None:
    body = {
        "ipAddress": "10.0.0.5",
        "subnetMask": "255.255.0.0",
        "routerAddress": "10.0.255.1",
        "profinetName": "press-1",
        "subnet": "PN/IE_1",
        "ioSystem": "IO",
    }
    state = line.ok("POST", configure("PLC_1"), body)
    assert (state["address"], state["subnetMask"], state["useRouter"]) == ("10.0.0.5", "255.255.0.0", True)
    assert (state["routerAddress"], state["pnDeviceName"], state["pnDeviceNameAuto"]) == (
        "10.0.255.1",
        "press-1",
        False,
    )
    assert (state["subnet"], state["ioSystem"], state["label"]) == ("PN/IE_1", "IO", "X1")
    (subnet,) = line.ok("GET", INFRASTRUCTURE)["subnets"]
    assert subnet["nodes"][0]["interface"] == state
    assert line.ok("GET", "/api/devices/PLC_1")["ipAddresses"] == ["10.0.0.5"]


def test_what_is_left_out_stays(line: Client) -> None:
    before = line.ok("POST", configure("PLC_1"), {"ipAddress": "10.0.0.5", "routerAddress": "10.0.0.1"})
    after = line.ok("POST", configure("PLC_1"), {"profinetName": "press"})
    changed = {"pnDeviceName", "pnDeviceNameAuto", "pnDeviceNameConverted"}
    assert {name for name in before if before[name] != after[name]} == changed
    assert line.ok("POST", configure("PLC_1"), {"profinetName": ""})["pnDeviceNameAuto"] is True


def test_a_new_address_beyond_the_router_needs_a_new_router_or_none(line: Client) -> None:
    line.ok("POST", configure("PLC_1"), {"ipAddress": "10.0.0.5", "routerAddress": "10.0.0.1"})
    line.refused(422, "network.router", "POST", configure("PLC_1"), {"ipAddress": "172.16.0.5"})
    moved = line.ok("POST", configure("PLC_1"), {"ipAddress": "172.16.0.5", "routerAddress": "172.16.0.1"})
    assert (moved["address"], moved["routerAddress"]) == ("172.16.0.5", "172.16.0.1")
    assert line.ok("POST", configure("PLC_1"), {"routerAddress": ""})["useRouter"] is False


def test_a_device_joins_the_io_system_of_a_controller(line: Client) -> None:
    line.ok("POST", configure("PLC_1"), {"subnet": "PN/IE_1", "ioSystem": "IO"})
    job = line.job("POST", "/api/devices/IO_1/actions/configure-network", {"subnet": "pn/ie_1", "ioSystem": "io"})
    assert job["result"]["ioSystem"] == "IO"
    (subnet,) = line.ok("GET", INFRASTRUCTURE)["subnets"]
    controller = line.ok("GET", "/api/devices/PLC_1")["name"]
    assert [(s["name"], s["controllers"], s["devices"]) for s in subnet["ioSystems"]] == [
        ("IO", [controller], ["IO_1"])
    ]


def test_the_io_system_of_a_controller_gets_another_name(line: Client) -> None:
    line.ok("POST", configure("PLC_1"), {"subnet": "PN/IE_1", "ioSystem": "IO"})
    assert line.ok("POST", configure("PLC_1"), {"ioSystem": "Line 3"})["ioSystem"] == "Line 3"
    assert line.ok("POST", configure("PLC_1"), {"ioSystem": "LINE 3"})["ioSystem"] == "Line 3"
    (subnet,) = line.ok("GET", INFRASTRUCTURE)["subnets"]
    assert [system["name"] for system in subnet["ioSystems"]] == ["Line 3"]


def test_moving_to_another_subnet(line: Client) -> None:
    line.ok("POST", configure("PLC_1"), {"subnet": "A"})
    assert line.ok("POST", configure("PLC_1"), {"subnet": "B"})["subnet"] == "B"
    subnets = line.ok("GET", INFRASTRUCTURE)["subnets"]
    assert {subnet["name"]: len(subnet["nodes"]) for subnet in subnets} == {"A": 0, "B": 1}


def test_the_interface_is_chosen_by_label_or_name(project: Client) -> None:
    project.ok("POST", ADD, {"orderNumber": "6ES7 516-3AN02-0AB0", "name": "PLC_1"})
    by_label = project.ok("POST", configure("PLC_1"), {"interface": "x2", "ipAddress": "10.2.0.1"})
    by_name = project.ok("POST", configure("PLC_1"), {"interface": "PROFINET interface_2", "ipAddress": "10.2.0.2"})
    by_both = project.ok("POST", configure("PLC_1"), {"interface": "PLC_1/X2", "ipAddress": "10.2.0.3"})
    assert {state["name"] for state in (by_label, by_name, by_both)} == {"PROFINET interface_2"}
    assert project.ok("GET", "/api/devices/PLC_1")["ipAddresses"] == ["192.168.0.1", "10.2.0.3"]
    error = project.refused(
        404, "network.interface_not_found", "POST", configure("PLC_1"), {"interface": "X7", "subnet": "A"}
    )
    assert "PLC_1/X1" in error["message"]


@pytest.mark.parametrize(
    ("status", "code", "body"),
    [
        (422, "network.address", {"ipAddress": "10.0.0"}),
        (422, "network.address", {"ipAddress": "10.0.0.256"}),
        (422, "network.address", {"ipAddress": "localhost"}),
        (422, "network.address", {"ipAddress": "127.0.0.1"}),
        (422, "network.address", {"ipAddress": "224.0.0.1"}),
        (422, "network.address", {"ipAddress": "10.0.0.255"}),
        (422, "network.address", {"ipAddress": "::1"}),
        (422, "network.address", {"ipAddress": ""}),
        (422, "network.mask", {"subnetMask": "255.0.255.0"}),
        (422, "network.mask", {"subnetMask": "0.0.0.0"}),  # noqa: S104 - a mask
        (422, "network.mask", {"subnetMask": "24"}),
        (422, "network.router", {"routerAddress": "10.0.0.1"}),
        (422, "network.router", {"routerAddress": "192.168.0.1"}),
        (422, "network.router", {"routerAddress": "gateway"}),
        (422, "network.profinet_name", {"profinetName": "n" * 241}),
        (422, "network.profinet_name", {"profinetName": "192.168.0.1"}),
        (422, "network.profinet_name", {"profinetName": "port-001"}),
        (409, "network.collision", {"ipAddress": "192.168.0.9", "subnet": "PN/IE_1"}),
        (409, "network.name_collision", {"profinetName": "OTHER", "subnet": "PN/IE_1"}),
        (422, "network.refused", {"ipAddress": "10.0.0.7", "subnet": 'a"b'}),
        (422, "network.not_connected", {"ioSystem": "IO"}),
        (404, "network.interface_not_found", {"interface": "X9", "ipAddress": "10.0.0.1"}),
        (400, "network.nothing", {}),
        (400, "request.unknown_field", {"ipAdress": "10.0.0.1"}),
        (400, "request.wrong_type", {"ipAddress": 10}),
    ],
)
def test_refused_settings_change_nothing(line: Client, status: int, code: str, body: dict[str, Any]) -> None:
    line.ok("POST", configure("PLC_2"), {"ipAddress": "192.168.0.9", "profinetName": "other", "subnet": "PN/IE_1"})
    before = picture(line)
    line.refused(status, code, "POST", configure("PLC_1"), body)
    assert picture(line) == before


def test_a_later_refusal_undoes_what_was_set_before_it(line: Client) -> None:
    before = picture(line)
    body = {"ipAddress": "10.0.0.7", "subnet": "New", "ioSystem": "IO"}
    line.refused(404, "network.io_system_not_found", "POST", configure("IO_1"), body)
    assert picture(line) == before


def test_a_refused_value_is_pointed_at(line: Client) -> None:
    for field, value in (("ipAddress", "x"), ("subnetMask", "x"), ("routerAddress", "x"), ("profinetName", " ")):
        error = line.http.post(configure("PLC_1"), json={field: value}).json()["error"]
        assert error["place"]["pointer"] == f"/{field}"


def test_an_unknown_device(line: Client) -> None:
    line.refused(404, "device.not_found", "POST", configure("Nobody"), {"ipAddress": "10.0.0.1"})


@given(st.ip_addresses(v=4).map(str))
def test_exactly_the_32_masks_are_masks(text: str) -> None:
    for mask in (text, *MASKS):
        try:
            accepted = ipv4.require_mask(mask) == mask
        except Problem:
            accepted = False
        assert accepted is (mask in MASKS)


@given(st.ip_addresses(v=4), st.integers(8, 30), st.ip_addresses(v=4), st.booleans())
def test_a_router_is_inside_the_subnet_and_not_the_device(
    address: IPv4Address, bits: int, other: IPv4Address, near: bool
) -> None:
    network = IPv4Network(f"{address}/{bits}", strict=False)
    router = network[int(other) % network.num_addresses] if near else other
    fits = router in network and router != address
    try:
        ipv4.require_router(str(router), str(address), str(network.netmask))
    except Problem:
        assert not fits
    else:
        assert fits
