"""Counts the open connections of a listener, in total and by address, from the moment at which the system accepts them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from engineering_api.observability.rare import RareLog
from engineering_api.security.rate_limit import exceeds

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a listener allows; 0 is no limit.

    Attributes:
        connections: Connections that may be open at once.
        of_address: Those of one address.
        begin: Seconds for the TLS handshake.
        proxies: Addresses of trusted proxies, whose connections are those of many clients.
    """

    connections: int
    of_address: int
    begin: float = 10.0
    proxies: Collection[str] = ()


def leave_a_quarter(connections: int) -> int:
    """Return how many connections one address may have, so that it leaves a quarter to the others."""
    return connections - connections // 4


class Admissions:
    """The connections of one listener. One thread only.

    Attributes:
        limits: What is allowed.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        """Count from zero.

        Args:
            name: Which server listens, for log lines.
            limits: What is allowed.
        """
        self.limits = limits
        self._name, self._log = name, RareLog(log)
        self._open: Counter[str] = Counter()

    def enter(self, address: str) -> str:
        """Count a connection. Returns why it is refused and not counted, as the begin of a sentence; empty for one that is admitted."""
        if exceeds(self._open.total() + 1, self.limits.connections):
            return self._refuse(address, f"{self.limits.connections} connections are open, the limit")
        own = self._open[address] + 1
        if address not in self.limits.proxies and exceeds(own, self.limits.of_address):
            return self._refuse(address, f"{own - 1} connections of {address} are open, the limit of one address")
        self._open[address] = own
        return ""

    def leave(self, address: str) -> None:
        """Note that a connection has ended."""
        self._open[address] -= 1
        if self._open[address] <= 0:
            del self._open[address]

    def _refuse(self, address: str, why: str) -> str:
        self._log.line("The %s refuses a connection of %s: %s", self._name, address, why)
        return why
