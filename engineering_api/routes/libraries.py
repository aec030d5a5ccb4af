"""Libraries: the project library with its master copies, types and versions."""

from __future__ import annotations

from typing import Annotated

from engineering_api.context import Context
from engineering_api.operation import Lock, Model, Nothing, Request, Right, Section, named
from openness_bridge import libraries, libraries_copies, libraries_types, libraries_update
from openness_bridge.libraries import COPIES, PROJECT, TYPES, LibraryInfo, LibraryTree, Which
from openness_bridge.libraries_copies import MODES, SOURCES, Made, MasterCopyInfo
from openness_bridge.libraries_types import PATHS, Release, TypeComparison, TypeDetail, TypeInfo, TypeMade
from openness_bridge.libraries_update import CLEAN_UP, FORCE, HARMONIZE, STRUCTURE, Choices, Updated, UpdateReport

section = Section("Libraries")
PATH = "Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone if only one has it."
FOLDER = "Folder in the library, its names joined by /. Made when it is missing."
PLC_FOLDER = "Folder of the PLC, its names joined by /. Made when it is missing."
DEVICE = "Name of the station, its CPU or its program."
VERSION = "Version such as 1.0.0; the default one when it is left out."


# -- requests -----------------------------------------------------------------------------


class OnCopy(Request, kw_only=True):
    """Which master copy."""

    name: Annotated[str, named(PATH, "mcPath", "path", "masterCopyName", "masterCopyPath")]


class NewCopy(Request, kw_only=True):
    """What a master copy is made of."""

    device_name: Annotated[str, named(DEVICE, "device")]
    source: Annotated[
        str, named("Name of the block, data type or tag table; path of a folder of blocks; empty for the whole station.",
                   "sourceName", "blockName", "itemName", "objectName")
    ] = ""  # fmt: skip
    source_type: Annotated[
        str, named(f"{', '.join(SOURCES)}; when it is left out, what has the name.", "itemType", "type", "kind")
    ] = ""
    folder: Annotated[str, named(FOLDER, "folderPath", "targetFolder")] = ""
    name: Annotated[
        str | None, named("Name of the master copy; TIA Portal's own when it is left out.", "masterCopyName")
    ] = None


class UseCopy(OnCopy, kw_only=True):
    """Which master copy, and where its content goes."""

    device_name: Annotated[str, named(f"{DEVICE} Not needed for a station.", "device", "targetDevice")] = ""
    folder: Annotated[str, named(PLC_FOLDER, "folderPath", "targetFolder", "targetGroup")] = ""
    mode: Annotated[str, named(f"When a name is used: {', '.join(MODES)}.", "masterCopyMode", "conflictMode")] = MODES[
        0
    ]


class OnFolder(Request, kw_only=True):
    """Which folder."""

    folder: Annotated[str, named("Its path, names joined by /.", "name", "folderName", "folderPath", "path")]


class DeleteFolder(OnFolder, kw_only=True):
    """Which folder, and whether with what is in it."""

    force: Annotated[bool, named("Delete a folder of master copies with what is in it.")] = False


class OnType(Request, kw_only=True):
    """Which type."""

    type_name: Annotated[str, named(f"{PATH} Or its GUID.", "name", "path", "typePath", "guid")]


class OnVersion(OnType, kw_only=True):
    """Which version of which type."""

    version: Annotated[str, named("Its number, such as 1.0.0.", "versionNumber")]


class UseType(OnType, kw_only=True):
    """Which version, and where the instance goes."""

    device_name: Annotated[str, named(DEVICE, "device", "targetDevice")]
    version: Annotated[str | None, named(VERSION, "versionNumber")] = None
    folder: Annotated[str, named(PLC_FOLDER, "folderPath", "targetFolder", "targetGroup")] = ""
    paths: Annotated[
        str,
        named(f"When there is an instance in another folder (V18 and later): {', '.join(PATHS)}.", "updatePathsMode"),
    ] = PATHS[0]


class Releasing(Request, kw_only=True):
    """How a version is released."""

    version: Annotated[
        str | None, named("Its number, such as 1.0.0; the next one when it is left out.", "versionNumber")
    ] = None
    author: Annotated[str, named("Who releases it.")] = ""
    comment: Annotated[str, named("What is new.")] = ""


