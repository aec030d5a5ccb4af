"""History, products and editors of a project, and the settings of TIA Portal.

Evidence: the Openness manual, general properties of a project; accessing general settings of the TIA Portal; open the
"Devices & networks" editor. The texts of the history and the names of products are this project's own.
"""

from __future__ import annotations

from typing import Any

from fake_dotnet.system import CultureInfo, DirectoryInfo, FileInfo
from fake_openness import install
from tests.fakes.fake_openness.plc import CPU_1500, Plant, code, udt

COMFORT = "OrderNumber:6AV2 124-0GC01-0AX0/15.1.0.0"


def events(project: Any) -> list[str]:
    return [entry.Text for entry in project.HistoryEntries]


def test_the_history_has_what_happened_with_its_time(plant: Plant) -> None:
    first = plant.project.HistoryEntries[0]
    assert first.Text == "The project was created by engineer."
    assert first.DateTime == plant.project.CreationTime
    plant.project.Save()
    last = plant.project.HistoryEntries[1]
    assert (last.Text, last.DateTime) == ("The project was saved by engineer.", plant.project.LastModified)
    assert (plant.project.HistoryEntries.Count, first.Text) == (2, plant.project.HistoryEntries[0].Text)
    assert last.Parent is plant.project


def test_the_history_is_in_the_file_and_an_upgrade_is_in_it(plant: Plant) -> None:
    plant.project.Save()
    file = FileInfo(plant.project.Path.FullName)
    plant.project.Close()
    assert events(plant.portal.Projects.Open(file))[-1] == "The project was saved by engineer."
    plant.portal.Dispose()
    later = install("21").types["TiaPortal"]().Projects.OpenWithUpgrade(file)
    assert events(later)[-1] == "The project was upgraded from V20 to V21."
    assert later.HistoryEntries.Count == 3


def test_the_products_are_those_that_the_devices_need(plant: Plant) -> None:
    def products() -> dict[str, str]:
        return {each.Name: each.Version for each in plant.project.UsedProducts}

    assert products() == {"Totally Integrated Automation Portal": "V20", "STEP 7 Professional": "V20"}
    panel = plant.project.Devices.CreateWithItem(COMFORT, "HMI1", "HMI1")
    assert "WinCC Advanced" in products()
    panel.Delete()
    assert "WinCC Advanced" not in products()


def test_an_editor_needs_a_user_interface(plant: Plant) -> None:
    assert code(plant.project.ShowHwEditor, plant.types["View"].Network) == "portal.no_user_interface"
    plant.portal.Dispose()
    shown = plant.types["TiaPortal"](plant.types["TiaPortalMode"].WithUserInterface)
    made = shown.Projects.Create(DirectoryInfo(str(plant.folder / "shown")), "Shown")
    assert made.ShowHwEditor(plant.types["View"].Topology) is None
    device = made.Devices.CreateWithItem(CPU_1500, "PLC_1", "Station_1")
    assert device.ShowInEditor(plant.types["View"].Device) is None


def test_what_has_an_editor_opens_in_it(plant: Plant) -> None:
    shown = (plant.blocks.Find("Main"), plant.tables.Find("Default tag table"), plant.put(udt("Point"))[0])
    assert {code(each.ShowInEditor) for each in shown} == {"portal.no_user_interface"}
    assert code(plant.device.ShowInEditor, plant.types["View"].Device) == "portal.no_user_interface"
    assert code(plant.types["IShowable"](shown[0]).ShowInEditor) == "portal.no_user_interface"


def test_settings_are_read_and_changed_for_all_portals_of_the_user(plant: Plant) -> None:
    settings = plant.portal.SettingsFolders.Find("General").Settings
    assert settings.Find("SearchInProject").Value is True
    assert settings.Find("UserInterfaceLanguage").Value == CultureInfo("en-US")
    settings.Find("SearchInProject").Value = False
    settings.Find("UserInterfaceLanguage").SetAttribute("Value", CultureInfo("de-DE"))
    other = plant.types["TiaPortal"]().SettingsFolders.Find("general").Settings
    assert (other.Find("SearchInProject").Value, other.Find("UserInterfaceLanguage").Value.Name) == (False, "de-DE")
    assert code(settings.Find("SearchInProject").SetAttribute, "Value", "no") == "setting.type"
    assert plant.portal.SettingsFolders.Find("VCI") is None
