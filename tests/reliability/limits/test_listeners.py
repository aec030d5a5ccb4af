"""Every listener of the service closes clients that begin and do not continue, and answers others meanwhile.

Slow clients come from 127.0.0.1, the good one from 127.0.0.2: what one address may have leaves room for others.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from engineering_api.observability.rare import RareLog
from engineering_api.web.listening.admissions import Limits
from runtime_data.servers.opcua import connections as opcua
from runtime_data.servers.s7 import server as s7
from runtime_data.servers.server import KINDS
from runtime_data.servers.webapi import server as webapi
from tests.runtime_data.opcua.kit import Rig, run

SLOW = 40
"""Clients that begin and do not continue: more than each listener admits here."""
GOOD = "127.0.0.2"
LATEST = 30.0
HEAD = b"POST /api"
"""With what a client begins whose connection is encrypted already."""
SHORT = 2.0
"""Seconds that the listeners allow here."""


@dataclass(frozen=True)
class Listener:
    """One listener.

    Attributes:
        settings: Those of its kind; None for the service's own port.
        begin: First bytes of a client that does not continue.
        ask: A whole first message.
        expects: How the answer begins.
        tls: Whether it is encrypted.
    """

    settings: dict[str, object] | None
    begin: bytes
    ask: bytes
    expects: bytes
    tls: bool = False


def _hello() -> bytes:
    url = b"opc.tcp://127.0.0.1"
    body = struct.pack("<IIIII", 0, 65535, 65535, 0, 0) + struct.pack("<I", len(url)) + url
    return b"HELF" + struct.pack("<I", len(body) + 8) + body


_CONNECT = bytes.fromhex("0300001611e00000000100c0010ac1020100c2020102")
_RPC = b'{"jsonrpc":"2.0","id":1,"method":"Api.Ping"}'
_POST = b"POST /api/jsonrpc HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(_RPC) + _RPC
LISTENERS = {
    "service": Listener(None, b"GET /api/he", b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"HTTP/1.1 200"),
    "webapi": Listener({"port": 0, "source": "memory"}, b"\x16\x03\x01", _POST, b"HTTP/1.1 200", tls=True),
    "opcua": Listener(
        {"port": 0, "source": "PLC_1", "anonymous": "read", "unsecured": True, "maxSessions": 2},
        b"HELF",
        _hello(),
        b"ACKF",
    ),
    "s7": Listener({"port": 0, "source": "PLC_1", "clients": 8}, _CONNECT[:5], _CONNECT, b"\x03\x00"),
}


def test_every_listener_is_here() -> None:
    assert set(LISTENERS) == {"service", *KINDS}


def _connect(port: int, source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), LATEST, source_address=(source, 0))


def _encrypt(plain: socket.socket) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(plain)


def _good(port: int, listener: Listener) -> bytes:
    with _encrypt(_connect(port, GOOD)) if listener.tls else _connect(port, GOOD) as client:
        client.sendall(listener.ask)
        return client.recv(64)


def _ends(client: socket.socket) -> bool:
    """Whether the server closes a connection, with or without an answer."""
    try:
        client.settimeout(LATEST)
        while client.recv(4096):
            pass
    except TimeoutError:
        return False
    except OSError:  # reset, or an end of TLS without a word
        pass
    return True


def _siege(port: int, listener: Listener, begin: bytes) -> tuple[bytes, list[bool]]:
    """Let slow clients come, then a good one: its answer, and whether each of the others ends."""
    slow = [_connect(port) for _ in range(SLOW)]
    try:
        for number, each in enumerate(slow):
            try:
                if begin.startswith(HEAD) and listener.tls:
                    slow[number] = _encrypt(each)
                slow[number].sendall(begin)
            except OSError:  # refused
                continue
        return _good(port, listener), [_ends(each) for each in slow]
    finally:
        for each in slow:
            each.close()


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="another address of this computer is one of Linux only")
@pytest.mark.parametrize("part", ["nothing", "a beginning", "a head"])
@pytest.mark.parametrize("name", LISTENERS)
def test_slow_clients_end_and_a_good_one_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, part: str
) -> None:
    monkeypatch.setattr(opcua, "PATIENCE", SHORT)
    monkeypatch.setattr(webapi, "LIMITS", Limits(8, 6, SHORT))
    limits: Callable[..., s7.Limits] = s7.Limits
    monkeypatch.setattr("runtime_data.servers.s7.kind.Limits", lambda *given: limits(*given, patience=SHORT))
    listener = LISTENERS[name]

    async def scenario(rig: Rig) -> None:
        url = rig.live.url
        if listener.settings is not None:
            if listener.settings["source"] == "PLC_1":
                await rig.start_cpu()
            body = {"enabled": True, "settings": listener.settings}
            url = str((await rig.ok("PUT", f"/api/runtime/servers/{name}", body))["endpoints"][0])
        port = urlsplit(url if "//" in url else f"//{url}").port or 0
        begin = {"nothing": b"", "a beginning": listener.begin, "a head": HEAD}[part]
        answer, ended = await asyncio.to_thread(_siege, port, listener, begin)
        assert answer.startswith(listener.expects), answer
        assert all(ended), f"{ended.count(False)} of {SLOW} slow clients are still connected"
        after = await asyncio.to_thread(_good, port, listener)
        assert after.startswith(listener.expects)

    run(tmp_path, scenario, max_connections=20, max_address_connections=12, head_timeout=SHORT)


MALFORMED = {
    "another type": b"XYZF" + struct.pack("<I", 100) + bytes(92),
    "no body": b"MSGF" + struct.pack("<II", 12, 1),
    "a chunk of four gigabytes": b"MSGF" + struct.pack("<II", 0xFFFFFFFF, 1),
    "a channel that is not open": b"MSGF" + struct.pack("<II", 40, 7) + bytes(28),
    "noise in a channel": b"OPNF" + struct.pack("<II", 60, 0) + b"\xff" * 48,
    "a greeting of noise": b"HELF" + struct.pack("<I", 20) + b"\xff" * 12,
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_chunks_end_the_connection_without_tracebacks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.setattr(opcua, "_rare", RareLog(opcua.log))

    def send(port: int) -> bool:
        with _connect(port) as client:
            client.sendall(MALFORMED[case])
            return _ends(client)

    async def scenario(rig: Rig) -> None:
        await rig.start_cpu()
        url = await rig.serve(port=0, source="PLC_1", anonymous="read", unsecured=True)
        port = urlsplit(url).port or 0
        caplog.clear()
        caplog.set_level(logging.WARNING)
        for _ in range(30):
            assert await asyncio.to_thread(send, port)
        answer = await asyncio.to_thread(_good, port, LISTENERS["opcua"])
        assert answer.startswith(b"ACKF")

    run(tmp_path, scenario)
    lines = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert 0 < len(lines) <= 25, len(lines)
    assert not any(each.exc_info for each in lines)


def test_one_greeting_changes_no_limits_of_others(tmp_path: Path) -> None:
    def greet(port: int) -> bytes:
        body = struct.pack("<IIIII", 0, 1, 1, 1, 1) + struct.pack("<I", 0xFFFFFFFF)
        with _connect(port) as client:
            client.sendall(b"HELF" + struct.pack("<I", len(body) + 8) + body)
            client.recv(64)
        with _connect(port) as client:
            client.sendall(_hello())
            return client.recv(64)

    async def scenario(rig: Rig) -> None:
        await rig.start_cpu()
        port = urlsplit(await rig.serve(port=0, source="PLC_1", anonymous="read", unsecured=True)).port or 0
        answer = await asyncio.to_thread(greet, port)
        assert struct.unpack("<4sIIII", answer[:20])[3:] == (65535, 65535)

    run(tmp_path, scenario)
