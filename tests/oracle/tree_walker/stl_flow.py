"""Jumps, calls, block ends and the master control relay of STL."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import VOID
from tests.oracle.tree_walker import expressions, operands
from tests.oracle.tree_walker.activation import Activation
from tests.oracle.tree_walker.leaving import Goto, Return
from tests.oracle.tree_walker.registers import Registers
from tests.oracle.tree_walker.stl_bits import Operation, operand_of
from tests.oracle.tree_walker.stl_status import holds
from virtual_plc.faults import MissingBlockFault


def _when(condition: Callable[[Activation], bool]) -> Operation:
    """Return a jump that is taken when a condition holds; the status word stays."""

    def jump(activation: Activation, operation: n.StlOperation) -> None:
        if condition(activation):
            raise Goto(operation.target)

    return jump


def _on_result(*, taken: bool, saves: bool) -> Operation:
    """Return a jump by RLO, which may also put RLO into BR; RLO is 1 behind it, taken or not."""

    def jump(activation: Activation, operation: n.StlOperation) -> None:
        registers = activation.registers
        result = registers.result
        if saves:
            activation.eno = result
        registers.result = True
        registers.begin()
        if result is taken:
            raise Goto(operation.target)

    return jump


def _on_saved(*, taken: bool) -> Operation:
    def jump(activation: Activation, operation: n.StlOperation) -> None:
        activation.registers.begin()
        if activation.eno is taken:
            raise Goto(operation.target)

    return jump


def _on_stored_overflow(activation: Activation, operation: n.StlOperation) -> None:
    stored, activation.registers.stored_overflow = activation.registers.stored_overflow, False
    if stored:
        raise Goto(operation.target)


def _loop(activation: Activation, operation: n.StlOperation) -> None:
    registers = activation.registers
    registers.low = registers.low - 1
    if registers.low:
        raise Goto(operation.target)


def _list(activation: Activation, operation: n.StlOperation) -> None:
    """JL: jump as the so many-th JU behind it does, beyond the list to its own label."""
    body = [each for network in activation.block.networks for each in network.body]
    at = next(index for index, each in enumerate(body) if each is operation)
    targets = []
    for each in body[at + 1 :]:
        if not isinstance(each, n.StlOperation) or each.mnemonic != "JU":
            break
        targets.append(each.target)
    number = activation.registers.accu & 0xFF
    raise Goto(targets[number] if number < len(targets) else operation.target)


# Calls and ends ------------------------------------------------------------------------------------------------------


def _leave(registers: Registers) -> None:
    """What a call and the end of a block do to the status word."""
    registers.begin()
    registers.stored_overflow = False


def _call(activation: Activation, operation: n.StlOperation) -> None:
    """Call a block or an instruction; its ENO becomes BR."""
    if operation.mnemonic == "CC" and not activation.registers.result:
        activation.registers.result = True
        activation.registers.begin()
        return
    activation.answered = True
    called = operand_of(operation)
    try:
        if isinstance(called, n.Indirect):
            called = _of_number(activation, called)
        expressions.evaluate(activation, called)
    except operands.Missing:
        return
    activation.eno = activation.answered
    _leave(activation.registers)


def _of_number(activation: Activation, operand: n.Indirect) -> n.BlockCall:
    """Return the call of the block whose number is in memory (`UC FC[MW 0]`).

    Raises:
        Missing: there is no block of this number.
    """
    number = expressions.evaluate(activation, operand.pointer) if operand.pointer is not None else 0
    blocks = activation.machine.program.blocks.values()
    found = next((each for each in blocks if (each.kind, each.number) == (operand.area, number)), None)
    if found is None:
        message = f"There is no block {operand.area}{number}."
        raise operands.missing(activation, MissingBlockFault(message, operand.place))
    return n.BlockCall(found.name, "FB" if found.kind == "FB" else "FC", None, (), VOID, operand.place)


def _end(activation: Activation, operation: n.StlOperation) -> None:
    registers = activation.registers
    if operation.mnemonic == "BEC" and not registers.result:
        registers.result = True
        registers.begin()
        return
    raise Return


# Master control relay ------------------------------------------------------------------------------------------------


def _open_master(activation: Activation, _: n.StlOperation) -> None:
    registers = activation.registers
    registers.masters.append(registers.masters[-1] and registers.result)
    registers.begin()


def _close_master(activation: Activation, _: n.StlOperation) -> None:
    registers = activation.registers
    if len(registers.masters) > 1:
        registers.masters.pop()
    registers.begin()


def _activate_master(activation: Activation, operation: n.StlOperation) -> None:
    activation.registers.master_active = operation.mnemonic == "MCRA"


def _nothing(_: Activation, __: n.StlOperation) -> None:
    """An operation that only says something to the editor."""


_BY_CONDITION = {"JZ": "==0", "JN": "<>0", "JP": ">0", "JM": "<0", "JPZ": ">=0", "JMZ": "<=0", "JUO": "UO"}

OPERATIONS: dict[str, Operation] = {
    "JU": _when(lambda _: True),
    "JO": _when(lambda activation: activation.registers.overflow),
    **{jump: _when(partial(holds, condition=name)) for jump, name in _BY_CONDITION.items()},
    "JOS": _on_stored_overflow,
    "JC": _on_result(taken=True, saves=False),
    "JCN": _on_result(taken=False, saves=False),
    "JCB": _on_result(taken=True, saves=True),
    "JNB": _on_result(taken=False, saves=True),
    "JBI": _on_saved(taken=True),
    "JNBI": _on_saved(taken=False),
    "LOOP": _loop,
    "JL": _list,
    **dict.fromkeys(("CALL", "UC", "CC"), _call),
    **dict.fromkeys(("BE", "BEC", "BEU"), _end),
    "MCR(": _open_master,
    ")MCR": _close_master,
    **dict.fromkeys(("MCRA", "MCRD"), _activate_master),
    **dict.fromkeys(("NOP 0", "NOP 1", "BLD", "PSEUDO"), _nothing),
}
