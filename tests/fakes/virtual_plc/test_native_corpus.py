"""Blocks of the collection do the same as native code as by the reference, as far as native code takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from simatic_xml.program import nodes as n
from simatic_xml.program import typed_blocks, walking
from tests.fakes.virtual_plc import agreement, corpus_runs
from tests.fakes.virtual_plc.corpus_programs import EXPORTS, SOURCES, cases, programs
from tests.oracle.tree_walker import interpret_program
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, ProgramError
from virtual_plc.native_tier import compile_native, compiler
from virtual_plc.native_tier.program_text import ProgramText

pytestmark = [
    pytest.mark.skipif(compiler() is None, reason="there is no C compiler here"),
    pytest.mark.skipif(not SOURCES, reason="the collection of real programs is not here"),
    pytest.mark.slow,
]


@pytest.mark.parametrize(("paths", "least"), [(SOURCES, 210), (EXPORTS, 60)], ids=["sources", "exports"])
def test_blocks_agree(paths: list[Path], least: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tiers = {"reference": interpret_program, "native": compile_native}
    monkeypatch.setattr(agreement, "TIERS", tiers)
    monkeypatch.setattr(corpus_runs, "TIERS", tiers)
    compared = refused = 0
    for name, program in programs(paths):
        refused += without_refused_blocks(program)
        runs = {tier: agreement.Run(program, make) for tier, make in tiers.items()}
        for case in cases(program):
            if not has_open_array(case.block):
                corpus_runs.compare(name, runs, case)
                compared += 1
    assert compared >= least and compared > 3 * refused


def without_refused_blocks(program: Program) -> int:
    """Take out the blocks that native code refuses, and those that call them; return how many."""
    before = len(program.blocks)
    while True:
        try:
            ProgramText(program, Memory(program))
        except ProgramError as error:
            names = {problem.place.block.casefold() for problem in error.problems}
            assert names & set(program.blocks)
            take_out(program, names)
            continue
        return before - len(program.blocks)


def take_out(program: Program, names: set[str]) -> None:
    """Take blocks and their callers out of a program."""
    while names:
        for name in names:
            program.blocks.pop(name, None)
        names = {key for key, block in program.blocks.items() if called(block) - set(program.blocks)}


def called(block: typed_blocks.Block) -> set[str]:
    """Return the casefolded names of the blocks that a block calls."""
    return {
        each.callee.casefold()
        for statement in walking.block_statements(block)
        for operand in walking.operands(statement)
        for each in walking.expressions(operand)
        if isinstance(each, n.BlockCall)
    }


def has_open_array(block: typed_blocks.Block) -> bool:
    return any(None in getattr(each.type, "bounds", ()) for each in block.variables)
