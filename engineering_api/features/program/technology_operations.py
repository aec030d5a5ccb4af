"""Technology Objects: axes, controllers and counters of a PLC with their parameters and files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from engineering_api.features.change_list import Change
from engineering_api.features.program_files import one_file
from engineering_api.features.program_files.one_file import ReadFile
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Request, named, path_field
from engineering_api.operations.terms import Lock, Right, Undo
from openness_bridge.errors import Kind, Problem
from openness_bridge.importing import LANGUAGES, Languages
from openness_bridge.program import technology
from openness_bridge.program.technology import ParameterInfo, TechnologyObjectInfo

section = Section("Technology Objects")
FILE = "A file on the server, inside its allowed folders; a relative path starts from its workspace."
FOLDER = "Folder below Technology objects, its names joined by /; created if it is missing. TIA Portal V21 only."
AXIS = "The axis or encoder that an output cam, cam track or measuring input belongs to."


class OnDevice(Request, kw_only=True):
    """Which PLC."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]


class OnObject(OnDevice, kw_only=True):
    """Which technology object."""

    object_name: Annotated[str, named("Name of the technology object.")]


class Create(OnDevice, kw_only=True):
    """A new technology object."""

    name: Annotated[str, named("Its name.", "objectName")]
    type: Annotated[str, named("Its type, such as PID_Compact or TO_SpeedAxis.", "ofSystemLibElement")]
    version: Annotated[
        str, named("Its version, such as 2.3.", "ofSystemLibVersion", schema={"pattern": r"^\s*\d+(\.\d+){1,3}\s*$"})
    ]
    folder: Annotated[str, named(FOLDER, "folderPath")] = ""
    axis: Annotated[str, named(AXIS)] = ""


class SetParameters(OnObject, kw_only=True):
    """New values of parameters."""

    values: Annotated[
        dict[str, bool | int | float | str],
        named("Values by parameter, such as Config.InputUpperLimit or Sensor[1].Type.", "parameters"),
    ]


class Export(OnObject, kw_only=True):
    """Which object, to which file."""

    export_path: Annotated[
        str, path_field(f"A new .xml file. {FILE}", "path", "filePath", suffixes=(".xml",), writes=True)
    ]
    overwrite: Annotated[bool, named("Replace an existing file.", destroys=True, vendor=True)] = False


class Import(OnDevice, kw_only=True):
    """Which file, to which place."""

    import_file_path: Annotated[str, path_field(f"A SimaticML file. {FILE}", "path", "filePath", "importPath")]
    folder: Annotated[str, named(FOLDER, "folderPath")] = ""
    axis: Annotated[str, named(AXIS)] = ""
    override: Annotated[
        bool, named("Replace objects of the same names in the same place.", "overwrite", destroys=True, vendor=True)
    ] = False
    languages: Annotated[Languages, named(LANGUAGES)] = "activate"


class ImportedTechnologyObject(TechnologyObjectInfo, frozen=True, kw_only=True):
    """A technology object that was imported.

    Attributes:
        change: What became of it: created, replaced or unchanged, and why.
    """

    change: Change


class ObjectFile(Model):
    """A SimaticML file that was written; its size is in bytes."""

    name: str
    path: str
    size: int


ON_DEVICE = {"deviceName": "PLC_1"}
ON_OBJECT = ON_DEVICE | {"objectName": "Heater"}


@section.operation(
    also="GET /api/devices/{deviceName}/technology-objects",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example=ON_DEVICE,
)
def list_(ctx: Context, request: OnDevice) -> list[TechnologyObjectInfo]:
    """List the technology objects of a PLC, also those in folders and those that belong to an axis."""
    return technology.list_objects(ctx.session, request.device_name)


@section.operation(
    also="GET /api/devices/{deviceName}/technology-objects/{objectName}",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example=ON_OBJECT,
)
def get(ctx: Context, request: OnObject) -> TechnologyObjectInfo:
    """Get a technology object: type, version, number, place, and whether it is compiled."""
    return technology.describe(ctx.session, request.device_name, request.object_name)


@section.operation(
    also="POST /api/devices/{deviceName}/technology-objects",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"name": "Cooler", "type": "PID_Compact", "version": "2.3"},
    done="Technology object created",
)
def create(ctx: Context, request: Create) -> TechnologyObjectInfo:
    """Create a technology object. The CPU and its firmware decide which types and versions there are."""
    return technology.create(
        ctx.session,
        request.device_name,
        request.name,
        request.type,
        request.version,
        folder=request.folder,
        axis=request.axis,
    )


@section.operation(
    also="DELETE /api/devices/{deviceName}/technology-objects/{objectName}",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_OBJECT,
    done="Technology object deleted",
)
def delete(ctx: Context, request: OnObject) -> TechnologyObjectInfo:
    """Delete a technology object with its data block; an axis goes with what belongs to it."""
    return technology.delete(ctx.session, request.device_name, request.object_name)


@section.operation(
    also="GET /api/devices/{deviceName}/technology-objects/{objectName}/parameters",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example=ON_OBJECT,
)
def list_parameters(ctx: Context, request: OnObject) -> list[ParameterInfo]:
    """Get the parameters of a technology object with their values in the project."""
    return technology.parameters(ctx.session, request.device_name, request.object_name)


@section.operation(
    also="PUT /api/devices/{deviceName}/technology-objects/{objectName}/parameters",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_OBJECT | {"values": {"Config.InputUpperLimit": 95.0, "Config.InvertControl": True}},
    done="Parameters set",
)
def set_parameters(ctx: Context, request: SetParameters) -> list[ParameterInfo]:
    """Set parameters of a technology object, all or none. Compile it before you export or download it."""
    values: dict[str, technology.Value] = dict(request.values)
    return technology.set_parameters(ctx.session, request.device_name, request.object_name, values)


@section.operation(
    also="POST /api/devices/{deviceName}/technology-objects/{objectName}/actions/export",
    right=Right.VIEW,
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ON_OBJECT | {"exportPath": "export/Heater.xml"},
    done="Technology object exported",
)
def export(ctx: Context, request: Export) -> ObjectFile:
    """Export a compiled technology object to a SimaticML file."""
    _require_xml(request.export_path)
    xml = technology.export_xml(ctx.session, request.device_name, request.object_name)
    path = ctx.roots.new(request.export_path, overwrite=request.overwrite)
    ctx.roots.write(path, xml)
    return ObjectFile(name=request.object_name, path=str(path), size=len(xml))


def read_objects(ctx: Context, request: Import) -> ReadFile:
    """Read the file of a request."""
    return one_file.read_named(ctx, request.import_file_path)


@section.operation(
    reads=read_objects,
    also="POST /api/devices/{deviceName}/technology-objects/actions/import",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"importFilePath": "technology/Pump.xml"},
    done="Technology objects imported",
)
def import_(ctx: Context, request: Import, read: ReadFile) -> list[ImportedTechnologyObject]:
    """Import the technology objects of a SimaticML file, all or none. TIA Portal V16 or later."""
    found = one_file.foresee(ctx.session, request.device_name, read)
    made = technology.import_file(
        ctx.session,
        request.device_name,
        ctx.roots.existing(request.import_file_path),
        folder=request.folder,
        axis=request.axis,
        override=request.override,
        languages=request.languages,
    )
    return found.add_to(made, ImportedTechnologyObject, "TechnologicalInstanceDB")


def _require_xml(path: str) -> None:
    if Path(path).suffix.lower() != ".xml":
        raise Problem("file.wrong_kind", f"'{path}' must end with .xml, the extension of SimaticML.", kind=Kind.INVALID)
