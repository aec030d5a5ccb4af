"""Online services of the simulated TIA Portal: ways, states, trust, and what being online forbids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fake_dotnet.errors import ArgumentException
from tests.fakes.fake_openness.online_kit import ADDRESS, Rig, items, rig_of
from tests.fakes.fake_openness.plc import CPU_1200, Plant, code

ADAPTER = "Siemens PLCSIM Virtual Ethernet Adapter"


def test_only_a_cpu_item_offers_the_services(rig: Rig) -> None:
    for name in ("OnlineProvider", "DownloadProvider"):
        offering = [item.Name for item in items(rig.device) if rig.service(name, item) is not None]
        assert offering == ["PLC_1"]
        assert rig.service(name, rig.device) is None
    assert rig.service("StationUploadProvider", rig.project) is not None


def test_the_ways_lead_from_interfaces_of_the_computer_to_those_of_the_cpu(rig: Rig) -> None:
    node = next(item for item in items(rig.device) if item._interface)._interface._node
    node.CreateAndConnectToSubnet("PN/IE_1")
    configuration = rig.service("OnlineProvider").Configuration
    found = [(pc.Name, pc.Number) for pc in configuration.Modes[0].PcInterfaces]
    assert found == [("PLCSIM", 1), (ADAPTER, 1)]
    pc = rig.pc(configuration)
    assert [target.Name for target in pc.TargetInterfaces] == ["1 X1"]
    assert [subnet.Name for subnet in pc.Subnets] == ["PN/IE_1"]
    assert configuration.Modes.Find("CAN") is None
    assert configuration.Modes[0].PcInterfaces.Find("PLCSIM", 2) is None


def test_looking_at_the_ways_changes_nothing(rig: Rig) -> None:
    rig.project.Save()
    assert rig.target.Name == "1 X1"
    assert rig.project.IsModified is False


def test_accessible_devices_are_those_of_the_interface(rig: Rig) -> None:
    configuration = rig.service("OnlineProvider").Configuration
    (found,) = rig.pc(configuration).GetAccessibleDevices()
    assert (found.Address, found.DeviceSeries) == (ADDRESS, "S7-1500")
    assert rig.pc(configuration, ADAPTER).GetAccessibleDevices().Count == 0


def test_accessible_devices_came_with_v19(tmp_path: Path) -> None:
    rig = rig_of(tmp_path, "18")
    assert not hasattr(rig.pc(rig.service("OnlineProvider").Configuration), "GetAccessibleDevices")
    rig.manager.Shutdown()


def test_going_online_needs_a_way(rig: Rig) -> None:
    provider = rig.service("OnlineProvider")
    assert provider.Configuration.IsConfigured is False
    assert code(provider.GoOnline) == "online.not_configured"
    assert rig.online.Configuration.IsConfigured is True
    assert rig.service("DownloadProvider").Configuration.IsConfigured is True


def test_a_way_of_another_cpu_is_not_taken(rig: Rig) -> None:
    rig.project.Devices.CreateWithItem(rig.cpu.TypeIdentifier, "PLC_2", "Station_2")
    other = next(i for i in items(rig.project.Devices.Find("Station_2")) if i._software is not None)
    way = rig.pc(rig.service("OnlineProvider", other).Configuration).TargetInterfaces[0]
    assert rig.service("OnlineProvider").Configuration.ApplyConfiguration(way) is False


def test_online_and_offline(rig: Rig) -> None:
    online = rig.online
    assert online.State.name == "Offline"
    assert online.GoOnline().name == "Online"
    assert (online.State.name, online.GetAttribute("State").name) == ("Online", "Online")
    assert online.GoOnline().name == "Online"
    online.GoOffline()
    online.GoOffline()
    assert online.State.name == "Offline"


def test_a_cpu_that_does_not_answer_is_a_state(rig: Rig) -> None:
    rig.instance.PowerOff(10_000)
    assert rig.online.GoOnline().name == "NotReachable"
    assert rig.online.State.name == "Offline"


def test_a_cpu_of_another_family_is_incompatible(tmp_path: Path) -> None:
    rig = Rig(tmp_path, cpu=CPU_1200)
    rig.instance.PowerOn(10_000)
    assert rig.online.GoOnline().name == "Incompatible"
    assert code(rig.load) == "download.incompatible"
    rig.manager.Shutdown()


def test_a_connection_ends_with_its_cpu(rig: Rig) -> None:
    rig.online.GoOnline()
    rig.instance.PowerOff(10_000)
    assert rig.online.State.name == "Offline"
    rig.compile()


def test_what_being_online_forbids(rig: Rig) -> None:
    rig.online.GoOnline()
    assert code(rig.compile) == "device.online"
    assert code(rig.load) == "device.online"
    assert code(rig.blocks.Find("Counting").Delete) == "device.online"
    rig.online.GoOffline()
    rig.compile()


def test_not_inside_a_transaction(rig: Rig) -> None:
    online, download = rig.online, rig.load
    access, transaction = rig.transaction()
    with access, transaction:
        assert code(online.GoOnline) == "transaction.not_allowed"
        assert code(online.GoOffline) == "transaction.not_allowed"
        assert code(download) == "transaction.not_allowed"
        assert code(rig.plc.CompareToOnline) == "transaction.not_allowed"


def tcp(rig: Rig) -> Any:
    """The online service with a way to a controller that is reached over TCP/IP."""
    rig.instance.PowerOff(10_000)
    rig.instance.CommunicationInterface = rig.installation.plcsim["ECommunicationInterface"].TCPIP
    rig.instance.PowerOn(10_000)
    provider = rig.service("OnlineProvider")
    provider.Configuration.ApplyConfiguration(rig.pc(provider.Configuration, ADAPTER).TargetInterfaces[0])
    return provider


def test_an_interface_leads_to_its_own_communication_only(rig: Rig) -> None:
    tcp(rig)
    assert rig.online.GoOnline().name == "NotReachable"


def test_a_certificate_must_be_trusted(rig: Rig) -> None:
    provider, asked = tcp(rig), []
    assert provider.GoOnline().name == "NotReachable"

    def trust(question: Any) -> None:
        asked.append(type(question).__name__)
        question.CurrentSelection = type(question.CurrentSelection).Trusted

    provider.Configuration.OnlineLegitimation += trust
    assert provider.GoOnline().name == "Online"
    provider.GoOffline()
    provider.Configuration.OnlineLegitimation -= trust
    assert provider.GoOnline().name == "NotReachable"
    assert asked == ["TlsVerificationConfiguration"]


def test_legacy_communication_has_no_certificate(rig: Rig) -> None:
    provider = tcp(rig)
    provider.Configuration.EnableLegacyCommunication = True
    assert provider.GoOnline().name == "Online"


def test_trust_came_with_v17(tmp_path: Path) -> None:
    rig = rig_of(tmp_path, "16", "OrderNumber:6ES7 511-1AK02-0AB0/V2.8")
    provider = tcp(rig)
    assert not hasattr(provider.Configuration, "OnlineLegitimation")
    assert "TlsVerificationConfiguration" not in rig.types
    assert provider.GoOnline().name == "Online"
    rig.manager.Shutdown()


@pytest.mark.parametrize("address", ["nowhere", "192.168.0.999", "127.0.0.1", ""])
def test_an_address_must_be_one_of_a_device(rig: Rig, address: str) -> None:
    addresses = rig.pc(rig.service("OnlineProvider").Configuration).Addresses
    with pytest.raises(ArgumentException):
        addresses.Create(address)
    assert addresses.Create(ADDRESS) is addresses.Create(ADDRESS)


def test_arguments_have_their_types(rig: Rig) -> None:
    configuration = rig.service("OnlineProvider").Configuration
    for call in (
        lambda: configuration.ApplyConfiguration("1 X1"),
        lambda: configuration.Modes[0].PcInterfaces.Find("PLCSIM", "1"),
        lambda: rig.types["DownloadConfigurationDelegate"]("no function"),
        lambda: rig.service("DownloadProvider").Download(
            rig.target, rig.answer, rig.answer, rig.types["DownloadOptions"](3)
        ),
        lambda: rig.service("DownloadProvider").Download(rig.target),
        lambda: rig.service("OnlineProvider").SetPlcMasterSecret("secret"),
    ):
        with pytest.raises(TypeError):
            call()


def test_two_projects_do_not_share_what_is_online(rig: Rig, tmp_path: Path) -> None:
    rig.online.GoOnline()
    other = Plant(tmp_path / "other")
    assert other.project._context.online == set()
