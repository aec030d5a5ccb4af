"""Documents become blocks, data blocks and data types."""

import pytest

from simatic_xml import load, scl, sd
from simatic_xml.errors import SimaticMLError
from simatic_xml.model import Block, PlcType, Section
from simatic_xml.scl.context import Program

RES = """MultiLingualTexts:
  - id: MLC_1
    en-US: Title
    de-DE: Titel
  - id: MLC_2
    en-US: a comment
"""


def made(dcl: str, res: str | None = None, program: Program | None = None) -> Block:
    generated = sd.generate(dcl, res, program=program)
    assert [str(finding) for finding in generated.diagnostics] == []
    node = load(generated.documents[0]).objects[0]
    assert isinstance(node, Block)
    return node


def test_the_attributes_of_a_block_are_carried_over() -> None:
    block = made(
        '{ S7_BlockNumber := "7"; S7_BlockTitle := "MLC_1"; S7_EditorMode := "SCL"; S7_Optimized := "FALSE"; '
        'S7_Version := "2.1"; S7_IECCheck := "TRUE" }\nFUNCTION "F" : Int\nEND_FUNCTION',
        RES,
    )
    assert (block.kind, block.number, block.auto_number, block.language) == ("FC", 7, False, "SCL")
    assert block.memory_layout == "Standard"
    assert block.title == {"en-US": "Title", "de-DE": "Titel"}
    assert block.attributes["HeaderVersion"] == "2.1"
    assert block.attributes["IsIECCheckEnabled"] == "true"


def test_variables_keep_their_access_and_comment() -> None:
    block = made(
        """FUNCTION_BLOCK "F"
    VAR
        {
            S7_Access := "ReadOnly := External";
            S7_MLC := "MLC_2";
            S7_Visibility := "Hidden := External"
        }
        motor : STRUCT
            { S7_Access := "ReadOnly := External" }
            speed : Array[0..3] of _."My type";
        END_STRUCT;
    END_VAR
    VAR RETAIN
        { S7_Setpoint := "True" }
        limit : Real := 1.5;
    END_VAR
END_FUNCTION_BLOCK""",
        RES,
    )
    motor, limit = [member for _section, member in block.members()]
    hidden = ["ExternalAccessible", "ExternalVisible", "ExternalWritable"]
    assert [(each.name, each.value) for each in motor.attributes] == [(name, "false") for name in hidden]
    assert motor.comment == {"en-US": "a comment"}
    assert motor.members[0].data_type == 'Array[0..3] of "My type"'
    assert motor.members[0].attributes == []  # the structure says it already
    assert (limit.remanence, limit.start_value, limit.attributes[0].name) == ("Retain", "1.5", "SetPoint")


def test_a_data_type_is_read() -> None:
    document = sd.generate("TYPE\n    Point : STRUCT\n        x : Real;\n    END_STRUCT;\nEND_TYPE").documents[0]
    node = load(document).objects[0]
    assert isinstance(node, PlcType)
    assert (node.name, node.members[0].name) == ("Point", "x")


def test_a_data_block_of_a_type_is_told_from_one_of_a_block() -> None:
    text = '{ S7_StandardRetain := "TRUE" }\nDATA_BLOCK D : Point\nEND_DATA_BLOCK'
    types = "TYPE\n    Point : STRUCT\n        x : Real;\n    END_STRUCT;\nEND_TYPE\n"
    generated = sd.generate(types + text)
    block = load(generated.documents[1]).objects[0]
    assert isinstance(block, Block)
    assert (block.instance_of, block.instance_of_type) == ("Point", "UDT")
    assert [member.remanence for _section, member in block.members()] == ["Retain"]
    alone = load(sd.generate(text).documents[0]).objects[0]
    assert isinstance(alone, Block)
    assert alone.instance_of_type == "FB"
    assert made("DATA_BLOCK T : TON_TIME\nEND_DATA_BLOCK").attributes["OfSystemLibElement"] == "TON_TIME"


def test_an_organization_block_gets_the_class_of_its_number() -> None:
    block = made('{ S7_BlockNumber := "100" }\nORGANIZATION_BLOCK "Start"\nEND_ORGANIZATION_BLOCK')
    assert block.secondary_type == "Startup"
    assert made('ORGANIZATION_BLOCK "Main"\nEND_ORGANIZATION_BLOCK').secondary_type == "ProgramCycle"


def test_statements_lose_the_indentation_of_the_document_only() -> None:
    text = """FUNCTION "F" : Void
    VAR_TEMP
        speed : Int;
    END_VAR

    { S7_Language := "SCL" }
    NETWORK
        IF TRUE THEN
            #speed := 1;
        END_IF;
    END_NETWORK
END_FUNCTION
"""
    written = sd.source(sd.generate(text).documents[0])
    assert written.dcl.endswith(text.partition("\n")[2])


