"""What it costs to know who calls: python -m benchmarks.reports.identification

First the gate alone, in microseconds: nobody, the service's own key, an API key, a user's token and an issuer's, each as a
first one and as one that was good a moment ago. Then whole requests in this process, without a socket: a handler of Litestar
that asks nobody, and a small operation for each kind of caller.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from litestar import Litestar, MediaType, Response, get

from engineering_api.app import create_app
from engineering_api.operations.terms import Right
from engineering_api.security import Gate
from engineering_api.security.identities import Identities
from engineering_api.security.oidc import Issuer, KeySet
from engineering_api.security.tokens import Tokens
from engineering_api.settings import Settings

ROUNDS, BLOCKS = 300, 15
WORD = "correct horse battery staple"
ISSUER = {"oidc_issuer": "https://id.example", "oidc_audience": "a", "oidc_rights": {"w": "engineer"}}
PATH = "/api/instance/version"


async def microseconds(call: Callable[[int], Awaitable[Any]]) -> float:
    """What a call takes, in the quickest of some blocks: others may use the machine, too."""
    blocks = []
    for block in range(BLOCKS):
        begin = time.perf_counter()
        for number in range(ROUNDS):
            await call(block * ROUNDS + number)
        blocks.append((time.perf_counter() - begin) / ROUNDS * 1e6)
    return min(blocks)


def asking(app: Any, path: str, headers: list[tuple[bytes, bytes]]) -> Callable[[int], Awaitable[None]]:
    """What sends one request to an application and takes the answer."""

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        assert message.get("status", 200) == 200, message

    async def ask(_: int) -> None:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1"), *headers],
            "client": ("127.0.0.1", 5),
            "server": ("127.0.0.1", 9000),
        }
        await app(scope, receive, send)

    return ask


def bare() -> Litestar:
    """An application that asks nobody."""

    @get(PATH, sync_to_thread=False)
    def answer() -> Response[dict[str, str]]:
        return Response({"version": "1", "tiaVersion": "20"}, media_type=MediaType.JSON)

    return Litestar([answer], openapi_config=None, logging_config=None)


async def measure(folder: Path) -> None:
    """Print the figures."""
    app = create_app(Settings(backend="fake", data_dir=folder, api_key="own", headless=True, **ISSUER))
    async with app.lifespan():
        identities = app.state.service.part(Identities)
        gate = Gate(identities, app.state.service.settings)
        _, key = await identities.keys.make("key", Right.ENGINEER, "me", projects=["Line*"], addresses=["127.0.0.0/8"])
        await identities.users.make("eva", WORD, Right.ENGINEER, "me")
        token = (await identities.users.login("eva", WORD, "")).access
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        identities.issuer = Issuer(app.state.service.settings, Known(private))
        theirs = [
            jwt.encode(
                {"iss": "https://id.example", "aud": "a", "sub": str(number), "exp": time.time() + 600, "roles": ["w"]},
                private,
                algorithm="RS256",
                headers={"kid": "k"},
            )
            for number in range(ROUNDS + 1)
        ]
        sent = {
            "nobody": [],
            "own key": [(b"x-api-key", b"own")],
            "API key": [(b"x-api-key", key.encode())],
            "user's token": bearer(token),
            "issuer's token": bearer(theirs[0]),
        }
        print("the gate alone, µs")
        for name, headers in sent.items():
            given, right = dict(headers), Right.VIEW if headers else Right.PUBLIC
            print(f"  {name:<32}{await microseconds(lambda _: gate.admit(given, '127.0.0.1', right)):8.1f}")  # noqa: B023
        claims = jwt.decode(token, options={"verify_signature": False})
        mine = [Tokens(folder).sign(claims["sub"], claims["sid"], claims["gen"]) for _ in range(ROUNDS)]
        for name, tokens in (("user's token, seen first", mine), ("issuer's token, seen first", theirs[1:])):
            print(f"  {name:<32}{await once(gate, tokens):8.1f}")
        await requests(app, sent)


async def once(gate: Gate, tokens: list[str]) -> float:
    """What a token takes that comes for the first time, in the quickest of some blocks."""
    size, blocks = len(tokens) // BLOCKS, []
    for block in range(BLOCKS):
        given = [dict(bearer(each)) for each in tokens[block * size : (block + 1) * size]]
        begin = time.perf_counter()
        for headers in given:
            await gate.admit(headers, "127.0.0.1", Right.VIEW)
        blocks.append((time.perf_counter() - begin) / size * 1e6)
    return min(blocks)


async def requests(app: Any, sent: dict[str, list[tuple[bytes, bytes]]]) -> None:
    """Print what whole requests take."""
    print("whole requests, µs")
    floor = await microseconds(asking(bare(), PATH, []))
    print(f"  {'a handler that asks nobody':<32}{floor:8.1f}")
    public = await microseconds(asking(app, "/api/health/ping", []))
    print(f"  {'a public operation':<32}{public:8.1f}")
    for name in ("own key", "API key", "user's token", "issuer's token"):
        whole = await microseconds(asking(app, PATH, sent[name]))
        print(f"  {name:<32}{whole:8.1f}   {whole / public:5.2f} times the public one")


class Known(KeySet):
    """The keys of an issuer that need not be asked."""

    def __init__(self, private: rsa.RSAPrivateKey) -> None:
        """Know one key."""
        super().__init__("https://id.example", "")
        public = jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
        self._public = jwt.PyJWK(public, algorithm="RS256")

    async def key(self, _: str) -> jwt.PyJWK:
        """The key."""
        return self._public


def bearer(token: str) -> list[tuple[bytes, bytes]]:
    return [(b"authorization", f"Bearer {token}".encode())]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(measure(Path(name)))
