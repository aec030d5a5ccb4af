"""Tags and connections of panels.

A classic tag shows its name only: data type, connection and PLC tag are read from the export of its table, all at once.
A Unified tag has typed properties. Facts: docs/facts/openness-hmi.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec

from openness_bridge import groups
from openness_bridge.enumerations import one_of
from openness_bridge.errors import Kind, Place, Problem, not_found, refused_as
from openness_bridge.hmi import files, panels, xml
from openness_bridge.hmi.formatted_text import Element
from openness_bridge.hmi.panels import Panel
from openness_bridge.hmi.putting import Destination, Put, import_document, import_markup
from openness_bridge.portal.portal import Session
from openness_bridge.portal.transaction import transaction
from openness_bridge.project import texts
from openness_bridge.values import set_attribute

TAG = "Hmi.Tag.Tag"
CLASSIC_ONLY = "its connections have no files. Create them with POST hmi/connections."


HmiTagNodeKind = Annotated[str, one_of("HmiTagNodeKind", "Device", "Folder", "UserFolder", "TagTable", "Tag")]


class HmiTagInfo(msgspec.Struct, rename="camel", frozen=True):
    """A tag of a panel.

    Attributes:
        data_type: The data type in the controller.
        hmi_data_type: The data type on the panel.
        connection: The connection; empty for an internal tag of the panel.
        plc_tag: The tag or member in the controller, or empty.
        address: The absolute address in the controller, or empty.
        acquisition_cycle: How often the panel reads it.
        folder: Names of its table's folders, joined by /.
        comment: In the first language that has one.
    """

    name: str
    data_type: str
    hmi_data_type: str
    connection: str
    plc_tag: str
    address: str
    acquisition_cycle: str
    comment: str
    table: str
    folder: str
    device: str


class HmiTagNode(msgspec.Struct, rename="camel", frozen=True):
    """A folder, table or tag of the tree.

    Attributes:
        node_type: Device, Folder, UserFolder, TagTable or Tag.
        tag: The known facts about a tag.
    """

    name: str
    node_type: HmiTagNodeKind
    is_folder: bool
    children: list[HmiTagNode] = []
    tag: HmiTagInfo | None = None


class ConnectionInfo(msgspec.Struct, rename="camel", frozen=True):
    """A connection of a panel.

    Attributes:
        partner: The controller.
        type: The communication driver.
    """

    name: str
    partner: str
    type: str
    station: str
    node: str
    device: str


class TagValues(msgspec.Struct, frozen=True, kw_only=True):
    """The wanted properties of a Unified tag; None leaves one as TIA Portal makes it."""

    data_type: str | None = None
    hmi_data_type: str | None = None
    connection: str | None = None
    plc_name: str | None = None
    plc_tag: str | None = None
    address: str | None = None
    acquisition_cycle: str | None = None
    comment: str | None = None


_ATTRIBUTES = {
    "hmi_data_type": "HmiDataType",
    "data_type": "DataType",
    "connection": "Connection",
    "plc_name": "PlcName",
    "plc_tag": "PlcTag",
    "address": "Address",
    "acquisition_cycle": "AcquisitionCycle",
}
"""The properties of a tag, in the order in which they can be set."""


_CONNECTION = "PartnerName", "Driver", "StationName", "NodeName"
"""The partner's attributes in the document of a classic connection."""


# -- reading ------------------------------------------------------------------------------


def list_tags(session: Session, device: str) -> list[HmiTagInfo]:
    """Return the tags of a panel, from all its tables."""
    found = panels.panel(session, device)
    return [tag for table, folder in tables(found) for tag in _tags(session, found, table, folder)]


def all_tags(session: Session) -> list[HmiTagInfo]:
    """Return the tags of all panels."""
    return [tag for found in panels.panels(session) for tag in list_tags(session, found.device)]


def tree(session: Session, device: str) -> HmiTagNode:
    """Return the folders of a panel with their tag tables and tags."""
    found = panels.panel(session, device)
    root = found.software if found.unified else found.software.TagFolder
    return _node(session, found, root, "TagTableGroups" if found.unified else "Folders", "HMI tags", ())


def unified_tree(session: Session, device: str) -> HmiTagNode:
    """Return the tree of a Unified panel.

    Raises:
        Problem: It is a classic one.
    """
    panels.require_unified(session, device, "its tags are at hmi/tags/tree.")
    return tree(session, device)


def all_trees(session: Session) -> list[HmiTagNode]:
    """Return the trees of all panels, below a node for each device."""
    devices = [found.device for found in panels.panels(session)]
    return [HmiTagNode(device, "Device", True, [tree(session, device)]) for device in devices]


def tables(found: Panel) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """Return the tag tables of a panel, with the names of their folders."""
    if found.unified:
        return panels.walk(found.software, "TagTables", "TagTableGroups")
    return panels.walk(found.software.TagFolder, "TagTables", "Folders")


