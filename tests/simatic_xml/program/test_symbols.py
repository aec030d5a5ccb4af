"""The names of a program: what they mean, what is wrong with their declarations, and what an edit makes stale."""

import pytest

from simatic_xml.model import Block, Member, PlcType, Section
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import BlockSymbol, ConstantSymbol, Cpu, Symbols, TagSymbol
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.type_text import TypeTextError
from simatic_xml.program.types.types import (
    BOOL,
    INT,
    LREAL,
    REAL,
    UNKNOWN,
    VOID,
    Array,
    Reference,
    Structure,
    Text,
    Unknown,
    type_name,
)
from simatic_xml.program.workspace import Workspace
from tests.simatic_xml.program.program_of import Objects, objects_of, program_of

PROGRAM = """
TYPE "Motor"
   STRUCT
      on : Bool;
      speed : Array[0.."MAX"] of Real;
   END_STRUCT;
END_TYPE
FUNCTION_BLOCK "Drive"
   VAR_INPUT cmd : Bool; END_VAR
   VAR motor : "Motor"; timer {InstructionName := 'TON_TIME'; LibVersion := '1.0'} : TON_TIME; END_VAR
   VAR_TEMP t : Int; END_VAR
   VAR CONSTANT N : Int := 3; END_VAR
   VAR_TEMP list : Array[0..#N] of Int; END_VAR
BEGIN
END_FUNCTION_BLOCK
FUNCTION "Scale" : Real
   VAR_INPUT raw : Int; END_VAR
BEGIN
END_FUNCTION
DATA_BLOCK "Drive_DB"
   "Drive"
BEGIN
   motor.on := TRUE;
END_DATA_BLOCK
DATA_BLOCK "Motor_DB"
   "Motor"
BEGIN
END_DATA_BLOCK
DATA_BLOCK "Data"
   VAR RETAIN kept : Int := 7; END_VAR
   VAR name : String[20]; END_VAR
BEGIN
END_DATA_BLOCK
"""


@pytest.fixture
def program() -> Symbols:
    return program_of(PROGRAM, tags={"Start": "Bool %I0.0", "Box": '"Motor" %M10.0'}, constants={"MAX": "Int 9"})


def test_a_data_type_has_members_whose_bounds_are_constants(program):
    motor = program.lookup("motor")
    assert isinstance(motor, Structure)
    assert (motor.name, motor.origin) == ("Motor", "udt")
    speed = motor.member("SPEED")
    assert speed is not None
    assert speed.type == Array(REAL, ((0, 9),))


def test_a_block_has_variables_and_a_result(program):
    drive, scale = program.lookup("Drive"), program.lookup("Scale")
    assert isinstance(drive, BlockSymbol) and isinstance(scale, BlockSymbol)
    assert {each.name: each.section for each in drive.variables} == {
        "cmd": "Input",
        "motor": "Static",
        "timer": "Static",
        "t": "Temp",
        "list": "Temp",
        "N": "Constant",
    }
    assert (drive.result, scale.result) == (VOID, REAL)
    assert next(each.type for each in drive.variables if each.name == "list") == Array(INT, ((0, 3),))


def test_an_instance_has_the_structure_of_its_block_and_its_own_start_values(program):
    block = program.lookup("Drive_DB")
    assert isinstance(block, DataBlockDeclaration)
    assert isinstance(block.type, Structure)
    assert [each.name for each in block.type.members] == ["cmd", "motor", "timer"]
    assert block.type is program.data_type('"Drive"')
    assert (".motor.on", "TRUE") in block.starts


def test_other_data_blocks(program):
    motor, data = program.lookup("Motor_DB"), program.lookup("Data")
    assert isinstance(motor, DataBlockDeclaration) and isinstance(data, DataBlockDeclaration)
    assert motor.type is program.lookup("Motor")
    assert isinstance(data.type, Structure)
    assert data.type.by_name["name"].type == Text("String", 20)
    assert (data.type.by_name["kept"].start, data.retains) == ("7", (".kept",))


def test_an_array_data_block_is_an_array():
    member = Member("THIS", "Array[0..4] of Int")
    block = Block("ArrayDB", "List", interface=[Section("Static", [member])])
    found = Symbols(Objects([block], Cpu())).lookup("List")
    assert isinstance(found, DataBlockDeclaration)
    assert found.type == Array(INT, ((0, 4),))


