"""A CPU's web server of its own making, for tests of the source: it answers as documented, or misbehaves on request.

It shares no code with the service, so both must understand the documented form in the same way.
"""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FULL = ["read_value", "write_value", "read_diagnostics", "change_operating_mode", "acknowledge_alarms"]
METHODS = [
    "Api.Login",
    "Api.Logout",
    "Api.Browse",
    "Api.GetPermissions",
    "Api.GetQuantityStructures",
    "PlcProgram.Browse",
    "PlcProgram.Read",
    "PlcProgram.Write",
    "Plc.ReadOperatingMode",
    "Plc.RequestChangeOperatingMode",
    "Plc.ReadCpuType",
    "DiagnosticBuffer.Browse",
    "Alarms.Browse",
    "Alarms.Acknowledge",
]
Fault = Callable[["Handler", bytes], bool]
"""Takes an answer before it is sent; returns whether it has sent something else instead."""


class Cpu:
    """A CPU with a few tags.

    Attributes:
        entries: What PlcProgram.Browse lists, by address; "" lists the top.
        values: What PlcProgram.Read gives, by address.
        raw: What it gives in the mode raw.
        faults: Misbehaviour of the next requests that have a method, by its name.
        calls: All calls that arrived.
        sizes: Bytes of each request.
        password: Of the user "web".
        permissions: What the user may do.
        mode: The operating state.
        most: Bytes of a request that it accepts.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.entries: dict[str, Any] = {
            "": [
                {"name": "Data", "has_children": True, "db_number": 1, "datatype": "datablock"},
                _entry("Flag", "bool"),
            ],
            '"Data"': [
                _entry("speed", "real"),
                _entry("count", "int"),
                _entry("wide", "ulint"),
                _entry("list", "int", array_dimensions=[{"start_index": -1, "count": 3}]),
                _entry("fixed", "int", read_only=True),
                _entry("part", "struct", has_children=True),
                _entry("name", "string", max_length=20),
            ],
            '"Data".part': [_entry("on", "bool")],
        }
        self.values: dict[str, Any] = {
            '"Flag"': True,
            '"Data".speed': 1.5,
            '"Data".count': 7,
            '"Data".wide': str(2**64 - 1),
            '"Data".fixed': 3,
            '"Data".list[-1]': 10,
            '"Data".list[0]': 11,
            '"Data".list[1]': 12,
            '"Data".part.on': False,
            '"Data".name': "press",
        }
        self.raw: dict[str, list[int]] = {}
        self.faults: dict[str, list[Fault]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.sizes: list[int] = []
        self.password, self.permissions, self.mode, self.most = "secret", FULL, "run", 65_536
        self.methods = METHODS
        self.modes_after: list[str] = []
        self.alarms: dict[str, Any] = {"entries": [], "last_modified": "2026-01-01T00:00:00Z", "count_current": 0}
        self.released = threading.Event()
        self._tokens: set[str] = set()
        self._server = _Server(self, tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def expire(self) -> None:
        """End all sessions, as a CPU does after 120 s without a request."""
        self._tokens.clear()

    def renew_certificate(self, tls: ssl.SSLContext) -> None:
        """Show another certificate from the next connection on, and end the open ones."""
        self._server.tls = tls
        self._server.drop_all()

    def fail(self, method: str, *faults: Fault) -> None:
        """Misbehave at the next requests that contain a call of this method, once for each fault."""
        self.faults.setdefault(method, []).extend(faults)

    def count(self, method: str) -> int:
        """How many calls of a method have arrived."""
        return sum(name == method for name, _ in self.calls)

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.drop_all()
        self._server.server_close()

    def answer(self, call: dict[str, Any], token: str) -> dict[str, Any]:
        method, params = call["method"], call.get("params") or {}
        self.calls.append((method, params))
        try:
            return {"jsonrpc": "2.0", "id": call["id"], "result": self._result(method, params, token)}
        except _RefusedError as refused:
            error = {"code": refused.args[0], "message": "refused"}
            return {"jsonrpc": "2.0", "id": call["id"], "error": error}

    def _result(self, method: str, params: dict[str, Any], token: str) -> Any:
        if method.startswith("Api."):
            return self._api(method, params, token)
        if token not in self._tokens:
            raise _RefusedError(2)
        if method == "Plc.ReadCpuType":
            return {"product_name": "CPU 1511-1 PN", "order_number": "6ES7 511-1AK02-0AB0"}
        if method.startswith("Plc."):
            return self._mode(method, params)
        if method == "DiagnosticBuffer.Browse":
            entry = {
                "timestamp": "2026-01-01T00:00:00Z",
                "status": "incoming",
                "short_text": "STOP",
                "long_text": "STOP by Web API",
                "help_text": "",
                "event": {"textlist_id": 2, "text_id": 0x4001},
            }
            return {"entries": [entry] * params["count"], "count_current": 1234, "count_max": 3200, "language": "en-US"}
        if method == "Alarms.Browse":
            return self.alarms
        if method == "Alarms.Acknowledge":
            return self._acknowledge(params["id"])
        return self._program(method, params)

    def _mode(self, method: str, params: dict[str, Any]) -> Any:
        if method == "Plc.RequestChangeOperatingMode":
            self.modes_after = ["startup", params["mode"]] if params["mode"] == "run" else [params["mode"]]
            return True
        if self.modes_after:
            self.mode = self.modes_after.pop(0)
        return self.mode

    def _api(self, method: str, params: dict[str, Any], token: str) -> Any:
        if method == "Api.Login":
            if (params["user"], params["password"]) != ("web", self.password):
                raise _RefusedError(100)
            made = f"token-{len(self.calls)}"
            self._tokens.add(made)
            return {"token": made}
        is_known = token in self._tokens
        if method == "Api.GetPermissions":
            return [{"name": each} for each in self.permissions] if is_known else []
        if method == "Api.Browse":
            return [{"name": each} for each in self.methods]
        if not is_known:
            raise _RefusedError(2)
        if method == "Api.Logout":
            self._tokens.discard(token)
            return True
        assert method == "Api.GetQuantityStructures"
        return {"webapi_max_http_request_body_size": self.most}

    def _acknowledge(self, wanted: str) -> bool:
        for each in self.alarms["entries"]:
            if each["id"] == wanted:
                each["acknowledgement"] = {"state": "acknowledged", "timestamp": "2026-01-01T00:10:00Z"}
                return True
        raise _RefusedError(800)

    def _program(self, method: str, params: dict[str, Any]) -> Any:
        address = params.get("var", "")
        if method == "PlcProgram.Browse":
            if params["mode"] == "children":
                if address not in self.entries:
                    raise _RefusedError(202)
                return self.entries[address]
            return [self._describe(address)]
        if address not in self.values:
            raise _RefusedError(200)
        if method == "PlcProgram.Read":
            if params.get("mode") == "raw":
                return self.raw[address]
            return self.values[address]
        assert method == "PlcProgram.Write"
        if self._describe(address).get("read_only"):
            raise _RefusedError(205)
        if params.get("mode") == "raw":
            self.values[address], self.raw[address] = None, params["value"]
        else:
            self.values[address] = params["value"]
        return True

    def _describe(self, address: str) -> dict[str, Any]:
        above, _, name = address.partition("[")[0].rpartition(".")
        if not above:
            name = address.strip('"')
        for entry in self.entries.get(above, []):
            if entry["name"] == name:
                return dict(entry)
        raise _RefusedError(200)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        cpu = self.server.cpu
        body = self.rfile.read(int(self.headers["Content-Length"]))
        cpu.sizes.append(len(body))
        document = json.loads(body)
        calls = document if isinstance(document, list) else [document]
        token = self.headers.get("X-Auth-Token", "")
        answers = [cpu.answer(each, token) for each in calls]
        content = json.dumps(answers if isinstance(document, list) else answers[0]).encode()
        for call in calls:
            waiting = cpu.faults.get(call["method"])
            if waiting and waiting.pop(0)(self, content):
                return
        self.reply(content)

    def reply(self, content: bytes, status: int = 200, length: int | None = None) -> None:
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content) if length is None else length))
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        del format, args


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, cpu: Cpu, tls: ssl.SSLContext | None) -> None:
        self.cpu, self.tls = cpu, tls
        self._open: list[Any] = []
        super().__init__(("127.0.0.1", 0), Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Encrypt in the thread of the connection, so that a client that refuses the certificate stops nobody."""
        with contextlib.suppress(OSError):
            encrypted = self.tls.wrap_socket(request, server_side=True) if self.tls else request
            self._open.append(encrypted)
            super().finish_request(encrypted, client_address)
            encrypted.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        del request, client_address  # a client that hangs up is part of the tests

    def drop_all(self) -> None:
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(2)
            each.close()


