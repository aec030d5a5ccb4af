"""What a block asks of the program around it while its function is written.

The answers are noted: the function fits each other program that gives the same ones. So the writers of code ask here and
not the program itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any, Literal

from simatic_xml.program.typed_blocks import Block, BlockKind
from virtual_plc.memory.call_names import find_traced
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program
from virtual_plc.python_tier.facts import Facts
from virtual_plc.python_tier.signatures import Signature

Question = tuple[Literal["block", "kind", "data", "number"], str | int]
"""A lookup: a block or data block by casefolded name, all blocks of a kind, a data block by number."""


class Lookups:
    """Answers questions about a program, and notes them.

    Attributes:
        noted: the answers by question.
    """

    def __init__(
        self, program: Program, memory: Memory, facts: Mapping[str, Facts], signatures: Mapping[str, Signature]
    ) -> None:
        """Note nothing yet; facts and signatures are those of all blocks, by casefolded name."""
        self.noted: dict[Question, Any] = {}
        self._program, self._memory = program, memory
        self._facts, self._signatures = facts, signatures
        self._traced = find_traced(program.blocks)
        self._numbered = {each.number: key for key, each in program.data_blocks.items() if each.number is not None}
        self._answers: dict[Question, Any] = {}

    def begin(self) -> Lookups:
        """Return lookups for one block, which have noted nothing."""
        found = copy(self)
        found.noted = {}
        return found

    def answer(self, question: Question) -> Any:
        """Return what a question is answered with, in a form that can be compared; it notes nothing."""
        if question not in self._answers:
            what, name = question
            self._answers[question] = getattr(self, f"_answer_{what}")(name)
        return self._answers[question]

    def block(self, name: str) -> Block | None:
        """Return a block, None when there is none."""
        key = self._note("block", name.casefold())
        return self._program.blocks.get(str(key))

    def blocks_of(self, kind: BlockKind) -> list[Block]:
        """Return all blocks of a kind."""
        self._note("kind", kind)
        return [each for each in self._program.blocks.values() if each.kind == kind]

    def signature(self, name: str) -> Signature:
        """Return how a block is called.

        Raises:
            KeyError: there is no such block.
        """
        return self._signatures[str(self._note("block", name.casefold()))]

    def is_traced(self, name: str) -> bool:
        """Return whether calls of a block are noted, because names of operands are asked for in it or below."""
        return self._note("block", name.casefold()) in self._traced

    def data(self, name: str) -> Any:
        """Return the data of a data block, None when there is none."""
        return self._memory.data_blocks.get(str(self._note("data", name.casefold())))

    def data_numbered(self, number: int) -> Any:
        """Return the data of the data block of a number, None when there is none."""
        self._note("number", number)
        return self._memory.by_number.get(number)

    def number_of_data(self, name: str) -> int | None:
        """Return the number of a data block.

        Raises:
            KeyError: there is no such data block.
        """
        return self._program.data_blocks[str(self._note("data", name.casefold()))].number

    def _note(self, what: Literal["block", "kind", "data", "number"], name: str | int) -> str | int:
        question: Question = (what, name)
        self.noted[question] = self.answer(question)
        return name

    def _answer_block(self, key: str) -> Any:
        block = self._program.blocks.get(key)
        if block is None:
            return None
        changes = self._facts[key].changes_eno
        return (block.kind, block.name, block.number, block.variables, changes, key in self._traced)

    def _answer_kind(self, kind: str) -> Any:
        return [self.answer(("block", key)) for key, each in self._program.blocks.items() if each.kind == kind]

    def _answer_data(self, key: str) -> Any:
        found = self._program.data_blocks.get(key)
        return None if found is None else (found.number, found.type, found.kind, found.instance_of, found.optimized)

    def _answer_number(self, number: int) -> Any:
        key = self._numbered.get(number)
        return None if key is None else (key, self.answer(("data", key)))
