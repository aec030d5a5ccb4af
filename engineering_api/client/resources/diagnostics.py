"""Diagnostics: what the loaded Openness version has, and which services a PLC offers.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.program.diagnostics_operations import OnDevice, TypeAddress, TypeFilter
from engineering_api.operations.declaration import Nothing
from openness_bridge.portal.reflection import Category, EnumInfo, NamespaceInfo, ServiceList, TypeDetails, TypeInfo


class Diagnostics(Resource):
    """Diagnostics: what the loaded Openness version has, and which services a PLC offers."""

    def namespaces(self) -> list[NamespaceInfo]:
        """List the namespaces of the loaded Openness assemblies with their numbers of types."""
        return self._client.run("diagnostics.namespaces", Nothing(), list[NamespaceInfo])

    def types(
        self, *, filter: str = "", kind: Literal["class", "interface", "enum", "struct", "delegate"] | None = None
    ) -> list[TypeInfo]:
        """List the Openness types whose full name contains a text.

        Args:
            filter: A part of the full name, without regard to case; all types when empty.
            kind: Only types of this kind: class, interface, enum, struct or delegate.
        """
        return self._client.run("diagnostics.types", TypeFilter(filter=filter, kind=kind), list[TypeInfo])

    def search(self, *, type_name: str) -> list[TypeDetails]:
        """Find a type by its name: base, interfaces, and the values of an enum. Several namespaces may have the name.

        Args:
            type_name: Its simple or full name, without regard to case.
        """
        return self._client.run("diagnostics.search", TypeAddress(type_name=type_name), list[TypeDetails])

    def enum_values(self, *, type_name: str) -> EnumInfo:
        """Get the members of an enum with their numbers.

        Args:
            type_name: Its simple or full name, without regard to case.
        """
        return self._client.run("diagnostics.enum_values", TypeAddress(type_name=type_name), EnumInfo)

    def providers(self) -> list[TypeInfo]:
        """List the services of Openness: every type that GetService can be asked for."""
        return self._client.run("diagnostics.providers", Nothing(), list[TypeInfo])

    def online_download_types(self) -> list[Category]:
        """List the types of online access, connections, download and upload, by purpose."""
        return self._client.run("diagnostics.online_download_types", Nothing(), list[Category])

    def plc_services(self, *, device_name: str) -> ServiceList:
        """List the services that a PLC's program offers.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("diagnostics.plc_services", OnDevice(device_name=device_name), ServiceList)

    def cpu_services(self, *, device_name: str) -> ServiceList:
        """List the services that a PLC's CPU offers.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("diagnostics.cpu_services", OnDevice(device_name=device_name), ServiceList)


class AsyncDiagnostics(AsyncResource):
    """Diagnostics: what the loaded Openness version has, and which services a PLC offers."""

    async def namespaces(self) -> list[NamespaceInfo]:
        """List the namespaces of the loaded Openness assemblies with their numbers of types."""
        return await self._client.run("diagnostics.namespaces", Nothing(), list[NamespaceInfo])

    async def types(
        self, *, filter: str = "", kind: Literal["class", "interface", "enum", "struct", "delegate"] | None = None
    ) -> list[TypeInfo]:
        """List the Openness types whose full name contains a text.

        Args:
            filter: A part of the full name, without regard to case; all types when empty.
            kind: Only types of this kind: class, interface, enum, struct or delegate.
        """
        return await self._client.run("diagnostics.types", TypeFilter(filter=filter, kind=kind), list[TypeInfo])

    async def search(self, *, type_name: str) -> list[TypeDetails]:
        """Find a type by its name: base, interfaces, and the values of an enum. Several namespaces may have the name.

        Args:
            type_name: Its simple or full name, without regard to case.
        """
        return await self._client.run("diagnostics.search", TypeAddress(type_name=type_name), list[TypeDetails])

    async def enum_values(self, *, type_name: str) -> EnumInfo:
        """Get the members of an enum with their numbers.

        Args:
            type_name: Its simple or full name, without regard to case.
        """
        return await self._client.run("diagnostics.enum_values", TypeAddress(type_name=type_name), EnumInfo)

    async def providers(self) -> list[TypeInfo]:
        """List the services of Openness: every type that GetService can be asked for."""
        return await self._client.run("diagnostics.providers", Nothing(), list[TypeInfo])

    async def online_download_types(self) -> list[Category]:
        """List the types of online access, connections, download and upload, by purpose."""
        return await self._client.run("diagnostics.online_download_types", Nothing(), list[Category])

    async def plc_services(self, *, device_name: str) -> ServiceList:
        """List the services that a PLC's program offers.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("diagnostics.plc_services", OnDevice(device_name=device_name), ServiceList)

    async def cpu_services(self, *, device_name: str) -> ServiceList:
        """List the services that a PLC's CPU offers.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("diagnostics.cpu_services", OnDevice(device_name=device_name), ServiceList)
