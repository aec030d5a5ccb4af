"""The entry to all parts of the translation: each expression or statement goes to the function for its node.

The tables of those functions belong to `Context`, so that no part has to know the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.types import DataType
from virtual_plc.code.python_text import Text
from virtual_plc.python_tier.block_code import BlockCode

After = Callable[[], None]
"""Writes what comes behind a call."""


@dataclass(slots=True)
class PythonOperand:
    """An expression that has become Python already."""

    text: Text
    type: DataType
    place: Place


def value(code: BlockCode, node: Any) -> Text:
    """Return an expression as Python; lines that have to come before it are written.

    Args:
        code: the block.
        node: the expression.

    Raises:
        NotExecutable: this tier cannot execute a part of it.
    """
    if isinstance(node, PythonOperand):
        return node.text
    reader = code.draft.readers.get(type(node))
    if reader is None:
        raise code.refuse(f"'{type(node).__name__}' cannot be executed.", node.place)
    return reader(code, node)


def in_order(code: BlockCode, nodes: Sequence[Any], read: Callable[[BlockCode, Any], Text] = value) -> list[Text]:
    """Return several expressions; each has the value that it had when its turn came."""
    found: list[tuple[Text, int, int]] = []
    for node in nodes:
        text = read(code, node)
        found.append((text, code.writer.mark(), code.writer.effects))
    effects = code.writer.effects
    kept = [
        text if text.steady or seen == effects else code.keep_at(mark, text) for text, mark, seen in reversed(found)
    ]
    return kept[::-1]


def body(code: BlockCode, statements: Sequence[n.Statement]) -> None:
    """Write a list of statements."""
    code.draft.body(code, statements)
