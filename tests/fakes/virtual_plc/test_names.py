"""A member may have any name: start values, types, instances and access reach it on every tier."""

from __future__ import annotations

import keyword
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simatic_xml.model import Block, Member, PlcType, Section, Subelement
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.agreement import TIERS, Run, program
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import program_of

NAMES = [
    "Axis 3", "continue", "None", "a.b", "a[1]", "x.y[2].z", "__init__", "_state", "_start", "self", "größe", "Ω", "1st",
    "a-b", "a/b", "_n", "_na", "class", "_class", "end'", "%X0", "mro", "buffer", "offset", "cpu", "locate",
    *keyword.kwlist,
]  # fmt: skip
ANY_NAME = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"'), min_size=1, max_size=8
).filter(lambda name: name.strip() == name)


def _program(first: str, second: str) -> Workspace:
    """A type, an array of it, an instance with a multi-instance, each with start values below members of these names."""
    inner = Member(first, "Struct", members=[Member(second, "Int", start_value="1")])
    kind = PlcType("T", members=[inner, Member("l", "Array[0..1] of Int", subelements=[Subelement("1", "2")])])
    below = Member(first, "Struct", members=[Member(second, "Int", start_value="3")])
    held = Member("t", '"T"', sections=[Section("None", [below])])
    listed = Member(
        first,
        "Array[1..2] of Struct",
        members=[Member(second, "Int", subelements=[Subelement("2", "4")])],
    )
    data = Block("GlobalDB", "D", interface=[Section("Static", [held, listed])])
    called = Block("FB", "F", language="SCL", interface=[Section("Static", [held, Member("plain", '"T"')])])
    around = Block("FB", "G", language="SCL", interface=[Section("Static", [Member(second, '"F"')])])
    instance = Block("InstanceDB", "I", instance_of="G", instance_of_type="FB", interface=[])
    workspace = Workspace()
    for each in (kind, data, called, around, instance):
        workspace.put(each)
    return workspace


def _check(first: str, second: str) -> None:
    memory = Memory(program_of(_program(first, second)))
    found = memory.read('"D"')
    assert found["t"] == {first: {second: 3}, "l": [0, 2]}
    assert found[first] == [{second: 0}, {second: 4}]
    assert memory.read('"I"')[second] == {"t": found["t"], "plain": {first: {second: 1}, "l": [0, 2]}}
    path = f'"D".t."{first}"."{second}"'
    memory.write(path, 9)
    assert memory.read(path) == 9
    memory.reset(keep_retentive=False)
    assert memory.read(path) == 3


@pytest.mark.parametrize("name", NAMES)
def test_start_values_reach_members_of_any_name(name: str) -> None:
    _check(name, "x")
    _check("x", name)
    _check(name, name)


@settings(max_examples=40)
@given(ANY_NAME, ANY_NAME)
def test_start_values_reach_members_of_names_that_nobody_thought_of(first: str, second: str) -> None:
    if first.casefold() not in ("t", "l"):
        _check(first, second)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", ["Axis 3", "continue", "größe", "_state", "a.b"])
def test_every_tier_reads_and_writes_members_of_any_name(tier: str, name: str) -> None:
    source = f"""
    TYPE "T" STRUCT "{name}" : Int := 4; END_STRUCT; END_TYPE
    DATA_BLOCK "D" VAR "{name}" : Array[0..1] of "T"; r : Int; END_VAR BEGIN "{name}"[1]."{name}" := 5; END_DATA_BLOCK
    ORGANIZATION_BLOCK "Main" BEGIN
    "D".r := "D"."{name}"[0]."{name}" * 10 + "D"."{name}"[1]."{name}"; "D"."{name}"[0]."{name}" := 7;
    END_ORGANIZATION_BLOCK
    """
    run = Run(program(source), TIERS[tier])
    assert run.scan() == ""
    found: dict[str, Any] = run.memory.read('"D"')
    assert found == {name: [{name: 7}, {name: 5}], "r": 45}
