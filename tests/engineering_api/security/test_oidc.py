"""Tokens of an OpenID Connect issuer: what they must say, whose keys count, and when the keys are asked for again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.security.oidc import FRESH, PAUSE, USABLE, Issuer, KeySet
from openness_bridge.errors import Problem
from tests.engineering_api.security import issuer as loopback
from tests.engineering_api.security.issuer import AUDIENCE, issuing
from tests.support.service import settings

DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def there() -> Iterator[loopback.Issuer]:
    with issuing() as found:
        yield found


class Clock:
    """A monotonic clock that the test sets."""

    def __init__(self) -> None:
        self.now = 100_000.0

    def __call__(self) -> float:
        return self.now


def taking(there: loopback.Issuer, clock: Clock | None = None, **given: Any) -> Issuer:
    """What takes the tokens of an issuer."""
    chosen = settings(Path("unused"), **(there.settings | given))
    return Issuer(chosen, KeySet(chosen.oidc_issuer, chosen.oidc_jwks, clock or Clock()))


async def code(call: Awaitable[Any]) -> str:
    try:
        await call
    except Problem as problem:
        return problem.code
    return ""


def test_a_token_tells_name_right_and_projects(there: loopback.Issuer) -> None:
    async def scenario() -> None:
        caller = await taking(there).caller(there.token("plc-viewers", "plc-operators", "cook"))
        assert (caller.name, caller.right, caller.kind, caller.projects) == ("oidc:eva", Right.OPERATE, "token", ())
        nested = taking(there, oidc_claim="realm.roles", oidc_name_claim="email", oidc_projects_claim="lines")
        caller = await nested.caller(there.token(realm={"roles": ["plc-admins"]}, email="eva@plant", lines=["Line*"]))
        assert caller.projects == ("Line*",)
        assert (caller.name, caller.right) == ("oidc:eva@plant", Right.ADMINISTER)
        scope = taking(there, oidc_claim="scope", oidc_rights={"plc:read": "viewer", "plc:write": "engineer"})
        assert (await scope.caller(there.token(scope="openid plc:read plc:write"))).right is Right.ENGINEER
        assert await code(nested.caller(there.token(realm={"roles": ["plc-admins"]}))) == "auth.scope"
        assert await code(nested.caller(there.token(realm="plc-admins", lines=["x"]))) == "auth.right"
        assert await code(taking(there).caller(there.token("plc-admins", sub="eva\nfake entry"))) == "auth.token"

    asyncio.run(scenario())


def test_clocks_may_differ_by_so_much(there: loopback.Issuer) -> None:
    async def scenario() -> None:
        takes, now = taking(there, oidc_skew=30.0), time.time()
        assert await code(takes.caller(there.token("plc-admins", exp=now - 10))) == ""
        assert await code(takes.caller(there.token("plc-admins", exp=now - 60))) == "auth.expired"
        assert await code(takes.caller(there.token("plc-admins", nbf=now + 10))) == ""
        assert await code(takes.caller(there.token("plc-admins", nbf=now + 60))) == "auth.token"

    asyncio.run(scenario())


def test_new_keys_are_fetched_when_a_token_needs_them_but_not_for_every_stranger(there: loopback.Issuer) -> None:
    async def scenario() -> None:
        clock = Clock()
        takes = taking(there, clock)
        assert await code(takes.caller(there.token("plc-admins"))) == ""
        old = there.token("plc-viewers")
        there.renew("second")
        assert there.asked.count("/keys") == 1
        strangers = [
            jwt.encode(
                there.claims("plc-admins"),
                ec.generate_private_key(ec.SECP256R1()),
                algorithm="ES256",
                headers={"kid": f"stranger {number}"},
            )
            for number in range(20)
        ]
        assert {await code(takes.caller(each)) for each in strangers} == {"auth.token"}
        assert there.asked.count("/keys") == 1
        clock.now += PAUSE
        assert set(await asyncio.gather(*(code(takes.caller(each)) for each in strangers))) == {"auth.token"}
        assert there.asked.count("/keys") == 2
        assert await code(takes.caller(there.token("plc-admins", sub="ida"))) == ""
        assert await code(takes.caller(old)) == "auth.token"
        clock.now += FRESH + 1
        assert await code(takes.caller(there.token("plc-admins", sub="ada"))) == ""
        assert there.asked.count("/keys") == 3

    asyncio.run(scenario())


def test_an_issuer_that_does_not_answer_is_done_without_for_a_day(there: loopback.Issuer) -> None:
    async def scenario() -> None:
        clock = Clock()
        takes = taking(there, clock)
        assert await code(takes.caller(there.token("plc-admins"))) == ""
        del there.documents["/keys"]
        clock.now += USABLE - 1
        assert await code(takes.caller(there.token("plc-admins", sub="ida"))) == ""
        clock.now += PAUSE
        assert await code(takes.caller(there.token("plc-admins", sub="ada"))) == "auth.issuer"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda there: there.documents[DISCOVERY].update(issuer="https://other.example"),
        lambda there: there.documents[DISCOVERY].update(jwks_uri="http://other.example/keys"),
        lambda there: there.documents.update({DISCOVERY: b"<html>"}),
        lambda there: there.documents.update({"/keys": b"[]"}),
        lambda there: there.documents.update({"/keys": {"keys": "none"}}),
        lambda there: there.documents.update({"/keys": b'{"keys": [' + b" " * (2 << 20) + b"]}"}),
        lambda there: there.documents["/keys"]["keys"].clear(),
        lambda there: there.documents["/keys"]["keys"][0].update(use="enc"),
    ],
)
def test_documents_that_are_not_what_they_must_be(there: loopback.Issuer, spoil: Callable[[Any], None]) -> None:
    spoil(there)
    assert asyncio.run(code(taking(there).caller(there.token("plc-admins")))) in {"auth.issuer", "auth.token"}


@pytest.mark.parametrize(
    "given",
    [
        {"oidc_audience": ""},
        {"oidc_rights": {}},
        {"oidc_rights": {"x": "king"}},
        {"oidc_algorithms": []},
        {"oidc_algorithms": ["ES256", "none"]},
        {"oidc_algorithms": ["HS256"]},
        {"oidc_issuer": "http://id.plant.local"},
        {"oidc_jwks": "http://id.plant.local/keys"},
        {"oidc_issuer": "id.plant.local"},
    ],
)
def test_settings_that_would_not_be_safe(there: loopback.Issuer, given: dict[str, Any]) -> None:
    with pytest.raises(Problem) as caught:
        taking(there, **given)
    assert caught.value.code == "settings.oidc"


def test_a_token_that_was_good_is_not_checked_again_for_a_minute(there: loopback.Issuer) -> None:
    async def scenario() -> Caller:
        takes = taking(there)
        token = there.token("plc-admins", aud=["other", AUDIENCE])
        return (await takes.caller(token)) is (await takes.caller(token))

    assert asyncio.run(scenario())
