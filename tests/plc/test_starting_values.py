"""Start values: defaults of types, literals, constants, of types, of blocks and of single elements."""

from typing import Any

import pytest

from fakes.plc.data_blocks import new_data_block
from fakes.plc.memory import Memory
from fakes.plc.program import Program, ProgramError
from fakes.plc.starting_values import default, indices_of, position, slot, stored, value_of
from fakes.plc.storage import new
from simatic_xml.model import UserConstant
from simatic_xml.program.nodes import DataBlockDeclaration
from simatic_xml.program.system_types import named
from simatic_xml.program.types import ELEMENTARY, INT, REAL, Array, Structure, Text, Variable
from tests.plc.workspaces import memory

DAY = 86_400_000_000_000


@pytest.mark.parametrize(
    ("data_type", "value"),
    [
        ("Bool", False),
        ("Int", 0),
        ("LReal", 0.0),
        ("Char", " "),
        ("Time", 0),
        ("Date", 0),
        ("DT", 7305 * DAY),
        ("LDT", 0),
    ],
)
def test_defaults(data_type: str, value: Any) -> None:
    assert default(ELEMENTARY[data_type.upper()]) == value
    assert default(Text("String", 5)) == ""


@pytest.mark.parametrize(
    ("text", "data_type", "value"),
    [
        ("TRUE", "Bool", True),
        ("16#FF", "Word", 255),
        ("16#8000", "Int", -32768),
        ("1.1", "Real", 1.10000002384185791015625),
        ("5", "LReal", 5.0),
        ("T#1m", "Time", 60_000),
        ("LT#1ns", "LTime", 1),
        ("S5T#2s", "S5Time", 0x0200),
        ("D#1990-01-02", "Date", 1),
        ("TOD#01:00:00", "Time_Of_Day", 3_600_000),
        ("DT#1990-01-02-00:00:00", "Date_And_Time", 7306 * DAY),
        ("LDT#1970-01-02-00:00:00", "LDT", DAY),
        ("'a'", "Char", "a"),
        ("WCHAR#'Ω'", "WChar", "Ω"),
        ("INT#5", "DInt", 5),
    ],
)
def test_literals(text: str, data_type: str, value: Any) -> None:
    found = value_of(text, ELEMENTARY[data_type.upper()])
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(("text", "data_type"), [("x", "Int"), ("40000", "Int"), ("TRUE", "Int"), ("'ab'", "Char")])
def test_what_is_no_value_of_the_type(text: str, data_type: str) -> None:
    assert value_of(text, ELEMENTARY[data_type.upper()]) is None


def test_strings_are_cut_to_their_length() -> None:
    assert value_of("'abcdef'", Text("String", 3)) == "abc"


def test_a_dtl_is_its_members() -> None:
    dtl = named("DTL")
    value = stored("2024-02-29-12:30:15.5", dtl)
    assert value == {
        "YEAR": 2024, "MONTH": 2, "DAY": 29, "WEEKDAY": 5, "HOUR": 12, "MINUTE": 30, "SECOND": 15,
        "NANOSECOND": 500_000_000,
    }  # fmt: skip
    assert new(dtl).YEAR == 1970 and new(dtl).WEEKDAY == 5


def test_start_values_of_types_blocks_and_elements_lie_over_each_other() -> None:
    found = memory("""
        TYPE "Motor" STRUCT speed : Int := 5; name : String[8] := 'M'; curve : Array[0..2, 1..2] of Real := [1.0, 2(3.5)];
            END_STRUCT; END_TYPE
        FUNCTION_BLOCK "Axis" VAR_INPUT on : Bool := TRUE; END_VAR VAR motor : "Motor"; limit : Int := 7; END_VAR
            BEGIN END_FUNCTION_BLOCK
        FUNCTION_BLOCK "Machine" VAR left : "Axis"; right : "Axis"; timer : TON_TIME; END_VAR BEGIN END_FUNCTION_BLOCK
        DATA_BLOCK "Line" "Machine" BEGIN left.limit := 8; right.motor.curve[2,1] := 9.5;
            END_DATA_BLOCK
        DATA_BLOCK "List" VAR m : Array[1..3] of "Motor"; when : DTL := DTL#2020-01-01-00:00:00; END_VAR
            BEGIN m[2].speed := 8; m[3].curve[0,2] := 4.5; END_DATA_BLOCK
        DATA_BLOCK "One" "Motor" BEGIN speed := 6; END_DATA_BLOCK
        """)
    assert found.read("Line.left.on") is True
    assert (found.read("Line.left.limit"), found.read("Line.right.limit")) == (8, 7)
    assert found.read("Line.left.motor.curve") == [1.0, 3.5, 3.5, 0.0, 0.0, 0.0]
    assert found.read("Line.right.motor.curve") == [1.0, 3.5, 3.5, 0.0, 9.5, 0.0]
    assert [found.read(f"List.m[{at}].speed") for at in (1, 2, 3)] == [5, 8, 5]
    assert found.read("List.m[3].curve[0,2]") == 4.5 and found.read("List.m[2].curve[0,2]") == 3.5
    assert found.read("List.when.YEAR") == 2020 and found.read("List.when.WEEKDAY") == 4
    assert found.read("One") == {"speed": 6, "name": "M", "curve": [1.0, 3.5, 3.5, 0.0, 0.0, 0.0]}


