"""The types of a call: what decides them, what is said when nothing fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.instructions import find, instructions, signature
from simatic_xml.instructions.typing import accepts, fitting
from simatic_xml.program.types.system_types import parse_type
from simatic_xml.program.types.types import (
    BOOL,
    BYTE,
    DINT,
    ELEMENTARY,
    INT,
    LREAL,
    LTIME,
    REAL,
    SINT,
    TIME,
    UNKNOWN,
    Array,
    Text,
    type_name,
)

DTL = parse_type("DTL")
TYPES = [*ELEMENTARY.values(), DTL, Text("String", 20), Text("WString"), Array(INT, ((0, 9),)), parse_type("Variant")]
SOLVABLE = [each for each in instructions().values() if each.variables]


def solve(name: str, given: dict[str, str], **more):
    found = find(name)
    explicit = parse_type(found.explicit) if found.explicit else None
    return signature(found.instruction, {each: parse_type(text) for each, text in given.items()}, explicit, **more)


@pytest.mark.parametrize(
    ("name", "given", "types"),
    [
        ("LIMIT", {"MN": "Int", "IN": "Real", "MX": "Int"}, {"T": "Real"}),
        ("MAX", {"IN1": "SInt", "IN2": "Int", "IN3": "DInt"}, {"T": "DInt"}),
        ("MAX", {"IN1": "Time", "IN2": "LTime"}, {"T": "LTime"}),
        ("MAX", {"IN1": "LReal", "IN2": "Real"}, {"T": "LReal"}),
        ("ABS", {"IN": "SInt"}, {"T": "SInt"}),
        ("SIN", {"IN": "Int"}, {"T": "Real"}),
        ("ROUND", {"IN": "Real"}, {"S": "Real", "D": "DInt"}),
        ("ROUND_LREAL", {"IN": "Real"}, {"S": "Real", "D": "LReal"}),
        ("SCALE_X", {"MIN": "Int", "VALUE": "Real", "MAX": "Int"}, {"S": "Real", "D": "Int"}),
        ("NORM_X", {"MIN": "Int", "VALUE": "Int", "MAX": "Int"}, {"S": "Int", "D": "Real"}),
        ("SHL", {"IN": "Word", "N": "USInt"}, {"T": "Word", "N": "USInt"}),
        ("SHL", {"IN": "Word", "N": "Int"}, {"T": "Word", "N": "UInt"}),
        ("CONCAT", {"IN1": "String[20]", "IN2": "Char"}, {"T": "String"}),
        ("PEEK", {"DBNUMBER": "DInt"}, {"D": "Byte", "DBNUMBER": "DInt"}),
        ("PEEK_DWORD", {"DBNUMBER": "DB_ANY"}, {"D": "DWord", "DBNUMBER": "DB_ANY"}),
        ("T_ADD", {"IN1": "Time_Of_Day", "IN2": "Time"}, {"A": "Time_Of_Day", "B": "Time", "D": "Time_Of_Day"}),
        ("T_ADD", {"IN1": "DTL", "IN2": "Time"}, {"A": "DTL", "B": "Time", "D": "DTL"}),
        ("T_DIFF", {"IN1": "DTL", "IN2": "DTL"}, {"A": "DTL", "B": "DTL", "D": "Time"}),
        ("T_DIFF_LTIME", {"IN1": "DTL", "IN2": "DTL"}, {"A": "DTL", "B": "DTL", "D": "LTime"}),
        ("T_COMBINE", {"IN1": "Date", "IN2": "Time_Of_Day"}, {"A": "Date", "B": "Time_Of_Day", "D": "DTL"}),
        ("RD_SYS_T", {"OUT": "LDT"}, {"T": "LDT"}),
        ("MUX", {"K": "Int", "IN0": "Real", "IN7": "Int"}, {"T": "Real", "K": "Int"}),
        ("INC", {}, {"T": "?"}),
    ],
)
def test_types_that_a_call_has(name, given, types):
    solved = solve(name, given)
    assert {variable: type_name(each) for variable, each in solved.types.items()} == types
    assert solved.problems == ()


def test_parameters_and_value_have_the_types_of_their_variables():
    solved = solve("MUX", {"K": "Int", "IN0": "Real", "in7": "Int"})
    assert solved.result == REAL
    assert solved.parameters == {"K": INT, "IN0": REAL, "IN1": REAL, "IN7": REAL, "INELSE": REAL}


def test_literals_adapt():
    solved = solve("LIMIT", {"MN": "Int", "IN": "SInt", "MX": "Int"}, literals={"mn", "MX"})
    assert solved.types == {"T": SINT}
    assert solve("LIMIT", {"MN": "Int", "MX": "Int"}, literals={"MN", "MX"}).types == {"T": INT}


def test_a_literal_takes_the_type_of_the_output():
    given = {"IN": "Int", "COUNT": "Int", "OUT": "Byte"}
    assert solve("FILL_BLK", given, literals={"IN", "COUNT"}).parameters["IN"] == BYTE
    assert solve("FILL_BLK", given, literals={"COUNT"}).parameters["OUT"] == INT


def test_an_instance_decides():
    assert solve("TON", {"PT": "Time"}, instance="TON_LTIME").types == {"T": LTIME}
    assert solve("TON", {"IN": "Bool"}, instance="IEC_TIMER").types == {"T": TIME}
    assert solve("CTU", {"PV": "Int"}, instance="IEC_DCOUNTER").types == {"T": DINT}


def test_a_template_decides():
    assert solve("ADD", {"IN1": "Int", "IN2": "Int"}, chosen={"T": LREAL}).result == LREAL


def test_an_array_gives_the_type_of_its_elements():
    text = signature(find("ResolveSymbols").instruction, {"nameList": Array(Text("WString"), ((0, 1),))})
    assert text.parameters["nameList"] == Array(Text("WString"), (None,))


@pytest.mark.parametrize(
    ("name", "given", "parameter"),
    [
        ("LIMIT", {"MN": "Int", "IN": "Bool", "MX": "Int"}, "IN"),
        ("MAX", {"IN1": "Time", "IN2": "Int"}, "IN2"),
        ("MAX", {"IN1": "Int", "IN2": "Real", "IN3": "Date"}, "IN3"),
        ("LEN", {"IN": "Int"}, "IN"),
        ("UPPER_BOUND", {"ARR": "Int", "DIM": "UDInt"}, "ARR"),
        ("T_ADD", {"IN1": "Date", "IN2": "Time"}, "IN1"),
        ("T_DIFF", {"IN1": "DTL", "IN2": "Time_Of_Day"}, ""),
    ],
)
def test_what_does_not_fit_is_named(name, given, parameter):
    solved = solve(name, given)
    assert [each.parameter for each in solved.problems] == [parameter]
    assert UNKNOWN in solved.types.values()


def test_a_type_that_the_instruction_does_not_have_is_named():
    problem = signature(find("ROUND").instruction, {"IN": REAL}, BOOL).problems[0]
    assert (
        problem.message
        == "ROUND takes SInt, USInt, Int, UInt, DInt, UDInt, LInt, ULInt, ...; Bool does not convert to that."
    )


def test_an_unknown_type_is_no_second_finding():
    solved = signature(find("LIMIT").instruction, {"MN": INT, "IN": UNKNOWN, "MX": BOOL})
    assert (solved.problems, solved.result) == ((), UNKNOWN)


@given(st.data())
def test_no_type_is_invented(data):
    instruction = data.draw(st.sampled_from(SOLVABLE))
    inputs = [each.name for each in instruction.parameters]
    actual = {name: data.draw(st.sampled_from(TYPES)) for name in inputs if data.draw(st.booleans())}
    solved = signature(instruction, actual)
    for variable, found in solved.types.items():
        assert accepts(instruction.variables[variable], found), f"{variable}: {type_name(found)}"
    assert {each.parameter for each in solved.problems} <= {*actual, ""}


@given(st.data())
def test_the_order_of_the_parameters_does_not_matter(data):
    numbers = [each for each in ELEMENTARY.values() if each.name in ("SInt", "Int", "DInt", "LInt", "Real", "LReal")]
    chosen = data.draw(st.lists(st.sampled_from(numbers), min_size=2, max_size=5))
    mixed = data.draw(st.permutations(chosen))
    one, other = (
        signature(find("MAX").instruction, {f"IN{number}": each for number, each in enumerate(types, 1)})
        for types in (chosen, mixed)
    )
    assert one.result == other.result


@given(st.sampled_from(SOLVABLE), st.data())
def test_a_type_that_is_allowed_stays(instruction, data):
    variable = data.draw(st.sampled_from(sorted(instruction.variables)))
    actual = data.draw(
        st.sampled_from([each for each in TYPES if accepts(instruction.variables[variable], each)] or [INT])
    )
    found = fitting(instruction.variables[variable], actual)
    assert found is None or fitting(instruction.variables[variable], found) == found


def test_hardware_types_count_as_what_their_value_is():
    hardware = ELEMENTARY["HW_IO"]
    assert signature(find("SHL").instruction, {"IN": hardware}).types["T"] == ELEMENTARY[hardware.base.upper()]
