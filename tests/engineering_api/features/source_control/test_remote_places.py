"""Remotes obey the address rules of webhooks, and no answer shows which ports of a network are open."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, TCPServer
from threading import Thread

import pytest

from engineering_api.features.source_control.remote_places import RemotePlaces
from openness_bridge.errors import Problem
from tests.engineering_api.features.source_control.hostile import program
from tests.engineering_api.features.source_control.kit import API
from tests.support.service import Client, settings

INSIDE = (
    "127.0.0.1",
    "localhost",
    "10.0.0.1",
    "192.168.1.9",
    "169.254.169.254",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
)
FORMS = ("http://{}/x", "https://{}/x", "ssh://{}/x", "ssh://git@{}:22/x", "git@{}:x")


@pytest.mark.parametrize("host", INSIDE)
def test_by_default_no_remote_is_inside(tmp_path: Path, host: str) -> None:
    places = RemotePlaces(settings(tmp_path))
    for form in FORMS:
        if form == "git@{}:x" and host.startswith("["):
            continue
        for use in (places.check, lambda url: places.find_route(url, "", "")):
            with pytest.raises(Problem, match="TIA_GIT_HOSTS") as refused:
                use(form.format(host))
            assert refused.value.code == "source_control.target_refused"


def test_what_is_named_is_allowed_and_nothing_else(tmp_path: Path) -> None:
    places = RemotePlaces(settings(tmp_path, git_hosts=["git.plant.example", "10.0.0.0/8"]))
    for url in ("https://git.plant.example/x", "git@git.plant.example:x", "http://10.1.2.3/x"):
        assert places.check(url) == url
    for url in ("https://other.plant.example/x", "https://8.8.8.8/x"):
        with pytest.raises(Problem):
            places.check(url)


def test_a_name_that_leads_inside_later_is_refused_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = RemotePlaces(settings(tmp_path))
    assert places.check("https://rebound.example.invalid/x") == "https://rebound.example.invalid/x"
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, 1, 6, "", ("10.0.0.1", 443))])
    with pytest.raises(Problem) as refused:
        places.find_route("https://rebound.example.invalid/x", "", "")
    assert refused.value.code == "source_control.target_refused"


class Web(BaseHTTPRequestHandler):
    """A server that answers each path in its own way."""

    seen: list[str] = []

    def do_GET(self) -> None:
        self.seen.append(self.headers["Host"])
        status = int(self.path[1:4]) if self.path[1:4].isdigit() else 404
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Noise(BaseRequestHandler):
    """A server of another protocol."""

    def handle(self) -> None:
        self.request.sendall(b"SSH-2.0-somebody\r\n")


@contextmanager
def listening(server: TCPServer) -> Iterator[int]:
    with server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


def test_git_connects_to_the_address_that_was_checked(line: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name has no address but here, so that git cannot have resolved it."""
    resolved = socket.getaddrinfo
    known: Callable[..., object] = lambda host, *more, **rest: resolved(  # noqa: E731
        "127.0.0.1" if host == "git.plant.example" else host, *more, **rest
    )
    Web.seen.clear()
    with listening(HTTPServer(("127.0.0.1", 0), Web)) as port:
        line.ok("POST", f"{API}/remotes", {"name": "name", "url": f"http://git.plant.example:{port}/401"})
        monkeypatch.setattr(socket, "getaddrinfo", known)
        line.refused(422, "source_control.remote_failed", "POST", f"{API}/pull", {"remoteName": "name"})
    assert set(Web.seen) == {f"git.plant.example:{port}"}


def texts_of(line: Client, urls: dict[str, str]) -> dict[tuple[str, str], str]:
    """What push and pull answer for remotes, without their names and addresses."""
    found = {}
    for number, (name, url) in enumerate(urls.items()):
        line.ok("POST", f"{API}/remotes", {"name": f"r{number}", "url": url})
        for way in ("push", "pull"):
            error = line.refused(
                422, "source_control.remote_failed", "POST", f"{API}/{way}", {"remoteName": f"r{number}"}
            )
            found[name, way] = error["message"].replace(url, "URL").replace(f"r{number} ", "NAME ")
    return found


def closed_port() -> int:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        return int(closed.getsockname()[1])


def test_an_open_and_a_closed_port_are_answered_alike(line: Client) -> None:
    with listening(HTTPServer(("127.0.0.1", 0), Web)) as web:
        texts = texts_of(line, {"open": f"http://127.0.0.1:{web}/404", "closed": f"http://127.0.0.1:{closed_port()}/x"})
    assert len(set(texts.values())) == 1, texts


@pytest.mark.slow
def test_no_answer_shows_which_ports_are_open(line: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = closed_port()
    monkeypatch.setattr("engineering_api.features.source_control.remotes.REMOTE_LIMIT", 2.0)  # time: the silent server
    with (
        listening(HTTPServer(("127.0.0.1", 0), Web)) as web,
        listening(TCPServer(("127.0.0.1", 0), Noise)) as noise,
        socket.create_server(("127.0.0.1", 0)) as silent,
    ):
        urls = {
            "closed": f"http://127.0.0.1:{dead}/x",
            "unauthorized": f"http://127.0.0.1:{web}/401",
            "missing": f"http://127.0.0.1:{web}/404",
            "moved": f"http://127.0.0.1:{web}/302",
            "another protocol": f"http://127.0.0.1:{noise}/x",
            "ssh": f"ssh://git@127.0.0.1:{web}/x",
            "ssh to a closed port": f"ssh://git@127.0.0.1:{dead}/x",
            "silent": f"http://127.0.0.1:{silent.getsockname()[1]}/x",
            "no address": "http://no-such.plant.example/x",
        }
        texts = texts_of(line, urls)
    assert len(set(texts.values())) == 1, texts


def test_an_old_git_is_refused(line: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bin" / "git", "echo git version 2.37.9")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    error = line.refused(501, "source_control.old_git", "GET", f"{API}/log")
    assert "2.38" in error["message"]
