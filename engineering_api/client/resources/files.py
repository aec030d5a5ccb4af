"""Files: what the allowed folders have, for clients that are not on this machine. The bytes themselves go through transfer.py.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.files.browsing import Listing
from engineering_api.features.files.file_store import FileInfo
from engineering_api.features.files.files_operations import Delete, FileAddress, Folder, Unpack, UnpackedFolder


class Files(Resource):
    """Files: what the allowed folders have, for clients that are not on this machine. The bytes themselves go through transfer.py."""

    def list_(self, *, path: str = "", filter: str = "", limit: int = 1000) -> Listing:
        """List a folder: folders first, then files, each by name.

        Args:
            path: The folder; the workspace by default. A relative path starts from the server's workspace.
            filter: Pattern of the files, such as *.zap20; several are joined by a semicolon.
            limit: How many entries at most.
        """
        return self._client.run("files.list_", Folder(path=path, filter=filter, limit=limit), Listing)

    def info(self, *, path: str) -> FileInfo:
        """Get size, checksum and entity tag of a file, or size and number of files of a folder.

        Args:
            path: The file or folder. A relative path starts from the server's workspace.
        """
        return self._client.run("files.info", FileAddress(path=path), FileInfo)

    def delete(self, *, path: str, recursive: bool = False) -> FileInfo:
        """Delete a file or folder. What belongs to the open project stays.

        Args:
            path: The file or folder. A relative path starts from the server's workspace.
            recursive: Delete a folder with everything in it.
        """
        return self._client.run("files.delete", Delete(path=path, recursive=recursive), FileInfo)

    @overload
    def unpack(self, *, archive_path: str, target_directory: str, wait: Literal[True] = True) -> UnpackedFolder: ...

    @overload
    def unpack(self, *, archive_path: str, target_directory: str, wait: Literal[False]) -> Job[UnpackedFolder]: ...

    def unpack(
        self, *, archive_path: str, target_directory: str, wait: bool = True
    ) -> UnpackedFolder | Job[UnpackedFolder]:
        """Unpack a .zip archive into a new folder, whole or not at all.

        Archives are refused that would write elsewhere, have links, names that Windows or Linux does not take, or one name
        twice, and those that unpack to more than is sensible.

        Args:
            archive_path: A ZIP archive: a folder that was packed, or an archive of a project to look into. A relative
                path starts from the server's workspace.
            target_directory: The folder that is made of it; it must be empty if it is there.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "files.unpack", Unpack(archive_path=archive_path, target_directory=target_directory), UnpackedFolder
            )
        return self._client.run(
            "files.unpack", Unpack(archive_path=archive_path, target_directory=target_directory), UnpackedFolder
        )


class AsyncFiles(AsyncResource):
    """Files: what the allowed folders have, for clients that are not on this machine. The bytes themselves go through transfer.py."""

    async def list_(self, *, path: str = "", filter: str = "", limit: int = 1000) -> Listing:
        """List a folder: folders first, then files, each by name.

        Args:
            path: The folder; the workspace by default. A relative path starts from the server's workspace.
            filter: Pattern of the files, such as *.zap20; several are joined by a semicolon.
            limit: How many entries at most.
        """
        return await self._client.run("files.list_", Folder(path=path, filter=filter, limit=limit), Listing)

    async def info(self, *, path: str) -> FileInfo:
        """Get size, checksum and entity tag of a file, or size and number of files of a folder.

        Args:
            path: The file or folder. A relative path starts from the server's workspace.
        """
        return await self._client.run("files.info", FileAddress(path=path), FileInfo)

    async def delete(self, *, path: str, recursive: bool = False) -> FileInfo:
        """Delete a file or folder. What belongs to the open project stays.

        Args:
            path: The file or folder. A relative path starts from the server's workspace.
            recursive: Delete a folder with everything in it.
        """
        return await self._client.run("files.delete", Delete(path=path, recursive=recursive), FileInfo)

    @overload
    async def unpack(
        self, *, archive_path: str, target_directory: str, wait: Literal[True] = True
    ) -> UnpackedFolder: ...

    @overload
    async def unpack(
        self, *, archive_path: str, target_directory: str, wait: Literal[False]
    ) -> AsyncJob[UnpackedFolder]: ...

    async def unpack(
        self, *, archive_path: str, target_directory: str, wait: bool = True
    ) -> UnpackedFolder | AsyncJob[UnpackedFolder]:
        """Unpack a .zip archive into a new folder, whole or not at all.

        Archives are refused that would write elsewhere, have links, names that Windows or Linux does not take, or one name
        twice, and those that unpack to more than is sensible.

        Args:
            archive_path: A ZIP archive: a folder that was packed, or an archive of a project to look into. A relative
                path starts from the server's workspace.
            target_directory: The folder that is made of it; it must be empty if it is there.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "files.unpack", Unpack(archive_path=archive_path, target_directory=target_directory), UnpackedFolder
            )
        return await self._client.run(
            "files.unpack", Unpack(archive_path=archive_path, target_directory=target_directory), UnpackedFolder
        )
