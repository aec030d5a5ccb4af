"""What asyncua does when a client connects, made strict: trusted certificates, secured channels, users of the service.

asyncua would accept a session on an open channel although no such endpoint is offered, and look at the certificate that
a client names instead of the one that secures its channel.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import Any, cast

from asyncua import Server, ua
from asyncua.common.utils import Buffer, NotEnoughData, ServiceError
from asyncua.crypto import uacrypto
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.binary_server_asyncio import BinaryServer, OPCUAProtocol
from asyncua.server.internal_server import InternalServer
from asyncua.server.uaprocessor import UaProcessor
from asyncua.ua.ua_binary import header_from_binary, struct_from_binary, uatcp_to_binary

from engineering_api.observability.rare import RareFilter, RareLog
from engineering_api.web.listening.admissions import Admissions, Limits, leave_a_quarter
from engineering_api.web.listening.gate import Gate
from openness_bridge.errors import Problem
from runtime_data.opcua.certificates import fingerprint, plain
from runtime_data.opcua.statuses import status_name
from runtime_data.servers.opcua.home import Home
from runtime_data.servers.opcua.sessions import Session, Surroundings

log = logging.getLogger(__name__)
_rare = RareLog(log)
for _library in ("binary_server_asyncio", "uaprocessor"):
    logging.getLogger(f"asyncua.server.{_library}").addFilter(RareFilter())
PATIENCE = 10.0
"""Seconds for the first chunk, and for one that has begun."""
_CREATE = ua.NodeId(ua.ObjectIds.CreateSessionRequest_Encoding_DefaultBinary)
_ACTIVATE = ua.NodeId(ua.ObjectIds.ActivateSessionRequest_Encoding_DefaultBinary)
_OPEN_POLICY = "http://opcfoundation.org/UA/SecurityPolicy#None"
DISCOVERING = 10
"""Connections beyond the sessions: of clients that only ask for the endpoints."""


class _Accepting:
    """The user manager that asyncua asks: whoever comes so far has been identified by `Processor`."""

    def get_user(self, _iserver: object, username: str | None = None, **_: object) -> User:
        return User(role=UserRole.User, name=username)


class Internal(InternalServer):
    """The part of asyncua's server that knows sessions."""

    def __init__(self, around: Surroundings) -> None:
        """Make sessions that use these surroundings."""
        self.around = around
        super().__init__(user_manager=_Accepting())
        settings = around.home.settings
        self.max_connections = settings.max_sessions + DISCOVERING
        self.max_subscriptions = 4 * settings.max_sessions
        self.allow_remote_admin = False
        self.match_discovery_source_ip = False
        self.disabled_clock = True

    def create_session(self, name: str, user: User | None = None, external: bool = False) -> Any:
        """Return a new session.

        Raises:
            ServiceError: There are as many as there may be.
        """
        if len(self._external_sessions) >= self.around.home.settings.max_sessions:
            raise ServiceError(ua.StatusCodes.BadTooManySessions)
        del external
        user = user or User(role=UserRole.Anonymous)
        return Session(self, self.aspace, self.subscription_service, name, user=user, external=True)

    @property
    def sessions(self) -> list[Session]:
        """The sessions of clients. Any thread may ask."""
        return [each for each in list(self._external_sessions.values()) if isinstance(each, Session)]


class Processor(UaProcessor):
    """The requests of one connection."""

    iserver: Internal

    async def _process_message(self, typeid: Any, requesthdr: Any, seqhdr: Any, body: Any) -> Any:
        if typeid in (_CREATE, _ACTIVATE):
            self._require_trusted()
        if typeid == _ACTIVATE:
            session = self.session or self.iserver.lookup_external_session(requesthdr.AuthenticationToken)
            if not isinstance(session, Session):
                raise ServiceError(ua.StatusCodes.BadSessionIdInvalid)
            session.require_same_client(self._certificate)
            params = struct_from_binary(ua.ActivateSessionParameters, body.copy())
            await self._identify(session, params.UserIdentityToken)
        result = await super()._process_message(typeid, requesthdr, seqhdr, body)
        if typeid == _CREATE and isinstance(self.session, Session):
            self.session.certificate = self._certificate
        return result

    @property
    def _certificate(self) -> bytes:
        """The certificate that secures the channel, as DER; empty for an open one."""
        found = self._connection.security_policy.peer_certificate
        return bytes(found) if found else b""

    def _require_trusted(self) -> None:
        settings = self.iserver.around.home.settings
        if self._connection.security_policy.URI == _OPEN_POLICY:
            if not settings.unsecured:
                raise ServiceError(ua.StatusCodes.BadSecurityPolicyRejected)
            return
        shown = fingerprint(self._certificate)
        if settings.trusted_clients and shown not in {plain(each) for each in settings.trusted_clients}:
            _rare.line(
                "An OPC UA client at %s is not trusted; the fingerprint of its certificate: %s", self.name, shown
            )
            raise ServiceError(ua.StatusCodes.BadCertificateUntrusted)

    async def _identify(self, session: Session, token: Any) -> None:
        name: str | None = None
        password: str | None = None
        if isinstance(token, ua.UserNameIdentityToken):
            try:
                name, password = self.iserver.decrypt_user_token(session, token)
            except Exception:  # noqa: BLE001 - what a client sends may be anything
                raise ServiceError(ua.StatusCodes.BadIdentityTokenInvalid) from None
        elif isinstance(token, ua.X509IdentityToken):
            raise ServiceError(ua.StatusCodes.BadIdentityTokenRejected)
        peer = self.sockname_of_peer()
        try:
            session.welcome(await self.iserver.around.home.identify(name, password, peer))
        except Problem as problem:
            raise ServiceError(getattr(ua.StatusCodes, status_name(problem))) from None

    def sockname_of_peer(self) -> str:
        """Return the client's address."""
        found = self._transport.get_extra_info("peername")
        return str(found[0]) if found else ""


