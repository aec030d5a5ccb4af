"""The power flow of a block of the open project: prepared once for each state of the program, worked out for each snapshot."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from engineering_api.features.blocks.block_drawing import require_drawing
from engineering_api.operations.changes import Changes
from engineering_api.operations.revisions import Revision
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.portal.portal import Session
from openness_bridge.program import blocks, program_reading
from openness_bridge.program.program_reading import ProgramReading, Report
from simatic_xml.model import Block
from simatic_xml.program.power_flow import BlockFlow, prepare
from simatic_xml.program.typed_blocks import Block as TypedBlock
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.types import DataType, Structure

MOST_KEPT = 50
"""Blocks of a project that stay prepared."""
MOST_INSTANCES = 500
FRESH = 2.0
"""Seconds for which a program is taken as unchanged that a user may change in TIA Portal itself."""
_NOTE = "power_flow"


@dataclass(slots=True)
class PreparedFlow:
    """A block that is ready.

    Attributes:
        revision: The state of the project for which it is right.
        typed: The typed block that it was made of.
        instances: Operands that hold the data of the block, if it is a function block.
    """

    revision: Revision
    typed: TypedBlock
    flow: BlockFlow
    instances: list[str]


def find_prepared(session: Session, device: str, block: str, changes: Changes) -> PreparedFlow | None:
    """Return a block that is still ready, None for one that has to be prepared. Any thread.

    Args:
        session: The portal.
        device: The PLC.
        block: The block.
        changes: The service's changes.
    """
    kept: OrderedDict[tuple[str, str], PreparedFlow] | None = session.notes.get(_NOTE)
    found = kept.get(_key(device, block)) if kept else None
    return found if found is not None and found.revision.holds(session, changes, FRESH) else None


def prepare_flow(session: Session, device: str, name: str, revision: Revision, report: Report) -> PreparedFlow:
    """Read what has changed in the program, and return a block with its power flow. On the portal's thread.

    Raises:
        Problem: There is no such block, it cannot be exported, or it has no drawing.
    """
    info = blocks.describe(session, device, name)
    reading = program_reading.read(session, device, report)
    workspace = reading.workspace
    for each in reading.unread:
        if each.name == info.name:
            place = Place(device=device, block=info.name)
            raise Problem("block.export_refused", each.reason, kind=Kind.CONFLICT, place=place)
    found, typed = workspace.find(info.name), workspace.block(info.name)
    block = found if isinstance(found, Block) else Block(info.type, info.name)
    require_drawing(block, info.language, device)
    assert typed is not None  # noqa: S101 - a block with a drawing has code
    kept: OrderedDict[tuple[str, str], PreparedFlow] = session.notes.setdefault(_NOTE, OrderedDict())
    known = kept.pop(_key(device, name), None)
    flow = known.flow if known is not None and known.typed is typed else prepare(block, workspace.symbols)
    instances = sorted(_instances(reading, info.name)) if block.kind == "FB" else []
    made = PreparedFlow(revision, typed, flow, instances)
    kept[_key(device, name)] = made
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
    return made


def _key(device: str, block: str) -> tuple[str, str]:
    return device.casefold(), block.casefold()


def _instances(reading: ProgramReading, name: str) -> list[str]:
    """Return the data blocks and members that hold data of a function block."""
    found: list[str] = []
    for item in reading.items:
        symbol = reading.workspace.symbols.lookup(item.name) if isinstance(item, Block) else None
        if isinstance(symbol, DataBlockDeclaration):
            for path in _within(f'"{symbol.name}"', symbol.type, name.casefold()):
                found.append(path)
                if len(found) == MOST_INSTANCES:
                    return found
    return found


def _within(path: str, data_type: DataType, name: str) -> Iterator[str]:
    """Yield the paths of structures that are instances of a function block; elements of arrays are not among them."""
    if not isinstance(data_type, Structure):
        return
    if data_type.origin == "fb" and data_type.name.casefold() == name:
        yield path
    for member in data_type.members:
        if isinstance(member.type, Structure):
            yield from _within(f"{path}.{_quoted(member.name)}", member.type, name)


def _quoted(name: str) -> str:
    """Return a member's name as a path has it: in quotes where it is no plain word."""
    return name if name.isidentifier() else f'"{name}"'
