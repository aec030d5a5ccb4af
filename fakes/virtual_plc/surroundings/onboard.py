"""High-speed counters and pulse generators of an S7-1200, by hardware identifier.

The count is in the input double word of the counter, where a test writes it (`%ID1000:P`). Facts:
docs/facts/communication.md#counters-and-pulses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

FIRST_COUNTER, COUNTERS, FIRST_COUNT = 257, 6, 1000
FIRST_PULSE, PULSES = 265, 4
_COUNT_BYTES: Final = 4


@dataclass(slots=True)
class Counter:
    """A high-speed counter.

    Attributes:
        address: first input byte of its count.
        enabled: whether the hardware configuration enables it.
        direction: 1 up, -1 down.
        reference: value that the count is compared with.
        period: milliseconds over which a frequency or a period is measured.
        measuring: whether the program lets it measure a period.
        elapsed: nanoseconds between the last edges of two intervals, as a test sets them.
        edges: edges in the last interval, as a test sets them.
    """

    address: int
    enabled: bool = True
    direction: int = 1
    reference: int = 0
    period: int = 10
    measuring: bool = False
    elapsed: int = 0
    edges: int = 0


@dataclass(slots=True)
class Pulse:
    """A pulse generator; its pulse width is in an output word.

    Attributes:
        configured: whether the hardware configuration enables it.
        enabled: whether the program lets it generate pulses.
    """

    configured: bool = True
    enabled: bool = False


def _counters() -> dict[int, Counter]:
    return {FIRST_COUNTER + each: Counter(FIRST_COUNT + _COUNT_BYTES * each) for each in range(COUNTERS)}


@dataclass(slots=True)
class Onboard:
    """What the CPU has itself.

    Attributes:
        counters: high-speed counters by hardware identifier.
        pulses: pulse generators by hardware identifier.
    """

    counters: dict[int, Counter] = field(default_factory=_counters)
    pulses: dict[int, Pulse] = field(default_factory=lambda: {FIRST_PULSE + each: Pulse() for each in range(PULSES)})

    def stop(self) -> None:
        """Switch all pulses off, as a STOP does."""
        for each in self.pulses.values():
            each.enabled = False
