"""An error of the simulation itself is a fault of the CPU with its place, and never an exception for who runs the program."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from simatic_xml.program import failures
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.scl import expressions
from simatic_xml.program.stl import network as stl_network
from simatic_xml.program.symbols import Cpu, Symbols
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.agreement import TIERS, program, put_stl
from virtual_plc.cpu.cpu import State, VirtualCpu
from virtual_plc.instructions import implementation
from virtual_plc.instructions.registry import IMPLEMENTATIONS
from virtual_plc.memory import data_blocks
from virtual_plc.memory.program import ProgramError, program_of

ERRORS = [
    ValueError("of the simulation"),
    AttributeError("'X' object has no attribute 'y'", obj="X"),
    ZeroDivisionError(),
    MemoryError(),
    KeyError("k"),
    OverflowError(),
    AssertionError(),
    UnicodeEncodeError("latin-1", "Ω", 0, 1, "no"),
]
SOURCE = """
DATA_BLOCK "D" VAR n : Int; handled : Int; END_VAR BEGIN END_DATA_BLOCK
FUNCTION "Inner" : Void VAR_TEMP r : Real; END_VAR
BEGIN
    "D".n := "D".n + 1;
    #r := SIN(1.0);
    "D".n := "D".n + 100;
END_FUNCTION
ORGANIZATION_BLOCK "Main" BEGIN "Inner"(); END_ORGANIZATION_BLOCK
"""
HANDLER = """
ORGANIZATION_BLOCK "Handler"
TITLE = "Programming error"
BEGIN "D".handled := "D".handled + 1; END_ORGANIZATION_BLOCK
"""


@pytest.fixture(autouse=True)
def nothing_logged_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what was logged: the log has an error that comes again only once."""
    monkeypatch.setattr(failures, "_references", {})


@pytest.fixture
def break_instruction(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, BaseException], None]]:
    """Let an instruction raise an error when it is executed."""

    def broken(name: str, error: BaseException) -> None:
        def fail(*_: Any) -> Any:
            raise error

        found = implementation(name)
        assert found is not None
        monkeypatch.setitem(IMPLEMENTATIONS, name, replace(found, make=lambda _: fail, inline=lambda _: None))
        implementation.cache_clear()

    yield broken
    monkeypatch.undo()
    implementation.cache_clear()


