"""All operations of STL, by mnemonic."""

from __future__ import annotations

from simatic_xml.program import nodes as n
from virtual_plc.python_tier.block_code import BlockCode
from virtual_plc.python_tier.stl import bits, flow, values

OPERATIONS = bits.OPERATIONS | values.OPERATIONS | flow.OPERATIONS
"""What each operation writes."""


def operate(code: BlockCode, node: n.StlOperation) -> None:
    """Write one operation."""
    found = OPERATIONS.get(node.mnemonic)
    if found is None:
        raise code.refuse(f"'{node.mnemonic}' cannot be executed.", node.place)
    found(code, node)
