"""Values where another type is wanted: what adapts, what is converted, and what is said."""

import pytest

from simatic_xml.model import Block
from simatic_xml.program.diagnostics import Place, Severity
from simatic_xml.program.nodes import Binary, Broken, Constant, Convert, DataBlock, Expression, Local, Unary
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import Cpu, Symbols
from simatic_xml.program.types.coercion import as_s5time, coerce, differ_in_precision, join, names_instance
from simatic_xml.program.types.system_types import parse_type
from simatic_xml.program.types.types import (
    BOOL,
    INT,
    REAL,
    UNKNOWN,
    VARIANT,
    Array,
    Reference,
    Special,
    Structure,
    Variable,
)
from simatic_xml.program.types.values import constant
from tests.simatic_xml.program.program_of import Objects

HERE = Place("Block", line=3)


def scope(*, iec_check: bool = False, family: str = "S7-1500") -> Scope:
    block = Block("FB", "Block", attributes={"IsIECCheckEnabled": "true"} if iec_check else {})
    return Scope(block, Symbols(Objects([block], Cpu(family))))


def literal(text: str) -> Constant:
    found = constant(text, HERE)
    assert found is not None
    return found


def variable(text: str) -> Local:
    return Local(Variable("x", parse_type(text)), HERE)


def assert_said(around: Scope, expected: str) -> None:
    """Check the only finding by its code and a part of its message; none where nothing is expected."""
    code, _, part = expected.partition(": ")
    assert [each.code for each in around.diagnostics] == [code] * (expected != "")
    assert all(part in each.message for each in around.diagnostics), around.diagnostics
    assert all(each.place == HERE for each in around.diagnostics)


def coerced(expression: Expression, target: str, *, iec_check: bool = False) -> tuple[Expression, list[str]]:
    around = scope(iec_check=iec_check)
    found = coerce(around, expression, parse_type(target), HERE)
    assert all(each.place == HERE for each in around.diagnostics)
    return found, [f"{'w ' if each.severity is Severity.WARNING else ''}{each.code}" for each in around.diagnostics]


def test_a_literal_becomes_a_constant_of_the_type():
    values = {
        ("5", "Real"): 5.0,
        ("5", "Byte"): 5,
        ("255", "Byte"): 255,
        ("16#8000", "Int"): -32768,
        ("1", "Bool"): True,
        ("'a'", "Char"): "a",
        ("'ab'", "String[2]"): "ab",
        ("5", "HW_IO"): 5,
    }
    for (text, target), value in values.items():
        assert coerced(literal(text), target) == (Constant(value, parse_type(target), HERE), [])


def test_an_expression_of_literals_adapts_as_a_whole():
    for expression in (Binary("-", literal("5"), literal("8"), INT, HERE), Unary("-", literal("3"), INT, HERE)):
        assert coerced(expression, "Real") == (Constant(-3.0, REAL, HERE), [])


def test_the_compiler_converts():
    """Each conversion with the warning that it gives, by a part of its message."""
    cases = [
        (variable("Int"), "DInt", ""),
        (variable("Int"), "Real", ""),
        (variable("Word"), "Int", ""),
        (variable("DInt"), "Int", "type.narrowing: the value may not fit"),
        (variable("DInt"), "Real", "type.precision: digits may get lost"),
        (variable("LReal"), "Real", "type.narrowing: the value may not fit"),
        (variable("Char"), "String", ""),
        (literal("INT#5"), "DInt", ""),
        (literal("T#1s"), "LTime", ""),
        (variable("String[11]"), "String[10]", ""),
    ]
    for expression, target, warning in cases:
        around = scope()
        lossy = warning != "" or target == "String[10]"
        assert coerce(around, expression, parse_type(target), HERE) == Convert(
            expression, parse_type(target), HERE, lossy=lossy
        )
        assert [each.severity for each in around.diagnostics] == [Severity.WARNING] * (warning != "")
        assert_said(around, warning)


