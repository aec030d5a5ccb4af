"""A GRAPH function block as Python: a function for each condition and action, and one that calls the sequencer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simatic_xml.program import graph_nodes, typed_blocks, walking
from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.moments import s5time_milliseconds
from simatic_xml.program.types.types import BOOL, Elementary, Kind
from virtual_plc.code.naming import Name, attribute, mangle
from virtual_plc.code.python_text import Hole, Text, expression, statement
from virtual_plc.cpu.services import Services
from virtual_plc.graph.actions import OPERATIONS
from virtual_plc.graph.code import MORE, GraphCode, StepCode, TransitionCode
from virtual_plc.graph.operation import INPUTS, MODES, STATES
from virtual_plc.graph.runtime import Graph
from virtual_plc.python_tier.access import references, targets
from virtual_plc.python_tier.block_code import BlockCode, Draft, NotExecutable
from virtual_plc.python_tier.evaluation import body, value
from virtual_plc.python_tier.layout import IN_INSTANCE

Bind = Callable[[dict[str, Any], Services], None]
"""Makes the sequencer of the finished functions, given the global names of the program."""


def _function(draft: Draft, what: Name, write: Callable[[BlockCode], Hole], parameters: Sequence[Name] = ()) -> Name:
    """Write a function; `write` writes its body and returns what it returns. Return its name."""
    name = Name("graph_", draft.signature.function, "__", what)
    code = BlockCode(draft)
    code.returning = [statement("return")]
    code.writer.line("return {}", write(code))
    draft.parts.append((statement("def {}({}):", name, [Name("self"), Name("frame"), *parameters]), code))
    return name


def write_graph(draft: Draft, graph: graph_nodes.GraphBody) -> Bind:
    """Write the functions of a GRAPH block in addition to its own; return what makes its sequencer of them.

    Raises:
        NotExecutable: this tier cannot execute a part of it.
    """
    _check(draft.block, graph)
    before = [_statements(draft, Name("before_", at), each.body) for at, each in enumerate(graph.before) if each.body]
    onward = _find_own(graph)
    held = {attribute(each.name) for each in draft.block.variables if each.section in IN_INSTANCE}
    steps = [_step(draft, graph, each, onward[each.number], held) for each in graph.steps]
    conditions = [_condition(draft, Name("transition_", each.number), each.condition) for each in graph.transitions]
    after = [_statements(draft, Name("after_", at), each.body) for at, each in enumerate(graph.after) if each.body]
    inputs, outputs = _inputs(draft, held), _outputs(draft, held)

    def bind(names: dict[str, Any], services: Services) -> None:
        code = GraphCode(
            graph,
            tuple(names[each.text] for each in before),
            tuple(each.find(names) for each in steps),
            tuple(TransitionCode(t, _find(names, c)) for t, c in zip(graph.transitions, conditions, strict=True)),
            tuple(names[each.text] for each in after),
            names[inputs.text],
            names[outputs.text],
        )
        names[sequencer(draft).text] = Graph(code, services).call

    return bind


def _find(names: dict[str, Any], name: Name | None) -> Any:
    return None if name is None else names[name.text]


def sequencer(draft: Draft) -> Name:
    """Return the global name of the sequencer of a block."""
    return Name("graph_", draft.signature.function)


def _statements(draft: Draft, what: Name, statements: list[n.Statement]) -> Name:
    return _function(draft, what, lambda code: body(code, statements))


def _condition(draft: Draft, what: Name, logic: graph_nodes.GraphLogic) -> Name | None:
    """Write the function of a condition; return its name, None for one without logic."""
    if not logic.programmed:
        return None

    def write(code: BlockCode) -> Hole:
        code.writer.line("outcome = False")
        body(code, logic.body)
        return Name("outcome")

    return _function(draft, what, write)


# Steps ---------------------------------------------------------------------------------------------------------------

ALL_STEPS = "S_ALL"
_HELD = ("N", "D", "L")
_IN_STEP = [Name("call"), Name("held"), Name("mode")]
"""What the functions of a step take besides the instance and the frame: the call, the member of the step, the modes."""
_FALSE = expression("False", steady=True, constant=True)
_TRUE = expression("True", steady=True, constant=True)
_TIME, _TIME_OK = expression("held.T"), expression("held.U")
_ERROR, _FAULT, _DISTURBED = expression("error"), expression("fault"), expression("disturbed")
_VALUE, _WORKS = expression("value", steady=True), expression("held.LS")


@dataclass(frozen=True, slots=True)
class _StepNames:
    """The functions of a step, see `StepCode`."""

    step: graph_nodes.GraphStep
    proceed: Name | None
    execute: Name
    end_pulses: Name | None
    clear: Name | None
    leave: Name | None

    def find(self, names: dict[str, Any]) -> StepCode:
        """Return the code, given the global names of the program."""
        functions = (self.proceed, self.execute, self.end_pulses, self.clear, self.leave)
        return StepCode(self.step, *(_find(names, each) for each in functions))


_Own = list[tuple[int, graph_nodes.GraphTransition]]


def _find_own(graph: graph_nodes.GraphBody) -> dict[int, _Own | None]:
    """Return by number of a step the transitions after it, with their positions.

    They are None where a transition has other steps before it, too, or its condition does more than read operands.
    """
    found: dict[int, _Own] = {each.number: [] for each in graph.steps}
    for at, each in enumerate(graph.transitions):
        for number in each.before:
            found[number].append((at, each))
    return {number: own if all(_is_simple(each) for _, each in own) else None for number, own in found.items()}


def _is_simple(transition: graph_nodes.GraphTransition) -> bool:
    return len(transition.before) == 1 and all(
        isinstance(each, n.Assign)
        and isinstance(each.target, n.Outcome)
        and not any(isinstance(part, n.BlockCall | n.InstructionCall) for part in walking.expressions(each.value))
        for each in transition.condition.body
    )


def _step(
    draft: Draft, graph: graph_nodes.GraphBody, step: graph_nodes.GraphStep, own: _Own | None, outputs: set[str]
) -> _StepNames:
    """Write the functions of a step; return their names."""
    what = Name("step_", step.number)
    interlock = _condition(draft, Name(what, "_interlock"), step.interlock)
    supervision = _condition(draft, Name(what, "_supervision"), step.supervision)
    places = {each.name: at for at, each in enumerate(graph.steps)}
    runs = [
        _statements(draft, Name(what, "_action_", at), each.body) if each.body else None
        for at, each in enumerate(step.actions, 1)
    ]
    actions = [_Action(*each, places) for each in zip(step.actions, runs, strict=True)]
    held = [each for each in actions if each.is_held]
    pulses = [each for each in held if each.node.event and each.node.qualifier == "N"]
    falling = [each for each in held if not each.node.event]
    ending = [each for each in actions if each.node.event == "S0"]

    def execute(code: BlockCode, ended: int | None = None) -> None:
        _watch_interlock(code, interlock)
        _watch_supervision(code, supervision)
        for each in actions:
            if each.node.event != "S0":
                code.writer.line("if not held.X: return {}", ended)
                each.in_its_event(code, each.perform)

    def end_pulses(code: BlockCode) -> None:
        for each in pulses:
            each.in_its_event(code, each.clear)

    def clear(code: BlockCode) -> None:
        for each in falling:
            each.clear(code)

    def leave(code: BlockCode) -> None:
        for each in ending:
            each.perform(code)

    return _StepNames(
        step,
        _proceed(draft, graph, step, own, outputs, execute),
        _function(draft, what, execute, _IN_STEP),
        _function(draft, Name(what, "_end_pulses"), end_pulses, [Name("held")]) if pulses else None,
        _function(draft, Name(what, "_clear"), clear) if falling else None,
        _function(draft, Name(what, "_leave"), leave, _IN_STEP) if ending else None,
    )


def _proceed(
    draft: Draft,
    graph: graph_nodes.GraphBody,
    step: graph_nodes.GraphStep,
    own: _Own | None,
    outputs: set[str],
    execute: Callable[[BlockCode, int], None],
) -> Name | None:
    """Write the function that does the rest of a call while the step is alone; see `StepCode.proceed`."""
    if own is None:
        return None
    what = Name("step_", step.number)
    transitions = [Name("transition_", number) for number in range(len(own))]

    def write(code: BlockCode) -> Hole:
        line = code.writer.line
        for held, (_, transition) in zip(transitions, own, strict=True):
            line("{} = self.{}", held, mangle(transition.name))
            line("{0}.TV, {0}.TT, {0}.TS, {0}.TNO = True, False, False, {1}", held, transition.number)
        for at, transition in own:
            if not transition.condition.programmed:
                return at
            line("outcome = False")
            body(code, transition.condition.body)
            line("if outcome: return {}", at)
        line("held = self.{}", mangle(step.name))
        line("if not (held.S1 or mode.TMS_HALT):")
        with code.branch():
            line("held.T += passed")
            line("if not held.VA: held.U += passed")
        execute(code, MORE)
        if any(each.body for each in graph.after):
            return MORE
        line("if call.waiting or len(call.awake) != 1 or len(call.transitions) != {}: return {}", len(own), MORE)
        line("if not held.X or data.S_DISPLAY != {}: return {}", step.number, MORE)
        for held in transitions:
            line("if not {}.TV: return {}", held, MORE)
        line("flags = data.SQ_FLAGS")
        line("error, fault = held.LA, held.VA")
        line("disturbed = error or fault")
        line("flags.ERROR, flags.FAULT, flags.ERR_FLT, flags.CYC_OP = error, fault, disturbed, True")
        first = own[0][1].number if own else 0
        state = (step.number, False, True, _TIME, _TIME_OK, first, len(own) > 1, _ERROR, _FAULT, _DISTURBED, False)
        _show(code, outputs, dict(zip(STATES, state, strict=True)))
        return None

    return _function(draft, Name(what, "_proceed"), write, [Name(each) for each in ("call", "data", "mode", "passed")])


def _show(code: BlockCode, outputs: set[str], state: Mapping[str, Hole]) -> None:
    """Write the outputs that the block has."""
    for name, shown in state.items():
        if name in outputs:
            code.writer.line("self.{} = {}", Name(name), shown)
    for name, entry in MODES.items():
        if name in outputs:
            code.writer.line("self.{} = mode.{}", Name(name), Name(entry))


def _watch_interlock(code: BlockCode, condition: Name | None) -> None:
    """Write the state of the interlock, and the events of its change."""
    write = code.writer.line
    if condition is None:
        write("held.L0 = held.LA")
        write("held.LS, held.LA, held.L1 = True, False, False")
        return
    write("before = held.LA")
    write("held.LS = not mode.LOCK or {}(self, frame)", condition)
    write("held.LA = lost = not held.LS")
    write("held.L1, held.L0 = lost and not before, before and not lost")


def _watch_supervision(code: BlockCode, condition: Name | None) -> None:
    """Write the fault of the step; the call decides where there is one or was one."""
    write = code.writer.line
    if condition is None:
        write("if held.VA: call.supervise(held, False)")
    else:
        write("fault = mode.SUP and {}(self, frame)", condition)
        write("if fault or held.VA: call.supervise(held, fault)")
    write("else: held.VS = held.AA = held.V1 = held.V0 = held.R1 = held.RA = False")


@dataclass(frozen=True, slots=True)
class _Action:
    """Writes the lines of one action.

    Facts: S7-GRAPH manual on actions and events. An N with an event is a pulse of one call (unverified); times of D and L
    count from the activation of the step (unverified).

    Attributes:
        node: the action.
        run: the function of its statements.
        places: the positions of all steps by name.
    """

    node: graph_nodes.GraphAction
    run: Name | None
    places: dict[str, int]

    @property
    def is_held(self) -> bool:
        """Whether it holds a Bool operand while the step is active, or for one call."""
        return self.node.qualifier in _HELD and self._is_bool

    @property
    def _is_bool(self) -> bool:
        operand = self.node.operand
        return operand is not None and (not isinstance(operand.type, Elementary) or operand.type.kind is Kind.BOOL)

    def in_its_event(self, code: BlockCode, write: Callable[[BlockCode], None]) -> None:
        """Write lines that are for the event of the action, or for each call where it has none."""
        code.writer.place = self.node.place
        if not self.node.event:
            write(code)
            return
        code.writer.line("if held.{}:", Name(self.node.event))
        with code.branch():
            write(code)

    def clear(self, code: BlockCode) -> None:
        """Write the fall of the operand."""
        self._store(code, _FALSE)

    def perform(self, code: BlockCode) -> None:
        """Write what the action does."""
        code.writer.place = self.node.place
        if self.is_held:
            self._hold(code)
        elif self.node.interlock:
            code.writer.line("if held.LS:")
            with code.branch():
                self._do(code)
        else:
            self._do(code)

    def _store(self, code: BlockCode, given: Text) -> None:
        assert self.node.operand is not None  # noqa: S101 (only actions with an operand are written so)
        code.writer.place = self.node.place
        targets.store(code, self.node.operand, given, BOOL)

    def _hold(self, code: BlockCode) -> None:
        """Write the operand of N, D or L: 1 while the action works and it is time; with an event without delay."""
        write, works = code.writer.line, _WORKS if self.node.interlock else _TRUE
        write("value = {} and not mode.OPS_ZERO", works)
        if not self.node.event and self.node.qualifier != "N":
            write("if {}:", works)
            with code.branch():
                write("over = held.T >= {}", self._milliseconds(code))
                write("value = value and over" if self.node.qualifier == "D" else "value = value and not over")
        self._store(code, _VALUE)

    def _do(self, code: BlockCode) -> None:
        """Write what happens once: statements, S and R, steps, counters and timers."""
        node, write = self.node, code.writer.line
        if self.run is not None:
            write("{}(self, frame)", self.run)
        elif node.qualifier in ("S", "R") and self._is_bool:
            self._store(code, _TRUE if node.qualifier == "S" else _FALSE)
        elif node.qualifier == "ON":
            write("call.switch_on({})", self.places[node.step])
        elif node.qualifier == "OFF" and node.step == ALL_STEPS:
            write("call.switch_off_others(held)")
        elif node.qualifier == "OFF":
            write("call.switch_off({})", self.places[node.step])
        elif node.qualifier in OPERATIONS and node.operand is not None:
            operation = code.bind("operate", OPERATIONS[node.qualifier])
            place = code.keep_value(references.reference(code, node.operand))
            write("{}({}, {}, call.now)", operation, place, self._argument(code))
        else:
            write("pass")

    def _argument(self, code: BlockCode) -> Text:
        if self.node.qualifier != "CS":
            return self._milliseconds(code)
        return expression("0") if self.node.argument is None else value(code, self.node.argument)

    def _milliseconds(self, code: BlockCode) -> Text:
        """Return the time of the action; a word is an S5TIME."""
        argument = self.node.argument
        if argument is None or not isinstance(argument.type, Elementary):
            return expression("0")
        given = value(code, argument)
        if argument.type.unit:
            return expression("{} * {} // 1000000", given, argument.type.unit)
        return expression("{}({})", code.bind("milliseconds", s5time_milliseconds), given)


# The block -----------------------------------------------------------------------------------------------------------


def _inputs(draft: Draft, held: set[str]) -> Name:
    """Write the function that returns the inputs of the sequencer; the number of the chosen step is the last."""
    given = [expression("self.{}", mangle(name)) for name in INPUTS if attribute(name) in held]
    chosen = expression("self.S_SEL") if "S_SEL" in held else expression("0")
    return _function(draft, Name("inputs"), lambda _: [expression("None"), *given, chosen])


def _outputs(draft: Draft, held: set[str]) -> Name:
    """Write the function that writes the outputs which the block has."""

    def write(code: BlockCode) -> None:
        _show(code, held, {name: Name(name) for name in STATES})

    return _function(draft, Name("outputs"), write, [Name("mode"), *map(Name, STATES)])


def _check(block: typed_blocks.Block, graph: graph_nodes.GraphBody) -> None:
    """Refuse a GRAPH block whose instance has no place for what the sequencer remembers.

    Raises:
        NotExecutable: a member is missing.
    """
    declared = {attribute(each.name).casefold() for each in block.variables}
    needed = ["RT_DATA", *(each.name for each in graph.steps), *(each.name for each in graph.transitions)]
    missing = [name for name in needed if attribute(name).casefold() not in declared]
    if missing:
        message = f"The sequencer needs the static variables {', '.join(missing)}; import the block with them."
        raise NotExecutable(message, next((each.place for each in graph.steps), Place(block.name)))
