"""Design Spec: designs of equipment, kept for the open project, generated and brought into it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import msgspec

from engineering_api.features.blocks.bulk_import import Mode
from engineering_api.features.blocks.documents import Json
from engineering_api.features.design import model
from engineering_api.features.design.answers import DesignForm, DesignsApplied, GeneratedDesign, Judged
from engineering_api.features.design.store import Designs
from engineering_api.features.plc_tests.results import Report
from engineering_api.operations.combinations import at_least_one, combine, exactly_one
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named, path_field
from engineering_api.operations.terms import Lock, Place, Reach, Right, Trial, Undo
from openness_bridge.errors import Problem
from simatic_xml.lazy import import_later

if TYPE_CHECKING:
    from engineering_api.features.design import applying, designs
else:
    applying = import_later("engineering_api.features.design.applying")
    designs = import_later("engineering_api.features.design.designs")

section = Section("Design Spec")
DEVICE = "Only this device of the design; all of them without it."
SECTION = "As list, or as YAML text of a list."
INSTRUCTION = """\
Write the design of a plant for a SIMATIC PLC from this description. Give inputs and outputs of the modules tags with \
addresses, put every module into a group, and use a mode where the plant can be started and stopped. The description:

"""


DesignPart = Annotated[Json, msgspec.Meta(title="DesignPart")]
"""An element of a section of a design: docs/design-spec.md."""
JsonSchema = Annotated[Json, msgspec.Meta(title="JsonSchema")]
"""A JSON Schema, draft 2020-12."""


@combine(exactly_one("spec", "content", "path", "text"))
class Load(Request, kw_only=True):
    """A whole design: exactly one of the four."""

    spec: Annotated[DesignForm | None, named("The design as JSON (docs/design-spec.md).", "design", "model")] = None
    content: Annotated[str | None, named("The design as YAML or JSON text.", "yaml", "json")] = None
    path: Annotated[
        str | None, path_field("A file with the design on the server, inside its allowed folders.", "filePath")
    ] = None
    text: Annotated[
        str | None,
        named("A description in your own words; the assistant makes a design of it.", "description", "prompt"),
    ] = None


@combine(at_least_one(*model.SECTIONS, "name", "description"))
class LoadSeparate(Request, kw_only=True):
    """Sections of a design; those that are left out stay as they are."""

    name: Annotated[str | None, named("Name of the design.")] = None
    description: Annotated[str | None, named("What it is about.")] = None
    devices: Annotated[list[DesignPart] | str | None, named(f"The PLCs. {SECTION}")] = None
    types: Annotated[list[DesignPart] | str | None, named(f"PLC data types. {SECTION}", "udts")] = None
    tags: Annotated[list[DesignPart] | str | None, named(f"Inputs, outputs and bit memory. {SECTION}", "io")] = None
    data: Annotated[list[DesignPart] | str | None, named(f"Global data blocks. {SECTION}")] = None
    modules: Annotated[list[DesignPart] | str | None, named(f"Equipment and control. {SECTION}", "equipment")] = None
    groups: Annotated[list[DesignPart] | str | None, named(f"Call structure. {SECTION}", "calls")] = None
    tests: Annotated[list[DesignPart] | str | None, named(f"Tests of the whole program. {SECTION}")] = None
    replace: Annotated[bool, named("Remove the existing sections first.", destroys=True)] = False


class Generate(Request, kw_only=True):
    """What to generate as text."""

    spec: Annotated[DesignForm | None, named("A design; that of the open project by default.", "design", "model")] = (
        None
    )
    device_name: Annotated[str, named(DEVICE, "device")] = ""
    tia_version: Annotated[str | None, named("TIA Portal version such as 19; that of the server by default.")] = None
    with_xml: Annotated[bool, named("Also give SimaticML.", "xml")] = False


class Chosen(Request, kw_only=True):
    """Which devices of the design, and what may be replaced."""

    device_name: Annotated[str, named(DEVICE, "device")] = ""
    override: Annotated[
        bool, named("Also replace objects that existed before or were changed by hand.", "overwrite", destroys=True)
    ] = False


class GenerateAndImport(Chosen, kw_only=True):
    """How the design is brought into the project."""

    mode: Annotated[Mode, named("all: all or none. each: everything that can be imported.")] = "all"
    remove: Annotated[
        bool,
        named(
            "Delete objects that earlier designs made and this one no longer contains.", "removeOrphans", destroys=True
        ),
    ] = False


class RunTests(Request, kw_only=True):
    """Which tests of the design."""

    device_name: Annotated[str, named("Device of the design; the first one without it.", "device")] = ""
    only: Annotated[str, named("Only tests whose name contains this.", "testName", "filter")] = ""


class Forgotten(Model):
    """The design that was removed."""

    name: str


class Schema(Model):
    """The JSON Schema of designs."""

    schema: JsonSchema


EXAMPLE: Json = {
    "design": "1",
    "name": "Pump",
    "devices": [{"name": "PLC_1", "orderNumber": "6ES7 511-1AK02-0AB0", "firmware": "V2.9"}],
    "tags": [
        {"name": "Start", "type": "Bool", "address": "%I0.0"},
        {"name": "Pump_run", "type": "Bool", "address": "%Q0.0"},
    ],
    "modules": [{"kind": "motor", "name": "Pump", "command": "Start", "run": "Pump_run"}],
    "groups": [{"name": "Pumps", "modules": ["Pump"]}],
}


@section.operation(
    wait="GET /api/design-spec/model", right=Right.VIEW, lock=Lock.NONE, changes=False, reach=Reach.PROJECT
)
def get_model(ctx: Context, _: Nothing) -> Judged:
    """Get the design of the open project with its findings."""
    kept = designs.load_stored(ctx, designs.project_of(ctx.session))
    return msgspec.structs.replace(designs.judge(kept), model=kept.data)


@section.operation(
    wait="POST /api/design-spec/load",
    lock=Lock.NONE,
    example={"spec": EXAMPLE},
    done="Design loaded",
    destroys=True,
    undo=Undo.NEVER,
    resource=get_model,
    reach=Reach.PROJECT,
)
async def load(ctx: Context, request: Load) -> Judged:
    """Load a whole design for the open project. It replaces the present one.

    A design with errors is refused, and the answer names all of them. A description in words needs a language model; the
    design that the model writes is checked in the same way.
    """
    if request.text is None:
        return await asyncio.to_thread(_load, ctx, request, request.spec)
    await asyncio.to_thread(designs.project_of, ctx.session)  # before a model is asked
    data = await _generate_design(ctx, request.text)
    judged = await asyncio.to_thread(_load, ctx, request, data)
    return msgspec.structs.replace(judged, model=data)


@section.operation(
    wait="POST /api/design-spec/load-separate",
    lock=Lock.NONE,
    done="Sections loaded",
    destroys=False,
    undo=Undo.NEVER,
    example={"tags": EXAMPLE["tags"], "modules": EXAMPLE["modules"]},
    resource=get_model,
    reach=Reach.PROJECT,
)
def load_separate(ctx: Context, request: LoadSeparate) -> Judged:
    """Load sections of a design one by one. They may name elements of sections that follow later.

    A section whose shape is wrong is refused. References are checked over the whole design and reported as findings.
    """
    sections = {
        key: value for key in (*model.SECTIONS, "name", "description") if (value := getattr(request, key)) is not None
    }
    return designs.load_sections(ctx, designs.project_of(ctx.session), sections, replace=request.replace)


@section.operation(
    wait="DELETE /api/design-spec/model",
    lock=Lock.NONE,
    done="Design forgotten",
    destroys=True,
    undo=Undo.NEVER,
    resource=get_model,
    reach=Reach.PROJECT,
)
def delete_model(ctx: Context, _: Nothing) -> Forgotten:
    """Remove the design of the open project. Objects that were made of it are kept in the project."""
    project = designs.project_of(ctx.session)
    kept = designs.load_stored(ctx, project)
    ctx.service.part(Designs).remove(project)
    return Forgotten(name=str(kept.data.get("name") or ""))


@section.operation(
    wait="POST /api/design-spec/generate",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    example={"spec": EXAMPLE},
    items="objects",
    reach=Reach.NOTHING,
)
def generate(ctx: Context, request: Generate) -> GeneratedDesign:
    """Generate a design as text: SCL, LAD and GRAPH as JSON, tag and watch tables, tests. Nothing is imported."""
    given = request.spec if request.spec is not None else designs.load_stored(ctx, designs.project_of(ctx.session)).data
    data, warnings = designs.whole("", given)
    version = request.tia_version or ctx.service.portals.model.version
    return designs.generate(data, warnings, version, device=request.device_name, with_xml=request.with_xml)


@section.operation(
    also="GET /api/design-spec/plan", right=Right.VIEW, changes=False, example={"deviceName": "PLC_1"}, items="results"
)
def plan(ctx: Context, request: Chosen) -> DesignsApplied:
    """Get which objects the design would create, update and leave in the open project."""
    return designs.apply(ctx, request.device_name, applying.Options(override=request.override), change=False)


@section.operation(
    wait="POST /api/design-spec/generate-and-import",
    destroys=True,
    undo=Undo.NEVER,
    also_job="POST /api/design-spec/generate-and-import-async",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    resource=plan,
    example={"remove": True},
    done="Design imported",
    items="results",
)
def generate_and_import(ctx: Context, request: GenerateAndImport) -> DesignsApplied:
    """Change the open project so that it matches its design, and compile it.

    Only objects that differ are imported. Objects that existed before or were changed by hand are replaced only with
    `override`. Objects that the design no longer contains are reported as orphaned, and deleted only with `remove`.
    """
    options = applying.Options(request.mode, request.override, request.remove)
    return designs.apply(ctx, request.device_name, options, change=True)


@section.operation(
    place=Place.WORKER,
    also="POST /api/design-spec/actions/test",
    also_job="POST /api/design-spec/actions/test-async",
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"only": "Motor"},
    done="Tests run",
    items="results",
)
def run_tests(ctx: Context, request: RunTests) -> Report:
    """Run the tests of the design against the open project, as it was saved, on a separate PLCSIM Advanced instance."""
    return designs.run_tests(ctx, request.device_name, request.only)


@section.operation(
    also="GET /api/design-spec/schema", right=Right.PUBLIC, lock=Lock.NONE, changes=False, reach=Reach.NOTHING
)
def get_schema(_ctx: Context, _request: Nothing) -> Schema:
    """Get the JSON Schema of designs, for editors."""
    return Schema(schema=model.schema())


async def _generate_design(ctx: Context, text: str) -> Json:
    """The design that a language model makes of a description; what is wrong with it goes back to the model once.

    Raises:
        Problem: None is set up, or what it wrote has not the shape of a design.
    """
    from engineering_api.features.assistant.extraction import extract

    data = await extract(ctx.service, ctx.caller, INSTRUCTION + text, model.schema())
    try:
        await asyncio.to_thread(designs.whole, "", data)
    except Problem as problem:
        told = "\n".join(f"{each.place.pointer if each.place else ''}: {each.message}" for each in problem.details)
        again = f"{INSTRUCTION}{text}\n\nThis design was made of it:\n{msgspec.json.encode(data).decode()}\n\nCorrect it:\n{told}"
        data = await extract(ctx.service, ctx.caller, again, model.schema())
    return data


def _load(ctx: Context, request: Load, spec: Json | None) -> Judged:
    project = designs.project_of(ctx.session)
    text = designs.text_of(ctx, request.path) if request.path is not None else request.content or ""
    return designs.load(ctx, project, text, spec)
