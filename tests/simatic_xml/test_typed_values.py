"""Numbers and booleans of a SimaticML file are refused with line and column where TIA Portal's schemas refuse them."""

from __future__ import annotations

import pytest

from simatic_xml import SimaticMLError, load

START = '<Document><Engineering version="V20" />\n<SW.Blocks.FC ID="1A"><AttributeList><Name>Lamp</Name></AttributeList><ObjectList>\n'
END = "\n</ObjectList></SW.Blocks.FC></Document>"
WRONG = {
    '<Access Scope="LocalVariable" UId="2A" />': "2A",
    '<Wire UId="" />': "",
    "<Wire UId = 'x7' />": "x7",
    '<IdentCon UId="2.0" />': "2.0",
    '<Part Name="Coil" UId="2147483648" />': "2147483648",
    '<Address Area="DB" Type="Bool" BlockNumber="1" BitOffset="0x8" />': "0x8",
    '<Address Area="DB" Type="Bool" BlockNumber="one" BitOffset="8" />': "one",
    '<Blank Num="two" />': "two",
    '<Step Number="S1" Init="true" />': "S1",
    '<Step Number="1" Init="yes" />': "yes",
    '<Transition IsMissing="FALSE" Number="1" />': "FALSE",
    '<BranchRef Number="1" In="a" />': "a",
    '<Part Name="Move" UId="21" DisabledENO="True" />': "True",
    '<Comment Informative="maybe" />': "maybe",
    '<BooleanAttribute Name="SetPoint" SystemDefined="no">true</BooleanAttribute>': "no",
    '<BooleanAttribute Name="SetPoint">on</BooleanAttribute>': "on",
    '<IntegerAttribute Name="Size">1e3</IntegerAttribute>': "1e3",
}
RIGHT = (
    '<Access Scope="LocalVariable" UId=" +21 " />',
    '<Wire UId="-2147483648" />',
    '<Comment Informative="1" />',
    '<!-- UId="2A" --><Wire UId="21" />',
    '<Text>the attribute UId="2A"</Text>',
    '<x Num="two" Number="ten" In="a" Init="later" />',
    "<Token Text=' UId=\"2A\" ' />",
    '<BooleanAttribute Name="SetPoint">true</BooleanAttribute>',
)


def test_wrong_values_are_refused_at_their_place() -> None:
    reports = []
    for xml, value in WRONG.items():
        with pytest.raises(SimaticMLError) as error:
            load(START + xml + END)
        column = next(i for i in (xml.find(f"{q}{value}{e}") + 2 for q, e in ('""', "''", "><")) if i > 1)
        found = (error.value.code, error.value.line, error.value.column)
        if found != ("value-type", 3, column) or f"'{value}'" not in error.value.message:
            reports.append(f"{xml}: {found}, not column {column}: {error.value.message}")
    assert not reports, "\n".join(reports)


def test_right_values_and_texts_are_read() -> None:
    for xml in RIGHT:
        load(START + xml + END)
