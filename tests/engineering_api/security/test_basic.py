"""Name and password with each request: only where it is taken, only unread by others, and compared once a minute."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest

from engineering_api.operations.terms import Login, Right
from engineering_api.security import Gate
from engineering_api.security.basic import REMEMBERED_FOR, VerifiedPairs
from engineering_api.security.identities import Identities
from engineering_api.security.rate_limit import TooMany
from engineering_api.security.users import Users
from openness_bridge.errors import Problem
from tests.engineering_api.security.kit import serving

WORD = "correct horse battery staple"
HERE = (("127.0.0.1", 50000), ("127.0.0.1", 9000))
HOST = {b"host": b"127.0.0.1:9000"}


def basic(text: str) -> dict[bytes, bytes]:
    return HOST | {b"authorization": b"Basic " + base64.b64encode(text.encode())}


class Asking:
    """A gate with the user eva, and how often a password was compared."""

    def __init__(self, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        service = app.state.service
        self.users: Users = service.part(Identities).users
        self.gate = Gate(service.part(Identities), service.settings)
        self.compared = 0
        fits = self.users._passwords.fits

        async def counted(password: str, kept: str | None) -> bool:
            self.compared += 1
            return bool(await fits(password, kept))

        monkeypatch.setattr(self.users._passwords, "fits", counted)

    async def ask(self, text: str = f"Eva:{WORD}", **more: Any) -> str:
        """The caller's name, or the code of the refusal."""
        given: dict[str, Any] = {"ends": HERE, "login": Login.BASIC} | more
        try:
            return (await self.gate.admit(basic(text), "127.0.0.1", Right.VIEW, **given)).caller.name
        except Problem as problem:
            return problem.code


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, scenario: Any) -> None:
    async def go() -> None:
        async with serving(folder) as app:
            asking = Asking(app, monkeypatch)
            await asking.users.make("Eva", WORD, Right.OPERATE, "test")
            await scenario(asking)

    asyncio.run(go())


def test_it_is_taken_where_the_route_takes_it_and_nobody_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(asking: Asking) -> None:
        assert await asking.ask() == "user:Eva"
        assert await asking.ask(login=Login.OWN) == "auth.required"
        elsewhere = asking.gate.admit(
            basic(f"Eva:{WORD}"), "10.0.0.7", Right.VIEW, (("10.0.0.7", 5), ("10.0.0.1", 9000)), Login.BASIC
        )
        with pytest.raises(Problem, match="TLS") as refused:
            await elsewhere
        assert refused.value.code == "auth.basic_insecure"
        by_tls = await asking.gate.admit(
            basic(f"Eva:{WORD}"), "10.0.0.7", Right.VIEW, login=Login.BASIC, encrypted=True
        )
        assert by_tls.caller.name == "user:Eva"
        proxied = basic(f"Eva:{WORD}") | {b"x-forwarded-for": b"10.0.0.7"}
        with pytest.raises(Problem, match="TLS"):
            await asking.gate.admit(proxied, "127.0.0.1", Right.VIEW, HERE, Login.BASIC)

    run(tmp_path, monkeypatch, scenario)


@pytest.mark.parametrize("text", ["", "eva", ":word"])
def test_what_is_no_pair_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    async def scenario(asking: Asking) -> None:
        assert await asking.ask(text) == "auth.basic"
        bad = HOST | {b"authorization": b"Basic %%%"}
        with pytest.raises(Problem, match="Base64"):
            await asking.gate.admit(bad, "127.0.0.1", Right.VIEW, HERE, Login.BASIC)

    run(tmp_path, monkeypatch, scenario)


def test_a_password_is_compared_once_however_many_requests_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(asking: Asking) -> None:
        assert set(await asyncio.gather(*(asking.ask() for _ in range(30)))) == {"user:Eva"}
        assert await asking.ask() == "user:Eva"
        assert asking.compared == 1
        monkeypatch.setattr(asking.users._verified, "_clock", lambda: float("inf"))
        assert await asking.ask() == "user:Eva"
        assert asking.compared == 2

    run(tmp_path, monkeypatch, scenario)


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ({"password": "another long password"}, "auth.login"),
        ({"enabled": False}, "auth.login"),
        ({"right": Right.VIEW}, "user:Eva"),
        (None, "auth.login"),
    ],
)
def test_a_changed_user_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any] | None, after: str
) -> None:
    async def scenario(asking: Asking) -> None:
        assert await asking.ask() == "user:Eva"
        if change is None:
            await asking.users.remove("eva")
            await asking.users.make("Eva", "another long password", Right.ADMINISTER, "test")
        else:
            await asking.users.change("eva", **change)
        assert await asking.ask() == after
        if after == "user:Eva":
            with pytest.raises(Problem, match="right"):
                await asking.gate.admit(basic(f"Eva:{WORD}"), "127.0.0.1", Right.OPERATE, HERE, Login.BASIC)

    run(tmp_path, monkeypatch, scenario)


def test_wrong_passwords_count_as_failed_logins_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(asking: Asking) -> None:
        codes = [await asking.ask(f"Eva:wrong {number}") for number in range(7)]
        assert codes == ["auth.login"] * 6 + ["auth.too_many"]
        with pytest.raises(TooMany):
            await asking.users.login("eva", WORD, "127.0.0.1")

    run(tmp_path, monkeypatch, scenario)


def test_the_memory_of_pairs_is_bounded_and_holds_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(asking: Asking) -> None:
        row, clock = asking.users.get("eva"), [0.0]
        pairs = VerifiedPairs(lambda: clock[0])
        for number in range(3000):
            pairs.add(pairs.digest("eva", str(number)), row)
        assert len(pairs._good) <= 1024
        digest = pairs.digest("eva", WORD)
        pairs.add(digest, row)
        assert pairs.fits(digest, row)
        assert not pairs.fits(pairs.digest("ev", f"a{WORD}"), row)
        assert not VerifiedPairs().fits(digest, row)
        assert WORD not in repr(pairs._good)
        clock[0] = REMEMBERED_FOR
        assert not pairs.fits(digest, row)

    run(tmp_path, monkeypatch, scenario)
