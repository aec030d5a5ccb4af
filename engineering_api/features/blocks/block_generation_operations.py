"""Block Generation: blocks from JSON, from templates and from files, one or many, with or without a portal."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import msgspec

from engineering_api.features.blocks import block_generation, block_templates, bulk_import, graph_generation
from engineering_api.features.blocks.block_generation import Generated, Specification
from engineering_api.features.blocks.block_templates import Filled, TemplateInfo
from engineering_api.features.blocks.bulk_import import (
    ImportChoices,
    ImportReport,
    Item,
    Mode,
    ReadItem,
    Sent,
    read_items,
)
from engineering_api.features.blocks.documents import Json, ObjectForm
from engineering_api.features.blocks.graph_generation import GraphSpecification
from engineering_api.features.blocks.template_values import TemplateValues
from engineering_api.files import sent_paths
from engineering_api.operations.combinations import at_least_one, combine, exactly_one
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named, path_field
from engineering_api.operations.terms import Lock, Place, Reach, Right, Trial, Undo
from openness_bridge.errors import Kind, Problem
from openness_bridge.errors import Place as Where
from openness_bridge.importing import LANGUAGES, MISSING, Languages
from openness_bridge.project import texts

section = Section("Block Generation", reach=Reach.NOTHING)
FILE = "A file on the server, inside its allowed folders; a relative path starts from its workspace."
FOLDER = "Folder below the root of the kind, its names joined by /. Created if it is missing."
JSON_FORM = "In the JSON form of simatic_xml (docs/simatic_xml.md)."
DEVICE = "Name of the station, its CPU or its program."
CULTURE = "en-US"


class Target(Request, kw_only=True):
    """Where to."""

    device_name: Annotated[str, named(DEVICE)]
    folder: Annotated[str, named(FOLDER, "folderPath")] = ""
    override: Annotated[
        bool, named("Replace objects of the same names in the same folder.", "overwrite", destroys=True)
    ] = False


class GenerateOnly(Specification, kw_only=True):
    """A block to be written as SimaticML."""

    tia_version: Annotated[str | None, named("TIA Portal version such as 19; that of the server by default.")] = None
    drawings: Annotated[bool, named("Draw the LAD, FBD and GRAPH networks as SVG.", "svg", "withSvg")] = False
    export_path: Annotated[
        str | None,
        path_field(f"Also write it to this new .xml file. {FILE}", "path", "filePath", suffixes=(".xml",), writes=True),
    ] = None
    overwrite: Annotated[bool, named("Replace an existing file.", destroys=True)] = False


class GenerateAndImport(Specification, kw_only=True):
    """A block to create in a PLC."""

    device_name: Annotated[str, named(DEVICE)]
    folder: Annotated[str, named(FOLDER, "folderPath")] = ""
    override: Annotated[bool, named("Replace a block of that name in the same folder.", "overwrite", destroys=True)] = (
        False
    )
    compile: Annotated[bool, named("Compile the program afterwards.")] = False


class GraphOnly(GraphSpecification, kw_only=True):
    """A GRAPH block to be written as SimaticML."""

    tia_version: Annotated[str | None, named("TIA Portal version such as 19; that of the server by default.")] = None
    export_path: Annotated[
        str | None,
        path_field(f"Also write it to this new .xml file. {FILE}", "path", "filePath", suffixes=(".xml",), writes=True),
    ] = None
    overwrite: Annotated[bool, named("Replace an existing file.", destroys=True)] = False


class GraphAndImport(GraphSpecification, kw_only=True):
    """A GRAPH block to create in a PLC."""

    device_name: Annotated[str, named(DEVICE)]
    folder: Annotated[str, named(FOLDER, "folderPath")] = ""
    override: Annotated[bool, named("Replace a block of that name in the same folder.", "overwrite", destroys=True)] = (
        False
    )
    compile: Annotated[bool, named("Compile the program afterwards.")] = False


class Content(Model, kw_only=True):
    """One thing to import: exactly one of a file, SimaticML text and a document."""

    path: Annotated[str | None, path_field(f"A SimaticML file. {FILE}", "importFilePath", "filePath")] = None
    xml: Annotated[str | None, named("SimaticML text.", "rawXml", "xmlContent")] = None
    document: Annotated[ObjectForm | None, named(JSON_FORM)] = None
    folder: Annotated[str | None, named(f"{FOLDER} That of the request by default.", "folderPath")] = None


@combine(exactly_one("import_file_path", "xml"))
class ImportOnly(Target, kw_only=True):
    """SimaticML to import: a file or a text."""

    import_file_path: Annotated[
        str | None, path_field(f"A SimaticML file. {FILE}", "path", "filePath", "importPath")
    ] = None
    xml: Annotated[str | None, named("SimaticML text.", "rawXml", "xmlContent")] = None
    languages: Annotated[Languages, named(LANGUAGES)] = "activate"
    ignore_missing: Annotated[bool, named(MISSING)] = False
    compile: Annotated[bool, named("Compile the program afterwards.")] = False


class Design(Target, kw_only=True):
    """A small design: objects that belong together, in any order."""

    objects: Annotated[
        list[ObjectForm],
        named(f"Data types, tag tables and blocks; each may name its folder. {JSON_FORM}", "blocks", min_length=1),
    ]
    compile: Annotated[bool, named("Compile the program afterwards.")] = False


@combine(at_least_one("items", "files"))
class Bulk(Target, kw_only=True):
    """Things to import, in any order."""

    items: Annotated[list[Content], named("Files, texts and documents.", "documents")] = msgspec.field(
        default_factory=list
    )
    files: Annotated[list[str], path_field(f"SimaticML files. {FILE}", "paths", "filePaths", "importFilePaths")] = (
        msgspec.field(default_factory=list)
    )
    mode: Annotated[Mode, named("all: all or none. each: everything that can be imported.")] = "all"
    languages: Annotated[Languages, named(LANGUAGES)] = "activate"
    ignore_missing: Annotated[bool, named(MISSING)] = False
    compile: Annotated[bool, named("Compile the program afterwards.")] = False


class TemplateAddress(Request, kw_only=True):
    """Which template."""

    template_name: Annotated[str, named("Name of the template.", "template")]


class Fill(TemplateAddress, kw_only=True):
    """A template and its parameters."""

    parameters: Annotated[
        TemplateValues, named("Its parameters by name; those left out have their defaults.", "values")
    ] = msgspec.field(default_factory=dict)
    tia_version: Annotated[str | None, named("TIA Portal version such as 19; that of the server by default.")] = None
    culture: Annotated[str, named("Language of the comments.")] = CULTURE


class Instantiate(Target, kw_only=True):
    """A template, its parameters, and where its blocks go."""

    template_name: Annotated[str, named("Name of the template.", "template")]
    parameters: Annotated[
        TemplateValues, named("Its parameters by name; those left out have their defaults.", "values")
    ] = msgspec.field(default_factory=dict)
    compile: Annotated[bool, named("Compile the program afterwards.")] = False


NETWORK = {"title": "Start", "source": {"rungs": [[{"contact": "#start"}, {"coil": "#run"}]]}}
MEMBERS = {"Input": [{"name": "start", "type": "Bool"}], "Output": [{"name": "run", "type": "Bool"}]}
MOTOR: dict[str, Any] = {"kind": "FB", "name": "Motor", "language": "LAD", "interface": MEMBERS, "networks": [NETWORK]}
TYPE = {"kind": "UDT", "name": "UDT_Motor", "members": [{"name": "speed", "type": "Int"}], "folder": "Drives"}
DATA = {"kind": "DB", "name": "Motors", "members": [{"name": "motor", "type": '"UDT_Motor"'}]}
GRAPH = {
    "sequences": [
        {
            "steps": [
                {"name": "Idle", "init": True},
                {"name": "Mixing", "actions": [{"qualifier": "N", "operand": "#mix"}]},
            ],
            "transitions": [{"name": "Begin", "condition": {"rungs": [[{"contact": "#start"}]]}}, {"name": "Done"}],
            "flow": ["Idle", "Begin", "Mixing", "Done", {"jump": "Idle"}],
        }
    ]
}
MIXER = {
    "name": "Mixer",
    "interface": {"Input": [{"name": "start", "type": "Bool"}], "Output": [{"name": "mix", "type": "Bool"}]},
    "graph": GRAPH,
}
ON_DEVICE = {"deviceName": "PLC_1"}


@section.operation(
    wait="POST /api/blockgeneration/generate-only",
    right=Right.VIEW,
    lock=Lock.NONE,
    destroys=False,
    undo=Undo.NEEDLESS,
    example=MOTOR | {"drawings": True},
    done="Block generated",
)
def generate_only(ctx: Context, request: GenerateOnly) -> Generated:
    """Generate a block's SimaticML from JSON, with its networks checked and drawn. No TIA Portal is needed."""
    xml = block_generation.xml_of(request, request.tia_version or ctx.service.portals.model.version)
    return _save_generated(ctx, request, block_generation.describe(xml, drawings=request.drawings), xml)


