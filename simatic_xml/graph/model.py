"""A GRAPH program as typed data: what the XML says, without its spelling; compilation and execution start here."""

from dataclasses import dataclass
from typing import Literal

from lxml import etree

NodeKind = Literal["step", "transition", "branch", "end"]
BranchKind = Literal["AltBegin", "AltEnd", "SimBegin", "SimEnd"]


@dataclass(frozen=True, slots=True)
class Node:
    """An end of a connection.

    Attributes:
        kind: what the connection starts from or leads to; ``end`` stops the path.
        number: number of the step, transition or branch; 0 for an end.
        port: input or output of a branch, counted from 0 at the left; 0 for the others.
    """

    kind: NodeKind
    number: int = 0
    port: int = 0


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection; a jump is not drawn as a line."""

    source: Node
    target: Node
    jump: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """The beginning or the end of an alternative or simultaneous branch, and how many paths meet there."""

    number: int
    kind: BranchKind
    cardinality: int


@dataclass(frozen=True, slots=True)
class Action:
    """One row of a step's actions.

    Attributes:
        tokens: what the row says, cut as in the XML, with its line end.
        qualifier: ``N``, ``S``, ``R``, ``D``, ``L``, ``ON``...; empty where there is none.
        event: ``S1``, ``S0``, ``V1``, ``V0``, ``L1``, ``L0``, ``A1``, ``R1``; empty where there is none.
        interlock: whether the action works only while the interlock is satisfied.
    """

    tokens: tuple[str, ...] = ()
    qualifier: str = ""
    event: str = ""
    interlock: bool = False

    @property
    def text(self) -> str:
        """The row as text, without its line end."""
        return "".join(self.tokens).removesuffix("\n")


@dataclass(frozen=True, slots=True)
class Logic:
    """A network of a transition, interlock, supervision or permanent operation.

    Attributes:
        language: ``LAD`` or ``FBD``.
        network: its ``FlgNet`` element, None where there is none.
        programmed: whether anything leads to its coil; a network that is not programmed is not evaluated, and a
            transition without a condition switches immediately.
    """

    language: str
    network: etree._Element | None
    programmed: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A step; its times are as written (``T#10S``), None where it has none."""

    number: int
    name: str
    init: bool
    maximum: str | None
    warning: str | None
    actions: tuple[Action, ...]
    interlock: Logic
    supervision: Logic


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition with its condition."""

    number: int
    name: str
    condition: Logic


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequencer: steps, transitions, branches and connections in the order written."""

    steps: tuple[Step, ...]
    transitions: tuple[Transition, ...]
    branches: tuple[Branch, ...]
    connections: tuple[Connection, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """All of a GRAPH block: its sequences, and the permanent operations before and after them."""

    before: tuple[Logic, ...]
    sequences: tuple[Sequence, ...]
    after: tuple[Logic, ...]
