"""Operators on two types: what each side becomes, and the type of the result.

`operations.csv` says what `+` and `-` do with times and dates; the other rules are here. Marks as in `conversions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from simatic_xml.program.types.conversions import (
    SIGNED,
    UNSIGNED,
    cpus_of,
    is_permitted,
    loss,
    read_rows,
    same,
    type_key,
)
from simatic_xml.program.types.system_types import parse_type
from simatic_xml.program.types.types import (
    BOOL,
    ELEMENTARY,
    DataType,
    Elementary,
    Kind,
    Reference,
    Text,
    Unknown,
)

_NUMERIC = (Kind.INTEGER, Kind.REAL, Kind.BITS)
_ORDERED = (*_NUMERIC, Kind.DURATION, Kind.DATE, Kind.TIME_OF_DAY, Kind.DATE_AND_TIME, Kind.CHARACTER)
_COMPARISONS = frozenset(("=", "<>", "<", "<=", ">", ">="))
_BY_SIZE = (("S5TIME", "TIME", "LTIME"), ("DATE", "DATE_AND_TIME", "LDT", "DTL"), ("TIME_OF_DAY", "LTIME_OF_DAY"))
"""Times and dates of one kind, the smallest type first."""
_BITS = {bits: ELEMENTARY[name] for bits, name in ((8, "BYTE"), (16, "WORD"), (32, "DWORD"), (64, "LWORD"))}


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator on operands of two types: the type that each is converted to, and the type of the result."""

    left: DataType
    right: DataType
    result: DataType
    mark: str = "D"


def moments() -> list[tuple[str, str, Operation]]:
    """Return the operations with times and dates, each with its CPUs (empty for all), in the order of the table."""
    return [(cpus, operator, found) for (cpus, operator, _, _), found in _moments().items()]


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
    for cpus in ("", cpus_of(family), family):
        moment = _moments().get((cpus, operator, type_key(left), type_key(right)))
        if moment is not None:
            return None if iec_check else moment
    duration = _scale(operator, left, right)
    if duration is not None:
        return None if iec_check else duration
    if iec_check and _differ_in_sign(left, right):
        return None
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
    for row in read_rows("operations.csv"):
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


def _differ_in_sign(left: DataType, right: DataType) -> bool:
    """Return whether one integer has a sign and the other one, which is not shorter, has none."""
    if not isinstance(left, Elementary) or not isinstance(right, Elementary) or left.signed == right.signed:
        return False
    joined = any(is_permitted(*pair, iec_check=True) for pair in ((left, right), (right, left)))
    return left.kind is right.kind is Kind.INTEGER and not joined


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
        ordered = operator in ("=", "<>") or cpus_of(family) == "new"
        return _BITS[max(left.bits, right.bits)] if ordered else None
    if number is not None:
        return number
    if same(left, right):
        comparable = operator in ("=", "<>") and not isinstance(left, Reference)
        return _holding_both(left, right) if comparable or _is_ordered(left) else None
    for smaller, larger in ((left, right), (right, left)):
        if is_larger_time(smaller, larger) or (
            type_key(smaller) == "WORD" and type_key(larger) == "S5TIME" and not iec_check
        ):
            return larger
    for source, target in ((left, right), (right, left)):
        if is_permitted(source, target, iec_check=True, family=family):
            return _holding_both(target, source)
    for source, target in ((left, right), (right, left)):
        if not iec_check and loss(source, target) == "" and is_permitted(source, target, family=family):
            return _holding_both(target, source)
    return None


def is_larger_time(smaller: DataType, larger: DataType) -> bool:
    """Return whether a comparison converts a time or date to a larger type of its kind (help, "Relational expressions")."""
    a, b = type_key(smaller), type_key(larger)
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
    return isinstance(data_type, Text) or type_key(data_type) == "DTL"
