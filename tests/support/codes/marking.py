"""Finds the texts that become codes of problems, each with the function that it is written in.

The search starts where a problem is made, and goes back from its code: to what a variable is assigned, to what callers give
a parameter, to what a class is made with, to what a function returns. Where a code is made of parts, the search takes the
frame with it. The kind is found in the same call, the same row of a table, or at the problem.
"""

from __future__ import annotations

import pydoc
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from mypy import nodes

from engineering_api.web.statuses import STATUS
from openness_bridge.errors import Kind
from simatic_xml.limits import LIMITS
from tests.support.codes.program import Program, Unit, functions

PROBLEM, DETAIL, KIND = (f"openness_bridge.errors.{name}" for name in ("Problem", "Detail", "Kind"))
HTTP_PROBLEM = "engineering_api.web.statuses.HttpProblem"
LIMIT_ERROR = "simatic_xml.limits.LimitError"
CODE = re.compile(r"internal|[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)+")
PART = re.compile(r"[A-Za-z0-9_.-]{0,40}")
Status = int
Kinds = nodes.Expression | None
"""What gives the kind: an expression, or nothing for the usual one."""


@dataclass(frozen=True)
class Frame:
    """What is around a text that becomes a code, and what is replaced in it."""

    before: str = ""
    after: str = ""
    replaced: tuple[str, str] = ("", "")
    is_limit: bool = False

    def code(self, text: str) -> str:
        """Return the code that a text becomes."""
        if self.is_limit:
            return LIMITS[text].code if text in LIMITS else ""
        old, new = self.replaced
        return f"{self.before}{text.replace(old, new) if old else text}{self.after}"

    def within(self, inner: Frame) -> Frame:
        """Return the frame of a text in a frame inside this one."""
        return replace(inner, before=self.before + inner.before, after=inner.after + self.after)


@dataclass(frozen=True)
class Wanted:
    """An expression that becomes a code.

    Attributes:
        is_detail: Whether it becomes the code of a single cause.
    """

    expression: nodes.Expression
    frame: Frame
    kinds: Kinds
    is_detail: bool = False


@dataclass(frozen=True)
class Change:
    """A place that makes a problem of another problem or of a cause, with its code and a kind that is written there."""

    unit: Unit
    is_detail: bool
    kinds: Kinds


