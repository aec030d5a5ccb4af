"""What is too large, too much or too slow is refused while it comes, with a code, the limit, and its setting."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from itertools import chain, repeat

import pytest

from tests.reliability.limits.peer import Heard, Server, head, hear
from tests.reliability.limits.small import SMALL

START = b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n"
CHUNKED = head("POST", "/api/jobs/execute-sync", b"Transfer-Encoding: chunked")
MUCH = 100 << 20
"""Bytes that a client sends who goes on for ever, as far as this test is concerned."""


def endlessly(piece: bytes) -> Iterator[bytes]:
    block = piece * max(1, 65536 // len(piece))
    return repeat(block, MUCH // len(block))


CASES = {
    "many header lines": (chain([START], endlessly(b"a: b\r\n")), 431, "request.too_many_headers", "max_headers"),
    "large header lines": (
        chain([START], endlessly(b"a: " + b"b" * 4000 + b"\r\n")),
        431,
        "request.headers_too_large",
        "max_header_bytes",
    ),
    "a header line without an end": (
        chain([START, b"a: "], endlessly(b"b")),
        431,
        "request.headers_too_large",
        "max_header_bytes",
    ),
    "a name of a header without an end": (
        chain([START], endlessly(b"b")),
        431,
        "request.headers_too_large",
        "max_header_bytes",
    ),
    "a URL without an end": (chain([b"GET /"], endlessly(b"x")), 414, "request.url_too_long", "max_url"),
    "empty lines": (endlessly(b"\r\n"), 431, "request.headers_too_large", "max_header_bytes"),
    "many lines that trail": (
        chain([CHUNKED, b"2\r\n{}\r\n0\r\n"], endlessly(b"a: b\r\n")),
        431,
        "request.too_many_headers",
        "max_headers",
    ),
    "a line that trails without an end": (
        chain([CHUNKED, b"2\r\n{}\r\n0\r\na: "], endlessly(b"b")),
        431,
        "request.headers_too_large",
        "max_header_bytes",
    ),
    "an extension of a chunk without an end": (
        chain([CHUNKED, b"2;a="], endlessly(b"b")),
        431,
        "request.headers_too_large",
        "max_header_bytes",
    ),
    "a head that does not come": ([START], 408, "request.timeout", "head_timeout"),
    "a body that does not come": (
        [head("POST", "/api/jobs/execute-sync", b"Content-Length: 9"), b"{"],
        408,
        "request.timeout",
        "body_timeout",
    ),
    "a large body": (
        [head("POST", "/api/jobs/execute-sync", b"Content-Length: 1048577")],
        413,
        "request.too_large",
        "max_body",
    ),
    "chunks without an end": (
        chain([CHUNKED], endlessly(b"1000\r\n" + b"x" * 4096 + b"\r\n")),
        413,
        "request.too_large",
        "max_body",
    ),
    "a large message": ([head("POST", "/mcp", b"Content-Length: 65537")], 413, "request.too_large", "max_message"),
    "chunks of a message": (
        chain(
            [
                head(
                    "POST",
                    "/mcp",
                    b"Transfer-Encoding: chunked",
                    b"Content-Type: application/json",
                    b"Accept: application/json, text/event-stream",
                )
            ],
            endlessly(b"1000\r\n" + b"x" * 4096 + b"\r\n"),
        ),
        413,
        "request.too_large",
        "max_message",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_request_beyond_a_limit_is_refused(server: Server, name: str) -> None:
    pieces, status, code, setting = CASES[name]
    before = server.memory
    heard = server.say(pieces)
    assert (heard.status, heard.code) == (status, code)
    assert f"{SMALL[setting]:g}" in heard.message or str(SMALL[setting]) in heard.message
    assert f"TIA_{setting.upper()}" in heard.message
    assert server.memory - before < 48 << 20  # the first MCP request loads what it needs
    assert server.ask("GET", "/api/health").status == 200


def test_requests_within_the_limits_pass(server: Server) -> None:
    lines = [f"X-Line-{number}: {'x' * 300}".encode() for number in range(16)]
    assert server.ask("GET", "/api/health?" + "x=" + "y" * 900, b"", *lines).status in {200, 400}
    body = b'{"operation": "health.ping", "arguments": {}}'.ljust(1 << 20)
    assert server.ask("POST", "/api/jobs/execute-sync", body).status == 200


def test_what_is_no_http_is_refused_as_such(server: Server) -> None:
    heard = server.say([b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"])
    assert (heard.status, heard.code) == (400, "request.malformed")


def test_half_sent_requests_make_room_again(server: Server) -> None:
    """As many as there may be, then one more: it is refused at once, and let in when the others have been given up."""
    most = SMALL["max_connections"]
    held: list[socket.socket] = []
    try:
        heard = Heard(0, None)
        for _ in range(int(most) + 1):
            held.append(server.connect())
            held[-1].sendall(START)
        answers = [hear(each) for each in held]
        assert {each.code for each in answers} == {"request.timeout", "server.connections"}
        deadline = time.monotonic() + 60
        while heard.status != 200 and time.monotonic() < deadline:
            heard = server.ask("GET", "/api/health")
        assert heard.status == 200
    finally:
        for each in held:
            each.close()


def test_a_connection_on_which_nothing_comes_is_closed(server: Server) -> None:
    with server.connect() as connection:
        assert connection.recv(1) == b""


def test_a_slow_but_steady_body_is_read(server: Server) -> None:
    """More than SLOWEST bytes a second, for longer than `body_timeout`."""
    body = b'{"operation": "health.ping", "arguments": {}}'.ljust(40_000)
    with server.connect() as connection:
        connection.sendall(head("POST", "/api/jobs/execute-sync", f"Content-Length: {len(body)}".encode()))
        for start in range(0, len(body), 10_000):
            connection.sendall(body[start : start + 10_000])
            time.sleep(1.0)
        assert hear(connection).status == 200


def test_a_connection_is_kept_after_an_early_answer_to_a_body_that_comes_to_its_end(server: Server) -> None:
    body = b"x" * (2 << 20)
    with server.connect() as connection:
        connection.sendall(head("POST", "/api/jobs/execute-sync", f"Content-Length: {len(body)}".encode()))
        assert hear(connection).code == "request.too_large"
        connection.sendall(body)
        connection.sendall(head("GET", "/api/health"))
        assert hear(connection).status == 200


@pytest.mark.parametrize(
    "body", [b'{"a":' * 900 + b"1" + b"}" * 900, b'{"a":' * 100_000, b'{"a":' + b"[" * 21 + b"]" * 21 + b"}"]
)
def test_values_that_are_too_deep_are_refused(server: Server, body: bytes) -> None:
    heard = server.ask("POST", "/api/jobs/execute-sync", body)
    assert (heard.status, heard.code in {"request.too_deep", "request.malformed_json", "request.too_many_values"}) in {
        (400, True),
        (413, True),
    }


def test_too_many_values_are_refused_before_they_are_made(server: Server) -> None:
    heard = server.ask("POST", "/api/jobs/execute-sync", b'{"arguments": {"a": [' + b"[]," * 60_000 + b"[]]}}")
    assert (heard.status, heard.code) == (413, "request.too_many_values")
    assert "TIA_MAX_JSON_VALUES" in heard.message


def test_a_text_full_of_commas_is_one_value(server: Server) -> None:
    text = rb"\"a\":[1,2,3,{\\" * 20_000
    heard = server.ask(
        "POST", "/api/jobs/execute-sync", b'{"operation": "health.ping", "arguments": {"x": "' + text + b'"}}'
    )
    assert (heard.status, heard.code) == (400, "request.unknown_field")
