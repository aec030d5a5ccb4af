"""Values of STL as Python lines: load and transfer, calculation, comparison, conversion, shifting, registers."""

from __future__ import annotations

from simatic_xml.program import nodes as n
from simatic_xml.program.types.layout import places
from simatic_xml.program.types.types import DataType, Elementary, Kind, Special, Structure
from simatic_xml.program.types.types import Text as TextType
from virtual_plc.code.python_text import Statement, Text, expression, literal, statement
from virtual_plc.instructions.control import s5_counters, s5_timers
from virtual_plc.memory.parameter_pointers import is_in_caller
from virtual_plc.python_tier.access import targets
from virtual_plc.python_tier.block_code import BlockCode, NotExecutable, require
from virtual_plc.python_tier.evaluation import value
from virtual_plc.python_tier.layout import IN_INSTANCE
from virtual_plc.python_tier.stl import addresses, network, runtime
from virtual_plc.python_tier.stl.bits import kind_of, operand_of, through
from virtual_plc.python_tier.stl.network import Operation

_ACCU, _DB, _DI = expression("a1"), expression("db"), expression("di")
_LEFT, _RIGHT, _SIGN = expression("'left'"), expression("'right'"), expression("'sign'")
_LOCAL, _INSTANCE, _CALLER = 0x86 << 24, 0x85 << 24, 0x87 << 24
_COUNTS = (Kind.INTEGER, Kind.BITS, Kind.DURATION, Kind.DATE, Kind.TIME_OF_DAY)


# Load and transfer ---------------------------------------------------------------------------------------------------


def pattern(code: BlockCode, given: Text, data_type: DataType) -> Text:
    """Return a value as the pattern in an accumulator."""
    if not isinstance(data_type, Elementary):
        return expression("{}({}, {})", code.bind("bits_of", runtime.bits_of), given, code.bind("type", data_type))
    if data_type.kind is Kind.BOOL:
        return expression("int({})", given)
    if data_type.kind is Kind.REAL and data_type.bits == 32:
        return expression("{}({})", code.bind("real_bits", runtime.real_bits), given)
    if data_type.kind in _COUNTS and data_type.bits <= 32:
        mask = (1 << data_type.bits) - 1
        return expression("{} & {}", given, mask) if data_type.signed else given
    return expression("{}({}, {})", code.bind("bits_of", runtime.bits_of), given, code.bind(data_type.name, data_type))


def unpack(code: BlockCode, accu: Text, operand: n.Expression) -> Text:
    """Return the value of a type that a pattern means."""
    data_type = require(operand.type, Elementary, operand.place)
    if data_type.kind is Kind.REAL and data_type.bits == 32:
        return expression("{}({})", code.bind("bits_real", runtime.bits_real), accu)
    if data_type.kind in _COUNTS and data_type.bits <= 32:
        mask, half = (1 << data_type.bits) - 1, 1 << data_type.bits - 1
        if data_type.signed:
            return expression("({0} & {1} ^ {2}) - {2}", accu, mask, half)
        return accu if data_type.bits == 32 else expression("{} & {}", accu, mask)
    return expression("{}({}, {})", code.bind("value_of", runtime.value_of), accu, code.bind(data_type.name, data_type))


def _read_operand(code: BlockCode, operand: n.Expression) -> Text:
    """Return what L brings: a value, the rest of a timer, the value of a counter, a pointer."""
    if isinstance(operand, n.Constant) and isinstance(operand.type, Special):
        return _pointer_to(code, operand)
    found = value(code, operand)
    if kind_of(operand) is Kind.TIMER:
        return expression("{}({}, cpu.now)", code.bind("remaining", s5_timers.remaining), found)
    if kind_of(operand) is Kind.COUNTER:
        return expression("{}({})", code.bind("counter_value", s5_counters.value), found)
    if isinstance(operand, n.Constant) and isinstance(operand.type, TextType):
        return literal(runtime.bits_of(operand.value, operand.type))
    return pattern(code, found, operand.type)


