"""Operating states of an instance, its addresses, and the events that tell of changes."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest

from tests.fakes.fake_plcsim.kit import Kit, load, refusal, state, until

NONE = "0.0.0.0"  # noqa: S104 - no gateway


def test_the_way_up_and_down(kit: Kit) -> None:
    instance = kit.manager.RegisterInstance("PLC_1")
    seen: list[tuple[str, str]] = []
    instance.OnOperatingStateChanged += lambda *given: seen.append((given[3].ToString(), given[4].ToString()))
    assert instance.PowerOn(10_000).ToString() == "OK"
    assert state(instance) == "Stop"
    load(instance)
    instance.Run(10_000)
    assert state(instance) == "Run"
    instance.Stop(10_000)
    assert state(instance) == "Stop"
    instance.PowerOff(10_000)
    assert state(instance) == "Off"
    way = ["Off", "Booting", "Stop", "Startup", "Run", "Stop", "ShuttingDown", "Off"]
    until(lambda: len(seen) == len(way) - 1)
    assert seen == list(pairwise(way))


def test_switching_on_twice_is_a_warning(kit: Kit) -> None:
    instance = kit.on()
    assert instance.PowerOn(1000).ToString() == "WarningAlreadyExists"


def test_what_needs_a_running_instance(kit: Kit) -> None:
    instance = kit.manager.RegisterInstance()
    for call in (
        instance.PowerOff,
        instance.Run,
        instance.Stop,
        instance.MemoryReset,
        instance.RunToNextSyncPoint,
        instance.UpdateTagList,
        lambda: instance.StartProcessing(1),
        lambda: instance.Read("In"),
        lambda: instance.InputArea.ReadByte(0),
        lambda: instance.SetIPSuite(0, kit.SIPSuite4("192.168.0.2", "255.255.255.0", NONE), True),
    ):
        assert refusal(kit, call) == "InstanceNotRunning"


def test_an_instance_without_a_program_does_not_run(kit: Kit) -> None:
    instance = kit.manager.RegisterInstance()
    instance.PowerOn(1000)
    assert refusal(kit, lambda: instance.Run(1000)) == "IsEmpty"
    instance.UpdateTagList()
    assert instance.TagInfos.Length == 0


def test_without_a_timeout_a_call_returns_at_once(kit: Kit) -> None:
    kit.runtime.boot_seconds = 0.2
    instance = kit.manager.RegisterInstance()
    instance.PowerOn()
    assert state(instance) == "Booting"
    assert refusal(kit, instance.Run) == "InstanceNotRunning"
    until(lambda: state(instance) == "Stop")


def test_a_timeout_is_told_and_the_instance_goes_on(kit: Kit) -> None:
    kit.runtime.boot_seconds = 0.2
    instance = kit.manager.RegisterInstance()
    assert refusal(kit, lambda: instance.PowerOn(10)) == "Timeout"
    until(lambda: state(instance) == "Stop")


def test_a_timeout_is_an_unsigned_number(kit: Kit) -> None:
    instance = kit.manager.RegisterInstance()
    with pytest.raises(TypeError):
        instance.PowerOn(-1)
    with pytest.raises(TypeError):
        instance.PowerOn("60000")


def test_retentive_data_survive_power_off_and_running_goes_on(kit: Kit) -> None:
    instance = kit.frozen()
    instance.WriteInt32("Data.count", 41)
    instance.WriteFloat("Data.motor.speed", 7.5)
    instance.PowerOff(1000)
    instance.PowerOn(1000)
    until(lambda: state(instance) == "Freeze")
    assert (instance.ReadInt32("Data.count"), instance.ReadFloat("Data.motor.speed")) == (41, 1.5)


def test_memory_reset_gives_start_values_and_stops(kit: Kit) -> None:
    instance = kit.frozen()
    instance.WriteInt32("Data.count", 41)
    instance.MemoryReset(1000)
    assert (state(instance), instance.ReadInt32("Data.count")) == ("Stop", 0)


def test_the_lamps_follow_the_state(kit: Kit) -> None:
    instance = kit.on()
    lamps: dict[str, str] = {}
    instance.OnLedChanged += lambda *given: lamps.__setitem__(given[3].ToString(), given[4].ToString())
    instance.Run(1000)
    until(lambda: lamps == {"Run": "On", "Stop": "Off"})
    instance.Stop(1000)
    until(lambda: lamps == {"Run": "Off", "Stop": "On"})


def test_handlers_are_called_on_another_thread_with_the_instance(kit: Kit) -> None:
    instance = kit.on()
    seen: list[tuple[bool, bool, str]] = []

    def handle(sender: object, code: object, moment: object, *_: object) -> None:
        del moment
        seen.append((sender == instance, threading.current_thread() is threading.main_thread(), code.ToString()))

    instance.OnOperatingStateChanged += handle
    instance.Run(1000)
    until(lambda: len(seen) == 2)
    assert set(seen) == {(True, False, "OK")}
    instance.OnOperatingStateChanged -= handle
    instance.Stop(1000)
    other: list[object] = []
    instance.OnOperatingStateChanged += lambda *given: other.append(given)
    instance.Run(1000)
    until(lambda: len(other) == 2)
    assert len(seen) == 2


def test_an_event_is_not_assigned(kit: Kit) -> None:
    instance = kit.on()
    with pytest.raises(TypeError):
        instance.OnLedChanged = lambda *_: None
    with pytest.raises(TypeError):
        instance.OnLedChanged += "no function"


def test_a_download_is_announced_and_ends_the_tag_list(kit: Kit) -> None:
    instance = kit.on()
    seen: list[str] = []
    instance.OnConfigurationChanging += lambda *_: seen.append("changing")
    instance.OnConfigurationChanged += lambda *given: seen.append(given[3].ToString())
    load(instance)
    until(lambda: seen == ["changing", "HardwareSoftwareChanged"])
    assert instance.GetTagListStatus()[0].ToString() == "None"


# -- addresses ----------------------------------------------------------------------------


def test_the_ip_suite_is_set_while_on(kit: Kit) -> None:
    instance = kit.on()
    instance.CommunicationInterface = kit.ECommunicationInterface.TCPIP
    changed: list[str] = []
    instance.OnConfigurationChanged += lambda *given: changed.append(given[3].ToString())
    instance.SetIPSuite(0, kit.SIPSuite4("192.168.0.9", "255.255.255.0", "192.168.0.1"), True)
    suite = instance.ControllerIPSuite4[0]
    assert [part.IPString for part in (suite.IPAddress, suite.SubnetMask, suite.DefaultGateway)] == [
        "192.168.0.9",
        "255.255.255.0",
        "192.168.0.1",
    ]
    assert list(instance.ControllerIP) == ["192.168.0.9"]
    assert kit.runtime.reachable("192.168.0.9").name == "PLC_1"
    until(lambda: changed == ["IPChanged"])
    instance.PowerOff(1000)
    assert kit.runtime.reachable("192.168.0.9") is None


def test_softbus_has_no_mask_and_gateway(kit: Kit) -> None:
    suite = kit.on().ControllerIPSuite4[0]
    assert [part.IPString for part in (suite.IPAddress, suite.SubnetMask)] == ["192.168.0.1", NONE]


def test_wrong_interfaces_and_addresses(kit: Kit) -> None:
    instance = kit.on()
    suite = kit.SIPSuite4("192.168.0.9", "255.255.255.0", NONE)
    assert refusal(kit, lambda: instance.SetIPSuite(3, suite, True)) == "IndexOutOfRange"
    assert refusal(kit, lambda: kit.SIPSuite4("192.168.0.900", "255.255.255.0", NONE)) == "WrongArgument"
    with pytest.raises(TypeError):
        instance.SetIPSuite(0, "192.168.0.9", True)


def test_a_download_brings_names_and_addresses(kit: Kit) -> None:
    instance = kit.on(plc_name="PLC_1", plc_type="CPU 1511-1 PN", ip=("10.0.0.5", "255.0.0.0", NONE))
    assert (instance.ControllerName, instance.ControllerShortDesignation) == ("PLC_1", "CPU 1511-1 PN")
    assert list(instance.ControllerIP) == ["10.0.0.5"]
