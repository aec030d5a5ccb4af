"""Actions of GRAPH steps: what each does while its step is active, and when one of its events comes.

An action with C works only while the interlock is satisfied. ZERO_OP holds the operands of N, L and D at 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from simatic_xml.program import graph_nodes
from simatic_xml.program import nodes as n
from simatic_xml.program.types.moments import s5time, s5time_milliseconds
from simatic_xml.program.types.types import Elementary
from tests.oracle.tree_walker import expressions, operands
from tests.oracle.tree_walker.statements import run
from virtual_plc.instructions.control import s5_counters, s5_timers

if TYPE_CHECKING:
    from tests.oracle.tree_walker.graph import Sequencer

ALL_STEPS = "S_ALL"
_LONGEST = 9_990_000
_HELD: dict[str, Callable[[int, int], bool]] = {
    "N": lambda _, __: True,
    "D": lambda active, time: active >= time,
    "L": lambda active, time: active < time,
}
"""Whether the operand of N, D or L is 1, by the milliseconds that the step is active and those of the action."""


def while_active(sequencer: Sequencer, step: graph_nodes.GraphStep) -> None:
    """Do the actions of an active step, from top to bottom; those with an event when it has come."""
    for action in step.actions:
        data = sequencer.data(step)
        if not data.X:
            return
        if action.event and not (action.event != "S0" and getattr(data, action.event)):
            continue
        _act(sequencer, step, action)


def on_event(sequencer: Sequencer, step: graph_nodes.GraphStep, events: Iterable[str]) -> None:
    """Do the actions of a step that belong to events."""
    for action in step.actions:
        if action.event in events:
            _act(sequencer, step, action)


def _act(sequencer: Sequencer, step: graph_nodes.GraphStep, action: graph_nodes.GraphAction) -> None:
    data = sequencer.data(step)
    works = not action.interlock or data.LS
    if action.qualifier in _HELD and action.operand is not None:
        zero = sequencer.operation.is_on("OPS_ZERO")
        time = 0 if action.argument is None else _milliseconds(sequencer, action.argument)
        held = bool(action.event) or _HELD[action.qualifier](data.T, time)
        sequencer.write(action.operand, held and works and not zero)
    elif works:
        _once(sequencer, step, action)


def _once(sequencer: Sequencer, step: graph_nodes.GraphStep, action: graph_nodes.GraphAction) -> None:
    if action.qualifier in ("S", "R") and action.operand is not None:
        sequencer.write(action.operand, action.qualifier == "S")
    elif action.qualifier in ("ON", "OFF"):
        _switch(sequencer, step, action)
    elif action.qualifier in _NUMBERED and action.operand is not None:
        place = operands.locate(sequencer.activation, action.operand, writing=True)
        _NUMBERED[action.qualifier](sequencer, action, place.container, int(place.key))
    else:
        run(sequencer.activation, action.body)


def _switch(sequencer: Sequencer, step: graph_nodes.GraphStep, action: graph_nodes.GraphAction) -> None:
    """Switch another step on or off, at once; what is switched off in a call is not switched on in it."""
    every = action.step == ALL_STEPS
    chosen = [each for each in sequencer.body.steps if each.name == action.step or (every and each is not step)]
    for each in chosen:
        active = sequencer.data(each).X
        if action.qualifier == "OFF":
            sequencer.switched_off.add(each.number)
            if active:
                sequencer.deactivate(each)
        elif not active and each.number not in sequencer.switched_off:
            sequencer.activate(each)


def _milliseconds(sequencer: Sequencer, argument: n.Expression) -> int:
    """Return a time; a Word is an S5TIME."""
    value = int(expressions.evaluate(sequencer.activation, argument))
    unit = argument.type.unit if isinstance(argument.type, Elementary) else 0
    return value * unit // 1_000_000 if unit else s5time_milliseconds(value)


# Counters and timers: an event is an edge ----------------------------------------------------------------------------


def _count(way: int) -> Callable[..., None]:
    def count(_: Sequencer, __: graph_nodes.GraphAction, counters: list[int], number: int) -> None:
        s5_counters.count(counters, number, way, given=False)
        s5_counters.count(counters, number, way, given=True)

    return count


def _preset(sequencer: Sequencer, action: graph_nodes.GraphAction, counters: list[int], number: int) -> None:
    value = 0 if action.argument is None else expressions.evaluate(sequencer.activation, action.argument)
    s5_counters.preset(counters, number, False, value)
    s5_counters.preset(counters, number, True, value)


def _start(kind: int, edge: tuple[bool, bool]) -> Callable[..., None]:
    """Return what starts a timer: its input goes from one state to another."""

    def start(sequencer: Sequencer, action: graph_nodes.GraphAction, timers: list[int], number: int) -> None:
        time = 0 if action.argument is None else _milliseconds(sequencer, action.argument)
        word = s5time(min(max(time, 0), _LONGEST)) or 0
        for given in edge:
            s5_timers.operate(timers, number, kind, given, word, sequencer.activation.machine.services.now)

    return start


_NUMBERED: dict[str, Callable[..., Any]] = {
    "CU": _count(s5_counters.UP),
    "CD": _count(s5_counters.DOWN),
    "CS": _preset,
    "CR": lambda _, __, counters, number: s5_counters.reset(counters, number),
    "TL": _start(s5_timers.EXTENDED, (False, True)),
    "TD": _start(s5_timers.LATCHING, (False, True)),
    "TF": _start(s5_timers.OFF_DELAY, (True, False)),
    "TR": lambda _, __, timers, number: s5_timers.reset(timers, number),
}
