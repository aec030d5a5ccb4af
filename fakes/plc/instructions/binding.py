"""Finding what an instruction does: by its name in the catalogue, for a call, for a whole program."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fakes.plc.instructions import (  # noqa: F401 - each registers its instructions
    arithmetic,
    bit_logic,
    counters,
    selection,
    shifting,
    timers,
)
from fakes.plc.instructions.registry import IMPLEMENTATIONS, Bound, Implementation, bound, site_of
from fakes.plc.services import Services
from simatic_xml.program import walking
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import Block, InstructionCall


def implementation(name: str) -> Implementation | None:
    """Return what an instruction of the catalogue does, None when that is not known here."""
    return IMPLEMENTATIONS.get(name)


def supported(name: str) -> bool:
    """Tell whether an instruction of the catalogue can be executed."""
    return implementation(name) is not None


def bind(call: InstructionCall, services: Services, memory: Any = None, **more: Any) -> Bound:
    """Return how a call is executed.

    Args:
        call: the call in the typed program.
        services: the CPU.
        memory: its memory.
        more: further attributes of `Site` that the tier knows (`block`, `capacity`, `path`, `symbols`).

    Raises:
        KeyError: the instruction is not supported; `unsupported` tells before.
    """
    found = implementation(call.name)
    if found is None:
        raise KeyError(call.name)
    return bound(found, site_of(call, services, memory, **more))


def unsupported(blocks: Iterable[Block]) -> list[tuple[str, Place]]:
    """Return every call in blocks of an instruction that cannot be executed: its name and where it stands."""
    found = []
    for block in blocks:
        for statement in walking.block_statements(block):
            for operand in walking.operands(statement):
                calls = (each for each in walking.expressions(operand) if isinstance(each, InstructionCall))
                found += [(call.name, call.place) for call in calls if not supported(call.name)]
    return found
