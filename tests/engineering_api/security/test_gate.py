"""Who a request comes from, by what it sends, and what is counted: the gate without a server."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Login, Right
from engineering_api.security.gate import Admission, Gate
from engineering_api.security.identities import Identities
from engineering_api.settings import Settings
from openness_bridge.errors import Kind, Problem

HERE = ("127.0.0.1", 50000), ("127.0.0.1", 8080)
ELSEWHERE = ("192.0.2.1", 50000), ("127.0.0.1", 8080)
PAIR = b"basic  " + base64.b64encode(b"eva:word")


class Known:
    """Identities: the keys k1 and k2, the token t1, the user eva."""

    def __init__(self) -> None:
        self.users = SimpleNamespace(by_password=self._by_password)

    def is_key(self, text: str) -> bool:
        return text.startswith("k")

    def by_key(self, text: str, address: str) -> Caller:
        return self._found(text in ("k1", "k2"), f"key:{text}", Right.OPERATE, address)

    async def by_token(self, text: str) -> Caller:
        return self._found(text == "t1", "user:t1", Right.ENGINEER)

    async def _by_password(self, name: str, password: str, address: str) -> Caller:
        return self._found((name, password) == ("eva", "word"), f"user:{name}", Right.VIEW, address)

    @staticmethod
    def _found(known: bool, name: str, right: Right, address: str = "") -> Caller:
        if not known:
            raise Problem("auth.wrong", "Wrong.", kind=Kind.UNIDENTIFIED)
        return Caller(name, right, kind=address)


def gate(**given: Any) -> Gate:
    return Gate(cast(Identities, Known()), Settings(**given))


def admit(
    by: Gate, headers: dict[bytes, bytes], right: Right = Right.VIEW, login: Login = Login.OWN, **given: Any
) -> Admission:
    return asyncio.run(by.admit(headers, "192.0.2.1", right, given.pop("ends", ELSEWHERE), login, **given))


def outcome(run: Callable[[], Admission]) -> str:
    """Return the name of the caller, or the code of the refusal."""
    try:
        return run().caller.name
    except Problem as problem:
        return problem.code


KEY, OTHER, TOKEN, BASIC = (
    {b"x-api-key": b"k1"},
    {b"x-ignition-api-token": b"k2"},
    {b"authorization": b"BEARER  t1"},
    PAIR,
)
SENT: list[tuple[dict[bytes, bytes], Login, str]] = [
    ({}, Login.OWN, "auth.required"),
    (KEY, Login.OWN, "key:k1"),
    (KEY | TOKEN, Login.OWN, "key:k1"),
    ({b"x-api-key": b"wrong"} | TOKEN, Login.OWN, "auth.wrong"),
    (TOKEN, Login.OWN, "user:t1"),
    ({b"authorization": b"Bearer k1"}, Login.OWN, "auth.wrong"),
    ({b"authorization": b"Digest t1"}, Login.OWN, "auth.required"),
    ({b"authorization": b"t1"}, Login.OWN, "auth.required"),
    (OTHER, Login.OWN, "auth.required"),
    (OTHER, Login.IGNITION, "key:k2"),
    (KEY | OTHER, Login.IGNITION, "key:k1"),
    ({b"authorization": b"Bearer k2"}, Login.IGNITION, "key:k2"),
    (TOKEN, Login.IGNITION, "user:t1"),
    ({b"authorization": BASIC}, Login.IGNITION, "auth.required"),
    ({b"authorization": BASIC}, Login.OWN, "auth.required"),
    ({b"authorization": BASIC}, Login.BASIC, "user:eva"),
    ({b"authorization": b"Basic !"}, Login.BASIC, "auth.basic"),
    (KEY, Login.BASIC, "key:k1"),
    (TOKEN, Login.BASIC, "user:t1"),
]


def test_callers_are_identified_by_what_the_route_takes() -> None:
    found = [
        outcome(lambda h=headers, w=login: admit(gate(), h, login=w, encrypted=True)) for headers, login, _ in SENT
    ]
    assert found == [expected for *_, expected in SENT]


def test_a_password_needs_tls_or_this_computer() -> None:
    sent = {b"authorization": BASIC, b"host": b"127.0.0.1:8080"}
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "auth.basic_insecure"),
        ({"encrypted": True}, "user:eva"),
        ({"ends": None}, "auth.basic_insecure"),
        ({"ends": HERE}, "auth.basic_insecure"),
        ({"encrypted": True, "ends": None}, "user:eva"),
    ]
    found = [outcome(lambda given=given: admit(gate(), sent, login=Login.BASIC, **given)) for given, _ in cases]
    assert found == [expected for _, expected in cases]
    local = gate().admit(sent, "127.0.0.1", Right.VIEW, HERE, Login.BASIC)
    assert asyncio.run(local).caller == Caller("user:eva", Right.VIEW, kind="127.0.0.1", address="127.0.0.1")


def test_a_caller_is_noted_with_its_address_and_client() -> None:
    admission = admit(gate(), KEY | {b"x-client-id": b"VS Code"})
    assert admission.caller == Caller("key:k1", Right.OPERATE, "VS Code", kind="192.0.2.1", address="192.0.2.1")
    assert admission.standing is None
    sent = {b"host": b"127.0.0.1:8080"}
    for address, ends, local in (("127.0.0.1", HERE, HERE), ("192.0.2.1", HERE, None), ("127.0.0.1", None, None)):
        anybody = asyncio.run(gate().admit(sent, address, Right.PUBLIC, ends)).caller
        assert anybody == Caller("anonymous", Right.PUBLIC, local=local, address=address)


def test_a_request_needs_its_right_or_a_higher_one() -> None:
    for have in Right:
        for need in Right:
            code = "" if have.value >= need.value else "auth.right" if have.value else "auth.required"
            try:
                Gate.require(Caller("x", have), need)
                found = ""
            except Problem as problem:
                found = problem.code
                assert problem.kind is (Kind.FORBIDDEN if have.value else Kind.UNIDENTIFIED)
            assert found == code, (have, need)


@pytest.mark.parametrize(
    ("headers", "codes"),
    [
        (KEY, ["key:k1", "key:k1", "key:k1", "request.too_many"]),
        ({b"x-api-key": b"wrong"}, ["auth.wrong", "auth.wrong", "request.too_many"]),
        ({}, ["auth.required"] * 3 + ["request.too_many"]),
    ],
)
def test_requests_and_wrong_keys_are_counted(headers: dict[bytes, bytes], codes: list[str]) -> None:
    """Three requests of each caller a minute, two of an address with a wrong key."""
    by = gate(rate_limit=3, auth_limit=2)
    for each in (by._requests, by._failures):
        each._clock = lambda: 600.0
    assert [outcome(lambda: admit(by, headers)) for _ in codes] == codes


def test_messages_and_refused_passwords_count_as_requests() -> None:
    by = gate(rate_limit=2, auth_limit=1)
    for each in (by._requests, by._failures):
        each._clock = lambda: 600.0
    caller = admit(by, KEY).caller
    by.count(caller)
    with pytest.raises(Problem, match="More than 2 requests in a minute"):
        by.count(caller)
    refused = [outcome(lambda: admit(by, {b"authorization": BASIC}, login=Login.BASIC)) for _ in range(3)]
    assert refused == ["auth.basic_insecure", "auth.basic_insecure", "request.too_many"]
    with pytest.raises(Problem, match="More than 1 requests with a wrong key"):
        for _ in range(2):
            by._requests._counts.clear()
            outcome_of_wrong(by)


def outcome_of_wrong(by: Gate) -> None:
    """Send a wrong key; only the refusal of too many ends the test."""
    try:
        admit(by, {b"x-api-key": b"wrong"})
    except Problem as problem:
        if problem.code != "auth.wrong":
            raise
