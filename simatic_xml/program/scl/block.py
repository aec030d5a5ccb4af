"""The SCL of a block, or of one of its networks, as typed statements."""

from __future__ import annotations

from simatic_xml import scl
from simatic_xml.program.diagnostics import Place, Severity
from simatic_xml.program.nodes import Statement
from simatic_xml.program.scl.context import Places
from simatic_xml.program.scl.statements import StatementTyping
from simatic_xml.program.scope import Scope
from simatic_xml.scl.nodes import SourceObject, SourceTree
from simatic_xml.scl.nodes import Statement as Node


def statements(scope: Scope, text: str, network: int) -> list[Statement]:
    """Return the statements of a network with structured text; places count lines in that text.

    Args:
        scope: the block; receives the findings, those of the parser as `syntax.*`.
        text: the SCL.
        network: number of the network, from 1.
    """
    result = scl.parse_statements(text)
    around = Place(scope.block.name, network)
    for finding in result.diagnostics:
        place = Place(
            around.block,
            network,
            finding.line,
            finding.column,
            end_line=finding.end_line,
            end_column=finding.end_column,
        )
        report = scope.error if finding.severity is Severity.ERROR else scope.warning
        report(f"syntax.{finding.code}", finding.message, place, finding.hint)
    return _check_statements(scope, result.tree, result.tree.statements, around)


def source_statements(scope: Scope, tree: SourceTree, node: SourceObject) -> list[Statement]:
    """Return the statements of a block of a source; places are those of the source.

    Args:
        scope: the block; receives the findings. The caller that parsed the source reports the findings of the parser.
        tree: the parsed source.
        node: the block in it.
    """
    return _check_statements(scope, tree, node.statements, Place(scope.block.name))


def _check_statements(scope: Scope, tree: SourceTree, nodes: list[Node], around: Place) -> list[Statement]:
    return StatementTyping(scope, Places(tree, around)).body(nodes)
