"""Users with passwords: logins, tokens that end when they must, and guesses that become slow."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from engineering_api.operations.terms import Right
from engineering_api.security.tokens import ISSUER, LASTING
from engineering_api.security.users import IDLE, LONGEST, MOST_SESSIONS, Users
from engineering_api.storage.database import Database
from engineering_api.storage.identities import UserStore
from openness_bridge.errors import Problem
from tests.engineering_api.security.kit import server
from tests.support.service import Client, settings

WORD = "correct horse battery staple"
EVA = {"userName": "Eva", "password": WORD, "right": "engineer"}


def login(client: Client, **given: Any) -> Any:
    return client.ok("POST", "/api/auth/login", {"userName": "eva", "password": WORD} | given)


def me(client: Client, token: str) -> Any:
    """Who a token is of: the answer's data, or the code of the refusal."""
    answer = client.http.get("/api/auth/me", headers={"Authorization": f"Bearer {token}", "X-API-Key": ""})
    assert answer.status_code == 401
    bare = {name: value for name, value in client.http.headers.items() if name != "x-api-key"}
    client.http.headers = bare
    answer = client.http.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})
    client.http.headers["X-API-Key"] = "the-key-of-the-tests"
    return answer.json()["data"] if answer.status_code == 200 else answer.json()["error"]["code"]


def test_a_user_logs_in_refreshes_and_logs_out(client: Client, tmp_path: Path) -> None:
    made = client.ok("POST", "/api/users", EVA)
    assert (made["name"], made["right"], made["lastLoginAt"]) == ("Eva", "engineer", None)
    first = login(client)
    assert me(client, first["accessToken"])["name"] == "user:Eva"
    second = client.ok("POST", "/api/auth/refresh", {"refreshToken": first["refreshToken"]})
    assert me(client, second["accessToken"])["right"] == "engineer"
    logout = client.http.post("/api/auth/logout", headers={"Authorization": f"Bearer {second['accessToken']}"})
    assert logout.json()["error"]["code"] == "auth.no_login"  # the key was sent, too, and counts
    del client.http.headers["X-API-Key"]
    client.http.headers["Authorization"] = f"Bearer {second['accessToken']}"
    client.ok("POST", "/api/auth/logout")
    client.refused(401, "auth.token", "GET", "/api/auth/me")
    assert stat.S_IMODE((tmp_path / "token.key").stat().st_mode) & 0o077 == 0
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("service.db*"))
    assert b"$argon2id$" in kept
    for word in (WORD, first["refreshToken"], second["accessToken"]):
        assert word.encode() not in kept


def test_a_refresh_token_that_comes_twice_ends_the_login(client: Client) -> None:
    client.ok("POST", "/api/users", EVA)
    first = login(client)
    second = client.ok("POST", "/api/auth/refresh", {"refreshToken": first["refreshToken"]})
    client.refused(401, "auth.token", "POST", "/api/auth/refresh", {"refreshToken": first["refreshToken"]})
    client.refused(401, "auth.token", "POST", "/api/auth/refresh", {"refreshToken": second["refreshToken"]})
    assert me(client, second["accessToken"]) == "auth.token"


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ({"password": "another long password"}, "auth.token"),
        ({"enabled": False}, "auth.token"),
        ({"right": "viewer"}, "viewer"),
        (None, "auth.token"),
        ("logout", "auth.token"),
    ],
)
def test_what_an_administrator_changes_counts_at_once(client: Client, change: Any, after: str) -> None:
    client.ok("POST", "/api/users", EVA)
    token = login(client)["accessToken"]
    assert me(client, token)["right"] == "engineer"
    if change is None:
        client.ok("DELETE", "/api/users/eva")
    elif change == "logout":
        client.ok("POST", "/api/users/EVA/actions/logout")
    else:
        client.ok("PATCH", "/api/users/eva", change)
    found = me(client, token)
    assert (found if isinstance(found, str) else found["right"]) == after


def test_users_change_their_own_password(client: Client) -> None:
    client.ok("POST", "/api/users", EVA | {"right": "viewer"})
    token = login(client)["accessToken"]
    client.refused(409, "auth.no_login", "POST", "/api/auth/password", {"password": WORD, "newPassword": WORD + "!"})
    del client.http.headers["X-API-Key"]
    client.http.headers["Authorization"] = f"Bearer {token}"
    path = "/api/auth/password"
    client.refused(403, "auth.password", "POST", path, {"password": "wrong", "newPassword": WORD + "!"})
    client.refused(422, "user.password", "POST", path, {"password": WORD, "newPassword": "short"})
    client.refused(403, "auth.right", "POST", "/api/users", EVA)
    client.ok("POST", path, {"password": WORD, "newPassword": WORD + "!"})
    client.refused(401, "auth.token", "GET", "/api/auth/me")
    client.refused(401, "auth.login", "POST", "/api/auth/login", {"userName": "eva", "password": WORD})
    assert login(client, password=WORD + "!")["right"] == "viewer"


def test_users_survive_a_restart_with_their_logins(tmp_path: Path) -> None:
    with server(settings(tmp_path)) as there:
        there.ok("POST", "/api/users", EVA)
        token = login(there)["accessToken"]
        there.refused(409, "user.exists", "POST", "/api/users", EVA | {"userName": "EVA"})
        there.refused(
            422, "user.password", "POST", "/api/users", {"userName": "eva-long-name", "password": "eva-long-name1"}
        )
        there.refused(404, "user.not_found", "PATCH", "/api/users/Ida", {"right": "viewer"})
    with server(settings(tmp_path)) as there:
        assert me(there, token)["name"] == "user:Eva"


