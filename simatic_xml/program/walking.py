"""Ways through the typed program: every expression, every statement, each exactly once.

All readers of the typed form (analysis, cross references, execution) use these functions, so a new node is added in
one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simatic_xml.program import nodes as n
from simatic_xml.program import typed_blocks


def parts(expression: n.Expression) -> tuple[n.Expression, ...]:
    """Return the expressions directly inside an expression, in the order in which they are evaluated."""
    match expression:
        case n.Field() | n.Slice() | n.Dereference() | n.Overlay():
            return (expression.base,)
        case n.Element():
            return (expression.base, *expression.indices)
        case n.Indirect():
            return () if expression.pointer is None else (expression.pointer,)
        case n.Convert() | n.Unary():
            return (expression.operand,)
        case n.Binary():
            return (expression.left, expression.right)
        case n.BlockCall() | n.InstructionCall():
            instance = () if expression.instance is None else (expression.instance,)
            eno = () if expression.eno is None else (expression.eno,)
            return (*instance, *(argument.value for argument in expression.arguments), *eno)
    return ()


def expressions(expression: n.Expression) -> Iterator[n.Expression]:
    """Yield an expression and everything inside it, outer before inner."""
    stack = [expression]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(parts(current)))


def operands(statement: n.Statement) -> tuple[n.Expression, ...]:
    """Return the expressions that belong to a statement itself, not to the statements inside it."""
    match statement:
        case n.Assign():
            return (statement.value, statement.target)
        case n.Evaluate():
            return (statement.call,)
        case n.If():
            return tuple(branch.condition for branch in statement.branches)
        case n.Case():
            ranges = (pair for choice in statement.choices for pair in choice.ranges)
            return (statement.selector, *(each for pair in ranges for each in pair))
        case n.For():
            return (statement.start, statement.limit, statement.step, statement.variable)
        case n.While() | n.Repeat():
            return (statement.condition,)
        case n.StlOperation():
            return () if statement.operand is None else (statement.operand,)
    return ()


def bodies(statement: n.Statement) -> tuple[list[n.Statement], ...]:
    """Return the lists of statements directly inside a statement."""
    match statement:
        case n.If():
            inner = [branch.body for branch in statement.branches]
            return (*inner, *(() if statement.otherwise is None else (statement.otherwise,)))
        case n.Case():
            inner = [choice.body for choice in statement.choices]
            return (*inner, *(() if statement.otherwise is None else (statement.otherwise,)))
        case n.For() | n.While() | n.Repeat() | n.Region():
            return (statement.body,)
    return ()


def statements(body: Iterable[n.Statement]) -> Iterator[n.Statement]:
    """Yield every statement, outer before inner, in the order of the program."""
    stack = list(reversed(list(body)))
    while stack:
        current = stack.pop()
        yield current
        for inner in reversed(bodies(current)):
            stack.extend(reversed(inner))


def block_bodies(block: typed_blocks.Block) -> Iterator[list[n.Statement]]:
    """Yield the lists of statements of a block: its networks, or the conditions and actions of its GRAPH body."""
    yield from (network.body for network in block.networks)
    if block.graph is None:
        return
    yield from (logic.body for logic in block.graph.before)
    for step in block.graph.steps:
        yield from (step.interlock.body, step.supervision.body)
        yield from (action.body for action in step.actions)
    yield from (transition.condition.body for transition in block.graph.transitions)
    yield from (logic.body for logic in block.graph.after)


def block_statements(block: typed_blocks.Block) -> Iterator[n.Statement]:
    """Yield every statement of a block."""
    for body in block_bodies(block):
        yield from statements(body)


def root(expression: n.Expression) -> n.Expression:
    """Return the operand at the root of a path: the variable, tag or data block that it leads into."""
    while isinstance(expression, n.Field | n.Slice | n.Overlay | n.Element | n.Dereference):
        expression = expression.base
    return expression


def instruction_calls(block: typed_blocks.Block) -> Iterator[n.InstructionCall]:
    """Yield every call of an instruction."""
    for statement in block_statements(block):
        for operand in operands(statement):
            yield from (each for each in expressions(operand) if isinstance(each, n.InstructionCall))


def calls(block: typed_blocks.Block) -> Iterator[n.BlockCall]:
    """Yield every call of a user block."""
    for statement in block_statements(block):
        for operand in operands(statement):
            yield from (each for each in expressions(operand) if isinstance(each, n.BlockCall))
