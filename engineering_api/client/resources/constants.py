"""Tags & Constants: user constants and system constants.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.tags.constants_operations import Create, OnConstant, Update
from engineering_api.features.tags.tag_tables_operations import OnTable
from openness_bridge.program.constants import ConstantInfo
from openness_bridge.project.texts import Text


class Constants(Resource):
    """Tags & Constants: user constants and system constants."""

    def list_(self, *, device_name: str, table_name: str) -> list[ConstantInfo]:
        """List the user constants and system constants of a tag table.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
        """
        return self._client.run(
            "constants.list_", OnTable(device_name=device_name, table_name=table_name), list[ConstantInfo]
        )

    def list_user(self, *, device_name: str, table_name: str) -> list[ConstantInfo]:
        """List the user constants of a tag table.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
        """
        return self._client.run(
            "constants.list_user", OnTable(device_name=device_name, table_name=table_name), list[ConstantInfo]
        )

    def list_system(self, *, device_name: str, table_name: str) -> list[ConstantInfo]:
        """List the system constants of a tag table; only the default table has any.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
        """
        return self._client.run(
            "constants.list_system", OnTable(device_name=device_name, table_name=table_name), list[ConstantInfo]
        )

    def create(
        self,
        *,
        device_name: str,
        table_name: str,
        name: str,
        data_type: str,
        value: str | int | float | bool,
        comment: str | None = None,
        comments: list[Text] | None = None,
    ) -> ConstantInfo:
        """Create a user constant. Its value must be one of its data type.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            comment: Comment in the project's editing language.
            comments: Comments in named languages.
            name: Its name, unique in the PLC.
            data_type: Data type.
            value: Value, such as 16#FF, TRUE or T#2s.
        """
        return self._client.run(
            "constants.create",
            Create(
                device_name=device_name,
                table_name=table_name,
                comment=comment,
                comments=comments or [],
                name=name,
                data_type=data_type,
                value=value,
            ),
            ConstantInfo,
        )

    def update(
        self,
        *,
        device_name: str,
        table_name: str,
        constant_name: str,
        comment: str | None = None,
        comments: list[Text] | None = None,
        new_name: str | None = None,
        data_type: str | None = None,
        value: str | int | float | bool | None = None,
    ) -> ConstantInfo:
        """Change a user constant.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            comment: Comment in the project's editing language.
            comments: Comments in named languages.
            constant_name: Name of the constant.
            new_name: Its new name.
            data_type: Its new data type.
            value: Its new value.
        """
        return self._client.run(
            "constants.update",
            Update(
                device_name=device_name,
                table_name=table_name,
                comment=comment,
                comments=comments or [],
                constant_name=constant_name,
                new_name=new_name,
                data_type=data_type,
                value=value,
            ),
            ConstantInfo,
        )

    def delete(self, *, device_name: str, table_name: str, constant_name: str) -> ConstantInfo:
        """Delete a user constant. Whatever uses it can no longer be compiled.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            constant_name: Name of the constant.
        """
        return self._client.run(
            "constants.delete",
            OnConstant(device_name=device_name, table_name=table_name, constant_name=constant_name),
            ConstantInfo,
        )


class AsyncConstants(AsyncResource):
    """Tags & Constants: user constants and system constants."""

    async def list_(self, *, device_name: str, table_name: str) -> list[ConstantInfo]:
        """List the user constants and system constants of a tag table.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "constants.list_", OnTable(device_name=device_name, table_name=table_name), list[ConstantInfo]
        )

    async def list_user(self, *, device_name: str, table_name: str) -> list[ConstantInfo]:
        """List the user constants of a tag table.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "constants.list_user", OnTable(device_name=device_name, table_name=table_name), list[ConstantInfo]
        )

    async def list_system(self, *, device_name: str, table_name: str) -> list[ConstantInfo]:
        """List the system constants of a tag table; only the default table has any.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "constants.list_system", OnTable(device_name=device_name, table_name=table_name), list[ConstantInfo]
        )

    async def create(
        self,
        *,
        device_name: str,
        table_name: str,
        name: str,
        data_type: str,
        value: str | int | float | bool,
        comment: str | None = None,
        comments: list[Text] | None = None,
    ) -> ConstantInfo:
        """Create a user constant. Its value must be one of its data type.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            comment: Comment in the project's editing language.
            comments: Comments in named languages.
            name: Its name, unique in the PLC.
            data_type: Data type.
            value: Value, such as 16#FF, TRUE or T#2s.
        """
        return await self._client.run(
            "constants.create",
            Create(
                device_name=device_name,
                table_name=table_name,
                comment=comment,
                comments=comments or [],
                name=name,
                data_type=data_type,
                value=value,
            ),
            ConstantInfo,
        )

    async def update(
        self,
        *,
        device_name: str,
        table_name: str,
        constant_name: str,
        comment: str | None = None,
        comments: list[Text] | None = None,
        new_name: str | None = None,
        data_type: str | None = None,
        value: str | int | float | bool | None = None,
    ) -> ConstantInfo:
        """Change a user constant.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            comment: Comment in the project's editing language.
            comments: Comments in named languages.
            constant_name: Name of the constant.
            new_name: Its new name.
            data_type: Its new data type.
            value: Its new value.
        """
        return await self._client.run(
            "constants.update",
            Update(
                device_name=device_name,
                table_name=table_name,
                comment=comment,
                comments=comments or [],
                constant_name=constant_name,
                new_name=new_name,
                data_type=data_type,
                value=value,
            ),
            ConstantInfo,
        )

    async def delete(self, *, device_name: str, table_name: str, constant_name: str) -> ConstantInfo:
        """Delete a user constant. Whatever uses it can no longer be compiled.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            constant_name: Name of the constant.
        """
        return await self._client.run(
            "constants.delete",
            OnConstant(device_name=device_name, table_name=table_name, constant_name=constant_name),
            ConstantInfo,
        )
