"""The server of the S7 protocol: connections of clients, each with its session, on an event loop in a thread of its own.

A read may wait for the end of a scan, so nothing of it runs on the service's event loop.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

from engineering_api import background
from engineering_api.observability.rare import RareLog
from engineering_api.storage.clock import now
from engineering_api.web.listening import admissions
from engineering_api.web.listening.admissions import Admissions, leave_a_quarter
from runtime_data.servers.s7.framing import (
    Disconnected,
    FramingError,
    build_confirmation,
    build_frames,
    parse_connection,
    read_frame,
    read_message,
)
from runtime_data.servers.s7.machine import Machine
from runtime_data.servers.s7.messages import LARGEST, MessageError
from runtime_data.servers.s7.session import Session
from runtime_data.servers.server import ServerClient

log = logging.getLogger(__name__)
_rare = RareLog(log)
PATIENCE = 10.0
"""Seconds for a message that has begun, for the first one, and for an answer to be taken."""
LARGEST_BUFFER = 64 << 10


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server allows.

    Attributes:
        networks: Addresses and networks that may connect; none for this computer only.
        clients: Connections at once.
        idle: Seconds after which a connection without requests ends.
        patience: Seconds for a message that has begun.
    """

    networks: tuple[str, ...] = ()
    clients: int = 64
    idle: float = 600.0
    patience: float = PATIENCE

    def allows(self, address: str) -> bool:
        """Return whether a client of an address may connect."""
        found = ip_address(address.partition("%")[0])
        found = getattr(found, "ipv4_mapped", None) or found
        if not self.networks:
            return found.is_loopback
        return any(found in ip_network(each, strict=False) for each in self.networks)


class ProtocolServer:
    """Serves a machine. Its methods may be called by any thread but its own.

    Attributes:
        port: Where it listens.
    """

    def __init__(self, make: Callable[[], Machine], host: str, port: int, limits: Limits) -> None:
        """Keep where to listen; nothing listens yet.

        Args:
            make: Gives the machine.
            host: Address to listen at.
            port: TCP port; 0 for a free one.
            limits: What is allowed.
        """
        self.port = port
        self._machine, self._host, self._limits = make(), host, limits
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="s7-server", daemon=True)
        self._server: asyncio.Server | None = None
        self._clients: dict[asyncio.Task[None], ServerClient] = {}
        self._admissions = Admissions("S7 server", admissions.Limits(limits.clients, leave_a_quarter(limits.clients)))

    def start(self) -> None:
        """Listen.

        Raises:
            OSError: The port is used, or the address is none of this computer.
        """
        self._thread.start()
        try:
            self._call(self._listen())
        except OSError:
            self._end()
            raise

    def stop(self) -> None:
        """End all connections, and listen no more."""
        self._call(self._close())
        self._end()

    def clients(self) -> list[ServerClient]:
        """Return the clients that are connected."""
        return list(self._clients.values())

    def _call(self, coroutine: Coroutine[Any, Any, None]) -> None:
        background.submit(coroutine, self._loop).result()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, self._host, self.port, limit=LARGEST_BUFFER)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._clients):
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        await self._loop.shutdown_default_executor()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection to its end."""
        task = asyncio.current_task()
        host, port = writer.get_extra_info("peername")[:2]
        client, entered = f"{host}:{port}", False
        try:
            if task is None or not self._limits.allows(host):
                _rare.line("The S7 server refuses the client %s: its address is not allowed", client)
                return
            if self._admissions.enter(host):
                return
            entered = True
            self._clients[task] = ServerClient(address=client, name="", since=now())
            await self._converse(reader, writer, Session(self._machine, client))
        except (FramingError, MessageError) as error:
            _rare.line("The S7 server ends the connection of %s: %s", client, error)
        except (Disconnected, TimeoutError, ConnectionError):
            log.debug("The connection of the S7 client %s ends", client)
        except asyncio.CancelledError:
            log.info("The S7 server ends the connection of %s", client)
        finally:
            if task is not None:
                self._clients.pop(task, None)
            if entered:
                self._admissions.leave(host)
            writer.transport.abort()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: Session) -> None:
        patience, wait = self._limits.patience, self._limits.patience
        connection = parse_connection(await read_frame(reader, patience, wait))
        await self._send(writer, build_confirmation(connection))
        while True:
            request = await read_message(reader, LARGEST, patience, wait)
            if session.writes(request):
                answer = await asyncio.to_thread(session.answer, request)
            else:
                answer = session.answer(request)
            await self._send(writer, build_frames(answer, connection.size))
            wait = self._limits.idle

    async def _send(self, writer: asyncio.StreamWriter, content: bytes) -> None:
        writer.write(content)
        async with asyncio.timeout(self._limits.patience):
            await writer.drain()


def refuse_networks(networks: list[str]) -> str:
    """Return the first text that is no address or network; empty where all are."""
    for each in networks:
        try:
            ip_network(each, strict=False)
        except ValueError:
            return each
    return ""


def is_loopback(host: str) -> bool:
    """Return whether an address is one of this computer only."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return False
