"""How deep the calls of a program nest: known before it runs, unless blocks call each other in a circle."""

from __future__ import annotations

from simatic_xml.program import walking
from virtual_plc.cpu.program import Program


def may_exceed(program: Program, most: int) -> bool:
    """Return whether calls may nest deeper than a number of levels, the OB counted as one."""
    called = {key: {call.callee.casefold() for call in walking.calls(block)} for key, block in program.blocks.items()}
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
