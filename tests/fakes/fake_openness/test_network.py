"""Subnets, nodes, IO systems and cables."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_openness.core.errors import EngineeringNotSupportedException, EngineeringTargetInvocationException
from fake_openness.network import ip
from fake_openness.online import station_image
from tests.fakes.fake_openness.hardware_kit import (
    CPU_315,
    CPU_1214,
    CPU_1511,
    CPU_1513,
    CPU_1516,
    DI_8_SP,
    IM_PN_ST,
    Kit,
    named,
    rack,
    tree,
)
from virtual_plc.surroundings import Modules
from virtual_plc.surroundings.geography import Kind, positions


def refused(code: str) -> Any:
    """Expect a refusal with a code."""
    return pytest.raises(EngineeringTargetInvocationException, check=lambda error: error.FakeCode == code)


def test_new_interfaces_get_the_next_free_address(kit: Kit) -> None:
    devices = [kit.cpu(CPU_1511, "A"), kit.cpu(CPU_1516, "B"), kit.cpu(CPU_1214, "C")]
    assert [kit.node(d).GetAttribute("Address") for d in devices] == ["192.168.0.1", "192.168.0.2", "192.168.0.3"]
    assert kit.node(devices[1], 1).GetAttribute("Address") == "192.168.1.1"
    assert kit.node(devices[0]).GetAttribute("SubnetMask") == "255.255.255.0"


def test_connecting_to_a_subnet(kit: Kit) -> None:
    one, two = kit.cpu(CPU_1511, "A"), kit.cpu(CPU_1513, "B")
    kit.node(two).SetAttribute("Address", "192.168.0.1")
    subnet = kit.node(one).CreateAndConnectToSubnet("PN/IE_1")
    assert (subnet.Name, subnet.NetType.name, subnet.TypeIdentifier) == (
        "PN/IE_1",
        "Ethernet",
        "System:Subnet.Ethernet",
    )
    kit.node(two).ConnectToSubnet(subnet)
    assert kit.node(two).GetAttribute("Address") == "192.168.0.2"
    assert subnet.Nodes.Count == 2
    assert kit.node(one).ConnectedSubnet == subnet
    with refused("node.connected"):
        kit.node(one).CreateAndConnectToSubnet("PN/IE_2")
    kit.node(one).DisconnectFromSubnet()
    assert kit.node(one).ConnectedSubnet is None
    assert subnet.Nodes.Count == 1


def test_subnets_have_types_and_unique_names(kit: Kit) -> None:
    bus = kit.project.Subnets.Create("System:Subnet.Profibus", "PROFIBUS_1")
    with refused("name.exists"):
        kit.project.Subnets.Create("System:Subnet.Ethernet", "profibus_1")
    with refused("subnet.type"):
        kit.project.Subnets.Create("System:Subnet.Unheard", "X")
    with refused("subnet.type"):
        kit.node(kit.cpu()).ConnectToSubnet(bus)
    bus.Name = "Bus"
    assert kit.project.Subnets.Find("BUS") == bus


@pytest.mark.parametrize(
    "value", ["192.168.0", "192.168.0.256", "abc", "", "0.1.2.3", "127.0.0.1", "224.0.0.1", "1.2.3.4.5"]
)
def test_malformed_addresses_are_refused(kit: Kit, value: str) -> None:
    node = kit.node(kit.cpu())
    with refused("node.attribute"):
        node.SetAttribute("Address", value)
    assert node.GetAttribute("Address") == "192.168.0.1"


@pytest.mark.parametrize("value", ["255.0.255.0", "0.0.0.1", "255.255.255", "1.2.3.4"])
def test_masks_must_be_in_one_piece(kit: Kit, value: str) -> None:
    with refused("node.attribute"):
        kit.node(kit.cpu()).SetAttribute("SubnetMask", value)


def test_router_is_set_after_its_switch_and_inside_the_subnet(kit: Kit) -> None:
    node = kit.node(kit.cpu())
    with refused("node.attribute"):
        node.SetAttribute("RouterAddress", "192.168.0.254")
    node.SetAttribute("UseRouter", True)
    with refused("node.attribute"):
        node.SetAttribute("RouterAddress", "192.168.1.254")
    node.SetAttribute("RouterAddress", "192.168.0.254")
    with refused("node.attribute"):
        node.SetAttribute("Address", "10.0.0.1")
    node.SetAttribute("UseRouter", False)
    node.SetAttribute("Address", "10.0.0.1")


def test_address_needs_the_project_to_set_it(kit: Kit) -> None:
    node, selection = kit.node(kit.cpu()), kit.type("IpProtocolSelection")
    node.SetAttribute("IpProtocolSelection", selection.Dhcp)
    with refused("node.attribute"):
        node.SetAttribute("Address", "192.168.0.5")
    with refused("node.attribute"):
        node.SetAttribute("IpProtocolSelection", selection.ViaIoController)
    with pytest.raises(TypeError):
        node.SetAttribute("IpProtocolSelection", 0)


def test_profinet_name_follows_the_cpu_until_it_is_set(kit: Kit) -> None:
    device = kit.cpu(CPU_1214, "PLC_1")
    node = kit.node(device)
    assert node.GetAttribute("PnDeviceName") == "plc_1"
    assert node.GetAttribute("PnDeviceNameConverted") == "plcxb1d0ed"
    named(device, "PLC_1").Name = "main"
    assert node.GetAttribute("PnDeviceName") == "main"
    with refused("node.attribute"):
        node.SetAttribute("PnDeviceName", "press")
    node.SetAttribute("PnDeviceNameAutoGeneration", False)
    assert node.GetAttribute("PnDeviceName") == "main"
    node.SetAttribute("PnDeviceName", "press")
    named(device, "main").Name = "other"
    assert node.GetAttribute("PnDeviceName") == "press"
    with pytest.raises(EngineeringNotSupportedException):
        node.SetAttribute("PnDeviceNameConverted", "x")
    for bad in ("", "1.2.3.4", "a" * 241, "-a.b"):
        with refused("node.attribute"):
            node.SetAttribute("PnDeviceName", bad)


def test_cpu_with_several_interfaces_names_each(kit: Kit) -> None:
    device = kit.cpu(CPU_1516, "PLC_1")
    assert kit.node(device).GetAttribute("PnDeviceName") == "plc_1.profinet interface_1"
    assert kit.node(device, 1).GetAttribute("PnDeviceName") == "plc_1.profinet interface_2"


def test_unknown_node_attributes_are_not_supported(kit: Kit) -> None:
    with pytest.raises(EngineeringNotSupportedException):
        kit.node(kit.cpu()).GetAttribute("NoSuchThing")


def test_bus_nodes_have_numbers(kit: Kit) -> None:
    one, two = kit.cpu(CPU_315, "A"), kit.cpu(CPU_315, "B")
    node, other = kit.node(one), kit.node(two)
    subnet = node.CreateAndConnectToSubnet("MPI_1")
    assert subnet.NetType.name == "Mpi"
    other.ConnectToSubnet(subnet)
    assert (node.GetAttribute("Address"), other.GetAttribute("Address")) == ("2", "1")
    node.SetAttribute("Address", "7")
    for bad in ("127", "x", "-1", ""):
        with refused("node.attribute"):
            node.SetAttribute("Address", bad)
    interface = kit.interface(one)
    interface.InterfaceType = kit.type("NetType").Profibus
    assert node.ConnectedSubnet is None
    with refused("interface.type"):
        kit.interface(one, 1).InterfaceType = kit.type("NetType").Mpi


def test_io_system_life(kit: Kit) -> None:
    plc, head = kit.cpu(), kit.cpu(IM_PN_ST, "IM_1")
    controller, connector = kit.interface(plc).IoControllers[0], kit.interface(head).IoConnectors[0]
    assert kit.interface(head).IoControllers.Count == 0
    assert kit.interface(plc).IoConnectors.Count == 0
    with refused("io_system.not_connected"):
        controller.CreateIoSystem("")
    subnet = kit.node(plc).CreateAndConnectToSubnet("PN/IE_1")
    system = controller.CreateIoSystem("")
    assert (system.Name, system.Number, system.Subnet, controller.IoSystem) == (
        "PROFINET IO-System",
        100,
        subnet,
        system,
    )
    with refused("io_system.exists"):
        controller.CreateIoSystem("Another")
    with refused("io_system.other_subnet"):
        connector.ConnectToIoSystem(system)
    kit.node(head).ConnectToSubnet(subnet)
    connector.ConnectToIoSystem(system)
    assert connector.GetAttribute("PnDeviceNumber") == 1
    assert list(system.ConnectedIoDevices) == [connector]
    with refused("io_system.connected"):
        connector.ConnectToIoSystem(system)
    connector.DisconnectFromIoSystem()
    assert system.ConnectedIoDevices.Count == 0
    connector.ConnectToIoSystem(system)
    system.Delete()
    assert (controller.IoSystem, connector.ConnectedToIoSystem) == (None, None)
    assert kit.node(head).ConnectedSubnet == subnet


def test_io_system_numbers_are_unique(kit: Kit) -> None:
    systems = []
    for number, name in enumerate(("A", "B")):
        device = kit.cpu(CPU_1511, name)
        kit.node(device).CreateAndConnectToSubnet(f"PN/IE_{number}")
        systems.append(kit.interface(device).IoControllers[0].CreateIoSystem(""))
    assert [system.Number for system in systems] == [100, 101]
    with refused("io_system.number"):
        systems[1].Number = 100
    systems[1].Number = 7
    kit.reopen()
    assert sorted(s.Number for net in kit.project.Subnets for s in net.IoSystems) == [7, 100]


def test_deleting_a_subnet_disconnects_everything(kit: Kit) -> None:
    plc, head = kit.cpu(), kit.cpu(IM_PN_ST, "IM_1")
    subnet = kit.node(plc).CreateAndConnectToSubnet("PN/IE_1")
    kit.node(head).ConnectToSubnet(subnet)
    system = kit.interface(plc).IoControllers[0].CreateIoSystem("")
    kit.interface(head).IoConnectors[0].ConnectToIoSystem(system)
    before = tree(kit.project)
    kit.undone(subnet.Delete)
    assert tree(kit.project) == before
    subnet.Delete()
    assert kit.project.Subnets.Count == 0
    assert kit.node(plc).ConnectedSubnet is None
    assert kit.interface(plc).IoControllers[0].IoSystem is None
    assert kit.interface(head).IoConnectors[0].ConnectedToIoSystem is None


def test_a_device_of_an_io_system_has_its_place_in_the_cpu(kit: Kit) -> None:
    plc, head = kit.cpu(), kit.cpu(IM_PN_ST, "IM_1")
    subnet = kit.node(plc).CreateAndConnectToSubnet("PN/IE_1")
    kit.node(head).ConnectToSubnet(subnet)
    kit.interface(head).IoConnectors[0].ConnectToIoSystem(kit.interface(plc).IoControllers[0].CreateIoSystem(""))
    kit.interface(head).IoConnectors[0].SetAttribute("PnDeviceNumber", kit.type("Int32")(7))
    rack(head).PlugNew(DI_8_SP, "DI_1", 1)
    modules = Modules()
    modules.replace(station_image.modules(plc))
    places = {(each.kind, each.system, each.station, each.slot) for each in positions(modules).values() if each.system}
    assert places == {(Kind.DEVICE, 100, 7, 0), (Kind.MODULE, 100, 7, 1)}


def test_deleting_the_controller_ends_its_io_system(kit: Kit) -> None:
    plc, head = kit.cpu(), kit.cpu(IM_PN_ST, "IM_1")
    subnet = kit.node(plc).CreateAndConnectToSubnet("PN/IE_1")
    kit.node(head).ConnectToSubnet(subnet)
    kit.interface(head).IoConnectors[0].ConnectToIoSystem(kit.interface(plc).IoControllers[0].CreateIoSystem(""))
    plc.Delete()
    assert subnet.IoSystems.Count == 0
    assert kit.interface(head).IoConnectors[0].ConnectedToIoSystem is None


def test_operating_mode_decides_on_controllers_and_connectors(kit: Kit) -> None:
    modes = kit.type("InterfaceOperatingModes")
    interface = kit.interface(kit.cpu())
    interface.InterfaceOperatingMode = modes.IoController | modes.IoDevice
    assert (interface.IoControllers.Count, interface.IoConnectors.Count) == (1, 1)
    interface.InterfaceOperatingMode = modes.IoDevice
    assert (interface.IoControllers.Count, interface.IoConnectors.Count) == (0, 1)
    with refused("interface.mode"):
        kit.interface(kit.cpu(IM_PN_ST, "IM_1")).InterfaceOperatingMode = modes.IoController


def test_cables_join_two_ports(kit: Kit) -> None:
    one, two = kit.cpu(CPU_1511, "A"), kit.cpu(CPU_1513, "B")
    a, b = kit.interface(one).Ports[0], kit.interface(two).Ports[0]
    assert kit.interface(one).Ports.Count == 2
    with refused("port.same_interface"):
        a.ConnectToPort(kit.interface(one).Ports[1])
    a.ConnectToPort(b)
    assert list(b.ConnectedPorts) == [a]
    with refused("port.connected"):
        kit.interface(two).Ports[1].ConnectToPort(a)
    kit.reopen()
    one, two = kit.project.Devices
    a, b = kit.interface(one).Ports[0], kit.interface(two).Ports[0]
    assert list(a.ConnectedPorts) == [b]
    with refused("port.not_connected"):
        a.DisconnectFromPort(kit.interface(two).Ports[1])
    a.DisconnectFromPort(b)
    assert a.ConnectedPorts.Count == 0


@given(st.integers(0, 0xFFFFFFFF))
def test_addresses_read_as_the_standard_library_reads_them(number: int) -> None:
    assert ip.ip_number(ip.format_address(number)) == number


@given(st.integers(0, 0xFFFFFFFF))
def test_masks_are_those_that_the_standard_library_accepts(number: int) -> None:
    text = ip.format_address(number)
    wanted = any(int(ipaddress.ip_network((0, bits)).netmask) == number for bits in range(1, 33))
    if wanted:
        assert ip.mask_number(text) == number
    else:
        with pytest.raises(ValueError, match=r".*"):
            ip.mask_number(text)


@given(st.text(min_size=1, max_size=30))
def test_a_converted_name_is_stable_and_made_of_the_allowed_characters(name: str) -> None:
    converted = ip.convert_pn_name(name)
    assert set(converted) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    if not ip.pn_name_problem(converted):
        assert ip.convert_pn_name(converted) == converted
