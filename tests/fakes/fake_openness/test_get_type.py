"""Every object answers GetType, ToString, Equals and GetHashCode, as System.Object has them.

Evidence: the documentation of .NET; public programs ask `"PlcSoftware" in x.GetType().FullName` and compare `str(x.GetType())`.
"""

from __future__ import annotations

import datetime as dt
from enum import Enum

from fake_dotnet import errors, lists, objects, system
from fake_dotnet.objects import NetObject
from fake_openness import install
from fake_openness.core import reflection
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.versions import KNOWN, TiaVersion
from tests.fakes.fake_openness.plc import Plant, fb, udt
from tests.fakes.fake_openness.reach import reach

OF_NET = {"AppDomain", "Enum", "List", "Dictionary", "KeyValuePair", "Type", "String"}
"""Static classes, and types whose full name depends on their arguments."""
UNLISTED = {*reflection._UNLISTED}


def test_every_type_has_the_full_name_of_the_list() -> None:
    wrong = set()
    for version in KNOWN:
        listed = reflection.domain(TiaVersion.of(version))
        for name, kind in install(version).types.items():
            if name in OF_NET | UNLISTED or kind.__module__.startswith("fake_dotnet."):
                continue
            found = reflection.type_in(kind, TiaVersion.of(version))
            if found.Name != name or listed.find(found.FullName) is None:
                wrong.add((version, name, found.FullName))
    assert wrong == set()


def test_every_class_of_net_has_its_namespace() -> None:
    for module in (errors, lists, objects, system):
        for name, kind in vars(module).items():
            if name in install("20").types and name not in OF_NET:
                assert objects.type_of(kind).FullName.startswith("System."), name
                assert objects.type_of(kind).Name == name


def test_everything_that_is_handed_out_has_a_type(plant: Plant) -> None:
    plant.put(udt("Point", X="Int"))
    plant.put(fb())
    found = list(reach(plant.portal))
    assert len(found) > 200
    for each in found:
        kind = each.GetType()
        assert kind.FullName.startswith(("Siemens.Engineering.", "System.Collections.Generic.List`1[")), type(each)
        assert each.ToString() == str(each) == str(kind) == kind.FullName
        assert each.Equals(each) and not each.Equals(plant)
        assert -(2**31) <= each.GetHashCode() < 2**31


def test_every_published_class_answers(plant: Plant) -> None:
    silent = {
        name
        for name, kind in plant.types.items()
        if not issubclass(kind, NetObject) and name not in {"AppDomain", "Enum", "String"}
    }
    assert silent == set()


def test_a_type_tells_its_parts_and_its_version(plant: Plant) -> None:
    main = plant.blocks.Find("Main")
    kind = main.GetType()
    assert (kind.FullName, kind.Name, kind.Namespace) == (
        "Siemens.Engineering.SW.Blocks.OB",
        "OB",
        "Siemens.Engineering.SW.Blocks",
    )
    assert kind.BaseType.FullName == "Siemens.Engineering.SW.Blocks.CodeBlock"
    assert kind == plant.blocks.Find("Main").GetType() != plant.device.GetType()
    assert kind.GetType().FullName == "System.Type"
    assert "PlcSoftware" in plant.plc.GetType().FullName


def test_members_of_enums_have_a_type_and_their_names(plant: Plant) -> None:
    language = plant.blocks.Find("Main").ProgrammingLanguage
    assert isinstance(language, Enum)
    assert language.GetType().FullName == "Siemens.Engineering.SW.Blocks.ProgrammingLanguage"
    assert str(language) == language.ToString() == f"{language}" == "LAD"
    assert "SCL" in plant.types["Enum"].GetNames(language.GetType())
    none = plant.types["ImportOptions"].None_
    assert str(none) == "None" and none.Equals(none) and not none.Equals(0)


def test_a_deleted_object_still_has_a_type(plant: Plant) -> None:
    point = plant.put(udt("Point"))[0]
    point.Delete()
    assert point.GetType().Name == "PlcStruct"


def test_structs_and_exceptions() -> None:
    moment = system.DateTime(dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    same = system.DateTime(dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    assert moment.GetType().FullName == "System.DateTime"
    assert moment.Equals(same) and moment.GetHashCode() == same.GetHashCode()
    assert system.FileInfo("/a/b.xml").ToString() == "/a/b.xml"
    assert system.Int32(5).ToString() == "5" and system.Int32(5).GetType().Name == "Int32"
    assert lists.NetList([moment]).GetType().ToString() == "System.Collections.Generic.List`1[System.DateTime]"
    refused = EngineeringTargetInvocationException("Not now.")
    assert refused.ToString() == "Siemens.Engineering.EngineeringTargetInvocationException: Not now."
    assert str(refused) == "Not now."


def test_networks_have_a_type(plant: Plant) -> None:
    subnet = plant.project.Subnets.Create("System:Subnet.Ethernet", "PN/IE_1")
    assert subnet.GetType().FullName == "Siemens.Engineering.HW.Subnet"


def test_a_type_knows_what_it_is_and_its_assembly(plant: Plant) -> None:
    device, moment = plant.device.GetType(), plant.project.CreationTime.GetType()
    assert (device.IsClass, device.IsValueType, moment.IsClass, moment.IsValueType) == (True, False, False, True)
    assert device.Assembly.GetName().Name == "Siemens.Engineering"
    assert plant.types["TiaPortalMode"].WithUserInterface.GetType().IsEnum
