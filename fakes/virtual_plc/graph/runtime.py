"""What one call of a GRAPH function block does around the code of its conditions and actions.

State is in the instance as TIA Portal declares it: each step and transition has its member, modes and requests are in
`RT_DATA.MOP`, the millisecond of the last call in `RT_DATA._state`. A call visits only the steps and transitions that are
not at rest (`rest.Members`): the active ones, those that end, and those that others have written.
Model: docs/facts/graph.md; what is not documented is decided here and listed in docs/conformance-plc/graph.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from virtual_plc.code.naming import attribute
from virtual_plc.cpu.services import Services
from virtual_plc.graph.code import MORE, GraphCode
from virtual_plc.graph.operation import Operation
from virtual_plc.graph.rest import Members
from virtual_plc.memory.views import buffer_of

_MILLISECOND = 1_000_000

_NONE: frozenset[str] = frozenset()


class _NoStep:
    """What is shown of a step where there is none."""

    X, T, U = False, 0, 0


_NO_STEP = _NoStep()


class Graph:
    """A GRAPH block that can be called.

    Attributes:
        code: the block.
        services: the CPU.
        steps: the code of the steps, by position.
        conditions: the conditions of the transitions, by position.
        numbers: the numbers of the transitions, by position.
        places: positions of the steps by number.
        onward: by position of a step the positions of the transitions after it.
        alone: the same for steps that have `proceed`, None for others.
        proceed: that function of the steps, by position.
        before: by position of a transition the positions of the steps before it.
        after: by position of a transition those of the steps after it.
    """

    def __init__(self, code: GraphCode, services: Services) -> None:
        """Keep the code and the CPU."""
        self.code = code
        self.services = services
        self.steps = code.steps
        self.conditions = [each.condition for each in code.transitions]
        self.numbers = [each.transition.number for each in code.transitions]
        self.places = {each.step.number: at for at, each in enumerate(code.steps)}
        self.before = [tuple(self.places[number] for number in each.transition.before) for each in code.transitions]
        self.after = [tuple(self.places[number] for number in each.transition.after) for each in code.transitions]
        onward: list[list[int]] = [[] for _ in code.steps]
        for at, before in enumerate(self.before):
            for step in before:
                onward[step].append(at)
        self.onward = [tuple(each) for each in onward]
        self.alone = [set(own) if each.proceed else None for own, each in zip(onward, code.steps, strict=True)]
        self.proceed: list[Any] = [each.proceed for each in code.steps]
        self._sequences: dict[int, Sequence] = {}

    def call(self, instance: Any, frame: Any) -> None:
        """Execute the block once.

        A call inside of a call of the same instance begins another sequence, and so does the next one after a fault.

        Args:
            instance: its instance.
            frame: its temporary variables.
        """
        sequence = self._sequences.get(id(instance))
        if sequence is None or sequence.runs:
            sequence = self._begin(instance)
        sequence.runs = True
        sequence.run(frame)
        sequence.runs = False

    def _begin(self, instance: Any) -> Sequence:
        """Return a new sequence of an instance; views may be made for one call, so that theirs is not kept."""
        sequence = Sequence(self, instance)
        if buffer_of(instance) is None:
            self._sequences[id(instance)] = sequence
        return sequence


class Sequence:
    """The sequence of one instance, and its call; actions call it to switch steps.

    Attributes:
        instance: the instance.
        runs: whether a call has begun and not ended.
        frame: the temporary variables of the call.
        now: its virtual time.
        awake: the positions of the steps that are awake.
        transitions: the positions of the transitions that are awake.
        waiting: the positions of active steps that the call has still to execute.
        switched_off: the positions of steps that actions of the call have switched off; none of its actions switches them on.
    """

    __slots__ = (
        "_data",
        "_edges",
        "_flags",
        "_graph",
        "_mode",
        "_operation",
        "_steps",
        "_transitions",
        "awake",
        "frame",
        "instance",
        "now",
        "runs",
        "switched_off",
        "transitions",
        "waiting",
    )

    def __init__(self, graph: Graph, instance: Any) -> None:
        """Find the members of the instance."""
        self.instance = instance
        self.runs = False
        self.frame: Any = None
        self.now = 0
        self._graph = graph
        self._data = instance.RT_DATA
        self._flags = instance.RT_DATA.SQ_FLAGS
        self._steps = Members([getattr(instance, attribute(each.step.name)) for each in graph.steps])
        transitions = [each.transition for each in graph.code.transitions]
        self._transitions = Members([getattr(instance, attribute(each.name)) for each in transitions])
        self.awake, self.transitions = self._steps.awake, self._transitions.awake
        self._operation = Operation(instance, graph.code.body)
        self._mode = self._operation.mode
        self._edges = _NONE
        self.waiting: list[int] = []
        self.switched_off: set[int] = set()

    def run(self, frame: Any) -> None:
        """Do all that a call does, in order.

        Args:
            frame: its temporary variables.
        """
        instance, graph, data, mode = self.instance, self._graph, self._data, self._mode
        self.frame, self.now = frame, graph.services.now
        self.switched_off.clear()
        now, last = self.now // _MILLISECOND, data._state
        data._state = now
        data.TIME_DELTA = passed = 0 if last is None else now - last
        first = not self._flags.CYC_OP
        awake, at = self.awake, -1
        if len(awake) == 1:
            (at,) = awake
            held = self._steps.all[at]
            if held.S1 or held.S0 or held.L1 or held.L0 or held.V1 or held.V0 or held.A1 or held.R1 or not held.X:
                self._forget_events()
        else:
            self._forget_events()
        given, operation, self._edges = graph.code.inputs(instance, frame), self._operation, _NONE
        if given != operation.last or operation.awake or first or given[-1] != data.S_SEL_OLD:
            self._edges, at = operation.read(given, self._active_numbers, first=first), -1
        for statements in graph.code.before:
            statements(instance, frame)
        alone = at >= 0 and len(awake) == 1 and not (operation.awake or mode.MAN or mode.HALT)
        if alone and self.transitions == graph.alone[at] and self._steps.all[at].X:
            true = graph.proceed[at](instance, frame, self, data, mode, passed)
            if true is not None:
                self._follow(true, passed)
            return
        if not self._execute_request(first) and not mode.HALT:
            self._switch()
        self._execute_all(passed)
        self._end()

    def _follow(self, true: int, passed: int) -> None:
        """Do the rest of a call that a step has begun alone: it has found a true transition, or has done more than usual."""
        if true == MORE:
            self._work_off(passed)
        else:
            self._switch_in([each for each in sorted(self.transitions) if each >= true], true)
            self._execute_all(passed)
        self._end()

    def _end(self) -> None:
        """Do what comes after the steps."""
        for statements in self._graph.code.after:
            statements(self.instance, self.frame)
        self._show()

    # Steps -----------------------------------------------------------------------------------------------------------

    def _active(self) -> list[int]:
        """Return the positions of the active steps, the longest active one first."""
        held = self._steps.all
        active = [at for at in self.awake if held[at].X]
        if len(active) > 1:
            active.sort()
            active.sort(key=lambda at: -held[at].T)
        return active

    def _active_numbers(self) -> list[int]:
        return [self._graph.steps[at].step.number for at in self._active()]

    def _forget_events(self) -> None:
        """Take back the events of the last call; a step that is not active then rests."""
        steps = self._steps
        for at in sorted(self.awake) if len(self.awake) > 1 else (*self.awake,):
            held = steps.all[at]
            if held.S1 or held.S0 or held.L1 or held.L0 or held.V1 or held.V0 or held.A1 or held.R1:
                end_pulses = self._graph.steps[at].end_pulses
                if end_pulses is not None:
                    end_pulses(self.instance, self.frame, held)
                held.S1 = held.S0 = held.L1 = held.L0 = held.V1 = held.V0 = held.A1 = held.R1 = False
            if not held.X:
                steps.rest(at)

    def _execute_request(self, first: bool) -> bool:
        """Carry out a request to initialise or to switch off; return whether there was one."""
        initialises, switches_off = self._operation.initialises(self._edges) or first, "OFF" in self._edges
        if not (initialises or switches_off):
            return False
        for each in self._active():
            self._deactivate(each)
        if initialises:
            initial = [at for at, each in enumerate(self._graph.steps) if each.step.initial]
            for each in initial or range(len(self._graph.steps))[:1]:
                self._activate(each)
        return True

    def _activate(self, at: int) -> None:
        """Begin a step: its time counts from now, and this call still executes it."""
        held, step = self._steps.all[at], self._graph.steps[at].step
        held.X, held.S1, held.T, held.U, held.SNO = True, True, 0, 0, step.number
        held.T_MAX, held.T_WARN = step.maximum or held.T_MAX, step.warning or held.T_WARN
        self.waiting.append(at)

    def _deactivate(self, at: int) -> None:
        """End a step: what it holds falls to 0, then its actions for S0 are carried out."""
        held, code = self._steps.all[at], self._graph.steps[at]
        held.X, held.S1, held.S0 = False, False, True
        if code.clear is not None:
            code.clear(self.instance, self.frame)
        held.LA = held.VA = held.AA = held.RA = held.LS = held.VS = False
        self.waiting = [each for each in self.waiting if each != at]
        if code.leave is not None:
            code.leave(self.instance, self.frame, self, held, self._mode)

    def switch_on(self, at: int) -> None:
        """Begin the step at a position for an action, unless another action of this call has switched it off."""
        if at not in self.switched_off:
            self._enter(at)

    def switch_off(self, at: int) -> None:
        """End the step at a position for an action, without delay."""
        self.switched_off.add(at)
        self._leave(at)

    def _enter(self, at: int) -> None:
        if not self._steps.all[at].X:
            self._activate(at)

    def _leave(self, at: int) -> None:
        if self._steps.all[at].X:
            self._deactivate(at)

    def switch_off_others(self, held: Any) -> None:
        """End all active steps but the one with a member."""
        own = self._steps.place(held)
        self.switched_off.update(at for at in range(len(self._steps.all)) if at != own)
        for at in self._steps.in_order():
            if at != own:
                self._leave(at)

    def supervise(self, held: Any, fault: bool) -> None:
        """Set the fault of a step with its condition; clear it with the condition, or with ACKREQ by acknowledgement.

        One that is acknowledged while its condition lasts comes again only with the next condition.

        Args:
            held: the member of the step.
            fault: the condition of its supervision.
        """
        number = self._graph.steps[self._steps.place(held)].step.number
        before, held.VS = held.VA, fault
        held.AA = held.AA and fault
        acknowledged = before and self._operation.acknowledges(self._edges, number)
        if acknowledged:
            held.A1, held.AA = True, fault
        kept = before and not acknowledged and self._mode.ACKREQ
        held.VA = kept or (fault and not held.AA)
        held.V1, held.V0 = held.VA and not before, before and not held.VA
        held.R1 = held.VA and self._operation.registers(self._edges, number)
        held.RA = held.VA and (held.RA or held.R1)

    # Transitions -----------------------------------------------------------------------------------------------------

    def _switch(self) -> None:
        """Evaluate the valid transitions and switch."""
        order = self._validate()
        if self._mode.MAN:
            self._by_hand()
        else:
            self._switch_in(order)

    def _switch_in(self, order: Iterable[int], true: int | None = None) -> None:
        """Evaluate transitions, but the one that is true already, and switch: first off, then on."""
        leaving: set[int] = set()
        entering: dict[int, None] = {}
        self._evaluate(order, leaving, entering, true)
        if not leaving:
            return
        if self._mode.SSKIP:
            self._skip(entering)
        for each in self._active():
            if each in leaving:
                self._deactivate(each)
        for each in sorted(entering):
            self._enter(each)

    def _validate(self) -> list[int]:
        """Find the valid transitions and return them in their order; the others rest."""
        transitions, steps, before = self._transitions, self._steps.all, self._graph.before
        found = transitions.awake.copy()
        for each in self.awake:
            if steps[each].X:
                found.update(self._graph.onward[each])
        valid = []
        for at in sorted(found):
            held = transitions.all[at]
            held.TT, held.TS, held.TNO = False, False, self._graph.numbers[at]
            for each in before[at]:
                if not steps[each].X:
                    held.TV = False
                    break
            else:
                held.TV = bool(before[at])
            if held.TV:
                valid.append(at)
            else:
                transitions.rest(at)
        return valid

    def _evaluate(
        self, order: Iterable[int], leaving: set[int], entering: dict[int, None], known: int | None = None
    ) -> None:
        """Evaluate transitions; note the steps that end and those that begin, by position.

        Where a condition writes a transition that rests, the search for those behind it begins again.
        """
        graph, transitions, steps = self._graph, self._transitions, self._steps.all
        woken = transitions.woken
        for at in order:
            held, before, condition = transitions.all[at], graph.before[at], graph.conditions[at]
            if not held.TV:
                continue
            held.TT = true = at == known or condition is None or condition(self.instance, self.frame)
            if (true or self._edges) and self._operation.lets_through(self._edges, true=true):
                disturbed = [each for each in before if steps[each].VA]
                if not disturbed and leaving.isdisjoint(before):
                    held.TS = True
                    leaving.update(before)
                    entering |= dict.fromkeys(graph.after[at])
            if woken != transitions.woken:
                self._evaluate([each for each in sorted(transitions.awake) if each > at], leaving, entering)
                return

    def _skip(self, entering: dict[int, None]) -> None:
        """Skip steps that would end in the same scan, because the transition after them is true, too."""
        for _ in self._graph.steps:
            last, skipped = -1, False
            while (at := self._next_after(entering, last)) is not None:
                last, held, condition = at, self._transitions.all[at], self._graph.conditions[at]
                if not held.TS and (condition is None or condition(self.instance, self.frame)):
                    held.TT = held.TS = skipped = True
                    for each in self._graph.before[at]:
                        del entering[each]
                    entering |= dict.fromkeys(self._graph.after[at])
            if not skipped:
                return

    def _next_after(self, entering: dict[int, None], last: int) -> int | None:
        """Return the next transition, in their order, whose steps before it are all to be entered."""
        found = {at for each in entering for at in self._graph.onward[each]}
        return min((at for at in found if at > last and entering.keys() >= {*self._graph.before[at]}), default=None)

    def _by_hand(self) -> None:
        """Switch the shown step on or off in manual mode."""
        shown = self._graph.places.get(self._data.S_DISPLAY)
        if shown is not None and "S_OFF" in self._edges:
            self._leave(shown)
        if shown is not None and "S_ON" in self._edges:
            self._enter(shown)

    # Active steps ----------------------------------------------------------------------------------------------------

    def _execute_all(self, passed: int) -> None:
        """Execute the active steps, the oldest first, then those that become active meanwhile."""
        new = self.waiting
        self.waiting = [each for each in self._active() if each not in new] + new
        self._work_off(passed)

    def _work_off(self, passed: int) -> None:
        """Execute the steps that wait for it."""
        while self.waiting:
            at = self.waiting.pop(0)
            self._execute(at, self._steps.all[at], passed)

    def _execute(self, at: int, held: Any, passed: int) -> None:
        """Let time pass in a step, and execute it."""
        if not (held.S1 or self._mode.TMS_HALT):
            held.T += passed
            if not held.VA:
                held.U += passed
        self._graph.steps[at].execute(self.instance, self.frame, self, held, self._mode)

    # Outputs ---------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Show the state in the runtime data and the outputs that the block has."""
        members, active = self._steps.all, self._active()
        error, fault = any(members[at].LA for at in active), any(members[at].VA for at in active)
        valid = [at for at in sorted(self.transitions) if self._transitions.all[at].TV]
        self._write_state([self._graph.steps[at].step.number for at in active], valid, error=error, fault=fault)

    def _write_state(self, active: list[int], valid: list[int], *, error: bool, fault: bool) -> None:
        """Write the state.

        Args:
            active: the numbers of the active steps, the longest active one first.
            valid: the positions of the valid transitions.
            error: whether an interlock is missing.
            fault: whether there is a fault.
        """
        data, flags, graph, mode = self._data, self._flags, self._graph, self._mode
        flags.ERROR, flags.FAULT, flags.ERR_FLT, flags.CYC_OP = error, fault, error or fault, True
        if data.S_DISPLAY not in active:
            self._operation.display(active)
        shown = graph.places.get(data.S_DISPLAY)
        held = _NO_STEP if shown is None else self._steps.all[shown]
        graph.code.outputs(
            self.instance,
            self.frame,
            mode,
            0 if shown is None else data.S_DISPLAY,
            len(active) > 1,
            held.X,
            held.T,
            held.U,
            graph.numbers[valid[0]] if valid else 0,
            len(valid) > 1,
            error,
            fault,
            error or fault,
            not active,
        )
