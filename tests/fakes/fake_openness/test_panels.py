"""What is built into a panel belongs to its device, and the panel has it among its Items only.

Evidence: three public Python programs read HMI_RT_1 and the interfaces from the items of the device, a C# program calls
`hmiDevice.DeviceItems.First(item => item.Name == "HMI.IE_CP_1")`; notes on a real TP700 of V17: its head has IE_CP_1 only in Items.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fake_dotnet.system import FileInfo
from tests.fakes.fake_openness.plc import Plant, code

COMFORT = "OrderNumber:6AV2 124-0GC01-0AX0/15.1.0.0"
PANELS = {
    COMFORT: ["HMI1", "HMI_RT_1", "HMI1.IE_CP_1", "HMI1.MPI/DP_CP_1"],
    "OrderNumber:6AV2 123-2GB03-0AX0/17.0.0.0": ["HMI1", "HMI_RT_1", "HMI1.IE_CP_1"],
    "OrderNumber:6AV2 123-3DB32-0AW0/20.0.0.0": ["HMI1", "HMI_RT_1", "HMI1.IE_CP_1"],
}


def names(items: Any) -> list[str]:
    return [item.Name for item in items]


def make(plant: Plant, article: str = COMFORT) -> Any:
    return plant.project.Devices.CreateWithItem(article, "HMI1", "HMI1_station")


@pytest.mark.parametrize("article", PANELS)
def test_interfaces_and_runtime_are_items_of_the_device(plant: Plant, article: str) -> None:
    device = make(plant, article)
    head = device.DeviceItems[0]
    assert sorted(names(device.DeviceItems)) == sorted(PANELS[article])
    assert names(head.DeviceItems) == []
    assert sorted(names(head.Items)) == sorted(PANELS[article][1:])
    assert names(device.Items) == ["HMI1"]
    for part in device.DeviceItems:
        if part is not head:
            assert (part.IsBuiltIn, part.Container, part.Parent) == (True, head, device)


def test_the_interface_is_one_level_below(plant: Plant) -> None:
    device = make(plant)
    below = {each.Name: each for item in device.DeviceItems for each in item.DeviceItems}
    assert {"PROFINET Interface_1", "MPI/DP interface_1"} == set(below)
    interface = below["PROFINET Interface_1"].GetService[plant.types["NetworkInterface"]]()
    assert interface.Nodes[0].GetAttribute("PnDeviceName") == "hmi1"
    runtime = next(item for item in device.DeviceItems if item.Name == "HMI_RT_1")
    assert runtime.GetService[plant.types["SoftwareContainer"]]().Software.Name == "HMI_RT_1"


def test_a_panel_is_the_same_after_saving_and_from_a_file_of_an_earlier_version(plant: Plant) -> None:
    device = make(plant)
    listed = names(device.DeviceItems)
    plant.project.Save()
    path = Path(plant.project.Path.FullName)
    plant.project.Close()
    assert names(plant.portal.Projects.Open(FileInfo(str(path))).Devices.Find("HMI1_station").DeviceItems) == listed
    plant.portal.Projects[0].Close()
    file = next(each for each in path.parent.rglob("device.json") if "HMI1" in each.read_text())
    document = json.loads(file.read_text())
    head, *parts = document["items"]
    head["items"] = [{name: value for name, value in part.items() if name != "rack"} for part in parts]
    file.write_text(json.dumps(document | {"items": [head]}))
    again = plant.portal.Projects.Open(FileInfo(str(path))).Devices.Find("HMI1_station")
    assert names(again.DeviceItems) == listed
    assert len(names(again.DeviceItems[0].Items)) == len(listed) - 1


def test_built_in_items_go_with_the_panel(plant: Plant) -> None:
    device = make(plant)
    runtime = device.DeviceItems[len(names(device.DeviceItems)) - 1]
    assert code(runtime.Delete) == "module.built_in"
    device.DeviceItems[0].Delete()
    assert names(device.DeviceItems) == []


def test_a_change_of_type_replaces_what_differs(plant: Plant) -> None:
    device = make(plant)
    before = names(device.DeviceItems)
    device.DeviceItems[0].ChangeType(COMFORT)
    assert names(device.DeviceItems) == before
