"""What a new PLC has: Main [OB1], the default tag table and the force table.

Facts: docs/facts/tia-rules.md#default-names (names and title).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fake_openness.blocks import block_import
from simatic_xml.model import Block, Member, Network, Section

if TYPE_CHECKING:
    from fake_openness.program.software import PlcSoftware

_MAIN_INPUTS = (
    ("Initial_Call", "Initial call of this OB"),
    ("Remanence", "=True, if remanent data are available"),
)


def fill(plc: PlcSoftware) -> None:
    """Make what a new PLC has."""
    plc._tag_group._make_default()
    plc._watch_group._make_force_table()
    block_import.put_block(plc._block_group._blocks, main(plc))


def main(plc: PlcSoftware) -> Block:
    """The cyclic organization block of a new PLC."""
    inputs = [Member(name, "Bool", informative=True, comment={"en-US": text}) for name, text in _MAIN_INPUTS]
    classic = plc._family.classic
    return Block(
        "OB",
        "Main",
        1,
        language="LAD",
        title={plc._cultures()[0]: '"Main Program Sweep (Cycle)"'},
        interface=[Section("Temp")] if classic else [Section("Input", inputs), Section("Temp"), Section("Constant")],
        networks=[Network("LAD")],
        secondary_type="ProgramCycle",
    )
