"""GRAPH: one call of a sequencer.

All that a sequencer remembers stands in its instance, in the members that TIA Portal gives it: `RT_DATA`, one for each
step and one for each transition. `RT_DATA._state` is the millisecond of the last call. Facts: S7-GRAPH manual and real
exports; what they leave open is decided here and listed in docs/conformance-plc/graph.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from simatic_xml.program import graph_nodes, typed_blocks
from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Diagnostic, Place, Severity
from tests.oracle.tree_walker import expressions, graph_actions
from tests.oracle.tree_walker.activation import Activation
from tests.oracle.tree_walker.graph_operation import MODES, Operation
from tests.oracle.tree_walker.statements import run
from virtual_plc.code.naming import attribute

EVENTS = ("S1", "S0", "L1", "L0", "V1", "V0", "A1", "R1")
_DISTURBANCES = ("LA", "VA", "AA", "RA", "LS", "VS")
_MILLISECOND = 1_000_000


def call(activation: Activation, body: graph_nodes.GraphBody) -> None:
    """Execute a GRAPH function block once."""
    Sequencer(activation, body).call()


def problems(block: typed_blocks.Block) -> Iterator[Diagnostic]:
    """Yield the data of its sequencer that a GRAPH block lacks."""
    declared = {each.name.casefold() for each in block.instance}
    for name in _names(block.graph) if block.graph is not None else ():
        if name.casefold() not in declared:
            place = Place(block.name, member=name)
            yield Diagnostic(Severity.ERROR, "program.graph_data", _missing(name), place)


def _missing(name: str) -> str:
    return f"The static variable '{name}' of the sequencer is missing; take the block from an export of TIA Portal."


def _names(body: graph_nodes.GraphBody) -> list[str]:
    return ["RT_DATA", *(each.name for each in body.steps), *(each.name for each in body.transitions)]


class Sequencer:
    """One call of a GRAPH function block.

    Attributes:
        activation: the running block.
        body: its steps and transitions.
        instance: its data.
        operation: requests and modes.
        passed: milliseconds since the last call.
        steps: the steps by number.
        pending: active steps that this call has still to process.
        switched_off: numbers of the steps that actions of this call have switched off.
    """

    def __init__(self, activation: Activation, body: graph_nodes.GraphBody) -> None:
        """Begin a call."""
        self.activation = activation
        self.body = body
        self.instance = activation.instance
        self.operation = Operation(self.instance, body)
        self.passed = 0
        self.steps = {step.number: step for step in body.steps}
        self.pending: list[graph_nodes.GraphStep] = []
        self.switched_off: set[int] = set()

    def data(self, node: graph_nodes.GraphStep | graph_nodes.GraphTransition) -> Any:
        """Return the member of a step or transition."""
        return getattr(self.instance, attribute(node.name))

    def call(self) -> None:
        """Do all that a call does, in order."""
        self._measure()
        self._forget_events()
        self.operation.read(self.order())
        self._run(self.body.before)
        switching = self._initialize() or self._switch_off()
        if not switching and not self.operation.is_on("HALT"):
            self._transitions()
        self._process()
        self._run(self.body.after)
        self._show()

    # Before the steps ------------------------------------------------------------------------------------------------

    def _measure(self) -> None:
        data = self.instance.RT_DATA
        now = self.activation.machine.services.now // _MILLISECOND
        self.passed = 0 if data._state is None else now - data._state
        data._state = now
        data.TIME_DELTA = self.passed

    def _forget_events(self) -> None:
        """End the pulses of N actions with an event, and take all events back."""
        for step in self.body.steps:
            data = self.data(step)
            for action in step.actions:
                if (
                    action.event
                    and action.qualifier == "N"
                    and action.operand is not None
                    and getattr(data, action.event)
                ):
                    self.write(action.operand, False)
            for event in EVENTS:
                setattr(data, event, False)

    def _run(self, logics: Iterable[graph_nodes.GraphLogic]) -> None:
        for logic in logics:
            run(self.activation, logic.body)

    def _initialize(self) -> bool:
        """Activate the initial steps alone when that is requested, and in the first call."""
        if not self.operation.initializes():
            return False
        for step in self.order():
            self.deactivate(step)
        initial = [step for step in self.body.steps if step.initial] or self.body.steps[:1]
        for step in initial:
            self.activate(step)
        return True

    def _switch_off(self) -> bool:
        """Deactivate all steps when that is requested."""
        if not self.operation.edge("OFF"):
            return False
        for step in self.order():
            self.deactivate(step)
        return True

    # Transitions -----------------------------------------------------------------------------------------------------

    def _transitions(self) -> None:
        for transition in self.body.transitions:
            data = self.data(transition)
            data.TV, data.TT, data.TS, data.TNO = self._is_valid(transition), False, False, transition.number
        if self.operation.is_on("MAN"):
            self._by_hand()
            return
        leaving: dict[int, None] = {}
        entering: dict[int, None] = {}
        for transition in self.body.transitions:
            if self.data(transition).TV and self._switches(transition) and not leaving.keys() & set(transition.before):
                self.data(transition).TS = True
                leaving |= dict.fromkeys(transition.before)
                entering |= dict.fromkeys(transition.after)
        if self.operation.is_on("SSKIP"):
            self._skip(entering)
        for step in self.order():
            if step.number in leaving:
                self.deactivate(step)
        for step in self.body.steps:
            if step.number in entering and not self.data(step).X:
                self.activate(step)

    def _is_valid(self, transition: graph_nodes.GraphTransition) -> bool:
        before = [self.steps[number] for number in transition.before]
        return bool(before) and all(self.data(step).X for step in before)

    def _switches(self, transition: graph_nodes.GraphTransition) -> bool:
        """Tell whether a valid transition switches: its condition and the mode allow it, and no step is disturbed."""
        true = self.data(transition).TT = self.holds(transition.condition, otherwise=True)
        disturbed = any(self.data(self.steps[number]).VA for number in transition.before)
        return self.operation.lets_through(true) and not disturbed

    def _skip(self, entering: dict[int, None]) -> None:
        """Pass over steps that would be left at once: the transition behind them is true, too."""
        for transition in [*self.body.transitions] * len(self.body.steps):
            before = set(transition.before)
            data = self.data(transition)
            if (
                before
                and before <= entering.keys()
                and not data.TS
                and self.holds(transition.condition, otherwise=True)
            ):
                data.TT = data.TS = True
                for number in before:
                    del entering[number]
                entering |= dict.fromkeys(transition.after)

    def _by_hand(self) -> None:
        step = self.steps.get(self.instance.RT_DATA.S_DISPLAY)
        if step is not None and self.operation.edge("S_OFF") and self.data(step).X:
            self.deactivate(step)
        if step is not None and self.operation.edge("S_ON") and not self.data(step).X:
            self.activate(step)

    # Steps -----------------------------------------------------------------------------------------------------------

    def order(self) -> list[graph_nodes.GraphStep]:
        """Return the active steps, the longest active one first."""
        active = [step for step in self.body.steps if self.data(step).X]
        return sorted(active, key=lambda step: -self.data(step).T)

    def activate(self, step: graph_nodes.GraphStep) -> None:
        """Begin a step: its time counts from now, and it is processed in this call."""
        data = self.data(step)
        data.S1, data.X, data.T, data.U, data.SNO = True, True, 0, 0, step.number
        data.T_MAX, data.T_WARN = step.maximum or data.T_MAX, step.warning or data.T_WARN
        self.pending.append(step)

    def deactivate(self, step: graph_nodes.GraphStep) -> None:
        """End a step: what it holds falls to 0, then its actions for S0 are done."""
        data = self.data(step)
        data.X, data.S1, data.S0 = False, False, True
        for action in step.actions:
            if not action.event and action.qualifier in ("N", "D", "L") and action.operand is not None:
                self.write(action.operand, False)
        for flag in _DISTURBANCES:
            setattr(data, flag, False)
        self.pending = [each for each in self.pending if each is not step]
        graph_actions.on_event(self, step, ("S0",))

    def _process(self) -> None:
        """Watch every active step and do its actions; what is switched on meanwhile comes last."""
        new = self.pending
        self.pending = [step for step in self.order() if step not in new] + new
        while self.pending:
            step = self.pending.pop(0)
            data = self.data(step)
            if not data.S1 and not self.operation.is_on("TMS_HALT"):
                data.T += self.passed
                data.U += 0 if data.VA else self.passed
            self._watch_interlock(step, data)
            self._watch_supervision(step, data)
            graph_actions.while_active(self, step)

    def _watch_interlock(self, step: graph_nodes.GraphStep, data: Any) -> None:
        before = data.LA
        data.LS = not self.operation.is_on("LOCK") or self.holds(step.interlock, otherwise=True)
        data.LA = not data.LS
        data.L1, data.L0 = data.LA and not before, before and not data.LA

    def _watch_supervision(self, step: graph_nodes.GraphStep, data: Any) -> None:
        """A fault comes with its condition and goes with it; where it must be acknowledged, only when it was.

        A fault that is acknowledged while its condition lasts is gone, and does not come again before the condition.
        """
        before = data.VA
        data.VS = self.operation.is_on("SUP") and self.holds(step.supervision, otherwise=False)
        data.AA = data.AA and data.VS
        acknowledged = before and self.operation.acknowledges(step.number)
        if acknowledged:
            data.A1, data.AA = True, data.VS
        kept = before and not acknowledged and self.operation.is_on("ACKREQ")
        data.VA = kept or (data.VS and not data.AA)
        data.V1, data.V0 = data.VA and not before, before and not data.VA
        data.R1 = data.VA and self.operation.registers(step.number)
        data.RA = data.VA and (data.RA or data.R1)

    def holds(self, logic: graph_nodes.GraphLogic, *, otherwise: bool) -> bool:
        """Return the result of a condition; one that is not programmed has a fixed result."""
        if not logic.programmed:
            return otherwise
        self.activation.outcome = False
        run(self.activation, logic.body)
        return self.activation.outcome

    def write(self, operand: n.Expression, value: bool) -> None:
        """Write the operand of an action."""
        expressions.write(self.activation, operand, value)

    # Outputs ---------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        active = self.order()
        self.operation.display(active)
        shown = self.steps.get(self.instance.RT_DATA.S_DISPLAY)
        data = None if shown is None else self.data(shown)
        error, fault = (any(getattr(self.data(step), flag) for step in active) for flag in ("LA", "VA"))
        valid = [each.number for each in self.body.transitions if self.data(each).TV]
        flags = self.instance.RT_DATA.SQ_FLAGS
        flags.ERROR, flags.FAULT, flags.ERR_FLT, flags.CYC_OP = error, fault, error or fault, True
        values = {
            "S_NO": 0 if shown is None else shown.number,
            "S_MORE": len(active) > 1,
            "S_ACTIVE": data is not None and data.X,
            "S_TIME": 0 if data is None else data.T,
            "S_TIMEOK": 0 if data is None else data.U,
            "T_NO": valid[0] if valid else 0,
            "T_MORE": len(valid) > 1,
            "ERROR": error,
            "FAULT": fault,
            "ERR_FLT": error or fault,
            "SQ_ISOFF": not active,
        }
        for name, value in (*values.items(), *self._modes()):
            if hasattr(self.instance, name):
                setattr(self.instance, name, value)

    def _modes(self) -> Iterator[tuple[str, bool]]:
        for output, mode in MODES.items():
            yield output, self.operation.is_on(mode)