def test_a_technology_object_is_open():
    attributes = {"OfSystemLibElement": "TO_SpeedAxis", "OfSystemLibVersion": "7.0"}
    block = Block("TechnologicalInstanceDB", "Axis", attributes=attributes)
    found = Symbols(Objects([block], Cpu())).lookup("Axis")
    assert isinstance(found, DataBlockDeclaration)
    assert isinstance(found.type, Structure)
    assert found.type.by_name["velocity"].type == LREAL
    member = found.type.member("MemberOfALaterVersion")
    assert member is not None
    assert member.type == UNKNOWN


def test_the_instance_of_an_instruction_has_its_members():
    source = "DATA_BLOCK \"T1\" {InstructionName := 'TON_TIME'; LibVersion := '1.0'} TON_TIME BEGIN END_DATA_BLOCK"
    found = program_of(source).lookup("T1")
    assert isinstance(found, DataBlockDeclaration)
    assert isinstance(found.type, Structure)
    assert found.type.instruction == "TON"
    assert found.type.by_name["q"].type is BOOL


def test_the_instance_of_an_instruction_of_the_catalogue_has_its_parameters(program):
    found = program.data_type("TSEND_C")
    assert isinstance(found, Structure)
    assert (found.instruction, found.open) == ("TSEND_C", True)
    assert found.by_name["done"].type is BOOL
    assert found.member("hidden") is not None


def test_tags_and_constants(program):
    start, box, most = program.lookup("START"), program.lookup("Box"), program.lookup("max")
    assert start == TagSymbol("Start", BOOL, "%I0.0")
    assert isinstance(box, TagSymbol)
    assert box.type is program.lookup("Motor")
    assert most == ConstantSymbol("MAX", INT, 9)
    assert program.lookup("Absent") is None


def test_blocks_are_found_by_number():
    program = program_of(PROGRAM, constants={"MAX": "Int 9"}, numbers={"Scale": 7, "Data": 3})
    found, data = program.find_by_number("FC", 7), program.find_by_number("DB", 3)
    assert isinstance(found, BlockSymbol) and isinstance(data, DataBlockDeclaration)
    assert (found.name, data.name) == ("Scale", "Data")
    assert program.find_by_number("FC", 8) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Array[0..#K] of Int", "Array[0..5] of Int"),
        ('"Motor"', '"Motor"'),
        ("DTL", "DTL"),
        ("REF_TO Int", "REF_TO Int"),
        ("X", "?"),
    ],
)
def test_a_text_is_a_type_or_unknown(program, text, expected):
    assert type_name(program.data_type(text, {"#K": 5}.get)) == expected


def codes(source: str, name: str, **around) -> list[tuple[str, str]]:
    return [(path, code) for path, code, _ in program_of(source, **around).problems(name)]


