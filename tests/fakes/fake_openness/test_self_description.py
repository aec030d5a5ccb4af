"""Objects say what they have and what can be done with them, and Invoke and Create do it.

Evidence: the Openness manual, self-description for attributes, navigators, actions and services; dynamic behaviours;
creating a project by IEngineeringComposition.Create.
"""

from __future__ import annotations

from typing import Any

import pytest

from fake_dotnet.lists import Dictionary, KeyValuePair, NetList
from fake_dotnet.system import DirectoryInfo
from fake_openness.core.errors import EngineeringNotSupportedException, EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject, _Collection
from tests.fakes.fake_openness.plc import Plant, code, fb, udt
from tests.fakes.fake_openness.reach import reach


def pairs(**given: Any) -> NetList[KeyValuePair[str, Any]]:
    return NetList([KeyValuePair(name, value) for name, value in given.items()])


def names(infos: Any) -> set[str]:
    return {info.Name for info in infos}


def as_object(plant: Plant, obj: Any) -> Any:
    return plant.types["IEngineeringObject"](obj)


def as_composition(plant: Plant, obj: Any) -> Any:
    return plant.types["IEngineeringComposition"](obj)


# -- attributes -----------------------------------------------------------------------


def test_attributes_tell_their_types_and_access(plant: Plant) -> None:
    infos = {info.Name: info for info in plant.put(fb())[0].GetAttributeInfos()}
    assert [each.FullName for each in infos["Name"].SupportedTypes] == ["System.String"]
    assert infos["Number"].SupportedTypes[0].FullName == "System.Int32"
    assert infos["CreationDate"].SupportedTypes[0].FullName == "System.DateTime"
    assert infos["MemoryLayout"].SupportedTypes[0].FullName == "Siemens.Engineering.SW.Blocks.MemoryLayout"
    assert infos["Number"].AccessMode.HasFlag(plant.types["EngineeringAttributeAccessMode"].Write)


def test_the_attribute_that_create_takes_is_mandatory(plant: Plant) -> None:
    relevance = plant.types["EngineeringCreateRelevance"]
    table = plant.tables.Create("Inputs")
    assert {i.Name: i.CreateRelevance for i in table.GetAttributeInfos()}["Name"] is relevance.Mandatory
    assert {i.Name: i.CreateRelevance for i in plant.device.GetAttributeInfos()}["IsGsd"] is relevance.None_


def test_every_attribute_of_every_object_has_a_type(plant: Plant) -> None:
    found = {type(each): each for each in reach(plant.portal) if hasattr(each, "GetAttributeInfos")}
    for each in found.values():
        for info in each.GetAttributeInfos():
            assert info.SupportedTypes.Count == 1
            assert info.SupportedTypes[0].FullName.startswith(("System.", "Siemens.Engineering."))


def test_attributes_are_written_together_or_not_at_all(plant: Plant) -> None:
    as_object(plant, plant.device).SetAttributes(pairs(Name="Press", Comment="Line 1"))
    assert (plant.device.Name, plant.device.GetAttribute("Comment")) == ("Press", "Line 1")
    assert code(plant.device.SetAttributes, pairs(Name="Saw", IsGsd=True)) == "attribute.read_only"
    assert plant.device.Name == "Press"


# -- compositions ---------------------------------------------------------------------


def test_compositions_and_child_objects_are_listed_and_given(plant: Plant) -> None:
    device = as_object(plant, plant.project.Devices[0])
    assert {"DeviceItems", "HwIdentifiers"} <= names(device.GetCompositionInfos())
    assert "Items" not in names(device.GetCompositionInfos())
    assert device.GetComposition("DeviceItems") is plant.project.Devices[0].DeviceItems
    software = as_object(plant, plant.plc)
    assert software.GetComposition("BlockGroup").Blocks.Find("Main").Name == "Main"
    with pytest.raises(EngineeringNotSupportedException, match="has no composition 'Wheels'"):
        device.GetComposition("Wheels")


def test_each_listed_composition_is_given_and_belongs_to_its_object(plant: Plant) -> None:
    plant.put(fb())
    found = {type(each): each for each in reach(plant.portal) if isinstance(each, EngineeringObject)}
    several = 0
    for each in found.values():
        if isinstance(each, _Collection):
            continue
        cast = as_object(plant, each)
        for info in cast.GetCompositionInfos():
            several += 1
            assert cast.GetComposition(info.Name)._parent is each
    assert several > 40


# -- actions --------------------------------------------------------------------------


def test_actions_are_listed_with_the_types_of_their_parameters(plant: Plant) -> None:
    device = as_object(plant, plant.device)
    infos = {info.Name: info for info in device.GetInvocationInfos()}
    plug = infos["PlugNew"].ParameterInfos
    assert [(each.Name, each.Type.FullName) for each in plug] == [
        ("typeIdentifier", "System.String"),
        ("name", "System.String"),
        ("positionNumber", "System.Int32"),
    ]
    assert infos["Delete"].ParameterInfos.Count == 0
    assert not {"GetAttribute", "GetService", "ToString"} & set(infos)


