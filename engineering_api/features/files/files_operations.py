"""Files: what the allowed folders have, for clients that are not on this machine. transfer_operations.py sends and receives the bytes."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.files import browsing, file_store
from engineering_api.features.files.browsing import Listing
from engineering_api.features.files.file_store import FileInfo
from engineering_api.files import archives
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Request, named, path_field
from engineering_api.operations.terms import Lock, Reach, Right, Undo

section = Section("Files", reach=Reach.ALL, lock=Lock.NONE)
HERE = "A relative path starts from the server's workspace."


class Folder(Request):
    """Which folder, and what of it."""

    path: Annotated[str, path_field(f"The folder; the workspace by default. {HERE}", "folder", "directory")] = ""
    filter: Annotated[
        str, named("Pattern of the files, such as *.zap20; several are joined by a semicolon.", "pattern")
    ] = ""
    limit: Annotated[int, named("How many entries at most.", ge=1, le=10_000)] = 1000


class FileAddress(Request, kw_only=True):
    """Which file or folder."""

    path: Annotated[str, path_field(f"The file or folder. {HERE}", "filePath")]


class Delete(FileAddress, kw_only=True):
    """What is deleted."""

    path: Annotated[str, path_field(f"The file or folder. {HERE}", "filePath", writes=True)]
    recursive: Annotated[bool, named("Delete a folder with its content.", destroys=True)] = False


class Unpack(Request):
    """Which archive, and where to."""

    archive_path: Annotated[
        str,
        path_field(
            f"A ZIP archive: a folder that was packed, or an archive of a project. {HERE}",
            "path",
            "sourcePath",
        ),
    ]
    target_directory: Annotated[
        str, path_field("The folder to unpack to; if it exists, it must be empty.", "directory", writes=True)
    ]


class UnpackedFolder(Model):
    """The unpacked archive.

    Attributes:
        size: Bytes of all files.
    """

    path: str
    files: int
    size: int


@section.operation(
    also="GET /api/files",
    right=Right.VIEW,
    changes=False,
    items="entries",
    example={"path": "archives", "filter": "*.zap20"},
)
def list_(ctx: Context, request: Folder) -> Listing:
    """List a folder: folders first, then files, each by name."""
    return browsing.list_folder(ctx.roots, request.path, browsing.files(request.filter), request.limit)


@section.operation(
    also="GET /api/files/actions/info",
    right=Right.VIEW,
    changes=False,
    example={"path": "archives/Conveyor.zap20"},
)
def info(ctx: Context, request: FileAddress) -> FileInfo:
    """Get size, checksum and entity tag of a file, or size and number of files of a folder."""
    return file_store.info(ctx.roots, request.path)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    also="DELETE /api/files",
    example={"path": "archives/Conveyor.zap20"},
    done="Deleted",
)
def delete(ctx: Context, request: Delete) -> FileInfo:
    """Delete a file or folder. Files of the open project are refused."""
    return file_store.delete(ctx.roots, request.path, ctx.service.portals.current, recursive=request.recursive)


@section.operation(
    also="POST /api/files/actions/unpack",
    also_job="POST /api/files/actions/unpack-async",
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"archivePath": "archives/Conveyor.zap20", "targetDirectory": "unpacked/Conveyor"},
    done="Unpacked",
)
def unpack(ctx: Context, request: Unpack) -> UnpackedFolder:
    """Unpack a .zip archive into a new folder, all or nothing.

    An archive is refused if it would write elsewhere, has links, has one name twice or names that Windows or Linux does
    not allow, or would unpack to too many bytes.
    """
    source, target = ctx.roots.existing(request.archive_path), ctx.roots.resolve(request.target_directory)
    done = archives.unpack(ctx.roots, source, target)
    return UnpackedFolder(path=str(target), files=done.files, size=done.size)