def _node(session: Session, found: Panel, root: Any, inner: str, title: str, names: tuple[str, ...]) -> HmiTagNode:
    children = [
        _node(session, found, below, panels.deeper(inner), str(below.Name), (*names, str(below.Name)))
        for below in getattr(root, inner)
    ]
    for table in root.TagTables:
        tags = [HmiTagNode(tag.name, "Tag", False, [], tag) for tag in _tags(session, found, table, names)]
        children.append(HmiTagNode(str(table.Name), "TagTable", True, tags))
    return HmiTagNode(title, "UserFolder" if names else "Folder", True, children)


def _tags(session: Session, found: Panel, table: Any, folder: tuple[str, ...]) -> list[HmiTagInfo]:
    place = _place(found, table, folder)
    if found.unified:
        return [_read_tag(tag, place) for tag in table.Tags]
    document = panels.element(session, table, found.device)
    return [_read_element(tag, place) for tag in document.findall(f"ObjectList/{TAG}")]


def _place(found: Panel, table: Any, folder: tuple[str, ...]) -> dict[str, str]:
    return {"table": str(table.Name), "folder": groups.join(folder), "device": found.device}


def _read_tag(tag: Any, place: dict[str, str]) -> HmiTagInfo:
    return HmiTagInfo(
        name=str(tag.Name),
        data_type=str(tag.DataType),
        hmi_data_type=str(tag.HmiDataType),
        connection=str(tag.Connection),
        plc_tag=str(tag.PlcTag),
        address=str(tag.Address),
        acquisition_cycle=str(tag.AcquisitionCycle),
        comment=next(iter(texts.read(tag.Comment).values()), ""),
        **place,
    )


def _read_element(tag: Element, place: dict[str, str]) -> HmiTagInfo:
    return HmiTagInfo(
        name=xml.attribute(tag, "Name"),
        data_type=xml.link(tag, "DataType"),
        hmi_data_type=xml.link(tag, "HmiDataType"),
        connection=xml.link(tag, "Connection"),
        plc_tag=xml.link(tag, "ControllerTag"),
        address=xml.attribute(tag, "LogicalAddress"),
        acquisition_cycle=xml.link(tag, "AcquisitionCycle"),
        comment=next(iter(xml.texts(tag, "Comment").values()), ""),
        **place,
    )


# -- changing tags ------------------------------------------------------------------------


def create(session: Session, device: str, name: str, table: str, values: TagValues) -> HmiTagInfo:
    """Make a tag on a Unified panel; its table is made where it is missing.

    Args:
        session: The portal.
        device: The panel.
        name: The tag.
        table: Its table; empty for the default one.
        values: Its properties.

    Raises:
        Problem: A classic panel, whose tags are imported; or TIA Portal refuses the name or a value.
    """
    found = panels.require_unified(session, device, "its tags are imported: use hmi/tags/actions/import.")
    with (
        transaction(session, f"Create {name}"),
        refused_as("hmi.tag_refused", Kind.REFUSED, device=device, object=name),
    ):
        if table and not any(str(each.Name).casefold() == table.casefold() for each, _ in tables(found)):
            found.software.TagTables.Create(table)
        made = found.software.Tags.Create(name, table) if table else found.software.Tags.Create(name)
        for field, attribute in _ATTRIBUTES.items():
            value = getattr(values, field)
            if value is not None:
                set_attribute(session.model, made, attribute, value)
        if values.comment is not None:
            texts.write(session.model, made.Comment, texts.merge(session, values.comment, []))
    return _tag(session, found, name)[1]


def _tag(session: Session, found: Panel, name: str) -> tuple[Any, HmiTagInfo]:
    """Return a tag by its name, and its known facts, from one table, read or exported.

    Raises:
        Problem: There is none.
    """
    for table, folder in tables(found):
        tag = table.Tags.Find(name)
        if tag is not None and found.unified:
            return tag, _read_tag(tag, _place(found, table, folder))
        if tag is not None:
            known = _tags(session, found, table, folder)
            return tag, next(each for each in known if each.name == str(tag.Name))
    raise not_found("tag", name, device=found.device)


def delete(session: Session, device: str, name: str) -> HmiTagInfo:
    """Delete a tag; returns the deleted tag.

    Raises:
        Problem: There is none, or TIA Portal refuses.
    """
    found = panels.panel(session, device)
    tag, gone = _tag(session, found, name)
    with refused_as("hmi.delete_refused", Kind.CONFLICT, device=device, object=name):
        tag.Delete()
    return gone


# -- files of tags ------------------------------------------------------------------------


