"""The station in a CPU: the hardware and every object of the program, as they were loaded.

An S7-1500 keeps names, comments and folders with the program, so that a station can be uploaded and compared. The image
is on the memory card of the virtual controller, as files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import simatic_xml
from fake_openness.hardware import hardware_files
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.hardware.devices import Device
from fake_openness.hardware.hardware import connectors_of
from fake_openness.hardware.io_addresses import AddressIoType
from fake_openness.online import program_store
from fake_openness.program.plc import _Plc
from fake_plcsim.controller import Controller
from simatic_xml.program.analysis.used_state import UsedStates
from virtual_plc.surroundings import Module

_FREE = 10_000
"""First identifier of modules whose own one is used."""
TREES = ("blocks", "types", "tags", "technology")
"""The parts of a program that are loaded; watch tables and sources stay in the project."""


@dataclass(frozen=True, slots=True)
class ImageObject:
    """A block, data type or tag table.

    Attributes:
        tree: blocks, types, tags or technology.
        folder: Names of its folders below the root of the tree.
        name: Its name.
        content: Its SimaticML.
        used: Digest of what its code takes from other objects (`UsedStates`); empty in images of older versions, and for tag tables.
    """

    tree: str
    folder: tuple[str, ...]
    name: str
    content: bytes
    used: str = ""


@dataclass(frozen=True, slots=True)
class StationImage:
    """The loaded station.

    Attributes:
        hardware: The station as the project's files have it.
        plc: Name of the CPU.
        files: The files of the program, below its folder; none while only the hardware was loaded.
        objects: The objects that can be compared.
    """

    hardware: dict[str, Any]
    plc: str
    files: Mapping[str, bytes]
    objects: tuple[ImageObject, ...]

    def to_files(self) -> dict[str, bytes]:
        """Return the image as files."""
        about = {
            "plc": self.plc,
            "hardware": self.hardware,
            "objects": [[each.tree, each.folder, each.name, each.used] for each in self.objects],
        }
        contents = {f"{_OBJECTS}{number}.xml": each.content for number, each in enumerate(self.objects)}
        return {_ABOUT: json.dumps(about).encode(), **contents, **{f"{_FILES}{p}": c for p, c in self.files.items()}}


_ABOUT, _OBJECTS, _FILES = "station.json", "objects/", "program/"


def image_of(controller: Controller) -> StationImage | None:
    """Return the station that a project loaded into a controller; None when it has another program, or none."""
    packed = controller.card.station
    if not packed:
        return None
    about = json.loads(packed[_ABOUT])
    objects = (
        ImageObject(tree, tuple(folder), name, packed[f"{_OBJECTS}{index}.xml"], *used)
        for index, (tree, folder, name, *used) in enumerate(about["objects"])
    )
    files = {path.removeprefix(_FILES): content for path, content in packed.items() if path.startswith(_FILES)}
    return StationImage(about["hardware"], about["plc"], files, tuple(objects))


def hardware(device: Device) -> dict[str, Any]:
    """Return the station as the project's files have it, apart from what only the project knows."""
    document = hardware_files.station_document(device)
    document.pop("hardware_changed", None)
    for item in walk_items(document):
        item.pop("software", None)
    return document


def modules(device: Device) -> dict[int, Module]:
    """Return the modules with addresses by hardware identifier: those of the station first, then of its IO systems.

    Each station numbers its modules here, so that a module of an IO device whose identifier is used gets a free one.
    """
    found: dict[int, Module] = {}
    for station in device._space():
        own: dict[int, int] = {}
        head = 0 if station is device else _put_head(found, own, station)
        for address in station._addresses():
            item = _module_of(address._item)
            identifier = _number(found, own, item) if item is not None else 0
            if item is not None and identifier:
                module = found.setdefault(identifier, Module(name=item._name, station=head, slot=item._position))
                module.analog = item._article is not None and bool(item._article.ai or item._article.aq)
                if address._io_type is AddressIoType.Input and not module.inputs:
                    module.inputs = address._bytes
                elif address._io_type is AddressIoType.Output and not module.outputs:
                    module.outputs = address._bytes
    return found


def _put_head(found: dict[int, Module], own: dict[int, int], station: Device) -> int:
    """Add the interface module of an IO device, which names the whole device; return its identifier, 0 without one."""
    head = _module_of(station._head())
    identifier = _number(found, own, head) if head is not None else 0
    if identifier:
        module = found[identifier] = Module(name=station._name, station=identifier)
        for connector in connectors_of(station):
            if connector._io_system is not None:
                module.io_system = connector._io_system._number
                module.device_number = connector._dynamic["PnDeviceNumber"]
    return identifier


def _number(found: Mapping[int, Module], own: dict[int, int], item: DeviceItem) -> int:
    number = item._identifiers._items[0]._number
    if number not in own:
        own[number] = next(each for each in (number, *range(_FREE, 65536)) if each not in found)
    return own[number]


def _module_of(item: DeviceItem | None) -> DeviceItem | None:
    """Return an item with a hardware identifier, or the module that it is a part of."""
    above: Any = item
    while isinstance(above, DeviceItem):
        if above._identifiers._items:
            return above
        above = above._parent
    return None


def walk_items(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every item of a station's document, outermost first."""
    for item in document.get("items", []):
        yield item
        yield from walk_items(item)


def objects(plc: _Plc, *, compiled: bool = True) -> tuple[ImageObject, ...]:
    """Return the comparable objects of a program in the project.

    Args:
        plc: The program.
        compiled: Whether what their code takes from other objects counts, as for a CPU, or only what is written in them.
    """
    return tuple(_objects(plc, UsedStates(plc._view.workspace()) if compiled else None))


def _objects(plc: _Plc, used: UsedStates | None) -> Iterator[ImageObject]:
    for tree in TREES:
        for group in plc._trees()[tree]._walk():
            for item in group._items_here():
                item._flush()
                digest = "" if used is None or tree == "tags" else used.digest(item._name)
                yield ImageObject(tree, group._path(), item._name, _content(plc, item), digest)


def _content(plc: _Plc, item: Any) -> bytes:
    if plc._store.exists(item._file):
        return plc._store.get(item._file)
    return simatic_xml.dump(simatic_xml.Document(plc._context.version.engineering, [item._content()]))


def files(plc: _Plc) -> dict[str, bytes]:
    """Return the files of a program, below its folder; later changes of the project do not change them."""
    program_store.save(plc)
    lines = json.loads(plc._store.get(program_store.path_of(plc)))
    lines["objects"] = [line for line in lines["objects"] if line["tree"] in TREES or line.get("force")]
    kept = {"program.json": json.dumps(lines, ensure_ascii=False).encode()}
    start = len(plc._folder) + 1
    for tree, root in plc._trees().items():
        for group in root._walk():
            for item in group._items_here():
                if tree in TREES or item._record().get("force"):
                    kept[item._file[start:]] = plc._store.get(item._file)
    return kept
