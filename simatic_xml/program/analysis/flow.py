"""Check a block along its statements: values read before they are written, code never reached.

The analysis follows the structure of the statements. A block that jumps (GOTO, jumps of LAD) is followed as if every
label could be reached from anywhere, so it may miss a finding there but never invents one. STL keeps its values in the
accumulators, so only the variables that it mentions count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from simatic_xml.interruption import checkpoint
from simatic_xml.program import nodes as n
from simatic_xml.program import typed_blocks
from simatic_xml.program.diagnostics import Diagnostic, Place, Severity
from simatic_xml.program.types.types import Elementary, Text, Variable
from simatic_xml.program.walking import block_statements, parts, statements

Written = frozenset[str]
"""Casefolded names of the variables that have a value for certain."""


def findings(block: typed_blocks.Block) -> list[Diagnostic]:
    """Return the warnings about one block, in the order of the program."""
    follower = _Follower(block)
    if block.graph is None:
        follower.block()
    return [*follower.found, *_find_unused(block)]


@dataclass(slots=True)
class _Loop:
    """The states in which EXIT leaves a loop, or CONTINUE continues it."""

    exits: list[Written | None] = field(default_factory=list)
    continues: list[Written | None] = field(default_factory=list)


@dataclass(slots=True)
class _Follower:
    block_: typed_blocks.Block
    found: list[Diagnostic] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    followed: frozenset[str] = frozenset()
    jumps: bool = False
    loops: list[_Loop] = field(default_factory=list)

    def block(self) -> None:
        """Follow all networks; at the end every output of a function needs a value."""
        block = self.block_
        self.followed = frozenset(_find_followed(block))
        self.jumps = any(isinstance(each, n.Label | n.StlOperation) for each in block_statements(block))
        state: Written | None = frozenset()
        for network in block.networks:
            state = self.body(network.body, state)
        if state is not None and not self.jumps:
            self.outputs(state, Place(block.name))

    def body(self, body: list[n.Statement], state: Written | None) -> Written | None:
        """Follow statements; the state is None for code that is never reached."""
        reported = False
        for statement in body:
            checkpoint()
            if isinstance(statement, n.Label) and state is None:
                state = frozenset()
            if state is not None:
                state = self.statement(statement, state)
            elif not reported:
                reported = True
                self.warn("flow.unreachable", "This statement is never reached; remove it.", statement.place)
        return state

    def statement(self, statement: n.Statement, state: Written) -> Written | None:
        """Follow one statement."""
        match statement:
            case n.Assign():
                return self.write(statement.target, self.read(statement.value, state))
            case n.Evaluate():
                return self.read(statement.call, state)
            case n.If():
                return self.choice(statement, state)
            case n.Case():
                return self.case(statement, state)
            case n.For():
                return self.follow_for(statement, state)
            case n.While():
                return self.while_(statement, state)
            case n.Repeat():
                return self.repeat(statement, state)
            case n.Region():
                return self.body(statement.body, state)
            case n.Jump():
                self.jump(statement, state)
                return None
        return state

    def choice(self, statement: n.If, state: Written) -> Written | None:
        """Follow IF: a variable that every branch writes is written."""
        ends: list[Written | None] = []
        for branch in statement.branches:
            state = self.read(branch.condition, state)
            ends.append(self.body(branch.body, state))
        ends.append(self.body(statement.otherwise, state) if statement.otherwise is not None else state)
        return _meet(ends)

    def case(self, statement: n.Case, state: Written) -> Written | None:
        """Follow CASE, as IF."""
        state = self.read(statement.selector, state)
        ends = [self.body(choice.body, state) for choice in statement.choices]
        ends.append(self.body(statement.otherwise, state) if statement.otherwise is not None else state)
        return _meet(ends)

    def follow_for(self, statement: n.For, state: Written) -> Written:
        """Follow FOR: the body may not run at all."""
        for each in (statement.start, statement.limit, statement.step):
            state = self.read(each, state)
        state = self.write(statement.variable, state)
        self.loop(statement.body, state)
        return state

    def while_(self, statement: n.While, state: Written) -> Written | None:
        """Follow WHILE: the body may not run at all; only EXIT leaves WHILE TRUE."""
        state = self.read(statement.condition, state)
        _, loop = self.loop(statement.body, state)
        if _is_true(statement.condition):
            return self.follow_endless(statement, loop)
        return _meet([state, *loop.exits])

    def repeat(self, statement: n.Repeat, state: Written) -> Written | None:
        """Follow REPEAT: the body runs once at least."""
        end, loop = self.loop(statement.body, state)
        turn = _meet([end, *loop.continues])
        if turn is not None:
            turn = self.read(statement.condition, turn)
        return _meet([turn, *loop.exits])

    def loop(self, body: list[n.Statement], state: Written) -> tuple[Written | None, _Loop]:
        """Follow the body of a loop once."""
        loop = _Loop()
        self.loops.append(loop)
        end = self.body(body, state)
        self.loops.pop()
        return end, loop

    def follow_endless(self, statement: n.While, loop: _Loop) -> Written | None:
        """Return the state after WHILE TRUE; report a loop that nothing leaves."""
        returns = any(isinstance(each, n.Jump) and each.keyword == "RETURN" for each in statements(statement.body))
        if not loop.exits and not returns and not self.jumps:
            message = "This loop never ends: give it a condition that becomes false, or leave it with EXIT."
            self.warn("flow.endless", message, statement.place)
        return _meet(loop.exits)

    def jump(self, statement: n.Jump, state: Written) -> None:
        """Follow a jump: RETURN ends the block, so its outputs must have values."""
        if statement.keyword == "RETURN" and not self.jumps:
            self.outputs(state, statement.place)
        elif statement.keyword == "EXIT" and self.loops:
            self.loops[-1].exits.append(state)
        elif statement.keyword == "CONTINUE" and self.loops:
            self.loops[-1].continues.append(state)

    def read(self, expression: n.Expression, state: Written) -> Written:
        """Follow an expression: variables that it reads must have a value, variables that its calls write have one."""
        stack = [expression]
        while stack:
            current = stack.pop()
            if isinstance(current, n.BlockCall | n.InstructionCall):
                state = self.call(current, state)
            elif isinstance(current, n.Local):
                self.check(current, state)
            else:
                stack.extend(reversed(parts(current)))
        return state

    def call(self, call: n.BlockCall | n.InstructionCall, state: Written) -> Written:
        """Follow a call: it reads its inputs, then writes its outputs; an in/out parameter counts for both."""
        for argument in call.arguments:
            if argument.direction == "Input":
                state = self.read(argument.value, state)
        for argument in call.arguments:
            if argument.direction != "Input":
                state = self.write(argument.value, state)
        return state if call.eno is None else self.write(call.eno, state)

    def write(self, target: n.Expression, state: Written) -> Written:
        """Follow a write: the target gets a value, and its indices are read."""
        operand = target
        while not isinstance(operand, n.Local) and parts(operand):
            first, *rest = parts(operand)
            for part in rest:
                state = self.read(part, state)
            operand = first
        if not isinstance(operand, n.Local) or (name := operand.variable.name.casefold()) in state:
            return state
        return state | {name}

    def check(self, operand: n.Local, state: Written) -> None:
        """Report a variable that is read before it has a value, once."""
        name = operand.variable.name
        key = name.casefold()
        if self.jumps or key not in self.followed or key in state or key in self.said:
            return
        self.said.add(key)
        message = f"'#{name}' is read before it has a value; assign it first, on every path to this place."
        self.warn("flow.uninitialised", message, operand.place)

    def outputs(self, state: Written, place: Place) -> None:
        """Report the outputs and the result of a function that have no value at its end, once each."""
        if self.block_.kind != "FC":
            return
        for variable in self.block_.variables:
            key = variable.name.casefold()
            if variable.section not in ("Output", "Return") or key not in self.followed or key in state | self.said:
                continue
            self.said.add(key)
            what = "The result of the function" if variable.section == "Return" else f"The output '#{variable.name}'"
            self.warn(
                "flow.unassigned",
                f"{what} does not get a value on every path to the end; assign one on each path.",
                place,
            )

    def warn(self, code: str, message: str, place: Place) -> None:
        """Keep a warning."""
        self.found.append(Diagnostic(Severity.WARNING, code, message, place))


def _find_followed(block: typed_blocks.Block) -> Iterator[str]:
    """Yield the variables to follow: elementary ones that nothing outside gives a value."""
    overlaid = {variable.overlays.casefold() for variable in block.variables if variable.overlays}
    for variable in block.variables:
        own = variable.section == "Temp" or (block.kind == "FC" and variable.section in ("Output", "Return"))
        simple = isinstance(variable.type, Elementary | Text)
        if own and simple and not variable.overlays and variable.name.casefold() not in overlaid:
            yield variable.name.casefold()


def _meet(ends: list[Written | None]) -> Written | None:
    reached = [end for end in ends if end is not None]
    return frozenset.intersection(*reached) if reached else None


def _is_true(condition: n.Expression) -> bool:
    return isinstance(condition, n.Constant) and condition.value is True


def _find_unused(block: typed_blocks.Block) -> Iterator[Diagnostic]:
    """Yield the variables that nothing in the block mentions; parameters of an OB belong to the system."""
    mentioned = block.mentions | {variable.overlays.casefold() for variable in block.variables if variable.overlays}
    for variable in block.variables:
        if variable.name.casefold() in mentioned or not _is_owned(block, variable):
            continue
        message = f"'#{variable.name}' ({variable.section}) is never used; remove it."
        place = Place(block.name, member=variable.name)
        yield Diagnostic(Severity.WARNING, "flow.unused", message, place)


def _is_owned(block: typed_blocks.Block, variable: Variable) -> bool:
    if block.graph is not None or block.kind == "OB":
        return variable.section in ("Temp", "Constant") and block.graph is None
    return variable.section in ("Input", "Output", "InOut", "Static", "Temp", "Constant")
