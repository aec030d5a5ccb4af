"""The whole project at a glance: one walk, each object touched once."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from openness_bridge.attribute_values import read_together
from openness_bridge.enumerations import BlockKind, ProgrammingLanguage, one_of
from openness_bridge.groups import walk
from openness_bridge.lookup import all_devices, head_of, items, software_of
from openness_bridge.portal.portal import Session
from openness_bridge.project.projects import editing_text
from openness_bridge.values import enum_name, moment

DeviceKind = Annotated[str, one_of("DeviceKind", "Station", "GSD")]
"""Whether a device is a station of TIA Portal or described by a GSD file."""


class BlockSummary(msgspec.Struct, rename="camel", frozen=True):
    """A block in short."""

    name: str
    type: BlockKind
    language: ProgrammingLanguage
    number: int


class TagTableSummary(msgspec.Struct, rename="camel", frozen=True):
    """A tag table in short."""

    name: str
    tag_count: int
    is_default: bool


class UdtSummary(msgspec.Struct, rename="camel", frozen=True):
    """A PLC data type in short."""

    name: str
    is_consistent: bool
    modified_date: str | None


class DeviceItemSummary(msgspec.Struct, rename="camel", frozen=True):
    """A plugged module in short."""

    name: str
    type_identifier: str


class DeviceOverview(msgspec.Struct, rename="camel", frozen=True):
    """A device with everything in it.

    Attributes:
        folder: The groups that it is in.
    """

    name: str
    type_identifier: str
    type: DeviceKind
    article_number: str | None
    version: str | None
    folder: str
    blocks: list[BlockSummary]
    tag_tables: list[TagTableSummary]
    udts: list[UdtSummary]
    device_items: list[DeviceItemSummary]


class Overview(msgspec.Struct, rename="camel", frozen=True):
    """The open project."""

    project_name: str
    project_path: str
    author: str
    comment: str
    is_modified: bool
    devices: list[DeviceOverview]


def overview(session: Session) -> Overview:
    """Return devices, blocks, tag tables and types of the open project."""
    project = session.project
    return Overview(
        project_name=str(project.Name),
        project_path=str(project.Path.FullName),
        author=str(project.Author),
        comment=editing_text(project, project.Comment),
        is_modified=bool(project.IsModified),
        devices=[device_overview(session, device, folder) for device, folder in all_devices(project)],
    )


def device_overview(session: Session, device: Any, folder: tuple[str, ...]) -> DeviceOverview:
    """Return one device with everything in it."""
    all_items = list(items(device))
    software = next((found for item in all_items if (found := software_of(session, item)) is not None), None)
    number, version = article(str((head_of(device) or device).TypeIdentifier or ""))
    return DeviceOverview(
        name=str(device.Name),
        type_identifier=str(device.TypeIdentifier),
        type="GSD" if bool(device.IsGsd) else "Station",
        article_number=number,
        version=version,
        folder="/".join(folder),
        blocks=[block_summary(session, block) for block, _ in walk(software.BlockGroup, "Blocks")] if software else [],
        tag_tables=[_table(table) for table, _ in walk(software.TagTableGroup, "TagTables")] if software else [],
        udts=[_udt(session, kind) for kind, _ in walk(software.TypeGroup, "Types")] if software else [],
        device_items=[DeviceItemSummary(str(i.Name), str(i.TypeIdentifier or "")) for i in all_items if i.IsPlugged],
    )


def block_summary(session: Session, block: Any) -> BlockSummary:
    """Return a block in short; its kind is the runtime type."""
    name, language, number = read_together(session, block, "Name", "ProgrammingLanguage", "Number")
    return BlockSummary(str(name), type(block).__name__, enum_name(language), int(number))


def article(type_identifier: str) -> tuple[str | None, str | None]:
    """Return order number and firmware of a type identifier such as OrderNumber:6ES7 511-1AK02-0AB0/V2.9."""
    kind, _, rest = type_identifier.partition(":")
    if kind != "OrderNumber":
        return None, None
    number, _, version = rest.partition("/")
    return number, version or None


def _table(table: Any) -> TagTableSummary:
    return TagTableSummary(str(table.Name), int(table.Tags.Count), bool(table.IsDefault))


def _udt(session: Session, kind: Any) -> UdtSummary:
    name, consistent, modified = read_together(session, kind, "Name", "IsConsistent", "ModifiedDate")
    return UdtSummary(str(name), bool(consistent), moment(modified))
