"""Sockets that never wait: TCP connections, the listeners behind them, and UDP ports, on loopback addresses."""

from __future__ import annotations

import errno
import socket
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Final

LOOPBACK: Final = "127.0.0.1"
MOST_RECEIVED: Final = 1 << 20
"""Bytes that are kept for a program that does not receive them."""
_CHUNK: Final = 65_536
_PENDING: Final = (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY, errno.EINTR, 10035)

Endpoint = tuple[str, int]


class State(Enum):
    """State of a connection."""

    CONNECTING = "connecting"
    WAITING = "waiting"
    OPEN = "open"
    FAILED = "failed"
    CLOSED = "closed"


class Listener:
    """A local port that accepts connections.

    Attributes:
        port: the port of this computer.
    """

    def __init__(self, port: int) -> None:
        """Listen on the loopback address.

        Raises:
            OSError: the port is not free, or not allowed.
        """
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((LOOPBACK, port))
            self._socket.listen(8)
            self._socket.setblocking(False)
        except OSError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]

    def accept(self) -> tuple[socket.socket, Endpoint] | None:
        """Return a connection that a partner has made, None without one."""
        try:
            made, (address, port) = self._socket.accept()
        except OSError:
            return None
        made.setblocking(False)
        return made, (address, port)

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


class Connection:
    """A TCP connection, or the wait for one.

    Attributes:
        state: its state, as `advance` has found it last.
        listener: where it waits for its partner, None for an active connection.
        partner: address and port of the partner, empty before.
        received: bytes that the program has not taken yet.
        messages: the same for UDP: sender and content of each datagram.
        sent_bytes: how many bytes were given to the computer's network.
        received_bytes: how many bytes have come.
    """

    def __init__(self, made: socket.socket | None, state: State) -> None:
        """Keep a socket."""
        self.state = state
        self.listener: Listener | None = None
        self.partner: Endpoint = ("", 0)
        self.received = bytearray()
        self.messages: deque[tuple[Endpoint, bytes]] = deque()
        self.sent_bytes = self.received_bytes = 0
        self._socket = made
        self._accepts: Callable[[Endpoint], bool] = lambda _: True
        self._outgoing = bytearray()

    @classmethod
    def to(cls, place: Endpoint) -> Connection:
        """Begin an active connection to a loopback address."""
        found = cls(None, State.CONNECTING)
        found.partner = place
        found._connect()
        return found

    @classmethod
    def waiting(cls, listener: Listener, accepts: Callable[[Endpoint], bool]) -> Connection:
        """Wait for a partner that is accepted."""
        found = cls(None, State.WAITING)
        found.listener, found._accepts = listener, accepts
        return found

    @property
    def is_sent(self) -> bool:
        """Whether everything was given to the computer's network."""
        return not self._outgoing

    def advance(self) -> None:
        """Do what is possible now, without waiting: accept, finish connecting, send, receive."""
        if self.state is State.WAITING:
            self._accept()
        if self.state is State.CONNECTING:
            self._finish_connecting()
        if self.state is State.OPEN:
            self._flush()
        if self.state is State.OPEN:
            self._receive()

    def send(self, content: bytes) -> None:
        """Send bytes, now or as soon as the partner takes them."""
        self._outgoing += content
        self.advance()

    def take(self, count: int) -> bytes:
        """Return bytes that have come, at most as many as wanted, and delete them."""
        found = bytes(self.received[:count])
        del self.received[:count]
        return found

    def connect_again(self) -> None:
        """End the exchange of data: wait for the next partner, or connect to the same one again."""
        self.received.clear()
        if self.listener is not None:
            self._end(State.WAITING)
        elif self.state is not State.CLOSED or self.partner[1]:
            self._end(State.CONNECTING)
            self._connect()

    def fail(self) -> None:
        """End without a connection."""
        self._end(State.FAILED)

    def close(self) -> None:
        """End the connection; what is still to be sent is lost."""
        self._end(State.CLOSED)

    def _connect(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        code = self._socket.connect_ex(self.partner)
        if code not in (0, errno.EISCONN, *_PENDING):
            self.fail()

    def _end(self, state: State) -> None:
        self.state = state
        self._outgoing.clear()
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _accept(self) -> None:
        found = self.listener.accept() if self.listener is not None else None
        if found is None:
            return
        made, partner = found
        if not self._accepts(partner):
            made.close()
            return
        self._socket, self.partner, self.state = made, partner, State.OPEN
        self.received.clear()

    def _finish_connecting(self) -> None:
        if self._socket is None:
            return
        code = self._socket.connect_ex(self.partner)
        if code in (0, errno.EISCONN, 10056):
            self.state = State.OPEN
        elif code not in _PENDING:
            self.fail()

    def _flush(self) -> None:
        while self._outgoing and self._socket is not None:
            try:
                count = self._socket.send(self._outgoing[:_CHUNK])
            except BlockingIOError:
                return
            except OSError:
                self.fail()
                return
            del self._outgoing[:count]
            self.sent_bytes += count

    def _receive(self) -> None:
        while self._socket is not None and len(self.received) < MOST_RECEIVED:
            try:
                content = self._socket.recv(_CHUNK)
            except BlockingIOError:
                return
            except OSError:
                content = b""
            if not content:
                self._end(State.CLOSED)
                return
            self.received += content
            self.received_bytes += len(content)


class Udp(Connection):
    """A local UDP port."""

    def __init__(self, port: int) -> None:
        """Bind a loopback port.

        Raises:
            OSError: the port is not free.
        """
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            made.bind((LOOPBACK, port))
        except OSError:
            made.close()
            raise
        made.setblocking(False)
        super().__init__(made, State.OPEN)
        self.port: int = made.getsockname()[1]

    def connect_again(self) -> None:
        """Delete the datagrams that have come; the port stays open."""
        self.messages.clear()

    def send_to(self, place: Endpoint, content: bytes) -> bool:
        """Send one datagram to a loopback address; return whether the computer took it."""
        if self._socket is None:
            return False
        try:
            self.sent_bytes += self._socket.sendto(content, place)
        except OSError:
            return False
        return True

    def _receive(self) -> None:
        while self._socket is not None and sum(len(each) for _, each in self.messages) < MOST_RECEIVED:
            try:
                content, (address, port) = self._socket.recvfrom(_CHUNK)
            except OSError:
                return
            self.messages.append(((address, port), content))
            self.received_bytes += len(content)
