"""Text to StructuredText and back, construct by construct: scopes, UIds, marks of quotes."""

import pytest
from lxml import etree

from simatic_xml import SimaticMLError, scl
from simatic_xml.scl import Callee, Interface, Program
from simatic_xml.scl.structured_text import uses_defaults

INTERFACE = Interface(
    {"a": "Int", "max": "Int", "t": "TON_TIME", "motor": '"Motor"', "motors": 'Array[0..1] of "Motor"'},
    frozenset({"max"}),
)
PROGRAM = Program(
    {
        "calc": Callee("FC", "Calc", returns=True),
        "motor_db": Callee("FB", "Motor"),
        "timer_db": Callee("system"),
    },
    frozenset({"limit"}),
)


def flat(text: str, version: str = "V20", *, with_defaults: bool = False) -> str:
    """Return the element of a text on one line, without its namespace."""
    element = scl.from_text(text, INTERFACE, PROGRAM, version, with_defaults=with_defaults)
    xml = etree.tostring(element, encoding="unicode")
    return xml.split(">", 1)[1].rsplit("<", 1)[0]


def test_a_local_variable() -> None:
    expected = (
        '<Access Scope="LocalVariable" UId="21"><Symbol UId="22"><Component Name="a" UId="23"/></Symbol></Access>'
        '<Blank UId="24"/><Token Text=":=" UId="25"/><Blank UId="26"/>'
        '<Access Scope="LiteralConstant" UId="27"><Constant UId="28"><ConstantValue UId="30">1</ConstantValue>'
        '</Constant></Access><Token Text=";" UId="31"/>'
    )
    assert flat("#a := 1;") == expected
    assert flat("a := 1;") == expected, "a declared name needs no mark"


def test_a_typed_constant_keeps_no_number_free() -> None:
    assert '<Constant UId="28"><ConstantValue UId="29">T#5s</ConstantValue></Constant>' in flat("#a := T#5s;")


def test_a_local_constant_keeps_two_numbers_free() -> None:
    expected = (
        '<Access Scope="LocalConstant" UId="27"><Constant Name="MAX" UId="28"/></Access><Token Text=";" UId="31"/>'
    )
    assert expected in flat("#a := #MAX;")


def test_a_constant_as_index_stands_in_the_place_of_its_value() -> None:
    assert (
        '<Token Text="[" UId="24"/><Access Scope="LocalConstant" UId="25"><Constant UId="26">'
        '<ConstantValue UId="28">MAX</ConstantValue></Constant></Access><Token Text="]" UId="29"/></Component>'
    ) in flat("#a[#MAX] := 1;")


def test_global_names_are_marked_as_quoted_from_version_3() -> None:
    mark = '<BooleanAttribute Name="HasQuotes" UId="24">true</BooleanAttribute>'
    assert f'<Component Name="DB" UId="23">{mark}</Component>' in flat('"DB".x := 1;')
    assert '<Component Name="DB" UId="23"/>' in flat('"DB".x := 1;', "V15.1")


def test_a_global_constant() -> None:
    assert '<Access Scope="GlobalConstant" UId="27"><Constant Name="LIMIT" UId="28"/>' in flat('#a := "LIMIT";')


def test_an_instruction_that_returns_a_value_keeps_one_number_free() -> None:
    assert (
        '<Access Scope="Call" UId="27"><Instruction Name="ABS" UId="28"><Token Text="(" UId="29"/>'
        '<NamelessParameter UId="30"><Access Scope="LocalVariable" UId="31"><Symbol UId="32">'
        '<Component Name="a" UId="33"/></Symbol></Access></NamelessParameter><Token Text=")" UId="35"/>'
    ) in flat("#a := ABS(#a);")
    assert '<Token Text="(" UId="23"/><Token Text=")" UId="24"/>' in flat("POKE();")


def test_a_type_behind_the_name_of_an_instruction_is_a_template_value() -> None:
    expected = (
        '<Instruction Name="ROUND" UId="28"><TemplateValue Name="dest_type" Type="Type" UId="29">Real</TemplateValue>'
    )
    assert expected in flat("#a := ROUND_REAL(#a);")


