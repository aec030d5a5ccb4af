from __future__ import annotations

import pytest
from hypothesis import given
from lxml import etree

from simatic_xml import Block, stl
from simatic_xml.model import Member, Network, Section
from simatic_xml.program.listing import listing
from simatic_xml.program.nodes import (
    Absolute,
    Assign,
    BlockCall,
    Constant,
    DataBlock,
    Indirect,
    InstructionCall,
    Label,
    Local,
    StatusBit,
    StlOperation,
    TagOperand,
)
from simatic_xml.program.scope import Scope
from simatic_xml.program.stl.network import network
from simatic_xml.program.stl.rules import RULES
from simatic_xml.program.symbols import Cpu, Symbols
from simatic_xml.program.types.types import BOOL, DWORD, INT, REAL, WORD, DataType
from simatic_xml.stl.mnemonics import CALLS, JUMPS, MNEMONICS
from tests.simatic_xml.program.program_of import Objects
from tests.simatic_xml.program.stl_of import findings, typed_stl
from tests.simatic_xml.stl.texts import texts
from tests.support.examples import examples


def operation(line: str) -> StlOperation:
    """Return the only operation of a line that nothing is wrong with."""
    (body,), scope = typed_stl(line)
    assert findings(scope) == []
    (found,) = body
    assert isinstance(found, StlOperation)
    return found


def test_operations_have_typed_operands_and_places() -> None:
    (body, _), scope = typed_stl('A "Start"\nAN #a\n= #q\n\nL #i\nL 5\n+I\nT "Level"', "NOP 0")
    assert findings(scope) == []
    assert listing(body) == 'A "Start"\nAN #a\n= #q\nL #i\nL 5\n+I\nT "Level"'
    assert [(each.place.network, each.place.line, each.place.uid) for each in body[:4]] == [
        (1, 1, 21),
        (1, 2, 22),
        (1, 3, 23),
        (1, 5, 25),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("A #a", Local),
        ('A "Start"', TagOperand),
        ("A %I1.0", Absolute),
        ('A "T_Wait"', TagOperand),
        ("A %C3", Absolute),
        ("L %DBW2", Absolute),
        ("L %DB1.DBD4", Absolute),
        ("L %MD8:Real", Absolute),
        ("L #LIMIT", Constant),
        ('L "MAX"', Constant),
        ("L P#M 10.0", Constant),
        ("L S5T#5S", Constant),
        ("L 'abcd'", Constant),
        ("L STW", StatusBit),
        ('OPN "Data"', DataBlock),
        ("OPN %DB1", DataBlock),
        ("OPN DB[#w]", Indirect),
        ("SD %T5", Absolute),
        ("S %C3", Absolute),
        ("T %QW4:P", Absolute),
        ("INC 5", Constant),
        ("AW W#16#F", Constant),
        ("AD DW#16#F", Constant),
        ("+ 5", Constant),
        ("+AR1 P#2.0", Constant),
        ("LAR1 P#M 10.0", Constant),
        ("LAR1 #p", Local),
        ("TAR2 #p", Local),
    ],
)
def test_operands_of_every_kind_are_resolved(line: str, kind: type) -> None:
    assert isinstance(operation(line).operand, kind)


def test_status_bits_pointers_and_indirect_addresses_say_what_they_are() -> None:
    assert operation("A OV").operand == StatusBit("OV", BOOL, operation("A OV").place)
    assert operation("A ==0").operand == StatusBit("==0", BOOL, operation("A ==0").place)
    pointer = operation("L P#M 10.1").operand
    assert isinstance(pointer, Constant)
    assert (pointer.value, pointer.type) == (0x83000051, DWORD)
    register = operation("L W[AR1, P#2.1]").operand
    assert isinstance(register, Indirect)
    assert (register.area, register.bits, register.register, register.offset) == (None, 16, "AR1", 17)
    memory = operation("L MW[#p]").operand
    assert isinstance(memory, Indirect)
    assert (memory.area, memory.type, memory.register) == ("M", WORD, "")
    assert isinstance(memory.pointer, Local)
    timer = operation("A T[#w]").operand
    assert isinstance(timer, Indirect)
    assert (timer.area, timer.type.name) == ("T", "Timer")


@pytest.mark.parametrize(("line", "data_type"), [("L 1.0", REAL), ("L -0.5", REAL), ("L 1", INT)])
def test_numbers_have_the_type_of_an_accumulator(line: str, data_type: DataType) -> None:
    found = operation(line).operand
    assert isinstance(found, Constant)
    assert (found.value, found.type) == (float(line[2:]), data_type)


