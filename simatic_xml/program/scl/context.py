"""The data that typing an SCL tree needs at every node: the block, the tree, and the place of the node."""

from __future__ import annotations

from typing import Protocol

from simatic_xml import scl
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import Expression
from simatic_xml.program.scope import Scope
from simatic_xml.program.types.types import DataType
from simatic_xml.scl import nodes as tree


class Places:
    """The places of the nodes of one tree.

    Attributes:
        around: block and network that every place has.
        fixed: the place of every node, for an operand in a network without lines; None for text with lines.
    """

    def __init__(self, source: scl.SourceTree, around: Place, *, fixed: bool = False) -> None:
        """Keep the tree and the known parts of the place around it."""
        self.source = source
        self.around = around
        self.fixed = fixed

    def of(self, node: tree.Node) -> Place:
        """Return the place of a node."""
        if self.fixed:
            return self.around
        span = self.source.span(node)
        around = self.around
        return Place(
            around.block,
            around.network,
            span.line,
            span.column,
            step=around.step,
            end_line=span.end_line,
            end_column=span.end_column,
        )


class Context(Protocol):
    """The functions that the parts of the SCL front end share, so that none of them imports its caller."""

    scope: Scope
    places: Places

    def expression(self, node: tree.Expression, expected: DataType | None = None) -> Expression:
        """Return the typed form of an expression; `expected` is the type that a literal should take."""
        ...

    def operand_or_value(self, node: tree.Expression, expected: DataType | None = None) -> Expression:
        """Return an operand that may be written, or the value of an expression."""
        ...

    def place(self, node: tree.Node) -> Place:
        """Return the place of a node."""
        ...
