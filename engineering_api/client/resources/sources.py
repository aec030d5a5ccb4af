"""External sources: SCL and STL text taken in, blocks generated from it.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.blocks.blocks_operations import Deleted, FolderRef, OnDevice
from engineering_api.features.blocks.sources_operations import (
    DeleteSourceFolder,
    FromFile,
    FromText,
    Generate,
    ImportAndGenerate,
    SourceAddress,
    SourceFolder,
)
from openness_bridge.program.sources import Generated, SourceInfo


class Sources(Resource):
    """External sources: SCL and STL text taken in, blocks generated from it."""

    @overload
    def import_and_generate(
        self,
        *,
        device_name: str,
        scl_content: str,
        source_name: str = "imported_source",
        extension: str = "",
        keep_on_error: bool = False,
        wait: Literal[True] = True,
    ) -> list[Generated]: ...

    @overload
    def import_and_generate(
        self,
        *,
        device_name: str,
        scl_content: str,
        source_name: str = "imported_source",
        extension: str = "",
        keep_on_error: bool = False,
        wait: Literal[False],
    ) -> Job[list[Generated]]: ...

    def import_and_generate(
        self,
        *,
        device_name: str,
        scl_content: str,
        source_name: str = "imported_source",
        extension: str = "",
        keep_on_error: bool = False,
        wait: bool = True,
    ) -> list[Generated] | Job[list[Generated]]:
        """Generate blocks from source text. The source itself does not stay. All errors come with their lines.

        Args:
            device_name: Name of the station, its CPU or its program.
            scl_content: The text: any number of blocks, types and data blocks.
            source_name: Name of the source meanwhile.
            extension: scl, awl, db or udt. Without it awl for STL, which has networks, and scl otherwise.
            keep_on_error: Keep what could be generated when there are errors.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "sources.import_and_generate",
                ImportAndGenerate(
                    device_name=device_name,
                    scl_content=scl_content,
                    source_name=source_name,
                    extension=extension,
                    keep_on_error=keep_on_error,
                ),
                list[Generated],
            )
        return self._client.run(
            "sources.import_and_generate",
            ImportAndGenerate(
                device_name=device_name,
                scl_content=scl_content,
                source_name=source_name,
                extension=extension,
                keep_on_error=keep_on_error,
            ),
            list[Generated],
        )

    def list_(self, *, device_name: str) -> list[SourceInfo]:
        """List the external sources of a PLC.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("sources.list_", OnDevice(device_name=device_name), list[SourceInfo])

    def from_file(self, *, device_name: str, path: str, source_name: str | None = None, folder: str = "") -> SourceInfo:
        """Take a source file in.

        Args:
            device_name: Name of the station, its CPU or its program.
            path: The source file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            source_name: Name of the source; the file's by default.
            folder: An existing folder for sources.
        """
        return self._client.run(
            "sources.from_file",
            FromFile(device_name=device_name, path=path, source_name=source_name, folder=folder),
            SourceInfo,
        )

    def from_text(
        self, *, device_name: str, content: str, source_name: str, extension: str = "scl", folder: str = ""
    ) -> SourceInfo:
        """Take a source text in under a name.

        Args:
            device_name: Name of the station, its CPU or its program.
            content: The text.
            source_name: Name of the source.
            extension: scl, awl, db or udt.
            folder: An existing folder for sources.
        """
        return self._client.run(
            "sources.from_text",
            FromText(
                device_name=device_name, content=content, source_name=source_name, extension=extension, folder=folder
            ),
            SourceInfo,
        )

    def delete(self, *, device_name: str, source_name: str) -> Deleted:
        """Delete an external source. Blocks that were generated from it stay.

        Args:
            device_name: Name of the station, its CPU or its program.
            source_name: Name of the external source.
        """
        return self._client.run(
            "sources.delete", SourceAddress(device_name=device_name, source_name=source_name), Deleted
        )

    def generate(self, *, device_name: str, source_name: str, keep_on_error: bool = False) -> list[Generated]:
        """Generate the blocks of an external source. All errors come with their lines.

        Args:
            device_name: Name of the station, its CPU or its program.
            source_name: Name of the external source.
            keep_on_error: Keep what could be generated when there are errors.
        """
        return self._client.run(
            "sources.generate",
            Generate(device_name=device_name, source_name=source_name, keep_on_error=keep_on_error),
            list[Generated],
        )

    def create_folder(self, *, device_name: str, folder: str) -> FolderRef:
        """Create a folder for sources.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below External source files.
        """
        return self._client.run(
            "sources.create_folder", SourceFolder(device_name=device_name, folder=folder), FolderRef
        )

    def delete_folder(self, *, device_name: str, folder: str, force: bool = False) -> FolderRef:
        """Delete a folder of sources; one that is not empty only with force.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below External source files.
            force: Delete what is in it, too.
        """
        return self._client.run(
            "sources.delete_folder", DeleteSourceFolder(device_name=device_name, folder=folder, force=force), FolderRef
        )


class AsyncSources(AsyncResource):
    """External sources: SCL and STL text taken in, blocks generated from it."""

    @overload
    async def import_and_generate(
        self,
        *,
        device_name: str,
        scl_content: str,
        source_name: str = "imported_source",
        extension: str = "",
        keep_on_error: bool = False,
        wait: Literal[True] = True,
    ) -> list[Generated]: ...

    @overload
    async def import_and_generate(
        self,
        *,
        device_name: str,
        scl_content: str,
        source_name: str = "imported_source",
        extension: str = "",
        keep_on_error: bool = False,
        wait: Literal[False],
    ) -> AsyncJob[list[Generated]]: ...

    async def import_and_generate(
        self,
        *,
        device_name: str,
        scl_content: str,
        source_name: str = "imported_source",
        extension: str = "",
        keep_on_error: bool = False,
        wait: bool = True,
    ) -> list[Generated] | AsyncJob[list[Generated]]:
        """Generate blocks from source text. The source itself does not stay. All errors come with their lines.

        Args:
            device_name: Name of the station, its CPU or its program.
            scl_content: The text: any number of blocks, types and data blocks.
            source_name: Name of the source meanwhile.
            extension: scl, awl, db or udt. Without it awl for STL, which has networks, and scl otherwise.
            keep_on_error: Keep what could be generated when there are errors.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "sources.import_and_generate",
                ImportAndGenerate(
                    device_name=device_name,
                    scl_content=scl_content,
                    source_name=source_name,
                    extension=extension,
                    keep_on_error=keep_on_error,
                ),
                list[Generated],
            )
        return await self._client.run(
            "sources.import_and_generate",
            ImportAndGenerate(
                device_name=device_name,
                scl_content=scl_content,
                source_name=source_name,
                extension=extension,
                keep_on_error=keep_on_error,
            ),
            list[Generated],
        )

    async def list_(self, *, device_name: str) -> list[SourceInfo]:
        """List the external sources of a PLC.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("sources.list_", OnDevice(device_name=device_name), list[SourceInfo])

    async def from_file(
        self, *, device_name: str, path: str, source_name: str | None = None, folder: str = ""
    ) -> SourceInfo:
        """Take a source file in.

        Args:
            device_name: Name of the station, its CPU or its program.
            path: The source file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            source_name: Name of the source; the file's by default.
            folder: An existing folder for sources.
        """
        return await self._client.run(
            "sources.from_file",
            FromFile(device_name=device_name, path=path, source_name=source_name, folder=folder),
            SourceInfo,
        )

    async def from_text(
        self, *, device_name: str, content: str, source_name: str, extension: str = "scl", folder: str = ""
    ) -> SourceInfo:
        """Take a source text in under a name.

        Args:
            device_name: Name of the station, its CPU or its program.
            content: The text.
            source_name: Name of the source.
            extension: scl, awl, db or udt.
            folder: An existing folder for sources.
        """
        return await self._client.run(
            "sources.from_text",
            FromText(
                device_name=device_name, content=content, source_name=source_name, extension=extension, folder=folder
            ),
            SourceInfo,
        )

    async def delete(self, *, device_name: str, source_name: str) -> Deleted:
        """Delete an external source. Blocks that were generated from it stay.

        Args:
            device_name: Name of the station, its CPU or its program.
            source_name: Name of the external source.
        """
        return await self._client.run(
            "sources.delete", SourceAddress(device_name=device_name, source_name=source_name), Deleted
        )

    async def generate(self, *, device_name: str, source_name: str, keep_on_error: bool = False) -> list[Generated]:
        """Generate the blocks of an external source. All errors come with their lines.

        Args:
            device_name: Name of the station, its CPU or its program.
            source_name: Name of the external source.
            keep_on_error: Keep what could be generated when there are errors.
        """
        return await self._client.run(
            "sources.generate",
            Generate(device_name=device_name, source_name=source_name, keep_on_error=keep_on_error),
            list[Generated],
        )

    async def create_folder(self, *, device_name: str, folder: str) -> FolderRef:
        """Create a folder for sources.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below External source files.
        """
        return await self._client.run(
            "sources.create_folder", SourceFolder(device_name=device_name, folder=folder), FolderRef
        )

    async def delete_folder(self, *, device_name: str, folder: str, force: bool = False) -> FolderRef:
        """Delete a folder of sources; one that is not empty only with force.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below External source files.
            force: Delete what is in it, too.
        """
        return await self._client.run(
            "sources.delete_folder", DeleteSourceFolder(device_name=device_name, folder=folder, force=force), FolderRef
        )
