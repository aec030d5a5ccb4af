"""The client for programs on an event loop, against a server on a loopback port."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from engineering_api.client import AsyncClient, Client, Problem
from openness_bridge.program.tag_tables import TableInfo
from tests.support.service import KEY


@pytest.fixture
def run(client: Client) -> Callable[[Callable[[AsyncClient], Awaitable[Any]]], Any]:
    """Runs a program on an event loop of its own, with a client of the server whose project is open."""

    def run(program: Callable[[AsyncClient], Awaitable[Any]]) -> Any:
        async def whole() -> Any:
            async with AsyncClient(client.server.url, KEY) as made:
                return await program(made)

        return asyncio.run(whole())

    return run


def test_calls_go_side_by_side(run: Any) -> None:
    async def program(client: AsyncClient) -> list[TableInfo]:
        calls = (client.tag_tables.create(device_name="PLC_1", name=f"T{number}") for number in range(10))
        return list(await asyncio.gather(*calls))

    made = run(program)
    assert {table.name for table in made} == {f"T{number}" for number in range(10)}


def test_one_of_two_that_want_the_same_gets_a_conflict(run: Any) -> None:
    async def program(client: AsyncClient) -> list[object]:
        calls = (client.tag_tables.create(device_name="PLC_1", name="Same") for _ in range(2))
        return list(await asyncio.gather(*calls, return_exceptions=True))

    made, refused = sorted(run(program), key=lambda answer: isinstance(answer, Problem))
    assert isinstance(made, TableInfo)
    assert refused.code == "tag_table.exists"


def test_a_job_is_waited_for_and_tells_its_progress(run: Any) -> None:
    async def program(client: AsyncClient) -> tuple[str, int, list[str]]:
        told: list[str] = []
        told_to = client.using(progress=lambda job: told.append(job.status))
        job = await told_to.projects.archive(path="b.zap20", save=True, wait=False)
        return (await job.result()).name, await job.progress(), told

    name, progress, told = run(program)
    assert (name, progress, told[-1]) == ("b.zap20", 100, "Completed")


def test_plain_calls_answers_and_jobs_by_name(run: Any) -> None:
    async def program(client: AsyncClient) -> tuple[Any, ...]:
        job = await client.submit("tag_tables.list_", device_name="PLC_1")
        again = client.job(job.id)
        called = await client.call("tag_tables.tree", deviceName="PLC_1")
        return await job.result(), await again.result(), called, await client.answer("health.ping")

    listed, again, tree, pong = run(program)
    assert listed == again
    assert tree["children"][0]["name"] == listed[0]["name"]
    assert (pong.status, pong.message, pong.data) == (200, "pong", {"pong": True})


def test_a_failed_and_an_ended_job_raise(run: Any) -> None:
    async def program(client: AsyncClient) -> list[str]:
        job = await client.tag_tables.delete(device_name="PLC_1", table_name="Nothing", wait=False)
        codes = []
        for what in (job.result, job.cancel):
            with pytest.raises(Problem) as caught:
                await what()
            codes.append(caught.value.code)
        return codes

    assert run(program) == ["tag_table.not_found", "job.ended"]


def test_events_are_seen_as_they_happen(run: Any) -> None:
    async def program(client: AsyncClient) -> Any:
        job = await client.submit("tag_tables.list_", device_name="PLC_1")
        events = client.events(after=0)
        while (event := await anext(events)).subject != job.id:
            pass
        return event

    assert run(program).kind == "job.created"


def test_a_stream_that_is_refused_raises_the_problem(run: Any) -> None:
    async def program(client: AsyncClient) -> str:
        with pytest.raises(Problem) as caught:
            await anext(client.simulation_values(["bStart"], instance="nobody"))
        return caught.value.code

    assert run(program)
