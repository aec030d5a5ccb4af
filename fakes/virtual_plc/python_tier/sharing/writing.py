"""The code of each block of a program: written now, or code that fits and exists already."""

from __future__ import annotations

from typing import Any

from simatic_xml.interruption import checkpoint
from simatic_xml.program.diagnostics import Diagnostic, Place, Severity
from simatic_xml.program.typed_blocks import Block
from virtual_plc.code.python_text import compile_lines
from virtual_plc.memory import bodies
from virtual_plc.memory.program import Program, ProgramError
from virtual_plc.python_tier.block_code import Context, NotExecutable
from virtual_plc.python_tier.functions import function_of
from virtual_plc.python_tier.sharing.recipes import Describer, Same
from virtual_plc.python_tier.sharing.units import Unit, setting_of, words_of


class Writing:
    """Writes the blocks of a program whose code does not exist yet.

    Attributes:
        written: names of the blocks that it wrote.
    """

    def __init__(self, context: Context, program: Program) -> None:
        """Write nothing yet."""
        self.written: list[str] = []
        self._context, self._program = context, program
        self._setting = (program.cpu, context.coverage, context.counts_depth)
        self._describer = Describer(context.memory)

    def units(self) -> dict[str, Unit]:
        """Return the code of each block, by casefolded name.

        Raises:
            ProgramError: the program has parts that this tier cannot execute; the text names each.
        """
        found: dict[str, Unit] = {}
        problems: list[Diagnostic] = []
        for key, block in self._program.blocks.items():
            checkpoint()
            try:
                found[key] = self._unit(block)
            except NotExecutable as error:
                problems.append(Diagnostic(Severity.ERROR, "program.not_executable", error.message, error.place))
            except (SyntaxError, RecursionError, MemoryError):
                problems.append(_too_deep(block.name))
        if problems:
            raise ProgramError(problems)
        return found

    def _unit(self, block: Block) -> Unit:
        setting = setting_of(block, *self._setting)
        about = Unit, self._context.coverage
        found: Unit | None = bodies.find(block, about)
        if found is not None and found.fits(setting, self._context.lookups.answer):
            return found
        made, is_shared = self._write(block, setting)
        self.written.append(block.name)
        if is_shared:
            bodies.keep(block, about, made)
        return made

    def _write(self, block: Block, setting: tuple[Any, ...]) -> tuple[Unit, bool]:
        """Return the code of a block, and whether other CPUs can have it."""
        context = self._context
        context.begin()
        made = function_of(context, block)
        code = compile_lines(made.lines, made.name)
        words = words_of(code)
        values = {name: value for name, value in context.names.values.items() if name in words}
        recipes = {
            name: self._describer.describe(value, context.instructions, context.counters)
            for name, value in values.items()
        }
        found = {name: recipe or Same(values[name]) for name, recipe in recipes.items()}
        unit = Unit(made, code, words, found, tuple(context.counted), setting, context.lookups.noted)
        return unit, None not in recipes.values()


def _too_deep(block: str) -> Diagnostic:
    message = "Statements or expressions of this block are nested too deep; split them up, or make blocks of them."
    return Diagnostic(Severity.ERROR, "program.not_executable", message, Place(block))
