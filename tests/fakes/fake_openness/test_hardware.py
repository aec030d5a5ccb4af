"""Devices: creation, names, groups, structure, persistence, transactions."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_openness.core.errors import (
    EngineeringException,
    EngineeringObjectDisposedException,
    EngineeringTargetInvocationException,
)
from fake_openness.core.versions import TiaVersion
from fake_openness.hardware.articles import articles
from fake_openness.hardware.devices import STANDALONE
from tests.fakes.fake_openness.hardware_kit import (
    COMFORT_PANEL,
    CPU_315,
    CPU_1212,
    CPU_1214,
    CPU_1511,
    CPU_1512SP,
    CPU_1513,
    CPU_1516,
    DI_8_SP,
    DI_16_1500,
    IM_PN_ST,
    SCALANCE,
    SM_1221,
    Kit,
    items,
    named,
    rack,
    tree,
)


class NothingThereError(Exception):
    """A random change has nothing to act on."""


def refused(code: str) -> Any:
    """Expect a refusal with a code."""
    return pytest.raises(EngineeringTargetInvocationException, check=lambda error: error.FakeCode == code)


def shape(device: Any) -> list[tuple[int, str]]:
    return [(item.PositionNumber, item.Name) for item in items(device)]


def test_s7_1500_station_has_the_items_of_a_real_one(kit: Kit) -> None:
    device = kit.cpu(CPU_1516, "PLC_1", "S7-1500 station_1")
    assert device.TypeIdentifier == "System:Device.S71500"
    assert shape(device) == [
        (0, "Rail_0"),
        (1, "PLC_1"),
        (3, "CPU display_1"),
        (4, "Card reader/writer_1"),
        (254, "OPC UA_1"),
        (32768, "PROFINET interface_1"),
        (32769, "Port_1"),
        (32770, "Port_2"),
        (33024, "PROFINET interface_2"),
        (33025, "Port_1"),
        (33280, "DP interface_1"),
    ]
    assert rack(device).TypeIdentifier == "OrderNumber:6ES7 590-1***0-0AA0"


def test_s7_1200_station_has_its_onboard_io_at_the_usual_addresses(kit: Kit) -> None:
    device = kit.cpu(CPU_1214, "PLC_1")
    assert device.TypeIdentifier == "System:Device.S71200"
    assert device.Name == "S7-1200 station_1"
    digital, analog = named(device, "DI 14/DQ 10_1"), named(device, "AI 2_1")
    assert [(a.IoType.name, a.StartAddress, a.Length) for a in digital.Addresses] == [
        ("Input", 0, 16),
        ("Output", 0, 16),
    ]
    assert [(a.IoType.name, a.StartAddress, a.Length) for a in analog.Addresses] == [("Input", 64, 32)]
    assert digital.Channels.Count == 24
    assert [named(device, f"HSC_{n}").PositionNumber for n in range(1, 7)] == list(range(16, 22))
    assert [named(device, f"Pulse_{n}").PositionNumber for n in range(1, 5)] == list(range(32, 36))


def test_head_station_panel_switch_and_gsd_device_have_their_own_shape(kit: Kit) -> None:
    assert shape(kit.cpu(IM_PN_ST, "IM_1"))[:2] == [(0, "Rack_0"), (0, "IM_1")]
    panel = kit.cpu(COMFORT_PANEL, "HMI_1", "HMI_1")
    assert shape(panel)[:2] == [(0, "HMI_1"), (5, "HMI_1.IE_CP_1")]
    assert kit.service(named(panel, "HMI_1"), "SoftwareContainer") is None
    assert kit.interface(kit.cpu(SCALANCE, "Switch_1")).InterfaceOperatingMode.name == "IoDevice"
    gsd = kit.cpu("GSD:GSDML-V2.3-MAKER-DEVICE-20200101.XML/DAP/IDD_1", "Valve_1")
    assert gsd.IsGsd
    assert gsd.Name == "GSD device_1"
    assert named(gsd, "Valve_1").Classification.name == "HM"


def test_modules_belong_to_the_device_and_sit_in_the_rack(kit: Kit) -> None:
    device = kit.cpu()
    rail, cpu = rack(device), named(device, "PLC_1")
    assert rail.DeviceItems.Count == 0
    assert list(rail.Items) == [cpu]
    assert cpu.Parent == device
    assert cpu.Container == rail
    assert (cpu.IsPlugged, cpu.IsBuiltIn, cpu.Classification.name) == (True, False, "CPU")
    display = named(device, "CPU display_1")
    assert (display.IsBuiltIn, display.TypeIdentifier, display.Classification.name) == (True, "", "None_")


def test_catalogue_attributes_exist_on_modules_only(kit: Kit) -> None:
    device = kit.cpu()
    cpu = named(device, "PLC_1")
    assert cpu.GetAttribute("OrderNumber") == "6ES7 511-1AK02-0AB0"
    assert cpu.GetAttribute("FirmwareVersion") == "V2.8"
    assert cpu.GetAttribute("TypeName") == "CPU 1511-1 PN"
    with pytest.raises(Exception, match="OrderNumber"):
        named(device, "Port_1").GetAttribute("OrderNumber")
    cpu.SetAttribute("Comment", "main")
    assert cpu.GetAttribute("Comment") == "main"
    with pytest.raises(Exception, match="read-only"):
        cpu.SetAttribute("FirmwareVersion", "V3.0")


def test_software_is_reached_through_the_cpu_only(kit: Kit) -> None:
    device = kit.cpu()
    with_software = [item.Name for item in items(device) if kit.service(item, "SoftwareContainer") is not None]
    assert with_software == ["PLC_1"]
    software = kit.service(named(device, "PLC_1"), "SoftwareContainer").Software
    named(device, "PLC_1").Name = "Main"
    assert software.Name == "Main"
    assert device.Name != "Main"


@pytest.mark.parametrize(
    ("type_identifier", "code"),
    [
        ("OrderNumber:6ES7 511-1AK02-0AB0", "catalog.unknown"),
        ("OrderNumber:6ES7 511-1AK02-0AB0/V9.9", "catalog.unknown"),
        ("6ES7 511-1AK02-0AB0", "catalog.unknown"),
        (DI_16_1500, "device.not_a_head"),
        ("GSD:GSDML-V2.3-X.XML", "catalog.type_identifier"),
    ],
)
def test_wrong_types_are_refused_and_leave_nothing(kit: Kit, type_identifier: str, code: str) -> None:
    with refused(code):
        kit.cpu(type_identifier)
    assert kit.project.Devices.Count == 0


def test_blanks_in_an_order_number_do_not_matter(kit: Kit) -> None:
    assert named(kit.cpu(CPU_1511.replace(" ", "")), "PLC_1").TypeIdentifier == CPU_1511


def test_device_and_cpu_names_are_unique_in_the_project(kit: Kit) -> None:
    kit.cpu(device="Station")
    group = kit.project.DeviceGroups.Create("Area")
    with refused("name.exists"):
        group.Devices.CreateWithItem(CPU_1513, "PLC_2", "STATION")
    with refused("name.exists"):
        group.Devices.CreateWithItem(CPU_1513, "plc_1", "Station 2")
    other = group.Devices.CreateWithItem(CPU_1513, "PLC_2", "Station 2")
    with refused("name.exists"):
        other.Name = "station"
    with refused("name.exists"):
        named(other, "PLC_2").Name = "PLC_1"
    other.Name = "STATION 2"
    assert group.Devices.Find("station 2") == other


@pytest.mark.parametrize("name", ["", " x", "x ", 'a"b', "a\tb", "x" * 129])
def test_names_that_nothing_can_have(kit: Kit, name: str) -> None:
    device = kit.cpu()
    with pytest.raises(EngineeringTargetInvocationException):
        device.Name = name
    with pytest.raises(EngineeringTargetInvocationException):
        named(device, "PLC_1").Name = name


def test_empty_station_by_system_type(kit: Kit) -> None:
    device = kit.project.Devices.Create("System:Device.S71500", "Station")
    assert device.DeviceItems.Count == 0
    rail = device.PlugNew("OrderNumber:6ES7 590-1AF30-0AA0", "Rail_0", 0)
    assert rail.TypeIdentifier == "OrderNumber:6ES7 590-1***0-0AA0"
    assert rail.PlugNew(CPU_1511, "PLC_1", 1).Classification.name == "CPU"
    with refused("device.type"):
        kit.project.Devices.Create(CPU_1511, "Other")
    with refused("device.type"):
        kit.project.Devices.Create("System:Device.Unheard", "Other")


def test_groups_nest_and_a_device_is_in_one_place(kit: Kit) -> None:
    area = kit.project.DeviceGroups.Create("Area")
    cell = area.Groups.Create("Cell")
    device = cell.Devices.CreateWithItem(CPU_1511, "PLC_1", "Station")
    assert kit.project.Devices.Find("Station") is None
    assert kit.project.DeviceGroups.Find("Cell") is None
    assert cell.Devices.Find("STATION") == device
    assert device.Parent == cell
    with refused("name.exists"):
        kit.project.DeviceGroups.Create("AREA")
    area.Name = "Hall"
    assert kit.project.DeviceGroups.Find("Hall") == area
    area.Delete()
    assert kit.project.DeviceGroups.Count == 0
    with pytest.raises(EngineeringObjectDisposedException):
        _ = device.Name


def test_deleted_devices_are_dead_with_everything_in_them(kit: Kit) -> None:
    device = kit.cpu()
    handles = [device, *items(device), kit.interface(device), kit.node(device)]
    software = kit.service(named(device, "PLC_1"), "SoftwareContainer").Software
    device.Delete()
    assert kit.project.Devices.Count == 0
    for handle in handles:
        with pytest.raises(EngineeringObjectDisposedException):
            _ = handle.Parent
    with pytest.raises(EngineeringObjectDisposedException):
        _ = software.Name


def test_an_online_device_cannot_be_changed(kit: Kit) -> None:
    device = kit.cpu()
    kit.project._context.online.add(device.Name)
    rail = rack(device)
    changes = [
        device.Delete,
        lambda: setattr(device, "Name", "Other"),
        lambda: rail.PlugNew(DI_16_1500, "DI", 2),
        lambda: kit.node(device).SetAttribute("Address", "192.168.0.9"),
        lambda: kit.node(device).CreateAndConnectToSubnet("PN/IE_1"),
    ]
    before = tree(kit.project)
    for change in changes:
        with refused("device.online"):
            change()
    assert tree(kit.project) == before


def test_everything_is_there_after_saving_and_opening(kit: Kit) -> None:
    plant(kit)
    before = tree(kit.project)
    kit.reopen()
    assert tree(kit.project) == before


def test_saving_again_changes_no_file(kit: Kit) -> None:
    plant(kit)
    kit.reopen()
    folder = kit.folder / "Line"
    documents = [folder / "network.json", *folder.glob("devices/*/device.json")]
    before = {path: path.read_bytes() for path in documents}
    kit.project.Devices[0].SetAttribute("Comment", "x")
    kit.project.Devices[0].SetAttribute("Comment", "")
    kit.project.Save()
    assert {path: path.read_bytes() for path in documents} == before
    assert all(json.loads(content) for content in before.values())


def test_folders_stay_when_devices_are_renamed_and_go_when_they_are_deleted(kit: Kit) -> None:
    kit.cpu(device="One")
    kit.project.Save()
    kit.project.Devices[0].Name = "Two"
    other = kit.cpu(CPU_1513, "PLC_2", "One")
    kit.reopen()
    assert {path.parent.name for path in (kit.folder / "Line").glob("devices/*/device.json")} == {"One", "One~2"}
    assert [device.Name for device in kit.project.Devices] == ["Two", "One"]
    kit.project.Devices.Find("Two").Delete()
    kit.reopen()
    assert not list((kit.folder / "Line" / "devices" / "One").glob("**/*.json"))
    assert other is not None


def test_a_damaged_document_is_named(kit: Kit) -> None:
    kit.cpu(device="One")
    kit.project.Save()
    path = kit.project.Path
    kit.project.Close()
    document = kit.folder / "Line" / "devices" / "One" / "device.json"
    document.write_text("{}", encoding="utf-8")
    with pytest.raises(EngineeringTargetInvocationException, match=r"devices/One/device\.json"):
        kit.portal.Projects.Open(path)


def test_a_transaction_that_is_not_committed_leaves_no_trace(kit: Kit) -> None:
    plant(kit)
    before = tree(kit.project)

    def change() -> None:
        kit.project.DeviceGroups[0].Delete()
        kit.project.Devices[0].Name = "Renamed"
        rack(kit.project.Devices[0]).PlugNew(DI_16_1500, "DI new", 65535)
        named(kit.project.Devices[0], "PLC_1").Name = "Other"
        kit.project.Subnets[0].Delete()
        kit.cpu(CPU_1513, "PLC_9", "Station 9")
        kit.node(kit.project.Devices[0]).SetAttribute("Address", "10.0.0.1")

    kit.undone(change)
    assert tree(kit.project) == before
    kit.reopen()
    assert tree(kit.project) == before


@settings(max_examples=25)
@given(st.lists(st.integers(0, 11), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_any_undone_sequence_of_changes_leaves_no_trace(kit: Kit, steps: list[int], random: Random) -> None:
    if kit.project.Devices.Count == 0:
        plant(kit)
    before = tree(kit.project)

    def pick(choices: Iterable[Any]) -> Any:
        found = list(choices)
        if not found:
            raise NothingThereError
        return random.choice(found)

    def device() -> Any:
        return pick(kit.project._hardware.every_device())

    def a_rack() -> Any:
        return pick(device().Items)

    def interface() -> Any:
        return pick(device()._interfaces())

    def name() -> str:
        return f"Name {random.randrange(10**6)}"

    changes: list[Callable[[], object]] = [
        lambda: device().Delete(),
        lambda: setattr(device(), "Name", name()),
        lambda: a_rack().PlugNew(pick([DI_16_1500, DI_8_SP, SM_1221]), name(), 65535),
        lambda: pick(a_rack().Items).Delete(),
        lambda: setattr(pick(items(device())), "Name", name()),
        lambda: pick(kit.project.Subnets).Delete(),
        lambda: interface().Nodes[0].CreateAndConnectToSubnet(name()),
        lambda: interface().Nodes[0].DisconnectFromSubnet(),
        lambda: pick(interface().IoControllers).CreateIoSystem(""),
        lambda: interface().Nodes[0].SetAttribute("Address", f"192.168.0.{random.randrange(1, 255)}"),
        lambda: pick(i for i in items(device()) if i.Name == "PLC_2").ChangeType(CPU_1212),
        lambda: kit.cpu(pick([CPU_1511, CPU_1214, IM_PN_ST]), name()),
    ]

    def change() -> None:
        for step in steps:
            with contextlib.suppress(EngineeringException, NothingThereError):
                changes[step]()

    kit.undone(change)
    assert tree(kit.project) == before


def test_compile_service_is_on_stations_and_cpus(kit: Kit) -> None:
    device = kit.cpu()
    assert kit.service(device, "ICompilable") is not None
    assert kit.service(named(device, "PLC_1"), "ICompilable") is not None
    assert kit.service(named(device, "Port_1"), "ICompilable") is None


def test_hardware_compile_reports_duplicates_until_they_are_gone(kit: Kit) -> None:
    plant(kit)
    one, other = kit.project.Devices[0], kit.project.Devices[1]
    compiled = kit.service(named(one, "PLC_1"), "ICompilable").Compile()
    assert compiled.ErrorCount == 0
    kit.node(other).SetAttribute("Address", kit.node(one).GetAttribute("Address"))
    compiled = kit.service(named(one, "PLC_1"), "ICompilable").Compile()
    assert (compiled.State.name, compiled.ErrorCount) == ("Error", 1)
    kit.node(other).SetAttribute("Address", "192.168.0.77")
    assert kit.service(named(one, "PLC_1"), "ICompilable").Compile().ErrorCount == 0


def test_two_equal_profinet_names_in_a_subnet_are_an_error(kit: Kit) -> None:
    plant(kit)
    for device in (kit.project.Devices[0], kit.project.Devices[1]):
        kit.node(device).SetAttribute("PnDeviceNameAutoGeneration", False)
        kit.node(device).SetAttribute("PnDeviceName", "same")
    assert kit.service(named(kit.project.Devices[0], "PLC_1"), "ICompilable").Compile().ErrorCount == 1


@pytest.mark.parametrize(
    "article", [a for a in articles() if a.kind in STANDALONE and a.is_offered(TiaVersion.of("21"))][::9]
)
def test_every_head_of_the_catalogue_makes_a_station(tmp_path: Path, article: Any) -> None:
    made = Kit.new(tmp_path, "21")
    made.cpu(article.type_identifier, "Head")
    before = tree(made.project)
    made.reopen()
    assert tree(made.project) == before


def plant(kit: Kit) -> None:
    """A line with two PLCs, a distributed station and a panel, connected."""
    one = kit.cpu(CPU_1511, "PLC_1", "Station 1")
    two = kit.cpu(CPU_1214, "PLC_2", "Station 2")
    kit.cpu(CPU_1512SP, "PLC_3", "Station 3")
    kit.cpu(CPU_315, "PLC_4", "Station 4")
    rack(one).PlugNew(DI_16_1500, "DI 16_1", 2)
    distributed = (
        kit.project.DeviceGroups.Create("Area").Groups.Create("Cell").Devices.CreateWithItem(IM_PN_ST, "IM_1", None)
    )
    panel = kit.project.UngroupedDevicesGroup.Devices.CreateWithItem(COMFORT_PANEL, "HMI_1", "HMI_1")
    subnet = kit.node(one).CreateAndConnectToSubnet("PN/IE_1")
    system = kit.interface(one).IoControllers[0].CreateIoSystem("")
    for device in (two, distributed, panel):
        kit.node(device).ConnectToSubnet(subnet)
    kit.interface(distributed).IoConnectors[0].ConnectToIoSystem(system)
    first, second = kit.interface(one).Ports[0], kit.interface(distributed).Ports[1]
    first.ConnectToPort(second)
