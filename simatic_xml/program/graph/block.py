"""A GRAPH network as a typed body: steps with their actions, transitions with the steps around them, conditions.

Facts: S7-GRAPH manual; SimaticML exports. Conditions are LAD or FBD and typed as such.
"""

from __future__ import annotations

from collections import Counter

from lxml import etree

from simatic_xml.errors import SimaticMLError
from simatic_xml.graph import Logic, Program, Step, Transition, program
from simatic_xml.limits import most
from simatic_xml.program import graph_nodes
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.graph.actions import action_of
from simatic_xml.program.graph.topology import Flow, Topology, reachable
from simatic_xml.program.lad_fbd.network import condition
from simatic_xml.program.scope import Scope
from simatic_xml.program.types.types import TIME
from simatic_xml.program.types.values import literal

_RUNTIME_DATA = ("RT_DATA", "S_DISPLAY", "S_SEL_OLD", "S_DISPIDX", "T_DISPIDX", "MOP", "TICKS", "SQ_FLAGS")
_PARAMETERS = """OFF_SQ INIT_SQ ACK_EF REG_EF ACK_S REG_S HALT_SQ HALT_TM ZERO_OP EN_IL EN_SV EN_ACKREQ EN_SSKIP
DISP_SACT DISP_SEF DISP_SALL S_PREV S_NEXT SW_AUTO SW_TAP SW_TOP SW_MAN S_SEL S_SELOK S_ON S_OFF
T_PREV T_NEXT T_PUSH EN_LMODE RESET_CRIT S_NO S_MORE S_ACTIVE S_TIME S_TIMEOK S_CRITLOC S_CRITLOCERR
S_STATE T_NO T_MORE T_CRIT T_CRITOLD T_CRITFLT ERROR FAULT ERR_FLT SQ_ISOFF SQ_HALTED TM_HALTED
OP_ZEROED IL_ENABLED SV_ENABLED ACKREQ_ENABLED SSKIP_ENABLED SACT_DISP SEF_DISP SALL_DISP AUTO_ON
TAP_ON TOP_ON MAN_ON LMODE_ENABLED"""
"""Parameters that the sequencer reads and writes by itself."""

_EMPTY = graph_nodes.GraphLogic([], programmed=False)


def body(scope: Scope, element: etree._Element) -> graph_nodes.GraphBody:
    """Return the body of a GRAPH function block.

    Args:
        scope: the block; receives the findings.
        element: the ``Graph`` element.
    """
    try:
        found = program(element)
    except SimaticMLError as error:
        scope.error("graph.unreadable", error.message, Place(scope.block.name))
        return graph_nodes.GraphBody([], [], [], [])
    return _Reading(scope, found).body()


