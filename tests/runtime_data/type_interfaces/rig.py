"""A service whose virtual CPU and whose memory have a tag of every elementary type, and one value of each in its published form."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any

import simatic_xml
from openness_bridge.errors import Problem
from runtime_data.data_types import spelled
from runtime_data.servers.opcua.server import OpcuaServer
from simatic_xml import scl
from simatic_xml.program.types.types import ELEMENTARY
from simatic_xml.program.workspace import Workspace
from tests.fakes.fake_plcsim.kit import Simulated
from tests.runtime_data.opcua.kit import Rig
from virtual_plc.memory.program import program_of

__all__ = ["DECLARED", "ON_A_CPU", "TEXTS", "OpcuaServer", "prepare"]
TEXTS = ("String", "WString")
DECLARED: dict[str, tuple[Any, str]] = {
    "Bool": (True, ""),
    "Byte": (0xFE, ""),
    "Word": (0xFFFE, ""),
    "DWord": (0xFFFF_FFFE, ""),
    "LWord": (2**64 - 2, ""),
    "SInt": (-128, ""),
    "Int": (-32768, ""),
    "DInt": (-(2**31), ""),
    "LInt": (-(2**63), ""),
    "USInt": (255, ""),
    "UInt": (65535, ""),
    "UDInt": (2**32 - 1, ""),
    "ULInt": (2**64 - 1, ""),
    "Real": (-0.1, ""),
    "LReal": (1e300, ""),
    "Time": (-2001, "T#-2s_1ms"),
    "LTime": (-2_000_000_001, "LT#-2s_1ns"),
    "S5Time": (9_990_000, "S5T#2h_46m_30s"),
    "Date": ("2169-06-06", "D#2169-06-06"),
    "Time_Of_Day": ("23:59:59.999", "TOD#23:59:59.999"),
    "LTime_Of_Day": ("23:59:59.999999999", "LTOD#23:59:59.999999999"),
    "Date_And_Time": ("2089-12-31T23:59:59.999", "DT#2089-12-31-23:59:59.999"),
    "LDT": ("2262-04-11T23:47:16.854775807", "LDT#2262-04-11-23:47:16.854775807"),
    "Char": ("ÿ", ""),
    "WChar": ("λ", ""),
    "String": ("grüße", ""),
    "WString": ("Ωμέγα", ""),
}
"""A value of each type as docs/runtime/values.md writes it, with its text: one at the edge of its range where there is one."""
ON_A_CPU = [each for each in DECLARED if each not in TEXTS]
_MISSING = {each.name for each in ELEMENTARY.values() if not each.base and each.name not in ("Timer", "Counter")}
assert set(ON_A_CPU) == _MISSING, "a type is missing"


@cache
def _program() -> Workspace:
    members = "\n".join(f"  v_{each} : {each};" for each in DECLARED)
    text = f"""
DATA_BLOCK "All"
VAR
{members}
  v_DTL : DTL;
  v_Array : Array[0..1] of Int;
END_VAR
BEGIN
END_DATA_BLOCK
DATA_BLOCK "Std"
{{ S7_Optimized_Access := 'FALSE' }}
VAR
{members}
END_VAR
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
BEGIN
END_ORGANIZATION_BLOCK
"""
    made, generated = Workspace(), scl.generate(text)
    assert generated.diagnostics == []
    for document in generated.documents:
        made.put_document(simatic_xml.load(document))
    return made


def path_of(source: str, data_type: str) -> str:
    """The full name of the tag of a type."""
    return f"{source}:v_{data_type}" if source == "memory" else f"{source}:All.v_{data_type}"


def types_of(source: str) -> list[str]:
    """The types that the tags of a source have."""
    return list(DECLARED) if source == "memory" else ON_A_CPU


async def prepare(rig: Rig) -> None:
    """Define a tag of each type in `memory`, and let PLC_1 run a program with one of each."""
    for each in DECLARED:
        try:
            spelled(each)
        except Problem:
            continue
        await rig.live.define(**{f"v_{each}": each})
    await rig.ok("POST", "/api/simulation/instances/create", {"name": "PLC_1", "powerOn": True})
    manager = rig.live.service.simulation.model.SimulationRuntimeManager
    instance = manager.CreateInterface("PLC_1")
    await asyncio.to_thread(lambda: Simulated.behind(instance)._load(program_of(_program()), _program()))
    await rig.ok("POST", "/api/simulation/instances/PLC_1/run")
