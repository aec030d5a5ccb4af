"""Run sources of STEP 7: generate them into an S7-300 of the fake, compile, execute on every tier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fake_openness.online.download_run import executable
from tests.fakes.fake_openness.plc import Plant, leaf_codes
from tests.fakes.virtual_plc.agreement import TIERS, Run

CPU_300 = "OrderNumber:6ES7 314-6EH04-0AB0/V3.3"
DATA = """DATA_BLOCK DB 10
STRUCT
 a : ARRAY[0..9] OF WORD := 1,2,3,4,5,6,7,8,9,10;
 b : ARRAY[0..9] OF WORD;
 VAR : ARRAY[1..3] OF INT := 7, 8, 9;
 Return : INT := 3;
 m : ARRAY[1..2,1..3] OF INT := 1,2,3,2(5),6;
END_STRUCT
BEGIN
 Return := 4;
END_DATA_BLOCK
"""
TRIPLE = "FUNCTION FC 5 : INT\nVAR_INPUT a : INT; END_VAR\nBEGIN\n{0}\nEND_FUNCTION\n"
TRIPLE_STL = TRIPLE.format("NETWORK\nL #a; L 3; *I; T #RET_VAL;")
TRIPLE_SCL = TRIPLE.format("FC5 := a * 3;")


def stl_ob(body: str, temp: str = "") -> str:
    """OB 1 in STL, with the start information that STEP 7 declares in each OB."""
    return (
        f"ORGANIZATION_BLOCK OB 1\nVAR_TEMP\n info : ARRAY[0..19] OF BYTE; r : INT; {temp}\nEND_VAR\n"
        f"BEGIN\nNETWORK\nTITLE =\n{body}\nEND_ORGANIZATION_BLOCK\n"
    )


def scl_ob(body: str, temp: str = "") -> str:
    """OB 1 in SCL, likewise."""
    return (
        f"ORGANIZATION_BLOCK OB1\nVAR_TEMP\n info : ARRAY[0..19] OF BYTE; r : INT; {temp}\nEND_VAR\n"
        f"BEGIN\n{body}\nEND_ORGANIZATION_BLOCK\n"
    )


def empty_plant(folder: Any) -> Plant:
    """A project with an S7-300 without a block."""
    plant = Plant(folder, cpu=CPU_300)
    for block in list(plant.blocks):
        block.Delete()
    return plant


def run_source(plant: Plant, text: str, name: str, *reads: str, scans: int = 1) -> list[Any]:
    """Return values after the cycle OB of a source has run; all tiers have to agree."""
    plant.generate(text, name)
    result = plant.compile()
    assert result.ErrorCount == 0, (leaf_codes(result), [leaf.Description for leaf in result._leaves()])
    program = executable(plant.plc._view.index().workspace)
    cycle = next(block.name for block in program.blocks.values() if (block.kind, block.number) == ("OB", 1))
    found = []
    for tier in TIERS.values():
        run = Run(program, tier)
        assert [run.scan(ob=cycle) for _ in range(scans)] == [""] * scans, run.services.error
        found.append([run.memory.read(each) for each in reads])
    assert all(each == found[0] for each in found)
    return found[0]


@pytest.fixture
def classic(tmp_path: Path) -> Plant:
    return empty_plant(tmp_path)
