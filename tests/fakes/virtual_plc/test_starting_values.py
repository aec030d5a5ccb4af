"""Start values: defaults of types, literals, constants, of types, of blocks and of single elements."""

from typing import Any

import pytest

from simatic_xml import load, stl
from simatic_xml.model import Block, Member, Section, UserConstant
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.start_values import single_values
from simatic_xml.program.types.system_types import parse_type
from simatic_xml.program.types.types import ELEMENTARY, INT, REAL, Array, Structure, Text, Variable
from simatic_xml.program.workspace import Workspace
from simatic_xml.scl.start_lists import place_values
from tests.fakes.virtual_plc.workspaces import memory
from virtual_plc.memory.data_blocks import new_data_block
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, ProgramError, program_of
from virtual_plc.memory.starting_values import convert_constant, default, indices_of, position, slot, value_of
from virtual_plc.memory.storage import new

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
        ("DT#90-1-2-0:0:0", "Date_And_Time", 7306 * DAY),
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
    dtl = parse_type("DTL")
    value = convert_constant("2024-02-29-12:30:15.5", dtl)
    assert value == {
        "YEAR": 2024,
        "MONTH": 2,
        "DAY": 29,
        "WEEKDAY": 5,
        "HOUR": 12,
        "MINUTE": 30,
        "SECOND": 15,
        "NANOSECOND": 500_000_000,
    }
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
    found = _declared(Array(INT, ((1, 3),)), ("[2]", "5"), kind="ArrayDB")
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
    assert slot(made, structure, '."a.b"."c d"').get() == 5


def test_places_and_indices_are_inverse() -> None:
    array = Array(INT, ((-1, 1), (5, 6), (0, 3)))
    assert [position(array, indices_of(array, at)) for at in range(24)] == list(range(24))
    assert position(array, (2, 5, 0)) is None and position(array, (0, 5)) is None


# Lists and structures ------------------------------------------------------------------------------------------------

LISTS = [
    ("ARRAY[1..3] OF INT", "1,2,3", [1, 2, 3]),
    ("ARRAY[1..3] OF INT", "1, 2", [1, 2, 0]),
    ("ARRAY[1..3] OF INT", "7", [7, 0, 0]),
    ("ARRAY[1..3] OF INT", "3(5)", [5, 5, 5]),
    ("ARRAY[1..3] OF INT", "3 (5)", [5, 5, 5]),
    ("ARRAY[0..4] OF INT", "2(1,2), 3", [1, 2, 1, 2, 3]),
    ("ARRAY[0..5] OF INT", "2(1,2(9))", [1, 9, 9, 1, 9, 9]),
    ("ARRAY[-1..1] OF INT", "[1, 2(-3)]", [1, -3, -3]),
    ("ARRAY[1..2, 1..3] OF INT", "6(4)", [4] * 6),
    ("ARRAY[1..2, 1..3] OF INT", "[[1,2],[4,5,6]]", [1, 2, 0, 4, 5, 6]),
    ("ARRAY[1..2, 1..3] OF INT", "1,2,3,4", [1, 2, 3, 4, 0, 0]),
    ("ARRAY[0..3] OF BOOL", "2(TRUE,FALSE)", [True, False, True, False]),
    ("ARRAY[0..1] OF STRING[5]", "'a,b', 'c$'('", ["a,b", "c'("]),
    ("ARRAY[0..1] OF TIME", "T#1s, T#2s", [1000, 2000]),
    ("ARRAY[0..1] OF S5TIME", "S5T#2S, S5TIME#1M", [0x0200, 0x1600]),
    ("ARRAY[0..1] OF WORD", "W#16#FF, 2#1010", [0xFF, 10]),
    ("ARRAY[0..1] OF DATE", "D#1990-1-2, D#1990-1-3", [1, 2]),
    ("ARRAY[0..1] OF REAL", "1.5e+003, 2.0", [1500.0, 2.0]),
    (
        "ARRAY[0..1] OF STRUCT x : INT; y : BOOL; END_STRUCT",
        "[(1,TRUE),(2)]",
        [{"x": 1, "y": True}, {"x": 2, "y": False}],
    ),
    ("ARRAY[0..1] OF STRUCT x : INT; y : BOOL; END_STRUCT", "2((y := TRUE))", [{"x": 0, "y": True}] * 2),
    ('"Pair"', "(3, [1,2])", {"x": 3, "l": [1, 2]}),
    ('"Pair"', "(l := 2(4))", {"x": 7, "l": [4, 4]}),
    ('ARRAY[0..1] OF "Pair"', "[(), (x := 9)]", [{"x": 7, "l": [8, 0]}, {"x": 9, "l": [8, 0]}]),
]
PAIR = 'TYPE "Pair"\nSTRUCT\n x : INT := 7; l : ARRAY[0..1] OF INT := 8;\nEND_STRUCT;\nEND_TYPE\n'


def _loaded(source: str, language: str) -> Memory:
    workspace = Workspace()
    if language == "SCL":
        assert workspace.put_source(source) == []
    else:
        made = stl.generate(source)
        assert [str(each) for each in made.diagnostics] == []
        for document in made.documents:
            workspace.put_document(load(document))
    return Memory(program_of(workspace))


