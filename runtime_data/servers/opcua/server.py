"""The OPC UA server: asyncua in a thread with its own event loop, so that many changing values delay nobody else."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import socket
from collections.abc import Sequence
from contextlib import ExitStack, suppress

from asyncua import ua

from engineering_api import background
from engineering_api.operations.context import Service
from openness_bridge.errors import Kind, Problem
from runtime_data.alarms.alarm import AlarmEvent
from runtime_data.alarms.engine import Alarms
from runtime_data.history.history import History
from runtime_data.opcua import certificates
from runtime_data.opcua.names import NAMESPACE
from runtime_data.opcua.threads import LoopThread
from runtime_data.servers.opcua.address_space import Nodes
from runtime_data.servers.opcua.alarm_events import AlarmEvents
from runtime_data.servers.opcua.connections import UaServer, identity_of, show_certificate
from runtime_data.servers.opcua.historian import Historian
from runtime_data.servers.opcua.home import Home
from runtime_data.servers.opcua.monitoring import Feeder, Monitoring
from runtime_data.servers.opcua.program import Program
from runtime_data.servers.opcua.sessions import Session, Surroundings
from runtime_data.servers.opcua.settings import OpcuaSettings
from runtime_data.servers.server import ServerClient

log = logging.getLogger(__name__)
DEVICES = "http://opcfoundation.org/UA/DI/"
FOLDER = "opcua"
"""Below runtime/ of the data folder."""
SWEEP = 1.0
"""Seconds between two looks at what has ended or changed."""
MOST_WAITING = 10_000
"""Lines of the journal that wait to be sent."""


class OpcuaServer:
    """The server that runs. On the service's event loop, but for what its thread does."""

    def __init__(self, settings: OpcuaSettings, service: Service) -> None:
        """Serve with these settings; `start` listens."""
        self._settings, self._service = settings, service
        self._thread: LoopThread | None = None
        self._server: UaServer | None = None
        self._around: Surroundings | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._listening = ExitStack()
        self._lines: asyncio.Queue[AlarmEvent] = asyncio.Queue(MOST_WAITING)

    async def start(self) -> None:
        """Listen; return when clients can connect.

        Raises:
            Problem: The address is used (runtime.server_failed).
        """
        self._thread = LoopThread("OPC UA server")
        home = Home(self._service, asyncio.get_running_loop(), self._settings)
        folder = self._service.settings.data_dir / "runtime" / FOLDER
        shown = [self._settings.host] if self._settings.host not in ("0.0.0.0", "::") else []  # noqa: S104 - compared only
        try:
            own = await asyncio.to_thread(certificates.own, folder, "server", shown)
            await self._thread.run(self._begin(home, own))
        except OSError as error:
            await self.stop()
            where = f"{self._settings.host}:{self._settings.port}"
            msg = f"The OPC UA server cannot listen on {where}: {error.strerror or error}. Name another port."
            raise Problem("runtime.server_failed", msg, kind=Kind.CONFLICT) from error
        assert self._around is not None  # noqa: S101 - _begin made it
        feeder = Feeder(home, self._around.monitoring)
        self._listening.callback(feeder.close)
        await self._thread.run(self._around.monitoring.feed(feeder))
        self._listening.enter_context(self._service.part(Alarms).listen(self._hear))

    async def stop(self) -> None:
        """End all connections, and return when nothing listens any more."""
        self._listening.close()
        thread, self._thread = self._thread, None
        if thread is not None:
            with suppress(Exception):  # the thread ends whatever its library says
                await thread.run(self._end())
            await asyncio.to_thread(thread.stop)

    def endpoints(self) -> list[str]:
        """Return the addresses that clients connect to."""
        server = self._server
        if server is None or server.bserver is None:
            return []
        host = self._settings.host if self._settings.host not in ("0.0.0.0", "::") else socket.gethostname()  # noqa: S104
        return [f"opc.tcp://{f'[{host}]' if ':' in host else host}:{server.bserver.port}"]

    def clients(self) -> list[ServerClient]:
        """Return the clients that are connected."""
        if self._server is None or self._around is None:
            return []
        monitoring = self._around.monitoring
        return [
            ServerClient(
                address=each.login.caller.address,
                name=each.login.caller.name,
                since=each.since.isoformat(timespec="seconds").replace("+00:00", "Z"),
                tags=monitoring.tags_of(each),
            )
            for each in self._server.iserver.sessions
            if each.login is not None
        ]

    # -- in the server's thread ------------------------------------------------------------

    async def _begin(self, home: Home, own: certificates.Own) -> None:
        around = self._around = Surroundings(home)
        server = self._server = UaServer(around)
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        server.set_endpoint(f"opc.tcp://{host}:{self._settings.port}")
        server.set_server_name("Open engineering API for SIMATIC PLCs")
        await server.init()
        await server.set_application_uri(own.uri)
        for uri in (DEVICES, NAMESPACE):
            await server.register_namespace(uri)
        await show_certificate(server, own.certificate, own.key)
        policies, tokens = identity_of(home)
        server.set_security_policy(policies)
        server.set_identity_tokens(tokens)
        inside = server.iserver
        around.nodes = Nodes(inside.aspace)
        around.monitoring = Monitoring(home, around.nodes, inside.subscription_service)
        around.historian = Historian(home, around.nodes)
        around.alarms = AlarmEvents(home, inside.subscription_service)
        notifier = server.get_node(ua.NodeId(ua.ObjectIds.Server))
        await notifier.set_event_notifier([ua.EventNotifier.SubscribeToEvents])
        program = Program(home, around.nodes)
        await program.follow()
        await server.start()
        self._tasks = [
            background.begin(each) for each in (self._tick(server), self._sweep(program), self._send_alarms(server))
        ]

    async def _end(self) -> None:
        for each in self._tasks:
            each.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            server, self._server = self._server, None
            for session in server.iserver.sessions:
                await session.close_session()
            await server.stop()

    async def _tick(self, server: UaServer) -> None:
        """Show the time each second, as clients watch it to see whether a server lives."""
        status = server.get_node(ua.NodeId(ua.ObjectIds.Server_ServerStatus))
        clock = server.get_node(ua.NodeId(ua.ObjectIds.Server_ServerStatus_CurrentTime))
        while True:
            now = dt.datetime.now(dt.UTC)
            value = await status.read_value()
            value.CurrentTime = now
            await status.write_value(value)
            await clock.write_value(now)
            await asyncio.sleep(1)

    async def _sweep(self, program: Program) -> None:
        assert self._around is not None and self._server is not None  # noqa: S101 - it runs while the server does
        while True:
            await asyncio.sleep(SWEEP)
            try:
                for session in self._server.iserver.sessions:
                    await self._renew(session)
                await self._around.monitoring.sweep()
                await program.follow()
                await program.compare()
                logged = await self._around.home.ask(self._service.part(History).series())
                self._around.nodes.mark_history(each.tag for each in logged)
            except Exception:  # the next look may succeed
                log.exception("The OPC UA server could not follow a change")

    async def _renew(self, session: Session) -> None:
        """Let a session have the rights that its user has now; end it where the user may not log in any more."""
        former = session.login
        if former is None or self._around is None:
            return
        session.login = self._around.home.renew(former)
        if session.login is None:
            name = former.caller.name
            log.info("The OPC UA session of %s ends: the user or the password is not valid any more", name)
            await session.close_session()

    async def _send_alarms(self, server: UaServer) -> None:
        assert self._around is not None  # noqa: S101
        while True:
            line = await self._lines.get()
            try:
                await self._around.alarms.send(line, server.iserver.sessions)
            except Exception:  # one that cannot be sent must not end the others
                log.exception("An alarm could not be sent to clients of OPC UA")

    def _hear(self, lines: Sequence[AlarmEvent]) -> None:
        """Take lines of the journal on the service's loop; where too many wait, the newest are left out."""
        if self._thread is not None:
            self._thread.loop.call_soon_threadsafe(self._queue, lines)

    def _queue(self, lines: Sequence[AlarmEvent]) -> None:
        try:
            for each in lines:
                self._lines.put_nowait(each)
        except asyncio.QueueFull:
            log.warning("Alarms are not sent to clients of OPC UA: %d wait already", MOST_WAITING)