class Marks:
    """The codes that are written in each unit.

    Attributes:
        codes: The codes of problems, with their statuses.
        causes: The codes of single causes.
        carrying: The codes of problems that have the kind of another problem.
        listing: The units that make causes of problems.
        changes: What gives another kind to problems, or makes problems of causes.
    """

    def __init__(self, program: Program) -> None:
        """Search a program."""
        self._program = program
        self.codes: dict[Unit, dict[tuple[str, Status], None]] = defaultdict(dict)
        self.causes: dict[Unit, dict[str, None]] = defaultdict(dict)
        self.carrying: dict[Unit, dict[str, None]] = defaultdict(dict)
        self.listing: dict[Unit, None] = {}
        self.changes: dict[Change, None] = {}
        self._found: dict[nodes.Expression, set[Status | str]] = {}
        waiting, seen = list(self._made()), set[Wanted]()
        while waiting:
            wanted = waiting.pop()
            if wanted not in seen:
                seen.add(wanted)
                waiting.extend(self._before(wanted))

    # -- where problems are made ----------------------------------------------------------

    def _made(self) -> Iterator[Wanted]:
        for node, calls in self._program.calls.items():
            name = node.fullname
            for call, unit in calls:
                if unit is None or _passes_on(unit):
                    continue
                given = self._program.arguments(call)
                if name == f"{PROBLEM}.__init__" and "code" in given:
                    yield Wanted(given["code"], Frame(), given.get("kind"))
                elif name == HTTP_PROBLEM and "code" in given:
                    yield Wanted(given["code"], Frame(), given["status"])
                elif name == DETAIL and "code" in given:
                    yield Wanted(given["code"], Frame(), None, is_detail=True)
                elif name == LIMIT_ERROR and isinstance(row := given.get("row"), nodes.IndexExpr):
                    yield Wanted(row.index, Frame(is_limit=True), None)
        for statement, _ in self._program.changed:
            yield from self._assigned(statement)

    def _assigned(self, statement: nodes.AssignmentStmt) -> Iterator[Wanted]:
        """Yield the code of `problem.code = ...` and of `problem.code, problem.kind = ..., ...`."""
        target, value = statement.lvalues[0], statement.rvalue
        pairs = [(target, value)]
        if isinstance(target, nodes.TupleExpr) and isinstance(value, nodes.TupleExpr):
            pairs = list(zip(target.items, value.items, strict=True))
        given = {t.name: v for t, v in pairs if isinstance(t, nodes.MemberExpr) and self._is(t.expr, PROBLEM)}
        in_init = isinstance(target, nodes.MemberExpr | nodes.TupleExpr) and _is_self(target)
        if "code" in given and not in_init:
            yield Wanted(given["code"], Frame(), given.get("kind"))

    def _is(self, expression: nodes.Expression, name: str) -> bool:
        return any(name in {base.fullname for base in info.mro} for info in self._program.infos(expression))

    # -- back to the text -----------------------------------------------------------------

    def _before(self, wanted: Wanted) -> Iterator[Wanted]:  # noqa: C901 - a case for each form of expression
        """Note a text, or yield what an expression comes from."""
        match wanted.expression:
            case nodes.StrExpr(value=text):
                self._note(wanted, wanted.frame.code(text))
            case nodes.NameExpr(node=nodes.Var() as variable) if variable in self._program.parameters:
                yield from self._of_callers(wanted, variable)
            case nodes.NameExpr(node=nodes.Var() as variable):
                yield from _each(wanted, self._program.assigned.get(variable, ()))
            case nodes.MemberExpr() as member:
                yield from self._of_member(wanted, member)
            case nodes.IndexExpr(base=base):
                yield from _each(wanted, [base])
            case (
                nodes.ConditionalExpr(if_expr=one, else_expr=other)
                | nodes.OpExpr(op="or" | "and", left=one, right=other)
            ):
                yield from _each(wanted, [one, other])
            case nodes.OpExpr(op="+", left=left, right=right):
                yield from self._joined(wanted, [left, right])
            case nodes.TupleExpr(items=items) | nodes.ListExpr(items=items) | nodes.SetExpr(items=items):
                kind = next((each for each in items if self._is_kind(each)), wanted.kinds)
                yield from _each(replace(wanted, kinds=kind), items)
            case nodes.DictExpr(items=items):
                yield from _each(wanted, [value for _, value in items])
            case nodes.CallExpr() as call:
                yield from self._of_call(wanted, call)
            case nodes.AwaitExpr(expr=inner) | nodes.StarExpr(expr=inner) | nodes.AssignmentExpr(value=inner):
                yield from _each(wanted, [inner])
            case nodes.GeneratorExpr(left_expr=inner):
                yield from _each(wanted, [inner])
            case nodes.ListComprehension(generator=inner) | nodes.SetComprehension(generator=inner):
                yield from _each(wanted, [inner])

    def _note(self, wanted: Wanted, code: str) -> None:
        unit = self._program.home.get(wanted.expression)
        if unit is None or not CODE.fullmatch(code):
            return
        if wanted.is_detail:
            self.causes[unit][code] = None
            return
        if (
            isinstance(kinds := wanted.kinds, nodes.MemberExpr)
            and kinds.name == "kind"
            and self._is(kinds.expr, PROBLEM)
        ):
            self.carrying[self._program.home[kinds]][code] = None
            return
        for status in self.statuses(kinds, code):
            self.codes[unit][code, status] = None

    def _of_callers(self, wanted: Wanted, parameter: nodes.Var) -> Iterator[Wanted]:
        function = self._program.parameters[parameter]
        kind = wanted.kinds.node if isinstance(wanted.kinds, nodes.NameExpr) else None
        kind = kind if isinstance(kind, nodes.Var) and self._program.parameters.get(kind) is function else None
        for call, unit in self._program.calls.get(function, ()):
            given = self._program.argument(call, parameter)
            kinds = wanted.kinds if kind is None else self._program.argument(call, kind)
            if given is not None and not (unit is not None and _passes_on(unit)):
                yield replace(wanted, expression=given, kinds=kinds)

    def _of_member(self, wanted: Wanted, member: nodes.MemberExpr) -> Iterator[Wanted]:
        unit = self._program.home.get(member)
        for name in (PROBLEM, DETAIL):
            if member.name == "code" and self._is(member.expr, name):
                if wanted.is_detail and name == PROBLEM and unit is not None:
                    self.listing[unit] = None
                carried = isinstance(wanted.kinds, nodes.MemberExpr) and not self._is_kind(wanted.kinds)
                if unit is not None and not wanted.is_detail and not carried:
                    self.changes[Change(unit, name == DETAIL, wanted.kinds)] = None
                return
        for field in self._program.targets(member):
            if isinstance(field, nodes.Var):
                yield from _each(wanted, self._program.assigned.get(field, ()))
                yield from self._of_makers(wanted, field)
            elif isinstance(field, nodes.Decorator):
                yield from _each(wanted, self._program.returned.get(field.func, ()))

    def _of_makers(self, wanted: Wanted, field: nodes.Var) -> Iterator[Wanted]:
        """Yield what the instances of a class are made with."""
        classes = [field.info, *self._program.below(field.info)] if field.info else []
        for call, unit in (made for each in classes for made in self._program.calls.get(each, ())):
            given = self._program.arguments(call)
            if field.name in given and unit is not None:
                kinds = wanted.kinds
                if isinstance(kinds, nodes.MemberExpr) and not self._is_kind(kinds):
                    kinds = given.get(kinds.name, kinds)
                yield replace(wanted, expression=given[field.name], kinds=kinds)

    def _of_call(self, wanted: Wanted, call: nodes.CallExpr) -> Iterator[Wanted]:
        callee = call.callee
        if isinstance(callee, nodes.MemberExpr):
            if isinstance(callee.expr, nodes.StrExpr) and callee.name in ("join", "format"):
                parts = call.args[0].items if isinstance(call.args[0], nodes.ListExpr) else call.args[:1]
                if callee.name == "join" or callee.expr.value.startswith("{"):
                    yield from self._joined(wanted, parts)
                return
            if callee.name == "replace" and all(isinstance(each, nodes.StrExpr) for each in call.args):
                old, new = (each.value for each in call.args if isinstance(each, nodes.StrExpr))
                frame = replace(wanted.frame, replaced=(old, new))
                yield replace(wanted, expression=callee.expr, frame=frame)
                return
        targets = self._program.targets(callee)
        called = [each for node in targets if not isinstance(node, nodes.TypeInfo) for each in functions(node)]
        own = [each for each in called if each in self._program.returned]
        for each in own:
            yield from _each(wanted, self._program.returned[each])
        if isinstance(callee, nodes.MemberExpr) and callee.name == "get" and not own:  # of a table
            yield from _each(wanted, [callee.expr, *call.args[1:]])
        elif not called:  # a row of a table
            kind = next((each for each in call.args if self._is_kind(each)), wanted.kinds)
            yield from _each(replace(wanted, kinds=kind), call.args)

    def _joined(self, wanted: Wanted, parts: list[nodes.Expression]) -> Iterator[Wanted]:
        """Yield the one part of a text that is not written there, in the frame of the others."""
        texts = [each.value if isinstance(each, nodes.StrExpr) else None for each in parts]
        holes = [at for at, text in enumerate(texts) if text is None]
        if len(holes) == 1:
            at = holes[0]
            before, after = ("".join(text or "" for text in some) for some in (texts[:at], texts[at + 1 :]))
            frame = wanted.frame.within(Frame(before, after))
            if PART.fullmatch(frame.before + frame.after):  # a sentence is no code
                yield replace(wanted, expression=parts[at], frame=frame)

    # -- kinds ----------------------------------------------------------------------------

    def _is_kind(self, expression: nodes.Expression) -> bool:
        targets = self._program.targets(expression) if isinstance(expression, nodes.MemberExpr) else ()
        return any(isinstance(each, nodes.Var) and each.info and each.info.fullname == KIND for each in targets)

    def statuses(self, kinds: Kinds, code: str) -> list[Status]:
        """Return the statuses of a code with the kind that an expression gives."""
        if kinds is None:
            return [STATUS[Kind.REFUSED]]
        if kinds not in self._found:
            self._found[kinds] = self._kinds(kinds)
        found = self._found[kinds]
        return sorted({each if isinstance(each, int) else STATUS[pydoc.locate(each)(code)] for each in found})  # type: ignore[operator]  # it is a function of a code

    def _kinds(self, kinds: nodes.Expression) -> set[Status | str]:
        """Return the statuses of an expression, and the names of functions that say the kind of a code."""
        found, seen = set[Status | str](), {kinds}
        waiting = [kinds]
        while waiting:
            match waiting.pop():
                case nodes.IntExpr(value=status):
                    found.add(status)
                case nodes.MemberExpr(name=name) as e if self._is_kind(e):
                    found.add(STATUS[Kind[name]])
                case nodes.CallExpr(callee=nodes.RefExpr(node=nodes.FuncDef() as function)) if _is_of_code(function):
                    found.add(function.fullname)
                case other:
                    new = [each for each in self._kinds_before(other) if each not in seen]
                    seen.update(new)
                    waiting.extend(new)
        return found

    def _kinds_before(self, e: nodes.Expression) -> Iterable[nodes.Expression]:  # noqa: C901 - a case for each form of expression
        match e:
            case nodes.MemberExpr(expr=problem) if self._is(problem, PROBLEM):
                return []  # it has this kind already
            case nodes.MemberExpr(name=name):
                fields = [each for each in self._program.targets(e) if isinstance(each, nodes.Var) and each.info]
                calls = [call for field in fields for call, _ in self._program.calls.get(field.info, ())]
                given = [self._program.arguments(call).get(name) for call in calls]
                return [each for each in given if each is not None]
            case nodes.NameExpr(node=nodes.Var() as variable) if variable in self._program.parameters:
                made = self._program.calls.get(self._program.parameters[variable], ())
                given = [self._program.argument(call, variable) for call, _ in made]
                return [each for each in given if each is not None]
            case nodes.NameExpr(node=nodes.Var() as variable):
                return self._program.assigned.get(variable, ())
            case nodes.IndexExpr(base=base):
                return [base]
            case nodes.ConditionalExpr(if_expr=one, else_expr=other) | nodes.OpExpr(left=one, right=other):
                return [one, other]
            case nodes.TupleExpr(items=items):
                return [each for each in items if not isinstance(each, nodes.IntExpr)]
            case nodes.DictExpr(items=items):
                return [value for _, value in items]
            case nodes.CallExpr(callee=nodes.RefExpr(node=nodes.FuncDef() as function)) if (
                function in self._program.returned
            ):
                return self._program.returned[function]
            case nodes.CallExpr(callee=nodes.MemberExpr(name="get", expr=table), args=args):
                return [table, *args[1:]]
            case nodes.CallExpr(args=args):
                return [each for each in args if self._is_kind(each)]
        return []


_OWN = {HTTP_PROBLEM, LIMIT_ERROR, PROBLEM}
"""Classes whose methods pass on the codes that they are given."""


def _passes_on(unit: Unit) -> bool:
    return isinstance(unit, nodes.FuncDef) and bool(unit.info) and unit.info.fullname in _OWN


def _each(wanted: Wanted, expressions: Iterable[nodes.Expression]) -> Iterator[Wanted]:
    for each in expressions:
        yield replace(wanted, expression=each)


def _is_of_code(function: nodes.FuncDef) -> bool:
    """Return whether a function gives the kind of a code."""
    return [each.variable.name for each in function.arguments] == ["code"]


def _is_self(target: nodes.Expression) -> bool:
    if isinstance(target, nodes.TupleExpr):
        return any(map(_is_self, target.items))
    return (
        isinstance(target, nodes.MemberExpr) and isinstance(target.expr, nodes.NameExpr) and target.expr.name == "self"
    )
