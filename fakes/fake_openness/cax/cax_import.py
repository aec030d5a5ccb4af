"""Reading hardware from AutomationML: the modules of the document are plugged, then addressed, then connected.

A module that the catalogue does not have is left out and named in the log;
nothing is left out without a message. Program parts (tag tables) are not imported:
the log names them. Facts: docs/facts/openness-hardware.md#cax (options), docs/facts/automation-ml.md (the format).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from lxml import etree

from fake_openness.cax import aml
from fake_openness.cax.aml import Element
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.hardware import plugging
from fake_openness.hardware.articles import PREFIX
from fake_openness.hardware.device_items import DeviceItem, HardwareObject
from fake_openness.hardware.devices import Device, DeviceComposition, DeviceUserGroupComposition
from fake_openness.hardware.hardware import Hardware
from fake_openness.hardware.io_addresses import Address, AddressIoType
from fake_openness.hardware.slots import STATIONS
from fake_openness.hardware.structures import Part
from fake_openness.network.net_types import IpProtocolSelection, NetType
from fake_openness.network.network import Node
from fake_openness.network.subnets import SUBNET_TYPES, Subnet
from simatic_xml import limits
from simatic_xml.xml.parsing import parse_foreign

PARKING_LOT = "Parking lot"


@dataclass(slots=True)
class Done:
    """What an import did.

    Attributes:
        lines: The log.
        errors: How many things of the document could not be imported.
    """

    lines: list[str] = field(default_factory=list)
    errors: int = 0

    def note(self, text: str) -> None:
        """Log something that succeeded or was requested."""
        self.lines.append(f"Information: {text}")

    def fail(self, text: str) -> None:
        """Log something that could not be imported."""
        self.lines.append(f"Error: {text}")
        self.errors += 1


def read(hardware: Hardware, file: Path, option: str) -> Done:
    """Import the devices and networks of a file.

    Args:
        hardware: The hardware of the project.
        file: An AutomationML document.
        option: MoveToParkingLot, OverwriteTiaDevice or RetainTiaDevice, for devices whose name is used.

    Raises:
        LimitError: Too large.
        EngineeringTargetInvocationException: Not there, or not AutomationML of TIA Portal.
    """
    project = _project(file)
    reader = _Reader(hardware, option)
    reader.project(project)
    return reader.done


def _project(file: Path) -> Element:
    if not file.is_file():
        msg = f"There is no file '{file}'."
        raise EngineeringTargetInvocationException(msg, code="cax.not_found")
    limits.require("xml_bytes", file.stat().st_size, what=f"'{file.name}'")
    try:
        tree = parse_foreign(file.read_bytes(), keep_comments=False)
    except etree.XMLSyntaxError as error:
        msg = f"'{file.name}' is not well-formed XML: {error.msg}."
        raise EngineeringTargetInvocationException(msg, code="cax.not_xml") from error
    if getattr(tree.getroottree().docinfo, "doctype", ""):
        msg = f"'{file.name}' has a document type declaration, which is not accepted: remove it."
        raise EngineeringTargetInvocationException(msg, code="cax.doctype")
    found = next((e for e in tree.iter("InternalElement") if aml.role_of(e) == "AutomationProject"), None)
    if tree.tag != "CAEXFile" or found is None:
        msg = f"'{file.name}' is not an AutomationML file of hardware: it has no AutomationProject."
        raise EngineeringTargetInvocationException(msg, code="cax.not_aml")
    return found


class _Reader:
    """Reads one project element; what has an identity is remembered for the links."""

    def __init__(self, hardware: Hardware, option: str) -> None:
        self._hardware, self._option = hardware, option
        self.done = Done()
        self._subnets: dict[str, Subnet] = {}
        self._systems: dict[str, tuple[DeviceItem, str, int]] = {}
        self._items: dict[str, DeviceItem] = {}
        self._nodes: dict[str, Node] = {}
        self._devices: list[Device] = []
        self._built: list[str] = []

    def project(self, project: Element) -> None:
        for element in aml.children(project, "Subnet"):
            self._subnet(element)
        self._folder(project, self._hardware.devices, self._hardware.groups)
        links = list(project.iter("InternalLink"))
        for kind, connect in self._connectors():
            for link in links:
                if (link.get("Name") or "").startswith(f"Link To {kind}"):
                    connect(*self._sides(link))
        for device in self._devices:
            device._give_way()

    def _connectors(self) -> Iterator[tuple[str, Callable[[str, str], None]]]:
        yield "Subnet", self._join_subnet
        self._make_io_systems_when_joined()
        yield "IoSystem", self._join_io_system
        yield "Port", self._join_port

    # -- networks ---------------------------------------------------------------------

    def _subnet(self, element: Element) -> None:
        name, net = element.get("Name", ""), aml.value(element, "Type")
        existing = self._hardware.subnets._by_name.get(name.casefold())
        kind = next((text for text, net_type in SUBNET_TYPES.items() if net_type.name == net), None)
        if existing is None and kind is not None:
            existing = self._hardware.subnets._create(kind, name)
        if existing is None or existing._net_type.name != net:
            self.done.fail(f"The subnet '{name}' of type '{net}' could not be created.")
            return
        self._subnets[element.get("ID", "")] = existing

    @staticmethod
    def _sides(link: Element) -> tuple[str, str]:
        sides = (link.get("RefPartnerSideA") or "", link.get("RefPartnerSideB") or "")
        return sides[0].partition(":")[0], sides[1].partition(":")[0]

    def _join_subnet(self, one: str, other: str) -> None:
        node = self._nodes.get(one) or self._nodes.get(other)
        subnet = self._subnets.get(other) or self._subnets.get(one)
        if node is None or subnet is None:
            return
        if subnet._net_type is not node._interface._type:
            self.done.fail(f"'{node._interface._item._station._name}' does not fit the subnet '{subnet._name}'.")
            return
        node._assign("_subnet", subnet)

    def _make_io_systems_when_joined(self) -> None:
        for item, name, number in self._systems.values():
            interface = item._interface
            subnet = interface._node._subnet if interface is not None else None
            if interface is None or subnet is None or not interface._controllers._items:
                self.done.fail(f"The IO system '{name}' could not be created: '{item._name}' is not connected.")
                continue
            controller = interface._controllers._items[0]
            taken = {system._number for system in self._hardware.io_systems()}
            free = number if number and number not in taken else controller._free_number()
            try:
                controller._own(subnet, name, free)
            except EngineeringTargetInvocationException as error:
                self.done.fail(error.Message)

    def _join_io_system(self, one: str, other: str) -> None:
        item, found = self._items.get(one) or self._items.get(other), self._systems.get(other) or self._systems.get(one)
        if item is None or found is None or item._interface is None or found[0]._interface is None:
            return
        system = found[0]._interface._controllers._items[0]._io_system
        connectors = item._interface._connectors._items
        if system is not None and connectors and connectors[0]._io_system is None:
            connectors[0]._join(system)

    def _join_port(self, one: str, other: str) -> None:
        ends = [self._items[key]._port for key in (one, other) if key in self._items]
        if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
            ends[0].ConnectToPort(ends[1])

    # -- devices ----------------------------------------------------------------------

    def _folder(self, parent: Element, devices: DeviceComposition, groups: DeviceUserGroupComposition) -> None:
        for element in aml.children(parent, "Device"):
            self._try_import(element, partial(self._device, element, devices))
        for element in aml.children(parent, "DeviceUserFolder"):
            name = element.get("Name", "")
            group = groups._by_name.get(name.casefold()) or groups.Create(name)
            self._folder(element, group._devices, group._groups)

    def _try_import(self, element: Element, work: Callable[[], None]) -> None:
        """Import one device or module; a refusal leaves it out and is logged."""
        try:
            work()
        except (EngineeringTargetInvocationException, ValueError, KeyError) as error:
            text = error.Message if isinstance(error, EngineeringTargetInvocationException) else str(error)
            self.done.fail(f"'{element.get('Name', '')}' was not imported: {text}")

    def _device(self, element: Element, home: DeviceComposition) -> None:
        name, kind = element.get("Name", ""), aml.value(element, "TypeIdentifier")
        existing = next((d for d in self._hardware.every_device() if d._name.casefold() == name.casefold()), None)
        if existing is not None:
            if self._option == "RetainTiaDevice":
                self.done.note(f"'{name}' exists already and was kept.")
                return
            if self._option == "OverwriteTiaDevice":
                existing.Delete()
            else:
                name, home = self._park(name)
        system = self._system(kind, element)
        device = home._adopt(Device(home._parent or home, self._hardware, name, kind, system))
        self._devices.append(device)
        device._dynamic["Comment"] = aml.value(element, "Comment")
        for child in aml.children(element, "DeviceItem"):
            self._try_import(child, partial(self._plug, child, device))
        self.done.note(f"'{name}' was imported.")

    def _park(self, name: str) -> tuple[str, DeviceComposition]:
        groups = self._hardware.groups
        group = groups._by_name.get(PARKING_LOT.casefold()) or groups.Create(PARKING_LOT)
        free = self._hardware.free_device_name(name)
        self.done.note(
            f"'{name}' exists already: the device of the file was imported as '{free}' into '{PARKING_LOT}'."
        )
        return free, group._devices

    def _system(self, kind: str, element: Element) -> str:
        found = next((s.system for s in STATIONS.values() if s.device.casefold() == kind.casefold()), None)
        if found is not None or kind.startswith("GSD:"):
            return found or "Generic"
        msg = f"the station type '{kind}' of '{element.get('Name', '')}' is not known."
        raise ValueError(msg)

    def _plug(self, element: Element, container: HardwareObject) -> None:
        name, position = element.get("Name", ""), int(aml.value(element, "PositionNumber", "0"))
        kind = self._type(element, container)
        device = container._device
        if kind.startswith("GSD:"):
            plan = plugging.Plan(kind, None, name, position, rack=container is device)
        elif container is device and device._system == "HMI":
            article = plugging.require_article(kind, device._context.version)
            plan = plugging.Plan(article.type_identifier, article, name, position)
        else:
            plan = plugging.plan(container, kind, self._free_head_name(device, name), position)
        item = container._new_item(plan)
        if aml.value(element, "Comment"):
            item._dynamic["Comment"] = aml.value(element, "Comment")
        self._content(element, item)

    def _free_head_name(self, device: Device, name: str) -> str:
        """Return a free name: a parked copy's CPU cannot have the name of the original."""
        found = (other._head() for other in self._hardware.every_device() if other is not device)
        heads = {head._name.casefold() for head in found if head is not None}
        return next(n for n in (name, *(f"{name}_{i}" for i in range(1, len(heads) + 2))) if n.casefold() not in heads)

    def _type(self, element: Element, container: HardwareObject) -> str:
        kind, firmware = aml.value(element, "TypeIdentifier"), aml.value(element, "FirmwareVersion")
        if not kind.startswith(PREFIX) or not firmware:
            return kind
        del container
        return kind if f"/{firmware}" in kind else f"{kind}/{firmware}"

    def _content(self, element: Element, item: DeviceItem) -> None:
        self._items[element.get("ID", "")] = item
        self._addresses(element, item)
        for node in aml.children(element, "Node"):
            self._try_import(node, partial(self._node, node, item))
        for system in aml.children(element, "IoSystem"):
            number = int(aml.value(system, "Number", "0"))
            self._systems[system.get("ID", "")] = (item, system.get("Name", ""), number)
        for child in aml.children(element, "DeviceItem", "CommunicationInterface", "CommunicationPort"):
            self._try_import(child, partial(self._child, child, item))
        tables = aml.children(element, "TagTable")
        if tables:
            self.done.note(f"{len(tables)} tag tables of '{item._name}' were not read: import them as tag tables.")

    def _child(self, element: Element, item: DeviceItem) -> None:
        if aml.value(element, "TypeIdentifier") and aml.value(element, "BuiltIn", "false").strip() != "true":
            self._plug(element, item)
            return
        position, name = int(aml.value(element, "PositionNumber", "0")), element.get("Name", "")
        built_in = [i for i in item._list_plugged() if i._built_in]
        found = next((i for i in built_in if i._position == position and i._label == aml.value(element, "Label")), None)
        found = found or next((i for i in built_in if i._name == name), None)
        if found is None and item._article is None:
            found = item._build(_part(element))
        if found is None:
            self.done.fail(f"'{item._device._name}/{item._name}' has no built-in '{name}' at {position}.")
            return
        if found._name != name:
            found._assign("_name", name)
        self._content(element, found)

    def _addresses(self, element: Element, item: DeviceItem) -> None:
        listed = aml.attribute_of(element, "Address")
        wanted = [] if listed is None else listed.findall("Attribute")
        for entry in wanted:
            io_type = AddressIoType[aml.value(entry, "IoType", "None_")]
            address = next((a for a in _addresses_of(item) if a._io_type is io_type), None)
            if address is None:
                self.done.fail(f"'{item._device._name}/{item._name}' has no {io_type.name.lower()} address.")
            else:
                address._assign("_start", int(aml.value(entry, "StartAddress", "0")))

    def _node(self, element: Element, item: DeviceItem) -> None:
        if item._interface is None:
            self.done.fail(f"'{item._device._name}/{item._name}' has no network interface.")
            return
        node = item._interface._node
        self._nodes[element.get("ID", "")] = node
        node._set_dynamic("Address", aml.value(element, "NetworkAddress", node._dynamic["Address"]))
        if item._interface._type is not NetType.Ethernet:
            return
        node._set_dynamic("SubnetMask", aml.value(element, "SubnetMask", node._dynamic["SubnetMask"]))
        router, name = aml.value(element, "RouterAddress"), aml.value(element, "ProfinetDeviceName")
        if router:
            node._set_dynamic("UseRouter", True)
            node._set_dynamic("RouterAddress", router)
        if name:
            node._set_dynamic("PnDeviceNameAutoGeneration", False)
            node._set_dynamic("PnDeviceName", name)
        node._put("IpProtocolSelection", IpProtocolSelection[aml.value(element, "IpProtocolSelection", "Project")])


def _addresses_of(item: DeviceItem) -> list[Address]:
    """Return the addresses of an item or, as some documents have it, of the submodule that it consists of."""
    inside = [
        address for below in item._device_items._items if below._position == 1 for address in below._addresses._items
    ]
    return item._addresses._items or inside


def _part(element: Element) -> Part:
    """Return a built-in item of a GSD device, as the document describes it."""
    node = next(iter(aml.children(element, "Node")), None)
    network = aml.value(node, "Type", "Ethernet") if node is not None else ""
    if aml.role_of(element) == "CommunicationPort":
        network = "Port"
    position = int(aml.value(element, "PositionNumber", "0"))
    role = "IoDevice" if network in {"Ethernet", "Profibus"} else ""
    return Part(element.get("Name", ""), position, aml.value(element, "Label"), network, role)
