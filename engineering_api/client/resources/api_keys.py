"""API keys: administrators make them for programs, limit them, give them another secret and revoke them.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.access.api_keys_operations import Key, KeyAddress, MadeKey, Make
from engineering_api.operations.declaration import Nothing


class ApiKeys(Resource):
    """API keys: administrators make them for programs, limit them, give them another secret and revoke them."""

    def list_(self) -> list[Key]:
        """List the API keys, without their texts."""
        return self._client.run("api_keys.list_", Nothing(), list[Key])

    def get(self, *, key_id: str) -> Key:
        """Get an API key, without its text.

        Args:
            key_id: The key's id, from GET /api/api-keys.
        """
        return self._client.run("api_keys.get", KeyAddress(key_id=key_id), Key)

    def create(
        self,
        *,
        name: str,
        right: Literal["viewer", "engineer", "operator", "administrator"] = "viewer",
        expires_in_days: float = 365.0,
        projects: list[str] | None = None,
        addresses: list[str] | None = None,
    ) -> MadeKey:
        """Make an API key. Its text is in this answer and nowhere else.

        Args:
            name: What it is for; the audit log names it.
            right: What it may; each right includes those before it.
            expires_in_days: Days after which it is refused; 0 for never.
            projects: Globs of the names or full paths of the projects that it is limited to, such as Line*; none for
                all.
            addresses: Addresses and networks that it may be used from, such as 192.168.0.0/24; none for all.
        """
        return self._client.run(
            "api_keys.create",
            Make(
                name=name,
                right=right,
                expires_in_days=expires_in_days,
                projects=projects or [],
                addresses=addresses or [],
            ),
            MadeKey,
        )

    def rotate(self, *, key_id: str) -> MadeKey:
        """Give an API key another text. The one before is refused at once, and its time begins anew.

        Args:
            key_id: The key's id, from GET /api/api-keys.
        """
        return self._client.run("api_keys.rotate", KeyAddress(key_id=key_id), MadeKey)

    def revoke(self, *, key_id: str) -> Key:
        """Revoke an API key: it is refused at once, and streams that were opened with it end.

        Args:
            key_id: The key's id, from GET /api/api-keys.
        """
        return self._client.run("api_keys.revoke", KeyAddress(key_id=key_id), Key)


class AsyncApiKeys(AsyncResource):
    """API keys: administrators make them for programs, limit them, give them another secret and revoke them."""

    async def list_(self) -> list[Key]:
        """List the API keys, without their texts."""
        return await self._client.run("api_keys.list_", Nothing(), list[Key])

    async def get(self, *, key_id: str) -> Key:
        """Get an API key, without its text.

        Args:
            key_id: The key's id, from GET /api/api-keys.
        """
        return await self._client.run("api_keys.get", KeyAddress(key_id=key_id), Key)

    async def create(
        self,
        *,
        name: str,
        right: Literal["viewer", "engineer", "operator", "administrator"] = "viewer",
        expires_in_days: float = 365.0,
        projects: list[str] | None = None,
        addresses: list[str] | None = None,
    ) -> MadeKey:
        """Make an API key. Its text is in this answer and nowhere else.

        Args:
            name: What it is for; the audit log names it.
            right: What it may; each right includes those before it.
            expires_in_days: Days after which it is refused; 0 for never.
            projects: Globs of the names or full paths of the projects that it is limited to, such as Line*; none for
                all.
            addresses: Addresses and networks that it may be used from, such as 192.168.0.0/24; none for all.
        """
        return await self._client.run(
            "api_keys.create",
            Make(
                name=name,
                right=right,
                expires_in_days=expires_in_days,
                projects=projects or [],
                addresses=addresses or [],
            ),
            MadeKey,
        )

    async def rotate(self, *, key_id: str) -> MadeKey:
        """Give an API key another text. The one before is refused at once, and its time begins anew.

        Args:
            key_id: The key's id, from GET /api/api-keys.
        """
        return await self._client.run("api_keys.rotate", KeyAddress(key_id=key_id), MadeKey)

    async def revoke(self, *, key_id: str) -> Key:
        """Revoke an API key: it is refused at once, and streams that were opened with it end.

        Args:
            key_id: The key's id, from GET /api/api-keys.
        """
        return await self._client.run("api_keys.revoke", KeyAddress(key_id=key_id), Key)
