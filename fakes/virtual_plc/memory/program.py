"""A program that can be executed: typed blocks, data blocks and tags without errors, everything numbered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from simatic_xml import model
from simatic_xml.program import nodes, typed_blocks
from simatic_xml.program.cpu.organization_blocks import EVENTS, FREE_OBS
from simatic_xml.program.diagnostics import Diagnostic, Severity
from simatic_xml.program.symbols import ConstantSymbol, Cpu, TagSymbol
from simatic_xml.program.types.types import Structure, Unknown
from simatic_xml.program.workspace import Workspace
from virtual_plc.memory.block_alarms import BlockAlarms, alarms_of
from virtual_plc.memory.parameter_pointers import hand_over_pointers


class ProgramError(Exception):
    """A program that cannot be executed.

    Attributes:
        problems: what is wrong, with its place.
    """

    def __init__(self, problems: Iterable[Diagnostic]) -> None:
        """Keep the problems; the text names each of them."""
        self.problems = list(problems)
        super().__init__("The program cannot be executed.\n" + "\n".join(map(_sentence, self.problems)))


def _sentence(problem: Diagnostic) -> str:
    place = problem.place
    where = [place.block or place.member]
    where += [f"network {place.network}"] if place.network else []
    where += [f"line {place.line}"] if place.line else []
    return f"{', '.join(part for part in where if part)}: {problem.message} ({problem.code})"


@dataclass(slots=True)
class Program:
    """Everything that a CPU executes.

    Attributes:
        blocks: code blocks by casefolded name.
        data_blocks: data blocks by casefolded name.
        tags: tags by casefolded name.
        cpu: CPU that it is for.
        constants: user constants by casefolded name, which start values may name.
        instances: structure of the instances of each function block, by casefolded name.
        alarms: alarms that blocks declare, by casefolded name of the block.
    """

    blocks: dict[str, typed_blocks.Block] = field(default_factory=dict)
    data_blocks: dict[str, typed_blocks.DataBlockDeclaration] = field(default_factory=dict)
    tags: dict[str, TagSymbol] = field(default_factory=dict)
    cpu: Cpu = field(default_factory=Cpu)
    constants: dict[str, ConstantSymbol] = field(default_factory=dict)
    instances: dict[str, Structure] = field(default_factory=dict)
    alarms: dict[str, BlockAlarms] = field(default_factory=dict)

    def find_by_number(self, kind: str, number: int) -> typed_blocks.Block | typed_blocks.DataBlockDeclaration | None:
        """Return the block of a kind (`DB`, `FB`, `FC`, `OB`) and number."""
        if kind == "DB":
            return next((each for each in self.data_blocks.values() if each.number == number), None)
        return next((each for each in self.blocks.values() if (each.kind, each.number) == (kind, number)), None)

    def constant(self, name: str) -> tuple[nodes.Value, Any] | None:
        """Return value and type of a user constant."""
        found = self.constants.get(name.casefold())
        return None if found is None or found.value is None else (found.value, found.type)


def program_of(workspace: Workspace) -> Program:
    """Return the program of a workspace, ready to be executed; blocks without a number get a free one.

    Raises:
        ProgramError: the workspace has errors.
    """
    problems = [each for each in workspace.check() if each.severity is Severity.ERROR]
    if problems:
        raise ProgramError(problems)
    program = Program(cpu=workspace.cpu)
    for item in workspace:
        _take(program, workspace, item)
    hand_over_pointers(program.blocks)
    _number(program)
    return program


def _take(program: Program, workspace: Workspace, item: object) -> None:
    if not isinstance(item, model.Block | model.Tag | model.UserConstant):
        return
    key = item.name.casefold()
    block = workspace.block(item.name)
    symbol = workspace.symbols.lookup(item.name)
    if isinstance(item, model.Block):
        alarms = alarms_of(item, block.graph if block is not None else None)
        if alarms.texts or alarms.supervisions:
            program.alarms[key] = alarms
    if block is not None:
        program.blocks[key] = replace(block)
        instance = workspace.symbols.find_type(item.name, quoted=True) if block.kind == "FB" else None
        if isinstance(instance, Structure):
            program.instances[key] = instance
    elif isinstance(symbol, typed_blocks.DataBlockDeclaration):
        program.data_blocks[key] = replace(symbol)
    elif isinstance(symbol, TagSymbol) and not isinstance(symbol.type, Unknown):
        program.tags[key] = symbol
    elif isinstance(symbol, ConstantSymbol):
        program.constants[key] = symbol


def _number(program: Program) -> None:
    """Give each block without a number the lowest that is free."""
    used = {(each.kind, each.number) for each in program.blocks.values()}
    numbers = {kind: iter(range(1, 65536)) for kind in ("FB", "FC")}
    for block in program.blocks.values():
        if block.number is None:
            candidates = numbers.get(block.kind) or _ob_numbers(block)
            block.number = next(number for number in candidates if (block.kind, number) not in used)
            used.add((block.kind, block.number))
    taken = {each.number for each in program.data_blocks.values()}
    free = (number for number in range(1, 65536) if number not in taken)
    for declaration in program.data_blocks.values():
        if declaration.number is None:
            declaration.number = next(free)


def _ob_numbers(block: typed_blocks.Block) -> Iterable[int]:
    """Return the numbers that an OB of its event class may have, its own first."""
    event = EVENTS.get(block.secondary_type, EVENTS["ProgramCycle"])
    return (*event.numbers, *range(FREE_OBS, 32768))
