"""Every operation for every kind of caller: what is expected follows from the operation's declaration alone.

The runner is replaced by one that notes what it is asked for, so nothing is done; requests go to the service as a server
hands them over, without a client between.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from engineering_api import app as wiring
from engineering_api.execution.runner import Runner
from engineering_api.features.tools.own import OWN
from engineering_api.features.tools.toolbox import Toolbox
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service
from engineering_api.operations.declaration import Endpoint, Operation
from engineering_api.operations.terms import Login, Right
from engineering_api.security import Gate, scopes
from engineering_api.security.identities import Identities
from engineering_api.security.roles import RIGHTS
from engineering_api.security.tokens import Tokens
from engineering_api.web.application import App
from engineering_api.web.endpoints import path_of
from engineering_api.web.http import litestar_path
from tests.engineering_api.security.issuer import Issuer, issuing
from tests.engineering_api.security.kit import serving
from tests.support.service import KEY

WORD = "correct horse battery staple"
ADMITTED = 0
HERE, ELSEWHERE = "127.0.0.1", "192.168.7.7"
ENDPOINTS = {
    (route.method, path_of(endpoint, route.path)): endpoint
    for endpoint in wiring.catalogue().endpoints
    for route in endpoint.routes
}
"""Ways in that are no operations."""
PAGES = {
    "/",
    "/swagger",
    "/swagger/{name:str}",
    "/console",
    "/console/{path:path}",
    "/schema/openapi.json",
    "/schema/v2/openapi.json",
    "/docs",
    "/docs/{name:path}",
}
"""What anybody may read: the documentation and the description of the API, which are those of every server of this version."""
HELD = ("/signalr/poll", "/signalr/reconnect", "/mcp/sse", "/mcp", "/mcp/messages")
"""Those that are held open for who is admitted; tests/engineering_api/web/test_signalr.py and test_mcp.py show that they are."""


@dataclass(frozen=True)
class Kind:
    """A kind of callers.

    Attributes:
        right: What they may; None where they are refused with `code` whatever they ask.
    """

    name: str
    headers: dict[str, str]
    right: Right | None = None
    code: str = ""
    status: int = 401
    address: str = HERE

    def expected(self, right: Right) -> tuple[int, str]:
        """Status and code of the refusal of something that needs a right; ADMITTED where there is none."""
        if right is Right.PUBLIC:
            return ADMITTED, ""
        if self.right is None:
            return self.status, self.code
        return (ADMITTED, "") if self.right >= right else (403, "auth.right")


class Noting(Runner):
    """Does nothing, and notes what for whom."""

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self.noted: list[str] = []

    async def wait(self, op: Operation, *_: Any, **__: Any) -> bytes:
        self.noted.append(op.name)
        return b'{"message": ""}'

    async def submit(self, op: Operation, *_: Any, **__: Any) -> str:
        self.noted.append(op.name)
        return "none"

    async def submit_and_wait(self, op: Operation, *_: Any, **__: Any) -> tuple[str, bytes | None]:
        self.noted.append(op.name)
        return "none", None


async def ask(app: App, method: str, path: str, kind: Kind, body: bytes = b"", *, cut: bool = False) -> tuple[int, str]:
    """Status and, of a refusal, code. An answer that may go on for ever is cut off once it has begun."""
    headers = [
        (b"host", b"127.0.0.1"),
        *((name.lower().encode(), text.encode()) for name, text in kind.headers.items()),
    ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": (kind.address, 5),
        "server": ("127.0.0.1", 9000),
    }
    answer: asyncio.Queue[Any] = asyncio.Queue()
    sent = False

    async def receive() -> Any:
        nonlocal sent
        if sent:
            await asyncio.Event().wait()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    task = asyncio.create_task(app(scope, receive, answer.put))
    async with asyncio.timeout(30):
        first = await answer.get()
    status, code = first["status"], ""
    if status in {401, 403}:
        await task
        code = code_of(msgspec.json.decode((await answer.get())["body"]))
    elif cut:
        task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return status, code


def code_of(refused: Any) -> str:
    """The code of a refusal; clients of other systems know no envelope, and those of Ignition no code."""
    return str(refused["error"]["code"] if isinstance(refused["error"], dict) else refused.get("code", ""))


async def kinds(service: Service, issuer: Issuer) -> list[Kind]:
    """All kinds of callers."""
    keys, users = service.part(Identities).keys, service.part(Identities).users
    found = [
        Kind("nobody", {}, code="auth.required"),
        Kind("nobody, elsewhere", {}, code="auth.required", address=ELSEWHERE),
        Kind("wrong key", {"X-API-Key": "wrong"}, code="auth.key"),
        Kind("key like one", {"X-API-Key": "tia_0123456789ab_wrong"}, code="auth.key"),
        Kind("own key", {"X-API-Key": KEY}, Right.ADMINISTER, address=ELSEWHERE),
        Kind("basic", {"Authorization": "Basic ZXZhOmV2YQ=="}, code="auth.required"),
        Kind(
            "wrong key with a good token",
            {"X-API-Key": "wrong", "Authorization": f"Bearer {issuer.token('plc-admins')}"},
            code="auth.key",
        ),
    ]
    for role, right in RIGHTS.items():
        _, key = await keys.make(f"key of a {role}", right, "test", addresses=["127.0.0.0/8"])
        await users.make(role, WORD, right, "test")
        token = (await users.login(role, WORD, "")).access
        found += [
            Kind(f"key of a {role}", {"X-API-Key": key}, right),
            Kind(f"user, {role}", {"Authorization": f"Bearer {token}"}, right),
            Kind(
                f"token of the issuer, {role}", {"Authorization": f"bearer {issuer.token(f'plc-{role}s', 'x')}"}, right
            )
            if role != "administrator"
            else Kind(f"token of the issuer, {role}", {"Authorization": f"Bearer {issuer.token('plc-admins')}"}, right),
        ]
    return [*found, *await refused_keys(service), *await refused_users(service), *refused_tokens(issuer)]


async def refused_keys(service: Service) -> list[Kind]:
    keys = service.part(Identities).keys
    _, here = await keys.make("here", Right.ADMINISTER, "test", addresses=["127.0.0.0/8"])
    _, expired = await keys.make("expired", Right.ADMINISTER, "test", days=1e-9)
    gone, revoked = await keys.make("revoked", Right.ADMINISTER, "test")
    await keys.revoke(gone.id)
    again, rotated = await keys.make("rotated", Right.ADMINISTER, "test")
    await keys.rotate(again.id)
    return [
        Kind("key from a wrong address", {"X-API-Key": here}, code="auth.address", status=403, address=ELSEWHERE),
        Kind("expired key", {"X-API-Key": expired}, code="auth.expired"),
        Kind("revoked key", {"X-API-Key": revoked}, code="auth.key"),
        Kind("key before its rotation", {"X-API-Key": rotated}, code="auth.key"),
    ]


async def refused_users(service: Service) -> list[Kind]:
    users, folder = service.part(Identities).users, service.settings.data_dir
    tokens: dict[str, str] = {}
    for name in ("locked", "left", "removed", "former"):
        await users.make(name, WORD, Right.ADMINISTER, "test")
        tokens[name] = (await users.login(name, WORD, "")).access
    await users.change("locked", enabled=False)
    await users.remove("removed")
    await users.change("former", password=WORD + "!")
    claims = jwt.decode(tokens["left"], options={"verify_signature": False})
    await users.end([claims["sid"]])
    good = jwt.decode((await users.login("administrator", WORD, "")).access, options={"verify_signature": False})
    past = Tokens(folder, lambda: time.time() - 7200).sign(good["sub"], good["sid"], good["gen"])
    tokens["alg none"] = jwt.encode(good, None, algorithm="none")
    tokens["wrong signature"] = jwt.encode(good, "x" * 43, algorithm="HS256")
    refused = {name: Kind(f"user: {name}", bearer(token), code="auth.token") for name, token in tokens.items()}
    return [*refused.values(), Kind("user: expired", bearer(past), code="auth.expired")]


def refused_tokens(issuer: Issuer) -> list[Kind]:
    key = next(iter(issuer.keys.values()))
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo).hex()
    admin = "plc-admins"
    wrong = {
        "of another issuer": issuer.token(admin, iss="https://other.example"),
        "for another service": issuer.token(admin, aud="other"),
        "without audience": issuer.token(admin, aud=None),
        "without end": issuer.token(admin, exp=None),
        "alg none": jwt.encode(issuer.claims(admin), None, algorithm="none", headers={"kid": "first"}),
        "HS256 with the public key": jwt.encode(
            issuer.claims(admin), public, algorithm="HS256", headers={"kid": "first"}
        ),
        "HS384 with the public key": jwt.encode(
            issuer.claims(admin), public, algorithm="HS384", headers={"kid": "first"}
        ),
    }
    return [
        *(Kind(f"token: {name}", bearer(token), code="auth.token") for name, token in wrong.items()),
        Kind("token: expired", bearer(issuer.token(admin, exp=time.time() - 120)), code="auth.expired"),
        Kind("token: without a role", bearer(issuer.token("cook")), code="auth.right", status=403),
    ]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def filled(op: Operation, path: str) -> tuple[str, bytes]:
    """A path with the example's names, and the example as a body."""
    for name in op.request.__struct_encode_fields__:
        path = path.replace(f"{{{name}}}", str(op.example.get(name, "x")).replace("/", "%2F").replace(" ", "%20"))
    return path, msgspec.json.encode(op.example)


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


