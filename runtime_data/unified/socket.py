"""The protocol graphql-transport-ws: several operations at once over one WebSocket. Facts: docs/facts/wincc.md#unified.

The first message carries the token, as clients of WinCC Unified send it.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

from engineering_api.operations import wire
from engineering_api.operations.context import Context, Progress
from engineering_api.operations.terms import Reach, Right
from engineering_api.web.sockets import Closed, Socket
from openness_bridge.errors import Kind, Problem
from runtime_data.unified.execution import GraphqlRequest, read_request, subscribe

SUBPROTOCOL = "graphql-transport-ws"
MOST_OPERATIONS = 50
INIT_PATIENCE = 10.0
"""Seconds in which the first message comes."""
BAD_MESSAGE, UNAUTHORIZED, TOO_LATE, TWICE, TOO_MANY_INITS = 4400, 4401, 4408, 4409, 4429
"""Codes with which the protocol closes the connection."""


async def serve(socket: Socket) -> None:
    """Serve one client until it goes, or its login ends.

    Raises:
        Closed: It has gone, or was sent away.
    """
    await _begin(socket)
    running: dict[str, asyncio.Task[None]] = {}
    try:
        while True:
            await _take(socket, running)
    finally:
        for task in running.values():
            task.cancel()
        await asyncio.gather(*running.values(), return_exceptions=True)


async def _begin(socket: Socket) -> None:
    """Take the first message, which says who the client is."""
    try:
        async with asyncio.timeout(INIT_PATIENCE):
            first = await _receive(socket)
    except TimeoutError:
        raise await _end(socket, TOO_LATE, "Connection initialisation timeout") from None
    if first.get("type") != "connection_init":
        raise await _end(socket, UNAUTHORIZED, "Unauthorized")
    payload = first.get("payload")
    given = payload if isinstance(payload, dict) else {}
    headers = {
        name.lower().encode(): value.encode("utf-8")
        for name, value in given.items()
        if isinstance(value, str) and name.lower() in {"authorization", "x-api-key"}
    }
    try:
        await socket.identify(headers, Right.VIEW, Reach.TAGS)
    except Problem:
        raise await _end(socket, UNAUTHORIZED, "Unauthorized") from None
    await socket.send(b'{"type":"connection_ack"}')


async def _take(socket: Socket, running: dict[str, asyncio.Task[None]]) -> None:
    """Do what the next message asks."""
    message = await _receive(socket)
    match message.get("type"):
        case "ping":
            await socket.send(b'{"type":"pong"}')
        case "pong":
            return
        case "subscribe":
            await _start(socket, running, message)
        case "complete":
            task = running.pop(str(message.get("id")), None)
            if task is not None:
                task.cancel()
        case "connection_init":
            raise await _end(socket, TOO_MANY_INITS, "Too many initialisation requests")
        case _:
            raise await _end(socket, BAD_MESSAGE, "Invalid message type")


async def _start(socket: Socket, running: dict[str, asyncio.Task[None]], message: dict[str, Any]) -> None:
    name = message.get("id")
    if not isinstance(name, str) or not name or len(name) > 100:
        raise await _end(socket, BAD_MESSAGE, "An operation needs an id of at most 100 characters")
    for done in [each for each, task in running.items() if task.done()]:
        del running[done]
    if name in running:
        raise await _end(socket, TWICE, f"Subscriber for {name} already exists")
    if len(running) >= MOST_OPERATIONS:
        msg = f"{MOST_OPERATIONS} operations run on this connection, the limit: end one, or open a second connection."
        await _send(socket, name, "error", [{"message": msg}])
        return
    try:
        request = read_request(message.get("payload"))
    except Problem as problem:
        raise await _end(socket, BAD_MESSAGE, problem.message) from None
    running[name] = asyncio.create_task(_run(socket, name, request))


async def _run(socket: Socket, name: str, request: GraphqlRequest) -> None:
    """Send the results of one operation."""
    ctx = Context(socket.service, socket.caller, Progress())
    try:
        async with aclosing(subscribe(ctx, request)) as results:  # type: ignore[type-var]  # it is a generator
            async for result in results:
                if "data" not in result:
                    await _send(socket, name, "error", result["errors"])
                    return
                await _send(socket, name, "next", result)
        await socket.send(wire.encode({"id": name, "type": "complete"}))
    except Problem as problem:
        if problem.kind is Kind.UNIDENTIFIED:
            await socket.close(UNAUTHORIZED, "Unauthorized")
            return
        await _send(socket, name, "error", [{"message": problem.message, "extensions": {"code": problem.code}}])
    except Closed:
        return


async def _send(socket: Socket, name: str, kind: str, payload: Any) -> None:
    await socket.send(wire.encode({"id": name, "type": kind, "payload": payload}))


async def _receive(socket: Socket) -> dict[str, Any]:
    """Return the next message.

    Raises:
        Closed: The client has gone, or sent what the protocol does not have.
    """
    try:
        return await socket.receive()
    except Problem as problem:
        raise await _end(socket, BAD_MESSAGE, problem.message) from None


async def _end(socket: Socket, code: int, reason: str) -> Closed:
    await socket.close(code, reason)
    return Closed()
