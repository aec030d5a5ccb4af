"""Which data of data blocks are retentive, and how they survive a restart.

Facts: S7-1200 system manual (11/2011) and programming guideline 81318674: with optimized access each member of a DB or
FB is retentive or not; with standard access all of a block is. `SetInIDB` leaves it to the instance DB. Data blocks of
S7-300 and S7-400 are retentive unless they are declared otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fakes.plc.shapes import by_reference, copy_into, is_plain
from fakes.plc.starting_values import Slot, slot
from simatic_xml.program.nodes import DataBlockDeclaration
from simatic_xml.program.types import Structure


def retentive(declaration: DataBlockDeclaration) -> tuple[str, ...]:
    """Return the paths of a data block that are retentive (`.motor`), `("",)` for all of it.

    What lies within one of them is not listed again.
    """
    found = [*declaration.retains, *_of_type(declaration.type, "")]
    if "" in found or (found and not declaration.optimized):
        return ("",)
    kept: list[str] = []
    for path in sorted(dict.fromkeys(found), key=len):
        if not any(path.startswith((f"{outer}.", f"{outer}[")) or path == outer for outer in kept):
            kept.append(path)
    return tuple(kept)


def _of_type(data_type: Any, path: str) -> Iterator[str]:
    """Yield the paths that a function block, or an instance within it, declares retentive."""
    if not isinstance(data_type, Structure):
        return
    for member in data_type.members:
        here = f"{path}.{member.name}"
        if member.retain == "Retain":
            yield here
        elif isinstance(member.type, Structure) and not by_reference(data_type, member):
            yield from _of_type(member.type, here)


def keep(declaration: DataBlockDeclaration, old: Any, fresh: Any) -> None:
    """Copy the retentive values of a data block into one with start values.

    Args:
        declaration: of both.
        old: values before.
        fresh: gets the retentive ones.
    """
    for path in retentive(declaration):
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
