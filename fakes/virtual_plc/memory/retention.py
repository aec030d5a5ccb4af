"""Which data of data blocks are retentive, and how values survive a restart and a download.

Facts: S7-1200 system manual (11/2011) and programming guideline 81318674: with optimized access each member of a DB or
FB is retentive or not; with standard access all of a block is. `SetInIDB` leaves it to the instance DB. Data blocks of
S7-300 and S7-400 are retentive (that they can be declared otherwise is not known here).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.layout import element_count
from simatic_xml.program.types.start_paths import step
from simatic_xml.program.types.types import Array, DataType, Structure
from virtual_plc.code.naming import attribute
from virtual_plc.memory.shapes import STATE, by_reference, copy_into, has_state, is_plain
from virtual_plc.memory.starting_values import Slot, indices_of, position, slot

_ALWAYS = ("S7-300", "S7-400")


def retentive(declaration: DataBlockDeclaration, family: str = "S7-1500") -> tuple[str, ...]:
    """Return the paths of a data block that are retentive (`.motor`), `("",)` for all of it.

    What is within one of them is not listed again.

    Args:
        declaration: the data block.
        family: CPU family.
    """
    if family in _ALWAYS:
        return ("",)
    found = [*declaration.retains, *_of_type(declaration.type, "")]
    if "" in found or (found and not declaration.optimized):
        return ("",)
    kept: list[str] = []
    for path in sorted(dict.fromkeys(found), key=len):
        if not any(path.startswith((f"{outer}.", f"{outer}[")) or path == outer for outer in kept):
            kept.append(path)
    return tuple(kept)


def _of_type(data_type: DataType, path: str) -> Iterator[str]:
    """Yield the paths that a function block, or an instance within it, declares retentive."""
    if not isinstance(data_type, Structure):
        return
    for member in data_type.members:
        here = f"{path}{step(member.name)}"
        if member.retain == "Retain":
            yield here
        elif isinstance(member.type, Structure) and not by_reference(data_type, member):
            yield from _of_type(member.type, here)


def keep(declaration: DataBlockDeclaration, family: str, old: Any, fresh: Any) -> None:
    """Copy the retentive values of a data block into one with start values.

    Args:
        declaration: of both.
        family: CPU family.
        old: values before.
        fresh: gets the retentive ones.
    """
    for path in retentive(declaration, family):
        if not path:
            copy_into(fresh, old)
            return
        source, target = slot(old, declaration.type, path), slot(fresh, declaration.type, path)
        if source is not None and target is not None:
            move(source, target)


def move(source: Slot, target: Slot) -> None:
    """Copy one value, whole structures and arrays too."""
    if is_plain(source.type):
        target.set(source.get())
    else:
        copy_into(target.get(), source.get())


def carry_over(old_type: DataType, old: Any, new_type: DataType, new: Any) -> None:
    """Copy what two data have in common: members of the same name and type, elements of the same index.

    What is new keeps its start value. A value whose type changed does so, too.

    Args:
        old_type: type of the data before.
        old: their values.
        new_type: type of the data now.
        new: gets the values.
    """
    if isinstance(old_type, Structure) and isinstance(new_type, Structure):
        for source, target in _common(old_type, old, new_type, new):
            _carry(source, target)
    elif isinstance(old_type, Array) and isinstance(new_type, Array):
        for index in range(element_count(new_type)):
            at = position(old_type, indices_of(new_type, index))
            if at is not None:
                _carry(Slot(old, at, old_type.element), Slot(new, index, new_type.element))


def _common(old_type: Structure, old: Any, new_type: Structure, new: Any) -> Iterator[tuple[Slot, Slot]]:
    for member in new_type.members:
        before = old_type.by_name.get(member.name.casefold())
        if before is not None and not by_reference(new_type, member) and not by_reference(old_type, before):
            source = Slot(old, attribute(before.name), before.type)
            yield source, Slot(new, attribute(member.name), member.type)
    if has_state(new_type) and old_type.name == new_type.name:
        setattr(new, STATE, getattr(old, STATE))


def _carry(source: Slot, target: Slot) -> None:
    if not is_plain(target.type):
        if not is_plain(source.type):
            carry_over(source.type, source.get(), target.type, target.get())
    elif source.type == target.type:
        target.set(source.get())
