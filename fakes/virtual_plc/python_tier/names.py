"""The global names that generated functions share: blocks, data, helpers, and objects that have no literal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from simatic_xml.program import typed_blocks
from virtual_plc.code.naming import Name, attribute
from virtual_plc.code.python_text import BUILTINS
from virtual_plc.python_tier import runtime

_WORD = re.compile(r"\W+", re.ASCII)


class Names:
    """Global names of one compiled program.

    Attributes:
        values: the object of each name; the globals of all functions.
    """

    def __init__(self, functions: Iterable[Name] = ()) -> None:
        """Begin with the helpers; the names of functions are taken, too."""
        self.values: dict[str, Any] = {name: getattr(runtime, name) for name in runtime.__all__}
        self.values |= dict.fromkeys(each.text for each in functions)
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
            if name.text not in self.values and name.text not in BUILTINS:
                self.values[name.text] = value
                return name


def function_name(block: typed_blocks.Block) -> Name:
    """Return the name of the function of a block."""
    return Name(block.kind, "_", attribute(block.name))
