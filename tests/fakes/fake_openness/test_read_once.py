"""A stored block is parsed and typed once, however many readers there are; none of them changes what the others read."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import simatic_xml
from simatic_xml.model import Block
from simatic_xml.program import workspace as workspaces
from simatic_xml.program.typed import resolve_block
from tests.fakes.fake_openness.plc import Plant

SOURCE = """
TYPE "Point"
STRUCT x : Int; y : Int; END_STRUCT;
END_TYPE
FUNCTION "Twice" : Int
VAR_INPUT given : Int; END_VAR
BEGIN
  #Twice := #given * 2;
END_FUNCTION
FUNCTION_BLOCK "Count"
VAR_INPUT step : Int; END_VAR
VAR place : "Point"; END_VAR
BEGIN
  #place.x := #place.x + "Twice"(#step);
END_FUNCTION_BLOCK
DATA_BLOCK "First" "Count"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
BEGIN
  "First"(step := 1);
END_ORGANIZATION_BLOCK
"""
CODE = {"Twice", "Count", "Main"}


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counter[bytes]:
    """How often the content of each stored file was parsed."""
    found: Counter[bytes] = Counter()
    load = simatic_xml.load

    def count(content: bytes, **more: Any) -> simatic_xml.Document:
        if more.get("own"):
            found[content] += 1
        return load(content, **more)

    monkeypatch.setattr(simatic_xml, "load", count)
    return found


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each block was typed."""
    found: Counter[str] = Counter()

    def count(block: Any, symbols: Any) -> Any:
        found[block.name] += 1
        return resolve_block(block, symbols)

    monkeypatch.setattr(workspaces, "resolve_block", count)
    return found


def _use(plant: Plant) -> None:
    """Compile, list uses, and read the program as a download does."""
    assert plant.compile().ErrorCount == 0
    plant.plc._view.index()
    workspace = plant.plc._view.index().workspace
    assert [each.code for each in workspace.check() if each.severity == "error"] == []


def test_compile_and_lists_parse_each_file_once(plant: Plant, parsed: Counter[bytes]) -> None:
    plant.generate(SOURCE)
    parsed.clear()
    _use(plant)
    _use(plant)
    assert parsed
    assert set(parsed.values()) == {1}


def test_compile_and_lists_type_each_block_once(plant: Plant, typed: Counter[str]) -> None:
    plant.generate(SOURCE)
    _use(plant)
    _use(plant)
    assert typed == dict.fromkeys(CODE, 1)


def test_an_edit_parses_and_types_only_what_changed(plant: Plant, parsed: Counter[bytes], typed: Counter[str]) -> None:
    plant.generate(SOURCE)
    _use(plant)
    plant.generate(SOURCE[SOURCE.index('FUNCTION "Twice"') : SOURCE.index("FUNCTION_BLOCK")].replace("* 2", "* 3"))
    parsed.clear()
    typed.clear()
    _use(plant)
    assert typed == {"Twice": 1}
    assert len(parsed) == 1


def test_an_instance_follows_its_function_block_in_the_same_compilation(plant: Plant) -> None:
    plant.generate(SOURCE)
    _use(plant)
    block = SOURCE[SOURCE.index("FUNCTION_BLOCK") : SOURCE.index("DATA_BLOCK")]
    plant.generate(block.replace("step : Int;", "step : Int; more : Bool;"))
    _use(plant)
    content = plant.plc._view.workspace().find("First")
    assert isinstance(content, Block)
    assert [member.name for member in content.interface[0].members] == ["step", "more"]


def test_no_reader_changes_what_the_others_read(plant: Plant) -> None:
    plant.generate(SOURCE)
    _use(plant)
    for options in (0, 1, 3):
        for name in CODE:
            plant.exported(plant.blocks.Find(name), options)
    plant.blocks.Find("Count").Name = "Counter"
    _use(plant)
    for element in plant.plc._program:
        contents = [
            simatic_xml.dump(simatic_xml.Document("V20", [each])) for each in (element._read(), element._content())
        ]
        assert contents[0] == contents[1]


def test_an_undone_change_is_read_again(plant: Plant) -> None:
    plant.generate(SOURCE)
    _use(plant)
    access, transaction = plant.transaction()
    plant.blocks.Find("Twice").Name = "Double"
    assert plant.plc._view.workspace().find("Double") is not None
    transaction.Dispose()
    access.Dispose()
    assert plant.plc._view.workspace().find("Double") is None
    _use(plant)
