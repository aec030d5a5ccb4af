"""What the names in expressions of a design mean: tags, variables of data blocks, signals of modules."""

from __future__ import annotations

import re

from engineering_api.features.design.blocks import parameters
from engineering_api.features.design.expressions import path_of
from engineering_api.features.design.model import AnyModule, Data, DataType, Member, Sequence, Tag
from engineering_api.features.design.parts import Part
from openness_bridge import likeness
from simatic_xml.scl.nodes import Variable

_ARRAY = re.compile(r"array\s*\[[^\]\n;()/]*\]\s*of\s+", re.IGNORECASE)
_STEP_SIGNALS = {"x": "Bool", "t": "Time"}


class Names:
    """The names of one PLC's part."""

    def __init__(self, part: Part) -> None:
        """Collect them."""
        self._roots: dict[str, Tag | Data | AnyModule] = {
            each.name.casefold(): each for each in (*part.tags, *part.data, *part.modules)
        }
        self._types = {each.name.casefold(): each for each in part.types}

    def fault(self, variable: Variable) -> str:
        """Return why a variable cannot be read; empty when it can."""
        root = self._roots.get(variable.name.casefold())
        path = path_of(variable)[1:]
        if root is None:
            known = [each.name for each in self._roots.values()]
            return f"There is no tag, data block or module '{variable.name}'{_nearest(variable.name, known)}."
        if isinstance(root, Tag):
            return ""
        if isinstance(root, Data):
            return self._member_fault(root, path)
        readable = [each.name for each in parameters(root) if each.output]
        readable += [each.name for each in root.steps] if isinstance(root, Sequence) else []
        if not path:
            return f"'{root.name}' is a module: say which of its signals, such as {root.name}.{readable[0]}."
        if path[0].casefold() not in map(str.casefold, readable):
            return f"'{root.name}' has no signal '{path[0]}': it has {', '.join(readable)}."
        return ""

    def write_fault(self, variable: Variable) -> str:
        """Return why a variable cannot be written by an output; empty when it can."""
        root = self._roots.get(variable.name.casefold())
        if isinstance(root, Tag) and root.address.strip().lstrip("%").upper().startswith(("I", "E")):
            return f"'{root.name}' is an input ({root.address}); an output of a module cannot write it."
        if root is not None and not isinstance(root, Tag | Data):
            return f"'{variable.name}' is a module; only tags and data can be written."
        return self.fault(variable)

    def type_of(self, variable: Variable) -> str:
        """Return the data type of a variable; empty where it is not known."""
        root = self._roots.get(variable.name.casefold())
        path = path_of(variable)[1:]
        if root is None or isinstance(root, Tag):
            return root.type if root is not None else ""
        if isinstance(root, Data):
            return self._member_type(root, path)
        if isinstance(root, Sequence) and len(path) == 2:
            return _STEP_SIGNALS.get(path[1].casefold(), "")
        return next((each.type for each in parameters(root) if path and each.name.casefold() == path[0].casefold()), "")

    def element(self, data_type: str) -> DataType | None:
        """Return the data type of the design that a type, or the elements of an array, is of."""
        return self._types.get(element_type(data_type).strip('"').casefold())

    def _member_fault(self, data: Data, path: list[str]) -> str:
        if not path:
            return f"'{data.name}' is a data block: say which of its variables, such as {data.name}.{data.members[0].name}."
        holder: Data | DataType | None = data
        for name in path:
            if holder is None:
                return ""
            found = _member(holder, name)
            if found is None:
                return (
                    f"'{holder.name}' has no variable '{name}'{_nearest(name, [each.name for each in holder.members])}."
                )
            holder = self.element(found.type)
        return ""

    def _member_type(self, data: Data, path: list[str]) -> str:
        holder: Data | DataType | None = data
        found: Member | None = None
        for name in path:
            found = _member(holder, name) if holder is not None else None
            holder = self.element(found.type) if found is not None else None
        return element_type(found.type) if found is not None else ""


def element_type(data_type: str) -> str:
    """Return the type of the elements of an array; any other type as it is."""
    return _ARRAY.sub("", data_type).strip()


def _member(holder: Data | DataType, name: str) -> Member | None:
    return next((each for each in holder.members if each.name.casefold() == name.casefold()), None)


def _nearest(name: str, known: list[str]) -> str:
    found = likeness.find_near(name, known)
    return f"; did you mean '{found[0]}'?" if found else ""
