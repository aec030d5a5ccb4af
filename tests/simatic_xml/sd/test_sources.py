"""Blocks are written as documents; what the format does not have is refused."""

import pytest

from simatic_xml import sd
from simatic_xml.model import Block, Document, Member, MemberAttribute, Network, PlcType, Section, TagTable


def test_a_block_is_written_as_tia_portal_lays_it_out() -> None:
    block = Block("FB", "Pump", number=5, auto_number=False, language="LAD", title={"en-US": "A pump"})
    block.interface = [Section("Input", [Member("on", "Bool", comment={"en-US": "runs"}), Member("A", '"UDT a"')])]
    block.networks = [Network("LAD"), Network("SCL")]
    written = sd.source(block)
    assert (
        written.dcl
        == """{
    S7_BlockNumber := "5";
    S7_BlockTitle := "MLC_1";
    S7_Optimized := "TRUE";
    S7_PreferredLanguage := "LAD";
    S7_Version := "0.1"
}
FUNCTION_BLOCK "Pump"
    VAR_INPUT
        { S7_MLC := "MLC_2" }
        on : Bool;
        "A" : _."UDT a";
    END_VAR

    { S7_Language := "LAD" }
    NETWORK
        RUNG wire#powerrail
        END_RUNG
    END_NETWORK
    { S7_Language := "SCL" }
    NETWORK
    END_NETWORK
END_FUNCTION_BLOCK
"""
    )
    assert written.res.splitlines()[1:3] == ["  - id: MLC_1", "    en-US: A pump"]
    assert {suffix: data[:3] for suffix, data in written.files.items()} == dict.fromkeys(
        ["s7dcl", "s7res"], b"\xef\xbb\xbf"
    )


def test_texts_keep_their_ids() -> None:
    block = Block("FC", "F", language="LAD", title={"en-US": "old"}, comment={"en-US": "new"})
    keep = sd.parse_resources("MultiLingualTexts:\n  - id: MLC_1\n    en-US: old\n")
    written = sd.source(block, keep)
    assert 'S7_BlockTitle := "MLC_1"' in written.dcl
    assert 'S7_BlockComment := "MLC_2"' in written.dcl


def test_an_object_without_texts_has_no_resource_file() -> None:
    written = sd.source(PlcType("Thing", [Member("count", "Int", start_value="3")]))
    assert written.res == ""
    assert list(written.files) == ["s7dcl"]
    assert "        count : Int := 3;\n" in written.dcl


def test_retentive_members_have_sections_of_their_own() -> None:
    block = Block(
        "GlobalDB",
        "D",
        interface=[Section("Static", [Member("first", "Int"), Member("second", "Int", remanence="Retain")])],
    )
    assert sd.source(block).dcl.splitlines()[-8:-1] == [
        "    VAR",
        "        first : Int;",
        "    END_VAR",
        "",
        "    VAR RETAIN",
        "        second : Int;",
        "    END_VAR",
    ]


def test_a_structure_without_members_has_its_end() -> None:
    written = sd.source(PlcType("Thing", [Member("empty", "Struct"), Member("many", "Array[0..1] of Struct")]))
    assert written.dcl.count("END_STRUCT;") == 3
    assert sd.parse(written.dcl).diagnostics == []


@pytest.mark.parametrize("language", ["STL", "GRAPH"])
def test_languages_that_the_format_does_not_have_are_refused(language: str) -> None:
    with pytest.raises(sd.SclError, match=language):
        sd.source(Block("FB", "F", language="LAD", networks=[Network("LAD"), Network(language)]))


def test_objects_that_the_format_does_not_have_are_refused() -> None:
    with pytest.raises(sd.SclError):
        sd.source(Document(objects=[TagTable("Tags")]))
    with pytest.raises(sd.SclError, match="ArrayDB"):
        sd.source(Block("ArrayDB", "A"))


def test_what_a_document_does_not_say_is_listed() -> None:
    member = Member("a", "Int", attributes=[MemberAttribute("Strange", "1", "Integer")])
    block = Block("FB", "F", language="LAD", interface=[Section("Static", [member])], attributes={"HeaderAuthor": "me"})
    assert sd.source(block).left_out == ("F: HeaderAuthor", "F: Strange of a")