def block(*members: str, section: str = "VAR", kind: str = "FUNCTION_BLOCK") -> str:
    return f'{kind} "B"{" : Void" if kind == "FUNCTION" else ""} {section} {" ".join(members)} END_VAR BEGIN END_{kind}'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (block('x : "Absent";'), [("x", "type.unknown")]),
        (block("x : Absent;"), [("x", "type.unknown")]),
        (block("x : Array[5..1] of Int;"), [("x", "type.bounds")]),
        (block("x : String[300];"), [("x", "type.length")]),
        (block("s : STRUCT x : Absent; END_STRUCT;"), [("s.x", "type.unknown")]),
        (block("x : Int := 40000;"), [("x", "value.range")]),
        (block("x : Int := 16#8000;"), []),
        (block("x : Int := INT#40000;"), [("x", "value.range")]),
        (block("x : Bool := 5;"), [("x", "value.invalid")]),
        (block("x : Int := TRUE;"), [("x", "value.invalid")]),
        (block("x : Int := what;"), [("x", "value.invalid")]),
        (block('x : Int := "MAX";'), []),
        (block("x : USInt := -1;"), [("x", "value.range")]),
        (block("x : Time := T#1h;"), []),
        (block("x : Time := 5;"), [("x", "value.invalid")]),
        (block("x : String[2] := 'abc';"), [("x", "value.range")]),
        (block("x : Real := 1;"), []),
        (block("s : STRUCT x : Byte := 256; END_STRUCT;"), [("s.x", "value.range")]),
        (block("x : Array[0..1] of Byte := [1, 300];"), [("x[1]", "value.range")]),
        (block("x : Int;", "X : Bool;"), [("X", "declaration.duplicate")]),
        (block("s : STRUCT a : Int; A : Int; END_STRUCT;"), [("s.A", "declaration.duplicate")]),
        (block("x : Variant;"), [("x", "type.section")]),
        (block("x : Variant;", section="VAR_INPUT"), []),
        (block("x : Array[*] of Int;", section="VAR_INPUT"), [("x", "type.section")]),
        (block("x : Array[*] of Int;", section="VAR_IN_OUT"), []),
        (block("x : Array[*] of Int;", section="VAR_INPUT", kind="FUNCTION"), []),
        (block("x : REF_TO Int;"), [("x", "type.section")]),
        (block("x : REF_TO Int;", section="VAR_TEMP"), []),
        (block("x : REF_TO Array[0..1] of Int;", section="VAR_TEMP"), []),
        (block("x : REF_TO Int := NULL;", section="VAR_TEMP"), [("x", "value.invalid")]),
        (block("x : Array[0..1] of REF_TO Int;", section="VAR_TEMP"), [("x", "type.array_element")]),
        (block('x : "B";'), [("x", "type.recursive")]),
        (block("x : Int;", "y AT x : DInt;"), [("y", "declaration.overlay")]),
        (block("x : Int;", "y AT z : Int;"), [("y", "declaration.overlay")]),
    ],
)
def test_findings_in_declarations(source, expected):
    assert codes(source, "B", constants={"MAX": "Int 10"}) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Int", "0"),
        ("String", "''"),
        ("Bool", "FALSE"),
        ("Real", "0.0"),
        ("Time", "T#0ms"),
        ("DTL", "DTL#1970-01-01-00:00:00"),
        ("Date_And_Time", "DT#1990-01-01-00:00:00"),
        ("Char", "CHAR#' '"),
    ],
)
def test_a_constant_without_a_value_has_the_default(text, value):
    constants = Section("Constant", [Member("N", text)])
    program = Symbols(Objects([Block("FB", "B", interface=[constants])], Cpu()))
    found = program.lookup("B")
    assert isinstance(found, BlockSymbol)
    assert found.variables[0].start == value
    assert program.problems("B") == []


def test_an_instance_of_a_block_is_no_temporary_variable():
    around = 'FUNCTION_BLOCK "F" BEGIN END_FUNCTION_BLOCK '
    assert codes(around + block('x : "F";', section="VAR_TEMP"), "B") == [("x", "type.section")]


def test_a_user_constant_must_be_of_its_type():
    assert codes("", "K", constants={"K": "Int x"}) == [("", "value.invalid")]


@pytest.mark.parametrize(
    ("family", "text", "code"),
    [
        ("S7-1200", "LInt", "type.not_available"),
        ("S7-300", "USInt", "type.not_available"),
        ("S7-1500", "LInt", None),
        ("S7-1200", "Array[0..1] of LWord", "type.not_available"),
        ("S7-300", "WString", "type.not_available"),
    ],
)
def test_types_that_a_cpu_lacks(family, text, code):
    found = codes(block(f"x : {text};"), "B", cpu=Cpu(family))
    assert found == ([("x", code)] if code else [])


def test_a_circle_of_types_is_found_from_each_of_them():
    types = [PlcType("A", [Member("b", '"B"')]), PlcType("B", [Member("x", "Int"), Member("a", 'Array[0..1] of "A"')])]
    for first, second in (("A", "B"), ("B", "A")):
        program = Symbols(Objects(list(types), Cpu()))
        found = [(name, path, code) for name in (first, second) for path, code, _ in program.problems(name)]
        assert sorted(found) == [("A", "b", "type.recursive"), ("B", "a", "type.recursive")]


def test_references_may_form_a_circle():
    types = [PlcType("A", [Member("next", 'REF_TO "A"')])]
    found = Symbols(Objects(list(types), Cpu())).lookup("A")
    assert isinstance(found, Structure)
    assert found.members[0].type == Reference('"A"')


def test_a_standard_data_block_is_at_most_64_kilobytes():
    member = Member("x", "Array[0..40000] of Int")
    block = Block("GlobalDB", "Big", memory_layout="Standard", interface=[Section("Static", [member])])
    program = Symbols(Objects([block], Cpu()))
    assert [code for _, code, _ in program.problems("Big")] == ["block.size"]


