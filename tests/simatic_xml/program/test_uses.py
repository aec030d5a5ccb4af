"""What is used where: each access of each operand, on typed blocks built by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simatic_xml.model import Block, Member, PlcType, Section
from simatic_xml.program import graph_nodes, typed_blocks
from simatic_xml.program import nodes as n
from simatic_xml.program.analysis.uses import Use, find_declared_uses, uses
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.path_text import text
from simatic_xml.program.types.types import BOOL, DINT, INT, VOID, WORD, Array, Structure, Variable

HERE = Place("Main", 1)
MOTOR = Structure("Motor", "fb", (Variable("start", BOOL, "Input"), Variable("count", INT, "Static")))
LIST = Array(INT, ((0, 9),))
DATA = n.DataBlock("Data", Structure("Data", "struct", (Variable("list", LIST), Variable("odd name", INT))), HERE)


def local(name: str, kind: object = INT) -> n.Local:
    return n.Local(Variable(name, kind, "Static"), HERE)


def tag(name: str = "Start", address: str = "%I0.0") -> n.TagOperand:
    return n.TagOperand(name, address, BOOL, HERE)


def field(base: n.Expression, name: str, kind: object = INT) -> n.Field:
    return n.Field(base, Variable(name, kind), HERE)


def constant(value: n.Value = 1, symbol: str = "") -> n.Constant:
    return n.Constant(value, INT, HERE, symbol, "global" if symbol else "")


def element(base: n.Expression, *indices: n.Expression) -> n.Element:
    return n.Element(base, indices, INT, HERE)


def block(*statements: n.Statement, graph: graph_nodes.GraphBody | None = None) -> typed_blocks.Block:
    return typed_blocks.Block(
        "FB", "Main", 1, "SCL", (), VOID, networks=[typed_blocks.Network(1, "SCL", list(statements))], graph=graph
    )


def found(*statements: n.Statement) -> list[tuple[str, str, str]]:
    return [(use.kind, use.path, use.access) for use in uses(block(*statements))]


def assign(target: n.Expression, value: n.Expression) -> n.Assign:
    return n.Assign(target, value, HERE)


def test_an_assignment_reads_its_value_and_writes_its_target() -> None:
    assert found(assign(local("out", BOOL), tag())) == [("tag", '"Start"', "Read"), ("local", "#out", "Write")]


def test_the_index_of_a_target_is_read() -> None:
    target = element(field(DATA, "list", LIST), n.Convert(local("i"), DINT, HERE))
    assert found(assign(target, constant())) == [
        ("local", "#i", "Read"),
        ("data block", '"Data".list[#i]', "Write"),
    ]


def test_members_are_told_apart() -> None:
    (use,) = uses(block(assign(field(element(field(DATA, "list", LIST), constant(3)), "odd name"), constant())))
    assert (use.name, use.members, use.path) == ("Data", ("list", "[3]", "odd name"), '"Data".list[3]."odd name"')


def test_a_slice_writes_its_word_and_a_reference_is_read_to_write_through_it() -> None:
    part = n.Slice(local("word", WORD), 1, 3, BOOL, HERE)
    through = n.Dereference(local("pointer"), INT, HERE)
    assert found(assign(part, constant()), assign(through, constant())) == [
        ("local", "#word.%X3", "Write"),
        ("local", "#pointer^", "Read"),
    ]


def test_conversions_operators_and_named_constants() -> None:
    value = n.Binary("+", n.Convert(local("a"), DINT, HERE), n.Unary("-", constant(5, "LIMIT"), INT, HERE), INT, HERE)
    assert found(assign(local("b"), value))[:2] == [("local", "#a", "Read"), ("constant", '"LIMIT"', "Read")]


def test_a_call_uses_block_instance_and_parameters_each_in_its_direction() -> None:
    arguments = (
        n.Argument("in", "Input", BOOL, tag()),
        n.Argument("out", "Output", INT, local("x"), n.Returned(INT, HERE)),
        n.Argument("both", "InOut", INT, field(DATA, "list", LIST)),
    )
    call = n.BlockCall("Motor", "FB", n.DataBlock("Motor_DB", MOTOR, HERE), arguments, VOID, HERE, tag("Ok", "%M0.0"))
    assert found(n.Evaluate(call, HERE)) == [
        ("block", '"Motor"', "Call"),
        ("data block", '"Motor_DB"', "Instance"),
        ("tag", '"Start"', "Read"),
        ("local", "#x", "Write"),
        ("data block", '"Data".list', "ReadWrite"),
        ("tag", '"Ok"', "Write"),
    ]
    (use, *_) = uses(block(n.Evaluate(call, HERE)))
    assert use.instance == '"Motor_DB"'


def test_an_instruction_with_memory_and_a_multi_instance() -> None:
    timer = n.InstructionCall("TON", local("timer"), (n.Argument("IN", "Input", BOOL, tag()),), {}, VOID, HERE)
    inner = n.BlockCall("Motor", "FB", field(local("line", MOTOR), "motor", MOTOR), (), VOID, HERE)
    assert found(n.Evaluate(timer, HERE), n.Evaluate(inner, HERE)) == [
        ("instruction", "TON", "Call"),
        ("instance", "#timer", "Instance"),
        ("tag", '"Start"', "Read"),
        ("block", '"Motor"', "Call"),
        ("instance", "#line.motor", "Instance"),
    ]


def test_statements_with_bodies() -> None:
    count = n.For(local("i"), constant(0), local("n"), constant(1), [assign(local("a"), constant())], HERE)
    same = constant(1, "ONE")
    choice = n.Case(local("k"), [n.Choice([(same, same)], [assign(local("b"), constant())], HERE)], None, HERE)
    branch = n.If([n.Branch(tag(), [count])], [choice], HERE)
    assert found(branch) == [
        ("tag", '"Start"', "Read"),
        ("local", "#n", "Read"),
        ("local", "#i", "ReadWrite"),
        ("local", "#a", "Write"),
        ("local", "#k", "Read"),
        ("constant", '"ONE"', "Read"),
        ("local", "#b", "Write"),
    ]


@pytest.mark.parametrize(
    ("mnemonic", "access"),
    [
        ("A", "Read"),
        ("L", "Read"),
        ("=", "Write"),
        ("S", "Write"),
        ("T", "Write"),
        ("FP", "ReadWrite"),
        ("SD", "Write"),
    ],
)
def test_operations_of_stl(mnemonic: str, access: str) -> None:
    assert found(n.StlOperation(mnemonic, tag(), HERE)) == [("tag", '"Start"', access)]


def test_a_data_block_is_opened_and_addresses_are_written_as_they_are_shown() -> None:
    operands: list[n.Expression] = [
        n.Absolute("M", 16, 10, 0, WORD, HERE),
        n.Absolute("DB", 1, 4, 2, BOOL, HERE, block=7),
        n.Absolute("I", 1, 0, 0, BOOL, HERE, peripheral=True),
        n.Absolute("T", 16, 5, 0, WORD, HERE),
        n.Indirect("M", 16, WORD, HERE, pointer=n.Absolute("M", 32, 20, 0, WORD, HERE)),
        n.Indirect(None, 32, WORD, HERE, register="AR1", offset=19),
    ]
    opened = n.StlOperation("OPN", DATA, HERE)
    loads = [n.StlOperation("L", operand, HERE) for operand in operands]
    assert found(opened, *loads) == [
        ("data block", '"Data"', "Open"),
        ("address", "%MW10", "Read"),
        ("address", "%DB7.DBX4.2", "Read"),
        ("address", "%I0.0:P", "Read"),
        ("address", "%T5", "Read"),
        ("address", "MW[%MD20]", "Read"),
        ("address", "%MD20", "Read"),
        ("address", "D[AR1, P#2.3]", "Read"),
    ]


def test_graph_actions_conditions_and_their_operands() -> None:
    logic = graph_nodes.GraphLogic([assign(n.Outcome(HERE), tag("Guard", "%I1.0"))], True)
    empty = graph_nodes.GraphLogic([], False)
    action = graph_nodes.GraphAction("", "D", False, HERE, tag("Valve", "%Q0.0"), local("delay"))
    step = graph_nodes.GraphStep(1, "Fill", True, None, None, [action], logic, empty, HERE)
    body = graph_nodes.GraphBody([], [step], [graph_nodes.GraphTransition(1, "T1", (1,), (1,), logic, HERE)], [])
    assert [(use.name, use.access) for use in uses(block(graph=body))] == [
        ("Guard", "Read"),
        ("Guard", "Read"),
        ("Valve", "Write"),
        ("delay", "Read"),
    ]


def test_what_is_broken_or_on_a_wire_is_no_use() -> None:
    wire = n.Wire(1, BOOL, HERE)
    assert found(assign(wire, n.Broken(BOOL, HERE)), assign(local("a"), wire)) == [("local", "#a", "Write")]


def test_declarations_use_types_and_constants() -> None:
    members = [Member("motors", 'Array[0.."COUNT"] of "Motor"'), Member("plain", "Int")]
    assert _declared(find_declared_uses(Block("FB", "Line", interface=[Section("Static", members)]))) == [
        ("constant", "COUNT", "Bound", "motors"),
        ("type", "Motor", "Declaration", "motors"),
    ]
    assert _declared(find_declared_uses(PlcType("Line", [Member("motor", '"Motor"')]))) == [
        ("type", "Motor", "Declaration", "motor")
    ]


def _declared(found: Iterator[Use]) -> list[tuple[str, str, str, str]]:
    return [(use.kind, use.name, use.access, use.place.member) for use in found]


def test_texts_of_what_is_rarely_shown() -> None:
    call = n.BlockCall("Scale", "FC", None, (), INT, HERE)
    assert text(n.Convert(local("a"), DINT, HERE, implicit=False, function="INT_TO_DINT")) == "INT_TO_DINT(#a)"
    assert text(n.Binary("+", constant(1), n.Unary("NOT", tag(), BOOL, HERE), INT, HERE)) == '1 + NOT "Start"'
    assert (text(call), text(n.Eno(HERE)), text(n.Overlay(local("any"), 16, 2, 0, WORD, HERE))) == (
        '"Scale"(…)',
        "ENO",
        "#any.%DBW2",
    )
    assert text(n.Broken(BOOL, HERE)) == ""
