"""The tables of the help as we keep them, and programs that ask our compiler for each of their entries."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from simatic_xml.model import Block
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from tests.oracle.help.extraction import Conversions

FOLDER = Path(__file__).parent
CPUS = {"S7-1500": Cpu("S7-1500", "V3.1"), "S7-1200": Cpu("S7-1200", "V4.6"), "S7-300": Cpu("S7-300", "V3.3")}
CONVERTED_AGAINST = {
    ("S7-1200", "REAL", "LREAL"): "rules/data-types.csv, convert-lreal-1200",
    ("S7-1200", "DTL", "DATE"): "rules/data-types.csv, convert-date-1200",
}
"""Implicit conversions (family, target, source) that we decide against the table, with the row that says why."""
DECLARED_AGAINST: dict[tuple[str, str, str, str], str] = {}
"""Declarations (family, block, section, data type) that we decide against the table, with the row that says why."""
_INPUT = "BLOCK_DB"
_BEFORE = 4


def read(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table of this folder."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def conversions(family: str) -> dict[str, Conversions]:
    """Return what the help says about the conversions of a CPU family, by source type."""
    return {
        row["source"]: Conversions(
            frozenset(row["always"].split()),
            frozenset(row["unchecked"].split()),
            frozenset(_full_name(row["source"], word) for word in row["names"].split()),
        )
        for row in read("conversions.csv")
        if row["family"] == family
    }


def _full_name(source: str, word: str) -> str:
    return word if "_TO_" in word else f"{source}_TO_{word}"


def refused(family: str, assignments: Sequence[tuple[str, str, str]], *, iec_check: bool = False) -> set[int]:
    """Return the places of the assignments that our compiler refuses; each has target type, source type and expression.

    `{}` in the expression is the source.
    """
    types = sorted({each for target, source, _ in assignments for each in (target, source)})
    declared = " ".join(f"v_{each} : {each};" for each in types if each != _INPUT)
    inputs = f"VAR_INPUT v_{_INPUT} : {_INPUT}; END_VAR" if _INPUT in types else ""
    lines = "\n".join(f"#v_{target} := {text.format(f'#v_{source}')};" for target, source, text in assignments)
    source = f'FUNCTION_BLOCK "Test" {inputs}\nVAR {declared} END_VAR\nBEGIN\n{lines}\nEND_FUNCTION_BLOCK\n'
    workspace = Workspace(CPUS[family])
    found = workspace.put_source(source)
    block = workspace.find("Test")
    assert isinstance(block, Block)
    block.attributes["IsIECCheckEnabled"] = str(iec_check).lower()
    return {
        (each.place.line or 0) - _BEFORE for each in (*found, *workspace.check()) if each.severity is Severity.ERROR
    }


def types_of(name: str) -> tuple[str, str]:
    """Return target and source type of a conversion by name (`WORD_BCD_TO_INT`: INT, WORD)."""
    source, target = name.split("_TO_")
    if "BCD" in source:
        return target, "DWORD" if target == "DINT" else "WORD"
    if "BCD" in target:
        return ("DWORD" if source == "DINT" else "WORD"), source
    return target, source


def declarations() -> dict[tuple[str, str, str], frozenset[str]]:
    """Return the groups of types that the help permits, by CPU family, kind of block and section."""
    return {
        (row["family"], row["block"], row["section"]): frozenset(row["groups"].split("; "))
        for row in read("declarations.csv")
    }


GROUPS = {
    "standard": ("Int", "Bool", "Real", "Time"),
    "structured": ("Array[0..1] of Int", "Struct x : Int; END_STRUCT", "String"),
    "open array": ("Array[*] of Int",),
    "parameter types": ("Timer", "Counter"),
    "void": ("Void",),
    "db_any": ("DB_ANY",),
    "pointer": ("Pointer",),
    "any": ("Any",),
    "variant": ("Variant",),
    "ref_to": ("REF_TO Int",),
}
"""Examples of each group; named value types (`nvt`) are left out, because they exist only in software units."""
_VALUES = {"Int": "1", "Bool": "TRUE", "Real": "1.0", "Time": "T#1s", "String": "'x'"}
_SECTIONS = {"Static": "VAR", "Constant": "VAR CONSTANT", "InOut": "VAR_IN_OUT"}
_BLOCKS = {"OB": "ORGANIZATION_BLOCK", "FB": "FUNCTION_BLOCK", "FC": "FUNCTION"}


def declared(family: str, kind: str, section: str, data_type: str) -> str:
    """Return the source of a block that declares one variable; Any needs standard access in Temp."""
    standard = family == "S7-300" or (data_type == "Any" and section == "Temp") or (kind == "OB" and data_type == "Any")
    name = "CYCL_EXC" if kind == "OB" and family == "S7-300" else "Test"
    access = f"{{ S7_Optimized_Access := '{'FALSE' if standard else 'TRUE'}' }}"
    result = f" : {data_type if section == 'Return' else 'Void'}" if kind == "FC" else ""
    value = f" := {_VALUES.get(data_type, '0')}" if section == "Constant" and "Array" not in data_type[:5] else ""
    written = _SECTIONS.get(section, f"VAR_{section.upper()}")
    variable = "" if section == "Return" else f"{written} x : {data_type}{value}; END_VAR"
    return f'{_BLOCKS[kind]} "{name}"{result} {access}\n{variable}\nBEGIN\nEND_{_BLOCKS[kind]}\n'


def refused_declarations(family: str, wanted: Sequence[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """Return the declarations (kind of block, section, data type) that our compiler refuses."""
    return {each for each in wanted if _is_refused(family, declared(family, *each))}


def _is_refused(family: str, source: str) -> bool:
    workspace = Workspace(CPUS[family])
    found = [*workspace.put_source(source), *workspace.check()]
    return any(each.severity is Severity.ERROR for each in found)