def export(session: Session, device: str, path: Path, table: str | None) -> Path:
    """Write tag tables to a new file: SimaticML of a classic panel, .hmi.yml of a Unified one. Returns the file.

    Args:
        session: The portal.
        device: The panel.
        path: The file.
        table: The table; all of them when None.

    Raises:
        Problem: No such table, a file name that does not fit, or TIA Portal refuses.
    """
    found = panels.panel(session, device)
    chosen = [each for each, _ in tables(found)]
    if table is not None:
        chosen = [panels.only(iter(chosen), "tag table", table, device, lambda each: str(each.Name))]
    if found.unified:
        tags = chosen[0].Tags if table is not None else found.software.Tags
        return files.export(session, tags, path, device)
    panels.export_together(session, chosen, path, found.device)
    return path


def import_file(
    session: Session, device: str, path: Path, names: Collection[str], folder: str, *, override: bool
) -> list[Put]:
    """Import the tag tables of a SimaticML file, or the tags of a .hmi.yml file; returns them.

    On a Unified panel TIA Portal gives existing tags the values of the file, so `override` must be set when there are
    some.

    Raises:
        Problem: TIA Portal refuses the file; then it imports nothing.
    """
    found = panels.panel(session, device)
    if found.unified:
        return _import_markup(session, found, path, override=override)
    where = Destination(found.software.TagFolder, "TagTables", tuple(groups.split(folder)))
    return import_document(session, where, path, names, found.device, "TagTable", override=override)


def _import_markup(session: Session, found: Panel, path: Path, *, override: bool) -> list[Put]:
    names = files.names(path, "Tags")
    there = [name for name in names if found.software.Tags.Find(name) is not None]
    if there and not override:
        msg = f"The panel has the tags {', '.join(there)} already: set override to give them the values of the file."
        raise Problem("hmi.import_refused", msg, place=Place(device=found.device, object=there[0]))
    tags = found.software.Tags

    def export(place: Path, _: list[str]) -> None:
        files.export(session, tags, place / f"tags{files.SUFFIX}", found.device)

    return import_markup(session, tags, path, found.device, "Tags", there, export)


# -- connections --------------------------------------------------------------------------


def connections(session: Session, device: str) -> list[ConnectionInfo]:
    """Return the connections of a panel."""
    found = panels.panel(session, device)
    return [_connection(session, found, each) for each in found.software.Connections]


def _connection(session: Session, found: Panel, connection: Any) -> ConnectionInfo:
    if found.unified:
        driver, station, node = (str(getattr(connection, name)) for name in ("CommunicationDriver", "Station", "Node"))
        return ConnectionInfo(str(connection.Name), str(connection.Partner), driver, station, node, found.device)
    element = panels.element(session, connection, found.device)
    partner, driver, station, node = (xml.attribute(element, each) for each in _CONNECTION)
    return ConnectionInfo(str(connection.Name), partner, driver, station, node, found.device)


def create_connection(
    session: Session, device: str, name: str, partner: str, driver: str | None, station: str | None, node: str | None
) -> ConnectionInfo:
    """Make a connection on a Unified panel.

    Raises:
        Problem: A classic panel, whose connections are imported; or TIA Portal refuses.
    """
    found = panels.require_unified(session, device, "its connections are imported: use hmi/connections/actions/import.")
    wanted = {"CommunicationDriver": driver, "Partner": partner, "Station": station, "Node": node}
    with (
        transaction(session, f"Create {name}"),
        refused_as("hmi.connection_refused", Kind.REFUSED, device=device, object=name),
    ):
        made = found.software.Connections.Create(name)
        for attribute, value in wanted.items():
            if value is not None:
                set_attribute(session.model, made, attribute, value)
    return _connection(session, found, made)


def delete_connection(session: Session, device: str, name: str) -> ConnectionInfo:
    """Delete a connection; returns the deleted connection.

    Raises:
        Problem: There is none, or TIA Portal refuses.
    """
    found = panels.panel(session, device)
    connection = panels.only(iter(found.software.Connections), "connection", name, device, lambda each: str(each.Name))
    gone = _connection(session, found, connection)
    with refused_as("hmi.delete_refused", Kind.CONFLICT, device=device, object=name):
        connection.Delete()
    return gone


def export_connections(session: Session, device: str, path: Path, name: str | None) -> None:
    """Write the connections of a classic panel, or the one of a name, to a new SimaticML file.

    Raises:
        Problem: A Unified panel, no such connection, or TIA Portal refuses.
    """
    found = panels.classic(session, device, CLASSIC_ONLY)
    chosen = list(found.software.Connections)
    if name is not None:
        chosen = [panels.only(iter(chosen), "connection", name, device, lambda each: str(each.Name))]
    panels.export_together(session, chosen, path, found.device)


def import_connections(
    session: Session, device: str, path: Path, names: Collection[str], *, override: bool
) -> list[Put]:
    """Import the connections of a SimaticML file; returns them.

    Raises:
        Problem: A Unified panel, or TIA Portal refuses the file; then it imports nothing.
    """
    found = panels.classic(session, device, CLASSIC_ONLY)
    where = Destination(found.software, "Connections")
    return import_document(session, where, path, names, found.device, "Connection", override=override)
