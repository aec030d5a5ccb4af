"""Generated code is written once for all CPUs of a program; after an edit only that of blocks that depend on it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.model import Block, Tag, UserConstant
from simatic_xml.program import walking
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.freezing import freeze, thaw
from simatic_xml.program.nodes import DataBlock, Local
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.agreement import Run, put_stl
from tests.fakes.virtual_plc.graph_programs import plant
from tests.support.examples import examples
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.cpu.services import PlainServices
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, program_of
from virtual_plc.python_tier import PythonExecutable, compile_program

SOURCES = {
    "Point": 'TYPE "Point"\nSTRUCT x : Int; y : Int; END_STRUCT;\nEND_TYPE',
    "Twice": """
FUNCTION "Twice" : Int
VAR_INPUT given : Int; END_VAR
BEGIN
  #Twice := #given * 2;
END_FUNCTION""",
    "Count": """
FUNCTION_BLOCK "Count"
VAR_INPUT step : Int := 1; END_VAR
VAR_OUTPUT total : Int; END_VAR
VAR place : "Point"; timer {InstructionName := 'TON_TIME'; LibVersion := '1.0'} : TON_TIME; END_VAR
BEGIN
  #timer(IN := TRUE, PT := T#15ms);
  #place.x := #place.x + "Twice"(#step);
  IF #timer.Q THEN #place.y := #place.y + 1; END_IF;
  #total := LIMIT(MN := 0, IN := #place.x, MX := 1000) + "Shared".offset;
END_FUNCTION_BLOCK""",
    "Log": """
