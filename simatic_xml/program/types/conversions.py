"""The conversions that a compiler makes by itself, and the common type of two operands.

The rules are data: `conversions.csv` says for each source type what it becomes with the IEC check on (`always`) and
what only with the check off (`unchecked`); `operations.csv` says what times and dates do with operators. Every rule has
a mark: D documented, S secondary source, U unverified. Source: help of TIA Portal, implicit conversions for S7-1500 and
S7-1200 G2 (`new`), for S7-300 and S7-400 (`classic`); S7-1200 is taken to be like S7-1500 (S). The overview in front of
these tables says that a source is never longer than its target; the tables themselves say otherwise for the check
switched off, and name the loss, so the tables apply here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from simatic_xml.program.types.system_types import parse_type
from simatic_xml.program.types.types import (
    BOOL,
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
_NUMERIC = (Kind.INTEGER, Kind.REAL, Kind.BITS)
_ORDERED = (*_NUMERIC, Kind.DURATION, Kind.DATE, Kind.TIME_OF_DAY, Kind.DATE_AND_TIME, Kind.CHARACTER)
_COMPARISONS = frozenset(("=", "<>", "<", "<=", ">", ">="))
_BY_SIZE = (("S5TIME", "TIME", "LTIME"), ("DATE", "DATE_AND_TIME", "LDT", "DTL"), ("TIME_OF_DAY", "LTIME_OF_DAY"))
"""Times and dates of one kind, the smallest type first."""
SIGNED = {bits: ELEMENTARY[name] for bits, name in ((8, "SINT"), (16, "INT"), (32, "DINT"), (64, "LINT"))}
UNSIGNED = {bits: ELEMENTARY[name] for bits, name in ((8, "USINT"), (16, "UINT"), (32, "UDINT"), (64, "ULINT"))}
_BITS = {bits: ELEMENTARY[name] for bits, name in ((8, "BYTE"), (16, "WORD"), (32, "DWORD"), (64, "LWORD"))}


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


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator on operands of two types: the type that each is converted to, and the type of the result."""

    left: DataType
    right: DataType
    result: DataType
    mark: str = "D"


def rules() -> list[Rule]:
    """Return every implicit conversion with its mark, in the order of the table."""
    return list(_table().values())


def moments() -> list[tuple[str, str, Operation]]:
    """Return the operations with times and dates, each with its CPUs (empty for all), in the order of the table."""
    return [(cpus, operator, found) for (cpus, operator, _, _), found in _moments().items()]


@cache
def _table() -> dict[tuple[str, str, str], Rule]:
    found = {}
    for row in _rows("conversions.csv"):
        for column in ("always", "unchecked"):
            for target in row[column].split():
                rule = Rule(row["cpus"], row["source"], target, column == "always", row["mark"])
                found[row["cpus"], row["source"].upper(), target.upper()] = rule
    return found


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _key(data_type: DataType) -> str:
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
    rule = _table().get((_cpus(family), _key(source), _key(target)))
    return rule is not None and (rule.checked or not iec_check)


def _cpus(family: str) -> str:
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
        return "precision" if _key(source) == "DTL" and _key(target) == "DATE_AND_TIME" else ""
    if Kind.REAL in (source.kind, target.kind):
        return _real_loss(source, target)
    if target.bits < source.bits:
        return "precision" if _is_shortened_moment(source, target) else "value"
    if source.kind is target.kind is Kind.INTEGER:
        widened = target.bits > source.bits and (target.signed or not source.signed)
        return "" if widened or source.signed == target.signed else "value"
    return ""


def _is_shortened_moment(source: Elementary, target: Elementary) -> bool:
    return source.kind is target.kind and source.kind in (Kind.TIME_OF_DAY, Kind.DATE_AND_TIME)


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
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return True
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


# Operators -----------------------------------------------------------------------------------------------------------


def wider(a: DataType, b: DataType, operator: str = "+", *, iec_check: bool = False) -> DataType | None:
    """Return the type of the result of an operator, or for a comparison the type in which both sides are compared.

    None when the operator does not join these types.
    """
    found = operation(operator, a, b, iec_check=iec_check)
    if found is None:
        return None
    return found.left if operator in _COMPARISONS else found.result


def operation(
    operator: str, left: DataType, right: DataType, *, iec_check: bool = False, family: str = "S7-1500"
) -> Operation | None:
    """Return the operation of an operator on two types; None when it does not join them.

    An unknown operand makes the result unknown (Bool for a comparison).
    """
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return Operation(left, right, BOOL if operator in _COMPARISONS else Unknown())
    left, right = _plain(left), _plain(right)
    if operator in _COMPARISONS:
        common = _find_compared_type(operator, left, right, iec_check=iec_check, family=family)
        return None if common is None else Operation(common, common, BOOL)
    if operator in ("AND", "OR", "XOR", "&"):
        joined = _logical(left, right, iec_check=iec_check, family=family)
        return None if joined is None else Operation(joined, joined, joined)
    for cpus in ("", _cpus(family)):
        moment = _moments().get((cpus, operator, _key(left), _key(right)))
        if moment is not None:
            return moment
    duration = _scale(operator, left, right)
    if duration is not None:
        return duration
    number = _number(left, right, iec_check=iec_check)
    if number is None or (operator == "MOD" and number.kind is Kind.REAL):
        return None
    if operator == "**" and number.kind is not Kind.REAL:
        power = ELEMENTARY["LREAL" if number.bits == 64 else "REAL"]  # also of two integers (secondary source)
        return Operation(power, power, power, "S")
    return Operation(number, number, number)


