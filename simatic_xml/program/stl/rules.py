"""The operands of each STL instruction: the one table that operands are checked against.

Facts: S7-300/400 instruction list and STL reference (documented); for the S7-1500 the same, with timers and counters as
far as the CPU has them (secondary).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simatic_xml.program import nodes
from simatic_xml.program.types.types import BOOL, DWORD, INT, WORD, DataType, Elementary, Kind, Special, Text, Unknown

Constants = Literal["never", "may", "only"]


@dataclass(frozen=True, slots=True)
class Rule:
    """The operands of an instruction.

    Attributes:
        accepts: sorts of operands, as `sort` names them; none where the instruction takes no operand.
        says: the same in words.
        constants: whether the operand may or must be a constant.
        optional: whether the operand may be left out.
        writes: whether the operand is written.
        expected: type that a plain literal takes.
        numbers: lowest and highest value of a constant, which has to be a whole number; None for any value.
    """

    accepts: frozenset[str] = frozenset()
    says: str = ""
    constants: Constants = "never"
    optional: bool = False
    writes: bool = False
    expected: DataType | None = None
    numbers: tuple[int, int] | None = None


_VALUES = frozenset(("byte", "word", "double"))
_BIT = Rule(frozenset(("bit", "status", "timer", "counter")), "a Bool, a timer, a counter or a bit of the status word")
_LOAD = Rule(
    _VALUES | {"timer", "counter", "stw", "pointer", "text"}, "a value of 8, 16 or 32 bits, a timer or a counter", "may"
)
_WORDS, _DOUBLES = (-(1 << 15), (1 << 16) - 1), (-(1 << 31), (1 << 32) - 1)
_SMALL = Rule(_VALUES, "a number from 0 to 255", "only", expected=INT, numbers=(0, 255))
_TIMER = Rule(frozenset(("timer",)), "a timer")
_COUNTER = Rule(frozenset(("counter",)), "a counter")
_EITHER = Rule(frozenset(("timer", "counter")), "a timer or a counter")
_FROM_AR = Rule(frozenset(("double",)), "a variable of 32 bits", optional=True, writes=True)
_TO_AR = Rule(
    frozenset(("double", "pointer")), "a value of 32 bits, such as a pointer", "may", optional=True, numbers=_DOUBLES
)
_ADD_AR = Rule(frozenset(("double", "pointer")), "a pointer such as P#2.0", "only", optional=True, numbers=_DOUBLES)
_EDGE = Rule(frozenset(("bit",)), "a Bool that keeps the last state", writes=True)
_BLOCK = Rule(frozenset(("block", "word")), "a data block")
_NOTHING = Rule()


def _shift(most: int) -> Rule:
    return Rule(_VALUES, f"a number of places from 0 to {most}", "only", True, expected=INT, numbers=(0, most))


def _each(names: str, rule: Rule) -> dict[str, Rule]:
    return dict.fromkeys(names.split(), rule)


RULES: dict[str, Rule] = (
    _each("A AN ON X XN", _BIT)
    | {"O": Rule(_BIT.accepts, _BIT.says, optional=True)}
    | {"=": Rule(frozenset(("bit",)), "a Bool", writes=True)}
    | {"S": Rule(frozenset(("bit", "counter")), "a Bool or a counter", writes=True)}
    | {"R": Rule(frozenset(("bit", "timer", "counter")), "a Bool, a timer or a counter", writes=True)}
    | _each("FP FN", _EDGE)
    | {"L": _LOAD, "LC": _EITHER, "FR": _EITHER}
    | {"T": Rule(_VALUES | {"stw"}, "a variable of 8, 16 or 32 bits", writes=True)}
    | _each("SP SE SD SS SF", _TIMER)
    | _each("CU CD", _COUNTER)
    | _each("SLW SRW SSI", _shift(15))
    | _each("SLD SRD SSD RLD RRD", _shift(32))
    | _each("AW OW XOW", Rule(frozenset(("byte", "word")), "16 bits", "only", True, expected=WORD, numbers=_WORDS))
    | _each("AD OD XOD", Rule(_VALUES, "32 bits", "only", True, expected=DWORD, numbers=_DOUBLES))
    | {"+": Rule(_VALUES, "a whole number", "only", numbers=_DOUBLES)}
    | _each("INC DEC BLD", _SMALL)
    | _each("LAR1 LAR2", _TO_AR)
    | _each("TAR1 TAR2", _FROM_AR)
    | _each("+AR1 +AR2", _ADD_AR)
    | _each("OPN OPNDI", _BLOCK)
)
"""Rule of each instruction that takes an operand; the others, jumps and calls apart, take none."""

CLASSIC_ONLY = frozenset(("ENT", "LEAVE", "MCR(", ")MCR", "MCRA", "MCRD"))
"""Instructions that belong to the S7-300 and S7-400 (unverified for the S7-1500)."""

_SORTS = {1: "bit", 8: "byte", 16: "word", 32: "double", 64: "long"}
_KINDS = {Kind.TIMER: "timer", Kind.COUNTER: "counter"}
_LONGEST_TEXT = 4


def rule_of(mnemonic: str) -> Rule:
    """Return the rule of an instruction."""
    return RULES.get(mnemonic, _NOTHING)


def find_expected(mnemonic: str) -> DataType | None:
    """Return the type that a plain literal takes after an instruction."""
    rule = rule_of(mnemonic)
    return BOOL if "bit" in rule.accepts else rule.expected


def sort(operand: nodes.Expression) -> str:
    """Return the sort of an operand; empty if it is not known."""
    if isinstance(operand, nodes.DataBlock):
        return "block"
    if isinstance(operand, nodes.Indirect) and operand.bits == 0 and operand.area in ("DB", "DI"):
        return "block"
    match operand.type:
        case Unknown():
            return ""
        case Elementary() as elementary if isinstance(operand, nodes.StatusBit):
            return "status" if elementary.bits == 1 else "stw"
        case Elementary() as elementary:
            return _KINDS.get(elementary.kind) or _SORTS[elementary.bits]
        case Text(length=length) if isinstance(operand, nodes.Constant) and (length or 0) <= _LONGEST_TEXT:
            return "text"
        case Special(name=name):
            return "block" if name.startswith("Block_") else name.lower()
    return "structure"
