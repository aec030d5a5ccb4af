"""Tags & Constants: PLC tags, one at a time."""

from __future__ import annotations

from typing import Annotated

import msgspec

from engineering_api.features.tags.tag_sheets import check_tag
from engineering_api.features.tags.tag_tables_operations import ON_DEVICE, ON_TABLE, TABLE_NAME, OnDevice, OnTable
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import named
from engineering_api.operations.terms import Lock, Right, Task, Undo
from openness_bridge.program import tags
from openness_bridge.program.tags import TagChange, TagInfo
from openness_bridge.project import texts
from openness_bridge.project.texts import Text

section = Section("Tags & Constants")
ON_TAG = ON_TABLE | {"tagName": "Start"}
ADDRESS = "Address such as %I0.0, E0.0 or mw4; empty for none."


class Values(OnDevice, kw_only=True):
    """Which PLC, and the attributes of a tag in addition to its name and type."""

    logical_address: Annotated[str | None, named(ADDRESS, "address")] = None
    comment: Annotated[str | None, named("Comment in the project's editing language.")] = None
    comments: Annotated[list[Text], named("Comments in named languages.")] = msgspec.field(default_factory=list)
    external_accessible: Annotated[bool | None, named("Readable from HMI, OPC UA and web API.")] = None
    external_visible: Annotated[bool | None, named("Visible in HMI engineering.")] = None
    external_writable: Annotated[bool | None, named("Writable from HMI, OPC UA and web API.")] = None


class Add(Values, kw_only=True):
    """A new tag."""

    name: Annotated[str, named("Its name, unique in the PLC.", "tagName")]
    data_type: Annotated[str, named("Data type; a PLC data type in double quotes.", "type", "dataTypeName")] = "Bool"
    table_name: Annotated[str | None, named("Its table; the default table when left out.", "table", "tagTable")] = None


class OnTag(OnTable, kw_only=True):
    """Which tag."""

    tag_name: Annotated[str, named("Name of the tag.")]


class Update(Values, kw_only=True):
    """Changes of a tag; fields that are left out keep their values."""

    table_name: Annotated[str, named(TABLE_NAME)]
    tag_name: Annotated[str, named("Name of the tag.")]
    new_name: Annotated[str | None, named("Its new name.", "name", renames="tag_name")] = None
    data_type: Annotated[str | None, named("Its new data type.", "type", "dataTypeName")] = None


@section.operation(
    wait="GET /api/devices/{deviceName}/tags/all",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example=ON_DEVICE,
    tool="list_all_tags",
    task=Task.READ,
    when="to find PLC tags with table, address, data type and comment; filter=name~Start* finds some.",
    unless="for values of a running PLC: plcsim_read_tag.",
)
def list_all(ctx: Context, request: OnDevice) -> list[TagInfo]:
    """Get the tags of all tag tables of a PLC."""
    return tags.all_tags(ctx.session, request.device_name)


@section.operation(
    wait="GET /api/devices/{deviceName}/tag-tables/{tableName}/tags",
    job="GET /api/devices/{deviceName}/tag-tables/{tableName}/tags/async",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example=ON_TABLE,
    tool="list_tags",
)
def list_(ctx: Context, request: OnTable) -> list[TagInfo]:
    """Get the tags of a tag table."""
    return tags.tags_of(ctx.session, request.device_name, request.table_name)


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    wait="POST /api/devices/{deviceName}/tags",
    also="POST /api/devices/{deviceName}/tag-tables/{tableName}/tags",
    lock=Lock.PROJECT,
    example=ON_DEVICE | {"name": "Start", "dataType": "Bool", "logicalAddress": "%I0.0", "tableName": "Conveyor"},
    done="Tag created",
    tool="create_tag",
    task=Task.CODE,
    when="to declare one PLC tag (variable, input, output) with name, data type and address.",
    unless="for many tags: import_tags, which find_operations finds; for members of a block: write_scl.",
)
def add(ctx: Context, request: Add) -> TagInfo:
    """Add a PLC tag to a tag table: its name, data type, address and comment.

    Without a table it becomes part of the default tag table. The table must exist.
    """
    row = check_tag(request.name, request.data_type, request.logical_address or "")
    wanted = _change(ctx, request, row.name, row.data_type, row.address or None)
    return tags.create(ctx.session, request.device_name, request.table_name, wanted)


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    wait="PUT /api/devices/{deviceName}/tag-tables/{tableName}/tags/{tagName}",
    lock=Lock.PROJECT,
    example=ON_TAG | {"logicalAddress": "%I0.1", "comment": "Start button"},
    done="Tag changed",
    tool="update_tag",
    task=Task.CODE,
    when="to rename a PLC tag, or to change its address, data type or comment.",
    unless="for a value: plcsim_write_tag.",
)
def update(ctx: Context, request: Update) -> TagInfo:
    """Change a tag. A new data type moves the address to the same byte unless an address is given too."""
    data_type, address = request.data_type, request.logical_address
    if address is not None or data_type is not None or request.new_name is not None:
        known = tags.describe(ctx.session, request.device_name, request.table_name, request.tag_name)
        row = check_tag(request.new_name or known.name, data_type or known.data_type, address or "")
        data_type = row.data_type if data_type is not None else None
        address = row.address if address is not None else None
    change = _change(ctx, request, request.new_name, data_type, address)
    return tags.update(ctx.session, request.device_name, request.table_name, request.tag_name, change)


@section.operation(
    destroys=True,
    undo=Undo.KEPT,
    wait="DELETE /api/devices/{deviceName}/tag-tables/{tableName}/tags/{tagName}",
    lock=Lock.PROJECT,
    done="Tag deleted",
    example=ON_TAG,
    tool="delete_tag",
)
def delete(ctx: Context, request: OnTag) -> TagInfo:
    """Delete a tag. Objects that use it can no longer be compiled."""
    return tags.delete(ctx.session, request.device_name, request.table_name, request.tag_name)


def _change(ctx: Context, values: Values, name: str | None, data_type: str | None, address: str | None) -> TagChange:
    return TagChange(
        name=name,
        data_type=data_type,
        logical_address=address,
        external_accessible=values.external_accessible,
        external_visible=values.external_visible,
        external_writable=values.external_writable,
        comments=texts.merge(ctx.session, values.comment, values.comments),
    )
