"""Objects that panels of a project share: its graphics, the HMI library types, and counts of all Unified panels.

Facts: docs/facts/openness-hmi.md#project-graphics, docs/facts/openness-hmi.md#library-types,
docs/facts/openness.md#assemblies (from V21 on the graphics are a service).
"""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

import msgspec
from lxml import etree

import simatic_xml
from openness_bridge import groups
from openness_bridge.errors import Kind, Place, Problem, not_found, refused_as
from openness_bridge.hmi import files, panels
from openness_bridge.hmi.putting import Destination, Put, import_document
from openness_bridge.library import libraries
from openness_bridge.library import types as libraries_types
from openness_bridge.library.libraries import PROJECT, TYPES
from openness_bridge.library.types import TypeInfo
from openness_bridge.portal.portal import Session
from openness_bridge.values import enum, fi, service

GRAPHIC = "Graphic"
COUNTED = {
    "screens": "Screens",
    "tags": "Tags",
    "tag_tables": "TagTables",
    "connections": "Connections",
    "discrete_alarms": "DiscreteAlarms",
    "analog_alarms": "AnalogAlarms",
    "alarm_classes": "AlarmClasses",
    "data_logs": "DataLogs",
    "alarm_logs": "AlarmLogs",
    "scripts": "Scripts",
    "text_lists": "HmiTextLists",
    "graphic_lists": "HmiGraphicLists",
}
"""Fields of the summary and the collections that they count."""
OF_PLCS = ("CodeBlockLibraryType", "PlcTypeLibraryType", "PlcDocumentLibraryType")
"""Types of PLCs; all others are of HMI. A faceplate of a Unified panel is a plain LibraryType, as measured."""


class UnifiedSummary(msgspec.Struct, rename="camel", frozen=True):
    """The counts of a Unified panel; null where this version of TIA Portal does not show them.

    Attributes:
        software: Name of the runtime.
        screens: Screens in groups, too; tag tables likewise.
    """

    device: str
    software: str
    screens: int | None
    tags: int | None
    tag_tables: int | None
    connections: int | None
    discrete_alarms: int | None
    analog_alarms: int | None
    alarm_classes: int | None
    data_logs: int | None
    alarm_logs: int | None
    scripts: int | None
    text_lists: int | None
    graphic_lists: int | None


class GraphicInfo(msgspec.Struct, rename="camel", frozen=True):
    """A graphic of the project."""

    name: str


class GraphicFiles(msgspec.Struct, rename="camel", frozen=True):
    """The files of an exported graphic.

    Attributes:
        path: The SimaticML file.
        pictures: The pictures, in a folder next to it.
    """

    name: str
    path: str
    pictures: list[str]


def unified_summary(session: Session) -> list[UnifiedSummary]:
    """Return the counts of all Unified panels."""
    return [_summary(found) for found in panels.panels(session) if found.unified]


def _summary(found: panels.Panel) -> UnifiedSummary:
    counts: dict[str, int | None] = {}
    for field, name in COUNTED.items():
        collection = panels.member(found, name)
        counts[field] = None if collection is None else int(collection.Count)
    for field, inner in (("screens", "ScreenGroups"), ("tag_tables", "TagTableGroups")):
        counts[field] = sum(1 for _ in panels.walk(found.software, COUNTED[field], inner))
    return UnifiedSummary(device=found.device, software=str(found.software.Name), **counts)


# -- graphics -----------------------------------------------------------------------------


def graphics(session: Session, device: str) -> list[GraphicInfo]:
    """Return the graphics of the project, which all panels share; the device only has to be a panel."""
    panels.panel(session, device)
    return [GraphicInfo(str(each.Name)) for each in _graphics(session)]


def _graphics(session: Session) -> Any:
    return _destination(session).find()


def _destination(session: Session) -> Destination:
    """Return where this version of TIA Portal keeps the graphics."""
    provider = None
    if session.model.has("GraphicsProvider"):
        provider = service(session.project, session.model.GraphicsProvider)
    return Destination(session.project if provider is None else provider, "Graphics")


