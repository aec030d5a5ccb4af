"""Definitions of alarms: what raises an alarm, and what is said of it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from engineering_api.operations.combinations import combine, exactly_one
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import JsonObject, Model, Nothing, Request, named, path_field
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from openness_bridge.errors import Kind, Problem
from runtime_data.alarms.definition import TRIGGERS, AlarmDefinition, Trigger
from runtime_data.alarms.engine import Alarms
from runtime_data.native import alarm_import
from runtime_data.native.alarm_import import ImportReport
from runtime_data.values import RuntimeScalar

section = Section("Runtime Alarms", reach=Reach.TAGS, lock=Lock.NONE)
NO_TOOL = "an engineer decides which alarms a running plant has"
NAME = named("Name of the alarm; case does not matter.", "alarm", min_length=1, max_length=200)
TAG = named("The tag that raises it: source:path, or a path of the default source.", min_length=1, max_length=1000)
LANGUAGES = "The text for each language, such as en-US; {value}, {tag}, {limit} and {name} are replaced."
ROWS = "Rows as of a sheet, each with its cells by the titles of the columns."
SOURCE = "The source of tags that name none, such as PLC_1; the default source without it."
HMI_TAGS = "The tag of the runtime for each tag of the HMI; a tag that is not in it is taken as it is."
Limit = bool | int | float | Annotated[str, msgspec.Meta(max_length=1000)]


class OnDefinition(Request, kw_only=True):
    """Which alarm."""

    name: Annotated[str, NAME]


class Fields(Request, kw_only=True):
    """What raises an alarm, and what is said of it."""

    tag: Annotated[str, TAG]
    trigger: Annotated[Trigger, named(f"What raises it: {', '.join(TRIGGERS)}.")]
    limit: Annotated[Limit | None, named("What the value is compared with.")] = None
    bit: Annotated[int, named("Number of the bit, 0 for the lowest; only of the trigger bit.", ge=0, le=63)] = 0
    inverted: Annotated[bool, named("Whether the bit raises it when it is 0.")] = False
    deadband: Annotated[float, named("How far the value must come back before it clears.", "hysteresis", ge=0)] = 0.0
    delay_on: Annotated[float, named("Seconds before it is raised.", ge=0, le=86_400)] = 0.0
    delay_off: Annotated[float, named("Seconds before it clears.", ge=0, le=86_400)] = 0.0
    condition_tag: Annotated[str, named("Tag without which it is suppressed by design.", max_length=1000)] = ""
    condition_value: Annotated[bool, named("The truth value that conditionTag must have.")] = True
    number: Annotated[int, named("Its number in WinCC or an HMI.", ge=0, le=2**31 - 1)] = 0
    alarm_class: Annotated[str, named("Its class.", "class", max_length=200)] = "Errors"
    priority: Annotated[int, named("0 to 1000; 1000 is the most urgent.", ge=0, le=1000)] = 500
    area: Annotated[str, named("Where it belongs, levels separated by slashes.", "path", max_length=200)] = ""
    needs_acknowledge: Annotated[bool, named("Whether an operator has to acknowledge it.")] = True
    needs_reset: Annotated[bool, named("Whether it stays latched until it is reset.")] = False
    texts: Annotated[dict[str, str], named(LANGUAGES, max_length=32)] = {}
    enabled: Annotated[bool, named("Whether the tag is watched.")] = True

    def definition(self, name: str) -> AlarmDefinition:
        """Return the definition with a name."""
        given = {field: getattr(self, field) for field in AlarmDefinition.__struct_fields__ if field != "name"}
        return AlarmDefinition(name=name, **given)


class Create(Fields, kw_only=True):
    """A new alarm."""

    name: Annotated[str, NAME]


class Update(Fields, kw_only=True):
    """All that an alarm has from now on."""

    name: Annotated[str, NAME]


@combine(exactly_one("rows", "file_path"))
class ImportDefinitions(Request, kw_only=True):
    """Which rows, and what their tags are called here. Alarms that no row names stay as they are."""

    rows: Annotated[list[JsonObject], named(ROWS, max_length=alarm_import.MOST_ROWS)] = []
    file_path: Annotated[str | None, path_field("A workbook or CSV file with such rows instead.", "path")] = None
    source: Annotated[str, named(SOURCE, max_length=100)] = ""
    tags: Annotated[dict[str, str], named(HMI_TAGS, "tagNames", max_length=alarm_import.MOST_ROWS)] = {}
    partial: Annotated[bool, named("Import the good rows although others have errors.")] = False
    mode: Annotated[
        Literal["create", "replace"],
        named("create: refuse names that are taken. replace: replace the alarms of these names.", destroys=True),
    ] = "create"


class RuntimeAlarmDefinition(Model):
    """An alarm: what raises it, and what is said of it.

    Attributes:
        priority: 0 to 1000; 1000 is the most urgent.
    """

    name: str
    tag: str
    trigger: str
    limit: RuntimeScalar
    bit: int
    inverted: bool
    deadband: float
    delay_on: float
    delay_off: float
    condition_tag: str
    condition_value: bool
    number: int
    alarm_class: str
    priority: int
    area: str
    needs_acknowledge: bool
    needs_reset: bool
    texts: dict[str, str]
    enabled: bool


TANK = {
    "name": "Tank overflow",
    "tag": "memory:Tank.level",
    "trigger": "greater",
    "limit": 90,
    "deadband": 2,
    "texts": {"en-US": "{tag} is {value}, above {limit}"},
}
ROW = {"Name": "Motor_Fault", "Trigger tag": "Motor.status", "Trigger bit": 3, "Class": "Errors"}


@section.operation(also="GET /api/runtime/alarm-definitions", right=Right.VIEW, changes=False)
def list_(ctx: Context, _: Nothing) -> list[RuntimeAlarmDefinition]:
    """List the alarms that are defined, by name."""
    return [_show(each) for each in ctx.service.part(Alarms).definitions(ctx.caller)]


@section.operation(
    also="GET /api/runtime/alarm-definitions/{name}",
    right=Right.VIEW,
    changes=False,
    example={"name": TANK["name"]},
)
async def get(ctx: Context, request: OnDefinition) -> RuntimeAlarmDefinition:
    """Get what raises an alarm, and what is said of it."""
    return _show(ctx.service.part(Alarms).definition(request.name, ctx.caller))


@section.operation(
    also="POST /api/runtime/alarm-definitions",
    destroys=False,
    undo=Undo.NEVER,
    no_tool=NO_TOOL,
    example=TANK,
    done="Alarm defined",
)
async def create(ctx: Context, request: Create) -> RuntimeAlarmDefinition:
    """Define an alarm. It is watched from now on."""
    alarms = ctx.service.part(Alarms)
    if alarms.is_defined(request.name):
        msg = f"There is an alarm '{request.name}' already: change it with PUT, or choose another name."
        raise Problem("runtime.alarm_exists", msg, kind=Kind.CONFLICT)
    (made,) = await alarms.define(request.definition(request.name), caller=ctx.caller)
    return _show(made)


@section.operation(
    also="PUT /api/runtime/alarm-definitions/{name}",
    destroys=True,
    undo=Undo.NEVER,
    repeatable=True,
    no_tool=NO_TOOL,
    example=TANK | {"limit": 95},
    done="Alarm defined",
)
async def update(ctx: Context, request: Update) -> RuntimeAlarmDefinition:
    """Replace an alarm, or define it. One that is active clears when what raises it changes."""
    (made,) = await ctx.service.part(Alarms).define(request.definition(request.name), caller=ctx.caller)
    return _show(made)


@section.operation(
    also="DELETE /api/runtime/alarm-definitions/{name}",
    destroys=True,
    undo=Undo.NEVER,
    no_tool=NO_TOOL,
    example={"name": TANK["name"]},
    done="Alarm removed",
)
async def delete(ctx: Context, request: OnDefinition) -> RuntimeAlarmDefinition:
    """Remove an alarm, also one that is active. The journal keeps what happened."""
    alarms = ctx.service.part(Alarms)
    alarms.definition(request.name, ctx.caller)
    return _show(await alarms.remove(request.name, ctx.caller.name))


@section.operation(
    also="POST /api/runtime/alarm-definitions/actions/import",
    destroys=False,
    undo=Undo.NEVER,
    no_tool=NO_TOOL,
    reach=Reach.ALL,
    example={"rows": [ROW], "source": "memory"},
    done="Alarms imported",
)
async def import_(ctx: Context, request: ImportDefinitions) -> ImportReport:
    """Define alarms from rows of an HMI's alarms or of a sheet with tags and limits, in a request, a workbook or a CSV file.

    The answer names what each row lacks. If a row has errors, nothing is defined unless `partial` is set.
    """
    return await alarm_import.run(ctx, request)


def _show(definition: AlarmDefinition) -> RuntimeAlarmDefinition:
    return RuntimeAlarmDefinition(**msgspec.structs.asdict(definition))
