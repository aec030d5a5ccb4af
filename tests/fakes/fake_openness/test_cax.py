"""Hardware out and in as AutomationML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from fake_dotnet.errors import ArgumentException
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.versions import TiaVersion
from fake_openness.hardware.articles import articles
from fake_openness.hardware.devices import STANDALONE
from tests.fakes.fake_openness.hardware_kit import (
    COMFORT_PANEL,
    CPU_1214,
    CPU_1511,
    DI_8_SP,
    DI_16_1500,
    IM_PN_ST,
    Kit,
    items,
    named,
    rack,
    tree,
)

OTHER_WRITER = """<?xml version="1.0" encoding="utf-8"?>
<CAEXFile FileName="other.aml" SchemaVersion="2.15"><InstanceHierarchy Name="H">
<InternalElement ID="p" Name="Project">
 <InternalElement ID="net" Name="Net"><Attribute Name="Type"><Value>Ethernet</Value></Attribute>
  <SupportedRoleClass RefRoleClassPath="AutomationProjectConfigurationRoleClassLib/Subnet" /></InternalElement>
 <InternalElement ID="f" Name="Hall">
  <InternalElement ID="d" Name="Station A">
   <Attribute Name="TypeIdentifier"><Value>System:Device.ET200SP</Value></Attribute>
   <Attribute Name="Unknown"><Value>x</Value></Attribute>
   <InternalElement ID="r" Name="Rack_0">
    <Attribute Name="PositionNumber"><Value>0</Value></Attribute>
    <Attribute Name="TypeIdentifier"><Value>System:Rack.ET200SP</Value></Attribute>
    <InternalElement ID="h" Name="Head">
     <Attribute Name="PositionNumber"><Value>0</Value></Attribute>
     <Attribute Name="TypeIdentifier"><Value>OrderNumber:6ES7 155-6AU01-0BN0</Value></Attribute>
     <Attribute Name="FirmwareVersion"><Value>V4.1</Value></Attribute>
     <Attribute Name="Comment"><Value>left</Value><Attribute Name="aml-lang=en-US"><Value>left</Value></Attribute></Attribute>
     <InternalElement ID="i" Name="PROFINET interface">
      <Attribute Name="PositionNumber"><Value>32768</Value></Attribute>
      <Attribute Name="BuiltIn"><Value>true</Value></Attribute><Attribute Name="Label"><Value>X1</Value></Attribute>
      <InternalElement ID="n" Name="IE1">
       <Attribute Name="Type"><Value>Ethernet</Value></Attribute>
       <Attribute Name="NetworkAddress"><Value>10.1.2.3</Value></Attribute>
       <Attribute Name="SubnetMask"><Value>255.0.0.0</Value></Attribute>
       <Attribute Name="ProfinetDeviceName"><Value>left.head</Value></Attribute>
       <SupportedRoleClass RefRoleClassPath="AutomationProjectConfigurationRoleClassLib/Node" /></InternalElement>
      <SupportedRoleClass RefRoleClassPath="AutomationProjectConfigurationRoleClassLib/CommunicationInterface" />
     </InternalElement>
     <SupportedRoleClass RefRoleClassPath="AutomationProjectConfigurationRoleClassLib/DeviceItem" /></InternalElement>
    <InternalElement ID="m" Name="Inputs">
     <Attribute Name="PositionNumber"><Value>1</Value></Attribute>
     <Attribute Name="TypeIdentifier"><Value>OrderNumber:6ES7 131-6BF01-0BA0</Value></Attribute>
     <Attribute Name="FirmwareVersion"><Value>V0.0</Value></Attribute>
     <Attribute Name="Address"><Attribute Name="1"><Attribute Name="StartAddress"><Value>77</Value></Attribute>
      <Attribute Name="Length"><Value>8</Value></Attribute><Attribute Name="IoType"><Value>Input</Value></Attribute></Attribute></Attribute>
     <InternalElement ID="b" Name="BU_1">
      <Attribute Name="PositionNumber"><Value>0</Value></Attribute>
      <Attribute Name="TypeIdentifier"><Value>OrderNumber:6ES7 193-6BP00-0DA0</Value></Attribute>
      <SupportedRoleClass RefRoleClassPath="AutomationProjectConfigurationRoleClassLib/DeviceItem" /></InternalElement>
     <SupportedRoleClass RefRoleClassPath="AutomationProjectConfigurationRoleClassLib/DeviceItem" /></InternalElement>
    <SupportedRoleClass RefRoleClassPath="AutomationProjectConfigurationRoleClassLib/DeviceItem" /></InternalElement>
   <SupportedRoleClass RefRoleClassPath="AutomationProjectConfigurationRoleClassLib/Device" /></InternalElement>
  <SupportedRoleClass RefRoleClassPath="AutomationProjectConfigurationRoleClassLib/DeviceUserFolder" /></InternalElement>
 <SupportedRoleClass RefRoleClassPath="AutomationProjectConfigurationRoleClassLib/AutomationProject" />
 <InternalLink Name="Link To Subnet_1" RefPartnerSideA="n:LogicalEndPoint_Node" RefPartnerSideB="net:LogicalEndPoint_Subnet" />
