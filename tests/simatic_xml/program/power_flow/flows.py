"""A block with its power flow, in a program that a virtual CPU executes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from simatic_xml.flgnet import from_json, graph
from simatic_xml.model import Block, Member, Network, Section
from simatic_xml.program.power_flow import BlockFlow, Known, NetworkFlow, prepare
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.agreement import TIERS, Run
from virtual_plc.memory.program import program_of

MEMBERS = {
    **dict.fromkeys(("a", "b", "c", "d", "m1", "m2", *(f"q{number}" for number in range(1, 13))), "Bool"),
    "i": "Int",
    "j": "Int",
    "k": "DInt",
    "r": "Real",
    "x": "LReal",
    "w": "Word",
    "t": "Time",
    "s": "String",
    "delay": "TON_TIME",
    "pulse": "TP_TIME",
    "up": "CTU_INT",
    "sub": '"Sub"',
}
AROUND = """
FUNCTION_BLOCK "Sub"
VERSION : 0.1
VAR_INPUT
  on : Bool;
END_VAR
VAR_OUTPUT
  run : Bool;
END_VAR
BEGIN
  #run := NOT #on;
END_FUNCTION_BLOCK
"""
CALL = """
DATA_BLOCK "D"
VERSION : 0.1
"Plant"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
VERSION : 0.1
BEGIN
  "D"();
END_ORGANIZATION_BLOCK
"""


@dataclass
class Plant:
    """A function block `Plant`, its power flow, and a CPU that runs it with the instance `D`."""

    block: Block
    flow: BlockFlow
    run: Run

    def snapshot(self) -> dict[str, Known]:
        """Return the values of all operands that the flow needs, as they are after the last scan."""
        data = self.run.memory.read("D")
        found: dict[str, Known] = {}
        for path in self.flow.paths(self.flow.numbers):
            value: Any = data
            for name in path.removeprefix("#").split("."):
                value = value[name]
            found[path] = value
        return found

    def scan(self, **values: Any) -> list[NetworkFlow]:
        """Run one scan with values; return the flow of the values after it."""
        assert self.run.scan({f"D.{name}": value for name, value in values.items()}) == ""
        return self.flow.evaluate(self.snapshot(), self.flow.numbers)

    def parts(self, flow: NetworkFlow, name: str) -> Iterable[tuple[str, bool | None]]:
        """Yield the operand of each part of a kind in a network, with its flow."""
        source = self.block.networks[flow.number - 1].source
        assert source is not None
        network, [place] = graph(source), flow.places
        operands = {pin.part: access.text for pin, access in network.operands().items() if pin.name == "operand"}
        for part in network.parts:
            if part.name == name:
                yield operands[part.uid], place.parts[part.uid]


def plant(*networks: dict[str, Any], language: str = "LAD", kind: str = "FB", more: str = "") -> Plant:
    """Return the plant of networks in JSON.

    Args:
        networks: the networks.
        language: LAD or FBD.
        kind: FB; of an FC there is only the flow.
        more: further sources.
    """
    sources = [Network(language, source=from_json(each)) for each in networks]
    declared = MEMBERS if kind == "FB" else {"a": "Bool", "i": "Int"}
    members = [Member(name, data_type) for name, data_type in declared.items()]
    held = "Static" if kind == "FB" else "Temp"
    sections = [
        Section(each, members if each == held else []) for each in ("Input", "Output", "InOut", "Static", "Temp")
    ]
    sections = sections if kind == "FB" else [*(each for each in sections if each.name != "Static"), Section("Return")]
    block = Block(kind, "Plant", auto_number=True, language=language, interface=sections, networks=sources)
    workspace = Workspace()
    assert workspace.put_source(AROUND + more, "around") == []
    workspace.put(block)
    assert workspace.put_source(CALL if kind == "FB" else "", "call") == []
    return Plant(block, prepare(block, workspace.symbols), Run(program_of(workspace), TIERS["reference"]))
