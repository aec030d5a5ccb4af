"""A GRAPH block as code: functions for its steps, transitions and permanent operations, which a tier makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simatic_xml.program import graph_nodes

MORE = -1
"""Where more is to do than to show the step."""

Code = Callable[[Any, Any], None]
"""Statements: take the instance and the temporary variables."""
InStep = Callable[[Any, Any, Any, Any, Any], None]
"""Code of a step: takes the instance, the temporary variables, the `Sequence`, the member of the step and the modes."""


@dataclass(frozen=True, slots=True, eq=False)
class StepCode:
    """A step with its code; None where there is nothing to do.

    Attributes:
        step: the step.
        proceed: does the rest of a call after the requests, while nothing but the step and its transitions is awake. It
            returns None, or the position of the first true transition without executing the step, or `MORE` after it has
            executed the step. It is None where a transition has several steps before it, or its condition may write.
        execute: evaluates interlock and supervision of the active step, and carries out its actions.
        end_pulses: puts operands to 0 that an event of the last call has set for one call; takes the member, too.
        clear: puts the operands of N, D and L to 0 when the step ends.
        leave: carries out the actions for S0.
    """

    step: graph_nodes.GraphStep
    proceed: Callable[[Any, Any, Any, Any, Any, int], int | None] | None
    execute: InStep
    end_pulses: Callable[[Any, Any, Any], None] | None
    clear: Code | None
    leave: InStep | None


@dataclass(frozen=True, slots=True, eq=False)
class TransitionCode:
    """A transition with the code of its condition, None where it has none."""

    transition: graph_nodes.GraphTransition
    condition: Callable[[Any, Any], bool] | None


@dataclass(frozen=True, slots=True)
class GraphCode:
    """All of a GRAPH block as code.

    Attributes:
        body: the block.
        before: permanent operations before the sequences.
        steps: all steps.
        transitions: all transitions.
        after: permanent operations after the sequences.
        inputs: returns the inputs, the number of the chosen step as the last.
        outputs: writes the outputs; takes the instance, the frame, the modes and a value for each of `STATES`.
    """

    body: graph_nodes.GraphBody
    before: tuple[Code, ...]
    steps: tuple[StepCode, ...]
    transitions: tuple[TransitionCode, ...]
    after: tuple[Code, ...]
    inputs: Callable[[Any, Any], Any]
    outputs: Callable[..., None]
