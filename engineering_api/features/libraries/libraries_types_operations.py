"""Libraries: types of the project library and their versions."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.change_list import DeletedFolder, deleted_folder
from engineering_api.features.libraries.libraries_operations import (
    DEVICE,
    FOLDER,
    PATH,
    PLC_FOLDER,
    ExistingFolder,
    Folder,
    OnFolder,
    one_of,
)
from engineering_api.operations.combinations import combine, together
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Nothing, Request, named
from engineering_api.operations.terms import Lock, Right, Undo
from openness_bridge.library import authoring, libraries
from openness_bridge.library import types as libraries_types
from openness_bridge.library.authoring import Release, TypeMade
from openness_bridge.library.copies import Made
from openness_bridge.library.libraries import PROJECT, TYPES, Which
from openness_bridge.library.types import PATHS, TypeComparison, TypeDetail, TypeInfo

section = Section("Libraries")
VERSION = "Version such as 1.0.0; the default one when it is left out."
ON_TYPE = {"typeName": "Motor"}
ON_PLC = {"deviceName": "PLC_1"}


# -- requests -----------------------------------------------------------------------------


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
        named(
            f"When there is an instance in another folder (V18 and later): {', '.join(PATHS)}.",
            "updatePathsMode",
            schema={"enum": list(PATHS)},
        ),
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
    release: Annotated[bool, named("Release it immediately; otherwise it stays in work.")] = True


class NewVersion(Releasing, kw_only=True):
    """Which type gets a version, of which object."""

    type_name: Annotated[str, named(f"{PATH} Or its GUID.", "path", "typePath", "guid")]
    device_name: Annotated[str, named(DEVICE, "device")]
    source: Annotated[
        str | None,
        named(
            "The block or data type; the one of the type's name when it is left out.",
            "sourceName",
            "blockName",
            "objectName",
        ),
    ] = None
    release: Annotated[bool, named("Release it immediately; otherwise it stays in work.")] = True
    override: Annotated[bool, named("Replace a version that is in work.", "overwrite", destroys=True)] = False


class ReleaseType(Releasing, kw_only=True):
    """Which type's version in work is released."""

    type_name: Annotated[str, named(f"{PATH} Or its GUID.", "name", "path", "typePath", "guid")]


@combine(together("left_version", "right_version"))
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
    right_library: Annotated[
        str | None, named("Its global library; the project library when it is left out.", "otherLibraryName")
    ] = None


# -- operations ---------------------------------------------------------------------------


@section.operation(wait="GET /api/project/library/types", right=Right.VIEW, changes=False)
def list_types(ctx: Context, _: Nothing) -> list[TypeInfo]:
    """List the types of the project library with their versions."""
    return libraries_types.list_types(ctx.session, PROJECT)


@section.operation(also="GET /api/project/library/types/{typeName}", right=Right.VIEW, changes=False, example=ON_TYPE)
def get_type(ctx: Context, request: OnType) -> TypeDetail:
    """Get a type with its versions and its instances in the project."""
    return libraries_types.describe(ctx.session, PROJECT, request.type_name)


@section.operation(
    also="POST /api/project/library/types",
    lock=Lock.PROJECT,
    done="Type created",
    destroys=False,
    undo=Undo.NEVER,
    example=ON_PLC | {"source": "Motor", "version": "1.0.0", "author": "Engineer"},
)
def create_type(ctx: Context, request: NewType) -> TypeMade:
    """Create a type of an FB, FC, OB or data type of a PLC, which becomes its first instance. V20 and later.

    It is created from a SIMATIC SD document, so blocks in STL and GRAPH cannot become types here. Objects that it uses must
    be instances of a type already.
    """
    how = _release(request, release=request.release)
    return authoring.create_type(ctx.session, request.device_name, request.source, request.folder, how)


@section.operation(
    wait="POST /api/project/library/types/actions/instantiate",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_PLC | ON_TYPE | {"version": "1.0.0"},
    done="Type instantiated",
)
def instantiate_type(ctx: Context, request: UseType) -> Made:
    """Create an instance of a version in a PLC, with its dependencies. An existing instance is updated to that version."""
    return type_used(ctx, PROJECT, request)


