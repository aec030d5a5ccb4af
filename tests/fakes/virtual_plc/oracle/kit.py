"""Runs one expression over many values in one scan, on any tier; what is right is said elsewhere, by Python alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simatic_xml import from_json, load, stl
from simatic_xml.model import Block
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.agreement import TIERS
from virtual_plc.cpu.services import PlainServices
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import program_of

Columns = Mapping[str, tuple[str, Sequence[Any]]]
"""Data type and values of each operand by name; all have the same number of values."""
Results = Mapping[str, tuple[str, str]]
"""Data type and expression of each result by name; `{a}` is the operand a."""


def scan(workspace: Workspace, tier: str, writes: Mapping[str, Any]) -> Memory:
    """Write values, execute the OB `Main` once, return the memory."""
    problems = [str(each) for each in workspace.check() if each.severity is Severity.ERROR]
    assert problems == []
    program = program_of(workspace)
    memory = Memory(program)
    executable = TIERS[tier](program, memory, PlainServices(budget=100_000_000))
    for path, value in writes.items():
        memory.write(path, value)
    executable.run("Main")
    return memory


def scl(tier: str, columns: Columns, results: Results) -> dict[str, list[Any]]:
    """Return the results of SCL expressions for each row of the operands."""
    count = len(next(iter(columns.values()))[1])
    declared = {name: data_type for name, (data_type, _) in {**columns, **results}.items()}
    fields = " ".join(f"{name} : Array[0..{count - 1}] of {data_type};" for name, data_type in declared.items())
    operands = {name: f'"D".{name}[#i]' for name in columns}
    lines = " ".join(f'"D".{name}[#i] := {text.format(**operands)};' for name, (_, text) in results.items())
    source = f"""
    DATA_BLOCK "D" VAR {fields} END_VAR BEGIN END_DATA_BLOCK
    ORGANIZATION_BLOCK "Main" VAR_TEMP i : DInt; END_VAR
    BEGIN FOR #i := 0 TO {count - 1} DO {lines} END_FOR; END_ORGANIZATION_BLOCK
    """
    workspace = Workspace()
    assert [str(each) for each in workspace.put_source(source)] == []
    memory = scan(workspace, tier, {f'"D".{name}': list(values) for name, (_, values) in columns.items()})
    return {name: memory.read(f'"D".{name}') for name in results}


def statements(tier: str, columns: Columns, results: Mapping[str, str], body: str) -> dict[str, list[Any]]:
    """Return what STL makes of each row: `body` works on `#name` of each operand and result, in a function."""
    count = len(next(iter(columns.values()))[1])
    declared = {name: data_type for name, (data_type, _) in columns.items()} | dict(results)
    fields = " ".join(f"{name} : Array[0..{count - 1}] of {data_type};" for name, data_type in declared.items())
    inputs = " ".join(f"{name} : {data_type};" for name, (data_type, _) in columns.items())
    outputs = " ".join(f"{name} : {data_type};" for name, data_type in results.items())
    given = ", ".join(
        [f'{name} := "D".{name}[#i]' for name in columns] + [f'{name} => "D".{name}[#i]' for name in results]
    )
    workspace = Workspace()
    made = stl.generate(
        f'FUNCTION "F" : VOID\nVAR_INPUT\n{inputs}\nEND_VAR\nVAR_OUTPUT\n{outputs}\nEND_VAR\n'
        f"BEGIN\nNETWORK\n{body}\nEND_FUNCTION\n"
    )
    assert [str(each) for each in made.diagnostics if each.severity is Severity.ERROR] == []
    for document in made.documents:
        workspace.put_document(load(document))
    source = f"""
    DATA_BLOCK "D" VAR {fields} END_VAR BEGIN END_DATA_BLOCK
    ORGANIZATION_BLOCK "Main" VAR_TEMP i : DInt; END_VAR
    BEGIN FOR #i := 0 TO {count - 1} DO "F"({given}); END_FOR; END_ORGANIZATION_BLOCK
    """
    assert [str(each) for each in workspace.put_source(source)] == []
    memory = scan(workspace, tier, {f'"D".{name}': list(values) for name, (_, values) in columns.items()})
    return {name: memory.read(f'"D".{name}') for name in results}


def _as_parameter(data_type: str) -> str:
    """Return a type as that of a parameter of a function, whose texts have no length."""
    return data_type.partition("[")[0] if "String" in data_type else data_type


def rungs(tier: str, columns: Columns, results: Mapping[str, str], *networks: list[Any]) -> dict[str, list[Any]]:
    """Return what LAD networks make of each row; they work on `#name` of each operand and result, in a function."""
    count = len(next(iter(columns.values()))[1])
    interface = {
        "Input": [{"name": name, "type": _as_parameter(data_type)} for name, (data_type, _) in columns.items()],
        "Output": [{"name": name, "type": _as_parameter(data_type)} for name, data_type in results.items()],
    }
    block = from_json(
        {
            "kind": "FC",
            "name": "F",
            "interface": interface,
            "networks": [{"source": {"rungs": each}} for each in networks],
        }
    ).objects[0]
    assert isinstance(block, Block)
    workspace = Workspace()
    workspace.put(block)
    declared = {name: data_type for name, (data_type, _) in columns.items()} | dict(results)
    fields = " ".join(f"{name} : Array[0..{count - 1}] of {data_type};" for name, data_type in declared.items())
    given = ", ".join(
        [f'{name} := "D".{name}[#i]' for name in columns] + [f'{name} => "D".{name}[#i]' for name in results]
    )
    source = f"""
    DATA_BLOCK "D" VAR {fields} END_VAR BEGIN END_DATA_BLOCK
    ORGANIZATION_BLOCK "Main" VAR_TEMP i : DInt; END_VAR
    BEGIN FOR #i := 0 TO {count - 1} DO "F"({given}); END_FOR; END_ORGANIZATION_BLOCK
    """
    assert [str(each) for each in workspace.put_source(source)] == []
    memory = scan(workspace, tier, {f'"D".{name}': list(values) for name, (_, values) in columns.items()})
    return {name: memory.read(f'"D".{name}') for name in results}


def wrapped(value: int, bits: int, *, signed: bool) -> int:
    """Return the number that the lowest bits of a value mean."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if signed and value >> bits - 1 else value