def read_block(ctx: Context, request: GenerateAndImport) -> list[ReadItem]:
    """Generate the block of a request."""
    xml = block_generation.xml_of(request, ctx.session.model.version, _culture(ctx))
    return read_items([Item(lambda: xml, "", request.folder, request.override, block_generation.sent(request))])


def read_graph(ctx: Context, request: GraphAndImport) -> list[ReadItem]:
    """Generate the GRAPH block of a request."""
    xml = graph_generation.xml_of(request, ctx.session.model.version, _culture(ctx))
    sent = Sent(data={"interface": request.interface, "graph": request.graph})
    return read_items([Item(lambda: xml, "", request.folder, request.override, sent)])


def read_one(ctx: Context, request: ImportOnly) -> list[ReadItem]:
    """Read the file or text of a request."""
    content = Content(path=request.import_file_path, xml=request.xml)
    return read_items([_item(ctx, request, content, "")])


def read_design(ctx: Context, request: Design) -> list[ReadItem]:
    """Generate the objects of a request."""
    culture = _culture(ctx)
    return read_items([_to_item(ctx, request, index, each, culture) for index, each in enumerate(request.objects)])


def read_template(ctx: Context, request: Instantiate) -> list[ReadItem]:
    """Generate the blocks of a template."""
    version = ctx.session.model.version
    made = block_templates.generate(request.template_name, request.parameters, version, _culture(ctx))
    return read_items(Item(file.xml.encode, "", request.folder, request.override) for file in made.files)


