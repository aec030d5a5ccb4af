"""Passwords: what is kept of them, that none is quicker to be refused than another, and that not too many are compared."""

from __future__ import annotations

import asyncio

import pytest

from engineering_api.security import passwords
from engineering_api.security.passwords import AT_ONCE, LONGEST, MOST_WAITING, SHORTEST, Passwords, require_good
from openness_bridge.errors import Problem

WORD = "correct horse battery staple"


def test_a_hash_is_argon2id_with_at_least_what_rfc_9106_asks_for_little_memory() -> None:
    async def scenario() -> str:
        made = Passwords()
        kept = await made.hash(WORD)
        assert await made.fits(WORD, kept)
        assert not await made.fits(WORD + "!", kept)
        assert not await made.fits(WORD, "no hash")
        made.close()
        return kept

    kind, _, costs = asyncio.run(scenario())[1:].split("$")[:3]
    given = dict(each.split("=") for each in costs.split(","))
    assert kind == "argon2id"
    assert (int(given["m"]) >= 64 << 10, int(given["t"]) >= 3, int(given["p"])) == (True, True, 4)


def test_a_name_that_does_not_exist_costs_a_comparison_with_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    async def scenario() -> None:
        made = Passwords()
        kept, verified = await made.hash(WORD), made._verify
        monkeypatch.setattr(made, "_verify", lambda known, word: compared.append(known) or verified(known, word))
        assert not await made.fits("nobody's password", None)
        assert await made.fits(WORD, kept)
        made.close()

    asyncio.run(scenario())
    nobody, somebody = (each.rpartition("$")[0].rpartition("$")[0] for each in compared)
    assert nobody == somebody


def test_not_too_many_are_compared_and_not_too_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0

    async def scenario() -> list[object]:
        gate = asyncio.Event()
        loop = asyncio.get_running_loop()

        def slow(*_: str) -> bool:
            nonlocal running, most
            running += 1
            most = max(most, running)
            asyncio.run_coroutine_threadsafe(gate.wait(), loop).result()
            running -= 1
            return True

        made = Passwords()
        monkeypatch.setattr(made, "_verify", slow)
        tries = [asyncio.ensure_future(made.fits(WORD, "kept")) for _ in range(MOST_WAITING + 5)]
        while sum(each.done() for each in tries) < 5:  # noqa: ASYNC110 - what is looked at announces nothing
            await asyncio.sleep(0.01)
        gate.set()
        done = await asyncio.gather(*tries, return_exceptions=True)
        made.close()
        return list(done)

    done = asyncio.run(scenario())
    refused = [each for each in done if isinstance(each, Problem)]
    assert {each.code for each in refused} == {"auth.busy"}
    assert (len(refused), done.count(True), most <= AT_ONCE) == (5, MOST_WAITING, True)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("a" * (SHORTEST - 1), False),
        ("a" * SHORTEST, True),
        ("a" * LONGEST, True),
        ("a" * (LONGEST + 1), False),
        ("long-user-name!", False),
        ("long-user-name and more words", True),
        ("", False),
    ],
)
def test_what_a_password_must_be(password: str, good: bool) -> None:
    if good:
        require_good(password, "Long-User-Name")
    else:
        with pytest.raises(Problem):
            require_good(password, "Long-User-Name")
    assert passwords.SHORTEST >= 12
