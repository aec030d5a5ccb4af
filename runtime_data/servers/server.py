"""What a server is: how each kind of it is set, started, and asked for its clients, and the kinds that there are.

The part of the service that knows all servers keeps their settings and starts them; a server only serves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol

import msgspec

from engineering_api.operations.context import Service
from engineering_api.operations.fields import Model
from openness_bridge.errors import Detail, not_found

LOOPBACK = "127.0.0.1"
"""Where a server listens unless its settings name another address."""
ServerState = Annotated[Literal["off", "running", "failed"], msgspec.Meta(title="RuntimeServerState")]


class ServerClient(Model):
    """A client of a server.

    Attributes:
        address: Its address and port.
        name: Its user, or what it calls itself; empty where neither is known.
        since: When it connected, in UTC.
        tags: How many tags it watches.
    """

    address: str
    name: str
    since: str
    tags: int = 0


class Server(Protocol):
    """A server that runs. It is made on the event loop, and starts the loop or thread that its library needs."""

    async def start(self) -> None:
        """Listen; return when clients can connect.

        Raises:
            Problem: It cannot: the port is used, or a setting does not fit (runtime.server_failed).
        """

    async def stop(self) -> None:
        """End all connections, and return when nothing listens any more."""

    def endpoints(self) -> list[str]:
        """Return the addresses that clients connect to, such as opc.tcp://127.0.0.1:4840."""

    def clients(self) -> list[ServerClient]:
        """Return the clients that are connected."""


def _none(_: Any) -> list[Detail]:
    return []


@dataclass(frozen=True, slots=True)
class ServerKind:
    """A kind of server.

    Attributes:
        name: opcua, s7 or webapi.
        form: The struct of its settings. Its fields that are declared with `operations.fields.secret` are sealed before they
            are kept, and never answered. Each field has a default value.
        make: Makes the server of settings whose secrets are open; it reads and writes in the right of who logs in, by
            Service.part(Runtime), and checks a password by Service.part(Identities).users.by_password.
        check: Returns what is wrong with settings, with pointers below `settings`, such as /port.
    """

    name: str
    form: type[msgspec.Struct]
    make: Callable[[Any, Service], Server]
    check: Callable[[Any], list[Detail]] = _none


KINDS: dict[str, ServerKind] = {}
"""The kinds by name; `register` adds one."""


def register(kind: ServerKind) -> None:
    """Add a kind of server."""
    KINDS[kind.name] = kind


def find_kind(name: str) -> ServerKind:
    """Return a kind of server.

    Raises:
        Problem: There is none of this name.
    """
    found = KINDS.get(name)
    if found is None:
        raise not_found("server", name, KINDS)
    return found
