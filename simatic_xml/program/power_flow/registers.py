"""Expressions of the typed program as a list of small calculations on registers, made once and run for each snapshot.

Logic has three values: None is a value that is not known. `FALSE AND x` is FALSE for any x. What cannot be
calculated exactly from values as a source publishes them (dates, S5TIME, arithmetic, calls) is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program import path_text
from simatic_xml.program.power_flow.results import Known
from simatic_xml.program.types.ranges import fits, real32
from simatic_xml.program.types.types import BOOL, DataType, Elementary, Kind, Text, type_name

Calculation = Callable[[Known, Known], Known]
UNKNOWN = 0
"""The register without a value."""
TRUE = 1
FALSE = 2

_NUMBERS = (Kind.BITS, Kind.INTEGER, Kind.REAL)
_INSTANCE_SECTIONS = ("Input", "Output", "InOut", "Static")


class Registers:
    """The registers of one block.

    Attributes:
        loads: the register of each operand that is read, by its path.
        types: its data type.
        wires: the register of each wire of the network that is being read.
        used: paths that this network reads.
        overwritten: identities of operands of this network whose values show nothing.
    """

    def __init__(self, *, has_instance: bool) -> None:
        """Start with the constants.

        Args:
            has_instance: whether the variables of the block are in an instance, where their values can be read.
        """
        self.loads: dict[str, int] = {}
        self.types: dict[str, str] = {}
        self.wires: dict[int, int] = {}
        self.used: dict[str, None] = {}
        self.overwritten: set[int] = set()
        self._has_instance = has_instance
        self._start: list[Known] = [None, True, False]
        self._calculations: list[tuple[int, Calculation, int, int]] = []
        self._known: dict[int, tuple[n.Expression, int]] = {}

    def begin(self) -> None:
        """Begin the next network: its expressions are others."""
        self.wires, self.used = {}, {}
        self.overwritten.clear()
        self._known.clear()

    def run(self, values: Mapping[str, Known]) -> list[Known]:
        """Return the value of each register.

        Args:
            values: the values of operands by path; those that are missing are not known.
        """
        registers = list(self._start)
        for path, at in self.loads.items():
            registers[at] = values.get(path)
        for at, calculate, left, right in self._calculations:
            registers[at] = calculate(registers[left], registers[right])
        return registers

    def calculate(self, calculation: Calculation, left: int, right: int = UNKNOWN) -> int:
        """Return the register of a calculation."""
        at = self._add(None)
        self._calculations.append((at, calculation, left, right))
        return at

    def conjunction(self, left: int, right: int) -> int:
        """Return the register of `left AND right`."""
        if TRUE in (left, right):
            return right if left == TRUE else left
        return self.calculate(both, left, right)

    def negation(self, value: int) -> int:
        """Return the register of `NOT value`."""
        opposites = {TRUE: FALSE, FALSE: TRUE, UNKNOWN: UNKNOWN}
        return opposites[value] if value in opposites else self.calculate(lambda bit, _: opposite(bit), value)

    def choice(self, condition: int, then: int, otherwise: int) -> int:
        """Return the register of one of two values; that of neither where the condition is not known and they differ."""
        if then == otherwise:
            return then
        chosen = self.calculate(_when, condition, then)
        other = self.calculate(_when, self.negation(condition), otherwise)
        return self.calculate(_or_else, self.calculate(_or_else, chosen, other), self.calculate(_same, then, otherwise))

    def of(self, expression: n.Expression, *, keep: bool = True) -> int:
        """Return the register of an expression.

        Args:
            expression: the expression.
            keep: whether the same one has the same value each time.
        """
        known = self._known.get(id(expression))
        if known is not None:
            return known[1]
        found = self._of(expression, keep=keep)
        if keep:
            self._known[id(expression)] = (expression, found)
        return found

    def path(self, expression: n.Expression) -> str:
        """Return the path by which the value of an operand can be read, empty where there is none."""
        return path_text.text(expression) if self._is_readable(expression) else ""

    def _load(self, path: str, data_type: DataType) -> int:
        self.used[path] = None
        self.types[path] = type_name(data_type)
        if path not in self.loads:
            self.loads[path] = self._add(None)
        return self.loads[path]

    def _add(self, value: Known) -> int:
        self._start.append(value)
        return len(self._start) - 1

    def _of(self, expression: n.Expression, *, keep: bool) -> int:
        if id(expression) in self.overwritten:
            return UNKNOWN
        match expression:
            case n.Constant(value=bool() as value):
                return TRUE if value else FALSE
            case n.Constant(value=value, type=data_type):
                return self._add(value) if _is_comparable(data_type) else UNKNOWN
            case n.Wire(number):
                return self.wires.get(number, UNKNOWN)
            case n.Unary("NOT", operand) if expression.type == BOOL:
                return self.negation(self.of(operand, keep=keep))
            case n.Binary() if expression.type == BOOL:
                return self._binary(expression, keep=keep)
            case n.Convert() | n.Slice():
                return self._changed(expression, keep=keep)
            case n.Local() | n.TagOperand() | n.Absolute() | n.Field() | n.Element():
                path = self.path(expression) if _is_comparable(expression.type) else ""
                return self._load(path, expression.type) if path else UNKNOWN
        return UNKNOWN

    def _binary(self, expression: n.Binary, *, keep: bool) -> int:
        known = _LOGIC | _COMPARISONS if expression.left.type == BOOL else _COMPARISONS
        calculation = known.get(expression.operator)
        if calculation is None:
            return UNKNOWN
        return self.calculate(calculation, self.of(expression.left, keep=keep), self.of(expression.right, keep=keep))

    def _changed(self, expression: n.Convert | n.Slice, *, keep: bool) -> int:
        """Return the register of a converted value or of a part of one."""
        calculation: Calculation | None
        if isinstance(expression, n.Slice):
            value, calculation = self.of(expression.base, keep=keep), _slice(expression.bits, expression.number)
        else:
            value, calculation = self.of(expression.operand, keep=keep), _conversion(expression)
        return UNKNOWN if calculation is None or value == UNKNOWN else self.calculate(calculation, value)

    def _is_readable(self, expression: n.Expression) -> bool:
        match expression:
            case n.Local(variable):
                is_pointer = variable.section == "InOut" and not isinstance(variable.type, Elementary)
                return self._has_instance and variable.section in _INSTANCE_SECTIONS and not is_pointer
            case n.TagOperand() | n.DataBlock() | n.Absolute():
                return True
            case n.Field(base):
                return self._is_readable(base)
            case n.Element(base, indices):
                return self._is_readable(base) and all(isinstance(each, n.Constant) for each in indices)
        return False


def _is_comparable(data_type: DataType) -> bool:
    """Return whether a source publishes values of a type as the typed program has its constants."""
    if isinstance(data_type, Elementary):
        by_unit = data_type.kind is Kind.DURATION and bool(data_type.unit)
        return data_type.kind in (Kind.BOOL, Kind.CHARACTER, *_NUMBERS) or by_unit
    return isinstance(data_type, Text)


def _conversion(expression: n.Convert) -> Calculation | None:
    """Return how a conversion of the compiler changes a value, None for one that is not known here."""
    source, target = expression.operand.type, expression.type
    if expression.function or expression.lossy:
        return None
    if not isinstance(source, Elementary) or not isinstance(target, Elementary):
        return _as_it_is if isinstance(source, Text) and isinstance(target, Text) else None
    if target == BOOL and source.kind in (Kind.TIMER, Kind.COUNTER):
        return None
    if source.kind not in _NUMBERS or target.kind not in _NUMBERS:
        return _as_it_is if source == target else None
    if target.kind is Kind.REAL:
        return _to_real32 if target.bits == 32 else _to_real64
    if source.kind is Kind.REAL:
        return None

    def within(value: Known, _: Known) -> Known:
        return value if isinstance(value, int) and fits(value, target) else None

    return within


def _as_it_is(value: Known, _: Known) -> Known:
    return value


def _to_real32(value: Known, _: Known) -> Known:
    return None if value is None or isinstance(value, str) else real32(float(value))


def _to_real64(value: Known, _: Known) -> Known:
    return None if value is None or isinstance(value, str) else float(value)


def _slice(bits: int, number: int) -> Calculation:
    mask = (1 << bits) - 1

    def part(value: Known, _: Known) -> Known:
        if isinstance(value, bool) or not isinstance(value, int):
            return None
        found = value >> (bits * number) & mask
        return bool(found) if bits == 1 else found

    return part


def both(left: Known, right: Known) -> Known:
    """Return `left AND right`."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def either(left: Known, right: Known) -> Known:
    """Return `left OR right`."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def opposite(value: Known) -> Known:
    """Return `NOT value`."""
    return not value if isinstance(value, bool) else None


def _xor(left: Known, right: Known) -> Known:
    return left is not right if isinstance(left, bool) and isinstance(right, bool) else None


def _same(left: Known, right: Known) -> Known:
    return left if left == right and type(left) is type(right) else None


def _when(condition: Known, value: Known) -> Known:
    return value if condition is True else None


def _or_else(one: Known, other: Known) -> Known:
    return other if one is None else one


def _comparing(compare: Callable[[Any, Any], bool], *, texts: bool) -> Calculation:
    def calculate(left: Known, right: Known) -> Known:
        if left is None or right is None or isinstance(left, str) is not isinstance(right, str):
            return None
        return None if isinstance(left, str) and not texts else compare(left, right)

    return calculate


_LOGIC: dict[str, Calculation] = {"AND": both, "OR": either, "XOR": _xor}
_COMPARISONS: dict[str, Calculation] = {
    "=": _comparing(eq, texts=True),
    "<>": _comparing(ne, texts=True),
    "<": _comparing(lt, texts=False),
    "<=": _comparing(le, texts=False),
    ">": _comparing(gt, texts=False),
    ">=": _comparing(ge, texts=False),
}
