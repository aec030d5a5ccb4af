"""The global names of a generated function: data, and objects that have no literal."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Any

from virtual_plc.code.naming import Name
from virtual_plc.code.python_text import BUILTINS

_WORD = re.compile(r"\W+", re.ASCII)


class Names:
    """Global names of one compiled block.

    Attributes:
        values: the object of each name.
    """

    def __init__(self, taken: Set[str] = frozenset()) -> None:
        """Begin with none; names that are taken (those of functions and helpers) are given to nothing else."""
        self.values: dict[str, Any] = {}
        self._taken = taken
        self._by_identity: dict[int, Name] = {}
        self._counts: dict[str, int] = {}
        self._kept: list[Any] = []

    def bind(self, hint: str, value: Any) -> Name:
        """Return the name of an object; the same object always has the same name.

        Args:
            hint: what the name should begin with.
            value: the object; it lives as long as the names.
        """
        known = self._by_identity.get(id(value))
        if known is not None:
            return known
        name = self._by_identity[id(value)] = self.new(hint, value)
        self._kept.append(value)
        return name

    def new(self, hint: str, value: Any) -> Name:
        """Return a separate name for an object; arguments as for `bind`."""
        stem = _WORD.sub("_", hint)
        stem = stem if stem[:1].isalpha() else f"_{stem}"
        while True:
            number = self._counts[stem] = self._counts.get(stem, 0) + 1
            name = Name(stem) if number == 1 else Name(stem, "_", number)
            if not any(name.text in taken for taken in (self.values, self._taken, BUILTINS)):
                self.values[name.text] = value
                return name