def test_what_is_not_converted_is_reported_and_left_as_it_is():
    """Each refusal with what it advises, with the IEC check off and on."""
    apart, right = "type.implicit: implicitly. Convert explicitly.", "type.implicit: Use a value of the right type."
    cases = [
        (variable("Bool"), "Int", False, apart),
        (variable("Bool"), "Int", True, apart),
        (variable("Int"), "Bool", False, apart),
        (variable("DInt"), "Int", True, "type.implicit: or switch the IEC check of the block off"),
        (variable("Int"), "Word", True, "type.implicit: or switch the IEC check of the block off"),
        (variable("Time"), "DInt", True, "type.implicit: or switch the IEC check"),
        (variable("Int"), "Time", False, apart),
        (variable("String"), "Int", False, right),
        (variable("DTL"), "TON_TIME", False, "type.implicit: Only structures of the same data type"),
        (variable("DTL"), "Int", False, right),
        (variable("Int"), "DTL", False, right),
        (literal("256"), "Byte", False, "value.range: 256 is outside of the values of Byte from 0 to 255."),
        (literal("-1"), "UInt", False, "value.range: UInt from 0 to 65535."),
        (literal("32768"), "Int", False, "value.range: Int from -32768 to 32767."),
        (literal("'a'"), "Int", False, "type.implicit: "),
        (literal("TRUE"), "Int", False, apart),
        (literal("2"), "Bool", False, "type.implicit: "),
        (variable("Int"), "TO_SpeedAxis", False, right),
        (variable("DTL"), "TO_SpeedAxis", False, "type.implicit: Only structures"),
        (variable("DB_ANY"), "DTL", False, right),
        (variable("Int"), "Block_DB", False, right),
        (DataBlock("Data", Structure("", "struct"), HERE), "Int", False, right),
        (variable("Int"), "REF_TO Int", False, right),
        (variable("Variant"), "REF_TO Int", False, right),
        (Local(Variable("x", Array(INT, ((0, 3),))), HERE), "TO_SpeedAxis", False, right),
        (literal("5"), "DTL", False, right),
    ]
    for expression, target, iec_check, refusal in cases:
        around = scope(iec_check=iec_check)
        assert coerce(around, expression, parse_type(target), HERE) is expression, (expression, target)
        assert_said(around, refusal)


def test_a_text_that_is_too_long_is_cut():
    found, said = coerced(literal("'abcdef'"), "String[3]")
    assert said == ["w value.string_length"]
    assert isinstance(found, Constant)
    assert found.value == "abc"


def test_some_types_take_values_as_they_are():
    block = DataBlock("Data", Structure("", "struct"), HERE)
    cases = [(block, each) for each in (VARIANT, Special("Any"), Special("Block_DB"), parse_type("DB_ANY"))]
    for expression, target in [
        *cases,
        (variable("Int"), VARIANT),
        (variable("DB_ANY"), parse_type("TO_SpeedAxis")),
        (variable("String[9]"), parse_type("String[10]")),
        (variable("String[10]"), parse_type("String[10]")),
        (literal("NULL"), Reference("Int")),
        (Broken(UNKNOWN, HERE), BOOL),
        (Broken(BOOL, HERE), INT),
        (variable("Int"), UNKNOWN),
        (Local(Variable("x", UNKNOWN), HERE), BOOL),
    ]:
        around = scope()
        assert coerce(around, expression, target, HERE) is expression
        assert around.diagnostics == []


def test_only_a_db_any_names_an_instance_and_only_of_a_function_block():
    sources = [parse_type(each) for each in ("DB_ANY", "UInt", "HW_ANY")]
    targets = [*(Structure("Motor", each) for each in ("fb", "udt", "struct", "system")), INT, VARIANT]
    pairs = [(source, target) for source in sources for target in targets]
    assert [pair for pair in pairs if names_instance(*pair)] == [(sources[0], targets[0])]


def test_open_arrays_take_arrays_with_limits_and_not_the_other_way():
    around = scope()
    fixed = Local(Variable("x", Array(INT, ((0, 3),))), HERE)
    assert coerce(around, fixed, Array(INT, (None,)), HERE) is fixed
    assert around.diagnostics == []
    coerce(around, Local(Variable("y", Array(INT, (None,))), HERE), Array(INT, ((0, 3),)), HERE)
    assert [each.code for each in around.diagnostics] == ["type.implicit"]


def test_a_whole_number_goes_to_a_time_as_the_integer_of_its_size():
    for target, number in (("Time", "DInt"), ("LTime", "LInt")):
        expected = Convert(Constant(5, parse_type(number), HERE), parse_type(target), HERE)
        assert coerced(literal("5"), target) == (expected, [])


def test_a_comparison_converts_times_that_an_assignment_refuses():
    for names in (("S5Time", "Time"), ("Date", "DTL")):
        smaller, larger = map(variable, names)
        converted = Convert(smaller, larger.type, HERE)
        assert join(scope(), "<", smaller, larger, HERE) == (converted, larger, BOOL)
        assert join(scope(), "<", larger, smaller, HERE) == (larger, converted, BOOL)


def test_s7_300_refuses_what_s7_1500_converts():
    around = scope(family="S7-300")
    coerce(around, variable("DInt"), INT, HERE)
    assert [each.code for each in around.diagnostics] == ["type.implicit"]


