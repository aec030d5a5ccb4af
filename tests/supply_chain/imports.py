"""Which packages the code imports, so that they can be held to what pyproject.toml declares.

Read from the syntax tree, so that an import inside a function counts as well.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.supply_chain.installed import ROOT


@cache
def imported(*folders: str) -> dict[frozenset[str], Path]:
    """The packages that files in folders of the project import, each with a file that does.

    A package is given by its canonical name; by several where more than one that is installed has the module, and by the
    module's own name where none has.
    """
    homes = packages_distributions()
    own = {path.parent.name for path in (*ROOT.glob("*/__init__.py"), *ROOT.glob("fakes/*/__init__.py"))}
    found: dict[frozenset[str], Path] = {}
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            for module in _modules(ast.parse(file.read_text(encoding="utf-8"))):
                if module not in sys.stdlib_module_names and module not in own:
                    found[frozenset(map(canonicalize_name, homes.get(module, [module])))] = file
    return found


def _modules(tree: ast.Module) -> Iterator[str]:
    """The top level names of absolute imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]
