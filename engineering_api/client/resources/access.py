"""What clients ask before they begin: the API key for programs on this computer, and what the licence allows.

Generated from the catalogue by `python -m engineering_api.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.operation import Nothing
from engineering_api.routes.access import Licence, LocalKey


class Access(Resource):
    """What clients ask before they begin: the API key for programs on this computer, and what the licence allows."""

    def local_key(self) -> LocalKey:
        """Get the API key; only for a program on this computer that asks by a loopback address."""
        return self._client.run("access.local_key", Nothing(), LocalKey)

    def features(self) -> Licence:
        """Get what may be used: everything, for ever. That a feature is allowed does not say that this version serves it."""
        return self._client.run("access.features", Nothing(), Licence)


class AsyncAccess(AsyncResource):
    """What clients ask before they begin: the API key for programs on this computer, and what the licence allows."""

    async def local_key(self) -> LocalKey:
        """Get the API key; only for a program on this computer that asks by a loopback address."""
        return await self._client.run("access.local_key", Nothing(), LocalKey)

    async def features(self) -> Licence:
        """Get what may be used: everything, for ever. That a feature is allowed does not say that this version serves it."""
        return await self._client.run("access.features", Nothing(), Licence)