CODES = {
    "sd.texts_left_out": ('{ S7_BlockTitle := "MLC_1" }\nFUNCTION "F" : Void\nEND_FUNCTION', "warning"),
    "sd.attribute": ('{ S7_Strange := "1" }\nFUNCTION "F" : Void\nEND_FUNCTION', "warning"),
    "sd.number": ('{ S7_BlockNumber := "many" }\nFUNCTION "F" : Void\nEND_FUNCTION', "error"),
    "sd.start_value": ("DATA_BLOCK D : Unknown\n    a := 1;\nEND_DATA_BLOCK", "warning"),
    "sd.retain": ('{ S7_StandardRetain := "TRUE" }\nDATA_BLOCK D : Unknown\nEND_DATA_BLOCK', "warning"),
}


@pytest.mark.parametrize("code", CODES)
def test_what_cannot_be_said_is_reported(code: str) -> None:
    source, severity = CODES[code]
    generated = sd.generate(source)
    assert [(finding.code, str(finding.severity)) for finding in generated.diagnostics] == [(code, severity)]
    assert bool(generated.documents) == (severity == "warning")


@pytest.mark.parametrize(("written", "element"), [("Int", "Int"), ("_.Motor", '"Motor"'), ('_."A b"', '"A b"')])
def test_an_array_data_block_has_its_array(written: str, element: str) -> None:
    made = sd.generate(f"DATA_BLOCK D : Array[0..1] of {written}\nEND_DATA_BLOCK")
    assert made.diagnostics == []
    (block,) = load(made.documents[0]).objects
    assert isinstance(block, Block)
    ((_, member),) = block.members()
    assert (block.kind, member.name, member.data_type) == ("ArrayDB", "D", f"Array[0..1] of {element}")


def test_wrong_statements_are_reported_at_their_place() -> None:
    text = 'FUNCTION "F" : Void\n{ S7_Language := "SCL" }\nNETWORK\n  #a := ;\nEND_NETWORK\nEND_FUNCTION'
    generated = sd.generate(text)
    assert [(finding.line, finding.code) for finding in generated.diagnostics] == [(4, "operand-missing")]
    assert generated.documents == []


def test_a_version_without_scl_is_refused() -> None:
    with pytest.raises(SimaticMLError):
        sd.generate("", version="V15")


def test_a_program_around_tells_functions_from_instances() -> None:
    text = """FUNCTION "F" : Void
{ S7_Language := "LAD" }
NETWORK
    RUNG wire#powerrail
        "Other"( X := 5 )
    END_RUNG
END_NETWORK
END_FUNCTION"""
    other = [Section("Input", []), Section("Return", [])]
    block = made(text, program=Program(interfaces={"other": other}))
    call = next(iter(block.networks[0].source.iter("{*}CallInfo")))
    assert dict(call.attrib) == {"Name": "Other", "BlockType": "FC"}


CELL = """TYPE
    { S7_MLC := "MLC_2" }
    Cell : STRUCT
        inner : STRUCT
            speed : Real;
            limits : Array[0..2] of Int;
        END_STRUCT;
        note : String;
    END_STRUCT;
END_TYPE
DATA_BLOCK Station : Cell
    inner.speed := 1.5;
    inner.limits[1] := 7;
    note := 'ready';
END_DATA_BLOCK
"""


def test_start_values_of_an_instance_are_read_and_written() -> None:
    generated = sd.generate(CELL, RES)
    assert [str(finding) for finding in generated.diagnostics] == []
    cell, station = (load(document).objects[0] for document in generated.documents)
    assert isinstance(cell, PlcType)
    assert cell.comment == {"en-US": "a comment"}
    assert isinstance(station, Block)
    written = sd.source(station)
    assert written.left_out == ()
    values = ["    inner.speed := 1.5;", "    inner.limits[1] := 7;", "    note := 'ready';"]
    assert written.dcl.splitlines()[-4:-1] == values


RETENTION = [
    ("VAR_INPUT DB_SPECIFIC", "SetInIDB"),
    ("VAR_OUTPUT RETAIN", "Retain"),
    ("VAR DB_SPECIFIC", "SetInIDB"),
    ("VAR RETAIN", "Retain"),
    ("VAR NON_RETAIN", None),
    ("VAR", None),
]


def test_a_start_value_that_belongs_to_no_member_is_an_error() -> None:
    generated = sd.generate(CELL.replace("inner.speed", "inner.nothing"), RES)
    assert [(each.code, str(each.severity)) for each in generated.diagnostics] == [("sd.start_value", "error")]
    assert generated.names == ["Cell"]


def test_the_words_after_var_are_the_remanence_in_both_formats() -> None:
    for words, remanence in RETENTION:
        for inner in ("a : Int;", "outer : STRUCT\n one : STRUCT\n a : Bool;\n END_STRUCT;\n END_STRUCT;"):
            text = f'FUNCTION_BLOCK "Drive"\n{words}\n{inner}\nEND_VAR\n%sEND_FUNCTION_BLOCK\n'
            scl_document = scl.generate(text % "BEGIN\n").documents[0]
            for document in (sd.generate(text % "").documents[0], scl_document):
                block = load(document).objects[0]
                assert isinstance(block, Block)
                assert [member.remanence for _, member in block.members()] == [remanence], words
                for again in (sd.source(block).dcl, scl.source(scl_document)):
                    assert words.replace(" NON_RETAIN", "") in again, (words, again)
