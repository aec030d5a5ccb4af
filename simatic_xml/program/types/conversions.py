"""The conversions that a compiler makes by itself, and which types are equal.

The rules are data: `conversions.csv` says for each source type what it becomes with the IEC check on (`always`) and
what only with the check off (`unchecked`). Every rule has a mark: D documented, S secondary source, U unverified.
Source: help of TIA Portal, implicit conversions for S7-1500 and S7-1200 G2 (`new`), for S7-300 and S7-400 (`classic`);
S7-1200 is taken to be like S7-1500 (S). The overview in front of these tables says that a source is never longer than
its target; the tables themselves say otherwise for the check switched off, and name the loss, so the tables apply here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from simatic_xml.program.types.types import (
    ELEMENTARY,
    Array,
    DataType,
    Elementary,
    Kind,
    Reference,
    Special,
    Structure,
    Text,
    Unknown,
)

Loss = Literal["", "precision", "value"]
CLASSIC = ("S7-300", "S7-400")
"""CPU families of STEP 7 Classic: without unsigned integers, LReal, DTL and the types of 64 bits."""
SIGNED = {bits: ELEMENTARY[name] for bits, name in ((8, "SINT"), (16, "INT"), (32, "DINT"), (64, "LINT"))}
UNSIGNED = {bits: ELEMENTARY[name] for bits, name in ((8, "USINT"), (16, "UINT"), (32, "UDINT"), (64, "ULINT"))}


@dataclass(frozen=True, slots=True)
class Rule:
    """One implicit conversion.

    Attributes:
        cpus: `new` (S7-1200, S7-1500) or `classic` (S7-300, S7-400).
        source: name of the type that is converted.
        target: name of the type that it becomes.
        checked: whether it is made with the IEC check on, too.
        mark: D, S or U.
    """

    cpus: str
    source: str
    target: str
    checked: bool
    mark: str


def rules() -> list[Rule]:
    """Return every implicit conversion with its mark, in the order of the table."""
    return list(_table("conversions.csv").values())


@cache
def _table(name: str) -> dict[tuple[str, str, str], Rule]:
    found = {}
    for row in read_rows(name):
        for column in ("always", "unchecked"):
            for target in row[column].split():
                rule = Rule(row["cpus"], row["source"], target, column == "always", row["mark"])
                found[row["cpus"], row["source"].upper(), target.upper()] = rule
    return found


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table of this folder."""
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def type_key(data_type: DataType) -> str:
    """Return the name of a type in the tables, empty for one that never converts."""
    match data_type:
        case Elementary():
            return data_type.name.upper()
        case Text():
            return data_type.name.upper()
        case Structure(name="DTL", origin="system"):
            return "DTL"
    return ""


def is_permitted(source: DataType, target: DataType, *, iec_check: bool = False, family: str = "S7-1500") -> bool:
    """Return whether a compiler converts `source` to `target` by itself; equal types need no conversion."""
    if _hardware(source) or _hardware(target):
        return _hardware_permitted(source, target, iec_check=iec_check, family=family)
    return _is_ruled("conversions.csv", source, target, iec_check=iec_check, family=family)


def is_movable(source: DataType, target: DataType, *, iec_check: bool = False, family: str = "S7-1500") -> bool:
    """Return whether MOVE of LAD and FBD transfers `source` to `target`, which are different types.

    Source: help of TIA Portal, LAD (S7-1200, S7-1500) and LAD (S7-300, S7-400), MOVE, as `moves.csv` has it.
    """
    return _is_ruled("moves.csv", source, target, iec_check=iec_check, family=family)


def _is_ruled(table: str, source: DataType, target: DataType, *, iec_check: bool, family: str) -> bool:
    rule = _table(table).get((cpus_of(family), type_key(source), type_key(target)))
    return rule is not None and (rule.checked or not iec_check)


def cpus_of(family: str) -> str:
    """Return the CPUs of the tables that a family belongs to."""
    return "classic" if family in CLASSIC else "new"


def _hardware(data_type: DataType) -> bool:
    return isinstance(data_type, Elementary) and bool(data_type.base)


def _hardware_permitted(source: DataType, target: DataType, *, iec_check: bool, family: str) -> bool:
    """Return whether hardware data types convert: as numbers of their base, with the check on or off (unverified)."""
    plain = [
        ELEMENTARY[each.base.upper()] if isinstance(each, Elementary) and each.base else each
        for each in (source, target)
    ]
    if same(*plain):
        return True
    number = all(isinstance(each, Elementary) and each.kind in (Kind.BITS, Kind.INTEGER) for each in plain)
    return is_permitted(plain[0], plain[1], iec_check=iec_check and not number, family=family)


