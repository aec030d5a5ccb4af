"""All operations of STL, by mnemonic."""

from __future__ import annotations

from fakes.plc.python_code import stl_bits, stl_flow, stl_values
from fakes.plc.python_code.block_code import BlockCode
from simatic_xml.program import nodes as n

OPERATIONS = stl_bits.OPERATIONS | stl_values.OPERATIONS | stl_flow.OPERATIONS
"""What each operation writes."""


def operate(code: BlockCode, node: n.StlOperation) -> None:
    """Write one operation."""
    found = OPERATIONS.get(node.mnemonic)
    if found is None:
        raise code.refuse(f"'{node.mnemonic}' cannot be executed.", node.place)
    found(code, node)