class NewType(Releasing, kw_only=True):
    """What a type is made of."""

    device_name: Annotated[str, named(DEVICE, "device")]
    source: Annotated[
        str, named("Name of the FB, FC, OB or data type.", "sourceName", "blockName", "objectName", "name")
    ]
    folder: Annotated[str, named(FOLDER, "folderPath", "targetFolder")] = ""
    release: Annotated[bool, named("Release it at once; otherwise it stays in work.")] = True


class NewVersion(Releasing, kw_only=True):
    """Which type gets a version, of which object."""

    type_name: Annotated[str, named(f"{PATH} Or its GUID.", "path", "typePath", "guid")]
    device_name: Annotated[str, named(DEVICE, "device")]
    source: Annotated[
        str | None, named("The block or data type; the one of the type's name when it is left out.",
                          "sourceName", "blockName", "objectName")
    ] = None  # fmt: skip
    release: Annotated[bool, named("Release it at once; otherwise it stays in work.")] = True
    override: Annotated[bool, named("Replace a version that is in work.", "overwrite")] = False


class ReleaseType(Releasing, kw_only=True):
    """Which type's version in work is released."""

    type_name: Annotated[str, named(f"{PATH} Or its GUID.", "name", "path", "typePath", "guid")]


class Compare(Request, kw_only=True):
    """Two types, or two versions."""

    left_type: Annotated[str, named(PATH, "typeName", "left", "sourceType", "firstType")]
    left_version: Annotated[
        str | None, named("Its version; the type itself when it is left out.", "version", "firstVersion")
    ] = None
    left_library: Annotated[
        str | None, named("Its global library; the project library when it is left out.", "libraryName")
    ] = None
    right_type: Annotated[
        str | None,
        named(
            "The other type; the same one when it is left out.", "otherTypeName", "right", "targetType", "secondType"
        ),
    ] = None
    right_version: Annotated[str | None, named("Its version.", "otherVersion", "secondVersion")] = None
    right_library: Annotated[str | None, named("Its global library; the project library when it is left out.",
                                               "otherLibraryName")] = None  # fmt: skip


class Check(Request, kw_only=True):
    """How much an update check says."""

    all: Annotated[bool, named("Name the instances that are up to date as well.", "includeUpToDate")] = False


class Selected(Request, kw_only=True):
    """Which types."""

    types: Annotated[
        list[str], named("Paths of types or of folders of types; all types when it is left out.", "typeNames")
    ] = []


class UpdateProject(Selected, kw_only=True):
    """Which types are updated, in which PLCs."""

    devices: Annotated[list[str], named("The PLCs; all when it is left out.", "deviceNames")] = []
    delete_unused: Annotated[bool, named("Delete versions that nothing uses any more (V17 and later).")] = False


class Harmonize(Selected, kw_only=True):
    """Which instances are made like their types."""

    devices: Annotated[list[str], named("The PLCs; all when it is left out.", "deviceNames")] = []
    names: Annotated[bool, named("Give instances the names of their types.", "harmonizeNames")] = True
    paths: Annotated[bool, named("Move instances to folders like those of their types.", "harmonizePaths")] = False


class UpdateOther(Selected, kw_only=True):
    """Which types are brought to which library."""

    force: Annotated[
        str, named(f"Which version is the default one there afterwards: {', '.join(FORCE)}.", "forceUpdateMode")
    ] = FORCE[0]
    structure: Annotated[
        str,
        named(f"When a type lies in another folder there: {', '.join(STRUCTURE)}.", "structureConflictResolutionMode"),
    ] = STRUCTURE[0]
    delete_unused: Annotated[bool, named("Delete versions there that nothing uses any more.")] = False


class UpdateLibrary(UpdateOther, kw_only=True):
    """Which types are brought to which global library."""

    target_library: Annotated[
        str, named("Name of an open global library; the only one when it is left out.", "libraryName")
    ] = ""


class CleanUp(Selected, kw_only=True):
    """Which types are cleaned up, and how far."""

    mode: Annotated[str, named(f"{', '.join(CLEAN_UP)}.", "cleanUpMode")] = CLEAN_UP[0]


class Folder(Model):
    """A folder of a library."""

    folder: str


ON_PLC = {"deviceName": "PLC_1"}
ON_TYPE = {"typeName": "Motor"}


# -- the library --------------------------------------------------------------------------


@section.operation(wait="GET /api/project/library/tree", right=Right.VIEW, changes=False)
def tree(ctx: Context, _: Nothing) -> LibraryTree:
    """Get the folders of the project library with master copies, types and versions."""
    return libraries.tree(ctx.session, PROJECT)


