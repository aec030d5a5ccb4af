"""HMI Screens: scripts, text lists and graphic lists of panels, the project's graphics, and library types of HMI."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.hmi.hmi_operations import (
    ON_DEVICE,
    FromFile,
    FromFileToFolder,
    Imported,
    OnDevice,
    ToFile,
    WrittenFile,
    imported,
    read_names,
    write_file,
)
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, named, path_field
from engineering_api.operations.terms import Lock, Right, Undo
from openness_bridge.hmi import lists, project_objects
from openness_bridge.hmi.lists import GRAPHIC, TEXT, HmiList, ListKind, ScriptContent, ScriptTree
from openness_bridge.hmi.project_objects import GraphicFiles, GraphicInfo
from openness_bridge.library.types import TypeInfo

section = Section("HMI Screens")
ON_LIST = ON_DEVICE | {"listName": "States"}


class OnScript(OnDevice, kw_only=True):
    """Which script."""

    script_name: Annotated[str, named("Name of the script; with its folders before it, joined by /, as well.", "name")]


class OnList(OnDevice, kw_only=True):
    """Which list."""

    list_name: Annotated[str, named("Name of the list.", "name")]


class ExportList(ToFile, kw_only=True):
    """Which list, to which file."""

    list_name: Annotated[str, named("Name of the list.", "name")]


class OnGraphic(OnDevice, kw_only=True):
    """Which graphic."""

    graphic_name: Annotated[str, named("Name of the graphic.", "name")]


class ExportGraphic(OnGraphic, kw_only=True):
    """Which graphic, to which file."""

    export_path: Annotated[
        str,
        path_field(
            "A new .xml file on the server, inside its allowed folders; pictures are written to a folder next to it.",
            "path",
            "filePath",
            writes=True,
        ),
    ]


class OnType(OnDevice, kw_only=True):
    """Which library type."""

    type_name: Annotated[str, named("Name, path or GUID of the type.", "name", "path", "guid")]


class Deleted(Model):
    """The deleted object."""

    name: str


# -- scripts ------------------------------------------------------------------------------


@section.operation(
    wait="GET /api/devices/{deviceName}/hmi/scripts/tree", right=Right.VIEW, changes=False, example=ON_DEVICE
)
def script_tree(ctx: Context, request: OnDevice) -> ScriptTree:
    """Get the folders of a panel with its VB scripts, or the script modules of a Unified panel."""
    return lists.script_tree(ctx.session, request.device_name)


@section.operation(
    wait="GET /api/devices/{deviceName}/hmi/scripts/{scriptName}/content",
    right=Right.VIEW,
    changes=False,
    example=ON_DEVICE | {"scriptName": "Count"},
)
def script_content(ctx: Context, request: OnScript) -> ScriptContent:
    """Get the source of a script, and its files as TIA Portal exports them."""
    return lists.script(ctx.session, request.device_name, request.script_name)


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/scripts/actions/import",
    reads=read_names,
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"importFilePath": "export/Count.xml", "override": True},
    done="Scripts imported",
)
def import_scripts(ctx: Context, request: FromFileToFolder, names: list[str]) -> Imported:
    """Import VB scripts from SimaticML, or script modules from a .hmi.yml file with their .hmi.js files next to it."""
    path = ctx.roots.existing(request.import_file_path)
    put = lists.import_scripts(ctx.session, request.device_name, path, names, request.folder, override=request.override)
    return imported(request.import_file_path, put)


# -- lists --------------------------------------------------------------------------------


@section.operation(
    wait="GET /api/devices/{deviceName}/hmi/text-lists", right=Right.VIEW, changes=False, example=ON_DEVICE
)
def text_lists(ctx: Context, request: OnDevice) -> list[HmiList]:
    """List the text lists of a panel with their entries."""
    return lists.lists(ctx.session, request.device_name, TEXT)


@section.operation(
    wait="GET /api/devices/{deviceName}/hmi/text-lists/{listName}/xml", right=Right.VIEW, changes=False, example=ON_LIST
)
def text_list_xml(ctx: Context, request: OnList) -> str:
    """Get a text list of a classic panel as SimaticML. Text lists of Unified panels have no XML: export them to a file."""
    return lists.list_xml(ctx.session, request.device_name, TEXT, request.list_name).decode("utf-8-sig")


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/text-lists/{listName}/actions/export",
    right=Right.VIEW,
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ON_LIST | {"exportPath": "export/States.xml"},
    done="Text list exported",
)
def export_text_list(ctx: Context, request: ExportList) -> WrittenFile:
    """Export a text list to a file: SimaticML of a classic panel, .hmi.yml of a Unified one."""
    return _export(ctx, request, TEXT)


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/text-lists/actions/import",
    reads=read_names,
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"importFilePath": "export/States.xml", "override": True},
    done="Text lists imported",
)
def import_text_lists(ctx: Context, request: FromFile, names: list[str]) -> Imported:
    """Import the text lists of a SimaticML or .hmi.yml file, all or none."""
    return _import(ctx, request, TEXT, names)


@section.operation(
    also="DELETE /api/devices/{deviceName}/hmi/text-lists/{listName}",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_LIST,
    done="Text list deleted",
)
def delete_text_list(ctx: Context, request: OnList) -> Deleted:
    """Delete a text list of a classic panel. Openness cannot delete those of a Unified panel."""
    lists.delete_list(ctx.session, request.device_name, TEXT, request.list_name)
    return Deleted(name=request.list_name)


@section.operation(
    wait="GET /api/devices/{deviceName}/hmi/graphic-lists", right=Right.VIEW, changes=False, example=ON_DEVICE
)
def graphic_lists(ctx: Context, request: OnDevice) -> list[HmiList]:
    """List the graphic lists of a panel with their entries."""
    return lists.lists(ctx.session, request.device_name, GRAPHIC)


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/graphic-lists/{listName}/actions/export",
    right=Right.VIEW,
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ON_LIST | {"exportPath": "export/Symbols.xml"},
    done="Graphic list exported",
)
def export_graphic_list(ctx: Context, request: ExportList) -> WrittenFile:
    """Export a graphic list to a file: SimaticML of a classic panel, .hmi.yml of a Unified one."""
    return _export(ctx, request, GRAPHIC)


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/graphic-lists/actions/import",
    reads=read_names,
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"importFilePath": "export/Symbols.xml", "override": True},
    done="Graphic lists imported",
)
def import_graphic_lists(ctx: Context, request: FromFile, names: list[str]) -> Imported:
    """Import the graphic lists of a SimaticML or .hmi.yml file, all or none."""
    return _import(ctx, request, GRAPHIC, names)


@section.operation(
    also="DELETE /api/devices/{deviceName}/hmi/graphic-lists/{listName}",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_LIST,
    done="Graphic list deleted",
)
def delete_graphic_list(ctx: Context, request: OnList) -> Deleted:
    """Delete a graphic list of a classic panel. Openness cannot delete those of a Unified panel."""
    lists.delete_list(ctx.session, request.device_name, GRAPHIC, request.list_name)
    return Deleted(name=request.list_name)


def _export(ctx: Context, request: ExportList, kind: ListKind) -> WrittenFile:
    device, name = request.device_name, request.list_name
    return write_file(ctx, request, lambda path: lists.export_list(ctx.session, device, kind, name, path))


def _import(ctx: Context, request: FromFile, kind: ListKind, names: list[str]) -> Imported:
    path = ctx.roots.existing(request.import_file_path)
    put = lists.import_lists(ctx.session, request.device_name, kind, path, names, override=request.override)
    return imported(request.import_file_path, put)


# -- graphics -----------------------------------------------------------------------------


@section.operation(
    wait="GET /api/devices/{deviceName}/hmi/project-graphics", right=Right.VIEW, changes=False, example=ON_DEVICE
)
def project_graphics(ctx: Context, request: OnDevice) -> list[GraphicInfo]:
    """List the graphics of the project, which all its panels share."""
    return project_objects.graphics(ctx.session, request.device_name)


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/project-graphics/{graphicName}/actions/export",
    destroys=False,
    undo=Undo.NEEDLESS,
    right=Right.VIEW,
    example=ON_DEVICE | {"graphicName": "Pump", "exportPath": "export/Pump.xml"},
    done="Graphic exported",
)
def export_graphic(ctx: Context, request: ExportGraphic) -> GraphicFiles:
    """Export a graphic to a SimaticML file, and its pictures to a folder next to it."""
    path = ctx.roots.new(request.export_path)
    return project_objects.export_graphic(ctx.session, request.device_name, request.graphic_name, path)


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/project-graphics/actions/import",
    reads=read_names,
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"importFilePath": "export/Pump.xml", "override": True},
    done="Graphics imported",
)
def import_graphics(ctx: Context, request: FromFile, names: list[str]) -> Imported:
    """Import the graphics of a SimaticML file, or a picture, which becomes a graphic of its file's name."""
    path = ctx.roots.existing(request.import_file_path)
    put = project_objects.import_graphics(ctx.session, request.device_name, path, names, override=request.override)
    return imported(request.import_file_path, put)


@section.operation(
    also="DELETE /api/devices/{deviceName}/hmi/project-graphics/{graphicName}",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"graphicName": "Pump"},
    done="Graphic deleted",
)
def delete_graphic(ctx: Context, request: OnGraphic) -> GraphicInfo:
    """Delete a graphic of the project."""
    return project_objects.delete_graphic(ctx.session, request.device_name, request.graphic_name)


# -- library types ------------------------------------------------------------------------


@section.operation(
    wait="GET /api/devices/{deviceName}/hmi/library-types/{typeName}",
    right=Right.VIEW,
    changes=False,
    example=ON_DEVICE | {"typeName": "Valve"},
)
def library_type(ctx: Context, request: OnType) -> TypeInfo:
    """Get a library type of HMI: a faceplate, screen, style, script or HMI user data type."""
    return project_objects.library_type(ctx.session, request.device_name, request.type_name)


@section.operation(wait="GET /api/hmi/library-types/detailed", right=Right.VIEW, changes=False)
def library_types(ctx: Context, _: Nothing) -> list[TypeInfo]:
    """List the library types of HMI with their versions."""
    return project_objects.library_types(ctx.session)
