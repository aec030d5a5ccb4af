"""Operating states of a virtual CPU, where a step of it can end, and the error for what its state does not allow."""

from __future__ import annotations

from enum import Enum, StrEnum


class State(Enum):
    """Operating states, with the numbers of PLCSIM Advanced."""

    OFF = 1
    BOOTING = 2
    STOP = 3
    STARTUP = 4
    RUN = 5
    FREEZE = 6
    SHUTTING_DOWN = 7


class SyncPoint(StrEnum):
    """Where a step ends: at the end of a cycle, or when the process image has been exchanged."""

    CYCLE = "C"
    PROCESS_IMAGE = "P"


class CpuError(Exception):
    """A request that the CPU cannot execute in its state.

    Attributes:
        code: `state`, or `empty` for a CPU without a program.
        message: what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        """Keep code and message."""
        super().__init__(message)
        self.code = code
        self.message = message
