"""Values of STL as Python lines: load and transfer, calculation, comparison, conversion, shifting, registers."""

from __future__ import annotations

from fakes.plc.instructions import s5_counters, s5_timers
from fakes.plc.python_code import addresses, stl, stl_runtime, targets
from fakes.plc.python_code.block_code import IN_INSTANCE, BlockCode
from fakes.plc.python_code.evaluation import value
from fakes.plc.python_code.stl import Operation
from fakes.plc.python_code.stl_bits import kind_of, operand_of, through
from fakes.plc.python_code.text import Level, Text
from simatic_xml.program import nodes as n
from simatic_xml.program.layout import places
from simatic_xml.program.types import DataType, Elementary, Kind, Special, Structure
from simatic_xml.program.types import Text as TextType

_LOCAL, _INSTANCE = 0x86 << 24, 0x85 << 24
_COUNTS = (Kind.INTEGER, Kind.BITS, Kind.DURATION, Kind.DATE, Kind.TIME_OF_DAY)


# Load and transfer ---------------------------------------------------------------------------------------------------


def pattern(code: BlockCode, given: Text, data_type: DataType) -> Text:
    """Return a value as the pattern in an accumulator."""
    if not isinstance(data_type, Elementary):
        return Text(f"{code.bind('bits_of', stl_runtime.bits_of)}({given}, {code.bind('type', data_type)})")
    if data_type.kind is Kind.BOOL:
        return Text(f"int({given})")
    if data_type.kind is Kind.REAL and data_type.bits == 32:
        return Text(f"{code.bind('real_bits', stl_runtime.real_bits)}({given})")
    if data_type.kind in _COUNTS and data_type.bits <= 32:
        mask = (1 << data_type.bits) - 1
        return Text(f"{given.within(Level.BIT_AND)} & {mask}", Level.BIT_AND) if data_type.signed else given
    return Text(f"{code.bind('bits_of', stl_runtime.bits_of)}({given}, {code.bind(data_type.name, data_type)})")


def unpacked(code: BlockCode, accu: str, data_type: DataType) -> Text:
    """Return the value of a type that a pattern means."""
    assert isinstance(data_type, Elementary)  # noqa: S101 (the compiler has seen to it)
    if data_type.kind is Kind.REAL and data_type.bits == 32:
        return Text(f"{code.bind('bits_real', stl_runtime.bits_real)}({accu})")
    if data_type.kind in _COUNTS and data_type.bits <= 32:
        mask, half = (1 << data_type.bits) - 1, 1 << data_type.bits - 1
        if data_type.signed:
            return Text(f"({accu} & {mask} ^ {half}) - {half}", Level.SUM)
        return Text(accu) if data_type.bits == 32 else Text(f"{accu} & {mask}", Level.BIT_AND)
    return Text(f"{code.bind('value_of', stl_runtime.value_of)}({accu}, {code.bind(data_type.name, data_type)})")


def _loaded(code: BlockCode, operand: n.Expression) -> Text:
    """Return what L brings: a value, the rest of a timer, the value of a counter, a pointer."""
    if isinstance(operand, n.Constant) and isinstance(operand.type, Special):
        return _pointer_to(code, operand)
    found = value(code, operand)
    if kind_of(operand) is Kind.TIMER:
        return Text(f"{code.bind('remaining', s5_timers.remaining)}({found}, cpu.now)")
    if kind_of(operand) is Kind.COUNTER:
        return Text(f"{code.bind('counter_value', s5_counters.value)}({found})")
    if isinstance(operand, n.Constant) and isinstance(operand.type, TextType):
        return Text(str(stl_runtime.bits_of(operand.value, operand.type)))
    return pattern(code, found, operand.type)


def _pointer_to(code: BlockCode, constant: n.Constant) -> Text:
    """Return the pointer `P##name` to a variable of a block with standard access."""
    name = str(constant.value).removeprefix("P##").strip('"').casefold()
    variable = next((each for each in code.block.variables if each.name.casefold() == name), None)
    if variable is None:
        raise code.refuse(f"A pointer to '{constant.value}' cannot be made here.", constant.place)
    in_instance = code.block.kind == "FB" and variable.section in IN_INSTANCE
    members = code.block.instance if in_instance else code.frame_members
    offsets = {member.name.casefold(): at for member, at in places(Structure("", "fb", tuple(members)).members)}
    byte, bit = offsets[name]
    if not in_instance:
        return Text(str(_LOCAL | byte * 8 + bit))
    return Text(f"{_INSTANCE} | ({byte} + getattr(self, '_offset', 0)) * 8 + {bit}", Level.BIT_OR)