def test_every_operation_for_every_kind_of_caller(tmp_path: Path, issuer: Issuer) -> None:
    async def scenario() -> None:
        async with serving(tmp_path, make_runner=lambda service, _: Noting(service), **issuer.settings) as app:
            service: Service = app.state.service
            everybody = await kinds(service, issuer)
            assert {kind.right for kind in everybody} == {None, *RIGHTS.values()}
            wrong = []
            for op in service.catalogue:
                for number, route in enumerate(op.routes):
                    path, body = filled(op, route.path)
                    for kind in everybody if number == 0 else everybody[:1]:
                        wrong += await difference(
                            app, op, route.method, path, kind, b"" if route.method == "GET" else body
                        )
            assert wrong == []
            assert await service.jobs.latest(None, None, 1) == []

    asyncio.run(scenario())


async def difference(app: App, op: Operation, method: str, path: str, kind: Kind, body: bytes) -> list[str]:
    """What is not as expected when a caller asks for an operation."""
    noted = app.state.service.part(Runner).noted
    noted.clear()
    answer, expected = await ask(app, method, path, kind, body), kind.expected(op.right)
    if expected[0] == ADMITTED:
        return [] if answer[0] not in {401, 403, 404, 405} else [f"{kind.name}: {op.name} is refused: {answer}"]
    return [] if (answer, noted) == (expected, []) else [f"{kind.name}: {op.name} is answered {answer}, not {expected}"]