def loss(source: DataType, target: DataType) -> Loss:
    """Return the possible loss of a conversion: nothing, precision of a number, or the value itself.

    A bit string and an integer of the same width are the same pattern, which loses nothing.
    """
    if isinstance(source, Text) and isinstance(target, Elementary):
        return "value"
    if not isinstance(source, Elementary) or not isinstance(target, Elementary):
        return "precision" if type_key(source) == "DTL" and type_key(target) == "DATE_AND_TIME" else ""
    if Kind.REAL in (source.kind, target.kind):
        return _real_loss(source, target)
    if _loses_nanoseconds(source, target):
        return "precision"
    if target.bits < source.bits:
        return "value"
    if source.kind is target.kind is Kind.INTEGER:
        widened = target.bits > source.bits and target.signed
        return "" if widened or source.signed == target.signed else "value"
    return ""


def _loses_nanoseconds(source: Elementary, target: Elementary) -> bool:
    """Return whether a time of day, or a date and time, goes to a type of milliseconds."""
    moments = (Kind.TIME_OF_DAY, Kind.DATE_AND_TIME)
    return source.kind is target.kind and source.kind in moments and source.unit == 1 != target.unit


def _real_loss(source: Elementary, target: Elementary) -> Loss:
    if target.kind is Kind.BITS and source.kind is Kind.REAL:
        return ""
    if source.kind is target.kind:
        return "" if target.bits >= source.bits else "value"
    if source.kind is Kind.REAL:
        return "value"
    mantissa = 24 if target.bits == 32 else 53
    return "" if source.bits - source.signed <= mantissa else "precision"


# Equal types ---------------------------------------------------------------------------------------------------------


def same(a: DataType, b: DataType) -> bool:
    """Return whether a value of type `a` can be copied to `b` as it is; the length of a single string does not count.

    Arrays need equally many elements in each dimension, not the same limits; `Array[*]` takes any array of its
    elements, but cannot be copied to one with limits. An instance of a timer or counter is one of `IEC_TIMER` or
    `IEC_COUNTER`.
    """
    if isinstance(a, Text) and isinstance(b, Text):
        return a.name == b.name
    return _equal(a, b)


def _equal(a: DataType, b: DataType) -> bool:
    match a, b:
        case Unknown(), _:
            return True
        case _, Unknown():
            return True
        case Array(), Array():
            return _bounds_match(a, b) and _elements_match(a, b)
        case Structure(), Structure():
            return a is b or _structures_equal(a, b)
        case Reference(), Reference():
            return a.target.casefold() == b.target.casefold()
        case Special(), Special():
            return a.name.casefold() == b.name.casefold()
    return a == b


def _elements_match(a: Array, b: Array) -> bool:
    """Return whether elements are of one type; an open array takes strings of any length (seen in sources)."""
    open_array = None in a.bounds or None in b.bounds
    return same(a.element, b.element) if open_array else _equal(a.element, b.element)


def _bounds_match(a: Array, b: Array) -> bool:
    pairs = zip(a.bounds, b.bounds, strict=False)
    return len(a.bounds) == len(b.bounds) and all(y is None or (x and x[1] - x[0] == y[1] - y[0]) for x, y in pairs)


def _structures_equal(a: Structure, b: Structure) -> bool:
    """Return whether types are equal: structures and PLC data types by their member types in order, others by name.

    An instance of an instruction is also one of the general type for it (`TON_TIME`, `IEC_TIMER`).
    """
    declared = ("struct", "udt")
    if a.origin in declared and b.origin in declared:
        equally_many = len(a.members) == len(b.members)
        return equally_many and all(_equal(x.type, y.type) for x, y in zip(a.members, b.members, strict=True))
    general = _GENERAL.get(a.name.upper(), a.name.upper())
    return a.origin == b.origin and (b.name.upper() in (a.name.upper(), general) or _are_related_objects(a, b))


def _are_related_objects(a: Structure, b: Structure) -> bool:
    """Return whether both are technology objects: it is not known here how they derive from each other."""
    return a.origin == b.origin == "system" and a.name.upper().startswith("TO_") and b.name.upper().startswith("TO_")


_COUNTED = {"SINT": "S", "INT": "", "DINT": "D", "LINT": "L", "USINT": "US", "UINT": "U", "UDINT": "UD", "ULINT": "UL"}
_GENERAL = {
    "ERROR_STRUCT": "ERRORSTRUCT",
    **{
        f"{name}_{unit}": f"IEC_{short}TIMER"
        for name in ("TON", "TOF", "TP", "TONR")
        for unit, short in (("TIME", ""), ("LTIME", "L"))
    },
    **{
        f"{name}_{number}": f"IEC_{short}COUNTER"
        for name in ("CTU", "CTD", "CTUD")
        for number, short in _COUNTED.items()
    },
}
