"""Instructions keep their text on the way through SimaticML."""

import pytest

from simatic_xml import load, sd
from simatic_xml.flgnet import check

HEAD = """{
    S7_Optimized := "TRUE";
    S7_PreferredLanguage := "%(language)s";
    S7_Version := "0.1"
}
FUNCTION_BLOCK "F"
    VAR
        on : Bool;
        off : Bool;
        lamp : Bool;
        memory : Bool;
        count : Int;
        total : Int;
        rate : Real;
        delay : TON_TIME;
        tally : CTU_INT;
        edge : R_TRIG;
    END_VAR

    { S7_Language := "%(language)s" }
    NETWORK
%(body)s    END_NETWORK
END_FUNCTION_BLOCK
"""

LADDER = {
    "coils": ["Contact( #on )", "I_Coil( #lamp )"],
    "edges": ["P_Coil(", "    operand => #lamp,", "    bit := #memory", ")"],
    "range": [
        '{ S7_Templates := "SrcType := Int" }',
        "InRange(",
        "    min := 1,",
        "    in := #count,",
        "    max := 9",
        ")",
    ],
    "conversion": [
        '{ S7_Templates := "[SrcType := Int, DestType := Real]" }',
        "Convert(",
        "    in := #count,",
        "    out => #rate",
        ")",
    ],
    "formula": [
        "{",
        '    S7_Expression := "IN1 * 2.0 + IN2";',
        '    S7_Templates := "SrcType := Real"',
        "}",
        "Calculate(",
        "    in1 := #rate,",
        "    in2 := 1.0,",
        "    out => #rate",
        ")",
    ],
    "eno": ['{ S7_GenerateENO := "TRUE" }', "Move(", "    in := #count,", "    out1 => #total", ")"],
    "limit": [
        '{ S7_Templates := "value_type := Int" }',
        "Limit(",
        "    min := 0,",
        "    in := #count,",
        "    max := 100,",
        "    out => #total",
        ")",
    ],
    "sums": ["Add(", "    in1 := #count,", "    in2 := 1,", "    in3 := 2,", "    out => #total", ")"],
    "counters": [
        "Contact( #on )",
        '{ S7_Templates := "value_type := Int" }',
        "#tally.CTU(",
        "    r := #off,",
        "    pv := 10,",
        "    cv =>  ",
        ")",
        "Coil( #lamp )",
    ],
    "timers": ['{ S7_Templates := "time_type := Time" }', "TON_Coil(", "    timer => #delay,", "    pt := T#1s", ")"],
    "instances": ["#edge.R_Trig(", "    clk := #on,", "    q => #lamp", ")"],
    "returns": ["Contact( #on )", "ReturnCoil( #lamp )"],
}
DIAGRAM = {
    "gates": ["RUNG #on", "    A(", "        in2 := #off,", "        in3 := #memory", "    )", "    Coil( #lamp )"],
    "negation": ["RUNG #on", "    NOT O( in2 := NOT #off )", "    NOT Coil( #lamp )"],
    "boxes": [
        "RUNG #on",
        "    A( in2 := #off )",
        "    Move(",
        "        in := #count,",
        "        out1 => #total",
        "    )",
    ],
    "chains": ["RUNG #on", "    X( in2 := #off )", "    S_Coil( #lamp )", "    R_Coil( #memory )"],
}


def document(language: str, lines: list[str]) -> str:
    body = "".join(f"        {line}\n" for line in lines)
    return HEAD % {"language": language, "body": body}


def returned(text: str) -> str:
    """Return the text after the way through SimaticML, whose network has nothing wrong in it."""
    generated = sd.generate(text)
    assert [str(finding) for finding in generated.diagnostics] == []
    document = load(generated.documents[0])
    source = document.objects[0].networks[0].source
    assert source is not None
    assert check(source) == []
    return sd.source(document).dcl


@pytest.mark.parametrize("name", LADDER)
def test_an_instruction_of_lad_keeps_its_text(name: str) -> None:
    text = document("LAD", ["RUNG wire#powerrail", *(f"    {line}" for line in LADDER[name]), "END_RUNG"])
    assert returned(text) == text


@pytest.mark.parametrize("name", DIAGRAM)
def test_an_instruction_of_fbd_keeps_its_text(name: str) -> None:
    text = document("FBD", [*DIAGRAM[name], "END_RUNG"])
    assert returned(text) == text


def test_a_jump_keeps_its_label() -> None:
    lines = ["Label( there )", "RUNG wire#powerrail", "    Contact( #on )", "    I_JumpCoil( there )", "END_RUNG"]
    assert returned(document("LAD", lines)) == document("LAD", lines)


def test_other_spellings_mean_the_same() -> None:
    plain = document("LAD", ["RUNG wire#powerrail", "    move( IN := #count, OUT1 => #total )", "END_RUNG"])
    usual = ["    Move(", "        in := #count,", "        out1 => #total", "    )"]
    assert returned(plain) == document("LAD", ["RUNG wire#powerrail", *usual, "END_RUNG"])