def test_an_action_is_done_by_its_name(plant: Plant) -> None:
    point = plant.put(udt("Point"))[0]
    as_object(plant, point).Invoke("Delete", None)
    assert plant.udts.Find("Point") is None
    text = plant.types["String"]
    found = as_composition(plant, plant.blocks).Invoke("Find", NetList([KeyValuePair(text, "main")]))
    assert found.Name == "Main"


def test_actions_that_are_not_there_are_refused(plant: Plant) -> None:
    device = as_object(plant, plant.device)
    assert code(device.Invoke, "Explode", None) == "action.unknown"
    assert code(device.Invoke, "Delete", NetList([KeyValuePair(str, "now")])) == "action.unknown"
    wrong = NetList([KeyValuePair(str, 5), KeyValuePair(str, "M"), KeyValuePair(int, 2)])
    assert code(device.Invoke, "PlugNew", wrong) == "action.parameters"


# -- creation -------------------------------------------------------------------------


def test_the_manuals_example_creates_a_group_of_devices(plant: Plant) -> None:
    groups = as_composition(plant, plant.project.DeviceGroups)
    info = groups.GetCreationInfos()[0]
    assert info.Type.FullName == "Siemens.Engineering.HW.DeviceUserGroup"
    assert [each.Name for each in info.ParameterInfos] == ["Name"]
    given = Dictionary[str, object]()
    given.Add(info.ParameterInfos[0].Name, "Example")
    assert groups.Create(info.Type, given).Name == "Example"
    assert plant.project.DeviceGroups.Find("Example") is not None


def test_an_object_creates_in_its_compositions(plant: Plant) -> None:
    tables = as_object(plant, plant.plc.TagTableGroup)
    kind = tables.GetCreationInfos("TagTables")[0].Type
    assert tables.Create("TagTables", kind, pairs(Name="Inputs")).Name == "Inputs"
    assert tables.Create("TagTables", plant.types["PlcTagTable"], pairs(Name="Outputs")).Name == "Outputs"


def test_a_project_takes_author_and_comment(plant: Plant) -> None:
    plant.project.Close()
    folder = DirectoryInfo(str(plant.folder / "new"))
    given = pairs(TargetDirectory=folder, Name="Mixer", Author="Bob", Comment="Made by a program")
    made = as_composition(plant, plant.portal.Projects).Create(plant.types["Project"], given)
    assert (made.Name, made.Author, made.Comment.Items[0].Text) == ("Mixer", "Bob", "Made by a program")


def test_a_wrong_creation_changes_nothing(plant: Plant) -> None:
    groups = as_composition(plant, plant.project.DeviceGroups)
    kind = groups.GetCreationInfos()[0].Type
    with pytest.raises(EngineeringTargetInvocationException, match="Create needs the parameter 'Name'"):
        groups.Create(kind, pairs())
    assert code(groups.Create, kind, pairs(Name="A", Colour="red")) == "attribute.unknown"
    assert code(groups.Create, plant.device.GetType(), pairs(Name="A")) == "create.type"
    assert groups.Count == 0


def test_where_nothing_can_be_created_nothing_is_listed(plant: Plant) -> None:
    assert as_composition(plant, plant.udts).GetCreationInfos().Count == 0


# -- pairs ----------------------------------------------------------------------------


def test_pairs_and_dictionaries() -> None:
    one = Dictionary[str, int]()
    one["a"] = 1
    assert (one.Count, one["a"], one.ContainsKey("b"), list(one.Keys), list(one.Values)) == (1, 1, False, ["a"], [1])
    assert next(iter(one)).Equals(KeyValuePair[str, int]("a", 1))
    with pytest.raises(Exception, match="has the key 'a' already"):
        one.Add("a", 2)
    with pytest.raises(Exception, match="does not have the key 'b'"):
        _ = one["b"]
    assert one.Remove("a") and not one.Remove("a")


# -- associations as attributes -------------------------------------------------------


def test_what_an_object_refers_to_is_an_attribute(plant: Plant) -> None:
    """Two public programs plug every module by GetAttribute("Items") and read "Container" so."""
    device = as_object(plant, plant.device)
    rack, cpu = plant.device.DeviceItems[0], plant.device.DeviceItems[1]
    assert device.GetAttribute("Items")[0] is rack
    assert as_object(plant, rack).GetAttribute("Items")[0] is cpu
    assert cpu.GetAttribute("Container") is rack
    port = next(each for each in reach(plant.device) if type(each).__name__ == "NetworkPort")
    assert port.GetAttribute("ConnectedPorts").Count == 0
    node = next(each for each in reach(plant.device) if type(each).__name__ == "Node")
    assert node.GetAttribute("ConnectedSubnet") is None
    subnet = node.CreateAndConnectToSubnet("PN/IE_1")
    assert node.GetAttribute("ConnectedSubnet") is subnet
    assert subnet.GetAttribute("Nodes")[0] is node


def test_a_composition_is_no_attribute(plant: Plant) -> None:
    for name in ("DeviceItems", "Parent", "Delete", "Wheels"):
        assert code(plant.device.GetAttribute, name) == "attribute.unknown"
    assert not {"Items", "DeviceItems"} & names(plant.device.GetAttributeInfos())