def test_operands_have_a_spelling() -> None:
    lines = [
        "A OV",
        "OPN DB[#w]",
        "OPN DI[#w]",
        "L MW[AR1, P#2.0]",
        "A DBX[#p]",
        "A [AR2, P#0.1]",
        "SD T[#w]",
        "L 'ab'",
    ]
    (body,), _ = typed_stl("\n".join(lines))
    assert listing(body).replace("OPNDI", "OPN").splitlines() == lines


def test_labels_stand_in_front_of_their_operation_and_count_for_the_block() -> None:
    (first, second), scope = typed_stl("A #a\nJC END\nJU BACK", "BACK: NOP 0\nEND: NOP 1")
    assert findings(scope) == []
    assert [each.target for each in first if isinstance(each, StlOperation)] == ["", "END", "BACK"]
    assert [type(each) for each in second] == [Label, StlOperation, Label, StlOperation]


def test_a_call_has_its_arguments() -> None:
    call = operation('CALL "Motor", "Motor_DB" (data := #data, start := #a, speed := #i)').operand
    assert isinstance(call, BlockCall)
    assert [(each.name, each.direction) for each in call.arguments] == [
        ("start", "Input"),
        ("data", "InOut"),
        ("speed", "Output"),
    ]
    multi = operation("CALL #motor (start := #a, data := #data)").operand
    assert isinstance(multi, BlockCall)
    assert (multi.callee, multi.kind) == ("Motor", "FB")


def test_the_result_of_a_function_is_its_last_output() -> None:
    call = operation('CALL "Scale" (raw := 5, Ret_Val := #r)').operand
    assert isinstance(call, BlockCall)
    assert [each.name for each in call.arguments] == ["raw", "Ret_Val"]
    assert call.arguments[1].direction == "Output"


def test_instructions_are_called_with_or_without_an_instance() -> None:
    timer = operation("CALL TON, #delay (IN := #a, PT := T#5s, Q := #q)").operand
    assert isinstance(timer, InstructionCall)
    assert timer.name == "TON"
    limit = operation("CALL LIMIT {value_type : Type := Int} (MN := 0, IN := #i, MX := 5, OUT := #i)").operand
    assert isinstance(limit, InstructionCall)
    assert [each.name for each in limit.arguments] == ["MN", "IN", "MX", "OUT"]


def test_the_call_of_a_conversion_is_an_assignment() -> None:
    (body,), scope = typed_stl("CALL ROUND {value_type : Type := DInt} (IN := #r, OUT := #d)")
    assert findings(scope) == []
    assert [type(each) for each in body] == [Assign]


@pytest.mark.parametrize("line", ['UC "Init"', 'CC "Init"', "UC %FC7"])
def test_blocks_are_called_without_parameters(line: str) -> None:
    call = operation(line).operand
    assert isinstance(call, BlockCall)
    assert (call.callee, call.arguments) == ("Init", ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A #i", ["1:1 stl.operand_type"]),
        ("= #w", ["1:1 stl.operand_type"]),
        ("A #text", ["1:1 stl.operand_type"]),
        ("L #a", ["1:1 stl.operand_type"]),
        ("L #text", ["1:1 stl.operand_type"]),
        ('L "Data".wide', ["1:1 stl.operand_type"]),
        ('T "Data".motor', ["1:1 stl.operand_type"]),
        ("SD #i", ["1:1 stl.operand_type"]),
        ("CU %T5", ["1:1 stl.operand_type"]),
        ("LC #i", ["1:1 stl.operand_type"]),
        ("FP #w", ["1:1 stl.operand_type"]),
        ("SLW #i", ["1:1 stl.operand_type"]),
        ("OPN #a", ["1:1 stl.operand_type"]),
        ("A OS", []),
        ("A STW", ["1:1 stl.operand_type"]),
        ("A TRUE", ["1:1 stl.operand_constant"]),
        ("T 5", ["1:1 stl.operand_constant"]),
        ("T #LIMIT", ["1:1 stl.operand_constant"]),
        ("SET #a", ["1:1 stl.operand_superfluous"]),
        ("+I 5", ["1:1 stl.operand_superfluous"]),
        ("FP #tmp", ["w 1:1 stl.edge_memory"]),
        ("= #a", ["w 1:1 write.input"]),
        ("A #missing", ["1:1 name.undefined"]),
        ('L "Nobody".x', ["1:1 name.undefined"]),
        ("L %DB2.DBB0", ["1:1 address.optimized"]),
        ("L %DB9.DBB0", ["1:1 name.undefined"]),
        ("L MW[#w]", ["1:1 stl.pointer"]),
        ("A T[#p]", ["1:1 stl.pointer"]),
        ("OPN DB[#p]", ["1:1 stl.pointer"]),
        ("L P##gone", ["1:1 name.undefined"]),
        ("MCRA", ["w 1:1 stl.classic_only"]),
        ("JU NOWHERE", ["1:1 label.undefined"]),
        ("X: NOP 0\nx: NOP 0", ["1:2 label.twice"]),
        ("A(\nA #a", ["1:1 stl.bracket_open"]),
        ("A #a\n)", ["1:2 stl.bracket_close"]),
        ("A(\n" * 8 + ")\n" * 8, ["1:8 stl.bracket_depth"]),
        ("A(\n" * 7 + ")\n" * 7, []),
        ("JL E\nJU A\nJU B\nE: JU A\nA: NOP 0\nB: NOP 0", []),
        ("JL E\nJU A\nNOP 0\nE: NOP 0\nA: NOP 0", ["1:1 stl.jump_list"]),
        ("JL E\nJU E", ["1:1 label.undefined", "1:2 label.undefined", "1:1 stl.jump_list"]),
        ('CALL "Nobody"', ["1:1 name.undefined"]),
        ('CALL "Motor" (start := #a)', ["1:1 call.instance_missing"]),
        ('CALL "Scale" (raw := 5)', ["1:1 call.parameter_missing"]),
        ('CALL "Scale" (raw := 5, other := 6, Ret_Val := #r)', ["1:1 call.parameter_unknown"]),
        ('CALL "Motor", "Motor_DB" (start := #a)', ["1:1 call.parameter_missing"]),
        ("CALL NOTHING", ["1:1 call.unknown"]),
        ('UC "Scale"', ["w 1:1 stl.call_parameters"]),
        ("UC %FC99", ["1:1 name.undefined"]),
    ],
)
def test_what_is_wrong_is_reported_at_its_line(text: str, expected: list[str]) -> None:
    _, scope = typed_stl(text)
    assert findings(scope) == expected