def read_many(ctx: Context, request: Bulk) -> list[ReadItem]:
    """Read the files, texts and documents of a request."""
    contents = [(f"/items/{index}", content) for index, content in enumerate(request.items)]
    contents += [(f"/files/{index}", Content(path=path)) for index, path in enumerate(request.files)]
    return read_items([_item(ctx, request, each, pointer) for pointer, each in contents])


@section.operation(
    wait="POST /api/blockgeneration/generate-and-import",
    reads=read_block,
    lock=Lock.PROJECT,
    trial=Trial.PLANNED,
    destroys=False,
    undo=Undo.KEPT,
    example=ON_DEVICE | MOTOR | {"folder": "Drives"},
    done="Block imported",
)
def generate_and_import(ctx: Context, request: GenerateAndImport, items: list[ReadItem]) -> ImportReport:
    """Generate a block from JSON and import it."""
    return _import(ctx, request, items)


@section.operation(
    wait="POST /api/blockgeneration/import-only",
    reads=read_one,
    lock=Lock.PROJECT,
    trial=Trial.PLANNED,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"importFilePath": "imports/Motor.xml", "folder": "Drives", "override": True},
    done="Imported",
)
def import_only(ctx: Context, request: ImportOnly, items: list[ReadItem]) -> ImportReport:
    """Import SimaticML from a file or as text: blocks, data types or tables, each into the folder of its kind."""
    return _import(ctx, request, items)


