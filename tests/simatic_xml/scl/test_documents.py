"""Sources become the documents that TIA Portal would export: attributes, interface, start values, versions."""

import pytest

from simatic_xml import Block, PlcType, SimaticMLError, load, scl
from simatic_xml.scl import Callee, Program


def generated(source: str, version: str = "V20", program: Program | None = None) -> list[Block | PlcType]:
    result = scl.generate(source, version, program)
    assert [str(finding) for finding in result.diagnostics] == []
    objects = [load(document).objects[0] for document in result.documents]
    assert result.names == [each.name for each in objects]
    return [each for each in objects if isinstance(each, Block | PlcType)]


def block(source: str, version: str = "V20", program: Program | None = None) -> Block:
    (found,) = generated(source, version, program)
    assert isinstance(found, Block)
    return found


FUNCTION_BLOCK = """FUNCTION_BLOCK "Pump"
TITLE = A pump
{ S7_Optimized_Access := 'TRUE' }
AUTHOR : Ada
VERSION : 1.0
//Starts and stops.
   VAR_INPUT
      on { ExternalWritable := 'False'} : BOOL := TRUE;   // run
   END_VAR
   VAR RETAIN
      hours : UDInt;
   END_VAR
   VAR
      delay {InstructionName := 'TON_TIME'; LibVersion := '1.0'; S7_SetPoint := 'True'} : TON_TIME;
      list : Array[0..3] of Int := [7, 2(5)];
   END_VAR
   VAR_TEMP
      i : Int;
   END_VAR
   VAR CONSTANT
      TOP : Int := 3;
   END_VAR

BEGIN
\t#i := #TOP;
\t
\t#delay(IN := #on);
END_FUNCTION_BLOCK
"""


def test_a_function_block() -> None:
    pump = block(FUNCTION_BLOCK)
    assert (pump.kind, pump.language, pump.memory_layout) == ("FB", "SCL", "Optimized")
    assert (pump.title, pump.comment) == ({"en-US": "A pump"}, {"en-US": "Starts and stops."})
    assert pump.attributes == {
        "HeaderAuthor": "Ada",
        "HeaderVersion": "1.0",
        "MemoryReserve": "100",
        "Namespace": "",
        "SetENOAutomatically": "false",
    }
    names = ["Input", "Output", "InOut", "Static", "Temp", "Constant"]
    assert [section.name for section in pump.interface] == names
    on, hours, delay, numbers, i, top = (member for _, member in pump.members())
    assert (on.data_type, on.start_value, on.comment) == ("Bool", "TRUE", {"en-US": "run"})
    assert [(each.name, each.value) for each in on.attributes] == [("ExternalWritable", "false")]
    assert (hours.remanence, i.remanence) == ("Retain", None)
    assert (delay.version, [(each.name, each.value) for each in delay.attributes]) == ("1.0", [("SetPoint", "true")])
    assert [(each.path, each.start_value) for each in numbers.subelements] == [("0", "7"), ("1", "5"), ("2", "5")]
    assert top.start_value == "3"
    source = pump.networks[0].source
    assert source is not None
    assert scl.to_text(source) == "#i := #TOP;\n\n#delay(IN := #on);"
    assert source.find("{*}Access[@Scope='LocalConstant']") is not None


def test_a_body_that_is_not_indented_with_tabs_is_taken_as_it_stands() -> None:
    source = block('FUNCTION "F" : Void\nBEGIN\n   #a := 1;\nEND_FUNCTION').networks[0].source
    assert source is not None
    assert scl.to_text(source) == "\n   #a := 1;\n"


def test_an_empty_body_is_an_empty_network() -> None:
    assert block('FUNCTION "F" : Void\nBEGIN\nEND_FUNCTION').networks[0].source is None


def test_a_function_has_a_return_value() -> None:
    function = block('FUNCTION "F" : REAL\nVAR_TEMP t : Int; END_VAR\nBEGIN\n#F := 1.0;\nEND_FUNCTION')
    assert [(section.name, len(section.members)) for section in function.interface][-1] == ("Return", 1)
    (returned,) = function.interface[-1].members
    assert (returned.name, returned.data_type) == ("Ret_Val", "Real")
    assert function.section("Static") is None


