"""The runtime manager: who is registered, and what instances share."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.fakes.fake_plcsim.kit import Kit, load, refusal, state, until


def names(kit: Kit) -> list[str]:
    return [info.Name for info in kit.manager.RegisteredInstanceInfo]


def test_the_four_ways_to_register(kit: Kit) -> None:
    first = kit.manager.RegisterInstance()
    second = kit.manager.RegisterInstance(kit.ECPUType.CPU1516)
    third = kit.manager.RegisterInstance("Line")
    fourth = kit.manager.RegisterInstance(kit.ECPUType.CPU1511, "Press")
    assert names(kit) == ["Instance_0", "Instance_1", "Line", "Press"]
    assert [each.CPUType.ToString() for each in (first, second, third, fourth)] == [
        "CPU1500_Unspecified",
        "CPU1516",
        "CPU1500_Unspecified",
        "CPU1511",
    ]
    assert (fourth.ID, fourth.Info.ID, fourth.Info.Name) == (3, 3, "Press")
    assert {state(each) for each in (first, second, third, fourth)} == {"Off"}


def test_the_name_that_is_chosen_is_free(kit: Kit) -> None:
    kit.manager.RegisterInstance("Instance_1")
    kit.manager.RegisterInstance()
    assert names(kit) == ["Instance_1", "Instance_1.1"]


def test_at_most_sixteen(kit: Kit) -> None:
    made = [kit.manager.RegisterInstance() for _ in range(16)]
    assert refusal(kit, kit.manager.RegisterInstance) == "LimitReached"
    made[3].UnregisterInstance()
    assert kit.manager.RegisterInstance().ID == 16


@pytest.mark.parametrize("name", ["", "x" * 64, "a/b", "a:b"])
def test_names_that_cannot_be(kit: Kit, name: str) -> None:
    assert refusal(kit, lambda: kit.manager.RegisterInstance(name)) == "WrongArgument"
    assert names(kit) == []


def test_a_name_is_taken_once(kit: Kit) -> None:
    kit.manager.RegisterInstance("x" * 63)
    assert refusal(kit, lambda: kit.manager.RegisterInstance("X" * 63)) == "AlreadyExists"


def test_arguments_have_their_types(kit: Kit) -> None:
    for call in (
        lambda: kit.manager.RegisterInstance(5),
        lambda: kit.manager.CreateInterface(1.5),
        lambda: kit.manager.OpenPort("5000"),
        lambda: kit.manager.RegisterInstance("a", "b"),
    ):
        with pytest.raises(TypeError):
            call()


def test_two_handles_are_equal_and_one_lives_without_the_other(kit: Kit) -> None:
    first = kit.manager.RegisterInstance("Line")
    second = kit.manager.CreateInterface("line")
    third = kit.manager.CreateInterface(first.ID)
    assert first == second == third
    assert first is not second
    first.Dispose()
    assert refusal(kit, lambda: first.Name) == "InterfaceRemoved"
    with second:
        assert second.Name == "Line"
    assert refusal(kit, lambda: second.OperatingState) == "InterfaceRemoved"
    assert names(kit) == ["Line"]


def test_what_is_not_registered_has_no_interface(kit: Kit) -> None:
    assert refusal(kit, lambda: kit.manager.CreateInterface("Line")) == "DoesNotExist"
    assert refusal(kit, lambda: kit.manager.CreateInterface(7)) == "DoesNotExist"


def test_unregistering_ends_every_handle(kit: Kit) -> None:
    instance = kit.on()
    other = kit.manager.CreateInterface("PLC_1")
    instance.UnregisterInstance()
    assert names(kit) == []
    for use in (lambda: other.Name, lambda: other.Run(), lambda: other.InputArea.AreaSize, lambda: other.Read("In")):
        assert refusal(kit, use) == "InterfaceRemoved"


def test_running_instances_share_one_communication_interface(kit: Kit) -> None:
    first, second = kit.manager.RegisterInstance("A"), kit.manager.RegisterInstance("B")
    second.CommunicationInterface = kit.ECommunicationInterface.TCPIP
    first.PowerOn(1000)
    assert refusal(kit, lambda: second.PowerOn(1000)) == "WrongCommunicationInterface"
    first.PowerOff(1000)
    assert second.PowerOn(1000).ToString() == "OK"


def test_running_instances_keep_their_data_apart(kit: Kit, tmp_path: Path) -> None:
    first, second = kit.manager.RegisterInstance("A"), kit.manager.RegisterInstance("B")
    assert first.StoragePath != second.StoragePath
    first.StoragePath = second.StoragePath = str(tmp_path)
    first.PowerOn(1000)
    assert refusal(kit, lambda: second.PowerOn(1000)) == "StoragePathAlreadyInUse"


@pytest.mark.parametrize("path", ["", "relative/path", "/" + "x" * 130])
def test_storage_paths_that_cannot_be(kit: Kit, path: str) -> None:
    instance = kit.manager.RegisterInstance()

    def change() -> None:
        instance.StoragePath = path

    assert refusal(kit, change) == "WrongArgument"


def test_the_version_has_two_halves(kit: Kit) -> None:
    assert kit.manager.Version == 0x0005_0000
    assert Kit(version=(6, 1)).manager.Version == 0x0006_0001


def test_the_port_is_open_once(kit: Kit) -> None:
    assert kit.manager.Port == 0
    kit.manager.OpenPort(50000)
    assert kit.manager.Port == 50000
    assert refusal(kit, lambda: kit.manager.OpenPort(50001)) == "AlreadyExists"
    kit.manager.ClosePort()
    assert kit.manager.Port == 0
    assert refusal(kit, lambda: kit.manager.OpenPort(80)) == "WrongArgument"
    with pytest.raises(TypeError):
        kit.manager.OpenPort(70000)


def test_no_other_computer_answers(kit: Kit) -> None:
    assert refusal(kit, lambda: kit.manager.RemoteConnect("192.168.0.1:50000")) == "ConnectionError"
    assert refusal(kit, lambda: kit.manager.RemoteConnect("somewhere")) == "WrongArgument"
    assert kit.manager.RemoteConnectionInfo.Length == 0


def test_libraries_of_custom_controllers_are_not_loaded(kit: Kit, tmp_path: Path) -> None:
    (tmp_path / "own.dll").write_bytes(b"MZ")
    for path in (tmp_path / "own.dll", tmp_path / "none.dll"):
        assert refusal(kit, lambda path=path: kit.manager.RegisterCustomInstance(str(path))) == "ErrorLoadingDll"


def test_shutdown_ends_everything(kit: Kit) -> None:
    instance = kit.on()
    kit.manager.Shutdown()
    assert names(kit) == []
    assert refusal(kit, lambda: instance.Name) == "InterfaceRemoved"


def test_the_network_mode_came_with_version_6() -> None:
    old, new = Kit(), Kit(version=(6, 0))
    assert not hasattr(old.manager, "NetworkMode")
    instance = new.manager.RegisterInstance()
    with pytest.raises(AttributeError):
        instance.CommunicationInterface = new.ECommunicationInterface.TCPIP
    new.manager.NetworkMode = new.ENetworkMode.TCPIPSingleAdapter
    assert new.manager.RegisterInstance().CommunicationInterface.ToString() == "TCPIP"
    instance.PowerOn(1000)

    def change() -> None:
        new.manager.NetworkMode = new.ENetworkMode.Softbus

    assert refusal(new, change) == "InvalidOperatingState"
    new.runtime.shutdown()


def test_sixteen_instances_run_at_once_and_each_has_its_own_memory(kit: Kit) -> None:
    instances = [kit.manager.RegisterInstance(f"PLC_{number}") for number in range(16)]
    for number, instance in enumerate(instances):
        instance.PowerOn(10_000)
        load(instance)
        instance.UpdateTagList()
        instance.Run(10_000)
        instance.WriteInt16("Level", number)
    for number, instance in enumerate(instances):
        assert (state(instance), instance.ReadInt16("Level")) == ("Run", number)


def test_instances_that_come_and_go_leave_nothing_behind(kit: Kit) -> None:
    before = threading.active_count()
    for _ in range(40):
        instance = kit.frozen()
        kit.step(instance)
        instance.OperatingMode = kit.EOperatingMode.Default
        instance.UnregisterInstance()
    until(lambda: threading.active_count() <= before + 1)
    assert names(kit) == []
