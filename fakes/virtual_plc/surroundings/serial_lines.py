"""Serial lines of communication modules: bytes in both directions between the program and a test.

A line is a pair of byte queues in memory. A test, or a bridge to a real port that a user writes, plays the partner.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class SerialLine:
    """One line.

    Attributes:
        configured: baud rate and parity (0 none, 1 odd, 2 even) that the program has set, None before.
    """

    configured: tuple[int, int] | None = None
    _to_cpu: bytearray = field(default_factory=bytearray)
    _from_cpu: bytearray = field(default_factory=bytearray)
    _lock: Lock = field(default_factory=Lock)

    def put(self, content: bytes) -> None:
        """Send bytes to the CPU, as the partner does."""
        with self._lock:
            self._to_cpu += content

    def take(self) -> bytes:
        """Return the bytes that the CPU has sent, and delete them."""
        with self._lock:
            found = bytes(self._from_cpu)
            self._from_cpu.clear()
            return found

    def send(self, content: bytes) -> None:
        """Send bytes to the partner, as the CPU does."""
        with self._lock:
            self._from_cpu += content

    def receive(self) -> bytes:
        """Return the bytes that the partner has sent, and delete them."""
        with self._lock:
            found = bytes(self._to_cpu)
            self._to_cpu.clear()
            return found

    def clear(self) -> None:
        """Delete all bytes, and the configuration."""
        with self._lock:
            self._to_cpu.clear()
            self._from_cpu.clear()
        self.configured = None


class SerialLines:
    """The lines by the hardware identifier of their port.

    Attributes:
        users: port and longest time of an answer in milliseconds, by the identity of the instance that uses them.
    """

    def __init__(self) -> None:
        """Begin without a line."""
        self._lines: dict[int, SerialLine] = {}
        self.users: dict[int, tuple[int, int]] = {}

    def add(self, port: int) -> SerialLine:
        """Return the line of a port; it exists from now on."""
        return self._lines.setdefault(port, SerialLine())

    def find(self, port: int) -> SerialLine | None:
        """Return the line of a port, None without one."""
        return self._lines.get(port)

    def clear(self) -> None:
        """Delete all bytes and configurations, as a STOP does."""
        for each in self._lines.values():
            each.clear()
        self.users.clear()
