"""Bit logic of STL as Python lines: the chain of logic, brackets, assignments, edges, timers and counters."""

from __future__ import annotations

from dataclasses import replace

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import BOOL, Elementary, Kind
from virtual_plc.code.python_text import Text, expression, literal
from virtual_plc.instructions.control import s5_counters, s5_timers
from virtual_plc.python_tier.access import targets
from virtual_plc.python_tier.block_code import BlockCode, NotExecutable
from virtual_plc.python_tier.evaluation import value
from virtual_plc.python_tier.stl import network
from virtual_plc.python_tier.stl.network import Operation

_EITHER, _EITHER_FIRST = expression("either"), expression("either and fc")
_VALUE = expression("a1 & 65535")
_CHAINED, _CHAINED_FIRST = expression("rlo or not fc"), expression("rlo and fc")


def operand_of(node: n.StlOperation) -> n.Expression:
    """Return the operand of an operation that has one.

    Raises:
        NotExecutable: it has none.
    """
    if node.operand is None:
        raise NotExecutable(f"'{node.mnemonic}' needs an operand.", node.place)
    return node.operand


def kind_of(operand: n.Expression) -> Kind | None:
    """Return the kind of value of an operand."""
    return operand.type.kind if isinstance(operand.type, Elementary) else None


def state(code: BlockCode, operand: n.Expression) -> Text:
    """Return a bit, or the state of a timer or counter."""
    found = value(code, operand)
    if kind_of(operand) is Kind.TIMER:
        return expression("{}({}, cpu.now)", code.bind("timer_state", s5_timers.output), found)
    if kind_of(operand) is Kind.COUNTER:
        return expression("{}({})", code.bind("counter_state", s5_counters.output), found)
    return found


def _combine(code: BlockCode, way: str, bit: Text) -> None:
    """Add a bit to the chain of logic."""
    if code.status.state or not bit.safe:
        bit = code.keep_value(bit)
    given = expression("not {}", bit) if way.endswith("N") else bit
    code.writer.line("rlo = {}", _combine_bit(code, way[0], given))
    if code.status.either:
        chained = way[0] == "A" and code.status.first is not False
        code.writer.line("either = either and fc" if chained else "either = False")
    network.set_first(code, True)
    if code.status.state:
        code.writer.line("sta = {}", bit)


def _combine_bit(code: BlockCode, way: str, given: Text) -> Text:
    first, either = code.status.first, code.status.either
    if first is False:
        return given
    if way == "A":
        found = expression("{} and {}", network.RLO if first else _CHAINED, given)
        return expression("{} or {}", _EITHER if first else _EITHER_FIRST, found) if either else found
    if way == "O":
        return expression("{} or {}", network.RLO if first else _CHAINED_FIRST, given)
    return expression("{} is not {}", network.RLO if first else _CHAINED_FIRST, given)


def _known_first(code: BlockCode) -> Text:
    first = code.status.first
    return expression("fc") if first is None else literal(first)


def _logic(code: BlockCode, node: n.StlOperation) -> None:
    if node.operand is not None:
        _combine(code, node.mnemonic, state(code, node.operand))
        return
    known = _known_first(code)
    code.writer.line("either, fc = (rlo or either) and {}, rlo and {}", known, known)
    code.status.first = None
    if code.status.state:
        code.writer.line("sta = True")


def _open(code: BlockCode, node: n.StlOperation) -> None:
    known = _known_first(code)
    code.writer.line("brackets.append((rlo, either, {}))", known)
    code.brackets.append(node.mnemonic[:-1])
    network.begin(code)


def _close(code: BlockCode, node: n.StlOperation) -> None:
    if not code.brackets:
        raise code.refuse("A closing bracket has no opening bracket.", node.place)
    code.writer.line("inside = rlo")
    code.writer.line("rlo, either, fc = brackets.pop()")
    code.status.first = None
    _combine(code, code.brackets.pop(), expression("inside", steady=True))
    if code.status.state:
        code.writer.line("sta = True")


# Assignments ---------------------------------------------------------------------------------------------------------


def through(code: BlockCode, text: Text = network.RLO) -> Text:
    """Return a condition that the master control relay has to let through, where a block has one."""
    return expression("{} and (masters[-1] or not mastered)", text) if code.facts.mastered else text


def _assign(code: BlockCode, node: n.StlOperation) -> None:
    given = replace(through(code), steady=not code.facts.mastered)
    targets.store(code, operand_of(node), given, BOOL)
    network.begin(code, state=network.RLO)


