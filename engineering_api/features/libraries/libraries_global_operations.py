"""Libraries: global libraries, which have a separate file and are opened and closed independently of projects."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.libraries import library_files
from engineering_api.features.libraries.libraries_operations import (
    Check,
    Folder,
    NewCopy,
    OnCopy,
    OnFolder,
    Selected,
    UpdateOther,
    UseCopy,
    choices_of,
    copy_created,
    copy_used,
)
from engineering_api.features.libraries.libraries_types_operations import OnType, OnVersion, UseType, type_used
from engineering_api.files import archives
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Nothing, Request, named, path_field
from engineering_api.operations.terms import Lock, Right, Trial, Undo
from openness_bridge.library import copies, global_libraries, libraries, update
from openness_bridge.library import types as libraries_types
from openness_bridge.library.copies import Made, MasterCopyInfo
from openness_bridge.library.global_libraries import GlobalLibraryInfo, LibraryArchive, LibraryRef
from openness_bridge.library.libraries import COPIES, PROJECT, TYPES, LibraryInfo, LibraryTree, Which
from openness_bridge.library.types import TypeInfo
from openness_bridge.library.update import CLEAN_UP, Updated, UpdateReport

section = Section("Libraries")
FILE = "A file on the server, inside its allowed folders; a relative path starts from its workspace."
LibraryName = Annotated[str, named("Name of an open global library; the only one when it is left out.", "library")]


# -- requests -----------------------------------------------------------------------------


class Create(Request):
    """A new global library."""

    name: Annotated[str, named("Its name; also the name of its folder.", "libraryName")]
    directory: Annotated[
        str, path_field("The folder in which its folder is created.", "targetDirectory", "path", writes=True)
    ] = "libraries"


class Open(Request):
    """An existing global library."""

    path: Annotated[
        str,
        path_field(f"The .alNN file, or the name of one in the workspace. {FILE}", "libraryPath", "filePath", "name"),
    ]
    read_only: Annotated[bool, named("Open it so that it cannot be changed; others can open it too.")] = False
    upgrade: Annotated[bool, named("Upgrade a library of an older version, as a copy.")] = False


class OnLibrary(Request, kw_only=True):
    """Which library."""

    library_name: LibraryName = ""


class Close(OnLibrary, kw_only=True):
    """What to do with changes that are not saved. Without either, closing is refused when there are such changes."""

    save: Annotated[bool, named("Save first.")] = False
    discard: Annotated[bool, named("Drop them.", destroys=True)] = False


class Save(OnLibrary, kw_only=True):
    """Which library, and where to."""

    directory: Annotated[
        str | None,
        path_field("Save as: a new folder whose name becomes the library's.", "targetDirectory", writes=True),
    ] = None


class Archive(OnLibrary, kw_only=True):
    """Which library, and where to."""

    path: Annotated[
        str | None,
        path_field(
            f"The .zalNN file; archives/<name>.zalNN by default. {FILE}", "archivePath", "targetPath", writes=True
        ),
    ] = None
    save: Annotated[bool, named("Save first; otherwise changes that are not saved are refused.")] = False


class Retrieve(Request):
    """An archive."""

    archive_path: Annotated[str, path_field(f"The .zalNN file. {FILE}", "path", "sourcePath")]
    target_directory: Annotated[
        str, path_field("The folder in which the library's folder is created.", "directory", writes=True)
    ] = "libraries"
    read_only: Annotated[bool, named("Open it so that it cannot be changed.")] = False
    upgrade: Annotated[bool, named("Upgrade a library of an older version.")] = False


class GlobalCopy(NewCopy, kw_only=True):
    """What a master copy is made of."""

    library_name: LibraryName = ""


class OnGlobalCopy(OnCopy, kw_only=True):
    """Which master copy."""

    library_name: LibraryName = ""


class UseGlobalCopy(UseCopy, kw_only=True):
    """Which master copy, and where its content goes."""

    library_name: LibraryName = ""


class OnGlobalFolder(OnFolder, kw_only=True):
    """Which folder."""

    library_name: LibraryName = ""


class OnGlobalType(OnType, kw_only=True):
    """Which type."""

    library_name: LibraryName = ""


class OnGlobalVersion(OnVersion, kw_only=True):
    """Which version of which type."""

    library_name: LibraryName = ""


class UseGlobalType(UseType, kw_only=True):
    """Which version, and where the instance goes."""

    library_name: LibraryName = ""


class CheckGlobal(Check, kw_only=True):
    """How much an update check says."""

    library_name: LibraryName = ""


class UpdateProject(UpdateOther, kw_only=True):
    """Which types are updated, in which PLCs."""

    library_name: LibraryName = ""
    devices: Annotated[list[str], named("The PLCs; all when it is left out.", "deviceNames")] = []


class UpdateLibrary(UpdateOther, kw_only=True):
    """Which types are brought to which library."""

    library_name: LibraryName = ""
    target_library: Annotated[str | None, named("An open global library; the project library when it is left out.")] = (
        None
    )


class CleanUp(Selected, kw_only=True):
    """Which types are cleaned up."""

    library_name: LibraryName = ""


ON_TYPE = {"typeName": "Motor"}


# -- the libraries ------------------------------------------------------------------------


@section.operation(wait="GET /api/libraries/global", right=Right.VIEW, changes=False)
def list_libraries(ctx: Context, _: Nothing) -> list[GlobalLibraryInfo]:
    """List the global libraries: those that TIA Portal has, and library files in the server's workspace."""
    return library_files.available(ctx.session, ctx.roots)