@section.operation(
    wait="DELETE /api/project/library/types/{typeName}",
    lock=Lock.PROJECT,
    example=ON_TYPE,
    destroys=True,
    undo=Undo.NEVER,
    done="Type deleted",
)
def delete_type(ctx: Context, request: OnType) -> TypeInfo:
    """Delete a type with all its versions. It must have no instances, no dependents and no version in work."""
    return libraries_types.delete(ctx.session, PROJECT, request.type_name)


@section.operation(
    also="POST /api/project/library/types/versions/actions/delete",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_TYPE | {"version": "1.0.0"},
    done="Version deleted",
)
def delete_version(ctx: Context, request: OnVersion) -> TypeInfo:
    """Delete a released version, and the master copies with instances of it. The last version is deleted with its type."""
    return libraries_types.delete(ctx.session, PROJECT, request.type_name, request.version)


@section.operation(
    wait="POST /api/project/library/types/versions",
    lock=Lock.PROJECT,
    done="Version created",
    destroys=False,
    undo=Undo.NEVER,
    example=ON_TYPE | ON_PLC | {"version": "1.1.0", "comment": "Ramp added"},
)
def create_version(ctx: Context, request: NewVersion) -> TypeMade:
    """Create a new version of a type from the present object in a PLC, and release it. V20 and later."""
    how = _release(request, release=request.release)
    return authoring.create_version(
        ctx.session, request.type_name, request.device_name, request.source, how, override=request.override
    )


@section.operation(
    also="POST /api/project/library/types/{typeName}/actions/release",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_TYPE | {"version": "1.1.0"},
    done="Version released",
)
def release_version(ctx: Context, request: ReleaseType) -> TypeInfo:
    """Release the version of a type that is in work. V20 and later."""
    return authoring.release_version(ctx.session, request.type_name, _release(request))


@section.operation(
    also="POST /api/project/library/types/{typeName}/actions/discard",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_TYPE,
    done="Version discarded",
)
def discard_version(ctx: Context, request: OnType) -> TypeInfo:
    """Discard the version of a type that is in work. A type without another version is deleted. V20 and later."""
    return authoring.discard_version(ctx.session, request.type_name)


@section.operation(
    wait="POST /api/project/library/types/{typeName}/actions/set-default",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_TYPE | {"version": "1.0.0"},
    done="Default version set",
)
def set_default(ctx: Context, request: OnVersion) -> TypeInfo:
    """Set a released version of a type as the default one. V17 and later."""
    return libraries_types.set_default(ctx.session, PROJECT, request.type_name, request.version)


@section.operation(
    wait="POST /api/project/library/types/actions/compare",
    right=Right.VIEW,
    changes=False,
    example={"leftType": "Motor", "leftVersion": "1.1.0", "rightVersion": "1.0.0"},
)
def compare_types(ctx: Context, request: Compare) -> TypeComparison:
    """Compare two types or two versions, of the project library or of open global ones. V19 and later."""
    other = request.left_type if request.right_type is None else request.right_type
    left = libraries_types.side(ctx.session, Which(request.left_library), request.left_type, request.left_version)
    right = libraries_types.side(ctx.session, Which(request.right_library), other, request.right_version)
    return libraries_types.compare(left, right)


@section.operation(
    also="POST /api/project/library/types/folders",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example={"folder": "Drives/Small"},
    done="Folder created",
)
def create_type_folder(ctx: Context, request: OnFolder) -> Folder:
    """Create a folder for types, and the folders above it."""
    return Folder(folder=libraries.create_folder(ctx.session, PROJECT, TYPES, request.folder))


@section.operation(
    also="POST /api/project/library/types/folders/actions/delete",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example={"folder": "Drives/Small"},
    done="Folder deleted",
)
def delete_type_folder(ctx: Context, request: ExistingFolder) -> DeletedFolder:
    """Delete a folder that contains no types."""
    return deleted_folder(
        request.folder, libraries.delete_folder(ctx.session, PROJECT, TYPES, request.folder, force=False)
    )


def type_used(ctx: Context, which: Which, request: UseType) -> Made:
    """Make an instance of a type of a library."""
    paths = one_of(ctx, request.paths, PATHS)
    return libraries_types.instantiate(
        ctx.session, which, request.type_name, request.version, request.device_name, request.folder, paths
    )


def _release(request: Releasing, *, release: bool = True) -> Release:
    return Release(number=request.version, author=request.author, comment=request.comment, release=release)
