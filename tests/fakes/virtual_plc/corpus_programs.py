"""Programs of the collection as far as they can be executed: from each file the objects that compile by themselves."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from simatic_xml import load
from simatic_xml.errors import SimaticMLError
from simatic_xml.program import typed_blocks
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.types.ranges import number_limits
from simatic_xml.program.types.types import Array, DataType, Elementary, Kind, Special, Structure, Text
from simatic_xml.program.workspace import Workspace
from tests.simatic_xml.corpus import CORPUS, corpus_files
from virtual_plc.instructions import find_unsupported
from virtual_plc.memory.program import Program, program_of
from virtual_plc.memory.shapes import by_reference, is_plain
from virtual_plc.memory.storage import attribute, new

SOURCES = sorted(path for path in (CORPUS / "scl").rglob("*") if path.suffix in (".scl", ".db", ".udt"))
EXPORTS = corpus_files()


def workspace_of(paths: Iterable[Path]) -> Workspace:
    """Return a workspace with what files have, without the objects that have errors and those that need them."""
    workspace = Workspace()
    for path in paths:
        if path.suffix == ".xml":
            with suppress(SimaticMLError):
                workspace.put_document(load(path.read_bytes()))
        else:
            workspace.put_source(path.read_bytes(), path.name)
    while bad := _erroneous(workspace):
        for name in bad:
            workspace.remove(name)
    return workspace


def _erroneous(workspace: Workspace) -> set[str]:
    errors = (each for each in workspace.check() if each.severity is Severity.ERROR)
    found = {each.place.block or each.place.member for each in errors}
    found |= {block.name for block in workspace.blocks() if find_unsupported([block])}
    return {name for name in found if workspace.find(name) is not None}


def programs(paths: list[Path]) -> Iterator[tuple[str, Program]]:
    """Yield the programs of single files, then of all files of a project together, where there are blocks to execute."""
    groups = {path.name: [path] for path in paths} | {name: list(found) for name, found in _projects(paths)}
    for name, group in groups.items():
        program = program_of(workspace_of(group))
        if program.blocks:
            yield name, program


def _projects(paths: list[Path]) -> Iterator[tuple[str, Iterator[Path]]]:
    return groupby(sorted(paths), lambda path: path.parent.name)


@dataclass(slots=True)
class Case:
    """A block and what it is called with, in several scans.

    Attributes:
        block: the block.
        scans: arguments without parts by name, for each call.
    """

    block: typed_blocks.Block
    scans: list[dict[str, Any]]


def cases(program: Program, calls: int = 4) -> Iterator[Case]:
    """Yield every function and function block of a program with random arguments, the same ones each time."""
    for block in program.blocks.values():
        if block.kind == "OB":
            continue
        chance = random.Random(block.name)  # noqa: S311 (nothing secret)
        yield Case(block, [_arguments(block, chance) for _ in range(calls)])


def _arguments(block: typed_blocks.Block, chance: random.Random) -> dict[str, Any]:
    given = [each for each in block.variables if each.section in ("Input", "InOut")]
    return {each.name: value for each in given if (value := _value(each.type, chance)) is not None}


def _value(data_type: DataType, chance: random.Random) -> Any:
    """Return a value without parts, None for anything else."""
    if isinstance(data_type, Text):
        return "".join(chance.choice("abc 12,.") for _ in range(chance.randint(0, min(data_type.length or 9, 9))))
    if not isinstance(data_type, Elementary) or data_type.kind in (Kind.TIMER, Kind.COUNTER, Kind.DATE_AND_TIME):
        return None
    if data_type.kind is Kind.BOOL:
        return chance.random() < 0.5
    if data_type.kind is Kind.REAL:
        return chance.choice((0.0, 1.0, -2.5, 100.25, 1e6, -0.125))
    if data_type.kind is Kind.CHARACTER:
        return chance.choice("aB3 ")
    if data_type.kind is Kind.DURATION and not data_type.unit:
        return 0x0012
    low, high = number_limits(data_type)
    return chance.choice((chance.randint(0, 10), chance.randint(low, high), 1, 0))


def instance_of(block: typed_blocks.Block) -> Any:
    """Return an instance of a function block; what it gets by reference is there, too."""
    structure = Structure(block.name, "fb", block.instance)
    made = new(structure)
    for member in structure.members:
        if by_reference(structure, member) and not isinstance(member.type, Special):
            setattr(made, attribute(member.name), new(closed(member.type)))
    return made


def closed(data_type: DataType) -> DataType:
    """Return an array of open length as one of three elements."""
    if isinstance(data_type, Array):
        return Array(data_type.element, tuple(each or (0, 2) for each in data_type.bounds))
    return data_type


def handed_over(block: typed_blocks.Block, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return arguments with new data for what a function gets by reference."""
    sections = ("Input", "InOut", "Output") if block.kind == "FC" else ()
    passed = [each for each in block.variables if each.section in sections and not is_plain(each.type)]
    return arguments | {each.name: new(closed(each.type)) for each in passed}
