"""STL: what each operation does to the registers, the status word and the memory.

Facts: statement list reference of S7-300 and S7-400, instruction list, and what awlsim was seen to do; the S7-1500 is taken
to work alike (unverified). ACCU 3 and 4 take part in arithmetic on an S7-400 only.
"""

from __future__ import annotations

from collections.abc import Iterator

from simatic_xml.program import nodes as n
from simatic_xml.program import typed_blocks, walking
from simatic_xml.program.diagnostics import Diagnostic, Severity
from simatic_xml.stl.mnemonics import CALLS
from tests.oracle.tree_walker import stl_bits, stl_flow, stl_memory, stl_numbers, stl_words
from tests.oracle.tree_walker.activation import Activation

_OPERATIONS = (
    stl_bits.OPERATIONS | stl_memory.OPERATIONS | stl_numbers.OPERATIONS | stl_words.OPERATIONS | stl_flow.OPERATIONS
)


def operate(activation: Activation, operation: n.StlOperation) -> None:
    """Execute one operation."""
    _OPERATIONS[operation.mnemonic](activation, operation)


def problems(block: typed_blocks.Block) -> Iterator[Diagnostic]:
    """Yield the operations of a block that cannot be executed."""
    for each in walking.block_statements(block):
        if isinstance(each, n.StlOperation) and not _is_known(each):
            message = f"'{each.mnemonic}' cannot be executed here."
            yield Diagnostic(Severity.ERROR, "program.stl", message, each.place)


def _is_known(operation: n.StlOperation) -> bool:
    """Tell whether an operation can be executed; a call must say what it calls."""
    operand = operation.operand
    numbered = isinstance(operand, n.Indirect) and operand.area in ("FC", "FB") and operand.pointer is not None
    called = numbered or isinstance(operand, n.BlockCall | n.InstructionCall)
    return operation.mnemonic in _OPERATIONS and (operation.mnemonic not in CALLS or called)
