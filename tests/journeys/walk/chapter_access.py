"""Who may call: keys, users and logins come, change and go."""

from __future__ import annotations

from typing import Any

from tests.journeys.walk.walk import Walk, names

WORD = "correct horse battery staple"
EVA = {"userName": "Eva"}


def status(w: Walk, **headers: str) -> int:
    """How a request with other headers is answered."""
    return w.http.get("/api/instance/version", headers={"X-API-Key": "", **headers}).status_code


def keys_come_and_go(w: Walk) -> None:
    assert w.read("access.me")["right"] == "administrator"
    made = w.changes("api_keys.create", {"name": "build", "right": "viewer"}, seen="api_keys.list_")
    key: dict[str, Any] = {"keyId": made.answer["id"]}
    assert w.read("api_keys.list_") == made.after
    assert w.read("api_keys.get", key)["right"] == "viewer"
    text = made.answer["apiKey"]
    rotated = w.between("api_keys.rotate", key, lambda: status(w, **{"X-API-Key": text}))
    assert (rotated.before, rotated.after) == (200, 401)
    text = rotated.answer["apiKey"]
    revoked = w.between("api_keys.revoke", key, lambda: status(w, **{"X-API-Key": text}))
    assert (revoked.before, revoked.after) == (200, 401)


def users_log_in_and_out(w: Walk) -> None:
    made = w.changes("users.create", EVA | {"password": WORD, "right": "engineer"}, seen="users.list_")
    assert names(w.read("users.list_")) == names(made.appeared) == ["Eva"]
    assert w.read("users.get", EVA)["right"] == "engineer"
    w.changes("users.update", EVA | {"right": "viewer"}, seen="users.get", by=EVA)
    login = w.changes(
        "access.login", EVA | {"password": WORD}, seen="users.get", by=EVA, look=lambda eva: eva["lastLoginAt"]
    )
    tokens = w.between("access.refresh", {"refreshToken": login.answer["refreshToken"]}, lambda: None).answer
    own = w.http.headers.pop("X-API-Key")
    w.http.headers["Authorization"] = f"Bearer {tokens['accessToken']}"
    assert w.peek("access.me")["name"] == "user:Eva"
    changed = w.between("access.change_password", {"password": WORD, "newPassword": f"{WORD}!"}, lambda: who(w))
    assert (changed.before, changed.after) == (200, 401)
    del w.http.headers["Authorization"]
    tokens = w.peek("access.login", EVA | {"password": f"{WORD}!"})
    w.http.headers["Authorization"] = f"Bearer {tokens['accessToken']}"
    ended = w.between("access.logout", {}, lambda: who(w))
    assert (ended.before, ended.after) == (200, 401)
    del w.http.headers["Authorization"]
    w.http.headers["X-API-Key"] = own
    refresh = w.peek("access.login", EVA | {"password": f"{WORD}!"})["refreshToken"]
    w.between("users.logout", EVA, lambda: None)
    assert w.refuses("access.refresh", {"refreshToken": refresh}, 401, "auth.token")
    w.changes("users.delete", EVA, seen="users.list_")


def who(w: Walk) -> int:
    """Whether the token that is sent is still good."""
    return w.http.get("/api/auth/me").status_code


CHAPTERS = (keys_come_and_go, users_log_in_and_out)
