"""Tags & Constants: user constants and system constants."""

from __future__ import annotations

from typing import Annotated

import msgspec

from engineering_api.features.tags.tag_sheets import check_constant
from engineering_api.features.tags.tag_tables_operations import ON_TABLE, OnTable
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import named
from engineering_api.operations.terms import Lock, Right, Undo
from openness_bridge.program import constants
from openness_bridge.program.constants import ConstantChange, ConstantInfo
from openness_bridge.project import texts
from openness_bridge.project.texts import Text

section = Section("Tags & Constants")
ON_CONSTANT = ON_TABLE | {"constantName": "MAX_SPEED"}


class Comments(OnTable, kw_only=True):
    """Which table, and a constant's comments."""

    comment: Annotated[str | None, named("Comment in the project's editing language.")] = None
    comments: Annotated[list[Text], named("Comments in named languages.")] = msgspec.field(default_factory=list)


class Create(Comments, kw_only=True):
    """A new user constant."""

    name: Annotated[str, named("Its name, unique in the PLC.", "constantName")]
    data_type: Annotated[str, named("Data type.", "type", "dataTypeName")]
    value: Annotated[str | int | float | bool, named("Value, such as 16#FF, TRUE or T#2s.")]


class OnConstant(OnTable, kw_only=True):
    """Which user constant."""

    constant_name: Annotated[str, named("Name of the constant.")]


class Update(Comments, kw_only=True):
    """Changes of a user constant; fields that are left out keep their values."""

    constant_name: Annotated[str, named("Name of the constant.")]
    new_name: Annotated[str | None, named("Its new name.", "name", renames="constant_name")] = None
    data_type: Annotated[str | None, named("Its new data type.", "type", "dataTypeName")] = None
    value: Annotated[str | int | float | bool | None, named("Its new value.")] = None


@section.operation(
    wait="GET /api/devices/{deviceName}/tag-tables/{tableName}/constants",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example=ON_TABLE,
)
def list_(ctx: Context, request: OnTable) -> list[ConstantInfo]:
    """List the user constants and system constants of a tag table."""
    return [*list_user(ctx, request), *list_system(ctx, request)]


@section.operation(
    wait="GET /api/devices/{deviceName}/tag-tables/{tableName}/constants/user",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example=ON_TABLE,
)
def list_user(ctx: Context, request: OnTable) -> list[ConstantInfo]:
    """List the user constants of a tag table."""
    return constants.user_constants(ctx.session, request.device_name, request.table_name)


@section.operation(
    wait="GET /api/devices/{deviceName}/tag-tables/{tableName}/constants/system",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example=ON_TABLE,
)
def list_system(ctx: Context, request: OnTable) -> list[ConstantInfo]:
    """List the system constants of a tag table; only the default table has any."""
    return constants.system_constants(ctx.session, request.device_name, request.table_name)


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    wait="POST /api/devices/{deviceName}/tag-tables/{tableName}/constants",
    lock=Lock.PROJECT,
    example=ON_TABLE | {"name": "MAX_SPEED", "dataType": "Int", "value": "1500"},
    done="Constant created",
)
def create(ctx: Context, request: Create) -> ConstantInfo:
    """Create a user constant. Its value must be one of its data type."""
    row = check_constant(request.name, request.data_type, _text(request.value))
    comments = texts.merge(ctx.session, request.comment, request.comments)
    wanted = ConstantChange(name=row.name, data_type=row.data_type, value=row.value, comments=comments)
    return constants.create(ctx.session, request.device_name, request.table_name, wanted)


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    wait="PUT /api/devices/{deviceName}/tag-tables/{tableName}/constants/{constantName}",
    lock=Lock.PROJECT,
    example=ON_CONSTANT | {"value": "1800"},
    done="Constant changed",
)
def update(ctx: Context, request: Update) -> ConstantInfo:
    """Change a user constant."""
    known = constants.describe(ctx.session, request.device_name, request.table_name, request.constant_name)
    value = known.value if request.value is None else _text(request.value)
    row = check_constant(request.new_name or known.name, request.data_type or known.data_type, value)
    comments = texts.merge(ctx.session, request.comment, request.comments)
    change = ConstantChange(name=row.name, data_type=row.data_type, value=row.value, comments=comments)
    return constants.update(ctx.session, request.device_name, request.table_name, request.constant_name, change)


@section.operation(
    destroys=True,
    undo=Undo.KEPT,
    wait="DELETE /api/devices/{deviceName}/tag-tables/{tableName}/constants/{constantName}",
    lock=Lock.PROJECT,
    done="Constant deleted",
    example=ON_CONSTANT,
)
def delete(ctx: Context, request: OnConstant) -> ConstantInfo:
    """Delete a user constant. Objects that use it can no longer be compiled."""
    return constants.delete(ctx.session, request.device_name, request.table_name, request.constant_name)


def _text(value: str | float | bool) -> str:
    """A value of JSON as TIA Portal spells it."""
    return str(value).upper() if isinstance(value, bool) else str(value)
