"""Reads the service's code with mypy's API, and indexes it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from mypy import build, nodes
from mypy.config_parser import parse_config_file
from mypy.modulefinder import BuildSource
from mypy.options import Options

from tests import ROOT
from tests.support.codes.program import CATCHERS, PACKAGES, Program, Unit, functions

DISPATCH = {"Operation", "Endpoint"}
"""Classes whose functions are those of any operation: who calls them runs what a request names."""
RUNS_ANY = {
    f"engineering_api.{name}"
    for name in (
        *(f"execution.runner.Runner.{each}" for each in ("wait", "preview", "submit", "submit_and_wait", "condition")),
        *(f"execution.execution.Execution.{each}" for each in ("run", "perform", "preview", "require", "condition")),
        *("features.tools.toolbox.Toolbox.call", "features.tools.own.OWN"),
    )
}
"""What runs any operation or tool. It is not followed: what went wrong is in the answer, or the operation has any code."""
_ELSEWHERE = {
    "node",
    "info",
    "analyzed",
    "expanded",
    "original_def",
    "original_decorators",
    "unanalyzed_items",
    "removed_statements",
}
"""Attributes of nodes that lead to another place of the tree, or to a part of it for the second time."""


def read(root: Path = ROOT) -> Program:
    """Check the types of the packages, and index them. It takes minutes."""
    options = Options()
    parse_config_file(options, lambda: None, str(root / "pyproject.toml"), sys.stdout, sys.stderr)
    options.export_types = options.preserve_asts = True
    options.incremental, options.cache_dir, options.fast_exit = False, "/dev/null", False
    sources = []
    for file in sorted(each for name in PACKAGES for each in (root / name).rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        sources.append(BuildSource(str(file), ".".join(parts[:-1] if parts[-1] == "__init__" else parts), None))
    return index(build.build(sources, options))


def index(result: build.BuildResult) -> Program:
    """Return the indexed code of a build."""
    program = Program(result)
    for tree in program.trees:
        _Reader(program).visit(tree)
    return program


def _children(node: nodes.Node) -> Iterator[nodes.Node]:
    for name in type(node).__mypyc_attrs__:  # type: ignore[attr-defined]  # mypyc adds it
        if name not in _ELSEWHERE:
            yield from _trees(getattr(node, name, None))


def _trees(value: object) -> Iterator[nodes.Node]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _trees(each)
    elif isinstance(value, nodes.Node) and not isinstance(value, nodes.Var | nodes.TypeInfo | nodes.MypyFile):
        yield value


def _named(expression: nodes.Expression | None) -> set[str]:
    """Return the full names of the classes that an except or suppress() names."""
    if expression is None:
        return {"builtins.BaseException"}
    if isinstance(expression, nodes.TupleExpr):
        return {name for item in expression.items for name in _named(item)}
    return {expression.fullname} if isinstance(expression, nodes.RefExpr) else set()


def _passed_on(statement: nodes.TryStmt, catchers: set[str]) -> bool:
    """Return whether an error leaves a try: no handler takes it, or the handler raises it again or uses more than its text."""
    handlers = zip(statement.types, statement.vars, statement.handlers, strict=True)
    first = next(((name, body) for kind, name, body in handlers if _named(kind) & catchers), None)
    return first is None or _uses(first[1], first[0].name if first[0] else "")


def _uses(node: nodes.Node, error: str) -> bool:
    match node:
        case nodes.RaiseStmt(expr=None):
            return True
        case nodes.NameExpr(name=name):
            return name == error
        case nodes.RaiseStmt(expr=raised, from_expr=nodes.NameExpr()) if raised is not None:
            return _uses(raised, error)
        case nodes.MemberExpr(name="message" | "place", expr=nodes.NameExpr()):
            return False
        case nodes.CallExpr(callee=nodes.NameExpr(name="str"), args=[nodes.NameExpr()]):
            return False
    return any(_uses(each, error) for each in _children(node))


def _parts(target: nodes.Lvalue) -> list[nodes.Expression]:
    return target.items if isinstance(target, nodes.TupleExpr) else [target]


class _Reader:
    """Fills the index of a program from the tree of one module.

    mypy's own visitors are compiled, and cannot be extended here.
    """

    def __init__(self, program: Program) -> None:
        self._program, self._passing = program, {*CATCHERS}
        self._unit: Unit | None = None
        self._function: nodes.FuncDef | None = None

    def visit(self, o: nodes.Node) -> None:
        """Read a node and all that is below it."""
        getattr(self, f"_{type(o).__name__}", self._descend)(o)

    def _descend(self, o: nodes.Node) -> None:
        for each in _children(o):
            self.visit(each)

    def _within(self, unit: Unit, o: nodes.Node) -> None:
        """Read a node as a part of a unit, or of the function that it is in."""
        before = self._unit
        if not isinstance(before, nodes.FuncDef):
            self._unit = unit
            self._program.units[unit.fullname] = unit
        self.visit(o)
        self._unit = before

    # -- units --------------------------------------------------------------------------

    def _FuncDef(self, o: nodes.FuncDef) -> None:  # noqa: N802 - the name of the node
        before, passing, function = self._unit, self._passing, self._function
        if not isinstance(before, nodes.FuncDef):
            self._unit = o
            self._program.units[o.fullname] = o
        self._passing, self._function = {*CATCHERS}, o
        for argument in o.arguments:
            self._program.parameters[argument.variable] = o
            if argument.initializer is not None:
                self._program.assigned[argument.variable].append(argument.initializer)
        self._descend(o)
        self._unit, self._passing, self._function = before, passing, function

    def _ReturnStmt(self, o: nodes.ReturnStmt) -> None:  # noqa: N802
        if self._function is not None and o.expr is not None:
            self._program.returned[self._function].append(o.expr)
        self._descend(o)

    def _Decorator(self, o: nodes.Decorator) -> None:  # noqa: N802
        is_inner = isinstance(self._unit, nodes.FuncDef)
        self.visit(o.func)
        for each in o.decorators:
            if is_inner or not isinstance(each, nodes.CallExpr):  # a call declares an operation
                self._within(o.func, each)

    def _ClassDef(self, o: nodes.ClassDef) -> None:  # noqa: N802
        for each in o.decorators:
            self._within(o.info, each)
        self.visit(o.defs)

    def _AssignmentStmt(self, o: nodes.AssignmentStmt) -> None:  # noqa: N802
        before, parts = self._unit, [part for target in o.lvalues for part in _parts(target)]
        for target in o.lvalues:
            self._assign(target, o.rvalue)
        if before is not None and any(isinstance(each, nodes.MemberExpr) and each.name == "code" for each in parts):
            self._program.changed.append((o, before))
        for each in parts:
            if before is None and isinstance(each, nodes.RefExpr) and isinstance(each.node, nodes.Var):
                self._unit = self._unit or each.node
                self._program.units[each.node.fullname] = each.node
                self._refer_to(each.node, [self._unit])
        self._descend(o)
        self._unit = before

    def _assign(self, target: nodes.Lvalue, value: nodes.Expression) -> None:
        if isinstance(target, nodes.TupleExpr | nodes.ListExpr):
            same = isinstance(value, nodes.TupleExpr) and len(value.items) == len(target.items)
            for at, item in enumerate(target.items):
                self._assign(item, value.items[at] if same else value)  # type: ignore[attr-defined]  # same: it is a tuple
        elif isinstance(target, nodes.NameExpr) and isinstance(target.node, nodes.Var):
            self._program.assigned[target.node].append(value)
        elif isinstance(target, nodes.MemberExpr):
            for node in self._program.targets(target):
                if isinstance(node, nodes.Var):
                    self._program.assigned[node].append(value)

    # -- references ---------------------------------------------------------------------

    def _refer(self, node: nodes.SymbolNode | None) -> None:
        if self._unit is None or node is None:
            return
        found: list[Unit] = list(functions(node))
        if isinstance(node, nodes.TypeInfo):
            found.append(node)
        elif isinstance(node, nodes.Var) and node not in self._program.parameters:
            found.extend([node] if not node.info or node.info.name not in DISPATCH else [])
        if not any(each.fullname in RUNS_ANY for each in found):
            self._refer_to(self._unit, found)

    def _refer_to(self, unit: Unit, found: list[Unit]) -> None:
        for error in self._passing:
            self._program.references[error][unit].update(dict.fromkeys(found))

    def _use(self, expression: nodes.Expression, *names: str) -> None:
        for info in self._program.infos(expression):
            for name in names:
                for node in self._program.members(info, name):
                    self._refer(node)

    def _StrExpr(self, o: nodes.StrExpr) -> None:  # noqa: N802
        if self._unit is not None:
            self._program.home[o] = self._unit

    def _NameExpr(self, o: nodes.NameExpr) -> None:  # noqa: N802
        self._refer(o.node)

    def _MemberExpr(self, o: nodes.MemberExpr) -> None:  # noqa: N802
        if self._unit is not None:
            self._program.home[o] = self._unit
        self._descend(o)
        targets = self._program.targets(o)
        for node in targets:
            self._refer(node)
        if not targets:
            self._use(o.expr, "__getattr__")

    def _SuperExpr(self, o: nodes.SuperExpr) -> None:  # noqa: N802
        for node in self._program.targets(o):
            self._refer(node)

    def _CallExpr(self, o: nodes.CallExpr) -> None:  # noqa: N802
        for node in self._program.targets(o.callee):
            for each in dict.fromkeys((node, *functions(node))):
                self._program.calls[each].append((o, self._unit))
            if isinstance(node, nodes.Var):
                self._use(o.callee, "__call__")
        self._descend(o)

    def _IndexExpr(self, o: nodes.IndexExpr) -> None:  # noqa: N802
        self._use(o.base, "__getitem__", "__setitem__", "__delitem__")
        self._descend(o)

    def _ComparisonExpr(self, o: nodes.ComparisonExpr) -> None:  # noqa: N802
        for operator, right in zip(o.operators, o.operands[1:], strict=True):
            if operator in ("in", "not in"):
                self._use(right, "__contains__")
        self._descend(o)

    def _ForStmt(self, o: nodes.ForStmt) -> None:  # noqa: N802
        self._use(o.expr, "__iter__", "__next__", "__aiter__", "__anext__")
        self._assign(o.index, o.expr)
        self._descend(o)

    def _GeneratorExpr(self, o: nodes.GeneratorExpr) -> None:  # noqa: N802
        for index, sequence in zip(o.indices, o.sequences, strict=True):
            self._assign(index, sequence)
            self._use(sequence, "__iter__", "__next__")
        self._descend(o)

    def _AssignmentExpr(self, o: nodes.AssignmentExpr) -> None:  # noqa: N802
        self._assign(o.target, o.value)
        self._descend(o)

    def _WithStmt(self, o: nodes.WithStmt) -> None:  # noqa: N802
        passing = self._passing
        for expression in o.expr:
            self.visit(expression)
            self._use(expression, "__enter__", "__exit__", "__aenter__", "__aexit__")
            if isinstance(expression, nodes.CallExpr) and _named(expression.callee) == {"contextlib.suppress"}:
                kept = {name for each in expression.args for name in _named(each)}
                self._passing = {each for each in self._passing if not kept & CATCHERS[each]}
        for target in o.target:
            if target is not None:
                self.visit(target)
        self.visit(o.body)
        self._passing = passing

    def _TryStmt(self, o: nodes.TryStmt) -> None:  # noqa: N802
        passing = self._passing
        self._passing = {each for each in passing if _passed_on(o, CATCHERS[each])}
        self.visit(o.body)
        self._passing = passing
        for block in (*o.handlers, o.else_body, o.finally_body):
            if block is not None:
                self.visit(block)