class _Reading:
    """One GRAPH program during its typing."""

    def __init__(self, scope: Scope, found: Program) -> None:
        self.scope = scope
        self.program = found
        self.steps = [step for sequence in found.sequences for step in sequence.steps]
        self.transitions = [each for sequence in found.sequences for each in sequence.transitions]
        self.names = {step.name.casefold(): step.name for step in self.steps}
        self.nodes: list[Step | Transition] = [*self.steps, *self.transitions]
        own = [each.name for each in self.nodes]
        scope.mentions |= {name.casefold() for name in (*_RUNTIME_DATA, *_PARAMETERS.split(), *own)}

    def body(self) -> graph_nodes.GraphBody:
        """Type all parts and check the whole."""
        self._check_names()
        for found, what in ((self.steps, "steps"), (self.transitions, "transitions")):
            if len(found) > (allowed := most("graph_steps")):
                message = f"The sequence has {len(found)} {what}; at most {allowed} are allowed. Divide the sequence."
                self.scope.error("graph.steps", message, self._place())
        before = [self._permanent(each, n, "Pre") for n, each in enumerate(self.program.before, 1)]
        steps = [self._step(step) for step in self.steps]
        topology = Topology(self.program.sequences)
        flows = topology.flows()
        known = {each.number: each for each in self.transitions}
        transitions = [self._transition(known[flow.transition], flow) for flow in flows]
        after = [self._permanent(each, n, "Post") for n, each in enumerate(self.program.after, 1)]
        self._check_flow(topology, flows, steps)
        attributes = self.scope.block.attributes
        return graph_nodes.GraphBody(
            before,
            steps,
            transitions,
            after,
            acknowledges=attributes.get("AcknowledgeErrorsRequired") != "false",
            skips_steps=attributes.get("SkipSteps") == "true",
        )

    def _place(self, name: str = "") -> Place:
        return Place(self.scope.block.name, 1, step=name)

    def _permanent(self, logic: Logic, number: int, which: str) -> graph_nodes.GraphLogic:
        return self._logic(logic, self._place(f"{which}-instruction {number}"))

    def _logic(self, logic: Logic, place: Place) -> graph_nodes.GraphLogic:
        if not logic.programmed or logic.network is None:
            return _EMPTY
        return graph_nodes.GraphLogic(condition(self.scope, logic.network, place), programmed=True)

    def _step(self, step: Step) -> graph_nodes.GraphStep:
        place = self._place(step.name)
        actions = [action_of(self.scope, action, self.names, place) for action in step.actions]
        return graph_nodes.GraphStep(
            step.number,
            step.name,
            step.init,
            self._time(step.maximum, place),
            self._time(step.warning, place),
            [action for action in actions if action is not None],
            self._logic(step.interlock, place),
            self._logic(step.supervision, place),
            place,
        )

    def _transition(self, transition: Transition, flow: Flow) -> graph_nodes.GraphTransition:
        place = self._place(transition.name)
        logic = self._logic(transition.condition, place)
        return graph_nodes.GraphTransition(transition.number, transition.name, flow.before, flow.after, logic, place)

    def _time(self, text: str | None, place: Place) -> int | None:
        """Return a time of a step in milliseconds."""
        if not text:
            return None
        found = literal(text, TIME)
        if found is not None and found[1] == TIME and isinstance(found[0], int):
            return found[0]
        self.scope.error("graph.time", f"'{text}' is not a time of a step; write it like T#10S.", place)
        return None

    def _check_names(self) -> None:
        counted = Counter(each.name.casefold() for each in self.nodes)
        for each in self.nodes:
            if counted.pop(each.name.casefold(), 1) > 1:
                message = f"The name '{each.name}' is given to several steps or transitions; rename all but one."
                self.scope.error("graph.duplicate", message, self._place(each.name))
        numbered = Counter((type(each).__name__.lower(), each.number) for each in self.nodes)
        for (what, number), count in numbered.items():
            if count > 1:
                message = f"The number {number} is given to {count} {what}s; renumber all but one."
                self.scope.error("graph.duplicate", message, self._place())

    def _check_flow(self, topology: Topology, flows: list[Flow], steps: list[graph_nodes.GraphStep]) -> None:
        for node in topology.dangling():
            message = f"A connection leads to {node.kind} {node.number}, which does not exist."
            self.scope.error("graph.connection", message, self._place())
        initial = [step.number for step in self.steps if step.init]
        if self.steps and not initial:
            message = "No step is an initial step; the first one starts. Mark the intended initial step."
            self.scope.warning("graph.no_initial", message, self._place(self.steps[0].name))
            initial = [sequence.steps[0].number for sequence in self.program.sequences if sequence.steps]
        found = reachable(flows, initial, self._find_switched(steps))
        for step in steps:
            if step.number not in found:
                message = f"No connection leads to the step '{step.name}'; connect it, or remove it."
                self.scope.warning("graph.unreachable", message, step.place)
        names = {each.number: each.name for each in self.transitions}
        for flow in flows:
            if not flow.before:
                message = f"No step leads to the transition '{names[flow.transition]}'; connect it, or remove it."
                self.scope.warning("graph.unreachable", message, self._place(names[flow.transition]))

    @staticmethod
    def _find_switched(steps: list[graph_nodes.GraphStep]) -> dict[int, set[int]]:
        """Return by step the steps that its actions switch on."""
        numbers = {step.name: step.number for step in steps}
        return {
            step.number: {numbers[a.step] for a in step.actions if a.qualifier == "ON" and a.step in numbers}
            for step in steps
        }
