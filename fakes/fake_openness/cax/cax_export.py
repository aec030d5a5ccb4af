"""Writing hardware as AutomationML. Facts: docs/facts/automation-ml.md; ports by their published interface class."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from fake_openness.cax import aml
from fake_openness.cax.aml import Element
from fake_openness.core.objects import EngineeringObject
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.hardware.devices import Device, DeviceUserGroup
from fake_openness.hardware.hardware import Hardware
from fake_openness.hardware.io_addresses import Address, AddressIoType, Channel
from fake_openness.hardware.item_parts import DeviceItemClassifications
from fake_openness.network.net_types import NetType
from fake_openness.network.network import NetworkInterface, Node
from fake_openness.network.subnets import Subnet
from fake_openness.program.plc import program_of
from fake_openness.software.plc_software import PlcSoftware

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ROLE_NAMES = {DeviceItemClassifications.CPU: "CPU", DeviceItemClassifications.HM: "HeadModule"}
_CHANNELS = {
    "DI": ("Digital", "Input", 1),
    "DQ": ("Digital", "Output", 1),
    "AI": ("Analog", "Input", 16),
    "AQ": ("Analog", "Output", 16),
}
_CHANNEL_ADDRESS = re.compile(r"%(?P<area>[IQ])(?:(?P<word>W)(?P<byte>\d+)|(?P<dbyte>\d+)\.(?P<bit>[0-7]))")
_PARTNER_INTERFACES = {
    "Subnet": "LogicalEndPoint_Subnet",
    "IoSystem": "LogicalEndPoint_IoSystem",
    "Port": "CommunicationPortInterface",
}


def document(hardware: Hardware, devices: list[Device], file_name: str) -> bytes:
    """Return the document of some devices and their subnets; all subnets for the whole project."""
    root = etree.Element("CAEXFile", FileName=file_name, SchemaVersion="2.15", nsmap={"xsi": _XSI})
    root.set(f"{{{_XSI}}}noNamespaceSchemaLocation", "CAEX_ClassModel_V2.15.xsd")
    _header(root, hardware)
    hierarchy = etree.SubElement(root, "InstanceHierarchy", Name="Hierarchy")
    _Writer(hardware, devices).project(hierarchy)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _header(root: Element, hardware: Hardware) -> None:
    context = hardware.project._context
    version = context.version.text.replace(".", "0") if "." in context.version.text else f"{context.version.text}00"
    header = etree.SubElement(etree.SubElement(root, "AdditionalInformation"), "WriterHeader")
    values = {
        "WriterName": "Totally Integrated Automation Portal",
        "WriterID": "simulated",
        "WriterVendor": "simulated",
        "WriterVersion": version,
        "WriterRelease": version,
        "LastWritingDateTime": context.now().strftime("%Y-%m-%dT%H:%M:%S.%f0Z"),
        "WriterProjectTitle": hardware.project._file.stem,
    }
    for name, value in values.items():
        etree.SubElement(header, name).text = value
    etree.SubElement(root, "AdditionalInformation", AutomationMLVersion="2.0")
    documents = etree.SubElement(root, "AdditionalInformation", DocumentVersions="Recommendations")
    etree.SubElement(documents, "Document", DocumentIdentifier="AR APC", Version="1.0.0")


class _Writer:
    """Writes one project element; collects links meanwhile and writes them last."""

    def __init__(self, hardware: Hardware, devices: list[Device]) -> None:
        self._hardware, self._devices = hardware, devices
        self._links: list[_Link] = []
        self._drops_blanks = hardware.project._context.version.has("17")
        self._whole = len(devices) == sum(1 for _ in hardware.every_device())
        self._ids: dict[EngineeringObject, str] = {}
        self._channel_ends: dict[tuple[Device, str, int], str] = {}
        self._tags: list[tuple[tuple[Device, str, int], str]] = []

    def project(self, hierarchy: Element) -> None:
        name = self._hardware.project._file.stem
        element = aml.add(hierarchy, name, "AutomationProject", [name])
        for attribute in ("ProjectManufacturer", "ProjectSign", "ProjectRevision", "ProjectInformation"):
            aml.attribute(element, attribute, "")
        for subnet in self._hardware.subnets._items:
            if self._whole or any(node._interface._item._station in self._devices for node in subnet._nodes()):
                self._subnet(element, subnet)
        self._those(element, self._hardware.devices._items)
        self._folders(element, self._hardware.groups._items)
        self._those(element, self._hardware.ungrouped._devices._items)
        aml.close(element, "AutomationProject")
        self._write_links(element)

    def _those(self, parent: Element, devices: Iterable[Device]) -> None:
        for device in devices:
            if device in self._devices:
                self._device(parent, device)

    def _folders(self, parent: Element, groups: Iterable[DeviceUserGroup]) -> None:
        for group in groups:
            if self._whole or any(device in self._devices for device in group._every_device()):
                folder = aml.add(parent, group._name, "DeviceUserFolder", [parent.get("ID", ""), group._name])
                self._folders(folder, group._groups._items)
                self._those(folder, group._devices._items)
                aml.close(folder, "DeviceUserFolder")

    def _subnet(self, parent: Element, subnet: Subnet) -> None:
        element = aml.add(parent, subnet._name, "Subnet", [subnet._name])
        self._ids[subnet] = element.get("ID", "")
        aml.attribute(element, "Type", subnet._net_type.name)
        aml.end_point(element, "Subnet")
        aml.close(element, "Subnet")

    def _device(self, parent: Element, device: Device) -> None:
        element = aml.add(parent, device._name, "Device", [device._name])
        aml.attribute(element, "TypeIdentifier", device._type_identifier)
        _comment(element, device._dynamic["Comment"], self._hardware)
        for item in device._list_plugged():
            self._item(element, item)
        aml.close(element, "Device")

    def _item(self, parent: Element, item: DeviceItem) -> None:
        role = "DeviceItem"
        if item._interface is not None or item._port is not None:
            role = "CommunicationInterface" if item._interface is not None else "CommunicationPort"
        element = aml.add(parent, item._name, role, [*item._path(), str(item._position)])
        self._attributes(element, item)
        self._channels(element, item)
        if item._interface is not None:
            aml.end_point(element, "Interface")
        if item._port is not None:
            self._port(element, item)
        self._below(element, item)
        aml.close(element, role)

    def _below(self, element: Element, item: DeviceItem) -> None:
        if item._interface is not None:
            self._network(element, item._interface)
        for below in item._list_plugged():
            self._item(element, below)
        if item._software is not None:
            self._tag_tables(element, item)

    def _attributes(self, element: Element, item: DeviceItem) -> None:
        if item._type_identifier and "OrderNumber" not in item._dynamic:
            aml.attribute(element, "TypeName", item._dynamic.get("TypeName", "Rack"))
        classification = _ROLE_NAMES.get(item.Classification)
        if classification:
            aml.attribute(element, "DeviceItemType", classification)
        aml.attribute(element, "PositionNumber", item._position, "xs:int")
        aml.attribute(element, "BuiltIn", item._built_in, "xs:boolean")
        if item._type_identifier:
            aml.attribute(element, "TypeIdentifier", self._type(item))
        if item._dynamic.get("FirmwareVersion"):
            aml.attribute(element, "FirmwareVersion", item._dynamic["FirmwareVersion"])
        if item._label:
            aml.attribute(element, "Label", item._label)
        _comment(element, item._dynamic.get("Comment", ""), self._hardware)
        _addresses(element, item._addresses._items)

    def _type(self, item: DeviceItem) -> str:
        """Return the type identifier without firmware, which has its own attribute; without blanks from V17 on."""
        text = item._type_identifier.removesuffix(f"/{item._dynamic.get('FirmwareVersion', '')}")
        return text.replace(" ", "") if self._drops_blanks and text.startswith("OrderNumber:") else text

    def _channels(self, element: Element, item: DeviceItem) -> None:
        for channel in item._channels._items:
            kind, io_type, width = _CHANNELS[channel._kind]
            name = f"Channel_{channel._kind.replace('Q', 'O')}_{channel._number}"
            found = aml.external(element, name, aml.INTERFACES + "Channel")
            aml.attribute(found, "Type", kind)
            aml.attribute(found, "IoType", io_type)
            aml.attribute(found, "Number", channel._number, "xs:int")
            aml.attribute(found, "Length", width, "xs:int")
            self._note_channel(item, channel, f"{element.get('ID', '')}:{name}")

    def _note_channel(self, item: DeviceItem, channel: Channel, end: str) -> None:
        """Remember the place of the channel in the process image, for the tags at its address."""
        io_type = AddressIoType.Input if channel._kind.endswith("I") else AddressIoType.Output
        address = next((a for a in item._addresses._items if a._io_type is io_type), None)
        if address is not None:
            step = 1 if channel._kind.startswith("D") else 16
            bit = 8 * address._start + step * channel._number
            self._channel_ends[item._device, channel._kind.replace("D", "").replace("A", "W"), bit] = end

    def _network(self, element: Element, interface: NetworkInterface) -> None:
        node = interface._node
        self._node(element, node)
        own = element.get("ID", "")
        for controller in interface._controllers._items:
            system = controller._io_system
            if system is not None:
                found = aml.add(element, system._name, "IoSystem", [own, system._name])
                self._ids[system] = found.get("ID", "")
                aml.attribute(found, "Number", system._number, "xs:int")
                aml.end_point(found, "IoSystem")
                aml.close(found, "IoSystem")
        for connector in interface._connectors._items:
            if connector._io_system is not None:
                self._link("IoSystem", own, "LogicalEndPoint_Interface", connector._io_system)

    def _node(self, parent: Element, node: Node) -> None:
        element = aml.add(parent, node._name, "Node", [parent.get("ID", ""), node._name])
        values = node._dynamic
        aml.attribute(element, "Type", node._interface._type.name)
        aml.attribute(element, "NetworkAddress", values["Address"])
        if node._interface._type is NetType.Ethernet:
            aml.attribute(element, "SubnetMask", values["SubnetMask"])
            if values["UseRouter"]:
                aml.attribute(element, "RouterAddress", values["RouterAddress"])
            aml.attribute(element, "IpProtocolSelection", values["IpProtocolSelection"].name)
            if not values["PnDeviceNameAutoGeneration"]:
                aml.attribute(element, "ProfinetDeviceName", values["PnDeviceName"])
        aml.end_point(element, "Node")
        aml.close(element, "Node")
        if node._subnet is not None:
            self._link("Subnet", element.get("ID", ""), "LogicalEndPoint_Node", node._subnet)

    def _port(self, element: Element, item: DeviceItem) -> None:
        aml.external(element, "CommunicationPortInterface", aml.INTERFACES + "CommunicationPortInterface")
        assert item._port is not None  # noqa: S101 - asked by the caller
        self._ids[item._port] = element.get("ID", "")
        partner = item._port._partner
        if partner is not None and partner in self._ids:
            self._link("Port", element.get("ID", ""), "CommunicationPortInterface", partner)

    def _tag_tables(self, parent: Element, item: DeviceItem) -> None:
        software = program_of(item)
        assert isinstance(software, PlcSoftware)  # noqa: S101 - asked by the caller
        for table in _tables(software.TagTableGroup):
            element = aml.add(parent, table.Name, "TagTable", [*item._path(), table.Name])
            for tag in table.Tags:
                found = aml.external(element, tag.Name, aml.INTERFACES + "Tag")
                aml.attribute(found, "DataType", tag.DataTypeName)
                aml.attribute(found, "LogicalAddress", tag.LogicalAddress.removeprefix("%"))
                self._tag_link(item, tag.LogicalAddress, f"{element.get('ID', '')}:{tag.Name}")
            aml.close(element, "TagTable")

    def _tag_link(self, item: DeviceItem, address: str, end: str) -> None:
        found = _CHANNEL_ADDRESS.fullmatch(address)
        if found is None:
            return
        kind = ("W" if found["word"] else "") + found["area"]
        bit = 8 * int(found["byte"] or found["dbyte"]) + int(found["bit"] or 0)
        self._tags += [((device, kind, bit), end) for device in item._device._space()]

    def _resolve_tags(self) -> list[_Link]:
        """Return the links of tags to channels; channels of distributed devices are written after the tags."""
        known = ((self._channel_ends.get(place), end) for place, end in self._tags)
        return [_Link("Tag", channel, None, end) for channel, end in known if channel is not None]

    def _link(self, kind: str, own: str, own_interface: str, partner: EngineeringObject) -> None:
        self._links.append(_Link(kind, f"{own}:{own_interface}", partner))

    def _write_links(self, project: Element) -> None:
        counts: dict[str, int] = {}
        for link in [*self._links, *self._resolve_tags()]:
            other = link.end
            if link.partner is not None and link.partner in self._ids:
                other = f"{self._ids[link.partner]}:{_PARTNER_INTERFACES[link.kind]}"
            if other:
                counts[link.kind] = counts.get(link.kind, 0) + 1
                name = f"Link To {link.kind}_{counts[link.kind]}"
                etree.SubElement(project, "InternalLink", Name=name, RefPartnerSideA=link.own, RefPartnerSideB=other)


@dataclass(frozen=True, slots=True)
class _Link:
    """A link, written if its partner has an identity by then or its other end is known."""

    kind: str
    own: str
    partner: EngineeringObject | None
    end: str = ""


def _tables(group: Any) -> Iterator[Any]:
    yield from group.TagTables
    for below in group._groups._items:
        yield from _tables(below)


def _comment(element: Element, text: str, hardware: Hardware) -> None:
    if text:
        aml.attribute(element, "Comment", text)
        languages = hardware.project._language_settings.ActiveLanguages
        found = aml.attribute_of(element, "Comment")
        assert found is not None  # noqa: S101 - added above
        for language in list(languages)[:1]:
            aml.attribute(found, f"aml-lang={language._culture}", text)


def _addresses(element: Element, addresses: list[Address]) -> None:
    if not addresses:
        return
    found = etree.SubElement(element, "Attribute", Name="Address")
    etree.SubElement(found, "RefSemantic", CorrespondingAttributePath="OrderedListType")
    for number, address in enumerate(addresses, 1):
        entry = etree.SubElement(found, "Attribute", Name=str(number))
        aml.attribute(entry, "StartAddress", address._start, "xs:int")
        aml.attribute(entry, "Length", address._length, "xs:int")
        aml.attribute(entry, "IoType", address._io_type.name)
