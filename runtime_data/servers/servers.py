"""The part of the service that knows all servers: it keeps their settings, and starts and stops them."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from engineering_api.operations.context import Service
from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from engineering_api.storage.vault import Vault
from openness_bridge.errors import Kind, Problem
from runtime_data.parts import read_part, refuse_unsound
from runtime_data.runtime import Runtime
from runtime_data.secrets import each_secret, keep_secrets
from runtime_data.servers.opcua import settings as opcua  # noqa: F401 - it registers itself
from runtime_data.servers.s7 import kind as s7  # noqa: F401 - it registers itself
from runtime_data.servers.server import KINDS, Server, ServerClient, ServerKind, ServerState, find_kind
from runtime_data.servers.webapi import server as webapi  # noqa: F401 - it registers itself

KIND = "server"


class ServerSettings(msgspec.Struct, rename="camel", frozen=True):
    """Settings of a server as they are kept.

    Attributes:
        enabled: Whether it runs.
        settings: The fields of its kind, with sealed secrets.
    """

    enabled: bool = False
    settings: dict[str, Any] = {}


class ServerReport(msgspec.Struct, frozen=True):
    """How a server is.

    Attributes:
        settings: The fields of its kind, without secrets.
        message: Why it does not run although it is enabled, or why it has no values to show; empty otherwise.
        endpoints: The addresses that clients connect to.
    """

    name: str
    enabled: bool
    state: ServerState
    message: str
    endpoints: list[str]
    settings: dict[str, Any]


class Servers:
    """All servers of the service. On the event loop only."""

    def __init__(self, definitions: RuntimeDefinitions, vault: Vault, service: Service) -> None:
        """Keep their settings among these definitions; nothing listens yet."""
        self._definitions, self._vault, self._service = definitions, vault, service
        self._running: dict[str, Server] = {}
        self._messages: dict[str, str] = {}
        self._changing = asyncio.Lock()
        self._serves = False

    async def start(self, *, alone: bool = True) -> None:
        """Start the servers that are enabled. One that cannot start says why in its report.

        Args:
            alone: Whether no other process works with the data folder; otherwise that one serves.
        """
        self._serves = alone
        async with self._changing:
            for name, kept in (await self._all()).items():
                await self._begin(find_kind(name), kept)

    async def stop(self) -> None:
        """Stop all servers."""
        self._serves = False
        async with self._changing:
            for name in list(self._running):
                await self._end(name)

    async def reports(self) -> list[ServerReport]:
        """Return how all servers are, in the order of their names."""
        kept = await self._all()
        return [await self._report(find_kind(name), kept.get(name, ServerSettings())) for name in sorted(KINDS)]

    async def report(self, name: str) -> ServerReport:
        """Return how a server is.

        Raises:
            Problem: There is no kind of this name.
        """
        kind = find_kind(name)
        return await self._report(kind, (await self._all()).get(name, ServerSettings()))

    async def set(self, name: str, *, enabled: bool, settings: dict[str, Any]) -> ServerReport:
        """Replace the settings of a server; it runs with them from now on, or is off.

        Args:
            name: The kind.
            enabled: Whether it runs.
            settings: The fields of its kind. Empty secrets keep the stored ones.

        Raises:
            Problem: The settings do not fit, or it cannot start with them: then the former ones are kept, and run.
        """
        kind = find_kind(name)
        async with self._changing:
            before = (await self._all()).get(name, ServerSettings())
            form = keep_secrets(_read(kind, settings), await self._open(kind, before))
            refuse_unsound("runtime.server_settings", "/settings", kind.check(form))
            sealed = await asyncio.to_thread(each_secret, form, self._vault.seal)
            kept = ServerSettings(enabled, msgspec.to_builtins(sealed))
            await self._end(name)
            await self._begin(kind, kept)
            if message := self._messages.get(name):
                await self._begin(kind, before)
                raise Problem("runtime.server_failed", message, kind=Kind.CONFLICT)
            await asyncio.to_thread(self._definitions.put, KIND, name, kept)
            return await self._report(kind, kept)

    def clients(self, name: str) -> list[ServerClient]:
        """Return the clients of a server; none where it does not run.

        Raises:
            Problem: There is no kind of this name.
        """
        running = self._running.get(find_kind(name).name)
        return running.clients() if running else []

    def running(self, name: str) -> Server | None:
        """Return a server that runs; None where it does not."""
        return self._running.get(name)

    async def _begin(self, kind: ServerKind, kept: ServerSettings) -> None:
        self._messages.pop(kind.name, None)
        if not (kept.enabled and self._serves):
            return
        try:
            server = kind.make(await self._open(kind, kept), self._service)
            await server.start()
        except Problem as problem:
            self._messages[kind.name] = problem.message
        else:
            self._running[kind.name] = server

    async def _end(self, name: str) -> None:
        if (found := self._running.pop(name, None)) is not None:
            await found.stop()

    async def _open(self, kind: ServerKind, kept: ServerSettings) -> Any:
        return await asyncio.to_thread(each_secret, _read(kind, kept.settings), self._vault.open)

    async def _all(self) -> dict[str, ServerSettings]:
        return await asyncio.to_thread(self._definitions.all, KIND, ServerSettings)

    async def _report(self, kind: ServerKind, kept: ServerSettings) -> ServerReport:
        running, message = self._running.get(kind.name), self._messages.get(kind.name, "")
        state: ServerState = "running" if running else "failed" if message else "off"
        form = _read(kind, kept.settings)
        if running:
            message = await asyncio.to_thread(self._find_gap, form.source)
        endpoints = running.endpoints() if running else []
        shown = msgspec.to_builtins(each_secret(form, lambda _: ""))
        return ServerReport(kind.name, kept.enabled, state, message, endpoints, shown)

    def _find_gap(self, source: str) -> str:
        """Return why a server that runs has no values; empty where its source has."""
        try:
            found = self._service.part(Runtime).sources.find(source)
        except Problem as problem:
            return f"It shows no values. {problem.message}"
        status = found.status()
        return "" if status.state == "connected" else f"It shows no values of '{found.name}'. {status.message}"


def _read(kind: ServerKind, settings: dict[str, Any]) -> Any:
    return read_part(kind.form, settings, "/settings")
