"""A client of SignalR that is connected by WebSocket."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

from engineering_api.features.jobs.signalr.connections import Connection
from engineering_api.features.jobs.signalr.messages import refuse_call
from engineering_api.features.jobs.signalr.signalr import SignalR
from engineering_api.operations import wire
from engineering_api.web.bodies import POLICY
from engineering_api.web.sockets import ENDS, Socket, run_until_one_ends
from openness_bridge.errors import Problem


async def connect(socket: Socket) -> None:
    """Serve a client that connects.

    Raises:
        Closed: It has gone, or was sent away.
    """
    await _serve(socket, is_first=True)


async def reconnect(socket: Socket) -> None:
    """Serve a client that comes back after its connection broke.

    Raises:
        Closed: It has gone, or was sent away.
    """
    await _serve(socket, is_first=False)


async def _serve(socket: Socket, *, is_first: bool) -> None:
    """Send what happens until the client goes; refuse what it calls.

    A problem is an error message of the protocol, after which the client does not come back by itself.

    Raises:
        Closed: The client has gone, or was sent away.
    """
    signalr = socket.service.part(SignalR)
    try:
        connection = signalr.get(socket.query.get("connectionToken", ""), socket.caller)
        last = signalr.last_of(socket.query.get("messageId", ""), connection)
        if is_first:
            await _send(socket, signalr.first(connection, last))
        following = _follow(socket, signalr, connection, last)
        await run_until_one_ends(following, _refuse_calls(socket))
    except Problem as problem:
        await _send(socket, {"E": problem.message})
        await socket.close(POLICY, problem.code)


async def _follow(socket: Socket, signalr: SignalR, connection: Connection, last: int) -> None:
    async with aclosing(signalr.follow(connection, socket.caller, last)) as documents:
        async for _, document in documents:
            await _send(socket, document)
    await socket.close(ENDS, "The connection, the login or the service has ended.")


async def _refuse_calls(socket: Socket) -> None:
    while True:
        await _send(socket, refuse_call(await socket.receive()))


async def _send(socket: Socket, document: dict[str, Any]) -> None:
    await socket.send(wire.encode(document))
