"""Runs the passes: the code of each block is written now, or fits and exists already; then it is linked."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from simatic_xml.interruption import checkpoint
from simatic_xml.program.diagnostics import Diagnostic, Place, Severity
from simatic_xml.program.typed_blocks import Block
from virtual_plc.cpu.nesting import may_exceed
from virtual_plc.cpu.services import Services
from virtual_plc.memory import bodies
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, ProgramError
from virtual_plc.python_tier.block_code import NotExecutable
from virtual_plc.python_tier.context import Context
from virtual_plc.python_tier.passes import LINKING, SURVEY, WRITING
from virtual_plc.python_tier.sharing.linking import Linked
from virtual_plc.python_tier.sharing.lookups import Lookups
from virtual_plc.python_tier.sharing.recipes import Describer
from virtual_plc.python_tier.sharing.units import Unit


class Writing:
    """Runs the passes over the blocks of a program.

    Attributes:
        context: what the blocks have in common.
        written: names of the blocks whose code did not exist yet.
    """

    def __init__(
        self, program: Program, memory: Memory, services: Services, *, helpers: Mapping[str, Any], coverage: bool
    ) -> None:
        """Survey all blocks and write nothing yet; helpers and coverage as in `Context`."""
        self.written: list[str] = []
        self._found: dict[str, dict[str, Any]] = {key: {"block": block} for key, block in program.blocks.items()}
        for each, results in product(SURVEY, self._found.values()):
            each.run(results)
        facts, signatures = ({key: each[of] for key, each in self._found.items()} for of in ("facts", "signature"))
        self.context = Context(
            memory,
            services,
            signatures,
            Lookups(program, memory, facts, signatures),
            Describer(memory),
            helpers,
            helpers.keys() | {each.function.text for each in signatures.values()},
            program.cpu.family,
            coverage,
            may_exceed(program, services.most_depth),
        )
        self._setting = (program.cpu, coverage, self.context.counts_depth)

    def linked(self) -> dict[str, Linked]:
        """Return each block with its code, ready for the CPU, by casefolded name.

        Raises:
            ProgramError: the program has parts that this tier cannot execute; the text names each.
        """
        missing = {key: results for key, results in self._found.items() if not self._has_unit(results)}
        problems = self._write(missing)
        for key, results in missing.items():
            if key not in problems:
                self._keep(results["block"], results["unit"])
        if problems:
            raise ProgramError(problems[key] for key in missing if key in problems)
        for each, results in product(LINKING, self._found.values()):
            each.run(results)
        return {key: results["linked"] for key, results in self._found.items()}

    def _write(self, missing: Mapping[str, dict[str, Any]]) -> dict[str, Diagnostic]:
        """Run the passes for blocks without code; return the problem of each block for which one failed."""
        problems: dict[str, Diagnostic] = {}
        for each, (key, results) in product(WRITING, missing.items()):
            if key in problems:
                continue
            checkpoint()
            try:
                each.run(results)
            except NotExecutable as error:
                problems[key] = Diagnostic(Severity.ERROR, "program.not_executable", error.message, error.place)
            except (SyntaxError, RecursionError, MemoryError):
                problems[key] = _too_deep(results["block"].name)
        return problems

    def _has_unit(self, results: dict[str, Any]) -> bool:
        """Find the unit of a block that fits; give the passes what else they read."""
        block = results["block"]
        setting = _setting_of(block, *self._setting)
        results |= {"context": self.context, "setting": setting}
        found: Unit | None = bodies.find(block, (Unit, self.context.coverage))
        if found is None or not found.fits(setting, self.context.lookups.answer):
            return False
        results["unit"] = found
        return True

    def _keep(self, block: Block, unit: Unit) -> None:
        self.written.append(block.name)
        if unit.is_shared:
            bodies.keep(block, (Unit, self.context.coverage), unit)


def _setting_of(block: Block, *more: Any) -> tuple[Any, ...]:
    """Return what the text of a block depends on, besides its body and the program around it; `more` is of the CPU."""
    own = (block.kind, block.name, block.number, block.language, block.variables, block.result, block.optimized)
    return (*own, block.iec_check, block.set_eno, block.secondary_type, *more)


def _too_deep(block: str) -> Diagnostic:
    message = "Statements or expressions of this block are nested too deep; split them up, or make blocks of them."
    return Diagnostic(Severity.ERROR, "program.not_executable", message, Place(block))
