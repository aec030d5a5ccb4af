"""A draft: the findings of a workspace that has the text, without typing the program around it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml import scl
from simatic_xml.model import Block
from simatic_xml.program import workspace as module
from simatic_xml.program.draft import Around, Draft
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace

TYPE = 'TYPE "Point"\nSTRUCT\n    x : {first};\n    y : Int;\nEND_STRUCT\nEND_TYPE\n'
UNIT = """FUNCTION_BLOCK "{name}"
VAR_INPUT
    at : "Point";
    {member}
END_VAR
VAR
    sum : Int;
END_VAR
BEGIN
    {code}
END_FUNCTION_BLOCK
"""
DATA = 'DATA_BLOCK "Data"\n"A"\nBEGIN\nEND_DATA_BLOCK\n'
CODE = st.sampled_from(
    [
        "#sum := #at.x + #at.y;",
        '"Data"(on := TRUE);',
        '#sum := "Data".at.y;',
        "#sum := #nothing;",
        "#sum := #at;",
        "#sum := ;",
        '"Data"(at := #at, gone := 1);',
    ]
)
UNITS = st.builds(
    UNIT.format, name=st.sampled_from("AB"), member=st.sampled_from(["on : Bool;", "off : Bool;", ""]), code=CODE
)


def items(source: str) -> list[module.Item]:
    found = Workspace()
    found.put_source(source, "around")
    return list(found)


AROUND = TYPE.format(first="Int") + UNIT.format(name="A", member="on : Bool;", code="#sum := 1;") + DATA


@given(UNITS | st.builds(TYPE.format, first=st.sampled_from(["Int", "Bool", '"Gone"'])))
def test_a_draft_finds_what_a_workspace_with_the_text_finds(text: str) -> None:
    own = [node.name for node in scl.parse(text).tree.objects]
    whole = Workspace()
    whole.put_source(AROUND, "around")
    for name in own:
        whole.remove(name)
    expected = whole.put_source(text, "text") + [each for name in own for each in whole.findings(name)]
    assert Draft(scl.parse(text), Around(items(AROUND), Cpu())).check() == expected


def test_only_the_text_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    typed: list[str] = []

    def count(block: Block, *rest: object) -> object:
        typed.append(block.name)
        return resolve(block, *rest)

    resolve = module.resolve_source
    monkeypatch.setattr(module, "resolve_source", count)
    around = Around(items(AROUND + UNIT.format(name="B", member="", code="#sum := 1;")), Cpu())
    draft = Draft(scl.parse(UNIT.format(name="C", member="", code='"Data"(on := TRUE);')), around)
    assert ({each.code for each in draft.check()}, typed) == ({"flow.unused"}, ["C"])


def test_drafts_in_several_threads_do_not_disturb_each_other() -> None:
    around = Around(items(AROUND), Cpu())
    texts = [UNIT.format(name="A", member=f"on{number} : Bool;", code=f"#sum := #gone{number};") for number in range(8)]

    def check(text: str) -> list[str]:
        return [each.message for each in Draft(scl.parse(text), around).check()]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(check, texts * 5))
    assert found == [check(text) for text in texts] * 5
    assert all(f"gone{number}" in found[number][0] for number in range(8))


def test_numbers_are_compared_with_the_program() -> None:
    around = items(AROUND)
    numbered = next(each for each in around if isinstance(each, Block) and each.kind == "FB")
    numbered.number = 7
    draft = Draft(scl.parse(UNIT.format(name="B", member="", code="#sum := 1;")), Around(around, Cpu()))
    (block,) = (each for each in draft if isinstance(each, Block))
    block.number = 7
    assert [each.message for each in draft.check() if each.code == "number.duplicate"] == [
        "FB7 is also the number of 'A'; give one of them another number."
    ]
    assert draft.find_by_number("FB", 7) is not None
    replaced = Draft(scl.parse(UNIT.format(name="B", member="", code="#sum := 1;")), Around(around, Cpu()), "A")
    assert (replaced.find("A"), replaced.find_by_number("FB", 7)) == (None, None)
