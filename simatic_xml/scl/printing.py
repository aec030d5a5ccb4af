"""Convert a syntax tree back to its text, every blank and comment included."""

from __future__ import annotations

from simatic_xml.scl.nodes import Node, SourceTree


def unparse(tree: SourceTree, node: Node | None = None) -> str:
    """Return the text of a tree, or of one node without the blanks and comments in front of it."""
    tokens = tree.tokens
    if node is None:
        return "".join(tokens.trivia(index) + tokens.text(index) for index in range(len(tokens.kinds)))
    if node.stop <= node.first:
        return ""
    parts = [tokens.text(node.first)]
    parts.extend(tokens.trivia(index) + tokens.text(index) for index in range(node.first + 1, node.stop))
    return "".join(parts)
