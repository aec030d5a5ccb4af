"""Plant models: small Python models of what a program controls, which run between scans in virtual time.

A model is an object with the names of its inputs and outputs, which are its attributes, and `step`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from virtual_plc.surroundings.plant.drive import Drive
from virtual_plc.surroundings.plant.tank import Tank
from virtual_plc.surroundings.plant.valve import Valve

__all__ = ["BUILT_IN", "Drive", "PlantModel", "Tank", "Valve"]


class PlantModel(Protocol):
    """What a plant model has.

    Attributes:
        inputs: names of the attributes that it gets from the PLC before each step, such as outputs of the program.
        outputs: names of the attributes that the PLC gets after each step, such as inputs of the program.
    """

    inputs: Sequence[str]
    outputs: Sequence[str]

    def step(self, dt: float) -> None:
        """Let time pass: seconds of virtual time since the last step, 0 at the beginning."""


BUILT_IN: Final[dict[str, Callable[..., Any]]] = {"Drive": Drive, "Tank": Tank, "Valve": Valve}
"""The models that come with the virtual CPU, by type."""
