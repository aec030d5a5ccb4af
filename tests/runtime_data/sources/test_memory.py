"""Tags of the service: nobody reads a value that a crash could take back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.storage.database import Database
from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from openness_bridge.errors import Problem
from runtime_data.sources.memory import MemorySource, MemoryTag
from tests.support.examples import examples

PATIENCE = 60


class Disk(RuntimeDefinitions):
    """Definitions whose transactions can be held back, counted and refused."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.transactions = 0
        self.is_full = False
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.is_reached = threading.Event()

    def put_all(self, kind: str, definitions: Any) -> None:
        self.is_reached.set()
        assert self.goes_on.wait(PATIENCE)
        if self.is_full:
            raise Problem("storage.full", "The disk is full.")
        self.transactions += bool(definitions)
        super().put_all(kind, definitions)

    def kept(self, source: str = "memory") -> dict[str, Any]:
        """The values that a service has after a crash at this moment."""
        return {tag.path: tag.value for tag in MemorySource(source, RuntimeDefinitions(self._database))._tags.values()}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    database = Database(tmp_path / "service.db")
    yield Disk(database)
    database.close()


@pytest.fixture
def memory(disk: Disk) -> MemorySource:
    source = MemorySource("memory", disk)
    for path in ("a", "b"):
        source.define(MemoryTag(path, "DInt"))
    source.define(MemoryTag("fast", "DInt", retain=False))
    return source


def test_a_value_is_stored_before_anybody_sees_it(disk: Disk, memory: MemorySource) -> None:
    heard: list[Any] = []
    memory.follow(lambda values: heard.extend((value.value, disk.kept()["a"]) for value in values))
    disk.goes_on.clear()
    disk.is_reached.clear()
    with ThreadPoolExecutor(1) as writer:
        writing = writer.submit(memory.write, [("a", 1)], {}, atomic=False)
        assert disk.is_reached.wait(PATIENCE)
        assert (writing.done(), memory.read(["a"])[0].value, heard) == (False, None, [])
        disk.goes_on.set()
        assert writing.result(PATIENCE) == [None]
    assert (memory.read(["a"])[0].value, heard) == (1, [(1, 1)])


def test_writes_that_come_meanwhile_share_a_transaction(disk: Disk, memory: MemorySource) -> None:
    before = disk.transactions
    disk.goes_on.clear()
    with ThreadPoolExecutor(20) as writers:
        writing = [writers.submit(memory.write, [("a", number)], {}, atomic=False) for number in range(20)]
        _until(lambda: len(memory._commits._open.writes) == 19)
        disk.goes_on.set()
        assert all(each.result(PATIENCE) == [None] for each in writing)
    assert disk.transactions - before == 2
    assert memory.read(["a"])[0].value == disk.kept()["a"]


def test_what_is_expected_counts_from_the_newest_write(disk: Disk, memory: MemorySource) -> None:
    memory.write([("a", 0)], {}, atomic=False)
    disk.goes_on.clear()
    with ThreadPoolExecutor(8) as writers:
        writing = [writers.submit(memory.write, [("a", number)], {"a": 0}, atomic=False) for number in range(1, 9)]
        wait(writing, return_when="FIRST_COMPLETED", timeout=PATIENCE)
        disk.goes_on.set()
        assert sorted(each.result(PATIENCE) == [None] for each in writing) == [*[False] * 7, True]


def test_a_full_disk_refuses_each_write_that_waits(disk: Disk, memory: MemorySource) -> None:
    memory.write([("a", 1), ("b", 1)], {}, atomic=False)
    disk.is_full = True
    disk.goes_on.clear()
    with ThreadPoolExecutor(6) as writers:
        writing = [writers.submit(memory.write, [("a", number), ("no", 1)], {}, atomic=False) for number in range(6)]
        _until(lambda: len(memory._commits._open.writes) == 5)
        disk.goes_on.set()
        for each in writing:
            refused, unknown = each.result(PATIENCE)
            assert refused is not None and unknown is not None
            assert (refused.code, unknown.code) == ("storage.full", "tag.not_found")
    assert memory.read(["a"])[0].value == 1
    assert [each and each.code for each in memory.write([("fast", 5)], {}, atomic=False)] == [None]
    disk.is_full = False
    assert memory.write([("a", 2)], {"a": 1}, atomic=False) == [None]
    assert disk.kept() == {"a": 2, "b": 1, "fast": None}


def test_tags_that_are_not_retained_do_not_wait_for_the_disk(disk: Disk, memory: MemorySource) -> None:
    disk.goes_on.clear()
    assert memory.write([("fast", 3)], {}, atomic=False) == [None]
    assert memory.read(["fast"])[0].value == 3
    disk.goes_on.set()


def test_writes_of_both_kinds_keep_their_order(disk: Disk, memory: MemorySource) -> None:
    disk.goes_on.clear()
    disk.is_reached.clear()
    with ThreadPoolExecutor(2) as writers:
        first = writers.submit(memory.write, [("a", 1), ("fast", 1)], {}, atomic=False)
        assert disk.is_reached.wait(PATIENCE)
        second = writers.submit(memory.write, [("fast", 2)], {}, atomic=False)
        _until(lambda: bool(memory._commits._open.writes))
        disk.goes_on.set()
        assert (first.result(PATIENCE), second.result(PATIENCE)) == ([None, None], [None])
    assert memory.read(["fast"])[0].value == 2


@pytest.mark.slow
@given(st.lists(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 99)), max_size=4), max_size=12))
@examples(5)
def test_whatever_was_acknowledged_is_there_after_a_crash(
    tmp_path_factory: pytest.TempPathFactory, plan: list[list[tuple[str, int]]]
) -> None:
    """Of each writer's tag the value on the disk is never older than the last that was acknowledged."""
    database = Database(tmp_path_factory.mktemp("crash") / "service.db")
    disk = Disk(database)
    source = MemorySource("memory", disk)
    for number in range(len(plan)):
        for path in "ab":
            source.define(MemoryTag(f"{path}{number}", "DInt"))

    def write(number: int, steps: list[tuple[str, int]]) -> None:
        for path, value in steps:
            assert source.write([(f"{path}{number}", value)], {}, atomic=False) == [None]
            assert disk.kept()[f"{path}{number}"] == value

    with ThreadPoolExecutor(6) as writers:
        for each in [writers.submit(write, *each) for each in enumerate(plan)]:
            each.result(PATIENCE)
    database.close()


def _until(condition: Any) -> None:
    """Wait for a condition; the limit matters only where it never comes."""
    turn = threading.Event()
    for _ in range(PATIENCE * 100):
        if condition():
            return
        turn.wait(0.01)
    raise AssertionError("It did not come.")
