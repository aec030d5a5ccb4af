"""One connection to an OPC UA server: secured, with a pinned certificate, made again with growing pauses after it is lost."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from asyncua import Client, Node, ua
from asyncua.crypto import security_policies, uacrypto

from openness_bridge.errors import Kind, Problem
from runtime_data.opcua import certificates
from runtime_data.sources.opcua.settings import OpcuaConnection

log = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds after which a lost connection is tried again; each failure doubles the pause."""
AT_ONCE = 500
"""Nodes of one request."""
_POLICIES = {
    "Basic256Sha256": security_policies.SecurityPolicyBasic256Sha256,
    "Aes128Sha256RsaOaep": security_policies.SecurityPolicyAes128Sha256RsaOaep,
    "Aes256Sha256RsaPss": security_policies.SecurityPolicyAes256Sha256RsaPss,
}
Heard = Callable[[ua.NodeId, ua.DataValue], None]
"""Takes a change of a node."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link connects to.

    Attributes:
        connection: The settings.
        own: The certificate that the service shows; None for a connection without security.
        addresses: Returns the addresses that may be connected to. In a worker thread.
    """

    connection: OpcuaConnection
    own: Callable[[], certificates.Own]
    addresses: Callable[[], Sequence[str]]


class Link:
    """A connection. In the source's event loop only.

    Attributes:
        message: Why it is not connected; empty where it is, or nobody has asked.
    """

    def __init__(self, target: Target, heard: Heard, clock: Callable[[], float] = time.monotonic) -> None:
        """Connect to this target when somebody asks.

        Args:
            target: Where.
            heard: Takes changes of monitored nodes.
            clock: Gives seconds, for the pauses.
        """
        self._target, self._heard, self._clock = target, heard, clock
        self._client: Client | None = None
        self._subscription: Any = None
        self._handles: dict[ua.NodeId, int] = {}
        self._connecting = asyncio.Lock()
        self._retry_at, self._pause = 0.0, FIRST_PAUSE
        self.message = ""

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection, as far as is known."""
        return self._client is not None

    async def client(self) -> Client:
        """Return the client of a connection; connect where there is none and the pause is over.

        Raises:
            Problem: The server cannot be reached, or is not who it should be (runtime.source_away, runtime.certificate).
        """
        async with self._connecting:
            if self._client is not None:
                return self._client
            if self._clock() < self._retry_at:
                raise Problem("runtime.source_away", self.message, kind=Kind.UNAVAILABLE)
            try:
                self._client = await self._connect()
            except Problem as problem:
                self._note_failure(problem.message)
                raise
            except Exception as error:  # asyncua raises what its layers raise
                why = str(error) or type(error).__name__
                self._note_failure(f"The OPC UA server {self._where} cannot be reached: {why}.")
                raise Problem("runtime.source_away", self.message, kind=Kind.UNAVAILABLE) from error
            self._pause, self._retry_at, self.message = FIRST_PAUSE, 0.0, ""
            return self._client

    async def check(self) -> None:
        """Ask the server for its state; a connection that is lost is dropped.

        Raises:
            Problem: It is lost, or cannot be made.
        """
        client = await self.client()
        try:
            node = client.get_node(ua.NodeId(ua.ObjectIds.Server_ServerStatus_State))
            await asyncio.wait_for(node.read_value(), self._target.connection.timeout)
        except Exception as error:
            await self.lose(error)
            raise Problem("runtime.source_away", self.message, kind=Kind.UNAVAILABLE) from error

    async def lose(self, error: BaseException) -> None:
        """Drop a connection after an error; the next one is made when somebody asks."""
        self._note_failure(
            f"The connection to the OPC UA server {self._where} is lost: {str(error) or type(error).__name__}."
        )
        self._retry_at = 0.0  # a server that comes back at once is found at once
        await self.close()

    async def close(self) -> None:
        """End the connection."""
        client, self._client, self._subscription = self._client, None, None
        self._handles.clear()
        if client is not None:
            with suppress(Exception):
                await asyncio.wait_for(client.disconnect(), 1.0)
            client.disconnect_socket()

    async def monitor(self, wanted: Mapping[ua.NodeId, object]) -> dict[ua.NodeId, ua.StatusCode]:
        """Monitor these nodes and no others; return those that the server refuses.

        Raises:
            Problem: The server cannot be reached.
        """
        client = await self.client()
        try:
            return await self._monitor(client, wanted)
        except Exception as error:
            await self.lose(error)
            raise Problem("runtime.source_away", self.message, kind=Kind.UNAVAILABLE) from error

    async def _monitor(self, client: Client, wanted: Mapping[ua.NodeId, object]) -> dict[ua.NodeId, ua.StatusCode]:
        if self._subscription is None:
            if not wanted:
                return {}
            self._subscription = await client.create_subscription(self._target.connection.sampling, self)
        gone = [handle for key, handle in self._handles.items() if key not in wanted]
        self._handles = {key: handle for key, handle in self._handles.items() if key in wanted}
        for at in range(0, len(gone), AT_ONCE):
            await self._subscription.unsubscribe(gone[at : at + AT_ONCE])
        new = [key for key in wanted if key not in self._handles]
        refused: dict[ua.NodeId, ua.StatusCode] = {}
        for at in range(0, len(new), AT_ONCE):
            part = new[at : at + AT_ONCE]
            found = await self._subscription.subscribe_data_change(
                [client.get_node(key) for key in part],
                queuesize=1,
                sampling_interval=float(self._target.connection.sampling),
            )
            for key, handle in zip(part, found, strict=True):
                if isinstance(handle, ua.StatusCode):
                    refused[key] = handle
                else:
                    self._handles[key] = handle
        return refused

    def datachange_notification(self, node: Node, _value: object, data: Any) -> None:
        """Take a change, as asyncua calls it."""
        self._heard(node.nodeid, data.monitored_item.Value)

    @property
    def _where(self) -> str:
        return f"{self._target.connection.host}:{self._target.connection.port}"

    def _note_failure(self, message: str) -> None:
        if self._client is None:
            self._retry_at = self._clock() + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        self.message = message

    async def _connect(self) -> Client:
        connection = self._target.connection
        errors: list[Exception] = []
        for address in await asyncio.to_thread(self._target.addresses):
            host = f"[{address}]" if ":" in address else address
            try:
                return await self._connect_to(f"opc.tcp://{host}:{connection.port}{connection.path}")
            except (OSError, TimeoutError) as error:
                errors.append(error)
        raise errors[-1]

    async def _connect_to(self, url: str) -> Client:
        connection = self._target.connection
        client = Client(url, timeout=connection.timeout, watchdog_intervall=connection.timeout)
        client.name = client.description = "Open engineering API for SIMATIC PLCs"
        if connection.security_policy != "None":
            await self._secure(client)
        if connection.username:
            client.set_user(connection.username)
            client.set_password(connection.password)
        await client.connect()
        return client

    async def _secure(self, client: Client) -> None:
        """Let a client use the endpoint of the chosen security, with the certificate that is pinned.

        Raises:
            Problem: The server has no such endpoint, or shows another certificate.
        """
        connection = self._target.connection
        own = await asyncio.to_thread(self._target.own)
        policy, mode = _POLICIES[connection.security_policy], ua.MessageSecurityMode[connection.security_mode]
        endpoints = await client.connect_and_get_server_endpoints()
        fitting = [each for each in endpoints if (each.SecurityPolicyUri, each.SecurityMode) == (policy.URI, mode)]
        if not fitting:
            offered = sorted(
                {f"{each.SecurityPolicyUri.rpartition('#')[2]} {each.SecurityMode.name}" for each in endpoints}
            )
            msg = (
                f"The OPC UA server {self._where} does not offer {connection.security_policy} {connection.security_mode},"
                f" but: {', '.join(offered)}."
            )
            raise Problem("runtime.source_security", msg, kind=Kind.CONFLICT)
        shown = bytes(fitting[0].ServerCertificate)
        found, wanted = certificates.fingerprint(shown), certificates.plain(connection.server_certificate)
        if found != wanted:
            why = "is not the one that serverCertificate names" if wanted else "is not known yet"
            msg = (
                f"The certificate of the OPC UA server {self._where} {why}. If it is the right one, write its fingerprint as"
                f" serverCertificate: {found}"
            )
            raise Problem("runtime.certificate", msg, kind=Kind.CONFLICT)
        client.application_uri = own.uri
        await client.set_security(
            policy,
            uacrypto.CertProperties(own.certificate, "der"),
            uacrypto.CertProperties(own.key, "pem"),
            server_certificate=uacrypto.CertProperties(shown, "der"),
            mode=mode,
        )
