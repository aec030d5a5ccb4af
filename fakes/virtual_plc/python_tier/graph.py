"""A GRAPH function block as Python: a function for each condition and action, and one that calls the sequencer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from simatic_xml.program import graph_nodes, typed_blocks
from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.types import BOOL, Elementary, Kind
from virtual_plc.code.naming import Name, attribute
from virtual_plc.code.python_text import Hole, Line, Statement, expression, statement
from virtual_plc.cpu.services import Services
from virtual_plc.graph.actions import Action
from virtual_plc.graph.runtime import Graph, GraphCode, StepCode, TransitionCode
from virtual_plc.python_tier import references, targets
from virtual_plc.python_tier.block_code import BlockCode
from virtual_plc.python_tier.evaluation import body, value


@dataclass(slots=True)
class GraphText:
    """The functions of a GRAPH block.

    Attributes:
        lines: their text.
        bind: makes the sequencer of the finished functions, given the global names of the program.
    """

    lines: list[Line]
    bind: Callable[[dict[str, Any], Services], None]


class Writing:
    """Writes the functions of one block.

    `begin` makes the code of a function, `finish` completes its lines with those before its body.
    """

    def __init__(
        self, begin: Callable[[], BlockCode], finish: Callable[[BlockCode, Statement], list[Line]], name: Name
    ) -> None:
        """Keep how functions are made; `name` is that of the block's own function."""
        self._begin, self._finish, self._name = begin, finish, name
        self.lines: list[Line] = []

    def function(self, what: Name, write: Callable[[BlockCode], Hole], parameters: Sequence[Name] = ()) -> Name:
        """Write a function; `write` writes its body and returns what it returns. Return its name."""
        name = Name("graph_", self._name, "__", what)
        code = self._begin()
        code.returning = [statement("return")]
        code.writer.line("return {}", write(code))
        self.lines += self._finish(code, statement("def {}({}):", name, [Name("self"), Name("frame"), *parameters]))
        return name


def graph_text(block: typed_blocks.Block, writing: Writing, name: Name) -> GraphText:
    """Return the functions of a GRAPH block in addition to its own, which is `name`."""
    graph = block.graph
    assert graph is not None  # noqa: S101 (the caller has seen to it)
    before = [_statements(writing, Name("before_", at), each.body) for at, each in enumerate(graph.before)]
    steps = [_step(writing, each) for each in graph.steps]
    conditions = [_condition(writing, Name("transition_", each.number), each.condition) for each in graph.transitions]
    after = [_statements(writing, Name("after_", at), each.body) for at, each in enumerate(graph.after)]

    def bind(names: dict[str, Any], services: Services) -> None:
        code = GraphCode(
            graph,
            tuple(_find(names, each) for each in before),
            tuple(_step_code(names, *each) for each in steps),
            tuple(TransitionCode(t, _find(names, c)) for t, c in zip(graph.transitions, conditions, strict=True)),
            tuple(_find(names, each) for each in after),
        )
        names[sequencer(name).text] = Graph(code, services).call

    return GraphText(writing.lines, bind)


def _find(names: dict[str, Any], name: Name | None) -> Any:
    return None if name is None else names[name.text]


def sequencer(name: Name) -> Name:
    """Return the global name of the sequencer of a block's function."""
    return Name("graph_", name)


def _statements(writing: Writing, what: Name, statements: list[n.Statement]) -> Name:
    return writing.function(what, lambda code: body(code, statements))


def _condition(writing: Writing, what: Name, logic: graph_nodes.GraphLogic) -> Name | None:
    """Write the function of a condition; return its name, None for one without logic."""
    if not logic.programmed:
        return None

    def write(code: BlockCode) -> Hole:
        code.writer.line("outcome = False")
        body(code, logic.body)
        return Name("outcome")

    return writing.function(what, write)


@dataclass(frozen=True, slots=True)
class _ActionNames:
    node: graph_nodes.GraphAction
    write: Name | None = None
    argument: Name | None = None
    place: Name | None = None
    run: Name | None = None


_Step = tuple[graph_nodes.GraphStep, Name | None, Name | None, list[_ActionNames]]


def _step(writing: Writing, step: graph_nodes.GraphStep) -> _Step:
    what = Name("step_", step.number)
    actions = [_action(writing, Name(what, "_action_", at), each) for at, each in enumerate(step.actions, 1)]
    interlock = _condition(writing, Name(what, "_interlock"), step.interlock)
    return step, interlock, _condition(writing, Name(what, "_supervision"), step.supervision), actions


def _action(writing: Writing, what: Name, node: graph_nodes.GraphAction) -> _ActionNames:
    operand, argument = node.operand, node.argument
    if node.body:
        return _ActionNames(node, run=_statements(writing, what, node.body))
    given = None if argument is None else writing.function(Name(what, "_argument"), lambda code: value(code, argument))
    if operand is None:
        return _ActionNames(node, argument=given)
    if isinstance(operand.type, Elementary) and operand.type.kind is not Kind.BOOL:
        place = writing.function(Name(what, "_place"), lambda code: references.reference(code, operand))
        return _ActionNames(node, argument=given, place=place)

    def write(code: BlockCode) -> None:
        code.writer.place = node.place
        targets.store(code, operand, expression("value", steady=True), BOOL)

    return _ActionNames(node, write=writing.function(what, write, [Name("value")]), argument=given)


def _step_code(
    names: dict[str, Any],
    step: graph_nodes.GraphStep,
    interlock: Name | None,
    supervision: Name | None,
    actions: Iterable[_ActionNames],
) -> StepCode:
    made = [
        Action(
            each.node,
            step.number,
            _find(names, each.write),
            _find(names, each.argument),
            _find(names, each.place),
            _find(names, each.run),
        )
        for each in actions
    ]
    return StepCode(step, _find(names, interlock), _find(names, supervision), tuple(made))


def check(code: BlockCode) -> None:
    """Refuse a GRAPH block whose instance has no place for what the sequencer remembers.

    Raises:
        NotExecutable: a member is missing.
    """
    graph = code.block.graph
    assert graph is not None  # noqa: S101 (the caller has seen to it)
    declared = {attribute(each.name).casefold() for each in code.block.variables}
    needed = ["RT_DATA", *(each.name for each in graph.steps), *(each.name for each in graph.transitions)]
    missing = [name for name in needed if attribute(name).casefold() not in declared]
    if missing:
        message = f"The sequencer needs the static variables {', '.join(missing)}; import the block with them."
        raise code.refuse(message, next((each.place for each in graph.steps), Place(code.block.name)))
