"""Whatever path and method are sent, the answer is a refusal with an envelope, never an error of the server.

Requests go to the application as a server hands them on, because a client would tidy their paths.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from engineering_api.app import catalogue, create_app
from engineering_api.web.application import App
from tests.support.examples import examples
from tests.support.service import KEY
from tests.support.service import settings as service_settings

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "X")
MORE = ("/mcp", "/mcp/sse", "/signalr/negotiate", "/swagger", "/metrics", "/api/files", "/", "/api", "")
PATHS = sorted({route.path for op in catalogue() for route in op.routes})
ENDLESS = re.compile(rb"events|stream|sse|signalr|mcp|shutdown")
"""Streams, which a caller with a key would listen to for ever."""
PARAMETER = re.compile(r"\{[^}]+\}")
VALUES = ["x", "", "%", "%zz", "%ff", "%00", "%2F", "%2e%2e", "..", ".", "\xe9", "\u4f60", "%E4%BD%A0", "{x}", "*", "a" * 20_000,
          "%C3%28", "%ED%A0%80", ";", "\\", "%5C", "+", "#", "&", "-1", "99999999999999999999"]  # fmt: skip


class Server:
    """Sends requests to an application, their paths as bytes."""

    def __init__(self, http: TestClient[App]) -> None:
        self._http = http

    def ask(self, method: str, path: bytes, headers: dict[str, str]) -> tuple[int, bytes, dict[bytes, bytes]]:
        """Status, body and headers of the answer."""
        sent: list[Any] = []
        heard: list[bool] = []

        async def run() -> None:
            async def send(message: Any) -> None:
                sent.append(message)

            async def receive() -> Any:
                if heard:
                    await asyncio.Event().wait()  # the client stays
                heard.append(True)
                return {"type": "http.request", "body": b"", "more_body": False}

            await self._http.app(self._scope(method, path, headers), receive, send)

        self._http.blocking_portal.call(run)
        assert sent[0]["type"] == "http.response.start"
        return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]), dict(sent[0]["headers"])

    def _scope(self, method: str, path: bytes, headers: dict[str, str]) -> Any:
        raw, _, query = path.partition(b"?")
        pairs = [(name.lower().encode(), value.encode()) for name, value in {"Host": "127.0.0.1", **headers}.items()]
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote_to_bytes(raw).decode("utf-8", "replace"),
            "raw_path": raw,
            "query_string": query,
            "root_path": "",
            "headers": pairs,
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 9000),
            "state": {},
            "app": self._http.app,
        }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with TestClient(create_app(service_settings(Path(tmp_path_factory.mktemp("paths"))))) as http:
        yield Server(http)


def check(server: Server, records: pytest.LogCaptureFixture, method: str, path: bytes, headers: dict[str, str]) -> None:
    records.clear()
    status, body, _ = server.ask(method, path, headers)
    assert status < 500 or status == 501, (method, path, status, body)
    if status >= 400 and method != "HEAD":
        answer = msgspec.json.decode(body)
        assert (answer["status"], answer["success"]) == (status, False)
        assert answer["error"]["code"]
    assert not [each for each in records.records if each.exc_info or each.levelno >= logging.ERROR], (method, path)


@pytest.mark.parametrize("step", [12, pytest.param(1, marks=pytest.mark.slow)])
def test_no_method_of_any_path_is_an_error_of_the_server(
    server: Server, caplog: pytest.LogCaptureFixture, step: int
) -> None:
    for template in [*PATHS[::step], *MORE]:
        path = PARAMETER.sub("x", template).encode()
        for spelling in (path, path + b"/", path + b"//", path.rpartition(b"/")[0] + b"/"):
            for method in METHODS:
                check(server, caplog, method, spelling, {})


@st.composite
def spelled(draw: st.DrawFn) -> bytes:
    """A path near to a route: other segments, slashes, bytes, an end that is missing, a query."""
    template = draw(st.sampled_from([*PATHS, *MORE]))
    path = PARAMETER.sub(lambda _: draw(st.sampled_from(VALUES)), template)
    at = draw(st.integers(0, len(path)))
    piece = draw(
        st.sampled_from(["", "", "/", "//", "%", "%2F", "..", "/../", "\xff", "/x", "?", "?a=%ff&a=b", "\t", "\x00"])
    )
    path = draw(st.sampled_from([path, path[:at] + piece + path[at:], path[:at], path + piece, path.swapcase()]))
    return path.encode("utf-8", "surrogatepass")


@examples(150)
@given(path=spelled(), method=st.sampled_from(METHODS), with_key=st.booleans())
def test_no_path_is_an_error_of_the_server(
    server: Server, caplog: pytest.LogCaptureFixture, path: bytes, method: str, with_key: bool
) -> None:
    known = with_key and not ENDLESS.search(path)
    check(server, caplog, method, path, {"X-API-Key": KEY} if known else {})


@pytest.mark.parametrize("path", [b"/api/users", b"/api/users/", b"/api//users//"])
def test_a_wrong_method_names_those_that_the_path_takes(server: Server, path: bytes) -> None:
    status, _, headers = server.ask("PROPFIND", path, {})
    assert (status, headers[b"allow"]) == (405, b"GET, POST, OPTIONS, HEAD")
