"""What the hardware configuration of a CPU sets: cycle, interrupts, clock, retentive areas.

The export of a block has nothing of it, so it is given here; the defaults are those of TIA Portal, as far as known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from virtual_plc.cpu.clock import FIRST_MOMENT, MILLISECOND
from virtual_plc.cpu.system_memory import SystemMemory
from virtual_plc.cpu.time_of_day import Period
from virtual_plc.memory.memory import Retention


@dataclass(frozen=True, slots=True)
class Cyclic:
    """When a cyclic interrupt comes: period and phase in nanoseconds."""

    period: int = 100 * MILLISECOND
    phase: int = 0


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """When a time-of-day interrupt comes.

    Attributes:
        start: first moment, nanoseconds since 1970.
        period: how often.
        local: whether the moment is one of the CPU's time zone, else UTC.
    """

    start: int
    period: Period
    local: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a CPU.

    Attributes:
        max_cycle: monitoring time of a scan in nanoseconds.
        step_time: how long one loop turn or call counts for the monitoring time, in nanoseconds.
        patience: seconds of the real clock after which a scan is given up, at any virtual time.
        cyclic: cyclic interrupts by the number of the OB; another one comes every 100 ms.
        time_of_day: time-of-day interrupts by the number of the OB.
        hardware: number of the hardware event and of the OB that it starts.
        system_memory: clock and system memory bytes, None to go by the tags of the program.
        retention: retentive markers, timers and counters.
        moment: what the clock shows at first, nanoseconds since 1970 (UTC).
        zone: time zone of the CPU.
        run_at_power_on: go to RUN at power on; None for as it was at power off.
    """

    max_cycle: int = 150 * MILLISECOND
    step_time: int = 100
    patience: float = 5.0
    cyclic: Mapping[int, Cyclic] = field(default_factory=dict)
    time_of_day: Mapping[int, TimeOfDay] = field(default_factory=dict)
    hardware: Mapping[int, int] = field(default_factory=dict)
    system_memory: SystemMemory | None = None
    retention: Retention = field(default_factory=Retention)
    moment: int = FIRST_MOMENT
    zone: tzinfo = UTC
    run_at_power_on: bool | None = None
