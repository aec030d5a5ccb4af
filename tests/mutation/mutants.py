"""Make mutants of a module: one small fault each, by operators that resemble the mistakes people make."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

DROPPED = "(dropped)"
_UNEXECUTED = {"annotation", "returns", "decorator_list", "defaults", "kw_defaults", "bases"}
"""Fields of the tree whose code a function does not execute."""
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SWAPPED: dict[str, dict[type[ast.AST], type[ast.AST]]] = {
    "comparison": {
        ast.Lt: ast.LtE,
        ast.LtE: ast.Lt,
        ast.Gt: ast.GtE,
        ast.GtE: ast.Gt,
        ast.Eq: ast.NotEq,
        ast.NotEq: ast.Eq,
        ast.Is: ast.IsNot,
        ast.IsNot: ast.Is,
        ast.In: ast.NotIn,
        ast.NotIn: ast.In,
    },
    "arithmetic": {
        ast.Add: ast.Sub,
        ast.Sub: ast.Add,
        ast.Mult: ast.FloorDiv,
        ast.Div: ast.Mult,
        ast.FloorDiv: ast.Mult,
        ast.Mod: ast.FloorDiv,
        ast.Pow: ast.Mult,
        ast.LShift: ast.RShift,
        ast.RShift: ast.LShift,
        ast.BitAnd: ast.BitOr,
        ast.BitOr: ast.BitAnd,
    },
    "logic": {ast.And: ast.Or, ast.Or: ast.And},
}
_DROPPABLE = (ast.Expr, ast.AugAssign, ast.Return, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a node is in the tree: a field of its parent, or an item of one."""

    parent: ast.AST
    field: str
    index: int | None

    def fill(self, node: Any) -> None:
        """Put a node there."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


@dataclass(frozen=True, slots=True)
class Scope:
    """A function or an assignment of the module, in which a fault is put.

    Attributes:
        name: Qualified; empty for an assignment of the module.
        node: Its statement.
        lines: Its text.
    """

    name: str
    node: ast.AST
    lines: list[str]

    @classmethod
    def of(cls, name: str, node: ast.AST) -> Scope:
        """Return that of a statement."""
        return cls(name, node, ast.unparse(node).splitlines())


class Mutant:
    """A fault that can be put into its module."""

    def __init__(self, tree: ast.Module, scope: Scope, operator: str, slot: Slot, old: ast.AST, new: ast.AST) -> None:
        """Replace a node of the tree."""
        self.scope, self.operator = scope, operator
        self._tree, self._slot, self._old, self._new = tree, slot, old, new
        with self._made():
            after = ast.unparse(scope.node).splitlines()
        pairs = zip(scope.lines, after, strict=False)
        self.original, self.mutated = next((a.strip(), b.strip()) for a, b in pairs if a != b)
        if operator == "statement":
            self.mutated = DROPPED

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What identifies it in its module, however its lines move."""
        return self.scope.name, self.operator, self.original, self.mutated

    @contextmanager
    def _made(self) -> Iterator[None]:
        self._slot.fill(self._new)
        try:
            yield
        finally:
            self._slot.fill(self._old)

    def compile(self, file: str) -> CodeType:
        """Return the code of the module, or of its assignment alone, with this fault."""
        with self._made():
            only = not self.scope.name and isinstance(self.scope.node, ast.stmt)
            tree = ast.Module([self.scope.node], []) if only else self._tree
            return compile(ast.fix_missing_locations(tree), file, "exec")


def mutants(file: Path) -> list[Mutant]:
    """Return every mutant of a module, in the order of its lines, one of those that read the same."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found: dict[tuple[str, str, str, str], Mutant] = {}
    read = _names_in_functions(tree)
    for scope, slot, node in _places(tree, "", None):
        if not scope.name and _target(scope.node) not in read:
            continue
        for operator, new in _variants(node, slot.parent):
            mutant = Mutant(tree, scope, operator, slot, node, ast.copy_location(new, node))
            found.setdefault(mutant.key, mutant)
    return [*found.values()]


def _places(node: ast.AST, prefix: str, scope: Scope | None) -> Iterator[tuple[Scope, Slot, ast.AST]]:
    """Yield the nodes that are executed by functions, and those of the plain constants of the module."""
    for field, value in ast.iter_fields(node):
        if field in _UNEXECUTED or (field == "keywords" and isinstance(node, ast.ClassDef)):
            continue
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST):
                continue
            inner, around = prefix, scope
            if isinstance(child, _DEFINITIONS):
                name = f"{prefix}{child.name}"
                is_class = isinstance(child, ast.ClassDef)
                inner = f"{name}." if is_class else f"{name}.<locals>."
                around = scope if is_class else Scope.of(name, child)
            elif isinstance(node, ast.Module) and _is_constant(child):
                around = Scope.of("", child)
            elif scope is not None:
                yield scope, Slot(node, field, index if isinstance(value, list) else None), child
            yield from _places(child, inner, around)


def _is_constant(node: ast.AST) -> bool:
    """Return whether a statement of a module gives a name a plain value, which a test can see replaced."""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None or not _target(node):
        return False
    return not any(isinstance(each, ast.Call | ast.Lambda | ast.Name) for each in ast.walk(node.value))


def _target(node: ast.AST) -> str:
    """Return the name that an assignment gives a value, empty for several."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""


def _names_in_functions(tree: ast.Module) -> set[str]:
    """Return the names that functions read when they run: a replaced constant is seen only there."""
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {each.id for one in functions for part in one.body for each in ast.walk(part) if isinstance(each, ast.Name)}


def _variants(node: ast.AST, parent: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield the operators that fit a node, and what they put in its place."""
    for operator, pairs in _SWAPPED.items():
        if type(node) in pairs:
            yield operator, pairs[type(node)]()
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) if not isinstance(test, ast.Constant):
            yield "condition", _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "condition", operand
        case ast.Constant(value=bool(value)):
            yield "constant", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield "constant", ast.Constant(value + 1)
            yield "constant", ast.Constant(value - 1)
        case ast.stmt() if _can_be_dropped(node, parent):
            yield "statement", ast.If(ast.Constant(False), [node], [])  # names it uses stay those of the function


def _can_be_dropped(node: ast.stmt, parent: ast.AST) -> bool:
    """Return whether only a test sees that a statement is missing: the type checker misses the last return and variables."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return False
        case ast.Return():
            return not isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef)
        case ast.Assign(targets=targets):
            return not any(isinstance(each, ast.Name | ast.Tuple) for each in targets)
    return isinstance(node, _DROPPABLE)


def _with(node: Any, **changed: ast.AST) -> ast.AST:
    return type(node)(**{**dict(ast.iter_fields(node)), **changed})
