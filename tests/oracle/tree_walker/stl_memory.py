"""Loading and transferring in STL, and its registers for addresses and data blocks."""

from __future__ import annotations

from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.types.layout import places
from simatic_xml.program.types.types import DataType, Elementary, Kind, Special
from tests.oracle.tree_walker import expressions, operands, stl_status
from tests.oracle.tree_walker.activation import IN_INSTANCE, Activation
from tests.oracle.tree_walker.places import Whole
from tests.oracle.tree_walker.registers import DOUBLE, signed
from tests.oracle.tree_walker.stl_bits import Operation, operand_of
from virtual_plc.instructions.control import s5_counters, s5_timers
from virtual_plc.memory.codecs import Bytes, codec
from virtual_plc.memory.parameter_pointers import is_in_caller
from virtual_plc.memory.views import buffer_of

_OFFSET = (1 << 24) - 1
_LOCAL, _INSTANCE, _CALLER = 0x86 << 24, 0x85 << 24, 0x87 << 24


def bits_of(value: Any, data_type: DataType) -> int:
    """Return the pattern of a value, right-justified; of text its characters."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(data_type, Elementary):
        made = Bytes((data_type.bits + 7) // 8)
        codec(data_type).write(made, 0, 0, value)
        return int.from_bytes(made, "big")
    return int.from_bytes(str(value).encode("latin-1", "replace"), "big")


def value_of(pattern: int, data_type: DataType) -> Any:
    """Return the value of a type that the right bits of a pattern mean."""
    assert isinstance(data_type, Elementary)
    size = (data_type.bits + 7) // 8
    return codec(data_type).read(Bytes(0) + (pattern & (1 << 8 * size) - 1).to_bytes(size, "big"), 0, 0)


def _load(activation: Activation, operation: n.StlOperation) -> None:
    activation.registers.load(_loaded(activation, operand_of(operation)))


def _loaded(activation: Activation, operand: n.Expression) -> int:
    """Return what L brings: a value, the rest of a timer or the value of a counter, a pointer."""
    if isinstance(operand, n.Constant) and isinstance(operand.type, Special):
        return _pointer_to(activation, str(operand.value))
    value = expressions.evaluate(activation, operand)
    kind = operand.type.kind if isinstance(operand.type, Elementary) else None
    if kind is Kind.TIMER:
        return s5_timers.remaining(value, activation.machine.services.now)
    if kind is Kind.COUNTER:
        return s5_counters.value(value)
    return bits_of(value, operand.type)


def _pointer_to(activation: Activation, text: str) -> int:
    """Return the pointer `P##name` to a variable of a block with standard access."""
    name = text.removeprefix("P##").strip('"').casefold()
    variables = {each.name.casefold(): each for each in activation.block.variables}
    name = f"p##{name}" if f"p##{name}" in variables else name
    variable = variables[name]
    in_instance = activation.block.kind == "FB" and variable.section in IN_INSTANCE
    data = activation.instance if in_instance else activation.frame
    offsets = {member.name.casefold(): place for member, place in places(type(data)._structure.members)}
    byte, bit = offsets[name]
    base = data._offset if buffer_of(data) is not None else 0
    area = _CALLER if is_in_caller(activation.block, variable) else _INSTANCE if in_instance else _LOCAL
    return area | (base + byte) * 8 + bit


def _load_bcd(activation: Activation, operation: n.StlOperation) -> None:
    operand = operand_of(operation)
    value, now = expressions.evaluate(activation, operand), activation.machine.services.now
    is_timer = isinstance(operand.type, Elementary) and operand.type.kind is Kind.TIMER
    found = s5_timers.remaining_s5time(value, now) if is_timer else s5_counters.value_bcd(value)
    activation.registers.load(found)


def _transfer(activation: Activation, operation: n.StlOperation) -> None:
    registers, operand = activation.registers, operand_of(operation)
    pattern = registers.accu if registers.master else 0
    if isinstance(operand, n.StatusBit):
        stl_status.set_word(activation, pattern)
    else:
        expressions.write(activation, operand, value_of(pattern, operand.type))


# Accumulators --------------------------------------------------------------------------------------------------------


def _stack(activation: Activation, operation: n.StlOperation) -> None:
    """PUSH, POP, ENT, LEAVE and TAK; PUSH and POP move four accumulators on an S7-400, else two."""
    a = activation.registers.accumulators
    four = activation.machine.program.cpu.family == "S7-400"
    moved = {
        "TAK": [a[1], a[0], a[2], a[3]],
        "PUSH": [a[0], a[0], a[1], a[2]] if four else [a[0], a[0], a[2], a[3]],
        "POP": [a[1], a[2], a[3], a[3]] if four else [a[1], a[1], a[2], a[3]],
        "ENT": [a[0], a[1], a[1], a[2]],
        "LEAVE": [a[0], a[2], a[3], a[3]],
    }
    a[:] = moved[operation.mnemonic]


# Address registers ---------------------------------------------------------------------------------------------------


def _load_address(activation: Activation, operation: n.StlOperation) -> None:
    registers, index = activation.registers, operation.mnemonic[3] == "2"
    if operation.mnemonic == "LAR1 AR2":
        registers.addresses[0] = registers.addresses[1]
    elif operation.operand is None:
        registers.addresses[index] = registers.accu
    else:
        registers.addresses[index] = _loaded(activation, operation.operand) & DOUBLE


def _transfer_address(activation: Activation, operation: n.StlOperation) -> None:
    registers, index = activation.registers, operation.mnemonic[3] == "2"
    if operation.mnemonic == "TAR1 AR2":
        registers.addresses[1] = registers.addresses[0]
    elif operation.operand is None:
        registers.load(registers.addresses[index])
    else:
        value = value_of(registers.addresses[index], operation.operand.type)
        expressions.write(activation, operation.operand, value)


def _swap_addresses(activation: Activation, _: n.StlOperation) -> None:
    activation.registers.addresses.reverse()


def _add_address(activation: Activation, operation: n.StlOperation) -> None:
    """Add to an address register; its area stays."""
    registers, index = activation.registers, operation.mnemonic[3] == "2"
    operand = operation.operand
    given = signed(registers.accu, 16) if operand is None else _loaded(activation, operand)
    before = registers.addresses[index]
    registers.addresses[index] = before & ~_OFFSET | before + given & _OFFSET


# Data blocks ---------------------------------------------------------------------------------------------------------


def _open(activation: Activation, operation: n.StlOperation) -> None:
    operand = operand_of(operation)
    if isinstance(operand, n.Indirect) and operand.pointer is not None and operand.area in ("DB", "DI"):
        number = expressions.evaluate(activation, operand.pointer)
        if number == 0:
            activation.registers.data_blocks[operation.mnemonic == "OPNDI"] = None
            return
    try:
        data = operands.locate(activation, operand).get()
    except operands.Missing:
        return
    data = data.get() if isinstance(data, Whole) else data
    if not hasattr(data, "_structure") and not isinstance(operand, n.DataBlock | n.Indirect):
        data = operands.block_data(activation, "DB", int(data), operation.place)
    memory = activation.machine.memory
    number = next((number for number, each in memory.by_number.items() if each is data), 0)
    activation.registers.data_blocks[operation.mnemonic == "OPNDI"] = (number, data)


def _swap_blocks(activation: Activation, _: n.StlOperation) -> None:
    activation.registers.data_blocks.reverse()


def _block_fact(activation: Activation, operation: n.StlOperation) -> None:
    """L DBNO, L DBLG and those of DI: number of the open block, its length in bytes; 0 where none is open."""
    what = operation.mnemonic.split()[1]
    opened = activation.registers.data_blocks[what.startswith("DI")]
    number, data = opened or (0, None)
    activation.registers.load(number if what.endswith("NO") else len(buffer_of(data) or b""))


OPERATIONS: dict[str, Operation] = {
    "L": _load,
    "LC": _load_bcd,
    "T": _transfer,
    **dict.fromkeys(("TAK", "PUSH", "POP", "ENT", "LEAVE"), _stack),
    **dict.fromkeys(("LAR1", "LAR2", "LAR1 AR2"), _load_address),
    **dict.fromkeys(("TAR1", "TAR2", "TAR1 AR2"), _transfer_address),
    "CAR": _swap_addresses,
    **dict.fromkeys(("+AR1", "+AR2"), _add_address),
    **dict.fromkeys(("OPN", "OPNDI"), _open),
    "CDB": _swap_blocks,
    **dict.fromkeys(("L DBNO", "L DBLG", "L DINO", "L DILG"), _block_fact),
}
