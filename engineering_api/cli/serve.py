"""Starts the server: a free port, a key, and a line that says where it listens."""

from __future__ import annotations

import errno
import gc
import logging
import os
import shutil
import signal
import socket
import ssl
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

import click
import uvicorn

from engineering_api.app import create_app
from engineering_api.execution.ending import end_by_force
from engineering_api.features.mcp.sessions import Sessions
from engineering_api.observability import logs
from engineering_api.operations.context import Service
from engineering_api.security import stored_key
from engineering_api.security.transport import require_safe_host, tls_context
from engineering_api.settings import DEFAULT_PORT, Settings
from engineering_api.storage.private import write_for_owner_alone
from engineering_api.web.application import App
from engineering_api.web.listening.http_connection import protocol
from engineering_api.web.registry import Instance, Registry, default_file
from openness_bridge.errors import Kind, Problem
from runtime_data.runtime import Runtime

log = logging.getLogger(__name__)
LAST_PORT = 9100
WAITING = 2048
"""Connections that wait to be taken."""
AT_ONCE = 16
"""Connections that are accepted in one go. Where too many files are open, asyncio tries and logs that often."""


def listening_socket(host: str, port: int | None) -> socket.socket:
    """Return a listening socket on the wanted port; on the first free one from 9000 to 9100 where none is wanted.

    Raises:
        Problem: It is not free, or the host is not an address of this machine.
    """
    last: OSError | None = None
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(DEFAULT_PORT, LAST_PORT + 1) if port is None else [port]:
        found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            if sys.platform != "win32":
                found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind((host, candidate))
            found.listen(WAITING)
        except OSError as error:
            last = error
            found.close()
        else:
            return found
    raise _no_port(host, port, last)


def _no_port(host: str, port: int | None, error: OSError | None) -> Problem:
    """Return the problem of a server that cannot listen."""
    if error is not None and error.errno == errno.EADDRNOTAVAIL:
        msg = f"'{host}' is not an address of this computer: name one with --host, such as 127.0.0.1."
        return Problem("server.no_address", msg, kind=Kind.INVALID)
    if isinstance(error, PermissionError):
        msg = f"This user may not listen on port {port}: name another with --port, or 0 for any free one."
        return Problem("server.port_refused", msg, kind=Kind.INVALID)
    used = f"All ports from {DEFAULT_PORT} to {LAST_PORT} are" if port is None else f"Port {port} is"
    msg = f"{used} in use on {host}: name another with --port, or 0 for any free one."
    return Problem("server.no_port", msg, kind=Kind.INVALID)


class Server(uvicorn.Server):
    """A server that ends the streams of its listeners, then itself, in a limited time even where a thread hangs."""

    def __init__(self, config: uvicorn.Config, service: Service, forget: Callable[[], None] = lambda: None) -> None:
        """Serve as configured.

        Args:
            config: How.
            service: What is served.
            forget: Takes it out of the list of running servers.
        """
        super().__init__(config)
        self._service = service
        self._ending = threading.Thread(target=partial(end_by_force, service, forget), name="end", daemon=True)

    def stop(self) -> None:
        """Begin to end."""
        self.should_exit = True
        if self._ending.ident is None:
            self._ending.start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End as a signal asks."""
        super().handle_exit(sig, frame)
        self.stop()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections, as many of which may wait as the socket was made for: asyncio has lowered that."""
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(WAITING)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End sessions of MCP and streams of events and values, then as uvicorn does."""
        for session in self._service.part(Sessions).all():
            await session.end()
        self._service.hub.release()
        self._service.part(Runtime).subscriptions.close()
        await super().shutdown(sockets)


def configuration(app: App, settings: Settings, tls: ssl.SSLContext | None = None) -> uvicorn.Config:
    """Return how a service is served: its protocols and their limits, and TLS."""
    return uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        log_config=None,
        server_header=False,
        http=protocol(settings, "server", tls=tls),
        ws="websockets-sansio",
        ws_max_size=settings.max_message or sys.maxsize,
        ws_per_message_deflate=False,
        timeout_keep_alive=settings.keep_alive,
        timeout_graceful_shutdown=max(1, settings.shutdown_limit // 2),
        backlog=AT_ONCE,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies,
    )


def serve(settings: Settings, make: Callable[[Settings], App] = create_app) -> None:
    """Serve until interrupted.

    Args:
        settings: How.
        make: Makes the service.

    Raises:
        Problem: The backend or a port is not available, or the server would not be safe.
    """
    write_for_owner_alone()
    require_safe_host(settings)
    tls = tls_context(settings)
    logs.configure(settings)
    app = make(settings)
    _keep_temporary_files(settings.data_dir / "temporary")
    gc.freeze()  # the objects of the start stay
    sock = listening_socket(settings.host, settings.port)
    app.state.service.address = _address(sock, settings, to_local=True)
    config = configuration(app, settings, tls)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with _register(settings, sock) as forget:
        server = Server(config, app.state.service, forget)
        app.state.service.stop = server.stop
        announce(settings, sock)
        server.run(sockets=[sock])


@contextmanager
def _register(settings: Settings, sock: socket.socket) -> Iterator[Callable[[], None]]:
    """List this server as running within the block; yields a function that removes it from the list earlier."""
    registry, instance = Registry(settings.instances_file or default_file(settings.data_dir)), _instance(sock, settings)
    registry.enter(instance)
    try:
        yield partial(registry.leave, instance)
    finally:
        registry.leave(instance)


def _instance(sock: socket.socket, settings: Settings) -> Instance:
    """Return this server's entry, by which clients on this computer find it."""
    port = sock.getsockname()[1]
    return Instance(os.getpid(), port, _address(sock, settings, to_local=True), uuid.uuid4().hex)


def _address(sock: socket.socket, settings: Settings, *, to_local: bool = False) -> str:
    host, port = sock.getsockname()[:2]
    if to_local and host in {"0.0.0.0", "::"}:  # noqa: S104 - it is compared, not listened on
        host = "127.0.0.1"
    shown = f"[{host}]" if ":" in host else host
    return f"{'http' if settings.tls_cert is None else 'https'}://{shown}:{port}"


def _keep_temporary_files(folder: Path) -> None:
    """Keep what is there for a moment in a folder of the service's own, which is emptied at each start: a crash leaves some."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(folder)


def announce(settings: Settings, sock: socket.socket) -> None:
    """Print where the server listens and where its key is."""
    if settings.quiet:
        return
    address = _address(sock, settings)
    click.echo(f"Listening on {address}  (console: {address}/console/, routes: {address}/swagger)")
    if settings.api_key:
        click.echo("API key: as given by TIA_API_KEY")
    else:
        click.echo(f"API key: in {stored_key(settings.data_dir)[1]}")
