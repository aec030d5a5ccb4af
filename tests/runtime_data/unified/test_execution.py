"""What any document meets: logins, limits, and the schema as another library reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import build_client_schema, get_introspection_query, parse, validate

from tests.runtime_data.unified.kit import WORD, Unified, run
from tests.support.service import KEY


def code(answer: Any) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


def test_login_logout_and_keys(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        assert code(await client.send("{ session { token } }")) == "auth.required"
        wrong = await client.ask('mutation { login(username: "olga", password: "wrong") { token error { code } } }')
        assert wrong["login"] == {"token": None, "error": {"code": "101"}}
        await client.login("olga")
        assert (await client.ask("{ session { user { name groups { name } } } }"))["session"] == [
            {"user": {"name": "olga", "groups": [{"name": "operator"}]}}
        ]
        assert code(await client.send("mutation { extendSession { token } }")) == "unified.extend"
        assert code(await client.send("{ nonce { value } }")) == "unified.central_login"
        assert await client.ask("mutation { logout }") == {"logout": True}
        assert code(await client.send("{ session { token } }")).startswith("auth.")
        answer = await client.server.http.post(
            "/graphql", json={"query": "{ session { user { id } } }"}, headers={"X-API-Key": KEY}
        )
        assert answer.json()["data"]["session"]
        assert WORD not in answer.text

    run(tmp_path, scenario)


def test_documents_that_are_too_much(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        await client.login("victor")
        many = "{ " + " ".join(f"a{number}: nonce {{ value }}" for number in range(21)) + " }"
        assert code(await client.send(many)) == "unified.too_large"
        for brought in (
            "fragment F on Query { " + many.strip("{}") + " } { ...F }",
            "fragment F on Query { ...G } fragment G on Query { session { token } nonce { value } } { ...F "
            + "...G ... { ...F } " * 5
            + "}",
        ):
            assert code(await client.send(brought)) == "unified.too_large"
        deep = "{ __schema { types " + "{ fields { type " * 10 + "{ name }" + " } }" * 10 + " } }"
        assert code(await client.send(deep)) == "unified.too_large"
        long = "{ " + "session { token } " * 2000 + "}"
        assert "errors" in await client.send(long)
        assert "errors" in await client.send("{")
        assert "errors" in await client.send("{ nothing }")
        assert code(await client.send("subscription { reduState { notificationReason } }")) == "unified.subscription"
        answer = await client.server.http.post("/graphql", json={"variables": {}}, headers={"X-API-Key": KEY})
        assert answer.status_code == 422 or answer.status_code == 400, answer.text

    run(tmp_path, scenario)


@pytest.mark.parametrize(
    "document",
    [
        get_introspection_query(),
        '{ __type(name: "Query") { name } }',
        "{ nothing }",
        "{",
        "fragment F on Query { __schema { types { name } } } { ...F }",
        'mutation { login(username: "x", password: "y") { token } logout }',
        "{ __typename }",
    ],
)
def test_without_a_token_there_is_only_the_login(tmp_path: Path, document: str) -> None:
    async def scenario(client: Unified) -> None:
        answer = await client.send(document)
        assert (code(answer), answer.get("data")) == ("auth.required", None)

    run(tmp_path, scenario)


def test_a_body_that_is_no_request(tmp_path: Path) -> None:
    """Without a key it is not said what is wrong; a page of another origin cannot send the type of JSON."""

    async def scenario(client: Unified) -> None:
        query = '{"query": "{ session { user { name } } }"}'
        http, key = client.server.http, {"X-API-Key": KEY}
        for body, kind, status in (
            (query, "text/plain", 415),
            (query, "application/x-www-form-urlencoded", 415),
            (query, "", 415),
            ("{", "application/json", 400),
            ("[]", "application/json", 400),
            ('{"variables": {}}', "application/json", 400),
        ):
            sent = {"Content-Type": kind} if kind else {}
            known = await http.post("/graphql", content=body, headers=sent | key)
            async with httpx.AsyncClient(base_url=client.server.url, timeout=60) as stranger:
                other = await stranger.post("/graphql", content=body, headers=sent)
            assert (known.status_code, other.status_code) == (status, 401), (body, kind, known.text)
        good = await http.post(
            "/graphql", content=query, headers=key | {"Content-Type": "application/json; charset=utf-8"}
        )
        assert good.json()["data"]["session"]

    run(tmp_path, scenario)


CLIENTS = [
    "query($names: [String!]!, $d: Boolean = false) { tagValues(names: $names, directRead: $d) { name value { value timestamp"
    " quality { quality subStatus limit extendedSubStatus sourceQuality sourceTime timeCorrected } } error { code description } } }",
    "mutation($input: [TagValueInput]!, $t: Timestamp, $q: QualityInput) { writeTagValues(input: $input, timestamp: $t, quality: $q)"
    " { name error { code } } }",
    "mutation($names: [String]!, $t: Timespan) { shelveAlarms(names: $names, shelveTimeout: $t) { alarmName error { code } } }",
    "query($f: String, $l: [String], $b: Timestamp, $m: Int) { loggedAlarms(filterString: $f, languages: $l, startTime: $b,"
    " maxNumberOfResults: $m) { name instanceID deadband hasComments durationIso alarmText9 producer } }",
    "subscription { activeAlarms { name loopInAlarm userResponse notificationReason invalidFlags { invalidTimestamp } } }",
]


def test_the_schema_is_one_that_clients_can_use(tmp_path: Path) -> None:
    async def scenario(client: Unified) -> None:
        await client.login("victor")
        schema = build_client_schema(await client.ask(get_introspection_query()))
        for document in CLIENTS:
            assert validate(schema, parse(document)) == [], document

    run(tmp_path, scenario)
