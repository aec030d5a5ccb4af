"""What clients ask before they begin: the API key for programs on this computer, a login, and what the licence allows.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.access.access_operations import Licence, LocalKey, Login, Me, NewPassword, Refresh, Tokens
from engineering_api.operations.declaration import Nothing


class Access(Resource):
    """What clients ask before they begin: the API key for programs on this computer, a login, and what the licence allows."""

    def local_key(self) -> LocalKey:
        """Get the API key, where TIA_LOCAL_KEY is on; only for a process of the server's user on this computer, and for no relay."""
        return self._client.run("access.local_key", Nothing(), LocalKey)

    def features(self) -> Licence:
        """Get what may be used: everything, for ever. That a feature is allowed does not say that this version serves it."""
        return self._client.run("access.features", Nothing(), Licence)

    def me(self) -> Me:
        """Tell who asks, and what they may."""
        return self._client.run("access.me", Nothing(), Me)

    def login(self, *, user_name: str, password: str) -> Tokens:
        """Log in with a name and a password. The answer has a token for requests and one to get the next.

        Args:
            user_name: The user's name.
            password: The user's password.
        """
        return self._client.run("access.login", Login(user_name=user_name, password=password), Tokens)

    def refresh(self, *, refresh_token: str) -> Tokens:
        """Go on with a login. The refresh token is good once; if it comes a second time, the login ends.

        Args:
            refresh_token: The refresh token of the last answer; it is good once.
        """
        return self._client.run("access.refresh", Refresh(refresh_token=refresh_token), Tokens)

    def logout(self) -> Me:
        """End the login of the token that is sent: it is refused from now on."""
        return self._client.run("access.logout", Nothing(), Me)

    def change_password(self, *, password: str, new_password: str) -> Me:
        """Change one's own password. All logins of the user end, this one too.

        Args:
            password: The password until now.
            new_password: The password from now on, of at least 12 characters.
        """
        return self._client.run("access.change_password", NewPassword(password=password, new_password=new_password), Me)


class AsyncAccess(AsyncResource):
    """What clients ask before they begin: the API key for programs on this computer, a login, and what the licence allows."""

    async def local_key(self) -> LocalKey:
        """Get the API key, where TIA_LOCAL_KEY is on; only for a process of the server's user on this computer, and for no relay."""
        return await self._client.run("access.local_key", Nothing(), LocalKey)

    async def features(self) -> Licence:
        """Get what may be used: everything, for ever. That a feature is allowed does not say that this version serves it."""
        return await self._client.run("access.features", Nothing(), Licence)

    async def me(self) -> Me:
        """Tell who asks, and what they may."""
        return await self._client.run("access.me", Nothing(), Me)

    async def login(self, *, user_name: str, password: str) -> Tokens:
        """Log in with a name and a password. The answer has a token for requests and one to get the next.

        Args:
            user_name: The user's name.
            password: The user's password.
        """
        return await self._client.run("access.login", Login(user_name=user_name, password=password), Tokens)

    async def refresh(self, *, refresh_token: str) -> Tokens:
        """Go on with a login. The refresh token is good once; if it comes a second time, the login ends.

        Args:
            refresh_token: The refresh token of the last answer; it is good once.
        """
        return await self._client.run("access.refresh", Refresh(refresh_token=refresh_token), Tokens)

    async def logout(self) -> Me:
        """End the login of the token that is sent: it is refused from now on."""
        return await self._client.run("access.logout", Nothing(), Me)

    async def change_password(self, *, password: str, new_password: str) -> Me:
        """Change one's own password. All logins of the user end, this one too.

        Args:
            password: The password until now.
            new_password: The password from now on, of at least 12 characters.
        """
        return await self._client.run(
            "access.change_password", NewPassword(password=password, new_password=new_password), Me
        )