@section.operation(
    wait="POST /api/blockgeneration/generate-from-design",
    reads=read_design,
    lock=Lock.PROJECT,
    trial=Trial.PLANNED,
    destroys=False,
    undo=Undo.KEPT,
    example=ON_DEVICE | {"objects": [DATA, TYPE], "compile": True},
    done="Design imported",
)
def generate_from_design(ctx: Context, request: Design, items: list[ReadItem]) -> ImportReport:
    """Generate data types, tag tables and blocks from JSON and import them in the order of their dependencies, all or none."""
    return _import(ctx, request, items)


@section.operation(
    wait="POST /api/blockgeneration/generate-graph",
    reads=read_graph,
    lock=Lock.PROJECT,
    trial=Trial.PLANNED,
    destroys=False,
    undo=Undo.KEPT,
    example=ON_DEVICE | MIXER,
    done="GRAPH block imported",
)
def generate_graph(ctx: Context, request: GraphAndImport, items: list[ReadItem]) -> ImportReport:
    """Generate a GRAPH block from JSON and import it. It needs a CPU with GRAPH (S7-1500)."""
    return _import(ctx, request, items)


@section.operation(
    wait="POST /api/blockgeneration/generate-graph-only",
    right=Right.VIEW,
    lock=Lock.NONE,
    destroys=False,
    undo=Undo.NEEDLESS,
    example=MIXER,
    done="GRAPH block generated",
)
def generate_graph_only(ctx: Context, request: GraphOnly) -> Generated:
    """Generate a GRAPH block's SimaticML from JSON. No TIA Portal is needed."""
    xml = graph_generation.xml_of(request, request.tia_version or ctx.service.portals.model.version)
    return _save_generated(ctx, request, block_generation.describe(xml, drawings=False), xml)


@section.operation(
    wait="GET /api/blockgeneration/templates", right=Right.VIEW, lock=Lock.NONE, place=Place.LOOP, changes=False
)
def templates(_: Context, __: Nothing) -> list[TemplateInfo]:
    """List the block templates with their parameters."""
    return block_templates.templates()


@section.operation(
    also="GET /api/blockgeneration/templates/{templateName}",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    example={"templateName": "motor"},
)
def get_template(_: Context, request: TemplateAddress) -> TemplateInfo:
    """Get a block template with its parameters."""
    return block_templates.template(request.template_name).info


@section.operation(
    also="POST /api/blockgeneration/templates/{templateName}/actions/generate",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    example={"templateName": "motor", "parameters": {"blockName": "Pump"}},
)
def fill_template(ctx: Context, request: Fill) -> Filled:
    """Get the objects of a template as SimaticML and source. No TIA Portal is needed."""
    version = request.tia_version or ctx.service.portals.model.version
    return block_templates.generate(request.template_name, request.parameters, version, request.culture)


@section.operation(
    also="POST /api/blockgeneration/templates/{templateName}/actions/instantiate",
    reads=read_template,
    lock=Lock.PROJECT,
    trial=Trial.PLANNED,
    destroys=False,
    undo=Undo.KEPT,
    example=ON_DEVICE
    | {
        "templateName": "motor",
        "folder": "Drives",
        "compile": True,
        "parameters": {"blockName": "Pump", "instanceName": "Pump_1"},
    },
    done="Template imported",
)
def instantiate(ctx: Context, request: Instantiate, items: list[ReadItem]) -> ImportReport:
    """Create the blocks of a template in a PLC, all or none."""
    return _import(ctx, request, items)


