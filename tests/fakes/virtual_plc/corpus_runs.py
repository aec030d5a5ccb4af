"""Calls blocks of the collection on every tier."""

from __future__ import annotations

from typing import Any

from tests.fakes.virtual_plc.agreement import TIERS, Run, differences
from tests.fakes.virtual_plc.corpus_programs import (
    Case,
    handed_over,
    instance_of,
)
from virtual_plc.faults import CpuStop, Fault, TimeFault
from virtual_plc.memory.shapes import plain

_SHORT = 3000
"""Turns of loops in one call; a block that never ends here is not compared any further."""


def compare(name: str, runs: dict[str, Run], case: Case) -> list[str]:
    """Call a block on every tier; return what ended each call."""
    instances: dict[str, Any] = {tier: instance_of(case.block) if case.block.kind == "FB" else None for tier in TIERS}
    ended = []
    for arguments in case.scans:
        found = {tier: _called(run, case, arguments, instances[tier]) for tier, run in runs.items()}
        expected = found.pop("reference")
        for tier, other in found.items():
            assert other == expected, f"{name}, {case.block.name}, {tier}: {differences(expected, other)}"
        ended.append(expected["ended"])
        if expected["ended"] == TimeFault.__name__:
            break
    return ended


def _called(run: Run, case: Case, arguments: dict[str, Any], instance: Any) -> dict[str, Any]:
    """Call a block once; return all that can be seen of it afterwards, what is left of an endless loop aside."""
    run.services.budget = _SHORT
    run.services.now += 10_000_000
    given = handed_over(case.block, arguments)
    results: dict[str, Any] = {}
    ended = ""
    try:
        results = run.executable.call(case.block.name, given, instance)
    except TimeFault as fault:
        return {"ended": type(fault).__name__}
    except (Fault, CpuStop) as fault:
        ended = type(fault).__name__
    results.pop("ENO", None)
    parts = {name: plain(value) for name, value in given.items()}
    return {
        "ended": ended,
        "results": results,
        "given": parts,
        "instance": plain(instance),
        "memory": run.memory.snapshot(),
    }