def load(code: BlockCode, text: Text) -> None:
    """Put a pattern into ACCU 1; what was there goes to ACCU 2."""
    code.writer.line(f"a2, a1 = a1, {text}")


def _load(code: BlockCode, node: n.StlOperation) -> None:
    load(code, _loaded(code, operand_of(node)))


def _load_bcd(code: BlockCode, node: n.StlOperation) -> None:
    operand = operand_of(node)
    found = value(code, operand)
    if kind_of(operand) is Kind.TIMER:
        load(code, Text(f"{code.bind('remaining_s5time', s5_timers.remaining_s5time)}({found}, cpu.now)"))
    else:
        load(code, Text(f"{code.bind('value_bcd', s5_counters.value_bcd)}({found})"))


def _transfer(code: BlockCode, node: n.StlOperation) -> None:
    operand = operand_of(node)
    accu = "a1"
    if code.mastered:
        accu = code.temp()
        code.writer.line(f"{accu} = a1 if {through(code, 'True')} else 0")
    if isinstance(operand, n.StatusBit):
        stl.set_status_word(code)
    else:
        targets.store(code, operand, unpacked(code, accu, operand.type), operand.type)


# Accumulators and registers ------------------------------------------------------------------------------------------


def _lines(*lines: str) -> Operation:
    """Return what writes fixed lines."""

    def operate(code: BlockCode, _: n.StlOperation) -> None:
        for each in lines:
            code.writer.line(each)

    return operate


def _is_400(code: BlockCode) -> bool:
    return code.context.program.cpu.family == "S7-400"


def _by_family(four: str, two: str) -> Operation:
    return lambda code, _: code.writer.line(four if _is_400(code) else two)


def _load_address(code: BlockCode, node: n.StlOperation) -> None:
    register = f"ar{node.mnemonic[3]}"
    text = Text("a1") if node.operand is None else _loaded(code, node.operand)
    code.writer.line(f"{register} = {text}")


def _transfer_address(code: BlockCode, node: n.StlOperation) -> None:
    register = f"ar{node.mnemonic[3]}"
    if node.operand is None:
        load(code, Text(register))
    else:
        targets.store(code, node.operand, unpacked(code, register, node.operand.type), node.operand.type)


def _add_address(code: BlockCode, node: n.StlOperation) -> None:
    register, mask = f"ar{node.mnemonic[3]}", stl_runtime.OFFSET
    given = "(a1 & 65535 ^ 32768) - 32768" if node.operand is None else str(_loaded(code, node.operand))
    code.writer.line(f"{register} = {register} & {0xFF00_0000} | {register} + ({given}) & {mask}")


def _open_block(code: BlockCode, node: n.StlOperation) -> None:
    operand = operand_of(node)
    register = "di" if node.mnemonic == "OPNDI" else "db"
    opened = code.temp()
    code.writer.line(f"{opened} = addressing.opened({value(code, operand)})")
    code.writer.line(f"if {opened} is not None: {register} = {opened}")


def _block_number(register: str) -> Operation:
    return lambda code, _: load(code, Text(f"{register}[0] if {register} else 0", Level.CHOICE))


def _block_length(register: str) -> Operation:
    return lambda code, _: load(code, Text(f"{code.bind('length_of', addresses.length_of)}({register})"))


# Calculation ---------------------------------------------------------------------------------------------------------


def _calculate(code: BlockCode, node: n.StlOperation) -> None:
    function = code.bind(f"stl_{node.mnemonic}", stl_runtime.CALCULATIONS[node.mnemonic])
    stl.judge(code, f"{function}(a2, a1)")
    if _is_400(code):
        code.writer.line("a2, a3 = a3, a4")


