"""Forced inputs and outputs: a forced input replaces what the module gives, a forced output what the program writes.

Facts: docs/facts/execution.md#forcing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from virtual_plc.surroundings.overlay import Patch

MOST: Final = 200
"""Operands that can be forced at the same time."""


@dataclass(frozen=True, slots=True)
class Force:
    """A forced operand.

    Attributes:
        name: the tag or address, as it was named.
        address: its address, such as `%I0.0:P`.
        data_type: its type.
        value: the forced value.
        output: whether it is an output.
        patches: its bits.
    """

    name: str
    address: str
    data_type: str
    value: Any
    output: bool
    patches: tuple[Patch, ...]

    def overlaps(self, other: Force) -> bool:
        """Return whether both force a bit, unless they force the same operand."""
        if self.output != other.output or self.address == other.address:
            return False
        mine = {each.byte: each.mask for each in self.patches}
        return any(mine.get(each.byte, 0) & each.mask for each in other.patches)


class Forces:
    """The forced operands of a CPU; a STOP, a power cycle and a download keep them.

    Attributes:
        inputs: the bits of forced inputs.
        outputs: the bits of forced outputs.
    """

    def __init__(self) -> None:
        """Force nothing."""
        self._forces: dict[str, Force] = {}
        self.inputs: list[Patch] = []
        self.outputs: list[Patch] = []

    def __len__(self) -> int:
        """Return how many operands are forced."""
        return len(self._forces)

    def __iter__(self) -> Iterator[Force]:
        """Yield the forced operands in the order in which they were forced."""
        return iter(list(self._forces.values()))

    def put(self, force: Force) -> None:
        """Force an operand, or give a forced one another value.

        Raises:
            ValueError: it overlaps a forced operand, or too many are forced.
        """
        other = next((each for each in self if each.overlaps(force)), None)
        if other is not None:
            raise ValueError(f"'{force.name}' overlaps '{other.name}', which is forced; stop forcing that first.")
        if force.address not in self._forces and len(self) >= MOST:
            raise ValueError(f"{MOST} operands are forced, which is the most; stop forcing some first.")
        self._forces[force.address] = force
        self._collect()

    def remove(self, address: str) -> Force | None:
        """Stop forcing an operand; return it, None where it was not forced."""
        found = self._forces.pop(address, None)
        self._collect()
        return found

    def clear(self) -> list[Force]:
        """Stop forcing; return those that were forced."""
        found = list(self)
        self._forces.clear()
        self._collect()
        return found

    def _collect(self) -> None:
        self.inputs = [patch for each in self if not each.output for patch in each.patches]
        self.outputs = [patch for each in self if each.output for patch in each.patches]
