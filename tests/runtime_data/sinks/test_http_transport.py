"""What is sent over HTTP: methods, headers, ways to identify, certificates, limits."""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
import threading
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from engineering_api.operations.binding import bind_document
from engineering_api.security.targets import SINKS, Targets
from runtime_data.sinks.http_form import HttpSend, check
from runtime_data.sinks.http_transport import LARGEST_ANSWER, HttpTransport
from runtime_data.sinks.transport import Answer, Around, Outgoing
from runtime_data.values import Value
from tests.engineering_api.features.webhooks.receiver import (
    answered,
    held,
    receiving,
    receiving_tls,
)

PUSH = Outgoing("the-key", 0, [], b'{"a":1}', "application/json", late=False)


def sent(*pushes: Outgoing, allowed: tuple[str, ...] = ("127.0.0.1", "localhost"), **send: Any) -> list[Answer]:
    """What comes of pushes over one transport."""

    async def play() -> list[Answer]:
        form = bind_document(cast(Any, HttpSend), send)
        assert check(form) == []
        around = Around("Erp", cast(Any, None), cast(Any, None), Targets(list(allowed), SINKS))
        transport = HttpTransport(form, around)
        try:
            return [await transport.send(push) for push in pushes or (PUSH,)]
        finally:
            await transport.close()

    return asyncio.run(play())


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
def test_each_method_carries_body_key_and_headers(method: str) -> None:
    with receiving() as receiver:
        assert [each.ok for each in sent(url=receiver.url, method=method, headers={"X-Plant": "North"})] == [True]
        (came,) = receiver.received
    assert (came.method, came.body) == (method, PUSH.body)
    wanted = {"X-Plant": "North", "Idempotency-Key": "the-key", "Content-Type": "application/json"}
    assert wanted.items() <= came.headers.items()


def test_a_request_names_the_programs_of_its_values() -> None:
    values = [Value("PLC_1:a", 1), Value("PLC_1:b", 2), Value("Line 1:c", 3)]
    push = msgspec.structs.replace(PUSH, values=values, programs={"PLC_1": "differs"})
    with receiving() as receiver:
        sent(push, PUSH, url=receiver.url)
    named = [each.headers.get("X-Online") for each in receiver.received]
    assert named == ["Line%201=unknown, PLC_1=differs", None]


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({"kind": "none"}, "Authorization", None),
        (
            {"kind": "basic", "user": "mes", "secret": "pä:ss"},
            "Authorization",
            "Basic " + base64.b64encode("mes:pä:ss".encode()).decode(),
        ),
        ({"kind": "bearer", "secret": "abc"}, "Authorization", "Bearer abc"),
        ({"kind": "apiKey", "secret": "abc"}, "X-API-Key", "abc"),
        ({"kind": "apiKey", "secret": "abc", "header": "APIKey"}, "APIKey", "abc"),
    ],
)
def test_ways_to_identify(auth: dict[str, str], header: str, value: str | None) -> None:
    with receiving() as receiver:
        sent(url=receiver.url, auth=auth)
    assert receiver.received[0].headers.get(header) == value


def test_a_token_is_kept_until_the_receiver_does_not_accept_it() -> None:
    with receiving() as receiver, receiving() as tokens:
        tokens.planned += [answered(json.dumps({"access_token": f"t{n}", "expires_in": 3600}).encode()) for n in (1, 2)]
        receiver.planned += [200, 200, 401, 200, 401, 401]
        auth = {"kind": "oauth2", "tokenUrl": tokens.url, "clientId": "m+s", "secret": "s/e", "scope": "a b"}
        outcomes = sent(PUSH, PUSH, PUSH, url=receiver.url, auth=auth)
        assert [each.ok for each in outcomes] == [True] * 3
        used = [came.headers["Authorization"] for came in receiver.received]
        assert used == ["Bearer t1", "Bearer t1", "Bearer t1", "Bearer t2"]
        assert [came.headers["Idempotency-Key"] for came in receiver.received] == ["the-key"] * 4
        first = tokens.received[0]
        assert first.body == b"grant_type=client_credentials&scope=a+b"
        assert first.headers["Authorization"] == "Basic " + base64.b64encode(b"m%2Bs:s%2Fe").decode()
        assert len(tokens.received) == 2


def test_a_token_is_renewed_before_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 100.0, 120.0, 120.0])
    monkeypatch.setattr("runtime_data.sinks.http_transport.monotonic", lambda: next(moments))
    with receiving() as receiver, receiving() as tokens:
        tokens.planned += [answered(json.dumps({"access_token": f"t{n}", "expires_in": 140}).encode()) for n in (1, 2)]
        auth = {"kind": "oauth2", "tokenUrl": tokens.url, "clientId": "c", "secret": "s"}
        sent(PUSH, PUSH, PUSH, url=receiver.url, auth=auth)
    assert [came.headers["Authorization"] for came in receiver.received] == ["Bearer t1", "Bearer t1", "Bearer t2"]