@pytest.mark.parametrize("access", ["TRUE", "FALSE"])
def test_constants_are_start_values(access: str) -> None:
    found = memory(
        f"""
        TYPE "T" STRUCT a : Int := "LIMIT"; END_STRUCT; END_TYPE
        FUNCTION_BLOCK "F" {{S7_Optimized_Access := '{access}'}} VAR CONSTANT own : Int := 12; END_VAR
            VAR t : "T"; n : Int := #own; l : Array[0..1] of "T"; END_VAR BEGIN END_FUNCTION_BLOCK
        DATA_BLOCK "D" {{S7_Optimized_Access := '{access}'}} "F" BEGIN END_DATA_BLOCK
        DATA_BLOCK "G" VAR n : Real := "RATE"; END_VAR BEGIN END_DATA_BLOCK
        """,
        UserConstant("LIMIT", data_type="Int", value="3"),
        UserConstant("RATE", data_type="Real", value="2.5"),
    )
    assert found.read("D") == {"t": {"a": 3}, "n": 12, "l": [{"a": 3}, {"a": 3}]}
    assert found.read("G.n") == 2.5


def _declared(data_type: Any, *starts: tuple[str, str], kind: str = "GlobalDB") -> Memory:
    declaration = DataBlockDeclaration("D", 1, data_type, kind, starts=starts)
    return Memory(Program(data_blocks={"d": declaration}))


def test_a_data_block_that_is_an_array() -> None:
    found = _declared(Array(INT, ((1, 3),)), (".THIS[2]", "5"), kind="ArrayDB")
    assert found.read("D[2]") == 5 and found.read("D") == [0, 5, 0]
    found.write("D[3]", 7)
    assert found.data_blocks["d"] == [0, 5, 7]


def test_start_values_to_nothing_are_left_out() -> None:
    pair = Structure("", "struct", (Variable("x", INT), Variable("l", Array(INT, ((0, 1),)))))
    found = _declared(pair, (".y", "1"), (".l[7]", "1"), (".x.y", "1"), (".l.x", "1"))
    assert found.read("D") == {"x": 0, "l": [0, 0]}


def test_a_start_value_that_is_nothing_is_refused() -> None:
    with pytest.raises(ProgramError, match=r"D: .*what.* \(value\.invalid\)"):
        _declared(Structure("", "struct", (Variable("x", INT),)), (".x", "what"))
    with pytest.raises(ProgramError, match=r"value\.invalid"):
        _declared(Structure("", "struct", (Variable("x", INT, start="what"),)))


def test_a_data_block_without_a_known_structure_is_refused() -> None:
    with pytest.raises(ProgramError, match=r"program\.type"):
        new_data_block(Program(), DataBlockDeclaration("D", 1, REAL, "GlobalDB"))


def test_names_with_points_and_quotes_are_found() -> None:
    structure = Structure("", "struct", (Variable("a.b", Structure("", "struct", (Variable("c d", INT),))),))
    made = new(structure)
    found = slot(made, structure, ".a.b.c d")
    assert found is not None
    found.set(5)
    assert slot(made, structure, '."a.b"."c d"').get() == 5  # type: ignore[union-attr]


def test_places_and_indices_are_inverse() -> None:
    array = Array(INT, ((-1, 1), (5, 6), (0, 3)))
    assert [position(array, indices_of(array, at)) for at in range(24)] == list(range(24))
    assert position(array, (2, 5, 0)) is None and position(array, (0, 5)) is None