def _pointer_to(code: BlockCode, constant: n.Constant) -> Text:
    """Return the pointer `P##name` to a variable of a block with standard access."""
    name = str(constant.value).removeprefix("P##").strip('"').casefold()
    variables = {each.name.casefold(): each for each in code.block.variables}
    name = f"p##{name}" if f"p##{name}" in variables else name
    variable = variables.get(name)
    if variable is None:
        raise code.refuse(f"A pointer to '{constant.value}' cannot be made here.", constant.place)
    in_instance = code.block.kind == "FB" and variable.section in IN_INSTANCE
    members = code.block.instance if in_instance else code.layout.framed
    offsets = {member.name.casefold(): at for member, at in places(Structure("", "fb", tuple(members)).members)}
    byte, bit = offsets[name]
    if not in_instance:
        area = _CALLER if is_in_caller(code.block, variable) else _LOCAL
        return literal(area | byte * 8 + bit)
    return expression("{} | ({} + getattr(self, '_offset', 0)) * 8 + {}", _INSTANCE, byte, bit)


def load(code: BlockCode, text: Text) -> None:
    """Put a pattern into ACCU 1; the old ACCU 1 goes to ACCU 2."""
    code.writer.line("a2, a1 = a1, {}", text)


def _load(code: BlockCode, node: n.StlOperation) -> None:
    load(code, _read_operand(code, operand_of(node)))


def _load_bcd(code: BlockCode, node: n.StlOperation) -> None:
    operand = operand_of(node)
    found = value(code, operand)
    if kind_of(operand) is Kind.TIMER:
        load(code, expression("{}({}, cpu.now)", code.bind("remaining_s5time", s5_timers.remaining_s5time), found))
    else:
        load(code, expression("{}({})", code.bind("value_bcd", s5_counters.value_bcd), found))


def _transfer(code: BlockCode, node: n.StlOperation) -> None:
    operand = operand_of(node)
    accu = _ACCU
    if code.facts.mastered:
        accu = code.temp()
        code.writer.line("{} = a1 if {} else 0", accu, through(code, literal(True)))
    if isinstance(operand, n.StatusBit):
        network.set_status_word(code)
    else:
        targets.store(code, operand, unpack(code, accu, operand), operand.type)


# Accumulators and registers ------------------------------------------------------------------------------------------


def _lines(*lines: Statement) -> Operation:
    """Return what writes fixed lines."""

    def operate(code: BlockCode, _: n.StlOperation) -> None:
        for each in lines:
            code.writer.put(each)

    return operate


def _is_400(code: BlockCode) -> bool:
    return code.context.family == "S7-400"


def _by_family(four: Statement, two: Statement) -> Operation:
    return lambda code, _: code.writer.put(four if _is_400(code) else two)


def _register(node: n.StlOperation) -> Text:
    return network.REGISTERS["AR1" if "AR1" in node.mnemonic else "AR2"]


def _load_address(code: BlockCode, node: n.StlOperation) -> None:
    register = _register(node)
    text = _ACCU if node.operand is None else _read_operand(code, node.operand)
    code.writer.line("{} = {}", register, text)


def _transfer_address(code: BlockCode, node: n.StlOperation) -> None:
    register = _register(node)
    if node.operand is None:
        load(code, register)
    else:
        targets.store(code, node.operand, unpack(code, register, node.operand), node.operand.type)


def _add_address(code: BlockCode, node: n.StlOperation) -> None:
    register = _register(node)
    given = expression("(a1 & 65535 ^ 32768) - 32768") if node.operand is None else _read_operand(code, node.operand)
    code.writer.line("{0} = {0} & {1} | {0} + {2} & {3}", register, 0xFF00_0000, given, runtime.OFFSET)


def _open_block(code: BlockCode, node: n.StlOperation) -> None:
    operand = operand_of(node)
    register = _DI if node.mnemonic == "OPNDI" else _DB
    opened = code.temp()
    code.writer.line("{} = addressing.open_block({})", opened, value(code, operand))
    code.writer.line("if {0} is not None: {1} = {0}", opened, register)


def _block_number(register: Text) -> Operation:
    return lambda code, _: load(code, expression("{0}[0] if {0} else 0", register))


def _block_length(register: Text) -> Operation:
    return lambda code, _: load(code, expression("{}({})", code.bind("length_of", addresses.length_of), register))


# Calculation ---------------------------------------------------------------------------------------------------------


def _calculate(code: BlockCode, node: n.StlOperation) -> None:
    function = code.bind(f"stl_{node.mnemonic}", runtime.CALCULATIONS[node.mnemonic])
    network.judge(code, expression("{}(a2, a1)", function))
    if _is_400(code):
        code.writer.line("a2, a3 = a3, a4")


