"""Tag tables in SimaticML: whole tables, and single tags and constants.

Facts: docs/facts/simaticml.md#tag-tables, docs/facts/openness-program.md#tags-and-constants.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree

from fake_dotnet.system import FileInfo
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.options import DocumentInfoOptions, ExportOptions, ImportOptions
from fake_openness.program import export_defaults, exporting, importing
from fake_openness.program.program_object import _ProgramObject
from fake_openness.tags import tag_stream
from simatic_xml.model import Opaque, Tag, TagTable, UserConstant
from simatic_xml.writing.objects import write_constant, write_tag

if TYPE_CHECKING:
    from fake_openness.tags.tag_tables import PlcTagTableComposition


def read(data: bytes) -> TagTable:
    """Read a table of the project's store."""
    document = tag_stream.read(data)
    assert document is not None  # noqa: S101 - nothing else is written
    return document.tables[0]


def read_tables(target: PlcTagTableComposition, file: FileInfo, options: ImportOptions) -> list[TagTable]:
    """Read the tables of a file that is to be imported.

    Raises:
        EngineeringTargetInvocationException: As `importing.read`.
    """
    document = tag_stream.read(importing.content_of(target, file, options))
    if document is None:
        return importing.read(target, file, options, TagTable)
    importing.require_version(document.engineering, target._context.version)
    for table in document.tables:
        importing.settle_cultures(target._plc, table, options)
    return document.tables


def copy_for_export(table: TagTable, name: str) -> TagTable:
    """Return a copy whose rows can be changed for an export."""
    tags = [replace(tag, comment=tag.comment.copy(), attributes=tag.attributes.copy()) for tag in table.tags]
    return replace(table, name=name, tags=tags, constants=copy.deepcopy(table.constants))


def export_row(
    owner: _ProgramObject, row: Tag | UserConstant, file: FileInfo, options: ExportOptions, info: DocumentInfoOptions
) -> None:
    """Write one tag or constant as a separate document.

    Raises:
        EngineeringTargetInvocationException: Online, or the file exists.
    """
    path = exporting.require_target(owner, file, options, info)
    row = copy.deepcopy(row)
    if isinstance(row, Tag):
        if options.HasFlag(ExportOptions.WithDefaults):
            export_defaults.fill_tag(row, owner._plc._cultures())
        else:
            export_defaults.strip_tag(row)
    element = etree.fromstring(write_tag(row) if isinstance(row, Tag) else write_constant(row))
    del element.attrib["CompositionName"]
    exporting.write(owner, Opaque(element), path, options, info)


def read_rows(target: PlcTagTableComposition, file: FileInfo, options: ImportOptions) -> TagTable:
    """Read a file of single tags as a table without a name.

    Raises:
        EngineeringTargetInvocationException: As `importing.read`.
    """
    rows = importing.read(target, file, options, Opaque)
    if any(row.kind != "SW.Tags.PlcTag" for row in rows):
        msg = "Only tags can be imported here."
        raise EngineeringTargetInvocationException(msg, code="import.wrong_kind")
    table = etree.Element("SW.Tags.PlcTagTable", ID="0")
    objects = etree.SubElement(table, "ObjectList")
    objects.extend(row.element for row in rows)
    document = etree.Element("Document")
    document.append(table)
    return read(etree.tostring(document))
