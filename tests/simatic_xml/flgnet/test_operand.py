"""Operand text and Access element are inverses."""

import pytest
from hypothesis import given
from lxml import etree

from simatic_xml.flgnet.operand import access_element, instance_element, operand_text
from tests.simatic_xml.flgnet.corpus import needs_corpus, networks, outline
from tests.simatic_xml.flgnet.networks import OPERANDS


@given(OPERANDS)
def test_every_operand_reads_as_it_is_written(text: str) -> None:
    assert operand_text(access_element(text, "")) == text


@pytest.mark.parametrize(
    ("text", "xml"),
    [
        ("#a", "<Access Scope='LocalVariable'><Symbol><Component Name='a'/></Symbol></Access>"),
        (
            '"DB".x[#i, 2].%X3',
            "<Access Scope='GlobalVariable'><Symbol><Component Name='DB'/>"
            "<Component Name='x' SliceAccessModifier='x3' AccessModifier='Array'>"
            "<Access Scope='LocalVariable'><Symbol><Component Name='i'/></Symbol></Access>"
            "<Access Scope='LiteralConstant'><Constant><ConstantType>DInt</ConstantType>"
            "<ConstantValue>2</ConstantValue></Constant></Access></Component></Symbol></Access>",
        ),
        (
            '"Valve":P',
            "<Access Scope='GlobalVariable'><Symbol><Component Name='Valve' SimpleAccessModifier='Periphery'/>"
            "</Symbol></Access>",
        ),
        (
            "#ref^.a",
            "<Access Scope='LocalVariable'><Symbol><Component Name='ref' AccessModifier='Reference'/>"
            "<Component Name='a'/></Symbol></Access>",
        ),
        (
            "%DB3.DBX2.1",
            "<Access Scope='Address'><Address Area='DB' Type='Bool' BlockNumber='3' BitOffset='17'/></Access>",
        ),
        ("%IW4", "<Access Scope='Address'><Address Area='Input' Type='Word' BitOffset='32'/></Access>"),
        ("T#5s", "<Access Scope='TypedConstant'><Constant><ConstantValue>T#5s</ConstantValue></Constant></Access>"),
        (
            "P#DB1.DBX20.0 BYTE 20",
            "<Access Scope='LiteralConstant'><Constant><ConstantType>Any</ConstantType>"
            "<ConstantValue>P#DB1.DBX20.0 BYTE 20</ConstantValue></Constant></Access>",
        ),
        (
            "Any#P#M0.0",
            "<Access Scope='LiteralConstant'><Constant><ConstantType>Any</ConstantType>"
            "<ConstantValue>P#M0.0</ConstantValue></Constant></Access>",
        ),
        ('const "MAX"', "<Access Scope='GlobalConstant'><Constant Name='MAX'/></Access>"),
        ("const #MAX", "<Access Scope='LocalConstant'><Constant Name='MAX'/></Access>"),
        ("label END", "<Access Scope='Label'><Label Name='END'/></Access>"),
    ],
)
def test_operands_have_the_elements_of_simaticml(text: str, xml: str) -> None:
    element = etree.fromstring(xml)
    assert outline(access_element(text, "")) == outline(element)
    assert operand_text(element) == text


@pytest.mark.parametrize(
    ("text", "expected", "data_type", "value"),
    [
        ("P#M0.0 BYTE 2", "Variant", "Any", "P#M0.0 BYTE 2"),
        ("5", None, "Int", "5"),
        ("5", "UDInt", "UDInt", "5"),
        ("UInt#5", "UDInt", "UInt", "5"),
        ("70000", None, "DInt", "70000"),
        ("1.5e3", None, "Real", "1.5e3"),
        ("1.5", "LReal", "LReal", "1.5"),
        ("16#FF", None, "Word", "16#FF"),
        ("16#FFFFF", None, "DWord", "16#FFFFF"),
        ("true", None, "Bool", "true"),
        ("'it''s'", None, "String", "'it''s'"),
    ],
)
def test_a_literal_takes_its_type_from_the_pin_or_its_spelling(
    text: str, expected: str | None, data_type: str, value: str
) -> None:
    element = access_element(text, "", expected)
    assert [node.text for node in element.iter("ConstantType", "ConstantValue")] == [data_type, value]
    assert operand_text(element, expected) == text


def test_a_multi_instance_in_an_array() -> None:
    element = instance_element("#timers[3]", "")
    assert element.get("Scope") == "LocalVariable"
    assert operand_text(element) == "#timers[3]"


@needs_corpus
def test_every_real_operand_has_a_text() -> None:
    texts = [operand_text(access) for network in networks(genuine=True) for access in network.iter("{*}Access")]
    assert len(texts) > 4000
    assert "?" not in texts
