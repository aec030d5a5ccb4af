"""HMI Screens: the screens of panels, and what all Unified panels have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec

from engineering_api.features.change_list import Change
from engineering_api.files.forms import check_files
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named, path_field
from engineering_api.operations.path_fields import own_paths
from engineering_api.operations.terms import Lock, Right, Undo
from openness_bridge.hmi import any_file, files, panels, project_objects, screens
from openness_bridge.hmi.formatted_text import Element
from openness_bridge.hmi.project_objects import UnifiedSummary
from openness_bridge.hmi.putting import Put
from openness_bridge.hmi.screens import NewItem, ScreenDetails, ScreenInfo, ScreenNode
from openness_bridge.hmi.xml import Binding
from openness_bridge.importing import names_in
from openness_bridge.project.texts import Text

section = Section("HMI Screens")
DEVICE = "Name of the panel, or of its runtime, such as HMI_RT_1."
FILE = "A file on the server, inside its allowed folders; a relative path starts from its workspace."
FOLDER = "Folder below the root, its names joined by /; a slash in a name is %2F."
ON_DEVICE = {"deviceName": "HMI_1"}
ON_UNIFIED = {"deviceName": "HMI_2"}


# -- requests -----------------------------------------------------------------------------


class OnDevice(Request, kw_only=True):
    """Which panel."""

    device_name: Annotated[str, named(DEVICE, "device", "hmiName")]


class ToFile(OnDevice, kw_only=True):
    """Which panel, to which file."""

    export_path: Annotated[str, path_field(f"A new file. {FILE}", "path", "filePath", writes=True)]
    overwrite: Annotated[bool, named("Replace an existing file.", destroys=True, vendor=True)] = False


class FromFile(OnDevice, kw_only=True):
    """Which panel, from which file."""

    import_file_path: Annotated[str, path_field(f"The file to import. {FILE}", "path", "filePath", "importPath")]
    override: Annotated[bool, named("Replace objects of the same names.", "overwrite", destroys=True, vendor=True)] = (
        False
    )


class FromFileToFolder(FromFile, kw_only=True):
    """Which panel, from which file, to which folder."""

    folder: Annotated[str, named(f"{FOLDER} Created if it is missing.", "folderPath")] = ""


class ImportScreens(FromFileToFolder, kw_only=True):
    """Which panel, from which file, to which folder."""

    any_kind: Annotated[
        bool, named("Import a file of tag tables or of connections as such, instead of refusing it.", vendor=True)
    ] = False


class OnScreen(OnDevice, kw_only=True):
    """Which screen."""

    screen_name: Annotated[str, named("Name of the screen; with its folders before it, joined by /, as well.", "name")]


class ExportScreen(OnScreen, kw_only=True):
    """Which screen, to which file."""

    export_path: Annotated[str, path_field(f"A new .xml file. {FILE}", "path", "filePath", writes=True)]
    overwrite: Annotated[bool, named("Replace an existing file.", destroys=True, vendor=True)] = False


class CreateScreen(OnDevice, kw_only=True):
    """A new screen of a Unified panel."""

    name: Annotated[str, named("Its name.", "screenName")]
    folder: Annotated[str, named(f"{FOLDER} Created if it is missing.", "folderPath", "group")] = ""
    width: Annotated[int, named("Its width in pixels; by default TIA Portal's.", ge=1, le=65535)] | None = None
    height: Annotated[int, named("Its height in pixels; by default TIA Portal's.", ge=1, le=65535)] | None = None
    number: (
        Annotated[int, named("Its number; by default the next free one.", "screenNumber", ge=1, le=2**31 - 1)] | None
    ) = None


class ItemBinding(Request, kw_only=True):
    """A property that a tag sets at run time."""

    property: Annotated[str, named("The property, such as ProcessValue.", "propertyName")]
    tag: Annotated[str, named("The tag.", "tagName")]


class ItemText(Request, kw_only=True):
    """A text in one language."""

    culture: Annotated[str, named("An active language of the project, such as en-US.", "language")]
    text: Annotated[str, named("The text.", "value")]


class Item(Request, kw_only=True):
    """A screen item."""

    name: Annotated[str, named("Its name, unique on the screen.", "itemName")]
    type: Annotated[
        str,
        named(
            "Its type: HmiButton, HmiIOField, HmiText, HmiRectangle, HmiCircle, HmiGraphicView and so on.",
            "itemType",
            pattern="^Hmi[A-Z][A-Za-z]+$",
        ),
    ]
    left: Annotated[float, named("Distance from the left edge, in pixels.", "x", ge=-65535, le=65535)] | None = None
    top: Annotated[float, named("Distance from the top edge, in pixels.", "y", ge=-65535, le=65535)] | None = None
    width: Annotated[int, named("Its width in pixels.", ge=1, le=65535)] | None = None
    height: Annotated[int, named("Its height in pixels.", ge=1, le=65535)] | None = None
    texts: Annotated[list[ItemText], named("Its texts, by language.")] = msgspec.field(default_factory=list)
    bindings: Annotated[list[ItemBinding], named("The properties that tags set.", "tags")] = msgspec.field(
        default_factory=list
    )

    def to_new_item(self) -> NewItem:
        """The item as the bridge takes it."""
        texts = tuple(Text(each.culture, each.text) for each in self.texts)
        bindings = tuple(Binding(each.property, each.tag) for each in self.bindings)
        return NewItem(self.name, self.type, self.left, self.top, self.width, self.height, texts, bindings)


class AddItems(OnScreen, kw_only=True):
    """Items for a screen of a Unified panel."""

    items: Annotated[list[Item], named("The items.", "screenItems", min_length=1, max_length=1000)]


# -- answers ------------------------------------------------------------------------------


class WrittenFile(Model):
    """A file that was written; its size is in bytes."""

    path: str
    size: int


class Imported(Model):
    """The imported objects.

    Attributes:
        changes: Each of them: created, replaced, or unchanged where it is the same as before.
    """

    names: list[str]
    changes: list[Change] = []


def read_names(ctx: Context, request: FromFile) -> list[str]:
    """Check the file of a request; returns the names of the objects in SimaticML."""
    check_files(ctx.roots, own_paths(request))
    path = ctx.roots.existing(request.import_file_path)
    return names_in(path) if path.suffix.lower() == ".xml" else []


def imported(file: str, put: list[Put]) -> Imported:
    """Return what an import of a file did to each object."""
    changes = [Change(each.name, each.kind, each.status, file) for each in put]
    return Imported(names=[each.name for each in put], changes=changes)


def write_file(ctx: Context, request: ToFile | ExportScreen, write: Callable[[Path], object]) -> WrittenFile:
    """Write a file that a client names; one that is there is replaced only when everything went well."""
    path = ctx.roots.new(request.export_path, overwrite=request.overwrite)
    with files.folder() as place:
        write(place / path.name)
        return WrittenFile(path=str(path), size=ctx.roots.write(path, (place / path.name).read_bytes()))


# -- operations ---------------------------------------------------------------------------


@section.operation(
    wait="GET /api/devices/{deviceName}/hmi/screens/tree", right=Right.VIEW, changes=False, kept=True, example=ON_DEVICE
)
def screen_tree(ctx: Context, request: OnDevice) -> ScreenNode:
    """Get the folders of a panel with its screens, templates, pop-up and slide-in screens."""
    return screens.tree(ctx.session, request.device_name)


@section.operation(
    wait="GET /api/devices/{deviceName}/hmi/screens/{screenName}/details",
    right=Right.VIEW,
    changes=False,
    example=ON_DEVICE | {"screenName": "Start"},
)
def screen_details(ctx: Context, request: OnScreen) -> ScreenDetails:
    """Get a screen with its items, their places and the tags that they show.

    A screen of a classic panel is exported to read it. On a Unified panel the items are read one by one, because its screens have no files.
    """
    return screens.details(ctx.session, request.device_name, request.screen_name)


@section.operation(wait="GET /api/hmi/unified/summary", right=Right.VIEW, changes=False)
def unified_summary(ctx: Context, _: Nothing) -> list[UnifiedSummary]:
    """Count the objects of each Unified panel of the project."""
    return project_objects.unified_summary(ctx.session)


@section.operation(
    also="GET /api/devices/{deviceName}/hmi/screens", right=Right.VIEW, changes=False, kept=True, example=ON_DEVICE
)
def list_screens(ctx: Context, request: OnDevice) -> list[ScreenInfo]:
    """List the screens of a panel, also those in folders."""
    return screens.list_screens(ctx.session, request.device_name)


@section.operation(also="GET /api/hmi/screens", right=Right.VIEW, changes=False, kept=True)
def all_screens(ctx: Context, _: Nothing) -> list[ScreenInfo]:
    """List the screens of all panels."""
    return screens.all_screens(ctx.session)


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/screens/{screenName}/actions/export",
    right=Right.VIEW,
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ON_DEVICE | {"screenName": "Start", "exportPath": "export/Start.xml"},
    done="Screen exported",
)
def export_screen(ctx: Context, request: ExportScreen) -> WrittenFile:
    """Export a screen of a classic panel to a SimaticML file. Screens of Unified panels have no files."""
    device, screen = request.device_name, request.screen_name
    return write_file(ctx, request, lambda path: screens.export(ctx.session, device, screen, path))


def read_screens(ctx: Context, request: ImportScreens) -> list[Element]:
    """Read the file of a request; returns its objects.

    Raises:
        Problem: The panel has no files of screens, or it is no SimaticML.
    """
    ctx.roots.existing(request.import_file_path)
    ctx.session.call(lambda: screens.require_files(ctx.session, request.device_name))
    return panels.elements(ctx.roots.read(request.import_file_path))


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/screens/actions/import",
    reads=read_screens,
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"importFilePath": "export/Start.xml", "override": True},
    done="Screens imported",
)
def import_screens(ctx: Context, request: ImportScreens, elements: list[Element]) -> Imported:
    """Import the screens, templates or pop-up screens of a SimaticML file into a classic panel, all or none."""
    path = ctx.roots.existing(request.import_file_path)
    read = any_file.import_file if request.any_kind else screens.import_file
    put = read(ctx.session, request.device_name, path, elements, request.folder, override=request.override)
    return imported(request.import_file_path, put)


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/screens",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_UNIFIED | {"name": "Motor", "folder": "Line 1", "width": 1024, "height": 600},
    done="Screen created",
)
def create_screen(ctx: Context, request: CreateScreen) -> ScreenInfo:
    """Create an empty screen on a Unified panel. Screens of classic panels are imported."""
    return screens.create(
        ctx.session, request.device_name, request.name, request.folder, request.width, request.height, request.number
    )


@section.operation(
    also="POST /api/devices/{deviceName}/hmi/screens/{screenName}/items",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_UNIFIED
    | {
        "screenName": "Motor",
        "items": [
            {
                "name": "Speed",
                "type": "HmiIOField",
                "left": 40,
                "top": 60,
                "bindings": [{"property": "ProcessValue", "tag": "Motor_Speed"}],
            }
        ],
    },
    done="Items added",
)
def add_items(ctx: Context, request: AddItems) -> ScreenDetails:
    """Add items to a screen of a Unified panel, all or none, and connect their properties to tags."""
    items = [item.to_new_item() for item in request.items]
    return screens.add_items(ctx.session, request.device_name, request.screen_name, items)


@section.operation(
    also="DELETE /api/devices/{deviceName}/hmi/screens/{screenName}",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"screenName": "Start"},
    done="Screen deleted",
)
def delete_screen(ctx: Context, request: OnScreen) -> ScreenInfo:
    """Delete a screen; on a classic panel also a template or pop-up screen."""
    return screens.delete(ctx.session, request.device_name, request.screen_name)
