"""Lists master copies, makes them of objects of the project, copies them into it, deletes them.

A master copy is made of anything that implements IMasterCopySource, and comes back by the CreateFrom of the collection
that its content belongs to. From V20 on CreateFrom takes what to do when the name is used, but never for a station;
otherwise the bridge does it as far as possible. Facts: docs/facts/openness-libraries.md#master-copies;
docs/facts/tia-operations.md#libraries; the manifest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import msgspec

from openness_bridge import groups
from openness_bridge.enumerations import MasterCopyMode, one_of, values_of
from openness_bridge.errors import Kind, Place, Problem, not_found, refused_as
from openness_bridge.groups import Names
from openness_bridge.library import libraries
from openness_bridge.library.libraries import COPIES, Which
from openness_bridge.lookup import all_devices, locate, plc
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.values import enum, moment, set_attribute

MODES = values_of(MasterCopyMode)
BLOCKS = ("OB", "FB", "FC", "GlobalDB", "InstanceDB", "ArrayDB")


class CopyContent(msgspec.Struct, rename="camel", frozen=True):
    """An object in a master copy: its original name, and its .NET type."""

    name: str
    type: str


class MasterCopyInfo(msgspec.Struct, rename="camel", frozen=True):
    """A master copy.

    Attributes:
        path: Its folders and its name, joined by /.
    """

    name: str
    path: str
    folder: str
    author: str
    creation_date: str | None
    content: list[CopyContent]


class Made(msgspec.Struct, rename="camel", frozen=True):
    """An object that was created in the project from a master copy or a type.

    Attributes:
        type: .NET type of the object, such as FB or PlcTagTable.
        device: The PLC, or the station itself.
    """

    name: str
    type: str
    device: str
    folder: str


def list_copies(session: Session, which: Which) -> list[MasterCopyInfo]:
    """Return all master copies of a library, from all its folders."""
    top = libraries.root(libraries.find_library(session, which), COPIES)
    return [_info(copy, names) for copy, names in libraries.walk(top, COPIES)]


def create(
    session: Session, which: Which, device: str, kind: str, source: str, folder: str, name: str | None
) -> MasterCopyInfo:
    """Make a master copy of an object of the project.

    Args:
        session: The portal.
        which: The library.
        device: The PLC, or the station.
        kind: One of SOURCES; empty to take what has the name.
        source: Name of the object; of a folder of blocks its path; not used for a station.
        folder: Folder in the library, made where it is missing.
        name: Another name for the master copy.

    Raises:
        Problem: No such object, or TIA Portal refuses.
    """
    found = _source(session, device, kind, source)
    top = libraries.root(libraries.find_library(session, which), COPIES)
    with (
        libraries.changing(session, which, f"Copy {source or device}"),
        refused_as("master_copy.refused", Kind.REFUSED, device=device, object=source or device),
    ):
        made = libraries.find_or_create_folder(top, folder).MasterCopies.Create(found)
        if name is not None and name != str(made.Name):
            set_attribute(session.model, made, "Name", name)
    return _info(made, groups.split(folder))


def delete(session: Session, which: Which, path: str) -> MasterCopyInfo:
    """Delete a master copy; returns the deleted copy."""
    copy, names = libraries.find(session, which, COPIES, path)
    gone = _info(copy, names)
    with refused_as("master_copy.delete_refused", Kind.CONFLICT, object=path):
        copy.Delete()
    return gone


def instantiate(session: Session, which: Which, path: str, device: str, folder: str, mode: str) -> Made:
    """Copy the content of a master copy into the project.

    Args:
        session: The portal.
        which: The library.
        path: The master copy.
        device: The PLC that takes it; not used for a station.
        folder: Folder of the PLC, made where it is missing.
        mode: One of MODES: what to do when a name is used.

    Raises:
        Problem: No such master copy, several objects in it, a kind that has no CreateFrom here, the name is used and
            that cannot be solved in this way here, or TIA Portal refuses.
    """
    copy, _ = libraries.find(session, which, COPIES, path)
    content = list(copy.ContentDescriptions)
    if len(content) != 1:
        msg = f"'{path}' holds {len(content)} objects: Openness creates from a master copy of one object only."
        raise Problem("master_copy.several_objects", msg, place=Place(object=path))
    kind = str(content[0].ContentType.Name)
    place = Place(device=device or None, object=path)
    if kind not in _TARGETS:
        msg = f"'{path}' holds a {kind}: use one of {', '.join(sorted(_TARGETS))}."
        raise Problem("master_copy.kind", msg, place=place)
    if kind != "Device" and not device:
        raise Problem(
            "request.missing_field", "Name the device that receives the copy.", kind=Kind.INVALID, place=place
        )
    wanted = groups.join((*groups.split(folder), str(content[0].ContentName)))
    with (
        transaction(session, f"Create from {path}"),
        refused_as("master_copy.instantiate_refused", Kind.CONFLICT, object=path),
    ):
        target = _TARGETS[kind](session, device, folder)
        if kind != "Device" and session.model.has("CreateOptions"):
            made = target.CreateFrom(copy, enum(session.model, "MasterCopyMode", mode))
        else:
            _make_room(session, kind, wanted, mode, place)
            made = target.CreateFrom(copy)
    name = str(made.Name)
    return Made(name, type(made).__name__, name if kind == "Device" else device, folder)


def _make_room(session: Session, kind: str, path: str, mode: str, place: Place) -> None:
    """Apply a mode before CreateFrom where CreateFrom takes none; TIA Portal gives a station a free name.

    Raises:
        Problem: The name is used, and the mode is ThrowIfExists or Rename.
    """
    found = _holder(session, kind, path, place.device or "")
    if found is None or (kind == "Device" and mode == "Rename"):
        return
    name = groups.split(path)[-1]
    if mode == "ThrowIfExists":
        msg = f"An object '{name}' exists already: rename or delete it, or choose another mode."
        raise Problem("master_copy.instantiate_refused", msg, kind=Kind.CONFLICT, place=place)
    if mode == "Rename":
        msg = f"TIA Portal V{session.model.version} cannot choose a new name, and '{name}' exists already: rename it, or use Replace."
        raise Problem("master_copy.mode_not_offered", msg, kind=Kind.UNSUPPORTED, place=place)
    found.Delete()


def _holder(session: Session, kind: str, path: str, device: str) -> Any:
    """Return the object whose name a copy at this path would take: a folder in its folder, others in the PLC."""
    name = groups.split(path)[-1]
    if kind == "Device":
        stations = (each for each, _ in all_devices(session.project))
        return next((each for each in stations if str(each.Name).casefold() == name.casefold()), None)
    source = _KINDS[kind]
    return _SOURCES[source](session, device, path if source == "BlockFolder" else name)


# -- where objects come from and go to ----------------------------------------------------


def _make_finder(root: str, collection: str) -> Callable[[Session, str, str], Any]:
    def find(session: Session, device: str, name: str) -> Any:
        found = next(groups.find_all(getattr(plc(session, device), root), collection, name), None)
        return None if found is None else found[0]

    return find


def _block_folder(session: Session, device: str, name: str) -> Any:
    return groups.folder(plc(session, device).BlockGroup, name) if groups.split(name) else None


def _station(session: Session, device: str, _: str) -> Any:
    return locate(session, device).device


_SOURCES: dict[str, Callable[[Session, str, str], Any]] = {
    "Block": _make_finder("BlockGroup", "Blocks"),
    "UDT": _make_finder("TypeGroup", "Types"),
    "TagTable": _make_finder("TagTableGroup", "TagTables"),
    "BlockFolder": _block_folder,
    "Device": _station,
}
SOURCES = tuple(_SOURCES)
CopySource = Annotated[str, one_of("CopySource", "", *SOURCES)]
"""Of what a master copy is made; empty for what has the name."""

_KINDS = dict.fromkeys(BLOCKS, "Block") | {
    "PlcStruct": "UDT",
    "PlcType": "UDT",
    "PlcTagTable": "TagTable",
    "PlcBlockUserGroup": "BlockFolder",
}
"""Which of the sources has the name that an object of a .NET type would take."""
_NAMES = {"Block": "block", "UDT": "udt", "TagTable": "tag table", "BlockFolder": "folder"}


def _source(session: Session, device: str, kind: str, name: str) -> Any:
    if not kind and not name:
        return _station(session, device, name)
    for each in (kind,) if kind else SOURCES[:-1]:
        found = _SOURCES[each](session, device, name)
        if found is not None:
            return found
    raise not_found(_NAMES.get(kind, "object"), name, device=device)


def _into(root: str, collection: str) -> Callable[[Session, str, str], Any]:
    def target(session: Session, device: str, folder: str) -> Any:
        return getattr(groups.find_or_create(getattr(plc(session, device), root), folder, device), collection)

    return target


_TARGETS: dict[str, Callable[[Session, str, str], Any]] = dict.fromkeys(BLOCKS, _into("BlockGroup", "Blocks")) | {
    "PlcStruct": _into("TypeGroup", "Types"),
    "PlcType": _into("TypeGroup", "Types"),
    "PlcTagTable": _into("TagTableGroup", "TagTables"),
    "PlcBlockUserGroup": _into("BlockGroup", "Groups"),
    "Device": lambda session, _device, _folder: session.project.Devices,
}


def _info(copy: Any, names: Names) -> MasterCopyInfo:
    name = str(copy.Name)
    content = [CopyContent(str(each.ContentName), str(each.ContentType.Name)) for each in copy.ContentDescriptions]
    return MasterCopyInfo(
        name, groups.join((*names, name)), groups.join(names), str(copy.Author), moment(copy.CreationDate), content
    )
