"""How deep the calls of a program nest: known before it runs, unless blocks call each other in a circle."""

from __future__ import annotations

from simatic_xml.program import walking
from simatic_xml.program.nodes import Indirect
from simatic_xml.program.typed_blocks import Block
from virtual_plc.memory.bodies import once_for_body
from virtual_plc.memory.call_names import find_called
from virtual_plc.memory.program import Program


def may_exceed(program: Program, most: int) -> bool:
    """Return whether calls may nest deeper than a number of levels, the OB counted as one."""
    if any(map(_calls_by_number, program.blocks.values())):
        return True
    called = {key: find_called(block) for key, block in program.blocks.items()}
    depths: dict[str, int] = {}
    pending = list(called)
    rounds = 0
    while pending and rounds <= most:
        rounds += 1
        ready = [key for key in pending if all(each in depths or each not in called for each in called[key])]
        for key in ready:
            depths[key] = 1 + max((depths.get(each, 0) for each in called[key]), default=0)
        pending = [key for key in pending if key not in depths]
    return bool(pending) or max(depths.values(), default=0) > most


@once_for_body
def _calls_by_number(block: Block) -> bool:
    """Return whether a block calls one whose number is in memory (`UC FC[MW 0]`), which may be any."""
    return any(
        isinstance(operand, Indirect) and operand.area in ("FC", "FB")
        for statement in walking.block_statements(block)
        for operand in walking.operands(statement)
    )