def _function(code: BlockCode, node: n.StlOperation) -> None:
    network.judge(code, expression("{}(a1)", code.bind(f"stl_{node.mnemonic}", runtime.FUNCTIONS[node.mnemonic])))


def _number(node: n.StlOperation) -> Text:
    """Return the constant of an operation, which is a whole number (`stl_rules`)."""
    operand = operand_of(node)
    if not isinstance(operand, n.Constant) or not isinstance(operand.value, int):
        raise NotExecutable(f"'{node.mnemonic}' needs a whole number.", node.place)
    return literal(operand.value)


def _add_constant(code: BlockCode, node: n.StlOperation) -> None:
    constant, data_type = _number(node), operand_of(node).type
    if isinstance(data_type, Elementary) and data_type.bits <= 16:
        code.writer.line("a1 = a1 & {} | a1 + {} & 65535", 0xFFFF_0000, constant)
    else:
        code.writer.line("a1 = a1 + {} & {}", constant, runtime.DOUBLE)


def _step(code: BlockCode, node: n.StlOperation) -> None:
    stepped = expression("a1 + {}" if node.mnemonic == "INC" else "a1 - {}", _number(node))
    code.writer.line("a1 = a1 & {} | {} & 255", 0xFFFF_FF00, stepped)


_RELATIONS = {"==": "{} == {}", "<>": "{} != {}", ">": "{} > {}", "<": "{} < {}", ">=": "{} >= {}", "<=": "{} <= {}"}
_READS = {"I": "signed16", "D": "signed32", "R": "bits_real"}


def _compare(code: BlockCode, node: n.StlOperation) -> None:
    relation, size = node.mnemonic[:-1], node.mnemonic[-1]
    read = code.bind(_READS[size], getattr(runtime, _READS[size]))
    a, b = code.temp(), code.temp()
    code.writer.line("{}, {} = {}(a2), {}(a1)", a, b, read, read)
    ordered = expression("{0} == {0} and {1} == {1}", a, b)
    compared = expression(_RELATIONS[relation], a, b)
    code.writer.line(
        "rlo = {}", expression("{} and {}", compared, ordered) if (relation, size) == ("<>", "R") else compared
    )
    if code.status.conditions or code.status.overflow or code.status.stored:
        code.writer.line("cc, ov = 2 if {0} > {1} else 1 if {0} < {1} else 0, False", a, b)
        if size == "R":
            code.writer.line("if not {}: cc, ov, stored = 3, True, True", ordered)
    network.conclude(code)


# Conversion, logic of words, shifting --------------------------------------------------------------------------------


def _round(code: BlockCode, node: n.StlOperation) -> None:
    function = code.bind(f"stl_{node.mnemonic}", runtime.ROUNDINGS[node.mnemonic])
    failed = code.temp()
    code.writer.line("a1, {} = {}(a1)", failed, function)
    code.writer.line("if {}: ov = stored = True", failed)


def _to_bcd(digits: int) -> Operation:
    def operate(code: BlockCode, _: n.StlOperation) -> None:
        code.writer.line("a1, ov = {}(a1, {})", code.bind("to_bcd", runtime.to_bcd), digits)
        network.keep_overflow(code)

    return operate


def _from_bcd(digits: int) -> Operation:
    def operate(code: BlockCode, _: n.StlOperation) -> None:
        code.writer.line("try:")
        with code.writer.deeper():
            code.writer.line("a1 = {}(a1, {})", code.bind("from_bcd", runtime.from_bcd), digits)
        code.writer.line("except Fault as fault:")
        with code.writer.deeper():
            code.writer.line("cpu.fault(locate(fault))")

    return operate


_COMBINED = {"A": "a1 & {}", "O": "a1 | {}", "XO": "a1 ^ {}"}


def _words(way: str, bits: int) -> Operation:
    mask = (1 << bits) - 1

    def operate(code: BlockCode, node: n.StlOperation) -> None:
        given = expression("a2") if node.operand is None else _number(node)
        combined = expression("{} & {}", expression(_COMBINED[way], given), mask)
        if bits == 32:
            code.writer.line("a1 = {}", combined)
        else:
            code.writer.line("a1 = a1 & {} | {}", 0xFFFF_0000, combined)
        if code.status.conditions or code.status.overflow:
            code.writer.line("cc, ov = 2 if a1 & {} else 0, False", mask)

    return operate


