"""Libraries: the project library, its master copies, and what is updated from it."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.change_list import DeletedFolder, deleted_folder
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import NOT_EMPTY_PATH, Model, Nothing, Request, named
from engineering_api.operations.terms import Lock, Right, Undo
from openness_bridge.enumerations import CleanUpMode, MasterCopyMode
from openness_bridge.library import copies, libraries, update
from openness_bridge.library.copies import MODES, SOURCES, CopySource, Made, MasterCopyInfo
from openness_bridge.library.libraries import COPIES, PROJECT, LibraryInfo, LibraryTree, Which
from openness_bridge.library.update import CLEAN_UP, FORCE, HARMONIZE, STRUCTURE, Choices, Updated, UpdateReport

section = Section("Libraries")
PATH = "Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone if only one has it."
FOLDER = "Folder in the library, its names joined by /. Created if it is missing."
PLC_FOLDER = "Folder of the PLC, its names joined by /. Created if it is missing."
DEVICE = "Name of the station, its CPU or its program."


# -- requests -----------------------------------------------------------------------------


class OnCopy(Request, kw_only=True):
    """Which master copy."""

    name: Annotated[str, named(PATH, "mcPath", "path", "masterCopyName", "masterCopyPath")]


class NewCopy(Request, kw_only=True):
    """What a master copy is made of."""

    device_name: Annotated[str, named(DEVICE, "device")]
    source: Annotated[
        str,
        named(
            "Name of the block, data type or tag table; path of a folder of blocks; empty for the whole station.",
            "sourceName",
            "blockName",
            "itemName",
            "objectName",
        ),
    ] = ""
    source_type: Annotated[
        CopySource, named(f"{', '.join(SOURCES)}; when it is left out, what has the name.", "itemType", "type", "kind")
    ] = ""
    folder: Annotated[str, named(FOLDER, "folderPath", "targetFolder")] = ""
    name: Annotated[
        str | None, named("Name of the master copy; TIA Portal's own when it is left out.", "masterCopyName")
    ] = None


class UseCopy(OnCopy, kw_only=True):
    """Which master copy, and where its content goes."""

    device_name: Annotated[str, named(f"{DEVICE} Not needed for a station.", "device", "targetDevice")] = ""
    folder: Annotated[str, named(PLC_FOLDER, "folderPath", "targetFolder", "targetGroup")] = ""
    mode: Annotated[
        MasterCopyMode, named(f"When a name is used: {', '.join(MODES)}.", "masterCopyMode", "conflictMode")
    ] = MODES[0]


FOLDER_PATH = "Its path, names joined by /."


class OnFolder(Request, kw_only=True):
    """Which folder."""

    folder: Annotated[str, named(FOLDER_PATH, "name", "folderName", "folderPath", "path", schema=NOT_EMPTY_PATH)]


class ExistingFolder(Request, kw_only=True):
    """Which folder that is there; the root is refused as such."""

    folder: Annotated[str, named(FOLDER_PATH, "name", "folderName", "folderPath", "path")]


class DeleteFolder(ExistingFolder, kw_only=True):
    """Which folder, and whether with what is in it."""

    force: Annotated[bool, named("Delete a folder of master copies with what is in it.", destroys=True)] = False


class Check(Request, kw_only=True):
    """What an update check reports."""

    all: Annotated[bool, named("Also list the instances that are up to date.", "includeUpToDate")] = False


class Selected(Request, kw_only=True):
    """Which types."""

    types: Annotated[
        list[str], named("Paths of types or of folders of types; all types when it is left out.", "typeNames")
    ] = []


class UpdateProject(Selected, kw_only=True):
    """Which types are updated, in which PLCs."""

    devices: Annotated[list[str], named("The PLCs; all when it is left out.", "deviceNames")] = []
    delete_unused: Annotated[
        bool, named("Delete versions that nothing uses any more (V20 and later).", destroys=True)
    ] = False


class Harmonize(Selected, kw_only=True):
    """Which instances are harmonized with their types."""

    devices: Annotated[list[str], named("The PLCs; all when it is left out.", "deviceNames")] = []
    names: Annotated[bool, named("Give instances the names of their types.", "harmonizeNames")] = True
    paths: Annotated[bool, named("Move instances to folders like those of their types.", "harmonizePaths")] = False


class UpdateOther(Selected, kw_only=True):
    """Which types are brought to which library."""

    force: Annotated[
        str,
        named(
            f"Which version is the default one there afterwards: {', '.join(FORCE)}.",
            "forceUpdateMode",
            destroys=True,
            schema={"enum": list(FORCE)},
        ),
    ] = FORCE[0]
    structure: Annotated[
        str,
        named(
            f"When a type is in another folder there: {', '.join(STRUCTURE)}.",
            "structureConflictResolutionMode",
            schema={"enum": list(STRUCTURE)},
        ),
    ] = STRUCTURE[0]
    delete_unused: Annotated[bool, named("Delete versions there that nothing uses any more.", destroys=True)] = False


class UpdateLibrary(UpdateOther, kw_only=True):
    """Which types are brought to which global library."""

    target_library: Annotated[
        str, named("Name of an open global library; the only one when it is left out.", "libraryName")
    ] = ""


class CleanUp(Selected, kw_only=True):
    """Which types are cleaned up, and how far."""

    mode: Annotated[CleanUpMode, named(f"{', '.join(CLEAN_UP)}.", "cleanUpMode")] = CLEAN_UP[0]


class Folder(Model):
    """A folder of a library."""

    folder: str


ON_PLC = {"deviceName": "PLC_1"}


# -- the library --------------------------------------------------------------------------


@section.operation(wait="GET /api/project/library/tree", right=Right.VIEW, changes=False)
def tree(ctx: Context, _: Nothing) -> LibraryTree:
    """Get the folders of the project library with master copies, types and versions."""
    return libraries.tree(ctx.session, PROJECT)


@section.operation(wait="GET /api/project/library", right=Right.VIEW, changes=False)
def info(ctx: Context, _: Nothing) -> LibraryInfo:
    """Get the properties of the project library: counts, languages, file of the project."""
    return libraries.info(ctx.session, PROJECT)


# -- master copies ------------------------------------------------------------------------


@section.operation(wait="GET /api/project/library/master-copies", right=Right.VIEW, changes=False)
def list_copies(ctx: Context, _: Nothing) -> list[MasterCopyInfo]:
    """List the master copies of the project library, also those in folders."""
    return copies.list_copies(ctx.session, PROJECT)


@section.operation(
    wait="POST /api/project/library/master-copies",
    lock=Lock.PROJECT,
    done="Master copy created",
    destroys=False,
    undo=Undo.NEVER,
    example=ON_PLC | {"source": "Motor", "folder": "Drives"},
)
def create_copy(ctx: Context, request: NewCopy) -> MasterCopyInfo:
    """Create a master copy of a block, folder of blocks, data type, tag table or station of the project."""
    return copy_created(ctx, PROJECT, request)


@section.operation(
    wait="DELETE /api/project/library/master-copies/{name}",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example={"name": "Drives/Motor"},
    done="Master copy deleted",
)
def delete_copy(ctx: Context, request: OnCopy) -> MasterCopyInfo:
    """Delete a master copy of the project library, by its path or its name."""
    return copies.delete(ctx.session, PROJECT, request.name)


@section.operation(
    wait="POST /api/project/library/master-copies/actions/instantiate",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_PLC | {"name": "Drives/Motor", "mode": "Rename"},
    done="Master copy instantiated",
)
def instantiate_copy(ctx: Context, request: UseCopy) -> Made:
    """Insert the content of a master copy into a PLC, or its station into the project."""
    return copy_used(ctx, PROJECT, request)


@section.operation(
    wait="POST /api/project/library/master-copies/folders",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example={"folder": "Drives/Small"},
    done="Folder created",
)
def create_copy_folder(ctx: Context, request: OnFolder) -> Folder:
    """Create a folder for master copies, and the folders above it."""
    return Folder(folder=libraries.create_folder(ctx.session, PROJECT, COPIES, request.folder))


@section.operation(
    also="POST /api/project/library/master-copies/folders/actions/delete",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example={"folder": "Drives/Small"},
    done="Folder deleted",
)
def delete_copy_folder(ctx: Context, request: DeleteFolder) -> DeletedFolder:
    """Delete a folder of master copies. Set force to delete one that is not empty."""
    gone = libraries.delete_folder(ctx.session, PROJECT, COPIES, request.folder, force=request.force)
    return deleted_folder(request.folder, gone)


# -- updates ------------------------------------------------------------------------------


@section.operation(also="GET /api/project/library/update-check", right=Right.VIEW, changes=False, example={"all": True})
def update_check(ctx: Context, request: Check) -> UpdateReport:
    """Get which instances of the project are not of the default versions of the project library."""
    return update.check(ctx.session, PROJECT, all_instances=request.all)


@section.operation(
    also="POST /api/project/library/actions/update-project",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example={"types": ["Motor"], "devices": ["PLC_1"]},
    done="Project updated",
)
def update_project(ctx: Context, request: UpdateProject) -> Updated:
    """Update the instances of types to their default versions."""
    choices = Choices(delete_unused=request.delete_unused)
    return update.update_project(ctx.session, PROJECT, request.types, request.devices, choices)


@section.operation(
    also="POST /api/project/library/actions/update-library",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example={"types": ["Motor"], "targetLibrary": "Shared"},
    done="Library updated",
)
def update_library(ctx: Context, request: UpdateLibrary) -> Updated:
    """Update an open global library with the default versions of types of the project library."""
    target = Which(request.target_library)
    return update.update_library(ctx.session, PROJECT, target, request.types, choices_of(ctx, request))


@section.operation(
    also="POST /api/project/library/actions/harmonize",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example={"types": ["Motor"], "names": True, "paths": True},
    done="Project harmonized",
)
def harmonize(ctx: Context, request: Harmonize) -> Updated:
    """Harmonize instances: give them the names of their types, and move them to folders like theirs. V17 and later."""
    wanted = [name for name, chosen in zip(HARMONIZE, (request.names, request.paths), strict=True) if chosen]
    ctx.require(wanted, "request.missing_field", "Choose what is harmonized: names, paths, or both.")
    return update.harmonize(ctx.session, request.types, request.devices, wanted)


@section.operation(
    also="POST /api/project/library/actions/clean-up",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example={"mode": "DeleteUnusedTypes"},
    done="Library cleaned up",
)
def clean_up(ctx: Context, request: CleanUp) -> Updated:
    """Delete versions of types that nothing uses, or whole types. V17 and later."""
    mode = one_of(ctx, request.mode, CLEAN_UP)
    return update.clean_up(ctx.session, PROJECT, request.types, mode)


# -- shared with global libraries ---------------------------------------------------------


def copy_created(ctx: Context, which: Which, request: NewCopy) -> MasterCopyInfo:
    """Make a master copy in a library."""
    kind = one_of(ctx, request.source_type, SOURCES) if request.source_type else ""
    ctx.require(request.source or kind in ("", "Device"), "request.missing_field", "Name the object in source.")
    return copies.create(ctx.session, which, request.device_name, kind, request.source, request.folder, request.name)


def copy_used(ctx: Context, which: Which, request: UseCopy) -> Made:
    """Insert a master copy of a library into the project."""
    mode = one_of(ctx, request.mode, MODES)
    return copies.instantiate(ctx.session, which, request.name, request.device_name, request.folder, mode)


def choices_of(ctx: Context, request: UpdateOther) -> Choices:
    """What an update of a library may do."""
    force, structure = one_of(ctx, request.force, FORCE), one_of(ctx, request.structure, STRUCTURE)
    return Choices(force=force, structure=structure, delete_unused=request.delete_unused)


def one_of(ctx: Context, text: str, names: tuple[str, ...]) -> str:
    """A name as it is written, without regard to case.

    Raises:
        Problem: It is not among the names.
    """
    found = next((name for name in names if name.casefold() == text.strip().casefold()), None)
    ctx.require(found, "request.unknown_value", f"'{text}' is not known: use one of {', '.join(names)}.")
    return found or ""
