"""Pass 4: what a block does, as lines of Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simatic_xml.program import typed_blocks
from virtual_plc.code.python_text import Line
from virtual_plc.python_tier import block_calls, expressions, graph, instruction_calls, statements
from virtual_plc.python_tier.access import elements, operands, starting
from virtual_plc.python_tier.block_code import BlockCode, Draft
from virtual_plc.python_tier.context import Context
from virtual_plc.python_tier.facts import Facts
from virtual_plc.python_tier.layout import Layout
from virtual_plc.python_tier.names import Names
from virtual_plc.python_tier.signatures import Signature
from virtual_plc.python_tier.stl import dynamic
from virtual_plc.python_tier.stl import network as stl

READERS = (
    expressions.READERS
    | operands.READERS
    | elements.READERS
    | dynamic.READERS
    | block_calls.READERS
    | instruction_calls.READERS
)
"""What turns each expression into Python."""


@dataclass(frozen=True, slots=True)
class Body:
    """The lines of a block.

    Attributes:
        code: those of the function of the block.
        start: those before it that give variables and registers their start values.
        bind: see `Function`.
    """

    code: BlockCode
    start: Sequence[Line]
    bind: graph.Bind | None


def write_body(context: Context, block: typed_blocks.Block, facts: Facts, signature: Signature, layout: Layout) -> Body:
    """Return what a block does.

    Raises:
        NotExecutable: this tier cannot execute a part of the block.
    """
    draft = Draft(
        context,
        block,
        facts,
        signature,
        layout,
        READERS,
        statements.body,
        context.lookups.begin(),
        Names(context.taken),
    )
    code = BlockCode(draft)
    bind: graph.Bind | None = None
    if block.graph is not None:
        bind = graph.write_graph(draft, block.graph)
        code.writer.line("{}(self, frame)", graph.sequencer(draft))
    statements.function(code, [each for network in block.networks for each in network.body])
    return Body(code, [*starting.start(code), *stl.prologue(code)], bind)
