"""The network of a CPU: connections by their ID, over sockets that never leave the computer.

An address of the program is reached only if it is a loopback address, or if the user maps it to one (`routes`). A CPU
listens on 127.0.0.1 only; `ports` maps a local port of the program to another one of the computer. No call waits: each
connection is looked after when an instruction of the program uses it. Facts:
docs/facts/communication.md#connections.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from ipaddress import AddressValueError, IPv4Address

from virtual_plc.surroundings.connections import LOOPBACK, Connection, Endpoint, Listener, State, Udp

MOST_CONNECTIONS = 64
"""Connections that a CPU has at the same time."""


class Network:
    """The connections of one CPU.

    Attributes:
        routes: addresses of partners, with or without port (`192.168.0.10:502`), and where they are on this computer
            (`127.0.0.1:50502`).
        ports: local ports of the program and the ports of this computer that stand for them; 0 for any free one.
        listening: local ports of the program that listen now, with the port of this computer.
        any_port: whether a port of the program that is not free on this computer is replaced by a free one.
        neighbours: returns where a simulated CPU with an address listens on this computer, None without one.
        clock: seconds of the real time, by which partners answer; a test can replace it.
        report: called with a sentence about a partner that cannot be reached.
    """

    def __init__(self, routes: Mapping[str, str] | None = None, ports: Mapping[int, int] | None = None) -> None:
        """Begin without a connection."""
        self.routes: dict[str, str] = dict(routes or {})
        self.ports: dict[int, int] = dict(ports or {})
        self.any_port = False
        self.neighbours: Callable[[Endpoint], Endpoint | None] = lambda _: None
        self.clock: Callable[[], float] = time.monotonic
        self.report: Callable[[str], None] = lambda _: None
        self._connections: dict[int, Connection] = {}
        self._listeners: dict[int, Listener] = {}

    @property
    def listening(self) -> dict[int, int]:
        """Local ports of the program that listen now, with the port of this computer."""
        return {port: each.port for port, each in dict(self._listeners).items()}

    def find(self, identifier: int) -> Connection | None:
        """Return the connection of an ID, None without one."""
        found = self._connections.get(identifier)
        if found is not None:
            found.advance()
        return found

    @property
    def is_full(self) -> bool:
        """Whether no further connection is possible."""
        return len(self._connections) >= MOST_CONNECTIONS

    def locate(self, endpoint: Endpoint) -> Endpoint | None:
        """Return where a partner is on this computer, None for one that is not here; the report names it."""
        address, port = endpoint
        mapped = self.routes.get(f"{address}:{port}") or self.routes.get(address)
        if mapped is not None:
            host, _, other = mapped.partition(":")
            address, port = host, int(other) if other.isdecimal() else port
        if _is_loopback(address):
            return address, port
        neighbour = self.neighbours(endpoint)
        if neighbour is not None:
            return neighbour
        self.report(
            f"The partner {endpoint[0]}:{endpoint[1]} is not on this computer. Map its address to a loopback address "
            "(routes of the network of the CPU) to simulate it."
        )
        return None

    def name_of(self, endpoint: Endpoint) -> Endpoint:
        """Return the address by which the program knows a partner of this computer."""
        for name, mapped in self.routes.items():
            host, _, port = mapped.partition(":")
            if (host, int(port)) == endpoint if port.isdecimal() else host == endpoint[0]:
                known, _, number = name.partition(":")
                return known, int(number) if number.isdecimal() else endpoint[1]
        return endpoint

    def connect(self, identifier: int, endpoint: Endpoint) -> Connection | None:
        """Begin an active TCP connection; None for a partner that is not on this computer."""
        place = self.locate(endpoint)
        return None if place is None else self._add(identifier, Connection.to(place))

    def listen(self, identifier: int, port: int, partner: str = "") -> Connection | None:
        """Wait for a partner at a local port; None when the port is not free.

        Args:
            identifier: ID of the connection.
            port: local port of the program.
            partner: address of the only partner that is accepted, empty for any.
        """
        listener = self._listeners.get(port)
        if listener is None:
            listener = self._new_listener(port)
            if listener is None:
                return None
            self._listeners[port] = listener
        elif any(each.listener is listener for each in self._connections.values()):
            return None
        return self._add(identifier, Connection.waiting(listener, self._accepts(partner)))

    def open_udp(self, identifier: int, port: int) -> Connection | None:
        """Open a local UDP port; None when it is not free."""
        try:
            return self._add(identifier, Udp(self.ports.get(port, port)))
        except OSError as error:
            self.report(f"The UDP port {port} cannot be used on this computer ({error.strerror}).")
            return None

    def disconnect(self, identifier: int) -> None:
        """End a connection; its local port does not listen any more."""
        found = self._connections.pop(identifier, None)
        if found is None:
            return
        found.close()
        for port, listener in list(self._listeners.items()):
            if listener is found.listener:
                listener.close()
                del self._listeners[port]

    def close(self) -> None:
        """End all connections."""
        for identifier in list(self._connections):
            self.disconnect(identifier)

    def _new_listener(self, port: int) -> Listener | None:
        try:
            return Listener(self.ports.get(port, port))
        except OSError as error:
            reason = f"The port {port} cannot be used on this computer ({error.strerror})."
        if not self.any_port or port in self.ports:
            self.report(f"{reason} Map it to another port (ports of the network of the CPU).")
            return None
        made = Listener(0)
        self.report(f"{reason} The CPU listens on 127.0.0.1, port {made.port}, instead.")
        return made

    def _add(self, identifier: int, connection: Connection) -> Connection:
        self._connections[identifier] = connection
        connection.advance()
        return connection

    def _accepts(self, partner: str) -> Callable[[Endpoint], bool]:
        if not partner or partner == "0.0.0.0":  # noqa: S104 - any partner
            return lambda _: True
        place = self.routes.get(partner, partner).partition(":")[0]
        return lambda endpoint: not _is_loopback(place) or endpoint[0] == place


def _is_loopback(address: str) -> bool:
    try:
        return IPv4Address(address).is_loopback
    except AddressValueError:
        return False


__all__ = ["LOOPBACK", "Connection", "Endpoint", "Network", "State"]