class _RefusedError(Exception):
    """A call is refused with a code."""


# -- misbehaviour -------------------------------------------------------------------------


def hang(handler: Handler, _: bytes) -> bool:
    """Answer nothing, until the test ends."""
    handler.server.cpu.released.wait(60)
    handler.close_connection = True
    return True


def drop(handler: Handler, _: bytes) -> bool:
    """Do what was asked, but end the connection before the answer."""
    handler.close_connection = True
    return True


def half(handler: Handler, content: bytes) -> bool:
    """Answer half of the JSON, in a complete HTTP answer."""
    handler.reply(content[: len(content) // 2])
    return True


def cut(handler: Handler, content: bytes) -> bool:
    """End the connection in the middle of the answer."""
    handler.reply(content[: len(content) // 2], length=len(content))
    handler.close_connection = True
    return True


def drip(handler: Handler, content: bytes) -> bool:
    """Send the answer a byte at a time, without an end."""
    with contextlib.suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not handler.server.cpu.released.wait(0.02):
            handler.wfile.write(content[:1])
    handler.close_connection = True
    return True


def huge(handler: Handler, _: bytes) -> bool:
    """Answer much more than anybody asked for."""
    handler.reply(b'[{"id": 1, "result": "' + b"x" * (20 << 20) + b'"}]')
    return True


def status(code: int) -> Fault:
    """Answer with a status of HTTP."""

    def answer(handler: Handler, _: bytes) -> bool:
        handler.reply(b"<html>error</html>", code)
        return True

    return answer


def changed(change: Callable[[Any], Any]) -> Fault:
    """Answer with a changed document."""

    def answer(handler: Handler, content: bytes) -> bool:
        handler.reply(json.dumps(change(json.loads(content))).encode())
        return True

    return answer


def _other_ids(document: Any) -> Any:
    return [each | {"id": each["id"] + 1_000_000} for each in (document if isinstance(document, list) else [document])]


wrong_ids = changed(_other_ids)
twice = changed(lambda document: [*document, *document])
emptied = changed(lambda _: [])
reversed_ = changed(lambda document: document[::-1])


def _entry(name: str, datatype: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "datatype": datatype} | more


@contextlib.contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[Cpu]:
    """A CPU, for the block."""
    cpu = Cpu(tls)
    try:
        yield cpu
    finally:
        cpu.close()


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
