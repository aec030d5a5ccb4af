"""Names in messages, and places in sources as a compiler that counts otherwise names them."""

from __future__ import annotations

import pytest

from simatic_xml import dump, from_json
from simatic_xml.locating import CodePlace, SclText, SdText, StlText, XmlText, mentioned

SOURCE = 'FUNCTION "A" : Void\nBEGIN\n  // x\n  #x := 1;\n  #y := #x;\nEND_FUNCTION\n\nFUNCTION "B" : Void\nBEGIN\n  #x := #z;\nEND_FUNCTION\n'


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("'#missing' is not declared in 'F'; declare it.", ("missing", "f")),
        ("Tag #missing not defined.", ("missing",)),
        ('Tag "My data".speed not defined.', ("my data",)),
        ('Tag #"a b" not defined.', ("a b",)),
        ("The block's input '#on' is written.", ("on",)),
        ("motor.speed: The data type 'Drive' is unknown.", ("motor", "drive")),
        ("A loss of value accuracy is possible.", ()),
    ],
)
def test_names_in_messages(message: str, names: tuple[str, ...]) -> None:
    assert mentioned(message) == names


def line_of(text: SclText | SdText | StlText, *places: CodePlace) -> list[tuple[int | None, int | None] | None]:
    return [None if found is None else (found.line, found.column) for found in text.find(places)]


@pytest.mark.parametrize("shift", [0, 1])
def test_the_first_line_of_the_code_may_be_that_of_begin_or_the_next(shift: int) -> None:
    """TIA Portal's editor may show a block without the line break after BEGIN: the names decide."""
    places = [CodePlace("A", line=3 - shift, names=("x",)), CodePlace("A", line=4 - shift, names=("y",))]
    assert line_of(SclText(SOURCE), *places) == [(4, 3), (5, 3)]


def test_only_the_own_block_counts() -> None:
    assert line_of(SclText(SOURCE), CodePlace("B", line=2, names=("z",))) == [(10, 9)]
    assert line_of(SclText(SOURCE), CodePlace("C", line=2, names=("z",))) == [None]


def test_a_name_that_is_several_times_in_a_line_has_a_column_for_each_message() -> None:
    text = SclText(SOURCE.replace("#y := #x", "#x := #x"))
    twice = [CodePlace("A", line=4, names=("x",), turn=turn, turns=2) for turn in (0, 1)]
    assert line_of(text, *twice) == [(5, 3), (5, 9)]
    assert line_of(text, CodePlace("A", line=4, names=("x",))) == [(5, None)]


def test_a_message_without_a_name_has_a_line_only() -> None:
    assert line_of(SclText(SOURCE), CodePlace("A", line=4)) == [(5, None)]


def test_stl_without_a_line_has_the_name_in_the_network() -> None:
    text = 'FUNCTION "S" : Void\nBEGIN\nNETWORK\nTITLE =\n\n   A #a;\n   = #b;\nEND_FUNCTION\n'
    assert line_of(StlText(text), CodePlace("S", network=1, names=("b",))) == [(7, 6)]
    assert line_of(StlText(text), CodePlace("S", network=1)) == [(6, 4)]
    assert line_of(StlText(text), CodePlace("S", network=2)) == [(1, 10)]


def test_the_network_of_scl_is_the_one_with_the_name() -> None:
    networks = [{"language": "SCL", "source": {"scl": ["#a := 1;", f"#b := #{name};"]}} for name in ("x", "y", "y")]
    block = {"engineering": "V18", "kind": "FC", "name": "F", "language": "SCL", "networks": networks}
    content = dump(from_json(block))
    text = content.decode("utf-8-sig")
    (found,) = XmlText(content).find([CodePlace("F", line=2, names=("x",))])
    at = text.find('"x"') + 1
    assert found is not None
    assert (found.line, found.column) == (text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
    assert XmlText(content).find([CodePlace("F", line=2, names=("y",))]) == [None]


def test_a_file_in_one_line() -> None:
    block = {"engineering": "V18", "kind": "FC", "name": "F", "language": "SCL"}
    text = dump(from_json(block | {"networks": [{"source": {"scl": ["#a := #b;"]}}]})).decode("utf-8-sig")
    flat = "".join(line.strip() for line in text.splitlines())
    (found,) = XmlText(flat.encode()).find([CodePlace("F", line=1, names=("b",))])
    assert found is not None
    assert (found.line, found.column) == (1, flat.find('"b"') + 2)


SD = """{ S7_Optimized := "TRUE" }
FUNCTION "S" : Void
    VAR_INPUT
        a : Bool;
        { S7_Visible := "x" }
        b : Int;
    END_VAR

    { S7_Language := "LAD" }
    NETWORK
        RUNG wire#powerrail
            Contact( #a )
            Coil( "Lamp" )
        END_RUNG
        RUNG wire#powerrail
            Contact( #a )
        END_RUNG
    END_NETWORK
    { S7_Language := "SCL" }
    NETWORK
        #b := 1;
        IF #a THEN #b := #x; END_IF;
    END_NETWORK
    { S7_Language := "SCL" }
    NETWORK #b := 2;
    END_NETWORK
END_FUNCTION
"""


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (CodePlace("S"), (2, 10)),
        (CodePlace("S", names=("b",)), (6, 9)),
        (CodePlace("S", network=1, names=("lamp",)), (13, 19)),
        (CodePlace("S", network=1, names=("a",)), (10, 5)),
        (CodePlace("S", network=2, line=2, names=("x",)), (22, 26)),
        (CodePlace("S", network=2, line=2, column=4), (22, 12)),
        (CodePlace("S", network=3, line=1, column=2), (25, 13)),
        (CodePlace("S", network=9), (2, 10)),
        (CodePlace("T"), None),
    ],
)
def test_simatic_sd_has_places_in_declarations_rungs_and_statements(
    place: CodePlace, found: tuple[int, int] | None
) -> None:
    assert line_of(SdText(SD.encode()), place) == [found]


def test_a_line_of_the_only_network_needs_no_number() -> None:
    text = SdText('FUNCTION "S" : Void\n{ S7_Language := "SCL" }\nNETWORK\n    #b := #x;\nEND_NETWORK\nEND_FUNCTION')
    assert line_of(text, CodePlace("S", line=1, names=("x",))) == [(4, 11)]
    assert text.names() == ["S"]
    (place,) = text.find([CodePlace("S", line=1)])
    assert place is not None
    assert text.line_at(place) == "    #b := #x;"
