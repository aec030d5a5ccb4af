"""What one call of a GRAPH function block does around the code of its conditions and actions.

State is in the instance as TIA Portal declares it: each step and transition has its member, modes and requests are in
`RT_DATA.MOP`, the millisecond of the last call in `RT_DATA._state`. Model: docs/facts/graph.md; what is not documented
is decided here and listed in docs/conformance-plc/graph.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simatic_xml.program import graph_nodes
from virtual_plc.code.naming import attribute
from virtual_plc.cpu.services import Services
from virtual_plc.graph.actions import Action, clear, end_pulse, perform
from virtual_plc.graph.operation import Operation

_MILLISECOND = 1_000_000
_EVENTS = ("S1", "S0", "L1", "L0", "V1", "V0", "A1", "R1")
_WHILE_ACTIVE = ("LA", "VA", "AA", "RA", "LS", "VS")

Logic = Callable[[Any, Any], bool]
"""A condition: takes the instance and the temporary variables."""


@dataclass(frozen=True, slots=True)
class StepCode:
    """A step with the code of its networks and actions; a network without logic is None."""

    step: graph_nodes.GraphStep
    interlock: Logic | None
    supervision: Logic | None
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class TransitionCode:
    """A transition with the code of its condition, None where it has none."""

    transition: graph_nodes.GraphTransition
    condition: Logic | None


@dataclass(frozen=True, slots=True)
class GraphCode:
    """All of a GRAPH block as code."""

    body: graph_nodes.GraphBody
    before: tuple[Callable[[Any, Any], None], ...]
    steps: tuple[StepCode, ...]
    transitions: tuple[TransitionCode, ...]
    after: tuple[Callable[[Any, Any], None], ...]


class Graph:
    """A GRAPH block that can be called."""

    def __init__(self, code: GraphCode, services: Services) -> None:
        """Keep the code and the CPU."""
        self.code = code
        self.services = services
        self.steps = {each.step.number: each for each in code.steps}

    def call(self, instance: Any, frame: Any) -> None:
        """Execute the block once.

        Args:
            instance: its instance.
            frame: its temporary variables.
        """
        _Call(self, instance, frame).run()


class _Call:
    """One call of a GRAPH block; what actions need of it is in `graph_actions.Call`."""

    def __init__(self, graph: Graph, instance: Any, frame: Any) -> None:
        self.graph = graph
        self.instance = instance
        self.frame = frame
        self.now = graph.services.now
        self.data = instance.RT_DATA
        self.operation = Operation(instance, graph.code.body)
        self.waiting: list[StepCode] = []

    def run(self) -> None:
        passed = self._pass_time()
        for each in self.graph.code.steps:
            self._forget_events(each)
        self.operation.read([each.step.number for each in self._active()])
        for operation in self.graph.code.before:
            operation(self.instance, self.frame)
        if not self._execute_request() and not self.operation.mode.HALT:
            self._switch()
        self._execute_all(passed)
        for operation in self.graph.code.after:
            operation(self.instance, self.frame)
        self._show()

    # Steps -----------------------------------------------------------------------------------------------------------

    def of(self, code: StepCode) -> Any:
        """Return the member of a step."""
        return getattr(self.instance, attribute(code.step.name))

    def _active(self) -> list[StepCode]:
        """Return the active steps, the longest active one first."""
        active = [each for each in self.graph.code.steps if self.of(each).X]
        return sorted(active, key=lambda code: -self.of(code).T)

    def _forget_events(self, code: StepCode) -> None:
        held = self.of(code)
        for action in code.actions:
            end_pulse(self, action, held)
        for event in _EVENTS:
            setattr(held, event, False)

    def _pass_time(self) -> int:
        """Return the milliseconds since the last call, 0 in the first."""
        now, last = self.now // _MILLISECOND, self.data._state
        self.data._state = now
        self.data.TIME_DELTA = passed = 0 if last is None else int(now - last)
        return passed

    def _execute_request(self) -> bool:
        """Carry out a request to initialise or to switch off; return whether there was one."""
        initialises, switches_off = self.operation.initialises(), "OFF" in self.operation.edges
        if not (initialises or switches_off):
            return False
        for each in self._active():
            self.deactivate(each)
        if initialises:
            initial = [each for each in self.graph.code.steps if each.step.initial]
            for each in initial or self.graph.code.steps[:1]:
                self.activate(each)
        return True

    def activate(self, code: StepCode) -> None:
        """Begin a step: its time counts from now, and this call still executes it."""
        held, step = self.of(code), code.step
        held.X, held.S1, held.T, held.U, held.SNO = True, True, 0, 0, step.number
        held.T_MAX, held.T_WARN = step.maximum or held.T_MAX, step.warning or held.T_WARN
        self.waiting.append(code)

    def deactivate(self, code: StepCode) -> None:
        """End a step: what it holds falls to 0, then its actions for S0 are carried out."""
        held = self.of(code)
        held.X, held.S1, held.S0 = False, False, True
        for action in code.actions:
            clear(self, action)
        for flag in _WHILE_ACTIVE:
            setattr(held, flag, False)
        self.waiting = [each for each in self.waiting if each is not code]
        for action in code.actions:
            if action.node.event == "S0":
                perform(self, action, held)

    # Transitions -----------------------------------------------------------------------------------------------------

    def _switch(self) -> None:
        """Evaluate the valid transitions and switch: first off, then on."""
        for code in self.graph.code.transitions:
            held, before = self._transition(code), code.transition.before
            held.TV = bool(before) and all(self.of(self.graph.steps[each]).X for each in before)
            held.TT, held.TS, held.TNO = False, False, code.transition.number
        if self.operation.mode.MAN:
            self._by_hand()
            return
        leaving: set[int] = set()
        entering: dict[int, None] = {}
        for code in self.graph.code.transitions:
            held, before = self._transition(code), code.transition.before
            if held.TV and self._may_switch(code, held) and leaving.isdisjoint(before):
                held.TS = True
                leaving.update(before)
                entering |= dict.fromkeys(code.transition.after)
        if self.operation.mode.SSKIP:
            self._skip(entering)
        for each in self._active():
            if each.step.number in leaving:
                self.deactivate(each)
        for each in self.graph.code.steps:
            if each.step.number in entering and not self.of(each).X:
                self.activate(each)

    def _transition(self, code: TransitionCode) -> Any:
        return getattr(self.instance, attribute(code.transition.name))

    def _may_switch(self, code: TransitionCode, held: Any) -> bool:
        """Return whether a valid transition switches: condition and mode allow it, no step before it has a fault."""
        held.TT = true = self._holds(code)
        disturbed = any(self.of(self.graph.steps[each]).VA for each in code.transition.before)
        return self.operation.lets_through(true=true) and not disturbed

    def _holds(self, code: TransitionCode) -> bool:
        return code.condition is None or code.condition(self.instance, self.frame)

    def _skip(self, entering: dict[int, None]) -> None:
        """Skip steps that would end in the same scan, because the transition after them is true, too."""
        for _ in self.graph.code.steps:
            for code in self.graph.code.transitions:
                held, before = self._transition(code), code.transition.before
                if before and set(before) <= entering.keys() and not held.TS and self._holds(code):
                    held.TT = held.TS = True
                    for number in before:
                        del entering[number]
                    entering |= dict.fromkeys(code.transition.after)

    def _by_hand(self) -> None:
        """Switch the shown step on or off in manual mode."""
        shown = self.graph.steps.get(self.data.S_DISPLAY)
        if shown is not None and "S_OFF" in self.operation.edges and self.of(shown).X:
            self.deactivate(shown)
        if shown is not None and "S_ON" in self.operation.edges and not self.of(shown).X:
            self.activate(shown)

    # Active steps ----------------------------------------------------------------------------------------------------

    def _execute_all(self, passed: int) -> None:
        """Execute the active steps, the oldest first, then those that become active meanwhile."""
        new, self.waiting = self.waiting, []
        self.waiting = [each for each in self._active() if each not in new] + new
        while self.waiting:
            self._execute(self.waiting.pop(0), passed)

    def _execute(self, code: StepCode, passed: int) -> None:
        """Let time pass in a step, evaluate its interlock and supervision, and carry out its actions."""
        held = self.of(code)
        if not (held.S1 or self.operation.mode.TMS_HALT):
            held.T += passed
            held.U += 0 if held.VA else passed
        self._interlock(code, held)
        self._supervise(code, held)
        for action in code.actions:
            event = action.node.event
            if not held.X:
                return
            if not event or (event != "S0" and getattr(held, event)):
                perform(self, action, held)

    def _interlock(self, code: StepCode, held: Any) -> None:
        before, logic = held.LA, code.interlock
        held.LS = not self.operation.mode.LOCK or logic is None or logic(self.instance, self.frame)
        held.LA = not held.LS
        held.L1, held.L0 = held.LA and not before, before and not held.LA

    def _supervise(self, code: StepCode, held: Any) -> None:
        """Set the fault of a step with its condition; clear it with the condition, or with ACKREQ by acknowledgement.

        One that is acknowledged while its condition lasts comes again only with the next condition.
        """
        before, logic, operation = held.VA, code.supervision, self.operation
        held.VS = bool(operation.mode.SUP and logic is not None and logic(self.instance, self.frame))
        held.AA = held.AA and held.VS
        acknowledged = before and operation.acknowledges(code.step.number)
        if acknowledged:
            held.A1, held.AA = True, held.VS
        kept = before and not acknowledged and operation.mode.ACKREQ
        held.VA = kept or (held.VS and not held.AA)
        held.V1, held.V0 = held.VA and not before, before and not held.VA
        held.R1 = held.VA and operation.registers(code.step.number)
        held.RA = held.VA and (held.RA or held.R1)

    # Outputs ---------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Write the outputs that the block has."""
        active = self._active()
        self.operation.display([each.step.number for each in active])
        shown = self.graph.steps.get(self.data.S_DISPLAY)
        held = None if shown is None else self.of(shown)
        error, fault = any(self.of(each).LA for each in active), any(self.of(each).VA for each in active)
        valid = [each.transition.number for each in self.graph.code.transitions if self._transition(each).TV]
        flags = self.data.SQ_FLAGS
        flags.ERROR, flags.FAULT, flags.ERR_FLT, flags.CYC_OP = error, fault, error or fault, True
        self.operation.write(
            S_NO=0 if shown is None else shown.step.number,
            S_MORE=len(active) > 1,
            S_ACTIVE=held is not None and held.X,
            S_TIME=0 if held is None else held.T,
            S_TIMEOK=0 if held is None else held.U,
            T_NO=valid[0] if valid else 0,
            T_MORE=len(valid) > 1,
            ERROR=error,
            FAULT=fault,
            ERR_FLT=error or fault,
            SQ_ISOFF=not active,
        )