def _set(code: BlockCode, node: n.StlOperation) -> None:
    """Write S or R of a bit, S of a counter, R of a timer or counter."""
    operand = operand_of(node)
    if kind_of(operand) in (Kind.TIMER, Kind.COUNTER):
        _S5[node.mnemonic, kind_of(operand)](code, node)
        return
    code.writer.line("if {}:", through(code))
    with code.branch():
        targets.store(code, operand, literal(node.mnemonic == "S"), BOOL)
    network.begin(code, state=network.RLO)


def _edge(code: BlockCode, node: n.StlOperation) -> None:
    memory = targets.find(code, operand_of(node))
    before, now = code.temp(), code.temp()
    code.writer.line("{}, {} = {}, rlo", before, now, targets.read_checked(code, memory))
    targets.put(code, memory, network.RLO, BOOL)
    high, low = (now, before) if node.mnemonic == "FP" else (before, now)
    code.writer.line("rlo = {} and not {}", high, low)
    network.conclude(code, state=now)


def _not(code: BlockCode, _: n.StlOperation) -> None:
    code.writer.line("rlo = not rlo")
    if code.status.state:
        code.writer.line("sta = True")


def _set_rlo(code: BlockCode, node: n.StlOperation) -> None:
    code.writer.line("rlo = {}", node.mnemonic == "SET")
    network.begin(code, state=network.RLO)


def _save(code: BlockCode, _: n.StlOperation) -> None:
    code.writer.line("eno = rlo")


# Timers and counters -------------------------------------------------------------------------------------------------


def _s5(function: object, *arguments: Text | int, only_set: bool = False) -> Operation:
    """Return what writes an operation on a timer or counter; it ends the chain of logic."""

    def operate(code: BlockCode, node: n.StlOperation) -> None:
        words, number = _find_numbered(code, operand_of(node))
        name = code.bind(getattr(function, "__name__", "s5"), function)
        code.writer.line("try:")
        with code.writer.deeper():
            code.writer.effect("if rlo: {}({})" if only_set else "{}({})", name, [words, number, *arguments])
        code.writer.line("except Fault as fault:")
        with code.writer.deeper():
            code.writer.line("cpu.fault(locate(fault))")
        network.set_first(code, False)
        if code.status.either:
            code.writer.line("either = False")

    return operate


def _find_numbered(code: BlockCode, operand: n.Expression) -> tuple[Text, Text]:
    """Return all timers or counters, and the number of one."""
    from virtual_plc.python_tier.access import references

    place = code.keep_value(references.reference(code, operand))
    return expression("{}.container", place), expression("{}.key", place)


def _timer(kind: int) -> Operation:
    return _s5(s5_timers.operate, kind, network.RLO, _VALUE, expression("cpu.now"))


def _enable(code: BlockCode, node: n.StlOperation) -> None:
    if kind_of(operand_of(node)) is Kind.TIMER:
        _s5(s5_timers.enable, network.RLO)(code, node)
    else:
        _s5(s5_counters.enable, network.RLO)(code, node)


_S5: dict[tuple[str, Kind | None], Operation] = {
    ("R", Kind.TIMER): _s5(s5_timers.reset, only_set=True),
    ("R", Kind.COUNTER): _s5(s5_counters.reset, only_set=True),
    ("S", Kind.COUNTER): _s5(s5_counters.preset, network.RLO, _VALUE),
}

OPERATIONS: dict[str, Operation] = {
    **dict.fromkeys(("A", "AN", "O", "ON", "X", "XN"), _logic),
    **dict.fromkeys(("A(", "AN(", "O(", "ON(", "X(", "XN("), _open),
    ")": _close,
    "=": _assign,
    **dict.fromkeys(("S", "R"), _set),
    **dict.fromkeys(("FP", "FN"), _edge),
    "NOT": _not,
    **dict.fromkeys(("SET", "CLR"), _set_rlo),
    "SAVE": _save,
    "SP": _timer(s5_timers.PULSE),
    "SE": _timer(s5_timers.EXTENDED),
    "SD": _timer(s5_timers.ON_DELAY),
    "SS": _timer(s5_timers.LATCHING),
    "SF": _timer(s5_timers.OFF_DELAY),
    "FR": _enable,
    "CU": _s5(s5_counters.count, s5_counters.UP, network.RLO),
    "CD": _s5(s5_counters.count, s5_counters.DOWN, network.RLO),
}
