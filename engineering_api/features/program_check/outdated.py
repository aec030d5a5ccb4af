"""Finds instance data blocks in exports that do not have the members of their function block.

They were exported before the function block was changed. TIA Portal takes them, and brings them up to date when it compiles: no
error of theirs is left, and code that uses a member that is gone is an error at that code. Start values of such a member
are lost, which is worth a note.
Facts: docs/facts/tia-operations.md#consistency.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engineering_api.features.program_check.program import Content
from simatic_xml.folders import XML
from simatic_xml.model import Block
from simatic_xml.program.symbols import Symbols
from simatic_xml.program.types.conversions import same
from simatic_xml.program.types.members import Reader
from simatic_xml.program.types.types import DataType, Structure, Unknown, Variable, type_name
from simatic_xml.program.workspace import Workspace
from simatic_xml.scl_cli.findings import Finding

_SHOWN = 3


def find_outdated(workspace: Workspace, owners: Mapping[str, Content]) -> Iterator[Finding]:
    """Yield a note for each instance data block that differs from its function block.

    Args:
        workspace: The program.
        owners: The file of each block, by its casefolded name.
    """
    for block in workspace:
        owner = owners.get(block.name.casefold())
        if not isinstance(block, Block) or block.kind != "InstanceDB" or owner is None or owner.given.kind != XML:
            continue
        parent = workspace.find(block.instance_of or "")
        if not isinstance(parent, Block) or parent.kind != "FB" or not any(block.members()):
            continue
        found = sorted(_differing(workspace.symbols, block, parent))
        if found:
            names = ", ".join(f"'{each}'" for each in found[:_SHOWN])
            more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
            message = (
                f"It does not have the members of its function block '{parent.name}': {names}{more}. "
                "TIA Portal updates it at the compile; export it again afterwards."
            )
            yield Finding(owner.given.name, "note", "instance.outdated", message, place=block.name)


def _differing(symbols: Symbols, block: Block, parent: Block) -> set[str]:
    """Return the members that only one of an instance and its function block has, or that have another type."""
    instance = symbols.find_type(parent.name, quoted=True)
    wanted = instance.members if isinstance(instance, Structure) else ()
    mine, theirs = _by_place(Reader(symbols).members(block)), _by_place(wanted)
    return {
        (mine.get(key) or theirs[key]).name
        for key in mine.keys() | theirs.keys()
        if key not in mine or key not in theirs or not _alike(mine[key].type, theirs[key].type)
    }


def _by_place(variables: tuple[Variable, ...]) -> dict[tuple[str, str], Variable]:
    """Return variables by section and casefolded name, without overlays: a data block has none."""
    return {(each.section, each.name.casefold()): each for each in variables if not each.overlays}


def _alike(a: DataType, b: DataType) -> bool:
    unknown = isinstance(a, Unknown) or isinstance(b, Unknown)
    return unknown or (type_name(a).casefold() == type_name(b).casefold() and same(a, b))
