"""Operands of LAD and FBD as text: their notation beyond SCL's, and how a message names them.

A named constant is written `const #MAX` or `const "MAX"`, as an index, too. An absolute address may carry its type
(`%MD4:Real`), and so does a pointer constant (`Any#P#DB1.DBX0.0 BYTE 10`).
"""

from __future__ import annotations

import re
from dataclasses import replace

from simatic_xml.flgnet.operand import UNSAYABLE
from simatic_xml.program import nodes as n
from simatic_xml.program import operands, path_text
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.scope import Scope
from simatic_xml.program.types.types import UNKNOWN, DataType

_ADDRESS = re.compile(r"(?P<address>%[^:\s]+):(?P<type>[A-Za-z]\w+)")


def operand(scope: Scope, text: str, place: Place, expected: DataType | None = None) -> n.Expression:
    """Return the operand of a network as an expression.

    Args:
        scope: the block.
        text: operand text of the network (`simatic_xml.flgnet.model.Access.text`).
        place: its place.
        expected: type that a literal takes.
    """
    if text == UNSAYABLE:
        message = "The notation of this operand in the file is not known; use its symbolic name."
        scope.error("network.operand_unreadable", message, place)
        return n.Broken(UNKNOWN, place)
    text = operands.drop_marks(text)
    if typed := _ADDRESS.fullmatch(text):
        found = operands.operand(scope, typed["address"], place)
        return replace(found, type=scope.data_type(typed["type"])) if isinstance(found, n.Absolute) else found
    return operands.operand(scope, text, place, expected)


def describe(expression: n.Expression) -> str:
    """Return how a message names an expression: as written, or by its kind."""
    return path_text.text(expression) or "The value"