FUNCTION "Log" : Void
VAR_IN_OUT point : "Point"; END_VAR
BEGIN
  "Text" := CONCAT(IN1 := 'x', IN2 := INT_TO_STRING(#point.x));
  %MW20 := INT_TO_WORD(#point.x);
END_FUNCTION""",
    "Shared": 'DATA_BLOCK "Shared"\nVAR offset : Int := 3; point : "Point"; END_VAR\nBEGIN\nEND_DATA_BLOCK',
    "First": 'DATA_BLOCK "First" "Count"\nBEGIN\nEND_DATA_BLOCK',
    "Main": """
ORGANIZATION_BLOCK "Main"
BEGIN
  "First"(step := "Step");
  "Shared".point.x := "First".total;
  "Log"(point := "Shared".point);
END_ORGANIZATION_BLOCK""",
}
TAGS = (Tag("Step", "Int", "%MW10"), UserConstant("Limit", "Int", "7"))
EDITS: dict[str, tuple[str, str, str]] = {
    "a body": ("Twice", "* 2", "* 3"),
    "a second body": ("Log", "'x'", "'xx'"),
    "a renamed parameter of a function": ("Twice", "given", "factor"),
    "a start value": ("Count", "step : Int := 1", "step : Int := 2"),
    "a new variable of a function block": ("Count", 'place : "Point";', 'place : "Point"; spare : Bool;'),
    "a data block": ("Shared", "offset : Int := 3", "before : Bool; offset : Int := 5"),
    "a data type": ("Point", "x : Int;", "z : Bool; x : Int;"),
    "an instruction": ("Count", "MX := 1000", 'MX := "Limit"'),
    "a call": ("Main", '"Log"', '%MW30 := INT_TO_WORD("Twice"(1));\n  "Log"'),
}
DEPENDENT = {
    "a body": {"Twice"},
    "a second body": {"Log"},
    "a renamed parameter of a function": {"Twice", "Count"},
    "a start value": {"Count", "Main"},
    "a new variable of a function block": {"Count", "Main"},
    "a data block": {"Count", "Main"},
    "a data type": {"Count", "Log", "Main"},
    "an instruction": {"Count"},
}


def workspace(sources: dict[str, str]) -> Workspace:
    """Return a workspace with sources, a tag of a text in a data block of its own, and tags."""
    made = Workspace()
    for tag in TAGS:
        made.put(tag)
    put(made, 'DATA_BLOCK "Texts"\nVAR text : String[20]; END_VAR\nBEGIN\nEND_DATA_BLOCK', "Texts")
    for name, source in sources.items():
        put(made, source.replace('"Text"', '"Texts".text'), name)
    return made


def put(into: Workspace, source: str, name: str) -> None:
    """Put a source that must have no errors."""
    assert [each for each in into.put_source(source, name) if each.severity is Severity.ERROR] == []


def edited(edits: list[str]) -> dict[str, str]:
    """Return the sources after some edits."""
    found = dict(SOURCES)
    for edit in edits:
        name, old, new = EDITS[edit]
        assert old in found[name]
        found[name] = found[name].replace(old, new)
    return found


def executable(program: Program, **more: Any) -> PythonExecutable:
    """Return a program as Python functions on its own memory."""
    return compile_program(program, Memory(program), PlainServices(), **more)


def cpu_with(program: Program, step: int, scans: int) -> VirtualCpu:
    """Return a CPU after some scans."""
    cpu = VirtualCpu(program)
    cpu.power_on()
    cpu.run()
    cpu.write("Step", step)
    cpu.run_cycles(scans)
    return cpu


def written_by(program: Program) -> set[str]:
    """Load a program into a new CPU and return the blocks whose code was written for it."""
    found = VirtualCpu(program).executable
    assert isinstance(found, PythonExecutable)
    return set(found.written)


def test_a_further_cpu_of_a_program_shares_the_code() -> None:
    program = program_of(workspace(SOURCES))
    assert written_by(program) == {"Twice", "Count", "Log", "Main"}
    assert written_by(program) == set()


def test_the_code_is_the_same_object_in_all_cpus() -> None:
    program = program_of(workspace(SOURCES))
    one, two = executable(program), executable(program)
    for name, function in one._functions.items():
        assert function.__code__ is two._functions[name].__code__
        assert function is not two._functions[name]


def test_data_and_time_of_each_cpu_are_its_own() -> None:
    program = program_of(workspace(SOURCES))
    one, two = cpu_with(program, 1, 4), cpu_with(program, 5, 2)
    one.run_cycles(1)
    assert (one.read('"First".place.x'), two.read('"First".place.x')) == (10, 20)
    assert (one.read('"Texts".text'), two.read('"Texts".text')) == ("x+13", "x+23")
    assert (one.read("%MW20"), two.read("%MW20")) == (13, 23)
    assert one.read('"First".place.y') > two.read('"First".place.y')


def test_counts_of_each_cpu_are_its_own() -> None:
    program = program_of(workspace(SOURCES))
    one, two = executable(program, coverage=True), executable(program, coverage=True)
    assert two.written == []
    for _ in range(3):
        one.run("Main")
    two.run("Main")
    assert one.coverage is not None
    assert two.coverage is not None
    assert {*one.coverage.statements.values()} == {0, 3}
    assert {place: count * 3 for place, count in two.coverage.statements.items()} == one.coverage.statements


def test_code_with_and_without_coverage_is_kept_side_by_side() -> None:
    program = program_of(workspace(SOURCES))
    for coverage in (False, True):
        assert executable(program, coverage=coverage).written
    for coverage in (False, True):
        assert executable(program, coverage=coverage).written == []
    assert executable(program).coverage is None


def test_sequencers_of_two_cpus_are_apart() -> None:
    steps: list[dict[str, Any]] = [{"name": "Idle", "init": True}, {"name": "Fill"}]
    program = plant(steps, [{"condition": [{"contact": "#a"}]}, {"condition": [{"contact": "#b"}]}])
    one, two = Run(program, compile_program), Run(program, compile_program)
    assert two.executable.written == []
    for _ in range(2):
        one.scan({"D.a": True})
        two.scan({"D.a": False})
    assert (one.memory.read("D.Fill.X"), two.memory.read("D.Fill.X")) == (True, False)


@pytest.mark.parametrize("edit", DEPENDENT)
def test_after_an_edit_only_blocks_that_depend_on_it_are_written(edit: str) -> None:
    made = workspace(SOURCES)
    written_by(program_of(made))
    name = EDITS[edit][0]
    put(made, edited([edit])[name].replace('"Text"', '"Texts".text'), name)
    assert written_by(program_of(made)) == DEPENDENT[edit]
    assert written_by(program_of(made)) == set()


def _renumber(program: Program, kind: str) -> None:
    block = program.blocks["twice"] if kind == "block" else program.data_blocks["shared"]
    block.number = 700


@pytest.mark.parametrize(("kind", "dependent"), [("block", {"Twice", "Count"}), ("data", {"Count", "Main"})])
def test_a_new_number_is_an_edit(kind: str, dependent: set[str]) -> None:
    made = workspace(SOURCES)
    written_by(program_of(made))
    program = program_of(made)
    _renumber(program, kind)
    assert written_by(program) == dependent


def test_code_for_another_cpu_is_written_again() -> None:
    program = program_of(workspace(SOURCES))
    everything = written_by(program)
    program.cpu = Cpu("S7-1200", "V4.4")
    assert written_by(program) == everything


def test_a_data_block_behind_an_address_is_followed() -> None:
    """The text has the address of the data block, so another block of the number is another text."""
    made = Workspace()
    head = "{ S7_Optimized_Access := 'FALSE' }\n"
    for name, value in (("One", 11), ("Two", 22)):
        put(made, f'DATA_BLOCK "{name}" {head}STRUCT a : Int := {value}; END_STRUCT;\nBEGIN\nEND_DATA_BLOCK', name)
    found = []
    for numbers in ({"One": 40, "Two": 41}, {"One": 42, "Two": 40}):
        for name, number in numbers.items():
            block = made.find(name)
            assert isinstance(block, Block)
            made.put(replace(block, number=number))
        put(made, 'ORGANIZATION_BLOCK "Main"\nBEGIN\n%MW0 := %DB40.DBW0;\nEND_ORGANIZATION_BLOCK', "Main")
        program = program_of(made)
        memory = Memory(program)
        compile_program(program, memory, PlainServices()).run("Main")
        found.append(memory.read("%MW0"))
    assert found == [11, 22]


def test_a_call_follows_the_pointers_that_the_called_function_needs() -> None:
    """A function with `P##name` gets a further parameter, so the calls of it change while their block does not."""
    function = """FUNCTION "F" : Void
{ S7_Optimized_Access := 'FALSE' }
VAR_INPUT
  x : DATE_AND_TIME;
END_VAR
BEGIN
NETWORK
TITLE =

  L LOADED;
  T MD 20;
END_FUNCTION
"""
    main = """ORGANIZATION_BLOCK "Main"
{ S7_Optimized_Access := 'FALSE' }
VAR_TEMP
  d : DATE_AND_TIME;
END_VAR
BEGIN
NETWORK
TITLE =

  CALL "F" ( x := #d );
END_ORGANIZATION_BLOCK
"""
    made = Workspace()
    put_stl(made, function.replace("LOADED", "P##x") + main)
    found = []
    for loaded in ("P##x", "DW#16#7", "P##x"):
        put_stl(made, function.replace("LOADED", loaded))
        program = program_of(made)
        run = Run(program, compile_program)
        assert run.scan() == ""
        found.append((set(run.executable.written), run.memory.read("%MD20")))
    pointer = found[0][1]
    assert pointer >> 24 == 0x87
    assert found == [({"F", "Main"}, pointer), ({"F", "Main"}, 7), ({"F", "Main"}, pointer)]


def _outcome(program: Program, scans: int = 4) -> tuple[dict[str, str], Any]:
    """Return the text of each block, and all of the memory after some scans."""
    cpu = cpu_with(program, 2, scans)
    found = cpu.executable
    assert isinstance(found, PythonExecutable)
    return {each.name: found.source(each.name) for each in program.blocks.values()}, cpu.memory.snapshot()


EDITING: st.SearchStrategy[list[list[str]]] = st.lists(
    st.lists(st.sampled_from(sorted(EDITS)), unique_by=lambda each: EDITS[each][0], max_size=3), min_size=1, max_size=4
)


@examples(25)
@given(EDITING)
def test_shared_code_does_what_code_of_a_new_process_does(states: list[list[str]]) -> None:
    """One workspace goes through random states, with loads between; each one is compared with a workspace of its own."""
    made = workspace(SOURCES)
    load: Callable[[], Any] = lambda: _outcome(program_of(made))  # noqa: E731
    load()
    for edits in states:
        for name, source in edited(edits).items():
            put(made, source.replace('"Text"', '"Texts".text'), name)
        expected = _outcome(program_of(workspace(edited(edits))))
        assert load() == expected
        assert load() == expected


@examples(25)
@given(EDITING)
def test_a_program_from_the_disk_does_what_a_new_one_does(states: list[list[str]]) -> None:
    """Between random edits the program becomes bytes and is read again; findings and run are those of a new workspace."""
    made = workspace(SOURCES)
    _outcome(program_of(made))
    for edits in states:
        made = thaw(freeze(made))
        for name, source in edited(edits).items():
            put(made, source.replace('"Text"', '"Texts".text'), name)
        new = workspace(edited(edits))
        assert made.check() == new.check()
        assert _outcome(program_of(made)) == _outcome(program_of(new))


@pytest.mark.parametrize("edit", DEPENDENT)
def test_after_an_edit_a_program_from_the_disk_has_the_rest_of_its_code(edit: str) -> None:
    made = workspace(SOURCES)
    written_by(program_of(made))
    read = thaw(freeze(made))
    assert written_by(program_of(read)) == set()
    name = EDITS[edit][0]
    put(read, edited([edit])[name].replace('"Text"', '"Texts".text'), name)
    assert written_by(program_of(read)) == DEPENDENT[edit]


def test_another_process_runs_a_program_without_typing_or_writing(tmp_path: Path) -> None:
    made = workspace(SOURCES)
    expected = cpu_with(program_of(made), 2, 4)
    file = tmp_path / "program"
    file.write_bytes(freeze(made))
    command = [sys.executable, "-c", OTHER_PROCESS, str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[3])
    written, total, text = json.loads(done.stdout)
    assert written == []
    assert (total, text) == (expected.read('"First".total'), expected.read('"Texts".text'))


OTHER_PROCESS = """
import json, sys
from pathlib import Path
from unittest import mock
from simatic_xml.program import workspace
from simatic_xml.program.freezing import thaw
from virtual_plc.memory.program import program_of
with mock.patch.object(workspace, "resolve_source", side_effect=AssertionError):
    from tests.fakes.virtual_plc.test_shared_code import cpu_with
    cpu = cpu_with(program_of(thaw(Path(sys.argv[1]).read_bytes())), 2, 4)
print(json.dumps([list(cpu.executable.written), cpu.read('"First".total'), cpu.read('"Texts".text')]))
"""


def test_a_sequencer_is_written_again_by_another_process() -> None:
    steps: list[dict[str, Any]] = [{"name": "Idle", "init": True}, {"name": "Fill"}]
    program = plant(steps, [{"condition": [{"contact": "#a"}]}, {"condition": [{"contact": "#b"}]}])
    first = Run(program, compile_program)
    read = Run(thaw(freeze(program)), compile_program)
    assert read.executable.written
    assert set(read.executable.written) < {each.name for each in program.blocks.values()}
    for run in (first, read):
        run.scan({"D.a": True})
    assert first.memory.snapshot() == read.memory.snapshot()


def test_places_of_faults_and_the_text_of_a_block_come_from_the_disk_too() -> None:
    made = workspace(SOURCES)
    before = executable(program_of(made))
    after = executable(program_of(thaw(freeze(made))))
    assert after.written == []
    for name in ("Count", "Log", "Main"):
        assert after.source(name) == before.source(name)
        lines, read = (each._linked[name.casefold()].unit.function.lines for each in (before, after))
        assert [each.place for each in lines] == [each.place for each in read]


def test_types_that_are_compared_by_identity_stay_one_object() -> None:
    made = workspace(SOURCES)
    program_of(made)
    read = thaw(freeze(made))
    count, main = read.block("Count"), read.block("Main")
    assert count is not None and main is not None
    [call] = [each for each in walking.calls(main) if each.callee == "Count"]
    instance = read.symbols.find_type("Count", quoted=True)
    assert isinstance(call.instance, DataBlock)
    assert call.instance.type is instance
    step = next(each for each in count.variables if each.name == "step")
    used = [
        operand.variable
        for statement in walking.block_statements(count)
        for each in walking.operands(statement)
        for operand in walking.expressions(each)
        if isinstance(operand, Local) and operand.variable.name == "step"
    ]
    assert used and all(each is step for each in used)