@pytest.mark.parametrize("answer", [b"", b"no", b'{"access_token": "a\\nb"}', b'{"access_token": ""}'])
def test_without_a_token_nothing_is_sent_and_it_is_tried_again(answer: bytes) -> None:
    with receiving() as receiver, receiving() as tokens:
        tokens.planned += [answered(answer)]
        auth = {"kind": "oauth2", "tokenUrl": tokens.url, "clientId": "c", "secret": "s"}
        (outcome,) = sent(url=receiver.url, auth=auth)
        assert (outcome.ok, outcome.lasting) == (False, False) and "token" in outcome.error
        assert receiver.received == []


@pytest.mark.parametrize(
    ("status", "ok", "lasting"),
    [
        (200, True, False),
        (204, True, False),
        (302, False, True),
        (400, False, True),
        (401, False, False),
        (404, False, False),
        (409, False, False),
        (422, False, True),
        (429, False, False),
        (500, False, False),
        (503, False, False),
    ],
)
def test_what_an_answer_means(status: int, ok: bool, lasting: bool) -> None:
    with receiving() as receiver:
        receiver.planned += [status]
        (outcome,) = sent(url=receiver.url)
        assert (outcome.ok, outcome.lasting, outcome.status) == (ok, lasting, status)
        assert len(receiver.received) == 1


def test_a_receiver_that_does_not_answer_and_one_that_answers_too_much() -> None:
    gate = threading.Event()
    with receiving() as receiver:
        receiver.planned += [held(gate)]
        (outcome,) = sent(url=receiver.url, timeout=1)  # time: the receiver answers later
        receiver.until(1)
        gate.set()
        assert outcome == Answer(ok=False, error="No answer in 1 s.")
        receiver.planned += [answered(b"x" * (LARGEST_ANSWER + 1))]
        (outcome,) = sent(url=receiver.url)
        assert outcome.ok and len(outcome.body) == LARGEST_ANSWER


def test_what_is_not_allowed_gets_nothing() -> None:
    with receiving() as receiver:
        (outcome,) = sent(url=receiver.url, allowed=())
        assert (outcome.ok, outcome.lasting) == (False, False) and "TIA_SINK_HOSTS" in outcome.error
        assert receiver.received == []


def test_an_own_certification_authority_is_trusted_instead_of_the_usual_ones(tmp_path: Path) -> None:
    with receiving_tls(tmp_path) as (receiver, trusted):
        (without,) = sent(url=receiver.url)
        assert not without.ok and "certificate" in without.error.lower()
        (outcome,) = sent(url=receiver.url, tls={"ca": trusted.read_text()})
        assert outcome.ok and len(receiver.received) == 1


def test_a_certificate_of_its_own_is_shown(tmp_path: Path) -> None:
    """The receiver accepts only clients with its own certificate."""
    with receiving_tls(tmp_path):
        pass
    both = (tmp_path / "both.pem").read_text()
    begin = both.index("-----BEGIN PRIVATE KEY")
    certificate, key = both[:begin], both[begin:]
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=tmp_path / "trusted.pem")
    context.load_cert_chain(tmp_path / "both.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    with receiving(tls=context) as receiver:
        url = receiver.url.replace("http://127.0.0.1", "https://localhost")
        (anonymous,) = sent(url=url, tls={"ca": certificate})
        assert not anonymous.ok
        (outcome,) = sent(url=url, tls={"ca": certificate, "certificate": certificate, "privateKey": key})
        assert outcome.ok, outcome


@pytest.mark.parametrize(
    ("send", "pointer"),
    [
        ({"url": "ftp://a"}, "/url"),
        ({"url": "http://a", "headers": {"Host": "b"}}, "/headers"),
        ({"url": "http://a", "headers": {"X": "a\r\nb: c"}}, "/headers"),
        ({"url": "http://a", "headers": {"a b": "c"}}, "/headers"),
        ({"url": "http://a", "auth": {"kind": "basic"}}, "/auth/user"),
        ({"url": "http://a", "auth": {"kind": "bearer", "secret": "a\nb"}}, "/auth/secret"),
        ({"url": "http://a", "auth": {"kind": "apiKey", "secret": "a", "header": "a:"}}, "/auth/header"),
        ({"url": "http://a", "tls": {"ca": "no"}}, "/tls/ca"),
        ({"url": "http://a", "tls": {"privateKey": "no"}}, "/tls/privateKey"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_place(send: dict[str, Any], pointer: str) -> None:
    found = check(bind_document(cast(Any, HttpSend), send))
    assert found[0].place is not None and found[0].place.pointer == pointer