@section.operation(
    wait="POST /api/blockgeneration/bulk-import",
    also_job="POST /api/blockgeneration/bulk-import-async",
    reads=read_many,
    destroys=False,
    undo=Undo.NEVER,
    lock=Lock.PROJECT,
    trial=Trial.PLANNED,
    done="Imported",
    example=ON_DEVICE | {"files": ["imports/UDT_Motor.xml", "imports/Motor.xml"], "mode": "each"},
)
def bulk_import_(ctx: Context, request: Bulk, items: list[ReadItem]) -> ImportReport:
    """Import many files and documents in the order of their dependencies: all or none, or each separately."""
    return _import(ctx, request, items, request.mode)


def _import(
    ctx: Context,
    request: GenerateAndImport | GraphAndImport | ImportOnly | Design | Bulk | Instantiate,
    items: list[ReadItem],
    mode: Mode = "all",
) -> ImportReport:
    choices = ImportChoices()
    if isinstance(request, Bulk | ImportOnly):
        choices = ImportChoices(request.languages, request.ignore_missing)
    run = bulk_import.Import(ctx.session, request.device_name, items, ctx.progress.report, choices)
    return run.run(mode, compile_all=request.compile)


def _item(ctx: Context, request: Target, content: Content, pointer: str) -> Item:
    folder = request.folder if content.folder is None else content.folder
    return Item(partial(_read, ctx, content, pointer), pointer, folder, request.override, _sent(content, pointer))


def _sent(content: Content, pointer: str) -> Sent:
    if content.path is not None:
        return Sent(file=sent_paths.unescape(content.path))
    if content.document is not None:
        return Sent(pointer=f"{pointer}/document", data=content.document)
    return Sent(pointer=f"{pointer}/xml")


def _read(ctx: Context, content: Content, pointer: str) -> bytes:
    given = [part for part in (content.path, content.xml, content.document) if part is not None]
    if len(given) != 1:
        msg = "Give exactly one of path, xml and document."
        raise Problem("request.contradiction", msg, kind=Kind.INVALID, place=Where(pointer=pointer))
    if content.path is not None:
        return _file(ctx, content.path)
    if content.xml is not None:
        return content.xml.encode()
    return _from_document(ctx, content.document or {}, f"{pointer}/document", _culture(ctx))


def _file(ctx: Context, text: str) -> bytes:
    if Path(text).suffix.lower() != ".xml":
        msg = f"'{text}' must end with .xml: add sources as external sources and generate blocks from them."
        raise Problem("file.wrong_kind", msg, kind=Kind.INVALID, place=Where(path=text))
    return ctx.roots.read(text)


def _to_item(ctx: Context, request: Design, index: int, given: Json, culture: str) -> Item:
    pointer = f"/objects/{index}"
    folder = given.get("folder", request.folder)
    if not isinstance(folder, str):
        msg = "Write a folder as a path: names joined by /."
        raise Problem("request.wrong_type", msg, kind=Kind.INVALID, place=Where(pointer=f"{pointer}/folder"))
    data = {name: value for name, value in given.items() if name != "folder"}
    sent = Sent(pointer=pointer, data=data)
    return Item(partial(_from_document, ctx, data, pointer, culture), pointer, folder, request.override, sent)


def _from_document(ctx: Context, data: Json, pointer: str, culture: str) -> bytes:
    return block_generation.document_xml(data, ctx.session.model.version, culture, pointer)


def _culture(ctx: Context) -> str:
    """Return the editing language of the project; not on the portal's thread."""
    return ctx.session.call(partial(texts.editing_culture, ctx.session))


def _save_generated(ctx: Context, request: GenerateOnly | GraphOnly, made: Generated, xml: bytes) -> Generated:
    """The answer, with the file where one is wanted."""
    if request.export_path is None:
        return made
    if Path(request.export_path).suffix.lower() != ".xml":
        msg = f"'{request.export_path}' must end with .xml, the extension of SimaticML."
        raise Problem("file.wrong_kind", msg, kind=Kind.INVALID, place=Where(path=request.export_path))
    path = ctx.roots.new(request.export_path, overwrite=request.overwrite)
    ctx.roots.write(path, xml)
    return msgspec.structs.replace(made, path=str(path))
