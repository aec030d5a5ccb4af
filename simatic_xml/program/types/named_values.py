"""The named value data types of a program, by their names in declarations and code."""

from __future__ import annotations

import re
from collections import defaultdict

from simatic_xml.model import NamedValueType

_STEP = re.compile(r'"([^"]*)"')
_CONSTANT = re.compile(r"(?<![\w.\"'#])(?:_\.)?[A-Za-z_]\w*(?:\.\w+)*#[A-Za-z_]\w*(?![\w.#])")


class NamedValues:
    """Named value data types by name.

    A name is looked up as it is, with its namespace; else the only type whose name ends with it. `_.` in front of a name changes
    nothing, because a network in SimaticML has it in front of a name without its namespace, too.
    """

    def __init__(self) -> None:
        """Start without types."""
        self._types: dict[str, NamedValueType] = {}
        self._short: dict[str, set[str]] = defaultdict(set)

    def __bool__(self) -> bool:
        """Whether there is a type."""
        return bool(self._types)

    def put(self, node: NamedValueType) -> None:
        """Add a type, or replace the one of its name."""
        key = node.name.casefold()
        self._types[key] = node
        parts = key.split(".")
        for start in range(1, len(parts)):
            self._short[".".join(parts[start:])].add(key)

    def find(self, name: str) -> NamedValueType | None:
        """Return the type of a name as it is written in a program, without regard to case; None for none."""
        if not self._types:
            return None
        key = _STEP.sub(r"\1", name).casefold().removeprefix("_.")
        found = self._types.get(key)
        if found is None and len(longer := self._short.get(key, ())) == 1:
            found = self._types[next(iter(longer))]
        return found

    def constant(self, text: str) -> tuple[NamedValueType, str] | None:
        """Return the type and the literal of a named value, `Demo.Colors#RED`; None for any other text."""
        name, mark, value = text.partition("#")
        node = self.find(name) if mark and self._types else None
        if node is None:
            return None
        found = next((each for own, each in node.values.items() if own.casefold() == value.casefold()), None)
        return None if found is None else (node, found)

    def literals(self, text: str) -> str:
        """Return a start value with the literals of the named values in it."""
        if not self._types or "#" not in text:
            return text

        def replace(found: re.Match[str]) -> str:
            constant = self.constant(found[0])
            return constant[1] if constant is not None else found[0]

        return _CONSTANT.sub(replace, text)
