from __future__ import annotations

import pytest

from simatic_xml.program import path_text
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.listing import text
from simatic_xml.program.nodes import (
    Absolute,
    Constant,
    Dereference,
    Element,
    Eno,
    Field,
    Local,
    Overlay,
    Slice,
    TagOperand,
)
from simatic_xml.program.operands import operand
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.types.types import INT, REAL, type_name
from tests.simatic_xml.program.program_of import findings, typed_body

AROUND = """
TYPE "Motor" STRUCT speed : Int; flags : Word; limits : ARRAY[0..3, -1..1] OF Real; END_STRUCT; END_TYPE
DATA_BLOCK "Data" { S7_Optimized_Access := 'TRUE' }
STRUCT motor : "Motor"; timer : TON_TIME; END_STRUCT; BEGIN END_DATA_BLOCK
DATA_BLOCK "Old" { S7_Optimized_Access := 'FALSE' }
STRUCT a : Int; b : Int; END_STRUCT; BEGIN END_DATA_BLOCK
FUNCTION "Sum" : Int
VAR_INPUT x : Int; END_VAR
BEGIN #Sum := #x; END_FUNCTION
"""
DECLARATIONS = """
VAR_INPUT enable : Bool; END_VAR
VAR
  count : Int; list : ARRAY[1..10] OF Int; motor : "Motor"; name : String[20]; word : Word; double : DInt;
  real : Real; target : REF_TO Int; "odd name" : Bool;
END_VAR
VAR CONSTANT LAST : Int := 10; BEYOND : Int := 11; END_VAR
"""
TAGS = {"Start": "Bool %I0.0", "Lamp": "Bool %Q0.0", "Axis": '"Motor" %M10.0', "Both": "Int %MW2"}
PLACE = Place("Test", 1, uid=21)


def read(written: str, expected=None, cpu: Cpu | None = None):
    _, scope = typed_body(
        "", DECLARATIONS, around=AROUND, tags=TAGS, constants={"MAX": "Int 7"}, numbers={"Data": 1, "Old": 2}, cpu=cpu
    )
    return operand(scope, written, PLACE, expected), scope


@pytest.mark.parametrize(
    ("written", "kind", "data_type"),
    [
        ("#count", Local, "Int"),
        ("count", Local, "Int"),
        ('#"odd name"', Local, "Bool"),
        ("#LAST", Constant, "Int"),
        ('"Start"', TagOperand, "Bool"),
        ('"Start":P', TagOperand, "Bool"),
        ('"Axis".speed', Field, "Int"),
        ('"MAX"', Constant, "Int"),
        ('"Data".motor.limits[0, -1]', Element, "Real"),
        ('"Data".timer.Q', Field, "Bool"),
        ("#list[#count]", Element, "Int"),
        ("#list[#LAST]", Element, "Int"),
        ("#list[#count + 1]", Element, "Int"),
        ("#name[1]", Element, "Char"),
        ("#word.%X15", Slice, "Bool"),
        ("#word.%B1", Slice, "Byte"),
        ("#double.%W1", Slice, "Word"),
        ("#target^", Dereference, "Int"),
        ('"Old".%DBW2', Overlay, "Word"),
        ("%MW10", Absolute, "Word"),
        ("MW10", Absolute, "Word"),
        ("M0.7", Absolute, "Bool"),
        ("%I0.0:P", Absolute, "Bool"),
        ("%DB2.DBX2.0", Absolute, "Bool"),
        ("DB2.DBW2", Absolute, "Word"),
        ("%T5", Absolute, "Timer"),
        ("T#5s", Constant, "Time"),
        ("16#FF", Constant, None),
        ("ENO", Eno, "Bool"),
    ],
)
def test_what_an_operand_is(written, kind, data_type):
    found, scope = read(written)
    assert findings(scope) == []
    assert isinstance(found, kind)
    assert data_type is None or type_name(found.type) == data_type
    assert found.place == PLACE


def test_a_literal_takes_the_expected_type():
    assert read("5", REAL)[0].type == REAL
    assert read("5", INT)[0].type == INT


def test_an_absolute_operand_takes_an_expected_type_of_its_width():
    assert read("%MW10", INT)[0].type == INT
    assert type_name(read("%MD10", INT)[0].type) == "DWord"


def test_the_process_image_is_passed():
    found, _ = read('"Lamp":P')
    assert isinstance(found, TagOperand)
    assert found.peripheral
    assert text(found) == '"Lamp":P'


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("#nothing", "name.undefined"),
        ('"Nothing"', "name.undefined"),
        ("nothing", "name.undefined"),
        ("%DB77.DBX0.0", "name.undefined"),
        ('"Motor"', "name.not_operand"),
        ('"Sum"', "name.not_operand"),
        ("#motor.colour", "name.member_undefined"),
        ("#count.speed", "name.member_undefined"),
        ("#list[11]", "index.range"),
        ("#list[#BEYOND]", "index.range"),
        ("#list[0]", "index.range"),
        ("#name[21]", "index.range"),
        ("#word.%X16", "index.range"),
        ("#list[1, 2]", "index.count"),
        ("#list[#real]", "index.type"),
        ("#count[1]", "index.not_array"),
        ("#real.%X0", "type.slice"),
        ("#count^", "type.not_reference"),
        ("#count:P", "address.peripheral"),
        ("%MW10:P", "address.peripheral"),
        ("%M0.8", "address.form"),
        ("%MX", "address.form"),
        ("%E0.0", "address.form"),
        ("M5", "name.undefined"),
        ("A1", "name.undefined"),
        ("#word.%K1", "address.form"),
        ("%DB1.DBX0.0", "address.optimized"),
        ('"Data".%DBW0', "address.optimized"),
        ("%DB2.DBW4", "address.range"),
        ("%MW16383", "address.range"),
        ("INT#70000", "value.range"),
        ("T#nonsense", "value.literal"),
        ("#a :=", "syntax.operand"),
        ("#count #count", "syntax.operand"),
    ],
)
def test_what_is_wrong_with_an_operand(written, code):
    _, scope = read(written)
    assert [each.code for each in scope.diagnostics] == [code]
    assert scope.diagnostics[0].place == PLACE


@pytest.mark.parametrize(("written", "text"), [("%E0.0", "%I0.0"), ("AW4", "%QW4"), ("Z3", "%C3"), ("%I0.0", "%I0.0")])
def test_german_mnemonics(written, text):
    found, scope = read(written, cpu=Cpu(mnemonics="german"))
    assert findings(scope) == []
    assert path_text.text(found) == text


def test_there_are_no_timers_on_an_s7_1200():
    _, scope = read("%T5", cpu=Cpu("S7-1200", "V4.5"))
    assert [each.code for each in scope.diagnostics] == ["address.range"]


def test_what_is_unknown_is_said_once():
    _, scope = read('"Nothing".a.b[5].%X99')
    assert [each.code for each in scope.diagnostics] == ["name.undefined"]
