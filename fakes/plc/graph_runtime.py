"""What one call of a GRAPH function block does around the code of its conditions and actions.

State stands in the instance as TIA Portal declares it: each step and transition has its member, modes and requests are in
`RT_DATA.MOP`, the time of the last call in `RT_DATA._state`. Model: graph-and-stl facts, A4 to A7; what is not documented is
decided here and listed in docs/conformance-plc/graph.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from fakes.plc.graph_actions import Action, clear, clear_pulses, fire, hold
from fakes.plc.naming import attribute
from fakes.plc.services import Services
from simatic_xml.program import nodes as n

_MILLISECOND = 1_000_000
_MODES = ("AUTO", "TAP", "TOP", "MAN")
_EVENTS = ("S1", "S0", "L1", "L0", "V1", "V0", "A1", "R1")
_TOGGLED = {"HALT_SQ": "HALT", "HALT_TM": "TMS_HALT", "ZERO_OP": "OPS_ZERO", "EN_IL": "LOCK", "EN_SV": "SUP",
            "EN_ACKREQ": "ACKREQ", "EN_SSKIP": "SSKIP"}  # fmt: skip
"""Inputs whose edge changes an entry of MOP to its opposite (unverified)."""
_EDGES = {"OFF_SQ": "OFF", "INIT_SQ": "INIT", "ACK_EF": "ACK", "ACK_S": "ACK_S", "REG_EF": "REG", "REG_S": "REG_S",
          "S_PREV": "S_PREV", "S_NEXT": "S_NEXT", "SW_AUTO": "AUTO", "SW_TAP": "TAP", "SW_TOP": "TOP", "SW_MAN": "MAN",
          "S_ON": "S_ON", "S_OFF": "S_OFF", "T_PUSH": "T_PUSH", **_TOGGLED}  # fmt: skip
"""Inputs, and the entry of MOP_EDGE that remembers each."""

Logic = Callable[[Any, Any], bool]
"""A condition: takes the instance and the temporary variables."""


@dataclass(frozen=True, slots=True)
class StepCode:
    """A step with the code of its networks and actions; a network without logic is None."""

    step: n.GraphStep
    interlock: Logic | None
    supervision: Logic | None
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class TransitionCode:
    """A transition with the code of its condition, None where it has none."""

    transition: n.GraphTransition
    condition: Logic | None


@dataclass(frozen=True, slots=True)
class GraphCode:
    """All of a GRAPH block as code."""

    body: n.GraphBody
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


def member(owner: Any, name: str, default: Any = False) -> Any:
    """Return a member of an instance, the default where it does not have it."""
    return getattr(owner, attribute(name), default)


def put(owner: Any, name: str, value: Any) -> None:
    """Write a member of an instance that has it."""
    if hasattr(owner, attribute(name)):
        setattr(owner, attribute(name), value)


class _Call:
    """One call of a GRAPH block."""

    def __init__(self, graph: Graph, instance: Any, frame: Any) -> None:
        self.graph = graph
        self.instance = instance
        self.frame = frame
        self.now = graph.services.now
        self.data = instance.RT_DATA
        self.mode = self.data.MOP
        self.on: list[int] = []
        self.off: list[int] = []

    def run(self) -> None:
        first = not self.data.SQ_FLAGS.CYC_OP
        clear_pulses(self, self.graph.code.steps)
        for each in self.graph.code.steps:
            self._forget_events(each)
        if first:
            self._begin()
        passed = self._pass_time()
        edges = self._edges()
        self._set_mode(edges)
        for operation in self.graph.code.before:
            operation(self.instance, self.frame)
        initialised = self._requests(edges, first=first)
        self._manual(edges)
        if not initialised:
            self._switch(pushed="T_PUSH" in edges)
        for each in sorted(self._active(), key=lambda code: -self.of(code).T):
            self._execute(each, passed, edges)
        self._switch_on_request()
        for operation in self.graph.code.after:
            operation(self.instance, self.frame)
        self._show(edges)

    # Steps -----------------------------------------------------------------------------------------------------------

    def of(self, code: StepCode) -> Any:
        """Return the member of a step."""
        return getattr(self.instance, attribute(code.step.name))

    def _active(self) -> list[StepCode]:
        return [each for each in self.graph.code.steps if self.of(each).X]

    def _forget_events(self, code: StepCode) -> None:
        held = self.of(code)
        for event in _EVENTS:
            setattr(held, event, False)

    def _begin(self) -> None:
        """Prepare a fresh instance: automatic mode, interlocks and supervisions on, steps with their times."""
        mode, body = self.mode, self.graph.code.body
        mode.AUTO = not (mode.MAN or mode.TAP or mode.TOP)
        mode.LOCK = mode.SUP = mode.SACT_DISP = True
        mode.ACKREQ, mode.SSKIP = body.acknowledges, body.skips_steps
        self.data.SQ_FLAGS.CYC_OP = True
        self.data._state = self.now
        for code in self.graph.code.steps:
            held = self.of(code)
            held.SNO, held.T_MAX, held.T_WARN = code.step.number, code.step.maximum or 0, code.step.warning or 0
        for each in self.graph.code.transitions:
            self._transition(each).TNO = each.transition.number

    def _transition(self, code: TransitionCode) -> Any:
        return getattr(self.instance, attribute(code.transition.name))

    # Parameters ------------------------------------------------------------------------------------------------------

    def _pass_time(self) -> int:
        """Return the milliseconds since the last call; what is left of one counts in the next."""
        last = self.data._state
        passed = (self.now - (self.now if last is None else last)) // _MILLISECOND
        self.data._state = (self.now if last is None else last) + passed * _MILLISECOND
        self.data.TIME_DELTA = passed
        return int(passed)

    def _edges(self) -> set[str]:
        """Return the inputs that have become true, and remember all."""
        found = set()
        for name, entry in _EDGES.items():
            given = bool(member(self.instance, name))
            if given and not getattr(self.data.MOP_EDGE, entry):
                found.add(name)
            setattr(self.data.MOP_EDGE, entry, given)
        return found

    def _set_mode(self, edges: set[str]) -> None:
        chosen = next((each for each in _MODES if f"SW_{each}" in edges), None)
        if chosen is not None:
            for each in _MODES:
                setattr(self.mode, each, each == chosen)
        for name, entry in _TOGGLED.items():
            if name in edges:
                setattr(self.mode, entry, not getattr(self.mode, entry))

    def _requests(self, edges: set[str], *, first: bool) -> bool:
        """Carry out requests to initialise or to switch off; tell whether there was one."""
        initialise = first or "INIT_SQ" in edges or self.mode.INIT
        switch_off = "OFF_SQ" in edges or self.mode.OFF
        self.mode.INIT = self.mode.OFF = False
        if not (initialise or switch_off):
            return False
        for each in self._active():
            self._deactivate(each)
        if initialise:
            initial = [each for each in self.graph.code.steps if each.step.initial]
            for each in initial or self.graph.code.steps[:1]:
                self._activate(each)
        return True

    def _manual(self, edges: set[str]) -> None:
        """In manual mode switch the chosen step on or off."""
        chosen = self.graph.steps.get(member(self.instance, "S_SEL", 0) or member(self.instance, "S_NO", 0))
        if not self.mode.MAN or chosen is None:
            return
        if "S_OFF" in edges and self.of(chosen).X:
            self._deactivate(chosen)
        if "S_ON" in edges and not self.of(chosen).X:
            self._activate(chosen)

    # Transitions -----------------------------------------------------------------------------------------------------

    def _switch(self, *, pushed: bool) -> None:
        """Evaluate the valid transitions and switch: first off, then on."""
        ready = {each.step.number for each in self._active()}
        leaving: list[int] = []
        entering: list[int] = []
        for code in self.graph.code.transitions:
            before = code.transition.before
            valid = bool(before) and ready.issuperset(before)
            true = valid and self._holds(code)
            switches = true_or_pushed(self.mode, true=true, valid=valid, pushed=pushed) and self._free(before, leaving)
            held = self._transition(code)
            held.TV, held.TT, held.TS = valid, true, switches
            if switches:
                leaving += before
                entering += self._entered(code, {code.transition.number})
        for number in leaving:
            self._deactivate(self.graph.steps[number])
        for number in dict.fromkeys(entering):
            if not self.of(self.graph.steps[number]).X:
                self._activate(self.graph.steps[number])

    def _holds(self, code: TransitionCode) -> bool:
        return code.condition is None or code.condition(self.instance, self.frame)

    def _free(self, before: Iterable[int], leaving: list[int]) -> bool:
        """Tell whether steps may be left: no other transition takes them, none is disturbed, nothing halts."""
        if self.mode.HALT or any(number in leaving for number in before):
            return False
        return not any(self.of(self.graph.steps[number]).VA for number in before)

    def _entered(self, code: TransitionCode, seen: set[int]) -> list[int]:
        """Return the steps behind a transition; where steps are skipped, those behind a step whose way on is open."""
        found = []
        for number in code.transition.after:
            following = self._way_on(number, seen) if self.mode.SSKIP else None
            found += [number] if following is None else self._entered(following, seen | {following.transition.number})
        return found

    def _way_on(self, number: int, seen: set[int]) -> TransitionCode | None:
        ways = (each for each in self.graph.code.transitions if each.transition.before == (number,))
        return next((each for each in ways if each.transition.number not in seen and self._holds(each)), None)

    def _activate(self, code: StepCode) -> None:
        held = self.of(code)
        held.X, held.S1, held.T, held.U = True, True, 0, 0
        held.LA = held.VA = False

    def _deactivate(self, code: StepCode) -> None:
        held = self.of(code)
        held.X, held.S0, held.S1 = False, True, False
        held.LS = held.LA = held.VS = held.VA = False
        for action in code.actions:
            clear(self, action)
            fire(self, action, {"S0"}, satisfied=True)

    # Active steps ----------------------------------------------------------------------------------------------------

    def _execute(self, code: StepCode, passed: int, edges: set[str]) -> None:
        """Let time pass in a step, evaluate its interlock and supervision, and carry out its actions."""
        held = self.of(code)
        if not (held.S1 or self.mode.TMS_HALT):
            held.T += passed
            held.U += 0 if held.VA else passed
        satisfied = self._interlock(code, held)
        self._supervise(code, held, edges)
        events = {event for event in _EVENTS if getattr(held, event)}
        for action in code.actions:
            if action.node.event:
                fire(self, action, events, satisfied=satisfied)
            else:
                hold(self, action, held.T, satisfied=satisfied)

    def _interlock(self, code: StepCode, held: Any) -> bool:
        """Evaluate the interlock; tell whether it lets actions through."""
        if code.interlock is None or not self.mode.LOCK:
            held.LS, held.LA = True, False
            return True
        held.LS = satisfied = code.interlock(self.instance, self.frame)
        held.L1 = not satisfied and not held.LA
        held.L0 = satisfied and held.LA
        held.LA = not satisfied
        return satisfied

    def _supervise(self, code: StepCode, held: Any, edges: set[str]) -> None:
        """Evaluate the supervision: a fault comes, stays until it is acknowledged where that is asked for, and goes."""
        watching = code.supervision is not None and self.mode.SUP
        held.VS = bool(watching and code.supervision is not None and code.supervision(self.instance, self.frame))
        acknowledged = "ACK_EF" in edges or self.mode.ACK or ("ACK_S" in edges and self._is_shown(code))
        held.V1 = held.VS and not held.VA
        held.R1 = held.VA and ("REG_EF" in edges or ("REG_S" in edges and self._is_shown(code)))
        if held.V1:
            held.VA = True
        elif held.VA and not held.VS and (acknowledged or not self.mode.ACKREQ):
            held.A1, held.V0, held.VA = acknowledged, True, False

    def _is_shown(self, code: StepCode) -> bool:
        return bool(member(self.instance, "S_NO", 0) == code.step.number)

    def _switch_on_request(self) -> None:
        """Switch the steps that actions have asked for; they run from the next call on."""
        for number in dict.fromkeys(self.off):
            if self.of(self.graph.steps[number]).X:
                self._deactivate(self.graph.steps[number])
        for number in dict.fromkeys(self.on):
            if not self.of(self.graph.steps[number]).X:
                self._activate(self.graph.steps[number])

    # Outputs ---------------------------------------------------------------------------------------------------------

    def _show(self, edges: set[str]) -> None:
        """Write the outputs that the block has."""
        active = [each.step.number for each in self._active()]
        shown = self._shown(active, edges)
        held = self.of(self.graph.steps[shown]) if shown in self.graph.steps else None
        steps = [self.of(each) for each in self.graph.code.steps]
        error, fault = any(each.LA for each in steps), any(each.VA for each in steps)
        mode = self.mode
        outputs = {
            "S_NO": shown, "S_MORE": len(active) > 1, "S_ACTIVE": held is not None and held.X,
            "S_TIME": 0 if held is None else held.T, "S_TIMEOK": 0 if held is None else held.U,
            "ERROR": error, "FAULT": fault, "ERR_FLT": error or fault, "SQ_ISOFF": not active,
            "SQ_HALTED": mode.HALT, "TM_HALTED": mode.TMS_HALT, "OP_ZEROED": mode.OPS_ZERO, "IL_ENABLED": mode.LOCK,
            "SV_ENABLED": mode.SUP, "ACKREQ_ENABLED": mode.ACKREQ, "SSKIP_ENABLED": mode.SSKIP,
            "SACT_DISP": mode.SACT_DISP, **{f"{each}_ON": getattr(mode, each) for each in _MODES},
        }  # fmt: skip
        for name, value in outputs.items():
            put(self.instance, name, value)
        flags = self.data.SQ_FLAGS
        flags.ERROR, flags.FAULT, flags.ERR_FLT = error, fault, error or fault

    def _shown(self, active: list[int], edges: set[str]) -> int:
        """Return the step to show: the chosen one in manual mode, else an active one that paging has reached."""
        chosen = member(self.instance, "S_SEL", 0)
        if self.mode.MAN and chosen in self.graph.steps:
            return int(chosen)
        if not active:
            return 0
        before = member(self.instance, "S_NO", 0)
        at = active.index(before) if before in active else 0
        at += ("S_NEXT" in edges) - ("S_PREV" in edges)
        return active[at % len(active)]


def true_or_pushed(mode: Any, *, true: bool, valid: bool, pushed: bool) -> bool:
    """Tell whether a transition switches: by its condition, by T_PUSH, by both or by either, as the mode says."""
    if mode.MAN or not valid:
        return False
    if mode.TAP:
        return true and pushed
    return true or (bool(mode.TOP) and pushed)


__all__ = ["Graph", "GraphCode", "StepCode", "TransitionCode"]
