"""Tags & Constants: PLC tags, one at a time.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.tags.tag_tables_operations import OnDevice, OnTable
from engineering_api.features.tags.tags_operations import Add, OnTag, Update
from openness_bridge.program.tags import TagInfo
from openness_bridge.project.texts import Text


class Tags(Resource):
    """Tags & Constants: PLC tags, one at a time."""

    def list_all(self, *, device_name: str) -> list[TagInfo]:
        """Get the tags of all tag tables of a PLC.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("tags.list_all", OnDevice(device_name=device_name), list[TagInfo])

    @overload
    def list_(self, *, device_name: str, table_name: str, wait: Literal[True] = True) -> list[TagInfo]: ...

    @overload
    def list_(self, *, device_name: str, table_name: str, wait: Literal[False]) -> Job[list[TagInfo]]: ...

    def list_(self, *, device_name: str, table_name: str, wait: bool = True) -> list[TagInfo] | Job[list[TagInfo]]:
        """Get the tags of a tag table.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "tags.list_", OnTable(device_name=device_name, table_name=table_name), list[TagInfo]
            )
        return self._client.run("tags.list_", OnTable(device_name=device_name, table_name=table_name), list[TagInfo])

    def add(
        self,
        *,
        device_name: str,
        name: str,
        logical_address: str | None = None,
        comment: str | None = None,
        comments: list[Text] | None = None,
        external_accessible: bool | None = None,
        external_visible: bool | None = None,
        external_writable: bool | None = None,
        data_type: str = "Bool",
        table_name: str | None = None,
    ) -> TagInfo:
        """Add a tag.

        Args:
            device_name: Name of the station, its CPU or its program.
            logical_address: Address such as %I0.0, E0.0 or mw4; empty for none.
            comment: Comment in the project's editing language.
            comments: Comments in named languages.
            external_accessible: Readable from HMI, OPC UA and web API.
            external_visible: Visible in HMI engineering.
            external_writable: Writable from HMI, OPC UA and web API.
            name: Its name, unique in the PLC.
            data_type: Data type; a PLC data type in double quotes.
            table_name: Its table; the default table when left out.
        """
        return self._client.run(
            "tags.add",
            Add(
                device_name=device_name,
                logical_address=logical_address,
                comment=comment,
                comments=comments or [],
                external_accessible=external_accessible,
                external_visible=external_visible,
                external_writable=external_writable,
                name=name,
                data_type=data_type,
                table_name=table_name,
            ),
            TagInfo,
        )

    def update(
        self,
        *,
        device_name: str,
        table_name: str,
        tag_name: str,
        logical_address: str | None = None,
        comment: str | None = None,
        comments: list[Text] | None = None,
        external_accessible: bool | None = None,
        external_visible: bool | None = None,
        external_writable: bool | None = None,
        new_name: str | None = None,
        data_type: str | None = None,
    ) -> TagInfo:
        """Change a tag. A new data type moves the address to the same byte unless an address is given too.

        Args:
            device_name: Name of the station, its CPU or its program.
            logical_address: Address such as %I0.0, E0.0 or mw4; empty for none.
            comment: Comment in the project's editing language.
            comments: Comments in named languages.
            external_accessible: Readable from HMI, OPC UA and web API.
            external_visible: Visible in HMI engineering.
            external_writable: Writable from HMI, OPC UA and web API.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            tag_name: Name of the tag.
            new_name: Its new name.
            data_type: Its new data type.
        """
        return self._client.run(
            "tags.update",
            Update(
                device_name=device_name,
                logical_address=logical_address,
                comment=comment,
                comments=comments or [],
                external_accessible=external_accessible,
                external_visible=external_visible,
                external_writable=external_writable,
                table_name=table_name,
                tag_name=tag_name,
                new_name=new_name,
                data_type=data_type,
            ),
            TagInfo,
        )

    def delete(self, *, device_name: str, table_name: str, tag_name: str) -> TagInfo:
        """Delete a tag. Whatever uses it can no longer be compiled.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            tag_name: Name of the tag.
        """
        return self._client.run(
            "tags.delete", OnTag(device_name=device_name, table_name=table_name, tag_name=tag_name), TagInfo
        )


class AsyncTags(AsyncResource):
    """Tags & Constants: PLC tags, one at a time."""

    async def list_all(self, *, device_name: str) -> list[TagInfo]:
        """Get the tags of all tag tables of a PLC.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("tags.list_all", OnDevice(device_name=device_name), list[TagInfo])

    @overload
    async def list_(self, *, device_name: str, table_name: str, wait: Literal[True] = True) -> list[TagInfo]: ...

    @overload
    async def list_(self, *, device_name: str, table_name: str, wait: Literal[False]) -> AsyncJob[list[TagInfo]]: ...

    async def list_(
        self, *, device_name: str, table_name: str, wait: bool = True
    ) -> list[TagInfo] | AsyncJob[list[TagInfo]]:
        """Get the tags of a tag table.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "tags.list_", OnTable(device_name=device_name, table_name=table_name), list[TagInfo]
            )
        return await self._client.run(
            "tags.list_", OnTable(device_name=device_name, table_name=table_name), list[TagInfo]
        )

    async def add(
        self,
        *,
        device_name: str,
        name: str,
        logical_address: str | None = None,
        comment: str | None = None,
        comments: list[Text] | None = None,
        external_accessible: bool | None = None,
        external_visible: bool | None = None,
        external_writable: bool | None = None,
        data_type: str = "Bool",
        table_name: str | None = None,
    ) -> TagInfo:
        """Add a tag.

        Args:
            device_name: Name of the station, its CPU or its program.
            logical_address: Address such as %I0.0, E0.0 or mw4; empty for none.
            comment: Comment in the project's editing language.
            comments: Comments in named languages.
            external_accessible: Readable from HMI, OPC UA and web API.
            external_visible: Visible in HMI engineering.
            external_writable: Writable from HMI, OPC UA and web API.
            name: Its name, unique in the PLC.
            data_type: Data type; a PLC data type in double quotes.
            table_name: Its table; the default table when left out.
        """
        return await self._client.run(
            "tags.add",
            Add(
                device_name=device_name,
                logical_address=logical_address,
                comment=comment,
                comments=comments or [],
                external_accessible=external_accessible,
                external_visible=external_visible,
                external_writable=external_writable,
                name=name,
                data_type=data_type,
                table_name=table_name,
            ),
            TagInfo,
        )

    async def update(
        self,
        *,
        device_name: str,
        table_name: str,
        tag_name: str,
        logical_address: str | None = None,
        comment: str | None = None,
        comments: list[Text] | None = None,
        external_accessible: bool | None = None,
        external_visible: bool | None = None,
        external_writable: bool | None = None,
        new_name: str | None = None,
        data_type: str | None = None,
    ) -> TagInfo:
        """Change a tag. A new data type moves the address to the same byte unless an address is given too.

        Args:
            device_name: Name of the station, its CPU or its program.
            logical_address: Address such as %I0.0, E0.0 or mw4; empty for none.
            comment: Comment in the project's editing language.
            comments: Comments in named languages.
            external_accessible: Readable from HMI, OPC UA and web API.
            external_visible: Visible in HMI engineering.
            external_writable: Writable from HMI, OPC UA and web API.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            tag_name: Name of the tag.
            new_name: Its new name.
            data_type: Its new data type.
        """
        return await self._client.run(
            "tags.update",
            Update(
                device_name=device_name,
                logical_address=logical_address,
                comment=comment,
                comments=comments or [],
                external_accessible=external_accessible,
                external_visible=external_visible,
                external_writable=external_writable,
                table_name=table_name,
                tag_name=tag_name,
                new_name=new_name,
                data_type=data_type,
            ),
            TagInfo,
        )

    async def delete(self, *, device_name: str, table_name: str, tag_name: str) -> TagInfo:
        """Delete a tag. Whatever uses it can no longer be compiled.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            tag_name: Name of the tag.
        """
        return await self._client.run(
            "tags.delete", OnTag(device_name=device_name, table_name=table_name, tag_name=tag_name), TagInfo
        )