@section.operation(wait="GET /api/project/library", right=Right.VIEW, changes=False)
def info(ctx: Context, _: Nothing) -> LibraryInfo:
    """Get what is known of the project library: counts, languages, file of the project."""
    return libraries.info(ctx.session, PROJECT)


# -- master copies ------------------------------------------------------------------------


@section.operation(wait="GET /api/project/library/master-copies", right=Right.VIEW, changes=False)
def list_copies(ctx: Context, _: Nothing) -> list[MasterCopyInfo]:
    """List the master copies of the project library, those in folders too."""
    return libraries_copies.list_copies(ctx.session, PROJECT)


@section.operation(wait="POST /api/project/library/master-copies", lock=Lock.PROJECT, done="Master copy created",
                   example=ON_PLC | {"source": "Motor", "folder": "Drives"})  # fmt: skip
def create_copy(ctx: Context, request: NewCopy) -> MasterCopyInfo:
    """Make a master copy of a block, folder of blocks, data type, tag table or station of the project."""
    return copy_created(ctx, PROJECT, request)


@section.operation(wait="DELETE /api/project/library/master-copies/{name}", lock=Lock.PROJECT,
                   example={"name": "Drives/Motor"}, done="Master copy deleted")  # fmt: skip
def delete_copy(ctx: Context, request: OnCopy) -> MasterCopyInfo:
    """Delete a master copy of the project library, by its path or its name."""
    return libraries_copies.delete(ctx.session, PROJECT, request.name)


@section.operation(wait="POST /api/project/library/master-copies/actions/instantiate", lock=Lock.PROJECT,
                   example=ON_PLC | {"name": "Drives/Motor", "mode": "Rename"}, done="Master copy instantiated")  # fmt: skip
def instantiate_copy(ctx: Context, request: UseCopy) -> Made:
    """Put the content of a master copy into a PLC, or its station into the project."""
    return copy_used(ctx, PROJECT, request)


@section.operation(wait="POST /api/project/library/master-copies/folders", lock=Lock.PROJECT,
                   example={"folder": "Drives/Small"}, done="Folder created")  # fmt: skip
def create_copy_folder(ctx: Context, request: OnFolder) -> Folder:
    """Create a folder for master copies, and those above it."""
    return Folder(folder=libraries.create_folder(ctx.session, PROJECT, COPIES, request.folder))


@section.operation(also="POST /api/project/library/master-copies/folders/actions/delete", lock=Lock.PROJECT,
                   example={"folder": "Drives/Small"}, done="Folder deleted")  # fmt: skip
def delete_copy_folder(ctx: Context, request: DeleteFolder) -> Folder:
    """Delete a folder of master copies; one that is not empty only with force."""
    return Folder(folder=libraries.delete_folder(ctx.session, PROJECT, COPIES, request.folder, force=request.force))


# -- types --------------------------------------------------------------------------------


@section.operation(wait="GET /api/project/library/types", right=Right.VIEW, changes=False)
def list_types(ctx: Context, _: Nothing) -> list[TypeInfo]:
    """List the types of the project library with their versions."""
    return libraries_types.list_types(ctx.session, PROJECT)


@section.operation(also="GET /api/project/library/types/{typeName}", right=Right.VIEW, changes=False, example=ON_TYPE)
def get_type(ctx: Context, request: OnType) -> TypeDetail:
    """Get a type with its versions and its instances in the project."""
    return libraries_types.describe(ctx.session, PROJECT, request.type_name)


@section.operation(also="POST /api/project/library/types", lock=Lock.PROJECT, done="Type created",
                   example=ON_PLC | {"source": "Motor", "version": "1.0.0", "author": "Engineer"})  # fmt: skip
def create_type(ctx: Context, request: NewType) -> TypeMade:
    """Make a type of an FB, FC, OB or data type of a PLC, which becomes its first instance. V20 and later.

    It goes through a SIMATIC SD document, so that blocks in STL and GRAPH cannot be types here. What the object uses must be
    an instance of a type already.
    """
    how = _release(request, release=request.release)
    return libraries_types.create_type(ctx.session, request.device_name, request.source, request.folder, how)


@section.operation(wait="POST /api/project/library/types/actions/instantiate", lock=Lock.PROJECT,
                   example=ON_PLC | ON_TYPE | {"version": "1.0.0"}, done="Type instantiated")  # fmt: skip
