"""HMI Screens: tags and connections of panels."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.hmi.hmi_operations import (
    FOLDER,
    ON_DEVICE,
    ON_UNIFIED,
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
from engineering_api.operations.fields import Nothing, named
from engineering_api.operations.terms import Lock, Right, Undo
from openness_bridge.hmi import tags
from openness_bridge.hmi.tags import ConnectionInfo, HmiTagInfo, HmiTagNode, TagValues

section = Section("HMI Screens")


class ExportTags(ToFile, kw_only=True):
    """Which tags, to which file."""

    table_name: Annotated[str | None, named("Only those of this tag table.", "table", "tagTableName")] = None


class ImportTags(FromFileToFolder, kw_only=True):
    """Which file of tags, to which folder."""

    folder: Annotated[
        str, named(f"{FOLDER} Created if it is missing; a Unified panel has its place in the file.", "folderPath")
    ] = ""


class OnTag(OnDevice, kw_only=True):
    """Which tag."""

    tag_name: Annotated[str, named("Name of the tag.", "name")]


class CreateTag(OnDevice, kw_only=True):
    """A new tag of a Unified panel."""

    name: Annotated[str, named("Its name.", "tagName")]
    table: Annotated[
        str,
        named("Its tag table, created if it is missing; by default the default table.", "tableName", "tagTableName"),
    ] = ""
    data_type: Annotated[str | None, named("The data type in the controller.", "dataTypeName")] = None
    hmi_data_type: Annotated[str | None, named("The data type on the panel.")] = None
    connection: Annotated[
        str | None, named("The connection; without one it is an internal tag of the panel.", "connectionName")
    ] = None
    plc_name: Annotated[str | None, named("The controller.")] = None
    plc_tag: Annotated[str | None, named("The tag or member in the controller; needs a connection.")] = None
    address: Annotated[str | None, named("The absolute address in the controller; needs a connection.")] = None
    acquisition_cycle: Annotated[str | None, named("How often it is read, such as T1s.")] = None
    comment: Annotated[str | None, named("What it is for, in the project's editing language.")] = None

    def values(self) -> TagValues:
        """The tag as the bridge takes it."""
        return TagValues(
            data_type=self.data_type,
            hmi_data_type=self.hmi_data_type,
            connection=self.connection,
            plc_name=self.plc_name,
            plc_tag=self.plc_tag,
            address=self.address,
            acquisition_cycle=self.acquisition_cycle,
            comment=self.comment,
        )


class ExportConnections(ToFile, kw_only=True):
    """Which connections, to which file."""

    connection_name: Annotated[str | None, named("Only this one.", "name", "connection")] = None


class OnConnection(OnDevice, kw_only=True):
    """Which connection."""

    connection_name: Annotated[str, named("Name of the connection.", "name")]


class CreateConnection(OnDevice, kw_only=True):
    """A new connection of a Unified panel."""

    name: Annotated[str, named("Its name.", "connectionName")]
    partner: Annotated[str, named("The controller.", "plcName")]
    type: Annotated[
        str | None, named("The communication driver; by default TIA Portal's.", "driver", "communicationDriver")
    ] = None
    station: Annotated[str | None, named("The station that the controller is in.")] = None
    node: Annotated[str | None, named("The interface of the controller.")] = None


# -- tags ---------------------------------------------------------------------------------


@section.operation(
    wait="GET /api/devices/{deviceName}/hmi/tags/tree", right=Right.VIEW, changes=False, kept=True, example=ON_DEVICE
)
def tag_tree(ctx: Context, request: OnDevice) -> HmiTagNode:
    """Get the folders of a panel with its tag tables and tags."""
    return tags.tree(ctx.session, request.device_name)


@section.operation(wait="GET /api/hmi/tags/tree", right=Right.VIEW, changes=False, kept=True)
def all_tag_trees(ctx: Context, _: Nothing) -> list[HmiTagNode]:
    """Get the tag tables and tags of all panels, below a node for each device."""
    return tags.all_trees(ctx.session)


@section.operation(
    wait="GET /api/devices/{deviceName}/hmi/unified/tags/tree",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example=ON_UNIFIED,
)
def unified_tag_tree(ctx: Context, request: OnDevice) -> HmiTagNode:
    """Get the groups of a Unified panel with its tag tables and tags."""
    return tags.unified_tree(ctx.session, request.device_name)


@section.operation(
    also="GET /api/devices/{deviceName}/hmi/tags", right=Right.VIEW, changes=False, kept=True, example=ON_DEVICE
)
def list_tags(ctx: Context, request: OnDevice) -> list[HmiTagInfo]:
    """List the tags of a panel from all tag tables."""
    return tags.list_tags(ctx.session, request.device_name)


@section.operation(also="GET /api/hmi/tags", right=Right.VIEW, changes=False, kept=True)
def all_tags(ctx: Context, _: Nothing) -> list[HmiTagInfo]:
    """List the tags of all panels."""
    return tags.all_tags(ctx.session)


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/tags/actions/export",
    right=Right.VIEW,
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ON_DEVICE | {"exportPath": "export/HMI tags.xml"},
    done="Tags exported",
)
def export_tags(ctx: Context, request: ExportTags) -> WrittenFile:
    """Export the tag tables of a panel, or one of them: SimaticML of a classic panel, .hmi.yml of a Unified one."""
    device, table = request.device_name, request.table_name
    return write_file(ctx, request, lambda path: tags.export(ctx.session, device, path, table))


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/tags/actions/import",
    reads=read_names,
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"importFilePath": "export/HMI tags.xml", "override": True},
    done="Tags imported",
)
def import_tags(ctx: Context, request: ImportTags, names: list[str]) -> Imported:
    """Import tag tables from SimaticML into a classic panel, tags from .hmi.yml into a Unified one, all or none.

    A classic table of the same name is replaced as a whole, not merged.
    """
    path = ctx.roots.existing(request.import_file_path)
    put = tags.import_file(ctx.session, request.device_name, path, names, request.folder, override=request.override)
    return imported(request.import_file_path, put)


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/tags",
    lock=Lock.PROJECT,
    done="Tag created",
    destroys=False,
    undo=Undo.NEVER,
    example=ON_UNIFIED | {"name": "Motor_Speed", "table": "Motors", "dataType": "Real", "hmiDataType": "Real"},
)
def create_tag(ctx: Context, request: CreateTag) -> HmiTagInfo:
    """Create a tag on a Unified panel. Tags of classic panels are imported."""
    return tags.create(ctx.session, request.device_name, request.name, request.table, request.values())


@section.operation(
    also="DELETE /api/devices/{deviceName}/hmi/tags/{tagName}",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"tagName": "Level"},
    done="Tag deleted",
)
def delete_tag(ctx: Context, request: OnTag) -> HmiTagInfo:
    """Delete a tag of a panel."""
    return tags.delete(ctx.session, request.device_name, request.tag_name)


# -- connections --------------------------------------------------------------------------


@section.operation(
    also="GET /api/devices/{deviceName}/hmi/connections", right=Right.VIEW, changes=False, example=ON_DEVICE
)
def list_connections(ctx: Context, request: OnDevice) -> list[ConnectionInfo]:
    """List the connections of a panel."""
    return tags.connections(ctx.session, request.device_name)


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/connections/actions/export",
    right=Right.VIEW,
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ON_DEVICE | {"exportPath": "export/Connections.xml"},
    done="Connections exported",
)
def export_connections(ctx: Context, request: ExportConnections) -> WrittenFile:
    """Export the connections of a classic panel, or one of them, to a SimaticML file."""
    device, name = request.device_name, request.connection_name
    return write_file(ctx, request, lambda path: tags.export_connections(ctx.session, device, path, name))


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/connections/actions/import",
    reads=read_names,
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"importFilePath": "export/Connections.xml", "override": True},
    done="Connections imported",
)
def import_connections(ctx: Context, request: FromFile, names: list[str]) -> Imported:
    """Import the connections of a SimaticML file into a classic panel, all or none."""
    path = ctx.roots.existing(request.import_file_path)
    put = tags.import_connections(ctx.session, request.device_name, path, names, override=request.override)
    return imported(request.import_file_path, put)


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/connections",
    lock=Lock.PROJECT,
    done="Connection created",
    destroys=False,
    undo=Undo.NEVER,
    example=ON_UNIFIED | {"name": "Connection_1", "partner": "PLC_1"},
)
def create_connection(ctx: Context, request: CreateConnection) -> ConnectionInfo:
    """Create a connection on a Unified panel. Connections of classic panels are imported."""
    return tags.create_connection(
        ctx.session, request.device_name, request.name, request.partner, request.type, request.station, request.node
    )


@section.operation(
    also="DELETE /api/devices/{deviceName}/hmi/connections/{connectionName}",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"connectionName": "Connection_1"},
    done="Connection deleted",
)
def delete_connection(ctx: Context, request: OnConnection) -> ConnectionInfo:
    """Delete a connection of a panel."""
    return tags.delete_connection(ctx.session, request.device_name, request.connection_name)