class _MalformedError(Exception):
    """A client sent what is not a chunk of OPC UA."""


class _Protocol(OPCUAProtocol):
    """A connection that ends with the first chunk that cannot be read, and with a chunk that does not come in time.

    asyncua logs each of them and continues, keeps all that comes of a chunk of any size, and gives all connections one
    object of limits, which the greeting of each client changes.
    """

    processor: Any
    transport: asyncio.Transport | None
    limits: Any
    _buffer: bytes
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.limits = replace(self.limits)
        self._most = self.limits.max_recv_buffer
        super().connection_made(transport)
        if self.processor is not None:
            self.processor = Processor(self.iserver, transport, self.limits)
            self.processor.set_policies(self.policies)
            self._watch()

    def connection_lost(self, ex: BaseException | None) -> None:
        self._stop_watching()
        super().connection_lost(ex)

    def data_received(self, data: bytes) -> None:
        if self.transport is None or self.transport.is_closing():
            return
        self._buffer += data
        self._stop_watching()
        try:
            while self._take_chunk():
                pass
        except Exception as error:  # noqa: BLE001 - what a client sends may be anything
            self._refuse(error)
            return
        if self._buffer:
            self._watch()

    def _take_chunk(self) -> bool:
        """Queue the next chunk; False where it has not come whole yet."""
        rest = Buffer(self._buffer)
        try:
            header = header_from_binary(rest)
        except NotEnoughData:
            return False
        size = header.header_size + header.body_size
        if header.body_size <= 0 or size > self._most:
            msg = f"a chunk of {size} bytes"
            raise _MalformedError(msg)
        if len(rest) < header.body_size:
            return False
        self.messages.put_nowait((header, rest))
        self._buffer = self._buffer[size:]
        return True

    async def _process_received_message_loop(self) -> None:
        while True:
            header, content = await self.messages.get()
            if header is None:
                return
            try:
                if not await self._process_one_msg(header, content):
                    return
            except Exception as error:  # noqa: BLE001 - what a client sends may be anything
                self._refuse(error)
                return

    def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(PATIENCE, self._refuse, _MalformedError("a chunk that did not come in time"))

    def _stop_watching(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, error: Exception) -> None:
        """End the connection with the error that OPC UA has for it (Part 6, 7.1.5)."""
        self._stop_watching()
        _rare.line("The OPC UA server ends the connection of %s: %s: %s", self.peer_name, type(error).__name__, error)
        if self.transport is not None and not self.transport.is_closing():
            status = ua.StatusCode(ua.StatusCodes.BadTcpMessageTypeInvalid)
            answer = ua.ErrorMessage(status, "The message cannot be read.")
            self.transport.write(uatcp_to_binary(ua.MessageType.Error, answer))
            self.transport.close()


class _Binary(BinaryServer):
    def _make_protocol(self) -> OPCUAProtocol:
        return cast("OPCUAProtocol", Gate(self._make_inner, self.admissions))

    def _make_inner(self) -> OPCUAProtocol:
        return _Protocol(self.iserver, self._policies, self.clients, self.closing_tasks, self.limits)

    @cached_property
    def admissions(self) -> Admissions:
        """The connections that are open."""
        most = self.iserver.max_connections
        return Admissions("OPC UA server", Limits(most, leave_a_quarter(most)))


class UaServer(Server):
    """asyncua's server with these connections."""

    def __init__(self, around: Surroundings) -> None:
        """Make it; `init` and `start` begin."""
        super().__init__(iserver=Internal(around))
        settings = around.home.settings
        self.limits.max_message_size = settings.max_message
        self.limits.max_chunk_count = -(-settings.max_message // self.limits.max_recv_buffer)

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: The address cannot be listened on.
        """
        await self._setup_server_nodes()
        await self.iserver.start()
        address, port = self._get_bind_socket_info()
        self.bserver = _Binary(self.iserver, str(address), int(port or 0), self.limits)
        self.bserver.set_policies(self._policies)
        await self.bserver.start()


def identity_of(home: Home) -> tuple[list[Any], list[type]]:
    """Return the security policies and the kinds of logins that a server offers."""
    kinds = ua.SecurityPolicyType
    policies = [
        kinds.Aes256Sha256RsaPss_SignAndEncrypt,
        kinds.Aes256Sha256RsaPss_Sign,
        kinds.Aes128Sha256RsaOaep_SignAndEncrypt,
        kinds.Aes128Sha256RsaOaep_Sign,
        kinds.Basic256Sha256_SignAndEncrypt,
        kinds.Basic256Sha256_Sign,
    ]
    if home.settings.unsecured:
        policies.append(kinds.NoSecurity)
    tokens: list[type] = [ua.UserNameIdentityToken]
    if home.settings.anonymous != "off":
        tokens.append(ua.AnonymousIdentityToken)
    return policies, tokens


async def show_certificate(server: UaServer, certificate: bytes, key: bytes) -> None:
    """Let a server show a certificate."""
    server.iserver.certificate = uacrypto.x509_from_der(certificate)
    with suppress(FileNotFoundError):
        await server.load_private_key(key, format="pem")
