"""The names of operations stand in their declarations only: code refers to an operation by its function.

A name as text goes on to look right when the operation is renamed or removed. Documentation may hold names: docstrings, and
the descriptions of fields.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import engineering_api
from engineering_api.app import catalogue
from engineering_api.operations import fields

SOURCES = Path(engineering_api.__file__).parent
GENERATED = SOURCES / "client" / "resources"
NAMES = frozenset(op.name for op in catalogue())
PREFIXES = frozenset(f"{name.partition('.')[0]}." for name in NAMES)
"""The first part of names, by which code could pick all operations of a module."""
DESCRIBING = {fields.named.__name__, fields.path_field.__name__, fields.carrying.__name__}
"""The functions whose texts describe a field."""
WORD = re.compile(r"(?<![\w.])[a-z_]+\.[a-z_]+(?![\w]|\.\w)")


def names_as_text(source: str) -> Iterator[tuple[int, str]]:
    """The lines of a module in which the name of an operation stands as text outside documentation, and the name."""
    tree = ast.parse(source)
    documentation = {id(text) for node in ast.walk(tree) for text in _documentation(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            found = [node.value] if node.value in PREFIXES else NAMES.intersection(WORD.findall(node.value))
            yield from ((node.lineno, name) for name in sorted(found))


def _documentation(node: ast.AST) -> Iterator[ast.AST]:
    """The texts of a node that only describe: strings that stand alone, and descriptions of fields."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DESCRIBING:
        yield from (each for text in node.args[:1] for each in ast.walk(text))


def test_no_operation_is_named_as_text_outside_its_declaration() -> None:
    files = [path for path in SOURCES.rglob("*.py") if GENERATED not in path.parents]
    found = [
        f"{path.relative_to(SOURCES.parent)}:{line}: {name}"
        for path in sorted(files)
        for line, name in names_as_text(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "refer to the function instead, by Catalogue.of or name_of"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('op = catalogue.named("blocks.delete")', ["blocks.delete"]),
        ('own = "tags.add tags.delete".split()', ["tags.add", "tags.delete"]),
        ('text = f"{name}: blocks.export_xml gives it."', ["blocks.export_xml"]),
        ('if op.name.startswith("portals."): pass', ["portals."]),
        ('Section("Tags").operation(resource="tags.list_")', ["tags.list_"]),
        ('"""Deletes as blocks.delete does."""', []),
        ('name = named("An operation such as tags.add.", "command")', []),
        ('name = named("An operation.", "tags.add")', ["tags.add"]),
        ('code = "blocks.deleted"; file = "a.blocks.delete"; event = "project.saved"', []),
    ],
)
def test_names_are_found_wherever_code_could_use_them(source: str, names: list[str]) -> None:
    assert [name for _, name in names_as_text(source)] == names
