"""Several values in a row behind a reference: an array, the elements from one on, or a single value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simatic_xml.program.types.types import Array, DataType, Structure
from virtual_plc.code.naming import attribute
from virtual_plc.instructions.registry import Reference
from virtual_plc.memory.shapes import copy_into, is_plain


@dataclass(frozen=True, slots=True)
class Run:
    """Values in a row.

    Attributes:
        container: list or array view that holds them, or the object whose attributes they are.
        keys: their places in it.
        element: type of each of them.
    """

    container: Any
    keys: range | tuple[str, ...]
    element: DataType

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.keys)

    def get(self, index: int) -> Any:
        """Return one."""
        key = self.keys[index]
        return getattr(self.container, key) if isinstance(key, str) else self.container[key]

    def set(self, index: int, value: Any) -> None:
        """Write one; what has parts is copied into."""
        key = self.keys[index]
        if not is_plain(self.element):
            copy_into(self.get(index), value)
        elif isinstance(key, str):
            setattr(self.container, key, value)
        else:
            self.container[key] = value

    def values(self, first: int, count: int) -> list[Any]:
        """Return some of them."""
        return [self.get(index) for index in range(first, first + count)]


def run_of(reference: Reference) -> Run:
    """Return the values behind a reference: elements of the array that it is, or of the one that it points into."""
    if isinstance(reference.type, Array):
        value = reference.get()
        return Run(value, range(len(value)), reference.type.element)
    if isinstance(reference.key, str):
        return Run(reference.container, (reference.key,), reference.type)
    return Run(reference.container, range(reference.key, len(reference.container)), reference.type)


def flat_run(reference: Reference) -> Run:
    """Return the values behind a reference; the members of a structure are values in a row, too."""
    if isinstance(reference.type, Structure):
        members = reference.type.members
        element = members[0].type if members else reference.type
        return Run(reference.get(), tuple(attribute(each.name) for each in members), element)
    return run_of(reference)
