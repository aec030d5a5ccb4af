"""The body of a GRAPH block in the typed program: steps, transitions, and their conditions and actions as statements."""

from __future__ import annotations

from dataclasses import dataclass, field

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import Expression, Statement


@dataclass(slots=True)
class GraphLogic:
    """A condition or permanent operation; its body writes `Outcome` (a permanent operation does not).

    `programmed` is False for a network without logic: a transition then is true, an interlock satisfied, a supervision
    without fault.
    """

    body: list[Statement]
    programmed: bool


@dataclass(slots=True)
class GraphAction:
    """One action of a step.

    Attributes:
        event: `S1`, `S0`, `V1`, `V0`, `L1`, `L0`, `A1`, `R1`; empty for none.
        qualifier: `N`, `S`, `R`, `D`, `L`, `CS`, `CU`, `CD`, `CR`, `TL`, `TD`, `TF`, `TR`, `ON`, `OFF`; empty for none.
        interlock: whether it works only while the interlock is satisfied.
        operand: the Bool, timer or counter that it works on, None where it has statements.
        argument: time of D, L and the timers, value of CS.
        step: name of the step that ON or OFF works on (`S_ALL` for all).
        body: the statements of N where it is an assignment or call.
    """

    event: str
    qualifier: str
    interlock: bool
    place: Place
    operand: Expression | None = None
    argument: Expression | None = None
    step: str = ""
    body: list[Statement] = field(default_factory=list)


@dataclass(slots=True)
class GraphStep:
    """A step; times in milliseconds, None where it has none."""

    number: int
    name: str
    initial: bool
    maximum: int | None
    warning: int | None
    actions: list[GraphAction]
    interlock: GraphLogic
    supervision: GraphLogic
    place: Place


@dataclass(slots=True)
class GraphTransition:
    """A transition with the numbers of the steps before and after it; jumps and branches are followed already."""

    number: int
    name: str
    before: tuple[int, ...]
    after: tuple[int, ...]
    condition: GraphLogic
    place: Place


@dataclass(slots=True)
class GraphBody:
    """All of a GRAPH function block; transitions are in the order of their priority.

    Attributes:
        before: permanent operations before the sequencers.
        steps: all steps.
        transitions: all transitions.
        after: permanent operations after the sequencers.
        acknowledges: whether faults stay until they are acknowledged (AcknowledgeErrorsRequired).
        skips_steps: whether a step between two true transitions is left out (SkipSteps).
    """

    before: list[GraphLogic]
    steps: list[GraphStep]
    transitions: list[GraphTransition]
    after: list[GraphLogic]
    acknowledges: bool = True
    skips_steps: bool = False
