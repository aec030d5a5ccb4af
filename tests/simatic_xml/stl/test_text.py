"""What single lines of STL say, and how errors name them."""

import time

import pytest
from lxml import etree

from simatic_xml import SimaticMLError, stl
from simatic_xml.stl.mnemonics import JUMPS, MNEMONICS, NEEDS_OPERAND


def statement(line: str) -> str:
    """Return the statement that a line gives, without its number."""
    element = stl.from_text(f"{line}\n", namespace="")[0]
    del element.attrib["UId"]
    return etree.tostring(element, encoding="unicode").removeprefix("<StlStatement>").removesuffix("</StlStatement>")


START = '<Access Scope="LocalVariable"><Symbol><Component Name="start"/></Symbol>'


@pytest.mark.parametrize(
    ("line", "xml"),
    [
        ("", '<StlToken Text="EMPTY_LINE"/>'),
        ("SET", '<StlToken Text="SET"/>'),
        ("  set ;", '<StlToken Text="SET"/>'),
        ("A #start", f'<StlToken Text="A"/>{START}</Access>'),
        (
            "= %Q0.1",
            '<StlToken Text="Assign"/><Access Scope="Address"><Address Area="Output" Type="Bool" BitOffset="1"/></Access>',
        ),
        ("NOP 0", '<StlToken Text="NOP_0"/>'),
        ("L DBNO", '<StlToken Text="L_DBNO"/>'),
        ("LAR1", '<StlToken Text="LAR1_ACCU1"/>'),
        ("LAR1 #start", f'<StlToken Text="LAR1"/>{START}</Access>'),
        ("TAK", '<StlToken Text="CAC"/>'),
        ("A(", '<StlToken Text="A_BRACK"/>'),
        (")", '<StlToken Text="BRACKET"/>'),
        ("L STW", '<StlToken Text="L"/><Access Scope="Statusword"><Statusword Combination="STW"/></Access>'),
        ("A >=0", '<StlToken Text="A"/><Access Scope="Statusword"><Statusword Combination="GE"/></Access>'),
        (
            "OPN %DB12",
            '<StlToken Text="OPEN_DB"/><Access Scope="Address"><Address Area="DB" Type="Block_DB" BlockNumber="12"/></Access>',
        ),
        (
            "L %DIW2:Int",
            '<StlToken Text="L"/><Access Scope="Address"><Address Area="DI" Type="Int" BitOffset="16"/></Access>',
        ),
        (
            "L %IW4:P",
            '<StlToken Text="L"/><Access Scope="Address"><Address Area="PeripheryInput" Type="Word" BitOffset="32"/></Access>',
        ),
        (
            "FR %T5",
            '<StlToken Text="Free"/><Access Scope="Address"><Address Area="Timer" Type="Timer" BitOffset="5"/></Access>',
        ),
        ("JCN END", '<StlToken Text="JCN"/><Access Scope="Label"><Label Name="END"/></Access>'),
        ("END: NOP 1", '<LabelDeclaration><Label Name="END"/></LabelDeclaration><StlToken Text="NOP_1"/>'),
        (
            "// head",
            '<LineComment Inserted="false"><Text> head</Text></LineComment><StlToken Text="COMMENT"/>',
        ),
        ("SET //x", '<StlToken Text="SET"/><LineComment Inserted="false"><Text>x</Text></LineComment>'),
        (
            "A #start // x",
            f'<StlToken Text="A"/>{START}<LineComment Inserted="false"><Text> x</Text></LineComment></Access>',
        ),
        (
            "L 'a // b'",
            '<StlToken Text="L"/><Access Scope="LiteralConstant"><Constant><ConstantType>String</ConstantType>'
            "<ConstantValue>'a // b'</ConstantValue></Constant></Access>",
        ),
        (
            "CALL #motor",
            '<StlToken Text="CALL"/><Access Scope="Call"><CallInfo BlockType="FB"><Instance Scope="LocalVariable">'
            '<Component Name="motor"/></Instance></CallInfo></Access>',
        ),
        (
            'CALL "F" (a : Int := #start, b => #start, c <=> #start, Ret_Val => #start, d :=)',
            '<StlToken Text="CALL"/><Access Scope="Call"><CallInfo Name="F" BlockType="FC">'
            f'<Parameter Name="a" Section="Input" Type="Int">{START}</Access></Parameter>'
            f'<Parameter Name="b" Section="Output">{START}</Access></Parameter>'
            f'<Parameter Name="c" Section="InOut">{START}</Access></Parameter>'
            f'<Parameter Name="Ret_Val" Section="Return">{START}</Access></Parameter>'
            '<Parameter Name="d" Section="Input"/></CallInfo></Access>',
        ),
        (
            "CALL MIN {value_type : Type := Int} (IN1 := #start)",
            '<StlToken Text="CALL"/><Access Scope="Call"><Instruction Name="MIN">'
            '<TemplateValue Name="value_type" Type="Type">Int</TemplateValue>'
            f'<Parameter Name="IN1">{START}</Access></Parameter></Instruction></Access>',
        ),
    ],
)
def test_a_line_gives_its_statement(line: str, xml: str) -> None:
    assert statement(line) == xml


