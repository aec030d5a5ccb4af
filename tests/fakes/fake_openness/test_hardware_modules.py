"""Modules: slots, plugging, moving, changing the type, addresses, channels."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_openness.core.errors import EngineeringObjectDisposedException, EngineeringTargetInvocationException
from fake_openness.core.versions import TiaVersion
from fake_openness.hardware.articles import articles
from tests.fakes.fake_openness.hardware_kit import (
    CPU_315,
    CPU_1212,
    CPU_1214,
    CPU_1511,
    CPU_1512SP,
    CPU_1513,
    DI_8_SP,
    DI_16_1500,
    DQ_16_1500,
    IM_PN_ST,
    SM_1221,
    Kit,
    items,
    named,
    rack,
    tree,
)

ANY = 65535
CPU_1214_G2 = "OrderNumber:6ES7 214-1AH50-0XB0/V1.0"
SIGNAL_BOARD = "OrderNumber:6ES7 223-0BD30-0XB0/V1.0"
CM_1200 = "OrderNumber:6ES7 241-1AH30-0XB0/V1.0"


def refused(code: str) -> Any:
    """Expect a refusal with a code."""
    return pytest.raises(EngineeringTargetInvocationException, check=lambda error: error.FakeCode == code)


def starts(owner: Any, io_type: str = "Input") -> list[int]:
    return [a.StartAddress for item in items(owner) for a in item.Addresses if a.IoType.name == io_type]


def test_a_module_is_plugged_into_the_rack_with_its_submodule(kit: Kit) -> None:
    device = kit.cpu()
    module = rack(device).PlugNew(DI_16_1500, "DI 16_1", 4)
    assert (module.PositionNumber, module.Container, module.Parent) == (4, rack(device), device)
    assert module.Addresses.Count == 0
    (inside,) = list(module.DeviceItems)
    assert (inside.Name, inside.IsBuiltIn, inside.PositionNumber) == ("DI 16_1", True, 1)
    assert [(a.IoType.name, a.StartAddress, a.Length) for a in inside.Addresses] == [("Input", 0, 16)]
    assert [(c.Number, c.Type.name, c.IoType.name, c.GetAttribute("ChannelWidth")) for c in inside.Channels][-1] == (
        15,
        "Digital",
        "Input",
        1,
    )
    module.Name = "Inputs"
    assert inside.Name == "Inputs"


@pytest.mark.parametrize(
    ("type_identifier", "name", "position", "code"),
    [
        (DI_16_1500, "DI", 1, "slot.not_allowed"),
        (DI_16_1500, "DI", 32, "slot.not_allowed"),
        (DI_16_1500, "PLC_1", 2, "name.exists"),
        (DI_16_1500.partition("/")[0], "DI", 2, "catalog.unknown"),
        (DI_8_SP, "DI", 2, "slot.wrong_rack"),
        (CPU_1513, "PLC_2", ANY, "slot.second_head"),
        (SIGNAL_BOARD, "SB", 2, "slot.wrong_rack"),
        ("DI", "DI", 2, "catalog.type_identifier"),
        ("GSD:GSDML-X.XML/M/1", "DI", 2, "slot.wrong_rack"),
    ],
)
def test_can_plug_and_plug_agree_on_what_does_not_fit(
    kit: Kit, type_identifier: str, name: str, position: int, code: str
) -> None:
    rail = rack(kit.cpu())
    before = tree(kit.project)
    assert rail.CanPlugNew(type_identifier, name, position) is False
    with refused(code):
        rail.PlugNew(type_identifier, name, position)
    assert tree(kit.project) == before


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [a for a in articles() if a.kind not in {"cpu", "panel", "pc"} and a.is_offered(TiaVersion.of("20"))]
            ),
            st.integers(-1, 40) | st.just(ANY) | st.integers(99, 105),
        ),
        max_size=6,
    ),
    st.sampled_from([CPU_1511, CPU_1214, CPU_1512SP, CPU_315, IM_PN_ST]),
)
def test_can_plug_tells_the_truth_and_slots_and_addresses_stay_unique(
    kit: Kit, tries: list[tuple[Any, int]], head: str
) -> None:
    device = kit.cpu(head, "Head")
    target = rack(device)
    for number, (article, position) in enumerate(tries):
        can = target.CanPlugNew(article.type_identifier, f"M{number}", position)
        free = {location.PositionNumber for location in target.GetPlugLocations()}
        try:
            module = target.PlugNew(article.type_identifier, f"M{number}", position)
        except EngineeringTargetInvocationException:
            assert not can
        else:
            assert can
            assert module.PositionNumber in free
    slots = [item.PositionNumber for item in target.Items]
    assert len(slots) == len(set(slots))
    for io_type in ("Input", "Output"):
        ranges = sorted(
            (a.StartAddress, a.StartAddress + a.Length // 8)
            for item in items(device)
            for a in item.Addresses
            if a.IoType.name == io_type
        )
        assert all(stop <= start for (_, stop), (start, _) in itertools.pairwise(ranges))
    device.Delete()


def test_plug_locations_are_the_free_slots(kit: Kit) -> None:
    rail = rack(kit.cpu())
    rail.PlugNew(DI_16_1500, "DI", 5)
    free = [location.PositionNumber for location in rail.GetPlugLocations()]
    assert free == [0, 2, 3, 4, *range(6, 32)]
    assert named(kit.project.Devices[0], "PLC_1").GetPlugLocations().Count == 0


def test_any_slot_takes_the_first_free_one(kit: Kit) -> None:
    rail = rack(kit.cpu())
    assert [rail.PlugNew(DI_16_1500, f"DI {n}", ANY).PositionNumber for n in range(3)] == [2, 3, 4]
    for n in range(27):
        rail.PlugNew(DI_16_1500, f"More {n}", ANY)
    assert not rail.CanPlugNew(DI_16_1500, "Last", ANY)
    with refused("slot.full"):
        rail.PlugNew(DI_16_1500, "Last", ANY)


def test_s7_1200_takes_as_many_modules_as_its_cpu_allows(kit: Kit) -> None:
    target = rack(kit.cpu(CPU_1212, "PLC_1"))
    assert target.PlugNew(SM_1221, "SM 1", ANY).PositionNumber == 2
    assert target.PlugNew(SM_1221, "SM 2", ANY).PositionNumber == 3
    assert not target.CanPlugNew(SM_1221, "SM 3", ANY)
    assert target.PlugNew(CM_1200, "CM 1", 101).PositionNumber == 101
    assert not target.CanPlugNew(CM_1200, "CM 2", 4)


def test_s7_1200_proposes_addresses_by_slot(kit: Kit) -> None:
    target = rack(kit.cpu(CPU_1214, "PLC_1"))
    module = target.PlugNew(SM_1221, "SM 1", 3)
    assert starts(module) == [12]


def test_a_signal_board_goes_into_the_cpu(kit: Kit) -> None:
    device = kit.cpu(CPU_1214, "PLC_1")
    cpu = named(device, "PLC_1")
    (free,) = list(cpu.GetPlugLocations())
    board = cpu.PlugNew(SIGNAL_BOARD, "SB", free.PositionNumber)
    assert (board.Container, board.Parent) == (cpu, cpu)
    assert starts(board) == [4]
    assert cpu.GetPlugLocations().Count == 0
    before = tree(kit.project)
    kit.reopen()
    assert tree(kit.project) == before
    named(kit.project.Devices[0], "SB").Delete()


def test_et_200sp_limits_depend_on_the_head(kit: Kit) -> None:
    distributed, central = rack(kit.cpu(IM_PN_ST, "IM_1")), rack(kit.cpu(CPU_1512SP, "PLC_1"))
    server = "OrderNumber:6ES7 193-6PA00-0AA0/V1.1"
    assert distributed.CanPlugNew(DI_8_SP, "DI", 1)
    assert distributed.CanPlugNew(DI_8_SP, "DI", 32)
    assert not distributed.CanPlugNew(DI_8_SP, "DI", 33)
    assert distributed.CanPlugNew(server, "Server", 33)
    assert not central.CanPlugNew(DI_8_SP, "DI", 1)
    assert central.CanPlugNew(DI_8_SP, "DI", 65)
    assert not central.CanPlugNew(DI_8_SP, "DI", 66)


def test_free_slots_follow_the_cpu(kit: Kit) -> None:
    for name, cpu, last in (("A", CPU_1212, 3), ("B", CPU_1214, 9), ("C", CPU_1214_G2, 11)):
        free = [location.PositionNumber for location in rack(kit.cpu(cpu, name)).GetPlugLocations()]
        assert free == [*range(2, last + 1), 101, 102, 103]


def test_a_base_unit_is_a_part_of_its_module(kit: Kit) -> None:
    base_unit = "OrderNumber:6ES7 193-6BP00-0DA0"
    target = rack(kit.cpu(IM_PN_ST, "IM_1"))
    module = target.PlugNew(DI_8_SP, "DI", 1)
    assert not target.CanPlugNew(base_unit, "BU", 2)
    unit = module.PlugNew(base_unit, "BU", ANY)
    assert (unit.Container, unit.Parent) == (module, module)
    assert not module.CanPlugNew(base_unit, "BU 2", ANY)
    before = tree(kit.project)
    kit.reopen()
    assert tree(kit.project) == before


def test_modules_are_moved_copied_and_deleted(kit: Kit) -> None:
    device = kit.cpu()
    rail = rack(device)
    module = rail.PlugNew(DI_16_1500, "DI_1", 2)
    assert rail.CanPlugMove(module, 5)
    assert rail.PlugMove(module, 5).PositionNumber == 5
    assert not rail.CanPlugMove(named(device, "Port_1"), 6)
    copy = rail.PlugCopy(module, 2)
    assert (copy.Name, copy.PositionNumber) == ("DI_2", 2)
    assert starts(copy) == [2]
    with refused("slot.taken"):
        rail.PlugMove(module, 2)
    module.Delete()
    with pytest.raises(EngineeringObjectDisposedException):
        _ = module.Name
    assert [item.Name for item in rail.Items] == ["PLC_1", "DI_2"]
    with refused("module.built_in"):
        named(device, "CPU display_1").Delete()


def test_a_start_address_may_be_changed_where_it_is_free(kit: Kit) -> None:
    rail = rack(kit.cpu())
    one = next(iter(next(iter(rail.PlugNew(DI_16_1500, "A", 2).DeviceItems)).Addresses))
    two = next(iter(next(iter(rail.PlugNew(DI_16_1500, "B", 3).DeviceItems)).Addresses))
    assert (one.StartAddress, two.StartAddress) == (0, 2)
    two.StartAddress = 100
    for taken in (99, 100, 101):
        with refused("address.overlap"):
            one.StartAddress = taken
    one.StartAddress = 102
    for outside in (-1, 32767):
        with refused("address.range"):
            one.StartAddress = outside
    with pytest.raises(TypeError):
        one.StartAddress = "7"
    output = next(iter(next(iter(rail.PlugNew(DQ_16_1500, "C", 4).DeviceItems)).Addresses))
    output.StartAddress = 100


def test_a_full_process_image_refuses_the_module_and_leaves_nothing(kit: Kit) -> None:
    target = rack(kit.cpu(CPU_1214, "PLC_1"))
    first = next(a for item in items(target.PlugNew(SM_1221, "SM 1", 2)) for a in item.Addresses)
    first._assign("_length", 8 * 1022)
    first._assign("_start", 2)
    before = tree(kit.project)
    with refused("address.full"):
        target.PlugNew(SM_1221, "SM 2", 3)
    assert tree(kit.project) == before


def test_an_io_device_gives_way_when_it_joins_the_controllers_system(kit: Kit) -> None:
    plc, distributed = kit.cpu(), kit.cpu(IM_PN_ST, "IM_1")
    rack(plc).PlugNew(DI_16_1500, "DI", 2)
    rack(distributed).PlugNew(DI_8_SP, "DI", 1)
    assert starts(distributed) == [0]
    subnet = kit.node(plc).CreateAndConnectToSubnet("PN/IE_1")
    kit.node(distributed).ConnectToSubnet(subnet)
    kit.interface(distributed).IoConnectors[0].ConnectToIoSystem(
        kit.interface(plc).IoControllers[0].CreateIoSystem("IO")
    )
    assert (starts(plc), starts(distributed)) == ([0], [2])
    with refused("address.overlap"):
        next(a for item in items(distributed) for a in item.Addresses).StartAddress = 1


def test_changing_the_cpu_keeps_program_and_network_and_unplugs_what_no_longer_fits(kit: Kit) -> None:
    device = kit.cpu(CPU_1214, "PLC_1")
    cpu = named(device, "PLC_1")
    software = kit.service(cpu, "SoftwareContainer").Software
    kit.node(device).SetAttribute("Address", "192.168.0.20")
    rack(device).PlugNew(SM_1221, "Near", 2)
    far = rack(device).PlugNew(SM_1221, "Far", 6)
    cpu.ChangeType(CPU_1212)
    assert cpu.TypeIdentifier == CPU_1212
    assert "DI 8/DQ 6_1" in {item.Name for item in cpu.DeviceItems}
    assert kit.service(cpu, "SoftwareContainer").Software == software
    assert kit.node(device).GetAttribute("Address") == "192.168.0.20"
    assert [item.Name for item in device.UnpluggedItems] == ["Far"]
    assert (far.IsPlugged, far.Container) == (False, None)
    kit.reopen()
    device = kit.project.Devices[0]
    (unplugged,) = list(device.UnpluggedItems)
    assert starts(unplugged) == [24]
    near = next(a for item in items(named(device, "Near")) for a in item.Addresses)
    near.StartAddress = 24
    assert rack(device).PlugMove(unplugged, 3).IsPlugged
    assert starts(unplugged) == [1]
    assert device.UnpluggedItems.Count == 0
    with refused("module.change_type"):
        named(device, "PLC_1").ChangeType(CPU_1511)


def test_change_type_can_be_undone_and_is_new_in_v19(kit: Kit, tmp_path: Path) -> None:
    device = kit.cpu(CPU_1214, "PLC_1")
    rack(device).PlugNew(SM_1221, "Far", 6)
    before = tree(kit.project)
    kit.undone(lambda: named(device, "PLC_1").ChangeType(CPU_1212))
    assert tree(kit.project) == before
    old = Kit.new(tmp_path / "old", "18")
    old.cpu(CPU_1214)
    with pytest.raises(AttributeError):
        named(old.project.Devices[0], "PLC_1").ChangeType(CPU_1212)


def test_hardware_identifiers_are_unique_within_a_station(kit: Kit) -> None:
    device = kit.cpu(CPU_1214, "PLC_1")
    for number in range(4):
        rack(device).PlugNew(SM_1221, f"SM {number}", ANY)
    found = [identifier.Identifier for item in items(device) for identifier in item.HwIdentifiers]
    found += [identifier.Identifier for identifier in device.HwIdentifiers]
    assert 32 in found
    assert len(found) == len(set(found))
    assert kit.cpu(IM_PN_ST, "IM_1").HwIdentifiers.Count == 0
