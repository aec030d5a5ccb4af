"""Operands and expressions as text in a network of another language: LAD, FBD, STL, GRAPH.

They are written as in SCL: `#x`, `"DB".member[1]`, `%MW10`, `T#5s`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import Broken, Expression
from simatic_xml.program.scl.context import Places
from simatic_xml.program.scl.expressions import Typing
from simatic_xml.program.scope import Scope
from simatic_xml.program.types.types import UNKNOWN, DataType
from simatic_xml.scl.lexer import END, tokenize
from simatic_xml.scl.nodes import Expression as Node
from simatic_xml.scl.nodes import SourceTree
from simatic_xml.scl.parser import SourceParser

_MARK = re.compile(
    r"""(?P<kept>"[^"]*"|'(?:[^'$]|\$.)*')|\bconst\s+(?=[#"])|\A(?:Any|Pointer|Variant)#(?=P#)""",
    re.IGNORECASE | re.DOTALL,
)


def drop_marks(text: str) -> str:
    """Return operand text of a network as SCL writes it.

    The mark of named constants (`#list[const "MAX"]`) and the type of pointer constants (`Any#P#M0.0 BYTE 2`) go; names
    and texts in quotes stay as they are.
    """
    return _MARK.sub(lambda found: found["kept"] or "", text)


def operand(scope: Scope, text: str, place: Place, expected: DataType | None = None) -> Expression:
    """Return the typed form of an operand, literal or expression.

    Args:
        scope: the block that contains it; receives the findings.
        text: as in SCL.
        place: the place of everything in it.
        expected: the type that a plain literal or an absolute operand without a tag should take.
    """
    tree, node, problem = _parse(text)
    if problem or node is None:
        scope.error("syntax.operand", f"'{text}' is not an operand: {problem}", place)
        return Broken(UNKNOWN, place)
    return Typing(scope, Places(tree, place, fixed=True), precise=False).operand_or_value(node, expected)


@lru_cache(maxsize=4096)
def _parse(text: str) -> tuple[SourceTree, Node | None, str]:
    """Return the tree of an operand, its root, and its findings."""
    parser = SourceParser(tokenize(text))
    node = parser.expression()
    tree = SourceTree(parser.tokens)
    findings = parser.findings()
    if findings:
        return tree, None, findings[0].message
    if parser.kinds[parser.at] != END:
        return tree, None, f"{parser.describe_token()} does not belong to it."
    return tree, node, ""
