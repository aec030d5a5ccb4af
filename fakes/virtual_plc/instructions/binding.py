"""Find what an instruction does: by its name in the catalogue, for a call, for a whole program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from simatic_xml import instructions as catalogue
from simatic_xml.program import walking
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import Block, Convert, Expression, InstructionCall
from simatic_xml.program.types.types import Unknown, type_name
from virtual_plc.cpu.services import Services
from virtual_plc.instructions.calculation import (  # noqa: F401 - each registers its instructions
    arithmetic,
    bit_logic,
    comparison,
    converting,
    legacy,
    math_functions,
    scaling,
    selection,
    shifting,
)
from virtual_plc.instructions.calculation.conversions import checked_conversion
from virtual_plc.instructions.control import counters, cpu_control, pid, s5_counters, s5_timers, timers  # noqa: F401
from virtual_plc.instructions.data import (  # noqa: F401
    array_blocks,
    block_moves,
    byte_order,
    memory_access,
    scattering,
    variants,
)
from virtual_plc.instructions.registry import (
    ENO,
    IMPLEMENTATIONS,
    RESULT,
    Bound,
    Implementation,
    Site,
    Taken,
    bound,
    site_of,
)
from virtual_plc.instructions.texts import characters, clock, date_calculation, strings  # noqa: F401
from virtual_plc.memory.pointers import is_pointer, operand_of


@cache
def implementation(name: str) -> Implementation | None:
    """Return what an instruction of the catalogue does, None when that is not known here."""
    found = IMPLEMENTATIONS.get(name)
    if found is not None or catalogue.conversion(name) is None:
        return found
    return Implementation(
        name,
        (Taken("IN"),),
        (RESULT, ENO),
        lambda site: checked_conversion(site.actual["IN"], site.result, name),
    )


def supported(name: str) -> bool:
    """Return whether an instruction of the catalogue can be executed."""
    return implementation(name) is not None


def bind(call: InstructionCall, services: Services, memory: Any = None, **more: Any) -> Bound:
    """Return how a call is executed.

    Args:
        call: the call in the typed program.
        services: the CPU.
        memory: its memory.
        more: further attributes of `Site` that the tier knows (`block`, `capacity`, `path`, `symbols`).

    Raises:
        KeyError: the instruction is not supported; `unsupported` reports it before.
    """
    found = implementation(call.name)
    if found is None:
        raise KeyError(call.name)
    site = site_of(call, services, memory, **more)
    return _following_pointers(bound(found, site), site)


def _following_pointers(made: Bound, site: Site) -> Bound:
    """Let an instruction get the operands of pointers that the program has built itself."""
    places = [at for at, each in enumerate(made.takes) if each.by_reference and is_pointer(site.actual.get(each.name))]
    if not places or made.memory:
        return made

    def follow(*given: Any) -> Any:
        operands = list(given)
        for at in places:
            operands[at] = operand_of(operands[at], site.memory)
        return made.function(*operands)

    return replace(made, function=follow)


def unsupported(blocks: Iterable[Block]) -> list[tuple[str, Place]]:
    """Return what in blocks cannot be executed: the instruction or conversion, and its place."""
    return [problem for block in blocks for each in _expressions(block) for problem in _problem(each)]


def _expressions(block: Block) -> Iterator[Expression]:
    for statement in walking.block_statements(block):
        for operand in walking.operands(statement):
            yield from walking.expressions(operand)


def _problem(expression: Expression) -> Iterator[tuple[str, Place]]:
    if isinstance(expression, InstructionCall) and not supported(expression.name):
        yield expression.name, expression.place
    if isinstance(expression, Convert) and not _converts(expression):
        pair = f"{type_name(expression.operand.type)} to {type_name(expression.type)}"
        yield expression.function or pair, expression.place


def _converts(convert: Convert) -> bool:
    if isinstance(convert.operand.type, Unknown) or isinstance(convert.type, Unknown):
        return False
    try:
        checked_conversion(convert.operand.type, convert.type, convert.function)
    except TypeError:
        return False
    return True
