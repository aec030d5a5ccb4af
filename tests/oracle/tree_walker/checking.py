"""What of a program cannot be executed, said before it starts."""

from __future__ import annotations

from collections.abc import Iterator

from simatic_xml.program.diagnostics import Diagnostic, Severity
from tests.oracle.tree_walker import graph, stl
from virtual_plc.instructions import find_unsupported
from virtual_plc.memory.program import Program, ProgramError


def check(program: Program) -> None:
    """Refuse a program that cannot be executed.

    Raises:
        ProgramError: names everything that it is refused for.
    """
    problems = list(_problems(program))
    if problems:
        raise ProgramError(problems)


def _problems(program: Program) -> Iterator[Diagnostic]:
    for block in program.blocks.values():
        yield from stl.problems(block)
        yield from graph.problems(block)
    for name, place in find_unsupported(program.blocks.values()):
        message = f"The instruction '{name}' cannot be executed here."
        yield Diagnostic(Severity.ERROR, "instruction.unsupported", message, place)
