"""The CPU behind a source: its operating state, start and stop, its diagnostic buffer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from openness_bridge.errors import Kind, Problem
from openness_bridge.plcsim.runtime import OperatingState
from runtime_data.sources.source import DiagnosticEntry, Diagnostics
from runtime_data.sources.webapi.client import WebApiClient
from runtime_data.sources.webapi.connection import WebApiConnection

PATIENCE = 10.0
"""Seconds in which a CPU has reached the operating state that was asked for."""
LOOK_AGAIN = 0.2
_STATES: dict[Any, OperatingState] = {
    "stop": "Stop",
    "stop_fwupdate": "Stop",
    "startup": "Startup",
    "run": "Run",
    "run_redundant": "Run",
    "run_syncup": "Run",
    "syncup": "Startup",
    "hold": "Freeze",
}


def state_of(mode: Any) -> OperatingState:
    """Return an operating state of the Web API as the service calls it; InvalidOperatingState for any other answer."""
    return _STATES.get(mode, "InvalidOperatingState") if isinstance(mode, str) else "InvalidOperatingState"


class WebApiCpu:
    """What is asked of a CPU besides its tags. Any thread but the event loop's."""

    def __init__(
        self, connection: WebApiConnection, client: WebApiClient, pause: Callable[[float], None] = time.sleep
    ) -> None:
        """Ask this client; `pause` waits so many seconds."""
        self._connection, self._client, self._pause = connection, client, pause

    def state(self) -> OperatingState:
        """Return the operating state.

        Raises:
            Problem: The CPU cannot be reached, or does not say it.
        """
        return state_of(self._client.call("Plc.ReadOperatingMode"))

    def change_state(self, *, run: bool) -> OperatingState:
        """Start or stop the CPU; return the state that it has then.

        Raises:
            Problem: The settings of the source do not allow it, the CPU refuses it, or it does not get there
                (runtime.state_not_reached).
        """
        if not self._connection.start_stop:
            msg = "The source does not start or stop its CPU: an administrator sets startStop in its connection."
            raise Problem("runtime.start_stop_off", msg, kind=Kind.FORBIDDEN)
        wanted: OperatingState = "Run" if run else "Stop"
        self._client.order("Plc.RequestChangeOperatingMode", mode="run" if run else "stop")
        found = self.state()
        for _ in range(int(PATIENCE / LOOK_AGAIN)):
            if found == wanted:
                return found
            self._pause(LOOK_AGAIN)
            found = self.state()
        msg = f"The CPU accepted the request, but is in {found} after {PATIENCE:g} s: see its diagnostic buffer."
        raise Problem("runtime.state_not_reached", msg, kind=Kind.CONFLICT)

    def order_number(self) -> str:
        """Return the order number; empty where the firmware does not say it.

        Raises:
            Problem: The CPU cannot be reached, or refuses it.
        """
        if not self._client.offers("Plc.ReadCpuType"):
            return ""
        found = self._client.call("Plc.ReadCpuType")
        return str(found.get("order_number", ""))[:40] if isinstance(found, dict) else ""

    def read_diagnostics(self, count: int, language: str) -> Diagnostics:
        """Return the newest entries of the diagnostic buffer.

        Raises:
            Problem: The CPU cannot be reached, refuses it, or its firmware does not offer it.
        """
        found = self._client.call("DiagnosticBuffer.Browse", language=language, count=count)
        entries = found.get("entries") if isinstance(found, dict) else None
        if not isinstance(entries, list):
            raise Problem("runtime.bad_answer", "The CPU's answer is not a diagnostic buffer.", kind=Kind.BAD_ANSWER)
        total = found.get("count_current")
        return Diagnostics(
            entries=[_entry(each) for each in entries[:count] if isinstance(each, dict)],
            count=total if type(total) is int else len(entries),
        )


def _entry(found: dict[str, Any]) -> DiagnosticEntry:
    event = found.get("event")
    textlist, number = (event.get("textlist_id"), event.get("text_id")) if isinstance(event, dict) else (None, None)
    is_known = type(textlist) is int and type(number) is int
    return DiagnosticEntry(
        time=str(found.get("timestamp", ""))[:40],
        text=str(found.get("short_text", ""))[:2000],
        long_text=str(found.get("long_text", ""))[:8000],
        help_text=str(found.get("help_text", ""))[:8000],
        incoming=found.get("status") == "incoming",
        event=f"16#{textlist:02X}:{number:04X}" if is_known else "",
    )
