"""Registers the server of the S7 protocol with its settings."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from ipaddress import ip_address
from typing import Annotated

import msgspec

from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service
from engineering_api.operations.fields import Model, named
from engineering_api.operations.terms import Right
from openness_bridge.errors import Detail, Kind, Place, Problem
from runtime_data import absolute
from runtime_data.runtime import Runtime
from runtime_data.servers.s7.machine import CpuIdentity
from runtime_data.servers.s7.plc import SimulatedPlc
from runtime_data.servers.s7.server import Limits, ProtocolServer, is_loopback, refuse_networks
from runtime_data.servers.s7.status_lists import CONNECTIONS
from runtime_data.servers.s7.write_log import WriteLog
from runtime_data.servers.server import LOOPBACK, ServerClient, ServerKind, register
from runtime_data.sources.simulated import SimulatedSource

NAME = "s7"
CALLER = "server:s7"
PORT = 1102
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class S7ServerSettings(Model):
    """Settings of the server of the S7 protocol."""

    host: Annotated[str, named("Address to listen at; another one than 127.0.0.1 needs `allow`.", max_length=100)] = (
        LOOPBACK
    )
    port: Annotated[
        int, named("TCP port; 102, which clients use by default, needs the rights for it.", ge=0, le=65535)
    ] = PORT
    source: Annotated[
        str, named("The source of the simulated PLC; empty for the default one at the start.", max_length=100)
    ] = ""
    allow: Annotated[
        list[Text],
        named(
            "Addresses and networks that may connect, such as 192.168.0.0/24; none for this computer.", max_length=100
        ),
    ] = []
    write: Annotated[
        bool, named("Whether clients may write what the rules allow: the protocol has no logins, so all of them may.")
    ] = False
    start_stop: Annotated[bool, named("Whether clients may start and stop the CPU; only with `write`.")] = False
    tags: Annotated[
        list[Text], named("Patterns of the tags that clients may read and write; none for all.", max_length=100)
    ] = []
    clients: Annotated[int, named("Connections at once.", ge=1, le=CONNECTIONS)] = CONNECTIONS
    idle: Annotated[int, named("Seconds after which a connection without requests ends.", ge=10, le=86_400)] = 600
    order_number: Annotated[
        str,
        named(
            "What clients read as the order number: the virtual CPU does not know its own.",
            max_length=20,
            pattern=r"^[ -~]*$",
        ),
    ] = ""
    firmware: Annotated[
        str, named("What clients read as the firmware, such as 2.9.4.", pattern=r"^(\d{1,2}(\.\d{1,2}){2})?$")
    ] = ""


class S7Server:
    """The server, as the service starts and stops it."""

    def __init__(self, settings: S7ServerSettings, service: Service) -> None:
        """Keep the settings; nothing listens yet."""
        self._settings, self._service = settings, service
        self._server: ProtocolServer | None = None
        self._log: WriteLog | None = None

    async def start(self) -> None:
        """Listen.

        Raises:
            Problem: The source is no virtual CPU, or the port is used.
        """
        settings = self._settings
        source = await asyncio.to_thread(self._source)
        right = Right.OPERATE if settings.write else Right.VIEW
        caller = Caller(CALLER, right, kind="server", tags=tuple(settings.tags))
        log = self._log = WriteLog(self._service.audit, source.name, CALLER)
        version = [*(int(each) for each in settings.firmware.split(".") if each), 0, 0, 0]
        who = CpuIdentity(source.name, order=settings.order_number, version=(version[0], version[1], version[2]))
        rules, simulation = self._service.part(Runtime).rules, self._service.simulation
        plc = SimulatedPlc(simulation, source, rules, caller, log, who, start_stop=settings.start_stop)
        limits = Limits(tuple(settings.allow), settings.clients, settings.idle)
        server = ProtocolServer(lambda: plc, settings.host, settings.port, limits)
        try:
            await asyncio.to_thread(server.start)
        except OSError as error:
            msg = f"The S7 server cannot listen at {settings.host}:{settings.port}: {error.strerror or error}."
            raise Problem("runtime.server_failed", msg, kind=Kind.CONFLICT) from None
        self._server = server
        log.start()

    async def stop(self) -> None:
        """End all connections."""
        if self._server is not None:
            await asyncio.to_thread(self._server.stop)
        if self._log is not None:
            await self._log.stop()

    def endpoints(self) -> list[str]:
        """Return where clients connect to."""
        return [f"s7://{self._settings.host}:{self._server.port}"] if self._server else []

    def clients(self) -> list[ServerClient]:
        """Return the clients that are connected."""
        return self._server.clients() if self._server else []

    def _source(self) -> SimulatedSource:
        found = self._service.part(Runtime).sources.find(self._settings.source)
        if not isinstance(found, SimulatedSource):
            msg = f"'{found.name}' is not a simulated PLC: name the source of one in `source`."
            raise Problem("runtime.server_settings", msg, place=Place(pointer="/settings/source"))
        absolute.require(self._service.simulation.handle(found.instance))
        return found


def _check(settings: S7ServerSettings) -> list[Detail]:
    found = []
    with suppress(ValueError):
        ip_address(settings.host)
        if not is_loopback(settings.host) and not settings.allow:
            msg = (
                "The S7 protocol has no logins: name the addresses that may connect in `allow`, or listen at 127.0.0.1."
            )
            found.append(Detail("runtime.server_settings", msg, Place(pointer="/allow")))
        return found + _check_networks(settings)
    msg = f"'{settings.host}' is not an address to listen at, such as 127.0.0.1."
    return [Detail("runtime.server_settings", msg, Place(pointer="/host"))]


def _check_networks(settings: S7ServerSettings) -> list[Detail]:
    wrong = refuse_networks(settings.allow)
    if not wrong:
        return []
    msg = f"'{wrong}' is not an address or network, such as 192.168.0.0/24."
    return [Detail("runtime.server_settings", msg, Place(pointer="/allow"))]


register(ServerKind(NAME, S7ServerSettings, S7Server, _check))
