"""A program that one session has downloaded, taken over by the next one: same findings, same run, less work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.caching import disk_cache
from simatic_xml.program import workspace as typed
from tests.fakes.fake_openness.online_kit import PROGRAM, Rig, rig_of
from tests.support.examples import examples

EDITS = {
    "a body": ("+ #step;", "+ 2 * #step;"),
    "a start value": ("step : Int := 1;", "step : Int := 7;"),
    "a structure": ("total : DInt;", "total : DInt; more : Int;"),
    "a call": ('"Counting_DB"();', '"Counting_DB"(step := 3);'),
    "an error": ("#step;\n", "#missing;\n"),
    "a warning": ("#total :=", "IF FALSE THEN #total := 1; END_IF; #total :="),
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path) -> Iterator[Path]:
    """An empty cache."""
    disk_cache.configure(tmp_path / "cache", tmp_path / "secret", 1 << 24)
    yield tmp_path / "cache"
    disk_cache.use(None)


@contextmanager
def session(folder: Path, program: str = PROGRAM) -> Iterator[Rig]:
    """A session of its own, as after a restart, with a project of the program."""
    folder.mkdir()
    made = rig_of(folder)
    made.generate(program)
    try:
        yield made
    finally:
        made.manager.Shutdown()
        made.portal.Dispose()


def changed(*edits: str) -> str:
    """The program after some edits."""
    found = PROGRAM
    for each in edits:
        old, new = EDITS[each]
        found = found.replace(old, new)
    return found


@contextmanager
def typing() -> Iterator[list[str]]:
    """The names of the blocks that are typed meanwhile."""
    names: list[str] = []
    resolve = typed.resolve_block

    def noted(block: Any, symbols: Any) -> Any:
        names.append(block.name)
        return resolve(block, symbols)

    with mock.patch.object(typed, "resolve_block", noted):
        yield names


def outcome(rig: Rig) -> tuple[Any, ...]:
    """The messages of a compilation, and what the data are after five cycles where the program can be loaded."""
    found = rig.plc._compile(list(rig.plc._program))
    messages = sorted((each.Path, each.Description, each.State.name) for each in flat(found.Messages))
    if found.ErrorCount:
        return messages, None
    rig.load()
    controller = rig.instance._controller
    controller.cpu.run()
    controller.cpu.run_cycles(5)
    return messages, controller.cpu.memory.snapshot()


def flat(messages: Any) -> Iterator[Any]:
    for each in messages:
        yield each
        yield from flat(each.Messages)


def test_the_next_session_types_and_writes_nothing(tmp_path: Path) -> None:
    with session(tmp_path / "one") as rig:
        first = outcome(rig)
    with session(tmp_path / "two") as rig, typing() as names:
        assert outcome(rig) == first
        assert rig.instance._controller.cpu.executable.written == []
    assert names == []


def test_after_an_edit_only_that_is_typed(tmp_path: Path) -> None:
    with session(tmp_path / "one") as rig:
        outcome(rig)
    with session(tmp_path / "two", changed("a body")) as rig, typing() as names:
        found = outcome(rig)
        assert rig.instance._controller.cpu.executable.written == ["Counting"]
    assert names == ["Counting"]
    disk_cache.use(None)
    with session(tmp_path / "three", changed("a body")) as rig:
        assert outcome(rig) == found


def test_an_entry_that_cannot_be_read_is_made_again(tmp_path: Path, cache: Path) -> None:
    with session(tmp_path / "one") as rig:
        first = outcome(rig)
    [file] = [each for each in cache.iterdir() if each.name.startswith("program-")]
    opened = disk_cache.current()
    assert opened is not None
    for number, content in enumerate((b"", b"no pickle", b"\x80\x05N.")):
        opened.put(file.name, content)
        with session(tmp_path / f"two{number}") as rig, typing() as names:
            assert outcome(rig) == first
        assert set(names) == {"Counting", "Cycle", "Main"}


def test_a_program_of_other_names_is_another_entry(tmp_path: Path, cache: Path) -> None:
    for folder, name in (("one", "Counting"), ("two", "Summing")):
        with session(tmp_path / folder, PROGRAM.replace("Counting", name)) as rig:
            outcome(rig)
    assert len([*cache.iterdir()]) == 2


@examples(8)
@given(states=st.lists(st.lists(st.sampled_from(sorted(EDITS)), max_size=3, unique=True), min_size=1, max_size=3))
def test_random_edits_between_sessions_are_never_missed(
    tmp_path_factory: pytest.TempPathFactory, states: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("states")
    with session(folder / "begin") as rig:
        outcome(rig)
    for number, edits in enumerate(states):
        with session(folder / f"with{number}", changed(*edits)) as rig:
            found = outcome(rig)
        kept = disk_cache.current()
        disk_cache.use(None)
        with session(folder / f"without{number}", changed(*edits)) as rig:
            assert outcome(rig) == found
        disk_cache.use(kept)
