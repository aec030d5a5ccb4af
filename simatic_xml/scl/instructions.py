"""The instructions that SCL can call: spelling, whether they return a value, and the type behind their name.

The table `instructions.csv` holds facts only; what it does not list is recognised by its form (`INT_TO_REAL`).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

INSTANCE_INSTRUCTIONS = frozenset(["TP", "TON", "TOF", "TONR", "CTU", "CTD", "CTUD", "R_TRIG", "F_TRIG"])
"""Instructions that are called as a step of their instance data block, `"Timer_DB".TON(...)`."""

ELEMENTARY = {
    name.upper(): name
    for name in [
        "Bool",
        "Byte",
        "Word",
        "DWord",
        "LWord",
        "SInt",
        "Int",
        "DInt",
        "LInt",
        "USInt",
        "UInt",
        "UDInt",
        "ULInt",
        "Real",
        "LReal",
        "S5Time",
        "Time",
        "LTime",
        "Date",
        "Time_Of_Day",
        "TOD",
        "LTOD",
        "DTL",
        "LDT",
        "DT",
        "Char",
        "WChar",
        "String",
        "WString",
    ]
}
"""Elementary data types by their upper-case name."""

_CONVERSION = re.compile(r"[A-Z][A-Z0-9_]*_TO_[A-Z][A-Z0-9_]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its name as TIA Portal writes it, the type parameter behind its name, its parameters.

    Attributes:
        name: as written in an export.
        template: name of the type parameter, `dest_type` for `SCALE_X_REAL`; empty without one.
        returns: whether the call has a value.
        inputs: names of the input parameters in order.
        outputs: names of the output parameters in order.
        inouts: names of the in/out parameters in order.
        version: library version where one was seen, else empty.
    """

    name: str
    template: str
    returns: bool
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    inouts: tuple[str, ...]
    version: str


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a call is written in an export: the name, and the type parameter if the name carries a type."""

    name: str
    template: str = ""
    data_type: str = ""


@cache
def instructions() -> dict[str, Instruction]:
    """Return all known instructions by their upper-case name."""
    text = resources.files(__package__).joinpath("instructions.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["name"].upper(): _instruction(row) for row in rows}


def _instruction(row: dict[str, str]) -> Instruction:
    names = {key: tuple(row[key].split()) for key in ("inputs", "outputs", "inouts")}
    return Instruction(row["name"], row["template"], row["returns"] == "yes", version=row["version"], **names)


def spelling(name: str) -> Spelling:
    """Return how TIA Portal writes a called name; a type behind it becomes the type parameter."""
    known = instructions().get(name.upper())
    if known is not None:
        return Spelling(known.name)
    base, _, suffix = name.rpartition("_")
    owner = instructions().get(base.upper())
    if owner is not None and owner.template and suffix.upper() in ELEMENTARY:
        return Spelling(owner.name, owner.template, ELEMENTARY[suffix.upper()])
    return Spelling(name)


def returns_value(name: str, *, used: bool) -> bool:
    """Tell whether an instruction returns a value: it is known to, it is a conversion, or the value is used."""
    known = instructions().get(name.upper())
    return used or (known is not None and known.returns) or _CONVERSION.fullmatch(name) is not None