def instantiate_type(ctx: Context, request: UseType) -> Made:
    """Make an instance of a version in a PLC, with what it depends on; one that is there is brought to that version."""
    return type_used(ctx, PROJECT, request)


@section.operation(wait="DELETE /api/project/library/types/{typeName}", lock=Lock.PROJECT, example=ON_TYPE,
                   done="Type deleted")  # fmt: skip
def delete_type(ctx: Context, request: OnType) -> TypeInfo:
    """Delete a type with all its versions; not while it has instances, dependents or a version in work."""
    return libraries_types.delete(ctx.session, PROJECT, request.type_name)


@section.operation(also="POST /api/project/library/types/versions/actions/delete", lock=Lock.PROJECT,
                   example=ON_TYPE | {"version": "1.0.0"}, done="Version deleted")  # fmt: skip
def delete_version(ctx: Context, request: OnVersion) -> TypeInfo:
    """Delete a released version, and the master copies with instances of it; with the last one the type goes."""
    return libraries_types.delete(ctx.session, PROJECT, request.type_name, request.version)


@section.operation(wait="POST /api/project/library/types/versions", lock=Lock.PROJECT, done="Version created",
                   example=ON_TYPE | ON_PLC | {"version": "1.1.0", "comment": "Ramp added"})  # fmt: skip
def create_version(ctx: Context, request: NewVersion) -> TypeMade:
    """Make a new version of a type as the object in a PLC is now, and release it. V20 and later."""
    how = _release(request, release=request.release)
    return libraries_types.create_version(ctx.session, request.type_name, request.device_name, request.source, how,
                                          override=request.override)  # fmt: skip


@section.operation(also="POST /api/project/library/types/{typeName}/actions/release", lock=Lock.PROJECT,
                   example=ON_TYPE | {"version": "1.1.0"}, done="Version released")  # fmt: skip
def release_version(ctx: Context, request: ReleaseType) -> TypeInfo:
    """Release the version of a type that is in work. V20 and later."""
    return libraries_types.release_version(ctx.session, request.type_name, _release(request))


@section.operation(also="POST /api/project/library/types/{typeName}/actions/discard", lock=Lock.PROJECT,
                   example=ON_TYPE, done="Version discarded")  # fmt: skip
def discard_version(ctx: Context, request: OnType) -> TypeInfo:
    """Give up the version of a type that is in work; a type without another version goes with it. V20 and later."""
    return libraries_types.discard_version(ctx.session, request.type_name)


@section.operation(wait="POST /api/project/library/types/{typeName}/actions/set-default", lock=Lock.PROJECT,
                   example=ON_TYPE | {"version": "1.0.0"}, done="Default version set")  # fmt: skip
def set_default(ctx: Context, request: OnVersion) -> TypeInfo:
    """Make a released version of a type the default one. V17 and later."""
    return libraries_types.set_default(ctx.session, PROJECT, request.type_name, request.version)


@section.operation(wait="POST /api/project/library/types/actions/compare", right=Right.VIEW, changes=False,
                   example={"leftType": "Motor", "leftVersion": "1.1.0", "rightVersion": "1.0.0"})  # fmt: skip
def compare_types(ctx: Context, request: Compare) -> TypeComparison:
    """Compare two types or two versions, of the project library or of open global ones. V19 and later."""
    ctx.require((request.left_version is None) == (request.right_version is None), "request.missing_field",
                "Name a version on both sides, or on none: a type and a version cannot be compared.")  # fmt: skip
    other = request.left_type if request.right_type is None else request.right_type
    left = libraries_types.side(ctx.session, Which(request.left_library), request.left_type, request.left_version)
    right = libraries_types.side(ctx.session, Which(request.right_library), other, request.right_version)
    return libraries_types.compare(left, right)


@section.operation(also="POST /api/project/library/types/folders", lock=Lock.PROJECT,
                   example={"folder": "Drives/Small"}, done="Folder created")  # fmt: skip
def create_type_folder(ctx: Context, request: OnFolder) -> Folder:
    """Create a folder for types, and those above it."""
    return Folder(folder=libraries.create_folder(ctx.session, PROJECT, TYPES, request.folder))


@section.operation(also="POST /api/project/library/types/folders/actions/delete", lock=Lock.PROJECT,
                   example={"folder": "Drives/Small"}, done="Folder deleted")  # fmt: skip
def delete_type_folder(ctx: Context, request: OnFolder) -> Folder:
    """Delete a folder without types in it."""
    return Folder(folder=libraries.delete_folder(ctx.session, PROJECT, TYPES, request.folder, force=False))


