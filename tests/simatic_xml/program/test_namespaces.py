"""Names with a namespace, as objects of software units have: in code, declarations and networks."""

from __future__ import annotations

import pytest

from simatic_xml.model import Block, Member, PlcType, Section
from simatic_xml.program.workspace import Workspace

UNIT = {"Namespace": "Plant.Line"}
SOURCE = 'FUNCTION "Use" : Void\nVERSION : 0.1\nVAR_TEMP\n   t : {type};\nEND_VAR\nBEGIN\n   {line}\nEND_FUNCTION\n'


def _program(line: str = ";", type_: str = "Int") -> Workspace:
    workspace = Workspace()
    workspace.put(PlcType("Kind", [Member("x", "Int")], attributes=dict(UNIT)))
    workspace.put(Block("GlobalDB", "Data", interface=[Section("Static", [Member("n", "Int")])], attributes=dict(UNIT)))
    inputs = [Section("Input", [Member("go", "Bool")])]
    workspace.put(Block("FC", "Start", language="SCL", interface=inputs, attributes=dict(UNIT)))
    workspace.put(Block("GlobalDB", "Plain", interface=[Section("Static", [Member("n", "Int")])]))
    assert workspace.put_source(SOURCE.format(line=line, type=type_)) == []
    return workspace


def _codes(workspace: Workspace) -> list[str]:
    return [each.code for each in workspace.findings("Use") if each.severity == "error"]


@pytest.mark.parametrize("prefix", ["Plant.Line.", "_.Plant.Line.", "plant.line.", "Line.", ""])
def test_an_object_is_found_by_its_name_with_its_namespace(prefix: str) -> None:
    assert _codes(_program(f"{prefix}Data.n := 1; {prefix}Start(go := TRUE);")) == []
    assert _codes(_program("#t.x := 1;", f"{prefix}Kind" if prefix else '"Kind"')) == []


def test_an_object_without_a_namespace_has_only_the_mark_of_the_outermost_one() -> None:
    assert _codes(_program("_.Plain.n := _.Plant.Line.Data.n;")) == []
    assert _codes(_program("_.Data.n := 1;")) == ["name.undefined"]


@pytest.mark.parametrize("name", ["Other.Data", "_.Other.Data", "lant.Line.Data", "Plant.Line.Plain", "Plant.Data"])
def test_another_namespace_has_no_such_object(name: str) -> None:
    assert _codes(_program(f"{name}.n := 1;")) == ["name.undefined"]


def test_local_names_come_first() -> None:
    workspace = _program("#t.x := 1; t.x := 2;", '"Kind"')
    assert _codes(workspace) == []


def test_a_change_is_seen_through_the_namespace() -> None:
    workspace = _program("Plant.Line.Data.n := 1;")
    assert _codes(workspace) == []
    workspace.remove("Data")
    assert _codes(workspace) == ["name.undefined"]
