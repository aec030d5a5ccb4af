"""The virtual CPU makes a program executable by the passes of one table, in its order, as docs/architecture.md shows it."""

from __future__ import annotations

import inspect
import re
import sys
from types import CodeType, FrameType
from typing import Any

from tests import ROOT
from tests.fakes.virtual_plc import hostile_programs
from tests.fakes.virtual_plc.hostile_programs import PLAIN
from tests.structure.graphs import graph_of, reached
from virtual_plc.cpu.services import PlainServices
from virtual_plc.memory.memory import Memory
from virtual_plc.python_tier import compile_program
from virtual_plc.python_tier.passes import LINKING, SURVEY, WRITING, Pass

PASSES = (*SURVEY, *WRITING, *LINKING)
GIVEN = {"block", "context", "setting"}
ROOM = "virtual_plc.python_tier."


def code_of(each: Pass) -> CodeType:
    code: CodeType = inspect.unwrap(each.work).__code__
    return code


def module_of(each: Pass) -> str:
    name: str = each.work.__module__
    return name


def test_the_page_shows_the_table() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = page.partition("### The passes")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| `([\w/]+)\.py:(\w+)` \| (.*?) \|", section, re.MULTILINE)
    shown = [(makes, file.replace("/", "."), work, re.findall(r"`(\w+)`", reads)) for makes, file, work, reads in rows]
    assert shown == [
        (each.makes, module_of(each).removeprefix(ROOM), each.work.__name__, list(each.reads)) for each in PASSES
    ]


def test_a_pass_reads_earlier_results_by_the_names_of_its_parameters() -> None:
    known = set(GIVEN)
    for each in PASSES:
        assert list(each.reads) == list(inspect.signature(each.work).parameters), each.makes
        assert set(each.reads) <= known, each.makes
        known.add(each.makes)
    assert len(known) == len(GIVEN) + len(PASSES)


def test_no_pass_imports_a_later_one() -> None:
    graph = graph_of(ROOT / "fakes" / "virtual_plc")
    modules = [module_of(each) for each in PASSES]
    later = {one: set(modules[at + 1 :]) & reached(graph, one) for at, one in enumerate(modules)}
    assert later == {one: set() for one in modules}


def test_each_pass_runs_for_all_blocks_before_the_next_and_enters_no_other() -> None:
    """A program with blocks in SCL, LAD, STL and GRAPH, which call each other."""
    program = hostile_programs.program(PLAIN)
    memory, services = Memory(program), PlainServices()
    names = {code_of(each): each.makes for each in PASSES}
    entered: list[str] = []
    callers: set[CodeType] = set()
    inside: list[str] = []

    def profile(frame: FrameType, event: str, _: Any) -> None:
        name = names.get(frame.f_code)
        if name is None:
            return
        if event == "call":
            assert not inside, f"{name} inside of {inside}"
            inside.append(name)
            entered.append(name)
            callers.add(_caller_of(frame).f_code)
        elif event == "return":
            inside.pop()

    sys.setprofile(profile)
    try:
        compile_program(program, memory, services)
    finally:
        sys.setprofile(None)
    languages = {network.language for block in program.blocks.values() for network in block.networks}
    assert languages >= {"SCL", "LAD", "STL"}
    assert any(block.graph is not None for block in program.blocks.values())
    assert entered == [each.makes for each in PASSES for _ in program.blocks]
    assert callers == {Pass.run.__code__}


def _caller_of(frame: FrameType) -> FrameType:
    """The frame that calls a pass, behind the one that runs it once for each body."""
    caller = frame.f_back
    while caller is not None and caller.f_code.co_name == "once":
        caller = caller.f_back
    assert caller is not None
    return caller
