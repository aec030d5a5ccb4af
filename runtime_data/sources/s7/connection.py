"""The connection to a CPU: made when it is needed, ended when an answer does not come, and made again with growing pauses."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from engineering_api.extras import Extra
from openness_bridge.errors import Kind, Problem
from runtime_data.absolute import Range
from runtime_data.sources.s7 import requests
from runtime_data.sources.s7.requests import AnswerError, WriteItem

if TYPE_CHECKING:
    from snap7 import Client

LARGEST_MESSAGE = 960
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds until the next attempt to connect: twice as long after each that failed."""
CONNECTION_TYPES = {"pg": 1, "op": 2, "basic": 3}
_STATE_LIST, _ORDER_LIST = 0x0424, 0x0011


class Connection:
    """A connection of python-snap7. Any thread; requests take turns."""

    def __init__(
        self,
        addresses: Callable[[], list[str]],
        port: int,
        rack: int,
        slot: int,
        kind: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep where to connect to; nothing is connected yet.

        Args:
            addresses: Returns the addresses that may be connected to.
            port: TCP port.
            rack: Of the CPU.
            slot: Of the CPU.
            kind: Of the connection: pg, op or basic.
            clock: Gives seconds.
        """
        self._addresses, self._port, self._rack, self._slot, self._kind = addresses, port, rack, slot, kind
        self._clock = clock
        self._client: Client | None = None
        self._reference = 0
        self._pause, self._not_before, self._why = FIRST_PAUSE, 0.0, ""
        self._closed = False
        self.lock = threading.RLock()

    def read(self, ranges: Sequence[Range]) -> list[bytes | int]:
        """Return of each range its bytes, or the code of why there are none. A range that is too long comes in parts.

        Raises:
            Problem: The CPU cannot be reached.
        """
        with self.lock:
            size = self._connected().pdu_length
            parts = [requests.cut(each, requests.room(size)) for each in ranges]
            flat = iter(self._read([one for each in parts for one in each], size))
            return [_joined([next(flat) for _ in each]) for each in parts]

    def _read(self, pieces: Sequence[Range], size: int) -> list[bytes | int]:
        found: list[bytes | int] = []
        for batch in requests.pack(pieces, size):
            number = self._next()
            answer = self._exchange(requests.build_read(number, batch))
            found += self._checked(lambda: requests.parse_read(number, answer, batch))  # noqa: B023 - called at once
        return found

    def write(self, items: Sequence[WriteItem]) -> list[int]:
        """Write values in their order; return the code of each.

        Raises:
            Problem: The CPU cannot be reached; then nobody knows what of the last request was written.
        """
        with self.lock:
            size, found = self._connected().pdu_length, list[int]()
            for batch in requests.pack_writes(items, size):
                number = self._next()
                answer = self._exchange(requests.build_write(number, batch))
                found += self._checked(lambda: requests.parse_write(number, answer, len(batch)))  # noqa: B023 - called at once
            return found

    @property
    def room(self) -> int:
        """The bytes of one value that fit into a request.

        Raises:
            Problem: The CPU cannot be reached.
        """
        with self.lock:
            return requests.room(self._connected().pdu_length)

    def state(self) -> Literal["Run", "Stop", ""]:
        """Return Run or Stop; empty where the CPU does not say it.

        Raises:
            Problem: The CPU cannot be reached.
        """
        content = self.list_(_STATE_LIST)
        match content[7] & 0x0F if len(content) > 7 else 0:
            case 0x08:
                return "Run"
            case 0x04:
                return "Stop"
        return ""

    def order(self) -> tuple[str, str]:
        """Return order number and firmware, such as 2.9.4; empty where the CPU does not say them.

        Raises:
            Problem: The CPU cannot be reached.
        """
        with self.lock:
            found: Any = self._ask(lambda client: client.get_order_code())
        if found is None:
            return "", ""
        version = f"{found.V1}.{found.V2}.{found.V3}"
        return bytes(found.OrderCode).decode("latin-1").strip(), "" if version == "0.0.0" else version

    def list_(self, number: int) -> bytes:
        """Return a list of the system status; empty where the CPU has none.

        Raises:
            Problem: The CPU cannot be reached.
        """
        with self.lock:
            found: Any = self._ask(lambda client: client.read_szl(number))
        return b"" if found is None else bytes(each & 0xFF for each in found.Data[: found.Header.LengthDR])

    def close(self) -> None:
        """End the connection, for good."""
        with self.lock:
            self._closed, self._why = True, "It was ended here."
            self._end()

    def disconnect(self) -> None:
        """End the connection; the next request makes another one."""
        with self.lock:
            self._end()
            self._pause, self._not_before = FIRST_PAUSE, 0.0

    def _ask(self, call: Callable[[Client], Any]) -> Any:
        """Return what a CPU answers; None where it refuses. A connection that fails ends."""
        with Extra("s7"):
            from snap7.error import S7ConnectionError, S7Error, S7TimeoutError
        client = self._connected()
        try:
            return call(client)
        except (S7ConnectionError, S7TimeoutError, OSError) as error:
            raise self._lost(str(error)) from None
        except (S7Error, RuntimeError, ValueError):
            return None

    def _exchange(self, request: bytes) -> bytes:
        with Extra("s7"):
            from snap7.error import S7Error
        client = self._connected()
        try:
            return bytes(client.iso_exchange_buffer(bytearray(request)))
        except (S7Error, OSError, ValueError) as error:
            raise self._lost(str(error)) from None

    def _checked(self, parse: Callable[[], Any]) -> Any:
        try:
            return parse()
        except AnswerError as error:
            raise self._lost(str(error)) from None

    def _next(self) -> int:
        self._reference = self._reference % 0xFFFF + 1
        return self._reference

    def _connected(self) -> Client:
        """Return the client, connected.

        Raises:
            Problem: It cannot be, or is not tried again yet.
        """
        if self._client is not None:
            return self._client
        if self._closed or self._clock() < self._not_before:
            raise self._unreachable()
        with Extra("s7"):
            from snap7 import Client
            from snap7.error import S7Error
        try:
            addresses = [each for each in self._addresses() if ":" not in each]
        except OSError as error:
            raise self._failed(f"its name has no address ({error.strerror or error})") from None
        why = "it has no IPv4 address, which the S7 protocol needs"
        for address in addresses:
            client = Client()
            client.connection_type, client.pdu_length = CONNECTION_TYPES[self._kind], LARGEST_MESSAGE
            try:
                client.connect(address, self._rack, self._slot, self._port)
            except (S7Error, OSError, ValueError) as error:
                why = str(error)
                continue
            self._client, self._pause, self._not_before, self._why = client, FIRST_PAUSE, 0.0, ""
            return client
        raise self._failed(why)

    def _lost(self, why: str) -> Problem:
        self._end()
        return self._failed(why)

    def _failed(self, why: str) -> Problem:
        self._why, self._not_before = why, self._clock() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        return self._unreachable()

    def _unreachable(self) -> Problem:
        msg = f"The CPU does not answer: {self._why.rstrip('.')}. Is PUT/GET communication allowed, and are rack and slot right?"
        return Problem("s7.unreachable", msg, kind=Kind.UNAVAILABLE)

    def _end(self) -> None:
        if self._client is not None:
            self._client.disconnect()
            self._client = None


def _joined(parts: Sequence[bytes | int]) -> bytes | int:
    """Return the bytes of parts, or the first code among them."""
    code = next((each for each in parts if isinstance(each, int)), None)
    return code if code is not None else b"".join(each for each in parts if isinstance(each, bytes))
