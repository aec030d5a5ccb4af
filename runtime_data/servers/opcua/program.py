"""Keeps the nodes of the OPC UA server like the program of its source: they are made again after a download."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from openness_bridge.errors import Problem
from runtime_data.accessibility import Accessibility, read_accessibility
from runtime_data.feeds import Feeds
from runtime_data.history.history import History
from runtime_data.servers.opcua.address_space import Nodes
from runtime_data.servers.opcua.home import Home
from runtime_data.servers.opcua.nodes import Entry, entries
from runtime_data.sources.simulated import SimulatedSource
from runtime_data.sources.source import Versioned
from runtime_data.values import TagInfo

if TYPE_CHECKING:
    from runtime_data.sources.source import Source

LOOK_AGAIN = 30.0
"""Seconds after which the tags of a source that does not say when they change are compared."""
DEEPEST = 64
"""Levels of structures."""


class Program:
    """The tags of the source that the server shows. In the server's event loop only."""

    def __init__(self, home: Home, nodes: Nodes) -> None:
        """Show them as these nodes."""
        self._home, self._nodes = home, nodes
        self._version: tuple[str, int] | None = None
        self._infos: list[TagInfo] = []
        self._looked = 0.0

    async def follow(self) -> None:
        """Make the nodes again where the source has other tags now. Those of a source that is away stay as they are."""
        try:
            found = await asyncio.to_thread(self._look)
        except Problem:  # the source is off, or not there yet
            return
        if found is not None:
            name, made = found
            logged = await self._home.ask(self._home.service.part(History).series())
            await self._nodes.replace(name, made, [each.tag for each in logged])

    async def compare(self) -> None:
        """Show whether the CPU of the source executes the program of the open project."""
        if self._version is not None:
            name = self._version[0]
            found = await self._home.ask(self._home.service.part(Feeds).programs([name]))
            await self._nodes.show_program(found[name])

    def _look(self) -> tuple[str, list[Entry]] | None:
        """Return the name and the nodes of the source where they are others now. In a worker thread.

        Raises:
            Problem: The source is not there.
        """
        source: Source = self._home.runtime.sources.find(self._home.settings.source)
        version = source.version() if isinstance(source, Versioned) else -1
        if version >= 0 and (source.name, version) == self._version:
            return None
        if version < 0 and self._infos and time.monotonic() < self._looked + LOOK_AGAIN:
            return None
        self._looked = time.monotonic()
        infos = source.browse("", DEEPEST)
        same = infos == self._infos and self._version is not None and self._version[0] == source.name
        self._version, self._infos = (source.name, version), infos
        if same:
            return None
        allowed = Accessibility()
        if isinstance(source, SimulatedSource) and self._home.settings.access == "program":
            allowed = read_accessibility(self._home.service.portals, source.instance)
        return source.name, entries(allowed.apply(infos), allowed.is_instance)