@pytest.mark.parametrize(
    ("title", "event_class"),
    [("Cyclic Interrupt", "CyclicInterrupt"), ("Complete Restart", "Startup"), ("My own", "ProgramCycle")],
)
def test_the_title_of_an_organization_block_tells_its_event_class(title: str, event_class: str) -> None:
    found = block(f'ORGANIZATION_BLOCK "O"\nTITLE = "{title}"\nBEGIN\nEND_ORGANIZATION_BLOCK')
    assert found.secondary_type == event_class


def test_a_standard_organization_block_has_no_inputs() -> None:
    standard = block("ORGANIZATION_BLOCK \"O\" { S7_Optimized_Access := 'FALSE' } BEGIN END_ORGANIZATION_BLOCK")
    assert [section.name for section in standard.interface] == ["Temp", "Constant"]
    cyclic = block('ORGANIZATION_BLOCK "O" BEGIN END_ORGANIZATION_BLOCK').section("Input")
    assert cyclic is not None
    assert [(member.name, member.informative) for member in cyclic.members] == [
        ("Initial_Call", True),
        ("Remanence", True),
    ]


def test_the_values_of_a_global_data_block() -> None:
    found = block(
        """DATA_BLOCK "D"
{ DB_Accessible_From_OPC_UA := 'FALSE'; S7_Optimized_Access := 'FALSE' }
STRUCT
  a : Int := 1;
  s : STRUCT x : Real; END_STRUCT;
  r : Array[1..3] of STRUCT y : Int; END_STRUCT;
  m : Array[0..1, 0..1] of Int;
END_STRUCT;
BEGIN
  a := 5;  s.x := -1.5;  r[2].y := 9;  m[0, 1] := 4;  m[0, 1] := 6;
END_DATA_BLOCK"""
    )
    a, s, r, m = found.interface[0].members
    assert (found.kind, found.memory_layout) == ("GlobalDB", "Standard")
    assert found.attributes["DBAccessibleFromOPCUA"] == "false"
    assert (a.start_value, s.members[0].start_value) == ("5", "-1.5")
    assert [(each.path, each.start_value) for each in r.members[0].subelements] == [("2", "9")]
    assert [(each.path, each.start_value) for each in m.subelements] == [("0,1", "6")]


def test_instance_data_blocks_take_the_structure_of_their_block_or_type() -> None:
    objects = generated(
        FUNCTION_BLOCK
        + 'TYPE "T" STRUCT v : Int; END_STRUCT; END_TYPE\n'
        + 'DATA_BLOCK "Pump_DB" "Pump" BEGIN on := FALSE; END_DATA_BLOCK\n'
        + 'DATA_BLOCK "T_DB" "T" BEGIN v := 3; END_DATA_BLOCK\n'
        + "DATA_BLOCK \"Timer\" {InstructionName := 'IEC_TIMER'; LibVersion := '1.0'} IEC_TIMER BEGIN END_DATA_BLOCK\n"
    )
    _, _, pump, typed, timer = objects
    assert isinstance(pump, Block)
    assert isinstance(typed, Block)
    assert isinstance(timer, Block)
    assert (pump.kind, pump.instance_of, pump.instance_of_type) == ("InstanceDB", "Pump", "FB")
    assert [section.name for section in pump.interface] == ["Input", "Output", "InOut", "Static"]
    assert pump.interface[0].members[0].start_value == "FALSE"
    assert (typed.instance_of_type, typed.interface[0].members[0].start_value) == ("UDT", "3")
    assert timer.attributes["OfSystemLibElement"] == "IEC_TIMER"


def test_values_inside_a_type_go_into_its_sections() -> None:
    objects = generated(
        'TYPE "T" STRUCT v : Int; END_STRUCT; END_TYPE\n'
        'DATA_BLOCK "D" VAR t : "T"; END_VAR BEGIN t.v := 3; END_DATA_BLOCK'
    )
    (member,) = (each for each in objects[1].interface[0].members) if isinstance(objects[1], Block) else ()
    (section,) = member.sections
    assert (section.members[0].name, section.members[0].start_value) == ("v", "3")


def test_a_start_value_without_a_member_is_an_error() -> None:
    result = scl.generate('DATA_BLOCK "D" VAR a : Int; END_VAR BEGIN b := 3; END_DATA_BLOCK')
    (finding,) = result.diagnostics
    assert (finding.severity, finding.code, len(result.documents)) == (scl.Severity.ERROR, "start-value", 0)


