"""docs/design-spec.md says what is: its design works, its tables name what the model has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from engineering_api.app import catalogue
from engineering_api.features.design import blocks, designs, model, reading
from engineering_api.features.design.parts import parts
from engineering_api.features.design.plc_test_files import plc_test_files
from tests import ROOT
from tests.engineering_api.features.design.kit import with_modules
from tests.support.service import Client

DESIGN = Path(model.__file__).parent
PAGE = (ROOT / "docs" / "design-spec.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FEEDER, *SEQUENCES = (text for language, text in BLOCKS if language == "yaml")
[CALL] = (text for language, text in BLOCKS if language == "scl")
KINDS: dict[str, Any] = {str(each.__struct_config__.tag): each for each in model.AnyModule.__args__}
Row = list[str]


def table(head: str) -> list[Row]:
    """The rows of the table whose header begins so, as cells."""
    lines = PAGE[PAGE.index(f"| {head}") :].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def words(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def test_the_design_of_the_page_gives_the_call_of_the_page() -> None:
    data, warnings = designs.whole(FEEDER, None)
    assert warnings == []
    texts = [each.text for each in designs.generate(data, [], "20", device="", with_xml=False).objects]
    assert any(CALL in text for text in texts)


@pytest.mark.slow
def test_the_design_of_the_page_runs(project: Client) -> None:
    project.ok("POST", "/api/design-spec/load", {"content": FEEDER})
    assert project.ok("POST", "/api/design-spec/generate-and-import", {})["failed"] == 0
    project.ok("POST", "/api/projects/actions/save-sync")
    report = project.ok("POST", "/api/design-spec/actions/test", {})
    assert report["passed"] == report["total"] > 1


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_a_sequence_of_the_page_is_one(sequence: str) -> None:
    mode = {"kind": "modes", "name": "Line"}
    data = with_modules(mode, yaml.safe_load(sequence))
    data["tags"].append({"name": "Stop", "type": "Bool", "address": "%I0.7"})
    designs.whole("", data)


@pytest.mark.parametrize("row", table("kind | what it is"), ids=lambda row: row[0])
def test_the_fields_of_a_kind_are_all_on_the_page(row: Row) -> None:
    [kind] = words(row[0])
    said_elsewhere = {"name", "comment", "device"}
    if issubclass(KINDS[kind], model.Obedient):
        said_elsewhere |= {"mode", "interlocks", "acknowledge"}
    fields = {field.encode_name for field in msgspec.structs.fields(KINDS[kind])}
    assert words(row[2]) == fields - said_elsewhere


def test_all_kinds_are_on_the_page() -> None:
    assert {word for row in table("kind | what it is") for word in words(row[0])} == set(KINDS)


def test_the_signals_of_the_page_are_those_of_the_blocks() -> None:
    said = {next(iter(words(row[0]))): words(row[1]) for row in table("kind | signals")}
    for kind, block in ((kind, each) for kind, each in KINDS.items() if each in blocks.LIBRARY):
        source = blocks.library_source(blocks.LIBRARY[block])
        assert said[kind] == {each.name for each in blocks.parameters_of(source) if each.output}


def test_the_routes_and_sections_of_the_page_are_served() -> None:
    for row in table("route"):
        assert catalogue().at(next(iter(words(row[0])))), row
    said = {word for row in table("section") for word in words(row[0])}
    assert said == set(model.Design.__struct_encode_fields__)


def test_the_codes_of_the_page_are_those_that_are_told() -> None:
    sources = "".join(each.read_text(encoding="utf-8") for each in DESIGN.rglob("*.py"))
    told = set(re.findall(r'"(design\.\w+)"', sources))
    elsewhere = {"design.none", "design.not_scl"} | set(
        re.findall(r"`(design\.\w+)`", PAGE.partition("## Mistakes")[0])
    )
    assert {word for row in table("code") for word in words(row[0])} == told - elsewhere


def test_the_feeder_has_tests_of_its_blocks() -> None:
    [part] = parts(reading.design_of(designs.whole(FEEDER, None)[0]))
    assert [each.name for each in plc_test_files(part)] == [
        "OperatingModes.plctest.yaml",
        "AnalogInput.plctest.yaml",
        "Motor.plctest.yaml",
        "PLC_1.plctest.yaml",
    ]
