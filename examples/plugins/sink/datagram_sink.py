"""A sink that sends each push as one UDP datagram: its body, signed with a token."""

import asyncio
import hmac
from typing import Annotated

from engineering_api.operations.fields import Model, named, secret
from openness_bridge.errors import Detail, Place
from runtime_data.sinks.transport import Answer, TransportKind


class DatagramSend(Model):
    """The fields of `send`. The token is kept sealed, and no answer has it."""

    host: Annotated[str, named("Name or address of the receiver.", min_length=1, max_length=253)]
    port: Annotated[int, named("UDP port.", ge=1, le=65535)]
    token: Annotated[str, secret("What the bodies are signed with.")] = ""


class DatagramTransport:
    def __init__(self, send, around):
        self._send, self._around = send, around

    async def send(self, outgoing):
        [address, *_] = await self._around.targets.addresses(urls(self._send)[0])
        signature = hmac.new(self._send.token.encode(), outgoing.body, "sha256").hexdigest()
        loop = asyncio.get_running_loop()
        socket, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, remote_addr=(address, self._send.port)
        )
        socket.sendto(signature.encode() + b" " + outgoing.body)
        socket.close()
        return Answer(ok=True)

    async def close(self):
        """End nothing: each push has its own socket."""


def check(send):
    """Return what is wrong beyond the limits of the fields."""
    short = [Detail("datagram.token", "Write a token of 16 characters at least.", Place(pointer="/token"))]
    return short if len(send.token) < 16 else []


def urls(send):
    """Return the receiver as a URL, which the service compares with the allowed hosts."""
    return [f"https://{send.host}:{send.port}"]


KIND = TransportKind("datagram", DatagramSend, check, DatagramTransport, urls)
