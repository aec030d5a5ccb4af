"""The hardware catalogue: found by order number, searched by words, kept in a cache.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.answers import UNTYPED
from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.devices.catalog_operations import Find, ImageAddress, Search
from engineering_api.features.devices.hardware_catalog import CacheStatus
from engineering_api.operations.declaration import Nothing
from openness_bridge.hardware.catalog import CatalogEntry


class Catalog(Resource):
    """The hardware catalogue: found by order number, searched by words, kept in a cache."""

    @overload
    def find(self, *, order_number: str, wait: Literal[True] = True) -> list[CatalogEntry]: ...

    @overload
    def find(self, *, order_number: str, wait: Literal[False]) -> Job[list[CatalogEntry]]: ...

    def find(self, *, order_number: str, wait: bool = True) -> list[CatalogEntry] | Job[list[CatalogEntry]]:
        """Find an article by its whole order number: an entry for each firmware, the newest first.

        Args:
            order_number: The whole order number; blanks and case do not matter.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("catalog.find", Find(order_number=order_number), list[CatalogEntry])
        return self._client.run("catalog.find", Find(order_number=order_number), list[CatalogEntry])

    @overload
    def search(self, *, query: str, limit: int = 50, wait: Literal[True] = True) -> list[CatalogEntry]: ...

    @overload
    def search(self, *, query: str, limit: int = 50, wait: Literal[False]) -> Job[list[CatalogEntry]]: ...

    def search(self, *, query: str, limit: int = 50, wait: bool = True) -> list[CatalogEntry] | Job[list[CatalogEntry]]:
        """Search the catalogue by words or part of an order number, best match first; typing errors are forgiven.

        Args:
            query: Words, or part of an order number.
            limit: How many at most, best first.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("catalog.search", Search(query=query, limit=limit), list[CatalogEntry])
        return self._client.run("catalog.search", Search(query=query, limit=limit), list[CatalogEntry])

    def cache_status(self) -> CacheStatus:
        """Tell whether the catalogue is in memory and on disk, how much, and of when."""
        return self._client.run("catalog.cache_status", Nothing(), CacheStatus)

    def cache_load(self) -> CacheStatus:
        """Load the catalogue from disk into memory."""
        return self._client.run("catalog.cache_load", Nothing(), CacheStatus)

    @overload
    def cache_build(self, *, wait: Literal[True] = True) -> CacheStatus: ...

    @overload
    def cache_build(self, *, wait: Literal[False]) -> Job[CacheStatus]: ...

    def cache_build(self, *, wait: bool = True) -> CacheStatus | Job[CacheStatus]:
        """Read the whole catalogue from TIA Portal and keep it in memory and on disk. Takes minutes on a real one.

        Args:
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("catalog.cache_build", Nothing(), CacheStatus)
        return self._client.run("catalog.cache_build", Nothing(), CacheStatus)

    def image(self, *, order_number: str) -> None:
        """Answers 501: TIA Portal Openness hands out no pictures of articles.

        Args:
            order_number: The order number.
        """
        self._client.run("catalog.image", ImageAddress(order_number=order_number), UNTYPED)


class AsyncCatalog(AsyncResource):
    """The hardware catalogue: found by order number, searched by words, kept in a cache."""

    @overload
    async def find(self, *, order_number: str, wait: Literal[True] = True) -> list[CatalogEntry]: ...

    @overload
    async def find(self, *, order_number: str, wait: Literal[False]) -> AsyncJob[list[CatalogEntry]]: ...

    async def find(self, *, order_number: str, wait: bool = True) -> list[CatalogEntry] | AsyncJob[list[CatalogEntry]]:
        """Find an article by its whole order number: an entry for each firmware, the newest first.

        Args:
            order_number: The whole order number; blanks and case do not matter.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start("catalog.find", Find(order_number=order_number), list[CatalogEntry])
        return await self._client.run("catalog.find", Find(order_number=order_number), list[CatalogEntry])

    @overload
    async def search(self, *, query: str, limit: int = 50, wait: Literal[True] = True) -> list[CatalogEntry]: ...

    @overload
    async def search(self, *, query: str, limit: int = 50, wait: Literal[False]) -> AsyncJob[list[CatalogEntry]]: ...

    async def search(
        self, *, query: str, limit: int = 50, wait: bool = True
    ) -> list[CatalogEntry] | AsyncJob[list[CatalogEntry]]:
        """Search the catalogue by words or part of an order number, best match first; typing errors are forgiven.

        Args:
            query: Words, or part of an order number.
            limit: How many at most, best first.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start("catalog.search", Search(query=query, limit=limit), list[CatalogEntry])
        return await self._client.run("catalog.search", Search(query=query, limit=limit), list[CatalogEntry])

    async def cache_status(self) -> CacheStatus:
        """Tell whether the catalogue is in memory and on disk, how much, and of when."""
        return await self._client.run("catalog.cache_status", Nothing(), CacheStatus)

    async def cache_load(self) -> CacheStatus:
        """Load the catalogue from disk into memory."""
        return await self._client.run("catalog.cache_load", Nothing(), CacheStatus)

    @overload
    async def cache_build(self, *, wait: Literal[True] = True) -> CacheStatus: ...

    @overload
    async def cache_build(self, *, wait: Literal[False]) -> AsyncJob[CacheStatus]: ...

    async def cache_build(self, *, wait: bool = True) -> CacheStatus | AsyncJob[CacheStatus]:
        """Read the whole catalogue from TIA Portal and keep it in memory and on disk. Takes minutes on a real one.

        Args:
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start("catalog.cache_build", Nothing(), CacheStatus)
        return await self._client.run("catalog.cache_build", Nothing(), CacheStatus)

    async def image(self, *, order_number: str) -> None:
        """Answers 501: TIA Portal Openness hands out no pictures of articles.

        Args:
            order_number: The order number.
        """
        await self._client.run("catalog.image", ImageAddress(order_number=order_number), UNTYPED)
