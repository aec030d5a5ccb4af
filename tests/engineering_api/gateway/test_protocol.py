"""What a worker does with messages, and what nobody can make it do. The test is its gateway."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.cli import gateway as start
from engineering_api.gateway.exchange import EmbeddedExchange
from engineering_api.gateway.messages import (
    GATEWAY,
    NOT_STARTED,
    LeaseGrant,
    ProgressReport,
    State,
    StopRequest,
    WorkRequest,
    WorkResult,
    control,
    encode,
)
from engineering_api.gateway.saq_exchange import connect
from engineering_api.gateway.sealing import Seal
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from openness_bridge.errors import Kind, Problem
from tests.engineering_api.gateway import trial
from tests.engineering_api.gateway.plant import SECRET, settings

SEAL = Seal(SECRET)
ANOTHER = Seal("the secret of another plant")
ADMINISTRATOR = Caller("somebody", Right.ADMINISTER)


class FakeGateway:
    """The gateway's end of the exchange."""

    def __init__(self, shared: EmbeddedExchange, seal: Seal = SEAL) -> None:
        self.end, self.seal = shared.end(), seal
        self.came: list[Any] = []
        self.changed = asyncio.Event()

    async def take(self, sealed: bytes) -> None:
        message = self.seal.open(GATEWAY, sealed)
        self.came.append(message)
        self.changed.set()

    async def say(self, to: str, message: Any, seal: Seal | None = None) -> None:
        await self.end.send(to, uuid.uuid4().hex, (seal or self.seal).close(to, message))

    async def find(self, kind: type, **fields: Any) -> Any:
        """The first message of a kind with these fields, waited for."""
        while True:
            for each in self.came:
                if isinstance(each, kind) and all(getattr(each, name) == value for name, value in fields.items()):
                    return each
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), 20)

    async def grant(self, seconds: float = 1000) -> str:
        """Let the worker start things; returns its epoch."""
        state = await self.find(State)
        await self.say(control("PC1"), LeaseGrant(state.epoch, state.beat, seconds))
        return str(state.epoch)


def asked(
    ticket: str, epoch: str, name: str, operation: str = "trial.count", caller: Caller = ADMINISTRATOR
) -> WorkRequest:
    return WorkRequest(
        ticket=ticket, epoch=epoch, operation=operation, arguments=encode_json(name), caller=caller, job=""
    )


def encode_json(name: str) -> bytes:
    return f'{{"name": "{name}"}}'.encode()


@asynccontextmanager
async def talking(folder: Path) -> AsyncIterator[FakeGateway]:
    shared = EmbeddedExchange()
    gateway = FakeGateway(shared)
    gateway.end.receive(GATEWAY, gateway.take)
    async with start.working(settings(folder), "PC1", shared.end(), SEAL):
        yield gateway
    await gateway.end.close()


def play(folder: Path, scene: Callable[[FakeGateway], Awaitable[None]]) -> None:
    async def run() -> None:
        async with talking(folder) as gateway:
            await scene(gateway)

    asyncio.run(run())


def test_what_was_asked_is_done_once(tmp_path: Path) -> None:
    """The same ticket again: the answer again, and no second run."""

    async def scene(gateway: FakeGateway) -> None:
        epoch = await gateway.grant()
        await gateway.say("PC1", asked("a.1", epoch, "A"))
        first = await gateway.find(WorkResult, ticket="a.1")
        gateway.came.clear()
        await gateway.say("PC1", asked("a.1", epoch, "A"))
        assert await gateway.find(WorkResult, ticket="a.1") == first
        assert trial.runs() == ["A"]

    play(tmp_path, scene)


def test_nobody_else_is_obeyed(tmp_path: Path) -> None:
    """Another secret, a message for somebody else, one of another epoch, one without the right: none is done."""

    async def scene(gateway: FakeGateway) -> None:
        epoch = await gateway.grant()
        await gateway.say("PC1", asked("forged.1", epoch, "forged"), Seal("another secret of somebody else"))
        await gateway.end.send("PC1", "redirected", SEAL.close("PC2", asked("redirected.1", epoch, "redirected")))
        await gateway.end.send("PC1", "noise", b"noise")
        await gateway.say("PC1", asked("old.1", "an epoch of earlier", "old"))
        weak = Caller("viewer", Right.VIEW)
        await gateway.say("PC1", asked("weak.1", epoch, "weak", caller=weak))
        refused = await gateway.find(WorkResult, ticket="weak.1")
        assert (refused.refusal.code, refused.refusal.kind) == ("auth.right", Kind.FORBIDDEN)
        own = asked("own.1", epoch, "x", operation="users.list_")
        await gateway.say("PC1", own)
        assert (await gateway.find(WorkResult, ticket="own.1")).refusal.code == "worker.version"
        await gateway.say("PC1", asked("good.1", epoch, "good"))
        await gateway.find(WorkResult, ticket="good.1")
        assert trial.runs() == ["good"]
        assert {each.ticket for each in gateway.came if isinstance(each, WorkResult)} == {"weak.1", "own.1", "good.1"}

    play(tmp_path, scene)


