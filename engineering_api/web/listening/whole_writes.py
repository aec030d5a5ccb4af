"""Sends what is written in one turn of the event loop with one call of the system: the head of an answer and its body.

uvicorn writes both separately, and each call costs as much as the rest of a small answer.
"""

from __future__ import annotations

import asyncio
from typing import Any

LARGE = 1 << 16
"""Bytes from which data are written at once, because joining them would cost more than a call."""


class WholeWrites:
    """A transport; all that it does not do itself is done by the one inside it."""

    __slots__ = ("_inner", "_loop", "_waiting")

    def __init__(self, inner: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Write to this transport."""
        self._inner, self._loop = inner, loop
        self._waiting: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the transport inside."""
        return getattr(self._inner, name)

    def write(self, data: bytes) -> None:
        """Write data at the end of this turn of the event loop, at the latest."""
        if len(data) >= LARGE:
            self.flush()
            self._inner.write(data)
            return
        if not self._waiting:
            self._loop.call_soon(self.flush)
        self._waiting.append(data)

    def flush(self) -> None:
        """Write what waits."""
        if self._waiting:
            data = b"".join(self._waiting)
            self._waiting.clear()
            self._inner.write(data)

    def write_eof(self) -> None:
        """Write what waits, and the end of the data."""
        self.flush()
        self._inner.write_eof()

    def close(self) -> None:
        """Write what waits, and close the transport."""
        self.flush()
        self._inner.close()

    def abort(self) -> None:
        """Close the transport without what waits."""
        self._waiting.clear()
        self._inner.abort()
