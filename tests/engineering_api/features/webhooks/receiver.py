"""A receiver of webhooks on a loopback socket, which does with each request what the test wants."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

Answer = int | Callable[["Handler"], None]


@dataclass
class Received:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes
    method: str = "POST"

    @property
    def payload(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """What came, and what is answered: the planned answers in their order, then 200."""

    url: str
    planned: list[Answer] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

    def until(self, count: int, seconds: float = 90) -> list[Received]:
        """What came, once it is so many requests."""
        end = time.monotonic() + seconds
        while len(self.received) < count:
            assert time.monotonic() < end, f"{len(self.received)} of {count} requests came"
            time.sleep(0.01)
        return list(self.received)


class Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"] or 0)
        body = self.rfile.read(length)
        if len(body) < length:  # its sender was killed: this is no request
            self.close_connection = True
            return
        self.receiver.received.append(Received(dict(self.headers.items()), body, self.command))
        answer = self.receiver.planned.pop(0) if self.receiver.planned else 200
        if isinstance(answer, int):
            self.send_response(answer)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            answer(self)

    def __getattr__(self, name: str) -> Any:
        """Every other method is answered as POST is."""
        if name.startswith("do_"):
            return self.do_POST
        raise AttributeError(name)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def cut(handler: Handler) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True


def answered(body: bytes, status: int = 200) -> Answer:
    """Answer a body."""

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def held(gate: threading.Event) -> Answer:
    """Answer when the gate opens."""

    def answer(handler: Handler) -> None:
        gate.wait(90)
        handler.close_connection = True

    return answer


@contextmanager
def receiving(port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    handler = type("OwnHandler", (Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        handler.receiver = receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def receiving_tls(folder: Path) -> Iterator[tuple[Receiver, Path]]:
    """The same over TLS for localhost, and the certificate that is to be trusted for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    moment = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - dt.timedelta(hours=1))
        .not_valid_after(moment + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, both = folder / "trusted.pem", folder / "both.pem"
    public = certificate.public_bytes(Encoding.PEM)
    trusted.write_bytes(public)
    both.write_bytes(public + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    with receiving(tls=context) as receiver:
        receiver.url = receiver.url.replace("http://127.0.0.1", "https://localhost")
        yield receiver, trusted
