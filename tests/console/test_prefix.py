"""The console behind a reverse proxy that serves it below a path, such as https://plant.example/line3/console/."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.console.console import Console
from tests.support.service import KEY

pytestmark = pytest.mark.slow
PREFIX = "/line3"
LEFT_OUT = {"transfer-encoding", "connection", "host"}


@pytest.fixture
def proxy(console: Console) -> Iterator[str]:
    """A proxy on this computer that removes the prefix; its address with the prefix."""
    server = urlsplit(console.service.address).netloc
    opened: list[socket.socket] = []

    class Handler(BaseHTTPRequestHandler):
        def forward(self) -> None:
            if not self.path.startswith(PREFIX):
                self.send_error(404)
                return
            length = int(self.headers.get("Content-Length") or 0)
            with closing(http.client.HTTPConnection(server)) as link:
                self.send_through(link, length)

        def send_through(self, link: http.client.HTTPConnection, length: int) -> None:
            sent = {name: value for name, value in self.headers.items() if name.lower() not in LEFT_OUT}
            link.request(self.command, self.path.removeprefix(PREFIX), self.rfile.read(length) or None, sent)
            opened.append(link.sock)
            answer = link.getresponse()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in LEFT_OUT:
                    self.send_header(name, value)
            self.end_headers()
            with closing(answer), suppress(OSError, ValueError):
                while part := answer.read1(65536):
                    self.wfile.write(part)
                    self.wfile.flush()

        do_GET = do_POST = forward  # noqa: N815 - names of the base class

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_address[1]}{PREFIX}"
        listening.shutdown()
        for each in opened:  # streams have no end; the threads that pass them on end with their connections
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def test_the_console_works_below_a_prefix(console: Console, proxy: str) -> None:
    console.service.create_project("Prefixed")
    page = console.page
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.goto(f"{proxy}/console")
    page.get_by_role("textbox", name="API key").fill(KEY)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator(".lamp")).to_have_attribute("data-state", "live")
    page.get_by_role("navigation").get_by_role("link", name="Project").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prefixed")
    assert all(url.startswith(f"{proxy}/") for url in asked), [url for url in asked if not url.startswith(proxy)]
    assert len(asked) > 20
