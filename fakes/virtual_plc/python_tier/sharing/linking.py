"""Pass 7: the code of a block in one CPU: its function, whose global names are objects of that CPU."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from virtual_plc.code.python_text import execute
from virtual_plc.python_tier.context import Context
from virtual_plc.python_tier.sharing.recipes import Target
from virtual_plc.python_tier.sharing.units import Unit


@dataclass(frozen=True, slots=True)
class Linked:
    """A block that can run.

    Attributes:
        unit: its code.
        names: global names of its function.
        counts: how often what it counts was reached.
    """

    unit: Unit
    names: dict[str, Any]
    counts: list[int]

    @property
    def function(self) -> Any:
        """Its function."""
        return self.names[self.unit.function.name.text]

    def connect(self, functions: Mapping[str, Any]) -> None:
        """Let it call the functions of a program, by name."""
        self.names.update((word, functions[word]) for word in self.unit.words if word in functions)


def link(context: Context, unit: Unit) -> Linked:
    """Return the code of a block for a CPU; its calls are to be connected then."""
    target = Target(context.services, context.memory, [0] * len(unit.counted))
    names = {word: context.helpers[word] for word in unit.words if word in context.helpers}
    names |= {name: recipe.make(target) for name, recipe in unit.recipes.items()}
    execute(unit.code, names)
    if unit.function.bind is not None:
        unit.function.bind(names, target.services)
    return Linked(unit, names, target.counts)
