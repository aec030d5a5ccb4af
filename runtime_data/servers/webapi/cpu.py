"""The CPU that the server shows: its operating state, its time and its diagnostic buffer."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from typing import Any, cast

from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service
from openness_bridge.plcsim import instances
from openness_bridge.plcsim.runtime import Simulation
from runtime_data.runtime import Runtime
from runtime_data.servers.webapi.refusals import Refused
from runtime_data.sources.simulated import SimulatedSource
from runtime_data.sources.source import Source
from runtime_data.webapi import codes

CHANGE = "runtime_servers.change_operating_mode"
INSIGHT = "SimulationInsight"
"""The type that only simulated controllers of the service have; PLCSIM Advanced shows no diagnostic buffer."""
LARGEST_BUFFER = 3200
_MODES = {"Run": "run", "Stop": "stop", "Startup": "startup", "Booting": "startup", "Freeze": "hold"}


class Cpu:
    """A CPU. From worker threads, except where said otherwise.

    Attributes:
        ping: The answer to Api.Ping, another one after each start.
    """

    def __init__(self, service: Service, source: str) -> None:
        """Show the CPU of this source."""
        self._service, self._source = service, source
        self.ping = secrets.token_hex(14)

    def missing(self) -> set[str]:
        """Return the methods that this source does not have."""
        source = self._find()
        if not isinstance(source, SimulatedSource):
            return {"Plc.RequestChangeOperatingMode", "DiagnosticBuffer.Browse"}
        return set() if self._simulation.model.has(INSIGHT) else {"DiagnosticBuffer.Browse"}

    def mode(self) -> str:
        """Return the operating state in the words of the Web API. What is no CPU is in RUN."""
        status = self._find().status()
        if not status.operating_state:
            return "run" if status.state == "connected" else "unknown"
        return _MODES.get(status.operating_state, "unknown")

    async def change_mode(self, caller: Caller, *, run: bool) -> bool:
        """Start or stop the CPU, and note that. On the event loop.

        Raises:
            Refused: There is nothing to start and stop.
            Problem: It refuses.
        """
        source = await asyncio.to_thread(self._find)
        if not isinstance(source, SimulatedSource):
            raise Refused(codes.NO_METHOD)
        change = instances.run if run else instances.stop
        await asyncio.to_thread(change, self._simulation, source.instance)
        await self._service.audit.event(
            CHANGE, "ok", caller.name, caller.address, source=source.name, mode="run" if run else "stop"
        )
        return True

    def time(self) -> str:
        """Return the present moment. On any thread."""
        return iso(int(dt.datetime.now(dt.UTC).timestamp() * 1e9))

    def type(self) -> dict[str, str]:
        """Return what kind of CPU it is."""
        source = self._find()
        if not isinstance(source, SimulatedSource):
            return {"product_name": "Open engineering API for SIMATIC PLCs", "order_number": ""}
        handle = self._simulation.handle(source.instance)
        with handle.look() as api:
            designation = str(api.ControllerShortDesignation or "")
        return {"product_name": designation or "CPU 1500 (simulated)", "order_number": ""}

    def diagnostics(self, language: str, count: int) -> dict[str, Any]:
        """Return the newest entries of the diagnostic buffer; their texts are English.

        Raises:
            Refused: The source has none.
        """
        source = self._find()
        if not isinstance(source, SimulatedSource) or not self._simulation.model.has(INSIGHT):
            raise Refused(codes.NO_METHOD)
        handle = self._simulation.handle(source.instance)
        with handle.use() as api:
            found = list(cast("Any", handle.model).SimulationInsight.Diagnostics(api))
        return {
            "entries": [_entry(each) for each in found[:count]],
            "last_modified": iso(found[0].moment) if found else iso(0),
            "count_current": len(found),
            "count_max": LARGEST_BUFFER,
            "language": language,
        }

    @property
    def _simulation(self) -> Simulation:
        return self._service.simulation

    def _find(self) -> Source:
        return self._service.part(Runtime).sources.find(self._source)


def iso(nanoseconds: int) -> str:
    """Return a moment as a CPU writes it: in UTC, with nanoseconds."""
    seconds, rest = divmod(nanoseconds, 10**9)
    return f"{dt.datetime.fromtimestamp(seconds, dt.UTC):%Y-%m-%dT%H:%M:%S}.{rest:09}Z"


def _entry(found: Any) -> dict[str, Any]:
    place = f" ({found.place})" if found.place else ""
    return {
        "timestamp": iso(found.moment),
        "status": "incoming",
        "short_text": found.text,
        "long_text": f"{found.text}{place}",
        "help_text": "",
        "event": {"textlist_id": found.event >> 16, "text_id": found.event & 0xFFFF},
    }