def export_graphic(session: Session, device: str, name: str, path: Path) -> GraphicFiles:
    """Write a graphic to a new SimaticML file and its pictures into a folder next to it.

    Raises:
        Problem: There is none, the folder of its pictures exists, or TIA Portal refuses.
    """
    panels.panel(session, device)
    found = _graphics(session).Find(name)
    if found is None:
        raise not_found("graphic", name, device=device)
    beside = path.parent / f"{path.stem} files"
    if beside.exists():
        msg = f"'{beside}' exists already: delete it, or choose another name."
        raise Problem("file.exists", msg, kind=Kind.CONFLICT, place=Place(path=str(beside)))
    with refused_as("hmi.export_refused", Kind.CONFLICT, object=name):
        found.Export(fi(session.model, path), enum(session.model, "ExportOptions", "WithDefaults"))
    pictures = sorted(str(each) for each in beside.glob("*")) if beside.is_dir() else []
    return GraphicFiles(str(found.Name), str(path), pictures)


def import_graphics(session: Session, device: str, path: Path, names: Collection[str], *, override: bool) -> list[Put]:
    """Import the graphics of a SimaticML file, or make one of a picture and name it by its file; returns them.

    Raises:
        Problem: TIA Portal refuses the file; then it imports nothing.
    """
    panels.panel(session, device)
    if path.suffix.lower() == ".xml":
        return import_document(session, _destination(session), path, names, device, GRAPHIC, override=override)
    return _import_picture(session, path, device, override=override)


def _import_picture(session: Session, path: Path, device: str, *, override: bool) -> list[Put]:
    """Import a picture inside a document, because Openness takes documents only."""
    with files.folder() as place:
        (place / "picture files").mkdir()
        shutil.copyfile(path, place / "picture files" / f"DefaultImageStream{path.suffix}")
        root = etree.Element("Hmi.Globalization.MultiLingualGraphic", {"ID": "0"})
        listed = etree.SubElement(root, "AttributeList")
        stream = etree.SubElement(listed, "DefaultImageStream", {"external": "path"})
        stream.text = f"picture files\\DefaultImageStream{path.suffix}"
        etree.SubElement(listed, "Name").text = path.stem
        document = simatic_xml.Document(f"V{session.model.version}", [simatic_xml.Opaque(root)])
        (place / "picture.xml").write_bytes(simatic_xml.dump(document))
        return import_document(
            session, _destination(session), place / "picture.xml", [path.stem], device, GRAPHIC, override=override
        )


def delete_graphic(session: Session, device: str, name: str) -> GraphicInfo:
    """Delete a graphic of the project; returns the deleted graphic.

    Raises:
        Problem: There is none, or TIA Portal refuses.
    """
    panels.panel(session, device)
    found = _graphics(session).Find(name)
    if found is None:
        raise not_found("graphic", name, device=device)
    gone = GraphicInfo(str(found.Name))
    with refused_as("hmi.delete_refused", Kind.CONFLICT, object=name):
        found.Delete()
    return gone


# -- library types ------------------------------------------------------------------------


def library_types(session: Session) -> list[TypeInfo]:
    """Return the types of the project library that are of HMI, with their versions."""
    top = libraries.root(libraries.find_library(session, PROJECT), TYPES)
    found = libraries.walk(top, TYPES)
    return [libraries_types.describe_type(each, names) for each, names in found if _is_hmi(each)]


def library_type(session: Session, device: str, name: str) -> TypeInfo:
    """Return a type of HMI by its name, path or GUID; the device only has to be a panel.

    Raises:
        Problem: There is none, or it is a type of PLCs.
    """
    panels.panel(session, device)
    found, names = libraries.find(session, PROJECT, TYPES, name)
    if not _is_hmi(found):
        msg = f"'{groups.join((*names, str(found.Name)))}' is a {type(found).__name__}: see the routes of libraries."
        raise Problem("hmi.library_type", msg, place=Place(object=name))
    return libraries_types.describe_type(found, names)


def _is_hmi(library_type: Any) -> bool:
    return type(library_type).__name__ not in OF_PLCS
