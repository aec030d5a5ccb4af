"""Named value data types in a program: types of variables, constants, defaults, and their forms in SimaticML."""

from __future__ import annotations

import pytest

import simatic_xml
from simatic_xml import flgnet, named_values, scl, sd
from simatic_xml.model import NamedValueType
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.types.named_values import NamedValues
from simatic_xml.program.workspace import Workspace
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import program_of

TYPES = named_values.parse("""
NAMESPACE Demo
    TYPE
        Colors : INT ( RED := 1, GREEN := 2, BLUE := 3 ) := GREEN;
    END_TYPE
END_NAMESPACE
TYPE
    Mask : WORD ( LOW := 16#FF );
END_TYPE
""").types
DATA = 'DATA_BLOCK "D"\nVERSION : 0.1\n   VAR\n      {members}\n   END_VAR\nBEGIN\n   {starts}\nEND_DATA_BLOCK\n'
BLOCK = """FUNCTION_BLOCK "Lamp"
{{ S7_Optimized_Access := 'TRUE' }}
VERSION : 0.1
   VAR_INPUT
      c : Demo.Colors;
   END_VAR
   VAR_OUTPUT
      q : Bool;
   END_VAR
BEGIN
   {body}
END_FUNCTION_BLOCK
"""


def _program(*sources: str, cpu: Cpu | None = None) -> Workspace:
    workspace = Workspace(cpu)
    for each in TYPES:
        workspace.put(each)
    for number, source in enumerate(sources):
        assert workspace.put_source(source, str(number)) == []
    return workspace


def _codes(workspace: Workspace) -> list[str]:
    return [each.code for each in workspace.check() if each.severity == "error"]


@pytest.mark.parametrize(
    "body",
    [
        "#q := #c = Demo.Colors#GREEN;",
        "#q := #c = Colors#RED OR #c = _.Demo.Colors#BLUE;",
        "#q := #c = 7;",
        "#q := WORD_TO_INT(IN := Mask#LOW) > #c;",
        "CASE #c OF Demo.Colors#RED: #q := FALSE; Colors#GREEN..Demo.Colors#BLUE: #q := TRUE; END_CASE;",
    ],
)
def test_named_values_are_constants_of_the_base_type(body: str) -> None:
    assert _codes(_program(BLOCK.format(body=body))) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("#q := #c = Demo.Colors#PINK;", "value.named"),
        ("#q := Demo.Colors#RED;", "type.implicit"),
        ("#q := #c = Other.Colors#RED;", "value.literal"),
        ("CASE #c OF Demo.Colors#RED: ; 1: ; END_CASE; #q := TRUE;", "case.twice"),
    ],
)
def test_a_wrong_use_is_an_error(body: str, code: str) -> None:
    assert code in _codes(_program(BLOCK.format(body=body)))


def test_only_an_s7_1500_has_them() -> None:
    source = BLOCK.format(body="#q := TRUE;")
    assert "type.unknown" in _codes(_program(source, cpu=Cpu("S7-1200", "V4.6")))


def test_types_that_come_later_are_found() -> None:
    workspace = Workspace()
    workspace.put_source(BLOCK.format(body="#q := #c = Demo.Colors#RED;"))
    assert {"type.unknown", "value.literal"} <= set(_codes(workspace))
    workspace.put(TYPES[0])
    assert _codes(workspace) == []


def test_variables_start_with_the_default_of_their_type() -> None:
    members = (
        "a : Demo.Colors; b : Array[0..Demo.Colors#RED] of Colors; c : Demo.Colors := 3; d : Mask; "
        "s : String[Demo.Colors#BLUE]; e : Demo.Colors := Demo.Colors#RED;"
    )
    workspace = _program(DATA.format(members=members, starts="c := Demo.Colors#RED;"))
    assert _codes(workspace) == []
    found = Memory(program_of(workspace)).read('"D"')
    assert found == {"a": 2, "b": [2, 2], "c": 1, "d": 0xFF, "s": "", "e": 1}


def test_scl_and_simatic_ml_have_the_same_named_values() -> None:
    source = BLOCK.format(body="#q := #c = Demo.Colors#GREEN AND NOT (Mask#LOW = W#16#1);")
    (document,) = scl.generate(source).documents
    assert b'<Access Scope="NamedValueConstant"' in document
    assert b'Name="_.Demo.Colors#GREEN"' in document
    assert "#c = Demo.Colors#GREEN AND NOT (Mask#LOW = W#16#1);" in scl.source(document)
    workspace = _program()
    workspace.put_document(simatic_xml.load(document))
    assert _codes(workspace) == []


def test_networks_have_named_values_too() -> None:
    text = """{ S7_PreferredLanguage := "LAD" }
FUNCTION "F" : Void
    VAR_INPUT
        c : _.Demo.Colors;
    END_VAR
    VAR_OUTPUT
        q : _.Mask;
    END_VAR

    { S7_Language := "LAD" }
    NETWORK
        RUNG wire#powerrail
            Move( in := Demo.Colors#BLUE, out1 => #q )
        END_RUNG
    END_NETWORK
END_FUNCTION
"""
    made = sd.generate(text)
    assert made.diagnostics == []
    document = simatic_xml.load(made.documents[0])
    network = flgnet.to_json(document.objects[0].networks[0].source)
    assert "_.Demo.Colors#BLUE" in str(network)
    assert b'<Constant Name="_.Demo.Colors#BLUE"' in made.documents[0]
    assert "Demo.Colors#BLUE" in sd.source(made.documents[0]).dcl
    workspace = _program()
    workspace.put_document(document)
    assert _codes(workspace) == []


def test_a_name_without_its_namespace_means_the_only_type_that_has_it() -> None:
    named = NamedValues()
    assert not named
    named.put(NamedValueType("A.B.T", "Int", {"X": "1"}))
    assert [bool(named.find(each)) for each in ("A.B.T", "_.a.b.t", '"A"."B"."T"', "B.T", "T", "A.T")] == [True] * 5 + [
        False
    ]
    named.put(NamedValueType("C.T", "Int", {"X": "2"}))
    assert named.find("T") is None
    assert named.literals("(T#5s, B.T#X, 16#F, C.T#X, 'B.T')") == "(T#5s, 1, 16#F, 2, 'B.T')"