def test_nothing_tells_whether_a_name_exists_and_guesses_become_slow(client: Client) -> None:
    client.ok("POST", "/api/users", EVA)
    answers = {
        name: client.http.post("/api/auth/login", json={"userName": name, "password": "guess"})
        for name in ("eva", "nobody")
    }
    assert len({(each.status_code, each.json()["message"]) for each in answers.values()}) == 1
    tries = [client.http.post("/api/auth/login", json={"userName": "eva", "password": "guess"}) for _ in range(6)]
    assert [each.status_code for each in tries] == [401] * 5 + [429]
    assert int(tries[-1].headers["Retry-After"]) >= 1
    client.refused(429, "auth.too_many", "POST", "/api/auth/login", {"userName": "EVA", "password": WORD})


def test_audit_names_who_logged_in_and_no_password(client: Client) -> None:
    client.ok("POST", "/api/users", EVA)
    login(client)
    logged = client.ok("GET", "/api/audit")
    assert "access.login" in {entry["operation"] for entry in logged}
    assert WORD not in str(logged)


# -- without HTTP -------------------------------------------------------------------------


class Time:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def users(tmp_path: Path) -> Iterator[tuple[Users, Time]]:
    clock = Time()
    database = Database(tmp_path / "service.db")
    made = Users(UserStore(database), tmp_path, clock)
    yield made, clock
    made.close()
    database.close()


def code(call: Callable[[], Any]) -> str:
    try:
        call()
    except Problem as problem:
        return problem.code
    return ""


def test_tokens_and_sessions_end_by_time(users: tuple[Users, Time]) -> None:
    async def scenario(made: Users, clock: Time) -> None:
        await made.make("Eva", WORD, Right.VIEW, "me")
        granted = await made.login("eva", WORD, "")
        assert made.caller(granted.access).name == "user:Eva"
        clock.now += LASTING
        assert code(lambda: made.caller(granted.access)) == "auth.expired"
        begun = clock.now - LASTING
        while clock.now + IDLE / 2 < begun + LONGEST:
            clock.now += IDLE / 2
            granted = await made.refresh(granted.refresh)
        clock.now = begun + LONGEST
        with pytest.raises(Problem):
            await made.refresh(granted.refresh)
        logins = [await made.login("eva", WORD, "") for _ in range(3)]
        clock.now += IDLE
        for each in logins:
            assert code(lambda token=each.access: made.caller(token)) == "auth.expired"
            with pytest.raises(Problem):
                await made.refresh(each.refresh)

    asyncio.run(scenario(*users))


def test_a_user_has_so_many_logins_and_the_oldest_ends(
    users: tuple[Users, Time], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(made: Users, clock: Time) -> None:
        async def fits(_password: str, kept: str | None) -> bool:
            return kept is not None

        await made.make("Eva", WORD, Right.VIEW, "me")
        monkeypatch.setattr(made._passwords, "fits", fits)
        logins = []
        for _ in range(MOST_SESSIONS + 2):
            clock.now += 1
            logins.append(await made.login("eva", WORD, ""))
        assert [code(lambda token=each.access: made.caller(token)) for each in logins] == [
            "auth.token",
            "auth.token",
            *[""] * MOST_SESSIONS,
        ]

    asyncio.run(scenario(*users))


def test_tokens_that_were_made_elsewhere_are_refused(users: tuple[Users, Time], tmp_path: Path) -> None:
    async def scenario(made: Users, clock: Time) -> None:
        await made.make("Eva", WORD, Right.VIEW, "me")
        good = (await made.login("eva", WORD, "")).access
        claims = jwt.decode(good, options={"verify_signature": False})
        key = (tmp_path / "token.key").read_text()
        forged = {
            "no signature": jwt.encode(claims, None, algorithm="none"),
            "another key": jwt.encode(claims, "k" * 43, algorithm="HS256"),
            "another algorithm": jwt.encode(claims, key * 2, algorithm="HS512"),
            "another issuer": jwt.encode(claims | {"iss": "me"}, key, algorithm="HS256"),
            "another audience": jwt.encode(claims | {"aud": "me"}, key, algorithm="HS256"),
            "another generation": jwt.encode(claims | {"gen": 7}, key, algorithm="HS256"),
            "another user": jwt.encode(claims | {"sub": "ida"}, key, algorithm="HS256"),
            "another session": jwt.encode(claims | {"sid": "0"}, key, algorithm="HS256"),
            "no end": jwt.encode({k: v for k, v in claims.items() if k != "exp"}, key, algorithm="HS256"),
            "another type": jwt.encode(claims | {"gen": "x"}, key, algorithm="HS256"),
            "rubbish": "rubbish",
            "nothing": "",
            "changed": good[:-3] + ("abc" if good[-3:] != "abc" else "xyz"),
        }
        assert {name: code(lambda token=token: made.caller(token)) for name, token in forged.items()} == dict.fromkeys(
            forged, "auth.token"
        )
        assert claims["iss"] == ISSUER
        assert made.caller(good).right is Right.VIEW

    asyncio.run(scenario(*users))