def test_an_array_data_block_is_refused() -> None:
    result = scl.generate('DATA_BLOCK "A" ARRAY[0..9] OF INT BEGIN END_DATA_BLOCK')
    assert [finding.code for finding in result.diagnostics] == ["array-db"]
    assert result.documents == []


def test_know_how_protection_is_a_warning() -> None:
    (finding,) = scl.generate('FUNCTION "F" : Void KNOW_HOW_PROTECT BEGIN END_FUNCTION').diagnostics
    assert finding.code == "know-how"


def test_blocks_of_one_source_know_each_other() -> None:
    source = (
        'FUNCTION "F" : Int BEGIN #F := 1; END_FUNCTION\n'
        'FUNCTION_BLOCK "B" BEGIN END_FUNCTION_BLOCK\n'
        'DATA_BLOCK "B_DB" "B" BEGIN END_DATA_BLOCK\n'
        'FUNCTION "Main" : Void VAR_TEMP x : Int; END_VAR BEGIN #x := "F"(); "B_DB"(); END_FUNCTION'
    )
    main = generated(source)[-1]
    assert isinstance(main, Block)
    element = main.networks[0].source
    assert element is not None
    calls = [(call.get("BlockType"), call.get("Name")) for call in element.iter("{*}CallInfo")]
    assert calls == [("FC", None), ("FB", "B")]


def test_the_program_around_a_source_is_known_by_its_names() -> None:
    program = Program({"b_db": Callee("FB", "B")}, frozenset({"limit"}), frozenset({"t"}))
    main = block('FUNCTION "M" : Void BEGIN "B_DB"(x := "LIMIT"); END_FUNCTION', program=program)
    element = main.networks[0].source
    assert element is not None
    assert element.find(".//{*}CallInfo[@Name='B']") is not None
    assert element.find(".//{*}Access[@Scope='GlobalConstant']") is not None
    assert block('DATA_BLOCK "D" "T" BEGIN END_DATA_BLOCK', program=program).instance_of_type == "UDT"


def test_an_object_with_errors_is_left_out_and_the_others_stay() -> None:
    result = scl.generate('FUNCTION "A" : Void BEGIN\nx := ;\nEND_FUNCTION\nFUNCTION "B" : Void BEGIN END_FUNCTION')
    assert result.names == ["B"]
    assert any(finding.severity is scl.Severity.ERROR for finding in result.diagnostics)


@pytest.mark.parametrize(
    ("version", "interface", "text"),
    [("V15.1", 3, 2), ("V16", 4, 3), ("V17", 5, 3), ("V18", 5, 3), ("V19", 5, 4), ("V20", 5, 4), ("V21", 5, 4)],
)
def test_documents_are_written_for_a_version(version: str, interface: int, text: int) -> None:
    (document,) = scl.generate('FUNCTION "F" : Void BEGIN\n\t#a := 1;\nEND_FUNCTION', version).documents
    content = document.decode("utf-8-sig")
    assert f'<Engineering version="{version}" />' in content
    assert f"/Interface/v{interface}" in content
    assert f"/StructuredText/v{text}" in content
    assert ("<Namespace />" in content) == (version in ("V18", "V19", "V20", "V21"))
    assert ("False</SetENO" in content) == (version == "V15.1")
    assert ("<Interface><Sections" in content) == (version != "V21")


def test_a_version_without_scl_is_refused() -> None:
    with pytest.raises(SimaticMLError, match="V15 does not export"):
        scl.generate("", "V15")


def test_what_a_version_cannot_hold_is_an_error() -> None:
    source = 'DATA_BLOCK "D" VAR a : Array[0..1] of Int := [1, 2]; END_VAR BEGIN END_DATA_BLOCK'
    assert scl.generate(source, "V16").diagnostics == []
    result = scl.generate(source, "V15.1")
    assert [finding.code for finding in result.diagnostics] == ["version"]
    assert result.documents == []


def test_comments_are_filed_under_the_chosen_culture() -> None:
    result = scl.generate('FUNCTION "F" : Void\nTITLE = Titel\nBEGIN END_FUNCTION', culture="de-DE")
    (found,) = load(result.documents[0]).objects
    assert isinstance(found, Block)
    assert found.title == {"de-DE": "Titel"}
