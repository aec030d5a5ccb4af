"""Casts to interfaces: `IEngineeringServiceProvider(item).GetService[X]()` is how most public Python programs ask for a service.

Evidence: the Openness manual, dynamic behaviours (which interface has which members); the list of types (which type has which).
"""

from __future__ import annotations

import pytest

from fake_dotnet.lists import NetList
from fake_openness import install
from fake_openness.core.versions import KNOWN
from tests.fakes.fake_openness.plc import Plant
from tests.fakes.fake_openness.reach import reach

CPU = "OrderNumber:6ES7 513-1AL02-0AB0/V2.6"


@pytest.mark.parametrize("version", KNOWN)
def test_services_are_had_through_the_cast(version: str, plant: Plant) -> None:
    types = install(version).types
    project = types["TiaPortal"]().Projects.Create(types["DirectoryInfo"](str(plant.folder / version)), "P")
    item = project.Devices.CreateWithItem(CPU, "PLC_1", "S").DeviceItems[1]
    provider = types["IEngineeringServiceProvider"](item)
    container = provider.GetService[types["SoftwareContainer"]]()
    assert container.Software.Name == item.GetService[types["SoftwareContainer"]]().Software.Name == "PLC_1"
    assert "SoftwareContainer" in {info.Type.Name for info in provider.GetServiceInfos()}
    assert provider.GetService[types["NetworkPort"]]() is None


def test_every_object_with_services_can_be_cast_and_no_other(plant: Plant) -> None:
    cast = plant.types["IEngineeringServiceProvider"]
    found = {type(each): each for each in reach(plant.portal)}
    assert len(found) > 50
    for each in found.values():
        if hasattr(each, "GetService"):
            assert cast(each).GetServiceInfos().Count == len(each._services())
        else:
            with pytest.raises(TypeError, match="cannot cast"):
                cast(each)


def test_a_cast_shows_only_its_members_and_stays_the_same_object(plant: Plant) -> None:
    cast = plant.types["IEngineeringObject"](plant.device)
    assert cast.GetAttribute("Name") == "Station_1"
    assert not hasattr(cast, "DeviceItems")
    assert cast.__implementation__ is plant.device
    assert cast == plant.device == plant.types["IEngineeringInstance"](cast).__implementation__
    assert hash(cast) == hash(plant.device)
    assert cast.GetType().FullName == "Siemens.Engineering.HW.Device"
    assert cast.Parent == plant.project


def test_compositions_and_associations_by_their_interfaces(plant: Plant) -> None:
    rack = plant.device.DeviceItems[0]
    items = plant.types["IEngineeringComposition"](plant.device.DeviceItems)
    assert (items.Count, items.IndexOf(rack), items.Contains(plant.device)) == (
        plant.device.DeviceItems.Count,
        0,
        False,
    )
    assert next(each.Name for each in items) == items[0].Name == rack.Name
    plugged = plant.types["IEngineeringAssociation"](rack.Items)
    assert (plugged.Parent, plugged.Count, plugged.IndexOf(plant.device)) == (rack, 1, -1)
    for name in ("IEngineeringObject", "IEngineeringAssociation"):
        with pytest.raises(TypeError):
            plant.types[name](plant.device.DeviceItems)


def test_other_interfaces_of_the_list_of_types(plant: Plant) -> None:
    main = plant.blocks.Find("Main")
    assert plant.types["IGenerateSource"](main) == main
    assert plant.types["IMasterCopySource"](main) == main
    library = plant.types["ILibrary"](plant.project.ProjectLibrary)
    assert library.TypeFolder.Folders.Count == 0
    with pytest.raises(TypeError, match="cannot cast Device to ILibrary"):
        plant.types["ILibrary"](plant.device)
    with pytest.raises(TypeError):
        plant.types["IMasterCopyTarget"](NetList([]))


def test_a_cast_object_is_an_argument_like_the_object(plant: Plant) -> None:
    block = plant.types["IMasterCopySource"](plant.blocks.Find("Main"))
    copy = plant.project.ProjectLibrary.MasterCopyFolder.MasterCopies.Create(block)
    assert copy.Name == "Main"


def test_a_compiler_can_be_cast(plant: Plant) -> None:
    kind = plant.types["ICompilable"]
    service = plant.plc.GetService[kind]()
    assert kind(service) == service
    assert kind(service).Compile().ErrorCount == 0
    with pytest.raises(TypeError):
        kind(plant.device)
