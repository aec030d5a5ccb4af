"""Instructions that SCL can call, as an export writes them: spelling, whether they return a value, type after the name.

The facts are those of the catalogue of instructions; a conversion is recognised by its form (`INT_TO_REAL`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from simatic_xml.flgnet import literals
from simatic_xml.instructions import find

INSTANCE_INSTRUCTIONS = frozenset(["TP", "TON", "TOF", "TONR", "CTU", "CTD", "CTUD", "R_TRIG", "F_TRIG"])
"""Instructions that are called as a step of their instance data block, `"Timer_DB".TON(...)`."""

ELEMENTARY = {name.upper(): name for name in (*literals.ELEMENTARY, "TOD", "LTOD", "DT")}
"""Elementary data types by their upper-case name."""

_CONVERSION = re.compile(r"[A-Z][A-Z0-9_]*_TO_[A-Z][A-Z0-9_]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spelling:
    """The form of a call in an export: the name, and the type parameter if the name carries a type."""

    name: str
    template: str = ""
    data_type: str = ""


def spelling(name: str) -> Spelling:
    """Return how TIA Portal writes a called name; a type after it becomes the type parameter where that is known."""
    found = find(name)
    if found is None:
        return Spelling(name)
    if not found.explicit:
        return Spelling(found.instruction.name)
    data_type = ELEMENTARY.get(name.rpartition("_")[2].upper())
    if data_type is None or not found.instruction.template:
        return Spelling(name)
    return Spelling(found.instruction.name, found.instruction.template, data_type)


def returns_value(name: str, *, used: bool) -> bool:
    """Return whether an instruction returns a value: the table says it, it is a conversion, or the value is used."""
    found = find(name)
    return used or (found is not None and bool(found.instruction.result)) or _CONVERSION.fullmatch(name) is not None


def usual_version(name: str) -> str | None:
    """Return the usual library version of an instruction, None where there is none or it is not known."""
    found = find(name)
    return found.instruction.version or None if found else None