@section.operation(
    wait="POST /api/libraries/global",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example={"name": "Shared"},
    destroys=False,
    undo=Undo.NEEDLESS,
    done="Library created",
)
def create(ctx: Context, request: Create) -> LibraryRef:
    """Create a new, empty global library and open it for writing."""
    folder = ctx.roots.resolve(request.directory)
    ctx.roots.require_no_git_folder(folder, request.name)
    return global_libraries.create(ctx.session, folder, request.name)


@section.operation(
    wait="POST /api/libraries/global/actions/open",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"path": "libraries/Shared/Shared.al20"},
    done="Library opened",
)
def open_(ctx: Context, request: Open) -> LibraryRef:
    """Open a global library, for writing unless it is to be read-only."""
    path = library_files.file_of(ctx.session, ctx.roots, request.path) or ctx.roots.existing(request.path)
    return global_libraries.open_library(ctx.session, path, read_only=request.read_only, upgrade=request.upgrade)


@section.operation(
    wait="POST /api/libraries/global/actions/close",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    destroys=True,
    undo=Undo.NEVER,
    example={"libraryName": "Shared", "save": True},
    done="Library closed",
)
def close(ctx: Context, request: Close) -> LibraryRef:
    """Close a global library. Set save or discard if it has changes that are not saved."""
    which = Which(request.library_name)
    return global_libraries.close(ctx.session, which, save_first=request.save, discard=request.discard)


@section.operation(
    wait="POST /api/libraries/global/actions/save",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"libraryName": "Shared"},
    done="Library saved",
)
def save(ctx: Context, request: Save) -> LibraryRef:
    """Save a global library, or save it as another one."""
    which = Which(request.library_name)
    if request.directory is None:
        return global_libraries.save(ctx.session, which)
    return global_libraries.save_as(ctx.session, which, ctx.roots.resolve(request.directory))


@section.operation(
    wait="POST /api/libraries/global/actions/archive",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"libraryName": "Shared", "path": "archives/Shared.zal20", "save": True},
    done="Library archived",
)
def archive(ctx: Context, request: Archive) -> LibraryArchive:
    """Write a global library to a .zalNN archive."""
    target = None if request.path is None else ctx.roots.resolve(request.path)
    folder = ctx.roots.resolve("archives")
    return global_libraries.archive(ctx.session, Which(request.library_name), target, folder, save_first=request.save)


@section.operation(
    also="POST /api/libraries/global/actions/retrieve",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"archivePath": "archives/Shared.zal20", "targetDirectory": "retrieved"},
    done="Library restored",
)
def retrieve(ctx: Context, request: Retrieve) -> LibraryRef:
    """Restore a global library from a .zalNN archive and open it."""
    source, folder = (
        archives.resolve_archive(ctx.roots, request.archive_path),
        ctx.roots.resolve(request.target_directory),
    )
    return global_libraries.retrieve(ctx.session, source, folder, read_only=request.read_only, upgrade=request.upgrade)


@section.operation(
    also="GET /api/libraries/global/info", right=Right.VIEW, changes=False, example={"libraryName": "Shared"}
)
def info(ctx: Context, request: OnLibrary) -> LibraryInfo:
    """Get the properties of an open global library."""
    return libraries.info(ctx.session, Which(request.library_name))


@section.operation(
    wait="GET /api/libraries/global/tree", right=Right.VIEW, changes=False, example={"libraryName": "Shared"}
)
def tree(ctx: Context, request: OnLibrary) -> LibraryTree:
    """Get the folders of an open global library with master copies, types and versions."""
    return libraries.tree(ctx.session, Which(request.library_name))


# -- master copies ------------------------------------------------------------------------


@section.operation(
    wait="GET /api/libraries/global/master-copies", right=Right.VIEW, changes=False, example={"libraryName": "Shared"}
)
def list_copies(ctx: Context, request: OnLibrary) -> list[MasterCopyInfo]:
    """List the master copies of an open global library, also those in folders."""
    return copies.list_copies(ctx.session, Which(request.library_name))


@section.operation(
    wait="POST /api/libraries/global/master-copies",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    done="Master copy created",
    destroys=False,
    undo=Undo.NEVER,
    example={"deviceName": "PLC_1", "source": "Motor", "folder": "Drives"},
)
def create_copy(ctx: Context, request: GlobalCopy) -> MasterCopyInfo:
    """Create a master copy of an object of the project in an open global library."""
    return copy_created(ctx, Which(request.library_name), request)


