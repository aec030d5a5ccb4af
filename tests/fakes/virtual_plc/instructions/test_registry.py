"""Every implementation takes and gives what the catalogue says that its instruction has."""

import pytest

from simatic_xml import instructions as catalogue
from simatic_xml.instructions import Instruction
from simatic_xml.program.workspace import Workspace
from tests import ROOT
from virtual_plc.instructions import ENO, IMPLEMENTATIONS, RESULT, find_unsupported, is_supported

REPOSITORY = ROOT
SCL = """FUNCTION "F" : Void
VAR_TEMP a : Int; t : Time; d : DTL; END_VAR
BEGIN
  #a := ABS(#a); #a := REAL_TO_INT(1.5);
  IF TRUE THEN #a := LIMIT(MN := 0, IN := LED(LADDR := 1, LED := 1), MX := 5); END_IF;
END_FUNCTION
"""
FORMULAS = ("CALCULATE",)
"""Their parameters are those of the formula, not of the box."""


def _directions(instruction: Instruction, *ways: str) -> set[str]:
    return {each.name for each in instruction.parameters if each.direction in ways}


@pytest.mark.parametrize("name", sorted(set(IMPLEMENTATIONS) - set(FORMULAS)))
def test_takes_and_gives_the_parameters_of_the_catalogue(name: str) -> None:
    found, instruction = IMPLEMENTATIONS[name], catalogue.instructions()[name]
    repeated = {each.name for each in found.takes if each.repeated}
    takes = {each.name for each in found.takes if not each.repeated}
    numbered = {each for each in _directions(instruction, "Input") if each.rstrip("0123456789") in repeated}
    inputs = _directions(instruction, "Input", "InOut") - numbered
    outputs = _directions(instruction, "Output")
    assert takes <= inputs | outputs
    assert inputs <= takes
    if found.memory:
        assert bool(instruction.instance)
        return
    gives = set(found.gives) - {RESULT, ENO}
    left = {each for each in outputs - takes if f"*{each.rstrip('0123456789')}" not in gives}
    assert {each for each in gives if each[0] != "*"} == left
    assert (RESULT in found.gives) == bool(instruction.result)


def test_what_is_by_reference_can_be_a_variable() -> None:
    loose = {"Variant", "Array", "ResolvedSymbol"}
    for name, found in IMPLEMENTATIONS.items():
        instruction = catalogue.instructions()[name]
        for taken in (each for each in found.takes if not each.by_reference and not each.repeated):
            parameter = instruction.parameter(taken.name)
            assert parameter is None or parameter.type not in loose, (name, taken.name)


def test_conversions_by_name_are_supported_all() -> None:
    assert [each for each in catalogue.conversions() if not is_supported(each)] == []


def test_what_cannot_be_executed_is_named_with_its_place() -> None:
    workspace = Workspace()
    workspace.put_source(SCL)
    found = find_unsupported(workspace.blocks())
    assert [name for name, _ in found] == ["LED"]
    assert found[0][1].line == 5


def test_the_page_counts_right() -> None:
    page = (REPOSITORY / "docs" / "conformance-plc" / "instructions.md").read_text(encoding="utf-8")
    executed = sum(is_supported(each) for each in catalogue.instructions())
    assert f"Of the {len(catalogue.instructions())} instructions of the catalogue {executed} are executed" in page
    assert f"all {len(catalogue.conversions())} conversions" in page