def _make_shift(function: str, *arguments: Text | int) -> Operation:
    """Return what writes a shift or a rotation by a constant, or by the lowest byte of ACCU 2."""

    def operate(code: BlockCode, node: n.StlOperation) -> None:
        count = expression("a2 & 255") if node.operand is None else _number(node)
        last = code.temp()
        name = code.bind(function, getattr(runtime, function))
        code.writer.line("if {}:", count)
        with code.writer.deeper():
            code.writer.line("a1, {} = {}(a1, {})", last, name, [count, *arguments])
            code.writer.line("cc, ov = {} << 1, False", last)

    return operate


OPERATIONS: dict[str, Operation] = {
    "L": _load,
    "LC": _load_bcd,
    "T": _transfer,
    "TAK": _lines(statement("a1, a2 = a2, a1")),
    "PUSH": _by_family(statement("a2, a3, a4 = a1, a2, a3"), statement("a2 = a1")),
    "POP": _by_family(statement("a1, a2, a3 = a2, a3, a4"), statement("a1 = a2")),
    "ENT": _lines(statement("a3, a4 = a2, a3")),
    "LEAVE": _lines(statement("a2, a3 = a3, a4")),
    **dict.fromkeys(("LAR1", "LAR2"), _load_address),
    "LAR1 AR2": _lines(statement("ar1 = ar2")),
    **dict.fromkeys(("TAR1", "TAR2"), _transfer_address),
    "TAR1 AR2": _lines(statement("ar2 = ar1")),
    "CAR": _lines(statement("ar1, ar2 = ar2, ar1")),
    **dict.fromkeys(("+AR1", "+AR2"), _add_address),
    **dict.fromkeys(("OPN", "OPNDI"), _open_block),
    "CDB": _lines(statement("db, di = di, db")),
    "L DBNO": _block_number(_DB),
    "L DINO": _block_number(_DI),
    "L DBLG": _block_length(_DB),
    "L DILG": _block_length(_DI),
    **dict.fromkeys(runtime.CALCULATIONS, _calculate),
    **dict.fromkeys(runtime.FUNCTIONS, _function),
    "+": _add_constant,
    **dict.fromkeys(("INC", "DEC"), _step),
    **{f"{relation}{size}": _compare for relation in _RELATIONS for size in "IDR"},
    "ABS": _lines(statement("a1 &= 0x7FFFFFFF")),
    "NEGR": _lines(statement("a1 ^= 0x80000000")),
    "ITD": _lines(statement("a1 = (a1 & 65535 ^ 32768) - 32768 & {}", runtime.DOUBLE)),
    "DTR": lambda code, _: code.writer.line(
        "a1 = {}({}(a1))", code.bind("real_bits", runtime.real_bits), code.bind("signed32", runtime.signed32)
    ),
    **dict.fromkeys(runtime.ROUNDINGS, _round),
    "ITB": _to_bcd(3),
    "DTB": _to_bcd(7),
    "BTI": _from_bcd(3),
    "BTD": _from_bcd(7),
    "INVI": _lines(statement("a1 ^= 65535")),
    "INVD": _lines(statement("a1 ^= {}", runtime.DOUBLE)),
    "CAW": lambda code, _: code.writer.line("a1 = {}(a1, 2)", code.bind("swap_bytes", runtime.swap_bytes)),
    "CAD": lambda code, _: code.writer.line("a1 = {}(a1, 4)", code.bind("swap_bytes", runtime.swap_bytes)),
    **{f"{way}W": _words(way, 16) for way in _COMBINED},
    **{f"{way}D": _words(way, 32) for way in _COMBINED},
    "SLW": _make_shift("shift", 16, _LEFT),
    "SRW": _make_shift("shift", 16, _RIGHT),
    "SSI": _make_shift("shift", 16, _SIGN),
    "SLD": _make_shift("shift", 32, _LEFT),
    "SRD": _make_shift("shift", 32, _RIGHT),
    "SSD": _make_shift("shift", 32, _SIGN),
    "RLD": _make_shift("rotate", _LEFT),
    "RRD": _make_shift("rotate", _RIGHT),
    "RLDA": _lines(statement("a1, cc, ov = (a1 << 1 | cc >> 1) & {}, a1 >> 31 << 1, False", runtime.DOUBLE)),
    "RRDA": _lines(statement("a1, cc, ov = a1 >> 1 | cc >> 1 << 31, (a1 & 1) << 1, False")),
}