@section.operation(
    wait="DELETE /api/libraries/global/master-copies",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    destroys=True,
    undo=Undo.NEVER,
    example={"name": "Drives/Motor"},
    done="Master copy deleted",
)
def delete_copy(ctx: Context, request: OnGlobalCopy) -> MasterCopyInfo:
    """Delete a master copy of an open global library, by its path or its name."""
    return copies.delete(ctx.session, Which(request.library_name), request.name)


@section.operation(
    wait="POST /api/libraries/global/master-copies/actions/instantiate",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    destroys=True,
    undo=Undo.NEVER,
    example={"deviceName": "PLC_1", "name": "Drives/Motor", "mode": "Rename"},
    done="Master copy instantiated",
)
def instantiate_copy(ctx: Context, request: UseGlobalCopy) -> Made:
    """Insert the content of a master copy of a global library into a PLC, or its station into the project."""
    return copy_used(ctx, Which(request.library_name), request)


@section.operation(
    wait="POST /api/libraries/global/master-copies/folders",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    destroys=False,
    undo=Undo.NEVER,
    example={"folder": "Drives/Small"},
    done="Folder created",
)
def create_copy_folder(ctx: Context, request: OnGlobalFolder) -> Folder:
    """Create a folder for master copies in an open global library, and the folders above it."""
    return Folder(folder=libraries.create_folder(ctx.session, Which(request.library_name), COPIES, request.folder))


# -- types --------------------------------------------------------------------------------


@section.operation(
    wait="GET /api/libraries/global/types", right=Right.VIEW, changes=False, example={"libraryName": "Shared"}
)
def list_types(ctx: Context, request: OnLibrary) -> list[TypeInfo]:
    """List the types of an open global library with their versions."""
    return libraries_types.list_types(ctx.session, Which(request.library_name))


@section.operation(
    wait="POST /api/libraries/global/types/actions/instantiate",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_TYPE | {"deviceName": "PLC_1"},
    done="Type instantiated",
)
def instantiate_type(ctx: Context, request: UseGlobalType) -> Made:
    """Create an instance of a type version of a global library in a PLC. The type is added to the project library first."""
    return type_used(ctx, Which(request.library_name), request)


@section.operation(
    wait="DELETE /api/libraries/global/types/{typeName}",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example=ON_TYPE,
    destroys=True,
    undo=Undo.NEVER,
    done="Type deleted",
)
def delete_type(ctx: Context, request: OnGlobalType) -> TypeInfo:
    """Delete a type of an open global library with all its versions."""
    return libraries_types.delete(ctx.session, Which(request.library_name), request.type_name)


@section.operation(
    also="POST /api/libraries/global/types/{typeName}/actions/set-default",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_TYPE | {"version": "1.0.0"},
    done="Default version set",
)
def set_default(ctx: Context, request: OnGlobalVersion) -> TypeInfo:
    """Make a released version of a type of a global library the default one. V17 and later."""
    return libraries_types.set_default(ctx.session, Which(request.library_name), request.type_name, request.version)


@section.operation(
    also="POST /api/libraries/global/types/folders",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    destroys=False,
    undo=Undo.NEVER,
    example={"folder": "Drives/Small"},
    done="Folder created",
)
def create_type_folder(ctx: Context, request: OnGlobalFolder) -> Folder:
    """Create a folder for types in an open global library, and the folders above it."""
    return Folder(folder=libraries.create_folder(ctx.session, Which(request.library_name), TYPES, request.folder))


# -- updates ------------------------------------------------------------------------------


@section.operation(
    also="GET /api/libraries/global/update-check", right=Right.VIEW, changes=False, example={"libraryName": "Shared"}
)
def update_check(ctx: Context, request: CheckGlobal) -> UpdateReport:
    """Get which instances of the project are not of the default versions of a global library."""
    return update.check(ctx.session, Which(request.library_name), all_instances=request.all)


@section.operation(
    also="POST /api/libraries/global/actions/update-project",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    destroys=True,
    undo=Undo.NEVER,
    example={"types": ["Motor"], "devices": ["PLC_1"]},
    done="Project updated",
)
def update_project(ctx: Context, request: UpdateProject) -> Updated:
    """Update the project library, and instances in PLCs, to the default versions of a global library."""
    return update.update_project(
        ctx.session, Which(request.library_name), request.types, request.devices, choices_of(ctx, request)
    )


@section.operation(
    also="POST /api/libraries/global/actions/update-library",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    destroys=True,
    undo=Undo.NEVER,
    example={"types": ["Motor"]},
    done="Library updated",
)
def update_library(ctx: Context, request: UpdateLibrary) -> Updated:
    """Update the project library, or another global library, with the default versions of types of a global library."""
    target = PROJECT if request.target_library is None else Which(request.target_library)
    return update.update_library(
        ctx.session, Which(request.library_name), target, request.types, choices_of(ctx, request)
    )


@section.operation(
    also="POST /api/libraries/global/actions/clean-up",
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    destroys=True,
    undo=Undo.NEVER,
    example={"libraryName": "Shared"},
    done="Library cleaned up",
)
def clean_up(ctx: Context, request: CleanUp) -> Updated:
    """Delete versions of types in a global library that nothing uses. V17 and later."""
    return update.clean_up(ctx.session, Which(request.library_name), request.types, CLEAN_UP[0])
