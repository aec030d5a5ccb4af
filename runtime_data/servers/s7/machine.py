"""What a session needs of the PLC behind it: so the protocol is tested without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from runtime_data.servers.s7.messages import Code, Item
from runtime_data.values import Scalar

CpuState = Literal["run", "stop", "unknown"]
__all__ = ["CpuIdentity", "CpuState", "Machine", "Scalar"]


@dataclass(frozen=True, slots=True)
class CpuIdentity:
    """Who a CPU is, for lists of the system status.

    Attributes:
        name: Of the PLC.
        module: Such as CPU 1511-1 PN.
        order: Its order number; empty where it is not known.
        version: Its firmware, three numbers.
        blocks: Numbers of its blocks by kind.
    """

    name: str
    module: str = ""
    order: str = ""
    version: tuple[int, int, int] = (0, 0, 0)
    blocks: dict[str, list[int]] = field(default_factory=dict)


class Machine(Protocol):
    """A PLC. Its methods may wait for the end of a scan; none raises."""

    def read(self, items: Sequence[Item]) -> list[bytes | Code]:
        """Return the bytes of items of one moment; of a bit one byte, 0 or 1."""

    def write(self, items: Sequence[tuple[Item, bytes]], client: str) -> list[Code]:
        """Write items between two scans; return what became of each."""

    def state(self) -> CpuState:
        """Return the operating state."""

    def identity(self) -> CpuIdentity:
        """Return who the CPU is."""

    def clock(self) -> tuple[int, int, int, int, int, int, int]:
        """Return its clock: year, month, day, hour, minute, second, millisecond."""

    def start(self, client: str) -> Code:
        """Start the CPU."""

    def stop(self, client: str) -> Code:
        """Stop the CPU."""
