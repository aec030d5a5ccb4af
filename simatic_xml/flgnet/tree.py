"""A network as people read it: series of steps, in series and in parallel.

The tree is between the JSON form and the graph. A series starts at the power rail (LAD) or at nothing (FBD), unless
its first item says otherwise.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from simatic_xml.flgnet.model import Label, Part


@dataclass(slots=True)
class Operand:
    """An operand at a pin or at the start of a series."""

    text: str
    pointer: str = ""


@dataclass(slots=True)
class OpenPin:
    """A pin with a wire that is open at its other end."""


@dataclass(slots=True)
class UnwiredPin:
    """A pin without a wire."""


@dataclass(slots=True)
class Step:
    """A part that a series runs through.

    Attributes:
        part: the instruction or call; its UIds mean nothing here.
        inputs: what drives its input pins, the one that the series runs into only where it is not the series.
        outputs: what its output pins drive, besides the continuing series.
        via: output pin by which the series continues, where it is not the usual one.
        pointer: JSON pointer of the step.
        origin: UId in the network that the tree was lifted from.
    """

    part: Part
    inputs: dict[str, "Value"] = field(default_factory=dict)
    outputs: dict[str, "Value"] = field(default_factory=dict)
    via: str | None = None
    pointer: str = ""
    origin: int = 0


@dataclass(slots=True)
class Parallel:
    """Branches that split here and join again in an OR."""

    branches: list["Series"]
    part: Part
    pointer: str = ""
    origin: int = 0


@dataclass(slots=True)
class Branch:
    """Series that leave here and do not come back."""

    arms: list["Series"]


@dataclass(slots=True)
class Node:
    """A name for the wire at this place."""

    name: str
    pointer: str = ""


@dataclass(slots=True)
class From:
    """Start of a series at a named wire."""

    name: str
    pointer: str = ""


Item: TypeAlias = Step | Parallel | Branch | Node | From | Operand
Series: TypeAlias = list[Item]
Value: TypeAlias = Operand | OpenPin | UnwiredPin | Series


@dataclass(slots=True)
class Tree:
    """A whole network; ``rail`` says whether its series start at the power rail."""

    rungs: list[Series]
    rail: bool = True
    labels: list[Label] = field(default_factory=list)
