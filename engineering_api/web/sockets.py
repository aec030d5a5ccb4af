"""WebSockets: what each one passes before its endpoint serves it, and how it identifies its caller.

A browser sends no key with the request that opens a WebSocket, and a URL must not hold one. So the first message carries
the key or token, and until it has come the service does nothing else for the connection. A protocol of others has no such
message: there the headers of the handshake identify the caller, so that only programs can connect.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from litestar import websocket
from litestar.connection import WebSocket
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import WebsocketRouteHandler

from engineering_api.operations import wire
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service
from engineering_api.operations.declaration import Endpoint
from engineering_api.operations.elsewhere import require_here
from engineering_api.operations.fields import Nothing
from engineering_api.operations.streaming.streams import run_while_valid
from engineering_api.operations.terms import Reach, Right, Site
from engineering_api.security import Gate
from engineering_api.security.identities import Identities
from engineering_api.security.rate_limit import exceeds
from engineering_api.security.scopes import Scopes
from engineering_api.settings import variable
from engineering_api.web import url_secrets
from engineering_api.web.bodies import POLICY, decoded, refuse_handshake
from engineering_api.web.endpoints import require_known
from engineering_api.web.http import service_of
from engineering_api.web.own_host import require_own_page
from openness_bridge.errors import Kind, Problem

Connection = WebSocket[Any, Any, Any]
NO_TEXT, TOO_LARGE, ENDS = 1003, 1009, 1001
"""Codes with which a WebSocket is closed (RFC 6455, 7.4.1)."""
LONGEST_REASON = 100


class Closed(Exception):  # noqa: N818 - it is no error
    """The client has gone, or was sent away."""


class Login(msgspec.Struct, tag="login", tag_field="type", forbid_unknown_fields=True):
    """The first message.

    Attributes:
        id: What the answer names.
        key: An API key.
        token: A token of a login, in place of a key.
    """

    id: int | str
    key: str = ""
    token: str = ""


async def run_until_one_ends(*parts: Coroutine[Any, Any, None]) -> None:
    """Run what serves a client side by side until one of it ends; raises what ended it."""
    tasks = [asyncio.create_task(each) for each in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for each in done:
        each.result()


@dataclass(eq=False)
class Socket:
    """A WebSocket whose caller is known.

    Attributes:
        service: The service.
        caller: Who sends.
        query: The fields of the query with which it connected.
    """

    service: Service
    caller: Caller
    query: Mapping[str, str]
    _connection: Connection
    _gate: Gate
    _second: int = 0
    _messages: int = field(default=0)

    async def receive(self) -> dict[str, Any]:
        """Return the next message, a JSON object.

        Raises:
            Closed: The client has gone, or sends what no client should.
            Problem: The message is refused; the next one may be good.
        """
        text = await _receive(self._connection, self.service.settings.max_message)
        self._count()
        return decoded(text.encode(), self.service.settings)

    async def send(self, document: bytes) -> None:
        """Send JSON; wait while the client does not take earlier messages.

        Raises:
            Closed: The client has gone.
        """
        await _send(self._connection, document)

    async def close(self, code: int, reason: str) -> None:
        """End the connection."""
        await self._connection.close(code=code, reason=reason[:LONGEST_REASON])

    async def identify(self, headers: Mapping[bytes, bytes], right: Right, reach: Reach) -> None:
        """Identify the caller by headers that a message of the protocol carries in place of the handshake.

        Raises:
            Problem: The caller is not known, lacks the right, or is limited to something else.
        """
        client = self._connection.scope.get("client")
        admitted = await self._gate.admit(headers, client[0] if client else "", right)
        self.service.part(Scopes).require_reach(admitted.caller, reach)
        self.caller = admitted.caller

    def require_good(self) -> None:
        """Refuse a caller whose key or login has ended.

        Raises:
            Problem: It has.
        """
        self.service.part(Identities).require_good(self.caller)

    def _count(self) -> None:
        limit, second = self.service.settings.runtime_messages, int(time.monotonic())
        self._messages = self._messages + 1 if second == self._second else 1
        self._second = second
        if exceeds(self._messages, limit):
            msg = f"More than {limit} messages in a second ({variable('runtime_messages')}): name several tags in one message."
            raise Problem("runtime.messages", msg, kind=Kind.TOO_MANY).beyond(limit, self._messages)
        self._gate.count(self.caller)


def handlers(known: Iterable[Endpoint]) -> list[WebsocketRouteHandler]:
    """Return the handlers of all endpoints to which clients may connect by WebSocket."""
    return [_handler(each) for each in known if each.is_socket]


def _handler(endpoint: Endpoint) -> WebsocketRouteHandler:
    async def serve(socket: WebSocket) -> None:  # type: ignore[type-arg]  # Litestar reads the annotation
        service = service_of(socket)
        gate = service.part(Gate)
        try:
            _require_good_handshake(endpoint, socket, service)
            known = await _admit(endpoint, socket, service, gate) if endpoint.serve else None
        except Problem as problem:
            await refuse_handshake(problem, socket.scope, socket.send)
            return
        try:
            await socket.accept(subprotocols=endpoint.subprotocol or None)
            caller = known or await _identify(endpoint, socket, service, gate)
            served = Socket(service, caller, dict(socket.query_params), socket, gate)
            identities = service.part(Identities)
            work = (endpoint.serve or endpoint.run)(served)
            if not await run_while_valid(identities.holds, lambda: served.caller, work):
                identities.require_good(served.caller)
        except Problem as problem:
            await _end(socket, problem)
        except (Closed, WebSocketDisconnect):
            return

    return websocket(list(dict.fromkeys(route.path for route in endpoint.routes)))(serve)


def _require_good_handshake(endpoint: Endpoint, socket: Connection, service: Service) -> None:
    """Refuse a page of another origin, a secret in the URL, and a client that does not speak the protocol.

    Raises:
        Problem: It is one.
    """
    require_own_page(dict(socket.scope["headers"]), service.settings)
    url_secrets.require_none(socket.query_params, Nothing)
    require_known(endpoint, socket.query_params)
    if endpoint.subprotocol and endpoint.subprotocol not in socket.scope.get("subprotocols", ()):
        msg = f"This WebSocket speaks '{endpoint.subprotocol}': name it as the subprotocol (Sec-WebSocket-Protocol)."
        raise Problem("request.subprotocol", msg, kind=Kind.INVALID)


async def _identify(endpoint: Endpoint, socket: Connection, service: Service, gate: Gate) -> Caller:
    """Return who sends the first message.

    Raises:
        Problem: The message is no login, or the caller may not use the endpoint.
    """
    settings = service.settings
    try:
        async with asyncio.timeout(settings.head_timeout or None):
            text = await _receive(socket, settings.max_message)
        login = msgspec.convert(decoded(text.encode(), settings), Login)
    except TimeoutError:
        msg = f"No login came in {settings.head_timeout:g} s ({variable('head_timeout')}): send it first."
        raise Problem("auth.required", msg, kind=Kind.UNIDENTIFIED) from None
    except msgspec.ValidationError as error:
        msg = f'The first message is {{"type": "login", "id": 1, "key": "..."}} or has a token in place of the key: {error}.'
        raise Problem("auth.required", msg, kind=Kind.UNIDENTIFIED) from None
    if not (login.key or login.token):
        raise Problem("auth.required", "The login needs a key or a token.", kind=Kind.UNIDENTIFIED)
    sent = {b"x-api-key": login.key.encode()} if login.key else {b"authorization": b"Bearer " + login.token.encode()}
    caller = await _admit(endpoint, socket, service, gate, sent)
    await _send(
        socket,
        wire.encode({"type": "done", "id": login.id, "data": {"name": caller.name, "right": caller.right.word}}),
    )
    return caller


async def _admit(
    endpoint: Endpoint, socket: Connection, service: Service, gate: Gate, sent: Mapping[bytes, bytes] | None = None
) -> Caller:
    """Return who sent the headers, by default those of the handshake, and may use the endpoint.

    Raises:
        Problem: The caller is not known, lacks the right or is limited to other projects, or there is a gateway here.
    """
    client = socket.scope.get("client")
    headers = dict(socket.scope["headers"]) if sent is None else sent
    caller = (await gate.admit(headers, client[0] if client else "", endpoint.right)).caller
    if endpoint.site is Site.WORKER:
        require_here(service.gateway)
    service.part(Scopes).require_reach(caller, endpoint.reach)
    return caller


async def _receive(socket: Connection, limit: int) -> str:
    """Return the text of the next message.

    Raises:
        Closed: The client has gone, or the message is none of text or too large.
    """
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise Closed
    text = message.get("text")
    if not isinstance(text, str):
        await socket.close(code=NO_TEXT, reason="Send JSON as text.")
        raise Closed
    if exceeds(len(text), limit):
        await socket.close(code=TOO_LARGE, reason=f"More than {limit} bytes ({variable('max_message')}).")
        raise Closed
    return text


async def _send(socket: Connection, document: bytes) -> None:
    try:
        await socket.send_text(document.decode())
    except (OSError, WebSocketDisconnect, RuntimeError) as error:
        raise Closed from error


async def _end(socket: Connection, problem: Problem) -> None:
    """Say why the connection ends, and end it."""
    try:
        await _send(socket, wire.encode({"type": "refused", "id": None, "error": wire.fault(problem)}))
        await socket.close(code=POLICY, reason=problem.code)
    except Closed:
        return
