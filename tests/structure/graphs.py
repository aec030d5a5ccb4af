"""Which modules of a package import which, by their sources."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

Graph = Mapping[str, set[str]]


def modules_of(package: Path) -> dict[str, Path]:
    """The files of a package by the names of their modules."""
    named = {}
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package.parent).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return named


def names_imported(module: str, file: Path) -> Iterator[str]:
    """Every name that a module imports, wherever the import stands."""
    folder = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = folder.split(".")[: len(folder.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{each.name}" for each in node.names)


def graph_of(package: Path) -> Graph:
    """For each module of a package the modules of it that it imports."""
    modules = modules_of(package)
    return {
        module: {
            found
            for name in names_imported(module, file)
            if (found := name if name in modules else name.rpartition(".")[0]) in modules and found != module
        }
        for module, file in modules.items()
    }


def reached(graph: Graph, start: str) -> set[str]:
    """What a module imports, and what that imports in turn; itself only where it is in a circle."""
    found: set[str] = set()
    pending = [start]
    while pending:
        new = graph[pending.pop()] - found
        found |= new
        pending += new
    return found