def _function(code: BlockCode, node: n.StlOperation) -> None:
    stl.judge(code, f"{code.bind(f'stl_{node.mnemonic}', stl_runtime.FUNCTIONS[node.mnemonic])}(a1)")


def _add_constant(code: BlockCode, node: n.StlOperation) -> None:
    constant = node.operand
    assert isinstance(constant, n.Constant) and isinstance(constant.type, Elementary)  # noqa: S101
    if constant.type.bits <= 16:
        code.writer.line(f"a1 = a1 & {0xFFFF_0000} | a1 + {constant.value} & 65535")
    else:
        code.writer.line(f"a1 = a1 + {constant.value} & {stl_runtime.DOUBLE}")


def _step(code: BlockCode, node: n.StlOperation) -> None:
    assert isinstance(node.operand, n.Constant)  # noqa: S101 (the compiler has seen to it)
    sign = "+" if node.mnemonic == "INC" else "-"
    code.writer.line(f"a1 = a1 & {0xFFFF_FF00} | a1 {sign} {node.operand.value} & 255")


_RELATIONS = {"==": "==", "<>": "!=", ">": ">", "<": "<", ">=": ">=", "<=": "<="}
_READS = {"I": "signed16", "D": "signed32", "R": "bits_real"}


def _compare(code: BlockCode, node: n.StlOperation) -> None:
    relation, size = _RELATIONS[node.mnemonic[:-1]], node.mnemonic[-1]
    read = code.bind(_READS[size], getattr(stl_runtime, _READS[size]))
    a, b = code.temp(), code.temp()
    code.writer.line(f"{a}, {b} = {read}(a2), {read}(a1)")
    ordered = f"{a} == {a} and {b} == {b}"
    code.writer.line(f"rlo = {a} {relation} {b}" + (f" and {ordered}" if size == "R" and relation == "!=" else ""))
    if code.status.conditions or code.status.overflow or code.status.stored:
        code.writer.line(f"cc, ov = 2 if {a} > {b} else 1 if {a} < {b} else 0, False")
        if size == "R":
            code.writer.line(f"if not ({ordered}): cc, ov, stored = 3, True, True")
    stl.conclude(code)


# Conversion, logic of words, shifting --------------------------------------------------------------------------------


def _round(code: BlockCode, node: n.StlOperation) -> None:
    function = code.bind(f"stl_{node.mnemonic}", stl_runtime.ROUNDINGS[node.mnemonic])
    failed = code.temp()
    code.writer.line(f"a1, {failed} = {function}(a1)")
    code.writer.line(f"if {failed}: ov = stored = True")


def _to_bcd(digits: int) -> Operation:
    def operate(code: BlockCode, _: n.StlOperation) -> None:
        code.writer.line(f"a1, ov = {code.bind('to_bcd', stl_runtime.to_bcd)}(a1, {digits})")
        stl.keep_overflow(code)

    return operate


def _from_bcd(digits: int) -> Operation:
    def operate(code: BlockCode, _: n.StlOperation) -> None:
        code.writer.line("try:")
        with code.writer.deeper():
            code.writer.line(f"a1 = {code.bind('from_bcd', stl_runtime.from_bcd)}(a1, {digits})")
        code.writer.line("except Fault as fault:")
        with code.writer.deeper():
            code.writer.line("cpu.fault(located(fault))")

    return operate


def _words(sign: str, bits: int) -> Operation:
    mask = (1 << bits) - 1

    def operate(code: BlockCode, node: n.StlOperation) -> None:
        given = str(node.operand.value) if isinstance(node.operand, n.Constant) else "a2"
        kept = "" if bits == 32 else f"a1 & {0xFFFF_0000} | "
        code.writer.line(f"a1 = {kept}(a1 {sign} {given}) & {mask}")
        if code.status.conditions or code.status.overflow:
            code.writer.line(f"cc, ov = 2 if a1 & {mask} else 0, False")

    return operate