def test_there_is_no_way_in_that_is_not_declared(tmp_path: Path) -> None:
    async def served() -> set[tuple[str, str]]:
        async with serving(tmp_path) as app:
            ways = {(route.path, frozenset(getattr(route, "methods", ()))) for route in app.routes}
        return {(path, method) for path, methods in ways for method in methods - {"OPTIONS"} or {""}}

    operations = {(litestar_path(route.path), route.method) for op in wiring.catalogue() for route in op.routes}
    others = {(path, method) for method, path in ENDPOINTS}
    sockets = {(path, "") for (_, path), endpoint in ENDPOINTS.items() if endpoint.is_socket}
    assert asyncio.run(served()) == operations | others | sockets | {(path, "GET") for path in PAGES}


def test_every_endpoint_for_every_kind_of_caller(tmp_path: Path, issuer: Issuer) -> None:
    """Streams, transfers, SignalR and MCP ask the same gate."""

    async def scenario() -> None:
        async with serving(tmp_path, **issuer.settings) as app:
            wrong = []
            for kind in await kinds(app.state.service, issuer):
                for (method, path), endpoint in sorted(ENDPOINTS.items(), key=ends_login):
                    if kind.name == "basic" and endpoint.login is Login.BASIC:
                        continue  # test_basic.py: a wrong password is a failed login, and those are limited
                    expected = kind.expected(endpoint.right)
                    if path == "/graphql" and kind.code == "auth.required" and kind.name != "basic":
                        expected = (401, "auth.required")  # its login alone is for everybody
                    if path.startswith("/system/webdev/") and expected[0] != ADMITTED:
                        wrong += await refused_otherwise(app, method, path, kind)
                    else:
                        wrong += await other_difference(app, method, path, kind, expected)
            assert wrong == [], wrong

    asyncio.run(scenario())


async def other_difference(app: App, method: str, path: str, kind: Kind, expected: tuple[int, str]) -> list[str]:
    """What is not as expected when a caller comes by a way that is no operation."""
    if expected[0] == ADMITTED and path in HELD:
        return []
    name = "none" if method == "GET" else "made"
    answer = await ask(app, method, re.sub(r"\{.*?\}", name, path), kind, cut=True)
    refused = answer if answer[0] in {401, 403} else (ADMITTED, "")
    return [] if refused == expected else [f"{kind.name}: {method} {path} is answered {answer}, not {expected}"]


def ends_login(offered: tuple[tuple[str, str], Endpoint]) -> bool:
    """Whether a request ends the login that it is sent with, so that it has to be the last one."""
    return offered[0][1].endswith("/logout")


async def refused_otherwise(app: App, method: str, path: str, kind: Kind) -> list[str]:
    """What is wrong when a caller comes by a way whose refusals have another system's form, with its statuses."""
    answer = await ask(app, method, re.sub(r"\{.*?\}", "none", path), kind, cut=True)
    return [] if answer[0] in {401, 403} else [f"{kind.name}: {method} {path} is answered {answer}, not refused"]


def test_tools_are_those_that_a_caller_may_call(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with serving(tmp_path) as app:
            service: Service = app.state.service
            gate, toolbox = Gate(service.part(Identities), service.settings), service.part(Toolbox)
            shown: list[set[str]] = []

            def operations(caller: Caller) -> list[Operation]:
                return [
                    toolbox.operation(tool.name)
                    for tool in toolbox.tools(caller, everything=True)
                    if tool.name not in OWN
                ]

            for role, right in RIGHTS.items():
                _, text = await service.part(Identities).keys.make(role, right, "test")
                caller = (await gate.admit({b"x-api-key": text.encode()}, "", Right.VIEW)).caller
                assert all(op.right <= right for op in operations(caller))
                shown.append({tool.name for tool in toolbox.list_tools(caller, writing=True)})
            assert shown[0] < shown[1] <= shown[2] <= shown[3]
            _, text = await service.part(Identities).keys.make("limited", Right.ADMINISTER, "test", projects=["Line*"])
            limited = (await gate.admit({b"x-api-key": text.encode()}, "", Right.VIEW)).caller
            assert all(scopes.is_allowed(limited, op) for op in operations(limited))
            assert {tool.name for tool in toolbox.list_tools(limited, writing=True)} <= shown[3]

    asyncio.run(scenario())