def test_join_gives_a_literal_a_type_next_to_an_operand_on_either_side():
    """A typed constant decides; a logical operation makes a bit string."""
    cases = [
        ("+", "SInt", "5", Constant(5, parse_type("SInt"), HERE)),
        ("-", "DInt", "5", Constant(5, parse_type("DInt"), HERE)),
        ("<", "Real", "5", Constant(5.0, REAL, HERE)),
        ("=", "LReal", "5", Constant(5.0, parse_type("LReal"), HERE)),
        ("+", "Int", "0.5", Constant(0.5, REAL, HERE)),
        ("AND", "Int", "1", Constant(1, parse_type("Word"), HERE)),
        ("AND", "Int", "-1", Constant(65535, parse_type("Word"), HERE)),
        ("XOR", "DWord", "1", Constant(1, parse_type("DWord"), HERE)),
        ("=", "String[10]", "'abc'", Constant("abc", parse_type("String[10]"), HERE)),
        ("=", "String[2]", "'abc'", Constant("abc", parse_type("String[3]"), HERE)),
    ]
    for operator, data_type, text, expected in cases:
        around = scope()
        right = join(around, operator, variable(data_type), literal(text), HERE)
        left = join(around, operator, literal(text), variable(data_type), HERE)
        assert right is not None and left is not None, (operator, data_type)
        assert left == (right[1], right[0], right[2])
        assert right[1] == expected
        assert around.diagnostics == []
    assert join(scope(), "+", variable("Bool"), literal("5"), HERE) is None


@pytest.mark.parametrize(("time", "number"), [("Time", "DInt"), ("LTime", "LInt")])
def test_a_whole_number_next_to_a_time_has_its_size_on_either_side(time, number):
    zero, clock = Constant(0, parse_type(number), HERE), variable(time)
    as_number, as_time = Convert(clock, zero.type, HERE), Convert(zero, clock.type, HERE)
    assert join(scope(), "<", clock, literal("0"), HERE) == (as_number, zero, BOOL)
    assert join(scope(), "<", literal("0"), clock, HERE) == (as_time, clock, BOOL)
    assert join(scope(), "+", clock, literal("0"), HERE) == (clock, zero, clock.type)


def test_a_typed_constant_wraps_the_literal_next_to_it():
    for operator, typed, text, warning in [
        (
            "+",
            "INT#1",
            "50000",
            "value.overflow: it is calculated with -15536. Write the type of both, such as DINT#50000.",
        ),
        ("+", "INT#1", "32767", ""),
        ("+", "INT#1", "32768", "value.overflow: 32768 is outside of the values of Int"),
        ("AND", "INT#1", "32768", ""),
        ("+", "REAL#1.0", "50000", ""),
        ("+", "INT#1", "0.5", ""),
        ("+", "REAL#1.0", "16777217", ""),
    ]:
        for mirrored in (False, True):
            around = scope()
            pair = (literal(text), literal(typed)) if mirrored else (literal(typed), literal(text))
            assert join(around, operator, *pair, HERE) is not None
            assert_said(around, warning)


def test_a_comparison_of_two_precisions_is_found_on_both_sides():
    real, large, number, whole = variable("Real"), variable("LReal"), literal("0.5"), variable("Int")
    converted = Convert(real, parse_type("LReal"), HERE)
    explicit = Convert(real, parse_type("LReal"), HERE, implicit=False, function="REAL_TO_LREAL")
    both = Binary("+", real, large, parse_type("LReal"), HERE)
    for one, other, expected in [
        (real, large, True),
        (real, real, False),
        (real, number, False),
        (large, whole, False),
        (converted, large, True),
        (converted, real, False),
        (explicit, large, False),
        (both, large, False),
        (both, real, True),
        (Binary("+", whole, real, REAL, HERE), large, True),
        (Binary("+", number, number, REAL, HERE), large, False),
        (Unary("-", real, REAL, HERE), large, True),
        (Constant(0.5, REAL, HERE, fixed=True), large, True),
        (Constant(0.5, REAL, HERE, symbol="Half"), large, True),
    ]:
        assert differ_in_precision(one, other) is differ_in_precision(other, one) is expected, (one, other)


def test_a_timer_of_an_s7_300_takes_a_time_within_its_limits():
    target = parse_type("S5Time")
    for text, word in {"T#0ms": 0x0000, "T#10ms": 0x0001, "T#9990s": 0x3999}.items():
        found = coerce(scope(family="S7-300"), literal(text), target, HERE)
        assert found == Constant(word, target, HERE, fixed=True)
    for text, family in (("T#-1ms", "S7-300"), ("T#10000s", "S7-300"), ("T#10ms", "S7-1500")):
        around = scope(family=family)
        found = literal(text)
        assert isinstance(coerce(around, found, target, HERE), Convert) or around.diagnostics
        assert as_s5time(around, found) is None
    for expression in (variable("Time"), literal("DINT#10")):
        assert as_s5time(scope(family="S7-300"), expression) is None


def test_join_converts_the_narrower_operand():
    found = join(scope(), "<", variable("Int"), variable("Real"), HERE)
    assert found is not None
    assert isinstance(found[0], Convert)
    assert found[2] is BOOL


def test_join_reads_a_bit_string_next_to_a_real_as_unsigned():
    around = scope()
    found = join(around, "+", variable("Word"), variable("Real"), HERE)
    assert found is not None
    assert found[0] == Convert(Convert(variable("Word"), parse_type("UInt"), HERE), REAL, HERE)
    assert around.diagnostics == []


def test_join_keeps_what_cannot_be_joined():
    assert join(scope(), "+", variable("Bool"), variable("Int"), HERE) is None