def test_optimized_blocks_have_no_addresses_for_their_own_data() -> None:
    assert findings(typed_stl("L P##i", optimized=True)[1]) == ["1:1 address.optimized"]
    assert findings(typed_stl("L %LW4", optimized=True)[1]) == ["1:1 address.optimized"]
    assert findings(typed_stl("L P##i\nL %LW4")[1]) == []


def test_the_old_cpus_have_the_master_control_relay() -> None:
    assert findings(typed_stl("MCRA\nENT", cpu=Cpu("S7-300"))[1]) == []


def test_instructions_without_operand_and_unknown_ones_are_named() -> None:
    element = stl.from_text("A #a\nSET\n", 5)
    access = element[0][1]
    element[0].remove(access)
    element[1][0].set("Text", "UNHEARD_OF")
    block = Block("FC", "F", language="STL", networks=[Network("STL", source=element)])
    scope = Scope(block, Symbols(Objects([block], Cpu())))
    network(scope, element, 1)
    assert findings(scope) == ["1:1 stl.operand_missing", "1:2 stl.statement"]


@pytest.mark.parametrize(
    "text",
    [
        "L indirect(Width=Word, Area=Memory)",
        "L indirect(Width=Offset, Area=Memory, #w)",
        "L indirect(Width=Word, Area=FC, #w)",
    ],
)
def test_indirect_addresses_that_say_too_little_are_reported(text: str) -> None:
    element = stl.from_text(f"{text}\n", 5)
    block = Block("FC", "F", language="STL", networks=[Network("STL", source=element)])
    scope = Scope(block, Symbols(Objects([block], Cpu())))
    network(scope, element, 1)
    assert findings(scope) == ["1:1 stl.operand"]


def test_offsets_into_a_variable_are_read() -> None:
    element = stl.from_text("L #data\n", 5)
    symbol = next(element.iter("{*}Symbol"))
    etree.SubElement(symbol, f"{{{etree.QName(symbol).namespace}}}AbsoluteOffset", Type="Word", BitOffset="16")
    sections = [Section("Temp", [Member("data", "Array[0..9] of Byte")])]
    block = Block("FC", "F", language="STL", interface=sections, networks=[Network("STL", source=element)])
    scope = Scope(block, Symbols(Objects([block], Cpu())))
    assert listing(network(scope, element, 1)) == "L #data.%DBW2"


def test_every_instruction_has_a_rule_or_takes_no_operand() -> None:
    assert set(RULES) <= set(MNEMONICS.values())
    assert not set(RULES) & (JUMPS | CALLS)


@examples(25)
@given(texts)
def test_whatever_can_be_written_is_typed_or_reported(text: str) -> None:
    element = stl.from_text(text, 5)
    block = Block("FC", "F", language="STL", networks=[Network("STL", source=element)])
    scope = Scope(block, Symbols(Objects([block], Cpu())))
    body = network(scope, element, 1)
    operations = [each for each in body if isinstance(each, StlOperation)]
    assert len(operations) == sum(bool(each.mnemonic) for each in stl.statements(element))
    for each in operations:
        if each.mnemonic in CALLS and not isinstance(each.operand, BlockCall | InstructionCall):
            assert scope.diagnostics
