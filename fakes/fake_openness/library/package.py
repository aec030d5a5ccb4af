"""What a master copy holds: the SimaticML of program elements, or the files of a whole station.

Facts: docs/facts/tia-operations.md#libraries (a copy of a folder holds blocks only). Watch tables are no source of a
master copy (type list of V15.1).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import simatic_xml
from fake_openness.blocks.block_groups import PlcBlockUserGroup
from fake_openness.core.versions import TiaVersion
from fake_openness.hardware import hardware_files
from fake_openness.hardware.devices import Device
from fake_openness.hmi.hmi_object import _HmiSoftware
from fake_openness.online import program_store
from fake_openness.online.station_image import walk_items
from fake_openness.program.elements import _Element
from fake_openness.program.importing import in_version
from fake_openness.tags.tag_tables import PlcTagTable
from simatic_xml.model import Block, PlcType, TagTable

Content = Block | PlcType | TagTable
STATION = "station.json"
SOFTWARE, RUNTIME = "software/", "hmi/"
_NAMESPACES = dict.fromkeys(
    ("OB", "FB", "FC", "GlobalDB", "InstanceDB", "ArrayDB", "PlcBlockUserGroup"), "Siemens.Engineering.SW.Blocks"
) | {
    "PlcStruct": "Siemens.Engineering.SW.Types",
    "TechnologicalInstanceDB": "Siemens.Engineering.SW.TechnologicalObjects",
    "PlcTagTable": "Siemens.Engineering.SW.Tags",
    "Device": "Siemens.Engineering.HW",
}


@dataclass(frozen=True, slots=True)
class Part:
    """An element in a master copy.

    Attributes:
        folder: Names of its folders below the one that was copied.
        file: Its file in the master copy.
        version: GUID of the library type version that it is an instance of, or empty.
    """

    folder: tuple[str, ...]
    file: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Package:
    """The content of a master copy.

    Attributes:
        kind: Name of the .NET type of the source.
        name: Name of the source.
        parts: The elements, unless it is a station.
        folders: The folders below the one that was copied, the empty ones too.
        files: The contents by the names of their files.
    """

    kind: str
    name: str
    parts: tuple[Part, ...]
    folders: tuple[tuple[str, ...], ...]
    files: Mapping[str, bytes]

    @property
    def full_name(self) -> str:
        """The .NET type of the source with its namespace."""
        return f"{_NAMESPACES[self.kind]}.{self.kind}"

    def to_json(self) -> dict[str, Any]:
        """Return everything but the files' contents, as JSON data."""
        parts = [{"folder": list(each.folder), "file": each.file, "version": each.version} for each in self.parts]
        folders = [list(each) for each in self.folders]
        return {"kind": self.kind, "source": self.name, "parts": parts, "folders": folders, "files": sorted(self.files)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], read: Callable[[str], bytes]) -> Package:
        """Make it from the data of `to_json` and the files."""
        parts = tuple(Part(tuple(each["folder"]), each["file"], each["version"]) for each in data["parts"])
        folders = tuple(tuple(each) for each in data["folders"])
        return cls(data["kind"], data["source"], parts, folders, {name: read(name) for name in data["files"]})

    def content(self, part: Part, version: TiaVersion) -> Content:
        """Return one element, as a TIA version has it."""
        found = in_version(simatic_xml.load(self.files[part.file], own=True), version).objects[0]
        assert isinstance(found, (Block, PlcType, TagTable))  # noqa: S101 - nothing else is captured
        return found


def capture(source: Any) -> Package:
    """Copy an object of the project.

    Raises:
        TypeError: Not an IMasterCopySource; the text is that of pythonnet.
    """
    for kind, take in _SOURCES.items():
        if isinstance(source, kind):
            return take(source)
    msg = f"No method matches given arguments: source must be an IMasterCopySource, not {type(source).__name__}"
    raise TypeError(msg)


def _element(element: _Element) -> Package:
    part = Part((), "0.xml", element._state.library_version)
    return Package(type(element).__name__, element._name, (part,), (), {"0.xml": _dump(element, element._content())})


def _table(table: PlcTagTable) -> Package:
    content = table._content()
    content.name = table._name
    return Package("PlcTagTable", table._name, (Part((), "0.xml"),), (), {"0.xml": _dump(table, content)})


def _group(group: PlcBlockUserGroup) -> Package:
    start = len(group._path())
    parts: list[Part] = []
    files: dict[str, bytes] = {}
    for below in group._walk():
        for element in below._items_here():
            part = Part(below._path()[start:], f"{len(parts)}.xml", element._state.library_version)
            parts.append(part)
            files[part.file] = _dump(element, element._content())
    folders = tuple(below._path()[start:] for below in group._walk())[1:]
    return Package("PlcBlockUserGroup", group._name, tuple(parts), folders, files)


def _device(device: Device) -> Package:
    document = json.dumps(hardware_files.station_document(device), sort_keys=True, ensure_ascii=False)
    files = {STATION: document.encode()}
    for item in device._all_items():
        if item._software is not None:
            files |= {SOFTWARE + name: content for name, content in _program(item._software._software)}
        runtime = None if item._runtime is None else item._runtime._software
        if isinstance(runtime, _HmiSoftware):
            files |= {RUNTIME + name: content for name, content in _runtime(runtime)}
    return Package("Device", device._name, (), (), files)


def _program(plc: Any) -> Iterator[tuple[str, bytes]]:
    program_store.save(plc)
    start = len(plc._folder) + 1
    yield "program.json", plc._store.get(program_store.path_of(plc))
    for root in plc._trees().values():
        for group in root._walk():
            for item in group._items_here():
                yield item._file[start:], plc._store.get(item._file)


def _runtime(software: _HmiSoftware) -> Iterator[tuple[str, bytes]]:
    start = len(software._folder) + 1
    for path in software._all_files():
        yield path[start:], software._store.get(path)


def _dump(owner: Any, content: Content) -> bytes:
    return simatic_xml.dump(simatic_xml.Document(owner._context.version.engineering, [content]))


_SOURCES: dict[type, Callable[[Any], Package]] = {
    _Element: _element,
    PlcTagTable: _table,
    PlcBlockUserGroup: _group,
    Device: _device,
}


def station(package: Package) -> dict[str, Any]:
    """Return the station's document."""
    document: dict[str, Any] = json.loads(package.files[STATION])
    for key in ("group", "ungrouped", "order"):
        document.pop(key, None)
    for item in walk_items(document):
        item.get("interface", {}).pop("io_system", None)
    return document
