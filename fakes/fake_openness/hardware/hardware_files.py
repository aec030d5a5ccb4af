"""Hardware as files of the project: one JSON document for each device, one for the networks.

The documents are sorted and indented so that a version control system shows
what changed. References between devices are by name, as people read them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.store import Store
from fake_openness.core.versions import TiaVersion
from fake_openness.hardware.articles import PREFIX, find_article
from fake_openness.hardware.device_items import DeviceItem, HardwareObject
from fake_openness.hardware.devices import Device, DeviceComposition, DeviceGroup, DeviceUserGroup
from fake_openness.hardware.hardware import FOLDER, Hardware
from fake_openness.hardware.io_addresses import Address, AddressIoType
from fake_openness.hardware.plc_protection import Protection
from fake_openness.hardware.structures import Part
from fake_openness.network.net_types import InterfaceOperatingModes, IpProtocolSelection
from fake_openness.network.network import NetworkInterface
from fake_openness.network.ports import NetworkPort
from fake_openness.network.subnets import Subnet

NETWORK = "network.json"
Json = dict[str, Any]


def save(hardware: Hardware, store: Store) -> None:
    """Put all documents into the store, and delete those of deleted devices."""
    current = {}
    for device, home in _homes(hardware):
        current[f"{FOLDER}/{device._folder}/device.json"] = _device(device) | home
        for item in device._all_items():
            if item._software is not None:
                item._software._software._save()
            if item._runtime is not None:
                item._runtime._software._save()
    for path, document in current.items():
        store.put(path, _bytes(document))
    for path in hardware.saved - set(current):
        store.delete(path)
    store.put(NETWORK, _bytes(_network(hardware)))
    hardware.saved = set(current)


def load(hardware: Hardware, store: Store) -> None:
    """Build all objects from the store's documents.

    Raises:
        EngineeringTargetInvocationException: A document is damaged.
    """
    paths = [
        p.as_posix() for p in store.files() if p.parts[0] == FOLDER and len(p.parts) == 3 and p.name == "device.json"
    ]
    network = _read(store, NETWORK) if store.exists(NETWORK) else {}
    for group in network.get("groups", []):
        _group(hardware, group)
    for subnet in network.get("subnets", []):
        hardware.subnets._add(Subnet(hardware.project, hardware, subnet["type"], subnet["name"]))
    documents = sorted(((_read(store, path), path) for path in paths), key=lambda found: found[0].get("order", 0))
    for document, path in documents:
        try:
            _load_device(hardware, document, path.split("/")[1])
        except (KeyError, TypeError, ValueError) as error:
            msg = f"The project's file '{path}' is damaged: restore it from an archive."
            raise EngineeringTargetInvocationException(msg, str(error), code="project.unreadable") from error
    _load_io_systems(hardware, network)
    _load_cables(hardware, network)
    hardware.saved = set(paths)


def station_document(device: Device) -> Json:
    """Return one station as the files have it."""
    return _device(device)


def load_station(hardware: Hardware, document: Json, folder: str) -> None:
    """Build one more station from its document.

    Args:
        hardware: The hardware of the project.
        document: As `station_document` gives it, its names free; it is in no IO system.
        folder: Its folder in the project's files.
    """
    _load_device(hardware, document, folder)


def _read(store: Store, path: str) -> Json:
    try:
        return dict(json.loads(store.get(path)))
    except ValueError as error:
        msg = f"The project's file '{path}' is damaged: restore it from an archive."
        raise EngineeringTargetInvocationException(msg, str(error), code="project.unreadable") from error


def _bytes(document: Json) -> bytes:
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _with_content(document: Json) -> Json:
    return {key: value for key, value in document.items() if value not in ("", 0, [], {}, None, False)}


# -- devices --------------------------------------------------------------------------


def _homes(hardware: Hardware) -> Iterator[tuple[Device, Json]]:
    homes: list[tuple[DeviceComposition, Json]] = [
        (hardware.devices, {}),
        (hardware.ungrouped._devices, {"ungrouped": True}),
    ]
    homes += [(group._devices, {"group": path}) for group, path in _groups(hardware.groups._items, [])]
    for composition, home in homes:
        for order, device in enumerate(composition._items):
            yield device, home | _with_content({"order": order})


def _groups(groups: list[DeviceUserGroup], above: list[str]) -> Iterator[tuple[DeviceUserGroup, list[str]]]:
    for group in groups:
        path = [*above, group._name]
        yield group, path
        yield from _groups(group._groups._items, path)


def _device(device: Device) -> Json:
    attributes = {name: value for name, value in device._dynamic.items() if name != "TypeName" and value}
    return _with_content(
        {
            "name": device._name,
            "type": device._type_identifier,
            "system": device._system,
            "attributes": attributes,
            "hardware_changed": device._hardware_dirty,
            "items": [_item(item, device) for item in device._device_items._items],
            "unplugged": [_item(item, device) for item in device._unplugged._items],
        }
    )


def _item(item: DeviceItem, owner: HardwareObject) -> Json:
    container = item._container
    identifiers = [found._number for found in item._identifiers._items]
    changed = {name: item._dynamic[name] for name in ("Author", "Comment") if item._dynamic.get(name)}
    return _with_content(
        {
            "name": item._name,
            "type": item._type_identifier,
            "rack": container._name if isinstance(container, DeviceItem) and container is not owner else None,
            "position": item._position,
            "label": item._label,
            "part": item._part.name if item._built_in and item._part.name != item._name else "",
            "role": item._part.role,
            "identifier": identifiers[0] if identifiers else 0,
            "channels": [list(pair) for pair in item._part.channels],
            "attributes": changed,
            "addresses": [[a._io_type.name, a._start, a._length] for a in item._addresses._items],
            "network": item._interface._type.name if item._interface else ("Port" if item._port else ""),
            "protection": item._protection.to_dict(),
            "interface": _interface(item._interface) if item._interface else None,
            "software": item._software_folder,
            "runtime": item._part.software,
            "items": [_item(below, item) for below in item._device_items._items],
        }
    )


def _interface(interface: NetworkInterface) -> Json:
    node = interface._node
    attributes = {name: value for name, value in node._dynamic.items() if name != "PnDeviceNameConverted"}
    if "IpProtocolSelection" in attributes:
        attributes["IpProtocolSelection"] = attributes["IpProtocolSelection"].name
    connectors = [c for c in interface._connectors._items if c._io_system is not None]
    return _with_content(
        {
            "mode": interface._mode.name,
            "node": attributes,
            "subnet": node._subnet._name if node._subnet else "",
            "io_system": connectors[0]._io_system._number if connectors and connectors[0]._io_system else 0,
            "device_number": connectors[0]._dynamic["PnDeviceNumber"] if connectors else 0,
        }
    )


def _load_device(hardware: Hardware, document: Json, folder: str) -> None:
    home = hardware.ungrouped._devices if document.get("ungrouped") else hardware.devices
    parent: EngineeringObject = hardware.ungrouped if document.get("ungrouped") else hardware.project
    if "group" in document:
        parent = group = _find_group(hardware, document["group"])
        home = group._devices
    device = Device(parent, hardware, document["name"], document["type"], document["system"])
    device._dynamic |= {"Author": ""} | document.get("attributes", {})
    device._hardware_dirty, device._folder, device._home = document.get("hardware_changed", False), folder, home
    home._add(device)
    for data in _flattened(document.get("items", []), device._context.version):
        device._device_items._items.append(_load_item(device, data))
    for data in document.get("unplugged", []):
        item = _load_item(device, data)
        item._container = None
        device._unplugged._items.append(item)


def _flattened(items: list[Json], version: TiaVersion) -> Iterator[Json]:
    """Yield the items of a device; files of earlier versions have a panel's parts within the panel."""
    for data in items:
        kind = data.get("type", "")
        article = find_article(kind, version) if kind.startswith(PREFIX) else None
        inside = data.get("items", []) if article is not None and article.kind == "panel" else []
        yield {name: value for name, value in data.items() if name != "items" or not inside}
        yield from (part | {"rack": data["name"]} for part in inside)


