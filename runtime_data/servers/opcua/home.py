"""How the OPC UA server, in its thread, uses the service: everything that it asks runs on the service's event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service
from engineering_api.operations.terms import Right
from engineering_api.security.identities import Identities
from openness_bridge.errors import Kind, Problem
from runtime_data.runtime import Runtime, Write, Written
from runtime_data.servers.opcua.settings import OpcuaSettings
from runtime_data.servers.writing import write_as
from runtime_data.values import Value

T = TypeVar("T")
ANONYMOUS = "opcua:anonymous"


@dataclass(frozen=True, slots=True)
class Login:
    """Who has logged in.

    Attributes:
        caller: Who.
        generation: Of the user's passwords, at that time.
    """

    caller: Caller
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Home:
    """The service, as the server's thread sees it.

    Attributes:
        service: The service; use its parts on its loop only.
        loop: Its event loop.
        settings: The server's settings.
    """

    service: Service
    loop: asyncio.AbstractEventLoop
    settings: OpcuaSettings

    async def ask(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the service's loop, and wait for it on this one."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))

    def post(self, work: Callable[[], object]) -> None:
        """Call a function on the service's loop soon."""
        self.loop.call_soon_threadsafe(work)

    @property
    def runtime(self) -> Runtime:
        """The runtime."""
        return self.service.part(Runtime)

    async def identify(self, name: str | None, password: str | None, address: str) -> Login:
        """Return who logs in.

        Args:
            name: The user's name; None for an anonymous client.
            password: The password.
            address: Where the client is.

        Raises:
            Problem: The login is refused.
        """
        if name is None:
            if self.settings.anonymous == "off":
                raise Problem("auth.login", "This server wants a user with a password.", kind=Kind.UNIDENTIFIED)
            right = Right.OPERATE if self.settings.anonymous == "write" else Right.VIEW
            return Login(Caller(ANONYMOUS, right, kind="anonymous", address=address))
        users = self.service.part(Identities).users
        caller = await self.ask(users.by_password(name, password or "", address))
        return Login(replace(caller, address=address), users.get(name).generation)

    def renew(self, login: Login) -> Login | None:
        """Return a login with the rights of now; None where it is not valid any more."""
        if login.caller.kind == "anonymous":
            return login
        caller = self.service.part(Identities).users.renew(login.caller, login.generation)
        return Login(replace(caller, address=login.caller.address), login.generation) if caller else None

    async def read(self, caller: Caller, tags: Sequence[str]) -> dict[str, Value]:
        """Return the values of tags by name.

        Raises:
            Problem: There is no such source any more.
        """
        found = await self.ask(self.runtime.read(caller, tags))
        return dict(zip(tags, found, strict=True))

    async def write(self, caller: Caller, writes: Sequence[Write]) -> list[Written]:
        """Write tags, and note it in the audit log.

        Raises:
            Problem: As write_as.
        """
        return await self.ask(write_as(self.service, "opcua", caller, writes))
