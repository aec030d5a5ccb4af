"""STL in the JSON form, by itself and in a block, and as typed statements."""

import copy
import json

import pytest
from lxml import etree

from simatic_xml import SimaticMLError, dump, from_json, load, stl, to_json
from simatic_xml.xml.residue import same

LINES = [
    "// Fill the tank",
    'A "Start"',
    "AN #full // upper level",
    "JCN END",
    "L 10",
    "T #speed",
    'CALL "Motor", "Motor_DB" (on : Bool := TRUE)',
    "",
    "END: NOP 0",
]


def test_a_block_in_stl_is_written_and_read_back() -> None:
    block = {"kind": "FC", "name": "Fill", "language": "STL", "networks": [{"source": {"stl": LINES}}]}
    written = dump(from_json(block), "V19")
    assert b"StatementList/v5" in written
    data = to_json(load(written))
    assert data["networks"] == [{"source": {"stl": LINES}}]
    assert dump(from_json(json.loads(json.dumps(data)))) == written


def test_text_instead_of_lines_is_accepted() -> None:
    text = "".join(f"{line}\n" for line in LINES)
    assert same(stl.from_json({"stl": text}), stl.from_json({"stl": LINES}))
    with pytest.raises(SimaticMLError, match="Line 2: ") as error:
        stl.from_json({"stl": "SET\nFOO"})
    assert error.value.pointer == "/stl"


def test_what_no_line_says_is_kept_beside_the_lines() -> None:
    element = stl.from_json({"stl": LINES})
    element[1].find("{*}StlToken").set("Text", "UNHEARD_OF")
    element[8].set("UId", "5")
    element.append(etree.Comment("made by hand"))
    data = stl.to_json(element)
    assert data["stl"] == [LINES[0], "?", *LINES[2:]]
    assert set(data["x"]) == {"uids", "statements", "edits"}
    assert same(stl.from_json(data), element)


def test_layout_does_not_matter() -> None:
    element = stl.from_json({"stl": LINES})
    spaced = copy.deepcopy(element)
    etree.indent(spaced)
    assert stl.to_json(spaced) == stl.to_json(element) == {"stl": LINES}
    assert stl.statements(spaced) == stl.statements(element)


def test_numbers_of_a_changed_network_are_made_anew() -> None:
    element = stl.from_json({"stl": LINES})
    element[0].set("UId", "99")
    data = stl.to_json(element)
    data["stl"].append("BE")
    assert [each.get("UId") for each in stl.from_json(data)] == [str(number) for number in range(21, 31)]


def test_statements_are_typed() -> None:
    found = stl.statements(stl.from_json({"stl": LINES}))
    assert found[0] == stl.Statement(1, comment=" Fill the tank")
    assert found[2] == stl.Statement(3, "AN", "#full", comment=" upper level")
    assert found[3].operand == "END"
    assert found[6].call == stl.Call("Motor", "FB", '"Motor_DB"', (stl.Parameter("on", "TRUE", "Input", "Bool"),))
    assert (found[7].mnemonic, found[8].label, found[8].mnemonic) == ("", "END", "NOP 0")


def test_statements_refuse_what_stl_does_not_have() -> None:
    element = stl.from_text("SET\nL #x\n")
    element[1].find(".//{*}Symbol").tag = "Strange"
    with pytest.raises(stl.StlError) as error:
        stl.statements(element)
    assert error.value.line == 2
    with pytest.raises(stl.StlError):
        stl.to_json(etree.Element("FlgNet"))


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"stl": 5},
        {"stl": ["SET"], "y": 1},
        {"stl": ["SET\nCLR"]},
        {"stl": [None]},
        {"stl": ["SET"], "x": []},
        {"stl": ["SET"], "x": {"uids": ["1"]}},
        {"stl": ["SET"], "x": {"edits": [["text"]]}},
        {"stl": ["SET"], "x": {"statements": {"1": 5}}},
        {"stl": ["SET"], "x": {"statements": {"1": [["attributes", [], {"set": {"a b": "c"}}]]}}},
    ],
)
def test_json_of_another_form_is_refused(data: object) -> None:
    with pytest.raises(SimaticMLError) as error:
        stl.from_json(data)
    assert error.value.pointer is not None
