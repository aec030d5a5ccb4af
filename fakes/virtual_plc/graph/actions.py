"""Actions of GRAPH steps: what applies while a step is active, and what happens once for an event.

Facts: S7-GRAPH manual on actions and events. An N with an event is a pulse of one call (unverified); times of D and L
count from the activation of the step (unverified).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from simatic_xml.program import graph_nodes
from simatic_xml.program.types.moments import s5time, s5time_milliseconds
from simatic_xml.program.types.types import Elementary
from virtual_plc.instructions.control import s5_counters, s5_timers

ALL_STEPS = "S_ALL"
_LONGEST = 9_990_000
_TIMED = ("D", "L")
_HELD = ("N", *_TIMED)
_STARTS = {"TL": s5_timers.EXTENDED, "TD": s5_timers.LATCHING, "TF": s5_timers.OFF_DELAY}


@dataclass(frozen=True, slots=True)
class Action:
    """An action with its code; each function takes the instance and the temporary variables.

    Attributes:
        node: the action.
        owner: number of its step.
        write: writes its Bool operand.
        argument: returns its time or count, as the type of `node.argument` has it.
        place: returns the reference to its timer or counter.
        run: executes its statements.
    """

    node: graph_nodes.GraphAction
    owner: int
    write: Callable[[Any, Any, bool], None] | None = None
    argument: Callable[[Any, Any], int] | None = None
    place: Callable[[Any, Any], Any] | None = None
    run: Callable[[Any, Any], None] | None = None


class Call(Protocol):
    """The call of the block that an action is carried out in.

    Attributes:
        graph: the block.
        instance: its instance.
        frame: its temporary variables.
        now: virtual time.
        operation: modes and requests.
    """

    graph: Any
    instance: Any
    frame: Any
    now: int
    operation: Any

    def of(self, code: Any) -> Any:
        """Return the member of a step."""

    def activate(self, code: Any) -> None:
        """Begin a step."""

    def deactivate(self, code: Any) -> None:
        """End a step."""


def perform(call: Call, action: Action, held: Any) -> None:
    """Carry out an action: because its step is active, or because its event has come.

    Args:
        call: the call of the block.
        action: the action.
        held: member of its step.
    """
    node = action.node
    works = held.LS or not node.interlock
    if node.qualifier in _HELD and action.write is not None:
        holds = works and _in_time(call, action, held.T) and not call.operation.mode.OPS_ZERO
        action.write(call.instance, call.frame, holds)
    elif works:
        _once(call, action)


def _in_time(call: Call, action: Action, time: int) -> bool:
    """Return whether the operand is 1 at a time of the step; with an event it is without delay."""
    if action.node.event or action.node.qualifier not in _TIMED:
        return True
    over = time >= _milliseconds(call, action)
    return over if action.node.qualifier == "D" else not over


def clear(call: Call, action: Action) -> None:
    """Put the operand of N, D and L to 0 when the step ends."""
    if not action.node.event and action.node.qualifier in _HELD and action.write is not None:
        action.write(call.instance, call.frame, False)


def end_pulse(call: Call, action: Action, held: Any) -> None:
    """Put an operand to 0 that an event of the last call has set for one call."""
    node = action.node
    if node.event and node.qualifier == "N" and action.write is not None and getattr(held, node.event):
        action.write(call.instance, call.frame, False)


def _once(call: Call, action: Action) -> None:
    """Carry out an action that sets, resets, switches a step, counts, starts a timer or has statements."""
    node = action.node
    if action.run is not None:
        action.run(call.instance, call.frame)
    elif node.qualifier in ("S", "R") and action.write is not None:
        action.write(call.instance, call.frame, node.qualifier == "S")
    elif node.qualifier in ("ON", "OFF"):
        _switch(call, action)
    elif action.place is not None:
        place = action.place(call.instance, call.frame)
        _operate(call, action, place.container, int(place.key))


def _switch(call: Call, action: Action) -> None:
    """Switch another step on or off, without delay."""
    node = action.node
    for code in call.graph.code.steps:
        every = node.step == ALL_STEPS and code.step.number != action.owner
        if not (every or code.step.name == node.step):
            continue
        active = call.of(code).X
        if node.qualifier == "ON" and not active:
            call.activate(code)
        elif node.qualifier == "OFF" and active:
            call.deactivate(code)


def _operate(call: Call, action: Action, words: list[int], number: int) -> None:
    """Count, or start or stop a timer; an edge is made for it."""
    qualifier = action.node.qualifier
    if qualifier in ("CU", "CD"):
        way = s5_counters.UP if qualifier == "CU" else s5_counters.DOWN
        s5_counters.count(words, number, way, False)
        s5_counters.count(words, number, way, True)
    elif qualifier == "CR":
        s5_counters.reset(words, number)
    elif qualifier == "CS":
        value = action.argument(call.instance, call.frame) if action.argument is not None else 0
        for given in (False, True):
            s5_counters.preset(words, number, given, value)
    elif qualifier == "TR":
        s5_timers.reset(words, number)
    else:
        _start(call, action, words, number)


def _start(call: Call, action: Action, words: list[int], number: int) -> None:
    kind = _STARTS[action.node.qualifier]
    word = s5time(min(max(_milliseconds(call, action), 0), _LONGEST))
    given = (True, False) if kind == s5_timers.OFF_DELAY else (False, True)
    for each in given:
        s5_timers.operate(words, number, kind, each, word or 0, call.now)


def _milliseconds(call: Call, action: Action) -> int:
    """Return the time of an action."""
    node = action.node
    if action.argument is None or node.argument is None or not isinstance(node.argument.type, Elementary):
        return 0
    value = action.argument(call.instance, call.frame)
    if node.argument.type.unit:
        return value * node.argument.type.unit // 1_000_000
    return s5time_milliseconds(value)
