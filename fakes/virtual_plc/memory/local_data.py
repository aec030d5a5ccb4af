"""The local data of a block: where `L 20.0` and `LW 2` are, and how many bytes a block has.

The temporary variables come first. A block may use more bytes than it declares, as STL that was made of LAD and FBD does;
the highest absolute address decides. Facts: STEP 7, "Local data" (D); docs/facts/stl.md#machine.
"""

from __future__ import annotations

from collections.abc import Iterable

from simatic_xml.program import nodes as n
from simatic_xml.program import typed_blocks, walking
from simatic_xml.program.types.layout import size_bits
from simatic_xml.program.types.types import BYTE, Array, Structure, Variable

_REST = "local data without a name"


def arrange(block: typed_blocks.Block, variables: Iterable[Variable]) -> list[Variable]:
    """Return the variables of a block in the order of their addresses.

    Args:
        block: the block, whose code decides how many bytes there are.
        variables: what it keeps while it runs: temporary variables, and the parameters of a function.
    """
    held = list(variables)
    temporary = [each for each in held if each.section == "Temp"]
    others = [each for each in held if each.section != "Temp"]
    missing = _addressed(block) - (size_bits(Structure("", "fb", tuple(temporary))) + 7) // 8
    rest = [Variable(_REST, Array(BYTE, ((1, missing),)), "Temp")] if missing > 0 else []
    return [*temporary, *rest, *others]


def _addressed(block: typed_blocks.Block) -> int:
    """Return the number of bytes that the absolute addresses of a block need."""
    return max(
        (
            each.byte + (each.bits + 7) // 8
            for statement in walking.block_statements(block)
            for operand in walking.operands(statement)
            for each in walking.expressions(operand)
            if isinstance(each, n.Absolute) and each.area == "L"
        ),
        default=0,
    )
