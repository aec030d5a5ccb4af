"""How the time of a virtual controller passes.

In the mode Default the CPU scans on a separate thread in real time. In the other modes time is frozen (Freeze), and a
thread moves it from one synchronization point to the next. A caller that asks for the state meanwhile does a single step
itself: a step takes less time than a change of threads. Facts: docs/facts/plcsim-advanced.md#virtual-time; the API's
function manual, "Virtual time response". Unverified: the first synchronization point is before the first cycle.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable

from fake_plcsim.enums import EOperatingMode
from virtual_plc.cpu.clock import Pace
from virtual_plc.cpu.cpu import CpuError, State, SyncPoint, VirtualCpu

log = logging.getLogger(__name__)
DEFAULT_CYCLE_NS = 100_000_000
GRACE = 0.002
"""Seconds that the thread leaves a single step to a caller that asks for the state."""
_POINTS = {
    "C": (SyncPoint.CYCLE,),
    "P": (SyncPoint.PROCESS_IMAGE,),
    "CP": (SyncPoint.CYCLE, SyncPoint.PROCESS_IMAGE),
}
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Timing:
    """Mode, clock and steps of one CPU.

    Attributes:
        mode: How time passes.
        minimal_cycle: Overwritten minimal cycle time in nanoseconds, for the modes with T.
        is_processing: Whether it is on the way to a synchronization point.
    """

    def __init__(self, cpu: VirtualCpu, changed: Callable[[], None]) -> None:
        """Let time pass freely.

        Args:
            cpu: The CPU.
            changed: Called when the state may be another one.
        """
        self.mode = EOperatingMode.Default
        self.minimal_cycle = DEFAULT_CYCLE_NS
        self.is_processing = False
        self._cpu, self._changed = cpu, changed
        self._project_cycle = cpu.cycle
        self._lock = threading.Lock()
        self._span: int | None = None
        self._begun = threading.Event()
        self._ended = False
        self._worker: threading.Thread | None = None

    @property
    def is_controlled(self) -> bool:
        """Whether time passes only on demand."""
        return self.mode is not EOperatingMode.Default

    @property
    def scale(self) -> float:
        """Virtual seconds in a real one."""
        return self._cpu.scale

    def set_scale(self, factor: float) -> None:
        """Change the scale, at any time."""
        self._cpu.scale = factor

    def clock(self) -> dt.datetime:
        """Return the time of the clock."""
        return _EPOCH + dt.timedelta(microseconds=self._cpu.clock.wall // 1000)

    def set_clock(self, moment: dt.datetime) -> None:
        """Set the clock."""
        nanoseconds = (moment - _EPOCH) // dt.timedelta(microseconds=1) * 1000
        if self._cpu.state is State.OFF:
            self._cpu.clock.set_wall(nanoseconds)
            return
        with self._cpu.between_scans():
            self._cpu.clock.set_wall(nanoseconds)

    def set_minimal_cycle(self, nanoseconds: int) -> None:
        """Set the cycle time of the modes with T."""
        self.minimal_cycle = nanoseconds
        self.set_pace()

    def set_mode(self, mode: EOperatingMode) -> None:
        """Let time pass freely, or only from one synchronization point to the next."""
        self.mode = mode
        self.set_pace()
        self.settle()

    def set_pace(self) -> None:
        """Start or stop the scans of the CPU, as the mode requires."""
        self._cpu.cycle = self.minimal_cycle if self.mode.name.endswith("T") else self._project_cycle
        wanted = Pace.CALLER if self.is_controlled else Pace.REAL
        if self._cpu.pace is not wanted:
            self._cpu.pace = wanted

    def settle(self) -> None:
        """Enter Freeze or Run as the mode requires."""
        if not self.is_processing:
            if self.is_controlled and self._cpu.state is State.RUN:
                self._cpu.freeze()
            elif not self.is_controlled and self._cpu.state is State.FREEZE:
                self._cpu.run()
        self._changed()

    def run_to_next_sync_point(self) -> None:
        """Leave Freeze until the next synchronization point; do not wait for it."""
        if self.mode.name.startswith("SingleStep"):
            self._process(0)

    def start_processing(self, nanoseconds: int) -> None:
        """Leave Freeze for at least some virtual time, on a thread."""
        if self.mode.name.startswith("Timespan"):
            self._process(nanoseconds)

    def _process(self, nanoseconds: int) -> None:
        with self._lock:
            if self.is_processing or self._cpu.state is not State.FREEZE:
                return
            self.is_processing, self._span = True, nanoseconds
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="plcsim steps", daemon=True)
                self._worker.start()
            if not self._begun.is_set():
                self._begun.set()

    def end(self) -> None:
        """End the thread that steps; the CPU is off."""
        with self._lock:
            self._ended = True
            self._begun.set()

    def _work(self) -> None:
        while True:
            self._begun.wait()
            self._begun.clear()
            if self._ended:
                return
            if self.is_stepping:
                time.sleep(GRACE)
            self.proceed()

    @property
    def is_stepping(self) -> bool:
        """Whether a single step waits for a thread."""
        return self._span == 0

    def proceed(self) -> None:
        """Do what waits for a thread."""
        with self._lock:
            nanoseconds, self._span = self._span, None
        if nanoseconds is None:
            return
        try:
            self._step_for(nanoseconds)
        except KeyboardInterrupt:
            raise
        except BaseException:
            log.exception("A scan failed because of an error of the simulation")

    def _step_for(self, nanoseconds: int) -> None:
        points = _POINTS[self.mode.name.partition("_")[2].removesuffix("T")]
        try:
            self._cpu.step_for(nanoseconds, *points)
        except CpuError:
            pass  # it went to STOP or was switched off, as its state shows
        finally:
            self.is_processing = False
            self.settle()
