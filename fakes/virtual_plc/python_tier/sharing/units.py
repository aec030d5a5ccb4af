"""Pass 6: the finished code of blocks, which all CPUs of this process share, so that each block is written once.

A unit belongs to the typed body of a block, and fits while the program answers the block's lookups as it did. So after an
edit only the blocks are written again that changed, and those that depend on their visible parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import CodeType
from typing import Any

from simatic_xml.program.diagnostics import Place
from virtual_plc.code.python_text import compile_lines
from virtual_plc.python_tier.body import Body
from virtual_plc.python_tier.context import Context
from virtual_plc.python_tier.functions import Function
from virtual_plc.python_tier.sharing.lookups import Question
from virtual_plc.python_tier.sharing.recipes import Recipe, Same, is_portable


@dataclass(frozen=True, slots=True)
class Unit:
    """The code of one block.

    Attributes:
        function: its text.
        code: the same, compiled.
        words: global names that the code mentions, among others.
        recipes: how its own global names are found, by name.
        counted: by index of the counts the statement, and for a branch whether it is taken.
        setting: all else that it was written for, see `writing`.
        answers: what the program answered while it was written.
        is_shared: whether other CPUs can have it.
    """

    function: Function
    code: CodeType
    words: frozenset[str]
    recipes: Mapping[str, Recipe]
    counted: tuple[tuple[Place, bool | None], ...]
    setting: tuple[Any, ...]
    answers: Mapping[Question, Any]
    is_shared: bool

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


def unit_of(context: Context, setting: tuple[Any, ...], body: Body, function: Function) -> Unit:
    """Return the compiled code of a block, with the recipes of the objects that it names.

    Raises:
        SyntaxError, RecursionError, MemoryError: it is nested deeper than Python allows.
    """
    code = compile_lines(function.lines, function.name)
    words, draft = _words_of(code), body.code.draft
    values = {name: value for name, value in draft.names.values.items() if name in words}
    recipes = {
        name: context.describer.describe(value, draft.instructions, draft.counters) for name, value in values.items()
    }
    found = {name: recipe or Same(values[name]) for name, recipe in recipes.items()}
    is_shared = None not in recipes.values()
    return Unit(function, code, words, found, tuple(draft.counted), setting, draft.lookups.noted, is_shared)


def _words_of(code: CodeType) -> frozenset[str]:
    """Return all names that code and its functions mention."""
    inner = (_words_of(each) for each in code.co_consts if isinstance(each, CodeType))
    return frozenset(code.co_names).union(*inner)