def test_a_system_instance_is_an_operand_and_a_nameless_instruction() -> None:
    assert (
        '<Component Name="t" UId="23"/></Symbol></Access><Access Scope="Call" UId="24"><Instruction UId="25">'
        '<Token Text="(" UId="26"/><Parameter Name="IN" UId="27"><Blank UId="28"/><Token Text=":=" UId="29"/>'
    ) in flat("#t(IN := TRUE);")
    assert '<Instruction Name="TON" UId="' in flat('"Timer_DB".TON(IN := TRUE);')
    assert "<Instruction UId=" in flat('"Timer_DB"(IN := TRUE);')


def test_user_blocks_are_called_through_call_info() -> None:
    assert (
        '<CallInfo UId="22" Name="Motor" BlockType="FB"><Instance Scope="LocalVariable" UId="24">'
        '<Component Name="motor" UId="23"/></Instance><Token Text="(" UId="25"/><Token Text=")" UId="26"/></CallInfo>'
    ) in flat("#motor();")
    assert 'Name="Motor" BlockType="FB"><Instance Scope="GlobalVariable"' in flat('"Motor_DB"();')
    assert '<CallInfo UId="28" BlockType="FC"><Instance Scope="GlobalVariable" UId="30">' in flat('#a := "Calc"();')
    assert 'BlockType="FC"' in flat('"Unknown"();')
    assert 'BlockType="FC"' in flat("Calc();"), "a known block needs no quotes"
    assert "Instruction" in flat("Unknown();")


def test_labels_regions_comments_and_line_breaks() -> None:
    text = "REGION my name\n\n  // note\n  GOTO L1;\n  L1: ;\nEND_REGION"
    assert '<Text UId="23">my name</Text><NewLine Num="2" UId="24"/><Blank Num="2" UId="25"/>' in flat(text)
    assert '<LineComment UId="26"><Text UId="27"> note</Text></LineComment>' in flat(text)
    assert '<Access Scope="Label" UId="32"><Label Name="L1" UId="33"/></Access>' in flat(text)
    assert '<Label Name="L1" UId="38"><Token Text=":" UId="39"/></Label>' in flat(text)


def test_defaults_are_spelled_out_on_demand() -> None:
    xml = flat("#a := 1; // x\n", with_defaults=True)
    assert '<Blank Num="1" UId="24"/>' in xml
    assert '<LineComment Inserted="false" NoClosingBracket="false" UId="33">' in xml
    assert uses_defaults(scl.from_text("a := 1;", with_defaults=True))
    assert not uses_defaults(scl.from_text("a := 1;"))


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("%MW10", 'Area="Memory" Type="Word" BitOffset="80"'),
        ("%I0.3", 'Area="Input" Type="Bool" BitOffset="3"'),
        ("%QB2:P", 'Area="PeripheryOutput" Type="Byte" BitOffset="16"'),
        ("%DB5.DBX1.1", 'Area="DB" Type="Bool" BlockNumber="5" BitOffset="9"'),
        ("%T5", 'Area="Timer" Type="Timer" BitOffset="5"'),
    ],
)
def test_an_absolute_operand(text: str, attributes: str) -> None:
    xml = flat(f"{text} := 1;")
    assert xml.startswith(
        f'<Access Scope="Address" UId="21"><Address {attributes} UId="22"/></Access><Blank UId="23"/>'
    )
    assert scl.to_text(scl.from_text(f"{text} := 1;")) == f"{text} := 1;"


@pytest.mark.parametrize("text", ["%M5", "%XY7", "%M0.0:P", "%IW2.1"])
def test_what_is_no_absolute_operand_is_refused(text: str) -> None:
    with pytest.raises(scl.SclError, match="use the name of a tag"):
        scl.from_text(f"#a := {text};")


def test_an_instance_in_quotes_with_an_index() -> None:
    text = '#"motors"[#a](speed := 1);'
    assert '<Component Name="motors" UId="23"><BooleanAttribute Name="HasQuotes" UId="24">true<' in flat(text)
    assert scl.to_text(scl.from_text(text, INTERFACE)) == text