def _load_item(owner: HardwareObject, data: Json) -> DeviceItem:
    channels = tuple((str(kind), int(count)) for kind, count in data.get("channels", []))
    part = Part(
        str(data.get("part", data["name"])),
        data.get("position", 0),
        data.get("label", ""),
        data.get("network", ""),
        data.get("role", ""),
        channels=channels,
        hardware_id=data.get("identifier", 0),
        software=data.get("runtime", False),
    )
    kind = data.get("type", "")
    article = find_article(kind, owner._context.version) if kind.startswith(PREFIX) else None
    item = DeviceItem(owner, _container(owner, data), part, kind, article)
    item._name, item._protection = data["name"], Protection.read(data.get("protection", {}))
    item._dynamic |= data.get("attributes", {})
    item._addresses._items = [
        Address(item, AddressIoType[io], start, length) for io, start, length in data.get("addresses", [])
    ]
    if item._interface is not None:
        _load_interface(item._interface, data.get("interface", {}))
    for below in data.get("items", []):
        item._device_items._items.append(_load_item(item, below))
    if data.get("software"):
        item._hold_software(data["software"])._load()
    if part.software:
        item._make_runtime()
    return item


def _container(owner: HardwareObject, data: Json) -> HardwareObject:
    """Return the rack that the item was plugged into; racks come before their modules."""
    if "rack" not in data:
        return owner
    return next(i for i in owner._device_items._items if i._name == data["rack"])


