"""Admits a connection, encrypts it, and hands it to its protocol.

asyncio would encrypt a connection before anything of this program sees it, so that clients who begin a handshake and do
not end it would be counted nowhere.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

from engineering_api.web.listening.admissions import Admissions

LINGER = 2.0
"""Seconds for which a refused client may continue to send."""


class Gate(asyncio.Protocol):
    """One connection from its begin; what happens on it later goes to the protocol behind it."""

    def __init__(
        self,
        make: Callable[[], asyncio.Protocol],
        admissions: Admissions,
        tls: ssl.SSLContext | None = None,
        refuse: Callable[[str], bytes] = lambda _: b"",
    ) -> None:
        """Guard a protocol.

        Args:
            make: Makes the protocol.
            admissions: Counts the connections of the listener.
            tls: Encrypts them; None for plain ones.
            refuse: What a plain client is sent that is not admitted, from the reason.
        """
        self._make, self._admissions, self._tls, self._refuse = make, admissions, tls, refuse
        self._inner: asyncio.Protocol | None = None
        self._address: str | None = None
        self._early: list[bytes] = []
        self._encrypting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection, and encrypt it or hand it over."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        address = str((transport.get_extra_info("peername") or ("",))[0])
        if why := self._admissions.enter(address):
            self._send_away(transport, b"" if self._tls else self._refuse(why))
            return
        self._address = address
        if self._tls is None:
            self._hand_over(transport)
        else:
            self._encrypting = asyncio.get_running_loop().create_task(self._encrypt(transport, self._tls))

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._leave()
        if self._inner is not None:
            self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hand data on; those that come with the end of the handshake wait for the protocol."""
        if self._inner is not None:
            self._inner.data_received(data)
        elif self._address is not None:
            self._early.append(data)

    def eof_received(self) -> bool | None:
        """Hand on that the client sends no more."""
        return self._inner.eof_received() if self._inner is not None else None

    def pause_writing(self) -> None:
        """Hand on that the client takes no data."""
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """Hand on that the client takes data again."""
        if self._inner is not None:
            self._inner.resume_writing()

    def replace(self, protocol: asyncio.Protocol) -> None:
        """Put another protocol behind the gate, as the handshake of a WebSocket does."""
        self._inner = protocol

    async def _encrypt(self, transport: asyncio.Transport, tls: ssl.SSLContext) -> None:
        loop, seconds = asyncio.get_running_loop(), self._admissions.limits.begin or None
        try:
            secured = await loop.start_tls(transport, self, tls, server_side=True, ssl_handshake_timeout=seconds)
        except (OSError, asyncio.CancelledError):  # errors of TLS and of time are OSErrors
            transport.abort()
            self._leave()
            return
        if secured is None or secured.is_closing():
            transport.abort()
            self._leave()
            return
        self._hand_over(secured)

    def _hand_over(self, transport: asyncio.Transport) -> None:
        self._inner = self._make()
        self._inner.connection_made(_Held(transport, self))  # type: ignore[arg-type]  # it has all of a transport
        early, self._early = self._early, []
        for data in early:
            self._inner.data_received(data)

    def _send_away(self, transport: asyncio.Transport, answer: bytes) -> None:
        if not answer:
            transport.abort()
            return
        transport.write(answer)
        if transport.can_write_eof():
            transport.write_eof()
        asyncio.get_running_loop().call_later(LINGER, transport.close)

    def _leave(self) -> None:
        address, self._address = self._address, None
        if address is not None:
            self._admissions.leave(address)


class _Held:
    """The transport of a connection behind a gate: another protocol for it is put behind the gate, too."""

    def __init__(self, transport: asyncio.Transport, gate: Gate) -> None:
        self._transport, self._gate = transport, gate
        self.write, self.close, self.abort = transport.write, transport.close, transport.abort

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def set_protocol(self, protocol: asyncio.Protocol) -> None:
        self._gate.replace(protocol)
