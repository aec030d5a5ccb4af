"""Load a program into a virtual CPU: what is refused, what needs STOP, and which values stay.

Rules of a download: a program with an instruction that is not executed is refused with its places; blocks that were
renumbered cannot be loaded in RUN (docs/facts/tia-rules.md#block-numbers); data blocks with another structure lose
their values, which in RUN has to be allowed (prompts of a download; that RUN needs it is unverified).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from simatic_xml.limits import LIMITS, LimitError, most
from simatic_xml.program.diagnostics import Diagnostic, Place, Severity
from simatic_xml.program.failures import failure, place_of
from simatic_xml.program.typed_blocks import Block, DataBlockDeclaration
from simatic_xml.program.types.layout import data_bytes, extent
from simatic_xml.program.types.types import Array, DataType, Structure
from virtual_plc.cpu.execution import Executable
from virtual_plc.cpu.services import Services
from virtual_plc.memory.data_blocks import new_data_block
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, ProgramError
from virtual_plc.memory.shapes import copy_into

Tier = Callable[[Program, Memory, Services], Executable]
"""Makes a program executable."""


@dataclass(frozen=True, slots=True)
class LoadProblem:
    """Why a program cannot be loaded just now.

    Attributes:
        code: `load.renumbered` (needs STOP) or `load.structure` (a data block has to be initialised again).
        name: the block.
        message: what to do.
    """

    code: str
    name: str
    message: str


class LoadRefusedError(Exception):
    """A program that cannot be loaded in the state in which the CPU is.

    Attributes:
        problems: the reasons.
    """

    def __init__(self, problems: list[LoadProblem]) -> None:
        """Keep the reasons; the text names each of them."""
        self.problems = problems
        super().__init__("The program cannot be loaded in RUN.\n" + "\n".join(each.message for each in problems))


def usual_tier() -> Tier:
    """Return the function that makes a program executable as Python; its module is higher than this one."""
    found: Tier = import_module("virtual_plc.python_tier").compile_program
    return found


def check_executable(program: Program) -> None:
    """Refuse a program that uses what is not executed, or whose data are too large for the CPU.

    Raises:
        ProgramError: it names each call, or the data that are too large.
    """
    _require_room(program)
    find_unsupported = import_module("virtual_plc.instructions").find_unsupported
    missing = find_unsupported(program.blocks.values())
    if missing:
        raise ProgramError(
            Diagnostic(
                Severity.ERROR,
                "instruction.unsupported",
                f"{name} is not executed by the simulated CPU; remove or replace it for the simulation.",
                place,
            )
            for name, place in missing
        )


def _require_room(program: Program) -> None:
    """Refuse more data than the CPU has work memory for, and more values than are simulated."""
    blocks = program.data_blocks.values()
    values = sum(extent(each.type).values for each in blocks)
    if values > most("cpu_values"):
        error = LimitError(LIMITS["cpu_values"], most("cpu_values"), values)
        raise ProgramError([Diagnostic(Severity.ERROR, error.code, error.message, Place(""))])
    used = -(-sum(data_bytes(each.type, optimized=each.optimized) for each in blocks) // 1024)
    if 0 < program.cpu.data_kb < used:
        message = (
            f"The data blocks take {used:,} KB; the work memory of the CPU for data has {program.cpu.data_kb:,} KB. "
            "Make them smaller, or choose a larger CPU."
        )
        raise ProgramError([Diagnostic(Severity.ERROR, "program.work_memory", message, Place(""))])


@contextmanager
def refusing() -> Iterator[None]:
    """Refuse a program that this software fails to load, and name the place.

    Raises:
        ProgramError: instead of an unexpected error.
    """
    try:
        yield
    except (ProgramError, LoadRefusedError):
        raise
    except Exception as error:
        place = place_of(error)
        raise ProgramError([failure(error, "program.internal", place.block if place else "")]) from error


def load_problems(old: Program, new: Program) -> list[LoadProblem]:
    """Return why a program could not be loaded in RUN over another one."""
    return [*_check_numbers(old, new), *_check_structures(old, new)]


def _check_numbers(old: Program, new: Program) -> Iterator[LoadProblem]:
    before: dict[str, Block | DataBlockDeclaration] = {**old.blocks, **old.data_blocks}
    after: dict[str, Block | DataBlockDeclaration] = {**new.blocks, **new.data_blocks}
    for name, block in after.items():
        was = before.get(name)
        if was is not None and (was.kind, was.number) != (block.kind, block.number):
            message = f"'{block.name}' has another number than in the CPU; set the CPU to STOP, then load again."
            yield LoadProblem("load.renumbered", block.name, message)


def _check_structures(old: Program, new: Program) -> Iterator[LoadProblem]:
    for name, declaration in new.data_blocks.items():
        was = old.data_blocks.get(name)
        if was is not None and not same_structure(was, declaration):
            message = f"The structure of '{declaration.name}' has changed, so its values would be lost; allow its reinitialization."
            yield LoadProblem("load.structure", declaration.name, message)


def same_structure(left: DataBlockDeclaration, right: DataBlockDeclaration) -> bool:
    """Return whether the values of one data block can stay in the other."""
    return left.optimized == right.optimized and _form(left.type) == _form(right.type)


def _form(data_type: DataType) -> Any:
    """Return what a type holds, in a form that can be compared."""
    match data_type:
        case Structure():
            return [(each.name.casefold(), each.section, _form(each.type)) for each in data_type.members]
        case Array():
            return data_type.bounds, _form(data_type.element)
    return data_type


def transfer(old: Memory, new: Memory, *, reinitialize: bool) -> None:
    """Copy values into the memory of another program.

    Args:
        old: memory before.
        new: memory with start values; gets what the two have in common.
        reinitialize: data blocks with another structure have only start values.
    """
    new.carry_over(old)
    if not reinitialize:
        return
    for problem in _check_structures(old.program, new.program):
        key = problem.name.casefold()
        copy_into(new.data_blocks[key], new_data_block(new.program, new.program.data_blocks[key]))
