"""How long the event loop of a server does not come to the next thing: measured inside the server, told in a file.

A heartbeat on the loop says how late it is by the clock, which counts what else the machine does, and how much the loop's own
thread computed meanwhile, which counts only what the service holds it up with. A second thread looks what the loop is doing
when a beat is overdue.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import traceback
from pathlib import Path

import msgspec

BEAT = 0.005
LONG = 0.05
"""Seconds from which the loop counts as blocked."""


class Lag(msgspec.Struct):
    """What was measured.

    Attributes:
        worst: The latest beat, in seconds by the clock.
        worst_own: The most that the loop computed between two beats, in seconds.
        late: Beats that were late for longer than LONG by the clock.
        blocked: Beats between which the loop computed for longer than LONG.
        seen: What the loop was doing when a beat was overdue, and how often.
    """

    beats: int = 0
    worst: float = 0.0
    worst_own: float = 0.0
    late: int = 0
    blocked: int = 0
    seen: dict[str, int] = {}


class Monitor:
    """Measures the loop that it is started on."""

    def __init__(self, file: Path) -> None:
        """Tell in this file, every second."""
        self._file, self._lag = file, Lag()
        self._beat = time.monotonic()

    async def run(self) -> None:
        """Beat until cancelled."""
        threading.Thread(target=self._look, args=(threading.get_ident(),), daemon=True).start()
        written = own = 0.0
        while True:
            begin, own = time.monotonic(), time.thread_time()
            self._beat = begin
            await asyncio.sleep(BEAT)
            late, own = time.monotonic() - begin - BEAT, time.thread_time() - own
            lag = self._lag
            lag.beats += 1
            lag.worst, lag.worst_own = max(lag.worst, late), max(lag.worst_own, own)
            lag.late += late > LONG
            lag.blocked += own > LONG
            if begin - written > 1:
                written = begin
                self._file.write_bytes(msgspec.json.encode(lag))

    def _look(self, thread: int) -> None:
        while True:
            time.sleep(LONG / 4)
            if time.monotonic() - self._beat > LONG / 2 and (frame := sys._current_frames().get(thread)):
                places = [
                    f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in traceback.extract_stack(frame)
                ]
                place = " < ".join(reversed(places[-6:]))
                if len(self._lag.seen) < 200:
                    self._lag.seen[place] = self._lag.seen.get(place, 0) + 1


def read(file: Path) -> Lag:
    """What a monitor told last."""
    return msgspec.json.decode(file.read_bytes(), type=Lag)
