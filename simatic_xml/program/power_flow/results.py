"""What a block's power flow consists of. None everywhere means that the values do not show it."""

from __future__ import annotations

from dataclasses import dataclass

Known = bool | int | float | str | None
"""The value of an operand or of a wire; durations are counts of their type's unit; None where it is not known."""


@dataclass(frozen=True, slots=True)
class Operand:
    """An operand of a network.

    Attributes:
        text: as the drawing shows it.
        path: as in SCL, `"Motor_DB".speed`; of a variable of the block itself `#speed`; empty where its value cannot be read
            by a name: of a temporary variable, the parameter of a function, an element with a variable index, a slice.
        data_type: its type, as TIA Portal writes it.
    """

    text: str
    path: str
    data_type: str


@dataclass(frozen=True, slots=True)
class PlaceFlow:
    """The current in one network, or in one condition of a GRAPH program.

    Attributes:
        place: as in the drawing: empty, or `T1`, `S1.interlock`, `S1.supervision`, `before.1`, `after.1`.
        wires: by the number of each wire that carries a truth value, whether current flows.
        parts: by the number of each part whether it conducts (contacts, comparisons) or current reaches it (all others).
    """

    place: str
    wires: dict[int, bool | None]
    parts: dict[int, bool | None]


@dataclass(frozen=True, slots=True)
class StepFlow:
    """A step of GRAPH and whether it is active."""

    number: int
    name: str
    active: bool | None


@dataclass(frozen=True, slots=True)
class NetworkFlow:
    """The current in a network of a block.

    Attributes:
        number: number of the network, from 1.
        executed: False where a jump or RETURN leaves it out; then no wire is known.
        operands: the operands, in the order of the network.
        known: what is known of their values, by their text.
    """

    number: int
    executed: bool | None
    places: tuple[PlaceFlow, ...]
    operands: tuple[Operand, ...]
    known: dict[str, Known]
    steps: tuple[StepFlow, ...]
