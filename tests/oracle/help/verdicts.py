"""Asks the check and a virtual CPU whether they follow a rule of the help."""

from __future__ import annotations

from typing import Any

from simatic_xml.model import Block
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.agreement import Run
from tests.oracle.help.rules import Rule
from tests.oracle.help.tables import CPUS
from virtual_plc.memory.program import program_of
from virtual_plc.python_tier import compile_program

_FAMILIES = {"": "S7-1500", "1200": "S7-1200", "300": "S7-300"}
_KEYWORDS = {"FB": "FUNCTION_BLOCK", "FC": "FUNCTION", "OB": "ORGANIZATION_BLOCK"}
_AROUND = """
TYPE "Pair" STRUCT a : Int; b : Int; END_STRUCT; END_TYPE
TYPE "Couple" STRUCT a : Int; b : Int; END_STRUCT; END_TYPE
FUNCTION_BLOCK "Motor" VAR_INPUT on : Bool; END_VAR VAR_OUTPUT speed : Int; END_VAR VAR_IN_OUT load : Int; END_VAR
BEGIN #speed := 7; #load := #load + 1; END_FUNCTION_BLOCK
FUNCTION_BLOCK "Lamp" VAR_INPUT on : Bool; END_VAR VAR_OUTPUT lit : Bool; END_VAR BEGIN #lit := #on; END_FUNCTION_BLOCK
DATA_BLOCK "Lamp_DB" "Lamp" BEGIN END_DATA_BLOCK
FUNCTION "Twice" : Int VAR_INPUT x : Int; END_VAR BEGIN #Twice := #x + #x; END_FUNCTION
FUNCTION "Sum" : Int VAR_INPUT x : Int; y : Int; END_VAR BEGIN #Sum := #x + #y; END_FUNCTION
FUNCTION "Give" : Void VAR_INPUT x : Int; END_VAR VAR_OUTPUT y : Int; END_VAR VAR_IN_OUT z : Int; END_VAR
BEGIN #y := #x; #z := #z + #x; END_FUNCTION
DATA_BLOCK "Data" VAR x : Int; a : Array[0..3] of Int; p : "Pair"; END_VAR BEGIN END_DATA_BLOCK
"""
"""Objects that the programs of rules may use."""
_CALL = """
DATA_BLOCK "D" "Test" BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN "D"(); END_ORGANIZATION_BLOCK
"""


def contradiction(rule: Rule) -> str:
    """Return how the check or the virtual CPU deviates from a rule, empty if it follows it."""
    workspace, errors = _checked(rule)
    if any("internal" in each for each in errors):
        return errors[0]
    if rule.check == "refused":
        return "" if errors else "accepted"
    if errors:
        return "; ".join(errors)
    if rule.check == "accepted":
        return ""
    run = Run(program_of(workspace), compile_program)
    if fault := run.scan():
        return fault
    wanted = dict(_split(each) for each in rule.expected.split("; "))
    found = {name: _text(run.memory.read(f'"D".{name}')) for name in wanted}
    return "; ".join(f"{name} is {found[name]}" for name in wanted if found[name] != wanted[name])


def source_of(rule: Rule) -> str:
    """Return the program of a rule without the objects around it."""
    if rule.block == "source":
        return rule.body
    kind, *words = (rule.block or "FB").split()
    result = next((word for word in words if word not in ("standard", "iec")), "Void")
    standard = "standard" in words or rule.cpu == "300"
    access = f"{{ S7_Optimized_Access := '{'FALSE' if standard else 'TRUE'}' }}"
    section = "VAR" if kind == "FB" else "VAR_TEMP"
    bare = rule.declared and not rule.declared.startswith("VAR")
    declared = f"{section} {rule.declared} END_VAR" if bare else rule.declared
    name = ("CYCL_EXC" if rule.cpu == "300" else "Main") if kind == "OB" else "Test"
    returned = f" : {result}" if kind == "FC" else ""
    return f'{_KEYWORDS[kind]} "{name}"{returned}\n{access}\n{declared}\nBEGIN\n{rule.body}\nEND_{_KEYWORDS[kind]}\n'


def _checked(rule: Rule) -> tuple[Workspace, list[str]]:
    """Return a program with a rule's source, and its errors."""
    workspace = Workspace(CPUS[_FAMILIES[rule.cpu]])
    around = _AROUND if rule.block != "source" and rule.cpu != "300" else ""
    call = _CALL if rule.check == "value" else ""
    found = workspace.put_source(f"{around}{source_of(rule)}{call}")
    block = workspace.find("Test")
    if isinstance(block, Block) and "iec" in rule.block:
        block.attributes["IsIECCheckEnabled"] = "true"
    found += workspace.check()
    return workspace, [f"{each.code}: {each.message}" for each in found if each.severity is Severity.ERROR]


def _split(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()


def _text(value: Any) -> str:
    return str(value).upper() if isinstance(value, bool) else str(value)
