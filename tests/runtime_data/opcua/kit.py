"""A service with a virtual CPU whose tags it serves by OPC UA, and a foreign OPC UA server, for the tests of both ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asyncua import Client, Server, ua
from asyncua.crypto import uacrypto
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256

from engineering_api.operations.terms import Right
from engineering_api.security.identities import Identities
from runtime_data.opcua import certificates
from tests.fakes.fake_plcsim.kit import load
from tests.runtime_data.native.live import Live, live

PASSWORD = "a long password of the tests"  # noqa: S105 - of users that exist in tests only
OPEN = {"port": 0, "source": "PLC_1", "anonymous": "write", "unsecured": True}
SECURED = {"port": 0, "source": "PLC_1"}
ROUTE = "/api/runtime/servers/opcua"


@dataclass
class Rig:
    """A live service.

    Attributes:
        url: Where its OPC UA server is.
    """

    live: Live
    folder: Path
    url: str = ""

    async def ok(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.live.http.request(method, path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def serve(self, **settings: Any) -> str:
        """Start the OPC UA server; return its address."""
        found = await self.ok("PUT", ROUTE, {"enabled": True, "settings": settings})
        assert found["state"] == "running", found["message"]
        (self.url,) = found["endpoints"]
        return self.url

    async def start_cpu(self, name: str = "PLC_1") -> None:
        await self.ok("POST", "/api/simulation/instances/create", {"name": name, "powerOn": True})
        await self.download(name)
        await self.ok("POST", f"/api/simulation/instances/{name}/run")

    async def download(self, name: str = "PLC_1", **about: Any) -> None:
        manager = self.live.service.simulation.model.SimulationRuntimeManager
        await asyncio.to_thread(lambda: load(manager.CreateInterface(name), **about))

    async def user(self, name: str, right: Right, **given: Any) -> None:
        await self.live.service.part(Identities).users.make(name, PASSWORD, right, "tests", **given)

    @asynccontextmanager
    async def secured(self, name: str = "", password: str = PASSWORD, app: str = "test") -> AsyncIterator[Client]:
        """A client on a signed and encrypted connection, as a user."""
        client = await secured_client(self.url, self.folder / "clients", name, password, app)
        async with client:
            yield client


def connect(url: str) -> Client:
    """A client that waits: asyncua's own drops a connection that does not answer for a second."""
    return Client(url, timeout=60, watchdog_intervall=60)


async def secured_client(url: str, folder: Path, name: str, password: str = PASSWORD, app: str = "test") -> Client:
    client = connect(url)
    own = certificates.own(folder, app)
    client.application_uri = own.uri
    if name:
        client.set_user(name)
        client.set_password(password)
    await client.set_security(
        SecurityPolicyBasic256Sha256,
        uacrypto.CertProperties(own.certificate, "der"),
        uacrypto.CertProperties(own.key, "pem"),
    )
    return client


def run(folder: Path, scenario: Callable[[Rig], Awaitable[None]], **given: Any) -> None:
    """Run a scenario with a live service."""

    async def whole() -> None:
        async with live(folder / "data", **given) as server:
            await asyncio.wait_for(scenario(Rig(server, folder)), 240)

    asyncio.run(whole())


@dataclass
class Heard:
    """What a subscription says: the newest value of each node, and events."""

    values: dict[str, Any] = field(default_factory=dict)
    events: list[Any] = field(default_factory=list)

    def datachange_notification(self, node: Any, value: Any, data: Any) -> None:
        self.values[node.nodeid.to_string()] = data.monitored_item.Value

    def event_notification(self, event: Any) -> None:
        self.events.append(event)

    def status_change_notification(self, status: Any) -> None:
        del status


async def until(holds: Callable[[], Any]) -> Any:
    """Wait until something holds; return it."""

    async def look() -> Any:
        return holds()

    return await eventually(look)


async def eventually(holds: Callable[[], Awaitable[Any]]) -> Any:
    """Wait until something holds that has to be asked for; return it."""
    async with asyncio.timeout(60):
        while True:
            if found := await holds():
                return found
            await asyncio.sleep(0.05)


async def code_of(work: Awaitable[Any]) -> str:
    """The name of the status with which a call is refused; Good where it is not."""
    try:
        await work
    except ua.UaStatusCodeError as error:
        return ua.StatusCode(error.code).name
    return "Good"


class Foreign:
    """Another's OPC UA server, with its own names."""

    def __init__(self, port: int = 0) -> None:
        self.port, self.server = port, Server()

    async def __aenter__(self) -> Foreign:
        await self.begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end()

    async def begin(self, certificate: certificates.Own | None = None) -> None:
        server = self.server = Server()
        await server.init()
        server.set_endpoint(f"opc.tcp://127.0.0.1:{self.port}/foreign")
        if certificate is not None:
            await server.set_application_uri(certificate.uri)
            await server.load_certificate(certificate.certificate, "der")
            await server.load_private_key(certificate.key, format="pem")
            server.set_security_policy([ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt])
        else:
            server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
        index = await server.register_namespace("http://example.org/foreign")
        self.plant = await server.nodes.objects.add_folder(ua.NodeId("Plant", index), ua.QualifiedName("Plant", index))
        self.nodes = {}
        for name, value, kind in VARIABLES:
            node = await self.plant.add_variable(
                ua.NodeId(f"Plant/{name}", index), ua.QualifiedName(name, index), ua.Variant(value, kind)
            )
            await node.set_writable(name != "Fixed")
            self.nodes[name] = node
        await server.start()
        assert server.bserver is not None
        self.port = server.bserver.port

    async def end(self) -> None:
        await self.server.stop()


KINDS = ua.VariantType
VARIABLES: list[tuple[str, Any, ua.VariantType]] = [
    ("Flag", True, KINDS.Boolean),
    ("Small", -5, KINDS.SByte),
    ("Octet", 200, KINDS.Byte),
    ("Word", 65_000, KINDS.UInt16),
    ("Count", -70_000, KINDS.Int32),
    ("Large", 2**63 - 1, KINDS.Int64),
    ("Larger", 2**64 - 1, KINDS.UInt64),
    ("Speed", 1.5, KINDS.Float),
    ("Exact", 0.1, KINDS.Double),
    ("Note", "text", KINDS.String),
    ("Row", [1, 2, 3], KINDS.Int16),
    ("Fixed", 7, KINDS.Int16),
    ("a.b", 3, KINDS.Int16),
]
