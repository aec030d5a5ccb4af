"""Users who log in with a password: administrators make, change and remove them.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.access.users_operations import ChangeUser, MakeUser, User, UserAddress
from engineering_api.operations.declaration import Nothing


class Users(Resource):
    """Users who log in with a password: administrators make, change and remove them."""

    def list_(self) -> list[User]:
        """List the users."""
        return self._client.run("users.list_", Nothing(), list[User])

    def get(self, *, user_name: str) -> User:
        """Get a user.

        Args:
            user_name: The user's name, without regard to case.
        """
        return self._client.run("users.get", UserAddress(user_name=user_name), User)

    def create(
        self,
        *,
        user_name: str,
        password: str,
        right: Literal["viewer", "engineer", "operator", "administrator"] = "viewer",
        projects: list[str] | None = None,
    ) -> User:
        """Make a user who logs in with a password.

        Args:
            user_name: The name.
            password: The password, of at least 12 characters.
            right: What the user may; each right includes those before it.
            projects: Globs of the names or full paths of the projects that it is limited to, such as Line*; none for
                all.
        """
        return self._client.run(
            "users.create", MakeUser(user_name=user_name, password=password, right=right, projects=projects or []), User
        )

    def update(
        self,
        *,
        user_name: str,
        right: Literal["viewer", "engineer", "operator", "administrator"] | None = None,
        projects: list[str] | None = None,
        enabled: bool | None = None,
        password: str = "",
    ) -> User:
        """Change a user's right, projects or password, or lock the user out. It counts from the next request on.

        Args:
            user_name: The user's name, without regard to case.
            right: What the user may from the next request on.
            projects: Globs of the names or full paths of the projects that it is limited to, such as Line*; none for
                all.
            enabled: Whether the user may log in; false ends all logins.
            password: Another password; all logins end.
        """
        return self._client.run(
            "users.update",
            ChangeUser(user_name=user_name, right=right, projects=projects, enabled=enabled, password=password),
            User,
        )

    def delete(self, *, user_name: str) -> User:
        """Remove a user. All logins end.

        Args:
            user_name: The user's name, without regard to case.
        """
        return self._client.run("users.delete", UserAddress(user_name=user_name), User)

    def logout(self, *, user_name: str) -> User:
        """End all logins of a user, who may log in again.

        Args:
            user_name: The user's name, without regard to case.
        """
        return self._client.run("users.logout", UserAddress(user_name=user_name), User)


class AsyncUsers(AsyncResource):
    """Users who log in with a password: administrators make, change and remove them."""

    async def list_(self) -> list[User]:
        """List the users."""
        return await self._client.run("users.list_", Nothing(), list[User])

    async def get(self, *, user_name: str) -> User:
        """Get a user.

        Args:
            user_name: The user's name, without regard to case.
        """
        return await self._client.run("users.get", UserAddress(user_name=user_name), User)

    async def create(
        self,
        *,
        user_name: str,
        password: str,
        right: Literal["viewer", "engineer", "operator", "administrator"] = "viewer",
        projects: list[str] | None = None,
    ) -> User:
        """Make a user who logs in with a password.

        Args:
            user_name: The name.
            password: The password, of at least 12 characters.
            right: What the user may; each right includes those before it.
            projects: Globs of the names or full paths of the projects that it is limited to, such as Line*; none for
                all.
        """
        return await self._client.run(
            "users.create", MakeUser(user_name=user_name, password=password, right=right, projects=projects or []), User
        )

    async def update(
        self,
        *,
        user_name: str,
        right: Literal["viewer", "engineer", "operator", "administrator"] | None = None,
        projects: list[str] | None = None,
        enabled: bool | None = None,
        password: str = "",
    ) -> User:
        """Change a user's right, projects or password, or lock the user out. It counts from the next request on.

        Args:
            user_name: The user's name, without regard to case.
            right: What the user may from the next request on.
            projects: Globs of the names or full paths of the projects that it is limited to, such as Line*; none for
                all.
            enabled: Whether the user may log in; false ends all logins.
            password: Another password; all logins end.
        """
        return await self._client.run(
            "users.update",
            ChangeUser(user_name=user_name, right=right, projects=projects, enabled=enabled, password=password),
            User,
        )

    async def delete(self, *, user_name: str) -> User:
        """Remove a user. All logins end.

        Args:
            user_name: The user's name, without regard to case.
        """
        return await self._client.run("users.delete", UserAddress(user_name=user_name), User)

    async def logout(self, *, user_name: str) -> User:
        """End all logins of a user, who may log in again.

        Args:
            user_name: The user's name, without regard to case.
        """
        return await self._client.run("users.logout", UserAddress(user_name=user_name), User)
