"""The finished code of blocks, which all CPUs of this process share, so that each block is written once.

A unit belongs to the typed body of a block, and fits while the program answers the block's lookups as it did. So after an
edit only the blocks are written again that changed, and those that depend on their visible parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import CodeType
from typing import Any

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.typed_blocks import Block
from virtual_plc.python_tier.functions import Function
from virtual_plc.python_tier.sharing.lookups import Question
from virtual_plc.python_tier.sharing.recipes import Recipe, is_portable


@dataclass(frozen=True, slots=True)
class Unit:
    """The code of one block.

    Attributes:
        function: its text.
        code: the same, compiled.
        words: global names that the code mentions, among others.
        recipes: how its own global names are found, by name.
        counted: by index of the counts the statement, and for a branch whether it is taken.
        setting: all else that it was written for, see `setting_of`.
        answers: what the program answered while it was written.
    """

    function: Function
    code: CodeType
    words: frozenset[str]
    recipes: Mapping[str, Recipe]
    counted: tuple[tuple[Place, bool | None], ...]
    setting: tuple[Any, ...]
    answers: Mapping[Question, Any]

    def fits(self, setting: tuple[Any, ...], answer: Callable[[Question], Any]) -> bool:
        """Return whether a block would be written like this again."""
        return self.setting == setting and all(answer(each) == known for each, known in self.answers.items())

    def __reduce__(self) -> tuple[Any, ...]:
        """Write it for another process, or None where only this one can have it."""
        if self.function.bind is not None or not all(map(is_portable, self.recipes.values())):
            return _nothing, ()
        return Unit, tuple(getattr(self, each.name) for each in fields(self))


def _nothing() -> None:
    """Return what `bodies.find` returns where nothing is kept."""


def setting_of(block: Block, *more: Any) -> tuple[Any, ...]:
    """Return what the text of a block depends on, besides its body and the program around it; `more` is of the CPU."""
    own = (block.kind, block.name, block.number, block.language, block.variables, block.result, block.optimized)
    return (*own, block.iec_check, block.set_eno, block.secondary_type, *more)


def words_of(code: CodeType) -> frozenset[str]:
    """Return all names that code and its functions mention."""
    inner = (words_of(each) for each in code.co_consts if isinstance(each, CodeType))
    return frozenset(code.co_names).union(*inner)
