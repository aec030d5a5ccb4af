"""Documents are read with recovery, and print back to their very text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml import sd

WORDS = (
    "FUNCTION", "FUNCTION_BLOCK", '"F"', ": Void", "VAR", "END_VAR", "VAR RETAIN", "a : Int;", "{", "}", "S7_Language",
    ":=", '"LAD"', '"SCL"', "NETWORK", "END_NETWORK", "RUNG", "END_RUNG", "wire#w1", "wire#powerrail", "Contact(", ")",
    "#a", ",", "NOT", "=>", "END_FUNCTION", "TYPE", "STRUCT", "END_STRUCT;", "END_TYPE", "DATA_BLOCK", "[", "1", ".",
    "IF", "THEN", ";", "Label(", "'", "//", "(*", "\n",
)  # fmt: skip
SCRAPS = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)

PUMP = """{ S7_Optimized := "TRUE" }
FUNCTION_BLOCK "Pump"
    VAR_INPUT
        { S7_MLC := "MLC_1" }
        on : Bool;
    END_VAR

    { S7_Language := "LAD" }
    NETWORK
        RUNG wire#powerrail
            Contact( #on )
        END_RUNG
    END_NETWORK
    { S7_Language := "SCL" }
    NETWORK
        #on := TRUE;
    END_NETWORK
END_FUNCTION_BLOCK
"""


def codes(source: str, resources: str | None = None) -> list[str]:
    return [finding.code for finding in sd.parse(source, resources).diagnostics]


@given(st.one_of(SCRAPS, st.text()))
def test_any_text_is_read_and_prints_back(source: str) -> None:
    result = sd.parse(source)
    assert sd.unparse(result.tree) == source.removeprefix("\ufeff")
    assert len(sd.generate(source).names) <= len(result.tree.objects)


@given(st.binary())
def test_any_bytes_are_read(source: bytes) -> None:
    assert sd.parse(source, source).tree is not None


def test_a_document_gives_its_parts_with_their_places() -> None:
    tree = sd.parse(PUMP).tree
    pump = tree.blocks[0]
    assert pump.sections[0].members[0].attributes == {"S7_MLC": "MLC_1"}
    assert [network.language for network in pump.networks] == ["LAD", "SCL"]
    contact = pump.networks[0].rungs[0].items[0]
    assert tree.span(contact).line == 11
    assert len(pump.networks[1].statements) == 1


def damaged(old: str, new: str) -> str:
    assert old in PUMP
    return PUMP.replace(old, new)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (damaged("RUNG wire#powerrail", "BUNG wire#powerrail"), "sd.rung_expected"),
        (damaged("        END_RUNG\n", ""), "sd.rung_open"),
        (damaged("Contact( #on )", "Contact #on"), "sd.element"),
        (damaged("( #on )", "( => )"), "sd.operand"),
        (damaged("( #on )", "( #on #on )"), "sd.pin"),
        (damaged('S7_Language := "LAD"', 'S7_Language := "STL"'), "sd.language"),
        (damaged("    NETWORK\n        RUNG", "    WORK\n        RUNG"), "sd.network_expected"),
    ],
)
def test_a_mistake_is_reported_by_its_code(source: str, code: str) -> None:
    result = sd.parse(source)
    assert result.diagnostics[0].code == code
    assert not result.ok
    assert sd.generate(source).documents == []


def test_a_text_that_the_resource_file_lacks_is_reported() -> None:
    assert codes(PUMP, "MultiLingualTexts:\n") == ["sd.text_missing"]
    assert codes(PUMP, "MultiLingualTexts:\n  - id: MLC_1\n") == []


@pytest.mark.parametrize(
    "end", ["", "END_VAR", "END_VAR\n{ S7_Language", "END_VAR\n{ a := 1 }", "END_VAR\nEND_NETWORK"]
)
def test_a_document_that_breaks_off_is_reported(end: str) -> None:
    result = sd.parse(f'FUNCTION "F" : Void\nVAR_TEMP\n{{ S7_MLC := "x" }}\n{end}')
    assert not result.ok
    assert not result.tree.blocks[0].closed


def test_one_mistake_costs_one_object() -> None:
    broken = damaged("Contact( #on )", "Contact #on")
    generated = sd.generate(broken + PUMP.replace('"Pump"', '"Valve"'))
    assert generated.names == ["Valve"]


@pytest.mark.parametrize("scrap", ["{ ", "NETWORK RUNG { ", "RUNG wire#w1 Contact( ", "#a[", "STRUCT a : STRUCT "])
def test_endless_scraps_take_bounded_time(scrap: str) -> None:
    started = time.process_time()
    sd.generate(PUMP.split("NETWORK")[0] + "NETWORK\n" + scrap * 20_000)
    assert time.process_time() - started < 30
