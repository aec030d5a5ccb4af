"""Holds the service's code as mypy sees it: which function refers to which, who calls it with what, what a name is assigned.

A unit is a function with all that is nested in it, a variable of a module or class with its value, or a class with its
decorators. A reference counts as a call: a function that is passed on, put into a table or returned may be called. What is
called through a type leads to the methods of all its subclasses, and to those of all classes that fulfil a protocol.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import takewhile

from mypy import build, nodes, subtypes, types
from mypy.state import state
from mypy.typevars import fill_typevars_with_any

PACKAGES = ("simatic_xml", "openness_bridge", "runtime_data", "engineering_api")
_XML = {"simatic_xml.errors.SimaticMLError", "builtins.ValueError", "builtins.Exception", "builtins.BaseException"}
CATCHERS = {
    "problem": {"openness_bridge.errors.Problem", "builtins.Exception", "builtins.BaseException"},
    "xml": _XML,
    "limit": _XML | {"simatic_xml.limits.LimitError"},
}
"""The errors that have codes, with the classes that handlers name to catch them."""
Unit = nodes.FuncDef | nodes.Var | nodes.TypeInfo
Call = tuple[nodes.CallExpr, Unit | None]


class Program:
    """The indexed code.

    Attributes:
        references: What each unit refers to, by the errors that its handlers let pass there, in the order of the code.
        calls: Where each function or class is called, with the unit of the place.
        assigned: What each variable is assigned.
        parameters: The function of each variable that is a parameter.
        returned: What each function returns.
        home: The unit of each text and of each use of an attribute.
        changed: The assignments to an attribute with the name code.
    """

    def __init__(self, result: build.BuildResult) -> None:
        """Find the classes of a build; `reading.read` fills the rest."""
        state.strict_optional = True
        self.types = result.types
        self.trees = [result.files[name] for name in sorted(result.files) if name.partition(".")[0] in PACKAGES]
        self.references: dict[str, dict[Unit, dict[Unit, None]]] = {error: defaultdict(dict) for error in CATCHERS}
        self.calls: dict[nodes.SymbolNode, list[Call]] = defaultdict(list)
        self.assigned: dict[nodes.Var, list[nodes.Expression]] = defaultdict(list)
        self.parameters: dict[nodes.Var, nodes.FuncDef] = {}
        self.returned: dict[nodes.FuncDef, list[nodes.Expression]] = defaultdict(list)
        self.home: dict[nodes.Expression, Unit] = {}
        self.changed: list[tuple[nodes.AssignmentStmt, Unit]] = []
        self.units: dict[str, Unit] = {}
        self._classes = list(dict.fromkeys(each for tree in self.trees for each in _classes(tree.names)))

    def infos(self, expression: nodes.Expression) -> Iterator[nodes.TypeInfo]:
        """Yield the classes that the value of an expression can have, or that it is."""
        found = self.types.get(expression) or self.types.get(getattr(expression, "analyzed", None))  # type: ignore[arg-type]  # None is not in it
        return _infos(found) if found is not None else iter(())

    def members(self, info: nodes.TypeInfo, name: str) -> list[nodes.SymbolNode]:
        """Return what a member of a class can be: its own or inherited one, and those of subclasses and implementers."""
        own = info.get(name)
        found = [own.node] if own is not None and own.node is not None else []
        holders = [each.names for each in self.below(info)]
        if info.is_protocol and len(info.protocol_members) > 1:  # a module can fulfil one, too
            wanted = info.protocol_members
            holders += [tree.names for tree in self.trees if all(member in tree.names for member in wanted)]
        return found + [node for names in holders if name in names and (node := names[name].node) is not None]

    @cache  # noqa: B019 - there is one program
    def below(self, info: nodes.TypeInfo) -> list[nodes.TypeInfo]:
        """Return the subclasses of a class; of a protocol the classes that fulfil it."""
        if info.fullname == "builtins.object" or not _is_own(info):
            return []
        if info.is_protocol:
            wanted = fill_typevars_with_any(info)
            return [each for each in self._classes if subtypes.is_subtype(fill_typevars_with_any(each), wanted)]
        return [each for each in self._classes if each is not info and info in each.mro]

    def targets(self, expression: nodes.Expression) -> list[nodes.SymbolNode]:
        """Return what a name, an attribute or super() refers to."""
        if isinstance(expression, nodes.SuperExpr):
            mro = expression.info.mro[1:] if expression.info else []
            return [n for each in mro if expression.name in each.names and (n := each.names[expression.name].node)][:1]
        if isinstance(expression, nodes.MemberExpr) and not isinstance(expression.node, nodes.FuncDef | nodes.TypeInfo):
            found = [n for info in self.infos(expression.expr) for n in self.members(info, expression.name)]
            if found:
                return found
        if isinstance(expression, nodes.RefExpr) and expression.node is not None:
            return [expression.node]
        return []

    def arguments(self, call: nodes.CallExpr) -> dict[str, nodes.Expression]:
        """Return the arguments of a call by the names of its parameters."""
        called = types.get_proper_type(self.types.get(call.callee))
        if isinstance(called, types.Overloaded):
            called = called.items[0]
        named = {name: value for name, value in zip(call.arg_names, call.args, strict=True) if name}
        if isinstance(called, types.CallableType):
            placed = zip(call.args, call.arg_kinds, strict=True)
            given = [value for value, _ in takewhile(lambda pair: pair[1] is nodes.ARG_POS, placed)]
            named |= {name: value for name, value in zip(called.arg_names, given, strict=False) if name}
        return named

    def argument(self, call: nodes.CallExpr, parameter: nodes.Var) -> nodes.Expression | None:
        """Return what a call gives a parameter, or its default; None where neither is known."""
        if parameter.is_self:
            return call.callee.expr if isinstance(call.callee, nodes.MemberExpr) else None
        given = self.arguments(call).get(parameter.name)
        return given if given is not None else next(iter(self.assigned.get(parameter, ())), None)


def functions(node: nodes.SymbolNode | None) -> Iterator[nodes.FuncDef]:
    """Yield the functions of a symbol: of a class those that make an instance, and those that a foreign base class calls."""
    if isinstance(node, nodes.FuncDef):
        yield node
    elif isinstance(node, nodes.Decorator):
        yield node.func
    elif isinstance(node, nodes.OverloadedFuncDef):
        for item in (*node.items, node.impl):
            yield from functions(item) if item is not None else ()
    elif isinstance(node, nodes.TypeInfo):
        for name in ("__init__", "__new__", "__post_init__"):
            found = node.get(name)
            yield from functions(found.node) if found is not None else ()
        own = [base for base in node.mro if _is_own(base)]
        foreign = {name for base in node.mro if not _is_own(base) for name in base.names if not name.startswith("__")}
        for base in own:
            for name in base.names.keys() & foreign:
                yield from functions(base.names[name].node)


def _is_own(info: nodes.TypeInfo) -> bool:
    return info.module_name.partition(".")[0] in PACKAGES


def _infos(found: types.Type) -> Iterator[nodes.TypeInfo]:
    proper = types.get_proper_type(found)
    if isinstance(proper, types.Instance):
        yield proper.type
    elif isinstance(proper, types.UnionType):
        for item in proper.items:
            yield from _infos(item)
    elif isinstance(proper, types.TypeVarType):
        yield from _infos(proper.upper_bound)
    elif isinstance(proper, types.TypeType):
        yield from _infos(proper.item)
    elif isinstance(proper, types.TupleType):
        yield proper.partial_fallback.type
    elif isinstance(proper, types.LiteralType):
        yield proper.fallback.type
    elif isinstance(proper, types.FunctionLike) and proper.is_type_obj():
        yield proper.type_object()


def _classes(names: nodes.SymbolTable) -> Iterator[nodes.TypeInfo]:
    for symbol in names.values():
        node = symbol.node
        if not isinstance(node, nodes.TypeInfo) or node.names is names:
            continue
        if node.module_name.partition(".")[0] in PACKAGES:
            yield node
            yield from _classes(node.names)