def test_an_instance_of_nothing_is_reported():
    block = Block("InstanceDB", "DB", instance_of="Gone", instance_of_type="FB")
    program = Symbols(Objects([block], Cpu()))
    assert [code for _, code, _ in program.problems("DB")] == ["type.unknown"]


def test_an_edit_forgets_what_was_built_of_the_object():
    objects = objects_of(PROGRAM, constants={"MAX": "Int 9"})
    program = Symbols(objects)
    old, data = program.data_type('"Drive"'), program.lookup("Data")
    program.lookup("Drive_DB")
    motor = objects.objects["motor"]
    assert isinstance(motor, PlcType)
    motor.members.append(Member("more", "Int"))
    assert {"motor", "drive", "drive_db"} <= program.forget(["MOTOR"])
    new = program.data_type('"Drive"')
    assert new is not old
    assert isinstance(new, Structure)
    assert isinstance(new.by_name["motor"].type, Structure)
    assert new.by_name["motor"].type.member("more") is not None
    assert program.lookup("Data") is data


def test_a_name_that_comes_later_is_found():
    objects = objects_of(block('x : "Late";'))
    program = Symbols(objects)
    assert program.problems("B")
    objects.objects["late"] = PlcType("Late", [Member("y", "Int")])
    program.forget(["Late"])
    assert program.problems("B") == []


def test_a_constant_that_changes_moves_the_bounds():
    objects = objects_of(PROGRAM, constants={"MAX": "Int 9"})
    program = Symbols(objects)
    program.lookup("Motor")
    constant = objects.objects["max"]
    constant.value = "4"
    program.forget(["MAX"])
    motor = program.lookup("Motor")
    assert isinstance(motor, Structure)
    assert motor.by_name["speed"].type == Array(REAL, ((0, 4),))


def test_a_scope_knows_its_names_and_keeps_what_it_asked_for(program):
    objects = objects_of(PROGRAM, constants={"MAX": "Int 9"})
    function = objects.objects["scale"]
    assert isinstance(function, Block)
    scope = Scope(function, Symbols(objects))
    result = scope.variable("SCALE")
    assert result is not None
    assert (result.section, result.type) == ("Return", REAL)
    assert scope.variable("raw") is not None
    assert scope.variable("Motor") is None
    assert scope.globally("Motor") is not None
    assert "motor" in scope.uses
    assert (scope.iec_check, scope.optimized, scope.language) == (False, True, "SCL")
    assert (scope.wire(), scope.wire()) == (1, 2)


def test_a_scope_reads_types_with_its_own_constants(program):
    objects = objects_of(PROGRAM, constants={"MAX": "Int 9"})
    drive = objects.objects["drive"]
    assert isinstance(drive, Block)
    assert Scope(drive, Symbols(objects)).data_type('Array[#N.."MAX"] of Int') == Array(INT, ((3, 9),))


def test_a_type_that_contains_itself_is_unknown_inside():
    program = Symbols(Objects([PlcType("A", [Member("a", '"A"')])], Cpu()))
    found = program.lookup("A")
    assert isinstance(found, Structure)
    assert isinstance(found.members[0].type, Unknown)
    assert not issubclass(TypeTextError, ValueError)


@pytest.mark.parametrize(
    "name", ["TO_SpeedAxis", "to_speedaxis", "PID_Compact", "TO_OfALaterVersion", "CONT_Of_A_Library"]
)
@pytest.mark.parametrize("kind", ["TechnologicalInstanceDB", "InstanceDB"])
def test_a_data_block_may_be_named_as_its_type(name, kind):
    attributes = {"OfSystemLibElement": "TO_SpeedAxis", "OfSystemLibVersion": "7.0"}
    block = Block(kind, name, instance_of=name, attributes=attributes | {"OfSystemLibElement": name})
    workspace = Workspace()
    workspace.put(block)
    assert [each.code for each in workspace.check() if each.severity is Severity.ERROR] == []


def test_data_blocks_that_are_instances_of_each_other_are_a_finding():
    workspace = Workspace()
    workspace.put(Block("InstanceDB", "A", instance_of="B", instance_of_type="FB"))
    workspace.put(Block("InstanceDB", "B", instance_of="A", instance_of_type="FB"))
    workspace.put(Block("InstanceDB", "C", instance_of="C", instance_of_type="FB"))
    assert {each.place.block for each in workspace.check() if each.severity is Severity.ERROR} == {"A", "B", "C"}
