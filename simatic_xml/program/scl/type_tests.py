"""`TypeOf(#x) = Int` and `CASE TypeOf(#x) OF`: the name of a data type as a value.

Facts: help of TIA Portal, "TypeOf": it is compared with the names of data types, or with another TypeOf.
"""

from __future__ import annotations

from simatic_xml.program.nodes import Constant, Expression, InstructionCall
from simatic_xml.program.scl.context import Context
from simatic_xml.program.types.types import Special, Unknown
from simatic_xml.scl import nodes as tree

_ASKING = frozenset(("TYPEOF", "TYPEOFELEMENTS", "TYPEOFDB"))
_TYPE = Special("DataType")


def asks_type(operand: Expression) -> bool:
    """Return whether an expression is a TypeOf, TypeOfElements or TypeOfDB."""
    return isinstance(operand, InstructionCall) and operand.name.upper() in _ASKING


def type_constant(context: Context, node: tree.Expression) -> Expression:
    """Return the constant for the name of a data type next to TypeOf; anything else is an ordinary expression."""
    if isinstance(node, tree.Variable) and not node.path and node.mark in ("", '"'):
        name = f'"{node.name}"' if node.mark else node.name
        if not isinstance(context.scope.data_type(name), Unknown):
            return Constant(name, _TYPE, context.place(node), fixed=True)
    return context.expression(node)
