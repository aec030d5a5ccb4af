"""Compiles a folder's program for a CPU, and chooses that CPU where the user does not.

A user names an order number. Otherwise the program decides: the family whose CPUs have the most of its instructions and
languages. Its firmware stays open then, so that nothing is refused for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engineering_api.features.program_check.program import Content
from simatic_xml import instructions
from simatic_xml.instructions import Instruction
from simatic_xml.model import Block, TagTable
from simatic_xml.program import walking
from simatic_xml.program.analysis import program_checks
from simatic_xml.program.diagnostics import Diagnostic
from simatic_xml.program.network_structure import structure_findings
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Item, Workspace
from simatic_xml.scl_cli.findings import Finding, finding_of

ARTICLES = {
    "S7-1500": "6ES7 518-4AP00-0AB0",
    "S7-1200": "6ES7 215-1AG40-0XB0",
    "S7-300": "6ES7 318-3EL01-0AB0",
    "S7-400": "6ES7 416-3ES07-0AB0",
}
"""The CPU of the throw-away project for each family, in the order in which the families are tried: large ones."""


_NEW_TYPE = re.compile(
    r'(?<![\w"])(?:U[SDL]?Int|[SL]Int|LReal|LWord|LTime|LTOD|LDT|DTL|WChar|WString|Variant|DB_Any|(?:HW|OB|CONN)_\w+)(?![\w"])',
    re.IGNORECASE,
)


@dataclass(slots=True)
class Compiled:
    """A program compiled for a CPU.

    Attributes:
        cpu: The CPU.
        workspace: The program in typed form.
        in_files: What is wrong with the text of single files.
        diagnostics: What the compiler found.
    """

    cpu: Cpu
    workspace: Workspace
    in_files: list[Finding]
    diagnostics: list[Diagnostic]


class Guess(NamedTuple):
    """A CPU family and why it was chosen, as a phrase; empty for the family of a program without evidence."""

    family: str
    reason: str


def guess_family(contents: Sequence[Content]) -> Guess:
    """Return the family by what the files show at once: the form of the files, data types, and the access of blocks.

    An S7-300 knows neither SIMATIC SD nor the data types of S7-1200 and S7-1500, and none of its blocks has optimized access.
    """
    if any(content.named_values for content in contents):
        return Guess("S7-1500", "it has named value data types")
    if any(content.given.name.lower().endswith(".s7dcl") for content in contents):
        return Guess("S7-1500", "the files are SIMATIC SD")
    new_type = next((each for block in _exported(contents) for each in _new_types(block)), "")
    if new_type:
        return Guess("S7-1500", f"it uses the data type {new_type}")
    layouts = {block.memory_layout for block in _exported(contents)}
    if "Standard" in layouts and "Optimized" not in layouts:
        return Guess("S7-300", "all blocks have standard access, and no data type is one of S7-1200 and S7-1500")
    return Guess("S7-1500", "")


def _new_types(block: Block) -> Iterator[str]:
    """Yield the data types in the declarations of a block that S7-300 and S7-400 do not have."""
    waiting = [member for _, member in block.members()]
    while waiting:
        member = waiting.pop()
        waiting += member.members
        if found := _NEW_TYPE.search(member.data_type):
            yield found.group()


def _exported(contents: Iterable[Content]) -> Iterator[Block]:
    """Yield the blocks that TIA Portal exported: in a source, access is optimized only by default."""
    for content in contents:
        for document in content.documents:
            yield from (each for each in document.objects if isinstance(each, Block))


def compile_for(cpu: Cpu, contents: Iterable[Content], owners: Mapping[str, Content]) -> Compiled:
    """Compile a program for a CPU: declarations, code, and the structure of LAD and FBD networks.

    Args:
        cpu: The CPU.
        contents: The files.
        owners: The file that each name is taken from.
    """
    workspace = Workspace(cpu)
    in_files = [finding for content in contents for finding in _put(workspace, content, owners)]
    structure = [each for item in workspace if isinstance(item, Block) for each in structure_findings(item)]
    return Compiled(cpu, workspace, in_files, workspace.check() + structure)


def _put(workspace: Workspace, content: Content, owners: Mapping[str, Content]) -> list[Finding]:
    """Add what a file brings; return the findings in its text."""
    if content.source is not None:
        found = workspace.put_source(content.source, content.given.name)
        return [finding_of(content.given, each) for each in found if not _is_elsewhere(each, content, owners)]
    for named in content.named_values:
        if owners.get(named.name.casefold()) is content:
            workspace.put(named)
    for document in content.documents:
        for each in document.objects:
            rows = (*each.tags, *each.constants) if isinstance(each, TagTable) else (each,)
            for row in rows:
                if isinstance(row, Item) and owners.get(row.name.casefold()) is content:
                    workspace.put(row)
    return []


def _is_elsewhere(found: Diagnostic, content: Content, owners: Mapping[str, Content]) -> bool:
    return found.code == "name.duplicate" and owners.get(found.place.block.casefold()) is not content


def compile_for_best(contents: Sequence[Content], owners: Mapping[str, Content], guess: str) -> Compiled:
    """Compile a program for the family that knows the most of it: the first of `ARTICLES` where several know all.

    Args:
        contents: The files.
        owners: The file that each name is taken from.
        guess: The family that is tried first.
    """
    tried = compile_for(Cpu(guess, ""), contents, owners)
    optimized = sum(block.memory_layout == "Optimized" for block in _exported(contents))
    names = {call.name for block in tried.workspace.blocks() for call in walking.instruction_calls(block)}
    used = [match.instruction for name in names if (match := instructions.find(name)) is not None]

    def count(family: str) -> tuple[int, bool]:
        classic = family in ("S7-300", "S7-400")
        return _count_unknown(tried.workspace, used, Cpu(family, "")) + (optimized if classic else 0), family != guess

    best = min(ARTICLES, key=count)
    return tried if best == guess else compile_for(Cpu(best, ""), contents, owners)


def _count_unknown(workspace: Workspace, used: Iterable[Instruction], cpu: Cpu) -> int:
    """Return how many of the instructions and languages that a program uses a CPU does not have."""
    blocks = [item for item in workspace if isinstance(item, Block)]
    unknown = sum(not instructions.available(each, cpu) for each in used)
    return unknown + sum(1 for _ in program_checks.languages(blocks, cpu))
