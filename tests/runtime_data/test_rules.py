"""Patterns, rates and the guards of writes that no HTTP request can bring about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from openness_bridge.errors import Kind, Problem
from runtime_data.fail_safe import LASTING, FailSafeBlocks
from runtime_data.patterns import fits, leads_to_any
from runtime_data.rates import Rates
from runtime_data.rules import Rule
from runtime_data.runtime import Write
from tests.runtime_data.plant import OPERATOR, Plant, plant_in

LETTERS = st.text("abAB.:_1*?", max_size=8)


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with plant_in(tmp_path) as plant:
        plant.start_cpu()
        yield plant


@given(LETTERS, st.text("abAB.:_1", max_size=8))
def test_patterns_without_brackets_are_those_of_fnmatch(pattern: str, name: str) -> None:
    assert fits(pattern, name) is fnmatchcase(name.casefold(), pattern.casefold())


def test_brackets_are_indexes_and_spelling_does_not_matter() -> None:
    assert fits("PLC_1:Data.list[3]", 'plc_1:"Data".list[3]') and not fits("PLC_1:Data.list[3]", "PLC_1:Data.list3")
    assert fits("PLC_1:My Data.*", 'PLC_1:"My Data".x') and fits("PLC_1:MyData.*", "PLC_1:My Data.x")


@given(LETTERS, st.text("ab.:", min_size=1, max_size=8), st.integers(0, 8))
def test_what_is_above_a_tag_that_fits_leads_to_it(pattern: str, name: str, length: int) -> None:
    if fits(pattern, name):
        assert leads_to_any([pattern], name[:length])


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 4))
def test_no_period_has_more_writes_than_the_rate(steps: list[float], most: int) -> None:
    now = 0.0
    rates = Rates(lambda: now)
    done: list[float] = []
    for step in steps:
        now += step
        wait = rates.take("x", f"{most}/min")
        earlier = [at for at in done if now - at < 60]
        assert (wait == 0) is (len(earlier) < most)
        if not wait:
            done.append(now)
        else:
            assert abs(wait - (60 - (now - earlier[-most]))) < 1e-6
    assert rates.take("y", "1/s") == 0


def write(plant: Plant, tag: str, value: Any, caller: Caller = OPERATOR) -> str:
    """Return the code of a write's refusal; empty where it was written."""
    (done,) = asyncio.run(plant.runtime.write(caller, [Write(tag, value)]))
    return "" if done.error is None else done.error.code


def test_outputs_take_a_rule_that_names_them(plant: Plant) -> None:
    assert write(plant, "PLC_1:Out", True) == "runtime.output"
    plant.rules.replace([Rule("PLC_1:*", write=["operator"])])
    assert write(plant, "PLC_1:Out", True) == "runtime.output"
    assert write(plant, "PLC_1:Flag", True) == ""
    plant.rules.replace([Rule("PLC_1:Out", write=["operator"])])
    assert write(plant, "PLC_1:Out", True) == ""
    assert write(plant, "PLC_1:Out", True, Caller("eva", Right.ENGINEER)) == "runtime.write_denied"


def test_a_rule_demands_that_a_write_is_read_back(plant: Plant) -> None:
    plant.rules.replace([Rule("PLC_1:Data.count", write=["operator"], verify=True)])
    (done,) = asyncio.run(plant.runtime.write(OPERATOR, [Write("PLC_1:Data.count", -5)]))
    assert done.error is None and done.after is not None and done.verified is (done.after.value == -5)
    (other,) = asyncio.run(plant.runtime.write(OPERATOR, [Write("PLC_1:Flag", True)]))
    assert (other.error, other.after) == (None, None)


def test_a_caller_with_tags_is_limited_to_them(plant: Plant) -> None:
    limited = Caller("erp", Right.ADMINISTER, tags=("PLC_1:Data.motor.*",))
    assert write(plant, "PLC_1:Data.motor.speed", 2.5, limited) == ""
    assert write(plant, "PLC_1:Flag", True, limited) == "runtime.write_denied"
    mine, other = asyncio.run(plant.runtime.read(limited, ["PLC_1:Data.motor.speed", "PLC_1:Flag"]))
    assert mine.value == 2.5 and other.value is None
    assert other.error is not None and other.error.code == "runtime.read_denied"


def test_a_program_that_changes_takes_the_new_area(plant: Plant) -> None:
    """The tag list is asked whether it is up to date before a write, so that a tag that became an output is not written."""
    assert write(plant, "PLC_1:Flag", True) == ""
    plant.simulation.handle("PLC_1").tags.replace([])
    assert write(plant, "PLC_1:Out", True) == "runtime.output"


# -- fail-safe blocks -----------------------------------------------------------------------


class Portal:
    """A portal whose project has the blocks of a PLC, each with its language."""

    def __init__(self, **blocks: str) -> None:
        self.blocks, self.asked, self.busy = blocks, 0, False
        self.current: Portal | None = self

    def call_within(self, _seconds: float, call: Callable[[], str]) -> str:
        self.asked += 1
        if self.busy:
            raise Problem("portal.busy", "It is busy.", kind=Kind.UNAVAILABLE)
        return call()


def find(portal: Portal, plc: str, name: str) -> tuple[Any, tuple[str, ...]]:
    if plc != "PLC_1" or name not in portal.blocks:
        raise Problem("block.not_found", "There is none.", kind=Kind.MISSING)
    return SimpleNamespace(ProgrammingLanguage=portal.blocks[name]), ()


def test_the_open_project_says_which_blocks_are_fail_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime_data.fail_safe.blocks.find", find)
    monkeypatch.setattr("runtime_data.fail_safe.enum_name", str)
    now, portal = 0.0, Portal(Safe="F_DB", Data="DB")
    known = FailSafeBlocks(cast("Any", portal), lambda: now)
    for _ in range(2):
        assert [known("PLC_1", each) for each in ("Safe", "Data", "Other")] == [True, False, False]
        assert known("PLC_2", "Safe") is False
    assert portal.asked == 4
    now += LASTING
    portal.busy = True
    assert known("PLC_1", "Safe") is True and known("PLC_1", "Data") is False
    assert portal.asked == 5, "a busy portal is asked once"
    now += 2 * LASTING
    portal.busy, portal.blocks = False, {"Safe": "DB"}
    assert known("PLC_1", "Safe") is False
    portal.current = None
    assert known("PLC_1", "Another") is False


def test_a_tag_of_a_fail_safe_block_is_never_written(tmp_path: Path) -> None:
    with plant_in(tmp_path, lambda plc, block: (plc, block) == ("PLC_1", "Data")) as plant:
        plant.start_cpu()
        plant.rules.replace([Rule("PLC_1:Data.motor.speed", write=["operator"])])
        administrator = Caller("root", Right.ADMINISTER)
        assert write(plant, "PLC_1:Data.motor.speed", 1, administrator) == "runtime.fail_safe"
        assert write(plant, 'plc_1:"data".motor.speed', 1, administrator) == "runtime.fail_safe"
