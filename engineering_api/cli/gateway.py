"""Starts a gateway or a worker, as the command line asks."""

from __future__ import annotations

import asyncio
import logging
import platform
import re
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from threading import Thread

import click
import msgspec

from engineering_api.app import create_app
from engineering_api.cli.serve import serve
from engineering_api.execution.ending import end_by_force
from engineering_api.gateway.exchange import EmbeddedExchange, Exchange
from engineering_api.gateway.gateway import Beside, maker
from engineering_api.gateway.messages import GATEWAY
from engineering_api.gateway.model import create_empty_model
from engineering_api.gateway.sealing import Seal
from engineering_api.gateway.worker import Worker
from engineering_api.observability import logs
from engineering_api.settings import Settings
from engineering_api.storage.private import write_for_owner_alone
from engineering_api.web.application import App
from openness_bridge.errors import Kind, Problem

log = logging.getLogger(__name__)
EMBEDDED = "embedded"
_NAME = re.compile(r"(?![vV]\d)[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")


def gateway(settings: Settings) -> None:
    """Serve all routes, and have operations done at workers, until interrupted.

    Raises:
        Problem: The queue or the secret is not usable, or a port is not available.
    """
    _selector_loop(settings)
    serve(settings, create_embedded if settings.queue == EMBEDDED else remote)


def remote(settings: Settings) -> App:
    """Return the gateway's service, with workers on other machines."""
    return app(settings, exchange_of(settings), Seal(settings.gateway_secret))


def create_embedded(settings: Settings) -> App:
    """Return the gateway's service, with one worker in its own process."""
    shared, seal = EmbeddedExchange(), Seal(secrets.token_urlsafe(32))
    at_home = msgspec.structs.replace(settings, data_dir=settings.data_dir / "worker")
    return app(settings, shared.end(), seal, [lambda: working(at_home, "local", shared.end(), seal)])


def app(settings: Settings, exchange: Exchange, seal: Seal, beside: Beside = ()) -> App:
    """Return a gateway's service on an exchange, with workers in the same process."""
    here = msgspec.structs.replace(settings, headless=False)
    return create_app(here, create_empty_model(), maker(exchange, seal, beside))


def worker(settings: Settings, name: str) -> None:
    """Do what a gateway asks until interrupted.

    Raises:
        Problem: The queue, the secret, the name or the backend is not usable.
    """
    write_for_owner_alone()
    logs.configure(settings)
    _selector_loop(settings)
    with suppress(KeyboardInterrupt):
        asyncio.run(_work(settings, require_name(name or platform.node())))


def require_name(name: str) -> str:
    """Return a worker's name, if it is one.

    Raises:
        Problem: It is not.
    """
    if _NAME.fullmatch(name) is None or name.casefold() == GATEWAY:
        msg = (
            f"'{name}' is not a valid worker name: use letters, digits, dot, underscore and hyphen, not '{GATEWAY}', and "
            "no name that begins like a version (V17). Set the name by --name."
        )
        raise Problem("worker.name", msg, kind=Kind.INVALID)
    return name


def exchange_of(settings: Settings) -> Exchange:
    """Return the exchange that the settings name.

    Raises:
        Problem: There is no such kind, or its packages are not installed.
    """
    if not settings.queue or settings.queue == EMBEDDED:
        msg = "Name the queue server that the gateway and its workers share: --queue or TIA_QUEUE."
        raise Problem("queue.url", msg, kind=Kind.INVALID)
    from engineering_api.gateway.saq_exchange import connect

    return connect(settings.queue)


@asynccontextmanager
async def working(settings: Settings, name: str, exchange: Exchange, seal: Seal) -> AsyncIterator[Worker]:
    """Run a worker within the block."""
    made = create_app(settings)
    async with made.lifespan():
        found = Worker(made.state.service, name, exchange, seal, settings.worker_lease)
        await found.start()
        try:
            yield found
        finally:
            await found.close()


async def _work(settings: Settings, name: str) -> None:
    ended = asyncio.Event()
    with suppress(NotImplementedError):  # Windows: Ctrl+C interrupts by itself
        for each in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(each, ended.set)
    async with working(settings, name, exchange_of(settings), Seal(settings.gateway_secret)) as worker:
        if not settings.quiet:
            click.echo(f"Worker {name} takes requests")
        await ended.wait()
        Thread(target=end_by_force, args=(worker.service,), name="end", daemon=True).start()


def _selector_loop(settings: Settings) -> None:
    """Select an event loop for the client of PostgreSQL, which does not run on the default one of Windows."""
    if sys.platform == "win32" and settings.queue.startswith("postgres"):
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