def _cpu(tier: str, *, handler: bool = False, cpu: Cpu | None = None) -> VirtualCpu:
    made = program(SOURCE + (HANDLER if handler else ""), cpu=cpu)
    if handler:
        made.blocks["handler"].secondary_type, made.blocks["handler"].number = "ProgrammingError", 121
    virtual = VirtualCpu(made, tier=TIERS[tier])
    virtual.power_on()
    virtual.run()
    return virtual


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_in_an_instruction_stops_the_cpu_and_names_block_network_and_line(
    tier: str, error: Exception, break_instruction: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    break_instruction("SIN", error)
    virtual = _cpu(tier)
    with caplog.at_level(logging.ERROR):
        virtual.run_cycles(3)
    assert virtual.state is State.STOP
    assert virtual.read('"D".n') == 1
    entry = next(each for each in virtual.diagnostics if each.code == "internal")
    assert entry.place is not None
    assert (entry.place.block, entry.place.line) == ("Inner", 6)
    record = next(each for each in caplog.records if each.exc_info)
    reference = entry.text.partition("reference ")[2].partition(" ")[0][:8]
    assert reference in record.getMessage()
    assert record.exc_info is not None and record.exc_info[1] is error


@pytest.mark.parametrize("tier", TIERS)
def test_the_ob_for_programming_errors_takes_it_and_the_cpu_goes_on(
    tier: str, break_instruction: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    break_instruction("SIN", ValueError())
    virtual = _cpu(tier, handler=True)
    with caplog.at_level(logging.ERROR):
        virtual.run_cycles(3)
    assert virtual.state is State.RUN
    assert virtual.read_many(['"D".n', '"D".handled']) == {'"D".n': 3, '"D".handled': 3}
    assert len([each for each in caplog.records if each.exc_info]) == 1


@pytest.mark.parametrize("tier", TIERS)
def test_a_cpu_that_ignores_programming_errors_goes_on(tier: str, break_instruction: Callable[..., None]) -> None:
    break_instruction("SIN", ValueError())
    virtual = _cpu(tier, cpu=Cpu(family="S7-1200"))
    assert virtual.run_cycles(2) == 2
    assert virtual.state is State.RUN


@pytest.mark.parametrize("tier", TIERS)
def test_a_recursion_without_end_stops_the_cpu(tier: str, break_instruction: Callable[..., None]) -> None:
    break_instruction("SIN", RecursionError())
    virtual = _cpu(tier, handler=True)
    virtual.run_cycles(1)
    assert virtual.state is State.STOP
    entry = next(each for each in virtual.diagnostics if each.code == "stack")
    assert entry.place is not None and entry.place.block == "Inner"


def test_what_is_no_error_passes_through(break_instruction: Callable[..., None]) -> None:
    break_instruction("SIN", KeyboardInterrupt())
    virtual = _cpu("python")
    with pytest.raises(KeyboardInterrupt):
        virtual.run_cycles(1)


@pytest.mark.parametrize("tier", TIERS)
def test_a_program_that_cannot_be_loaded_is_refused_and_the_old_one_stays(
    tier: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    virtual = _cpu(tier)

    def fail(*_: Any) -> None:
        raise ValueError

    with monkeypatch.context() as patch:
        patch.setattr(data_blocks, "value_of", fail)
        patch.setattr(data_blocks, "put", fail)
        changed = program(
            SOURCE.replace("n : Int;", "n : Int; more : Int;").replace("BEGIN END_DATA", "BEGIN n := 5; END_DATA")
        )
        with pytest.raises(ProgramError) as refused:
            virtual.load(changed, reinitialize=True)
    [problem] = refused.value.problems
    assert problem.code == "program.internal" and "reference" in problem.message
    assert virtual.run_cycles(1) == 1


# Compiling -----------------------------------------------------------------------------------------------------------


def test_an_error_of_the_compiler_is_a_finding_at_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    original = expressions.Typing._check_call

    def called(self: Any, node: Any) -> Any:
        if "SIN" in str(node):
            raise ValueError("of the compiler")
        return original(self, node)

    monkeypatch.setattr(expressions.Typing, "_check_call", called)
    workspace = Workspace()
    workspace.put_source(SOURCE)
    [found] = [each for each in workspace.check() if each.severity is Severity.ERROR]
    assert (found.code, found.place.block, found.place.line) == ("compile.internal", "Inner", 6)
    with pytest.raises(ProgramError):
        program_of(workspace)


def test_the_other_networks_are_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    original = stl_network.network

    def network(scope: Any, source: Any, number: int) -> Any:
        if number == 2:
            raise RecursionError
        return original(scope, source, number)

    monkeypatch.setattr(stl_network, "network", network)
    workspace = Workspace()
    put_stl(workspace, 'FUNCTION "F" : VOID\nBEGIN\nNETWORK\nSET;\nNETWORK\nSET;\nNETWORK\nA #nothing;\nEND_FUNCTION\n')
    found = [(each.code, each.place.network) for each in workspace.check() if each.severity is Severity.ERROR]
    assert ("compile.internal", 2) in found
    assert any(network == 3 for _, network in found)


def test_an_error_in_a_declaration_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise AttributeError

    monkeypatch.setattr(Symbols, "problems", fail)
    workspace = Workspace()
    workspace.put_source(SOURCE)
    assert {each.place.block for each in workspace.check() if each.code == "compile.internal"} >= {"D", "Inner", "Main"}