def _load_interface(interface: NetworkInterface, data: Json) -> None:
    interface._mode = InterfaceOperatingModes[data.get("mode", "None_")]
    interface._make_roles()
    node = interface._node
    node._dynamic |= data.get("node", {})
    if "IpProtocolSelection" in node._dynamic:
        selection = node._dynamic["IpProtocolSelection"]
        node._dynamic["IpProtocolSelection"] = (
            IpProtocolSelection[selection] if isinstance(selection, str) else selection
        )
    if "subnet" in data:
        node._subnet = interface._item._station._networks().subnets._by_name[data["subnet"].casefold()]
    for connector in interface._connectors._items:
        connector._dynamic["PnDeviceNumber"] = data.get("device_number", 0)
        connector._pending = data.get("io_system", 0)


# -- networks -------------------------------------------------------------------------


def _network(hardware: Hardware) -> Json:
    return {
        "groups": [path for _, path in _groups(hardware.groups._items, [])],
        "subnets": [{"name": s._name, "type": s._type_identifier} for s in hardware.subnets._items],
        "io_systems": [
            {
                "name": system._name,
                "number": system._number,
                "subnet": system._subnet._name,
                "controller": system._controller._interface._item._path(),
            }
            for system in hardware.io_systems()
        ],
        "cables": _cables(hardware),
    }


def _cables(hardware: Hardware) -> list[list[list[str]]]:
    found = []
    for device in hardware.every_device():
        for item in device._all_items():
            if item._port is not None and item._port._partner is not None:
                pair = [item._path(), item._port._partner._item._path()]
                if pair[0] <= pair[1]:
                    found.append(pair)
    return sorted(found)


def _group(hardware: Hardware, path: list[str]) -> None:
    above = _find_group(hardware, path[:-1]) if len(path) > 1 else None
    siblings = above._groups if above else hardware.groups
    siblings._add(DeviceUserGroup(above or hardware.project, hardware, path[-1]))


def _find_group(hardware: Hardware, path: list[str]) -> DeviceGroup:
    group = hardware.groups._by_name[path[0].casefold()]
    for name in path[1:]:
        group = group._groups._by_name[name.casefold()]
    return group


def find_item(hardware: Hardware, path: list[str]) -> DeviceItem:
    """Return the item at a path of names.

    Raises:
        KeyError: There is none.
    """
    found: HardwareObject | None = next((d for d in hardware.every_device() if d._name == path[0]), None)
    for name in path[1:]:
        items = found._device_items._items if found is not None else []
        found = next((i for i in items if i._name == name), None)
    if not isinstance(found, DeviceItem):
        raise KeyError("/".join(path))
    return found


def _load_io_systems(hardware: Hardware, network: Json) -> None:
    for data in network.get("io_systems", []):
        interface = find_item(hardware, data["controller"])._interface
        assert interface is not None  # noqa: S101 - saved from one
        subnet = hardware.subnets._by_name[data["subnet"].casefold()]
        interface._controllers._items[0]._own(subnet, data["name"], data["number"])
    systems = {system._number: system for system in hardware.io_systems()}
    for node in hardware.nodes():
        for connector in node._interface._connectors._items:
            connector._io_system = systems.get(connector._pending)


def _load_cables(hardware: Hardware, network: Json) -> None:
    for one, other in network.get("cables", []):
        ports = [find_item(hardware, path)._port for path in (one, other)]
        if isinstance(ports[0], NetworkPort) and isinstance(ports[1], NetworkPort):
            ports[0]._partner, ports[1]._partner = ports[1], ports[0]
