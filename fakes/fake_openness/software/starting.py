"""The block that a new PLC has: Main [OB1].

Facts: docs/facts/tia-rules.md#default-names (names and title).
"""

from __future__ import annotations

from fake_openness.program.plc import _Plc
from simatic_xml.model import Block, Member, Network, Section

_MAIN_INPUTS = (
    ("Initial_Call", "Initial call of this OB"),
    ("Remanence", "=True, if remanent data are available"),
)


def main_block(plc: _Plc) -> Block:
    """Return the cyclic organization block of a new PLC."""
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
