"""Find what an instruction does: by its name in the catalogue, for a call, for a whole program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from simatic_xml import instructions as catalogue
from simatic_xml.program import walking
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import Convert, Expression, Field, InstructionCall
from simatic_xml.program.typed_blocks import Block
from simatic_xml.program.types.technology_objects import is_object, is_part, is_technology
from simatic_xml.program.types.types import DataType, Elementary, Kind, Structure, Unknown, type_name
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
from virtual_plc.instructions.card import data_logs, recipes, user_files  # noqa: F401
from virtual_plc.instructions.closed_loop import compact, continuous, pulses, stepping, three_step  # noqa: F401
from virtual_plc.instructions.communication import combined, connecting, modbus_rtu, modbus_tcp, transfer  # noqa: F401
from virtual_plc.instructions.control import (  # noqa: F401
    classic_timers,
    counters,
    cpu_control,
    s5_counters,
    s5_timers,
    safety,
    start_information,
    timers,
)
from virtual_plc.instructions.data import (  # noqa: F401
    array_blocks,
    block_moves,
    byte_order,
    load_memory,
    memory_access,
    scattering,
    variants,
)
from virtual_plc.instructions.devices import (  # noqa: F401
    addressing,
    alarms,
    diagnosis,
    drive_parameters,
    drives,
    geography,
    onboard,
    process_data,
    records,
    states,
)
from virtual_plc.instructions.jobs import as_int
from virtual_plc.instructions.motion import (  # noqa: F401
    camming,
    enabling,
    gearing,
    homing,
    jogging,
    measuring,
    moves,
    phasing,
    superimposed,
    torque,
)
from virtual_plc.instructions.registry import (
    ENO,
    IMPLEMENTATIONS,
    RESULT,
    Binding,
    Implementation,
    Parameter,
    Site,
    bind_at,
    site_of,
)
from virtual_plc.instructions.texts import (  # noqa: F401
    characters,
    clock,
    date_calculation,
    hexadecimal,
    iec_library,
    names,
    strings,
)
from virtual_plc.memory.bodies import once_for_body
from virtual_plc.memory.pointers import NO_BLOCK, find_error, is_pointer, operand_of


@cache
def implementation(name: str) -> Implementation | None:
    """Return what an instruction of the catalogue does, None when that is not known here."""
    found = IMPLEMENTATIONS.get(name)
    if found is not None or catalogue.conversion(name) is None:
        return found
    return Implementation(
        name,
        (Parameter("IN"),),
        (RESULT, ENO),
        lambda site: checked_conversion(site.actual["IN"], converting.target_of(site), name),
    )


def keeps_target(expression: Expression) -> bool:
    """Return whether a conversion that fails leaves its target as it is: of a duration to a time of day, as the user writes it.

    Source: help of TIA Portal, Data type conversion for S7-1500, explicit conversions of TIME and LTIME.
    """
    types: tuple[DataType | None, DataType]
    match expression:
        case Convert(operand=operand, function=function) if function:
            types = (operand.type, expression.type)
        case InstructionCall(arguments=arguments):
            source = next((each.value.type for each in arguments if each.name.upper() == "IN"), None)
            types = (source, expression.type)
        case _:
            return False
    durations = (Kind.DURATION, Kind.TIME_OF_DAY)
    return tuple(each.kind for each in types if isinstance(each, Elementary)) == durations


def is_supported(name: str) -> bool:
    """Return whether an instruction of the catalogue can be executed."""
    return implementation(name) is not None


def bind(call: InstructionCall, services: Services, memory: Any = None, **more: Any) -> Binding:
    """Return how a call is executed.

    Args:
        call: the call in the typed program.
        services: the CPU.
        memory: its memory.
        more: further attributes of `Site` that the tier knows (`block`, `capacity`).

    Raises:
        KeyError: the instruction is not supported; `find_unsupported` reports it before.
    """
    family = memory.program.cpu.family if memory is not None else ""
    classic = call.instance is not None and classic_timers.replaces(family, call.instance.type)
    found = classic_timers.CLASSIC_TIMERS[call.name] if classic else implementation(call.name)
    if found is None:
        raise KeyError(call.name)
    site = site_of(call, services, memory, **more)
    return _following_pointers(bind_at(found, site), site, found.pointers)


def _following_pointers(made: Binding, site: Site, numbers: Mapping[str, int]) -> Binding:
    """Let an instruction get the operands of pointers that the program has built itself."""
    first = int(made.memory)
    places = [
        at + first for at, each in enumerate(made.takes) if each.by_reference and is_pointer(site.actual.get(each.name))
    ]
    if not places:
        return made

    def follow(*given: Any) -> Any:
        operands = list(given)
        for at in places:
            number = numbers.get(made.takes[at - first].name, 0)
            error = find_error(operands[at], site.memory) if number else 0
            if error:
                is_written = number < 0 and error != NO_BLOCK
                return as_int(0x8000 | abs(number) << 8 | error + is_written), False
            operands[at] = operand_of(operands[at], site.memory)
        return made.function(*operands)

    return replace(made, function=follow)


def find_unsupported(blocks: Iterable[Block]) -> list[tuple[str, Place]]:
    """Return what in blocks cannot be executed: an instruction, conversion or member, and its place."""
    return [problem for block in blocks for problem in _problems(block)]


@once_for_body
def _problems(block: Block) -> list[tuple[str, Place]]:
    return [problem for each in _expressions(block) for problem in _problem(each)]


def _expressions(block: Block) -> Iterator[Expression]:
    for statement in walking.block_statements(block):
        for operand in walking.operands(statement):
            yield from walking.expressions(operand)


def _problem(expression: Expression) -> Iterator[tuple[str, Place]]:
    if isinstance(expression, InstructionCall) and not is_supported(expression.name):
        yield expression.name, expression.place
    if isinstance(expression, Convert) and not _converts(expression):
        pair = f"{type_name(expression.operand.type)} to {type_name(expression.type)}"
        yield expression.function or pair, expression.place
    if isinstance(expression, Field) and isinstance(owner := expression.base.type, Structure) and is_technology(owner):
        simulated = is_object(owner) or is_part(owner)
        if not simulated or isinstance(expression.member.type, Unknown):
            yield f"The member '{expression.member.name}' of {owner.name}", expression.place


def _converts(convert: Convert) -> bool:
    if isinstance(convert.operand.type, Unknown) or isinstance(convert.type, Unknown):
        return False
    try:
        checked_conversion(convert.operand.type, convert.type, convert.function)
    except TypeError:
        return False
    return True
