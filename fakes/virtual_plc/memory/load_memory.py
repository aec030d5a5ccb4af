"""The load memory: the start values of data blocks as the memory card has them (READ_DBL, WRIT_DBL).

A data block has its start values there until the program writes others. A restart takes the start values of data that are not
retentive from there. Facts: docs/facts/communication.md#load-memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from virtual_plc.memory.data_blocks import new_data_block
from virtual_plc.memory.shapes import Data, copy_into
from virtual_plc.memory.starting_values import Slot
from virtual_plc.memory.views import ArrayView, buffer_of, view

if TYPE_CHECKING:
    from virtual_plc.memory.memory import Memory


class LoadMemory:
    """The start values that the program has written, by casefolded name of the data block."""

    def __init__(self) -> None:
        """Begin without a written data block."""
        self.written: dict[str, Any] = {}

    def find_block(self, memory: Memory, container: Any, value: Any) -> str | None:
        """Return the data block that an operand belongs to, None for other memory.

        Args:
            memory: the memory of the CPU.
            container: what holds the operand.
            value: the operand itself.
        """
        sought = {id(container), id(value)}
        buffers = {id(found) for each in (container, value) if (found := buffer_of(each)) is not None}
        for key, data in memory.data_blocks.items():
            own = buffer_of(data)
            if id(own) in buffers if own is not None else any(id(each) in sought for each in _parts(data)):
                return key
        return None

    @contextmanager
    def shown(self, memory: Memory, key: str) -> Iterator[Callable[[], None]]:
        """Let a data block have the values of the load memory for a moment.

        Yields:
            What keeps the values of the data block as those of the load memory.
        """
        data = memory.data_blocks[key]
        actual = _copy(memory, key, data)
        copy_into(data, self.start_values(memory, key))

        def keep() -> None:
            self.written[key] = _copy(memory, key, data)

        try:
            yield keep
        finally:
            copy_into(data, actual)

    def start_values(self, memory: Memory, key: str) -> Any:
        """Return a new data block with its start values."""
        found = self.written.get(key)
        if found is None:
            return new_data_block(memory.program, memory.program.data_blocks[key])
        return _copy(memory, key, found)

    def carry_over(self, old: Memory, new: Memory) -> None:
        """Keep what the program has written to data blocks that a download does not change."""
        for key, data in old.load_memory.written.items():
            if old.program.data_blocks[key] == new.program.data_blocks.get(key):
                self.written[key] = data


def relocate(old: Memory, new: Memory, operand: Any) -> Slot | None:
    """Return an operand in the memory of another program, None when its data block is another one there.

    Args:
        old: the memory that it is in.
        new: the memory of the other program.
        operand: a reference.
    """
    value = operand.get()
    key = old.load_memory.find_block(old, operand.container, value)
    if key is None or old.program.data_blocks[key] != new.program.data_blocks.get(key):
        return None
    buffer = buffer_of(new.data_blocks[key])
    if buffer is not None:
        offset = value.offset if isinstance(value, ArrayView) else getattr(value, "_offset", None)
        return None if offset is None else Slot([view(operand.type, buffer, offset)], 0, operand.type)
    for before, after in zip(_parts(old.data_blocks[key]), _parts(new.data_blocks[key]), strict=True):
        if before is value:
            return Slot([after], 0, operand.type)
        if before is operand.container:
            return Slot(after, operand.key, operand.type)
    return None


def _copy(memory: Memory, key: str, data: Any) -> Any:
    made = new_data_block(memory.program, memory.program.data_blocks[key])
    copy_into(made, data)
    return made


def _parts(data: Any) -> Iterator[Any]:
    """Yield the objects and lists of a data block without fixed layout."""
    yield data
    if isinstance(data, Data):
        inner = [getattr(data, name, None) for name in data._names]
    else:
        inner = list(data) if data and isinstance(data[0], Data | list) else []
    for each in inner:
        if isinstance(each, Data | list | ArrayView):
            yield from _parts(each)
