"""Running one program on every tier and comparing all of its memory after each scan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from simatic_xml import load, stl
from simatic_xml.model import Block, Tag, UserConstant
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from tests.oracle.tree_walker import interpret_program
from virtual_plc.cpu.services import PlainServices
from virtual_plc.faults import CpuStop, Fault
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, program_of
from virtual_plc.python_tier import compile_program

Tier = Callable[[Program, Memory, PlainServices], Any]

TIERS: dict[str, Tier] = {"reference": interpret_program, "python": compile_program}
"""Every way to execute a program; the first one says what is right."""

BUDGET = 20_000
"""Turns of loops and calls in one scan of a test."""
MILLISECOND = 1_000_000

Writes = Mapping[str, Any]


def program(
    source: str = "",
    *items: Tag | UserConstant,
    statements: str = "",
    cpu: Cpu | None = None,
    automatic_eno: Iterable[str] = (),
    numbers: Mapping[str, int] | None = None,
) -> Program:
    """Return a program.

    Args:
        source: SCL source.
        items: tags and constants.
        statements: STL source.
        cpu: an S7-1500 by default.
        automatic_eno: names of blocks that set ENO automatically, which no source can say.
        numbers: numbers of blocks by name.
    """
    workspace = Workspace(cpu)
    for item in items:
        workspace.put(item)
    assert [each for each in workspace.put_source(source) if each.severity is Severity.ERROR] == []
    for name, number in (numbers or {}).items():
        found = workspace.find(name)
        assert isinstance(found, Block)
        found.number = number
        workspace.put(found)
    if statements:
        put_stl(workspace, statements)
    made = program_of(workspace)
    for name in automatic_eno:
        made.blocks[name.casefold()].set_eno = True
    return made


def put_stl(workspace: Workspace, source: str) -> None:
    """Add the blocks of an STL source to a workspace."""
    made = stl.generate(source)
    assert [str(each) for each in made.diagnostics if each.severity is Severity.ERROR] == []
    for document in made.documents:
        workspace.put_document(load(document))


class Run:
    """A program on one tier.

    Attributes:
        memory: its memory.
        services: the CPU around it.
        executable: the program, as `execution.Executable` has it.
    """

    def __init__(self, of: Program, tier: Tier) -> None:
        """Prepare the program."""
        self.memory = Memory(of)
        self.services = PlainServices()
        self.executable = tier(of, self.memory, self.services)

    def scan(self, writes: Writes = {}, *, ob: str = "Main", milliseconds: int = 10) -> str:  # noqa: B006 (read only)
        """Write values, execute an OB, let time pass; return the kind of fault that ended it, or an empty text."""
        for path, value in writes.items():
            self.memory.write(path, value)
        self.services.budget, self.services.error = BUDGET, None
        try:
            self.executable.run(ob)
        except (Fault, CpuStop) as fault:
            return type(fault).__name__
        finally:
            self.services.now += milliseconds * MILLISECOND
        return ""


def agree(of: Program, scans: Iterable[Writes], *, ob: str = "Main") -> list[str]:
    """Run a program on every tier, one scan for each set of values that are written; return what ended each scan.

    A second CPU with the code of the first one takes part too.

    Raises:
        AssertionError: memory or faults differ.
    """
    runs = {name: Run(of, tier) for name, tier in TIERS.items()}
    runs["shared python"] = Run(of, compile_program)
    ended = []
    for number, writes in enumerate(scans):
        results = {name: run.scan(writes, ob=ob) for name, run in runs.items()}
        snapshots = {name: run.memory.snapshot() for name, run in runs.items()}
        expected = snapshots.pop("reference")
        assert len(set(results.values())) == 1, f"scan {number} ended otherwise: {results}"
        for name, found in snapshots.items():
            assert found == expected, f"scan {number}, {name}: {differences(expected, found)}"
        ended.append(results["reference"])
    return ended


def differences(expected: Any, found: Any, path: str = "") -> list[str]:
    """Return the paths at which two snapshots differ, with both values."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return [each for key in expected for each in differences(expected[key], found.get(key), f"{path}.{key}")]
    if isinstance(expected, list | bytes) and isinstance(found, list | bytes):
        pairs = enumerate(zip(expected, found, strict=True))
        return [each for at, (a, b) in pairs for each in differences(a, b, f"{path}[{at}]")]
    return [] if expected == found else [f"{path}: {expected!r} is right, not {found!r}"]