def test_an_inserted_comment() -> None:
    assert '<LineComment Inserted="true" UId="21"><Text UId="22"> x </Text></LineComment>' in flat("(* x *)#a := 1;")


@pytest.mark.parametrize(
    "text",
    [
        "#a := #a + 1;",
        '#"odd name".b[1, 2].%X0 := "DB"."x y"[#a + #MAX].c;',
        '"Motor_DB"(in := #a, out => "DB".x);\n\n\t\n'.replace("\t", "    "),
        '#motors[#a](speed := 1);\n"Timer_DB".TON(IN := TRUE,\n          PT := T#5s);',
        'IF NOT ("Calc"(x := 1, y := ABS(-1.5E3)) > SCALE_X_REAL(MIN := 1)) THEN // why\n    RETURN;\nEND_IF;',
        "CASE #a OF\n  1..3, 5: #a := 16#FF;\n  #MAX: ;\n  ELSE: (* nothing *)\nEND_CASE;",
        "#a := 'it$'s' ; GOTO far;\nfar: #a += 1;",
        "REGION\nEND_REGION\nREGION a // b\nEND_REGION a\n",
        "(/* every language */) #a := #a;",
        "(* not closed",
        "ENO := TRUE;",
        "#a := %MW10;",
        '"In":P := 1;',
        "#a.r^ := NULL;",
        '#a.r^[1] := #a[#a^[2], 3].b^.c + "DB".r^[#a]^.x;',
        "RETURN #a^[1] > 5;",
        "#a += #a -= LW#16#FF;",
        "",
    ],
)
@pytest.mark.parametrize("version", ["V15.1", "V18", "V21"])
def test_text_survives_the_way_through_the_element(text: str, version: str) -> None:
    element = scl.from_text(text, INTERFACE, PROGRAM, version)
    assert scl.to_text(element) == text.replace("\t", "    ")
    numbers = [int(node.get("UId", "0")) for node in element.iterdescendants() if "Instance" not in str(node.tag)]
    assert numbers == sorted(set(numbers))


def test_invalid_text_is_refused_with_its_place() -> None:
    with pytest.raises(scl.SclError, match="not valid SCL") as caught:
        scl.from_text("a := 1;\nb := ;")
    assert (caught.value.line, caught.value.code) == (2, "scl")


def test_a_version_without_scl_export_is_refused() -> None:
    with pytest.raises(scl.SclError, match=r"V15 does not export"):
        scl.from_text("a := 1;", version="V15")
    with pytest.raises(SimaticMLError, match="not known"):
        scl.from_text("a := 1;", version="V99")


def test_an_element_that_is_no_scl_is_refused() -> None:
    element = etree.fromstring('<StructuredText xmlns="urn:x/v4"><Wire/></StructuredText>')
    with pytest.raises(scl.SclError, match="'Wire'"):
        scl.to_text(element)


NAMESPACE = "http://www.siemens.com/automation/Openness/SW/NetworkSource/StructuredText/v3"
ADDRESSES = [
    ('<Address Area="DB" Type="Cell" BlockNumber="2"/><Token Text="."/><Address Area="DB" Type="Word" BitOffset="16"/>', "%DB2.DBW2"),
    ('<Address Area="DB" Type="Cell" BlockNumber="2"/><Token Text="."/><Address Area="DB" Type="Bool" BitOffset="9"/>', "%DB2.DBX1.1"),
    ('<Address Area="DB" Type="Block_DB" BlockNumber="7"/>', "%DB7"),
    ('<Component Name="Cell"/><Token Text="."/><Address Area="DB" Type="DWord" BitOffset="32"/>', "Cell.%DBD4"),
    ('<Address Area="Memory" Type="Word" BitOffset="16"/>', "%MW2"),
]  # fmt: skip


def test_absolute_operands_of_one_or_two_addresses_are_written() -> None:
    for symbol, text in ADDRESSES:
        element = etree.fromstring(f'<Access Scope="Address"><Symbol>{symbol}</Symbol></Access>')
        for node in element.iter():
            node.tag = f"{{{NAMESPACE}}}{node.tag}"
        around = etree.Element(f"{{{NAMESPACE}}}StructuredText")
        around.append(element)
        assert scl.to_text(around) == text