def _moved(function: str, arguments: str) -> Operation:
    """Return what writes a shift or a rotation by a constant, or by the lowest byte of ACCU 2."""

    def operate(code: BlockCode, node: n.StlOperation) -> None:
        count = str(node.operand.value) if isinstance(node.operand, n.Constant) else "a2 & 255"
        last = code.temp()
        name = code.bind(function, getattr(stl_runtime, function))
        code.writer.line(f"if {count}:")
        with code.writer.deeper():
            code.writer.line(f"a1, {last} = {name}(a1, {count}, {arguments})")
            code.writer.line(f"cc, ov = {last} << 1, False")

    return operate


OPERATIONS: dict[str, Operation] = {
    "L": _load,
    "LC": _load_bcd,
    "T": _transfer,
    "TAK": _lines("a1, a2 = a2, a1"),
    "PUSH": _by_family("a2, a3, a4 = a1, a2, a3", "a2 = a1"),
    "POP": _by_family("a1, a2, a3 = a2, a3, a4", "a1 = a2"),
    "ENT": _lines("a3, a4 = a2, a3"),
    "LEAVE": _lines("a2, a3 = a3, a4"),
    **dict.fromkeys(("LAR1", "LAR2"), _load_address),
    "LAR1 AR2": _lines("ar1 = ar2"),
    **dict.fromkeys(("TAR1", "TAR2"), _transfer_address),
    "TAR1 AR2": _lines("ar2 = ar1"),
    "CAR": _lines("ar1, ar2 = ar2, ar1"),
    **dict.fromkeys(("+AR1", "+AR2"), _add_address),
    **dict.fromkeys(("OPN", "OPNDI"), _open_block),
    "CDB": _lines("db, di = di, db"),
    "L DBNO": _block_number("db"),
    "L DINO": _block_number("di"),
    "L DBLG": _block_length("db"),
    "L DILG": _block_length("di"),
    **dict.fromkeys(stl_runtime.CALCULATIONS, _calculate),
    **dict.fromkeys(stl_runtime.FUNCTIONS, _function),
    "+": _add_constant,
    **dict.fromkeys(("INC", "DEC"), _step),
    **{f"{relation}{size}": _compare for relation in _RELATIONS for size in "IDR"},
    "ABS": _lines("a1 &= 0x7FFFFFFF"),
    "NEGR": _lines("a1 ^= 0x80000000"),
    "ITD": _lines(f"a1 = (a1 & 65535 ^ 32768) - 32768 & {stl_runtime.DOUBLE}"),
    "DTR": lambda code, _: code.writer.line(
        f"a1 = {code.bind('real_bits', stl_runtime.real_bits)}({code.bind('signed32', stl_runtime.signed32)}(a1))"
    ),
    **dict.fromkeys(stl_runtime.ROUNDINGS, _round),
    "ITB": _to_bcd(3),
    "DTB": _to_bcd(7),
    "BTI": _from_bcd(3),
    "BTD": _from_bcd(7),
    "INVI": _lines("a1 ^= 65535"),
    "INVD": _lines(f"a1 ^= {stl_runtime.DOUBLE}"),
    "CAW": lambda code, _: code.writer.line(f"a1 = {code.bind('swapped', stl_runtime.swapped)}(a1, 2)"),
    "CAD": lambda code, _: code.writer.line(f"a1 = {code.bind('swapped', stl_runtime.swapped)}(a1, 4)"),
    **{f"{name}W": _words(sign, 16) for name, sign in (("A", "&"), ("O", "|"), ("XO", "^"))},
    **{f"{name}D": _words(sign, 32) for name, sign in (("A", "&"), ("O", "|"), ("XO", "^"))},
    "SLW": _moved("shift", "16, 'left'"),
    "SRW": _moved("shift", "16, 'right'"),
    "SSI": _moved("shift", "16, 'sign'"),
    "SLD": _moved("shift", "32, 'left'"),
    "SRD": _moved("shift", "32, 'right'"),
    "SSD": _moved("shift", "32, 'sign'"),
    "RLD": _moved("rotate", "'left'"),
    "RRD": _moved("rotate", "'right'"),
    "RLDA": _lines(f"a1, cc, ov = (a1 << 1 | cc >> 1) & {stl_runtime.DOUBLE}, a1 >> 31 << 1, False"),
    "RRDA": _lines("a1, cc, ov = a1 >> 1 | cc >> 1 << 31, (a1 & 1) << 1, False"),
}