def _plain(data_type: DataType) -> DataType:
    """Return the type whose values a hardware data type has."""
    return ELEMENTARY[data_type.base.upper()] if isinstance(data_type, Elementary) and data_type.base else data_type


@cache
def _moments() -> dict[tuple[str, str, str, str], Operation]:
    """Read what `+` and `-` do with times and dates, by CPUs, operator and types."""
    found = {}
    for row in _rows("operations.csv"):
        types = [parse_type(row[column]) for column in ("left", "right", "result")]
        left, right, result = types
        key = (row["cpus"], row["operator"], row["left"].upper(), row["right"].upper())
        found[key] = Operation(left, right, result, row["mark"])
    return found


def _scale(operator: str, left: DataType, right: DataType) -> Operation | None:
    """Return the operation of a duration times or divided by a number."""
    if not isinstance(left, Elementary) or not isinstance(right, Elementary):
        return None
    if operator in "*/" and left.unit and left.kind is Kind.DURATION and right.kind is Kind.INTEGER:
        number = SIGNED[left.bits]
        return Operation(left, number if loss(right, number) == "" else right, left, "U")
    if operator == "*" and right.unit and right.kind is Kind.DURATION and left.kind is Kind.INTEGER:
        return Operation(left, right, right, "U")
    return None


def _number(left: DataType, right: DataType, *, iec_check: bool) -> Elementary | None:
    """Return the type in which two numbers are calculated; bit strings count as unsigned integers."""
    if not isinstance(left, Elementary) or not isinstance(right, Elementary):
        return None
    if left.kind not in _NUMERIC or right.kind not in _NUMERIC:
        return None
    if iec_check and Kind.BITS in (left.kind, right.kind):
        return None
    a, b = (UNSIGNED[each.bits] if each.kind is Kind.BITS else each for each in (left, right))
    if Kind.REAL in (a.kind, b.kind):
        return _real(a, b, iec_check=iec_check)
    bits = max(a.bits, b.bits)
    if a.signed == b.signed:
        return (SIGNED if a.signed else UNSIGNED)[bits]
    unsigned, signed = (a, b) if b.signed else (b, a)
    if signed.bits > unsigned.bits:
        return signed
    return SIGNED.get(unsigned.bits * 2, SIGNED[64])


def _real(a: Elementary, b: Elementary, *, iec_check: bool) -> Elementary:
    reals = [each for each in (a, b) if each.kind is Kind.REAL]
    long = any(each.bits == 64 for each in reals)
    exact = all(each.kind is Kind.REAL or each.bits <= 16 for each in (a, b))
    return ELEMENTARY["LREAL" if long or (iec_check and not exact) else "REAL"]


def _logical(left: DataType, right: DataType, *, iec_check: bool, family: str) -> Elementary | None:
    """Return the type of AND, OR and XOR: Bool, or the wider bit string; an integer joins as the bit string of its width.

    Two integers join, too, where the compiler converts them to bit strings (docs/facts/tia-rules.md#scl).
    """
    if not isinstance(left, Elementary) or not isinstance(right, Elementary):
        return None
    kinds = {left.kind, right.kind}
    if kinds == {Kind.BOOL}:
        return left
    if not kinds <= {Kind.BITS, Kind.INTEGER}:
        return None
    joined = _BITS[max(left.bits, right.bits)]
    converted = all(
        same(e, joined) or is_permitted(e, joined, iec_check=iec_check, family=family) for e in (left, right)
    )
    return joined if converted else None


def _find_compared_type(
    operator: str, left: DataType, right: DataType, *, iec_check: bool, family: str
) -> DataType | None:
    """Return the type in which two values are compared."""
    number = _number(left, right, iec_check=iec_check)
    if isinstance(left, Elementary) and isinstance(right, Elementary) and left.kind is right.kind is Kind.BITS:
        return _BITS[max(left.bits, right.bits)]
    if number is not None:
        return number
    if same(left, right):
        return _holding_both(left, right) if operator in ("=", "<>") or _is_ordered(left) else None
    for smaller, larger in ((left, right), (right, left)):
        if is_larger_time(smaller, larger) or (_key(smaller) == "WORD" and _key(larger) == "S5TIME" and not iec_check):
            return larger
    for source, target in ((left, right), (right, left)):
        ordered = operator in ("=", "<>") or _is_ordered(target)
        if ordered and is_permitted(source, target, iec_check=True, family=family):
            return _holding_both(target, source)
    for source, target in ((left, right), (right, left)):
        if not iec_check and loss(source, target) == "" and is_permitted(source, target, family=family):
            return _holding_both(target, source)
    return None


def is_larger_time(smaller: DataType, larger: DataType) -> bool:
    """Return whether a comparison converts a time or date to a larger type of its kind (help, "Relational expressions")."""
    a, b = _key(smaller), _key(larger)
    return any(a in types and b in types and types.index(a) < types.index(b) for types in _BY_SIZE)


def _holding_both(data_type: DataType, other: DataType) -> DataType:
    """Return a type for the values of both: texts are never cut to the length that one of them is declared with."""
    if not isinstance(data_type, Text) or data_type.length is None:
        return data_type
    length = other.length if isinstance(other, Text) else 1
    return Text(data_type.name, None if length is None else max(data_type.length, length))


def _is_ordered(data_type: DataType) -> bool:
    if isinstance(data_type, Elementary):
        return data_type.kind in _ORDERED
    return isinstance(data_type, Text) or _key(data_type) == "DTL"
