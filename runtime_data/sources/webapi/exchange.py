"""Exchanges requests and answers with a CPU over HTTPS: one client for each source, a limit of time and size for each answer.

httpx sends nothing twice. Its client runs on a thread with an event loop, so that one limit of time holds for all of an
exchange, also where a CPU sends its answer byte by byte.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engineering_api import VERSION
from engineering_api.security.targets import Targets
from openness_bridge.errors import Kind, Problem
from runtime_data.sources.webapi.connection import WebApiConnection
from runtime_data.sources.webapi.trust import WrongCertificateError, context_for
from simatic_xml.lazy import import_later

if TYPE_CHECKING:
    import httpx
else:
    httpx = import_later("httpx")

LARGEST_ANSWER = 16 << 20
"""Bytes of an answer that are read."""
PARALLEL = 4
"""Requests at a time: what the smallest CPU accepts."""
RESOLVED = 30.0
"""Seconds for which the addresses of a host are used."""
_HEADERS = {
    "User-Agent": f"simatic-engineering-api/{VERSION}",
    "Accept-Encoding": "identity",
    "Content-Type": "application/json",
}


class Lost(Problem):
    """No answer came.

    Attributes:
        sent: Whether the CPU may have got the request: then nobody knows what came of it.
    """

    def __init__(self, code: str, message: str, kind: Kind, *, sent: bool) -> None:
        """Say why."""
        super().__init__(code, message, kind=kind)
        self.may_have_arrived = sent


@dataclass(slots=True)
class _Attempt:
    """One request.

    Attributes:
        sent: Whether its first byte was given to the connection.
    """

    sent: bool = False

    async def note(self, event: str, _: Any) -> None:
        """Take an event of the connection (httpcore's extension trace)."""
        if event == "http11.send_request_headers.started":
            self.sent = True


class Exchange:
    """Sends requests to one CPU. Any thread but the event loop's."""

    def __init__(self, connection: WebApiConnection, targets: Targets) -> None:
        """Connect with the first request."""
        self._connection, self._targets = connection, targets
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._client: httpx.AsyncClient | None = None
        self._room: asyncio.Semaphore | None = None
        self._addresses: tuple[float, list[str]] = (0.0, [])

    def post(self, body: bytes, token: str = "") -> httpx.Response:
        """Send a request once; return the answer, whose content is read.

        Raises:
            Lost: None came, it is too large, or the host is not allowed.
        """
        loop = self._running()
        return asyncio.run_coroutine_threadsafe(self._post(body, token), loop).result()

    def post_all(self, bodies: list[bytes], token: str = "") -> list[httpx.Response | Lost]:
        """Send several requests, a few at a time; return the answers in their order."""
        loop = self._running()

        async def one(body: bytes) -> httpx.Response | Lost:
            try:
                return await self._post(body, token)
            except Lost as lost:
                return lost

        async def every() -> list[httpx.Response | Lost]:
            return await asyncio.gather(*(one(body) for body in bodies))

        return asyncio.run_coroutine_threadsafe(every(), loop).result()

    def close(self) -> None:
        """End the connections. The next request connects again."""
        with self._lock:
            loop, thread, client = self._loop, self._thread, self._client
            self._loop = self._thread = self._client = self._room = None
        if loop is None or thread is None:
            return
        if client is not None:
            with suppress(Exception):
                asyncio.run_coroutine_threadsafe(client.aclose(), loop).result(self._connection.timeout)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_run, args=(self._loop,), name=f"webapi-{self._connection.host}", daemon=True
                )
                self._thread.start()
            return self._loop

    async def _post(self, body: bytes, token: str) -> httpx.Response:
        """Send once."""
        attempt, room = _Attempt(), self._room
        if room is None:
            room = self._room = asyncio.Semaphore(PARALLEL)
        try:
            async with asyncio.timeout(self._connection.timeout), room:
                return await self._send(attempt, await self._address(), body, token)
        except TimeoutError:
            msg = f"{self._connection.host} did not answer in {self._connection.timeout:g} s."
            raise Lost("runtime.unreachable", msg, Kind.TIMED_OUT, sent=attempt.sent) from None
        except Lost:
            raise
        except Problem as problem:
            raise Lost(problem.code, problem.message, problem.kind, sent=False) from None
        except (httpx.HTTPError, OSError) as error:
            raise self._explain(error, sent=attempt.sent) from None

    async def _address(self) -> str:
        """Return the address to connect to, which was checked."""
        at, known = self._addresses
        if not known or time.monotonic() - at > RESOLVED:
            known = await self._targets.resolve(self._connection.host, self._connection.port)
            self._addresses = time.monotonic(), known
        return known[0]

    async def _send(self, attempt: _Attempt, address: str, body: bytes, token: str) -> httpx.Response:
        client, connection = self._client_of(), self._connection
        scheme = "http" if connection.plain_http else "https"
        host = f"[{address}]" if ":" in address else address
        request = client.build_request(
            "POST",
            f"{scheme}://{host}:{connection.port}/api/jsonrpc",
            content=body,
            headers=_HEADERS
            | {"Host": f"{connection.host}:{connection.port}"}
            | ({"X-Auth-Token": token} if token else {}),
            extensions={"sni_hostname": connection.host, "trace": attempt.note},
        )
        response = await client.send(request, stream=True)
        try:
            content = bytearray()
            async for part in response.aiter_raw():
                content += part
                if len(content) > LARGEST_ANSWER:
                    msg = f"{connection.host} answered more than {LARGEST_ANSWER >> 20} MiB: read fewer tags at once."
                    raise Lost("runtime.answer_too_large", msg, Kind.BAD_ANSWER, sent=True)
        finally:
            await response.aclose()
        return httpx.Response(response.status_code, content=bytes(content))

    def _client_of(self) -> httpx.AsyncClient:
        if self._client is None:
            plain = self._connection.plain_http
            self._client = httpx.AsyncClient(
                verify=True if plain else context_for(self._connection),
                trust_env=False,
                follow_redirects=False,
                timeout=httpx.Timeout(None),
                limits=httpx.Limits(max_connections=PARALLEL, max_keepalive_connections=PARALLEL, keepalive_expiry=60),
            )
        return self._client

    def _explain(self, error: Exception, *, sent: bool) -> Lost:
        host = self._connection.host
        wrong = _cause(error, WrongCertificateError)
        if isinstance(wrong, WrongCertificateError):
            msg = (
                f"The certificate of {host} is not the one that the source accepts: it has the fingerprint {wrong.shown}. If the"
                " CPU's certificate was renewed, compare this fingerprint with the one that TIA Portal or the CPU's web page"
                " shows, and set it as the source's fingerprint. Otherwise somebody answers for the CPU."
            )
            return Lost("runtime.certificate", msg, Kind.BAD_ANSWER, sent=False)
        refused = _cause(error, ssl.SSLCertVerificationError)
        if isinstance(refused, ssl.SSLCertVerificationError):
            msg = (
                f"The certificate of {host} is not trusted ({refused.verify_message}). The action test of the source shows its"
                " fingerprint: compare it with the CPU's, and set it as the source's fingerprint, or give the certificate of the"
                " CA as ca."
            )
            return Lost("runtime.certificate", msg, Kind.BAD_ANSWER, sent=False)
        why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        what = "ended the connection before its answer was complete" if sent else "cannot be reached"
        return Lost("runtime.unreachable", f"{host} {what} ({why}).", Kind.UNAVAILABLE, sent=sent)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def _cause(error: BaseException, kind: type[BaseException]) -> BaseException | None:
    """Return the first cause of a kind."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, kind):
        seen = seen.__cause__ or seen.__context__
    return seen
