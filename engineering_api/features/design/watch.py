"""Watch tables: for each group the signals of its modules and what they are connected to."""

from __future__ import annotations

from typing import Any

from engineering_api.features.design import blocks, expressions
from engineering_api.features.design.model import AnyModule, Group
from engineering_api.features.design.parts import Part
from engineering_api.features.design.wires import wires


def table(part: Part, group: Group) -> dict[str, Any]:
    """Return the watch table of a group."""
    rows: list[str] = []
    for name in group.modules:
        module = part.module(name)
        if module is not None:
            rows += [row for row in _rows(part, module) if row not in rows]
    return {"kind": "WatchTable", "name": group.name, "entries": [{"name": row} for row in rows]}


def _rows(part: Part, module: AnyModule) -> list[str]:
    """Return the outputs of a module, then the tags at its parameters."""
    rows = [f'"{module.name}".{each.name}' for each in blocks.parameters(module) if each.output]
    tags = {tag.name.casefold(): tag.name for tag in part.tags}
    for wire in wires(module, part.mode_of(module)):
        for given in (wire.given, *(condition for _, condition in wire.joined)):
            for variable in expressions.read(given).variables():
                name = tags.get(variable.name.casefold())
                if name is not None and not variable.path:
                    rows.append(f'"{name}"')
    return list(dict.fromkeys(rows))