</InternalElement></InstanceHierarchy></CAEXFile>
"""


def refused(code: str) -> Any:
    """Expect a refusal with a code."""
    return pytest.raises(EngineeringTargetInvocationException, check=lambda error: error.FakeCode == code)


def plant(kit: Kit) -> None:
    """Two PLCs, a distributed station, a GSD device and a panel, connected, with everything set by hand."""
    one, two = kit.cpu(CPU_1511, "PLC_1", "Station 1"), kit.cpu(CPU_1214, "PLC_2", "Station 2")
    rack(one).PlugNew(DI_16_1500, "DI 16_1", 2)
    next(iter(named(one, "DI 16_1").DeviceItems)).Addresses[0].StartAddress = 40
    named(one, "PLC_1").SetAttribute("Comment", 'Übergabe <main> & "more"')
    head = kit.project.DeviceGroups.Create("Area").Groups.Create("Cell").Devices.CreateWithItem(IM_PN_ST, "IM_1", None)
    rack(head).PlugNew(DI_8_SP, "DI 8_1", 1)
    gsd = kit.cpu("GSD:GSDML-V2.3-MAKER-DEVICE-20200101.XML/DAP/IDD_1", "Valve_1", "Valve")
    panel = kit.cpu(COMFORT_PANEL, "HMI_1", "HMI_1")
    subnet = kit.node(one).CreateAndConnectToSubnet("PN/IE_1")
    kit.project.Subnets.Create("System:Subnet.Profibus", "PROFIBUS_1")
    system = kit.interface(one).IoControllers[0].CreateIoSystem("Line IO")
    for device in (two, head, gsd, panel):
        kit.node(device).ConnectToSubnet(subnet)
    for device in (head, gsd):
        kit.interface(device).IoConnectors[0].ConnectToIoSystem(system)
    node = kit.node(head)
    node.SetAttribute("PnDeviceNameAutoGeneration", False)
    node.SetAttribute("PnDeviceName", "im-left")
    node.SetAttribute("UseRouter", True)
    node.SetAttribute("RouterAddress", "192.168.0.254")
    kit.interface(one).Ports[0].ConnectToPort(kit.interface(head).Ports[1])


def exported(kit: Kit, name: str = "hardware.aml", source: Any = None) -> Path:
    file = kit.file(name)
    assert kit.service(kit.project, "CaxProvider").Export(source or kit.project, file) is True
    return Path(file.FullName)


def imported(kit: Kit, path: Path, option: str = "RetainTiaDevice") -> tuple[bool, str]:
    log = kit.file("import.log")
    options = kit.type("CaxImportOptions")[option]
    done = kit.service(kit.project, "CaxProvider").Import(kit.type("FileInfo")(str(path)), log, options)
    return done, Path(log.FullName).read_text(encoding="utf-8")


@pytest.fixture
def empty(tmp_path: Path) -> Kit:
    """A second portal with an empty project."""
    return Kit.new(tmp_path / "empty")


@pytest.mark.parametrize("version", ["16", "20"])
def test_export_and_import_into_an_empty_project_give_the_same_hardware(tmp_path: Path, version: str) -> None:
    source, target = Kit.new(tmp_path / "a", version), Kit.new(tmp_path / "b", version)
    plant(source)
    done, log = imported(target, exported(source))
    assert done, log
    assert sorted(map(str, tree(target.project))) == sorted(map(str, tree(source.project)))
    assert target.project.DeviceGroups.Find("Area").Groups.Find("Cell").Devices.Count == 1
    ports = target.interface(target.project.Devices.Find("Station 1")).Ports
    assert ports[0].ConnectedPorts.Count == 1


def test_every_kind_of_station_survives_the_way_out_and_in(kit: Kit, empty: Kit) -> None:
    heads = [a for a in articles() if a.kind in STANDALONE and a.is_offered(TiaVersion.of("20"))]
    for number, article in enumerate(heads[::40]):
        kit.cpu(article.type_identifier, f"Head_{number}")
    done, log = imported(empty, exported(kit))
    assert done, log
    assert tree(empty.project) == tree(kit.project)


def test_exports_of_the_same_hardware_have_the_same_identities(kit: Kit) -> None:
    plant(kit)
    one, two = exported(kit, "one.aml"), exported(kit, "two.aml")

    def ids(path: Path) -> list[str | None]:
        return [element.get("ID") for element in etree.parse(path).iter() if element.get("ID")]

    assert ids(one) == ids(two)
    assert len(ids(one)) == len(set(ids(one)))


def test_document_has_the_form_of_a_real_export(kit: Kit) -> None:
    plant(kit)
    root = etree.parse(exported(kit)).getroot()
    assert (root.tag, root.get("SchemaVersion"), root.get("FileName")) == ("CAEXFile", "2.15", "hardware.aml")
    roles = {e.get("RefRoleClassPath", "").rpartition("/")[2] for e in root.iter("SupportedRoleClass")}
    assert roles == {
        "AutomationProject",
        "Subnet",
        "DeviceUserFolder",
        "Device",
        "DeviceItem",
        "CommunicationInterface",
        "CommunicationPort",
        "Node",
        "IoSystem",
        "TagTable",
    }
    links = {link.get("Name", "").rsplit("_", 1)[0] for link in root.iter("InternalLink")}
    assert links == {"Link To Subnet", "Link To IoSystem", "Link To Port"}
    targets = {e.get("ID", "") for e in root.iter("InternalElement")}
    for link in root.iter("InternalLink"):
        for side in ("RefPartnerSideA", "RefPartnerSideB"):
            assert link.get(side, "").partition(":")[0] in targets


def test_firmware_is_apart_from_the_type_identifier_and_blanks_depend_on_the_version(tmp_path: Path) -> None:
    for version, expected in (("16", "OrderNumber:6ES7 214-1AG40-0XB0"), ("20", "OrderNumber:6ES7214-1AG40-0XB0")):
        made = Kit.new(tmp_path / version, version)
        made.cpu(CPU_1214)
        text = exported(made).read_text(encoding="utf-8")
        assert f"<Value>{expected}</Value>" in text
        assert "<Value>V4.4</Value>" in text


def test_tags_of_the_plc_are_in_the_export(kit: Kit) -> None:
    device = kit.cpu()
    software = kit.service(named(device, "PLC_1"), "SoftwareContainer").Software
    software.TagTableGroup.TagTables[0].Tags.Create("Start", "Bool", "%I0.0")
    text = exported(kit).read_text(encoding="utf-8")
    assert 'Name="Start"' in text
    assert "<Value>I0.0</Value>" in text


def test_tags_are_linked_to_the_channels_that_they_stand_for(kit: Kit) -> None:
    plant(kit)
    plc = named(kit.project.Devices.Find("Station 1"), "PLC_1")
    tags = kit.service(plc, "SoftwareContainer").Software.TagTableGroup.TagTables[0].Tags
    distributed = next(a for i in items(kit.project.DeviceGroups[0].Groups[0].Devices[0]) for a in i.Addresses)
    tags.Create("Central", "Bool", "%I40.3")
    tags.Create("Remote", "Bool", f"%I{distributed.StartAddress}.7")
    tags.Create("Nowhere", "Bool", "%I900.0")
    root = etree.parse(exported(kit)).getroot()
    links = [link for link in root.iter("InternalLink") if link.get("Name", "").startswith("Link To Tag")]
    joined = {tuple(link.get(f"RefPartnerSide{side}", "").partition(":")[2] for side in "AB") for link in links}
    assert joined == {("Channel_DI_3", "Central"), ("Channel_DI_7", "Remote")}


def test_a_document_of_another_writer_is_read(kit: Kit) -> None:
    """Blanks in order numbers, addresses on the module itself, a base unit, unknown attributes, comments by language."""
    path = kit.folder / "other.aml"
    path.write_text(OTHER_WRITER, encoding="utf-8")
    done, log = imported(kit, path)
    assert done, log
    device = kit.project.DeviceGroups.Find("Hall").Devices.Find("Station A")
    module = named(device, "Inputs")
    assert module.TypeIdentifier == DI_8_SP
    assert [a.StartAddress for item in items(module) for a in item.Addresses] == [77]
    assert named(device, "BU_1").Container == module
    assert named(device, "Head").GetAttribute("Comment") == "left"
    node = kit.node(device)
    assert node.GetAttribute("Address") == "10.1.2.3"
    assert node.GetAttribute("PnDeviceName") == "left.head"
    assert node.ConnectedSubnet.Name == "Net"


def test_one_device_is_exported_with_its_subnet_only(kit: Kit, empty: Kit) -> None:
    plant(kit)
    path = exported(kit, "one.aml", kit.project.Devices.Find("Station 2"))
    done, _ = imported(empty, path)
    assert done
    assert [device.Name for device in empty.project.Devices] == ["Station 2"]
    assert [net.Name for net in empty.project.Subnets] == ["PN/IE_1"]


def test_an_existing_target_or_a_wrong_source_is_refused(kit: Kit) -> None:
    kit.cpu()
    path = exported(kit)
    service = kit.service(kit.project, "CaxProvider")
    with refused("export.exists"):
        service.Export(kit.project, kit.file(path.name))
    with pytest.raises(TypeError):
        service.Export(kit.project.Devices[0], str(path))
    with pytest.raises(TypeError):
        service.Export(named(kit.project.Devices[0], "PLC_1"), kit.file("x.aml"))
    with pytest.raises(ArgumentException):
        service.Export(kit.project, kit.type("FileInfo")("relative.aml"))


def test_a_device_that_exists_is_kept_replaced_or_parked(kit: Kit) -> None:
    device = kit.cpu(CPU_1511, "PLC_1", "Station 1")
    path = exported(kit)
    rack(device).PlugNew(DI_16_1500, "Later", 2)
    done, log = imported(kit, path, "RetainTiaDevice")
    assert done
    assert "kept" in log
    assert "Later" in {item.Name for item in items(kit.project.Devices[0])}
    done, _ = imported(kit, path, "MoveToParkingLot")
    parked = kit.project.DeviceGroups.Find("Parking lot").Devices
    assert done
    assert [d.Name for d in parked] == ["Station 1_1"]
    assert "PLC_1_1" in {item.Name for item in items(parked[0])}
    done, _ = imported(kit, path, "OverwriteTiaDevice")
    assert done
    assert kit.project.Devices.Count == 1
    assert "Later" not in {item.Name for item in items(kit.project.Devices[0])}


def test_what_the_catalogue_does_not_have_is_left_out_and_said(kit: Kit, empty: Kit) -> None:
    rack(kit.cpu()).PlugNew(DI_16_1500, "DI 16_1", 2)
    path = exported(kit)
    text = path.read_text(encoding="utf-8").replace("6ES7521-1BH00", "6ES7521-9ZZ99")
    path.write_text(text, encoding="utf-8")
    done, log = imported(empty, path)
    assert done is False
    assert "'DI 16_1' was not imported" in log
    assert [item.Name for item in rack(empty.project.Devices[0]).Items] == ["PLC_1"]


def test_malformed_values_are_left_out_and_said(kit: Kit, empty: Kit) -> None:
    kit.cpu()
    path = exported(kit)
    path.write_text(path.read_text(encoding="utf-8").replace("192.168.0.1", "192.168.0.999"), encoding="utf-8")
    done, log = imported(empty, path)
    assert done is False
    assert "192.168.0.999" in log
    assert empty.node(empty.project.Devices[0]).GetAttribute("Address") == "192.168.0.1"


def test_import_is_refused_inside_exclusive_access(kit: Kit) -> None:
    kit.cpu()
    path = exported(kit)
    with kit.portal.ExclusiveAccess("test"), refused("cax.exclusive_access"):
        imported(kit, path)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "cax.not_xml"),
        (b"<CAEXFile>", "cax.not_xml"),
        (b"<CAEXFile/>", "cax.not_aml"),
        (b"<Other/>", "cax.not_aml"),
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><CAEXFile>&e;</CAEXFile>', "cax.doctype"),
    ],
)
def test_other_files_are_refused(kit: Kit, content: bytes, code: str) -> None:
    path = kit.folder / "other.aml"
    path.write_bytes(content)
    with refused(code):
        imported(kit, path)


def test_a_missing_file_is_refused(kit: Kit) -> None:
    with refused("cax.not_found"):
        imported(kit, kit.folder / "nothing.aml")
