"""Statements of SCL: the syntax tree becomes typed statements.

Facts: S7-1500 system manual, "Program control"; a condition is a Bool, the variable of FOR an integer, the labels of
CASE are constants of the selector's type.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal, cast

from simatic_xml.interruption import checkpoint
from simatic_xml.program import path_text, walking
from simatic_xml.program.call_binding import ActualParameter, Formal, argument
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import (
    Assign,
    BlockCall,
    Branch,
    Broken,
    Case,
    Constant,
    Convert,
    Eno,
    Evaluate,
    Expression,
    For,
    If,
    InstructionCall,
    Jump,
    Label,
    Local,
    Region,
    Repeat,
    Statement,
    While,
)
from simatic_xml.program.scl import case
from simatic_xml.program.scl.calls import call
from simatic_xml.program.scl.context import Places
from simatic_xml.program.scl.expressions import Typing, is_untyped
from simatic_xml.program.scope import Scope
from simatic_xml.program.targets import check_target
from simatic_xml.program.types.coercion import coerce
from simatic_xml.program.types.conversions import CLASSIC
from simatic_xml.program.types.types import (
    BOOL,
    INT,
    UNKNOWN,
    DataType,
    Elementary,
    Kind,
    Reference,
    Special,
    Unknown,
    type_name,
)
from simatic_xml.scl import nodes as tree

_COMBINED = {"+=": "+", "-=": "-", "*=": "*", "/=": "/"}
"""The operators of combined assignments (TIA Portal's help, "Creating SCL programs", heading "Value assignments")."""
_LOGICAL = {"&=": "AND", "|=": "OR"}
"""What a program that TIA Portal refuses means by an operator, for the message."""


class StatementTyping(Typing):
    """Types the statements of one tree in one block.

    Attributes:
        loops: the variables of the FOR loops around the current statement; None for WHILE and REPEAT.
    """

    def __init__(self, scope: Scope, places: Places) -> None:
        """Start outside of any loop."""
        super().__init__(scope, places)
        self.loops: list[Expression | None] = []

    def body(self, statements: Sequence[tree.Statement]) -> list[Statement]:
        """Return statements in typed form; the ones with errors are reported and left out."""
        return [made for each in statements for made in self._statement(each)]

    def _statement(self, node: tree.Statement) -> list[Statement]:
        checkpoint()
        read = self._READERS.get(type(node))
        return [] if read is None else read(self, node)

    # Assignments and calls -------------------------------------------------------------------------------------------

    def _assignment(self, node: tree.Assignment) -> list[Statement]:
        """Return one assignment for each target, the last one first: each takes the value of the one after it."""
        place = self.place(node)
        targets = [self.operand_or_value(each) for each in node.targets]
        last = targets[-1].type
        value = self.expression(node.value, None if isinstance(last, Unknown) else last)
        made: list[Statement] = []
        for target, operator, written in reversed(list(zip(targets, node.operators, node.targets, strict=True))):
            self._check_written(target, written)
            value = self._build_value(operator, target, value, place)
            made.append(self._assign(target, value, self.place(node.value), place))
            value = target
        return made

    def _assign(self, target: Expression, value: Expression, at: Place, place: Place) -> Statement:
        """Return an assignment; GET_ERR_ID writes its target itself, and only if there is an error (help, SCL)."""
        if isinstance(value, InstructionCall) and value.name == "GET_ERR_ID":
            given = argument(
                self.scope, Formal("ID", "Output", value.type, required=False), ActualParameter("ID", "=>", target, at)
            )
            return Evaluate(replace(value, arguments=(given,)), place)
        if why := _refuse_pointer(target):
            self.scope.error("type.operands", why, place)
        return Assign(target, coerce(self.scope, value, target.type, at), place)

    def _build_value(self, operator: str, target: Expression, value: Expression, place: Place) -> Expression:
        """Return the assigned value, or for `+=` the result of the operator on the target and the value."""
        if operator == "?=":
            return self._attempt(value, target)
        if operator in _LOGICAL:
            message = f"'{operator}' is not an assignment of SCL; write #x := #x {_LOGICAL[operator]} ..."
            self.scope.error("statement.operator", message, place)
            return Broken(UNKNOWN, place)
        combined = _COMBINED.get(operator)
        return value if combined is None else self.binary(combined, target, value, place)

    def _attempt(self, value: Expression, target: Expression) -> Expression:
        """Return the value of `?=`, which is assigned at run time if it has the type of the target."""
        if not isinstance(target.type, Reference | Special | Unknown):
            message = f"'?=' needs a reference on its left, not a variable of type {type_name(target.type)}; use ':='."
            self.scope.error("type.not_reference", message, target.place)
        return Convert(value, target.type, value.place, implicit=False, function="?=", lossy=True)

    def _check_written(self, target: Expression, node: tree.Expression) -> None:
        place = self.place(node)
        check_target(self.scope, target, place)
        self._check_counter(target, place, self.loops)

    def _check_calls(self, body: list[Statement], counter: Expression) -> None:
        """Report the calls in a loop that give the variable of the loop to an output or in/out."""
        inner = (part for each in walking.statements(body) for part in walking.operands(each))
        calls = (each for part in inner for each in walking.expressions(part))
        for call_ in calls:
            if isinstance(call_, BlockCall | InstructionCall):
                for each in call_.arguments:
                    if each.direction != "Input":
                        self._check_counter(each.value, call_.place, [counter])

    def _check_counter(self, target: Expression, place: Place, loops: Sequence[Expression | None]) -> None:
        """Report a write to the variable of a FOR loop within it; classic SCL compiles it."""
        written = path_text.text(target)
        if not written or written not in [path_text.text(loop) for loop in loops if loop is not None]:
            return
        message = (
            f"'{written}' counts the FOR loop around it and cannot be written there; use EXIT, or another variable."
        )
        report = self.scope.warning if self._is_classic else self.scope.error
        report("loop.variable_written", message, place)

    @property
    def _is_classic(self) -> bool:
        return self.scope.symbols.cpu.family in CLASSIC

    def _call(self, node: tree.CallStatement) -> list[Statement]:
        place = self.place(node)
        if not isinstance(node.call, tree.Call):
            return []
        made = call(self, node.call)
        if not isinstance(made, BlockCall | InstructionCall | Broken):
            message = "The value of this conversion is not used; assign it, or remove the statement."
            self.scope.warning("statement.no_effect", message, place)
            return []
        return self._apply_enable(node.call, [Evaluate(made, place)], made)

    def _apply_enable(self, node: tree.Call, made: list[Statement], call: Expression) -> list[Statement]:
        """Return a call under the condition of its EN, which also is its ENO when the call is left out."""
        enable = next((each.value for each in node.arguments if each.name.upper() == "EN"), None)
        if enable is None:
            return made
        place = self.place(enable)
        if isinstance(call, BlockCall) and call.instance is None:
            message = "The call of a function has no EN in SCL; write the call into an IF statement."
            self.scope.error("call.enable", message, place)
        eno = None if isinstance(call, Broken) else cast("BlockCall | InstructionCall", call).eno
        otherwise: list[Statement] | None = None if eno is None else [Assign(eno, Constant(False, BOOL, place), place)]
        return [If([Branch(self.condition(enable), made)], otherwise, place)]

    # Control ---------------------------------------------------------------------------------------------------------

    def _if(self, node: tree.If) -> list[Statement]:
        branches = [Branch(self.condition(each.condition), self.body(each.body)) for each in node.branches]
        return [If(branches, self._otherwise(node), self.place(node))]

    def _case(self, node: tree.Case) -> list[Statement]:
        selector = case.selector(self, node.selector)
        choices = case.choices(self, node, selector, self.body)
        return [Case(selector, choices, self._otherwise(node), self.place(node))]

    def _otherwise(self, node: tree.If | tree.Case) -> list[Statement] | None:
        return None if node.otherwise is None else self.body(node.otherwise)

    def _for(self, node: tree.For) -> list[Statement]:
        variable = self.operand_or_value(node.variable)
        data_type = self._counting(variable, node)
        start, limit = (self._bound(each, data_type) for each in (node.start, node.limit))
        step = self._step(node, data_type)
        body = self._check_loop(node.body, variable)
        self._check_calls(body, variable)
        return [For(variable, start, limit, step, body, self.place(node))]

    def _bound(self, node: tree.Expression, data_type: DataType) -> Expression:
        """Return the start, end or step of a FOR loop; all its integers have a sign, or none has."""
        found, place = self.expression(node, data_type), self.place(node)
        if not self._is_classic and _differ_in_sign(found, data_type):
            names = f"{type_name(found.type)} and {type_name(data_type)}"
            message = f"A FOR loop cannot combine integers with and without a sign ({names}); convert one of them."
            self.scope.error("type.loop_sign", message, place)
            return Broken(UNKNOWN, place)
        return coerce(self.scope, found, data_type, place)

    def _counting(self, variable: Expression, node: tree.For) -> DataType:
        """Return the type of a FOR loop, that of its variable, or report that it cannot count."""
        data_type = variable.type
        self._check_written(variable, node.variable)
        if isinstance(data_type, Unknown):
            return UNKNOWN
        if isinstance(data_type, Elementary) and data_type.kind is Kind.INTEGER:
            return data_type
        message = f"The variable of FOR is an integer, not a value of type {type_name(data_type)}."
        self.scope.error("type.loop_variable", message, variable.place)
        return UNKNOWN

    def _step(self, node: tree.For, data_type: DataType) -> Expression:
        if node.step is None:
            return Constant(1, INT if isinstance(data_type, Unknown) else data_type, self.place(node))
        step = self._bound(node.step, data_type)
        if isinstance(step, Constant) and step.value == 0:
            message = "A step of 0 never reaches the end; write another step."
            self.scope.error("loop.step_zero", message, step.place)
        return step

    def _check_loop(self, body: list[tree.Statement], variable: Expression | None) -> list[Statement]:
        self.loops.append(variable)
        made = self.body(body)
        self.loops.pop()
        return made

    def _while(self, node: tree.While) -> list[Statement]:
        return [While(self.condition(node.condition), self._check_loop(node.body, None), self.place(node))]

    def _repeat(self, node: tree.Repeat) -> list[Statement]:
        body = self._check_loop(node.body, None)
        return [Repeat(body, self.condition(node.condition), self.place(node))]

    def _jump(self, node: tree.Jump) -> list[Statement]:
        place = self.place(node)
        if node.keyword in ("EXIT", "CONTINUE") and not self.loops:
            message = f"{node.keyword} is possible only inside a FOR, WHILE or REPEAT loop; move or remove it."
            self.scope.error("jump.outside_loop", message, place)
        keyword = cast("Literal['EXIT', 'CONTINUE', 'RETURN', 'GOTO']", node.keyword)
        jump = Jump(keyword, place, node.label.strip('"'))
        if node.value is None:
            return [jump]
        return [Assign(Eno(place), self.condition(node.value), place), jump]

    def _label(self, node: tree.Label) -> list[Statement]:
        return [Label(node.name, self.place(node))]

    def _region(self, node: tree.Region) -> list[Statement]:
        return [Region(node.name, self.body(node.body), self.place(node))]

    _READERS: ClassVar[dict[type, Callable[[StatementTyping, Any], list[Statement]]]] = {
        tree.Assignment: _assignment,
        tree.CallStatement: _call,
        tree.If: _if,
        tree.Case: _case,
        tree.For: _for,
        tree.While: _while,
        tree.Repeat: _repeat,
        tree.Jump: _jump,
        tree.Label: _label,
        tree.Region: _region,
    }


def _refuse_pointer(target: Expression) -> str:
    """Return why a Pointer or an Any is not assigned, empty where it can be.

    TIA Portal's help, "Creating SCL programs", heading "Value assignments".
    """
    if not isinstance(target.type, Special):
        return ""
    if target.type.name == "Pointer":
        return "A Pointer cannot be assigned; pass it to a parameter."
    if target.type.name == "Any" and isinstance(target, Local) and target.variable.section not in ("Temp", "Input"):
        return "An Any can be assigned only to a temporary variable; pass it to a parameter."
    return ""


def _differ_in_sign(value: Expression, data_type: DataType) -> bool:
    """Return whether one of two integers has a sign and the other one not; a literal takes either type."""
    if not isinstance(value.type, Elementary) or not isinstance(data_type, Elementary) or is_untyped(value):
        return False
    return value.type.kind is data_type.kind is Kind.INTEGER and value.type.signed != data_type.signed
