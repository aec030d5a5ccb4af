"""Bit logic of STL: the chain of logic, brackets, assignments, edges, timers and counters."""

from __future__ import annotations

from collections.abc import Callable

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import Elementary, Kind
from tests.oracle.tree_walker import expressions, operands
from tests.oracle.tree_walker.activation import Activation
from tests.oracle.tree_walker.registers import Registers
from virtual_plc.faults import Fault
from virtual_plc.instructions.control import s5_counters, s5_timers

Operation = Callable[[Activation, n.StlOperation], None]


def operand_of(operation: n.StlOperation) -> n.Expression:
    """Return the operand of an operation that has one."""
    assert operation.operand is not None
    return operation.operand


def state(activation: Activation, operand: n.Expression) -> bool:
    """Return a bit, or the state of a timer or counter."""
    value = expressions.evaluate(activation, operand)
    if isinstance(operand.type, Elementary) and operand.type.kind is Kind.TIMER:
        return s5_timers.output(value, activation.machine.services.now)
    if isinstance(operand.type, Elementary) and operand.type.kind is Kind.COUNTER:
        return s5_counters.output(value)
    return bool(value)


def _combine(registers: Registers, way: str, bit: bool) -> None:
    """Combine a bit with the chain of logic: `A`, `O` or `X`, with `N` the opposite of the bit."""
    value = bit is not way.endswith("N")
    either = False
    if way[0] == "A":
        either = registers.either and registers.first
        result = either or ((registers.result or not registers.first) and value)
    elif way[0] == "O":
        result = (registers.result and registers.first) or value
    else:
        result = (registers.result and registers.first) is not value
    registers.first, registers.result, registers.either, registers.status = True, result, either, bit


def _logic(activation: Activation, operation: n.StlOperation) -> None:
    registers = activation.registers
    if operation.operand is None:
        _and_before_or(registers)
    else:
        _combine(registers, operation.mnemonic, state(activation, operation.operand))


def _and_before_or(registers: Registers) -> None:
    registers.either = (registers.result or registers.either) and registers.first
    registers.first = registers.result and registers.first
    registers.status = True


def _open(activation: Activation, operation: n.StlOperation) -> None:
    registers = activation.registers
    kept = (operation.mnemonic[:-1], registers.result, registers.either, registers.first)
    registers.brackets.append(kept)
    registers.begin()


def _close(activation: Activation, _: n.StlOperation) -> None:
    registers = activation.registers
    inside = registers.result
    way, registers.result, registers.either, registers.first = registers.brackets.pop()
    _combine(registers, way, inside)
    registers.status = True


# Assignments ---------------------------------------------------------------------------------------------------------


def _assign(activation: Activation, operation: n.StlOperation) -> None:
    registers = activation.registers
    expressions.write(activation, operand_of(operation), registers.result and registers.master)
    registers.begin(status=registers.result)


def _set(activation: Activation, operation: n.StlOperation) -> None:
    """S or R of a bit, S of a counter, R of a timer or counter."""
    registers, operand = activation.registers, operand_of(operation)
    kind = operand.type.kind if isinstance(operand.type, Elementary) else Kind.BOOL
    if kind is Kind.BOOL:
        if registers.result and registers.master:
            expressions.write(activation, operand, operation.mnemonic == "S")
        registers.begin(status=registers.result)
        return
    _S5[operation.mnemonic, kind](activation, operation)
    registers.first = registers.either = False


def _edge(activation: Activation, operation: n.StlOperation) -> None:
    registers, operand = activation.registers, operand_of(operation)
    before, now = bool(expressions.evaluate(activation, operand)), registers.result
    expressions.write(activation, operand, now)
    registers.conclude((now and not before) if operation.mnemonic == "FP" else (before and not now), status=now)


def _not(activation: Activation, _: n.StlOperation) -> None:
    activation.registers.result = not activation.registers.result
    activation.registers.status = True


def _fixed(activation: Activation, operation: n.StlOperation) -> None:
    activation.registers.result = operation.mnemonic == "SET"
    activation.registers.begin(status=activation.registers.result)


def _save(activation: Activation, _: n.StlOperation) -> None:
    activation.eno = activation.registers.result


# Timers and counters -------------------------------------------------------------------------------------------------


def _s5(act: Callable[[Activation, list[int], int], None]) -> Operation:
    """Return what an operation on a timer or counter does; it ends the chain of logic."""

    def operate(activation: Activation, operation: n.StlOperation) -> None:
        place = operands.locate(activation, operand_of(operation), writing=True)
        try:
            act(activation, place.container, int(place.key))
        except Fault as fault:
            fault.place = operation.place
            activation.machine.services.fault(fault)
        activation.registers.first = activation.registers.either = False

    return operate


def _timer(kind: int) -> Operation:
    def start(activation: Activation, timers: list[int], number: int) -> None:
        registers = activation.registers
        s5_timers.operate(timers, number, kind, registers.result, registers.low, activation.machine.services.now)

    return _s5(start)


def _counting(way: int) -> Operation:
    return _s5(
        lambda activation, counters, number: s5_counters.count(counters, number, way, activation.registers.result)
    )


def _reset_timer(activation: Activation, timers: list[int], number: int) -> None:
    if activation.registers.result:
        s5_timers.reset(timers, number)


def _reset_counter(activation: Activation, counters: list[int], number: int) -> None:
    if activation.registers.result:
        s5_counters.reset(counters, number)


def _preset(activation: Activation, counters: list[int], number: int) -> None:
    s5_counters.preset(counters, number, activation.registers.result, activation.registers.low)


def _enable(activation: Activation, operation: n.StlOperation) -> None:
    data_type = operand_of(operation).type
    is_timer = isinstance(data_type, Elementary) and data_type.kind is Kind.TIMER
    (_s5(_enable_timer) if is_timer else _s5(_enable_counter))(activation, operation)


def _enable_timer(activation: Activation, timers: list[int], number: int) -> None:
    s5_timers.enable(timers, number, activation.registers.result)


def _enable_counter(activation: Activation, counters: list[int], number: int) -> None:
    s5_counters.enable(counters, number, activation.registers.result)


_S5: dict[tuple[str, Kind], Operation] = {
    ("R", Kind.TIMER): _s5(_reset_timer),
    ("R", Kind.COUNTER): _s5(_reset_counter),
    ("S", Kind.COUNTER): _s5(_preset),
}

OPERATIONS: dict[str, Operation] = {
    **dict.fromkeys(("A", "AN", "O", "ON", "X", "XN"), _logic),
    **dict.fromkeys(("A(", "AN(", "O(", "ON(", "X(", "XN("), _open),
    ")": _close,
    "=": _assign,
    **dict.fromkeys(("S", "R"), _set),
    **dict.fromkeys(("FP", "FN"), _edge),
    "NOT": _not,
    **dict.fromkeys(("SET", "CLR"), _fixed),
    "SAVE": _save,
    "SP": _timer(s5_timers.PULSE),
    "SE": _timer(s5_timers.EXTENDED),
    "SD": _timer(s5_timers.ON_DELAY),
    "SS": _timer(s5_timers.LATCHING),
    "SF": _timer(s5_timers.OFF_DELAY),
    "FR": _enable,
    "CU": _counting(s5_counters.UP),
    "CD": _counting(s5_counters.DOWN),
}