@pytest.mark.parametrize("language", ["SCL", "STL"])
@pytest.mark.parametrize(("data_type", "text", "expected"), LISTS)
def test_start_values_in_lists_are_taken_over_everywhere(
    language: str, data_type: str, text: str, expected: Any
) -> None:
    source = (
        f'{PAIR}TYPE "Holder"\nSTRUCT\n v : {data_type} := {text};\nEND_STRUCT;\nEND_TYPE\n'
        f'FUNCTION_BLOCK "F"\nVAR_INPUT\n i : {data_type} := {text};\nEND_VAR\nVAR\n v : {data_type} := {text};\nEND_VAR\n'
        "BEGIN\nEND_FUNCTION_BLOCK\n"
        f'DATA_BLOCK "D"\nSTRUCT\n v : {data_type} := {text}; h : "Holder";\nEND_STRUCT;\nBEGIN\nEND_DATA_BLOCK\n'
        'DATA_BLOCK "I" "F"\nBEGIN\nEND_DATA_BLOCK\n'
    )
    found = _loaded(source, language)
    assert found.read("D") == {"v": expected, "h": {"v": expected}}
    assert found.read("I") == {"i": expected, "v": expected}


@pytest.mark.parametrize(("data_type", "text", "expected"), LISTS)
def test_start_values_in_lists_of_a_file_are_taken_over(data_type: str, text: str, expected: Any) -> None:
    workspace = Workspace()
    assert workspace.put_source(PAIR) == []
    if "STRUCT" in data_type:
        members = [Member("x", "Int"), Member("y", "Bool")]
        member = Member("v", "Array[0..1] of Struct", start_value=text, members=members)
    else:
        member = Member("v", data_type, start_value=text)
    workspace.put(Block("GlobalDB", "D", interface=[Section("Static", [member])]))
    assert Memory(program_of(workspace)).read("D.v") == expected


@pytest.mark.parametrize("language", ["SCL", "STL"])
@pytest.mark.parametrize(
    ("data_type", "text"),
    [
        ("ARRAY[1..3] OF INT", "1,2,3,4"),
        ("ARRAY[1..3] OF INT", "4(5)"),
        ("ARRAY[1..3] OF INT", "2000000000(2000000000(5))"),
        ("ARRAY[1..3] OF INT", "1, nobody"),
        ("ARRAY[1..3] OF INT", "'abc'"),
        ("ARRAY[1..2, 1..3] OF INT", "[[1,2,3,4],[1]]"),
        ("ARRAY[1..2] OF INT", "[[1],[2]]"),
        ("INT", "[1]"),
        ("INT", "(1)"),
        ("STRUCT x : INT; END_STRUCT", "5"),
        ("STRUCT x : INT; END_STRUCT", "(1,2)"),
        ("STRUCT x : INT; END_STRUCT", "(y := 1)"),
        ("TIME", "5"),
        ("DTL", "(1,2,3,4,5,6,7,8,9)"),
    ],
)
def test_start_values_that_are_not_understood_are_refused_by_name(language: str, data_type: str, text: str) -> None:
    source = f'DATA_BLOCK "D"\nSTRUCT\n good : INT := 1;\n bad : {data_type} := {text};\nEND_STRUCT;\nBEGIN\nEND_DATA_BLOCK\n'
    with pytest.raises(ProgramError) as refused:
        _loaded(source, language)
    assert all(each.code.startswith("value.") for each in refused.value.problems)
    assert {each.place.member.partition("[")[0].partition(".")[0] for each in refused.value.problems} == {"bad"}
    assert language == "STL" or {each.place.line for each in refused.value.problems} == {4}


def test_a_list_for_an_array_of_any_size_takes_as_long_as_the_list() -> None:
    bounds = ((0, 2_147_483_647), (-2_147_483_648, 2_147_483_647))
    assert list(place_values("[1, 2(3)]", bounds)) == [
        ((0, -2_147_483_648), "1"),
        ((0, -2_147_483_647), "3"),
        ((0, -2_147_483_646), "3"),
    ]
    assert list(single_values("7", Array(INT, bounds))) == [("[0,-2147483648]", "7")]


@pytest.mark.parametrize("line", ["nothing := 1;", "l[9] := 1;", "s.y := 1;", "n.x := 1;", "l.x := 1;"])
def test_a_start_value_for_nothing_is_refused_by_name(line: str) -> None:
    source = (
        'DATA_BLOCK "D"\nSTRUCT\n l : ARRAY[0..1] OF INT; n : INT;\n s : STRUCT x : INT; END_STRUCT;\nEND_STRUCT;\n'
        f"BEGIN\n{line}\nEND_DATA_BLOCK\n"
    )
    workspace = Workspace()
    workspace.put_source(source)
    with pytest.raises(ProgramError) as refused:
        program_of(workspace)
    assert {each.code for each in refused.value.problems} <= {"syntax.start-value", "value.target"}
    assert {each.place.block for each in refused.value.problems} == {"D"}


def test_start_values_within_arrays_hold_for_every_element_unless_one_is_named() -> None:
    found = memory("""DATA_BLOCK "D"
VAR
  a : Array[0..2] of Struct
    x : Int := 5;
    y : Array[0..1] of Int := [3, 4];
    inner : Struct z : Array[0..1] of Struct q : Int := 9; END_STRUCT; END_STRUCT;
  END_STRUCT;
  p : Struct l : Array[0..1] of Struct t : String[5] := 'ab'; END_STRUCT; END_STRUCT;
END_VAR
BEGIN
  a[1].x := 7;
  a[2].y[1] := 8;
  a[0].inner.z[1].q := 1;
  p.l[1].t := 'zz';
END_DATA_BLOCK""").snapshot()["data_blocks"]["d"]
    z = [{"q": 9}, {"q": 9}]
    assert found["p"]["l"] == [{"t": "ab"}, {"t": "zz"}]
    assert found["a"] == [
        {"x": 5, "y": [3, 4], "inner": {"z": [{"q": 9}, {"q": 1}]}},
        {"x": 7, "y": [3, 4], "inner": {"z": z}},
        {"x": 5, "y": [3, 8], "inner": {"z": z}},
    ]
