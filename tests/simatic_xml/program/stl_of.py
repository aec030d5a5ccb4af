"""Blocks in STL for tests, made of source text."""

from __future__ import annotations

from simatic_xml import Block, load, stl
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.nodes import Statement
from simatic_xml.program.scope import Scope
from simatic_xml.program.stl.network import network
from simatic_xml.program.symbols import Cpu, Symbols
from tests.simatic_xml.program.program_of import objects_of

AROUND = """
TYPE "Motor_Data" STRUCT speed : Int; END_STRUCT; END_TYPE
FUNCTION_BLOCK "Motor"
VAR_INPUT start : Bool; END_VAR
VAR_OUTPUT speed : Int; END_VAR
VAR_IN_OUT data : "Motor_Data"; END_VAR
BEGIN END_FUNCTION_BLOCK
DATA_BLOCK "Motor_DB" "Motor" BEGIN END_DATA_BLOCK
FUNCTION "Scale" : Real
VAR_INPUT raw : Int; END_VAR
BEGIN #Scale := 0.0; END_FUNCTION
FUNCTION "Init" : Void BEGIN ; END_FUNCTION
DATA_BLOCK "Data" { S7_Optimized_Access := 'FALSE' }
STRUCT bit : Bool; word : Word; real : Real; wide : LReal; motor : "Motor_Data"; END_STRUCT; BEGIN END_DATA_BLOCK
DATA_BLOCK "Fast" { S7_Optimized_Access := 'TRUE' }
STRUCT bit : Bool; END_STRUCT; BEGIN END_DATA_BLOCK
"""
DECLARED = """VAR_INPUT
 a : Bool;
END_VAR
VAR_OUTPUT
 q : Bool;
END_VAR
VAR
 i : Int;
 w : Word;
 d : DInt;
 p : DWord;
 r : Real;
 edge : Bool;
 text : String[10];
 motor : "Motor";
 delay : TON_TIME;
 data : "Motor_Data";
END_VAR
VAR_TEMP
 tmp : Bool;
END_VAR
VAR CONSTANT
 LIMIT : Int := 10;
END_VAR
"""
TAGS = {
    "Start": "Bool %I0.0",
    "Lamp": "Bool %Q0.0",
    "T_Wait": "Timer %T5",
    "C_Parts": "Counter %C3",
    "Level": "Int %MW4",
}
NUMBERS = {"Init": 7, "Data": 1, "Fast": 2, "Scale": 8}


def typed_stl(
    *networks: str, optimized: bool = False, declared: str = DECLARED, cpu: Cpu | None = None
) -> tuple[list[list[Statement]], Scope]:
    """Return the statements of each network of a function block, with the scope that has the findings.

    Args:
        networks: statements, one for each line, without semicolons.
        optimized: access to the data of the block.
        declared: its VAR sections.
        cpu: an S7-1500 by default.
    """
    access = "TRUE" if optimized else "FALSE"
    bodies = "".join(
        "NETWORK\nTITLE =\n\n" + "".join(f"{line};\n" if line else "\n" for line in text.splitlines()) + "\n"
        for text in networks
    )
    head = f"FUNCTION_BLOCK \"Test\"\n{{ S7_Optimized_Access := '{access}' }}\n{declared}BEGIN\n"
    made = stl.generate(f"{head}{bodies}END_FUNCTION_BLOCK\n")
    assert [str(each) for each in made.diagnostics if each.severity is Severity.ERROR] == []
    block = load(made.documents[0]).objects[0]
    assert isinstance(block, Block)
    objects = objects_of(AROUND, tags=TAGS, constants={"MAX": "Int 7"}, numbers=NUMBERS, cpu=cpu)
    objects.objects["test"] = block
    scope = Scope(block, Symbols(objects))
    sources = [each.source for each in block.networks]
    return [network(scope, each, n) if each is not None else [] for n, each in enumerate(sources, 1)], scope


def findings(scope: Scope) -> list[str]:
    """Return the findings as `network:line code`, warnings with a `w` in front."""
    marks = {Severity.WARNING: "w ", Severity.ERROR: ""}
    return [f"{marks[each.severity]}{each.place.network}:{each.place.line} {each.code}" for each in scope.diagnostics]