def test_without_a_lease_nothing_starts(tmp_path: Path) -> None:
    """A worker that hears no gateway begins a new epoch; what was asked of the earlier one is never done."""

    async def scene(gateway: FakeGateway) -> None:
        epoch = await gateway.grant(0.2)
        await asyncio.sleep(0.3)  # time: the lease has to end
        await gateway.say("PC1", asked("late.1", epoch, "late"))
        while (await gateway.find(State)).epoch == epoch:
            gateway.came = [each for each in gateway.came if not isinstance(each, State)]
        again = await gateway.grant()
        assert again != epoch
        assert (await gateway.find(WorkResult, ticket="late.1")).refusal.code == NOT_STARTED
        await gateway.say("PC1", asked("new.1", again, "new"))
        await gateway.find(WorkResult, ticket="new.1")
        assert trial.runs() == ["new"]

    play(tmp_path, scene)


def test_a_stop_may_come_before_what_it_stops(tmp_path: Path) -> None:
    async def scene(gateway: FakeGateway) -> None:
        epoch = await gateway.grant()
        await gateway.say(control("PC1"), StopRequest("a.1"))
        await asyncio.sleep(0.1)  # time: either order has to do
        await gateway.say("PC1", asked("a.1", epoch, "A"))
        answer = await gateway.find(WorkResult, ticket="a.1")
        assert (answer.data, answer.refusal) == (None, None)
        await gateway.say("PC1", asked("b.1", epoch, "B", operation="trial.hold"))
        await gateway.find(ProgressReport, ticket="b.1", percent=10)
        await gateway.say(control("PC1"), StopRequest("b.1"))
        assert (await gateway.find(WorkResult, ticket="b.1")).data is None
        assert trial.runs() == ["B V20"]

    play(tmp_path, scene)


def test_its_signs_of_life_tell_what_it_does(tmp_path: Path, trials: Path) -> None:
    async def scene(gateway: FakeGateway) -> None:
        epoch = await gateway.grant()
        await gateway.say("PC1", asked("a.1", epoch, "A", operation="trial.hold"))
        while not (state := await gateway.find(State)).running:
            gateway.came.remove(state)
        assert (state.running[0].ticket, state.running[0].caller) == ("a.1", "somebody")
        (trials / "go-A").touch()
        await gateway.find(WorkResult, ticket="a.1")

    play(tmp_path, scene)


@given(st.binary(max_size=200) | st.binary(min_size=5000, max_size=9000), st.text(max_size=20))
def test_what_is_sealed_opens_at_its_address_only(content: bytes, to: str) -> None:
    message = asked("t.1", "e", "x")
    answer = WorkResult(ticket="t.1", data=content)
    sealed = SEAL.close(to, answer)
    assert SEAL.open(to, sealed) == answer
    assert SEAL.open(to + "x", sealed) is None
    assert ANOTHER.open(to, sealed) is None
    assert SEAL.open(to, sealed[:-4]) is None
    assert SEAL.open(to, SEAL.close(to, message)) == message


def test_what_is_sealed_is_not_readable() -> None:
    secret = asked("t.1", "e", "correct horse battery")
    assert b"correct horse" not in SEAL.close("PC1", secret)
    assert b"correct horse" in encode(secret)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(Problem, match="TIA_GATEWAY_SECRET"):
        Seal("short")


@pytest.mark.parametrize("name", ["", "gateway", "V17", "v20-PC", "a/b", "a b", "x" * 70])
def test_names_that_no_worker_can_have(name: str) -> None:
    with pytest.raises(Problem, match="--name"):
        start.require_name(name)


def test_names_that_a_worker_can_have() -> None:
    assert [start.require_name(name) for name in ("PC1", "PC-V17", "vm", "line_4.plant")] == [
        "PC1",
        "PC-V17",
        "vm",
        "line_4.plant",
    ]


@pytest.mark.parametrize("scheme", ["redis", "postgresql"])
def test_the_queues_password_is_told_to_nobody(scheme: str, caplog: pytest.LogCaptureFixture) -> None:
    """A server that is not there: a refusal that says so, without its address."""
    url = f"{scheme}://tia:hush-hush@127.0.0.1:1/0"

    async def ask() -> None:
        exchange = connect(url)
        await exchange.open()
        try:
            assert exchange.up_for == 0
            await exchange.send("PC1", "key", b"message")
        finally:
            await exchange.close()

    with caplog.at_level("DEBUG"), pytest.raises(Problem) as refused:
        asyncio.run(ask())
    assert refused.value.code == "queue.unreachable"
    assert "hush-hush" not in f"{refused.value.message} {caplog.text}"


def test_an_unknown_kind_of_queue_is_refused() -> None:
    with pytest.raises(Problem, match=r"redis://\.\.\."):
        connect("amqp://tia:hush-hush@127.0.0.1")
