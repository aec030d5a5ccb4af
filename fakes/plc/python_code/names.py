"""The global names that generated functions share: blocks, data, helpers, and objects that have no literal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from fakes.plc.naming import attribute
from fakes.plc.python_code import runtime
from simatic_xml.program import nodes as n

_WORD = re.compile(r"\W+")


class Names:
    """Global names of one compiled program.

    Attributes:
        values: what each name stands for; the globals of all functions.
    """

    def __init__(self, functions: Iterable[str] = ()) -> None:
        """Begin with the helpers; the names of functions are taken, too."""
        self.values: dict[str, Any] = {name: getattr(runtime, name) for name in runtime.__all__}
        self.values |= dict.fromkeys(functions)
        self._by_identity: dict[int, str] = {}
        self._kept: list[Any] = []

    def bind(self, hint: str, value: Any) -> str:
        """Return the name of an object; the same object always has the same name.

        Args:
            hint: what the name should begin with.
            value: the object; it lives as long as the names.
        """
        known = self._by_identity.get(id(value))
        if known is not None:
            return known
        stem = _WORD.sub("_", hint) or "x"
        name, number = stem, 1
        while name in self.values:
            number += 1
            name = f"{stem}_{number}"
        self.values[name] = value
        self._by_identity[id(value)] = name
        self._kept.append(value)
        return name


def function_name(block: n.Block) -> str:
    """Return the name of the function of a block."""
    return f"{block.kind}_{attribute(block.name)}"