# -- updates ------------------------------------------------------------------------------


@section.operation(also="GET /api/project/library/update-check", right=Right.VIEW, changes=False, example={"all": True})
def update_check(ctx: Context, request: Check) -> UpdateReport:
    """Say which instances of the project are not of the default versions of the project library."""
    return libraries_update.check(ctx.session, PROJECT, all_instances=request.all)


@section.operation(also="POST /api/project/library/actions/update-project", lock=Lock.PROJECT,
                   example={"types": ["Motor"], "devices": ["PLC_1"]}, done="Project updated")  # fmt: skip
def update_project(ctx: Context, request: UpdateProject) -> Updated:
    """Bring the instances of types to their default versions."""
    choices = Choices(delete_unused=request.delete_unused)
    return libraries_update.update_project(ctx.session, PROJECT, request.types, request.devices, choices)


@section.operation(also="POST /api/project/library/actions/update-library", lock=Lock.PROJECT,
                   example={"types": ["Motor"], "targetLibrary": "Shared"}, done="Library updated")  # fmt: skip
def update_library(ctx: Context, request: UpdateLibrary) -> Updated:
    """Bring the default versions of types of the project library to an open global library."""
    target = Which(request.target_library)
    return libraries_update.update_library(ctx.session, PROJECT, target, request.types, choices_of(ctx, request))


@section.operation(also="POST /api/project/library/actions/harmonize", lock=Lock.PROJECT,
                   example={"types": ["Motor"], "names": True, "paths": True}, done="Project harmonized")  # fmt: skip
def harmonize(ctx: Context, request: Harmonize) -> Updated:
    """Give instances the names of their types and move them to folders like theirs. V17 and later."""
    wanted = [name for name, chosen in zip(HARMONIZE, (request.names, request.paths), strict=True) if chosen]
    ctx.require(wanted, "request.missing_field", "Choose what is harmonized: names, paths, or both.")
    return libraries_update.harmonize(ctx.session, request.types, request.devices, wanted)


@section.operation(also="POST /api/project/library/actions/clean-up", lock=Lock.PROJECT,
                   example={"mode": "DeleteUnusedTypes"}, done="Library cleaned up")  # fmt: skip
def clean_up(ctx: Context, request: CleanUp) -> Updated:
    """Delete versions of types that nothing uses, or whole types. V17 and later."""
    mode = one_of(ctx, request.mode, CLEAN_UP)
    return libraries_update.clean_up(ctx.session, PROJECT, request.types, mode)


# -- shared with global libraries ---------------------------------------------------------


def copy_created(ctx: Context, which: Which, request: NewCopy) -> MasterCopyInfo:
    """Make a master copy in a library."""
    kind = one_of(ctx, request.source_type, SOURCES) if request.source_type else ""
    ctx.require(request.source or kind in ("", "Device"), "request.missing_field", "Name the object in source.")
    return libraries_copies.create(ctx.session, which, request.device_name, kind, request.source, request.folder,
                                   request.name)  # fmt: skip


def copy_used(ctx: Context, which: Which, request: UseCopy) -> Made:
    """Put a master copy of a library into the project."""
    mode = one_of(ctx, request.mode, MODES)
    return libraries_copies.instantiate(ctx.session, which, request.name, request.device_name, request.folder, mode)


def type_used(ctx: Context, which: Which, request: UseType) -> Made:
    """Make an instance of a type of a library."""
    paths = one_of(ctx, request.paths, PATHS)
    return libraries_types.instantiate(ctx.session, which, request.type_name, request.version, request.device_name,
                                       request.folder, paths)  # fmt: skip


def choices_of(ctx: Context, request: UpdateOther) -> Choices:
    """What an update of a library may do."""
    force, structure = one_of(ctx, request.force, FORCE), one_of(ctx, request.structure, STRUCTURE)
    return Choices(force=force, structure=structure, delete_unused=request.delete_unused)


def one_of(ctx: Context, text: str, names: tuple[str, ...]) -> str:
    """A name as it is written, whatever its case.

    Raises:
        Problem: It is not among the names.
    """
    found = next((name for name in names if name.casefold() == text.strip().casefold()), None)
    ctx.require(found, "request.unknown_value", f"'{text}' is not known: use one of {', '.join(names)}.")
    return found or ""


def _release(request: Releasing, *, release: bool = True) -> Release:
    return Release(number=request.version, author=request.author, comment=request.comment, release=release)
