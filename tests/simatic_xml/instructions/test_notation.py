"""How the files of the catalogue are written, and the page that lists them."""

import pytest

from simatic_xml.instructions import instructions
from simatic_xml.instructions.notation import NotationError, read
from simatic_xml.instructions.page import call_text, page
from tests import ROOT

GROUP = {"group": "test", "families": "S7-1200:V4.2 S7-1500", "languages": "LAD SCL", "mark": "U"}
PAGE = ROOT / "docs" / "instructions.md"


@pytest.mark.parametrize("instruction", instructions().values(), ids=lambda each: each.name)
def test_a_call_that_is_written_is_read_again(instruction):
    types = {variable: " ".join(members) for variable, members in instruction.variables.items()}
    instance = {"instance": "X"} if instruction.instance else {}
    again = read("X", {"call": call_text(instruction), "types": types, **instance}, GROUP, {})
    assert again.parameters == instruction.parameters
    assert (again.result, again.repeats, again.least) == (instruction.result, instruction.repeats, instruction.least)


def test_a_line_says_everything_about_a_call():
    made = read(
        "X",
        {"call": "A: Bool, B?: Int|Real, C1: T, C2: T.. => D: T -> AnyX", "types": {"T": "AnyX"}},
        GROUP,
        {"AnyX": "Int AnyY", "AnyY": "Real"},
    )
    assert [(each.name, each.direction, each.type, each.optional) for each in made.parameters] == [
        ("A", "Input", "Bool", False),
        ("B", "Input", "B", True),
        ("C1", "Input", "T", False),
        ("C2", "Input", "T", False),
        ("D", "Output", "T", False),
    ]
    assert made.variables == {"T": ("Int", "Real"), "B": ("Int", "Real"), "RESULT": ("Int", "Real")}
    assert (made.result, made.repeats, made.least) == ("RESULT", "C", (1, 2))
    assert made.families == {"S7-1200": "V4.2", "S7-1500": ""}


@pytest.mark.parametrize("call", ["A Bool", "A:Bool", "IN: Int.."])
def test_what_cannot_be_read_is_refused(call):
    with pytest.raises(NotationError, match="X: "):
        read("X", {"call": call}, GROUP, {})


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "run python -m simatic_xml.instructions.page > docs/instructions.md"
    )