def test_the_table_has_every_instruction_and_each_comes_back() -> None:
    assert len(MNEMONICS) == 170
    for token, mnemonic in MNEMONICS.items():
        accumulator = token.endswith("_ACCU1")
        operand = " END" if mnemonic in JUMPS else " #x" if mnemonic in NEEDS_OPERAND or "AR" in mnemonic else ""
        line = mnemonic + ("" if accumulator or " " in mnemonic else operand)
        element = stl.from_text(line)
        assert element[0].find("{*}StlToken").get("Text") == token
        assert stl.to_text(element) == f"{line}\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("FOO #x", "not an STL instruction"),
        ("A", "needs an operand"),
        ("A #", "not an operand"),
        ("L %XW4", "not an operand"),
        ("JC #x", "not a jump label"),
        ("CALL", "needs an operand"),
        ('CALL "F" (a', "not closed"),
        ('CALL "F" (a #x)', "not a parameter"),
        ('CALL "F" (a := ?)', "operand"),
        ("CALL 5", "names a block"),
        ("CALL MIN {x} (a := 1)", "template"),
        ("L indirect(Width=Word, ?)", "operand"),
        ("// \x01", "XML"),
        ("?", "only an export"),
    ],
)
def test_errors_name_the_line(line: str, said: str) -> None:
    with pytest.raises(stl.StlError, match=said) as error:
        stl.from_text(f"SET\n\n{line}\n")
    assert error.value.line == 3
    with pytest.raises(SimaticMLError, match=said) as in_json:
        stl.from_json({"stl": ["SET", "", line]})
    assert in_json.value.pointer == "/stl/2"


def test_line_ends_of_windows_do_not_matter() -> None:
    assert stl.to_text(stl.from_text("SET\r\nCLR\r\n")) == "SET\nCLR\n"
    assert stl.to_text(stl.from_text("SET\nCLR")) == "SET\nCLR\n"
    assert len(stl.from_text("")) == 0
    assert len(stl.from_text("\n")) == 1


def test_text_refuses_what_it_cannot_carry() -> None:
    element = stl.from_text("SET\nCLR\n")
    element[1].set("Marked", "true")
    with pytest.raises(stl.StlError, match="JSON form") as error:
        stl.to_text(element)
    assert error.value.line == 2
    etree.SubElement(element, "Other")
    del element[1].attrib["Marked"]
    with pytest.raises(stl.StlError, match="besides statements"):
        stl.to_text(element)


@pytest.mark.parametrize(
    "line", ["CALL " + "(" * 50_000, "CALL X (" + '"' * 50_000 + ")", "CALL #" + "a" * 50_000, "L " + "#a[" * 50_000]
)
def test_endless_lines_are_refused_soon_and_briefly(line: str) -> None:
    start = time.process_time()
    with pytest.raises(stl.StlError) as error:
        stl.from_text(line)
    assert len(str(error.value)) < 400
    assert time.process_time() - start < 20
