"""Writing one object of the program to a SimaticML file.

Facts: docs/facts/openness.md#import-and-export-options; docs/facts/tia-operations.md#export (existing file, relative
path, offline).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

import simatic_xml
from fake_dotnet.system import DateTime, FileInfo, absolute, require_type
from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject
from fake_openness.core.options import DocumentInfoOptions, ExportOptions
from fake_openness.program import export_defaults
from fake_openness.program.program_object import _ProgramObject
from simatic_xml.model import Block, PlcObject, PlcType, TagTable

if TYPE_CHECKING:
    from fake_openness.program.elements import _Element

_PRODUCTS = ("Totally Integrated Automation Portal", "STEP 7 Professional")


def export(
    element: _Element, content: Block | PlcType, file: FileInfo, options: ExportOptions, info: DocumentInfoOptions
) -> None:
    """Write a block or data type.

    Raises:
        EngineeringTargetInvocationException: Online, or the file exists.
    """
    path = require_target(element, file, options, info)
    version = element._context.version
    content.read_only = {}
    if options.HasFlag(ExportOptions.WithDefaults):
        export_defaults.fill(content, version, element._plc._cultures())
    else:
        export_defaults.strip(content, version)
    if options.HasFlag(ExportOptions.WithReadOnly):
        content.read_only = _read_only(element)
    write(element, content, path, options, info)


def export_table(
    owner: _ProgramObject, table: TagTable, file: FileInfo, options: ExportOptions, info: DocumentInfoOptions
) -> None:
    """Write a tag table.

    Raises:
        EngineeringTargetInvocationException: Online, or the file exists.
    """
    path = require_target(owner, file, options, info)
    cultures = owner._plc._cultures()
    for tag in table.tags:
        if options.HasFlag(ExportOptions.WithDefaults):
            export_defaults.fill_tag(tag, cultures)
        else:
            export_defaults.strip_tag(tag)
    write(owner, table, path, options, info)


def require_target(owner: _ProgramObject, file: FileInfo, options: ExportOptions, info: DocumentInfoOptions) -> Path:
    """Return the path of an export, after checking that it can be made.

    Raises:
        EngineeringTargetInvocationException: Online, or the file exists.
    """
    require_type(options, ExportOptions, "exportOptions")
    require_type(info, DocumentInfoOptions, "documentInfoOptions")
    owner._plc._require_offline("Exporting")
    return new_file(file)


def new_file(file: FileInfo) -> Path:
    """Return the path of a file that an export may write.

    Raises:
        EngineeringTargetInvocationException: The file exists.
    """
    path = absolute(file, FileInfo, "path")
    if path.exists():
        msg = f"The export cannot be made because the file '{path}' already exists: delete it or choose another."
        raise EngineeringTargetInvocationException(msg, code="export.file_exists")
    return path


def write(
    owner: EngineeringObject,
    content: PlcObject,
    path: Path,
    options: ExportOptions,
    info: DocumentInfoOptions,
) -> None:
    """Write a document with one object and its head."""
    version = owner._context.version.engineering
    document = simatic_xml.Document(version, [content], header=_document_info(owner, options, info))
    data = simatic_xml.dump(document)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _read_only(element: _Element) -> dict[str, str]:
    state, shown = element._state, {"IsConsistent": "true", "IsKnowHowProtected": "false"}
    moments = {
        "CreationDate": state.created,
        "ModifiedDate": state.modified,
        "InterfaceModifiedDate": state.interface_modified,
    }
    if state.number is not None:
        moments |= {
            "CodeModifiedDate": state.code_modified,
            "ParameterModified": state.parameter_modified,
            "StructureModified": state.structure_modified,
        }
        if state.compiled is not None:
            moments["CompileDate"] = state.compiled
    return shown | {name: DateTime(moment).ToString() for name, moment in moments.items()}


def _document_info(owner: EngineeringObject, options: ExportOptions, info: DocumentInfoOptions) -> list[etree._Element]:
    root = etree.Element("DocumentInfo")
    if info.HasFlag(DocumentInfoOptions.CreatedTimeStamp):
        etree.SubElement(root, "Created").text = DateTime(owner._context.now()).ToString()
    if info.HasFlag(DocumentInfoOptions.ExportSetting):
        etree.SubElement(root, "ExportSetting").text = "None" if not options.value else options.ToString()
    if info.HasFlag(DocumentInfoOptions.InstalledProducts):
        products = etree.SubElement(root, "InstalledProducts")
        for name in _PRODUCTS:
            product = etree.SubElement(products, "Product")
            etree.SubElement(product, "DisplayName").text = name
            etree.SubElement(product, "DisplayVersion").text = owner._context.version.engineering
    return [root] if len(root) else []
