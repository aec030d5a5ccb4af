"""Virtual time: how it passes, and what the clock of the CPU shows.

`now` counts nanoseconds since power on and moves only when the CPU moves it, so a program sees the same time during a
whole scan, later only by what it waits (WAIT). The clock of the CPU is `now` and an offset, which setting the clock
changes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

MICROSECOND = 1_000
MILLISECOND = 1_000_000
SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

FIRST_MOMENT = 1_735_689_600 * SECOND
"""What the clock shows at first, 1 January 2025, so that a run can be repeated to the letter."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OFFSET_HOLDS = 15 * MINUTE
"""Changes to and from summer time happen at multiples of this."""


class Pace(StrEnum):
    """Who moves the time of a CPU.

    `CALLER`: `run_cycles` and `run_for` on the caller's thread. `REAL`: its own thread, in real time times a factor.
    `FREE`: its own thread, as fast as possible.
    """

    CALLER = "caller"
    REAL = "real"
    FREE = "free"


class Clock:
    """The time of a CPU.

    Attributes:
        now: nanoseconds since power on.
    """

    def __init__(self, moment: int = FIRST_MOMENT, zone: tzinfo = UTC) -> None:
        """Start.

        Args:
            moment: what the clock shows, nanoseconds since 1970 (UTC).
            zone: time zone of the CPU.
        """
        self.now = 0
        self._offset = moment
        self._zone = zone
        self._local: tuple[int, int] = (-1, 0)

    @property
    def wall(self) -> int:
        """Nanoseconds since 1970, UTC."""
        return self.now + self._offset

    def set_wall(self, moment: int) -> None:
        """Set the clock to a moment in nanoseconds since 1970, UTC; virtual time continues as before."""
        self._offset = moment - self.now

    def restart(self) -> None:
        """Count virtual time from zero again; the clock continues."""
        self._offset += self.now
        self.now = 0

    def local(self, moment: int) -> int:
        """Return what a clock in the CPU's time zone shows at a moment (both nanoseconds since 1970)."""
        slot = moment // _OFFSET_HOLDS
        if self._local[0] != slot:
            shown = _EPOCH + timedelta(seconds=moment // SECOND)
            offset = shown.astimezone(self._zone).utcoffset() or timedelta()
            self._local = (slot, round(offset.total_seconds()) * SECOND)
        return moment + self._local[1]

    def set_zone(self, zone: tzinfo) -> None:
        """Show the local time of another time zone from now on."""
        self._zone = zone
        self._local = (-1, 0)

    def is_summer(self, moment: int) -> bool:
        """Return whether daylight saving time applies at a moment in nanoseconds since 1970, UTC."""
        shown = (_EPOCH + timedelta(seconds=moment // SECOND)).astimezone(self._zone)
        return bool(shown.dst())

    def from_local(self, shown: int, *, later: bool = False) -> int:
        """Return the moment at which a clock in the CPU's time zone shows this.

        Args:
            shown: nanoseconds since 1970 as shown.
            later: the later moment where there are two, at the end of summer time.
        """
        naive = (_EPOCH + timedelta(seconds=shown // SECOND)).replace(tzinfo=self._zone, fold=int(later))
        offset = naive.utcoffset() or timedelta()
        return shown - round(offset.total_seconds()) * SECOND
