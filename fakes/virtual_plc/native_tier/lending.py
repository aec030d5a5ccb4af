"""Data that are handed to native code from outside: an instance, and what its in/outs refer to."""

from __future__ import annotations

import ctypes
from typing import Any

from simatic_xml.program.types.types import Array, DataType, Structure
from virtual_plc.code.naming import attribute
from virtual_plc.memory.memory import Memory
from virtual_plc.native_tier.forms import Form
from virtual_plc.native_tier.program_text import ProgramText
from virtual_plc.native_tier.synchronising import Copy


class Lent:
    """Data that are in native memory while a block is called."""

    def __init__(self, text: ProgramText, memory: Memory, data: bytearray) -> None:
        """Begin with nothing lent.

        Args:
            text: the program.
            memory: the memory of the CPU.
            data: native memory.
        """
        self._text, self._memory, self._data = text, memory, data
        self._lent: list[tuple[Copy, Any, Any]] = []

    def instance(self, instance: Any, structure: Structure) -> Any:
        """Return the native data of an instance, with its in/outs pointing to what the instance refers to.

        A data block of the program is not copied; it has to be in native memory already.
        """
        made = self._native(instance, structure)
        for member, _, offset in self._text.context.forms.record(structure).pointers:
            referred = getattr(instance, attribute(member.name))
            if referred is not None:
                address = ctypes.addressof(self._native(referred, member.type))
                ctypes.c_uint64.from_buffer(made, offset).value = address
        return made

    def _native(self, data: Any, data_type: DataType) -> Any:
        form = self._text.context.forms.of(data_type)
        assert form is not None  # noqa: S101 (the block has been compiled with it)
        root = next((key for key, each in self._memory.data_blocks.items() if each is data), None)
        if root is not None and root in self._text.offsets:
            return (ctypes.c_uint8 * form.size).from_buffer(self._data, self._text.offsets[root])
        copy_in, copy_out = self._text.context.synchronising.pair(form, data_type)
        buffer = (ctypes.c_uint8 * form.size)()
        copy_in(data, buffer, 0)
        self._lent.append((copy_out, data, buffer))
        return buffer

    def give_back(self) -> None:
        """Copy everything back."""
        for copy_out, data, buffer in self._lent:
            copy_out(data, buffer, 0)


def data_at(text: ProgramText, memory: Memory, place: int, data_type: DataType) -> Any:
    """Return the data of a type at a place of native memory, None when there are none."""
    for key, offset in text.offsets.items():
        form = text.context.data[key][1]
        if offset <= place < offset + form.size:
            declared = text.context.program.data_blocks[key].type
            return _inside(memory.data_blocks[key], declared, form, place - offset, data_type)
    return None


def _inside(data: Any, found: DataType, form: Form, place: int, wanted: DataType) -> Any:
    """Return the data of a type at a place inside of other data."""
    if place == 0 and _is_like(found, wanted):
        return data
    if form.record is None or not 0 <= place < form.size:
        return None
    if isinstance(found, Array):
        number, rest = divmod(place, form.record.size)
        element = Form(form.text, form.record.size, form.align, record=form.record)
        return _inside(data[number], found.element, element, rest, wanted)
    for member, inner, offset in form.record.members:
        if offset <= place < offset + inner.size and (inner.count or inner.record):
            return _inside(getattr(data, attribute(member.name)), member.type, inner, place - offset, wanted)
    return None


def _is_like(found: DataType, wanted: DataType) -> bool:
    """Return whether data are what an in/out of a type refers to."""
    if isinstance(found, Array) or isinstance(wanted, Array):
        return isinstance(found, Array) and isinstance(wanted, Array) and found.bounds == wanted.bounds
    return found is wanted or (
        isinstance(found, Structure) and isinstance(wanted, Structure) and len(found.members) == len(wanted.members)
    )
