"""What is written arrives whole and in order, in fewer calls of the system."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engineering_api.web.listening.whole_writes import LARGE, WholeWrites


class Recorder:
    """A transport that remembers its calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, bytes]] = []

    def write(self, data: bytes) -> None:
        self.calls.append(("write", data))

    def __getattr__(self, name: str) -> Any:
        return lambda: self.calls.append((name, b""))

    @property
    def written(self) -> bytes:
        return b"".join(data for _, data in self.calls)


def in_loop(use: Any) -> Recorder:
    """Use a transport in an event loop, which then turns once more."""

    async def run() -> Recorder:
        recorder = Recorder()
        inner: Any = recorder
        await use(WholeWrites(inner, asyncio.get_running_loop()))
        await asyncio.sleep(0)
        return recorder

    return asyncio.run(run())


PARTS = st.lists(
    st.one_of(st.none(), st.binary(max_size=20), st.integers(LARGE - 1, LARGE + 1).map(lambda size: b"x" * size)),
    max_size=12,
)


@given(PARTS)
def test_all_parts_arrive_in_order(parts: list[bytes | None]) -> None:
    async def use(transport: WholeWrites) -> None:
        for part in parts:
            if part is None:
                await asyncio.sleep(0)
            else:
                transport.write(part)

    assert in_loop(use).written == b"".join(part for part in parts if part)


def test_the_parts_of_one_turn_are_one_call() -> None:
    async def use(transport: WholeWrites) -> None:
        transport.write(b"head")
        transport.write(b"body")
        await asyncio.sleep(0)
        transport.write(b"more")

    assert in_loop(use).calls == [("write", b"headbody"), ("write", b"more")]


def test_what_waits_is_written_before_the_end() -> None:
    async def end(transport: WholeWrites) -> None:
        transport.write(b"last")
        transport.write_eof()

    async def close(transport: WholeWrites) -> None:
        transport.write(b"last")
        transport.close()

    assert in_loop(end).calls == [("write", b"last"), ("write_eof", b"")]
    assert in_loop(close).calls == [("write", b"last"), ("close", b"")]


def test_what_waits_is_dropped_when_the_connection_is_aborted() -> None:
    async def use(transport: WholeWrites) -> None:
        transport.write(b"never")
        transport.abort()

    assert in_loop(use).calls == [("abort", b"")]
